"""Accelerated failure time (AFT) models, ``log T = x'beta + sigma e``: the climb to the top of their likelihood.

Any mix of exact, interval-, left- and right-censored durations, left truncation and weights goes into one
:mod:`~forecast.survival.likelihood`; its derivatives are analytic and a damped Newton climbs it.

Whatever a fit needs of the durations is a sum over their rows: of the log-likelihood, its gradient and its Hessian
and, before the first step, of the moments of the covariates. A fit asks its :class:`Rows` for such sums, a few times
over; whether they are worked out in memory or on a cluster is no business of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..arrays import Array
from ..io.errors import DataError, Problem
from .durations import CHUNK, SPREAD, Durations, Sums, check_informative, extent
from .families import FAMILIES, Family
from .likelihood import Block, Derivatives, Scale, block_of, scores, scores_with_shape, sums, sums_with_shape

_ALIKE = 1e-13  # the least share of a variance that covariates, together, have to have to themselves
# Mean and standard deviation of e.
_MOMENTS = {"lognormal": (0.0, 1.0), "loglogistic": (0.0, np.pi / 3**0.5), "weibull": (-np.euler_gamma, np.pi / 6**0.5)}
_SHAPE_LIMIT = 10.0
_MAX_STEPS, _HALVINGS = 100, 20
_ROUNDING = 1e-11  # of a log-likelihood, relative
_STILL = 1e-10  # the gain of a step that leaves the derivatives as they are
_VAGUE = 100.0  # a standard error, in log days for each spread of a covariate, that tells nothing

Top = tuple[Array, Derivatives]
Objective = Callable[[Array], Derivatives]


class Rows(Protocol):
    """Checked durations, in memory or elsewhere, that can be summed over."""

    @property
    def names(self) -> list[str]:
        """Names of the covariates."""

    @property
    def spread_names(self) -> list[str]:
        """Names of the covariates of the log scale."""

    def total(self, function: Callable[[Durations], Sums]) -> Sums:
        """The sums of a function of some of the rows over all of them."""


@dataclass(frozen=True)
class Design:
    """Durations, and what has to be known of all of them before the first step."""

    rows: Rows
    scale: Scale
    of_spreads: Scale
    n: int
    weight: float
    start: Array  # least squares: beta and the log of the standard deviation
    kept: Block | None  # of rows so few that it need not be made again in each pass

    def total(self, function: Callable[[Block], Sums]) -> Sums:
        """The sums of a function of blocks over all of them."""
        if self.kept is not None:
            return function(self.kept)
        return self.rows.total(partial(_in_block, function, self.scale, self.of_spreads))

    def unscale(self, size: int) -> Array:
        """Matrix that takes ``theta``, of this size, to the parameters of the covariates as given."""
        spread, of_scale = self.scale.spread, self.of_spreads.spread
        k = len(spread) + 1
        matrix = np.eye(size)
        for first, centre, widths in ((0, self.scale.centre, spread), (k, self.of_spreads.centre, of_scale)):
            own = slice(first + 1, first + 1 + len(widths))
            matrix[own, own] = np.diag(1.0 / widths)
            matrix[first, own] = -centre / widths
        return matrix

    def parameters(self, family: str) -> list[str]:
        """Names of the parameters."""
        scale = ["log_scale", *(f"{SPREAD}{name}" for name in self.rows.spread_names)]
        return ["intercept", *self.rows.names, *scale, *(["shape"] if family == "gengamma" else [])]


def _in_block(function: Callable[[Block], Sums], scale: Scale, of_spreads: Scale, rows: Durations) -> Sums:
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):  # as below, wherever this runs
        return function(block_of(scale, of_spreads, rows))


def design_of(rows: Rows) -> Design:
    """Centre and scale the covariates, and make a start: two passes over the rows.

    Raises
    ------
    DataError
        Where the durations tell nothing, a covariate does not vary, or they do not vary apart.
    """
    n, weight, ending, telling, moment, of_spreads = rows.total(_first_moments)
    check_informative(n, weight, ending)
    centre, middle = moment / telling, of_spreads / telling
    products, squares = rows.total(partial(_second_moments, centre, middle))
    moments, widths = products / telling, np.sqrt(squares / telling)
    spread = np.sqrt(np.diag(moments)[1:-1])
    names, centres = [*rows.names, *rows.spread_names], np.append(centre, middle)
    constant = np.append(spread, widths) <= 1e-12 * np.abs(centres)
    if constant.any():
        bad = [(names[j], float(f"{centres[j]:.12g}")) for j in np.flatnonzero(constant)]
        raise DataError(Problem(name, value, "must vary") for name, value in bad)
    correlation = moments[1:-1, 1:-1] / np.outer(spread, spread)
    if len(spread) and np.linalg.eigvalsh(correlation)[0] < _ALIKE:
        raise DataError.of("covariates", rows.names, "must not be sums of multiples of each other")
    start = _least_squares(moments, correlation, spread)
    scale, of_scale = Scale(centre, spread), Scale(middle, widths)
    kept = block_of(scale, of_scale, rows) if isinstance(rows, Durations) and n <= CHUNK else None
    return Design(rows, scale, of_scale, n, weight, start, kept)


def _least_squares(moments: Array, correlation: Array, spread: Array) -> Array:
    """Least squares of log days on the intercept and the scaled covariates: near enough for Newton."""
    mean, shared = moments[0, -1], moments[1:-1, -1] / spread
    beta = np.linalg.solve(correlation, shared)
    variance = moments[-1, -1] - mean**2 - beta @ shared
    return np.concatenate([[mean], beta, [0.5 * np.log(max(variance, 1e-4))]])


def _first_moments(rows: Durations) -> Sums:
    weights = rows.weights * ((rows.beyond > 0) | (rows.upper < np.inf))  # of those of which anything is known
    return *extent(rows), weights.sum(), weights @ rows.covariates, weights @ rows.spreads


def _second_moments(centre: Array, middle: Array, rows: Durations) -> Sums:
    """Weighted products of the intercept, the centred covariates and log days: ends, or the middle of them."""
    with np.errstate(divide="ignore"):  # of durations that begin at 0
        low, high = np.log(rows.beyond), np.log(rows.upper)
    low = np.where(np.isfinite(low), low, high - 1.0)
    high = np.where(np.isfinite(high), high, low + 1.0)
    telling = np.isfinite(low)
    columns = np.vstack([telling, (rows.covariates - centre).T, np.where(telling, 0.5 * (low + high), 0.0)])
    weights = rows.weights * telling
    return (columns * weights) @ columns.T, weights @ (rows.spreads - middle) ** 2


def maximise(design: Design, family: str) -> tuple[Array, float, Array]:
    """Find the top of the likelihood of a family.

    Returns
    -------
    theta : ndarray, shape (p,)
    loglik : float
    covariance : ndarray, shape (p, p)
        Inverse of the observed information.

    Raises
    ------
    DataError
        Where the durations do not determine every parameter.
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):  # by steps that go too far, and are not taken
        theta, (loglik, gradient, hessian) = _top(design, family)
    curvature, axes = np.linalg.eigh(-hessian)
    vague = curvature[0] < _VAGUE**-2 * min(design.weight / design.n, 1.0)  # a weight of n is n rows
    if vague or np.any((axes.T @ gradient) ** 2 > 1e-8 * curvature):  # or 1e-4 standard errors from the top
        weakest = design.parameters("gengamma")[int(np.abs(axes[:, 0]).argmax())]
        allowed = f"must determine {weakest}: more durations, or fewer covariates, are needed"
        raise DataError.of("lower, upper", f"{design.n} durations", allowed)
    return theta, loglik, (axes / curvature) @ axes.T


def _top(design: Design, family: str) -> Top:
    if family == "gengamma":
        # From both ends of the range that matters: shape 0 is the log-normal, 1 the Weibull.
        starts = [np.append(_top(design, name)[0], shape) for name, shape in (("lognormal", 0.0), ("weibull", 1.0))]
        return max((_climb(partial(with_shape, design), start) for start in starts), key=lambda top: top[1][0])
    mean, spread = _MOMENTS[family]
    beta, sigma = design.start[:-1], float(np.exp(design.start[-1])) / spread
    of_spreads = np.zeros(len(design.of_spreads.spread))
    start = np.concatenate([[beta[0] - mean * sigma], beta[1:], [np.log(sigma)], of_spreads])
    return _climb(partial(log_likelihood, design, FAMILIES[family]), start)


def log_likelihood(design: Design, family: Family, theta: Array) -> Derivatives:
    """The weighted log-likelihood in (beta, log sigma), for a family whose shape is known."""
    value, gradient, hessian = design.total(partial(sums, family, theta))
    return value, gradient, hessian


def with_shape(design: Design, theta: Array) -> Derivatives:
    """Evaluate the log-likelihood of the generalised gamma, its shape being the last parameter."""
    if abs(theta[-1]) > _SHAPE_LIMIT:  # no durations are known to be like that
        return -np.inf, np.zeros(len(theta)), np.zeros((len(theta), len(theta)))
    value, gradient, hessian = design.total(partial(sums_with_shape, theta))
    return value, gradient, hessian


def _climb(objective: Objective, theta: Array) -> Top:
    """Maximise by Newton's method, damped where the surface is not concave or the step too long."""
    value, gradient, hessian = objective(theta)
    if not np.isfinite(hessian).all():  # on a spike, or with covariates that are all but alike: nothing is determined
        return theta, (-np.inf, np.zeros_like(gradient), np.zeros_like(hessian))
    for _ in range(_MAX_STEPS):
        step = _newton_step(gradient, hessian)
        gain = float(gradient @ step)
        if gain < _ROUNDING * (1.0 + abs(value)):
            theta = theta + step  # so near that the value cannot tell, but the step is still good
            return theta, (value, gradient, hessian) if gain < _STILL else objective(theta)
        for _ in range(_HALVINGS):
            tried = objective(theta + step)
            if np.isfinite(tried[2]).all() and tried[0] >= value + 1e-4 * gain:
                break
            step, gain = 0.5 * step, 0.5 * gain
        else:
            break
        theta, (value, gradient, hessian) = theta + step, tried
    return theta, (value, gradient, hessian)


def _newton_step(gradient: Array, hessian: Array) -> Array:
    curvature, axes = np.linalg.eigh(-hessian)
    # A direction that curves upwards is followed uphill as if it curved down as much.
    curvature = np.maximum(np.abs(curvature), 1e-10 * np.abs(curvature).max())
    step: Array = axes @ ((axes.T @ gradient) / curvature)
    step *= 3.0 / max(3.0, np.abs(step).max())  # log days: nobody is further off than a factor of 20
    return step


def clustered(design: Design, family: str, theta: Array, covariance: Array, cluster: npt.ArrayLike) -> Array:
    """Return the sandwich covariance of ``theta``, the scores of a cluster added up.

    As ``survreg(..., cluster=)`` of R has it, without a factor for few clusters: ``V S'S V`` of the model-based
    covariance ``V`` and the scores ``S``, a row a cluster (Huber 1967; Lin and Wei 1989, J Am Stat Assoc 84,
    1074-1078).

    Raises
    ------
    DataError
        If the clusters are not one for each duration, or fewer than two.
    """
    rows = design.rows
    assert isinstance(rows, Durations)
    names = np.ravel(np.asarray(cluster))
    if len(names) != len(rows):
        raise DataError.of("cluster", f"{len(names)} rows", f"must be as many as lower has, {len(rows)}")
    if pd.isna(names).any():
        first = int(np.flatnonzero(pd.isna(names))[0])
        raise DataError.of(f"cluster[{first}]", names[first], "must be given")
    codes, found = pd.factorize(names)
    if len(found) < 2:
        raise DataError.of("cluster", f"{len(found)} cluster", "must be at least two")
    of_block = scores_with_shape if family == "gengamma" else partial(scores, FAMILIES[family])
    total, start = np.zeros((len(found), len(theta))), 0
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):  # as in the fit
        for part in rows.chunks():
            block = block_of(design.scale, design.of_spreads, part)
            np.add.at(total, codes[start + block.rows], of_block(theta, block))
            start += len(part)
    bread = total @ covariance
    return np.asarray(bread.T @ bread)
