"""A log of forecasts: what was forecast, when and by which model, to be scored once it is known what happened."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from ..io.errors import DataError, Problem
from ..io.fields import utc
from ..io.limits import MAX_AHEAD, MAX_LOG_BYTES
from ..io.read import read_bytes
from ..io.write import alone, write_bytes
from ..terms import KICKOFF, START

_LINE = "must be a line that --log wrote"
MAX_SHOWN = 100  # lines with a problem that are worth naming
_COLUMNS = ["player", "onset", "model", "as_of", "made", "ahead", "fixture", "kickoff", "p_plays", "p_returns"]


def append(path: str | Path, records: Sequence[Mapping[str, Any]]) -> None:
    """Add a line of JSON for each record of a forecast.

    The file is written anew, so that no line of it is ever half there, and by one process at a time.

    A record is that of :meth:`forecast.Outlook.to_dict`, with ``model``: what it was fitted to, and the SHA-256 of the
    file that ``save`` writes of it. A line has ``made``, the moment of the forecast, too.

    Raises
    ------
    DataError
        If what is there is no log, or is too large for more.
    """
    path, made = Path(path), datetime.now(UTC).isoformat(timespec="seconds")
    lines = ({"made": made, **record} for record in records)
    text = "".join(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n" for line in lines)
    with alone(path):
        before = read_bytes(path, MAX_LOG_BYTES, DataError) if path.exists() else b""
        if before and not before.endswith(b"\n"):
            raise DataError.of("", "a last line without an end", _LINE, file=path.name)
        write_bytes(path, before + text.encode())


def read_log(path: str | Path) -> pd.DataFrame:
    """Every fixture of every forecast of a log; of one player, moment and model, the first forecast counts.

    Returns
    -------
    DataFrame
        ``player``, ``onset``, ``model`` (its SHA-256), ``as_of``, ``made``, ``ahead`` (1 for the next fixture),
        ``fixture``, ``kickoff``, ``p_plays``, ``p_returns``.

    Raises
    ------
    DataError
        One line for each line that is none of a log.
    """
    path = Path(path)
    forecasts: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    problems: list[Problem] = []
    for i, line in enumerate(read_bytes(path, MAX_LOG_BYTES, DataError).splitlines(), 1):
        try:
            key, rows = _forecast(json.loads(line))
            forecasts.setdefault(key, rows)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError) as error:
            problems.append(Problem("", " ".join(str(error).split()), _LINE, f"line {i}", path.name))
    if problems or not forecasts:
        raise DataError(problems[:MAX_SHOWN] or [Problem("", "no forecast", _LINE, file=path.name)])
    return pd.DataFrame([(*key, *row) for key, rows in forecasts.items() for row in rows], columns=_COLUMNS)


def _forecast(record: dict[str, Any]) -> tuple[tuple[Any, ...], list[tuple[Any, ...]]]:
    """Return the forecast that a line holds, and its fixtures; an error of any sort where it holds none."""
    which = str(record["player"]), utc(record["onset"], START), str(record["model"]["sha256"]), utc(record["as_of"])
    made, fixtures = utc(record["made"]), record["fixtures"]
    if not 0 < len(fixtures) <= MAX_AHEAD:
        raise ValueError(f"{len(fixtures)} fixtures")
    rows = []
    for ahead, row in enumerate(fixtures, 1):
        p = float(row["p_plays"]), float(row["p_returns"])
        if not all(0.0 <= value <= 1.0 for value in p):
            raise ValueError("a probability that is none")
        rows.append((made, ahead, str(row["fixture"]), utc(row["kickoff"], KICKOFF), *p))
    return which, rows
