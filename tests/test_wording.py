from types import SimpleNamespace

import pandas as pd
import pytest

import forecast as fc
from forecast.case.bulletin import statement
from forecast.io.fields import zone
from forecast.wording import (
    band,
    counted,
    full_date,
    hurt_again,
    in_words,
    local,
    natural,
    out_for,
    percent,
    since_onset,
)
from strategies import at

MADRID, TOKYO, NEW_YORK = (zone(name) for name in ("Europe/Madrid", "Asia/Tokyo", "America/New_York"))


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.0, "fewer than 1 in 100"),
        (0.02, "about 2 in 100"),
        (0.05, "about 1 in 20"),
        (0.09, "about 1 in 12"),
        (0.1, "about 1 in 10"),
        (0.15, "about 1 in 7"),
        (0.25, "about 1 in 4"),
        (0.31, "about 3 in 10"),
        (0.35, "about 1 in 3"),
        (0.45, "just under half"),
        (0.5, "about half"),
        (0.53, "just over half"),
        (0.69, "about 7 in 10"),
        (0.76, "about 3 in 4"),
        (0.85, "about 6 in 7"),
        (0.95, "about 19 in 20"),
        (0.98, "about 98 in 100"),
        (1.0, "more than 99 in 100"),
    ],
)
def test_natural_frequencies(p, words):
    assert natural(p) == words


def test_a_natural_frequency_is_never_far_from_what_it_stands_for_nor_falls():
    halves = {"just under half": 0.455, "about half": 0.5, "just over half": 0.545}
    meant = []
    for p in (i / 1000 for i in range(10, 991)):
        count, _, of = natural(p).removeprefix("about ").partition(" in ")
        meant.append(halves[natural(p)] if natural(p) in halves else int(count) / int(of))
        assert abs(meant[-1] - p) <= 0.0351, p
    assert meant == sorted(meant)


def test_what_would_be_said_twice_is_said_once():
    row = SimpleNamespace(p=0.02, p_low=0.018, p_high=0.022, q=0.02, q_low=0.01, q_high=0.03)
    assert (band(row, "p"), band(row, "q")) == ("2%", "2% (1% to 3%)")
    assert [in_words(p) for p in (0.001, 0.02, 0.5, 0.98)] == ["", "", ", about half", ""]


@pytest.mark.parametrize(
    ("count", "name", "words"),
    [
        (1, "match", "1 match"),
        (20, "match", "20 matches"),
        (2, "date reported (▼)", "2 dates reported (▼)"),
        (0, "day", "0 days"),
        (1861, "injury", "1,861 injuries"),
    ],
)
def test_counts(count, name, words):
    assert counted(count, name) == words


@pytest.mark.parametrize(("p", "text"), [(0.0, "<1%"), (0.004, "<1%"), (0.006, "1%"), (0.5, "50%"), (0.999, ">99%")])
def test_nothing_is_certain(p, text):
    assert percent(p) == text


def test_a_moment_is_on_the_clocks_of_its_zone_and_a_bare_date_on_its_day():
    kickoff = pd.Timestamp("2026-03-07T23:30Z")
    assert full_date(kickoff, MADRID) == "8 March 2026"
    assert full_date(kickoff, NEW_YORK) == "7 March 2026"
    case = fc.Case("A", "2026-03-07", "2026-03-08", [fc.Fixture("A v B", "2026-03-09")])
    for there in (MADRID, TOKYO, NEW_YORK):
        assert full_date(case.onset, there) == "7 March 2026"
        assert full_date(case.as_of, there) == "8 March 2026"
        assert local(case.onset, there).tzinfo is there
    assert full_date(pd.NaT, MADRID) == "later than two years on"


def test_the_summary_speaks_in_a_zone_and_in_natural_frequencies(model):
    fixtures = [fc.Fixture("Rovers v United", "2026-03-10T23:30Z")]
    outlook = model.forecast(fc.Case("A. N. Example", at(-15), at(0), fixtures))
    assert "Rovers v United, 10 March 2026: fit" in outlook.summary()
    assert "Rovers v United, 11 March 2026: fit" in outlook.summary(tz="Europe/Madrid")
    assert natural(outlook.fixtures.p_fit[0]) in outlook.summary()
    with pytest.raises(fc.CaseError, match=r"^tz: 'Europe'; must be a time zone such as"):
        outlook.summary(tz="Europe")


def test_three_sentences_for_print(model):
    outlook = model.forecast(fc.example_case("short"))
    text, f = outlook.summary(sentences=3), outlook.fixtures
    assert text.count(". ") == 2
    assert text.startswith(
        f"{f.fixture[0]} on 8 November 2025: the chance that Sam Quick (invented) plays is {f.p_plays[0]:.0%}"
    )
    assert "hamstring injury; this is the forecast of 7 November 2025" in text
    assert outlook.summary(sentences=1) == text.partition(". ")[0] + "."
    assert "He has been cleared" in model.forecast(fc.example_case("cleared")).summary(sentences=2)
    with pytest.raises(fc.CaseError, match="^sentences: 4; must be a whole number, 1 to 3"):
        outlook.summary(sentences=4)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "unknown"}, "no return date"),
        ({"kind": "chance", "chance": 75}, "75% to play"),
        ({"kind": "expected", "expected": "2026-03-22"}, "expected back 22 Mar"),
        ({"kind": "ruled_out", "until": "2026-03-14"}, "ruled out until 14 Mar"),
        ({"kind": "available"}, "available again"),
        ({"kind": "own", "likelihood": abs}, "a statement of its own"),
    ],
)
def test_statements(fields, words):
    assert statement(fc.Bulletin("2026-03-07", **fields), NEW_YORK) == words


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.002, "fewer than 1 is hurt again"),
        (0.0054, "about 1 is hurt again"),
        (0.0149, "about 1 is hurt again"),
        (0.0151, "about 2 are hurt again"),
        (0.2, "about 20 are hurt again"),
    ],
)
def test_one_is_and_two_are(p, words):
    assert hurt_again(p) == words


@pytest.mark.parametrize(
    ("count", "after", "out"),
    [
        (0.2, "on the day of onset", "out since today"),
        (1.0, "1 day after onset", "out for 1 day"),
        (1.6, "2 days after onset", "out for 2 days"),
    ],
)
def test_nobody_is_out_for_0_days(count, after, out):
    assert since_onset(count) == after
    assert out_for(count) == out
