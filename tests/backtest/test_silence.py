"""Rule 3 of the design: with nothing said, the days that remain agree with what was seen at every age of the injury."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.backtest.silence import joined, silence_table


@pytest.fixture(scope="module")
def past(episodes) -> fc.Episodes:
    return episodes.of("hamstring")


def test_with_nothing_said_the_days_that_remain_agree_with_what_was_seen(past, model):
    """The mean square of the 27 is below 1.5, and none is beyond 3."""
    drawn = replace(model, relapse=None).simulate(past, 2 * len(past), seed=1)
    z = silence_table(past, drawn).filter(like="z_")
    assert z.shape == (9, 3)
    assert np.square(z).to_numpy().mean() < 1.5
    assert np.abs(z).to_numpy().max() < 3.0


def test_the_same_injuries_agree_with_themselves(past):
    table = silence_table(past, past)
    np.testing.assert_allclose(table.filter(like="z_"), 0.0, atol=1e-3)
    np.testing.assert_allclose(table.filter(like="seen_"), table.filter(like="drawn_"))
    assert list(table.n) == [166, 175, 274, 217, 292, 286, 252, 159, 74]


def test_injuries_twice_as_long_stand_out(past):
    longer = fc.Episodes(past.episodes, *(t.assign(day=2.0 * t.day) for t in (past.fixtures, past.bulletins)))
    z = silence_table(past, longer).set_index("out").filter(like="z_")
    assert (z.loc["10-15"] < -1.5).all()


def test_too_few_injuries_make_no_table(past):
    few = past.where(past.episodes.index < 20)
    assert silence_table(few, few).empty


def test_tables_put_together_keep_their_injuries_apart(past):
    halves = [past.where(past.episodes.player % 2 == k) for k in (0, 1)]
    both = joined([*halves, halves[0]])
    assert len(both) == both.episodes.episode.nunique() == len(past) + len(halves[0])
    durations = both.durations()[["lower", "upper"]]
    expected = pd.concat([h.durations()[["lower", "upper"]] for h in (*halves, halves[0])], ignore_index=True)
    pd.testing.assert_frame_equal(durations, expected)
