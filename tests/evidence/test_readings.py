import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.backtest.origins import origins_of
from forecast.evidence.readings import readings_of, with_proxies
from forecast.evidence.situation import minutes_logit
from forecast.terms import FLAG_KINDS, HORIZON, NO_FLAG, WINDOW

PASSED = ("unknown", "nan", "nan")  # what a date that had passed is read as
KNOWN = (
    "now",
    "missed",
    "minutes_logit",
    "forward",
    "seen",
    "code",
    "age",
    "expected",
    "until",
)  # a number a situation


@pytest.fixture(scope="module")
def readings(episodes):
    return readings_of(episodes)


def origins(episodes: fc.Episodes) -> list[tuple[int, float, int, bool]]:
    """Episode, day, fixtures missed and whether he then appeared, of each origin, as score.py finds them."""
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


def test_the_flagged_readings_are_the_origins_of_the_scores(episodes, readings):
    flagged = readings.table[readings.table.flagged]
    assert len(flagged) == 2621
    found = zip(flagged.episode, flagged.day, flagged.misses, flagged.appeared, strict=True)
    assert sorted(found) == sorted(origins(episodes))


def test_cleared_readings_follow_a_clearance_and_say_what_he_missed_since(episodes, readings):
    cleared = np.flatnonzero(~readings.table.flagged)
    assert len(cleared) == 496
    evidence = readings.evidence
    for i in cleared:
        row = readings.table.iloc[i]
        said = episodes.bulletins[(episodes.bulletins.episode == row.episode) & (episodes.bulletins.day <= row.day)]
        flags, lifted = said[said.kind != "available"], said[said.kind == "available"]
        played = episodes.fixtures[episodes.fixtures.episode == row.episode]
        last, first = flags.day.max(), lifted.day.min()
        missed = played[(played.day > last) & (played.day <= row.day)]
        assert (missed.minutes == 0).all()
        assert (evidence.edges[i, 0], evidence.edges[i, -1]) == (last, first)
        np.testing.assert_array_equal(evidence.fixtures[i, : evidence.missed[i]], missed.day)
        # What was last said of him keeps counting.
        assert evidence.seen[i] == last


def test_fixtures_ahead_are_the_next_six_within_sixty_days(episodes, readings):
    evidence = readings.evidence
    for i in range(0, len(evidence.now), 7):
        days = episodes.fixtures.day[episodes.fixtures.episode == readings.table.episode[i]]
        ahead = days[(days > evidence.now[i]) & (days <= evidence.now[i] + WINDOW)][:HORIZON]
        np.testing.assert_array_equal(evidence.fixtures[i, evidence.missed[i] : evidence.known[i]], ahead)


def test_what_is_known_of_the_player(episodes, readings):
    player = episodes.episodes.set_index("episode").loc[readings.table.episode]
    odds = [minutes_logit(m, f) for m, f in zip(player.minutes_before, player.fixtures_before, strict=True)]
    np.testing.assert_array_equal(readings.evidence.minutes_logit, odds)
    np.testing.assert_array_equal(readings.evidence.forward, player.position == "forward")


def test_inside_is_the_part_of_a_cell_between_his_last_flag_and_clearance_or_appearance(episodes, readings):
    ends = episodes.durations().set_index("episode").loc[readings.table.episode]
    evidence = readings.evidence
    assert ((readings.inside >= 0) & (readings.inside <= 1)).all()
    width = (readings.inside * (evidence.high - evidence.low)).sum(axis=1)
    first = np.maximum(ends.lower.to_numpy(), evidence.edges[:, 0])
    last = np.minimum(ends.upper.to_numpy(), evidence.edges[:, -1])
    np.testing.assert_allclose(width, last - first, rtol=1e-9)
    assert (width > 0).all()
    for i in range(0, len(first), 31):
        for j, (low, high) in enumerate(zip(evidence.low[i], evidence.high[i], strict=True)):
            part = max(min(high, last[i]) - max(low, first[i]), 0.0)
            assert readings.inside[i, j] == pytest.approx(part / (high - low) if high > low else 0.0)


# ---------------------------------------------------------------------------------------------- nothing from the future


def scrambled(episodes: fc.Episodes, cut: pd.Series, rng: np.random.Generator) -> fc.Episodes:
    """The tables with another future after the day of the cut: other minutes, other flags, other far fixtures."""
    f, b = episodes.fixtures.copy(), episodes.bulletins.copy()
    ahead = f.day > f.episode.map(cut)
    place = f[ahead].groupby("episode").cumcount().reindex(f.index, fill_value=0)
    f.loc[ahead, "minutes"] = rng.integers(0, 2, ahead.sum()) * 90.0
    f.loc[
        ahead & (place >= f.episode.map(dict(zip(cut.index, rng.integers(1, 12, len(cut)), strict=True)))), "minutes"
    ] = np.nan
    far = ahead & ((f.day - f.episode.map(cut) > WINDOW) | (place >= HORIZON))
    f = f[~far | (rng.random(len(f)) < 0.5)]
    later = b.day > b.episode.map(cut)
    kinds = rng.choice(["unknown", "expected", "chance", "available"], later.sum(), p=[0.3, 0.3, 0.2, 0.2])
    b.loc[later, "kind"] = kinds
    cleared = (b.kind == "available").groupby(b.episode).cummax()
    b["kind"] = b.kind.where(~cleared, "available")
    b.loc[later, "chance"] = rng.choice([25.0, 50.0, 75.0], later.sum())
    b.loc[later, "expected_day"] = b.day[later] + rng.uniform(-5.0, 60.0, later.sum())
    b["chance"], b["expected_day"] = b.chance.where(b.kind == "chance"), b.expected_day.where(b.kind == "expected")
    appeared = f[f.minutes > 0].groupby("episode").day.min()
    b = b[(~later | (rng.random(len(b)) < 0.7)) & (b.day < b.episode.map(appeared).fillna(np.inf))]
    return fc.Episodes(episodes.episodes, f.reset_index(drop=True), b.reset_index(drop=True))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_that_comes_later_is_known(episodes, readings, seed):
    rng = np.random.default_rng(seed)
    chosen = readings.table.sample(frac=1.0, random_state=seed).drop_duplicates("episode")
    cut = chosen.set_index("episode").day
    other = readings_of(scrambled(episodes, cut, rng))
    key = ["episode", "day"]
    both = chosen.reset_index(names="was").merge(other.table.reset_index(names="is"), on=key)
    assert len(both) > 0.95 * len(chosen)  # of the others no fixture is followed in this future
    was, now = readings.take(both["was"].to_numpy()), other.take(both["is"].to_numpy())
    for name in KNOWN:
        np.testing.assert_array_equal(getattr(now.evidence, name), getattr(was.evidence, name), err_msg=name)
    for i in range(len(both)):
        count = was.evidence.known[i]
        assert now.evidence.known[i] == count
        np.testing.assert_array_equal(now.evidence.fixtures[i, :count], was.evidence.fixtures[i, :count])
        np.testing.assert_array_equal(np.unique(now.evidence.edges[i]), np.unique(was.evidence.edges[i]))
    assert (was.misses != now.misses).any()  # the outcome is another one


def test_the_grid_of_a_forecast_knows_no_outcome(episodes, readings):
    cut = readings.table[readings.table.flagged].groupby("episode").day.min()
    before, after = (origins_of(e) for e in (episodes, scrambled(episodes, cut, np.random.default_rng(4))))
    both = before.table.reset_index(names="was").merge(after.table.reset_index(names="is"), on=["episode", "day"])
    both = both[both.day == both.episode.map(cut)]
    was, now = before.evidence.take(both["was"].to_numpy()), after.evidence.take(both["is"].to_numpy())
    assert len(both) > 500
    assert (both.upper_x != both.upper_y).mean() > 0.5  # the outcome is another one
    for i in range(len(both)):
        np.testing.assert_array_equal(np.unique(was.edges[i]), np.unique(now.edges[i]))


# ------------------------------------------------------------------------------------------------------- what was said


def told(*bulletins: tuple) -> fc.Episodes:
    """One midfielder, fixtures every week from day 3 on, back on day 38, and what was said: day, kind, detail."""
    episodes = pd.DataFrame({
        "episode": [1], "player": [1], "season": ["2020-21"], "position": ["midfielder"], "onset": ["match"],
        "fixtures_before": [10], "appearances_before": [9], "minutes_before": [700.0], "days_since_previous": [np.nan],
    })  # fmt: skip
    days = np.arange(3.0, 80.0, 7.0)
    fixtures = pd.DataFrame({"episode": 1, "day": days, "minutes": np.where(days == 38.0, 90.0, 0.0)})
    table = pd.DataFrame([(1, *b) for b in bulletins], columns=["episode", "day", "kind", "detail"])
    table["chance"] = table.detail.where(table.kind == "chance")
    table["expected_day"] = table.detail.where(table.kind == "expected")
    return fc.Episodes(episodes, fixtures, table)


def test_a_statement_is_as_old_as_the_first_of_the_readings_in_a_row_that_say_the_same():
    e = readings_of(
        told(
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
    ).evidence
    np.testing.assert_array_equal(e.age, [0, 3, 0, 3, 0, 0, 0, 0, 3, 3])
    np.testing.assert_array_equal(e.seen, [2, 5, 9, 12, 15, 19, 22, 26, 29, 29])
    np.testing.assert_array_equal(e.code, [FLAG_KINDS.index(k) for k in (
        "unknown", "unknown", "expected", "expected", "expected", "unknown", "25", "75", "75", "75")])  # fmt: skip
    np.testing.assert_array_equal(e.missed, [0] * 9 + [1])  # on day 31, after the last flag


def test_a_promise_that_had_passed_is_read_as_unknown():
    e = readings_of(told((9.0, "expected", 8.5), (12.0, "expected", 12.0), (15.0, "expected", 15.5))).evidence
    np.testing.assert_array_equal(e.code, [FLAG_KINDS.index(k) for k in ("unknown", "unknown", "expected")])
    np.testing.assert_array_equal(e.age, [0, 3, 0])
    np.testing.assert_array_equal(e.expected, [np.nan, np.nan, 15.5])


def test_three_promises_of_the_data_had_passed(episodes, readings):
    b = episodes.bulletins
    passed = b[(b.kind == "expected") & (b.expected_day <= b.day)]
    assert (len(passed), (b.kind == "expected").sum()) == (3, 987)
    rows = readings.table.reset_index().merge(passed[["episode", "day"]], on=["episode", "day"])["index"]
    assert (readings.evidence.code[rows] == FLAG_KINDS.index("unknown")).all()


def test_age_over_the_whole_data(episodes, readings):
    flags = episodes.bulletins[episodes.bulletins.kind != "available"]
    ages = {}
    for key, rows in flags.groupby("episode"):
        since, before = np.nan, None
        for b in rows.itertuples():
            content = (b.kind, str(b.chance), str(b.expected_day)) if not b.expected_day <= b.day else PASSED
            since = since if content == before else b.day
            before = content
            ages[key, b.day] = b.day - since
    e = readings.evidence
    wanted = [ages[key, seen] for key, seen in zip(readings.table.episode, e.seen, strict=True)]
    np.testing.assert_allclose(e.age, wanted, atol=1e-9)


# ------------------------------------------------------------------------------------------------------------- proxies


def test_proxies_are_readings_said_again_in_other_words(readings):
    both = with_proxies(readings, 0.25)
    e, own = readings.evidence, len(readings.table)
    silent = np.flatnonzero(readings.table.flagged)
    promised = np.flatnonzero(readings.table.flagged & (e.code == FLAG_KINDS.index("expected")))
    assert len(promised) > 800
    assert len(both.table) == own + len(silent) + len(promised)
    np.testing.assert_array_equal(both.weight, np.repeat([1.0, 0.25], [own, len(silent) + len(promised)]))
    rows = np.concatenate([np.arange(own), silent, promised])
    said = both.evidence
    np.testing.assert_array_equal(said.code, np.concatenate([e.code, np.full(len(rows) - own, NO_FLAG)]))
    assert np.isneginf(said.until[: own + len(silent)]).all()
    np.testing.assert_array_equal(said.until[own + len(silent) :], e.expected[promised])
    for name in ("now", "edges", "gap", "fixtures", "missed", "known", "minutes_logit", "forward", "seen"):
        np.testing.assert_array_equal(getattr(said, name), getattr(e, name)[rows])
    for name in ("misses", "appeared", "inside"):
        np.testing.assert_array_equal(getattr(both, name), getattr(readings, name)[rows])
    pd.testing.assert_frame_equal(both.table, readings.table.iloc[rows].reset_index(drop=True))


def test_who_is_ruled_out_has_a_cell_that_ends_with_it(readings):
    both = with_proxies(readings, 0.25).evidence
    ruled_out = np.flatnonzero(np.isfinite(both.until))
    ends = (both.edges[ruled_out] == both.until[ruled_out, None]).any(axis=1)
    assert ends.all()


def test_readings_can_be_taken(readings):
    rows = np.array([5, 3, 3])
    taken = readings.take(rows)
    np.testing.assert_array_equal(taken.evidence.now, readings.evidence.now[rows])
    np.testing.assert_array_equal(taken.misses, readings.misses[rows])
    assert list(taken.table.day) == list(readings.table.day[rows])
    assert list(taken.table.index) == [0, 1, 2]
