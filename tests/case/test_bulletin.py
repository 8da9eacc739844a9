from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.case.bulletin import statement
from refused import refused

BETWEEN = {"kind": "between", "from_": "2026-03-03", "to": "2026-03-09", "sure": 0.8}


def test_what_a_bulletin_leaves_out():
    said = fc.Bulletin("2026-03-02T10:00Z", "unknown")
    assert (said.seen, said.source, said.last_round, said.match_fitness) == (None, "official", None, False)
    assert (said.from_, said.to, said.sure, said.replaces) == (None, None, None, None)


def test_what_a_bulletin_may_say():
    said = fc.Bulletin("2026-03-02", "between", from_="2026-03-03", to="2026-03-09", sure=0.8, replaces="official")
    assert (said.from_, said.to) == (pd.Timestamp("2026-03-03T00:00Z"), pd.Timestamp("2026-03-09T23:59:59Z"))
    assert (said.sure, said.replaces) == (0.8, "official")
    said = fc.Bulletin("2026-03-02", "chance", chance=np.int64(1), last_round=0, match_fitness=True)
    assert (said.chance, said.last_round, said.match_fitness) == (1, 0, True)
    assert fc.Bulletin("2026-03-02", "training").kind == "training"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (BETWEEN, "fit between 3 and 9 Mar, 80% sure"),
        (BETWEEN | {"from_": "2026-02-28"}, "fit between 28 Feb and 9 Mar, 80% sure"),
        (BETWEEN | {"from_": "2025-12-28"}, "fit between 28 Dec 2025 and 9 Mar 2026, 80% sure"),
        ({"kind": "training"}, "back in team training"),
        ({"kind": "chance", "chance": 60}, "60% to play"),
        ({"kind": "expected", "expected": "2026-03-22"}, "expected back 22 Mar"),
        ({"kind": "ruled_out", "until": "2026-03-22"}, "ruled out until 22 Mar"),
        ({"kind": "unknown", "match_fitness": True}, "no return date"),
        ({"kind": "available"}, "available again"),
        ({"kind": "own", "likelihood": abs}, "a statement of its own"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("tz", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def test_a_bulletin_in_words(fields, words, tz):
    assert statement(fc.Bulletin("2026-03-02", **fields), ZoneInfo(tz)) == words


@pytest.mark.parametrize(
    ("fields", "where", "allowed"),
    [
        ({"kind": "rumour"}, "kind: 'rumour'", "must be one of expected, unknown, chance, available"),
        ({"issued": "soon"}, "issued: 'soon'", "must be a date or time"),
        ({"kind": "expected"}, "expected: missing", "must be given for kind expected"),
        ({"kind": "chance"}, "chance: missing", "must be given for kind chance"),
        ({"kind": "ruled_out"}, "until: missing", "must be given for kind ruled_out"),
        ({"kind": "chance", "chance": 0}, "chance: 0", "must be a whole number, 1 to 99; 0% is of the kind unknown or ruled_out, 100% of available"),
        ({"kind": "chance", "chance": 100}, "chance: 100", "must be a whole number, 1 to 99"),
        ({"kind": "chance", "chance": 50.5}, "chance: 50.5", "must be a whole number, 1 to 99"),
        ({"chance": 50}, "chance: 50", "must be left out for kind unknown"),
        ({"chance": 500}, "chance: 500", "must be a whole number, 1 to 99"),
        (BETWEEN | {"from_": None}, "from: missing", "must be given for kind between"),
        (BETWEEN | {"from_": "soon"}, "from: 'soon'", "must be a date or time"),
        (BETWEEN | {"from_": "2026-03-10"}, "to: '2026-03-09'", "must be after from"),
        (BETWEEN | {"to": None}, "to: missing", "must be given for kind between"),
        (BETWEEN | {"to": 9}, "to: 9", "must be a date or time"),
        (BETWEEN | {"issued": "2026-03-10"}, "to: '2026-03-09'", "must be after issued"),
        (BETWEEN | {"sure": None}, "sure: missing", "must be given for kind between"),
        (BETWEEN | {"sure": 0.49}, "sure: 0.49", "must be a number, 0.5 to 0.99"),
        (BETWEEN | {"sure": 1}, "sure: 1", "must be a number, 0.5 to 0.99"),
        (BETWEEN | {"sure": 80}, "sure: 80", "must be a number, 0.5 to 0.99"),
        (BETWEEN | {"sure": "80"}, "sure: '80'", "must be a number, 0.5 to 0.99"),
        (BETWEEN | {"until": "2026-03-09"}, "until: '2026-03-09'", "must be left out for kind between"),
        ({"from_": "2026-03-03"}, "from: '2026-03-03'", "must be left out for kind unknown"),
        ({"kind": "training", "to": "2026-03-03"}, "to: '2026-03-03'", "must be left out for kind training"),
        ({"sure": 0.8}, "sure: 0.8", "must be left out for kind unknown"),
        ({"last_round": 10}, "last_round: 10", "must be one of 0, 25, 50, 75, 100"),
        ({"last_round": "30"}, "last_round: '30'", "must be one of 0, 25, 50, 75, 100"),
        ({"last_round": False}, "last_round: False", "must be one of 0, 25, 50, 75, 100"),
        ({"kind": "training", "last_round": 0}, "last_round: 0", "must be left out for kind training"),
        (BETWEEN | {"last_round": 50}, "last_round: 50", "must be left out for kind between"),
        ({"match_fitness": "maybe"}, "match_fitness: 'maybe'", "must be true or false"),
        ({"match_fitness": 1}, "match_fitness: 1", "must be true or false"),
        ({"kind": "available", "match_fitness": True}, "match_fitness: True", "must be left out for kind available"),
        ({"replaces": "a\nb"}, "replaces: 'a", "must be a text on one line"),
        ({"replaces": True}, "replaces: True", "must be a text on one line"),
        ({"replaces": ["club"]}, "replaces: ['club']", "must be a text on one line"),
        ({"expected": "2026-03-22"}, "expected: '2026-03-22", "must be left out for kind unknown"),
        ({"seen": "2026-03-01"}, "seen: '2026-03-01'", "must not be before issued"),
        ({"kind": "ruled_out", "until": "2026-03-01"}, "until: '2026-03-01", "must not be before issued"),
        ({"source": "a\nb"}, "source: 'a", "must be a text on one line"),
        ({"kind": "own"}, "likelihood: missing", "must be given for kind own"),
        ({"kind": "own", "likelihood": 5}, "likelihood: 5", "must be a function of the days that remain"),
        ({"likelihood": abs}, "likelihood: <built-in function abs>", "must be left out for kind unknown"),
    ],
)  # fmt: skip
def test_each_mistake_in_a_bulletin_has_its_line(fields, where, allowed):
    (line,) = refused(fc.CaseError, fc.Bulletin, **{"issued": "2026-03-02", "kind": "unknown"} | fields)
    assert line.startswith(where)
    assert f"; {allowed}" in line
