"""The log-likelihood of some durations under ``log T = x'beta + sigma e``, its gradient and its Hessian.

Three sums over rows, so that those of many blocks of rows add up to those of all. ``theta`` is beta for the scaled
covariates, log sigma, what the scaled covariates of the scale add to it and, for the generalised gamma, the shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..arrays import Array, Integers, Mask
from .durations import Durations
from .families import Family, GeneralizedGamma, log_difference

# An interval narrower than this on the scale of z is an exact duration, times its width: the difference of
# two survivals would lose more digits (1e-16 / width**2) than the midpoint does (width**2 / 24).
_NARROW = 1e-5
_SHAPE_STEP = 5e-3  # of the five-point differences in the generalised gamma's shape

Derivatives = tuple[float, Array, Array]  # a value, its gradient and its Hessian


@dataclass(frozen=True)
class Scale:
    """The transformation that takes the covariates to mean 0 and spread 1."""

    centre: Array
    spread: Array

    def design(self, covariates: Array) -> Array:
        """The intercept and the scaled covariates, a row each, shape (k + 1, m): long rows are quick to work on."""
        matrix = np.ones((covariates.shape[1] + 1, len(covariates)))
        np.subtract(covariates.T, self.centre[:, None], out=matrix[1:])
        matrix[1:] /= self.spread[:, None]
        return matrix


@dataclass(frozen=True)
class _Group:
    """Durations of one kind of censoring; or of truncation: "entry", "exit" or, of both, "window"."""

    kind: str
    ends: Array  # (1, m) or, of intervals, (2, m); log days
    log_width: Array  # (m,): of an interval; of an exact one, what makes a density in log days one in days


@dataclass(frozen=True)
class Block:
    """Durations as the likelihood wants them: a truncated one stands there twice, one that tells nothing not."""

    matrix: Array  # (k + 1, m): the intercept and the scaled covariates
    spreads: Array  # (q + 1, m): the same of the log scale
    rows: Integers  # (m,): of which duration each column is
    weights: Array  # (m,)
    groups: list[_Group]  # in the order of the columns


def block_of(scale: Scale, of_spreads: Scale, rows: Durations) -> Block:
    """Sort rows by kind and make the most of what does not change from step to step."""
    lower, upper = rows.beyond, rows.upper
    begins, ends, exact = lower > 0, upper < np.inf, lower == upper
    enters, leaves = rows.entry > 0, rows.exit < np.inf
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):  # of durations that begin at 0, or never end
        low, high, entry, leave = np.log(lower), np.log(upper), np.log(rows.entry), np.log(rows.exit)
        longer = (upper - lower) / lower
        log_width = np.where(exact, -low, np.log(np.where(np.isfinite(longer), np.log1p(longer), high - low)))
    kinds: dict[str, tuple[Mask, list[Array]]] = {
        "exact": (exact, [low]),
        "interval": (begins & ends & ~exact, [low, high]),
        "right": (begins & ~ends, [low]),
        "left": (~begins & ends, [high]),
        "entry": (enters & ~leaves, [entry]),
        "exit": (~enters & leaves, [leave]),
        "window": (enters & leaves, [entry, leave]),
    }
    at = {kind: np.flatnonzero(chosen) for kind, (chosen, _) in kinds.items()}
    groups = [
        _Group(kind, np.array([days[at[kind]] for days in of_kind]), log_width[at[kind]])
        for kind, (_, of_kind) in kinds.items()
        if len(at[kind])
    ]
    columns = np.concatenate(list(at.values()))
    matrix = np.take(scale.design(rows.covariates), columns, axis=1)
    spreads = np.take(of_spreads.design(rows.spreads), columns, axis=1) if rows.spreads.size else matrix[:1]
    return Block(matrix, spreads, columns, rows.weights[columns], groups)


def _terms(family: Family, theta: Array, block: Block) -> tuple[Array, Array]:
    """The terms of each column, shape (6, m), and its scale, (m,)."""
    k, (q, m) = len(block.matrix), block.spreads.shape
    eta, log_sigma = theta[:k] @ block.matrix, theta[k:] @ block.spreads if q > 1 else np.broadcast_to(theta[k], m)
    sigma = np.exp(log_sigma) if q > 1 else np.broadcast_to(np.exp(theta[k]), m)
    terms, start = [np.empty((6, 0))], 0
    for group in block.groups:
        at = slice(start, start + len(group.log_width))
        z = (group.ends - eta[at]) / sigma[at]
        terms_of, sign = _TERMS[group.kind]
        terms.append(sign * np.array(terms_of(family, z, group.log_width - log_sigma[at])))
        start = at.stop
    return np.hstack(terms), sigma


def sums(family: Family, theta: Array, block: Block) -> Derivatives:
    """The log-likelihood of a block, its gradient and its Hessian."""
    (value, g, gz, h, hz, hzz), sigma = _terms(family, theta, block)
    # In the location eta of each duration and in s = log sigma, by the chain rule: z = (log t - eta) / sigma, so
    # dz/deta = -1 / sigma and dz/ds = -z.
    in_eta, in_s, in_eta_eta, in_eta_s, in_s_s = -g / sigma, -gz, h / sigma**2, (g + hz) / sigma, gz + hzz
    weights, spreads = block.weights, block.spreads
    moments = block.matrix @ (weights * np.array([value, in_eta])).T  # the first row of the matrix is of ones
    in_beta = (block.matrix * (weights * in_eta_eta)) @ block.matrix.T
    cross = block.matrix @ (weights * in_eta_s * spreads).T
    in_log_sigma = (weights * in_s_s * spreads) @ spreads.T
    gradient = np.concatenate([moments[:, 1], spreads @ (weights * in_s)])
    return float(moments[0, 0]), gradient, np.block([[in_beta, cross], [cross.T, in_log_sigma]])


def scores(family: Family, theta: Array, block: Block) -> Array:
    """Return the derivatives of the log-likelihood of each column, weighted, shape (m, p)."""
    (_, g, gz, *_), sigma = _terms(family, theta, block)
    return np.asarray((block.weights * np.vstack([block.matrix * (-g / sigma), block.spreads * -gz])).T)


def scores_with_shape(theta: Array, block: Block) -> Array:
    """Return the same of the generalised gamma, that in the shape by five-point differences."""
    f2, f1, e1, e2 = (
        _terms(GeneralizedGamma(theta[-1] + offset * _SHAPE_STEP), theta[:-1], block)[0][0] for offset in (2, 1, -1, -2)
    )
    slope = block.weights * (8 * (f1 - e1) - (f2 - e2)) / (12 * _SHAPE_STEP)
    return np.column_stack([scores(GeneralizedGamma(theta[-1]), theta[:-1], block), slope])


def sums_with_shape(theta: Array, block: Block) -> Derivatives:
    """Derivatives in the shape have no closed form: five-point differences of the value and of the gradient."""
    families = (GeneralizedGamma(theta[-1] + offset * _SHAPE_STEP) for offset in (0, 2, 1, -1, -2))
    at = (sums(family, theta[:-1], block) for family in families)
    (value, gradient, hessian), (f2, g2, _), (f1, g1, _), (e1, d1, _), (e2, d2, _) = at
    slope = (8 * (f1 - e1) - (f2 - e2)) / (12 * _SHAPE_STEP)
    curvature = (16 * (f1 + e1) - (f2 + e2) - 30 * value) / (12 * _SHAPE_STEP**2)
    cross = (8 * (g1 - d1) - (g2 - d2)) / (12 * _SHAPE_STEP)
    return value, np.append(gradient, slope), np.block([[hessian, cross[:, None]], [cross, np.array(curvature)]])


# Of durations of one kind, each from its end or ends z: the log-likelihood and the sums over the ends of its first
# derivatives g and g z, and of its second, h, h z and h z z. ``log_scale`` makes a density of z one in days.
_Term = tuple[Array, Array, Array, Array, Array, Array]


def _of_one_end(z: Array, value: Array, g: Array, h: Array) -> _Term:
    hz = h * z
    return value, g, g * z, h, hz, hz * z


def _exact(family: Family, z: Array, log_scale: Array) -> _Term:
    (z,) = z
    value, g, gz, h, hz, hzz = _of_one_end(z, family.log_density(z) + log_scale, family.slope(z), family.curvature(z))
    return value, g, gz + 1.0, h, hz, hzz - 1.0  # the 1 / sigma in its scale has a derivative, too


def _right(family: Family, z: Array, _: Array) -> _Term:
    (z,) = z
    hazard, slope = family.hazard(z)
    return _of_one_end(z, family.log_survival(z), -hazard, -hazard * slope)


def _left(family: Family, z: Array, _: Array) -> _Term:
    (z,) = z
    log_f = family.log_distribution(z)
    ratio = np.exp(family.log_density(z) - log_f)
    return _of_one_end(z, log_f, ratio, ratio * (family.slope(z) - ratio))


def _interval(family: Family, z: Array, log_scale: Array) -> _Term:
    narrow = z[1] - z[0] < _NARROW
    if narrow.any():
        terms, wide = np.empty((6, len(narrow))), ~narrow
        terms[:, narrow] = _exact(family, z[:, narrow].mean(axis=0, keepdims=True), log_scale[narrow])
        terms[:, wide] = _between(family, z[:, wide], log_scale[wide])
        value, g, gz, h, hz, hzz = terms
        return value, g, gz, h, hz, hzz
    return _between(family, z, log_scale)


def _between(family: Family, z: Array, _: Array) -> _Term:
    log_p = log_difference(family, z)
    f = np.exp(family.log_density(z) - log_p)
    fz, h = f * z, f * family.slope(z)
    hz = h * z
    (g, gz, h, hz, hzz) = (upper - lower for lower, upper in (f, fz, h, hz, hz * z))
    return log_p, g, gz, h - g * g, hz - g * gz, hzz - gz * gz


# The terms of each kind, and their sign: the likelihood of a truncated duration is divided by the chance to be seen.
_TERMS: dict[str, tuple[Callable[[Family, Array, Array], _Term], float]] = {
    "exact": (_exact, 1.0),
    "interval": (_interval, 1.0),
    "right": (_right, 1.0),
    "left": (_left, 1.0),
    "entry": (_right, -1.0),
    "exit": (_left, -1.0),
    "window": (_between, -1.0),
}
