"""The command line, most of it without a process of its own."""

import json
import os
import shutil
import struct
import subprocess
import sys

import jsonschema
import pandas as pd
import pytest

import forecast as fc
from forecast.__main__ import main
from forecast.commands import complain_of
from forecast.io.errors import Problem
from forecast.io.read import data_folder
from subset import some

ROVERS = """\
player = "A. N. Example"
onset = 2026-02-10
as_of = 2026-03-02
fixtures = [
    { fixture = "A v B", kickoff = 2026-02-28 },
    { fixture = "B v C", kickoff = 2026-03-07 },
    { fixture = "C v A", kickoff = 2026-03-14 },
]
bulletins = [
    { issued = 2026-02-20, seen = 2026-03-01, kind = "unknown" },
    { issued = 2026-03-02, kind = "chance", chance = 50 },
]
deadlines = [{ deadline = "squad", when = 2026-03-10 }]
"""


@pytest.fixture
def folder(inside):
    (inside / "rovers.toml").write_text(ROVERS)
    return inside


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def is_png(path) -> bool:
    head = path.read_bytes()[:24]
    return head.startswith(b"\x89PNG") and min(struct.unpack(">II", head[16:24])) > 500


def complaints(capsys) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_without_arguments_the_shipped_case_is_printed_and_drawn(inside, capsys):
    assert main([]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Jude Bellingham, forecast of 2026-03-07 00:13 UTC, 34 days after onset\n")
    assert [out.count(fixture) for fixture in ("Man City", "Elche", "Atletico", "Uruguay", "Japan")] == [2, 1, 1, 1, 1]
    assert "England squad announced" in out
    assert "Celta" not in out
    assert err == ""
    assert names(inside) == ["bellingham.png"]
    assert is_png(inside / "bellingham.png")


def test_a_case_of_ones_own(folder, capsys):
    assert main(["rovers.toml"]) == 0
    assert "The chart is in rovers.png." in capsys.readouterr().out
    assert names(folder) == ["rovers.png", "rovers.toml"]


def test_it_says_where_the_page_is_and_whose_clock_its_times_are_of(folder, squad, capsys):
    assert main(["rovers.toml", "--html", "page.html", "--tz", "Europe/Madrid"]) == 0
    out = capsys.readouterr().out
    assert "The chart is in rovers.png, the page in page.html." in out
    assert "kickoff, UTC" in out
    assert "Sat 7 Mar 2026, 20:00" in out
    main(["squad.csv", "--html", "all.html"])
    assert "The squad sheet is in squad.png, the page in all.html." in capsys.readouterr().out


def test_the_chart_goes_where_it_is_told_to(folder):
    assert main(["rovers.toml", "--png", "chart.png"]) == 0
    assert names(folder) == ["chart.png", "rovers.toml"]


def test_json_on_the_screen_is_nothing_but_json(folder, capsys):
    assert main(["rovers.toml", "--json", "-"]) == 0
    record = json.loads(capsys.readouterr().out)
    (outlook,) = record["outlooks"]
    assert record["schema"] == 1
    assert outlook["player"] == "A. N. Example"
    assert [row["fixture"] for row in outlook["fixtures"]] == ["B v C", "C v A"]
    assert outlook["deadlines"][0]["when"] == "2026-03-10T23:59:59+00:00"
    assert 0 < outlook["fixtures"][0]["p_fit"] < outlook["fixtures"][1]["p_fit"] < 1


def test_json_in_a_file_goes_with_the_table(folder, capsys):
    assert main(["rovers.toml", "--json", "rovers.json"]) == 0
    assert "B v C" in capsys.readouterr().out
    expected = fc.default_model().forecast(fc.read_case("rovers.toml")).to_dict()
    assert json.loads((folder / "rovers.json").read_text("utf-8"))["outlooks"] == [expected]


def test_the_same_input_gives_the_same_bytes(folder):
    written = []
    for _ in range(2):
        main(["rovers.toml", "--json", "rovers.json"])
        written.append([(folder / name).read_bytes() for name in ("rovers.png", "rovers.json")])
    assert written[0] == written[1]


def test_as_of_takes_a_case_back_to_what_was_known(folder, capsys):
    assert main(["rovers.toml", "--as-of", "2026-02-25", "--json", "-"]) == 0
    (outlook,) = json.loads(capsys.readouterr().out)["outlooks"]
    assert outlook["as_of"] == "2026-02-25T23:59:59+00:00"
    assert [row["fixture"] for row in outlook["fixtures"]] == ["A v B", "B v C", "C v A"]


@pytest.mark.parametrize(
    ("as_of", "line"),
    [
        ("2026-03-08", "rovers.toml: as_of: '2026-03-08'; must be before B v C: the case does not say"),
        ("2026-01-01", "rovers.toml: as_of: '2026-01-01'; must not be before onset"),
        ("soon", "rovers.toml: as_of: 'soon'; must be a date or time"),
    ],
)  # fmt: skip
def test_as_of_beyond_what_the_case_knows_is_refused(folder, capsys, as_of, line):
    assert main(["rovers.toml", "--as-of", as_of]) == 2
    (only,) = complaints(capsys)
    assert only.startswith(line)
    assert names(folder) == ["rovers.toml"]


def test_of_several_cases_the_good_ones_are_written(folder, capsys):
    (folder / "broken.toml").write_text('player = ""\nonset = "soon"\n')
    shutil.copy("rovers.toml", "city.toml")
    assert main(["rovers.toml", "broken.toml", "none.toml", "city.toml", "--json", "all.json"]) == 2
    lines = complaints(capsys)
    assert [line.split(":")[:2] for line in lines] == [
        ["broken.toml", " as_of"],
        ["broken.toml", " fixtures"],
        ["broken.toml", " player"],
        ["broken.toml", " onset"],
        ["none.toml", " 'No such file or directory'; must be a file that can be read"],
    ]
    assert names(folder) == ["all.json", "broken.toml", "city.png", "city.toml", "rovers.png", "rovers.toml"]
    assert len(json.loads((folder / "all.json").read_text())["outlooks"]) == 2


def test_bad_input_leaves_files_as_they_were(folder, capsys):
    (folder / "rovers.toml").write_text(ROVERS.replace("2026-02-10", "soon"))
    for name in ("rovers.png", "rovers.json"):
        (folder / name).write_text("mine")
    assert main(["rovers.toml", "--json", "rovers.json"]) == 2
    assert len(complaints(capsys)) == 1
    assert [(folder / name).read_text() for name in ("rovers.png", "rovers.json")] == ["mine", "mine"]


def test_two_cases_for_one_chart_are_refused(folder, capsys):
    (folder / "u21").mkdir()
    shutil.copy("rovers.toml", "u21/rovers.toml")
    assert main(["rovers.toml", "u21/rovers.toml"]) == 2
    assert complaints(capsys) == ["--png: 'rovers.png'; must be a different file for each case"]
    assert not (folder / "rovers.png").exists()


SQUAD = """\
player,onset,as_of,fixtures,kind,issued
A (invented),2026-02-10,2026-03-02,rovers.csv,unknown,2026-02-20
B (invented),2026-02-20,2026-03-02,rovers.csv,,
C (invented),soon,2026-03-02,rovers.csv,,
"""


@pytest.fixture
def squad(folder):
    (folder / "rovers.csv").write_text("fixture,kickoff\nB v C,2026-03-07\nC v A,2026-03-14\n")
    (folder / "squad.csv").write_text(SQUAD)
    return folder


def schema(of: str | None = None):
    """What the published schema says, of all of it or of one outlook."""
    whole = json.loads((data_folder() / "outlooks.schema.json").read_text())
    return jsonschema.Draft202012Validator(whole if of is None else {"$ref": f"#/$defs/{of}", "$defs": whole["$defs"]})


def test_a_list_of_injuries_gives_the_squad_sheet(squad, capsys):
    assert main(["squad.csv", "--json", "squad.json"]) == 2
    out, err = capsys.readouterr()
    assert err.splitlines() == [
        "squad.csv: row 3: onset: 'soon'; must be a date or time such as 2026-03-07 or 2026-03-07T20:00Z, 1900 to 2200"
    ]
    head, *rows = out.splitlines()[:3]
    assert head.split() == [
        "player",
        "days",
        "out",
        "fixture",
        "kickoff,",
        "UTC",
        "p_fit",
        "p_plays",
        "fit",
        "by,",
        "50%",
    ]
    assert [row.split()[0] for row in rows] == ["A", "B"]
    assert "The squad sheet is in squad.png." in out
    assert is_png(squad / "squad.png")
    record = json.loads((squad / "squad.json").read_text())
    schema().validate(record)
    assert [outlook["player"] for outlook in record["outlooks"]] == ["A (invented)", "B (invented)"]


def test_cases_and_lists_may_be_mixed(squad, capsys):
    (squad / "squad.csv").write_text("\n".join(SQUAD.splitlines()[:3]))
    assert main(["rovers.toml", "squad.csv", "--png", "sheet.png"]) == 0
    assert capsys.readouterr().out.count("invented") == 2
    assert names(squad) == ["rovers.csv", "rovers.toml", "sheet.png", "squad.csv"]


def test_several_cases_with_one_chart_are_a_squad(folder, capsys):
    shutil.copy("rovers.toml", "city.toml")
    assert main(["rovers.toml", "city.toml", "--png", "both.png"]) == 0
    assert "The squad sheet is in both.png." in capsys.readouterr().out
    assert names(folder) == ["both.png", "city.toml", "rovers.toml"]


def test_a_list_with_nothing_good_writes_nothing(squad, capsys):
    (squad / "squad.csv").write_text("".join(SQUAD.splitlines(keepends=True)[i] for i in (0, 3)))
    assert main(["squad.csv", "--json", "-", "--log", "log.jsonl"]) == 2
    assert capsys.readouterr().out == ""
    assert names(squad) == ["rovers.csv", "rovers.toml", "squad.csv"]


@pytest.mark.parametrize("example", sorted(p.stem for p in (data_folder() / "cases").glob("*.toml")))
def test_what_json_says_of_a_case_is_as_the_schema_has_it(model, example):
    outlook = model.forecast(fc.example_case(example))
    schema().validate({"schema": 1, "outlooks": [json.loads(json.dumps(outlook.to_dict()))]})


def test_what_was_logged_is_scored(squad, capsys):
    assert main(["squad.csv", "--log", "log.jsonl"]) == 2
    assert main(["rovers.toml", "--log", "log.jsonl"]) == 0
    lines = (squad / "log.jsonl").read_text().splitlines()
    assert [json.loads(line)["player"] for line in lines] == ["A (invented)", "B (invented)", "A. N. Example"]
    for line in lines:
        schema("outlook").validate(json.loads(line))
    (squad / "happened.csv").write_text(
        "player,onset,fixture,appeared\nA (invented),2026-02-10,B v C,no\nA (invented),2026-02-10,C v A,yes\n"
    )
    capsys.readouterr()
    assert main(["score", "log.jsonl", "happened.csv"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("On the pitch, by fixture ahead\n")
    assert "First appearance" in out


def test_scoring_what_is_no_log_is_one_line(squad, capsys):
    assert main(["score", "rovers.csv", "rovers.csv"]) == 2
    assert [line.partition(": ")[0] for line in complaints(capsys)] == ["rovers.csv"] * 3


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--log", "none/x.jsonl"], "none/x.jsonl: No such file or directory"),
        (["--png", "none/x.png"], "none/x.png: No such file or directory"),
        (["--json", "none/x.json"], "none/x.json: No such file or directory"),
        (["--json", "inner"], "inner: Is a directory"),
        (["--log", "inner"], "inner: Is a directory"),
        (["--html", "rovers.csv/x.html"], "rovers.csv/x.html: No such file or directory"),
        (["--json", ""], "--json: ''; must be the name of a file"),
        (["--log", ""], "--log: ''; must be the name of a file"),
        (["--model", "none.json"], "none.json: 'No such file or directory'; must be"),
        (["--model", "rovers.toml"], "rovers.toml: "),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line_before_anything_is_done(folder, capsys, arguments, line):
    (folder / "inner").mkdir()
    before = names(folder)
    assert main(["rovers.toml", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(line)
    assert said.err.count("\n") == 1
    assert names(folder) == before


@pytest.mark.parametrize("option", ["--json", "--log", "--html"])
def test_what_is_printed_goes_into_no_other_output(folder, option):
    with open("all.html", "wb") as out:
        command = [sys.executable, "-m", "forecast", "rovers.toml", option, "./all.html"]
        done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
    assert done.stderr == f"{option}: './all.html'; must be another file than that of what is printed\n"
    assert (folder / "all.html").read_bytes() == b""


def test_numbers_for_what_is_printed_are_printed_alone(folder, capsys):
    assert main(["rovers.toml", "--json", "/dev/stdout"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == 1


def test_an_option_that_is_none_is_refused(inside, capsys):
    with pytest.raises(SystemExit) as raised:
        main(["--pgn", "x.png"])
    assert raised.value.code == 2
    assert "unrecognized arguments: --pgn" in capsys.readouterr().err
    assert names(inside) == []


def test_a_saved_model_forecasts_the_same(folder, capsys):
    fc.default_model().save("model.json")
    main(["rovers.toml", "--json", "-"])
    main(["rovers.toml", "--json", "-", "--model", "model.json"])
    out = capsys.readouterr().out
    assert out[: len(out) // 2] == out[len(out) // 2 :]


def test_fit_refuses_a_folder_that_is_none(inside, capsys):
    assert main(["fit", "none", "--save", "model.json"]) == 2
    assert len(complaints(capsys)) == 1
    assert names(inside) == []


@pytest.mark.parametrize("name", ["episodes.csv", "EPISODES.xlsx", "bulletins.tsv"])
def test_a_model_is_not_saved_over_a_table_that_is_read(inside, capsys, name):
    (inside / name).write_text("kept")
    assert main(["fit", ".", "--save", name]) == 2
    assert f"must be another file than that of the input {name}" in capsys.readouterr().err
    assert (inside / name).read_text() == "kept"


def test_fit_saves_what_it_fitted(inside, episodes, capsys):
    few = some(episodes.of("hamstring"), 60)
    for name in ("episodes", "fixtures", "bulletins"):
        getattr(few, name).to_csv(f"{name}.csv", index=False)
    assert main(["fit", ".", "--save", "model.json"]) == 0
    assert "Fitted to 60 injuries, 2018-19 to 2023-24; the model is in model.json." in capsys.readouterr().out
    saved, fitted = (of.forecast(fc.example_case("bellingham")) for of in (fc.load_model("model.json"), fc.fit(few)))
    pd.testing.assert_frame_equal(saved.fixtures, fitted.fixtures, rtol=1e-5)


def run(*arguments, **environment):
    """In a process of its own, for what only shows there."""
    return subprocess.run(
        [sys.executable, "-m", "forecast", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | environment,
        check=False,
    )


def test_as_a_command(folder):
    done = run("rovers.toml")
    assert (done.returncode, done.stderr) == (0, "")
    assert "B v C" in done.stdout


def test_as_a_command_with_bad_input(folder):
    (folder / "rovers.toml").write_text(ROVERS.replace("2026-02-10", "nan").replace('"A v B"', '""'))
    failed = run("rovers.toml")
    assert (failed.returncode, failed.stdout) == (2, "")
    assert [line.partition("; ")[0] for line in failed.stderr.splitlines()] == [
        "rovers.toml: fixtures[1]: fixture: ''",
        "rovers.toml: onset: missing",
    ]
    assert names(folder) == ["rovers.toml"]


def test_a_screen_that_lacks_a_letter_shows_another(folder):
    (folder / "rovers.toml").write_text(ROVERS.replace("A. N. Example", "Džeko"), encoding="utf-8")
    done = run("rovers.toml", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.startswith("D?eko, forecast of")


def test_of_many_problems_a_hundred_are_named(capsys):
    assert complain_of([Problem("x", i, "must be another") for i in range(105)]) == 2
    *lines, last = complaints(capsys)
    assert lines == [f"x: {i}; must be another" for i in range(100)]
    assert last == "5 more problems"
    assert complain_of([]) == 0


def test_a_reader_that_is_gone_ends_it_silently(inside):
    command = f"{sys.executable} -m forecast; echo $? >&2"
    with subprocess.Popen(["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.close()
        assert process.stderr.read().strip() == "141"
