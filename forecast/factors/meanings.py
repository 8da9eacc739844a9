"""The meaning of every parameter in words, with its unit and the scale that it is estimated on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..terms import BODY_PARTS, FLAG_KINDS, LAST_ROUNDS
from .parameters import Prior


class Meaning(NamedTuple):
    """A parameter in words: ``log`` or ``logit`` of a quantity in ``unit``, or the quantity ``as it is``."""

    family: str
    meaning: str
    unit: str
    transform: str


_AS_IT_IS = "as it is"
_FLAGS = {kind: f"flag of {kind}%" if kind.isdigit() else f"flag, return {kind}" for kind in FLAG_KINDS}
_RECOVERY = {
    "location": ("median days until fit, hazard of recovery alone", "days", "log"),
    **{f"location.{part}": (f"those of {part} injuries, as a multiple", "factor", "log") for part in BODY_PARTS},
    "log_scale": ("scale of log days until fit", "log days", "log"),
    **{f"log_scale.{part}": (f"that of {part} injuries, as a multiple", "factor", "log") for part in BODY_PARTS},
}
_STATEMENTS = {
    **{f"kind.{kind}": (f"{flag}: power of the days left, half a day added", "power", _AS_IT_IS)
       for kind, flag in _FLAGS.items()},
    "last_round.blank": ("shift of that power, nothing given for the round before", "power", _AS_IT_IS),
    **{f"last_round.{given}": (f"shift of that power, {given}% given for the round before", "power", _AS_IT_IS)
       for given in LAST_ROUNDS},
    "match_fitness": ("shift of that power, only match fitness lacking", "power", _AS_IT_IS),
    "date.early": ("promised date: fall of the log-likelihood towards earlier days", "per day", "log"),
    "date.late": ("promised date: fall of the log-likelihood towards later days", "per day", "log"),
    "date.power": ("promised date: power of the days left, before it", "power", "log"),
}  # fmt: skip
_HAZARD = "odds to appear over the hazard a day", "odds x day", "log"
_KICK_OFFS = {
    "clock.near": ("speed of the hazard within two days before a kick-off", "factor", "log"),
    **{f"kickoff.{kind}": (f"{_FLAGS[kind]}: next fixture, {_HAZARD[0]}", *_HAZARD[1:])
       for kind in FLAG_KINDS if not kind.isdigit()},
    **{f"kickoff.{kind}": (f"{_FLAGS[kind]}: chance to appear in the next league match", "probability", "logit")
       for kind in FLAG_KINDS if kind.isdigit()},
    "kickoff.due": (f"next fixture, promised date passed: {_HAZARD[0]}", *_HAZARD[1:]),
    "kickoff.later": (f"later fixture under a flag: {_HAZARD[0]}", *_HAZARD[1:]),
    "kickoff.later_due": (f"later fixture, promised date passed: {_HAZARD[0]}", *_HAZARD[1:]),
    "kickoff.silent": (f"nothing said: {_HAZARD[0]}", *_HAZARD[1:]),
    "kickoff.gap": ("power of the days since the fixture before, in those odds", "power", _AS_IT_IS),
    "kickoff.picked": ("power of the odds to be picked, in those odds", "power", _AS_IT_IS),
    "kickoff.percentage": ("the same power where a percentage speaks of the match", "power", _AS_IT_IS),
    "kickoff.eve": ("75% seen at the kick-off itself, beside days before: chance to appear", "odds ratio", "log"),
}  # fmt: skip
_SELECTION = {
    "picked": ("chance to be picked once fit, of a player of unknown body part whose traits are all zero",
               "probability", "logit"),
    "picked.minutes": ("power of the odds of his share of the minutes of the last ten fixtures", "power", _AS_IT_IS),
    "picked.year": ("power of the odds of his share of the minutes of the last year", "power", _AS_IT_IS),
    **{f"picked.{place}": (f"{place}, beside a midfielder", "odds ratio", "log")
       for place in ("goalkeeper", "defender", "forward")},
    "picked.price": ("each million of his price in the fantasy game", "odds ratio", "log"),
    "picked.owned": ("power of the share of teams that own him", "power", _AS_IT_IS),
    **{f"picked.{part}": (f"{part} injury", "odds ratio", "log") for part in BODY_PARTS},
    "picked.log_spread": ("standard deviation between players of the log odds", "log odds", "log"),
}  # fmt: skip
_ONCE_BACK = "once he has appeared: power of the odds of his share of the "
_AFTER_RETURN = {
    "again": ("chance to appear once he has appeared, a midfielder with half of the minutes", "probability", "logit"),
    "again.minutes": (f"{_ONCE_BACK}minutes of the last ten fixtures", "power", _AS_IT_IS),
    "again.year": (f"{_ONCE_BACK}minutes of the last year", "power", _AS_IT_IS),
    **{
        f"again.{place}": (f"once he has appeared: {place}, beside a midfielder", "odds ratio", "log")
        for place in ("goalkeeper", "defender", "forward")
    },
}
_RELAPSE = {
    **{f"match.{part}": (f"{part}: chance of a new injury in the match of the return", "probability", "logit")
       for part in BODY_PARTS},
    **{f"rate.{part}": (f"{part}: hazard of a relapse in the long run", "per day", "log") for part in BODY_PARTS},
    **{f"out.{part}": (f"{part}: median days out after a relapse", "days", "log") for part in BODY_PARTS},
    "excess": ("excess of that hazard just after the return, over the long run", "factor", "log"),
    "decay": ("days in which the excess falls to 37%", "days", "log"),
    "before": ("same injury in the year before: hazard and odds of a relapse", "factor", "log"),
    "out.log_scale": ("scale of log days out after a relapse", "log days", "log"),
}  # fmt: skip
MEANINGS: dict[str, Meaning] = {
    name: Meaning(family, *words)
    for family, members in (
        ("recovery", _RECOVERY),
        ("statements", _STATEMENTS),
        ("kick-offs", _KICK_OFFS),
        ("selection", _SELECTION),
        ("after the return", _AFTER_RETURN),
        ("relapse", _RELAPSE),
    )
    for name, words in members.items()
}


def meanings_of(covariates: Mapping[str, tuple[str, tuple[float, float]]]) -> dict[str, Meaning]:
    """Say what columns that a user added mean, by parameter; each comes with its name, mean and standard deviation."""
    what = {"recovery": "hazard ratio", "selection": "odds ratio"}
    found = {}
    for parameter, (name, (mean, sd)) in covariates.items():
        part = parameter.partition(".")[0]
        found[parameter] = Meaning(part, f"each {sd:.3g} that {name} is above {mean:.3g}", what[part], "log")
    return found


def parameter_table(
    estimate: pd.Series[float],
    covariance: pd.DataFrame,
    priors: Mapping[str, Prior],
    added: Mapping[str, Meaning] = MappingProxyType({}),
) -> pd.DataFrame:
    """Set estimates beside what they mean and what was known of them before, a row a parameter.

    Parameters
    ----------
    estimate, covariance : Series, DataFrame
        By the names of the parameters.
    priors : mapping
        Of these at least.
    added : mapping of Meaning
        Of parameters that are not among :data:`MEANINGS`.

    Returns
    -------
    DataFrame
        ``family``, ``name``, ``meaning``, ``unit``, ``transform``, ``prior_mean``, ``prior_sd``, ``estimate`` and
        ``se``, the standard error.
    """
    known = {name: {**MEANINGS, **added}[name] for name in map(str, estimate.index)}
    rows = [(words.family, name, *words[1:], *priors[name]) for name, words in known.items()]
    table = pd.DataFrame(rows, columns=["family", "name", *Meaning._fields[1:], "prior_mean", "prior_sd"])
    return table.assign(estimate=estimate.to_numpy(), se=np.sqrt(np.diag(covariance)))


def for_people(table: pd.DataFrame) -> pd.DataFrame:
    """Return a :func:`parameter_table` with two digits and the prior in one column."""
    words = table[["family", "name", "meaning", "unit", "transform"]].rename(columns={"name": "parameter"})
    prior = table.prior_mean.map("{:.1f}".format) + table.prior_sd.map(" ({:.2g})".format)
    numbers = table[["estimate", "se"]].map("{:.2f}".format).rename(columns={"se": "standard error"})
    return words.assign(**{"prior (sd)": prior}).join(numbers)
