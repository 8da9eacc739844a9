"""Recovery: how the days until a player is fit are spread where nothing was said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ..arrays import Array
from ..evidence.grid import Evidence
from ..terms import BODY_PARTS
from .covariates import RECOVERY, columns_of, effect
from .parameters import Parameters, Prior, linear

_LOCATION = ("location", *(f"location.{part}" for part in BODY_PARTS))
_LOG_SCALE = ("log_scale", *(f"log_scale.{part}" for part in BODY_PARTS))


@dataclass(frozen=True)
class Recovery:
    """A log-logistic curve of the days; each body part has a shift of its own, of location and of log scale."""

    @property
    def priors(self) -> dict[str, Prior]:
        """Log days."""
        location = dict(zip(_LOCATION, [Prior(3.0, 5.0), *[Prior(0.0, 0.5)] * len(BODY_PARTS)], strict=True))
        scale = dict(zip(_LOG_SCALE, [Prior(0.0, 2.0), *[Prior(0.0, 0.3)] * len(BODY_PARTS)], strict=True))
        return location | scale

    def log_weight(self, theta: Parameters, evidence: Evidence) -> Array:
        """Return the log probability of each cell, and of what lies beyond the last, shape (n, m + 1)."""
        z, _ = self._standard(theta, evidence)
        added = effect(theta, evidence.covariates, RECOVERY)
        if added is not None:
            return _Faster.of(z, added).log_weight
        return np.column_stack([_log_mass(z), -np.logaddexp(0.0, z[:, -1])])

    def cumulative(self, theta: Parameters, part: Array, days: Array) -> Array:
        """Return the cumulative hazard at some days since onset, shape (d, k), of the one body part of ``part``."""
        design = np.column_stack([np.ones(len(part)), part])
        location, scale = linear(theta, _LOCATION, design), np.exp(linear(theta, _LOG_SCALE, design))
        with np.errstate(divide="ignore"):
            return np.logaddexp(0.0, (np.log(days) - location) / scale)

    def scores(self, theta: Parameters, evidence: Evidence, slope: Array) -> Array:
        """Return the derivatives in the parameters; ``slope`` is that in the log weight of each cell."""
        z, scale = self._standard(theta, evidence)
        added = effect(theta, evidence.covariates, RECOVERY)
        if added is not None:
            slopes = _Faster.of(z, added).scores(z, scale, slope)
            designs = (_design(evidence), _design(evidence), columns_of(evidence.covariates, RECOVERY, len(z)))
            return np.column_stack([one[:, None] * of for one, of in zip(slopes, designs, strict=True)])
        share = special.expit(z)
        # Of a cell from a to b the log mass is log(F(b) - F(a)); that of F(z) = expit(z) is F(1 - F).
        density = share * (1.0 - share)
        mass = np.exp(_log_mass(z))
        inner = slope[:, :-1] / np.maximum(mass, 1e-300)
        at_end = -share[:, -1] * slope[:, -1]
        finite = np.where(np.isfinite(z), z, 0.0)

        def moved(by: Array) -> Array:  # by how much each standardised edge moves
            change = density * by
            return np.asarray(((change[:, 1:] - change[:, :-1]) * inner).sum(axis=1) + by[:, -1] * at_end)

        design = _design(evidence)
        location, log_scale = moved(-1.0 / scale * np.ones_like(z)), moved(-finite)
        return np.column_stack([location[:, None] * design, log_scale[:, None] * design])

    def _standard(self, theta: Parameters, evidence: Evidence) -> tuple[Array, Array]:
        design = _design(evidence)
        scale = np.exp(linear(theta, _LOG_SCALE, design))
        with np.errstate(divide="ignore"):
            return (np.log(evidence.edges) - linear(theta, _LOCATION, design)) / scale, scale


@dataclass(frozen=True)
class _Faster:
    """The curve with its hazard times a ratio: the cumulative hazard at the edges of the cells, shape (n, m + 1)."""

    ratio: Array
    total: Array

    @classmethod
    def of(cls, z: Array, log_ratio: Array) -> _Faster:
        ratio = np.exp(log_ratio)
        return cls(ratio, ratio * np.logaddexp(0.0, z))

    @property
    def log_weight(self) -> Array:
        """The log probability of each cell, and of what lies beyond the last."""
        return np.column_stack(
            [np.log(-np.expm1(-np.diff(self.total, axis=1))) - self.total[:, :-1], -self.total[:, -1]]
        )

    def scores(self, z: Array, scale: Array, slope: Array) -> tuple[Array, Array, Array]:
        """Return the derivatives in location, log scale and log ratio, of those in the log weights; each (n,)."""
        within = np.diff(self.total, axis=1)
        inner = slope[:, :-1] * np.exp(-within) / np.maximum(-np.expm1(-within), 1e-300)

        def moved(by: Array) -> Array:  # by how much the cumulative hazard at each edge moves
            return np.asarray((np.diff(by, axis=1) * inner).sum(axis=1) - (by * slope).sum(axis=1))

        by_edge = -self.ratio * special.expit(z)
        return moved(by_edge / scale), moved(by_edge * np.where(np.isfinite(z), z, 0.0)), moved(self.total)


def _design(evidence: Evidence) -> Array:
    return np.column_stack([np.ones(len(evidence.part)), evidence.part])


def _log_mass(z: Array) -> Array:
    """Log of the logistic probability between neighbours: S(a) - S(b) = S(a) F(b) (1 - exp(a - b))."""
    left = special.log_expit(-z)  # log S; log F is that and z
    with np.errstate(invalid="ignore"):
        return np.asarray(left[:, :-1] + (z[:, 1:] + left[:, 1:]) + np.log(-np.expm1(z[:, :-1] - z[:, 1:])))
