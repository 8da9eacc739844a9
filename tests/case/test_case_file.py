import os
import re
from functools import partial

import pandas as pd
import pytest

import forecast as fc
from refused import refused

GOOD = """\
player = "A. N. Example"
onset = 2025-09-14
as_of = 2025-10-03T09:00:00Z
position = "midfielder"
appearances_before = 9
fixtures_before = 10
minutes_before = 800

[[fixtures]]
fixture = "Rovers v United"
kickoff = 2025-10-04T14:00:00Z

[[fixtures]]
fixture = "City v Rovers"
kickoff = "2025-10-18"

[[bulletins]]
issued = 2025-09-20
seen = 2025-10-02
kind = "expected"
expected = 2025-10-18
source = "club"

[[deadlines]]
deadline = "squad announced"
when = 2025-10-10
"""


@pytest.fixture
def write(tmp_path):
    """Writes a case file; what is given replaces a part of the good one."""

    def write(text: str | bytes = GOOD, old: str = "", new: str = ""):
        path = tmp_path / "rovers.toml"
        assert old in str(text)
        path.write_bytes(text if isinstance(text, bytes) else text.replace(old, new, 1).encode())
        return path

    return write


lines_of = partial(refused, fc.CaseError, fc.read_case)


def test_a_case_file_is_the_case_it_describes(write):
    assert fc.read_case(write()) == fc.Case(
        player="A. N. Example",
        onset="2025-09-14",
        as_of="2025-10-03T09:00Z",
        fixtures=[fc.Fixture("Rovers v United", "2025-10-04T14:00Z"), fc.Fixture("City v Rovers", "2025-10-18T20:00Z")],
        bulletins=[fc.Bulletin("2025-09-20", "expected", "2025-10-02", expected="2025-10-18", source="club")],
        deadlines={"squad announced": "2025-10-10"},
        position="midfielder",
        appearances_before=9,
        fixtures_before=10,
        minutes_before=800,
    )  # fmt: skip


def test_times_of_day_may_have_a_zone_or_none(write):
    case = fc.read_case(write(old="2025-10-04T14:00:00Z", new="2025-10-04T15:00:00+01:00"))
    assert case.fixtures[0].kickoff == pd.Timestamp("2025-10-04T14:00Z")
    case = fc.read_case(write(old="2025-10-04T14:00:00Z", new="2025-10-04T14:00:00"))
    assert case.fixtures[0].kickoff == pd.Timestamp("2025-10-04T14:00Z")


def test_what_may_be_left_out_may_be_left_out(write):
    head, fixtures = GOOD.split("position", 1)[0], GOOD[GOOD.index("[[fixtures]]") : GOOD.index("[[bulletins]]")]
    case = fc.read_case(write(head + fixtures))
    assert (case.bulletins, case.deadlines, case.position, case.minutes_before) == ((), {}, None, None)


def test_a_fixture_may_say_in_which_competition(write):
    case = fc.read_case(write(old='"Rovers v United"\n', new='"Rovers v United"\ncompetition = "cup"\n'))
    assert [f.competition for f in case.fixtures] == ["cup", None]


def test_two_flags_at_one_moment_are_named_as_in_the_file(write):
    bad = '[[bulletins]]\nissued = "x"\nkind = "unknown"\n\n'
    again = '[[bulletins]]\nissued = 2025-09-20\nkind = "training"\nsource = "club"\n\n'
    lines = lines_of(write(old="[[deadlines]]", new=bad + again + "[[deadlines]]"))
    assert lines[0].startswith("rovers.toml: bulletins[2]: issued: 'x'")
    assert lines[1:] == [
        "rovers.toml: bulletins[1] and bulletins[3]: issued: '2025-09-20'; "
        "must not be the same for two flags of source club"
    ]


def test_a_mark_of_the_byte_order_is_no_mistake(write):
    assert fc.read_case(write(GOOD.encode("utf-8-sig"))).player == "A. N. Example"


MISTAKES = [
    ('player = "A. N. Example"\n', "", "player: missing; must be given"),
    ("onset = 2025-09-14\n", "", "onset: missing; must be given"),
    ('player = "A', 'club = "B"\nplayer = "A', "club: unknown; must be one of player, onset, as_of, fixtures"),
    ('player = "A', '"a\\nb" = 1\nplayer = "A', "a b: unknown; must be one of player, onset"),
    ('"A. N. Example"', "7", "player: 7; must be a text on one line"),
    ("2025-09-14", '"soon"', "onset: 'soon'; must be a date or time such as 2026-03-07"),
    ("2025-09-14", "20:00:00", "onset: datetime.time(20, 0); must be a date or time such as"),
    ("2025-09-14", "nan", "onset: missing; must be a date or time such as"),
    ("2025-10-03T09", "2025-09-03T09", "as_of: '2025-09-03 09:00:00+00:00'; must not be before onset"),
    ("2025-10-03T09", "2025-10-19T09", "fixtures: '2 up to as_of'; must have one that kicks off after as_of"),
    ("= 9\n", "= 9.5\n", "appearances_before: 9.5; must be a whole number, 0 to 10"),
    ("= 800", "= inf", "minutes_before: inf; must be a whole number, 0 to 1080"),
    ("= 800", f"= 0x{'f' * 5000}", "minutes_before: int; must be a whole number, 0 to 1080"),
    ("[[bulletins]]", "[bulletins]", "bulletins: '[bulletins]'; must be [[bulletins]]"),
    ("[[deadlines]]", "[deadlines]", "deadlines: '[deadlines]'; must be [[deadlines]]"),
    ('fixture = "City v Rovers"\n', "", "fixtures[2]: fixture: missing; must be given"),
    ('fixture = "City', 'name = 1\nfixture = "City', "fixtures[2]: name: unknown; must be one of fixture, kickoff"),
    ('"2025-10-18"', '"18 October"', "fixtures[2]: kickoff: '18 October'; must be a date or time with its year, such as"),
    ('"City v Rovers"\nkickoff = "2025-10-18"', '"Rovers v United"\nkickoff = 2025-10-04T14:00:00Z',
     "fixtures[2]: fixture: 'Rovers v United'; must stand there once"),
    ('kind = "expected"', 'kind = "rumour"', "bulletins[1]: kind: 'rumour'; must be one of expected, unknown"),
    ("expected = 2025-10-18\n", "", "bulletins[1]: expected: missing; must be given for kind expected"),
    ("seen = 2025-10-02", "seen = 2025-10-04", "bulletins[1]: seen: '2025-10-04'; must not be"),
    ("issued = 2025-09-20", "issued = 2025-10-20", "bulletins[1]: seen: '2025-10-02'; must not be before issued"),
    ("when = 2025-10-10", "", "deadlines[1]: when: missing; must be given"),
    ("when = 2025-10-10", "when = 5", "deadlines[1]: when: 5; must be a date or time such as"),
    ('"squad announced"', "5", "deadlines[1]: deadline: 5; must be a text on one line"),
    ("2025-10-10", '2025-10-10\n[[deadlines]]\ndeadline = "squad announced"\nwhen = 2025-10-11',
     "deadlines[2]: deadline: 'squad announced'; must stand there once"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line"), MISTAKES, ids=[mistake[-1][:50] for mistake in MISTAKES])
def test_each_mistake_is_one_line_with_file_entry_field_and_value(write, old, new, line):
    (only,) = lines_of(write(old=old, new=new))
    assert only.startswith(f"rovers.toml: {line}")


def test_a_bulletin_from_the_future_is_a_mistake(write):
    lines = lines_of(write(old="issued = 2025-09-20\nseen = 2025-10-02", new="issued = 2025-10-05"))
    assert lines[0].startswith("rovers.toml: bulletins[1]: issued: '2025-10-05'; must not be after")


def test_all_mistakes_are_told_at_once_and_entries_keep_their_numbers(write):
    further = '\n[[bulletins]]\nissued = 2025-10-09\nkind = "unknown"\n\n[[bulletins]]\nkind = "chance"\nissued = "x"\n'
    text = GOOD.replace('kind = "expected"', 'kind = "rumour"').replace('player = "A. N. Example"', 'position = "wing"')
    text = text.replace('position = "midfielder"\n', "").replace("City v Rovers", "").replace("= 800", "= -1") + further
    starts = [re.sub(r"^rovers.toml: (.*?); .*", r"\1", line) for line in lines_of(write(text))]
    assert starts == [
        "fixtures[2]: fixture: ''",
        "bulletins[1]: kind: 'rumour'",
        "bulletins[3]: issued: 'x'",
        "bulletins[3]: chance: missing",
        "player: missing",
        "position: 'wing'",
        "minutes_before: -1",
        "bulletins[2]: issued: '2025-10-09'",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "'an empty file'; must have player, onset, as_of, fixtures"),
        (b"# nothing\n", "'an empty file'; must have player, onset, as_of, fixtures"),
        (b'player = "\xff\xc3\xa9"', "'byte 10'; must be text in UTF-8"),
        (b"player = '\0'", "'no text'; must be text in UTF-8"),
        (b"player = ", "'Invalid value (at end of document)'; must be TOML"),
        (b"a = 1\na = 2\n", "'Cannot overwrite a value (at line 2, column 6)'; must be TOML"),
        (b"a = " + b"9" * 5000, "must be TOML"),
        (b"a = " + b"[" * 50_000, "'lists or tables in each other'; must be at most 4 deep"),
        (b"#" * 1_000_001, "'over 1000000 bytes'; must be at most 1000000 bytes"),
    ],
    ids=["empty", "a comment", "broken", "no text", "cut", "twice", "a huge number", "deep", "large"],
)
def test_a_file_that_is_no_case_file_is_one_line(write, content, line):
    (only,) = lines_of(write(content))
    assert only.startswith("rovers.toml: ")
    assert only.endswith(line)


def test_a_file_that_is_not_there(tmp_path):
    assert lines_of(tmp_path / "x.toml") == ["x.toml: 'No such file or directory'; must be a file that can be read"]
    (only,) = lines_of(tmp_path)
    assert only.endswith("must be a file that can be read")


def with_fixtures_from(name: str) -> str:
    """The good case with its fixtures in a file."""
    a, b = GOOD.index("[[fixtures]]"), GOOD.index("[[bulletins]]")
    return (GOOD[:a] + GOOD[b:]).replace("position", f"fixtures = {name!r}\nposition")


def test_fixtures_may_be_a_csv_file_in_the_folder(write, tmp_path):
    (tmp_path / "list").mkdir()
    (tmp_path / "list" / "rovers.csv").write_text("kickoff,note,fixture\n2025-10-04,x,A v B\n2025-10-11,,C v D\n")
    case = fc.read_case(write(with_fixtures_from("list/rovers.csv")))
    assert [f.fixture for f in case.fixtures] == ["A v B", "C v D"]


def test_mistakes_in_the_file_of_fixtures_are_told_with_its_name_beside_the_others(write, tmp_path):
    (tmp_path / "rovers.csv").write_text("fixture,kickoff\nA v B,soon\n")
    lines = lines_of(write(with_fixtures_from("rovers.csv"), old='"midfielder"', new='"wing"'))
    assert lines[0].startswith("rovers.csv: row 1: kickoff: 'soon'; must be a date")
    assert lines[1].startswith("rovers.toml: position: 'wing'; must be one of")
    assert len(lines) == 2


@pytest.fixture
def outside(tmp_path_factory):
    """A file of fixtures that is none of the case's business."""
    path = tmp_path_factory.mktemp("outside") / "secret.csv"
    path.write_text("fixture,kickoff\nA v B,2025-10-04\n")
    return path


@pytest.mark.parametrize("name", ["../secret.csv", "{outside}", "link.csv", "linked/secret.csv", "a\0.csv"])
def test_fixtures_outside_the_folder_are_refused(write, tmp_path, outside, name):
    (tmp_path / "link.csv").symlink_to(outside)
    (tmp_path / "linked").symlink_to(outside.parent)
    text = with_fixtures_from("name").replace(
        "'name'", '"' + name.format(outside=outside).replace("\0", "\\u0000") + '"'
    )
    (only,) = lines_of(write(text))
    assert only.startswith("rovers.toml: fixtures: file: ")
    assert only.endswith(("must be a .csv, .ics or .xlsx file inside the folder of the case", "1 to 200 characters"))


@pytest.mark.parametrize("name", ["rovers.toml", "loop.csv", "folder.csv", "pipe.csv"])
def test_what_is_no_file_of_fixtures_is_refused(write, tmp_path, name):
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")  # to open it would be to wait for ever
    (only,) = lines_of(write(with_fixtures_from(name)))
    allowed = "must be a .csv, .ics or .xlsx file inside the folder of the case"
    assert only == f"rovers.toml: fixtures: file: '{name}'; {allowed}"


def test_a_file_of_fixtures_that_is_not_there(write):
    (only,) = lines_of(write(with_fixtures_from("none.csv")))
    assert only == "none.csv: 'No such file or directory'; must be a file that can be read"


def test_of_a_file_of_fixtures_a_case_may_want_some(write, tmp_path):
    (tmp_path / "league.csv").write_text("kickoff,fixture\n2025-10-04,A v B\n2025-10-11,C v D\n")
    case = fc.read_case(write(with_fixtures_from("f.csv"), old="'f.csv'", new='{ file = "league.csv", only = "d" }'))
    assert [f.fixture for f in case.fixtures] == ["C v D"]


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("{ only = 'A' }", "fixtures: file: missing; must be given"),
        ("{ file = 'a.csv', team = 'A' }", "fixtures: team: unknown; must be one of file, only"),
        ("{ file = 'a.csv', only = 5 }", "fixtures: only: 5; must be a text on one line"),
        ("{ file = [] }", "fixtures: file: []; must be a text on one line"),
        ("5", "fixtures: 5; must be entries, each under its own [[fixtures]]"),
    ],
)
def test_mistakes_in_where_the_fixtures_are(write, table, line):
    lines = lines_of(write(with_fixtures_from("x"), old="'x'", new=table))
    assert lines[0].startswith(f"rovers.toml: {line}")


def test_the_shipped_case_is_what_was_known_on_the_day():
    case = fc.example_case("bellingham")
    assert case.player == "Jude Bellingham"
    assert case.as_of == pd.Timestamp("2026-03-07T00:13Z")
    assert len(case.ahead()) == 6
    assert max(b.seen or b.issued for b in case.bulletins) <= case.as_of


def test_a_case_that_is_not_shipped():
    with pytest.raises(fc.CaseError, match=r"^name: '\.\./bellingham'; must be one of .*bellingham"):
        fc.example_case("../bellingham")
