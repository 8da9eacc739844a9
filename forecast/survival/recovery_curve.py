"""A fitted distribution of the days from onset until fit, asked: survival, quantiles, means, residuals.

``log T = x'beta + sigma e``: ``T`` days from onset until fit, ``x`` the covariates, ``e`` from one of the
:mod:`~forecast.survival.families`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from numbers import Real
from typing import overload

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..arrays import Array
from ..io.errors import MISSING, DataError, Problem
from .diagnostics import band_table, normal_quantile, residual_table, restricted_mean, standard_errors
from .durations import PARAMETERS, SPREAD, Covariates, bad_covariates, covariate_table, durations_of, numbers_of
from .families import FAMILIES, Family, GeneralizedGamma


@dataclass(frozen=True)
class RecoveryFit:
    """A fitted AFT model of the days from onset until fit.

    Attributes
    ----------
    family : str
        ``"lognormal"``, ``"loglogistic"``, ``"weibull"`` or ``"gengamma"``.
    params : Series
        ``intercept``, one per covariate, ``log_scale``, ``log_scale.NAME`` of each of its covariates and, for
        ``gengamma``, ``shape``; log days.
    covariance : DataFrame
        Inverse of the observed information, or the sandwich clustered as was asked for, in the order of ``params``.
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

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RecoveryFit) and self._told() == other._told()

    def __hash__(self) -> int:
        return hash(self._told()[0])

    def _told(self) -> tuple[str, str]:
        """Return what tells a fit from another, as texts, in which NaN equals NaN."""
        return repr((self.family, self.n, self.loglik, self.params.to_dict())), repr(self.covariance.to_dict())

    @property
    def covariates(self) -> list[str]:
        """Names of the covariates, in the order of ``params``."""
        return [name for name in self.params.index if name not in PARAMETERS and not name.startswith(SPREAD)]

    @property
    def scale_covariates(self) -> list[str]:
        """Names of the covariates of the log scale, in the order of ``params``."""
        return [name.removeprefix(SPREAD) for name in self.params.index if name.startswith(SPREAD)]

    @overload
    def survival(
        self, days: npt.ArrayLike, covariates: Covariates | None = ..., given: npt.ArrayLike = ...
    ) -> Array: ...
    @overload
    def survival(
        self, days: npt.ArrayLike, covariates: Covariates | None = ..., given: npt.ArrayLike = ..., *, level: float
    ) -> pd.DataFrame: ...
    @np.errstate(over="ignore", under="ignore")  # whatever the caller has set: next to nothing is nothing
    def survival(
        self,
        days: npt.ArrayLike,
        covariates: Covariates | None = None,
        given: npt.ArrayLike = 0.0,
        *,
        level: float | None = None,
    ) -> Array | pd.DataFrame:
        """Return the probability of being out longer than ``days``, given being still out on day ``given``.

        Parameters
        ----------
        days : array_like, shape (k,)
            Days since onset; beyond the last observed day too.
        covariates : DataFrame or ndarray, m rows, optional
            One row a player, one column a covariate of the fit.
        given : array_like, scalar, shape (k,) or, with covariates, shape (m,)
            Days since onset on which he was still out.
        level : float, optional
            Of a band, by the delta method on the scale of log(-log S) (Kalbfleisch and Prentice 2002, section 1.4).

        Returns
        -------
        ndarray, shape (k,) or, with covariates, (m, k)
            1 up to ``given``. With ``level`` a DataFrame, a row a day of a player: ``row`` (of the covariates),
            ``days``, ``survival``, ``low`` and ``high``.

        Raises
        ------
        DataError
            If a number is NaN, a covariate of the fit is not there, or the level is none.
        """
        out_on = given
        mu, sigma, given = self._at(covariates, given)
        value = conditional_survival(self._family(), mu, sigma, _within("days", days), given)
        if level is None:
            return value
        with np.errstate(divide="ignore", invalid="ignore"):  # where survival is 0 or 1
            error = self._error(lambda fit: np.log(-np.log(fit.survival(days, covariates, out_on))), value, level)
            ends = [value ** np.exp(side * error) for side in (1.0, -1.0)]
        return band_table(value, ends, error, "days", days, "survival")

    @overload
    def quantile(self, p: npt.ArrayLike, covariates: Covariates | None = ..., given: npt.ArrayLike = ...) -> Array: ...
    @overload
    def quantile(
        self, p: npt.ArrayLike, covariates: Covariates | None = ..., given: npt.ArrayLike = ..., *, level: float
    ) -> pd.DataFrame: ...
    @np.errstate(over="ignore", under="ignore")  # as above
    def quantile(
        self,
        p: npt.ArrayLike,
        covariates: Covariates | None = None,
        given: npt.ArrayLike = 0.0,
        *,
        level: float | None = None,
    ) -> Array | pd.DataFrame:
        """Return the day by which a player is fit with probability ``p``, given being still out on day ``given``.

        Parameters, shapes and errors are those of :meth:`survival`, with ``p``, 0 to 1, in place of ``days``. The band
        is on the scale of the log of the days left, for a Weibull without ``given`` that of log(-log S); its columns
        are ``row``, ``p``, ``days``, ``low`` and ``high``.
        """
        out_on = given
        mu, sigma, given = self._at(covariates, given)
        value = conditional_quantile(self._family(), mu, sigma, _within("p", p, 0.0, 1.0), given)
        if level is None:
            return value
        with np.errstate(divide="ignore", invalid="ignore"):  # of no days at all
            error = self._error(lambda fit: np.log(fit.quantile(p, covariates, out_on) - given), value, level)
            ends = [given + (value - given) * np.exp(side * error) for side in (-1.0, 1.0)]
        return band_table(value, ends, error, "p", p, "days")

    @np.errstate(over="ignore", under="ignore")  # as above
    def mean(self, given: npt.ArrayLike = 0.0, until: float = 730.0, covariates: Covariates | None = None) -> Array:
        """Return the mean day by which a player is fit, a day beyond ``until`` counted as that.

        Parameters
        ----------
        given : array_like, scalar, shape (k,) or, with covariates, shape (m,)
            Days since onset on which he was still out.
        until : float
            Days since onset; without such an end the mean of a log-logistic need not exist.
        covariates : DataFrame or ndarray, m rows, optional

        Returns
        -------
        ndarray, shape (k,) or, with covariates, (m,)
            The restricted mean, ``given`` and the integral of the survival from there until ``until`` (Royston and
            Parmar 2013, BMC Med Res Methodol 13, 152). Less ``given`` it is the mean number of days left.

        Raises
        ------
        DataError
            As for :meth:`survival`, or if ``until`` is not above 0 and finite.

        Examples
        --------
        >>> import forecast as fc
        >>> fit = fc.fit_recovery([3, 10, 20], [3, 10, 20])
        >>> fit.mean(given=[0, 30], until=60).round(1).tolist()
        [11.3, 41.6]
        """
        if not isinstance(until, Real) or not 0.0 < until < np.inf:
            raise DataError.of("until", until, "must be days since onset, above 0 and finite")
        mu, sigma, start = self._at(covariates, given)
        asks, family = self._asks(covariates), self._family()
        if not asks:
            mu, sigma, start = (np.atleast_1d(x)[..., None] for x in (mu, sigma, start))
        start = np.maximum(start, 0.0)

        def survival(days: Array) -> Array:
            return conditional_survival(family, mu, sigma, days, start)

        def quantile(p: Array) -> Array:
            return conditional_quantile(family, mu, sigma, p, start)

        value = restricted_mean(survival, quantile, start, float(until))
        return value if asks else value.reshape(np.shape(given))

    @np.errstate(over="ignore", under="ignore")  # as above
    def residuals(
        self,
        lower: npt.ArrayLike,
        upper: npt.ArrayLike,
        covariates: Covariates | None = None,
        entry: npt.ArrayLike | None = None,
        exit: npt.ArrayLike | None = None,
    ) -> pd.DataFrame:
        """Return the residuals of durations, those of the fit or new ones.

        Parameters are those of :func:`fit_recovery`; shape (n,).

        Returns
        -------
        DataFrame, a row a duration
            ``lower`` and ``upper``, the ends on the scale of the cumulative hazard since ``entry``: censored draws of a
            unit exponential if the fit is right (Cox and Snell 1968, J R Stat Soc B 30, 248-275). ``cox_snell``, the
            mean of such a draw within these ends: of a right-censored one ``lower + 1``. ``martingale``,
            ``1 - cox_snell``, and ``deviance``, of its sign, whose square is twice what the log-likelihood of the row
            would gain by the constant times the hazard that suits it best (Farrington 2000, Biometrics 56, 473-482).

        Raises
        ------
        DataError
            As for :func:`fit_recovery`.

        Examples
        --------
        >>> import forecast as fc
        >>> fit = fc.fit_recovery([3, 10, 20], [3, 10, float("inf")], family="weibull")
        >>> fit.residuals([3, 20], [3, float("inf")]).round(2).deviance.tolist()
        [1.4, -1.58]
        """
        rows = durations_of(lower, upper, None, None, entry, exit)
        mu, sigma, _ = self._at(covariates, 0.0)
        mu, sigma = np.ravel(mu), np.ravel(sigma)
        if len(mu) not in (1, len(rows)):
            raise DataError.of("covariates", f"{len(mu)} rows", f"must be as many as lower has, {len(rows)}")
        family = self._family()

        def hazard(days: Array) -> Array:
            return -np.asarray(family.log_survival((_log(days) - mu) / sigma))

        with np.errstate(divide="ignore", invalid="ignore"):  # of ends at 0 and at infinity
            start, stop = hazard(rows.entry), hazard(rows.exit)
            ends = [hazard(days) - start for days in (rows.beyond, rows.upper)]
            if exit is not None:  # the share of what lies between entry and exit, as a cumulative hazard
                ends = [-np.log1p(np.expm1(-end) / -np.expm1(start - stop)) for end in ends]
        return residual_table(*ends)

    def _family(self) -> Family:
        return GeneralizedGamma(float(self.params["shape"])) if self.family == "gengamma" else FAMILIES[self.family]

    def _asks(self, covariates: Covariates | None) -> bool:
        """Tell whether a question is of players in rows, or of everybody."""
        return covariates is not None or bool(self.covariates or self.scale_covariates)

    def _error(self, of: Callable[[RecoveryFit], Array], value: Array, level: float) -> Array:
        """Return how far the ends of a band are from what a fit says, on the scale of ``of``."""
        if not isinstance(level, Real) or not 0.0 < level < 1.0:
            raise DataError.of("level", level, "must be above 0 and below 1")

        def at(params: Array) -> Array:
            return of(replace(self, params=pd.Series(params, self.params.index)))

        errors = standard_errors(at, np.asarray(self.params, float), self.covariance.to_numpy(float))
        return np.broadcast_to(normal_quantile(level) * errors, value.shape)

    def _at(self, covariates: Covariates | None, given: npt.ArrayLike) -> tuple[Array, Array, Array]:
        """``x'beta``, the scale and ``given``, a row for each of ``covariates``, or one for everybody."""
        intercept, log_scale = float(self.params["intercept"]), float(self.params["log_scale"])
        names, spreads = self.covariates, self.scale_covariates
        out_on = _within("given", given)
        if not self._asks(covariates):
            return np.asarray(intercept), np.asarray(np.exp(log_scale)), out_on
        table = pd.DataFrame() if covariates is None else covariate_table(covariates)
        both = list(dict.fromkeys([*names, *spreads]))
        if missing := [name for name in both if name not in table]:
            raise DataError(Problem(name, MISSING, "must be a column of covariates") for name in missing)
        chosen = table[both]
        if bad := bad_covariates(chosen.columns.tolist(), chosen.to_numpy()):
            raise DataError(bad)
        location = intercept + table[names].to_numpy() @ np.asarray(self.params[names], float)
        of_spread = self.params[[f"{SPREAD}{name}" for name in spreads]]
        scale = np.exp(log_scale + table[spreads].to_numpy() @ np.asarray(of_spread, float))
        return location[:, None], scale[:, None], out_on[..., None]


def conditional_survival(family: Family, mu: Array, sigma: npt.ArrayLike, days: Array, given: Array) -> Array:
    """``P(T > days | T > given)``; all arguments broadcast against each other."""
    scale = np.asarray(sigma, float)
    log_survival = family.log_survival((_log(days) - mu) / scale)
    log_given = family.log_survival((_log(given) - mu) / scale)
    return np.where(days <= given, 1.0, np.exp(np.minimum(log_survival - log_given, 0.0)))


def conditional_quantile(family: Family, mu: Array, sigma: Array, p: Array, given: Array) -> Array:
    """Return the day by which the event has come with probability ``p``, given that it had not on day ``given``."""
    with np.errstate(divide="ignore"):  # p = 1 is never reached
        log_remaining = np.log1p(-p)
    z = family.quantile(log_remaining + family.log_survival((_log(given) - mu) / sigma))
    return np.maximum(np.exp(mu + sigma * z), given)


def _within(name: str, values: npt.ArrayLike, least: float = -np.inf, most: float = np.inf) -> Array:
    numbers = numbers_of(name, values)
    if not np.all((least <= numbers) & (numbers <= most)):
        raise DataError.of(name, values, f"must be numbers from {least:g} to {most:g}")
    return numbers


def _log(days: Array) -> Array:
    with np.errstate(divide="ignore"):  # of the onset itself
        return np.log(np.maximum(days, 0.0))
