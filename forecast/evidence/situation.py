"""One player at one moment: the form in which past readings and open cases meet the model.

A :class:`Situation` is one player at one moment: how long he has been out, which fixtures he missed and which
are next, what has been said. :func:`~forecast.evidence.grid.lay_out` puts many of them into rectangular arrays, a row
a situation, so that the parts of the model are plain array functions. Whatever is forecast and whatever is learned
from comes through here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..arrays import Array
from ..terms import BODY_PARTS, FLAG_KINDS, LAST_ROUNDS

NO_FLAG = np.zeros(len(FLAG_KINDS))
LEAGUE, EUROPE, CUP = 0, 1, 2  # the scope of a fixture
_ODDS = np.log([1.0 / 3.0, 1.0, 3.0])  # of 25, 50 and 75%
# A chance of 1% leaves a quarter of the hazard that 25% does until its match: about as much, a day or two before, as
# ruling him out of it leaves. Stated, for the feed has no percentage below 25.
_LEFT_BY_ONE = 0.25


@dataclass(frozen=True)
class Statement:
    """The last word of one source on an open injury, in days since onset."""

    since: float  # when the same was first said
    seen: float  # when it was last seen to stand
    kinds: Array = field(default_factory=NO_FLAG.copy)  # weights of FLAG_KINDS, see kind_weights
    expected: float = np.nan
    last_round: float | None = np.nan  # NaN is blank: the feed gave nothing; None is not known
    match_fitness: bool = False
    passed: int = 0  # fixtures since ``seen``, for a percentage those of a league
    source: str = ""
    likelihood: Callable[[Array], Array] | None = None  # of the days from ``since`` until he is fit
    log_held: float = 0.0  # log of the share of the hazard that is left until its match, see held_by


@dataclass(frozen=True)
class Situation:
    """One player at one moment, in days since onset.

    ``T`` is known to lie in (low, high]: (now, inf] while he is out, (last flag, clearance] once he was cleared.
    """

    now: float
    low: float
    high: float
    missed: Array  # kick-offs in (low, now] in which he did not appear
    ahead: Array  # kick-offs to come
    before: float  # the last kick-off up to ``low``
    traits: Array  # of the player, see TRAITS; NaN where not known
    statement: Statement
    part: int = 0  # index into BODY_PARTS
    scope: Array = field(default_factory=lambda: np.empty(0))  # of the fixtures, missed ones first; all league if empty
    cuts: Array = field(default_factory=lambda: np.empty(0))  # further days at which a piece has to end
    covariates: Mapping[str, float] = field(default_factory=dict)  # standardised, by the name of their parameter


def kind_weights(kind: str, chance: float | None = None) -> Array:
    """Return the weight of each of FLAG_KINDS in what a flag says.

    Of a chance between 25, 50 and 75% the two beside it share, linearly in its log odds; above, the line goes on. Below
    it stops: of later matches hardly any chance for the next one says what 25% does, see :func:`held_by`.
    """
    weights = NO_FLAG.copy()
    if chance is None:
        weights[FLAG_KINDS.index(kind)] = 1.0
        return weights
    odds = max(np.log(chance / (100.0 - chance)), _ODDS[0])
    low = 0 if odds <= 0.0 else 1
    share = (odds - _ODDS[low]) / (_ODDS[low + 1] - _ODDS[low])
    first = FLAG_KINDS.index("25") + low
    weights[first : first + 2] = 1.0 - share, share
    return weights


def held_by(chance: float) -> float:
    """Return the log of the share of the hazard that a chance below 25% leaves until its match, linear in log odds."""
    below = min(np.log(chance / (100.0 - chance)) - _ODDS[0], 0.0)
    return float(np.log(_LEFT_BY_ONE) * below / (np.log(1.0 / 99.0) - _ODDS[0]))


TRAITS = ("minutes", "year", "goalkeeper", "defender", "forward", "price", "owned", "appearances")


def traits_of(
    position: str | None = None,
    minutes: tuple[float, float] | None = None,
    year: tuple[float, float] | None = None,
    appearances: tuple[float, float] | None = None,
    price: float | None = None,
    owned: float | None = None,
) -> Array:
    """Return what is known of a player as numbers on which who is picked depends, NaN where it is not.

    ``minutes``, ``year`` and ``appearances`` are counts with the number of fixtures they are of: the last ten up to the
    injury, those of the last year for which he was available, the last ten again. Log odds of a share, shrunk by two
    thirds of a fixture of 1 1/3; price in millions from 5; ownership in log percent.
    """
    places = [np.nan if position is None else float(position == p) for p in ("goalkeeper", "defender", "forward")]
    games = [known and (known[0] / 90.0, known[1]) for known in (minutes, year)]
    rates = [float(log_odds(*known)) if known else np.nan for known in (*games, appearances)]
    pay = np.nan if price is None else np.clip(price - 5.0, -1.5, 4.0)
    share = np.nan if owned is None else np.log(np.clip(owned, 0.05, 25.0))
    return np.array([*rates[:2], *places, pay, share, rates[2]])


def log_odds(count: Array | float, of: Array | float) -> Array:
    """Return the log odds of the share of some fixtures, shrunk by two thirds of a fixture of 1 1/3 and bounded."""
    share = np.clip((count + 2.0 / 3.0) / (of + 4.0 / 3.0), 0.01, 0.98)
    return np.asarray(np.log(share / (1.0 - share)))


def one_hot(index: Array, size: int) -> Array:
    """Return rows of zeros with a one where ``index`` says."""
    return np.asarray(np.asarray(index)[:, None] == np.arange(size), float)


PARTS = len(BODY_PARTS)
# What was given for the round before, nothing first and then as LAST_ROUNDS, beside each of FLAG_KINDS: shares of the
# flags in the shipped tables.
_ROUNDS_BESIDE = np.array([
    [0.03, 0.94, 0.01, 0.00, 0.01, 0.02],
    [0.02, 0.91, 0.01, 0.01, 0.01, 0.04],
    [0.07, 0.09, 0.67, 0.03, 0.02, 0.12],
    [0.05, 0.34, 0.07, 0.43, 0.02, 0.09],
    [0.17, 0.07, 0.03, 0.03, 0.39, 0.31],
])  # fmt: skip


def round_weights(kinds: Array, last_round: Sequence[float | None]) -> Array:
    """Return weights of what was given for the round before, shape (n, 6): nothing, then as LAST_ROUNDS.

    Where it is not known, as often as each stood beside the flag, whose weights are ``kinds``; zeros without a flag.
    """
    told = np.array(last_round, float)
    rounds = (told[:, None] == np.array([np.nan, *LAST_ROUNDS])).astype(float)
    rounds[:, 0] = 1.0 - rounds.sum(axis=1)
    rounds *= kinds.any(axis=1, keepdims=True)
    unknown = np.array([given is None for given in last_round])
    rounds[unknown] = np.clip(kinds[unknown], 0.0, 1.0) @ _ROUNDS_BESIDE
    return np.asarray(rounds)
