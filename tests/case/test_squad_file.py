import pandas as pd
import pytest

import forecast as fc
from forecast.case.squad_file import read_squad
from forecast.io.limits import MAX_INJURIES
from forecast.io.read import data_folder
from refused import refused

HEAD = "player,onset,as_of,fixtures,only,position,appearances_before,fixtures_before,minutes_before,issued,seen,kind,expected,chance,until,source\n"
GOOD = "A,2025-09-14,2025-10-03T09:00Z,rovers.csv,Rovers,forward,9,10,800,2025-09-20,2025-10-02,expected,2025-10-18,,,club\n"
BARE = "B,2025-09-20,2025-10-03,rovers.csv,,,,,,,,,,,,\n"


@pytest.fixture
def read(tmp_path):
    """What is read of a list of these rows, beside a file of fixtures."""
    (tmp_path / "rovers.csv").write_text("fixture,kickoff\nRovers v City,2025-10-04\nA v B,2025-10-05\n")

    def read(rows: str, head: str = HEAD):
        (tmp_path / "squad.csv").write_text(head + rows)
        return read_squad(tmp_path / "squad.csv")

    return read


def test_a_row_is_a_case_with_its_latest_bulletin(read):
    cases, errors = read(GOOD + BARE)
    rovers, other = fc.Fixture("Rovers v City", "2025-10-04"), fc.Fixture("A v B", "2025-10-05")
    said = fc.Bulletin("2025-09-20", "expected", "2025-10-02", expected="2025-10-18", source="club")
    assert errors == []
    assert cases == [
        fc.Case("A", "2025-09-14", "2025-10-03T09:00Z", [rovers], [said], {}, "forward", 9, 10, 800),
        fc.Case("B", "2025-09-20", "2025-10-03", [rovers, other]),
    ]


def test_the_order_of_the_columns_and_most_of_them_are_free(read):
    cases, errors = read(
        "2025-10-03,rovers.csv,75,chance,B,2025-09-20,2025-10-01\n", "as_of,fixtures,chance,kind,player,onset,issued\n"
    )
    assert errors == []
    assert cases[0].bulletins == (fc.Bulletin("2025-10-01", "chance", chance=75),)


def test_what_the_scan_showed(read):
    head = "player,onset,as_of,fixtures,grade,tendon\n"
    cases, errors = read("B,2025-09-20,2025-10-03,rovers.csv,2,Yes\nC,2025-09-20,2025-10-03,rovers.csv,,maybe\n", head)
    assert (cases[0].grade, cases[0].tendon) == (2, True)
    assert [str(error).startswith("squad.csv: row 2: tendon: 'maybe'; must be") for error in errors] == [True]


MORE = {
    "player": "B", "onset": "2025-09-20", "as_of": "2025-10-03", "fixtures": "rovers.csv",
    "usual_minutes": "71.5", "usual_fixtures": "28", "price": "7.5", "owned": "12", "body_part": "calf",
    "issued": "2025-10-01", "kind": "chance", "chance": "60", "last_round": "0", "match_fitness": "yes", "replaces": "club",
}  # fmt: skip
BETWEEN = {
    **dict.fromkeys(("chance", "last_round", "match_fitness"), ""),
    "kind": "between",
    "from": "2025-10-08",
    "to": "2025-10-20",
    "sure": "0.8",
}


def read_one(read, row: dict[str, str]):
    return read(",".join(row.values()) + "\n", ",".join(row) + "\n")


def test_covariates_have_columns(read):
    (case,), errors = read_one(read, MORE | {"covariates.age": "27", "covariates.Grit": ""})
    assert (case.covariates, errors) == ({"age": 27.0}, [])


def test_a_row_may_say_more(read):
    (case,), errors = read_one(read, MORE)
    found = (case.usual_minutes, case.usual_fixtures, case.price, case.owned, case.body_part)
    assert (found, errors) == ((71.5, 28, 7.5, 12.0, "calf"), [])
    said = fc.Bulletin("2025-10-01", "chance", chance=60, last_round=0, match_fitness=True, replaces="club")
    assert case.bulletins == (said,)
    (case,), _ = read_one(read, MORE | {"match_fitness": "False", "last_round": "", "replaces": ""})
    assert case.bulletins == (fc.Bulletin("2025-10-01", "chance", chance=60),)
    (case,), _ = read_one(read, MORE | BETWEEN | {"replaces": ""})
    assert case.bulletins == (fc.Bulletin("2025-10-01", "between", from_="2025-10-08", to="2025-10-20", sure=0.8),)


@pytest.mark.parametrize(
    ("name", "values", "allowed"),
    [
        ("usual_minutes", ["91", "-1", "many"], "must be a number, 0 to 90"),
        ("usual_fixtures", ["0", "61", "28.5"], "must be a whole number, 1 to 60"),
        ("price", ["75", "2.5", "£7.5m"], "must be a number, 3 to 20"),
        ("owned", ["100.1", "5 %%", "much"], "must be a number, 0 to 100"),
        ("body_part", ["knee", "calves", "1"], "must be one of hamstring, thigh, calf, groin, muscle"),
        ("chance", ["0", "100", "60.5"], "must be a whole number, 1 to 99"),
        ("last_round", ["10", "75.5", "nothing"], "must be one of 0, 25, 50, 75, 100"),
        ("match_fitness", ["maybe", "2", "perhaps"], "must be true or false"),
        ("from", ["soon", "8", "8 October"], "must be a date or time"),
        ("to", ["soon", "20", "2025-13-01"], "must be a date or time"),
        ("sure", ["80", "0.4", "180%"], "must be a number, 0.5 to 0.99"),
        ("replaces", ["x" * 201, "a\tb", "a\x07b"], "must be a text on one line"),
    ],
)
def test_what_a_row_says_more_is_checked(read, name, values, allowed):
    good = MORE | BETWEEN if name in BETWEEN and name not in MORE else MORE
    for value in values:
        cases, (error,) = read_one(read, good | {name: value})
        (line,) = str(error).splitlines()
        assert cases == []
        assert f"{name}: " in line
        assert allowed in line


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("2025-09-14", "soon", "squad.csv: row 2: onset: 'soon'; must be a date"),
        ("A,", ",", "squad.csv: row 2: player: missing; must be given"),
        (",9,", ",nine,", "squad.csv: row 2: appearances_before: 'nine'; must be a whole number"),
        ("rovers.csv", "none.csv", "none.csv: 'No such file or directory'; must be a file that can be read"),
        ("rovers.csv", "../rovers.csv", "squad.csv: row 2: fixtures: file: '../rovers.csv'; must be a .csv, .ics or .xlsx file"),
        ("expected,", "rumour,", "squad.csv: row 2: bulletins[1]: kind: 'rumour'; must be one of"),
        ("2025-09-20,", ",", "squad.csv: row 2: bulletins[1]: issued: missing; must be given"),
    ],
)  # fmt: skip
def test_a_broken_row_is_told_and_the_others_are_read(read, old, new, line):
    cases, errors = read(BARE + GOOD.replace(old, new, 1) + BARE)
    assert [case.player for case in cases] == ["B", "B"]
    assert [str(error).startswith(line) for error in errors] == [True]


@pytest.mark.parametrize(
    ("head", "rows", "line"),
    [
        ("player\n", "A\n", "squad.csv: onset: missing; must be a column"),
        (HEAD.replace("only", "team"), GOOD, "squad.csv: team: unknown; must be one of player, onset"),
        (HEAD, "", f"squad.csv: '0 rows'; must be 1 to {MAX_INJURIES}"),
        (HEAD, BARE * (MAX_INJURIES + 1), f"squad.csv: '{MAX_INJURIES + 1} rows'; must be 1 to"),
        (HEAD, "A,B\n", "squad.csv: row 1: '2 fields'; must be 16"),
    ],
)
def test_a_file_that_is_no_list_of_injuries(read, head, rows, line):
    assert refused(fc.CaseError, read, rows, head)[0].startswith(line)


def test_a_file_of_fixtures_is_read_once(read, monkeypatch):
    read_once = []
    monkeypatch.setattr(
        "forecast.case.fixture_files.read_table",
        lambda *_: read_once.append(1) or (pd.DataFrame({"fixture": ["A v B"], "kickoff": ["2025-10-05"]}), []),
    )
    cases, _ = read(BARE * 5)
    assert (len(cases), len(read_once)) == (5, 1)


def test_the_shipped_list():
    cases, errors = read_squad(data_folder() / "cases" / "squad.csv")
    assert (len(cases), errors) == (3, [])
    assert all("invented" in case.player for case in cases)
