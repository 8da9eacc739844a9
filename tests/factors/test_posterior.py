from dataclasses import replace

import numpy as np
import pytest

import forecast as fc
from forecast.evidence.open_case import open_case
from forecast.factors.players import Players
from forecast.factors.posterior import Posterior, posterior, stacked
from invented import CASES, DATE, DOCTOR, DOUBT, PLAYED, case
from plain import forecast


def drawn(model, family: str, draws: int = 2, spread: float = 1.0, seed: int = 3) -> dict[str, np.ndarray]:
    """Parameters around those of the fit, shape (draws, 1, 1)."""
    fitted = next(f for f in model.fits if f.family == family)
    rng = np.random.default_rng(seed)
    values = rng.multivariate_normal(fitted.params, spread * fitted.covariance, draws)
    return {name: values[:, k, None, None] for k, name in enumerate(fitted.params.index)}


def one(theta: dict[str, np.ndarray], d: int) -> dict[str, float]:
    return {name: float(value[d, 0, 0]) for name, value in theta.items()}


def plain(model, family, theta, now, sources=None):
    players = model.players
    forwards = {False: 1 - players.forward, True: players.forward} if now.forward is None else {now.forward: 1.0}
    stand_for_him = list(zip(*players.like(now.case), strict=True))
    return forecast(family, theta, sources or {}, now, now.evidence, forwards, stand_for_him)


@pytest.mark.parametrize("family", ["lognormal", "loglogistic", "weibull"])
@pytest.mark.parametrize("name", CASES)
def test_against_a_loop_over_days_players_and_fixtures(model, name, family):
    now, theta = open_case(case(**CASES[name])), drawn(model, family)
    found = posterior(family, theta, now, model.players, {})
    for d in range(2):
        fit, returns = plain(model, family, one(theta, d), now)
        np.testing.assert_allclose(np.diff(found.p_fit[d]), fit, rtol=1e-6, atol=1e-12)
        np.testing.assert_allclose(found.returns[d], returns, rtol=1e-6, atol=1e-12)
        np.testing.assert_allclose(found.p_returns[d], returns.sum(axis=0), rtol=1e-6, atol=1e-12)


def test_appears_in_each_fixture_after_the_first_at_a_rate_of_its_own(model):
    theta = drawn(model, "loglogistic")
    found = posterior("loglogistic", theta, open_case(case(**CASES["nothing said"])), model.players, {})
    for d in range(2):
        t = one(theta, d)
        plays = np.zeros(found.returns.shape[2])
        for v, odds in enumerate(model.players.like(case())[0]):
            again = 1 / (1 + np.exp(-t["again"] - t["again.minutes"] * odds))
            assert found.after_return[d, v] == pytest.approx(again)
            for k in range(len(plays)):
                plays[k] += found.returns[d, v, k] + found.returns[d, v, :k].sum() * again
        np.testing.assert_allclose(found.p_plays[d], plays)


def test_a_source_is_read_with_its_own_parameters(model):
    now = open_case(case(bulletins=[DATE, DOUBT], **PLAYED))
    theta, club = drawn(model, "lognormal"), drawn(model, "lognormal", spread=9.0, seed=4)
    found = posterior("lognormal", theta, now, model.players, {"club": club})
    fit, returns = plain(model, "lognormal", one(theta, 1), now, {"club": one(club, 1)})
    np.testing.assert_allclose(np.diff(found.p_fit[1]), fit, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(found.returns[1], returns, rtol=1e-6)
    other = posterior("lognormal", theta, now, model.players, {"radio": club})
    assert np.abs(other.p_fit - found.p_fit).max() > 1e-3


def test_what_is_not_known_is_averaged_over_before_normalising(model):
    """Who is still out after 60 days is less often a forward than who was hurt."""
    theta = {name: value * 0 + value.mean() for name, value in drawn(model, "loglogistic").items()}
    theta["forward"] = np.full((2, 1, 1), 0.8)
    late = {"as_of": "2026-04-21T12:00Z", "fixtures": [fc.Fixture("a", "2026-04-25")]}

    def p_fit(**change):
        return posterior("loglogistic", theta, open_case(case(**late, **change)), model.players, {}).p_fit[0]

    forward, other, unknown = p_fit(position="forward"), p_fit(position="defender"), p_fit()
    naive = (1 - model.players.forward) * other + model.players.forward * forward
    i = int(np.argmin(np.abs(forward - 0.5)))
    assert forward[i] > naive[i] > unknown[i] > other[i]


def test_players_who_stand_for_him():
    players = Players(
        np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]), np.array([0.0, 0.1, 0.9, 0.9, 1.0, 0.85, 0.7]), 0.2
    )
    nine, shares = players.like(case(fixtures_before=10, appearances_before=9))
    assert sorted(nine) == [0.3, 0.4, 0.6]
    np.testing.assert_array_equal(shares, 1 / 3)
    himself, share = players.like(case(fixtures_before=10, minutes_before=450))
    np.testing.assert_allclose([*himself, *share], [0.0, 1.0], atol=1e-12)
    for unknown in (case(), case(fixtures_before=0)):
        odds, share = players.like(unknown)
        assert len(odds) == 5
        for power in range(10):
            assert share @ odds**power == pytest.approx((players.minutes_logit**power).mean())
    alike = Players(np.array([0.2, 0.2, 0.2]), np.ones(3), 0.2)
    np.testing.assert_allclose(alike.like(case()), [[0.2], [1.0]])


def test_a_few_players_stand_for_all(model, monkeypatch):
    """Instead of eleven: no probability moves by more than 0.001, no end of a band either."""
    few = [model.forecast(case(**change)).fixtures for change in CASES.values()]
    monkeypatch.setattr("forecast.factors.players._NODES", 11)
    every = replace(model, players=replace(model.players))
    for table, change in zip(few, CASES.values(), strict=True):
        numbers = every.forecast(case(**change)).fixtures.iloc[:, 2:]
        np.testing.assert_allclose(table.iloc[:, 2:], numbers, atol=0.001)


@pytest.mark.parametrize("name", CASES)
def test_probabilities_are_probabilities_in_every_draw(model, name):
    """Also far from the estimate."""
    found = posterior("weibull", drawn(model, "weibull", 300, 9.0), open_case(case(**CASES[name])), model.players, {})
    assert ((found.p_fit >= 0) & (found.p_fit <= 1)).all()
    assert (np.diff(found.p_fit, axis=1) >= 0).all()
    np.testing.assert_allclose(found.p_fit[:, -1], 1.0)
    assert (found.returns >= 0).all()
    assert (found.p_returns.sum(axis=1) <= 1 + 1e-12).all()
    assert (found.p_returns <= found.p_plays + 1e-12).all()
    assert (np.diff(found.days) > 0).all()


def test_statements_that_leave_no_day_are_an_error(model):
    early, late = (lambda days: (days < 10) * 1.0), (lambda days: (days > 10) * 1.0)
    said = [fc.Bulletin("2026-03-06", "own", likelihood=f, source=s) for f, s in ((early, "a"), (late, "b"))]
    with pytest.raises(fc.CaseError, match="bulletins: .*must leave a day"):
        posterior("weibull", drawn(model, "weibull"), open_case(case(bulletins=said)), model.players, {})


@pytest.mark.parametrize(
    "likelihood",
    [lambda days: days - 5, lambda days: 0 * days, lambda days: np.ones(3), lambda days: days / 0.0 + np.nan],
    ids=["negative", "zero", "shape", "nan"],
)
def test_a_likelihood_that_is_none_is_an_error(model, likelihood):
    now = open_case(case(bulletins=[fc.Bulletin("2026-03-06", "own", likelihood=likelihood)]))
    with pytest.raises(fc.CaseError, match="likelihood: .*must be one number a day"), np.errstate(all="ignore"):
        posterior("weibull", drawn(model, "weibull"), now, model.players, {})


def test_a_likelihood_counts_up_to_a_constant(model):
    theta = drawn(model, "weibull")
    found = [
        posterior("weibull", theta, open_case(case(bulletins=[replace(DOCTOR, likelihood=f)])), model.players, {}).p_fit
        for f in (DOCTOR.likelihood, lambda days: 1e-9 * DOCTOR.likelihood(days))
    ]
    np.testing.assert_allclose(*found, rtol=1e-9)
    flat = replace(DOCTOR, likelihood=lambda days: np.full(days.shape, 0.3))
    found = [
        posterior("weibull", theta, open_case(case(bulletins=said)), model.players, {}).p_fit for said in ([flat], [])
    ]
    np.testing.assert_allclose(*found, rtol=1e-9)


def test_draws_of_several_families_as_one():
    a = Posterior(np.arange(3.0), np.zeros((2, 3)), np.zeros((2, 1, 4)), np.zeros((2, 1)))
    b = Posterior(np.arange(3.0), np.ones((5, 3)), np.ones((5, 1, 4)), np.ones((5, 1)))
    both = stacked([a, b])
    assert (both.p_fit.shape, both.returns.shape, both.after_return.shape) == ((7, 3), (7, 1, 4), (7, 1))
    np.testing.assert_array_equal(both.p_fit[:, 0], [0, 0, 1, 1, 1, 1, 1])
