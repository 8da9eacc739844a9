from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import forecast as fc
from forecast.evidence.cells import FIT_GRID, FORECAST_GRID
from forecast.evidence.grid import lay_out
from forecast.evidence.open_case import OpenCase, open_case
from forecast.evidence.players import Players
from forecast.evidence.situation import TRAITS
from forecast.factors.posterior import FIT_BEFORE, Posterior, fit_before, posterior
from forecast.factors.selection import SCOPE_ONCE_BACK
from forecast.model.joint import returns
from forecast.outlook.tables import p_fit_at
from invented import CASES, CLEARED, DATE, DOCTOR, DOUBT, UNTIL, case
from learned import AGAIN, LEARNED, invented_model
from strategies import histories

PLAYERS = invented_model().players
KNOWN = {
    "position": "forward",
    "fixtures_before": 10,
    "appearances_before": 8,
    "minutes_before": 610,
    "usual_minutes": 70.0,
    "price": 6.5,
    "owned": 4.0,
}
ALONE = {"nothing said": [], "a date": [DATE], "a doubt": [DOUBT], "cleared": CLEARED}  # at most one word


def drawn(draws: int = 2, spread: float = 0.1, seed: int = 3) -> dict[str, np.ndarray]:
    """Parameters around the learned ones, shape (draws, 1)."""
    rng = np.random.default_rng(seed)
    around = {name: value + spread * rng.normal(size=(draws, 1)) for name, value in (LEARNED | AGAIN).items()}
    return around | {"fit_before": fit_before(draws, seed)}


def one(theta: dict[str, np.ndarray], d: int) -> dict[str, float]:
    return {name: float(value[d, 0]) for name, value in theta.items()}


def found_for(bulletins=(), theta=None, sources=None, **change) -> Posterior:
    now = open_case(case(**KNOWN | change, bulletins=bulletins)).day_by_day()
    return posterior(drawn() if theta is None else theta, now, PLAYERS, sources or {})


def as_reading(now: OpenCase, steps: np.ndarray):
    """The situation of an open case with the one word that was said of it, as the fit would read it."""
    return lay_out([replace(now.situation, statement=s) for s in now.statements or [now.situation.statement]], steps)


# ------------------------------------------------------------------------------------------------------ beside the fit


@pytest.mark.parametrize("name", ALONE)
def test_a_case_is_forecast_as_the_fit_reads_it(name):
    """The same passage by other sums, digit for digit on the same grid; on that of the fit nearly."""
    theta, now = drawn(), open_case(case(**KNOWN, bulletins=ALONE[name]))
    found = posterior(theta, now, PLAYERS, {})
    missed = len(now.situation.missed)
    for steps, atol in ((FORECAST_GRID, 1e-9), (FIT_GRID, 5e-3)):
        for d in range(2):
            wanted = returns(one(theta, d), as_reading(now, steps))[0, missed:]
            np.testing.assert_allclose(found.returns[d], wanted, atol=atol)


def test_each_draw_is_what_it_is_alone():
    theta = drawn(5)
    together = found_for([DATE, DOUBT, UNTIL, DOCTOR], theta)
    for d in range(5):
        alone = found_for([DATE, DOUBT, UNTIL, DOCTOR], {name: value[[d]] for name, value in theta.items()})
        for field in ("p_fit", "returns", "after_return"):
            np.testing.assert_allclose(getattr(together, field)[d], getattr(alone, field)[0], rtol=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_the_numbers_of_the_tables_need_no_cut_at_every_day(name):
    """The days of kick-offs and deadlines, and what is ruled out, are cut either way."""
    now = open_case(case(**CASES[name], deadlines={"near": "2026-03-11T05:00Z", "far": "2027-05-01"}))
    few, all_days = (posterior(drawn(), of, PLAYERS, {}) for of in (now, now.day_by_day()))
    assert len(few.days) < len(all_days.days)
    np.testing.assert_allclose(few.returns, all_days.returns, atol=1e-12)
    asked = np.array([now.case.day(m) for m in (*now.case.deadlines.values(), *(f.kickoff for f in now.case.ahead()))])
    np.testing.assert_allclose(p_fit_at(now, few, asked), p_fit_at(now, all_days, asked), atol=1e-12)


# ------------------------------------------------------------------------------------------------------- probabilities


def check(found: Posterior) -> None:
    assert ((found.p_fit >= 0) & (found.p_fit <= 1)).all()
    assert (np.diff(found.p_fit, axis=1) >= -1e-12).all()
    assert (found.returns >= -1e-12).all()
    assert (found.returns.sum(axis=1) <= 1 + 1e-12).all()
    assert (found.returns <= found.p_plays + 1e-12).all()
    assert (np.diff(found.days) >= 0).all()


@pytest.mark.parametrize("name", CASES)
def test_probabilities_are_probabilities_in_every_draw(name):
    """Also far from the estimate."""
    check(posterior(drawn(100, 0.5), open_case(case(**CASES[name])), PLAYERS, {}))


@given(case=histories())
@settings(max_examples=40)
def test_of_any_history(case):
    check(posterior(drawn(3, 0.3), open_case(case), PLAYERS, {}))


def test_to_be_fit_jumps_at_each_kick_off():
    now, found = open_case(case(**KNOWN)), found_for()
    for kickoff in now.situation.ahead:
        before, after = np.flatnonzero(np.isclose(found.days, kickoff))[[0, -1]]
        assert (found.p_fit[:, after] > found.p_fit[:, before] + 1e-3).all()


@pytest.mark.parametrize("seen", [None, "2026-03-02T12:00Z"])
def test_returns_of_who_was_cleared_are_given_that_he_is_fit(seen):
    """Whether his flag is known to have stood until the moment before, or until some days before."""
    assert (found_for([replace(CLEARED[0], seen=seen), CLEARED[1]]).returns.sum(axis=1) > 0.5).all()


@pytest.mark.parametrize("months", [3, 10, 12, 24])
def test_who_was_cleared_long_before_a_promised_date_is_fit_all_the_same(months):
    """What was said leaves those days less than the numbers of a machine are apart."""
    later = DATE.issued + pd.Timedelta(days=30 * months)
    cleared = [replace(DATE, expected=later), fc.Bulletin("2026-03-07T11:00Z", "available")]
    fixtures = [fc.Fixture(f"{k}", f"2026-03-{8 + 3 * k:02d}T20:00Z") for k in range(6)]
    missed = fc.Fixture("missed", "2026-03-07T11:00Z")
    assert (found_for(cleared, fixtures=[missed, *fixtures]).returns.sum(axis=1) > 0.6).all()
    returns = found_for(cleared, drawn(300, 0.3), fixtures=[missed, *fixtures]).returns
    assert ((returns >= 0.0) & (returns <= 1.0)).all()
    assert (returns.sum(axis=1) > 0.2).all()


def test_appears_in_each_fixture_after_the_first_at_a_rate_of_its_own():
    theta = drawn()
    found, now = found_for(theta=theta), open_case(case(**KNOWN))
    for d in range(2):
        t = one(theta, d)
        of_traits = sum(t[f"again.{name}"] * now.situation.traits[k] for k, name in enumerate(TRAITS[:5]))
        again = 1 / (1 + np.exp(-t["again"] - of_traits - SCOPE_ONCE_BACK[0]))
        for k in range(found.returns.shape[1]):
            wanted = found.returns[d, k] + found.returns[d, :k].sum() * again
            assert found.p_plays[d, k] == pytest.approx(wanted)


# -------------------------------------------------------------------------------------------------------- what was said


@pytest.mark.parametrize("until", ["2026-03-10", "2026-03-20", "2026-05-01"])
def test_a_ruling_out_leaves_three_percent_before_its_end(until):
    """Issued now, so that what is left is of the whole of its days."""
    said = fc.Bulletin("2026-03-07T12:00Z", "ruled_out", until=until)
    now = open_case(case(**KNOWN, bulletins=[said]))
    theta = drawn(20)
    found = posterior(theta, now, PLAYERS, {})
    end = np.flatnonzero(found.days <= now.ruled_out[0].until)[-1]
    np.testing.assert_allclose(found.p_fit[:, end], theta["fit_before"][:, 0], rtol=2e-3)  # of another grid


def test_nobody_has_counted_how_many_of_those_ruled_out_are_fit_before_it_ends():
    shares = fit_before(1000, seed=1)
    assert shares.mean() == pytest.approx(FIT_BEFORE)
    np.testing.assert_allclose(np.quantile(shares, [0.05, 0.95]), [0.0129, 0.0569], atol=1e-3)
    assert fit_before(1, seed=1)[0, 0] == FIT_BEFORE  # where there is no doubt


def test_a_ruling_out_changes_no_hazard_after_its_end():
    free, held = found_for(), found_for([UNTIL])
    end = open_case(case(**KNOWN, bulletins=[UNTIL])).ruled_out[0].until
    left = [1.0 - f.p_fit[:, f.days >= end] for f in (free, held)]
    days = [f.days[f.days >= end] for f in (free, held)]
    at = np.linspace(end, 90.0, 7)
    share = [np.array([np.interp(at, d, row / row[0]) for row in p]) for d, p in zip(days, left, strict=True)]
    np.testing.assert_allclose(share[0], share[1], atol=0.02)


def test_two_sources_that_agree_are_surer_than_one():
    hopeful = [replace(DOUBT, chance=75, source=source) for source in ("club", "official")]
    one_word, both = (found_for(said).returns[:, 0] for said in (hopeful[:1], hopeful))
    assert (both > one_word).all()


def test_a_source_is_read_with_its_own_parameters():
    theta, club = drawn(), drawn(spread=0.5, seed=4)
    shared, own, other = (found_for([DATE, DOUBT], theta, s) for s in ({}, {"club": club}, {"radio": club}))
    assert np.abs(own.p_fit - shared.p_fit).max() > 1e-3
    np.testing.assert_array_equal(other.p_fit, shared.p_fit)


def test_back_in_training_bends_the_curve_and_no_kick_off():
    """Its flag speaks of no match: the chance at a kick-off goes with the hazard, as with nothing said."""
    training = [fc.Bulletin("2026-03-06", "training")]
    found, silent = found_for(training), found_for()
    assert np.isfinite(found.returns).all()
    assert (found.returns.sum(axis=1) >= 0.5 * silent.returns.sum(axis=1)).all()


def test_statements_that_leave_no_day_are_an_error():
    early, late = (lambda days: (days < 10) * 1.0), (lambda days: (days > 10) * 1.0)
    said = [fc.Bulletin("2026-03-06", "own", likelihood=f, source=s) for f, s in ((early, "a"), (late, "b"))]
    with pytest.raises(fc.CaseError, match="bulletins: .*must leave a day"):
        found_for(said)


def test_a_likelihood_counts_up_to_a_constant():
    scaled = replace(DOCTOR, likelihood=lambda days: 1e-9 * DOCTOR.likelihood(days))
    np.testing.assert_allclose(found_for([DOCTOR]).p_fit, found_for([scaled]).p_fit, rtol=1e-9)
    flat = replace(DOCTOR, likelihood=lambda days: np.full(days.shape, 0.3))
    np.testing.assert_allclose(found_for([flat]).p_fit, found_for().p_fit, rtol=1e-3)  # of another grid


# ------------------------------------------------------------------------------------------------ what is not known of him


def test_what_is_not_known_is_averaged_over():
    """Against a mean over many players, each known; the nodes are few, the kick-offs take his mean."""
    theta = drawn(1)
    silent = {name: np.zeros((1, 1)) for name in theta if name in ("kickoff.picked", "kickoff.percentage")}
    theta = theta | silent | {"picked.log_spread": np.full((1, 1), -9.0)}
    now = open_case(case(**KNOWN))
    traits = now.situation.traits.copy()
    traits[0] = np.nan
    unknown = replace(now, situation=replace(now.situation, traits=traits))
    mean, spread = PLAYERS.like(traits)
    found = posterior(theta, unknown, PLAYERS, {}).returns[0]
    nodes, weights = np.polynomial.hermite_e.hermegauss(41)
    total = np.zeros_like(found)
    for node, weight in zip(nodes, weights / weights.sum(), strict=True):
        traits[0] = mean[0] + np.sqrt(spread[0, 0]) * node
        himself = replace(now, situation=replace(now.situation, traits=traits.copy()))
        total += weight * posterior(theta, himself, PLAYERS, {}).returns[0]
    np.testing.assert_allclose(found, total, atol=1e-4)


def test_who_is_known_needs_no_other_players():
    other = Players(PLAYERS.mean + 1.0, 4.0 * PLAYERS.covariance)
    now, theta = open_case(case(**KNOWN)), drawn()
    a, b = (posterior(theta, now, players, {}).returns for players in (PLAYERS, other))
    np.testing.assert_array_equal(a, b)
