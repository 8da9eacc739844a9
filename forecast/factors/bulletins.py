"""The likelihood of each statement, given the days that truly remain.

A statement counts by its likelihood as a function of ``T``, up to a constant: how much likelier is it to be made when
few days remain than when many do? Three such functions, each learned, so that the optimism of the source is learned
with it: the :class:`Kinds` of flag, the :class:`Dates` that are promised, and being :class:`RuledOut`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ..arrays import Array
from ..evidence.grid import Evidence
from ..terms import FLAG_KINDS
from .factor import on_rows
from .parameters import Parameters, Prior

_EXPECTED = FLAG_KINDS.index("expected")


def _days(evidence: Evidence) -> Array:
    """The day of each cell; those before the end of a ``ruled_out`` of the same source are left to it."""
    return np.maximum(evidence.days, evidence.until[:, None])


def _remaining(evidence: Evidence) -> Array:
    """Return the days from the statement until the player is fit."""
    return np.maximum(_days(evidence) - evidence.seen[:, None], 0.0)


@dataclass(frozen=True)
class Kinds:
    """The likelihood of each kind of flag is a power of the days that remain, half a day added.

    The longer the same has been said of an injury without a percentage, the higher the power: old news is no news.
    """

    @property
    def priors(self) -> dict[str, Prior]:
        """The powers, and the slope of the power in the log weeks that a flag has stood unchanged."""
        return {**{f"kind.{kind}": Prior(0.0, 1.0) for kind in FLAG_KINDS}, "kind.age": Prior(0.0, 1.0)}

    def log_weight(self, theta: Parameters, evidence: Evidence) -> Array:
        """Return the power times the log days that remain; 0 where no flag stands."""
        rows, said = evidence.flagged
        power = sum(theta[f"kind.{kind}"] * (said.code == code)[:, None] for code, kind in enumerate(FLAG_KINDS))
        power = power + theta["kind.age"] * self._age(said)[:, None]
        return on_rows(rows, evidence.gap.shape, np.asarray(power * np.log(_remaining(said) + 0.5)))

    def scores(self, theta: Parameters, evidence: Evidence, slope: Array) -> Array:
        """Return the derivatives in the powers: the log days that remain, weighted."""
        rows, said = evidence.flagged
        total = (slope[rows] * np.log(_remaining(said) + 0.5)).sum(axis=1)
        kinds = [np.where(said.code == code, total, 0.0) for code in range(len(FLAG_KINDS))]
        return on_rows(rows, (len(slope), len(self.priors)), np.stack([*kinds, total * self._age(said)], axis=-1))

    def _age(self, said: Evidence) -> Array:
        """Return log(1 + weeks) that a flag has stood unchanged; 0 for a percentage, which is of the next fixture."""
        return np.where(said.code <= _EXPECTED, np.log1p(said.age / 7.0), 0.0)


@dataclass(frozen=True)
class Dates:
    """A promised date speaks for the days around it, and vaguely against those well before it.

    Around it: a peak that falls off exponentially to both sides. Vaguely: level from the date on, and before it a power
    of the ratio of the days that remain to the days that were promised.
    """

    @property
    def priors(self) -> dict[str, Prior]:
        """Log days for the width of the peak, then level and power of the vague part."""
        return {"date.width": Prior(2.0, 1.0), "date.vague": Prior(0.0, 1.0), "date.early": Prior(0.0, 2.0)}

    def log_weight(self, theta: Parameters, evidence: Evidence) -> Array:
        """Return the log of the peak and the vague part together; 0 where no date stands."""
        rows, said = evidence.dated
        error, shortfall = self._promise(said)
        both = np.logaddexp(self._peak(theta, error), theta["date.vague"] + theta["date.early"] * shortfall)
        return on_rows(rows, evidence.gap.shape, both)

    def scores(self, theta: Parameters, evidence: Evidence, slope: Array) -> Array:
        """Return the derivatives in the width, level and power; each component counts with its posterior weight."""
        rows, said = evidence.dated
        error, shortfall = self._promise(said)
        in_peak = special.expit(self._peak(theta, error) - theta["date.vague"] - theta["date.early"] * shortfall)
        widths = error * np.exp(-theta["date.width"])
        vague = slope[rows] * (1.0 - in_peak)
        columns = (slope[rows] * in_peak * widths * np.tanh(widths), vague, vague * shortfall)
        return on_rows(rows, (len(slope), len(columns)), np.stack([c.sum(axis=1) for c in columns], axis=-1))

    def _promise(self, said: Evidence) -> tuple[Array, Array]:
        """Days from the promised date to each cell, and how far the days that remain fall short of those promised."""
        lead = (said.expected - said.seen)[:, None]
        remain = _remaining(said)
        return remain - lead, np.minimum(np.log(remain / np.maximum(lead, 0.3) + 0.05), 0.0)

    def _peak(self, theta: Parameters, error: Array) -> Array:
        """Minus the log of twice the hyperbolic cosine: an exponential fall without a kink at the date."""
        widths = error * np.exp(-theta["date.width"])
        return np.asarray(-np.logaddexp(widths, -widths))


@dataclass(frozen=True)
class RuledOut:
    """A player ruled out until a day is rarely fit before it, and the more rarely the longer before.

    Level from that day on, and before it a power of the ratio of the days that remain to those he was ruled out for,
    half a day added to both: to be ruled out for longer never makes a day likelier. The data have no such statement.
    Its reliability is a proxy: that of a promised date, read as if the player had been ruled out until then.
    """

    @property
    def priors(self) -> dict[str, Prior]:
        """The power."""
        return {"ruled_out": Prior(1.0, 1.0)}

    def log_weight(self, theta: Parameters, evidence: Evidence) -> Array:
        """Return the power times the shortfall; 0 from the day on."""
        rows, said = evidence.ruled_out
        return on_rows(rows, evidence.gap.shape, np.asarray(theta["ruled_out"] * self._shortfall(said)))

    def scores(self, theta: Parameters, evidence: Evidence, slope: Array) -> Array:
        """Return the derivative in the power: the shortfall, weighted."""
        rows, said = evidence.ruled_out
        return on_rows(rows, (len(slope), 1), (slope[rows] * self._shortfall(said)).sum(axis=1)[:, None])

    def _shortfall(self, said: Evidence) -> Array:
        """Return the log ratio of the days that remain to those of the ruling out; 0 where it is positive."""
        remain, ruled_out = said.days - said.seen[:, None], (said.until - said.seen)[:, None]
        return np.minimum(np.log((np.maximum(remain, 0.0) + 0.5) / (np.maximum(ruled_out, 0.0) + 0.5)), 0.0)
