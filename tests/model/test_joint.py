from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from derivatives import arrays
from forecast.evidence.grid import lay_out
from forecast.evidence.readings import readings_of, with_proxies
from forecast.model.joint import Joint, curvature, fit_joint, settle
from plain import cell, gradient, happens, likelihood
from plain import sandwich as plain_sandwich
from strategies import parameters, situations

FAMILIES = ("lognormal", "loglogistic", "weibull")
PRIORS = Joint("weibull").priors
several = st.lists(situations(), min_size=1, max_size=3)


@pytest.fixture(scope="module")
def readings(episodes):
    return with_proxies(readings_of(episodes), 0.25)


@pytest.fixture(scope="module")
def some(readings):
    """Every fortieth: of all kinds, flagged and cleared, said and silent."""
    return readings.take(np.arange(0, len(readings.table), 40))


def learned(model, family: str) -> dict[str, float]:
    params = next(f.params for f in model.fits if f.family == family)
    return {name: float(params[name]) for name in PRIORS}


# ------------------------------------------------------------------------------------------------- weights and returns


@pytest.mark.parametrize("part", [0.5, 0.99])
def test_ruled_out_is_as_reliable_as_a_promised_date_however_far_ahead(model, readings, part):
    """Read as "ruled out until then", the promises of the data: fit half-way there, and just before the day.

    Of some it is not known on which side of that moment they became fit: between the bounds that all or none were,
    and twice the sampling error by player.
    """
    chosen = readings.take(np.flatnonzero(np.isfinite(readings.evidence.until)))
    evidence, table = chosen.evidence, chosen.table
    weights = Joint("loglogistic").weights(arrays(learned(model, "loglogistic")), evidence)
    ahead = evidence.until - evidence.now
    moment = evidence.now + part * ahead
    width = np.maximum(evidence.high - evidence.low, 1e-9)
    said = (weights * np.clip((moment[:, None] - evidence.low) / width, 0.0, 1.0)).sum(axis=1)
    for first, last in ((0, 7), (7, 14), (14, 28), (28, 60), (60, 400)):
        those = (ahead > first) & (ahead <= last)
        surely, perhaps = (table.upper <= moment)[those].mean(), (table.lower < moment)[those].mean()
        error = np.sqrt(perhaps * (1.0 - perhaps) / table.player[those].nunique())
        assert surely - 2.0 * error < said[those].mean() < perhaps + 2.0 * error, (first, last)


@pytest.mark.parametrize("family", FAMILIES)
@given(theta=parameters(PRIORS, 0.5), several=several)
@settings(max_examples=15)
def test_weights_against_a_plain_loop(family, theta, several):
    evidence = lay_out(several)
    weights = Joint(family).weights(arrays(theta), evidence)
    np.testing.assert_allclose(weights.sum(axis=1), 1.0)
    for i in range(len(several)):
        wanted = np.array([cell(family, theta, evidence, i, j) for j in range(weights.shape[1])])
        np.testing.assert_allclose(weights[i], wanted / wanted.sum(), rtol=1e-6, atol=1e-11)


@given(theta=parameters(PRIORS, 0.5), several=several)
@settings(max_examples=25)
def test_returns_against_a_plain_loop(theta, several):
    evidence = lay_out(several)
    joint = Joint("loglogistic")
    weights, returns = joint.weights(arrays(theta), evidence), joint.returns(arrays(theta), evidence)
    for i, s in enumerate(several):
        fixtures = [*s.missed, *s.ahead]
        missed = len(s.missed)
        total = np.zeros(len(fixtures) + 1)
        for weight, high in zip(weights[i], evidence.high[i], strict=True):
            for k in range(missed, len(fixtures)):
                total[k] += weight * happens(theta, s.minutes_logit, high, fixtures, k, True)
            total[-1] += weight * happens(theta, s.minutes_logit, high, fixtures, missed, False)
        np.testing.assert_allclose(returns[i, : len(fixtures)], total[:-1] / total[-1], rtol=1e-7, atol=1e-13)


@given(theta=parameters(PRIORS), several=several)
def test_returns_are_probabilities_of_different_things(theta, several):
    evidence = lay_out(several)
    returns = Joint("lognormal").returns(arrays(theta), evidence)
    assert ((returns >= 0) & (returns <= 1)).all()
    assert (returns.sum(axis=1) <= 1 + 1e-12).all()
    assert (returns[np.arange(returns.shape[1]) < evidence.missed[:, None]] == 0).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_log_score_is_the_log_of_what_returns_gave_to_what_happened(model, readings, family):
    theta = arrays(learned(model, family))
    returns = Joint(family).returns(theta, readings.evidence)
    score = Joint(family).log_score(theta, readings)
    for i in range(0, len(score), 17):
        m = readings.misses[i]
        chance = returns[i, m] if readings.appeared[i] else 1.0 - returns[i, :m].sum()
        assert score[i] == pytest.approx(np.log(chance), rel=1e-9)


def test_what_can_happen_to_a_reading_adds_up_to_one(model, some):
    """Appearing in each fixture ahead, or in none of them: the outcomes of the composite likelihood."""
    joint, theta, e = Joint("loglogistic"), arrays(learned(model, "loglogistic")), some.evidence
    total = np.zeros(len(some.table))
    for k in range(e.fixtures.shape[1] + 1):
        for appeared in (True, False):
            misses = np.full(len(total), k)
            possible = (misses >= e.missed) & ((misses < e.known) if appeared else (misses == e.known))
            outcome = replace(some, misses=misses, appeared=np.full(len(total), appeared))
            total += np.where(possible, np.exp(joint.log_score(theta, outcome)), 0.0)
    np.testing.assert_allclose(total, 1.0)


# ------------------------------------------------------------------------------------------- likelihood and derivatives


@pytest.mark.parametrize("family", FAMILIES)
def test_likelihood_against_a_plain_loop(model, some, family):
    theta = learned(model, family)
    value, _ = Joint(family).scored(arrays(theta), some)
    wanted = [likelihood(family, theta, some, i) for i in range(0, len(value), 6)]
    np.testing.assert_allclose(value[::6], wanted, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
@given(theta=parameters(PRIORS, 0.4))
@settings(max_examples=6)
def test_scores_are_the_derivatives_of_each_reading(some, family, theta):
    theta = theta | {"location": theta["location"] * 0.2 + 2.4}  # 3 give or take: the data are of days
    joint = Joint(family)
    value, scores = joint.scored(arrays(theta), some)
    assert np.isfinite(value).all()
    wanted = gradient(lambda t: joint.scored(arrays(t), some)[0], theta)
    np.testing.assert_allclose(scores, wanted, rtol=1e-4, atol=1e-5 * np.abs(wanted).max(axis=0).max())


@pytest.mark.parametrize("family", FAMILIES)
def test_scores_at_the_shipped_fit(model, some, family):
    joint, theta = Joint(family), learned(model, family)
    wanted = gradient(lambda t: joint.scored(arrays(t), some)[0], theta)
    np.testing.assert_allclose(joint.scored(arrays(theta), some)[1], wanted, rtol=1e-5, atol=1e-6)


def test_gradient_of_the_objective_has_the_priors_in_it(model, some):
    joint, theta = Joint("lognormal"), learned(model, "lognormal")
    loss, names = joint.objective(some), list(theta)
    vector = np.array(list(theta.values())) + 0.05
    value, slope = loss(vector)
    at = dict(zip(names, vector, strict=True))
    by_hand = -some.weight @ joint.scored(arrays(at), some)[0]
    by_hand += sum(0.5 * ((at[n] - mean) / sd) ** 2 for n, (mean, sd) in PRIORS.items())
    assert value == pytest.approx(by_hand)
    wanted = gradient(lambda t: np.array(loss(np.array(list(t.values())))[0]), at)
    np.testing.assert_allclose(slope, wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_shipped_fit_is_the_top_of_the_objective(model, readings, family):
    """Within 1/100 of a standard error in the metric of the covariance; the slow test refits it all."""
    fitted = next(f for f in model.fits if f.family == family)
    names = list(PRIORS)
    _, slope = Joint(family).objective(readings)(fitted.params[names].to_numpy())
    covariance = fitted.covariance.loc[names, names].to_numpy()
    assert np.sqrt(slope @ covariance @ slope) < 0.01


def test_order_and_names_of_the_parameters(model):
    for fitted in model.fits:
        names = [*Joint(fitted.family).priors, "again", "again.minutes"]
        assert list(fitted.params.index) == list(fitted.covariance.index) == list(fitted.covariance.columns) == names


# ------------------------------------------------------------------------------------------------------------- fitting


def test_curvature_of_a_quadratic_is_its_matrix():
    root = np.random.default_rng(0).normal(size=(4, 4))
    matrix = root @ root.T + np.eye(4)
    found = curvature(lambda x: (0.5 * x @ matrix @ x, matrix @ x), np.ones(4))
    np.testing.assert_allclose(found, matrix, atol=1e-8)


def quartic(x):
    """A bowl that is steeper further out."""
    return 0.5 * x @ x + 0.05 * (x**4).sum() - x.sum(), x + 0.2 * x**3 - 1.0


@pytest.mark.parametrize("start", [0.8, 2.0, -3.0])
def test_settle_finds_the_bottom_with_the_curvature_of_another_place(start):
    found = settle(quartic, np.full(3, start), curvature(quartic, np.full(3, 0.9)))
    best = minimize(quartic, np.zeros(3), jac=True, method="BFGS", options={"gtol": 1e-9}).x
    np.testing.assert_allclose(found, best, atol=1e-4)


def test_settle_takes_shorter_steps_where_the_curvature_is_too_small():
    found = settle(quartic, np.zeros(3), 0.3 * np.eye(3))
    assert np.abs(quartic(found)[1]).max() < 1e-3


@pytest.fixture(scope="module")
def small(readings):
    """The readings of every eighth player, with what is made of them."""
    players = np.sort(readings.table.player.unique())[::8]
    return readings.take(np.flatnonzero(readings.table.player.isin(players)))


@pytest.fixture(scope="module")
def fitted(model, small):
    """Twice, so that it started at the top."""
    start = next(f.params for f in model.fits if f.family == "loglogistic")
    return fit_joint("loglogistic", small, start=fit_joint("loglogistic", small, start=start).params)


def standard_errors(fitted) -> np.ndarray:
    return np.sqrt(np.diag(fitted.covariance))


def test_the_fit_is_at_the_top(fitted, small):
    _, slope = Joint("loglogistic").objective(small)(fitted.params.to_numpy())
    assert np.sqrt(slope @ fitted.covariance.to_numpy() @ slope) < 1e-3


def test_the_covariance_is_the_sandwich_by_player(fitted, small):
    joint = Joint("loglogistic")
    loss = joint.objective(small)
    names = list(fitted.params.index)

    def slope(t: dict) -> np.ndarray:
        return loss(np.array([t[name] for name in names]))[1]

    hessian = gradient(slope, dict(fitted.params), step=1e-4)
    scores = small.weight[:, None] * joint.scored(arrays(dict(fitted.params)), small)[1]
    sd = np.array([prior.sd for prior in joint.priors.values()])
    wanted = plain_sandwich(0.5 * (hessian + hessian.T), scores, small.table.player.to_numpy(), sd)
    se = np.sqrt(np.diag(wanted))
    np.testing.assert_allclose(fitted.covariance / np.outer(se, se), wanted / np.outer(se, se), atol=0.01)
    assert np.linalg.eigvalsh(fitted.covariance).min() > -1e-10


def test_copies_of_a_reading_do_not_make_it_surer(fitted, small):
    """Each reading twice at half the weight: the same estimate, the same covariance."""
    twice = small.take(np.repeat(np.arange(len(small.table)), 2))
    again = fit_joint("loglogistic", replace(twice, weight=0.5 * twice.weight), start=fitted.params)
    se = standard_errors(fitted)
    np.testing.assert_allclose((again.params - fitted.params) / se, 0.0, atol=1e-3)
    np.testing.assert_allclose(standard_errors(again), se, rtol=1e-3)


def test_neither_estimate_nor_covariance_depends_on_the_start(fitted, small):
    cold = fit_joint("loglogistic", small)
    se = standard_errors(fitted)
    np.testing.assert_allclose((cold.params - fitted.params) / se, 0.0, atol=2e-3)
    np.testing.assert_allclose(standard_errors(cold), se, rtol=0.01)
