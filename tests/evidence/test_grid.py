from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evidence.cells import FIT_GRID, FORECAST_GRID
from forecast.evidence.grid import Said, lay_out
from forecast.evidence.situation import CUP, LEAGUE, NO_FLAG, Situation, Statement, kind_weights
from forecast.model.joint import returns
from learned import LEARNED
from strategies import situations

OUT = Situation(
    now=10.0,
    low=10.0,
    high=np.inf,
    missed=np.empty(0),
    ahead=np.array([12.3, 19.1]),
    before=4.0,
    traits=np.zeros(8),
    statement=Statement(7.0, 9.0, kind_weights("chance", 75), last_round=50.0, match_fitness=True, passed=2),
    scope=np.array([CUP, LEAGUE]),
)
CLEARED = Situation(
    now=10.0,
    low=5.0,
    high=7.5,
    missed=np.array([6.0, 9.0]),
    ahead=np.array([12.3]),
    before=1.0,
    traits=np.arange(8.0),
    statement=Statement(3.0, 5.0, kind_weights("expected"), expected=7.25),
    part=2,
)


def test_what_is_known_of_two_players():
    e = lay_out([OUT, CLEARED])
    np.testing.assert_array_equal(e.fixtures, [[12.3, 19.1, np.inf], [6.0, 9.0, 12.3]])
    np.testing.assert_array_equal(e.scope, [[CUP, LEAGUE, LEAGUE], [LEAGUE] * 3])
    np.testing.assert_array_equal(e.league_fixtures_before, [[0, 0, 1], [0, 1, 2]])
    np.testing.assert_allclose(e.gaps, [[8.3, 6.8, np.inf], [5.0, 3.0, 3.3]])
    np.testing.assert_array_equal((e.missed, e.known), [[0, 2], [2, 3]])
    np.testing.assert_array_equal((e.now, e.low, e.high), [[10, 10], [10, 5], [np.inf, 7.5]])
    np.testing.assert_array_equal(e.cleared, [False, True])
    np.testing.assert_array_equal(e.part, np.eye(5)[[0, 2]])
    np.testing.assert_array_equal(e.traits, [np.zeros(8), np.arange(8.0)])


def test_what_was_said_of_them():
    said = lay_out([OUT, CLEARED]).said
    np.testing.assert_array_equal((said.since, said.seen), [[7, 3], [9, 5]])
    np.testing.assert_array_equal(said.kinds, [[0, 0, 0, 0, 1], [0, 1, 0, 0, 0]])
    np.testing.assert_array_equal(said.expected, [np.nan, 7.25])
    np.testing.assert_array_equal(said.last_round, [[0, 0, 0, 1, 0, 0], [1, 0, 0, 0, 0, 0]])  # 50%; blank
    np.testing.assert_array_equal((said.fitness, said.passed), [[1, 0], [2, 0]])
    np.testing.assert_array_equal(said.flagged, [True, True])
    np.testing.assert_array_equal(said.percentage, [1.0, 0.0])


def test_where_no_flag_stands_nothing_was_given_for_the_round_before():
    said = Said.of([Statement(1.0, 2.0, last_round=0.0)])
    assert not said.last_round.any()
    assert not said.flagged.any()


def test_silenced_rows_say_nothing_and_the_others_what_they_said():
    said = lay_out([OUT, CLEARED]).said
    silent = said.silenced(np.array([True, False]))
    np.testing.assert_array_equal(silent.kinds, [NO_FLAG, said.kinds[1]])
    np.testing.assert_array_equal(silent.expected, said.expected)
    np.testing.assert_array_equal(silent.last_round[0], np.zeros(6))
    np.testing.assert_array_equal(silent.fitness, [0.0, 0.0])
    assert np.isnan(said.silenced(np.array([True, True])).expected).all()
    np.testing.assert_array_equal(said.kinds[0], [0, 0, 0, 0, 1])  # and the first is what it was


def test_days_are_in_the_middle_of_cells_and_at_the_end_of_the_last():
    e = lay_out([OUT], np.array([0.0, 1.0, 4.0]))
    np.testing.assert_array_equal(e.edges, [[10.0, 11.0, 14.0]])
    np.testing.assert_array_equal(e.days, [[10.5, 12.5, 14.0]])


@given(several=st.lists(situations(), min_size=1, max_size=4))
def test_beside_others_a_situation_says_what_it_says_alone(several):
    together = returns(LEARNED, lay_out(several))
    for row, s in zip(together, several, strict=True):
        alone = returns(LEARNED, lay_out([s]))[0]
        np.testing.assert_allclose(row[: len(alone)], alone, rtol=1e-9, atol=1e-14)


def test_some_of_the_situations_in_another_order():
    evidence, rows = lay_out([OUT, CLEARED, OUT]), np.array([1, 0])
    taken = evidence.take(rows)
    for whole, part in ((evidence, taken), (evidence.said, taken.said), (evidence.pieces, taken.pieces)):
        for name in {f.name for f in fields(whole)} - {"steps", "said", "pieces", "covariates"}:
            np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[rows], err_msg=name)
    np.testing.assert_array_equal(taken.steps, evidence.steps)


@pytest.mark.parametrize("steps", [FIT_GRID, FORECAST_GRID])
def test_grids_begin_at_once_rise_and_reach_beyond_two_years(steps):
    assert steps[0] == 0.0
    assert (np.diff(steps) > 0).all()
    assert steps[-1] > 730.0


def test_the_grid_of_a_forecast_is_of_hours_at_first_and_of_days_while_fixtures_are_close():
    assert np.diff(FORECAST_GRID[FORECAST_GRID <= 2.0]).max() == 0.25
    assert np.diff(FORECAST_GRID[FORECAST_GRID <= 30.0]).max() == 1.0
