"""Right truncation, a covariate of the scale, clusters, means, bands and residuals of fitted recovery curves.

The oracle is a log-likelihood written out with scipy.stats, one row at a time, and its derivatives by differences.
"""

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from scipy.integrate import quad
from scipy.special import ndtr

import forecast as fc

FAMILIES = ("lognormal", "loglogistic", "weibull")
OF = {
    "lognormal": lambda mu, sigma: scipy.stats.lognorm(s=sigma, scale=np.exp(mu)),
    "loglogistic": lambda mu, sigma: scipy.stats.fisk(c=1.0 / sigma, scale=np.exp(mu)),
    "weibull": lambda mu, sigma: scipy.stats.weibull_min(c=1.0 / sigma, scale=np.exp(mu)),
}


def rows_loglik(family, params, d):
    """Log-likelihood of each row: a density, or the chance of an interval, over that of the window it was seen through."""
    mu = params[0] + params[1] * d.x
    sigma = np.exp(params[2] + (params[3] * d.w if len(params) > 3 else 0.0))
    e = OF[family](mu.to_numpy(), np.broadcast_to(sigma, len(d)))
    chance = e.sf(d.lower) - np.where(np.isinf(d.upper), 0.0, e.sf(np.minimum(d.upper, 1e6)))
    with np.errstate(divide="ignore"):  # of what cannot have been
        value = np.where(d.lower == d.upper, e.logpdf(d.lower), np.log(np.maximum(chance, 0.0)))
    leaving = np.where(np.isinf(d.exit), 1.0, e.cdf(np.minimum(d.exit, 1e6)))
    return value - np.log(leaving - e.cdf(d.entry))


def slopes(function, at, h=1e-5):
    return np.stack([(function(at + s) - function(at - s)) / (2 * h) for s in h * np.eye(len(at))], axis=-1)


@pytest.fixture(scope="module")
def table():
    """240 durations: exact, in intervals and right-censored; a quarter entered late, a third left early."""
    rng = np.random.default_rng(7)
    n = 4000
    d = pd.DataFrame({"x": rng.normal(size=n), "w": rng.normal(size=n), "club": rng.integers(0, 20, n)})
    days = np.exp(3.0 + 0.4 * d.x + np.exp(-0.5 + 0.3 * d.w) * rng.logistic(size=n))
    d["entry"] = np.where(rng.random(n) < 0.25, rng.uniform(1.0, 15.0, n), 0.0)
    d["exit"] = np.where(rng.random(n) < 0.35, rng.uniform(25.0, 150.0, n), np.inf)
    return _seen(d[(days > d.entry) & (days <= d.exit)].iloc[:240].reset_index(drop=True), rng)


def _seen(d, rng):
    """Draw the days within each window, and what is seen of them."""
    e = scipy.stats.fisk(c=1.0 / np.exp(-0.5 + 0.3 * d.w), scale=np.exp(3.0 + 0.4 * d.x))
    low, high = e.cdf(d.entry), np.where(np.isinf(d.exit), 1.0, e.cdf(np.minimum(d.exit, 1e6)))
    days = e.ppf(low + rng.random(len(d)) * (high - low))
    kind = rng.integers(0, 3, len(d))
    censored = (kind == 2) & np.isinf(d.exit)
    wide = kind == 1
    lower = np.where(wide, np.maximum(0.7 * days, d.entry), np.where(censored, np.maximum(0.5 * days, d.entry), days))
    upper = np.where(wide, np.minimum(1.3 * days, d.exit), np.where(censored, np.inf, days))
    return d.assign(lower=lower, upper=upper)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("spread", [False, True])
def test_truncation_on_both_sides_and_the_scale_agree_with_scipy(table, family, spread):
    fit = fc.fit_recovery(
        table.lower, table.upper, table[["x"]], family,
        entry=table.entry, exit=table.exit, scale_covariates=table[["w"]] if spread else None,
    )  # fmt: skip
    assert list(fit.params.index) == ["intercept", "x", "log_scale", *(["log_scale.w"] if spread else [])]
    at = fit.params.to_numpy()
    assert fit.loglik == pytest.approx(rows_loglik(family, at, table).sum(), rel=1e-9)
    gradient = slopes(lambda p: rows_loglik(family, p, table).sum(), at)
    se = np.sqrt(np.diag(fit.covariance))
    np.testing.assert_allclose(gradient * se, 0.0, atol=2e-4)  # that of the oracle is good to 1e-5 itself
    hessian = slopes(lambda p: slopes(lambda q: rows_loglik(family, q, table).sum(), p, 1e-3), at, 1e-3)
    np.testing.assert_allclose(np.linalg.inv(-hessian) / np.outer(se, se), fit.covariance / np.outer(se, se), atol=2e-3)


@pytest.mark.parametrize("family", FAMILIES)
def test_clustered_errors_agree_with_scipy(table, family):
    """V S'S V, the scores of a club added up, as survreg(cluster=) has it."""
    arguments = {"entry": table.entry, "exit": table.exit, "scale_covariates": table[["w"]], "family": family}
    plain = fc.fit_recovery(table.lower, table.upper, table[["x"]], **arguments)
    fit = fc.fit_recovery(table.lower, table.upper, table[["x"]], **arguments, cluster=table.club)
    pd.testing.assert_series_equal(fit.params, plain.params)
    scores = (
        pd.DataFrame(slopes(lambda p: rows_loglik(family, p, table), fit.params.to_numpy())).groupby(table.club).sum()
    )
    bread = scores.to_numpy() @ plain.covariance.to_numpy()
    se = np.sqrt(np.diag(fit.covariance))
    np.testing.assert_allclose(bread.T @ bread / np.outer(se, se), fit.covariance / np.outer(se, se), atol=1e-5)


def test_copies_of_a_row_in_one_cluster_tell_nothing_new(table):
    often = pd.concat([table] * 4, ignore_index=True)
    once, four = (
        fc.fit_recovery(d.lower, d.upper, d[["x"]], "gengamma", cluster=np.arange(len(d)) % len(table))
        for d in (table, often)
    )
    np.testing.assert_allclose(four.covariance, once.covariance, rtol=1e-4, atol=1e-7)


def test_finished_injuries_alone_look_too_short_until_they_are_read_as_such():
    """Onsets over 100 days, a table of those that had ended: their median is 20 days, and looks like less."""
    rng = np.random.default_rng(3)
    days, seen = 20.0 * np.exp(0.8 * rng.normal(size=4000)), rng.uniform(0.0, 100.0, 4000)
    ended = days <= seen
    naive = fc.fit_recovery(days[ended], days[ended])
    fit = fc.fit_recovery(days[ended], days[ended], exit=seen[ended])
    assert float(naive.quantile(0.5)) < 17.0
    band = fit.quantile(0.5, level=0.99)
    assert float(band.low[0]) < 20.0 < float(band.high[0])


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"exit": [5.0, 9.0]}, r"exit\[0\]: 5.0; must not be below lower"),
        ({"exit": [0.0, 9.0]}, r"exit\[0\]: 0.0; must be days since onset, above 0"),
        ({"exit": [9.0]}, r"exit: '1 rows'; must be as many as lower has, 2"),
        ({"entry": [7.0, 1.0], "exit": [7.0, 9.0]}, r"exit\[0\]: 7.0; must be above entry"),
        ({"cluster": [1]}, r"cluster: '1 rows'; must be as many as lower has, 2"),
        ({"cluster": [1, 1]}, r"cluster: '1 cluster'; must be at least two"),
        ({"cluster": [1, None]}, r"cluster\[1\]: (nan|None); must be given"),
        ({"scale_covariates": np.ones((2, 1))}, r"scale_covariates: 'ndarray'; must be a DataFrame"),
        ({"scale_covariates": pd.DataFrame({"w": [2.0, 2.0]})}, r"w: 2.0; must vary"),
        ({"scale_covariates": pd.DataFrame({"w": [2.0]})}, r"scale_covariates: '1 rows'; must be as many as lower has, 2"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said(arguments, line):
    with pytest.raises(fc.DataError, match=line):
        fc.fit_recovery([6.0, 8.0], [6.0, 8.5], **arguments)


# ------------------------------------------------------------------------------------------------------- a question of it


@pytest.fixture(scope="module", params=[*FAMILIES, "gengamma"])
def fit(request, durations):
    return fc.fit_recovery(durations.lower, durations.upper, family=request.param, entry=durations.entry)


@pytest.mark.parametrize(("given", "until"), [(0.0, 730.0), (34.0, 730.0), (34.0, 40.0), (5.0, 5.0), (400.0, 60.0)])
def test_the_mean_is_the_integral_of_the_survival(fit, given, until):
    edges = [given, *[t for t in (0.1, 1.0, 5.0, 20.0, 60.0, 200.0) if given < t < until], until]
    if given >= until:
        expected = until
    else:
        pieces = zip(edges, edges[1:], strict=False)
        expected = given + sum(
            quad(lambda t: float(fit.survival(t, given=given)), a, b, epsabs=1e-11)[0] for a, b in pieces
        )
    assert float(fit.mean(given, until)) == pytest.approx(expected, rel=1e-8)


def test_the_mean_of_a_lognormal_is_its_closed_form(table):
    """exp(mu + s^2 / 2) Phi((log u - mu - s^2) / s) + u (1 - Phi((log u - mu) / s))"""
    fit = fc.fit_recovery(table.lower, table.upper, table[["x"]], scale_covariates=table[["w"]])
    who, u = table[["x", "w"]].head(5), 90.0
    mu = fit.params["intercept"] + fit.params["x"] * who.x
    s = np.exp(fit.params["log_scale"] + fit.params["log_scale.w"] * who.w)
    closed = np.exp(mu + s**2 / 2) * ndtr((np.log(u) - mu - s**2) / s) + u * ndtr(-(np.log(u) - mu) / s)
    np.testing.assert_allclose(fit.mean(until=u, covariates=who), closed, rtol=1e-10)


def test_shapes_of_means_and_bands(table):
    fit = fc.fit_recovery(table.lower, table.upper, table[["x"]], scale_covariates=table[["w"]])
    who = table[["w", "x"]].head(2)  # found by name, in whatever order
    assert fit.mean(covariates=who).shape == (2,)
    assert fit.mean([3.0, 4.0], covariates=who).shape == (2,)
    assert fit.survival([5.0, 9.0, 20.0], who, level=0.9).columns.tolist() == ["row", "days", "survival", "low", "high"]
    assert fit.quantile([0.5], who, level=0.9).columns.tolist() == ["row", "p", "days", "low", "high"]
    plain = fc.fit_recovery(table.lower, table.upper)
    assert plain.mean().shape == ()
    assert plain.mean([1.0, 2.0, 3.0]).shape == (3,)
    assert len(plain.survival(5.0, level=0.9)) == 1


def test_a_scale_covariate_moves_the_spread_and_not_the_median(table):
    fit = fc.fit_recovery(table.lower, table.upper, table[["x"]], scale_covariates=table[["w"]])
    who = pd.DataFrame({"x": [0.0, 0.0], "w": [-1.0, 1.0]})
    low, high = fit.quantile([0.1, 0.5, 0.9], who)
    assert low[1] == pytest.approx(high[1])
    assert high[2] / high[0] > low[2] / low[0]


def test_the_band_of_a_weibull_is_its_closed_form(durations):
    """log(-log S) = (log t - mu) / sigma: its variance from those of mu and log sigma, by hand."""
    fit = fc.fit_recovery(durations.lower, durations.upper, family="weibull", entry=durations.entry)
    mu, sigma = fit.params["intercept"], np.exp(fit.params["log_scale"])
    days = np.array([3.0, 20.0, 100.0])
    g = (np.log(days) - mu) / sigma
    slope = np.stack([np.full(3, -1.0 / sigma), -g])
    error = 1.6448536269514722 * np.sqrt(np.einsum("id,ij,jd->d", slope, fit.covariance, slope))
    band = fit.survival(days, level=0.9)
    np.testing.assert_allclose(band.survival, np.exp(-np.exp(g)), rtol=1e-12)
    np.testing.assert_allclose(band.low, np.exp(-np.exp(g + error)), rtol=1e-6)
    np.testing.assert_allclose(band.high, np.exp(-np.exp(g - error)), rtol=1e-6)
    quantile = fit.quantile(band.survival.rsub(1.0), level=0.9)
    np.testing.assert_allclose(quantile.days, days, rtol=1e-9)
    np.testing.assert_allclose(np.log(quantile.high / days), error * sigma, rtol=1e-5)


def test_bands_stay_probabilities_and_days_left(fit):
    band = fit.survival([0.0, 30.0, 34.0, 35.0, 300.0, 1e6], given=34.0, level=0.95)
    assert ((band.low >= 0.0) & (band.low <= band.survival) & (band.survival <= band.high) & (band.high <= 1.0)).all()
    assert (band.loc[:2, ["low", "survival", "high"]] == 1.0).all(axis=None)
    days = fit.quantile([0.0, 0.1, 0.5, 0.9], given=34.0, level=0.95)
    assert ((days.low >= 34.0) & (days.low <= days.days) & (days.days <= days.high)).all()
    with pytest.raises(fc.DataError, match="level: 90; must be above 0 and below 1"):
        fit.survival(3.0, level=90)


def test_bands_hold_the_truth_as_often_as_they_say():
    """300 samples of 80, a third right-censored: survival on day 20, and the median of those out on day 10."""
    rng, held = np.random.default_rng(5), []
    for _ in range(300):
        days, stop = 20.0 * np.exp(0.8 * rng.normal(size=80)), 40.0 * rng.random(80) + 10.0
        fit = fc.fit_recovery(np.minimum(days, stop), np.where(days <= stop, days, np.inf))
        band = fit.survival(20.0, level=0.9).iloc[0]
        left = fit.quantile(0.5, given=10.0, level=0.9).iloc[0]
        truth = 20.0 * np.exp(0.8 * scipy.stats.norm.ppf(1.0 - 0.5 * scipy.stats.norm.sf(np.log(0.5) / 0.8)))
        held.append((band.low <= 0.5 <= band.high, left.low <= truth <= left.high))
    assert ((np.mean(held, axis=0) > 0.85) & (np.mean(held, axis=0) < 0.95)).all()


# --------------------------------------------------------------------------------------------------------------- residuals


def test_residuals_of_exact_and_right_censored_days_by_hand():
    """r = -log S(t); deviance sign(M) sqrt(-2 (M + d log(d - M))) of the martingale residual M = d - r (Therneau 1990)."""
    fit = fc.fit_recovery([3.0, 10.0, 20.0], [3.0, 10.0, np.inf], family="loglogistic")
    found = fit.residuals([3.0, 10.0, 20.0], [3.0, 10.0, np.inf])
    r, d = -np.log(fit.survival([3.0, 10.0, 20.0])), np.array([1.0, 1.0, 0.0])
    m = d - r
    np.testing.assert_allclose(found.lower, r)
    assert np.isinf(found.upper[2])
    np.testing.assert_allclose(found.martingale, m)
    np.testing.assert_allclose(found.deviance, np.sign(m) * np.sqrt(-2 * (m + d * np.log(np.where(d > 0, d - m, 1.0)))))


@pytest.mark.parametrize(("a", "b"), [(0.2, 0.9), (0.0, 0.7), (1.5, 1.6), (2.0, 9.0)])
def test_residuals_of_an_interval_are_a_mean_and_a_gain(a, b):
    """The mean of a unit exponential in (a, b] by quadrature; the best constant times the hazard by brute force."""
    from forecast.survival.diagnostics import residual_table

    found = residual_table(np.array([a]), np.array([b])).iloc[0]
    mass = quad(lambda e: np.exp(-e), a, b)[0]
    assert found.cox_snell == pytest.approx(quad(lambda e: e * np.exp(-e), a, b)[0] / mass)
    k = np.exp(np.linspace(-4.0, 4.0, 2_000_001))
    best = np.max(-k * a + np.log(-np.expm1(-k * (b - a))))
    gain = np.sqrt(2.0 * (best - np.log(mass)))
    assert abs(found.deviance) == pytest.approx(gain if a else np.sqrt(-2.0 * np.log(mass)), rel=1e-5)
    assert np.sign(found.deviance) == np.sign(1.0 - found.cox_snell)


def test_residuals_of_a_right_model_are_unit_exponential(table):
    """Through both windows and all kinds of censoring: Turnbull's estimate of them beside exp(-r)."""
    from forecast.survival.turnbull import turnbull

    arguments = {"entry": table.entry, "exit": table.exit}
    fit = fc.fit_recovery(
        table.lower, table.upper, table[["x"]], "loglogistic", **arguments, scale_covariates=table[["w"]]
    )
    found = fit.residuals(table.lower, table.upper, table[["x", "w"]], **arguments)
    curve = turnbull(found.lower, found.upper)
    at = np.array([0.2, 0.5, 1.0, 1.5, 2.0])
    np.testing.assert_allclose(curve.survival(at), np.exp(-at), atol=0.06)
    assert abs(found.martingale.mean()) < 0.05
    assert abs(found.deviance.mean()) < 0.25
