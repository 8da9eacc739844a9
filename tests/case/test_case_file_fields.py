"""What a case file may say beyond the least: of the player, and in a bulletin."""

import pytest

import forecast as fc
from refused import refused

GOOD = """\
player = "A. N. Example"
onset = 2025-09-14
as_of = 2025-10-03T09:00:00Z
usual_minutes = 71.5
usual_fixtures = 28
price = 7.5
owned = 12
body_part = "calf"

[[fixtures]]
fixture = "Rovers v United"
kickoff = 2025-10-04T14:00:00Z

[[bulletins]]
issued = 2025-10-01
kind = "between"
from = 2025-10-08
to = 2025-10-20
sure = 0.8
source = "physio"
replaces = "club"

[[bulletins]]
issued = 2025-10-02
kind = "chance"
chance = 60
last_round = 0
match_fitness = true
"""


@pytest.fixture
def read(tmp_path):
    """Reads the good case file, a part of it replaced."""

    def read(old: str = "", new: str = "") -> fc.Case:
        assert not old or GOOD.count(old) == 1
        (tmp_path / "rovers.toml").write_text(GOOD.replace(old, new, 1))
        return fc.read_case(tmp_path / "rovers.toml")

    return read


def test_a_case_file_may_say_more(read):
    days = {"from_": "2025-10-08", "to": "2025-10-20"}
    case = read()
    assert case.bulletins == (
        fc.Bulletin("2025-10-01", "between", **days, sure=0.8, source="physio", replaces="club"),
        fc.Bulletin("2025-10-02", "chance", chance=60, last_round=0, match_fitness=True),
    )
    found = (case.usual_minutes, case.usual_fixtures, case.price, case.owned, case.body_part)
    assert found == (71.5, 28, 7.5, 12.0, "calf")


OWN = 'body_part = "calf"\n[covariates]\nage = 27\n"wet pitch" = 1.5\n'


def test_covariates_have_a_table_and_come_back(read, tmp_path):
    case = read('body_part = "calf"\n', OWN)
    assert case.covariates == {"age": 27.0, "wet pitch": 1.5}
    (tmp_path / "again.toml").write_text(case.to_toml())
    assert fc.read_case(tmp_path / "again.toml") == case


MISTAKES = [
    ('body_part = "calf"\n', OWN.replace("27", '"old"'), "covariates.age: 'old'; must be a number"),
    ('body_part = "calf"\n', OWN.replace("27", "inf"), "covariates.age: inf; must be a number"),
    ('body_part = "calf"\n', "covariates = 27\n", "covariates: 27; must be names, at most 50, each with a number"),
    ("71.5", '"many"', "usual_minutes: 'many'; must be a number, 0 to 90"),
    ("71.5", "-1", "usual_minutes: -1; must be a number, 0 to 90"),
    ("71.5", "inf", "usual_minutes: inf; must be a number, 0 to 90"),
    ("usual_minutes = 71.5\n", "", "usual_minutes: missing; must be given with usual_fixtures"),
    ("= 28", "= 0", "usual_fixtures: 0; must be a whole number, 1 to 60"),
    ("= 28", "= 28.5", "usual_fixtures: 28.5; must be a whole number, 1 to 60"),
    ("= 28", "= true", "usual_fixtures: True; must be a whole number, 1 to 60"),
    ("= 7.5", "= 75", "price: 75; must be a number, 3 to 20"),
    ("= 7.5", "= inf", "price: inf; must be a number, 3 to 20"),
    ("= 7.5", '= "7.5m"', "price: '7.5m'; must be a number, 3 to 20"),
    ("= 12", "= 101", "owned: 101; must be a number, 0 to 100"),
    ("= 12", "= -1", "owned: -1; must be a number, 0 to 100"),
    ("= 12", "= []", "owned: []; must be a number, 0 to 100"),
    ('"calf"', '"knee"', "body_part: 'knee'; must be one of hamstring, thigh, calf, groin, muscle"),
    ('"calf"', "1", "body_part: 1; must be one of hamstring, thigh, calf, groin, muscle"),
    ("from = 2025-10-08\n", "", "bulletins[1]: from: missing; must be given for kind between"),
    ("from = 2025-10-08", "from = 8", "bulletins[1]: from: 8; must be a date or time"),
    ("from = 2025-10-08", 'from = "soon"', "bulletins[1]: from: 'soon'; must be a date or time"),
    ("to = 2025-10-20", "to = 2025-10-07", "bulletins[1]: to: '2025-10-07'; must be after from"),
    ("to = 2025-10-20", "to = 2025-09-30", "bulletins[1]: to: '2025-09-30'; must be after from"),
    ("to = 2025-10-20", "to = false", "bulletins[1]: to: False; must be a date or time"),
    ("sure = 0.8", "sure = 80", "bulletins[1]: sure: 80; must be a number, 0.5 to 0.99"),
    ("sure = 0.8", "sure = 0.4", "bulletins[1]: sure: 0.4; must be a number, 0.5 to 0.99"),
    ("sure = 0.8", 'sure = "0.3"', "bulletins[1]: sure: '0.3'; must be a number, 0.5 to 0.99"),
    ("chance = 60", "chance = 100", "bulletins[2]: chance: 100; must be a whole number, 1 to 99"),
    ("chance = 60", "chance = 0", "bulletins[2]: chance: 0; must be a whole number, 1 to 99"),
    ("chance = 60", "chance = 0.6", "bulletins[2]: chance: 0.6; must be a whole number, 1 to 99"),
    ("= 0\n", "= 5\n", "bulletins[2]: last_round: 5; must be one of 0, 25, 50, 75, 100"),
    ("= 0\n", "= -25\n", "bulletins[2]: last_round: -25; must be one of 0, 25, 50, 75, 100"),
    ("= 0\n", '= "nothing"\n', "bulletins[2]: last_round: 'nothing'; must be one of 0, 25, 50, 75, 100"),
    ("= true", '= "maybe"', "bulletins[2]: match_fitness: 'maybe'; must be true or false"),
    ("= true", "= 1", "bulletins[2]: match_fitness: 1; must be true or false"),
    ("= true", "= []", "bulletins[2]: match_fitness: []; must be true or false"),
    ('replaces = "club"', "replaces = true", "bulletins[1]: replaces: True; must be a text on one line"),
    ('replaces = "club"', "replaces = []", "bulletins[1]: replaces: []; must be a text on one line"),
    ("usual_fixtures = 28", "usual_fixture = 28", "usual_fixture: unknown; must be one of player, onset"),
    ("replaces =", "replace =", "bulletins[1]: replace: unknown; must be one of issued, kind, seen"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line"), MISTAKES, ids=[mistake[-1][:50] for mistake in MISTAKES])
def test_each_mistake_is_one_line(read, old, new, line):
    (only,) = refused(fc.CaseError, read, old, new)
    assert only.startswith(f"rovers.toml: {line}")


def test_from_has_the_name_that_it_has_in_files(read):
    text = "\n".join(refused(fc.CaseError, read, "from =", "from_ ="))
    assert "from: missing; must be given for kind between" in text
    assert "bulletins[1]: from_: unknown; must be one of issued, kind, seen" in text
