"""Cases as files: TOML, with the fixtures in it or in a CSV file or calendar beside it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import pandas as pd

from ..io.dates import in_zone, lacks_zone
from ..io.errors import MISSING, UNKNOWN, CaseError, Problem, naming
from ..io.fields import Checker, one_of
from ..io.frames import meant
from ..io.limits import MAX_CASE_BYTES, MAX_DEPTH, MAX_ENTRIES, MAX_LINES, MAX_PROBLEMS
from ..io.read import data_folder, decoded, path_of, read_bytes
from .bulletin import Bulletin
from .case import Case
from .fixture import NO_ZONE, Fixture
from .fixture_files import is_readable

_REQUIRED = ("player", "onset", "as_of", "fixtures")
_PLAYED = ("appearances_before", "fixtures_before", "minutes_before")
_USUAL = ("usual_minutes", "usual_fixtures", "price", "owned")
PLAYER_FIELDS = ("position", *_PLAYED, "grade", "tendon", *_USUAL, "body_part")
COVARIATES = "covariates"
BULLETIN_FIELDS = (
    *("seen", "expected", "chance", "until", "source"),
    *("from", "to", "sure", "last_round", "match_fitness", "replaces"),
)
_OPTIONAL = ("bulletins", "deadlines", *PLAYER_FIELDS, COVARIATES)

TIMES = ("onset", "as_of", "kickoff", "issued", "seen", "expected", "until", "from", "to", "when")
_DATE = re.compile(r"\s*(\w+)\s*=\s*(\d{1,2})([./-])(\d{1,2})\3(\d{4})\s*(?:#.*)?$")
_KEY_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*"""
_DEEP = re.compile(rf"(?<![\w-])(?:{_KEY_PART}\.[ \t]*){{{MAX_DEPTH}}}")  # from the start of a word: in linear time
_TOO_DEEP = ("lists or tables in each other", f"must be at most {MAX_DEPTH} deep")
_OTHER_FILES = (
    (b"PK\x03\x04", "an Excel file", "; many injuries go in a file that ends in .csv or .xlsx"),
    (b"BEGIN:VCALENDAR", "a calendar", ', in which fixtures = "rovers.ics" names the calendar beside it'),
)

_INSIDE = "must be a .csv, .ics or .xlsx file inside the folder of the case"

T = TypeVar("T")
FixtureReader = Callable[[str, str | None], list[Fixture]]


def read_case(path: str | Path, *, tz: str | None = None) -> Case:
    """Read a case file.

    Parameters
    ----------
    path : path
        A TOML file; its layout is in the README.
    tz : str, optional
        The zone of times that have none, also in a file of fixtures; UTC where it is left out.

    Returns
    -------
    Case

    Raises
    ------
    CaseError
        One line for each mistake: file, entry, field, value, what is allowed.
    """
    path = path_of(path)
    with naming(path.name):
        table, notes = _toml(path)
        return case_of(table, partial(fixtures_beside, path.parent, tz=tz), tz, notes)


def case_of(table: dict[str, Any], read: FixtureReader, tz: str | None = None, notes: Sequence[str] = ()) -> Case:
    """The case of a table as a case file holds it.

    Parameters
    ----------
    table : dict
    read : callable
        What gives the fixtures of a file that the table names, of all or of those with a text in them.
    tz : str, optional
        The zone of times that have none.
    notes : sequence of str
        What is to be noted of the file.

    Raises
    ------
    CaseError
        One line for each mistake.
    """
    notes = [*notes, *([NO_ZONE] if tz is None and _assumed("", table) else [])]
    table = {name: _in_zone(name, value, tz) for name, value in table.items()}
    lists = {field: _entries(field, table.get(field, []), read) for field in _ENTRIES}
    return _case(table, lists, notes)


def fixtures_beside(folder: Path, name: str, only: str | None = None, tz: str | None = None) -> list[Fixture]:
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
    return Fixture.read(path, only, tz=tz)


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
    return read_case(folder / f"{one_of('name', name, tuple(names))}.toml")


def _toml(path: Path) -> tuple[dict[str, Any], list[str]]:
    """Read a file in TOML, and what is to be noted of it."""
    raw = read_bytes(path, MAX_CASE_BYTES, CaseError)
    for start, what, instead in _OTHER_FILES:
        if raw.lstrip(b"\xef\xbb\xbf \r\n").startswith(start):
            raise CaseError.of("", what, f"must be a case file in TOML{instead}")
    try:
        text, note = decoded(raw)
    except ValueError as error:
        raise CaseError.of("", str(error), "must be text in UTF-8") from None
    if (lines := text.count("\n")) > MAX_LINES:
        raise CaseError.of("", f"{lines} lines", f"must be at most {MAX_LINES}")
    if _DEEP.search(text):
        raise CaseError.of("", "a key of many parts", f"must have at most {MAX_DEPTH} parts, with dots between")
    try:
        table = tomllib.loads(text.replace("\r\n", "\n"))
    except RecursionError:  # of the parser, before it can be counted
        raise CaseError.of("", *_TOO_DEEP) from None
    except ValueError as error:  # not TOML, or a number beyond all bounds
        if dates := [*_unquoted(text)]:
            raise CaseError(dates) from None
        raise CaseError.of("", str(error), "must be TOML") from None
    _check_depth(table)
    if not table:
        raise CaseError.of("", "an empty file", f"must have {', '.join(_REQUIRED)}")
    return table, [note] if note else []


def _check_depth(table: dict[str, Any]) -> None:
    """Check that lists and tables lie in each other no deeper than a case needs."""
    inner: list[Any] = [table]
    for _ in range(MAX_DEPTH + 1):
        values = (value for one in inner for value in (one.values() if isinstance(one, dict) else one))
        inner = [value for value in values if isinstance(value, dict | list)]
    if inner:
        raise CaseError.of("", *_TOO_DEEP)


def _unquoted(text: str) -> Iterator[Problem]:
    """Find the dates that are not written as TOML has them."""
    for i, line in enumerate(text.splitlines(), 1):
        if found := _DATE.match(line):
            field, day, dot, month, year = found.groups()
            known = f"{year}-{month:0>2}-{day:0>2}" if dot == "." else "year-month-day, such as 2025-09-14"
            yield Problem(field, f"{day}{dot}{month}{dot}{year}", f"must be written {known}", f"line {i}")


@dataclass(frozen=True)
class Parsed:
    """The good entries of a list, each under its name in the file, what is wrong with the others, and what to note."""

    good: dict[str, Any] = dataclass_field(default_factory=dict)
    problems: list[Problem] = dataclass_field(default_factory=list)
    notes: tuple[str, ...] = ()


def _entries(field: str, value: object, read: FixtureReader) -> Parsed:
    """Parse a list of a case file, or the file that its fixtures are in."""
    if isinstance(value, dict) and not {"file", "only"} & set(value):
        return Parsed(problems=[Problem(field, f"[{field}]", f"must be [[{field}]], in double brackets")])
    if field == "fixtures" and isinstance(value, str | dict):
        return _entries_of_file(value if isinstance(value, dict) else {"file": value}, read)
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        return Parsed(problems=[Problem(field, value, f"must be entries, each under its own [[{field}]]")])
    if len(value) > MAX_ENTRIES:  # before each of them is read
        return Parsed(problems=[Problem(field, f"{len(value)} entries", f"must be at most {MAX_ENTRIES}")])
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
        good = {f"fixtures[{i}]": fixture for i, fixture in enumerate(found, 1)}
        return Parsed(good, notes=getattr(found, "notes", ()))
    except CaseError as error:
        return Parsed(problems=[p if p.file else replace(p, entry="fixtures") for p in error.problems])


def _doubled(deadlines: Mapping[str, tuple[str, pd.Timestamp]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for entry, (deadline, _) in deadlines.items():
        if deadline in seen:
            yield Problem("deadline", deadline, "must stand there once", entry)
        seen.add(deadline)


def _case(table: dict[str, Any], lists: Mapping[str, Parsed], notes: Sequence[str]) -> Case:
    """Put the good entries together; where something is wrong with the others, too, the error holds all of it."""
    entries: dict[str, Any] = {field: [*parsed.good.values()] for field, parsed in lists.items() if field in table}
    if "deadlines" in table:
        entries["deadlines"] = dict(entries["deadlines"])

    def make(**fields: Any) -> Case:
        try:
            return Case(**fields, notes=[*notes, *(note for parsed in lists.values() for note in parsed.notes)])
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
    others = [name for name in table if name not in allowed][:MAX_PROBLEMS]
    near = {name: f": did you mean {slip}?" for name in others if (slip := meant(name, allowed))}
    unknown = [Problem(name, UNKNOWN, f"must be one of {', '.join(allowed)}{near.get(name, '')}") for name in others]
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
    if not (found := read(name, text)) and text is not None:
        raise CaseError.of("only", text, "must be in the name or competition of a match that is to be played")
    return found


def _in_zone(name: str, value: Any, tz: str | None) -> Any:
    """Give the times of a table that have no zone the one that is meant."""
    if isinstance(value, list):
        return [_in_zone(name, entry, tz) for entry in value]
    if isinstance(value, dict):
        return {key: _in_zone(key, entry, tz) for key, entry in value.items()}
    return in_zone(value, tz) if name in TIMES else value


def _assumed(name: str, value: Any) -> bool:
    """Tell whether a table has a time without a zone."""
    if isinstance(value, list):
        return any(_assumed(name, entry) for entry in value)
    if isinstance(value, dict):
        return any(_assumed(key, entry) for key, entry in value.items())
    return name in TIMES and lacks_zone(value)


def bulletin_of_fields(**fields: Any) -> Bulletin:
    """Make a bulletin of the fields of a file, where ``from`` is not reserved."""
    return Bulletin(**{"from_" if name == "from" else name: value for name, value in fields.items()})


def _deadline(deadline: object, when: object) -> tuple[str, pd.Timestamp]:
    with Checker() as check:
        return check.text("deadline", deadline), check.time("when", when)


# What makes the entries of each list, the fields they need and those they may have.
_ENTRIES: dict[str, tuple[Callable[..., Any], tuple[str, ...], tuple[str, ...]]] = {
    "fixtures": (Fixture, ("fixture", "kickoff"), ("competition",)),
    "bulletins": (bulletin_of_fields, ("issued", "kind"), BULLETIN_FIELDS),
    "deadlines": (_deadline, ("deadline", "when"), ()),
}
