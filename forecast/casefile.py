"""Cases as files: TOML, with the fixtures in it or in a CSV file or calendar beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .calendars import read_fixtures
from .case import Bulletin, Case, Fixture
from .errors import MISSING, UNKNOWN, CaseError, Problem
from .shipped import data_folder

MAX_BYTES = 1_000_000
_REQUIRED = ("player", "onset", "as_of", "fixtures")
_OPTIONAL = ("bulletins", "deadlines", "position", "appearances_before", "fixtures_before", "minutes_before")
_ENTRY_FIELDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "fixtures": (("fixture", "kickoff"), ()),
    "bulletins": (("issued", "kind"), ("seen", "expected", "chance", "until", "source")),
    "deadlines": (("deadline", "when"), ()),
}
_MAKE = {"fixtures": Fixture, "bulletins": Bulletin, "deadlines": dict}


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
        table = _toml(path)
        problems = list(_unfit(table, "", _REQUIRED, _OPTIONAL))
        lists: dict[str, Any] = {}
        for field in _ENTRY_FIELDS:
            try:
                lists[field] = _entries(field, table.get(field, []), path.parent)
            except CaseError as error:
                problems += error.problems
        return _case(table, lists, problems)
    except CaseError as error:
        raise error.located(file=path.name) from None


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
        raise CaseError([Problem("name", name, f"must be one of {', '.join(names)}")])
    return read_case(folder / f"{name}.toml")


def _toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CaseError(
            [Problem("", error.strerror or str(error), "must be a TOML file that can be read")]
        ) from None
    if len(raw) > MAX_BYTES:
        raise CaseError([Problem("", f"over {MAX_BYTES} bytes", f"must be at most {MAX_BYTES} bytes")])
    try:
        table = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise CaseError([Problem("", f"byte {error.start}", "must be text in UTF-8")]) from None
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise CaseError([Problem("", str(error) or type(error).__name__, "must be TOML")]) from None
    if not table:
        raise CaseError([Problem("", "an empty file", f"{', '.join(_REQUIRED)} are needed")])
    return table


def _unfit(
    table: Mapping[str, Any], entry: str, required: tuple[str, ...], optional: tuple[str, ...]
) -> list[Problem]:
    """The fields that are missing, and those that nobody knows."""
    missing = [Problem(name, MISSING, "must be given", entry) for name in required if name not in table]
    known = (*required, *optional)
    return missing + [
        Problem(name, UNKNOWN, f"the fields are {', '.join(known)}", entry)
        for name in table
        if name not in known
    ]


def _entries(field: str, value: object, folder: Path) -> list[Any]:
    """The entries of a list, each made into its object; every bad one is reported."""
    if field == "fixtures" and isinstance(value, str):
        return read_fixtures(value, folder)
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise CaseError([Problem(field, value, f"must be entries, each under its own [[{field}]]")])
    required, optional = _ENTRY_FIELDS[field]
    made, problems = [], []
    for i, entry in enumerate(value):
        name = f"{field}[{i + 1}]"
        if unfit := _unfit(entry, name, required, optional):
            problems += unfit
            continue
        try:
            made.append(_MAKE[field](**entry))
        except CaseError as error:
            problems += error.located(entry=name).problems
    if field == "deadlines":
        names = [entry["deadline"] for entry in made]
        problems += [
            Problem("deadline", n, "must stand there once")
            for n in sorted({str(n) for n in names if names.count(n) > 1})
        ]
    if problems:
        raise CaseError(problems)
    return made


def _case(table: dict[str, Any], lists: dict[str, Any], problems: list[Problem]) -> Case:
    """The case; where something is wrong already, an error with what else is."""
    fields = {name: table.get(name, MISSING) for name in _REQUIRED} | {
        name: table[name] for name in _OPTIONAL if name in table
    }
    fields |= {"fixtures": lists.get("fixtures", ()), "bulletins": lists.get("bulletins", ())}
    fields["deadlines"] = {str(entry["deadline"]): entry["when"] for entry in lists.get("deadlines", ())}
    try:
        case = Case(**fields)
    except CaseError as error:
        reported = {p.field for p in problems} | {p.entry.partition("[")[0] for p in problems}
        problems += [p for p in error.problems if p.field not in reported]
    if problems:
        raise CaseError(problems)
    return case
