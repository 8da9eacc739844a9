import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import forecast as fc
from refused import refused

TABLE = {"start": ["2025-09-14", "2025-10-01", "2025-10-20"], "end": ["2025-10-04", "", "2025-10-20"]}


def durations(as_of="2025-11-01", columns=None, **changes) -> list[list[float]]:
    table = pd.DataFrame(TABLE | changes)
    return fc.durations_from_dates(table, as_of=as_of, **columns or {}).to_numpy().tolist()


def problems(**arguments) -> list[str]:
    return refused(fc.DataError, durations, **arguments)


def test_back_still_out_and_back_on_the_same_day():
    assert durations() == [[19, 20, 0], [31, np.inf, 0], [0, 1, 0]]


def test_a_column_says_who_was_only_followed_until_then():
    ends = {"end": ["2025-10-04", "2025-10-09", ""]}
    told = {"columns": {"still_out": "left"}, "left": ["no", "yes", True]}
    assert durations(**ends, **told) == [[19, 20, 0], [8, np.inf, 0], [12, np.inf, 0]]


def test_nothing_has_to_be_known_of_today_where_all_are_back():
    assert durations(as_of=None, end=["2025-09-15", "2025-10-03", "2025-10-21"]) == [[0, 1, 0], [1, 2, 0], [0, 1, 0]]


def test_watched_since():
    told = {"columns": {"entry": "watched"}, "watched": ["2025-09-20", None, "2024-01-01"]}
    assert durations(**told) == [[19, 20, 6], [31, np.inf, 0], [0, 1, 0]]


@pytest.mark.parametrize(
    "kind",
    [str, pd.Timestamp, np.datetime64, datetime.date.fromisoformat, lambda d: pd.Timestamp(d, tz="Europe/Madrid")],
)
def test_dates_of_any_kind_will_do(kind):
    start = [kind(day) for day in TABLE["start"]]
    assert durations(start=start)[1][0] in (31, 32)  # midnight in Madrid is the day before in UTC


def test_the_index_is_kept_so_that_covariates_can_be_taken_from_the_table():
    table = pd.DataFrame(TABLE | {"age": [20, 30, 25]}, index=["a", "b", "c"])
    found = fc.durations_from_dates(table, as_of="2025-11-01")
    assert list(found.index) == list(table.index)
    assert list(found.columns) == ["lower", "upper", "entry"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"columns": {"start": "hurt"}}, "hurt: missing; must be a column"),
        ({"as_of": None}, "as_of: missing; must be given where an end is blank"),
        ({"as_of": "soon"}, "as_of: 'soon'; must be a date such as"),
        ({"start": ["2025-09-14", "01/10/2025", "x"]}, "row 2: start: '01/10/2025'; must be a date such as"),
        ({"start": ["2025-09-14", "", "2025-10-20"]}, "row 2: start: ''; must be a date such as 2026-03-07"),
        ({"end": [2025, "", ""]}, "row 1: end: 2025; must be a date such as 2026-03-07"),
        ({"end": ["2025-09-13", "", ""]}, "row 1: end: '2025-09-13'; must not be before start"),
        ({"end": ["2025-12-13", "", ""]}, "row 1: end: '2025-12-13'; must not be after as_of, 2025-11-01"),
        ({"start": ["2025-12-13", *TABLE["start"][1:]]}, "row 1: start: '2025-12-13'; must not be after as_of"),
        ({"columns": {"still_out": "s"}, "s": ["maybe", 1, 0]}, "row 1: s: 'maybe'; must be true or false"),
        ({"columns": {"still_out": "s"}, "s": [0, 0, 0]}, "row 2: s: 0; must be true or false, and not false where"),
        ({"columns": {"entry": "e"}, "e": ["2025-10-04", "", ""]}, "row 1: e: '2025-10-04'; must be before he was"),
        ({"columns": {"entry": "e"}, "e": ["", "2025-11-02", ""]}, "row 2: e: '2025-11-02'; must not be after as_of"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line(arguments, line):
    assert problems(**arguments)[0].startswith(line)


def test_of_many_bad_rows_the_first_are_shown():
    table = pd.DataFrame({"start": ["x"] * 12, "end": "2025-10-04"})
    lines = refused(fc.DataError, fc.durations_from_dates, table)
    assert len(lines) == 6
    assert lines[-1] == "start: '7 more rows'; must be a date such as 2026-03-07, or 07/03/2026 with dayfirst=True"


@pytest.mark.parametrize("table", [pd.DataFrame(columns=["start", "end"]), [], None])
def test_what_is_no_table_is_refused(table):
    with pytest.raises(fc.DataError, match="must "):
        fc.durations_from_dates(table)


@given(st.lists(st.tuples(st.integers(0, 900), st.none() | st.integers(0, 400), st.integers(-50, 300)), min_size=1))
def test_whatever_the_dates_a_fit_takes_them_as_they_are(rows):
    from forecast.survival.durations import durations_of

    day = [datetime.date(2020, 1, 1) + datetime.timedelta(start) for start, _, _ in rows]
    end = [None if n is None else d + datetime.timedelta(n) for d, (_, n, _) in zip(day, rows, strict=True)]
    since = [d + datetime.timedelta(min(k, (n or 1) - 1)) for d, (_, n, k) in zip(day, rows, strict=True)]
    table = pd.DataFrame({"start": day, "end": end, "since": since})
    found = fc.durations_from_dates(table, as_of="2024-01-01", entry="since")
    assert (found.lower < found.upper).all()
    if np.isfinite(found.upper).any():
        taken = durations_of(found.lower, found.upper, entry=found.entry)
        np.testing.assert_array_equal(taken.lower, found.lower)
