"""Files and CSV tables read, no more of them than is allowed; where the shipped data are."""

from __future__ import annotations

import codecs
import csv
import os
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from .errors import CaseError, Problem, ProblemError
from .limits import MAX_COLUMNS
from .values import bare, folded, tidy

_COMMENT = re.compile(r"\s*#\s*(?!\d|(?:REF|VALUE|N/A|NAME|DIV|NULL|NUM)\b)\w")  # and none of the errors of Excel
_TOTAL = re.compile(r"(?:grand |sub ?)?total(?:s|e|es)?|sum|summe|(?:ins)?gesamt|suma|somme|totaal")
_REMARK = re.compile(  # what stands below or between the rows of a list, in one or two cells
    r"(?:sources?|quellen?|fuentes?|font[ei]|bron|notes?|hinweis|notas?|remarks?|legende?|key) ?:.*"
    r"|(?:last updated?|updated|as of|stand|generated|exported|created|downloaded|aktualisiert|copyright)(?:[ :].*)?"
    r"|\u00a9.*|\*+ ?[a-z].*|page \d+.*|\d+ (?:players?|rows?|injur(?:y|ies)|entries|spieler|matches|games|fixtures)"
    r"|goalkeepers|defenders|midfielders|forwards|attackers|strikers|injured|injuries|doubtful|suspended"
)
_START = 1000  # bytes of a file by which its letters are known
_TITLES = 5  # lines of a table in which its header is looked for


def path_of(path: object, error: type[ProblemError] = CaseError, field: str = "path") -> Path:
    """Return the path that is given as a text or a path.

    Raises
    ------
    ProblemError
        Of the kind of ``error``, where it is neither, or one that no file has.
    """
    name = os.fspath(path) if isinstance(path, str | os.PathLike) else ""
    if isinstance(name, str) and name and "\0" not in name:
        return Path(name)
    raise error.of(field, path, "must be the name of a file")


def read_bytes(path: Path, most: int, error: type[ProblemError]) -> bytes:
    """Read a file of at most ``most`` bytes.

    Raises
    ------
    ProblemError
        Of the kind of ``error``, where it cannot be read or is larger.
    """
    if re.match(r"[a-z]{3,6}:/", path.as_posix()):
        raise error.of("", "an address", "must be a file: download it first")
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
    """Read a large table: every field as the text that stands there, but for rows of nothing.

    Raises
    ------
    ValueError
        If it is no text, has no header or a name in it twice, or a row has more fields than the header.
    """
    text, _ = decoded(raw)
    header = re.split("[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]
    between = max(",;\t|", key=header.count)
    names = [name for name in map(folded, next(csv.reader([header], delimiter=between), [])) if name]
    if len({*names}) < len(names):
        raise ValueError(f"a column twice: {max(names, key=names.count)}")
    table = pd.read_csv(StringIO(text), sep=between, dtype=str, keep_default_na=False).rename(columns=tidy)
    if not isinstance(table.index, pd.RangeIndex):  # pandas takes the first fields of longer rows for names
        raise ValueError("a row has more fields than the header")
    return table[(table != "").any(axis=1)].reset_index(drop=True)


def decoded(raw: bytes) -> tuple[str, str | None]:
    """Return a text in whatever letters it was saved, and a note where these are not those of UTF-8.

    Raises
    ------
    ValueError
        If it is no text.
    """
    zeros = raw[:_START:2].count(0), raw[1:_START:2].count(0)  # of letters in pairs of bytes, without a mark
    for mark, name, none, half in (
        (codecs.BOM_UTF16_LE, "utf-16-le", *zeros),
        (codecs.BOM_UTF16_BE, "utf-16-be", *zeros[::-1]),
    ):
        if raw.startswith(mark) or (none == 0 and 10 * half > len(raw[:_START])):
            return raw.decode(name).removeprefix("\ufeff"), "Read as UTF-16."
    try:
        text, note = raw.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        if not raw.decode("utf-8", errors="ignore").isascii():  # most of it is UTF-8: a letter is broken
            raise ValueError(f"byte {error.start}") from None
        text, note = raw.decode("cp1252"), "Read as Latin-1 (Windows-1252), for it is not UTF-8."
    if "\0" in text:
        raise ValueError("no text")
    return text, note


def read_table(raw: bytes) -> tuple[pd.DataFrame, list[str]]:
    """Read a small table that comes with a case, from who knows where; what is to be noted of it comes second.

    Commas, semicolons or tabs are between the fields, whichever the header has most of. Rows of nothing, and columns
    of nothing without a name, are left out.

    Raises
    ------
    CaseError
        If it is no table, or a row is not as long as the header.
    """
    if raw.startswith(b"PK\x03\x04"):
        raise CaseError.of("", "an Excel file", "must have a name that ends in .xlsx, or be saved as CSV")
    try:
        text, note = decoded(raw)
        mark = re.match(r"sep=(.)\r?\n", text)
        text = (text[mark.end() :] if mark else text).rstrip("\x1a")  # the end of a file, long ago
        between = mark[1] if mark else _separator(text)
        rows = [*csv.reader(StringIO(text, newline=""), delimiter=between, strict=True)]
    except (ValueError, TypeError, csv.Error) as error:
        raise CaseError.of("", str(error), "must be a CSV file in UTF-8 with a header") from None
    rows = untitled([row for row in rows if any(map(str.strip, row)) and not _COMMENT.match(row[0])])
    header = _trimmed([tidy(name) for name in rows[0]]) if rows else []
    if len(header) > MAX_COLUMNS:
        raise CaseError.of("", f"{len(header)} columns", f"must be at most {MAX_COLUMNS}")
    rows = [row if len(row) <= len(header) else _trimmed(row, len(header)) for row in rows]
    rows = [row + [""] * (len(header) - 1) if len(row) == 1 else row for row in rows]  # a heading
    uneven = [(i, len(row)) for i, row in enumerate(rows[1:], 1) if len(row) != len(header)]
    if uneven:
        allowed = f"must be {len(header)}, as in the header"
        raise CaseError(Problem("", f"{fields} fields", allowed, f"row {i}") for i, fields in uneven[:MAX_COLUMNS])
    return pd.DataFrame(rows[1:], columns=header, dtype=object), [note] if note else []


def _separator(text: str) -> str:
    """Tell what is between the fields: a semicolon, tab or bar that two lines have as often, or the most common."""
    lines = [line for line in text.split("\n", _TITLES)[:_TITLES] if line.strip()]
    alike = (mark for mark in ";\t|" if len(lines) > 1 and lines[-1].count(mark) == lines[-2].count(mark) > 0)
    return next(alike, max(",;\t|", key="".join(lines).count))


def untitled(rows: list[list[Any]]) -> list[list[Any]]:
    """Leave out titles above the header, of one cell or with digits first, the header said again, and remarks."""
    cells = [[str(cell) for cell in row if cell != ""] for row in rows[: _TITLES + 1]]
    full = [i for i, row in enumerate(cells) if len(row) > 1]
    first = next((i for i in full if not any(cell[0].isdigit() for cell in cells[i])), next(iter(full), 0))
    return [row for i, row in enumerate(rows[first:]) if i == 0 or not (row == rows[first] or _is_remark(row))]


def _is_remark(row: list[Any]) -> bool:
    """Tell whether a row is none of a list, but says where it comes from, what it adds up to, or what follows."""
    first, *others = [bare(cell) for cell in row if cell != ""]
    return bool(_TOTAL.fullmatch(first.rstrip(" :")) or (len(others) < 2 and _REMARK.fullmatch(first)))


def _trimmed(row: list[str], least: int = 0) -> list[str]:
    """Leave out the blanks at the end of a row."""
    last = max((i for i, cell in enumerate(row, 1) if cell.strip()), default=0)
    return row[: max(last, least)]


def data_folder() -> Path:
    """Folder with ``premier_league/``, ``literature/``, ``cases/`` and ``model.json``."""
    package = Path(__file__).parent.parent
    installed = package / "data"
    return installed if installed.is_dir() else package.parent / "data"
