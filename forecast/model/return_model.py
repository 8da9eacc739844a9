"""The return model: recovery, selection and bulletins together; forecast, save, load."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd

from .. import html
from ..arrays import Array
from ..case.case import Case
from ..evidence.open_case import OpenCase, open_case
from ..factors.parameters import Parameters, standard_normal
from ..factors.players import Players
from ..factors.posterior import Posterior, posterior, stacked
from ..factors.selection import AFTER_RETURN
from ..factors.severity import effect_of, notes_on, shifted
from ..io.errors import CaseError, DataError, Problem
from ..io.limits import MAX_DRAWS, MAX_MODEL_BYTES, MAX_SORTS
from ..io.read import data_folder, read_bytes
from ..io.write import write_text
from ..outlook.outlook import Outlook
from ..outlook.tables import outlook_tables
from ..terms import OFFICIAL
from ..wording import percent
from .joint import Joint, JointFit

SCHEMA = 1
LEAGUE = "Premier League"  # what the shipped data are of


@dataclass(frozen=True)
class ReturnModel:
    """A fitted model of the return from a hamstring injury.

    The model, on a page. ``T`` is the number of days from onset until he is fit: until his flag is lifted or he
    appears, whichever comes first. Known of a player at a moment ``s`` are the days he has been out, the
    fixtures ahead, and what was last said, when he was still seen with it ``r0`` days after onset. Each day on
    which he may become fit gets a weight, the product of

    * **recovery**: ``S(low) - S(high)``, the probability of a short stretch of days, with ``log T = location +
      scale e`` and ``e`` normal, logistic or of the smallest extreme value. The hazard of forwards is a
      multiple of everybody's. While he is out, days before ``s`` have no weight; once he was cleared, only days
      between his last flag and the clearance have;
    * **the pull of the fixtures**: one over a power of the length of the gap between fixtures the day lies in.
      The tables see fewer players become fit, a day, in weeks without a match;
    * **the kind of flag**: ``(T - r0 + 1/2)`` to a power for each of unknown, expected, 25%, 50% and 75%. A
      power below zero speaks for few days, one above for many. What has been said unchanged for weeks gets a
      higher power;
    * **a promised date**: a peak around it, ``1 / (2 cosh((T - date) / width))``, added to a level that falls
      with a power of ``(T - r0) / (date - r0)`` before it. Learned from what happened, so no promise is taken
      at its word;
    * **ruled out** until a day: before it a power of ``(T - r0 + 1/2) / (until - r0 + 1/2)``. The data have
      nobody who was ruled out; the power is a proxy, that of a promised date read as such a statement.

    **Selection** turns the day he is fit into matches. The chance of being picked is a logit of the minutes he
    played before, with an effect of its own for the first match after recovery and a normal effect of the
    player, so that misses after a clearance lower it. After his first appearance he plays at a rate of its own.

    The weights, added up to a kick-off and divided by their sum, are ``p_fit``; with selection they are
    ``p_returns`` and ``p_plays``. What a case does not say, his position or his minutes, is averaged over the
    players of the fit before dividing. Two sources multiply.

    All parameters are estimated together by a composite likelihood over readings: each counts with half the log
    probability of the first appearance that followed, and half that of it and of the days in which he was seen
    to become fit; each counts again, a quarter, as if nothing had been said, so that the curve can stand alone.
    Normal priors keep what the data hardly determine in bounds. The covariance is the sandwich clustered by
    player, and draws from it are carried through to a band on every probability. Three families of recovery are
    averaged, with weights that were best on seasons left out.

    Attributes
    ----------
    fits : tuple of JointFit
        Every parameter, once for each family of recovery.
    weights : Series
        How much each family counts; they sum to 1.
    players : Players
        Those of the fit, for what a case does not say.
    longest_seen : float
        Days since onset that all but one in a hundred of the readings of the fit lie within.
    seed, draws : int
        Of the parameter draws that make the bands; they are made anew from the covariance.
    trained_on : str
        What it was fitted to.
    sources : dict of ReturnModel
        By source, the model that its statements are read with; those of other sources are read as the official feed.
    """

    fits: tuple[JointFit, ...]
    weights: pd.Series[float]
    players: Players
    longest_seen: float
    seed: int
    draws: int
    trained_on: str
    sources: dict[str, ReturnModel] = field(default_factory=dict)

    def forecast(self, case: Case, level: float = 0.9) -> Outlook:
        """Forecast one case.

        Parameters
        ----------
        case : Case
        level : float
            Probability that a band is meant to hold.

        Returns
        -------
        Outlook

        Raises
        ------
        CaseError
            If the bulletins contradict each other, or the level is no probability.
        DataError
            If the parameters of the model are so far from any that were fitted that it gives no number.
        """
        if not 0.0 < level < 1.0:
            raise CaseError([Problem("level", level, "must be above 0 and below 1")])
        now = open_case(case)
        with np.errstate(over="ignore", invalid="ignore"):  # of parameters that a file may hold and no fit gives
            draws = self.posterior(now)
        if not all(np.isfinite(numbers).all() for numbers in (draws.p_fit, draws.returns, draws.after_return)):
            raise DataError.of("params", self.trained_on, "must be those of a fit: they give no probability")
        notes = (*now.notes, *self._unlike(now), *notes_on(case))
        tables = outlook_tables(now, draws, level)
        return Outlook(case=case, level=level, model=self, now=now, notes=notes, _kept=draws, **tables)

    def forecast_many(self, cases: Iterable[Case], level: float = 0.9) -> list[Outlook]:
        """Forecast many cases; the same as :meth:`forecast` of each.

        Each case is one pass over all draws and days. Those arrays, some 100,000 numbers, fit into the cache of a core
        and are let go before the next case, so that memory grows only by what is returned.
        """
        return [self.forecast(case, level).without_draws() for case in cases]

    def posterior(self, now: OpenCase) -> Posterior:
        """Every probability of a case, for every draw of the parameters."""
        parts, effect = [], effect_of(now.case)
        for i, (fitted, theta) in enumerate(zip(self.fits, self._thetas, strict=True)):
            if count := len(theta["pull"]):
                sources = {name: model._draws(i, count, name) for name, model in self.sources.items()}
                shift = shifted(theta, effect, (self.seed, i))
                parts.append(posterior(fitted.family, shift, now, self.players, sources))
        return stacked(parts)

    def with_source(self, name: str, model: ReturnModel) -> ReturnModel:
        """Return the same model, with the statements of one source read as ``model`` reads them.

        Parameters
        ----------
        name : str
            The ``source`` of the bulletins.
        model : ReturnModel
            Fitted by :func:`fit` to injuries whose ``bulletins.csv`` is what that source said.
        """
        return replace(self, sources={**self.sources, name: model})

    def with_draws(self, draws: int) -> ReturnModel:
        """Return the same model with another number of draws of the parameters behind its bands."""
        return replace(self, draws=draws)

    def save(self, path: str | Path) -> None:
        """Write the model as JSON: estimate, covariance and seed, from which the draws are made anew."""
        write_text(path, self._text)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the file that :meth:`save` writes, in hexadecimal."""
        return sha256(self._text.encode()).hexdigest()

    def _repr_html_(self) -> str:
        rows = [[str(family), percent(float(weight))] for family, weight in self.weights.items()]
        sources = ", ".join(self.sources) or "none; all are read as the official feed"
        notes = [f"{self.draws} draws of the parameters make the bands, seed {self.seed}.",
                 f"Sources with data of their own: {sources}."]  # fmt: skip
        lead = f"Fitted to {self.trained_on}. What it assumes: help(forecast.ReturnModel)."
        return html.page("Return from a hamstring injury", lead, html.table(["recovery curve", "weight"], rows), notes)

    @property
    def _text(self) -> str:
        return json.dumps(self._record()) + "\n"

    def _record(self) -> dict[str, Any]:
        players = {
            "odds": self.players.minutes_logit.tolist(),
            "share": self.players.appearance_rate.tolist(),
            "forward": self.players.forward,
        }
        fits = [
            {
                "family": f.family,
                "weight": float(weight),
                "params": f.params.to_dict(),
                "covariance": f.covariance.to_numpy().tolist(),
            }
            for f, weight in zip(self.fits, self.weights, strict=True)
        ]
        return {
            "schema": SCHEMA,
            "trained_on": self.trained_on,
            "seed": self.seed,
            "draws": self.draws,
            "players": players,
            "longest": self.longest_seen,
            "fits": fits,
            "sources": {name: model._record() for name, model in self.sources.items()},
        }

    @cached_property
    def _thetas(self) -> list[Parameters]:
        """Draws of the parameters: as many of each family as its weight says, so that a band spans the families too."""
        ends = np.rint(np.cumsum(self.weights.to_numpy()) * self.draws).astype(int)
        return [self._draws(i, count) for i, count in enumerate(np.diff(ends, prepend=0))]

    def _draws(self, i: int, count: int, source: str = "") -> Parameters:
        """Draws of the parameters of the i-th family, each of shape (count, 1, 1); others for each source."""
        fitted = self.fits[i]
        rng = np.random.default_rng([self.seed, i, crc32(source.encode())])
        root = _root(fitted.covariance.to_numpy())
        values = fitted.params.to_numpy() + standard_normal(count, root.shape[1], rng) @ root.T
        return {str(name): values[:, k, None, None] for k, name in enumerate(fitted.params.index)}

    def _unlike(self, now: OpenCase) -> list[str]:
        """Note where a case is unlike the data."""
        notes = []
        foreign = {f.competition: None for f in now.case.ahead() if f.competition not in (None, LEAGUE)}
        if foreign:
            names = ", ".join(str(name) for name in foreign)
            notes.append(f"The data are of the {LEAGUE}; how players return in {names} may differ.")
        sources = {s.source for s in now.statements if s.likelihood is None} - {*self.sources, OFFICIAL}
        if sources:
            notes.append(f"Read as the official feed, for want of data of their own: {', '.join(sorted(sources))}.")
        if now.situation.now > self.longest_seen:
            notes.append(f"He has been out longer than nearly all players of the data ({self.longest_seen:.0f} days).")
        return notes


def load_model(path: str | Path) -> ReturnModel:
    """Read a model that :meth:`ReturnModel.save` wrote.

    Raises
    ------
    DataError
        If it is not such a file.
    """
    path = Path(path)
    try:
        record = json.loads(read_bytes(path, MAX_MODEL_BYTES, DataError))
        if record["schema"] != SCHEMA:
            raise DataError([Problem("schema", record["schema"], f"must be {SCHEMA}")])
        return _from_record(record)
    except DataError as error:
        raise error.located(file=path.name) from None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError) as error:
        raise DataError([Problem("", str(error), "must be a model that save wrote", file=path.name)]) from None


@cache
def default_model() -> ReturnModel:
    """The shipped fit, ``data/model.json``: that of ``fc.fit(fc.load_episodes())``."""
    return load_model(data_folder() / "model.json")


def _from_record(record: dict[str, Any]) -> ReturnModel:
    """A ValueError, or what an unfit value raises by itself, where the record is none of a model."""
    fits, weights, players = [], {}, record["players"]
    for entry in record["fits"]:
        family, params = entry["family"], pd.Series(entry["params"], dtype=float)
        covariance = pd.DataFrame(np.array(entry["covariance"], float), params.index, params.index)
        _root(covariance.to_numpy())
        _require(family not in weights, "family: must stand there once")
        _require(list(params.index) == [*Joint(family).priors, *AFTER_RETURN], "params: must be those of the model")
        _require(np.isfinite(params).all(), "params: must be finite")
        fits.append(JointFit(family, params, covariance))
        weights[family] = float(entry["weight"])
    given = np.array(list(weights.values()))
    _require(len(fits) > 0 and (given >= 0).all() and abs(given.sum() - 1.0) < 1e-6, "weight: must sum to 1")
    logit, rate = np.array(players["odds"], float), np.array(players["share"], float)
    within = 0 < len(logit) <= MAX_SORTS and (np.abs(logit) <= 10).all()
    _require(within, f"odds: must be 1 to {MAX_SORTS} numbers, -10 to 10")
    _require(rate.shape == logit.shape and ((rate >= 0) & (rate <= 1)).all(), "share: must be 0 to 1")
    _require(0 <= float(players["forward"]) <= 1, "forward: must be 0 to 1")
    seed, draws, longest_seen = int(record["seed"]), int(record["draws"]), float(record["longest"])
    _require(0 <= seed < 2**63 and 0 < draws <= MAX_DRAWS, f"seed, draws: must be positive, at most {MAX_DRAWS} draws")
    _require(np.isfinite(longest_seen), "longest: must be finite")
    return ReturnModel(
        fits=tuple(fits),
        weights=pd.Series(weights, name="weight"),
        players=Players(logit, rate, float(players["forward"])),
        longest_seen=longest_seen,
        seed=seed,
        draws=draws,
        trained_on=str(record["trained_on"]),
        sources={str(name): _from_record(other) for name, other in record["sources"].items()},
    )


def _require(good: bool | np.bool_, what: str) -> None:
    if not good:
        raise ValueError(what)


def _root(covariance: Array) -> Array:
    """A matrix whose square is the covariance, which may be singular: a fit to few players leaves directions open.

    Raises
    ------
    ValueError
        If it is no covariance.
    """
    variance, axes = np.linalg.eigh(covariance)
    if not np.isfinite(covariance).all() or variance.min() < -1e-8 * variance.max():
        raise ValueError("covariance: must be symmetric, finite and without negative variance")
    return np.asarray(axes * np.sqrt(np.maximum(variance, 0.0)))
