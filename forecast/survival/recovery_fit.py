"""The days from onset until fit: a distribution fitted to censored durations."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..io.errors import DataError
from .durations import Covariates, durations_of
from .families import FAMILIES
from .newton import Rows, clustered, design_of, maximise
from .recovery_curve import RecoveryFit as RecoveryFit


def fit_recovery(
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    covariates: Covariates | None = None,
    family: str = "lognormal",
    weights: npt.ArrayLike | None = None,
    entry: npt.ArrayLike | None = None,
    *,
    exit: npt.ArrayLike | None = None,
    scale_covariates: pd.DataFrame | None = None,
    cluster: npt.ArrayLike | None = None,
) -> RecoveryFit:
    """Fit an AFT model to censored durations by maximum likelihood.

    Parameters
    ----------
    lower, upper : array_like, shape (n,)
        Days since onset. ``lower == upper`` is exact, ``lower < upper`` an interval, ``upper = inf``
        right-censored, ``lower = 0`` left-censored.
    covariates : DataFrame or ndarray, shape (n, k), optional
        No intercept among them; it is added. They are centred and scaled inside. A data frame may be of any make.
    family : {"lognormal", "loglogistic", "weibull", "gengamma"}
        Distribution of the days.
    weights : array_like, shape (n,), optional
        How often each duration counts; not negative.
    entry : array_like, shape (n,), optional
        Left truncation: the duration is known only because it exceeded this day.
    exit : array_like, shape (n,), optional
        Right truncation: the duration is known only because it had ended by this day, as in a table of finished
        injuries; days from onset to when the table was made.
    scale_covariates : DataFrame, n rows, optional
        Covariates of the log scale. A question finds them, by name, among its ``covariates``.
    cluster : array_like, shape (n,), optional
        Players, or whatever durations share: the covariance is the sandwich, that of ``survreg(cluster=)``.

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
    rows = durations_of(lower, upper, covariates, weights, entry, exit, scale_covariates)
    return recovery_of(rows, family, cluster)


@np.errstate(under="ignore")  # whatever the caller has set: next to nothing is nothing
def recovery_of(rows: Rows, family: str, cluster: npt.ArrayLike | None = None) -> RecoveryFit:
    """Fit checked durations, wherever they are, as :func:`fit_recovery` does."""
    if not isinstance(family, str) or family not in FAMILIES:
        raise DataError.of("family", family, f"must be one of {', '.join(FAMILIES)}")
    design = design_of(rows)
    theta, loglik, covariance = maximise(design, family)
    if cluster is not None:
        covariance = clustered(design, family, theta, covariance, cluster)
    back, names = design.unscale(len(theta)), pd.Index(design.parameters(family))
    return RecoveryFit(
        family=family,
        params=pd.Series(back @ theta, index=names),
        covariance=pd.DataFrame(back @ covariance @ back.T, index=names, columns=names),
        loglik=loglik,
        n=design.n,
    )
