"""The sandwich covariance says how much the estimate would move with other players: so does drawing them anew."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from forecast.fitting import PROXY_WEIGHT
from forecast.joint import Joint, fit_joint
from forecast.readings import readings_of, with_proxies

FAMILY, RESAMPLES = "loglogistic", 80


def _loss(readings, top, root):
    """The objective in units of the naive standard errors, from the top of the whole."""
    loss = Joint(FAMILY).objective(readings)

    def of(x):
        value, slope = loss(top + root @ x)
        return value, root.T @ slope

    return of


@pytest.mark.slow
def test_standard_errors_are_those_of_a_bootstrap_over_players(model, episodes):
    """Eighty resamples know a standard deviation to within 8%, so that 25% is three times as much."""
    readings = with_proxies(readings_of(episodes), PROXY_WEIGHT)
    start = next(f.params for f in model.fits if f.family == FAMILY)
    fitted = fit_joint(FAMILY, readings, start=start)
    top = fitted.params.to_numpy()
    players, player = np.unique(readings.table.player, return_inverse=True)
    rng = np.random.default_rng(1)
    root = np.linalg.inv(np.linalg.cholesky(fitted.hessian)).T  # in these units the top of each is round
    zero, estimates = np.zeros(len(top)), []
    for _ in range(RESAMPLES):
        times = np.bincount(rng.integers(0, len(players), len(players)), minlength=len(players))
        resampled = replace(readings, weight=readings.weight * times[player])
        estimates.append(top + root @ minimize(_loss(resampled, top, root), zero, jac=True, options={"gtol": 0.05}).x)
    moved, se = np.array(estimates) - top, np.sqrt(np.diag(fitted.covariance))
    ratio = dict(zip(fitted.params.index, (moved.std(axis=0, ddof=1) / se).round(3), strict=True))
    print(ratio)
    assert all(0.75 < r < 1.33 for r in ratio.values()), ratio
    # Nor does the estimate move to one side by more than a part of it.
    assert np.abs(moved.mean(axis=0) / se).max() < 0.6
    # As if the readings were independent it would be too sure of most of them.
    naive = np.sqrt(np.diag(np.linalg.inv(fitted.hessian)))
    assert np.median(naive / se) < 0.9
