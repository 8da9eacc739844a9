"""Tables as people have them: data frames of any make, spreadsheets, and columns by their usual names."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from .errors import Problem, ProblemError
from .limits import MAX_COLUMNS, MAX_SHEET_BYTES, MAX_TABLE_BYTES
from .read import read_bytes, read_table, untitled
from .values import bare, is_blank

ENDINGS = (".csv", ".tsv", ".xlsx", ".xlsm")
_ALIASES = {  # other names of columns, without accents, blanks, dashes, dots, slashes and underscores
    "fixture": "game match matchup subject summary event strevent spiel begegnung partie rencontre"
    " partido partita wedstrijd jogo title betreff objet asunto oggetto assunto onderwerp"
    " affiche kamp mecz eslesme",
    "kickoff": "date datetime kickofftime kickoffdate kickoffutc ko matchdate gamedate utcdate"
    " dateutc startdate localdate fixturedate dateevent utctime statusutctime"
    " starttimestamp datum fecha data anstoss anpfiff coupdenvoi aftrap beginntam datededebut fechadecomienzo"
    " fechadeinicio datadinizio datainizio datadeinicio begindatum"
    " matchdatetime matchdatetimeutc dataora tarih dato 日付 開催日 날짜",
    "time": "kotime timeutc matchtime starttime strtime uhrzeit hora heure ora tijd beginntum heurededebut"
    " horadecomienzo horadeinicio oradinizio orainizio begintijd"
    " localtime timelocal aanvang tid saat godzina horario horaire キックオフ 시간",
    "home": "hometeam teamh homeclub hometeamname homename strhometeam team1 teamshomename heim"
    " heimmannschaft local domicile casa thuis h"
    " squadracasa equipolocal thuisploeg thuisclub heimteam mandante evsahibi hemmalag hjemmehold gospodarz"
    " team1teamname equipedomicile ホーム 홈",
    "away": "awayteam teama awayclub awayteamname awayname strawayteam team2 teamsawayname gast"
    " gastmannschaft visitante exterieur trasferta fora uit a"
    " auswarts auswartsteam squadraospite ospite ospiti equipovisitante uitploeg uitclub deplasman bortalag udehold"
    " gosc team2teamname equipeexterieur アウェイ アウェー 원정",
    "team": "club teamname squad verein equipo",
    "opponent": "opp opponentteam opponentname opposition against vs gegner rival adversaire avversario tegenstander",
    "venue": "ha homeaway homeoraway homeawayneutral washome ishome place where side ort lieu",
    "competition": "league tournament comp div competitionname leaguename tournamentname strleague"
    " wettbewerb competicion coupe wettkampf",
    "status": "state matchstatus fixturestatus statustype fixturestatusshort strstatus",
    "notes": "bemerkung anmerkung hinweis remarque remarques observaciones observacoes osservazioni opmerking",
    "result": "ergebnis resultado risultato resultat uitslag sonuc",
    "zone": "timezone tz utcoffset fixturetimezone",
    "off": "cancelled canceled postponed statuscancelled iscancelled ispostponed strpostponed",
    "start": "from fromdate startdate injuryfrom injuredsince dateinjured injurydate dateofinjury"
    " injurystart dateout startofinjury onset von desde du dal de van inicio debut inizio",
    "end": "until enddate untildate todate to injuryuntil injureduntil daterecovered datereturned"
    " dateofreturn injuryend return returntoplay rtp datertp rtpdate dateback returndate"
    " returned recovered back bis hasta au al ate tot fin fim fine",
    "player": "name playername",
    "onset": "injurydate dateofinjury dateinjured injuredsince injuredon",
    "expected": "expectedreturn expectedback expectedreturndate returndate estimatedreturn",
    "appeared": "played appearance appearances app apps",
    "minutes": "mins min minutesplayed minsplayed timeplayed",
    "moment": "date datetime when issued reported timestamp",
    "issued": "said newsdate newsadded",
}
ALIASES = {role: frozenset(map(bare, names.split())) for role, names in _ALIASES.items()}
_MERGED = re.compile(rb'mergeCell ref="([A-Z]{1,3})(\d{1,7}):\1(\d{1,7})"')  # of one column
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


def known_columns(table: pd.DataFrame, wanted: Sequence[str]) -> set[str]:
    """Return the columns that are known by these names or others for them, as they are compared."""
    known = {_key(role) for role in wanted}.union(*(ALIASES.get(role, ()) for role in wanted))
    keys = {_key(name) for name in table.columns}
    return {key for key in keys if key in known or key.partition("(")[0] in known}


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


def read_any(path: Path, error: type[ProblemError], wanted: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """Read the table of a CSV or Excel file, and what is to be noted of it; ``wanted`` are its columns.

    Raises
    ------
    ProblemError
        Of the kind of ``error``.
    """
    try:
        raw = read_bytes(path, MAX_TABLE_BYTES, error)
        return read_sheets(raw, error, wanted) if path.suffix.lower().startswith(".xls") else read_table(raw)
    except ProblemError as problem:
        raise error(problem.located(file=path.name).problems) from None


def read_sheets(raw: bytes, error: type[ProblemError], wanted: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """Read the sheet of an Excel file with most of the columns ``wanted``, and those that have the same of them.

    Raises
    ------
    ProblemError
        Of the kind of ``error``, where it is none, or would be too large.
    """
    try:
        with zipfile.ZipFile(BytesIO(raw)) as parts:
            size = sum(part.file_size for part in parts.infolist())
            if size > MAX_SHEET_BYTES:
                raise error.of("", f"{size} bytes unpacked", f"must be at most {MAX_SHEET_BYTES}")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of styles that it does not know
                tables = {name: table for name, table in _sheets(raw, parts) if len(table.columns)}
    except ProblemError:
        raise
    except ImportError:
        allowed = "must be read by the package openpyxl: pip install 'return-forecast[excel]'"
        raise error.of("", "an Excel file", allowed) from None
    except Exception as problem:  # whatever the package makes of what is none
        raise error.of("", str(problem), "must be an Excel file with a header") from None
    if not tables:
        raise error.of("", "an empty file", "must be an Excel file with a header")
    known = {name: known_columns(table, wanted) for name, table in tables.items()}
    best = max(tables, key=lambda name: len(known[name]))
    alike = [name for name in tables if name == best or known[name] == known[best] != set()]
    if len(tables[best].columns) > MAX_COLUMNS:
        raise error.of("", f"{len(tables[best].columns)} columns", f"must be at most {MAX_COLUMNS}")
    notes = [f"Sheets put together: {', '.join(alike)}."] if len(alike) > 1 else []
    if others := [name for name in tables if name not in alike]:
        notes.append(f"Sheets that are not read: {', '.join(others)}.")
    return _together([tables[name] for name in alike]), notes


def _together(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put tables one below the other, but for the rows that stood in one before, as on a sheet of all seasons."""
    whole = tables[0]
    for table in tables[1:]:
        seen = {*whole.astype(str).itertuples(index=False, name=None)}
        new = [row not in seen for row in table.astype(str).itertuples(index=False, name=None)]
        whole = pd.concat([whole, table[new]], ignore_index=True)
    return whole


def _sheets(raw: bytes, parts: zipfile.ZipFile) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the sheets that are not hidden, by name, as tables; one of nothing has no columns."""
    import openpyxl  # type: ignore[import-untyped]  # it has no annotations

    for sheet in openpyxl.load_workbook(BytesIO(raw), read_only=True, data_only=True).worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()  # which others than Excel write wrong
            rows = [_trimmed([_shown(cell) for cell in row]) for row in sheet.rows]
            width = max(map(len, rows), default=0)
            rows = [row + [""] * (width - len(row)) for row in rows]
            for column, top, bottom in _MERGED.findall(parts.read(sheet._worksheet_path)):
                at = openpyxl.utils.column_index_from_string(column.decode()) - 1
                for row in rows[int(top) : int(bottom)] if at < width else []:
                    row[at] = rows[int(top) - 1][at]
            yield sheet.title, _table(rows)


def _shown(cell: Any) -> Any:
    """Return what a cell shows: nothing of an error, and a percentage with its sign."""
    if is_blank(cell.value) or cell.data_type == "e":
        return ""
    if isinstance(cell.value, int | float) and "%" in cell.number_format and not isinstance(cell.value, bool):
        return f"{100 * cell.value:.12g}%"
    return cell.value


def _trimmed(row: list[Any]) -> list[Any]:
    last = max((i for i, cell in enumerate(row, 1) if cell != ""), default=0)
    return row[:last]


def _table(rows: list[list[Any]]) -> pd.DataFrame:
    """Make a table of the rows of a sheet, the first that is no title its header."""
    rows = untitled([row for row in rows if any(cell != "" for cell in row)])
    if not rows:
        return pd.DataFrame()
    table = pd.DataFrame(rows[1:], columns=[str(name) for name in rows[0]], dtype=object).replace({"": None})
    return table.loc[:, [name != "" or not table.iloc[:, i].isna().all() for i, name in enumerate(table.columns)]]


def headings(table: pd.DataFrame, needed: pd.Series) -> list[bool]:
    """Tell which rows are headings between the others: all that stands there is one cell, and it is not ``needed``."""
    filled = [sum(not is_blank(cell) for cell in row) for row in table.itertuples(index=False)]
    wide = len(table.columns) > 2
    return [wide and count == 1 and is_blank(value) for count, value in zip(filled, needed, strict=True)]


def meant(name: str, known: Iterable[str]) -> str | None:
    """Return the column that a name is a slip of; with a word more, as ``player_id`` has, it is none."""
    near = get_close_matches(_key(name), {_key(one): one for one in known}, 1, _ALIKE)
    found = next((one for one in known if near == [_key(one)]), None)
    return None if found is None or _words(found) < _words(name) else found


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[^\W_A-Z]+|[A-Z]+", name)}


def _key(name: object) -> str:
    return re.sub(r"[\s_./?:*-]", "", bare(str(name)))
