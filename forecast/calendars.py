"""Fixtures from where they are: a CSV file, an ICS calendar or a DataFrame."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from .fixtures import COLUMNS, Fixture, Row, listed, rows_of
from .ics import rows_of_calendar
from .io.errors import CaseError
from .io.limits import MAX_TABLE_BYTES
from .io.read import read_bytes, read_table

_INSIDE = "must be a .csv or .ics file inside the folder of the case"


def read_fixtures(source: str | Path | pd.DataFrame, only: str | None = None) -> list[Fixture]:
    """Read the matches of a team.

    Parameters
    ----------
    source : path or DataFrame
        A calendar (``.ics``, with the extra ``forecast[ics]``), or a table with the columns ``fixture``, ``kickoff``
        and perhaps ``competition``, as a CSV file in UTF-8 or a DataFrame.
    only : str, optional
        Only those with this text in the fixture or the competition, in small letters or capitals.

    Returns
    -------
    list of Fixture
        In the order of the source. What is postponed, cancelled or abandoned, by its name or by its status in the
        calendar, is left out, for nobody knows when it will be played. Where the hour is not known, as the name says
        ("TBC", "TBA", "TBD") or as the kick-off does that is only a date or is midnight (of any zone but UTC), the
        date counts, as a bare date does.

    Raises
    ------
    CaseError
        One line for each problem. There may be 1,000 matches, and 1,000,000 bytes of a file.

    Examples
    --------
    >>> import pandas as pd
    >>> import forecast as fc
    >>> table = pd.DataFrame({"fixture": ["Rovers v City", "United v City"], "kickoff": ["2025-10-04", "2025-10-05"]})
    >>> fc.Fixture.read(table, only="rovers")[0].kickoff
    Timestamp('2025-10-04 20:00:00+0000', tz='UTC')
    """
    if isinstance(source, pd.DataFrame):
        return listed(rows_of(source), only)
    path = Path(source)
    try:
        if path.suffix.lower() not in _READERS:
            raise CaseError.of("", path.name, "must be a .csv or .ics file")
        raw = read_bytes(path, MAX_TABLE_BYTES, CaseError)
        return list(dict.fromkeys(listed(_READERS[path.suffix.lower()](raw, only), only)))
    except CaseError as error:
        raise error.located(file=path.name) from None


def fixtures_beside(folder: Path, name: str, only: str | None = None) -> list[Fixture]:
    """What :func:`read_fixtures` reads of a file that is inside the folder, itself and not only by a link.

    Raises
    ------
    CaseError
        One line for each problem; a file outside the folder is one.
    """
    try:
        path = (folder / name).resolve()
        inside = path.is_relative_to(folder.resolve()) and (path.is_file() or not path.exists())
    except (OSError, ValueError, RuntimeError):  # a name that no file can have, or a loop of links
        inside = False
    if not inside or path.suffix.lower() not in _READERS:
        raise CaseError.of("file", name, _INSIDE)
    return read_fixtures(path, only)


def _rows_of_csv(raw: bytes, only: str | None) -> Iterable[Row]:
    return rows_of(read_table(raw, COLUMNS))


_READERS = {".csv": _rows_of_csv, ".ics": rows_of_calendar}
