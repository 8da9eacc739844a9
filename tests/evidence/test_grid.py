import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evidence.grid import BEYOND, FIT_GRID, lay_out
from forecast.evidence.open_case import FORECAST_GRID as FORECAST_STEPS
from forecast.evidence.situation import Situation, Statement, minutes_logit
from forecast.model.joint import Joint
from forecast.terms import NO_FLAG
from strategies import situations

THETA = {name: np.asarray(prior.mean) for name, prior in Joint("lognormal").priors.items()}
OUT = Situation(
    now=10.0,
    low=10.0,
    high=np.inf,
    missed=np.empty(0),
    ahead=np.array([12.3, 19.1]),
    statement=Statement(seen=9.0),
    minutes_logit=0.0,
)
CLEARED = Situation(
    now=10.0,
    low=5.0,
    high=7.5,
    missed=np.array([6.0, 9.0]),
    ahead=np.array([12.3]),
    statement=Statement(seen=5.0, code=1, age=2.0, expected=7.25),
    minutes_logit=1.5,
    forward=True,
    edges=np.array([7.25, np.nan, 99.0]),
)


def cells(evidence, i: int) -> list[tuple[float, float]]:
    """Those of one situation that have a width."""
    return [(a, b) for a, b in zip(evidence.low[i], evidence.high[i], strict=True) if a < b]


@given(situation=situations())
def test_cells_are_one_after_the_other_and_end_at_every_fixture_step_and_edge(situation):
    evidence = lay_out([situation])
    found = cells(evidence, 0)
    ends = [high for _, high in found]
    assert found[0][0] == situation.low
    assert all(a == b for (_, a), (b, _) in zip(found, found[1:], strict=False))
    wanted = [*(situation.low + FIT_GRID), *situation.missed, *situation.ahead, *situation.edges]
    wanted = {day for day in wanted if situation.low < day <= situation.high}
    assert wanted <= set(ends)
    assert set(ends) - wanted <= {situation.high}
    assert ends[-1] == (situation.high if np.isfinite(situation.high) else situation.low + FIT_GRID[-1])


@given(several=st.lists(situations(), min_size=1, max_size=5))
def test_rows_are_padded_with_cells_of_no_width_and_fixtures_beyond_all_days(several):
    evidence = lay_out(several)
    for i, s in enumerate(several):
        alone = lay_out([s])
        assert cells(evidence, i) == cells(alone, 0)
        assert (np.diff(evidence.edges[i]) >= 0).all()
        played = np.concatenate([s.missed, s.ahead])
        assert evidence.missed[i] == len(s.missed)
        assert evidence.known[i] == len(played)
        np.testing.assert_array_equal(evidence.fixtures[i, : len(played)], played)
        assert (evidence.fixtures[i, len(played) :] == BEYOND).all()


@given(several=st.lists(situations(), min_size=1, max_size=4))
def test_a_cell_of_no_width_has_no_weight(several):
    evidence = lay_out(several)
    weights = Joint("lognormal").weights(THETA, evidence)
    assert np.isfinite(weights).all()
    assert (weights[evidence.low == evidence.high] == 0.0).all()
    np.testing.assert_allclose(weights.sum(axis=1), 1.0)
    for i, s in enumerate(several):
        alone = Joint("lognormal").weights(THETA, lay_out([s]))[0]
        np.testing.assert_allclose(weights[i, : len(alone)], alone, rtol=1e-12)


@given(several=st.lists(situations(), min_size=1, max_size=4))
def test_gap_is_the_first_fixture_that_he_is_fit_for(several):
    evidence = lay_out(several)
    for i, s in enumerate(several):
        kickoffs = [*s.missed, *s.ahead]
        for j, high in enumerate(evidence.high[i]):
            after = [k for k, kickoff in enumerate(kickoffs) if kickoff >= high]
            # Where none of his own follows: the first of the padding, or the number of fixtures.
            assert evidence.gap[i, j] == (after[0] if after else len(kickoffs))


def test_what_is_known_of_two_players():
    evidence = lay_out([OUT, CLEARED])
    assert evidence.edges.shape == (2, max(len(cells(evidence, i)) for i in (0, 1)) + 1)
    assert cells(evidence, 1) == [(5.0, 5.5), (5.5, 6.0), (6.0, 7.0), (7.0, 7.25), (7.25, 7.5)]
    np.testing.assert_array_equal(evidence.gap[1, :5], [0, 0, 1, 1, 1])
    np.testing.assert_array_equal(evidence.days[1, :2], [5.25, 5.75])
    np.testing.assert_array_equal(evidence.fixtures, [[12.3, 19.1, BEYOND], [6.0, 9.0, 12.3]])
    np.testing.assert_array_equal(evidence.missed, [0, 2])
    np.testing.assert_array_equal(evidence.known, [2, 3])
    np.testing.assert_array_equal(evidence.now, [10.0, 10.0])
    np.testing.assert_array_equal(evidence.code, [NO_FLAG, 1])
    np.testing.assert_array_equal(evidence.seen, [9.0, 5.0])
    np.testing.assert_array_equal(evidence.age, [0.0, 2.0])
    np.testing.assert_array_equal(evidence.expected, [np.nan, 7.25])
    np.testing.assert_array_equal(evidence.until, [-np.inf, -np.inf])
    np.testing.assert_array_equal(evidence.minutes_logit, [0.0, 1.5])
    np.testing.assert_array_equal(evidence.forward, [False, True])


def test_some_of_the_situations_in_another_order():
    evidence = lay_out([OUT, CLEARED, OUT])
    taken = evidence.take(np.array([1, 0]))
    for name in (
        "now",
        "edges",
        "gap",
        "fixtures",
        "missed",
        "known",
        "minutes_logit",
        "forward",
        "code",
        "expected",
        "until",
    ):
        np.testing.assert_array_equal(getattr(taken, name), getattr(evidence, name)[[1, 0]])


@pytest.mark.parametrize("steps", [FIT_GRID, FORECAST_STEPS])
def test_grids_begin_at_once_rise_and_reach_beyond_two_years(steps):
    assert steps[0] == 0.0
    assert (np.diff(steps) > 0).all()
    assert steps[-1] > 730.0


def test_the_grid_of_a_forecast_is_of_hours_at_first_and_of_days_while_fixtures_are_close():
    assert np.diff(FORECAST_STEPS[FORECAST_STEPS <= 3.0]).max() == 0.25
    assert np.diff(FORECAST_STEPS[FORECAST_STEPS <= 30.0]).max() == 1.0


@given(minutes=st.floats(0.0, 1199.0), more=st.floats(0.1, 300.0), fixtures=st.integers(0, 10))
def test_odds_rise_with_the_minutes_and_stay_finite(minutes, more, fixtures):
    assert minutes_logit(minutes, fixtures) <= minutes_logit(minutes + more, fixtures) <= np.log(0.98 / 0.02) + 1e-12
    assert minutes_logit(0.0, fixtures) >= np.log(60.0 / 960.0)


def test_odds_of_some_players():
    assert minutes_logit(0.0, 0) == 0.0  # nothing is known of him: half of the minutes
    assert minutes_logit(450.0, 10) == pytest.approx(0.0)
    assert minutes_logit(900.0, 10) == pytest.approx(np.log(960.0 / 60.0))
    assert minutes_logit(90.0, 1) == pytest.approx(np.log(150.0 / 60.0))
    assert minutes_logit(1200.0, 10) == pytest.approx(np.log(0.98 / 0.02))  # extra time
