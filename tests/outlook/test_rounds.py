"""The feed by round: at least once in a round with two matches, none in a round without one."""

import itertools

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from drawn import drawn_texts, misplaced
from feeds import READINGS, feed_of, fixtures, hurt
from forecast.feed.live import face_value, score_feed
from forecast.outlook.rounds import by_round, for_people, grid_of, p_appears, wide


@pytest.fixture(scope="module")
def outlooks(model):
    return model.forecast_many(fc.read_feed(READINGS).cases(club="BOU"))


def first_appearances(model):
    return lambda case: model.forecast(case).fixtures.p_returns.to_numpy()


def test_at_least_once_by_enumeration(outlooks):
    """Every course of four fixtures: none, or the first appearance and then each of the later ones or not."""
    draws = outlooks[0].model.posterior(outlooks[0].now)
    returns, again = draws.returns[:, :4], draws.after_return[:, :4]
    for chosen in ([0], [1, 3], [0, 2], [1, 2, 3]):
        p = np.zeros(len(returns))
        for first in range(4):
            for course in itertools.product((0, 1), repeat=3 - first):
                played = np.array([*[0] * first, 1, *course])
                later = again[:, first + 1 :]
                chance = np.where(course, later, 1.0 - later).prod(axis=1)
                p += returns[:, first] * chance * played[chosen].any()
        np.testing.assert_allclose(p_appears(draws, chosen), p, atol=1e-12)


def test_rounds_with_two_matches_and_none(outlooks):
    """Bournemouth play twice in round 28 and not in round 29."""
    table = by_round(outlooks, [28, 29, 30])
    assert table.groupby("round").matches.first().tolist() == [2, 0, 1]
    two, none, one = (table[table["round"] == number].iloc[0] for number in (28, 29, 30))
    both = outlooks[0].fixtures.p_plays.iloc[:2]
    assert both.max() < two.p_plays < both.sum() == pytest.approx(two.appearances)
    assert two.p_fit == outlooks[0].fixtures.p_fit.iloc[0]
    assert (none.p_plays, none.appearances, np.isnan(none.p_fit)) == (0.0, 0.0, True)
    assert one.p_plays == pytest.approx(outlooks[0].fixtures.p_plays.iloc[2])
    assert (table.p_plays_low <= table.p_plays).all()
    assert (table.p_plays <= table.p_plays_high).all()


def test_a_row_for_each_player_as_planners_read_it(outlooks):
    table = wide(by_round(outlooks, [28, 29]))
    assert table.columns[:8].tolist() == [
        "id",
        "code",
        "player",
        "club",
        "position",
        "days_out",
        "said",
        "expected_missed",
    ]
    assert table.columns[8:12].tolist() == ["28_matches", "28_p_fit", "28_p_plays", "28_appearances"]
    assert table.id.tolist() == [outlook.case.element for outlook in outlooks]
    expected = [2 - outlook.fixtures.p_plays.iloc[:2].sum() for outlook in outlooks]
    assert table.expected_missed.tolist() == pytest.approx(expected)


def test_what_people_read(outlooks):
    shown = for_people(by_round(outlooks, [28, 29]))
    assert shown["round 29"].unique().tolist() == ["-"]
    assert shown["round 28"].str.fullmatch(r"<?\d+% \(<?\d+%\) x2").all()
    assert shown.missed.str.endswith(" of 2").all()


def test_the_sheet_has_a_column_for_each_round(outlooks):
    grid = grid_of(by_round(outlooks, [28, 29, 30]), outlooks)
    assert grid.columns.get_level_values(1).tolist() == ["Round 28", "Round 30"]  # none of theirs is in round 29
    with drawn_texts() as texts:
        fc.squad_sheet(outlooks, of="p_plays", rounds=grid).canvas.draw()
    words = [text for text, _, _ in texts]
    assert "Round 28" in words
    assert any(word.startswith("BOU, out for") for word in words)
    assert misplaced(texts) == []


def test_past_readings_are_scored_beside_the_flag(model):
    """Of the whole feed, cut to sixty players with every hamstring flag: as ``feed ../shared/feed --score`` prints."""
    table = score_feed(fc.read_feed(READINGS), first_appearances(model.with_draws(20)))
    assert table.forecaster.tolist() == ["forecast", "flag at face value"]
    assert table.players.unique().tolist() == [32]
    assert table.forecasts.unique().tolist() == [94]
    assert table.iloc[1]["log score"] == pytest.approx(1.646, abs=5e-4)
    assert (table.iloc[0, 3:] < table.iloc[1, 3:]).all()


def test_the_flag_at_face_value(tmp_path):
    said = hurt("2023-09-10", "Hamstring injury - Expected back 25 Sep")
    (case,) = feed_of(tmp_path, {"2023-09-14": said}, matches=fixtures()).cases()
    assert face_value(case)[:3].tolist() == pytest.approx(
        [0.02, 0.98 * 0.02, 0.98**2 * 0.95]
    )  # 30 September is the third


def test_one_reading_has_nothing_to_be_scored_by(tmp_path, model):
    with pytest.raises(fc.DataError, match="readings: 1; must be two or more"):
        score_feed(feed_of(tmp_path, {"2023-09-14": hurt("2023-09-10")}), first_appearances(model))


def test_rounds_ahead():
    feed = fc.read_feed(READINGS)
    assert feed.rounds()[:3] == [28, 29, 30]
    assert feed.rounds(pd.Timestamp("2024-01-24T00:00Z"))[:2] == [22, 23]
