"""The likelihood of accelerated failure time (AFT) models, and the climb to its top.

``log T = x'beta + sigma e``. Any mix of exact, interval-, left- and right-censored durations, left truncation
and weights goes into one likelihood; its derivatives are analytic and a damped Newton climbs it. The
parameters, ``theta``: beta for the scaled covariates, log sigma and, for the generalised gamma, the shape.

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

from .durations import CHUNK, Durations, Sums, check_informative, extent
from .errors import DataError, Problem
from .families import FAMILIES, Array, Family, GeneralizedGamma, log_difference

# An interval narrower than this on the scale of z is an exact duration, times its width: the difference of
# two survivals would lose more digits (1e-16 / width**2) than the midpoint does (width**2 / 24).
_NARROW = 1e-5
_ALIKE = 1e-13  # the least share of a variance that covariates, together, have to have to themselves
# Mean and standard deviation of e.
_MOMENTS = {"lognormal": (0.0, 1.0), "loglogistic": (0.0, np.pi / 3**0.5), "weibull": (-np.euler_gamma, np.pi / 6**0.5)}
_SHAPE_STEP = 5e-3  # of the five-point differences in the generalised gamma's shape
_SHAPE_LIMIT = 10.0
_MAX_STEPS, _HALVINGS = 100, 20
_ROUNDING = 1e-11  # of a log-likelihood, relative
_STILL = 1e-10  # the gain of a step that leaves the derivatives as they are
_VAGUE = 100.0  # a standard error, in log days for each spread of a covariate, that tells nothing

Mask = npt.NDArray[np.bool_]
Derivatives = tuple[float, Array, Array]  # a value, its gradient and its Hessian
Top = tuple[Array, Derivatives]
Objective = Callable[[Array], Derivatives]


class Rows(Protocol):
    """Checked durations, in memory or elsewhere, that can be summed over."""

    @property
    def names(self) -> list[str]:
        """Of the covariates."""

    def total(self, function: Callable[[Durations], Sums]) -> Sums:
        """The sums of a function of some of the rows over all of them."""


@dataclass(frozen=True)
class Scale:
    """What takes the covariates to mean 0 and spread 1."""

    centre: Array
    spread: Array

    def design(self, covariates: Array) -> Array:
        """The intercept and the scaled covariates, a row each, shape (k + 1, m): long rows are quick to work on."""
        matrix = np.ones((covariates.shape[1] + 1, len(covariates)))
        np.subtract(covariates.T, self.centre[:, None], out=matrix[1:])
        matrix[1:] /= self.spread[:, None]
        return matrix


@dataclass(frozen=True)
class Design:
    """Durations, and what has to be known of all of them before the first step."""

    rows: Rows
    scale: Scale
    n: int
    weight: float
    start: Array  # least squares: beta and the log of the standard deviation
    kept: _Block | None  # of rows so few that it need not be made again in each pass

    def total(self, function: Callable[[_Block], Sums]) -> Sums:
        """The sums of a function of blocks over all of them."""
        return function(self.kept) if self.kept else self.rows.total(partial(_in_block, function, self.scale))

    def unscale(self, size: int) -> Array:
        """Matrix that takes ``theta``, of this size, to the parameters of the covariates as given."""
        spread = self.scale.spread
        matrix = np.diag(np.concatenate([[1.0], 1.0 / spread, np.ones(size - len(spread) - 1)]))
        matrix[0, 1 : len(spread) + 1] = -self.scale.centre / spread
        return matrix

    def parameters(self, family: str) -> list[str]:
        """Names of the parameters."""
        return ["intercept", *self.rows.names, "log_scale", *(["shape"] if family == "gengamma" else [])]


def design_of(rows: Rows) -> Design:
    """Centre and scale the covariates, and make a start: two passes over the rows.

    Raises
    ------
    DataError
        Where the durations tell nothing, a covariate does not vary, or they do not vary apart.
    """
    n, weight, ending, telling, moment = rows.total(_first_moments)
    check_informative(n, weight, ending)
    centre = moment / telling
    (products,) = rows.total(partial(_second_moments, centre))
    moments = products / telling
    spread = np.sqrt(np.diag(moments)[1:-1])
    constant = spread <= 1e-12 * np.abs(centre)
    if constant.any():
        bad = [(rows.names[j], float(f"{centre[j]:.12g}")) for j in np.flatnonzero(constant)]
        raise DataError(Problem(name, value, "must vary") for name, value in bad)
    correlation = moments[1:-1, 1:-1] / np.outer(spread, spread)
    if len(spread) and np.linalg.eigvalsh(correlation)[0] < _ALIKE:
        raise DataError.of("covariates", rows.names, "must not be sums of multiples of each other")
    start = _least_squares(moments, correlation, spread)
    scale = Scale(centre, spread)
    kept = _block(scale, rows) if isinstance(rows, Durations) and n <= CHUNK else None
    return Design(rows, scale, n, weight, start, kept)


def _least_squares(moments: Array, correlation: Array, spread: Array) -> Array:
    """Least squares of log days on the intercept and the scaled covariates: near enough for Newton."""
    mean, shared = moments[0, -1], moments[1:-1, -1] / spread
    beta = np.linalg.solve(correlation, shared)
    variance = moments[-1, -1] - mean**2 - beta @ shared
    return np.concatenate([[mean], beta, [0.5 * np.log(max(variance, 1e-4))]])


def _first_moments(rows: Durations) -> Sums:
    weights = rows.weights * _telling(rows)
    return *extent(rows), weights.sum(), weights @ rows.covariates


def _telling(rows: Durations) -> Mask:
    """Whether anything is known of each."""
    return (rows.beyond > 0) | (rows.upper < np.inf)


def _second_moments(centre: Array, rows: Durations) -> Sums:
    """Weighted products of the intercept, the centred covariates and log days: ends, or the middle of them."""
    with np.errstate(divide="ignore"):
        low, high = np.log(rows.beyond), np.log(rows.upper)
    low = np.where(np.isfinite(low), low, high - 1.0)
    high = np.where(np.isfinite(high), high, low + 1.0)
    telling = np.isfinite(low)
    columns = np.vstack([telling, (rows.covariates - centre).T, np.where(telling, 0.5 * (low + high), 0.0)])
    return ((columns * (rows.weights * telling)) @ columns.T,)


def maximise(design: Design, family: str) -> tuple[Array, float, Array]:
    """The top of the likelihood of a family.

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
    with np.errstate(over="ignore", invalid="ignore"):  # by steps that go too far, and are not taken
        theta, (loglik, gradient, hessian) = _top(design, family)
    curvature, axes = np.linalg.eigh(-hessian)
    vague = curvature[0] < _VAGUE**-2 * design.weight / design.n
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
    start = np.concatenate([[beta[0] - mean * sigma], beta[1:], [np.log(sigma)]])
    return _climb(partial(log_likelihood, design, FAMILIES[family]), start)


def log_likelihood(design: Design, family: Family, theta: Array) -> Derivatives:
    """The weighted log-likelihood in (beta, log sigma), for a family whose shape is known."""
    value, gradient, hessian = design.total(partial(_sums, family, theta))
    return value, gradient, hessian


def with_shape(design: Design, theta: Array) -> Derivatives:
    """The same for the generalised gamma, its shape being the last parameter."""
    if abs(theta[-1]) > _SHAPE_LIMIT:  # no durations are known to be like that
        return -np.inf, np.zeros(len(theta)), np.zeros((len(theta), len(theta)))
    value, gradient, hessian = design.total(partial(_sums_with_shape, theta))
    return value, gradient, hessian


@dataclass(frozen=True)
class _Group:
    """Durations of one kind of censoring; or of truncation, "entry"."""

    kind: str
    ends: Array  # (1, m) or, of intervals, (2, m); log days
    log_width: Array  # (m,): of an interval; of an exact one, what makes a density in log days one in days


@dataclass(frozen=True)
class _Block:
    """Some durations as the likelihood wants them: a truncated one stands there twice, one that tells nothing not."""

    matrix: Array  # (k + 1, m): the intercept and the scaled covariates
    weights: Array  # (m,)
    groups: list[_Group]  # in the order of the columns


def _in_block(function: Callable[[_Block], Sums], scale: Scale, rows: Durations) -> Sums:
    return function(_block(scale, rows))


def _block(scale: Scale, rows: Durations) -> _Block:
    lower, upper = rows.beyond, rows.upper
    begins, ends, exact = lower > 0, upper < np.inf, lower == upper
    with np.errstate(divide="ignore"):
        low, high, entry = np.log(lower), np.log(upper), np.log(rows.entry)
        log_width = np.where(exact, -low, np.log(np.log1p((upper - lower) / lower)))
    kinds: dict[str, tuple[Mask, list[Array]]] = {
        "exact": (exact, [low]),
        "interval": (begins & ends & ~exact, [low, high]),
        "right": (begins & ~ends, [low]),
        "left": (~begins & ends, [high]),
        "entry": (rows.entry > 0, [entry]),
    }
    at = {kind: np.flatnonzero(chosen) for kind, (chosen, _) in kinds.items()}
    groups = [
        _Group(kind, np.array([days[at[kind]] for days in of_kind]), log_width[at[kind]])
        for kind, (_, of_kind) in kinds.items()
        if len(at[kind])
    ]
    columns = np.concatenate(list(at.values()))
    return _Block(np.take(scale.design(rows.covariates), columns, axis=1), rows.weights[columns], groups)


def _sums(family: Family, theta: Array, block: _Block) -> Sums:
    """The log-likelihood of a block, its gradient and its Hessian."""
    eta, sigma = theta[:-1] @ block.matrix, float(np.exp(theta[-1]))
    terms, start = [np.empty((6, 0))], 0
    for group in block.groups:
        stop = start + len(group.log_width)
        z = (group.ends - eta[start:stop]) / sigma
        terms.append(np.array(_TERMS[group.kind](family, z, group.log_width - theta[-1])))
        start = stop
    value, g, gz, h, hz, hzz = np.hstack(terms)
    # In the location eta of each duration and in s = log sigma, by the chain rule: z = (log t - eta) / sigma, so
    # dz/deta = -1 / sigma and dz/ds = -z.
    in_eta, in_s, in_eta_eta, in_eta_s, in_s_s = -g / sigma, -gz, h / sigma**2, (g + hz) / sigma, gz + hzz
    sums = block.matrix @ (block.weights * np.array([value, in_eta, in_s, in_eta_s, in_s_s])).T
    in_beta = (block.matrix * (block.weights * in_eta_eta)) @ block.matrix.T
    gradient = np.append(sums[:, 1], sums[0, 2])  # the first row of the matrix is the intercept's, of ones
    return sums[0, 0], gradient, _bordered(in_beta, sums[:, 3], sums[0, 4])


def _sums_with_shape(theta: Array, block: _Block) -> Sums:
    """Derivatives in the shape have no closed form: five-point differences of the value and of the gradient."""
    families = (GeneralizedGamma(theta[-1] + offset * _SHAPE_STEP) for offset in (0, 2, 1, -1, -2))
    at = (_sums(family, theta[:-1], block) for family in families)
    (value, gradient, hessian), (f2, g2, _), (f1, g1, _), (e1, d1, _), (e2, d2, _) = at
    slope = (8 * (f1 - e1) - (f2 - e2)) / (12 * _SHAPE_STEP)
    curvature = (16 * (f1 + e1) - (f2 + e2) - 30 * value) / (12 * _SHAPE_STEP**2)
    cross = (8 * (g1 - d1) - (g2 - d2)) / (12 * _SHAPE_STEP)
    return value, np.append(gradient, slope), _bordered(hessian, cross, curvature)


def _bordered(matrix: Array, cross: Array, corner: float) -> Array:
    """A symmetric matrix with one more row and column."""
    bordered = np.empty((len(cross) + 1, len(cross) + 1))
    bordered[:-1, :-1] = matrix
    bordered[-1, :-1] = bordered[:-1, -1] = cross
    bordered[-1, -1] = corner
    return bordered


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
    log_s = family.log_survival(z)
    hazard = np.exp(family.log_density(z) - log_s)
    return _of_one_end(z, log_s, -hazard, -hazard * (family.slope(z) + hazard))


def _left(family: Family, z: Array, _: Array) -> _Term:
    (z,) = z
    log_f = family.log_distribution(z)
    ratio = np.exp(family.log_density(z) - log_f)
    return _of_one_end(z, log_f, ratio, ratio * (family.slope(z) - ratio))


def _entry(family: Family, z: Array, _: Array) -> _Term:
    """The survival to divide by."""
    value, g, gz, h, hz, hzz = _right(family, z, _)
    return -value, -g, -gz, -h, -hz, -hzz


def _interval(family: Family, z: Array, log_scale: Array) -> _Term:
    narrow = z[1] - z[0] < _NARROW
    if narrow.any():
        terms, wide = np.empty((6, len(narrow))), ~narrow
        terms[:, narrow] = _exact(family, z[:, narrow].mean(axis=0, keepdims=True), log_scale[narrow])
        terms[:, wide] = _between(family, z[:, wide])
        value, g, gz, h, hz, hzz = terms
        return value, g, gz, h, hz, hzz
    return _between(family, z)


def _between(family: Family, z: Array) -> _Term:
    log_p = log_difference(family, z)
    f = np.exp(family.log_density(z) - log_p)
    fz, h = f * z, f * family.slope(z)
    hz = h * z
    (g, gz, h, hz, hzz) = (upper - lower for lower, upper in (f, fz, h, hz, hz * z))
    return log_p, g, gz, h - g * g, hz - g * gz, hzz - gz * gz


_TERMS: dict[str, Callable[[Family, Array, Array], _Term]] = {
    "exact": _exact,
    "interval": _interval,
    "right": _right,
    "left": _left,
    "entry": _entry,
}


def _climb(objective: Objective, theta: Array) -> Top:
    """Maximise by Newton's method, damped where the surface is not concave or the step too long."""
    value, gradient, hessian = objective(theta)
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
