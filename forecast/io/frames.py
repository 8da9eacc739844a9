"""Tables as people have them: data frames of any make, spreadsheets, and columns by their usual names."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from .errors import Problem, ProblemError
from .limits import MAX_COLUMNS, MAX_SHEET_BYTES, MAX_TABLE_BYTES
from .read import read_bytes, read_table, untitled
from .values import bare, is_blank

_ALIASES = {  # other names of columns, without accents, blanks, dashes, dots, slashes and underscores
    "fixture": "game match matchup subject summary event strevent spiel begegnung partie rencontre"
    " partido partita wedstrijd jogo title betreff objet asunto oggetto assunto onderwerp",
    "kickoff": "date datetime kickofftime kickoffdate kickoffutc ko matchdate gamedate utcdate"
    " dateutc startdate localdate fixturedate dateevent utctime statusutctime"
    " starttimestamp datum fecha data anstoss anpfiff coupdenvoi aftrap beginntam datededebut fechadecomienzo"
    " fechadeinicio datadinizio datainizio datadeinicio begindatum",
    "time": "kotime timeutc matchtime starttime strtime uhrzeit hora heure ora tijd beginntum heurededebut"
    " horadecomienzo horadeinicio oradinizio orainizio begintijd",
    "home": "hometeam teamh homeclub hometeamname homename strhometeam team1 teamshomename heim"
    " heimmannschaft local domicile casa thuis h",
    "away": "awayteam teama awayclub awayteamname awayname strawayteam team2 teamsawayname gast"
    " gastmannschaft visitante exterieur trasferta fora uit a",
    "team": "club teamname squad verein equipo",
    "opponent": "opp opponentteam opponentname opposition against vs gegner rival adversaire avversario tegenstander",
    "venue": "ha homeaway homeoraway homeawayneutral washome ishome place where side ort lieu",
    "competition": "league tournament comp div competitionname leaguename tournamentname strleague"
    " wettbewerb competicion coupe wettkampf",
    "status": "state matchstatus fixturestatus statustype fixturestatusshort strstatus",
    "zone": "timezone tz utcoffset fixturetimezone",
    "off": "cancelled canceled postponed statuscancelled iscancelled ispostponed strpostponed",
    "start": "from fromdate startdate injuryfrom injuredsince dateinjured injurydate dateofinjury"
    " injurystart dateout startofinjury onset von desde du dal",
    "end": "until enddate untildate todate to injuryuntil injureduntil daterecovered datereturned"
    " dateofreturn injuryend return returntoplay rtp datertp rtpdate dateback returndate"
    " returned recovered back bis hasta au al",
    "player": "name playername",
    "onset": "injurydate dateofinjury dateinjured injuredsince injuredon",
    "expected": "expectedreturn expectedback expectedreturndate returndate estimatedreturn",
    "issued": "said newsdate newsadded",
}
ALIASES = {role: frozenset(names.split()) for role, names in _ALIASES.items()}
_ALIKE = 0.8  # how alike a column and the one that it is a slip of are: "form" is none of "from"
# What else stands in brackets in a header.
_NO_ZONES = ("dmy", "ymd", "mdy", "text", "day", "date", "time", "hh", "hhmm")


def named(table: pd.DataFrame, wanted: Sequence[str], error: type[ProblemError]) -> tuple[pd.DataFrame, list[str]]:
    """Name the columns as they are known here, and list those that are not.

    A column of the very name goes before one of an alias.

    Raises
    ------
    ProblemError
        Of the kind of ``error``, where two columns may be meant.
    """
    names = {i: _key(name) for i, name in enumerate(table.columns)}
    found: dict[int, str] = {}
    problems = []
    for role in wanted:
        exact = [i for i, key in names.items() if key == _key(role)]
        others = ALIASES.get(role, frozenset()) | {_key(role)}
        meant = exact or [i for i, key in names.items() if key in others and i not in found]
        meant = meant or [i for i, key in names.items() if key.partition("(")[0] in others and i not in found]
        if len(meant) > 1:
            given = ", ".join(str(table.columns[i]) for i in meant)
            problems.append(Problem(role, given, f"must be one column: name the one that counts {role}"))
        found |= dict.fromkeys(meant, role)
    if problems:
        raise error(problems)
    rest = [str(table.columns[i]) for i, key in names.items() if i not in found and key]
    return table.iloc[:, list(found)].set_axis(list(found.values()), axis=1), rest


def zone_of_header(name: object) -> str | None:
    """Return the letters of the zone that the name of a column tells, as "Time (CET)" and "utcDate" do."""
    key = _key(name)
    found = re.search(r"\(([a-z]{2,5})\)$", key)
    if found and found[1] not in _NO_ZONES:
        return found[1].removesuffix("time").upper()
    return "UTC" if key.startswith("utc") or key.endswith("utc") else None


def is_frame(table: object) -> bool:
    """Tell whether it is a data frame of any make, by what it offers to exchange it; a single column is none."""
    exchanged = hasattr(table, "__dataframe__") or hasattr(table, "__arrow_c_stream__")
    return isinstance(table, pd.DataFrame) or (exchanged and not hasattr(table, "dtype") and not hasattr(table, "type"))


def frame_of(table: Any, error: type[ProblemError]) -> pd.DataFrame:
    """Return a data frame of any make as one of pandas: polars, Arrow, whatever can be exchanged.

    Raises
    ------
    ProblemError
        Of the kind of ``error``, where it is none.
    """
    if isinstance(table, pd.DataFrame):
        return table
    for name in ("compute", "collect"):  # of dask, and of polars where it is lazy
        table = getattr(table, name)() if callable(getattr(table, name, None)) else table
    if isinstance(table, pd.DataFrame):
        return table
    if not is_frame(table):
        raise error.of("", type(table).__name__, "must be a DataFrame")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that one way or the other is on its way out
            if not hasattr(table, "__arrow_c_stream__"):
                return pd.api.interchange.from_dataframe(table)
            import pyarrow  # type: ignore[import-untyped]  # it has no annotations

            arrow = pyarrow.table(table)
            plain = [
                name for name, kind in zip(arrow.column_names, arrow.schema.types, strict=True) if not kind.num_fields
            ]
            return pd.DataFrame(arrow.select(plain).to_pandas())  # nothing here is asked of lists in a column
    except ImportError:
        raise error.of("", type(table).__name__, "must be read by the package pyarrow: pip install pyarrow") from None
    except Exception as problem:  # of whatever package made it
        raise error.of("", type(table).__name__, f"must be a table that pandas can take: {problem}") from None


def read_sheet(raw: bytes, error: type[ProblemError]) -> pd.DataFrame:
    """Read the first sheet of an Excel file that is not empty, each cell as it is.

    Raises
    ------
    ProblemError
        Of the kind of ``error``, where it is none, or would be too large.
    """
    try:
        size = sum(part.file_size for part in zipfile.ZipFile(BytesIO(raw)).infolist())
        if size > MAX_SHEET_BYTES:
            raise error.of("", f"{size} bytes unpacked", f"must be at most {MAX_SHEET_BYTES}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles that it does not know
            with pd.ExcelFile(BytesIO(raw), engine="openpyxl") as book:
                sheets = (book.parse(name, dtype=object, header=None) for name in book.sheet_names)
                cells = next((sheet for sheet in sheets if len(sheet)), None)
            if cells is None:
                raise error.of("", "an empty file", "must be an Excel file with a header")
            given = [["" if is_blank(cell) else cell for cell in row] for row in cells.itertuples(index=False)]
            rows = untitled([row for row in given if any(cell != "" for cell in row)])
            table = pd.DataFrame(rows[1:], columns=[str(name) for name in rows[0]], dtype=object).replace({"": None})
    except ProblemError:
        raise
    except ImportError:
        allowed = "must be read by the package openpyxl: pip install 'return-forecast[excel]'"
        raise error.of("", "an Excel file", allowed) from None
    except Exception as problem:  # whatever the package makes of what is none
        raise error.of("", str(problem), "must be an Excel file with a header") from None
    table = table.loc[:, [name != "" or not table.iloc[:, i].isna().all() for i, name in enumerate(table.columns)]]
    if len(table.columns) > MAX_COLUMNS:
        raise error.of("", f"{len(table.columns)} columns", f"must be at most {MAX_COLUMNS}")
    return table[[not all(map(is_blank, row)) for row in table.itertuples(index=False)]].reset_index(drop=True)


def headings(table: pd.DataFrame, needed: pd.Series) -> list[bool]:
    """Tell which rows are headings between the others: all that stands there is one cell, and it is not ``needed``."""
    filled = [sum(not is_blank(cell) for cell in row) for row in table.itertuples(index=False)]
    wide = len(table.columns) > 2
    return [wide and count == 1 and is_blank(value) for count, value in zip(filled, needed, strict=True)]


def read_any(path: Path, error: type[ProblemError]) -> pd.DataFrame:
    """Read the table of a CSV or Excel file.

    Raises
    ------
    ProblemError
        Of the kind of ``error``.
    """
    try:
        raw = read_bytes(path, MAX_TABLE_BYTES, error)
        return read_sheet(raw, error) if path.suffix.lower() == ".xlsx" else read_table(raw)[0]
    except ProblemError as problem:
        raise error(problem.located(file=path.name).problems) from None


def meant(name: str, known: Iterable[str]) -> str | None:
    """Return the column that a name is a slip of; with a word more, as ``player_id`` has, it is none."""
    near = get_close_matches(_key(name), {_key(one): one for one in known}, 1, _ALIKE)
    found = next((one for one in known if near == [_key(one)]), None)
    return None if found is None or _words(found) < _words(name) else found


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[^\W_A-Z]+|[A-Z]+", name)}


def _key(name: object) -> str:
    return re.sub(r"[\s_./-]", "", bare(str(name)))
