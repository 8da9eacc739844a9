"""Many open injuries in one CSV file, one a row."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from ..io.errors import UNKNOWN, CaseError, Problem
from ..io.limits import MAX_INJURIES, MAX_TABLE_BYTES
from ..io.read import read_bytes, read_table
from .case import Case
from .case_file import BULLETIN_FIELDS, PLAYER_FIELDS, FixtureReader, case_of, fixtures_beside
from .fixture import Fixture

_NEEDED = ("player", "onset", "as_of", "fixtures")
_CASE = ("player", "onset", "as_of", *PLAYER_FIELDS)
_BULLETIN = ("issued", "kind", *BULLETIN_FIELDS)
_COLUMNS = (*_CASE, "fixtures", "only", *_BULLETIN)
_WHOLE = ("appearances_before", "fixtures_before", "minutes_before", "grade", "usual_fixtures", "chance", "last_round")
_DECIMAL = ("usual_minutes", "price", "owned", "sure")
_YES_OR_NO = ("tendon", "match_fitness")
_FLAGS = {"yes": True, "true": True, "no": False, "false": False}


def read_squad(path: str | Path) -> tuple[list[Case], list[CaseError]]:
    """Read a list of open injuries.

    Parameters
    ----------
    path : path
        A CSV file in UTF-8, a row an injury. Its columns are the fields of a case file; ``fixtures`` is the name of a
        file beside it, and ``only`` the text in those that count. ``tendon`` and ``match_fitness`` are yes or no. The
        columns of a bulletin hold the latest one. Only ``player``, ``onset``, ``as_of`` and ``fixtures`` must be
        there; what is not known is left blank.

    Returns
    -------
    list of Case
        The rows that can be used.
    list of CaseError
        What is wrong with the others.

    Raises
    ------
    CaseError
        If it is no such table, or a column is none of these.
    """
    path = Path(path)
    try:
        table = read_table(read_bytes(path, MAX_TABLE_BYTES, CaseError), _NEEDED)
        if unknown := [name for name in table.columns if name not in _COLUMNS]:
            raise CaseError(Problem(name, UNKNOWN, f"must be one of {', '.join(_COLUMNS)}") for name in unknown)
        if not 0 < len(table) <= MAX_INJURIES:
            raise CaseError.of("", f"{len(table)} rows", f"must be 1 to {MAX_INJURIES}")
    except CaseError as error:
        raise error.located(file=path.name) from None
    cases: list[Case] = []
    errors: list[CaseError] = []
    read = _once(partial(fixtures_beside, path.parent))
    for i, row in enumerate(table.to_dict("records"), 1):
        try:
            cases.append(case_of(_as_in_a_file(row), read))
        except CaseError as error:
            errors.append(CaseError(p if p.file else _of_row(i, p, path.name) for p in error.problems))
    return cases, errors


def _of_row(i: int, problem: Problem, file: str) -> Problem:
    return replace(problem, entry=f"row {i}: {problem.entry}".removesuffix(": "), file=file)


def _as_in_a_file(row: dict[Any, Any]) -> dict[str, Any]:
    """A row as the table of a case file."""
    given: dict[str, Any] = {name: text.strip() for name, text in row.items() if text.strip()}
    given |= {name: _number(given[name]) for name in _WHOLE if name in given}
    given |= {name: _decimal(given[name]) for name in _DECIMAL if name in given}
    given |= {name: _FLAGS.get(given[name].lower(), given[name]) for name in _YES_OR_NO if name in given}
    table = {name: given[name] for name in _CASE if name in given}
    if "fixtures" in given:
        table["fixtures"] = {"file": given["fixtures"]} | ({"only": given["only"]} if "only" in given else {})
    bulletin = {name: given[name] for name in _BULLETIN if name in given}
    return table | ({"bulletins": [bulletin]} if bulletin else {})


def _number(text: str) -> int | str:
    return int(text) if text.isdecimal() and len(text) < 10 else text


def _decimal(text: str) -> float | str:
    return float(text) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text) else text


def _once(read: FixtureReader) -> FixtureReader:
    """Remember each file of fixtures, so that it is read once: a squad has one calendar."""
    known: dict[tuple[str, str | None], list[Fixture] | CaseError] = {}

    def again(name: str, only: str | None) -> list[Fixture]:
        if (name, only) not in known:
            try:
                known[name, only] = read(name, only)
            except CaseError as error:
                known[name, only] = error
        found = known[name, only]
        if isinstance(found, CaseError):
            raise found
        return found

    return again
