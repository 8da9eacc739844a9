"""A small history worked out by hand: who was hurt again, when, and what it cost."""

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.episodes.load import checked
from forecast.episodes.relapses import returns_of

# Kick-offs every week, from day 7 on: minutes of the first ones; blank is no longer followed.
PLAYED = {
    1: [0, 0, 90, 90, 90],  # back on day 21, hurt in that match: episode 2
    2: [0, 45, 90, 90, 90],  # back on day 14, hurt again on day 24: episode 3
    3: [0, 0, 0, 0, np.nan],  # not seen back
    4: [90, 90, 90, np.nan, np.nan],  # back on day 7, hurt on day 200, when nobody followed it: episode 5
    5: [0, 0, 0, 0, 0],
    6: [0, 0, 0, 0, 90],  # a new flag on day 20, before any appearance: episode 7
    7: [90, 0, 0, 0, 0],  # back on day 7
}
LINKS = {2: (21.0, 1), 3: (24.0, 2), 5: (200.0, 4), 7: (20.0, 6)}


def history() -> fc.Episodes:
    rows = [
        {"episode": e, "player": e // 4, "season": "2020-21", "position": "defender", "onset": "match",
         "fixtures_before": 1, "appearances_before": 1, "minutes_before": 90,
         "days_since_previous": LINKS.get(e, (np.nan, 0))[0], "previous_episode": LINKS.get(e, (0, np.nan))[1]}
        for e in PLAYED
    ]  # fmt: skip
    fixtures = [
        {"episode": e, "day": 7.0 * (i + 1), "minutes": m} for e, played in PLAYED.items() for i, m in enumerate(played)
    ]
    bulletins = [{"episode": e, "day": 1.0, "kind": "unknown"} for e in PLAYED]
    blank = {"chance": np.nan, "expected_day": np.nan, "first_word_day": np.nan}
    tables = [pd.DataFrame(rows), pd.DataFrame(fixtures), pd.DataFrame(bulletins).assign(**blank)]
    tables[0].loc[tables[0].episode >= 4, "player"] = 9
    tables[0].loc[tables[0].episode >= 6, "player"] = 11
    return checked(dict(zip(("episodes", "fixtures", "bulletins"), tables, strict=True)))


@pytest.fixture(scope="module")
def returns():
    return returns_of(history()).set_index("episode")


def test_only_those_who_came_back_before_the_next_injury_have_a_return(returns):
    assert list(returns.index) == [1, 2, 4, 7]


def test_hurt_again_in_the_very_match_later_or_not_while_followed(returns):
    assert list(returns.in_match) == [True, False, False, False]
    assert list(returns.again) == [False, True, False, False]
    assert list(returns.days) == [0.0, 10.0, 14.0, 28.0]


def test_what_a_relapse_costs_as_far_as_it_was_followed(returns):
    assert list(returns.out[:2]) == [14.0, 28.0]
    assert list(returns.missed[:2]) == [1.0, 4.0]
    assert list(returns.back) == [True, False, False, False]
    assert returns[["out", "missed"]][2:].isna().all(axis=None)


def test_an_injury_in_the_year_before(returns):
    assert list(returns.before) == [0.0, 1.0, 0.0, 1.0]


def test_the_shipped_returns(episodes):
    """python -m tests.statistical.relapses"""
    table = returns_of(episodes)
    hamstring = table[table.body_part == "hamstring"]
    assert (len(table), len(hamstring), hamstring.in_match.sum(), hamstring.again.sum()) == (1539, 587, 12, 165)
    soon = hamstring[(hamstring.days <= 60) & hamstring.missed.notna()]
    assert soon.missed.mean() == pytest.approx(3.8, abs=0.05)
    assert (table.days <= 365).all()
    assert (table.out.notna() == (table.in_match | table.again)).all()
