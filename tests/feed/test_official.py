"""Readings as downloaded: what can be wrong with them, a line each, while the good ones go on."""

import json
import os

import pandas as pd
import pytest

import forecast as fc
from feeds import READINGS, hurt, write

GOOD, BAD = "2023-09-14T1200Z", "2023-09-21T1200Z"
SPOILED = {
    "not JSON": ("bootstrap-static.json", None, "Expecting value"),
    "another thing": ("bootstrap-static.json", [], "bootstrap-static.json: []; must be an object"),
    "a key missing": ("bootstrap-static.json", {"elements": [], "events": []}, "teams: missing; must be given"),
    "of another type": ("bootstrap-static.json", {"elements": {}, "events": [], "teams": []}, "elements: {}; must be a list"),
    "no round": ("bootstrap-static.json", {"elements": [], "events": [], "teams": []}, "events: 'no round'; must have one"),
    "fixtures of another type": ("fixtures.json", {"detail": "gone"}, "fixtures.json: {'detail': 'gone'}; must be a list"),
    "no row": ("fixtures.json", [3], "row 1: 3; must be an object"),
    "no kick-off": ("fixtures.json", [{"id": 1, "event": 2}], "row 1: kickoff_time: missing; must be given"),
}  # fmt: skip
FIELDS = {
    "id": "x",
    "code": None,
    "element_type": 9,
    "status": "z",
    "news": 3,
    "news_added": "yesterday",
    "chance_of_playing_next_round": 40,
    "now_cost": 4.5,
    "selected_by_percent": "101",
    "team": True,
}


@pytest.fixture
def folder(tmp_path):
    for time in (GOOD, BAD):
        write(tmp_path, time, [hurt("2023-09-10")])
    return tmp_path


def lines(folder) -> list[str]:
    feed = fc.read_feed(folder)
    assert [f"{time:%Y-%m-%dT%H%MZ}" for time in feed.readings] == [GOOD]
    assert len(feed.cases()) == 1
    return [str(problem) for problem in feed.problems]


@pytest.mark.parametrize("what", SPOILED)
def test_a_bad_file_is_one_line_and_the_good_readings_go_on(folder, what):
    name, content, line = SPOILED[what]
    (folder / BAD / name).write_text("<html>" if content is None else json.dumps(content))
    (problem,) = lines(folder)
    assert problem.startswith(f"{BAD}/{name}: ")
    assert line in problem


@pytest.mark.parametrize("field", FIELDS)
def test_a_bad_field_of_a_player_is_named(folder, field):
    file = folder / BAD / "bootstrap-static.json"
    feed = json.loads(file.read_text())
    feed["elements"][0][field] = FIELDS[field]
    file.write_text(json.dumps(feed))
    (problem,) = lines(folder)
    assert problem.startswith(f"{BAD}/bootstrap-static.json: elements[1]: {field}: {FIELDS[field]!r}; must be ")


def test_a_reading_without_players_and_one_that_is_named_otherwise(folder):
    file = folder / BAD / "bootstrap-static.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"elements": []}))
    write(folder, "2023-09-28T1200Z", [hurt("2023-09-10")]).rename(folder / "yesterday")
    write(folder, "2023-09-30T1200Z", [hurt("2023-09-10")]).rename(folder / "2023-09-31T1200Z")
    (folder / "notes").mkdir()
    assert lines(folder) == [
        f"{BAD}/bootstrap-static.json: elements: 'no player'; must have at least one",
        "'2023-09-31T1200Z'; must be named by its time such as 2024-02-02T2053Z",
        "'yesterday'; must be named by its time such as 2024-02-02T2053Z",
    ]


def test_many_bad_rows_are_few_lines(folder):
    (folder / BAD / "fixtures.json").write_text(json.dumps([{}] * 380))
    assert len(lines(folder)) == 6


def test_a_bad_round_leaves_the_reading(folder):
    (folder / BAD / "live-1.json").write_text(json.dumps({"elements": [{"id": 7}]}))
    feed = fc.read_feed(folder)
    assert len(feed.readings) == 2
    assert [str(p) for p in feed.problems] == [
        f"{BAD}/live-1.json: elements[1]: \"'explain'\"; must be a player with id and explain, as the feed has it"
    ]


def test_managers_are_no_players(folder):
    write(folder, "2023-09-28T1200Z", [hurt("2023-09-10"), {"id": 9, "code": 90, "element_type": 5}])
    assert fc.read_feed(folder).problems == ()


def test_a_single_folder_has_the_time_that_is_given_or_that_of_its_file(folder):
    os.utime(folder / GOOD / "bootstrap-static.json", (1_694_700_000, 1_694_700_000))
    assert fc.read_feed(folder / GOOD).readings == [pd.Timestamp(1_694_700_000, unit="s", tz="UTC")]
    assert fc.read_feed(folder / GOOD, time="2023-09-15T08:00Z").readings == [pd.Timestamp("2023-09-15T08:00Z")]


def test_no_reading_at_all(tmp_path):
    with pytest.raises(fc.DataError, match=r"'no reading'; must have one that can be used"):
        fc.read_feed(tmp_path)
    with pytest.raises(fc.DataError, match=r"missing; must be a folder of the feed"):
        fc.read_feed(tmp_path / "nowhere")


def test_a_round_that_was_read_while_it_was_played_tells_nothing(tmp_path):
    """Round 5 kicked off at 15:00 on 9 September."""
    write(tmp_path, "2023-09-09T1530Z", [{}], rounds={5: {7: 0}})
    assert fc.read_feed(tmp_path).record.games == {}
    write(tmp_path, "2023-09-09T1800Z", [{}], rounds={5: {7: 60}})
    assert [game.minutes for game in fc.read_feed(tmp_path).record.games[70]] == [60]


def test_six_readings_of_a_season():
    """Renamed players. Hamstring flags at each reading, by grep Hamstring in bootstrap-static.json of the whole feed."""
    feed = fc.read_feed(READINGS)
    assert feed.problems == ()
    assert len(feed.readings) == 6
    last = feed.cases()
    assert len(last) == 28
    assert sum("Hamstring" in case.said for case in last) == 26
    assert {case.player for case in last if "Hamstring" not in case.said} == {"Player 0486", "Player 0284"}
    assert {c.player for c in feed.cases(cleared=True)} - {c.player for c in last} == {
        f"Player {n}" for n in ("1410", "0622", "0519")
    }
