import dataclasses
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

import forecast as fc
from refused import refused
from strategies import cases

FIXTURES = (
    fc.Fixture("missed", "2026-03-06"),
    fc.Fixture("b", "2026-03-22T20:00Z"),
    fc.Fixture("a", "2026-03-17"),
)
SAID = fc.Bulletin(issued="2026-03-02", seen="2026-03-06", kind="expected", expected="2026-03-22", source="club")
TWICE = [SAID, fc.Bulletin("2026-02-10", "unknown")]


def case(**change) -> fc.Case:
    fields = {
        "player": "A. N. Example",
        "onset": "2026-02-01",
        "as_of": "2026-03-07T00:13Z",
        "fixtures": FIXTURES,
        "bulletins": [SAID],
        "deadlines": {"squad": "2026-03-20"},
        "position": "midfielder",
        "appearances_before": 9,
        "fixtures_before": 10,
        "minutes_before": 800,
    }
    return fc.Case(**fields | change)


lines_of = partial(refused, fc.CaseError)


def test_bare_dates_stand_for_their_times():
    c = case(as_of="2026-03-07")
    said = fc.Bulletin(issued="2026-03-02", kind="ruled_out", until="2026-03-14")
    assert c.onset == pd.Timestamp("2026-02-01T00:00Z")
    assert c.as_of == pd.Timestamp("2026-03-07T23:59:59Z")
    assert c.fixtures[0].kickoff == pd.Timestamp("2026-03-06T20:00Z")
    assert c.deadlines == {"squad": pd.Timestamp("2026-03-20T23:59:59Z")}
    assert SAID.expected == pd.Timestamp("2026-03-22T00:00Z")
    assert (said.issued, said.until) == (
        pd.Timestamp("2026-03-02T23:59:59Z"),
        pd.Timestamp("2026-03-14T23:59:59Z"),
    )


def test_the_fixtures_ahead_are_in_order():
    assert [f.fixture for f in case().ahead()] == ["a", "b"]


def test_the_order_in_the_lists_changes_nothing_that_is_shown():
    fixtures = [*FIXTURES, fc.Fixture("also at 20:00", "2026-03-17"), fc.Fixture("missed, too", "2026-03-01")]
    c, turned = (case(fixtures=fs, bulletins=bs) for fs, bs in ((fixtures, TWICE), (fixtures[::-1], TWICE[::-1])))
    assert [f.fixture for f in c.ahead()] == ["a", "also at 20:00", "b"]
    assert turned.ahead() == c.ahead()
    assert turned._repr_html_() == c._repr_html_()
    assert lines_of(turned.rewound, "2026-03-20") == lines_of(c.rewound, "2026-03-20")


def test_days_since_onset():
    assert case(onset="2026-02-01T00:13Z").day(case().as_of) == 34.0


def test_only_four_things_are_needed():
    c = fc.Case("x", "2026-02-01", "2026-03-07", [fc.Fixture("a", "2026-03-17")])
    assert (c.bulletins, c.deadlines, c.position, c.fixtures_before) == ((), {}, None, None)
    assert (c.usual_minutes, c.usual_fixtures, c.price, c.owned, c.body_part) == (None, None, None, None, "hamstring")


def test_what_says_how_much_he_plays():
    c = case(usual_minutes=np.float64(71.5), usual_fixtures=28, price=8, owned=0, body_part="calf")
    assert (c.usual_minutes, c.usual_fixtures, c.price, c.owned, c.body_part) == (71.5, 28, 8.0, 0.0, "calf")
    assert case(usual_minutes=0).usual_fixtures is None
    assert "body part: calf; position: midfielder" in c._repr_html_()
    assert "usual minutes: 71.5; usual fixtures: 28; price: 8.0; owned: 0.0." in c._repr_html_()
    assert "body part" not in case()._repr_html_()


def test_fixtures_may_be_a_table():
    table = pd.DataFrame({"fixture": ["missed", "b", "a"], "kickoff": [f.kickoff for f in FIXTURES]})
    assert case(fixtures=table) == case()
    (line,) = lines_of(case, fixtures=table.assign(kickoff=["2026-03-17", "soon", "2026-03-19"]))
    assert line.startswith("fixtures[2]: kickoff: 'soon'; must be a date or time")
    assert lines_of(case, fixtures=pd.DataFrame({"fixture": ["a"]})) == ["fixtures: kickoff: missing; must be a column"]


@pytest.mark.parametrize("thing", [case(), FIXTURES[0], SAID], ids=lambda thing: type(thing).__name__)
def test_frozen_and_replaced(thing):
    field = dataclasses.fields(thing)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(thing, field, None)
    assert dataclasses.replace(thing) == thing


NEXT, FAR = fc.Fixture("a", "2026-03-17"), fc.Fixture("z", "2028-03-08")
LATER, EARLY = fc.Bulletin("2026-03-08", "unknown"), fc.Bulletin("2026-01-01", "unknown")
STANDS = fc.Bulletin("2026-03-01", "unknown", seen="2026-03-08")


@pytest.mark.parametrize(
    ("change", "where", "allowed"),
    [
        ({"player": " "}, "player: ' '", "must be a text on one line, 1 to 200 characters"),
        ({"onset": "soon"}, "onset: 'soon'", "must be a date or time such as"),
        ({"as_of": np.nan}, "as_of: missing", "must be a date or time such as"),
        ({"as_of": "2025-01-01"}, "as_of: '2025-01-01'", "must not be before onset"),
        ({"fixtures": []}, "fixtures: '0 up to as_of'", "must have one that kicks off after as_of"),
        ({"fixtures": FIXTURES[:1]}, "fixtures: '1 up to as_of'", "must have one that kicks off after as_of"),
        ({"fixtures": "a v b"}, "fixtures: 'a v b'", "must be a list of Fixture"),
        ({"fixtures": 5}, "fixtures: 5", "must be a list of Fixture"),
        ({"fixtures": [{"fixture": "a"}]}, "fixtures: [{'fixture': 'a'}]", "must be a list of Fixture"),
        ({"fixtures": [NEXT] * 1001}, "fixtures: '1001 entries'", "must be at most 1000"),
        ({"fixtures": [NEXT] * 2}, "fixtures[2]: fixture: 'a'", "must stand there once"),
        ({"fixtures": [NEXT, FAR]}, "fixtures[2]: kickoff: '2028-03-08", "must be at most 730 days"),
        ({"bulletins": SAID}, "bulletins: Bulletin(", "must be a list of Bulletin"),
        ({"bulletins": [LATER]}, "bulletins[1]: issued: '2026-03-08", "must not be after as_of, 2026-03-07"),
        ({"bulletins": [STANDS]}, "bulletins[1]: seen: '2026-03-08", "must not be after as_of, 2026-03-07"),
        ({"bulletins": [SAID, EARLY]}, "bulletins[2]: issued: '2026-01-01", "must not be before onset"),
        ({"deadlines": ["squad"]}, "deadlines: ['squad']", "must be names, each with a date"),
        ({"deadlines": {"squad": "soon"}}, "deadlines: squad: 'soon'", "must be a date or time such as"),
        ({"deadlines": {"x": "2029-01-01"}}, "deadlines: x: '2029-01-01", "must be at most 730 days"),
        ({"position": "wing"}, "position: 'wing'", "must be one of goalkeeper, defender, midfielder"),
        ({"fixtures_before": 11}, "fixtures_before: 11", "must be a whole number, 0 to 10"),
        ({"fixtures_before": None}, "fixtures_before: missing", "must be given with appearances_before or"),
        ({"appearances_before": 11}, "appearances_before: 11", "must be a whole number, 0 to 10"),
        ({"appearances_before": 9.5}, "appearances_before: 9.5", "must be a whole number, 0 to 10"),
        ({"minutes_before": -1}, "minutes_before: -1", "must be a whole number, 0 to 1080"),
        ({"minutes_before": 1100}, "minutes_before: 1100", "must be a whole number, 0 to 1080"),
        ({"grade": 0, "tendon": True}, "tendon: True", "must not be true for grade 0"),
        ({"usual_minutes": 90.5}, "usual_minutes: 90.5", "must be a number, 0 to 90"),
        ({"usual_minutes": "80 min"}, "usual_minutes: '80 min'", "must be a number, 0 to 90"),
        ({"usual_fixtures": 20}, "usual_minutes: missing", "must be given with usual_fixtures"),
        ({"usual_minutes": 80, "usual_fixtures": 0}, "usual_fixtures: 0", "must be a whole number, 1 to 60"),
        ({"usual_minutes": 80, "usual_fixtures": 61}, "usual_fixtures: 61", "must be a whole number, 1 to 60"),
        ({"usual_minutes": 80, "usual_fixtures": 9.5}, "usual_fixtures: 9.5", "must be a whole number, 1 to 60"),
        ({"price": 2.9}, "price: 2.9", "must be a number, 3 to 20"),
        ({"price": 75}, "price: 75", "must be a number, 3 to 20"),
        ({"price": True}, "price: True", "must be a number, 3 to 20"),
        ({"owned": -0.1}, "owned: -0.1", "must be a number, 0 to 100"),
        ({"owned": 101}, "owned: 101", "must be a number, 0 to 100"),
        ({"owned": "5 percent"}, "owned: '5 percent'", "must be a number, 0 to 100"),
        ({"body_part": "knee"}, "body_part: 'knee'", "must be one of hamstring, thigh, calf, groin, muscle"),
        ({"body_part": "calves"}, "body_part: 'calves'", "must be one of hamstring, thigh, calf, groin, muscle"),
    ],
)  # fmt: skip
def test_each_mistake_in_a_case_has_its_line(change, where, allowed):
    (line,) = lines_of(case, **change)
    assert line.startswith(where)
    assert f"; {allowed}" in line


def test_all_mistakes_in_a_case_are_told_at_once():
    lines = lines_of(case, player="", position="wing", minutes_before=-1, deadlines={"squad": 5}, fixtures=None)
    assert [line.split(":")[0] for line in lines] == [
        "player",
        "fixtures",
        "deadlines",
        "position",
        "minutes_before",
    ]


FLAGS = {
    "expected": {"expected": "2026-03-22"},
    "unknown": {},
    "chance": {"chance": 75},
    "training": {},
    "between": {"from_": "2026-03-03", "to": "2026-03-09", "sure": 0.8},
    "available": {},
}


def said_at(hour: int, kind: str, source: str = "club", **detail) -> fc.Bulletin:
    return fc.Bulletin(f"2026-03-02T{hour}:00Z", kind, source=source, **FLAGS.get(kind, {}), **detail)


@pytest.mark.parametrize("second", FLAGS)
@pytest.mark.parametrize("first", FLAGS)
def test_a_source_has_one_flag_at_a_moment(first, second):
    (line,) = lines_of(case, bulletins=[said_at(12, first), SAID, said_at(12, second)])
    allowed = "must not be the same for two flags of source club"
    assert line == f"bulletins[1] and bulletins[3]: issued: '2026-03-02 12:00:00+00:00'; {allowed}"
    assert len(case(bulletins=[said_at(12, first), said_at(13, second)]).bulletins) == 2
    assert len(case(bulletins=[said_at(12, first), said_at(12, second, "official")]).bulletins) == 2


@pytest.mark.parametrize("flag", FLAGS)
def test_beside_a_flag_other_things_may_be_said_at_one_moment(flag):
    own, out = said_at(12, "own", likelihood=abs), said_at(12, "ruled_out", until="2026-03-14")
    assert len(case(bulletins=[own, out, said_at(12, flag), own, out]).bulletins) == 5


def test_a_source_rules_out_until_one_moment_only():
    early, late = (said_at(12, "ruled_out", until=until) for until in ("2026-03-14", "2026-03-20"))
    (line,) = lines_of(case, bulletins=[early, early, late])
    allowed = "must be the same for what source club rules out at one moment, 2026-03-14"
    assert line == f"bulletins[1] and bulletins[3]: until: '2026-03-20'; {allowed}"


def test_a_fixture_has_a_name_and_a_kickoff():
    fields = [line.partition(":")[0] for line in lines_of(fc.Fixture, "", None, competition=5)]
    assert fields == ["fixture", "kickoff", "competition"]


def test_rewound_to_an_earlier_moment_only_what_was_known_is_left():
    early = fc.Bulletin("2026-02-10", "unknown", "2026-03-06")
    c = case(bulletins=[SAID, early]).rewound("2026-03-01")
    assert c.as_of == pd.Timestamp("2026-03-01T23:59:59Z")
    assert [(b.issued, b.seen) for b in c.bulletins] == [(early.issued, c.as_of)]
    assert [f.fixture for f in c.ahead()] == ["missed", "a", "b"]


def test_rewound_what_stands_until_the_forecast_still_does():
    still = fc.Bulletin("2026-02-10", "unknown")
    assert case(bulletins=[SAID, still]).rewound("2026-03-01").bulletins == (still,)


def test_rewound_a_case_may_move_on_to_before_the_next_fixture():
    assert case().rewound("2026-03-17T19:59Z").as_of == pd.Timestamp("2026-03-17T19:59Z")


@pytest.mark.parametrize(
    ("as_of", "line"),
    [
        (
            "2026-03-17",
            "as_of: '2026-03-17'; must be before a: the case does not say whether he played in it",
        ),
        ("2026-01-01", "as_of: '2026-01-01'; must not be before onset"),
        ("soon", "as_of: 'soon'; must be a date or time"),
    ],
)
def test_rewound_beyond_what_the_case_knows(as_of, line):
    (only,) = lines_of(case().rewound, as_of)
    assert only.startswith(line)


@given(cases())
def test_a_case_rewound_forgets_everything_later(c):
    moment = c.onset + (c.as_of - c.onset) / 2
    earlier = c.rewound(moment)
    assert all(b.issued <= (b.seen or moment) <= moment for b in earlier.bulletins)
    assert len(earlier.ahead()) >= len(c.ahead())
    assert earlier.fixtures == c.fixtures
