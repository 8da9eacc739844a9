"""A clone of the archive, made in the test of a few commits, and the tables that come out of it."""

import csv
import io
import os
import subprocess

import pandas as pd
import pytest

import forecast as fc
from feeds import FIT, PLAYER, doubt, fixtures, hurt, kickoff
from forecast.feed.tables import write_tables

PLAYED = {**dict.fromkeys(range(1, 39), 90), 6: 0, 7: 0, 8: 45}  # hurt in round 5, 9 September; back in round 8
SAID = {
    "2023-08-20": FIT,
    "2023-09-12": hurt("2023-09-11", "Hamstring injury - Expected back 30 Sep"),
    "2023-09-19": doubt("2023-09-11", 75, chance_of_playing_this_round=0),
    "2023-09-26": {"chance_of_playing_this_round": 75},
    "2024-05-20": {},
}


def table(rows, encoding="utf-8") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows({k: "None" if v is None and k != "event" else v for k, v in row.items()} for row in rows)
    return text.getvalue().encode(encoding)


class Clone:
    def __init__(self, folder):
        self.folder = folder
        self.git("init", "-q")

    def git(self, *arguments, date="2023-08-01T00:00:00Z"):
        who = {f"GIT_{role}_{what}": "x" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        subprocess.run(["git", *arguments], cwd=self.folder, check=True, env={**os.environ, **who, **dates})

    def commit(self, date, files):
        for name, raw in files.items():
            path = self.folder / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x", date=f"{date}T12:00:00Z")


def minutes(played=PLAYED, element=7) -> dict[str, bytes]:
    """All in one commit: the minutes of a season, a file a round."""
    about = {"element": element}
    return {
        f"2023-24/gws/gw{n}.csv": table([{**about, "fixture": n, "minutes": m, "kickoff_time": kickoff(n).isoformat()}])
        for n, m in played.items()
    }


def season(clone, said=SAID, **last):
    for date, player in said.items():
        clone.commit(
            date, {"2023-24/players_raw.csv": table([{**PLAYER, **player}]), "2023-24/fixtures.csv": table(fixtures())}
        )
    clone.commit("2024-05-27", last or minutes())


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


def test_the_three_tables_of_one_injury(clone):
    """Worked out by hand: day 0 is 15:00 on 9 September."""
    season(clone)
    feed = fc.read_feed(clone.folder)
    assert feed.problems == ()
    found = feed.episodes()
    (row,) = found.episodes.to_dict("records")
    assert (row["season"], row["body_part"], row["position"], row["onset"]) == (
        "2023-24",
        "hamstring",
        "midfielder",
        "match",
    )
    assert [row[f"{name}_before"] for name in ("fixtures", "appearances", "minutes")] == [5, 5, 450]
    assert (row["year_available"], row["year_minutes"]) == (5, 450)
    assert found.fixtures.day.tolist() == [7.0 * n for n in range(1, 34)]
    assert found.fixtures.minutes.tolist() == [0, 0, 45] + [90] * 30
    b = found.bulletins
    assert b.day.tolist() == [2.88, 9.88, 16.88]
    assert b.kind.tolist() == ["expected", "chance", "available"]
    assert b.expected_day.tolist()[0] == 20.38
    assert b.first_word_day.tolist()[:2] == [1.88, 1.88]
    assert b.last_round.tolist()[1:] == [0, 75]
    assert (b.price.unique().tolist(), b.owned.unique().tolist()) == ([5.5], [0.8])


def test_what_is_written_is_read_again(clone, tmp_path):
    season(clone)
    found = fc.read_feed(clone.folder).episodes()
    write_tables(found, tmp_path / "out")
    again = fc.load_episodes(tmp_path / "out")
    for name in ("episodes", "fixtures", "bulletins"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(again, name), check_dtype=False)


def test_another_absence_ends_the_following_in_the_tables(clone):
    season(clone, SAID | {"2023-09-19": hurt("2023-09-18", "Illness - Unknown return date")})
    found = fc.read_feed(clone.folder).episodes()
    assert found.fixtures.minutes.isna().tolist() == [False] + [True] * 32
    assert found.bulletins.kind.tolist() == ["expected"]


def test_a_season_and_a_body_part_are_chosen(clone):
    season(clone)
    feed = fc.read_feed(clone.folder)
    assert len(feed.episodes(seasons="2023-24", injury="hamstring")) == 1
    assert len(feed.episodes(injury="calf")) == 0
    with pytest.raises(fc.DataError, match="seasons: '2020-21'; must be one of 2023-24"):
        feed.episodes(seasons=["2020-21"])


def test_without_an_injury_there_are_no_tables(clone):
    season(clone, {"2023-08-20": FIT})
    with pytest.raises(fc.DataError, match="'no injury'; must have one with a flag and a fixture after it"):
        fc.read_feed(clone.folder).episodes()


def test_after_a_long_pause_a_player_is_followed_no_more(clone):
    """Hurt in round 5; after round 8 the next match whose minutes are known is that of round 35."""
    season(clone, **minutes({5: 90, 6: 0, 7: 0, 8: 0, 35: 0}))
    assert fc.read_feed(clone.folder).episodes().fixtures.day.tolist() == [7.0, 14.0, 21.0]


def test_an_open_case_of_the_archive_has_clubs_by_their_ids(clone):
    season(clone)
    (case,) = fc.read_feed(clone.folder).cases(as_of="2023-09-20")
    assert (case.club, case.ahead()[0].fixture, case.ahead()[0].round) == ("1", "2 v 1", 7)
    assert case.appearances_before == 5


def test_commits_count_by_their_time(clone):
    """A roll-back: the reading of 26 September is committed before that of 19 September."""
    dates = ["2023-08-20", "2023-09-12", "2023-09-26", "2023-09-19"]
    season(clone, {date: SAID[date] for date in dates})
    assert fc.read_feed(clone.folder).episodes().bulletins.kind.tolist() == ["expected", "chance", "available"]


def test_a_roll_back_takes_a_clearance_back(clone):
    """The flag that was lifted on 26 September stands there again on the 28th, with its old date, and is lifted again."""
    season(clone, SAID | {"2023-09-28": SAID["2023-09-19"], "2023-10-05": {}})
    assert fc.read_feed(clone.folder).episodes().bulletins.kind.tolist() == ["expected", "chance", "chance"]


def test_an_old_season_that_is_touched_again_tells_nothing_new(clone):
    season(clone)
    later = {"2024-25/players_raw.csv": table([PLAYER]), "2024-25/fixtures.csv": table(fixtures())}
    clone.commit("2024-08-01", later | {"2024-25/gws/gw1.csv": minutes()["2023-24/gws/gw1.csv"]})
    clone.commit("2024-09-01", {"2023-24/players_raw.csv": table([{**PLAYER, **hurt("2024-05-18")}])})
    feed = fc.read_feed(clone.folder)
    assert feed.readings[-1] == pd.Timestamp("2024-08-01T12:00Z")
    assert len(feed.episodes()) == 1


def test_old_files_that_are_not_utf_8(clone):
    row = {**PLAYER, **SAID["2023-09-12"], "web_name": "Ex\xe4mple"}
    clone.commit(
        "2023-09-12", {"2023-24/players_raw.csv": table([row], "latin-1"), "2023-24/fixtures.csv": table(fixtures())}
    )
    (case,) = fc.read_feed(clone.folder).cases()
    assert case.player == "Ex\xe4mple"


def test_the_list_of_clubs_is_used_where_there_is_one(clone):
    teams = table([{"id": 1, "name": "Rovers", "short_name": "ROV"}, {"id": 2, "name": "United", "short_name": "UTD"}])
    season(clone, **{"2023-24/teams.csv": teams}, **minutes())
    clone.commit("2024-06-01", {"2023-24/players_raw.csv": table([{**PLAYER, **doubt("2024-05-30", 25)}])})
    assert str(fc.read_feed(clone.folder).injured()[1][0]).startswith(
        "Example: fixtures: "
    )  # of ROV, the season is over
    with pytest.raises(fc.CaseError, match="must be one of ROV, UTD"):
        fc.read_feed(clone.folder).cases(club="3")


def test_a_bad_version_is_one_line_and_the_others_go_on(clone):
    season(clone)
    clone.commit(
        "2024-05-28", {"2023-24/players_raw.csv": b"id,code\n7,70\n", "2022-23/fixtures.csv": table(fixtures())}
    )
    feed = fc.read_feed(clone.folder)
    assert [str(problem) for problem in feed.problems] == [
        "data/2022-23/players_raw.csv: missing; must be there for injuries of this season",
        "data/2022-23/gws: missing; must be there for injuries of this season",
        "data/2023-24/players_raw.csv of 2024-05-28T1200Z: row 1: web_name: missing; must be given",
    ]
    assert len(feed.episodes()) == 1


def test_a_season_without_fixtures_still_gives_statuses(clone):
    clone.commit("2023-09-12", {"2023-24/players_raw.csv": table([{**PLAYER, **SAID["2023-09-12"]}])})
    cases, (problem,) = fc.read_feed(clone.folder).injured()
    assert (cases, problem.entry, problem.field) == ([], "Example", "fixtures")


def test_what_is_no_clone(clone, tmp_path_factory):
    clone.commit("2023-09-12", {"README": b"x"})
    with pytest.raises(fc.DataError, match="data/SEASON/players_raw.csv: missing; must be in a clone of the archive"):
        fc.read_feed(clone.folder)
    other = tmp_path_factory.mktemp("other")
    (other / ".git").mkdir()
    with pytest.raises(fc.DataError, match="must be a clone of the archive"):
        fc.read_feed(other)


def test_without_git_it_says_so(clone, monkeypatch):
    season(clone)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(fc.DataError, match="git: missing; must be installed"):
        fc.read_feed(clone.folder)
