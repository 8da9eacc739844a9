"""The table of injuries that everyone has, a start and an end a row, as durations."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..io.columns import bad_rows, days_of, is_blank, require_columns
from ..io.dates import Time, settled
from ..io.errors import MISSING, DataError, Problem
from ..io.fields import instance_of
from ..io.frames import frame_of, headings, named, read_any
from ..io.values import bare, truth_of

_STILL_OUT = re.compile(  # without accents
    r"ongoing|present|current(ly)?|tb[acd]|unknown|(still )?(out|injured)|no return date|laufend|offen|heute|unbekannt"
    r"|actualidad|en curso|desconocido|en cours|inconnu|in corso|presente|sconosciuto|atual|em curso|onbekend|n/d"
)
_A_DATE = "must be a date such as 2026-03-07, or 07/03/2026 with dayfirst=True"


def durations_from_dates(
    table: pd.DataFrame,
    start: str = "start",
    end: str = "end",
    still_out: str | None = None,
    as_of: Time | None = None,
    entry: str | None = None,
    *,
    dayfirst: bool = False,
) -> pd.DataFrame:
    """Turn the dates of injuries into durations that :func:`~forecast.fit_recovery` and :func:`~forecast.pool` take.

    Parameters
    ----------
    table : DataFrame or path
        A row an injury; also a data frame of polars or Arrow, a CSV file or, with ``return-forecast[excel]``, an
        Excel file.
    start, end : str
        Its columns of dates: the day of the injury, and the day on which he was back. Where they are left out, the
        columns may have other usual names, such as ``from`` and ``until`` or ``date_injured`` and ``date_recovered``.
        A blank ``end``, or a word such as "ongoing", is a player who was still out at ``as_of``. A time of day is
        dropped: the day is that of the calendar of its own zone.
    still_out : str, optional
        A column of true and false: true where ``end`` is only the last day on which he was known to be out, because he
        left or the season ended.
    as_of : date, datetime or str, optional
        The day on which the table was made. Needed where an ``end`` is blank; nothing may be later.
    entry : str, optional
        A column of dates since when he was watched, where an injury that was over by then would not be in the table.
    dayfirst : bool
        Read dates such as 04/10/2025 with the day first. Where it is left out they are read if others of these columns
        say what comes first, as 25/10/2025 does.

    Returns
    -------
    DataFrame, one row an injury, index of ``table``
        ``lower``, ``upper``, ``entry`` in days since onset. Back on day d means that he was not on the day before: T
        lies in (d - 1, d], and in (0, 1] where both dates are one. Still out on day d is right-censored there.

    Raises
    ------
    DataError
        One line for each problem; row 1 is the first.

    Examples
    --------
    Invented injuries:

    >>> import pandas as pd, forecast as fc
    >>> table = pd.DataFrame({"hurt": ["2025-09-14", "2025-10-01"], "back": ["2025-10-04", None]})
    >>> fc.durations_from_dates(table, start="hurt", end="back", as_of="2025-11-01")
       lower  upper  entry
    0   19.0   20.0    0.0
    1   31.0    inf    0.0
    """
    used = [name for name in (start, end, entry, still_out) if name is not None]
    for name in used:
        instance_of("column", name, str, "the name of a column", DataError)
    table = _table(table, start, end)
    require_columns(table, used)
    table = table[~np.array(headings(table, table[start]))]
    ends = [None if _STILL_OUT.fullmatch(bare(value)) else value for value in table[end]]
    table = table.assign(**{end: pd.Series(ends, table.index, dtype=object)})
    dates, problems = {}, []
    dated = used[: 2 + (entry is not None)]
    table, _ = settled(table, dated, dayfirst)
    for name in dated:
        dates[name], bad = days_of(table[name])
        problems += bad_rows(table[name], bad | (is_blank(table[name]) & (name == start)), _A_DATE)
    out, bad = _flags(table, end, still_out)
    if still_out is not None:
        problems += bad_rows(table[still_out], bad, "must be true or false, and not false where the end is blank")
    today, not_a_day = _day(as_of, dayfirst, needed=bool(is_blank(table[end]).any()))
    problems += not_a_day
    if problems:
        raise DataError(problems)
    for name, day in dates.items():
        if today is not None:
            problems += bad_rows(table[name], day > today, f"must not be after as_of, {today:%Y-%m-%d}")
        if name == end:
            problems += bad_rows(table[name], day < dates[start], f"must not be before {start}")
    last = (dates[end].where(dates[end].notna(), today) - dates[start]).dt.days.astype(float)
    watched = (dates[entry] - dates[start]).dt.days.clip(lower=0).fillna(0).astype(float) if entry else 0.0 * last
    last, upper = last.clip(lower=0.0), last.clip(lower=1.0).mask(out, np.inf)
    if entry is not None:
        over = (watched >= upper) | (watched > last)
        problems += bad_rows(table[entry], over, "must be before he was back, and while he was known to be out")
    if problems:
        raise DataError(problems)
    lower = last.where(out, upper - 1.0)
    return pd.DataFrame({"lower": np.maximum(lower, watched), "upper": upper, "entry": watched})


def _table(given: Any, start: str, end: str) -> pd.DataFrame:
    """Return the table of a file or of any data frame, with the columns of the start and the end by their names."""
    if isinstance(given, str | Path):
        given, _ = read_any(Path(given), DataError, (start, end))
    table = frame_of(given, DataError)
    roles = [name for name in (start, end) if name in ("start", "end") and name not in table.columns]
    known, _ = named(table, roles, DataError)
    return table.assign(**{str(name): known[name] for name in known})


def _flags(table: pd.DataFrame, end: str, still_out: str | None) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Tell who is not known to be back, and the rows where that is no answer."""
    blank = is_blank(table[end])
    if still_out is None:
        return blank, blank & False
    said = pd.Series([truth_of(value) for value in table[still_out]], table.index, dtype=object)
    out = said.eq(True)
    return out, said.isna() | (blank & ~out)


def _day(as_of: Time | None, dayfirst: bool, needed: bool) -> tuple[pd.Timestamp | None, list[Problem]]:
    if as_of is None:
        return None, [Problem("as_of", MISSING, "must be given where an end is blank")] if needed else []
    given, _ = settled(pd.DataFrame({"as_of": [as_of]}), ["as_of"], dayfirst)
    day, bad = days_of(given.as_of)
    return day[0], [Problem("as_of", as_of, _A_DATE)] if bad[0] or pd.isna(day[0]) else []
