"""Cases as files: TOML, with the fixtures in it or in a CSV file or calendar beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import pandas as pd

from .calendars import fixtures_beside
from .case import Bulletin, Case
from .fixtures import Fixture
from .io.errors import MISSING, UNKNOWN, CaseError, Problem
from .io.fields import Checker
from .io.limits import MAX_CASE_BYTES
from .io.read import data_folder, read_bytes

_REQUIRED = ("player", "onset", "as_of", "fixtures")
_PLAYED = ("appearances_before", "fixtures_before", "minutes_before")
_OPTIONAL = ("bulletins", "deadlines", "position", *_PLAYED, "grade", "tendon")

T = TypeVar("T")
FixtureReader = Callable[[str, str | None], list[Fixture]]


def read_case(path: str | Path) -> Case:
    """Read a case file.

    Parameters
    ----------
    path : path
        A TOML file; its layout is in the README.

    Returns
    -------
    Case

    Raises
    ------
    CaseError
        One line for each mistake: file, entry, field, value, what is allowed.
    """
    path = Path(path)
    try:
        return case_of(_toml(path), partial(fixtures_beside, path.parent))
    except CaseError as error:
        raise error.located(file=path.name) from None


def case_of(table: dict[str, Any], read: FixtureReader) -> Case:
    """The case of a table as a case file holds it.

    Parameters
    ----------
    table : dict
    read : callable
        What gives the fixtures of a file that the table names, of all or of those with a text in them.

    Raises
    ------
    CaseError
        One line for each mistake.
    """
    lists, wrong = {}, {}
    for field in _ENTRIES:
        lists[field], wrong[field] = _entries(field, table.get(field, []), read)
    return _case(table, lists, wrong)


def example_case(name: str) -> Case:
    """One of the shipped cases.

    Parameters
    ----------
    name : str
        Such as ``"bellingham"``.

    Raises
    ------
    CaseError
        If there is no such case; the message lists those there are.

    Examples
    --------
    >>> import forecast as fc
    >>> fc.example_case("bellingham").player
    'Jude Bellingham'
    """
    folder = data_folder() / "cases"
    names = sorted(p.stem for p in folder.glob("*.toml"))
    if name not in names:
        raise CaseError.of("name", name, f"must be one of {', '.join(names)}")
    return read_case(folder / f"{name}.toml")


def _toml(path: Path) -> dict[str, Any]:
    raw = read_bytes(path, MAX_CASE_BYTES, CaseError)
    try:
        table = tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise CaseError.of("", f"byte {error.start}", "must be text in UTF-8") from None
    except (ValueError, RecursionError) as error:  # not TOML, a number beyond all bounds, nested without end
        raise CaseError.of("", str(error), "must be TOML") from None
    if not table:
        raise CaseError.of("", "an empty file", f"must have {', '.join(_REQUIRED)}")
    return table


def _entries(field: str, value: object, read: FixtureReader) -> tuple[dict[str, Any], list[Problem]]:
    """The good entries of a list, each under its name in the file, and what is wrong with the others."""
    good: dict[str, Any] = {}
    problems: list[Problem] = []
    if field == "fixtures" and isinstance(value, str | dict):
        try:
            table = value if isinstance(value, dict) else {"file": value}
            found = _made(partial(_named, read), ("file",), ("only",), table)
            good = {f"fixtures[{i}]": fixture for i, fixture in enumerate(found, 1)}
        except CaseError as error:
            problems += [p if p.file else replace(p, entry="fixtures") for p in error.problems]
    elif isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
        for i, entry in enumerate(value, 1):
            try:
                good[f"{field}[{i}]"] = _made(*_ENTRIES[field], entry)
            except CaseError as error:
                problems += error.located(entry=f"{field}[{i}]").problems
    else:
        problems.append(Problem(field, value, f"must be entries, each under its own [[{field}]]"))
    return good, problems


def _case(table: dict[str, Any], lists: dict[str, dict[str, Any]], wrong: dict[str, list[Problem]]) -> Case:
    """The case of the good entries; where something is wrong with the others too, an error with all of it."""
    fields = table | {name: [*lists[name].values()] for name in ("fixtures", "bulletins") if name in table}
    if "deadlines" in table:
        fields["deadlines"] = {}
        for entry, (deadline, when) in lists["deadlines"].items():
            if deadline in fields["deadlines"]:
                wrong["deadlines"].append(Problem("deadline", deadline, "must stand there once", entry))
            fields["deadlines"][deadline] = when

    def make(**fields: Any) -> Case:
        try:
            return Case(**fields)
        except CaseError as error:  # it counts the entries it was given: they get their names in the file again
            names = {f"{field}[{i}]": name for field in lists for i, name in enumerate(lists[field], 1)}
            raise CaseError(replace(p, entry=names.get(p.entry, p.entry)) for p in error.problems) from None

    return _made(make, _REQUIRED, _OPTIONAL, fields, wrong)


def _made(
    make: Callable[..., T],
    required: tuple[str, ...],
    optional: tuple[str, ...],
    table: Mapping[str, Any],
    wrong: Mapping[str, list[Problem]] = MappingProxyType({}),
) -> T:
    """What ``make`` makes of a table; an error with all that is wrong, beside what is known to be, by field."""
    allowed = (*required, *optional)
    missing = [Problem(name, MISSING, "must be given") for name in required if name not in table]
    unknown = [Problem(name, UNKNOWN, f"must be one of {', '.join(allowed)}") for name in table if name not in allowed]
    problems = [*chain(*wrong.values()), *missing, *unknown]
    reported = {p.field for p in missing} | {field for field, found in wrong.items() if found}
    try:
        made = make(**{name: table.get(name, MISSING) for name in allowed if name in required or name in table})
    except CaseError as error:
        problems += [p for p in error.problems if p.entry or p.field not in reported]
    if problems:
        raise CaseError(problems)
    return made


def _named(read: FixtureReader, file: object, only: object = None) -> list[Fixture]:
    """The fixtures of a file that the case names."""
    with Checker() as check:
        name, text = check.text("file", file), None if only is None else check.text("only", only)
    return read(name, text)


def _deadline(deadline: object, when: object) -> tuple[str, pd.Timestamp]:
    with Checker() as check:
        return check.text("deadline", deadline), check.time("when", when)


# What makes the entries of each list, the fields they need and those they may have.
_ENTRIES: dict[str, tuple[Callable[..., Any], tuple[str, ...], tuple[str, ...]]] = {
    "fixtures": (Fixture, ("fixture", "kickoff"), ("competition",)),
    "bulletins": (Bulletin, ("issued", "kind"), ("seen", "expected", "chance", "until", "source")),
    "deadlines": (_deadline, ("deadline", "when"), ()),
}
