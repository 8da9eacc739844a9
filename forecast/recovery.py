"""How long recovery takes: accelerated failure time (AFT) models of censored and truncated durations.

``log T = x'beta + sigma e``: ``T`` days from onset until fit, ``x`` the covariates, ``e`` from one of the
:mod:`~forecast.families`. Any mix of exact, interval-, left- and right-censored durations, left truncation
and weights goes into one likelihood; its derivatives are analytic and a damped Newton climbs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from .errors import MISSING, DataError, Problem
from .families import FAMILIES, Array, Family, GeneralizedGamma, log_difference

# An interval narrower than this on the scale of z is an exact duration, times its width: the difference of
# two survivals would lose more digits (1e-16 / width**2) than the midpoint does (width**2 / 24).
_NARROW = 1e-5
_MAX_STEPS = 200
_SHAPE_STEP = 5e-3  # of the five-point differences in the generalised gamma's shape
_SHAPE_LIMIT = 10.0


@dataclass(frozen=True)
class RecoveryFit:
    """A fitted AFT model of the days from onset until fit.

    Attributes
    ----------
    family : str
        ``"lognormal"``, ``"loglogistic"``, ``"weibull"`` or ``"gengamma"``.
    params : Series
        ``intercept``, one per covariate, ``log_scale`` and, for ``gengamma``, ``shape``; log days.
    covariance : DataFrame
        Inverse of the observed information, in the order of ``params``.
    loglik : float
        Log-likelihood on the scale of days, as R's ``survreg`` gives it. NaN where the fit was not made here.
    n : int
        Number of durations.
    """

    family: str
    params: pd.Series[float]
    covariance: pd.DataFrame
    loglik: float = float("nan")
    n: int = 0

    @property
    def covariates(self) -> list[str]:
        """Names of the covariates, in the order of ``params``."""
        return [name for name in self.params.index if name not in ("intercept", "log_scale", "shape")]

    def survival(
        self, days: npt.ArrayLike, covariates: pd.DataFrame | None = None, given: npt.ArrayLike = 0.0
    ) -> Array:
        """Probability of being out longer than ``days``, given that he is still out on day ``given``.

        Parameters
        ----------
        days : array_like, shape (k,)
            Days since onset; beyond the last observed day too.
        covariates : DataFrame, m rows, optional
            One row a player, one column a covariate of the fit.
        given : array_like, scalar, shape (k,) or, with covariates, shape (m,)
            Days since onset on which he was still out.

        Returns
        -------
        ndarray, shape (k,) or, with covariates, (m, k)
            1 up to ``given``.
        """
        mu, given = self._location(covariates), np.asarray(given, float)
        if covariates is not None:
            mu, given = mu[:, None], given[..., None]
        return conditional_survival(self._family(), mu, self._scale(), np.asarray(days, float), given)

    def quantile(
        self, p: npt.ArrayLike, covariates: pd.DataFrame | None = None, given: npt.ArrayLike = 0.0
    ) -> Array:
        """The day by which he is fit with probability ``p``, given that he is still out on day ``given``.

        Parameters and shapes are those of :meth:`survival`, with ``p`` in [0, 1) in place of ``days``.
        """
        mu, given, family = self._location(covariates), np.asarray(given, float), self._family()
        if covariates is not None:
            mu, given = mu[:, None], given[..., None]
        log_given = family.log_survival((_log(given) - mu) / self._scale())
        z = family.quantile(np.log1p(-np.asarray(p, float)) + log_given)
        return np.maximum(np.exp(mu + self._scale() * z), given)

    def _family(self) -> Family:
        return (
            GeneralizedGamma(float(self.params["shape"]))
            if self.family == "gengamma"
            else FAMILIES[self.family]
        )

    def _scale(self) -> float:
        return float(np.exp(self.params["log_scale"]))

    def _location(self, covariates: pd.DataFrame | None) -> Array:
        """``x'beta`` of each row of ``covariates``, or of everybody where the fit has none."""
        names = self.covariates
        if covariates is None:
            if names:
                raise DataError([Problem("covariates", MISSING, f"must be given: {', '.join(names)}")])
            return np.asarray(self.params["intercept"])
        if missing := [name for name in names if name not in covariates.columns]:
            raise DataError([Problem(name, MISSING, "must be a column of covariates") for name in missing])
        return np.asarray(
            self.params["intercept"] + covariates[names].to_numpy(float) @ self.params[names].to_numpy(float)
        )


def conditional_survival(family: Family, mu: Array, sigma: npt.ArrayLike, days: Array, given: Array) -> Array:
    """``P(T > days | T > given)``; all arguments broadcast against each other."""
    log_survival = family.log_survival((_log(days) - mu) / sigma)
    log_given = family.log_survival((_log(given) - mu) / sigma)
    return np.where(days <= given, 1.0, np.exp(np.minimum(log_survival - log_given, 0.0)))


def fit_recovery(
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    covariates: pd.DataFrame | npt.ArrayLike | None = None,
    family: str = "lognormal",
    weights: npt.ArrayLike | None = None,
    entry: npt.ArrayLike | None = None,
) -> RecoveryFit:
    """Fit an AFT model to censored durations by maximum likelihood.

    Parameters
    ----------
    lower, upper : array_like, shape (n,)
        Days since onset. ``lower == upper`` is exact, ``lower < upper`` an interval, ``upper = inf``
        right-censored, ``lower = 0`` left-censored.
    covariates : DataFrame or array_like, shape (n, k), optional
        No intercept among them; it is added. They are centred and scaled inside.
    family : {"lognormal", "loglogistic", "weibull", "gengamma"}
        Distribution of the days.
    weights : array_like, shape (n,), optional
        How often each duration counts; not negative.
    entry : array_like, shape (n,), optional
        Left truncation: the duration is known only because it exceeded this day.

    Returns
    -------
    RecoveryFit

    Raises
    ------
    DataError
        Where the durations make no sense, or cannot answer the question asked of them.

    Notes
    -----
    For the generalised gamma the derivatives in the shape, which have no closed form, are five-point
    differences of the log-likelihood and of its analytic gradient.

    Examples
    --------
    >>> import forecast as fc
    >>> durations = fc.load_episodes().durations()
    >>> fit = fc.fit_recovery(durations.lower, durations.upper, entry=durations.entry)
    >>> print(f"median {fit.quantile(0.5):.1f} days, still out on day 34: {fit.quantile(0.5, given=34.0):.1f}")
    median 13.8 days, still out on day 34: 60.1
    """
    data = durations_of(lower, upper, covariates, family, weights, entry)
    start = data.start()
    if family == "gengamma":
        # From both ends of the range that matters: shape 0 is the log-normal, 1 the Weibull.
        starts = [
            np.append(_climb(_fixed(data, FAMILIES[f]), start), s)
            for f, s in (("lognormal", 0.0), ("weibull", 1.0))
        ]
        objective = _shaped(data)
        theta = max((_climb(objective, s) for s in starts), key=lambda t: objective(t)[0])
    else:
        objective = _fixed(data, FAMILIES[family])
        theta = _climb(objective, start)
    loglik, gradient, hessian = objective(theta)
    covariance = _covariance(gradient, hessian, data)
    back = data.unscale(len(theta))
    names = ["intercept", *data.names, "log_scale", *(["shape"] if family == "gengamma" else [])]
    return RecoveryFit(
        family=family,
        params=pd.Series(back @ theta, index=names),
        covariance=pd.DataFrame(back @ covariance @ back.T, index=names, columns=names),
        loglik=loglik,
        n=data.n,
    )


@dataclass(frozen=True)
class _Rows:
    """Durations of one kind of censoring: ``at`` their rows, and the ends on the scale of log days."""

    at: npt.NDArray[np.intp]
    low: Array
    high: Array = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True)
class Durations:
    """Checked durations, sorted by kind of censoring, with the covariates scaled."""

    n: int
    design: Array  # intercept and scaled covariates
    names: list[str]
    centre: Array
    spread: Array
    weights: Array
    exact: _Rows
    interval: _Rows
    left: _Rows
    right: _Rows
    truncated: _Rows

    def start(self) -> Array:
        """Least squares on the ends and midpoints: near enough for Newton."""
        y = np.zeros(self.n)
        y[self.exact.at] = self.exact.low
        y[self.interval.at] = 0.5 * (self.interval.low + self.interval.high)
        y[self.left.at] = self.left.high - 0.5
        y[self.right.at] = self.right.low + 0.5
        root = np.sqrt(self.weights)
        beta = np.linalg.lstsq(self.design * root[:, None], y * root)[0]
        variance = np.average((y - self.design @ beta) ** 2, weights=self.weights)
        return np.append(beta, 0.5 * np.log(max(variance, 1e-4)))

    def unscale(self, size: int) -> Array:
        """Matrix that takes parameters of the scaled covariates to those of the covariates as given."""
        matrix = np.eye(size)
        k = len(self.names)
        matrix[0, 1 : k + 1] = -self.centre / self.spread
        matrix[range(1, k + 1), range(1, k + 1)] = 1.0 / self.spread
        return matrix


def durations_of(
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    covariates: pd.DataFrame | npt.ArrayLike | None,
    family: str,
    weights: npt.ArrayLike | None,
    entry: npt.ArrayLike | None,
) -> Durations:
    """Check the arguments of :func:`fit_recovery` and put them into the form the likelihood wants."""
    low, high = np.array(lower, float).ravel(), np.array(upper, float).ravel()
    n = len(low)
    enter = np.zeros(n) if entry is None else np.array(entry, float).ravel()
    weight = np.ones(n) if weights is None else np.array(weights, float).ravel()
    if covariates is None:
        x = pd.DataFrame(index=range(n))
    else:
        x = pd.DataFrame(covariates).rename(columns=str)
    _check(low, high, x, family, weight, enter)
    low = np.maximum(low, enter)  # T > entry is known, so the interval begins there

    values = x.to_numpy(float)
    centre = np.average(values, axis=0, weights=weight)
    spread = np.sqrt(np.average((values - centre) ** 2, axis=0, weights=weight))
    if constant := [
        name for name, s, c in zip(x.columns, spread, centre, strict=True) if s <= 1e-12 * max(abs(c), 1e-300)
    ]:
        raise DataError([Problem(name, values[0, x.columns.get_loc(name)], "must vary") for name in constant])
    design = np.column_stack([np.ones(n), (values - centre) / spread])
    if (
        np.linalg.matrix_rank(design * np.sqrt(weight)[:, None], tol=1e-9 * np.sqrt(weight.sum()))
        < design.shape[1]
    ):
        raise DataError(
            [Problem("covariates", list(x.columns), "must not be sums of multiples of each other")]
        )

    log_low, log_high = _log(low), _log(high)
    exact, bounded = low == high, np.isfinite(high) & (low < high)
    interval = bounded & (low > 0)

    def rows(mask: npt.NDArray[np.bool_]) -> _Rows:
        return _Rows(np.flatnonzero(mask), log_low[mask], log_high[mask])

    truncated = np.flatnonzero(enter > 0)
    return Durations(
        n=n, design=design, names=list(x.columns), centre=centre, spread=spread, weights=weight,
        exact=rows(exact), interval=rows(interval), left=rows(bounded & (low == 0)),
        right=rows(np.isinf(high) & (low > 0)), truncated=_Rows(truncated, _log(enter[truncated])),
    )  # fmt: skip


def _check(low: Array, high: Array, x: pd.DataFrame, family: str, weight: Array, enter: Array) -> None:
    problems = []
    if family not in FAMILIES:
        problems.append(Problem("family", family, f"must be one of {', '.join(FAMILIES)}"))
    n = len(low)
    if n == 0:
        problems.append(Problem("lower", [], "must have at least one duration"))
    for name, array in (("upper", high), ("covariates", x), ("weights", weight), ("entry", enter)):
        if len(array) != n:
            problems.append(Problem(name, f"{len(array)} rows", f"must be as many as lower has, {n}"))
    if problems:
        raise DataError(problems)

    def require(good: npt.NDArray[np.bool_], name: str, values: Array, allowed: str) -> None:
        bad = np.flatnonzero(~good)
        problems.extend(Problem(name, float(values[i]), allowed, entry=f"row {i}") for i in bad[:5])
        if len(bad) > 5:
            problems.append(Problem(name, f"{len(bad) - 5} more rows", allowed))

    require(np.isfinite(low) & (low >= 0), "lower", low, "must be days since onset, finite and not negative")
    require(
        np.isfinite(enter) & (enter >= 0), "entry", enter, "must be days since onset, finite and not negative"
    )
    require(np.isfinite(weight) & (weight >= 0), "weights", weight, "must be finite and not negative")
    require(
        (high > 0) & (high >= low),
        "upper",
        high,
        "must be above 0 and not below lower; inf for right-censored",
    )
    require((high > enter) | ((high == low) & (high >= enter)), "upper", high, "must be above entry")
    for name, column in x.items():
        values = pd.to_numeric(column, errors="coerce").to_numpy(float)
        require(np.isfinite(values), str(name), values, "must be a finite number")
    if not problems and not weight.sum() > 0:
        problems.append(Problem("weights", "all zero", "must have one above zero"))
    if not problems and not np.any(np.isfinite(high) & (weight > 0)):
        problems.append(Problem("upper", "inf in every row", "must have at least one duration that ends"))
    if problems:
        raise DataError(problems)


Objective = Callable[[Array], tuple[float, Array, Array]]


def _fixed(data: Durations, family: Family) -> Objective:
    """Log-likelihood, gradient and Hessian in (beta, log sigma) for a family without a shape."""

    def objective(theta: Array) -> tuple[float, Array, Array]:
        eta, sigma = data.design @ theta[:-1], float(np.exp(theta[-1]))
        value = 0.0
        # Per duration: derivatives in its location eta and in s = log sigma, from those in z by the chain rule
        # z = (log t - eta) / sigma, dz/deta = -1/sigma, dz/ds = -z.
        g_eta, g_s, h_ee, h_es, h_ss = np.zeros((5, data.n))
        for at, term, parts in _terms(data, family, eta, sigma):
            value += float(data.weights[at] @ term)
            for z, g, row in parts:
                g_eta[at] -= g / sigma
                g_s[at] -= g * z
                h_es[at] += g / sigma
                h_ss[at] += g * z
                for z2, h in row:
                    h_ee[at] += h / sigma**2
                    h_es[at] += h * z2 / sigma
                    h_ss[at] += h * z * z2
        w, x = data.weights, data.design
        exact = data.weights[data.exact.at].sum()
        gradient = np.append(x.T @ (w * g_eta), w @ g_s - exact)
        cross = x.T @ (w * h_es)
        hessian = np.block([[x.T @ (x * (w * h_ee)[:, None]), cross[:, None]], [cross[None, :], w @ h_ss]])
        return value, gradient, hessian

    return objective


Parts = list[tuple[Array, Array, list[tuple[Array, Array]]]]


def _terms(
    data: Durations, family: Family, eta: Array, sigma: float
) -> Iterator[tuple[npt.NDArray[np.intp], Array, Parts]]:
    """For each kind of censoring: its rows, their log-likelihood, and the derivatives of that in z.

    The derivatives come as parts, one for each end of the duration: z there, the first derivative in it, and
    a row of the second derivatives, each with the z it is taken in.
    """

    def standard(log_t: Array, at: npt.NDArray[np.intp]) -> Array:
        return (log_t - eta[at]) / sigma

    def density(
        at: npt.NDArray[np.intp], z: Array, log_t: Array
    ) -> tuple[npt.NDArray[np.intp], Array, Parts]:
        return (
            at,
            family.log_density(z) - np.log(sigma) - log_t,
            [(z, family.slope(z), [(z, family.curvature(z))])],
        )

    if len(at := data.exact.at):
        yield density(at, standard(data.exact.low, at), data.exact.low)
    for rows, sign in ((data.right, 1.0), (data.truncated, -1.0)):
        if len(at := rows.at):
            z = standard(rows.low, at)
            log_s = family.log_survival(z)
            hazard = np.exp(family.log_density(z) - log_s)
            yield at, sign * log_s, [(z, -sign * hazard, [(z, -sign * hazard * (family.slope(z) + hazard))])]
    if len(at := data.left.at):
        z = standard(data.left.high, at)
        log_f = family.log_distribution(z)
        ratio = np.exp(family.log_density(z) - log_f)
        yield at, log_f, [(z, ratio, [(z, ratio * (family.slope(z) - ratio))])]
    if len(at := data.interval.at):
        a, b = standard(data.interval.low, at), standard(data.interval.high, at)
        narrow = b - a < _NARROW
        if narrow.any():
            z, width = 0.5 * (a + b)[narrow], (b - a)[narrow]
            yield (
                at[narrow],
                family.log_density(z) + np.log(width),
                [(z, family.slope(z), [(z, family.curvature(z))])],
            )
            at, a, b = at[~narrow], a[~narrow], b[~narrow]
        log_p = log_difference(family, a, b)
        fa, fb = np.exp(family.log_density(a) - log_p), np.exp(family.log_density(b) - log_p)
        yield (
            at,
            log_p,
            [
                (a, -fa, [(a, -fa * (family.slope(a) + fa)), (b, fa * fb)]),
                (b, fb, [(b, fb * (family.slope(b) - fb)), (a, fa * fb)]),
            ],
        )


def _shaped(data: Durations) -> Objective:
    """The same for the generalised gamma, its shape being the last parameter."""

    def objective(theta: Array) -> tuple[float, Array, Array]:
        def at(offset: int) -> tuple[float, Array, Array]:
            return _fixed(data, GeneralizedGamma(theta[-1] + offset * _SHAPE_STEP))(theta[:-1])

        value, gradient, hessian = at(0)
        (f2, g2, _), (f1, g1, _), (e1, d1, _), (e2, d2, _) = at(2), at(1), at(-1), at(-2)
        slope = (8 * (f1 - e1) - (f2 - e2)) / (12 * _SHAPE_STEP)
        curvature = (16 * (f1 + e1) - (f2 + e2) - 30 * value) / (12 * _SHAPE_STEP**2)
        cross = (8 * (g1 - d1) - (g2 - d2)) / (12 * _SHAPE_STEP)
        return (
            value,
            np.append(gradient, slope),
            np.block([[hessian, cross[:, None]], [cross[None, :], np.array([[curvature]])]]),
        )

    return objective


def _climb(objective: Objective, theta: Array) -> Array:
    """Maximise by Newton's method, damped where the surface is not concave or the step too long."""
    value, gradient, hessian = objective(theta)
    for _ in range(_MAX_STEPS):
        curvature, axes = np.linalg.eigh(-hessian)
        # A direction that curves upwards is followed uphill as if it curved down as much.
        curvature = np.maximum(np.abs(curvature), 1e-10 * np.abs(curvature).max())
        step = axes @ ((axes.T @ gradient) / curvature)
        step *= min(1.0, 3.0 / np.abs(step).max())  # log days: nobody is further off than a factor of 20
        gain = float(gradient @ step)
        if gain < 1e-18 * (1.0 + abs(value)):
            break
        for _ in range(40):
            tried = objective(theta + step)
            if np.isfinite(tried[0]) and tried[0] >= value + 1e-4 * gain - 1e-13 * abs(value):
                break
            step, gain = 0.5 * step, 0.5 * gain
        else:
            break  # no step of any length rises beyond rounding: this is the top
        theta = theta + step
        moved = tried[0] - value
        value, gradient, hessian = tried
        if abs(moved) <= 1e-15 * abs(value) and gain < 1e-12 * (1.0 + abs(value)):
            break
    return theta


def _covariance(gradient: Array, hessian: Array, data: Durations) -> Array:
    """Inverse of the observed information; an error where the durations do not determine every parameter."""
    curvature, axes = np.linalg.eigh(-hessian)
    scale = data.weights.sum()
    if curvature[0] <= 1e-9 * scale or np.abs(gradient).max() > 1e-4 * scale:
        names = ["intercept", *data.names, "log_scale", "shape"]
        weakest = names[int(np.abs(axes[:, 0]).argmax())]
        raise DataError(
            [
                Problem(
                    "lower, upper",
                    f"{data.n} durations",
                    f"they do not determine {weakest}; more, or fewer covariates, are needed",
                )
            ]
        )
    return (axes / curvature) @ axes.T


def _log(days: npt.ArrayLike) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(np.asarray(days, float))
