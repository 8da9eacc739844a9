"""Files and CSV tables read, no more of them than is allowed; where the shipped data are."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from pathlib import Path

import pandas as pd

from .errors import MISSING, CaseError, Problem, ProblemError
from .limits import MAX_COLUMNS


def read_bytes(path: Path, most: int, error: type[ProblemError]) -> bytes:
    """Read a file of at most ``most`` bytes.

    Raises
    ------
    ProblemError
        Of the kind of ``error``, where it cannot be read or is larger.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except (OSError, ValueError) as problem:  # a name that no file can have is a ValueError
        what = problem.strerror if isinstance(problem, OSError) else str(problem)
        raise error.of("", what or str(problem), "must be a file that can be read") from None
    if len(raw) > most:
        raise error.of("", f"over {most} bytes", f"must be at most {most} bytes")
    return raw


def read_csv(raw: bytes) -> pd.DataFrame:
    """Read a large table: every field as the text that stands there.

    Raises
    ------
    ValueError
        If it is not UTF-8, has no header, or a row has more fields than the header.
    """
    table = pd.read_csv(BytesIO(raw), dtype=str, keep_default_na=False, encoding="utf-8")
    if not isinstance(table.index, pd.RangeIndex):  # pandas takes the first fields of longer rows for names
        raise ValueError("a row has more fields than the header")
    return table


def read_table(raw: bytes, needed: tuple[str, ...]) -> pd.DataFrame:
    """A small table that comes with a case, from who knows where: each row as long as the header, of a few columns.

    Raises
    ------
    CaseError
        If it is not like that, not UTF-8, or a column is missing that is needed.
    """
    try:
        rows = [row for row in csv.reader(StringIO(raw.decode("utf-8-sig"), newline=""), strict=True) if row]
    except (ValueError, csv.Error) as error:
        raise CaseError.of("", str(error), "must be a CSV file in UTF-8 with a header") from None
    header = rows[0] if rows else []
    if missing := [name for name in needed if name not in header]:
        raise CaseError(Problem(name, MISSING, "must be a column") for name in missing)
    if len(header) > MAX_COLUMNS or len(set(header)) < len(header):
        raise CaseError.of("", f"{len(header)} columns", f"must be at most {MAX_COLUMNS}, each of another name")
    uneven = [(i, len(row)) for i, row in enumerate(rows[1:], 1) if len(row) != len(header)]
    if uneven:
        allowed = f"must be {len(header)}, as in the header"
        raise CaseError(Problem("", f"{fields} fields", allowed, f"row {i}") for i, fields in uneven[:MAX_COLUMNS])
    return pd.DataFrame(rows[1:], columns=header, dtype=object)


def data_folder() -> Path:
    """Folder with ``premier_league/``, ``literature/``, ``cases/`` and ``model.json``."""
    package = Path(__file__).parent.parent
    installed = package / "data"
    return installed if installed.is_dir() else package.parent / "data"
