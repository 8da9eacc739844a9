"""Inputs as people have them give their right results: the tables of as_people_have_them.py, and what is said of them."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, time
from importlib.util import find_spec
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

import as_people_have_them as field
import forecast as fc
from forecast.__main__ import main
from forecast.case.squad_file import read_squad
from forecast.io.dates import day_of, is_midnight
from forecast.io.fields import Checker, utc
from forecast.io.values import bare, is_blank
from forecast.io.write import write_text
from forecast.scoring.forecast_log import append, read_log
from forecast.scoring.outcomes import read_outcomes, score_log
from forecast.terms import END, START
from refused import refused

FX = [fc.Fixture("Rovers v United", "2025-10-04T14:00Z"), fc.Fixture("City v Rovers", "2025-10-18T14:00Z")]
TOWN = [("Rovers v Town", "2025-10-04T14:00Z")]


def case(**fields) -> fc.Case:
    usual = {"player": "A. N. Example", "onset": "2025-09-14", "as_of": "2025-10-03T09:00Z", "fixtures": FX}
    return fc.Case(**usual | fields)


def shown(fixtures) -> list[tuple[str, str]]:
    return [(f.fixture, f"{f.kickoff:%Y-%m-%dT%H:%MZ}") for f in fixtures]


@pytest.fixture(scope="module")
def outlook():
    return fc.default_model().forecast(case())


@pytest.mark.parametrize("given", field.MIDNIGHTS, ids=repr)
def test_a_midnight_without_a_zone_is_a_date(given):
    assert (utc(given, START), utc(given, END)) == (utc("2025-10-04", START), utc("2025-10-04", END))
    assert day_of(given) == pd.Timestamp("2025-10-04").date()


@pytest.mark.parametrize("given", field.WRITTEN, ids=repr)
def test_dates_that_cannot_be_meant_otherwise(given):
    assert day_of(given) == pd.Timestamp("2025-10-04").date()


@pytest.mark.parametrize("given", field.WRITTEN_TIMES, ids=repr)
def test_times_that_cannot_be_meant_otherwise(given):
    assert utc(given) == pd.Timestamp("2025-10-04T15:00Z")


@pytest.mark.parametrize("given", field.QUARTERS)
def test_minutes_are_not_lost(given):
    assert utc(given) == pd.Timestamp("2025-10-04T15:45Z")


@pytest.mark.parametrize(("column", "cell"), field.LEAGUES.items())
def test_the_column_of_the_competition(column, cell):
    table = pd.DataFrame({"fixture": ["A v B"], "kickoff": ["2025-10-04"], column: [cell]})
    read = fc.Fixture.read(table)
    assert ([f.competition for f in read], read.notes) == (["Premier League"], ())


@pytest.mark.parametrize(("given", "zone"), field.NOT_THAT_DAY.items())
def test_letters_of_a_zone_that_holds_on_other_days(given, zone):
    with pytest.raises(
        fc.CaseError, match=rf"must be written \d\d:00\+\d\d:00 or \d\d:00\+\d\d:00: it is not {zone} that day$"
    ):
        utc(given)


@pytest.mark.parametrize(("given", "zone"), field.OF_MANY_ZONES.items())
def test_letters_that_many_zones_have(given, zone):
    with pytest.raises(
        fc.CaseError, match=f"must have hours such as 15:00-04:00, or a zone of GMT, UTC, .*, and not {zone}$"
    ):
        utc(given)


@pytest.mark.parametrize(("given", "dayfirst", "read"), field.DAY_OR_MONTH_FIRST)
def test_the_day_or_the_month_first(tmp_path, given, dayfirst, read):
    table = pd.DataFrame({"fixture": [f"A v {i}" for i, _ in enumerate(given)], "date": given, "time": "15:00 UTC"})
    table.to_csv(tmp_path / "a.csv", index=False)
    for source in (table, tmp_path / "a.csv"):
        if read is None:
            with pytest.raises(fc.CaseError, match="must be a date or time that is meant in one way: 20"):
                fc.Fixture.read(source, dayfirst=dayfirst)
        else:
            assert [f"{f.kickoff:%Y-%m-%d}" for f in fc.Fixture.read(source, dayfirst=dayfirst)] == read


@pytest.mark.parametrize(
    ("given", "year"), [("4 Oct 25", 2025), ("04.10.68", 2068), ("04-Oct-99", 1999), ("4.10.69", 1969)]
)
def test_years_of_two_digits(given, year):
    assert day_of(given).year == year


def test_what_tells_the_order_of_a_date_is_noted():
    read = fc.Fixture.read(pd.DataFrame({"fixture": ["A", "B"], "kickoff": ["04/10/2025", "25/10/2025"]}))
    assert read.notes == ("Dates are read with the day first, for 25/10/2025 can only be meant so.",)
    read = fc.Fixture.read(pd.DataFrame({"fixture": ["A", "B"], "kickoff": ["45934", 1759586400]}))
    assert read.notes == ("Numbers are read as dates and times: 45934 as 2025-10-04.",)


def test_the_order_of_a_date_in_squads_outcomes_and_absences(tmp_path):
    (tmp_path / "a.csv").write_text("fixture,kickoff\nA v B,04/10/2025\nA v C,18/10/2025\n")
    (tmp_path / "s.csv").write_text(
        "player,onset,as_of,fixtures\nP,14/09/2025,03/10/2025,a.csv\nQ,01/09/2025,03/10/2025,a.csv\n"
    )
    cases, errors = read_squad(tmp_path / "s.csv")
    assert ([f"{c.onset:%m-%d} {c.as_of:%m-%d}" for c in cases], errors) == (["09-14 10-03", "09-01 10-03"], [])
    (tmp_path / "h.csv").write_text("player,onset,kickoff,appeared\nP,14/09/2025,04/10/2025,yes\n")
    assert f"{read_outcomes(tmp_path / 'h.csv').kickoff.iloc[0]:%m-%d}" == "10-04"
    with pytest.raises(
        fc.DataError,
        match="row 1: end: '10/25/2025'; must be a date such as 2026-03-07, or 07/03/2026 with dayfirst=True$",
    ):
        fc.durations_from_dates(pd.DataFrame({"start": ["10/04/2025"], "end": ["10/25/2025"]}), dayfirst=True)
    said = {"start": ["04/10/2025"], "end": [None]}
    assert fc.durations_from_dates(pd.DataFrame(said), as_of="01/11/2025", dayfirst=True).lower.tolist() == [28.0]


@pytest.mark.parametrize(("header", "hour"), field.HEADERS.items())
def test_the_zone_of_a_header(header, hour):
    table = pd.DataFrame({"fixture": ["A v B"], "date": ["2025-10-04"], header: ["15:00"]})
    assert fc.Fixture.read(table)[0].kickoff.hour == hour
    local = fc.Fixture.read(table, tz="Europe/Madrid")[0].kickoff.hour  # the zone of the header, where it has one
    assert local == (13 if header in ("Time", "Time (24h)", "time (hh:mm)") else hour)


def test_a_table_of_one_team(tmp_path):
    (tmp_path / "a.csv").write_text(field.FBREF)
    assert [f.fixture for f in fc.Fixture.read(tmp_path / "a.csv")] == ["Town (H)", "City (A)", "United (N)"]
    assert [f.fixture for f in fc.Fixture.read(tmp_path / "a.csv", "Rovers")] == [
        "Rovers v Town",
        "City v Rovers",
        "Rovers v United",
    ]
    assert [f.competition for f in fc.Fixture.read(tmp_path / "a.csv", "City")] == ["Premier League"]


@pytest.mark.parametrize("mark", ["[", " ", "@", "- ", "tbc "])
@pytest.mark.parametrize("column", ["match", "date", "time", "notes"])
def test_endless_marks_take_no_time(column, mark):
    row = {"match": "A v B", "date": "2025-10-04", "time": "15:00", "notes": None}
    table = pd.DataFrame([row | {column: f"{row[column] or ''}{mark * 300_000}x"}])
    with suppress(fc.CaseError):  # read or refused, but at once
        assert len(fc.Fixture.read(table, "a")) <= 1


@pytest.mark.parametrize("columns", field.NOT_BY_THE_NUMBER)
def test_a_number_is_no_name_of_a_match(columns):
    assert shown(fc.Fixture.read(pd.DataFrame(columns))) == TOWN


@pytest.mark.parametrize(("name", "match"), field.OF_ONE_TEAM)
def test_names_of_the_other_team_only(name, match):
    table = pd.DataFrame({"match": [name, "Wanderers (H)"], "date": ["2025-10-04", "2025-10-11"]})
    assert [f.fixture for f in fc.Fixture.read(table, "Rovers")] == [match, "Rovers v Wanderers"]
    assert len(fc.Fixture.read(table, "wanderers")) == 1
    both = pd.DataFrame({"match": ["Rovers v Town (H)", "City - Rovers (A)"], "date": ["2025-10-04", "2025-10-11"]})
    assert fc.Fixture.read(both, "Wanderers") == []


@pytest.mark.parametrize("hour", field.OPEN_HOURS)
def test_an_hour_that_is_open(hour):
    table = {"fixture": ["A v B"], "date": ["2025-10-04"], "time": [hour]}
    joined = {"fixture": ["A v B"], "kickoff": [f"2025-10-04 {hour}"]}
    for given in (table, joined):
        assert f"{fc.Fixture.read(pd.DataFrame(given))[0].kickoff:%m-%d %H:%M}" == "10-04 20:00"


@pytest.mark.parametrize("row", field.SECONDS)
def test_matches_of_another_team_of_the_club_are_left_out(row):
    first = ("Rovers v City", None)
    table = pd.DataFrame([first, row], columns=["match", "competition"]).assign(date=["2025-10-04", "2025-10-11"])
    read = fc.Fixture.read(table, "rovers")
    assert [f.fixture for f in read] == ["Rovers v City"]
    assert read.notes == (f"Left out, as of another team of rovers: {row[0]}.",)
    assert len(fc.Fixture.read(table[1:], "rovers")) == 1  # nobody else is there
    assert len(fc.Fixture.read(table)) == 2


@pytest.mark.parametrize("row", field.FIRSTS)
def test_matches_against_another_team_of_a_club_count(row):
    table = pd.DataFrame([("Rovers v City", None), row], columns=["match", "competition"])
    read = fc.Fixture.read(table.assign(date=["2025-10-04", "2025-10-11"]), "rovers")
    assert len(read) == 1 + ("Rovers" in row[0])
    assert not any("another team" in note for note in read.notes)


@pytest.mark.parametrize("row", [["BYE", None, None], ["2025-10-11", "Bye", None], ["2025-10-11", None, "spielfrei"]])
def test_a_bye_in_any_column(row):
    table = pd.DataFrame([["2025-10-04", "Rovers", "Town"], row], columns=["Date", "Home", "Away"]).assign(Round=[1, 2])
    read = fc.Fixture.read(table)
    assert [f.fixture for f in read] == ["Rovers v Town"]
    assert f"Left out, as no match: {next(cell for cell in row if cell and not cell[0].isdigit())}." in read.notes


@pytest.mark.parametrize(
    "remark", ["Spiel verlegt auf den 22.10.", "postponed from the week before", "moved, the first was abandoned"]
)
def test_a_remark_that_may_say_that_a_match_is_off_is_noted(remark):
    table = pd.DataFrame({"match": ["A v B"], "date": ["2025-10-04"], "Bemerkung": [remark]})
    read = fc.Fixture.read(table)
    assert (len(read), read.notes) == (
        1,
        (f"A remark that is not understood, so that the match counts: {remark}.",),
    )


@pytest.mark.parametrize(
    ("description", "off", "noted"),
    [
        ("Status: Postponed", True, False),
        ("Premier League\\nP-P\\nTown Ground", True, False),
        ("Postponed due to the weather", False, True),
        ("Tickets stay good if it is postponed\\nTown Ground", False, True),
        ("Competition: Premier League\\nTown Ground", False, False),
    ],
)
def test_the_description_of_an_event_may_say_that_it_is_off(tmp_path, description, off, noted):
    (tmp_path / "a.ics").write_bytes(one_calendar(event("A v B", "20251004T140000Z", f"DESCRIPTION:{description}")))
    read = fc.Fixture.read(tmp_path / "a.ics")
    assert (len(read), any(note.startswith("A remark") for note in read.notes)) == (1 - off, noted)


def test_the_women_of_a_club_in_one_calendar_by_the_category(tmp_path):
    women = event("Rovers v Town", "20251011T140000Z", "CATEGORIES:WSL", uid="b")
    (tmp_path / "a.ics").write_bytes(one_calendar(event("Rovers v Town", "20251004T140000Z"), women))
    assert [f"{f.kickoff:%d}" for f in fc.Fixture.read(tmp_path / "a.ics", "Rovers")] == ["04"]


@pytest.mark.parametrize("mark", ["Hinspiel", "Andata", "match retour", "ida", "agg 3-2", "4\u20132 pens", "1-1 aet"])
def test_legs_and_scores_are_no_marks(mark):
    assert fc.Fixture.read(pd.DataFrame({"match": [f"A v B ({mark})"], "date": ["2025-10-04"]})).notes == ()


@pytest.mark.parametrize("clocks", ["15:00 (16:00)", "15:00(17:00)", "9:30 (10:30)"])
def test_two_clocks_of_two_zones_are_told(clocks):
    table = pd.DataFrame({"match": ["A v B"], "Date": ["2025-10-04"], "Time": [clocks]})
    with pytest.raises(
        fc.CaseError, match=r"must have one time, \d+:\d\d or \d+:\d\d: without a zone it is UTC, or what"
    ):
        fc.Fixture.read(table)


@pytest.mark.parametrize("given", field.NO_DATES, ids=repr)
def test_what_is_no_date(given):
    with pytest.raises(fc.CaseError, match="must be a date or time"):
        utc(given)


@pytest.mark.parametrize("clock", field.CLOCKS)
def test_clocks(clock):
    table = pd.DataFrame({"Date": ["2025-10-04"], "Time": [clock], "home": ["Rovers"], "away": ["Town"]}, dtype=object)
    assert shown(fc.Fixture.read(table, tz="Europe/London")) == TOWN


@pytest.mark.parametrize(("tz", "hour"), field.ZONES.items())
def test_zones(tz, hour):
    table = pd.DataFrame({"fixture": ["A v B"], "kickoff": ["2025-10-04 15:00"]})
    assert fc.Fixture.read(table, tz=tz)[0].kickoff.hour == hour


@pytest.mark.parametrize(("tz", "proposed"), field.NO_ZONES.items())
def test_zones_that_are_none(tz, proposed):
    table = pd.DataFrame({"fixture": ["A v B"], "kickoff": ["2025-10-04 15:00"]})
    with pytest.raises(fc.CaseError, match=f"must be a time zone such as {proposed}$"):
        fc.Fixture.read(table, tz=tz)


@pytest.mark.parametrize("teams", [("Rovers", None), ("", "Town"), (np.nan, "Town")])
def test_half_a_match_is_none(teams):
    with pytest.raises(fc.CaseError, match="^row 1: fixture: "):
        fc.Fixture.read(pd.DataFrame({"home": teams[:1], "away": teams[1:], "date": ["2025-10-04"]}))


def test_utc_by_any_name_is_utc():
    midnights = [
        pd.Timestamp("2025-01-04").to_pydatetime().replace(tzinfo=tz) for tz in (*field.UTC_BY_NAME, *field.NOT_UTC)
    ]
    assert [is_midnight(m) for m in midnights] == [False] * len(field.UTC_BY_NAME) + [True] * len(field.NOT_UTC)


@pytest.mark.parametrize("given", field.BLANKS, ids=repr)
def test_what_is_blank_is_left_out(given):
    assert is_blank(given)
    left_out = dict.fromkeys(
        ("seen", "expected", "chance", "until", "from_", "to", "sure", "last_round", "replaces"), given
    )
    assert fc.Bulletin("2025-10-02", "unknown", **left_out) == fc.Bulletin("2025-10-02", "unknown")
    assert case(position=given, grade=given, usual_minutes=given, price=given, tendon=given) == case()
    assert fc.Fixture("A v B", "2025-10-04", given).competition is None


@pytest.mark.parametrize(("given", "number"), field.NUMBERS, ids=repr)
def test_whole_numbers(given, number):
    check = Checker()
    found = check.whole("chance", given, 99)
    assert (None if check.problems else found) == number


@pytest.mark.parametrize(("given", "read"), field.NAMES)
def test_names(given, read):
    assert fc.Fixture(given, "2025-10-04").fixture == read
    assert case(player=given).player == read
    table = pd.DataFrame({"fixture": [given], "kickoff": ["2025-10-04"]})
    assert len(fc.Fixture.read(table, only=read.upper())) == 1
    assert len(fc.Fixture.read(table, only=bare(read))) == 1


@pytest.mark.parametrize(("name", "off"), [*((n, True) for n in field.OFF), *((n, False) for n in field.ON)])
def test_what_is_off_by_its_name(name, off):
    table = pd.DataFrame({"fixture": [name], "kickoff": ["2025-10-04T14:00Z"]})
    assert (fc.Fixture.read(table) == []) == off


@pytest.mark.parametrize("name", field.NO_MATCHES)
def test_what_is_no_match_is_left_out_and_named(tmp_path, name):
    (tmp_path / "a.ics").write_bytes(one_calendar(event(name, "20251001T140000Z", uid="b"), event(*OLD)))
    table = pd.DataFrame({"fixture": [name, OLD[0]], "kickoff": ["2025-10-01", "2025-09-27"]})
    for source in (tmp_path / "a.ics", table):
        read = fc.Fixture.read(source)
        assert ([f.fixture for f in read], read.notes) == ([OLD[0]], (f"Left out, as no match: {name}.",))


@pytest.mark.parametrize("name", field.MATCHES)
def test_a_match_with_such_a_word_in_its_name_counts(name):
    read = fc.Fixture.read(pd.DataFrame({"fixture": [name], "kickoff": ["2025-10-04"]}))
    assert [f.fixture for f in read] == [name]
    assert any(name in note for note in read.notes) == (name in field.MATCHES[-4:])


def test_a_bye_among_the_names_of_the_other_team_only(tmp_path):
    (tmp_path / "a.ics").write_bytes(
        one_calendar(event("Town (H)", "20251004T140000Z"), event("BYE", "20251011T140000Z", uid="b"))
    )
    table = pd.DataFrame({"match": ["Town (H)", "Bye week"], "date": ["2025-10-04", "2025-10-11"]})
    for source in (tmp_path / "a.ics", table):
        assert [f.fixture for f in fc.Fixture.read(source, "Rovers")] == ["Rovers v Town"]


@pytest.mark.parametrize(
    ("column", "near"),
    [("competiton", "competition"), ("statuss", "status"), ("timme", "time"), ("stadium", None), ("status_id", None)],
)
def test_a_column_that_may_be_a_slip_is_named_so(column, near):
    table = pd.DataFrame({"fixture": ["A v B"], "kickoff": ["2025-10-04"], column: ["x"], "notes": ["y"], "Note": [1]})
    hint = f" (did you mean {near}?)" if near else ""
    assert fc.Fixture.read(table).notes == (f"Columns that are not read: {column}{hint}.",)


@pytest.mark.parametrize(("status", "off"), field.STATUSES.items())
def test_what_is_off_by_its_status(status, off):
    table = pd.DataFrame({"fixture": ["A v B"], "kickoff": ["2025-10-04T14:00Z"], "status": [status]})
    found = fc.Fixture.read(table)
    assert ((found == []), found.notes) == (off, ())


@pytest.mark.parametrize("columns", field.OFF_TABLES)
def test_what_is_off_by_another_column(columns):
    table = pd.DataFrame({"match": ["A v B", "A v C"], "date": ["2025-10-04", "2025-10-11"]} | columns)
    assert [f.fixture for f in fc.Fixture.read(table)] == ["A v C"]


@pytest.mark.parametrize("date", field.UNDATED, ids=repr)
def test_a_match_without_a_date_is_left_out(date):
    read = fc.Fixture.read(pd.DataFrame({"match": ["A v B", "A v C"], "date": [date, "2025-10-11"]}))
    assert ([f.fixture for f in read], read.notes) == (["A v C"], ("Left out, for want of a date: A v B.",))


@pytest.mark.parametrize(("zone", "hour"), field.BESIDE)
def test_a_zone_in_a_column(zone, hour):
    table = pd.DataFrame({"match": ["A v B"], "date": ["2025-10-04"], "time": ["15:00"], "timezone": [zone]})
    assert fc.Fixture.read(table)[0].kickoff.hour == hour
    for over in ("FT", "LIVE"):
        assert fc.Fixture.read(table.assign(time=over))[0].kickoff.hour == 20


def test_what_is_not_understood_or_left_out_is_noted():
    table = pd.DataFrame({
        "fixture": ["A v B (sold out)", "C v A", "A v D"], "kickoff": ["2025-10-04 15:00", None, "2025-10-18T14:00Z"],
        "status": [None, None, "foggy"], "stadium": 1,
    })  # fmt: skip
    assert fc.Fixture.read(table).notes == (
        "Columns that are not read: stadium.",
        "A status that is not understood, so that the match counts: foggy.",
        "A mark that is not understood, so that the match counts: sold out.",
        "Left out, for want of a date: C v A.",
        "Times without a zone are read as UTC; tz= says what else they mean.",
    )
    notes = fc.default_model().forecast(case(fixtures=fc.Fixture.read(table))).notes
    assert "Left out, for want of a date: C v A." in notes
    near = [*FX, fc.Fixture("Rovers FC v Utd", "2025-10-04T15:30Z")]
    assert any(
        "perhaps the same match twice: Rovers v United and Rovers FC v Utd" in n for n in case(fixtures=near).notes
    )


@pytest.mark.parametrize("columns", field.FIXTURE_TABLES)
def test_columns_of_fixtures(columns):
    assert shown(fc.Fixture.read(pd.DataFrame(columns), dayfirst=True)) == TOWN


@pytest.mark.parametrize("columns", field.AMBIGUOUS)
def test_columns_that_may_be_meant_both(columns):
    with pytest.raises(fc.CaseError, match="must be one column"):
        fc.Fixture.read(pd.DataFrame(columns))


@pytest.mark.parametrize("columns", field.ABSENCES)
def test_columns_of_absences_and_days_of_their_own_calendar(columns):
    found = fc.durations_from_dates(pd.DataFrame(columns), dayfirst=True)
    assert found[["lower", "upper"]].to_numpy().tolist() == [[13.0, 14.0]]


@pytest.mark.parametrize("end", field.STILL_OUT, ids=repr)
def test_an_end_that_nobody_knows(end):
    found = fc.durations_from_dates(
        pd.DataFrame({"start": ["2025-03-20"], "end": [end]}, dtype=object), as_of="2025-04-03"
    )
    assert found[["lower", "upper"]].to_numpy().tolist() == [[14.0, np.inf]]
    with pytest.raises(fc.DataError, match="^as_of: missing; must be given where an end is blank$"):
        fc.durations_from_dates(pd.DataFrame({"start": ["2025-03-20"], "end": [end]}, dtype=object))


@pytest.mark.parametrize("content", field.CSV)
def test_tables_of_text(tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    assert [f.fixture for f in fc.Fixture.read(tmp_path / "a.csv")] == ["Rovers v Town", "City v Rovers"]


def test_headings_between_the_rows(tmp_path):
    (tmp_path / "a.csv").write_text("Date,Home,Away\nOctober 2025,,\n2025-10-04,A,B\nNovember 2025,,\n2025-11-01,C,A\n")
    read = fc.Fixture.read(tmp_path / "a.csv")
    assert ([f.fixture for f in read], read.notes) == (
        ["A v B", "C v A"],
        ("Left out, as headings between the rows: October 2025, November 2025.",),
    )
    (tmp_path / "b.csv").write_text("Player,From,Until\nOctober,,\nP,2025-10-04,2025-10-18\n")
    assert fc.durations_from_dates(tmp_path / "b.csv").upper.tolist() == [14.0]
    with pytest.raises(fc.CaseError, match="^row 1: fixture: missing"):
        fc.Fixture.read(pd.DataFrame({"home": [None], "away": [None], "date": ["2025-10-04"], "league": ["L"]}))


def test_letters_that_are_not_those_of_utf_8_are_noted(tmp_path):
    (tmp_path / "a.csv").write_bytes("fixture,kickoff\nAtl\u00e9tico v Rovers,2025-10-04T14:00Z\n".encode("cp1252"))
    found = fc.Fixture.read(tmp_path / "a.csv")
    assert found[0].fixture == "Atl\u00e9tico v Rovers"
    assert "Latin-1" in found.notes[0]


def test_spreadsheets(tmp_path):
    pytest.importorskip("openpyxl", reason="it is an extra")
    path = tmp_path / "a.xlsx"
    pd.DataFrame(field.FIXTURE_TABLES[7]).to_excel(path, index=False)
    assert shown(fc.Fixture.read(path)) == TOWN
    pd.DataFrame(field.ABSENCES[2]).to_excel(path, index=False)
    assert fc.durations_from_dates(path).upper.tolist() == [14.0]
    titled = [["Matches of Rovers", None], [None, None], ["match", "date"], ["Rovers v Town", "2025-10-04T14:00Z"]]
    pd.DataFrame(titled).to_excel(path, index=False, header=False)
    assert shown(fc.Fixture.read(path)) == TOWN
    with pd.ExcelWriter(path) as book:
        pd.DataFrame().to_excel(book, sheet_name="cover", index=False, header=False)
        pd.DataFrame([["Season", "2025/26"], ["match", "date"], ["Rovers v Town", 45934 + 14 / 24]]).to_excel(
            book, sheet_name="a", index=False, header=False
        )
    assert shown(fc.Fixture.read(path)) == TOWN
    pd.DataFrame().to_excel(path, index=False, header=False)
    with pytest.raises(fc.CaseError, match="'an empty file'; must be an Excel file with a header$"):
        fc.Fixture.read(path)
    path.write_bytes(b"PK\x03\x04 none")
    with pytest.raises(fc.CaseError, match="must be an Excel file"):
        fc.Fixture.read(path)


def write_book(path, sheets, formats=()) -> None:
    book = pytest.importorskip("openpyxl", reason="it is an extra").Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.removeprefix("-"))
        sheet.sheet_state = "hidden" if name.startswith("-") else "visible"
        for row in rows:
            sheet.append(row)
        for cell, form in formats:
            sheet[cell].number_format = form
    book.save(path)


@pytest.mark.parametrize("sheets", field.BOOKS)
def test_sheets_of_a_book(tmp_path, sheets):
    write_book(tmp_path / "a.xlsx", sheets)
    assert shown(fc.Fixture.read(tmp_path / "a.xlsx")) == TOWN


def test_sheets_that_are_not_read_and_those_put_together_are_noted(tmp_path):
    rows = [["match", "date"], ["A v B", "2025-10-04"]]
    sheets = {"2024": rows, "Squad": [["Player"], ["P"]], "2025": [*rows, ["A v C", "2025-10-11"]]}
    write_book(tmp_path / "a.xlsx", sheets)
    read = fc.Fixture.read(tmp_path / "a.xlsx")
    assert [f.fixture for f in read] == ["A v B", "A v C"]
    assert read.notes == ("Sheets put together: 2024, 2025.", "Sheets that are not read: Squad.")


def test_cells_that_are_one_hold_for_each_of_their_rows(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="it is an extra")
    write_book(tmp_path / "a.xlsx", {"F": [["date", "match"], ["2025-10-04", "A v B"], [None, "C v D"]]})
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    book.active.merge_cells("A2:A3")
    book.save(tmp_path / "a.xlsx")
    assert [f"{f.kickoff:%m-%d}" for f in fc.Fixture.read(tmp_path / "a.xlsx")] == ["10-04", "10-04"]


def test_a_squad_and_outcomes_in_a_book(tmp_path):
    (tmp_path / "a.csv").write_text("fixture,kickoff\nA v B,2025-10-04\n")
    head = ["player", "onset", "as_of", "fixtures", "tendon", "kind", "issued", "chance"]
    row = ["P", date(2025, 9, 14), "2025-10-03", "a.csv", True, "chance", 45932, 0.75]
    write_book(tmp_path / "s.xlsx", {"Physio": [head, row]}, [("H2", "0%")])
    (only,), errors = read_squad(tmp_path / "s.xlsx")
    assert (errors, only.tendon, f"{only.onset:%m-%d}") == ([], True, "09-14")
    assert (only.bulletins[0].chance, f"{only.bulletins[0].issued:%m-%d}") == (75, "10-02")
    write_book(
        tmp_path / "h.xlsx", {"Sheet": [["player", "onset", "kickoff", "appeared"], [*row[:2], "2025-10-04", True]]}
    )
    assert read_outcomes(tmp_path / "h.xlsx").appeared.tolist() == [True]


@pytest.mark.parametrize("remark", field.REMARKS)
def test_rows_of_a_squad_that_are_none(tmp_path, remark):
    (tmp_path / "a.csv").write_text("fixture,kickoff\nA v B,2025-10-04\n")
    row = "P,2025-09-14,2025-10-03,a.csv"
    (tmp_path / "s.csv").write_text(f"player,onset,as_of,fixtures\n{remark}\n{row}\n{remark}\n")
    cases, errors = read_squad(tmp_path / "s.csv")
    assert ([c.player for c in cases], errors) == (["P"], [])


@pytest.mark.parametrize(("word", "truth"), field.TRUTHS.items())
def test_yes_and_no(word, truth):
    check = Checker()
    assert check.flag("tendon", word) == bool(truth)
    assert bool(check.problems) == (truth is None)


@pytest.mark.parametrize(("word", "position"), field.POSITIONS.items())
def test_positions_by_other_words(word, position):
    if position is None:
        with pytest.raises(fc.CaseError, match="must be one of goalkeeper, "):
            case(position=word)
    else:
        assert case(position=word).position == position


@pytest.mark.parametrize("given", field.NO_YEAR)
def test_a_date_without_its_year_is_told_so(given):
    with pytest.raises(fc.CaseError, match="must be a date or time with its year, such as 2026-03-07$"):
        utc(given)


def test_a_table_of_too_many_rows_is_refused_at_once():
    table = pd.DataFrame({"fixture": ["A v B"] * 20_001, "kickoff": "2025-10-04"})
    with pytest.raises(fc.CaseError, match="^'20001 rows'; must be at most 20000$"):
        fc.Fixture.read(table, "B")


class Exchanged:
    """A frame of another make."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table

    def __dataframe__(self, *arguments, **named):
        return self.table.__dataframe__(*arguments, **named)


@pytest.mark.filterwarnings("ignore::Warning")  # of the frames, not ours
def test_frames_of_another_make():
    assert shown(fc.Fixture.read(Exchanged(pd.DataFrame(field.FIXTURE_TABLES[0])))) == TOWN
    assert fc.durations_from_dates(Exchanged(pd.DataFrame(field.ABSENCES[0]))).upper.tolist() == [14.0]
    with pytest.raises(fc.CaseError, match="must be a DataFrame"):
        fc.Fixture.read([("A v B", "2025-10-04")])


@pytest.fixture(params=["pandas", "polars", "pyarrow"])
def frame(request):
    """What makes a frame of columns, in each of the packages that are there."""
    package = pytest.importorskip(request.param, reason="it is no dependency")
    return package.table if request.param == "pyarrow" else package.DataFrame


class Stream:
    """Anything that offers its columns as Arrow does."""

    def __init__(self, table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self.table.__arrow_c_stream__(requested_schema)


def test_fixtures_in_frames(frame):
    columns = {
        "fixture": ["Rovers v Town"],
        "kickoff": [pd.Timestamp("2025-10-04T14:00Z").to_pydatetime()],
        "competition": [None],
        "scorers": [["a", "b"]],
    }
    given = frame(columns)
    streams = hasattr(given, "__arrow_c_stream__") and find_spec("pyarrow")  # which reads them, and is no dependency
    for one in (given, Stream(given)) if streams else (given,):
        assert shown(fc.Fixture.read(one)) == shown(case(fixtures=one).fixtures) == TOWN
    days = {"home": ["Rovers"], "away": ["Town"], "date": [date(2025, 10, 4)], "time": [time(14)]}
    assert shown(fc.Fixture.read(frame(days))) == TOWN


def test_absences_in_frames(frame):
    absences = {"start": [date(2025, 3, 20), date(2025, 4, 1)], "end": [date(2025, 4, 3), None], "gone": [False, True]}
    found = fc.durations_from_dates(frame(absences), still_out="gone", as_of="2025-05-01")
    assert found[["lower", "upper"]].to_numpy().tolist() == [[13.0, 14.0], [30.0, np.inf]]


def test_durations_and_covariates_in_frames(frame):
    days, age = np.exp(2.7 + 0.8 * ndtri((np.arange(40) + 0.5) / 40)), np.linspace(18.0, 36.0, 40) % 7
    plain = fc.fit_recovery(days, days, pd.DataFrame({"age": age}))
    columns = frame({"days": days, "age": age, "more": age})
    own = frame({"age": age})
    fit = fc.fit_recovery(columns["days"], columns["days"], own)
    assert fit == plain
    assert (fit.survival([14.0], columns) == plain.survival([14.0], pd.DataFrame({"age": age}))).all()
    assert [*fc.fit_recovery(days, days, scale_covariates=own).params.index][-1] == "log_scale.age"
    named = frame({"lower": days, "upper": days})
    assert fc.pool(fc.default_model(), named) == fc.pool(
        fc.default_model(), pd.DataFrame({"lower": days, "upper": days})
    )
    with pytest.raises(
        fc.DataError, match=r"^leg\[0\]: 'left'; must be a number\nleg\[1\]: 'right'; must be a number$"
    ):
        fc.fit_recovery([3.0, 4.0], [5.0, 6.0], frame({"leg": ["left", "right"]}))


def event(name: str, start: str, *lines: str, uid: str = "a") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"DTSTART:{start}", f"SUMMARY:{name}", *lines, "END:VEVENT", ""])


def one_calendar(*events: str) -> bytes:
    return "".join(["BEGIN:VCALENDAR\r\n", *events, "END:VCALENDAR\r\n"]).encode()


@pytest.mark.parametrize(("start", "name"), field.EVENTS)
def test_events_of_calendars(tmp_path, start, name):
    (tmp_path / "a.ics").write_bytes(one_calendar(f"BEGIN:VEVENT\r\nUID:a\r\n{start}\r\n{name}\r\nEND:VEVENT\r\n"))
    assert shown(fc.Fixture.read(tmp_path / "a.ics")) == TOWN


@pytest.mark.parametrize(("start", "shown"), field.NO_EVENTS.items())
def test_a_start_that_is_none_is_told_as_it_stands_there(tmp_path, start, shown):
    (tmp_path / "a.ics").write_bytes(
        one_calendar(event(*OLD), f"BEGIN:VEVENT\r\nUID:b\r\n{start}\r\nSUMMARY:A\r\nEND:VEVENT\r\n")
    )
    with pytest.raises(fc.CaseError) as raised:
        fc.Fixture.read(tmp_path / "a.ics")
    assert str(raised.value) == f"a.ics: event 2: DTSTART: {shown}; must be a date or a time such as 20251004T140000Z"


@pytest.mark.parametrize(("name", "competition"), field.COMPETITIONS.items())
def test_the_competition_that_a_name_tells(tmp_path, name, competition):
    (tmp_path / "a.ics").write_bytes(one_calendar(event(name, "20251004T140000Z")))
    for source in (tmp_path / "a.ics", pd.DataFrame({"fixture": [name], "kickoff": ["2025-10-04"]})):
        assert [f.competition for f in fc.Fixture.read(source)] == [competition] * (
            competition is not None or "postponed" not in name
        )
    (tmp_path / "b.ics").write_bytes(
        one_calendar(event("Rovers v Town", "20251004T140000Z", "CATEGORIES:Football,FA Cup"))
    )
    assert fc.Fixture.read(tmp_path / "b.ics", "fa cup")[0].competition == "FA Cup"


def test_a_calendar_that_names_the_others_only(tmp_path):
    (tmp_path / "a.ics").write_bytes(
        one_calendar(event("Town (H)", "20251004T140000Z"), event("@ City", "20251018T140000Z", uid="b"))
    )
    assert [f.fixture for f in fc.Fixture.read(tmp_path / "a.ics", "Rovers")] == ["Rovers v Town", "City v Rovers"]
    assert [f.fixture for f in fc.Fixture.read(tmp_path / "a.ics", "city")] == ["@ City"]


def test_a_filter_that_leaves_nothing_is_told(tmp_path):
    (tmp_path / "a.csv").write_text("fixture,kickoff\nA v B,2025-10-04\n")
    (tmp_path / "s.csv").write_text("player,onset,as_of,fixtures,only\nP,2025-09-14,2025-10-03,a.csv,Rovers\n")
    _, (error,) = read_squad(tmp_path / "s.csv")
    assert (
        str(error)
        == "s.csv: row 1: fixtures: only: 'Rovers'; must be in the name or competition of a match that is to be played"
    )


OLD, NEW = ("Rovers v Town", "20250927T140000Z"), ("Rovers v Town", "20251028T194500Z")


@pytest.mark.parametrize(
    ("events", "days"),
    [
        ([event(*NEW, "LAST-MODIFIED:20250925T000000Z"), event(*OLD, "LAST-MODIFIED:20250801T000000Z")], ["10-28"]),
        ([event(*OLD, "DTSTAMP:20250801T000000Z"), event(*NEW, "DTSTAMP:20250925T000000Z")], ["10-28"]),
        ([event(*OLD, "SEQUENCE:1", "DTSTAMP:20250926T000000Z"), event(*NEW, "SEQUENCE:2")], ["10-28"]),
        ([event("Rovers v Town", OLD[1], "DTSTAMP:20250801T000000Z"),
          event("Rovers v Town - P-P", OLD[1], "DTSTAMP:20250802T000000Z")], []),
        ([event(*OLD, "DTSTAMP:20250801T000000Z"), event("City v Rovers", NEW[1], "DTSTAMP:20250802T000000Z")],
         ["09-27", "10-28"]),
        ([event(*OLD), event(*NEW)], ["09-27", "10-28"]),
        ([event("", OLD[1]), event(*NEW, uid="b")], ["10-28"]),
    ],
)  # fmt: skip
def test_of_two_versions_the_later_stands(tmp_path, events, days):
    text = "".join(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{e}END:VCALENDAR\r\n" for e in events)
    (tmp_path / "a.ics").write_bytes(text.encode())
    assert [f"{f.kickoff:%m-%d}" for f in fc.Fixture.read(tmp_path / "a.ics")] == days


@pytest.mark.parametrize(
    ("head", "start"),
    [
        ("X-WR-TIMEZONE:GMT Standard Time\r\n", "DTSTART:20251004T150000"),
        ("X-WR-TIMEZONE:Europe/London\r\n", "DTSTART:20251004T150000"),
        ("", "DTSTART;TZID=GMT Standard Time 1:20251004T150000"),
        ("", "DTSTART;TZID=Romance Standard Time 12:20251004T160000"),
        ("", "DTSTART:20251004T140000Z"),
    ],
)
def test_zones_of_calendars(tmp_path, head, start):
    body = f"BEGIN:VEVENT\r\nUID:a\r\n{start}\r\nSUMMARY:Rovers v Town\r\nEND:VEVENT\r\n"
    (tmp_path / "a.ics").write_bytes(f"BEGIN:VCALENDAR\r\n{head}{body}END:VCALENDAR\r\n".encode())
    assert shown(fc.Fixture.read(tmp_path / "a.ics")) == TOWN


def test_a_time_without_a_zone_is_of_the_zone_that_is_meant(tmp_path):
    (tmp_path / "a.csv").write_text("fixture,kickoff\nRovers v Town,2025-10-04 15:00\nA v B,2025-10-11\n")
    text = 'player = "P"\nonset = 2025-09-14\nas_of = 2025-10-03T10:00:00\nfixtures = "a.csv"\n'
    (tmp_path / "a.toml").write_text(text)
    (tmp_path / "s.csv").write_text("player,onset,as_of,fixtures\nP,2025-09-14,2025-10-03T10:00,a.csv\n")
    read = [
        fc.read_case(tmp_path / "a.toml", tz="Europe/London"),
        read_squad(tmp_path / "s.csv", tz="Europe/London")[0][0],
    ]
    assert [(c.as_of.hour, [f.kickoff.hour for f in c.fixtures], c.notes) for c in read] == [(9, [14, 20], ())] * 2
    assert fc.read_case(tmp_path / "a.toml").notes == (
        "Times without a zone are read as UTC; tz= says what else they mean.",
    )


def test_news_of_a_bare_date_is_no_later_than_the_forecast():
    said = case(bulletins=[fc.Bulletin("2025-10-03", "unknown")]).bulletins[0]
    assert said.issued == utc("2025-10-03T09:00Z")
    local = case(as_of="2025-10-03T00:30+02:00", bulletins=[fc.Bulletin("2025-10-03", "unknown", seen="2025-10-03")])
    assert local.bulletins[0].issued == local.bulletins[0].seen == local.as_of
    with pytest.raises(fc.CaseError, match="issued: '2025-10-04'; must not be after as_of"):
        case(bulletins=[fc.Bulletin("2025-10-04", "unknown")])
    assert fc.Bulletin("2025-10-03", "unknown", seen="2025-10-03T08:00Z").issued == utc("2025-10-03T08:00Z")


LINE = {"player": "P", "onset": "2025-09-14", "as_of": "2025-10-03T09:00Z", "made": "2025-10-03T10:00Z", "model": {"sha256": "x"},
        "fixtures": [{"fixture": "A v B", "kickoff": "2025-10-04T14:00Z", "p_plays": 0.5, "p_returns": 0.5},
                     {"fixture": "A v C", "kickoff": "2025-10-11T14:00Z", "p_plays": 0.6, "p_returns": 0.4}]}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"made": "2025-10-01T10:00Z"}, "line 1: 'made 2025-10-01 10:00:00"),
        ({"fixtures": [LINE["fixtures"][0] | {"p_returns": 0.6}]}, "line 1: 'p_returns 0.600 above p_plays 0.500"),
        (
            {"fixtures": [f | {"p_plays": 1, "p_returns": 0.6} for f in LINE["fixtures"]]},
            "line 1: 'p_returns that add up to 1.2",
        ),
    ],
)
def test_a_log_of_what_cannot_be(tmp_path, change, told):
    (tmp_path / "l.jsonl").write_text(json.dumps(LINE) + "\n")
    assert len(read_log(tmp_path / "l.jsonl")) == 2
    (tmp_path / "l.jsonl").write_text(json.dumps(LINE | change) + "\n")
    line, *_ = refused(fc.DataError, read_log, tmp_path / "l.jsonl")
    assert line.startswith("l.jsonl: ")
    assert told in line


@pytest.mark.parametrize(
    "rows",
    [
        "P,2025-09-14,A v B,no\nP,2025-09-14T15:00,A v B,yes\n",
        "P,2025-09-14,A v B,yes\nP,2025-09-14,A v B,no\n",
        "P,2025-09-14,A v B,yes\nP ,2025-09-14,A\u00a0v B,1\n",
    ],
)
def test_outcomes_that_contradict_each_other(tmp_path, rows):
    (tmp_path / "h.csv").write_text("player,onset,fixture,appeared\n" + rows, "utf-8")
    with pytest.raises(fc.DataError, match="row 2: 'a fixture once more'; must stand there once"):
        read_outcomes(tmp_path / "h.csv")


@pytest.mark.parametrize(("column", "rows", "known"), field.OUTCOMES)
def test_outcomes_as_people_keep_them(tmp_path, column, rows, known):
    (tmp_path / "l.jsonl").write_text(json.dumps(LINE) + "\n")
    (tmp_path / "o.csv").write_text(f"player,onset,{column},appeared\n{rows}\n", "utf-8")
    scores = score_log(read_log(tmp_path / "l.jsonl"), read_outcomes(tmp_path / "o.csv"))
    assert [*scores.fixtures.forecasts] == [1] * known + [known]
    assert scores.fixtures["log score"][0] == pytest.approx(np.log(2))


@pytest.mark.parametrize(("column", "cell"), field.APPEARED)
def test_who_appeared_by_other_columns(tmp_path, column, cell):
    (tmp_path / "o.csv").write_text(
        f"player,onset,kickoff,{column}\nP,2025-09-14,2025-10-04,{cell}\nP,2025-09-14,2025-10-11,0\n"
    )
    assert read_outcomes(tmp_path / "o.csv").appeared.tolist() == [True, False]


def test_the_score_names_the_file_and_what_was_given(tmp_path, capsys):
    (tmp_path / "l.jsonl").write_text(f"\n{json.dumps(LINE)}\n\n")
    (tmp_path / "o.csv").write_text(
        "player,onset,kickoff,appeared\nP,2025-09-14,2025-10-04,no\nP,2025-09-14,2025-10-04T14:00Z,yes\n"
    )
    assert main(["score", str(tmp_path / "l.jsonl"), str(tmp_path / "o.csv")]) == 2
    assert (
        capsys.readouterr().err == "o.csv: row 2: appeared: 'yes'; must not be another than in a row of the same day\n"
    )


@pytest.mark.parametrize(
    ("row", "unused"),
    [
        ("Q,2025-09-14,2025-10-04,no", (2,)),
        ("P,2025-09-15,2025-10-04,no", (2,)),
        ("P,2025-09-14,2025-10-05,no\nQ,2025-09-14,2025-10-04,no", (2, 3)),
        ("p,2025-09-14T15:00Z,2025-10-11T16:00Z,no", ()),
    ],
)
def test_outcomes_of_no_forecast_are_told(tmp_path, capsys, row, unused):
    (tmp_path / "l.jsonl").write_text(json.dumps(LINE) + "\n")
    (tmp_path / "o.csv").write_text(f"player,onset,kickoff,appeared\nP,2025-09-14,2025-10-04,yes\n{row}\n")
    assert score_log(read_log(tmp_path / "l.jsonl"), read_outcomes(tmp_path / "o.csv")).unused == unused
    assert main(["score", str(tmp_path / "l.jsonl"), str(tmp_path / "o.csv")]) == 0
    told = f"{len(unused)} row{'s' * (len(unused) > 1)} of the outcomes, the first is row 2."
    assert (told in capsys.readouterr().out) == bool(unused)


@pytest.mark.parametrize(
    ("field", "value"),
    [("usual_minutes", "80%"), ("price", "7.5%"), ("minutes_before", "80%"), ("fixtures_before", "9%")],
)
def test_a_percentage_of_what_has_none_is_refused(field, value):
    played = {"fixtures_before": 10, "appearances_before": 9} if field == "minutes_before" else {}
    (line,) = refused(fc.CaseError, case, **played | {field: value})
    assert line.startswith(f"{field}: '{value}'; must be a")
    assert case(owned="12.5%").owned == 12.5


@pytest.mark.parametrize(
    ("key", "meant"),
    [("Player", "player"), ("as-of", "as_of"), ("asOf", "as_of"), ("positon", "position"), ("club", None)],
)
def test_a_key_of_a_case_with_a_slip(tmp_path, key, meant):
    (tmp_path / "a.toml").write_text(f'{key} = "x"\nonset = 2025-09-14\nfixtures = "a.csv"\n')
    (line,) = [line for line in refused(fc.CaseError, fc.read_case, tmp_path / "a.toml") if ": unknown; " in line]
    assert line.startswith(f"a.toml: {key}: unknown; must be one of player, onset")
    assert line.endswith(f": did you mean {meant}?" if meant else "covariates")


def test_outcomes_of_one_day(tmp_path):
    (tmp_path / "l.jsonl").write_text(json.dumps(LINE) + "\n")
    rows = "player,onset,kickoff,appeared\nP,2025-09-14,2025-10-04T14:00Z,yes\nP,2025-09-14,2025-10-04T16:30Z,{}\n"
    (tmp_path / "o.csv").write_text(rows.format("yes"))
    assert [*score_log(read_log(tmp_path / "l.jsonl"), read_outcomes(tmp_path / "o.csv")).fixtures.forecasts] == [1, 1]
    (tmp_path / "o.csv").write_text(rows.format("no"))
    with pytest.raises(
        fc.DataError, match="^row 2: appeared: 'no'; must not be another than in a row of the same day$"
    ):
        score_log(read_log(tmp_path / "l.jsonl"), read_outcomes(tmp_path / "o.csv"))


def test_outcomes_that_nobody_knows_yet(tmp_path):
    (tmp_path / "o.csv").write_text("player,onset,kickoff,appeared\nP,2025-09-14,2025-10-04,\n")
    with pytest.raises(fc.DataError, match="^o.csv: appeared: missing; must be yes or no in one row at least$"):
        read_outcomes(tmp_path / "o.csv")


@pytest.mark.parametrize(
    ("word", "meant"), [("bakctest", "backtest"), ("scor", "score"), ("fitt", "fit"), ("feeds", "feed")]
)
def test_a_command_with_a_slip(word, meant, capsys):
    assert main([word]) == 2
    assert capsys.readouterr().err.splitlines()[0].endswith(f"did you mean {meant}?")


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_modes_of_files_are_kept(tmp_path, mode):
    (tmp_path / "a.json").write_text("old")
    (tmp_path / "a.json").chmod(mode)
    write_text(tmp_path / "a.json", "new")
    assert ((tmp_path / "a.json").read_text(), (tmp_path / "a.json").stat().st_mode & 0o7777) == ("new", mode)


@pytest.mark.skipif(os.name != "posix", reason="nobody knows there whether a process is gone")
def test_what_a_killed_run_has_left_the_next_one_takes_away(tmp_path):
    killed = "import os\nfrom forecast.io import write\nos.fsync = lambda _: os.kill(os.getpid(), 9)\nwrite.write_text('a.json', 'x')"
    assert subprocess.run([sys.executable, "-c", killed], cwd=tmp_path, check=False).returncode == -9
    (tmp_path / ".of-another.part").write_text("x")
    assert len([*tmp_path.iterdir()]) == 2
    write_text(tmp_path / "b.json", "y")
    assert {path.name for path in tmp_path.iterdir()} == {"b.json", ".of-another.part"}


@pytest.mark.parametrize("content", ["player = 1\n", '{"a": 1}\n', "fixture,kickoff\n"])
def test_what_is_no_log_is_not_written_to(tmp_path, content):
    (tmp_path / "l.txt").write_text(content)
    with pytest.raises(fc.DataError, match=r"l.txt: line 1: "):
        append(tmp_path / "l.txt", [])
    assert (tmp_path / "l.txt").read_text() == content


def test_tables_of_an_outlook_are_copies(outlook):
    expected, before = outlook.expected_missed(), outlook.p_fit_by("2025-10-10")
    fixtures, curve = outlook.fixtures, outlook.curve
    fixtures["kickoff"] = fixtures.kickoff.dt.tz_localize(None)
    for table in (fixtures, curve):
        table.loc[:, "p_fit"] = 100.0
    del fixtures["p_plays"]
    assert (outlook.expected_missed(), outlook.p_fit_by("2025-10-10")) == (expected, before)
    model = fc.default_model()
    params, covariance = model.params, model.covariance
    params.iloc[:] = 0.0
    covariance.iloc[:] = 0.0
    assert fc.default_model().forecast(case()) == outlook


def test_what_can_be_compared_and_hashed(outlook):
    again = fc.default_model().forecast(case())
    assert (again == outlook) is True
    assert (again == fc.default_model().forecast(case(price=12.0))) is False
    assert (fc.default_model() == fc.default_model()) is True
    assert (case() == case(), case() == case(player="B")) == (True, False)
    bulletin = fc.Bulletin("2025-10-02", "own", likelihood=np.exp)
    assert len({case(), case(), FX[0], bulletin, replace(bulletin), outlook, again}) == 4


def test_charts_of_several_threads_are_those_of_one(outlook, tmp_path):
    def drawn(i: int) -> bytes:
        outlook.plot(tmp_path / f"{i}.png", kind="returns")
        return (tmp_path / f"{i}.png").read_bytes()

    with ThreadPoolExecutor(3) as executor:
        assert len({drawn(99), *executor.map(drawn, range(6))}) == 1


@pytest.mark.parametrize(
    "page", [fc.Outlook.to_html, lambda o: fc.squad_html([o, o]), lambda o: o.to_html(choices=o.choices())]
)
def test_pages_of_several_threads_are_those_of_one(outlook, page):
    with ThreadPoolExecutor(3) as executor:
        assert len({page(outlook), *executor.map(page, [outlook] * 6)}) == 1


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.toml", b"onset = 14.09.2025\n", "line 1: onset: '14.09.2025'; must be written 2025-09-14"),
        ("a.toml", b"[fixtures]\nfixture = 'A'\n", "fixtures: '[fixtures]'; must be [[fixtures]], in double brackets"),
        ("a.toml", b"PK\x03\x04", "'an Excel file'; must be a case file in TOML"),
        ("a.ics", b"BEGIN:VCALENDAR\r\n", "'a calendar'; must be a case file in TOML"),
        ("a.toml", b"a" + b".a" * 20_000 + b" = 1\n", "'a key of many parts'; must have at most 4 parts"),
        ("a.toml", b"a = " + b"[" * 20_000 + b"]" * 20_000, "'lists or tables in each other'; must be at most 4 deep"),
        (
            "a.toml",
            b"a = " + b"{a=" * 300 + b"1" + b"}" * 300,
            "'lists or tables in each other'; must be at most 4 deep",
        ),
        ("a.toml", b"fixtures = " + b"[" * 6 + b"]" * 6, "'lists or tables in each other'; must be at most 4 deep"),
        ("a.toml", b"a = " + b"[{a=" * 5 + b"1" + b"}]" * 5, "'lists or tables in each other'; must be at most 4 deep"),
    ],
)
def test_a_case_that_is_something_else(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    assert told in "\n".join(refused(fc.CaseError, fc.read_case, tmp_path / name))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda o: o.model.forecast("a.toml"),
        lambda o: o.model.forecast(case(), level="ninety"),
        lambda o: o.model.forecast_many(case()),
        lambda o: fc.Fixture.read("a.csv", only=["A"]),
        lambda o: fc.Fixture.read(pd.DataFrame({"fixture": ["A"], "kickoff": ["2025-10-04"]}), tz="Nowhere"),
        lambda o: case(fixtures=[("A v B", "2025-10-04")]),
        lambda o: o.given("chance"),
        lambda o: o.since("yesterday"),
        lambda o: o.since(o, of="p"),
        lambda o: o.p_misses(1.5, 2),
        lambda o: o.p_misses("one", 2),
        lambda o: o.fit_date("half"),
        lambda o: o.plot(kind=["fixtures"]),
        lambda o: fc.read_case(None),
    ],
)  # fmt: skip
def test_wrong_types_are_told(outlook, wrong):
    assert len(refused(fc.CaseError, wrong, outlook)) == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda o, fit: fc.fit("data"), "episodes: 'data'; must be Episodes, such as load_episodes gives"),
        (lambda o, fit: fc.backtest("data"), "episodes: 'data'; must be Episodes"),
        (lambda o, fit: o.model.simulate("data", 3, 1), "episodes_like: 'data'; must be Episodes"),
        (lambda o, fit: fc.pool("model", pd.DataFrame({"lower": [3], "upper": [4]})), "model: 'model'; must be a model, such as"),
        (lambda o, fit: fc.load_model(None), "path: None; must be the name of a file"),
        (lambda o, fit: fc.load_episodes(3), "path: 3; must be the name of a file"),
        (lambda o, fit: fc.read_feed(None), "path: None; must be the name of a file"),
        (lambda o, fit: o.model.save(None), "path: None; must be the name of a file"),
        (lambda o, fit: fc.Fixture.read("https://rovers.example/rovers.ics"), "rovers.ics: 'an address'; must be a file: download it first"),
        (lambda o, fit: fc.read_case("webcal://rovers.example/rovers.ics"), "rovers.ics: 'an address'; must be a file"),
        (lambda o, fit: fc.squad_sheet(o, "a.png"), "outlooks: Outlook("),
        (lambda o, fit: fc.squad_html([o.case], "a.html"), "outlooks: [Case("),
        (lambda o, fit: o.plot(tz=None), "tz: None; must be a time zone"),
        (lambda o, fit: o.plot(ax="axes"), "ax: 'axes'; must be axes of matplotlib"),
        (lambda o, fit: o.case.updated("2025-10-03T10:00Z", missed="no"), "missed: 'no'; must be True or False"),
        (lambda o, fit: case(notes=[3]), "notes: [3]; must be a list of str"),
        (lambda o, fit: fc.fit_recovery([3, 4], [5, 6], family=["weibull"]), "family: ['weibull']; must be one of lognormal"),
        (lambda o, fit: fc.fit_recovery([3, 4], [5, 6], "age"), "covariates: 'age'; must be a table of numbers"),
        (lambda o, fit: fc.fit_recovery([[3], [4, 5]], [5, 6]), "lower: [[3], [4, 5]]; must be numbers, as many in each row"),
        (lambda o, fit: fc.fit_recovery([3 + 0j], [5]), "lower: 'complex128'; must be numbers"),
        (lambda o, fit: o.to_html(title=3), "title: 3; must be a text on one line"),
        (lambda o, fit: fc.squad_html(np.array([1.0, 2.0])), "outlooks: array([1., 2.]); must be a list of Outlook"),
        (lambda o, fit: fc.example_case(np.array([1.0, 2.0])), "name: array([1., 2.]); must be one of bellingham, "),
        (lambda o, fit: fc.load_episodes().of(pd.Series([1])), "body_part: 0 1 dtype: int64; must be one of hamstring"),
        (lambda o, fit: o.model.simulate(fc.load_episodes(), "many", 1), "n: 'many'; must be a whole number, 1 to 100000"),
        (lambda o, fit: o.model.simulate(fc.load_episodes(), 10**30, 1), "n: 1000000000000000000000000000000; must be a whole"),
        (lambda o, fit: o.model.simulate(fc.load_episodes(), 3, -1), "seed: -1; must be a whole number, 0 to"),
        (lambda o, fit: fc.fit(fc.load_episodes(), draws="many"), "draws: 'many'; must be a whole number, 1 to 40000"),
        (lambda o, fit: fc.scores.log_score(1, 0, 1), "p: 1.0; must be a list, one for each forecast"),
        (lambda o, fit: fc.scores.crps(True, True, True), "cdf: 1.0; must be a list, one for each forecast"),
        (lambda o, fit: fc.scores.clustered_mean(3, 3), "values: 3.0; must be a list, one for each forecast"),
        (lambda o, fit: fit.survival("soon"), "days[0]: 'soon'; must be a number"),
        (lambda o, fit: fit.quantile("half"), "p[0]: 'half'; must be a number"),
        (lambda o, fit: fit.survival(3, level="ninety"), "level: 'ninety'; must be above 0 and below 1"),
        (lambda o, fit: fit.mean(until="two years"), "until: 'two years'; must be days since onset"),
        (lambda o, fit: fc.durations_from_dates(pd.DataFrame({"start": [1]}), ["start"]), "column: ['start']; must be the name of a column"),
    ],
)  # fmt: skip
def test_wrong_types_of_data_are_told(outlook, wrong, told):
    with pytest.raises((fc.CaseError, fc.DataError)) as raised:
        wrong(outlook, fc.fit_recovery([10, 20, 30], [11, 21, 31]))
    (line,) = str(raised.value).splitlines()
    assert line.startswith(told)


def test_right_values_of_other_types():
    table = pd.DataFrame({"fixture": ["A v B"], "kickoff": ["2025-10-04 15:00"]})
    assert fc.Fixture.read(table, tz=ZoneInfo("Europe/London"))[0].kickoff.hour == 14
    assert case(position="Midfielder", body_part="CALF", notes="by hand").position == "midfielder"
    assert case(notes="by hand").notes == ("by hand",)
    assert fc.Bulletin("2025-10-02", "Unknown") == fc.Bulletin("2025-10-02", "unknown")
    assert fc.load_episodes() == fc.load_episodes() != fc.load_episodes().of("calf")


def test_a_filter_that_no_match_has_is_noted():
    table = pd.DataFrame({"fixture": ["A v B"], "kickoff": ["2025-10-04"]})
    assert fc.Fixture.read(table, "Rovers").notes == ("None of 1 matches has 'Rovers' in its name or competition.",)


def test_right_numbers_of_other_types(outlook):
    assert outlook.p_misses(2.0, of="2") == outlook.p_misses(2, of=2)
    assert outlook.fit_date("50%") == outlook.fit_date(0.5)


@pytest.mark.parametrize(
    "fields",
    [
        {"deadlines": {f"d{i}": "2025-10-10" for i in range(51)}},
        {"deadlines": {"squad": "2025-10-10", " squad": "2025-10-11"}},
        {"bulletins": [fc.Bulletin("2025-10-01", "unknown", source=f"s{i}") for i in range(13)]},
        {"onset": "1900-01-01", "as_of": "2199-10-03", "fixtures": [fc.Fixture("A", "2199-10-04")]},
        {
            "onset": "2199-09-01",
            "as_of": "2199-10-03",
            "fixtures": [fc.Fixture("A", "1900-01-01"), fc.Fixture("A", "2199-10-04")],
        },
    ],
)
def test_limits_are_counted_before_the_work(fields):
    with pytest.raises(fc.CaseError, match="must be at most|must stand there once|must not be before"):
        case(**fields)


def test_more_matches_than_a_case_may_have_ahead_were_missed():
    many = [fc.Fixture(f"a{i}", pd.Timestamp("2025-01-02", tz="UTC") + pd.Timedelta(days=1.75 * i)) for i in range(160)]
    outlook = fc.default_model().forecast(case(onset="2025-01-01", fixtures=many))
    assert np.isfinite(outlook.history().to_numpy()).all()


def test_a_terminal_that_lacks_letters_loses_none_of_json(tmp_path):
    (tmp_path / "a.csv").write_text("fixture,kickoff\n\u0141\u00f3d\u017a v \u6d66\u548c,2025-10-04\n", "utf-8")
    text = 'player = "P"\nonset = 2025-09-14\nas_of = 2025-10-03\nfixtures = "a.csv"\n'
    (tmp_path / "a.toml").write_text(text)
    run = [sys.executable, "-m", "forecast", "a.toml", "--json", "-", "--png", "x" * 251 + ".png"]
    done = subprocess.run(
        run, cwd=tmp_path, capture_output=True, env=os.environ | {"PYTHONIOENCODING": "ascii"}, check=True
    )
    assert json.loads(done.stdout)["outlooks"][0]["fixtures"][0]["fixture"] == "\u0141\u00f3d\u017a v \u6d66\u548c"


def test_a_gamma_near_the_normal():
    """51 normal quantiles: scipy.stats.norm((np.log(14) - 2.7) / sigma).sf, sigma = exp(log_scale)."""
    days = np.exp(2.7 + 0.8 * ndtri((np.arange(51) + 0.5) / 51))
    fit = fc.fit_recovery(days, days, family="gengamma")
    assert fit.survival([14.0, np.inf]) == pytest.approx([0.5307, 0.0], abs=5e-5)
    assert fit.quantile(0.5) == pytest.approx(14.88, abs=5e-3)


def test_a_weibull_far_in_its_tail():
    days = np.append(14 * np.exp(0.01 * ndtri((np.arange(1000) + 0.5) / 1000)), 30.0)
    fit = fc.fit_recovery(days, np.append(days[:-1], np.inf), family="weibull")
    assert [*fit.params, fit.loglik] == pytest.approx([2.66797, -1.96159, -1883.0553], abs=1e-4)


def test_a_weight_of_n_is_n_rows():
    exact, censored = np.exp(2.7 + 0.8 * ndtri((np.arange(10) + 0.5) / 10)), np.linspace(5.0, 60.0, 5)
    count = np.array([1] * 10 + [1000] * 4 + [72])
    lower, upper = np.append(exact, censored), np.append(exact, [np.inf] * 5)
    few, many = (
        fc.fit_recovery(lower, upper, weights=count),
        fc.fit_recovery(lower.repeat(count), upper.repeat(count)),
    )
    assert few.params.to_numpy() == pytest.approx(many.params.to_numpy(), rel=1e-6)


@pytest.mark.parametrize(
    ("lower", "weights", "told"),
    [
        (["28 days"], None, "lower[0]: '28 days'; must be a number"),
        ([True], None, "lower[0]: True; must be a number"),
        ([1.0], [5e-324], "weights[0]: 5e-324; must be finite"),
    ],
)
def test_durations_that_are_none(lower, weights, told):
    assert refused(fc.DataError, fc.fit_recovery, lower, [40.0], weights=weights)[0].startswith(told)


def test_underflow_is_nobodys_business():
    with np.errstate(all="raise"):  # the caller's own setting
        fc.default_model().forecast(
            case(bulletins=[fc.Bulletin("2025-10-01", "expected", expected="2025-10-18")])
        ).p_misses(1, 2)
        assert fc.fit_recovery([10.0, 20, 30, 5], [12.0, 25, np.inf, 6], family="weibull").survival(1e6) == 0.0


@pytest.mark.parametrize("lower", [1e-300, 1e-308, 5e-324])
def test_intervals_as_wide_as_numbers_go_tell_next_to_nothing(lower):
    durations = np.exp(2.7 + 0.8 * ndtri((np.arange(51) + 0.5) / 51))
    alone = fc.fit_recovery(durations, durations)
    with np.errstate(all="raise"):
        wide = fc.fit_recovery(np.append(durations, lower), np.append(durations, 1e300))
    assert wide.loglik == pytest.approx(alone.loglik)
    assert wide.params.to_numpy() == pytest.approx(alone.params.to_numpy())


@pytest.mark.parametrize("likelihood", [lambda days: 1 / 0, lambda days: "text", lambda days: days[:1]])
def test_a_likelihood_of_ones_own_that_fails(likelihood):
    with pytest.raises(fc.CaseError, match="^likelihood: "):
        fc.default_model().forecast(case(bulletins=[fc.Bulletin("2025-10-01", "own", likelihood=likelihood)]))
