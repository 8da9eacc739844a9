"""The commands feed and archive."""

import json
import shutil
from html.parser import HTMLParser

import pandas as pd
import pytest

import forecast as fc
from feeds import READINGS, hurt, write
from forecast.__main__ import main
from forecast.scoring.forecast_log import read_log

CLUB = ["feed", str(READINGS), "--club", "BOU"]


def test_a_row_for_each_injured_player(capsys):
    assert main([*CLUB, "--rounds", "2"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[0].startswith("The official feed of 2024-03-07 16:57 UTC: ")
    assert lines[2].split() == ["club", "player", "days", "out", "said", "round", "28", "round", "29", "missed"]
    assert [line.split()[2] for line in lines[3:6]] == ["0486", "0655", "0756"]
    assert "Player 0486, Player 0655, Player 0756: Left out, without a round or a kick-off: WOL v BOU." in lines


def test_files_of_every_kind(inside, capsys):
    assert main([*CLUB, "--out", "a.csv", "--png", "a.png", "--html", "a.html", "--log", "a.log"]) == 0
    assert main([*CLUB, "--out", "a.json"]) == 0
    assert sorted(path.name for path in inside.iterdir()) == ["a.csv", "a.html", "a.json", "a.log", "a.png"]
    table = pd.read_csv("a.csv")
    assert table.id.tolist() == [673, 83, 643]
    assert table.code.tolist() == [486, 655, 756]
    assert {f"{number}_p_plays" for number in range(28, 34)} <= set(table.columns)
    record = json.loads((inside / "a.json").read_text())
    assert [player["code"] for player in record["players"]] == [486, 655, 756]
    assert [r["round"] for r in record["players"][0]["rounds"]] == list(range(28, 34))
    assert record["players"][0]["rounds"][1]["p_fit"] is None
    assert record["players"][0]["notes"]
    assert len(read_log("a.log").player.unique()) == 3
    HTMLParser().feed((inside / "a.html").read_text())
    assert (inside / "a.png").read_bytes().startswith(b"\x89PNG")


def test_earlier_moments_players_and_parts(capsys):
    assert main(["feed", str(READINGS), "--as-of", "2024-01-24", "--player", "0486"]) == 0
    assert "of 2024-01-24 23:59 UTC" in capsys.readouterr().out
    assert main(["feed", str(READINGS), "--injury", "groin", "--club", "BOU"]) == 0
    assert capsys.readouterr().out == "No open groin injury of BOU, as far as the feed says.\n"
    assert main(["feed", str(READINGS), "--player", "Nemo"]) != 0
    assert "player: 'Nemo'; must be in the name of a player" in capsys.readouterr().err


def test_the_score_of_past_readings(inside, capsys):
    fc.default_model().with_draws(20).save("quick.json")
    assert main(["feed", str(READINGS), "--score", "--model", "quick.json"]) == 0
    assert "flag at face value" in capsys.readouterr().out


def test_a_log_is_scored_by_what_later_readings_know(inside, capsys):
    assert main([*CLUB, "--as-of", "2024-01-24", "--log", "a.log"]) == 0
    assert main(["feed", str(READINGS), "--outcomes", "happened.csv"]) == 0
    capsys.readouterr()
    assert main(["score", "a.log", "happened.csv"]) == 0
    assert "First appearance" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--rounds", "0"], "--rounds: 0; must be 1 to 38"),
        (["--out", "a.xlsx"], "--out: 'a.xlsx'; must end in .csv or .json"),
        (["--png", "a.gif"], "--png: 'a.gif'; must end in .png, .svg or .pdf"),
        (["--html", "a.txt"], "--html: 'a.txt'; must end in .html or .htm"),
        (["--log", "a.json", "--out", "a.json"], "--log: 'a.json'; must be another file than that of --out"),
        (["--outcomes", "a.csv", "--out", "./a.csv"], "--outcomes: 'a.csv'; must be another file than that of --out"),
        (["--club", "XXX"], "club: 'XXX'; must be one of ARS, "),
        (["--club", "Man"], "club: 'Man'; must be one of ARS, "),
        (
            ["--player", "Plyer 0250"],
            "player: 'Plyer 0250'; must be in the name of a player of the feed, or an id or code: did you mean",
        ),
        (["--as-of", "2020-01-01"], "as_of: '2020-01-01'; must not be before the first reading"),
    ],
)
def test_bad_options_are_one_line(inside, capsys, arguments, line):
    assert main(["feed", str(READINGS), *arguments]) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith(line)
    assert list(inside.iterdir()) == []


def test_a_bad_reading_is_reported_and_the_others_go_on(inside, capsys):
    write(inside, "2023-09-14T1200Z", [hurt("2023-09-10")])
    (inside / "2023-09-21T1200Z").mkdir()
    (inside / "2023-09-21T1200Z" / "fixtures.json").write_text("[]")
    assert main(["feed", "."]) == 2
    out, err = capsys.readouterr()
    assert "Example" in out
    assert (
        err == "2023-09-21T1200Z/bootstrap-static.json: 'No such file or directory'; must be a file that can be read\n"
    )


def test_the_tables_of_a_folder_of_readings(inside, capsys):
    shutil.copytree(READINGS, "feed")
    assert main(["archive", "feed", "out"]) == 0
    episodes = fc.load_episodes("out")
    assert capsys.readouterr().out == f"{len(episodes)} injuries of 1 seasons are in out.\n"
    assert set(episodes.episodes.season) == {"2023-24"}
    assert len(episodes.of("hamstring")) > 20
