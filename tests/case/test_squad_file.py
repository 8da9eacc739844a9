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
    cases, errors = read(BARE + GOOD.replace(old, new, 1) + BARE.replace("B", "C"))
    assert [case.player for case in cases] == ["B", "C"]
    assert [str(error).startswith(line) for error in errors] == [True]


@pytest.mark.parametrize(
    ("head", "rows", "line"),
    [
        ("player\n", "A\n", "squad.csv: onset: missing; must be a column"),
        (
            HEAD.replace("only", "onlly"),
            GOOD,
            "squad.csv: onlly: unknown; must be a column of a squad: did you mean only?",
        ),
        (
            HEAD.replace("chance", "chances"),
            GOOD,
            "squad.csv: chances: unknown; must be a column of a squad: did you mean chance?",
        ),
        (
            HEAD.replace("until", "untill"),
            GOOD,
            "squad.csv: untill: unknown; must be a column of a squad: did you mean until?",
        ),
        (
            HEAD.replace("minutes_before", "minutes befor"),
            GOOD,
            "squad.csv: minutes befor: unknown; must be a column of a squad: did you mean minutes_before?",
        ),
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
    cases, _ = read("".join(BARE.replace("B", name) for name in "ABCDE"))
    assert (len(cases), len(read_once)) == (5, 1)


COUNTRY = "B,2025-09-20,2025-10-03,country.csv,,,,,,,,,,,,\n"


@pytest.mark.parametrize(
    ("rows", "fixtures", "kinds", "position"),
    [
        (BARE + COUNTRY, ["Rovers v City", "A v B", "Freedonia v Sylvania"], [], None),
        (BARE + BARE, ["Rovers v City", "A v B"], [], None),
        (
            BARE + BARE.replace("csv,,,,,,", "csv,,forward,,,,2025-09-30").replace("30,,,", "30,,unknown,"),
            ["Rovers v City", "A v B"],
            ["unknown"],
            "forward",
        ),
        (GOOD + GOOD.replace("A,", "a,").replace("2025-09-20,2025-10-02,expected,2025-10-18", "2025-09-28,,unknown,"),
         ["Rovers v City"], ["expected", "unknown"], "forward"),
    ],
)  # fmt: skip
def test_rows_of_one_injury_are_put_together(read, tmp_path, rows, fixtures, kinds, position):
    (tmp_path / "country.csv").write_text("fixture,kickoff\nFreedonia v Sylvania,2025-10-10\n")
    (case, _), errors = read(rows + BARE.replace("B", "C"))
    assert errors == []
    assert [f.fixture for f in case.fixtures] == fixtures
    assert ([b.kind for b in case.bulletins], case.position) == (kinds, position)
    assert "Rows 1 and 2 of the squad are one injury, put together." in case.notes


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("2025-10-03T09:00Z", "2025-10-02T09:00Z", "as_of: '2025-10-02 09:00:00+00:00'; must be the same in rows of one injury, 2025-10-03 09:00:00+00:00"),
        ("2025-09-14", "2025-09-14T15:00Z", "onset: '2025-09-14 15:00:00+00:00'; must be the same in rows of one injury, 2025-09-14"),
        ("forward", "defender", "position: 'defender'; must be the same in rows of one injury, forward"),
        ("2025-10-18", "2025-10-25", "bulletins[1] and bulletins[2]: issued: '2025-09-20'; must not be the same for two flags of source club"),
    ],
)  # fmt: skip
def test_rows_of_one_injury_that_contradict_each_other(read, old, new, line):
    cases, (error,) = read(BARE + GOOD + GOOD.replace(old, new))
    assert [case.player for case in cases] == ["B"]
    assert str(error) == f"squad.csv: rows 2 and 3: {line}"


@pytest.mark.parametrize("column", ["notes", "Comment", "team", "player_id", "Expected minutes", "form"])
def test_a_column_that_means_nothing_here_is_named(read, column):
    (case,), errors = read(GOOD.replace("\n", ",see the physio\n"), HEAD.replace("\n", f",{column}\n"))
    assert (case.notes, errors) == ((f"Columns of the squad that are not read: {column}.",), [])


@pytest.mark.parametrize(
    "head",
    [
        "player,onset,as_of,fixtures,issued,kind,expected",
        "Player,Injury date,As of,Fixtures,Issued,Kind,Expected return",
        "name,date of injury,as-of,fixtures,said,kind,return date",
        "PLAYER,injured_since,AS_OF,FIXTURES,news added,kind,Expected back",
    ],
)
def test_columns_of_a_squad_by_their_usual_names(read, head):
    (case,), _ = read("B,2025-09-20,2025-10-03,rovers.csv,2025-09-21,expected,2025-10-18\n", f"{head}\n")
    assert case.bulletins == (fc.Bulletin("2025-09-21", "expected", expected="2025-10-18"),)


def test_the_shipped_list():
    cases, errors = read_squad(data_folder() / "cases" / "squad.csv")
    assert (len(cases), errors) == (3, [])
    assert all("invented" in case.player for case in cases)
