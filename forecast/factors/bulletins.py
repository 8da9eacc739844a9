"""The likelihood of each statement, given the days that truly remain.

A statement counts by its likelihood as a function of ``T``, up to a constant: how much likelier is it to be made when
few days remain than when many do? Learned, so that the optimism of the source is learned with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array
from ..evidence.grid import Said
from ..terms import FLAG_KINDS, LAST_ROUNDS
from .parameters import Parameters, Prior, linear

ROUNDS = ("blank", *map(str, LAST_ROUNDS))
_KINDS = (
    *(f"kind.{kind}" for kind in FLAG_KINDS),
    *(f"last_round.{given}" for given in ROUNDS),
    "match_fitness",
)
_WIDTH = 1.5  # days over which the slope of a date turns


@dataclass(frozen=True)
class Kinds:
    """The likelihood of a flag is a power of the days from when the same was first said, half a day added.

    Each kind of flag has a power of its own, shifted by what was given for the round before and where only match
    fitness is lacking. Old news says little: the power is nearly level where many days have passed.
    """

    @property
    def priors(self) -> dict[str, Prior]:
        """The powers and their shifts."""
        return {
            name: Prior(0.0, 1.0 if name.startswith("kind") else 0.2 if "round" in name else 0.5) for name in _KINDS
        }

    def log_weight(self, theta: Parameters, said: Said, days: Array) -> Array:
        """Return the power times the log days that remain, shape (n, m)."""
        return linear(theta, _KINDS, _design(said)) * _log_remaining(said, days)

    def scores(self, theta: Parameters, said: Said, days: Array, slope: Array) -> Array:
        """Return the derivatives in the parameters; ``slope`` is that in the log weight of each cell."""
        return np.asarray((slope * _log_remaining(said, days)).sum(axis=1)[:, None] * _design(said))


@dataclass(frozen=True)
class Dates:
    """A promised date speaks against the days before it, more the earlier they are, and a little against those after.

    The log-likelihood rises with one slope a day up to the date, falls with another after it, with a smooth turn, and
    before it also rises with the log of the days that remain. It is concave in the days from the date and in their log,
    so that a later date never makes an earlier day likelier.
    """

    @property
    def priors(self) -> dict[str, Prior]:
        """Logs of the two slopes and of the power."""
        return {"date.early": Prior(-2.0, 1.0), "date.late": Prior(-4.0, 1.5), "date.power": Prior(-1.0, 1.0)}

    def log_weight(self, theta: Parameters, said: Said, days: Array) -> Array:
        """Return the log-likelihood, shape (n, m); 0 where no date stands."""
        dated = np.flatnonzero(np.isfinite(said.expected))
        if not len(dated):
            return np.zeros(days.shape)
        sizes = [np.exp(np.reshape(theta[name], (-1, 1))) for name in self.priors]
        first, *others = _promise(said.take(dated), days[dated])
        value = sizes[0] * first
        for size, other in zip(sizes[1:], others, strict=True):
            value += size * other
        if len(dated) == len(days):
            return np.asarray(value)
        result = np.zeros(days.shape)
        result[dated] = value
        return result

    def scores(self, theta: Parameters, said: Said, days: Array, slope: Array) -> Array:
        """Return the derivatives in the parameters; ``slope`` is that in the log weight of each cell."""
        dated = np.flatnonzero(np.isfinite(said.expected))
        features, result = _promise(said.take(dated), days[dated]), np.zeros((len(days), len(self.priors)))
        sums = [
            np.exp(theta[name]) * (slope[dated] * of).sum(axis=1)
            for name, of in zip(self.priors, features, strict=True)
        ]
        result[dated] = np.stack(sums, axis=-1)
        return result


def log_likelihood(theta: Parameters, said: Said, days: Array) -> Array:
    """Return the log-likelihood of statements, were T each of some days; shape (n, m), up to a constant a row."""
    value = Kinds().log_weight(theta, said, days)
    value += Dates().log_weight(theta, said, days)
    return value


def _design(said: Said) -> Array:
    return np.column_stack([said.kinds, said.last_round, said.fitness])


def _log_remaining(said: Said, days: Array) -> Array:
    return np.log(np.maximum(days - said.since[:, None], 0.0) + 0.5)


def _promise(said: Said, days: Array) -> tuple[Array, Array, Array]:
    """Return what each slope and the power of a date multiply, each of shape (n, m)."""
    beyond, promised = (days - said.expected[:, None]) / _WIDTH, said.expected - said.since
    early, late = (-_WIDTH * np.logaddexp(0.0, side * beyond) for side in (-1.0, 1.0))
    short = np.minimum(_log_remaining(said, days) - np.log(np.maximum(promised, 0.0) + 0.5)[:, None], 0.0)
    return early, late, short
