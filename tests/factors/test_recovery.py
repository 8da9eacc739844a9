import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from derivatives import arrays, check_scores
from forecast.evidence.grid import lay_out
from forecast.evidence.situation import Situation, Statement
from forecast.factors.factor import normalised, on_rows, total
from forecast.factors.parameters import Normal, sandwich
from forecast.factors.recovery import Pull, Recovery
from forecast.survival.families import FAMILIES
from plain import pull, recovery, tails
from plain import sandwich as plain_sandwich
from strategies import parameters, situations

THREE = ("lognormal", "loglogistic", "weibull")
NAMES = Recovery(FAMILIES["weibull"]).priors
HARD = {
    "location": 2.0,
    "log_scale": -1.0,
    "forward": 0.5,
}  # the last cells have less than the smallest number there is


@pytest.mark.parametrize("family", THREE)
@given(theta=parameters(NAMES), several=st.lists(situations(), min_size=1, max_size=3))
@settings(max_examples=25)
def test_recovery_is_the_difference_of_two_survivals(family, theta, several):
    evidence = lay_out(several)
    log_weight = Recovery(FAMILIES[family]).log_weight(arrays(theta), evidence)
    assert np.isneginf(log_weight[evidence.low == evidence.high]).all()
    for i, s in enumerate(several):
        days = zip(evidence.low[i], evidence.high[i], strict=True)
        wanted = [recovery(family, theta, low, high, s.forward) for low, high in days]
        np.testing.assert_allclose(np.exp(log_weight[i]), wanted, rtol=1e-7, atol=1e-14)


@pytest.mark.parametrize(
    ("family", "curve"),
    [("lognormal", stats.lognorm(0.8, scale=20.0)), ("loglogistic", stats.fisk(1.25, scale=20.0)),
     ("weibull", stats.weibull_min(1.25, scale=20.0))],
)  # fmt: skip
def test_the_plain_curves_are_those_of_scipy(family, curve):
    theta = {"location": np.log(20.0), "log_scale": np.log(0.8), "forward": np.log(1.5)}
    for day in (0.0, 0.3, 5.0, 20.0, 90.0, 400.0):
        np.testing.assert_allclose(tails(family, theta, day, False), (curve.cdf(day), curve.sf(day)), rtol=1e-9)
        np.testing.assert_allclose(tails(family, theta, day, True)[1], curve.sf(day) ** 1.5, rtol=1e-9)


@pytest.mark.parametrize("family", THREE)
@given(theta=parameters(NAMES, 0.4), several=st.lists(situations(), min_size=1, max_size=3), seed=st.integers(0, 99))
@settings(max_examples=25)
def test_scores_of_recovery(family, theta, several, seed):
    check_scores(Recovery(FAMILIES[family]), theta, lay_out(several), np.random.default_rng(seed))


@pytest.mark.parametrize("family", THREE)
def test_scores_of_recovery_where_next_to_nothing_is_left(family):
    now = Situation(20.0, 20.0, np.inf, np.empty(0), np.array([23.5]), Statement(20.0), 0.0, forward=True)
    check_scores(Recovery(FAMILIES[family]), HARD, lay_out([now], np.arange(0.0, 60.0)), np.random.default_rng(1))
    everything = lay_out([now])
    scores = Recovery(FAMILIES[family]).scores(arrays(HARD), everything, np.full(everything.gap.shape, 0.1))
    assert np.isfinite(scores).all()


@pytest.mark.parametrize("family", THREE)
def test_scores_of_recovery_from_the_onset_on(family):
    """Where the first cell begins at day 0, of no density."""
    start = Situation(0.0, 0.0, np.inf, np.empty(0), np.array([3.5]), Statement(0.0), 0.0, forward=True)
    theta = {"location": 2.7, "log_scale": 0.2, "forward": 0.4}
    check_scores(Recovery(FAMILIES[family]), theta, lay_out([start]), np.random.default_rng(1))


@pytest.mark.parametrize("family", THREE)
def test_a_forward_of_higher_hazard_is_out_for_less(family):
    both = [
        Situation(9.0, 9.0, np.inf, np.empty(0), np.array([12.0]), Statement(9.0), 0.0, forward=forward)
        for forward in (False, True)
    ]
    evidence = lay_out(both)
    theta = arrays({"location": 3.0, "log_scale": 0.0, "forward": 0.4})
    fit = normalised(Recovery(FAMILIES[family]).log_weight(theta, evidence)).cumsum(axis=1)
    early = fit[0] < 0.99
    assert (fit[1] > fit[0])[early].all()
    assert (fit[1] > fit[0] - 1e-12).all()


@given(power=st.floats(-1.0, 2.0), several=st.lists(situations(), min_size=1, max_size=3))
def test_pull_is_a_power_of_the_gap_between_fixtures(power, several):
    evidence = lay_out(several)
    theta = {"pull": power}
    log_weight = Pull().log_weight(arrays(theta), evidence)
    for i, s in enumerate(several):
        fixtures = [*s.missed, *s.ahead]
        for j, (low, high) in enumerate(zip(evidence.low[i], evidence.high[i], strict=True)):
            if low < high:
                wanted = pull(theta, low, high, s.low, fixtures)
                assert np.exp(log_weight[i, j]) == pytest.approx(wanted, rel=1e-9)


@given(power=st.floats(-1.0, 2.0), several=st.lists(situations(), min_size=1, max_size=3), seed=st.integers(0, 99))
@settings(max_examples=25)
def test_scores_of_the_pull(power, several, seed):
    check_scores(Pull(), {"pull": power}, lay_out(several), np.random.default_rng(seed))


@given(several=st.lists(situations(), min_size=1, max_size=3))
@settings(max_examples=20)
def test_draws_come_in_front(several):
    evidence, rng = lay_out(several), np.random.default_rng(0)
    draws = {name: rng.normal(mean, 0.3, (4, 1, 1)) for name, (mean, _) in (NAMES | Pull().priors).items()}
    parts = (Recovery(FAMILIES["lognormal"]), Pull())
    log_weight = total(parts, draws, evidence)
    assert log_weight.shape == (4, *evidence.gap.shape)
    for d in range(4):
        one = {name: value[d, 0, 0] for name, value in draws.items()}
        wanted = parts[0].log_weight(one, evidence) + parts[1].log_weight(one, evidence)
        np.testing.assert_allclose(log_weight[d], wanted, rtol=1e-10)


def test_normalised_weights_add_up_to_one_however_small():
    weights = normalised(np.array([[-1000.0, -1001.0, -np.inf], [5.0, 5.0, 5.0]]))
    np.testing.assert_allclose(weights, [[1 / (1 + np.exp(-1)), 1 / (1 + np.e), 0.0], [1 / 3, 1 / 3, 1 / 3]])


def test_values_in_some_rows_and_zeros_in_the_others():
    values = np.arange(4.0).reshape(2, 2)
    np.testing.assert_array_equal(on_rows(np.array([2, 0]), (3, 2), values), [[2, 3], [0, 0], [0, 1]])
    draws = np.stack([values, values + 1])
    assert on_rows(np.array([2, 0]), (3, 2), draws).shape == (2, 3, 2)


def test_sandwich_by_hand():
    rng = np.random.default_rng(5)
    player, scores = rng.integers(0, 12, 90), rng.normal(size=(90, 3))
    root = rng.normal(size=(3, 3))
    hessian = root @ root.T + 5.0 * np.eye(3)
    sd = np.array([1.0, 0.5, 3.0])
    found = sandwich(hessian, scores, pd.Series(player), Normal(np.zeros(3), np.diag(sd**-2.0)))
    np.testing.assert_allclose(found, plain_sandwich(hessian, scores, player, sd))


def test_sandwich_of_independent_rows_is_what_bayes_says():
    """A normal mean with a normal prior, as much worth as half of the rows."""
    rng = np.random.default_rng(7)
    values, prior = rng.normal(size=100_000), Normal(np.zeros(1), np.full((1, 1), 50_000.0))
    estimate = values.sum() / (len(values) + 50_000.0)
    players = pd.Series(np.arange(len(values)))
    variance = sandwich(np.array([[len(values) + 50_000.0]]), (values - estimate)[:, None], players, prior)
    assert variance[0, 0] == pytest.approx(1.0 / 150_000.0, rel=0.02)


def test_sandwich_of_a_mean_is_its_variance_between_players():
    """Ten readings of each player that say the same are worth one."""
    rng = np.random.default_rng(6)
    by_player = rng.normal(size=200)
    values, player = np.repeat(by_player, 10), np.repeat(np.arange(200), 10)
    error = (values - values.mean())[:, None]
    variance = sandwich(np.array([[2000.0]]), error, pd.Series(player), Normal.flat(1))
    assert variance[0, 0] == pytest.approx(by_player.var(ddof=1) / 200)
