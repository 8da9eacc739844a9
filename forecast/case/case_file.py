"""Cases as files: TOML, with the fixtures in it or in a CSV file or calendar beside it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import pandas as pd

from ..io.errors import MISSING, UNKNOWN, CaseError, Problem
from ..io.fields import Checker
from ..io.limits import MAX_CASE_BYTES
from ..io.read import data_folder, read_bytes
from .bulletin import Bulletin
from .case import Case
from .fixture import Fixture
from .fixture_files import is_readable

_REQUIRED = ("player", "onset", "as_of", "fixtures")
_PLAYED = ("appearances_before", "fixtures_before", "minutes_before")
_USUAL = ("usual_minutes", "usual_fixtures", "price", "owned")
PLAYER_FIELDS = ("position", *_PLAYED, "grade", "tendon", *_USUAL, "body_part")
BULLETIN_FIELDS = (
    *("seen", "expected", "chance", "until", "source"),
    *("from", "to", "sure", "last_round", "match_fitness", "replaces"),
)
_OPTIONAL = ("bulletins", "deadlines", *PLAYER_FIELDS)

_INSIDE = "must be a .csv or .ics file inside the folder of the case"

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
    return _case(table, {field: _entries(field, table.get(field, []), read) for field in _ENTRIES})


def fixtures_beside(folder: Path, name: str, only: str | None = None) -> list[Fixture]:
    """Read the fixtures of a file that is inside the folder, itself and not only by a link.

    Raises
    ------
    CaseError
        One line for each problem; a file outside the folder is one.
    """
    try:
        path = (folder / name).resolve()
        inside = path.is_relative_to(folder.resolve()) and (path.is_file() or not path.exists())
    except (OSError, ValueError, RuntimeError):  # a name that no file can have, or a loop of links
        inside = False
    if not inside or not is_readable(path):
        raise CaseError.of("file", name, _INSIDE)
    return Fixture.read(path, only)


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


@dataclass(frozen=True)
class Parsed:
    """The good entries of a list, each under its name in the file, and what is wrong with the others."""

    good: dict[str, Any] = dataclass_field(default_factory=dict)
    problems: list[Problem] = dataclass_field(default_factory=list)


def _entries(field: str, value: object, read: FixtureReader) -> Parsed:
    """Parse a list of a case file, or the file that its fixtures are in."""
    if field == "fixtures" and isinstance(value, str | dict):
        return _entries_of_file(value if isinstance(value, dict) else {"file": value}, read)
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        return Parsed(problems=[Problem(field, value, f"must be entries, each under its own [[{field}]]")])
    parsed = Parsed()
    for i, entry in enumerate(value, 1):
        try:
            parsed.good[f"{field}[{i}]"] = _made(*_ENTRIES[field], entry)
        except CaseError as error:
            parsed.problems.extend(error.located(entry=f"{field}[{i}]").problems)
    if field == "deadlines":
        parsed.problems.extend(_doubled(parsed.good))
    return parsed


def _entries_of_file(table: dict[str, Any], read: FixtureReader) -> Parsed:
    """Read the fixtures of the file that a table names."""
    try:
        found = _made(partial(_named, read), ("file",), ("only",), table)
        return Parsed({f"fixtures[{i}]": fixture for i, fixture in enumerate(found, 1)})
    except CaseError as error:
        return Parsed(problems=[p if p.file else replace(p, entry="fixtures") for p in error.problems])


def _doubled(deadlines: Mapping[str, tuple[str, pd.Timestamp]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for entry, (deadline, _) in deadlines.items():
        if deadline in seen:
            yield Problem("deadline", deadline, "must stand there once", entry)
        seen.add(deadline)


def _case(table: dict[str, Any], lists: Mapping[str, Parsed]) -> Case:
    """Put the good entries together; where something is wrong with the others, too, the error holds all of it."""
    entries: dict[str, Any] = {field: [*parsed.good.values()] for field, parsed in lists.items() if field in table}
    if "deadlines" in table:
        entries["deadlines"] = dict(entries["deadlines"])

    def make(**fields: Any) -> Case:
        try:
            return Case(**fields)
        except CaseError as error:  # it counts the entries it was given: they get their names in the file again
            names = {f"{field}[{i}]": name for field in lists for i, name in enumerate(lists[field].good, 1)}
            named = partial(re.sub, r"\w+\[\d+\]", lambda entry: names.get(entry[0], entry[0]))
            raise CaseError(replace(p, entry=named(p.entry)) for p in error.problems) from None

    return _made(make, _REQUIRED, _OPTIONAL, table | entries, lists)


def _made(
    make: Callable[..., T],
    required: tuple[str, ...],
    optional: tuple[str, ...],
    table: Mapping[str, Any],
    lists: Mapping[str, Parsed] = MappingProxyType({}),
) -> T:
    """Build an object from a table. Report its own errors together with those of ``lists``, each field once."""
    allowed = (*required, *optional)
    missing = [Problem(name, MISSING, "must be given") for name in required if name not in table]
    unknown = [Problem(name, UNKNOWN, f"must be one of {', '.join(allowed)}") for name in table if name not in allowed]
    problems = [*(p for parsed in lists.values() for p in parsed.problems), *missing, *unknown]
    reported = {p.field for p in missing} | {field for field, parsed in lists.items() if parsed.problems}
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


def _bulletin(**fields: Any) -> Bulletin:
    """Make a bulletin of the fields of a file, where ``from`` is not reserved."""
    return Bulletin(**{"from_" if name == "from" else name: value for name, value in fields.items()})


def _deadline(deadline: object, when: object) -> tuple[str, pd.Timestamp]:
    with Checker() as check:
        return check.text("deadline", deadline), check.time("when", when)


# What makes the entries of each list, the fields they need and those they may have.
_ENTRIES: dict[str, tuple[Callable[..., Any], tuple[str, ...], tuple[str, ...]]] = {
    "fixtures": (Fixture, ("fixture", "kickoff"), ("competition",)),
    "bulletins": (_bulletin, ("issued", "kind"), BULLETIN_FIELDS),
    "deadlines": (_deadline, ("deadline", "when"), ()),
}
