import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.evidence.readings import readings_of, with_proxies
from forecast.factors.selection import AFTER_RETURN
from forecast.model import pool as pooling
from forecast.model.after_return import FixturesAfterReturn
from forecast.model.fit import PROXY_WEIGHT
from forecast.model.joint import PRIORS, curvature, objective, scored
from refused import refused

RECOVERY = ["location", "location.hamstring", "log_scale", "log_scale.hamstring"]


def some(episodes, n: int, seed: int = 0) -> fc.Episodes:
    chosen = np.random.default_rng(seed).choice(episodes.episodes.episode, n, replace=False)
    return episodes.where(episodes.episodes.episode.isin(chosen))


def moved(model, other) -> pd.Series:
    """By how many standard errors the parameters have moved."""
    return (other.params - model.params) / np.sqrt(np.diag(model.covariance))


def location(model, other) -> float:
    return (other.params - model.params)[["location", "location.hamstring"]].sum()


@pytest.fixture(scope="module")
def hamstrings(episodes) -> fc.Episodes:
    return episodes.of("hamstring")


@pytest.fixture(scope="module")
def durations(hamstrings) -> pd.DataFrame:
    return hamstrings.durations()


@pytest.mark.parametrize("n", [10, 40])
def test_injuries_like_those_of_the_model_hardly_move_it(model, hamstrings, n):
    own = some(hamstrings, n)
    for injuries in (own, own.durations()):
        together = fc.pool(model, injuries)
        assert moved(model, together).abs().max() < 1.25
        assert (np.diag(together.covariance) < 1.5 * np.diag(model.covariance)).all()


def test_injuries_that_take_twice_as_long_move_the_recovery_and_hardly_anything_else(model, durations):
    own = durations.sample(120, random_state=1).assign(entry=0.0)
    long, usual = own.assign(lower=2 * own.lower, upper=2 * own.upper), own
    apart = location(model, fc.pool(model, long)) - location(model, fc.pool(model, usual))
    assert apart == pytest.approx(np.log(2), abs=0.2)
    assert moved(model, fc.pool(model, long)).drop(RECOVERY).abs().max() < 1.0


def test_the_spread_of_what_is_unlike_is_in_the_covariance(model, durations):
    own = durations.sample(30, random_state=1)
    together = fc.pool(model, own.assign(lower=3 * own.lower, upper=3 * own.upper))
    both = ["location", "location.hamstring"]
    assert together.covariance.loc[both, both].to_numpy().sum() > model.covariance.loc[both, both].to_numpy().sum()


@pytest.mark.parametrize("days", [21.0, 100.0, 700.0])
def test_three_injuries_that_took_the_same_time_are_no_rule(model, days):
    """They say that it takes longer, not that the next one takes as long to the day."""
    case = fc.example_case("no-news")
    curve = fc.pool(model, pd.DataFrame({"lower": [days] * 3, "upper": [days] * 3})).forecast(case).curve
    shipped, by_then = model.forecast(case).curve, days - case.day(case.as_of)
    at = [np.interp(by_then / 2, case_days(of), of.p_fit) for of in (shipped, curve)]
    assert 0.1 < at[1] <= at[0] + 0.01


def case_days(curve: pd.DataFrame) -> pd.Series:
    return (curve.when - curve.when[0]) / pd.Timedelta(days=1)


def test_injuries_that_say_nothing_leave_the_model_as_it_was(model):
    nothing = pd.DataFrame({"lower": [0.0, 0.0, 1.0], "upper": [5000.0, 9000.0, np.inf]})
    assert moved(model, fc.pool(model, nothing)).abs().max() < 0.02


def test_a_pooled_model_is_a_model(model, durations, inside):
    together = fc.pool(model, durations.head(12))
    assert together.trained_on == f"{model.trained_on}; pooled with 12 of one's own"
    together.save("pooled.json")
    case = fc.example_case("short")
    pd.testing.assert_frame_equal(
        fc.load_model("pooled.json").forecast(case).fixtures, together.forecast(case).fixtures
    )


@pytest.mark.parametrize(
    ("own", "line"),
    [
        (
            pd.DataFrame({"lower": [1.0], "upper": [np.inf]}),
            "upper: 'inf in every row'; must have at least one duration",
        ),
        (pd.DataFrame({"lower": [3.0], "upper": [1.0]}), "upper[0]: 1.0; must be above 0 and not below lower"),
        (pd.DataFrame({"lower": [3.0]}), "upper: missing; must be a column"),
        ([3.0], "'list'; must be a DataFrame"),
    ],
)
def test_durations_that_make_no_sense_are_refused(model, own, line):
    assert refused(fc.DataError, fc.pool, model, own)[0].startswith(line)


def test_one_injury_that_was_read_for_a_year_counts_for_two(model, episodes):
    longest = readings_of(episodes).table.query("flagged").episode.value_counts().index[0]
    own = episodes.where(episodes.episodes.episode == longest)
    readings, later = with_proxies(readings_of(own), PROXY_WEIGHT), FixturesAfterReturn.of(own)
    start = model.params.to_numpy()
    loss = pooling.loss_of_episodes(readings, later)(start)[0]
    each = -scored({name: np.asarray(value) for name, value in model.params.items()}, readings)[0]
    share = readings.weight / readings.weight.sum()
    assert readings.weight.sum() > 2 * pooling.MAX_READINGS
    assert loss == pytest.approx(
        pooling.EFFECTIVE_SHARE * (pooling.MAX_READINGS * share @ each + later.loss(start[-len(AFTER_RETURN) :])[0])
    )


@pytest.mark.parametrize("seed", range(8))
def test_whatever_ten_to_two_hundred_durations_are_like_it_does_not_fail(model, seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(10, 201))
    days = np.exp((rng.normal(0, 6) + np.exp(rng.normal(0, 1.5)) * rng.standard_t(2, n)).clip(-20, 20))
    lower, upper = days * rng.uniform(0.0, 1.0, n) ** rng.choice([0.0, 1.0]), days * rng.choice([1.0, 1.5])
    upper[1:] = np.where(rng.uniform(size=n - 1) < rng.uniform(0, 1), np.inf, upper[1:])
    together = fc.pool(model, pd.DataFrame({"lower": lower, "upper": upper, "entry": lower * rng.uniform(0, 0.99, n)}))
    assert np.isfinite(together.params).all()
    assert np.linalg.eigvalsh(together.covariance).min() > 0


def differences(loss, vector, h=1e-5):
    return [(loss(vector + d)[0] - loss(vector - d)[0]) / (2 * h) for d in h * np.eye(len(vector))]


def test_the_derivatives_of_the_losses_agree_with_differences(model, episodes, durations):
    own = some(episodes, 8)
    readings, later = with_proxies(readings_of(own), PROXY_WEIGHT), FixturesAfterReturn.of(own)
    d = durations[["lower", "upper", "entry"]]
    for loss in (pooling.loss_of_episodes(readings, later), pooling.loss_of_durations(model, pooling._design(d))):
        vector = model.params.to_numpy() + 0.1
        np.testing.assert_allclose(loss(vector)[1], differences(loss, vector), rtol=1e-5, atol=1e-4)


def test_the_evidence_is_that_of_normal_distributions():
    """Of an estimate with covariance J around e, and e with covariance V, beside that of e = 0."""
    from scipy.stats import multivariate_normal as normal

    rng = np.random.default_rng(0)
    prior, noise = (a @ a.T for a in rng.normal(size=(2, 3, 3)))
    seen, information = rng.normal(size=3), np.linalg.inv(noise)
    expected = normal(cov=prior + noise).logpdf(seen) - normal(cov=noise).logpdf(seen)
    assert pooling.log_evidence(prior, information, information @ seen) == pytest.approx(expected)


@pytest.mark.slow
def test_what_readings_are_worth_is_no_more_than_counted(model, episodes):
    readings, later = with_proxies(readings_of(episodes), PROXY_WEIGHT), FixturesAfterReturn.of(episodes)
    for names, loss in ((list(PRIORS), objective(readings)), (list(AFTER_RETURN), later.loss)):
        hessian = curvature(loss, model.params[names].to_numpy())
        worth = len(names) / np.trace(model.covariance.loc[names, names] @ hessian)
        assert pooling.EFFECTIVE_SHARE < worth < 0.5
