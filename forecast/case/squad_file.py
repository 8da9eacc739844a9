"""Many open injuries in one table, one a row; the rows of one injury are put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from ..io.dates import settled
from ..io.errors import MISSING, UNKNOWN, CaseError, Problem, naming
from ..io.frames import meant, named, read_any
from ..io.limits import MAX_INJURIES
from ..io.read import path_of
from ..io.values import folded, is_blank, truth_of
from ..wording import written
from .case import Case
from .case_file import BULLETIN_FIELDS, COVARIATES, PLAYER_FIELDS, TIMES, FixtureReader, case_of, fixtures_beside
from .fixture import Fixture
from .rows import some

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
        A CSV file in UTF-8, or an Excel file, a row an injury. Its columns are the fields of a case file; ``fixtures``
        is the name of a file beside it, and ``only`` the text in those that count. ``tendon`` and ``match_fitness``
        are yes or no; ``covariates.age`` holds the covariate ``age``. The columns of a bulletin hold the latest one.
        Only ``player``, ``onset``, ``as_of`` and ``fixtures`` must be there; what is not known is left blank. Columns
        that mean nothing here are named in the notes. Rows of one player and one onset are one injury: its fixtures
        and bulletins are those of all of them, as where a player has matches of his club and of his country.
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
        If it is no such table, or the name of a column looks like a slip.
    """
    path = path_of(path)
    with naming(path.name):
        given, notes = read_any(path, CaseError, _COLUMNS)
        own = [name for name in given.columns if folded(name).startswith(_OWN)]
        table, unknown = named(given, (*_COLUMNS, *own), CaseError)
        wrong = [Problem(name, MISSING, "must be a column") for name in _NEEDED if name not in table]
        wrong += [
            Problem(name, UNKNOWN, f"must be a column of a squad: did you mean {near}?")
            for name in unknown
            if (near := meant(name, _COLUMNS))
        ]
        if wrong:
            raise CaseError(wrong)
        if not 0 < len(table) <= MAX_INJURIES:
            raise CaseError.of("", f"{len(table)} rows", f"must be 1 to {MAX_INJURIES}")
        table, known = settled(table, [name for name in table if name in TIMES])
    notes += [*known, *([f"Columns of the squad that are not read: {some(unknown)}."] if unknown else [])]
    found: dict[int, Case] = {}
    errors: list[CaseError] = []
    read = _once(partial(fixtures_beside, path.parent, tz=tz))
    for i, row in enumerate(table.to_dict("records"), 1):
        try:
            found[i] = case_of(_as_in_a_file(row), read, tz, notes)
        except CaseError as error:
            errors.append(_of_rows(f"row {i}", error, path.name))
    cases: list[Case] = []
    for rows in _by_injury(found):
        try:
            cases.append(_together(found, rows))
        except CaseError as error:
            errors.append(_of_rows(f"rows {_listed(rows)}", error, path.name))
    return cases, errors


def _by_injury(cases: dict[int, Case]) -> Iterator[list[int]]:
    """Yield the rows of each injury: of one player and one day of onset."""
    rows = defaultdict(list)
    for i, case in cases.items():
        rows[folded(case.player), case.onset.date()].append(i)
    yield from rows.values()


def _together(cases: dict[int, Case], rows: Sequence[int]) -> Case:
    """Put the rows of one injury together: all their fixtures and bulletins, and what else one of them says.

    Raises
    ------
    CaseError
        One line for each field in which they differ.
    """
    first = cases[rows[0]]
    if len(rows) == 1:
        return first
    all_of: dict[str, Any] = {
        name: tuple(dict.fromkeys(entry for i in rows for entry in getattr(cases[i], name)))
        for name in ("fixtures", "bulletins", "notes")
    }
    said: dict[str, Any] = {}
    problems: list[Problem] = []
    for name in (field.name for field in fields(first) if field.name not in all_of):
        given = [value for i in rows if (value := getattr(cases[i], name)) not in (None, {})]
        given = given[:1] if name == "player" else given  # whose letters may differ
        said[name] = given[0] if given else getattr(first, name)
        if other := next((value for value in given if value != said[name]), None):
            shown = [written(value) if isinstance(value, pd.Timestamp) else value for value in (other, said[name])]
            problems.append(Problem(name, shown[0], f"must be the same in rows of one injury, {shown[1]}"))
    if problems:
        raise CaseError(problems)
    all_of["notes"] += (f"Rows {_listed(rows)} of the squad are one injury, put together.",)
    return Case(**said, **all_of)


def _listed(rows: Sequence[int]) -> str:
    """``1 and 3``, ``1, 2 and 3``."""
    return f"{', '.join(map(str, rows[:-1]))} and {rows[-1]}"


def _of_rows(rows: str, error: CaseError, file: str) -> CaseError:
    entries = ((p, f"{rows}: {p.entry}".removesuffix(": ")) for p in error.problems)
    return CaseError(p if p.file else replace(p, entry=entry, file=file) for p, entry in entries)


def _as_in_a_file(row: dict[Any, Any]) -> dict[str, Any]:
    """A row as the table of a case file."""
    given: dict[str, Any] = {name: text for name, text in row.items() if not is_blank(text)}
    given |= {name: truth for name in _YES_OR_NO if (truth := truth_of(given.get(name))) is not None}  # 1 and 0, too
    table = {name: given[name] for name in _CASE if name in given}
    if own := {name[len(_OWN) :]: value for name, value in given.items() if folded(name).startswith(_OWN)}:
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
