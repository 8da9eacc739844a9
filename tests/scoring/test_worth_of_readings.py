import numpy as np
import pandas as pd
import pytest

from forecast.scoring.readings import worth_of_readings

COLUMNS = ["episode", "player", "day", "kickoff", "p_returns", "returned"]
ROWS = [  # one player, read before each of two matches; another, read once
    (1, 1, 0.0, 3.0, 0.2, 0.0),
    (1, 1, 0.0, 10.0, 0.4, 1.0),
    (1, 1, 7.0, 10.0, 0.9, 1.0),
    (2, 2, 0.0, 3.0, 0.5, 1.0),
]


def test_by_hand():
    """Of the older reading 0.4 of the 0.8 that was left after the match in between: log 0.9 - log 0.5 is the worth."""
    found = worth_of_readings(pd.DataFrame(ROWS, columns=COLUMNS)).query("newest == 'any time'").set_index("older")
    assert found.n.tolist() == [3, 1]
    assert found.days.tolist() == [3.0, 10.0]
    assert found.log_score[0] == pytest.approx(-np.log([0.8, 0.9, 0.5]).mean())
    assert found.brier[0] == pytest.approx((0.2**2 + 0.1**2 + 0.5**2) / 3)
    assert found.worth[0] == 0.0
    assert found.worth[1] == pytest.approx(np.log(0.9 / 0.5))


def test_the_eve_is_of_those_whose_newest_reading_is_hours_old():
    table = pd.DataFrame([*ROWS, (1, 1, 9.0, 10.0, 0.8, 1.0)], columns=COLUMNS)
    eve = worth_of_readings(table).query("newest == 'eve'").set_index("older")
    assert eve.n.tolist() == [1, 1, 1]
    assert eve.worth.tolist() == pytest.approx([0.0, np.log(0.8 / 0.9), np.log(0.8 / 0.5)])


def test_a_fixture_after_the_return_does_not_count():
    table = pd.DataFrame([*ROWS, (2, 2, 0.0, 8.0, 0.1, 0.0)], columns=COLUMNS)
    pd.testing.assert_frame_equal(worth_of_readings(table), worth_of_readings(table.iloc[:-1]))


def test_the_order_of_the_rows_is_of_no_account():
    table = pd.DataFrame(ROWS, columns=COLUMNS)
    pd.testing.assert_frame_equal(worth_of_readings(table), worth_of_readings(table.iloc[::-1]))


def test_an_outcome_that_is_not_known_does_not_count():
    table = pd.DataFrame([*ROWS, (1, 1, 7.0, 17.0, 0.1, np.nan)], columns=COLUMNS)
    pd.testing.assert_frame_equal(worth_of_readings(table), worth_of_readings(table.iloc[:-1]))


def test_never_and_always_are_numbers():
    rows = [(1, 1, 0.0, 3.0, 1.0, 0.0), (1, 1, 0.0, 9.0, 0.0, 1.0), (1, 1, 5.0, 9.0, 1.0, 1.0)]
    found = worth_of_readings(pd.DataFrame(rows, columns=COLUMNS))
    assert np.isfinite(found[["log_score", "brier", "worth"]]).all(axis=None)
