"""Many open injuries in one CSV file, one a row."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from ..io.dates import settled
from ..io.errors import MISSING, UNKNOWN, CaseError, Problem
from ..io.frames import named
from ..io.limits import MAX_INJURIES, MAX_TABLE_BYTES
from ..io.read import path_of, read_bytes, read_table
from ..io.values import is_blank, truth_of
from .case import Case
from .case_file import BULLETIN_FIELDS, COVARIATES, PLAYER_FIELDS, TIMES, FixtureReader, case_of, fixtures_beside
from .fixture import Fixture

_NEEDED = ("player", "onset", "as_of", "fixtures")
_CASE = ("player", "onset", "as_of", *PLAYER_FIELDS)
_BULLETIN = ("issued", "kind", *BULLETIN_FIELDS)
_YES_OR_NO = ("tendon", "match_fitness")
_OWN = f"{COVARIATES}."
_COLUMNS = (*_CASE, "fixtures", "only", *_BULLETIN)


def read_squad(path: str | Path, *, tz: str | None = None) -> tuple[list[Case], list[CaseError]]:
    """Read a list of open injuries.

    Parameters
    ----------
    path : path
        A CSV file in UTF-8, a row an injury. Its columns are the fields of a case file; ``fixtures`` is the name of a
        file beside it, and ``only`` the text in those that count. ``tendon`` and ``match_fitness`` are yes or no;
        ``covariates.age`` holds the covariate ``age``. The columns of a bulletin hold the latest one. Only ``player``,
        ``onset``, ``as_of`` and ``fixtures`` must be there; what is not known is left blank.
    tz : str, optional
        The zone of times that have none, also in a file of fixtures; UTC where it is left out.

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
    path = path_of(path)
    try:
        given, notes = read_table(read_bytes(path, MAX_TABLE_BYTES, CaseError))
        own = [name for name in given.columns if name.startswith(_OWN)]
        table, unknown = named(given, (*_COLUMNS, *own), CaseError)
        wrong = [Problem(name, MISSING, "must be a column") for name in _NEEDED if name not in table]
        wrong += [Problem(name, UNKNOWN, f"must be one of {', '.join(_COLUMNS)}") for name in unknown]
        if wrong:
            raise CaseError(wrong)
        if not 0 < len(table) <= MAX_INJURIES:
            raise CaseError.of("", f"{len(table)} rows", f"must be 1 to {MAX_INJURIES}")
        table, known = settled(table, [name for name in table if name in TIMES])
    except CaseError as error:
        raise error.located(file=path.name) from None
    cases: list[Case] = []
    errors: list[CaseError] = []
    read = _once(partial(fixtures_beside, path.parent, tz=tz))
    for i, row in enumerate(table.to_dict("records"), 1):
        try:
            cases.append(case_of(_as_in_a_file(row), read, tz, [*notes, *known]))
        except CaseError as error:
            errors.append(CaseError(p if p.file else _of_row(i, p, path.name) for p in error.problems))
    return cases, errors


def _of_row(i: int, problem: Problem, file: str) -> Problem:
    return replace(problem, entry=f"row {i}: {problem.entry}".removesuffix(": "), file=file)


def _as_in_a_file(row: dict[Any, Any]) -> dict[str, Any]:
    """A row as the table of a case file."""
    given: dict[str, Any] = {name: text for name, text in row.items() if not is_blank(text)}
    words = {name: truth_of(given[name]) for name in _YES_OR_NO if name in given}
    given |= {name: truth for name, truth in words.items() if truth is not None}
    table = {name: given[name] for name in _CASE if name in given}
    if own := {name.removeprefix(_OWN): value for name, value in given.items() if name.startswith(_OWN)}:
        table[COVARIATES] = own
    if "fixtures" in given:
        table["fixtures"] = {"file": given["fixtures"]} | ({"only": given["only"]} if "only" in given else {})
    bulletin = {name: given[name] for name in _BULLETIN if name in given}
    return table | ({"bulletins": [bulletin]} if bulletin else {})


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
