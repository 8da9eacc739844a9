"""The days from onset until fit: a distribution fitted to censored durations.

``log T = x'beta + sigma e``: ``T`` days from onset until fit, ``x`` the covariates, ``e`` from one of the
:mod:`~forecast.survival.families`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..arrays import Array
from ..io.errors import MISSING, DataError, Problem
from .durations import Covariates, bad_covariates, covariate_table, durations_of
from .families import FAMILIES, Family, GeneralizedGamma
from .newton import Rows, design_of, maximise


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

    @np.errstate(over="ignore", under="ignore")  # whatever the caller has set: next to nothing is nothing
    def survival(self, days: npt.ArrayLike, covariates: Covariates | None = None, given: npt.ArrayLike = 0.0) -> Array:
        """Return the probability of being out longer than ``days``, given being still out on day ``given``.

        Parameters
        ----------
        days : array_like, shape (k,)
            Days since onset; beyond the last observed day too.
        covariates : DataFrame or ndarray, m rows, optional
            One row a player, one column a covariate of the fit.
        given : array_like, scalar, shape (k,) or, with covariates, shape (m,)
            Days since onset on which he was still out.

        Returns
        -------
        ndarray, shape (k,) or, with covariates, (m, k)
            1 up to ``given``.

        Raises
        ------
        DataError
            If a number is NaN, or a covariate of the fit is not there.
        """
        mu, given = self._at(covariates, given)
        return conditional_survival(self._family(), mu, self._scale(), _within("days", days), given)

    @np.errstate(over="ignore", under="ignore")
    def quantile(self, p: npt.ArrayLike, covariates: Covariates | None = None, given: npt.ArrayLike = 0.0) -> Array:
        """Return the day by which a player is fit with probability ``p``, given being still out on day ``given``.

        Parameters, shapes and errors are those of :meth:`survival`, with ``p``, 0 to 1, in place of ``days``.
        """
        mu, given = self._at(covariates, given)
        family, sigma = self._family(), self._scale()
        with np.errstate(divide="ignore"):  # p = 1 is never reached
            log_remaining = np.log1p(-_within("p", p, 0.0, 1.0))
        z = family.quantile(log_remaining + family.log_survival((_log(given) - mu) / sigma))
        return np.maximum(np.exp(mu + sigma * z), given)

    def _family(self) -> Family:
        shaped = self.family == "gengamma"
        return GeneralizedGamma(float(self.params["shape"])) if shaped else FAMILIES[self.family]

    def _scale(self) -> float:
        return float(np.exp(self.params["log_scale"]))

    def _at(self, covariates: Covariates | None, given: npt.ArrayLike) -> tuple[Array, Array]:
        """``x'beta`` and ``given``, a row for each of ``covariates``, or one for everybody."""
        intercept, names = float(self.params["intercept"]), self.covariates
        out_on = _within("given", given)
        if covariates is None and not names:
            return np.asarray(intercept), out_on
        table = pd.DataFrame() if covariates is None else covariate_table(covariates)
        if missing := [name for name in names if name not in table]:
            raise DataError(Problem(name, MISSING, "must be a column of covariates") for name in missing)
        chosen = table[names]
        if bad := bad_covariates(chosen.columns.tolist(), chosen.to_numpy()):
            raise DataError(bad)
        location = intercept + chosen.to_numpy() @ np.asarray(self.params[names], float)
        return location[:, None], out_on[..., None]


def conditional_survival(family: Family, mu: Array, sigma: npt.ArrayLike, days: Array, given: Array) -> Array:
    """``P(T > days | T > given)``; all arguments broadcast against each other."""
    scale = np.asarray(sigma, float)
    log_survival = family.log_survival((_log(days) - mu) / scale)
    log_given = family.log_survival((_log(given) - mu) / scale)
    return np.where(days <= given, 1.0, np.exp(np.minimum(log_survival - log_given, 0.0)))


def fit_recovery(
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    covariates: Covariates | None = None,
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
    covariates : DataFrame or ndarray, shape (n, k), optional
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
    >>> durations = fc.load_episodes().durations("hamstring")
    >>> fit = fc.fit_recovery(durations.lower, durations.upper, entry=durations.entry)
    >>> print(f"median {fit.quantile(0.5):.1f} days; still out on day 34: {fit.quantile(0.5, given=34):.1f}")
    median 14.5 days; still out on day 34: 59.2
    """
    return recovery_of(durations_of(lower, upper, covariates, weights, entry), family)


@np.errstate(under="ignore")
def recovery_of(rows: Rows, family: str) -> RecoveryFit:
    """Fit checked durations, wherever they are, as :func:`fit_recovery` does."""
    if family not in FAMILIES:
        raise DataError.of("family", family, f"must be one of {', '.join(FAMILIES)}")
    design = design_of(rows)
    theta, loglik, covariance = maximise(design, family)
    back, names = design.unscale(len(theta)), pd.Index(design.parameters(family))
    return RecoveryFit(
        family=family,
        params=pd.Series(back @ theta, index=names),
        covariance=pd.DataFrame(back @ covariance @ back.T, index=names, columns=names),
        loglik=loglik,
        n=design.n,
    )


def _within(name: str, values: npt.ArrayLike, least: float = -np.inf, most: float = np.inf) -> Array:
    numbers = np.asarray(values, float)
    if not np.all((least <= numbers) & (numbers <= most)):
        raise DataError.of(name, values, f"must be numbers from {least:g} to {most:g}")
    return numbers


def _log(days: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.log(np.maximum(days, 0.0))
