from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.evidence.cells import FIT_GRID
from forecast.evidence.grid import lay_out
from forecast.evidence.pieces import NEAR, cut
from forecast.model.joint import returns
from learned import LEARNED
from strategies import situations

several = st.lists(situations(), min_size=1, max_size=4)


def one(low: float, high: float, kickoffs: list[float], cuts: list[float]):
    """The pieces of one situation on the grid of a fit."""
    return cut(np.array([low]), np.array([high]), np.array([kickoffs]), np.array([cuts]), FIT_GRID)


@given(several=several)
def test_they_cover_the_days_one_after_the_other(several):
    ends = lay_out(several).pieces.ends
    for row, s in zip(ends, several, strict=True):
        assert (np.diff(row) >= 0).all()
        assert row[0] == s.low
        assert row[-1] == min(s.high, s.low + FIT_GRID[-1])


@given(several=several)
def test_each_kick_off_is_a_piece_of_no_width(several):
    pieces = lay_out(several).pieces
    for i, s in enumerate(several):
        fixtures = [*s.missed, *s.ahead]
        last = pieces.ends[i, -1]
        for k, kickoff in enumerate(fixtures):
            j = pieces.kickoff[i, k]
            assert pieces.reached[i, k] == (kickoff <= last)
            assert pieces.ends[i, j] == pieces.ends[i, j + 1] == min(kickoff, last)
            if pieces.reached[i, k]:
                assert pieces.gap[i, j] == k
        assert not pieces.reached[i, len(fixtures) :].any()
        assert len(set(pieces.kickoff[i])) == pieces.kickoff.shape[1]


@given(several=several)
def test_a_piece_knows_the_fixture_that_follows_and_how_close_it_is(several):
    pieces = lay_out(several).pieces
    for i, s in enumerate(several):
        fixtures = np.array([*s.missed, *s.ahead])
        for j, (start, end) in enumerate(zip(pieces.ends[i], pieces.ends[i, 1:], strict=False)):
            if end - start < 1e-9:
                continue
            after = np.flatnonzero(fixtures >= end)
            assert pieces.gap[i, j] == (after[0] if len(after) else len(fixtures))
            assert pieces.beyond[i, j] == (len(after) == 0)
            if len(after):
                assert pieces.near[i, j] == (end > fixtures[after[0]] - NEAR + 1e-9)
            assert not ((fixtures > start) & (fixtures < end)).any()


@given(several=several)
def test_each_end_lies_in_its_cell(several):
    evidence = lay_out(several)
    pieces, width = evidence.pieces, np.diff(FIT_GRID)
    at = evidence.low[:, None] + FIT_GRID[pieces.cell] + pieces.share * width[pieces.cell]
    np.testing.assert_allclose(at, pieces.ends, rtol=1e-12)
    assert ((pieces.share >= 0) & (pieces.share <= 1)).all()


@given(s=situations(cleared=False), part=st.tuples(st.floats(0, 50), st.floats(0.1, 50)))
def test_between_picks_the_days_after_one_up_to_another(s, part):
    lower, upper = s.low + part[0], s.low + part[0] + part[1]
    pieces = one(s.low, np.inf, list(s.ahead), [lower, upper])
    inside = pieces.between(np.array([lower]), np.array([upper]))[0]
    assert (np.diff(pieces.ends[0])[inside]).sum() == pytest.approx(upper - lower)
    for k, kickoff in enumerate(s.ahead):
        assert inside[pieces.kickoff[0, k]] == (lower < kickoff <= upper)


def test_a_kick_off_comes_before_a_cut_at_the_same_moment():
    pieces = one(0.0, np.inf, [5.0, 9.0], [5.0, 9.0])
    until_first = pieces.between(np.array([0.0]), np.array([5.0]))[0]
    until_second = pieces.between(np.array([5.0]), np.array([9.0]))[0]
    np.testing.assert_array_equal(until_first[pieces.kickoff[0]], [True, False])
    np.testing.assert_array_equal(until_second[pieces.kickoff[0]], [False, True])


def test_two_fixtures_closer_than_two_days():
    """By hand: near the second from the first on."""
    pieces = one(0.0, np.inf, [5.0, 6.0], [])
    np.testing.assert_array_equal(pieces.ends, [[0, 3, 5, 5, 5, 6, 6, 3000]])
    np.testing.assert_array_equal(pieces.gap, [[0, 0, 0, 0, 1, 1, 2]])
    np.testing.assert_array_equal(pieces.near[0, [0, 1, 4, 6]], [False, True, True, False])
    np.testing.assert_array_equal(pieces.beyond, [[False] * 6 + [True]])
    np.testing.assert_array_equal(pieces.kickoff, [[3, 5]])


@given(s=situations(), cut_at=st.floats(0.0, 1.0))
def test_a_further_cut_changes_no_forecast(s, cut_at):
    until = min(s.high, s.low + 90.0)
    more = replace(s, cuts=np.append(s.cuts, s.low + cut_at * (until - s.low)))
    np.testing.assert_allclose(*(returns(LEARNED, lay_out([x])) for x in (s, more)), rtol=1e-9, atol=1e-14)
