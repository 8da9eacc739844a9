"""The likelihood of accelerated failure time (AFT) models, and the climb to its top.

``log T = x'beta + sigma e``. Any mix of exact, interval-, left- and right-censored durations, left truncation
and weights goes into one likelihood; its derivatives are analytic and a damped Newton climbs it. The
parameters, ``theta``: beta for the scaled covariates, log sigma and, for the generalised gamma, the shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from .durations import Durations
from .errors import DataError, Problem
from .families import FAMILIES, Array, Family, GeneralizedGamma, log_difference

# An interval narrower than this on the scale of z is an exact duration, times its width: the difference of
# two survivals would lose more digits (1e-16 / width**2) than the midpoint does (width**2 / 24).
_NARROW = 1e-5
_SHAPE_STEP = 5e-3  # of the five-point differences in the generalised gamma's shape
_SHAPE_LIMIT = 10.0
_MAX_STEPS, _HALVINGS = 100, 20
_ROUNDING = 1e-12  # of a log-likelihood, relative
_VAGUE = 100.0  # a standard error, in log days for each spread of a covariate, that tells nothing

Index = npt.NDArray[np.intp]
Derivatives = tuple[float, Array, Array]  # a value, its gradient and its Hessian
Objective = Callable[[Array], Derivatives]


@dataclass(frozen=True)
class Design:
    """Durations as the likelihood wants them: their ends in log days, beside scaled covariates."""

    names: list[str]
    matrix: Array  # (n, k + 1): the intercept and the covariates
    centre: Array
    spread: Array
    weights: Array
    low: Array
    high: Array
    entry: Array
    log_width: Array  # from low to high; of an exact duration, what makes a density in log days one in days

    def unscale(self, size: int) -> Array:
        """Matrix that takes ``theta``, of this size, to the parameters of the covariates as given."""
        matrix = np.eye(size)
        k = len(self.names)
        matrix[0, 1 : k + 1] = -self.centre / self.spread
        matrix[range(1, k + 1), range(1, k + 1)] = 1.0 / self.spread
        return matrix

    def parameters(self, family: str) -> list[str]:
        """Names of the parameters."""
        return ["intercept", *self.names, "log_scale", *(["shape"] if family == "gengamma" else [])]


def design_of(durations: Durations) -> Design:
    """Centre and scale the covariates.

    Raises
    ------
    DataError
        Where one does not vary, or they do not vary apart.
    """
    x, weights = durations.covariates.to_numpy(float), durations.weights
    names = list(durations.covariates.columns)
    centre = np.average(x, axis=0, weights=weights)
    spread = np.sqrt(np.average((x - centre) ** 2, axis=0, weights=weights))
    constant = spread <= 1e-12 * np.abs(centre)
    if constant.any():
        raise DataError(Problem(names[j], float(x[0, j]), "must vary") for j in np.flatnonzero(constant))
    matrix = np.column_stack([np.ones(len(x)), (x - centre) / spread])
    root = np.sqrt(weights / weights.sum())
    if np.linalg.matrix_rank(matrix * root[:, None], tol=1e-9) < matrix.shape[1]:
        raise DataError.of("covariates", names, "must not be sums of multiples of each other")
    with np.errstate(divide="ignore"):
        low, high, entry = (np.log(days) for days in (durations.lower, durations.upper, durations.entry))
        log_width = np.where(low == high, -low, np.log(high - low))
    return Design(names, matrix, centre, spread, weights, low, high, entry, log_width)


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
        objective, tops = _tops(design, family)
        theta = max(tops, key=lambda top: objective(top)[0])
        loglik, gradient, hessian = objective(theta)
    curvature, axes = np.linalg.eigh(-hessian)
    vague = curvature[0] < _VAGUE**-2 * design.weights.mean()
    if vague or np.any((axes.T @ gradient) ** 2 > 1e-8 * curvature):  # or 1e-4 standard errors from the top
        weakest = design.parameters("gengamma")[int(np.abs(axes[:, 0]).argmax())]
        allowed = f"must determine {weakest}: more durations, or fewer covariates, are needed"
        raise DataError.of("lower, upper", f"{len(design.weights)} durations", allowed)
    return theta, loglik, (axes / curvature) @ axes.T


def _tops(design: Design, family: str) -> tuple[Objective, list[Array]]:
    """What is to be maximised, and the tops that were found."""

    def fixed(name: str) -> tuple[Objective, Array]:
        objective = partial(_log_likelihood, design, FAMILIES[name])
        return objective, _climb(objective, _start(design))

    if family != "gengamma":
        objective, top = fixed(family)
        return objective, [top]
    # From both ends of the range that matters: shape 0 is the log-normal, 1 the Weibull.
    starts = [np.append(fixed("lognormal")[1], 0.0), np.append(fixed("weibull")[1], 1.0)]
    shaped = partial(_with_shape, design)
    return shaped, [_climb(shaped, start) for start in starts]


def _start(design: Design) -> Array:
    """Least squares on the ends and midpoints: near enough for Newton."""
    known = np.isfinite(design.low) | np.isfinite(design.high)
    matrix, low, high, weights = (a[known] for a in (design.matrix, design.low, design.high, design.weights))
    low = np.where(np.isfinite(low), low, high - 1.0)
    high = np.where(np.isfinite(high), high, low + 1.0)
    y, root = 0.5 * (low + high), np.sqrt(weights)
    beta = np.linalg.lstsq(matrix * root[:, None], y * root, rcond=None)[0]
    variance = np.average((y - matrix @ beta) ** 2, weights=weights)
    return np.append(beta, 0.5 * np.log(max(variance, 1e-4)))


def _log_likelihood(design: Design, family: Family, theta: Array) -> Derivatives:
    """The weighted log-likelihood in (beta, log sigma), for a family whose shape is known."""
    eta, sigma = design.matrix @ theta[:-1], float(np.exp(theta[-1]))
    value, w, x = 0.0, design.weights, design.matrix
    # Of each duration, in its location eta and in s = log sigma, by the chain rule from those in z:
    # z = (log t - eta) / sigma, so dz/deta = -1 / sigma and dz/ds = -z.
    in_eta, in_s, in_eta_eta, in_eta_s, in_s_s = np.zeros((5, len(eta)))
    for term in _terms(design, family, eta, sigma):
        at, z, g, h = term.at, term.z, term.gradient, term.hessian
        value += float(w[at] @ (term.value - term.is_density * theta[-1]))
        g_sum, gz_sum, hz = g.sum(axis=0), (g * z).sum(axis=0), h * z
        in_eta[at] -= g_sum / sigma
        in_s[at] -= gz_sum + term.is_density
        in_eta_eta[at] += h.sum(axis=(0, 1)) / sigma**2
        in_eta_s[at] += (g_sum + hz.sum(axis=(0, 1))) / sigma
        in_s_s[at] += gz_sum + (hz * z[:, None]).sum(axis=(0, 1))
    gradient = np.append(x.T @ (w * in_eta), w @ in_s)
    in_beta = x.T @ (x * (w * in_eta_eta)[:, None])
    return value, gradient, _bordered(in_beta, x.T @ (w * in_eta_s), float(w @ in_s_s))


def _with_shape(design: Design, theta: Array) -> Derivatives:
    """The same for the generalised gamma, its shape being the last parameter.

    Its derivatives have no closed form: five-point differences of the value and of the analytic gradient.
    """

    def at(offset: int) -> Derivatives:
        family = GeneralizedGamma(theta[-1] + offset * _SHAPE_STEP)
        return _log_likelihood(design, family, theta[:-1])

    if abs(theta[-1]) > _SHAPE_LIMIT:  # no durations are known to be like that
        return -np.inf, np.zeros(len(theta)), np.zeros((len(theta), len(theta)))
    value, gradient, hessian = at(0)
    (f2, g2, _), (f1, g1, _), (e1, d1, _), (e2, d2, _) = at(2), at(1), at(-1), at(-2)
    slope = (8 * (f1 - e1) - (f2 - e2)) / (12 * _SHAPE_STEP)
    curvature = (16 * (f1 + e1) - (f2 + e2) - 30 * value) / (12 * _SHAPE_STEP**2)
    cross = (8 * (g1 - d1) - (g2 - d2)) / (12 * _SHAPE_STEP)
    return value, np.append(gradient, slope), _bordered(hessian, cross, curvature)


def _bordered(matrix: Array, cross: Array, corner: float) -> Array:
    """A symmetric matrix with one more row and column."""
    return np.block([[matrix, cross[:, None]], [cross[None, :], np.array([[corner]])]])


@dataclass(frozen=True)
class _Term:
    """The log-likelihood of m durations, and its derivatives in the ends of each, k of them."""

    at: Index  # their rows
    value: Array  # (m,)
    z: Array  # (k, m): the ends
    gradient: Array  # (k, m)
    hessian: Array  # (k, k, m)
    is_density: bool = False  # of z, so that 1 / sigma is to be multiplied in


def _terms(design: Design, family: Family, eta: Array, sigma: float) -> Iterator[_Term]:
    """The terms of the likelihood, one for each kind of censoring and one for truncation."""
    a, b, entry = ((ends - eta) / sigma for ends in (design.low, design.high, design.entry))
    point = b - a < _NARROW
    left, right = np.isneginf(a) & np.isfinite(b), np.isfinite(a) & np.isposinf(b)
    if len(at := np.flatnonzero(point)):
        yield _point(family, at, 0.5 * (a[at] + b[at]), design.log_width[at])
    if len(at := np.flatnonzero(right)):
        yield _beyond(family, at, a[at], 1.0)
    if len(at := np.flatnonzero(left)):
        yield _up_to(family, at, b[at])
    if len(at := np.flatnonzero(np.isfinite(a) & np.isfinite(b) & ~point)):
        yield _between(family, at, a[at], b[at])
    if len(at := np.flatnonzero(np.isfinite(entry))):
        yield _beyond(family, at, entry[at], -1.0)


def _point(family: Family, at: Index, z: Array, log_width: Array) -> _Term:
    value, slope, curvature = family.log_density(z) + log_width, family.slope(z), family.curvature(z)
    return _Term(at, value, z[None], slope[None], curvature[None, None], is_density=True)


def _beyond(family: Family, at: Index, z: Array, sign: float) -> _Term:
    log_s = family.log_survival(z)
    hazard = np.exp(family.log_density(z) - log_s)
    bend = -hazard * (family.slope(z) + hazard)
    return _Term(at, sign * log_s, z[None], -sign * hazard[None], sign * bend[None, None])


def _up_to(family: Family, at: Index, z: Array) -> _Term:
    log_f = family.log_distribution(z)
    ratio = np.exp(family.log_density(z) - log_f)
    bend = ratio * (family.slope(z) - ratio)
    return _Term(at, log_f, z[None], ratio[None], bend[None, None])


def _between(family: Family, at: Index, a: Array, b: Array) -> _Term:
    log_p = log_difference(family, a, b)
    fa, fb = np.exp(family.log_density(a) - log_p), np.exp(family.log_density(b) - log_p)
    both = fa * fb
    bends = [[-fa * (family.slope(a) + fa), both], [both, fb * (family.slope(b) - fb)]]
    return _Term(at, log_p, np.array([a, b]), np.array([-fa, fb]), np.array(bends))


def _climb(objective: Objective, theta: Array) -> Array:
    """Maximise by Newton's method, damped where the surface is not concave or the step too long."""
    value, gradient, hessian = objective(theta)
    for _ in range(_MAX_STEPS):
        step = _newton_step(gradient, hessian)
        gain = float(gradient @ step)
        if gain < _ROUNDING * (1.0 + abs(value)):
            return theta + step  # so near that the value cannot tell, but the step is still good
        for _ in range(_HALVINGS):
            tried = objective(theta + step)
            if np.isfinite(tried[2]).all() and tried[0] >= value + 1e-4 * gain:
                break
            step, gain = 0.5 * step, 0.5 * gain
        else:
            return theta
        theta, (value, gradient, hessian) = theta + step, tried
    return theta


def _newton_step(gradient: Array, hessian: Array) -> Array:
    curvature, axes = np.linalg.eigh(-hessian)
    # A direction that curves upwards is followed uphill as if it curved down as much.
    curvature = np.maximum(np.abs(curvature), 1e-10 * np.abs(curvature).max())
    step: Array = axes @ ((axes.T @ gradient) / curvature)
    step *= 3.0 / max(3.0, np.abs(step).max())  # log days: nobody is further off than a factor of 20
    return step
