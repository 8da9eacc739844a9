"""A log of forecasts: what was forecast, when and by which model, to be scored once it is known what happened."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from ..io.errors import DataError, Problem, naming
from ..io.fields import utc
from ..io.limits import MAX_AHEAD, MAX_LOG_BYTES, MAX_PROBLEMS
from ..io.read import path_of, read_bytes
from ..io.values import tidy
from ..io.write import alone, write_bytes
from ..terms import KICKOFF, START
from ..wording import is_bare, written

_LINE = "must be a line that --log wrote"
_ROUNDING = 1e-6
_ZONES, _CLOCKS = pd.Timedelta(hours=14), pd.Timedelta(minutes=5)  # how far a day, and a clock, may be ahead of ours
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
    path, made = path_of(path, DataError), datetime.now(UTC).isoformat(timespec="seconds")
    lines = [json.dumps({"made": made, **record}, ensure_ascii=False, allow_nan=False) + "\n" for record in records]
    with alone(path):
        before = _read(path) if path.is_file() else b""  # of a pipe nothing is read
        if before and not before.endswith(b"\n"):
            raise DataError.of("", "a last line without an end", _LINE, file=path.name)
        there = before.splitlines()
        _checked([(1, there[0]), (len(there), there[-1])] if there else [], path.name)
        _checked([(len(there) + i, line.encode()) for i, line in enumerate(lines, 1)], path.name)
        write_bytes(path, before + "".join(lines).encode())


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
    path = path_of(path, DataError)
    forecasts: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for key, rows in _checked(enumerate(_read(path).splitlines(), 1), path.name):
        forecasts.setdefault(key, rows)
    if not forecasts:
        raise DataError.of("", "no forecast", _LINE, file=path.name)
    return pd.DataFrame([(*key, *row) for key, rows in forecasts.items() for row in rows], columns=_COLUMNS)


def _read(path: Path) -> bytes:
    with naming(path.name):
        return read_bytes(path, MAX_LOG_BYTES, DataError)


def _checked(lines: Iterable[tuple[int, bytes]], file: str) -> list[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]:
    """Read some lines of a log, by their numbers; an error with one line for each that is none of a log."""
    found, problems = [], []
    for i, line in ((i, line) for i, line in lines if line.strip()):
        try:
            found.append(_forecast(json.loads(line)))
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError) as error:
            problems.append(Problem("", " ".join(str(error).split()), _LINE, f"line {i}", file))
    if problems:
        raise DataError(problems[:MAX_PROBLEMS])
    return found


def _forecast(record: dict[str, Any]) -> tuple[tuple[Any, ...], list[tuple[Any, ...]]]:
    """Return the forecast that a line holds, and its fixtures; an error of any sort where it holds none."""
    as_of, made, fixtures = utc(record["as_of"]), utc(record["made"]), record["fixtures"]
    which = tidy(str(record["player"])), utc(record["onset"], START), str(record["model"]["sha256"]), as_of
    if made < (as_of.normalize() - _ZONES if is_bare(as_of) else as_of - _CLOCKS):
        raise ValueError(f"made {written(made)}, before it was {written(as_of)}")
    if not 0 < len(fixtures) <= MAX_AHEAD:
        raise ValueError(f"{len(fixtures)} fixtures")
    rows = []
    for ahead, row in enumerate(fixtures, 1):
        p = float(row["p_plays"]), float(row["p_returns"])
        if not all(0.0 <= value <= 1.0 for value in p):
            raise ValueError("a probability that is none")
        if p[1] > p[0] + _ROUNDING:
            raise ValueError(f"p_returns {p[1]:.3f} above p_plays {p[0]:.3f}")
        rows.append((made, ahead, tidy(str(row["fixture"])), utc(row["kickoff"], KICKOFF), *p))
    if (total := sum(row[-1] for row in rows)) > 1.0 + _ROUNDING:
        raise ValueError(f"p_returns that add up to {total:.3f}")
    return which, rows
