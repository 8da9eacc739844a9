import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.evidence.readings import players_of, readings_of, with_proxies
from forecast.evidence.situation import traits_of
from forecast.model.joint import returns
from forecast.terms import FLAG_KINDS, HORIZON, WINDOW
from learned import LEARNED
from subset import some


@pytest.fixture(scope="module")
def few(episodes):
    return some(episodes, 300)


@pytest.fixture(scope="module")
def readings(few):
    return readings_of(few)


def origins(episodes: fc.Episodes) -> list[tuple[int, float, int, bool]]:
    """Episode, day, fixtures missed and whether he then appeared, of each flagged reading that is followed."""
    games = {key: (d.day.to_numpy(), d.minutes.to_numpy()) for key, d in episodes.fixtures.groupby("episode")}
    found = []
    for b in episodes.bulletins[episodes.bulletins.kind != "available"].itertuples():
        day, minutes = games[b.episode]
        if (minutes[day <= b.day] > 0).any():
            continue
        ahead = np.flatnonzero((day > b.day) & (day <= b.day + 60.0))[:6]
        known = int(np.isnan(minutes[ahead]).argmax()) if np.isnan(minutes[ahead]).any() else len(ahead)
        if known == 0:
            continue
        appeared = np.flatnonzero(minutes[ahead[:known]] > 0)
        found.append((b.episode, b.day, int(appeared[0]) if len(appeared) else known, len(appeared) > 0))
    return found


def test_every_flagged_reading_that_is_followed_is_one(few, readings):
    flagged = readings.table[readings.table.flagged]
    found = zip(flagged.episode, flagged.day, flagged.misses, flagged.appeared, strict=True)
    assert sorted(found) == sorted(origins(few))


def test_cleared_readings_follow_a_clearance_and_say_what_he_missed_since(few, readings):
    cleared, evidence = np.flatnonzero(~readings.table.flagged), readings.evidence
    assert len(cleared) > 100
    np.testing.assert_array_equal(evidence.cleared, ~readings.table.flagged)
    for i in cleared:
        row = readings.table.iloc[i]
        said = few.bulletins[(few.bulletins.episode == row.episode) & (few.bulletins.day <= row.day)]
        last, first = said.day[said.kind != "available"].max(), said.day[said.kind == "available"].min()
        played = few.fixtures[few.fixtures.episode == row.episode]
        missed = played[(played.day > last) & (played.day <= row.day)]
        assert (missed.minutes == 0).all()
        assert (evidence.low[i], evidence.high[i], evidence.said.seen[i]) == (last, first, last)
        np.testing.assert_array_equal(evidence.fixtures[i, : evidence.missed[i]], missed.day)


def test_fixtures_ahead_are_the_next_six_within_sixty_days(few, readings):
    evidence = readings.evidence
    for i in range(0, len(evidence.now), 7):
        days = few.fixtures.day[few.fixtures.episode == readings.table.episode[i]]
        ahead = days[(days > evidence.now[i]) & (days <= evidence.now[i] + WINDOW)][:HORIZON]
        np.testing.assert_array_equal(evidence.fixtures[i, evidence.missed[i] : evidence.known[i]], ahead)
        assert evidence.before[i] == max([0.0, *days[days <= evidence.low[i]]])


def test_inside_are_the_days_between_his_last_flag_and_clearance_or_appearance(few, readings):
    ends = few.durations().set_index("episode").loc[readings.table.episode]
    pieces = readings.evidence.pieces
    last = np.minimum(ends.upper, pieces.ends[:, -1])
    width = np.where(readings.inside, np.diff(pieces.ends, axis=1), 0.0).sum(axis=1)
    np.testing.assert_allclose(width, last - ends.lower, rtol=1e-9)
    np.testing.assert_array_equal(readings.never, np.isinf(ends.upper))


def test_what_is_known_of_the_player_and_the_mean_of_what_is_not(few, readings):
    player = few.episodes.set_index("episode").loc[readings.table.episode]
    said = few.bulletins.set_index(["episode", "day"])
    traits, like = readings.evidence.traits, players_of(few)
    assert np.isfinite(traits).all()
    for i in range(0, len(traits), 23):
        p, b = player.iloc[i], said.loc[(player.index[i], readings.table.day[i])]
        before, year = p.fixtures_before, (p.year_minutes, p.year_available)
        known = traits_of(
            p.position,
            (p.minutes_before, before),
            None if np.isnan(year).any() else year,
            (p.appearances_before, before),
            None if np.isnan(b.price) else b.price,
            None if np.isnan(b.owned) else b.owned,
        )
        np.testing.assert_allclose(traits[i], like.like(known)[0], rtol=1e-12)


def test_readings_can_be_taken(readings):
    rows = np.array([5, 3, 3])
    taken = readings.take(rows)
    np.testing.assert_array_equal(taken.evidence.now, readings.evidence.now[rows])
    for name in ("misses", "appeared", "inside", "never", "weight"):
        np.testing.assert_array_equal(getattr(taken, name), getattr(readings, name)[rows])
    assert list(taken.table.day) == list(readings.table.day[rows])
    assert list(taken.table.index) == [0, 1, 2]


# ---------------------------------------------------------------------------------------------- nothing from the future


def scrambled(episodes: fc.Episodes, cut: pd.Series, rng: np.random.Generator) -> fc.Episodes:
    """The tables with another future after the day of the cut: other minutes, other flags, other far fixtures."""
    f, b = episodes.fixtures.copy(), episodes.bulletins.copy()
    ahead = f.day > f.episode.map(cut)
    place = f[ahead].groupby("episode").cumcount().reindex(f.index, fill_value=0)
    f.loc[ahead, "minutes"] = rng.integers(0, 2, ahead.sum()) * 90.0
    followed = pd.Series(rng.integers(1, 12, len(cut)), cut.index)
    f.loc[ahead & (place >= f.episode.map(followed)), "minutes"] = np.nan
    far = ahead & ((f.day - f.episode.map(cut) > WINDOW) | (place >= HORIZON))
    f = f[~far | (rng.random(len(f)) < 0.5)]
    later = b.day > b.episode.map(cut)
    b.loc[later, "kind"] = rng.choice(
        ["unknown", "expected", "chance", "available"], later.sum(), p=[0.3, 0.3, 0.2, 0.2]
    )
    cleared = (b.kind == "available").groupby(b.episode).cummax()
    b["kind"] = b.kind.where(~cleared, "available")
    b.loc[later, "chance"] = rng.choice([25.0, 50.0, 75.0], later.sum())
    b.loc[later, "expected_day"] = b.day[later] + rng.uniform(-5.0, 60.0, later.sum())
    b["chance"], b["expected_day"] = b.chance.where(b.kind == "chance"), b.expected_day.where(b.kind == "expected")
    b.loc[later, "price"] = 9.9
    appeared = f[f.minutes > 0].groupby("episode").day.min()
    b = b[(~later | (rng.random(len(b)) < 0.7)) & (b.day < b.episode.map(appeared).fillna(np.inf))]
    return fc.Episodes(episodes.episodes, f.reset_index(drop=True), b.reset_index(drop=True))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_that_comes_later_is_known(few, readings, seed):
    """Neither in what is known of a reading, nor in a forecast that is made of it."""
    flagged = readings.table[readings.table.flagged]
    chosen = flagged.sample(frac=1.0, random_state=seed).drop_duplicates("episode")
    other = readings_of(scrambled(few, chosen.set_index("episode").day, np.random.default_rng(seed)))
    both = chosen.reset_index(names="was").merge(other.table.reset_index(names="is"), on=["episode", "day"])
    assert len(both) > 0.95 * len(chosen)  # of the others no fixture is followed in this future
    was, now = readings.take(both["was"].to_numpy()), other.take(both["is"].to_numpy())
    for name in ("now", "low", "high", "edges", "before", "missed", "known", "traits", "part"):
        np.testing.assert_array_equal(getattr(now.evidence, name), getattr(was.evidence, name), err_msg=name)
    for name in ("since", "seen", "kinds", "expected", "last_round", "fitness", "passed"):
        np.testing.assert_array_equal(getattr(now.evidence.said, name), getattr(was.evidence.said, name), err_msg=name)
    ahead = np.arange(HORIZON) < was.evidence.known[:, None]
    forecasts = [returns(LEARNED, r.evidence)[:, :HORIZON] for r in (was, now)]
    np.testing.assert_allclose(forecasts[1][ahead], forecasts[0][ahead], rtol=1e-9)
    assert (was.misses != now.misses).any()  # the outcome is another one


# ------------------------------------------------------------------------------------------------------- what was said


def told(*bulletins: tuple) -> fc.Episodes:
    """One midfielder, fixtures every week from day 3 on, back on day 38, and what was said: day, kind, detail."""
    episodes = pd.DataFrame({
        "episode": [1], "player": [1], "season": ["2020-21"], "body_part": ["calf"], "position": ["midfielder"],
        "onset": ["match"], "fixtures_before": [10], "appearances_before": [9], "minutes_before": [700.0],
        "year_available": [np.nan], "year_minutes": [np.nan], "days_since_previous": [np.nan],
        "previous_episode": [np.nan],
    })  # fmt: skip
    days = np.arange(3.0, 80.0, 7.0)
    fixtures = pd.DataFrame({"episode": 1, "day": days, "minutes": np.where(days == 38.0, 90.0, 0.0)})
    table = pd.DataFrame([(1, *b) for b in bulletins], columns=["episode", "day", "kind", "detail"])
    table["chance"] = table.detail.where(table.kind == "chance")
    table["expected_day"] = table.detail.where(table.kind == "expected")
    table = table.assign(first_word_day=0.0, last_round=25.0, match_fitness=0, price=np.nan, owned=np.nan)
    return fc.Episodes(episodes, fixtures, table)


def said_in(*bulletins: tuple):
    return readings_of(told(*bulletins)).evidence.said


def kinds(said) -> list[str]:
    return [FLAG_KINDS[place] for place in said.kinds.argmax(axis=1)]


def test_a_statement_counts_from_the_first_of_the_readings_in_a_row_that_say_the_same():
    said = said_in(
        (2.0, "unknown", np.nan),
        (5.0, "unknown", np.nan),
        (9.0, "expected", 30.0),
        (12.0, "expected", 30.0),
        (15.0, "expected", 35.0),
        (19.0, "unknown", np.nan),
        (22.0, "chance", 25.0),
        (26.0, "chance", 75.0),
        (29.0, "chance", 75.0),
        (33.0, "available", np.nan),
    )
    np.testing.assert_array_equal(said.since, [2, 2, 9, 9, 15, 19, 22, 26, 26, 26])
    np.testing.assert_array_equal(said.seen, [2, 5, 9, 12, 15, 19, 22, 26, 29, 29])
    assert kinds(said) == ["unknown", "unknown", *["expected"] * 3, "unknown", "25", "75", "75", "75"]
    np.testing.assert_array_equal(said.last_round, np.tile([0, 0, 1, 0, 0, 0], (10, 1)))
    np.testing.assert_array_equal(said.passed, 0)


def test_a_promise_that_had_passed_when_it_was_first_made_is_none():
    said = said_in((9.0, "expected", 8.5), (12.0, "expected", 8.5), (15.0, "expected", 15.5))
    assert kinds(said) == ["unknown", "unknown", "expected"]
    np.testing.assert_array_equal(said.since, [9, 9, 15])
    np.testing.assert_array_equal(said.expected, [np.nan, np.nan, 15.5])


def test_a_promise_that_passes_while_it_stands_is_kept():
    said = said_in((9.0, "expected", 11.0), (12.0, "expected", 11.0))
    assert kinds(said) == ["expected", "expected"]
    np.testing.assert_array_equal(said.since, [9, 9])
    np.testing.assert_array_equal(said.expected, [11.0, 11.0])


def test_without_a_fixture_that_is_followed_there_is_no_reading():
    nothing = told((70.0, "unknown", np.nan), (79.0, "unknown", np.nan))
    fixtures = nothing.fixtures.assign(minutes=np.where(nothing.fixtures.day < 60.0, 0.0, np.nan))
    with pytest.raises(fc.DataError, match="must have one with a fixture that is followed"):
        readings_of(fc.Episodes(nothing.episodes, fixtures, nothing.bulletins))


# ------------------------------------------------------------------------------------------------------------- proxies


def test_proxies_are_the_flagged_readings_again_with_nothing_said(readings):
    both, own = with_proxies(readings, 0.25), len(readings.table)
    silent = np.flatnonzero(readings.table.flagged)
    rows = np.concatenate([np.arange(own), silent])
    np.testing.assert_array_equal(both.weight, np.repeat([1.0, 0.25], [own, len(silent)]))
    e, said, before = both.evidence, both.evidence.said, readings.evidence.said
    np.testing.assert_array_equal(said.kinds[:own], before.kinds)
    np.testing.assert_array_equal(said.expected[:own], before.expected)
    assert not said.flagged[own:].any()
    assert np.isnan(said.expected[own:]).all()
    for name in ("now", "low", "high", "fixtures", "missed", "known", "traits", "part"):
        np.testing.assert_array_equal(getattr(e, name), getattr(readings.evidence, name)[rows], err_msg=name)
    for name in ("misses", "appeared", "inside", "never"):
        np.testing.assert_array_equal(getattr(both, name), getattr(readings, name)[rows], err_msg=name)
    pd.testing.assert_frame_equal(both.table, readings.table.iloc[rows].reset_index(drop=True))
