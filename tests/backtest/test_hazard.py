from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, special

from forecast.backtest.hazard import at_risk, features, fit_hazard
from forecast.backtest.origins import NOT_SEEN, origins_of
from forecast.scoring.scores import brier_within, log_score


@pytest.fixture(scope="module")
def origins(episodes):
    return origins_of(episodes.of("hamstring"))


def test_it_is_a_baseline_worth_beating(origins):
    season = origins.table.season.to_numpy()
    p = np.full(origins.ahead.shape, np.nan)
    for held in np.unique(season):
        p[season == held] = fit_hazard(origins.take(season != held)).p_returns(origins.take(season == held))
    p[np.isnan(origins.ahead)] = np.nan
    assert log_score(p, origins.returned, origins.known).mean() == pytest.approx(1.465, abs=5e-4)
    next_, three = (np.nanmean(brier_within(p, origins.returned, origins.known, k)) for k in (1, 3))
    assert (next_, three) == pytest.approx((0.1061, 0.1955), abs=5e-5)


def test_the_fit_is_where_the_penalised_likelihood_is_highest(origins):
    row, fixture = at_risk(origins)
    x = features(origins, row, fixture)
    standard = np.column_stack([np.ones(len(x)), (x - x.mean()) / x.std(ddof=0)])
    happened = (origins.returned[row] == fixture).astype(float)

    def loss(beta):
        eta = standard @ beta
        value = happened @ special.log_expit(eta) + (1.0 - happened) @ special.log_expit(-eta)
        gradient = standard.T @ (happened - special.expit(eta))
        return 2.5 * beta[1:] @ beta[1:] - value, np.append(0.0, 5.0 * beta[1:]) - gradient

    best = optimize.minimize(loss, np.zeros(standard.shape[1]), jac=True, method="L-BFGS-B", tol=1e-12)
    fitted = fit_hazard(origins, ridge=5.0).coefficients * x.std(ddof=0)
    assert fitted.to_numpy() == pytest.approx(best.x[1:], abs=2e-3)


def test_without_a_slope_everybody_gets_the_mean_hazard(origins):
    row, fixture = at_risk(origins)
    rate = (origins.returned[row] == fixture).mean()
    p = fit_hazard(origins, ridge=1e9).p_returns(origins)
    six = origins.count == 6
    assert p[six] == pytest.approx(np.tile(rate * (1 - rate) ** np.arange(6), (six.sum(), 1)), rel=1e-3)


def test_probabilities_of_the_fixtures_add_up_to_less_than_one(origins):
    p = fit_hazard(origins).p_returns(origins)
    assert (p >= 0.0).all()
    assert (p.sum(axis=1) < 1.0).all()
    assert (p[np.isnan(origins.ahead)] == 0.0).all()


def test_at_risk_until_he_appears_or_is_followed_no_longer(origins):
    row, fixture = at_risk(origins)
    last = np.where(origins.returned == NOT_SEEN, origins.known, origins.returned + 1)
    assert (np.bincount(row, minlength=len(origins)) == last).all()
    assert (fixture < last[row]).all()
