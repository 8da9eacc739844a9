"""A case as it goes on: at another moment, with what was said since, and as a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import time
from typing import Any, ClassVar, Protocol, TypeVar

import pandas as pd

from ..io.errors import MISSING, CaseError, Problem
from ..io.fields import Time, instance_of, utc
from ..io.toml import toml_of
from ..terms import END, KICKOFF, START
from ..wording import written

# What a bare date stands for, where it is not the end of the day.
_AT: dict[str, time] = {"onset": START, "expected": START, "from_": START, "kickoff": KICKOFF}
_ON = "case.updated(as_of, said=[...], missed=True), or --missed, goes on with it"


class Open(Protocol):
    """The members of :class:`forecast.Case` that are read here."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def as_of(self) -> pd.Timestamp: ...  # noqa: D102 - said there
    @property
    def bulletins(self) -> tuple[Any, ...]: ...  # noqa: D102 - said there
    def ahead(self) -> list[Any]: ...  # noqa: D102 - said there


C = TypeVar("C", bound=Open)


def rewound(case: C, as_of: Time) -> C:
    """Return the case as it was known at an earlier moment.

    Bulletins issued later are left out, and a later ``seen`` is cut to ``as_of``; fixtures in between
    are ahead again.

    Parameters
    ----------
    as_of : date, datetime or str
        A bare date ends at 23:59:59. A moment later than the case's own is allowed as long as no fixture
        lies between, since the case does not say whether he played in it.

    Raises
    ------
    CaseError
        If it is before onset, or a fixture lies between the case's own ``as_of`` and a later one; then
        :meth:`updated` goes on.
    """
    moment, following = utc(as_of, field="as_of"), case.ahead()[0]
    if following.kickoff <= moment:
        allowed = f"must be before {following.fixture}: the case does not say whether he played in it; {_ON}"
        raise CaseError.of("as_of", str(as_of), allowed)
    said = (b for b in case.bulletins if b.issued <= moment)
    known = tuple(b if b.seen is None else replace(b, seen=min(b.seen, moment)) for b in said)
    return replace(case, as_of=moment, bulletins=known)


def updated(case: C, as_of: Time, said: Iterable[Any] = (), missed: bool | None = None) -> C:
    """Return the same injury later, with the bulletins that came since.

    Parameters
    ----------
    as_of : date, datetime or str
        The new moment of the forecast; a bare date ends at 23:59:59.
    said : iterable of Bulletin
        Those that came since.
    missed : bool, optional
        Whether he missed all fixtures that passed since; must be given where there are any.

    Raises
    ------
    CaseError
        If it is before the case's own ``as_of``, or fixtures passed and ``missed`` is not given, or he played: then
        the injury is over.
    """
    moment = utc(as_of, field="as_of")
    if moment < case.as_of:
        raise CaseError.of("as_of", str(as_of), f"must not be before {written(case.as_of)}; rewound goes back")
    if missed is not None:
        instance_of("missed", missed, bool, "True or False")
    passed = [f.fixture for f in case.ahead() if f.kickoff <= moment]
    if passed and missed is None:
        allowed = f"must be given, for {', '.join(passed)} passed: True if he missed them, False if he played"
        raise CaseError.of("missed", MISSING, allowed)
    if passed and not missed:
        allowed = f"must be True: whoever played in {' or '.join(passed)} is back, and his injury is over"
        raise CaseError.of("missed", missed, allowed)
    bulletins = said if isinstance(said, str) or not isinstance(said, Iterable) else (*case.bulletins, *said)
    return replace(case, as_of=as_of, bulletins=bulletins)


def case_toml(case: Open) -> str:
    """Return a case file that reads back as the same case.

    Raises
    ------
    CaseError
        If a bulletin is of kind ``own``: a function cannot be written to a file.
    """
    own = [f"bulletins[{i}]" for i, b in enumerate(case.bulletins, 1) if b.kind == "own"]
    if own:
        allowed = "must be another kind, such as between: a function cannot be written to a file"
        raise CaseError([Problem("kind", "own", allowed, entry) for entry in own])
    table = {field.name: getattr(case, field.name) for field in fields(case) if field.compare}
    lists: dict[str, Any] = {name: [_table(entry) for entry in table.pop(name)] for name in ("fixtures", "bulletins")}
    due = [{"deadline": name, "when": _moment("when", when)} for name, when in table.pop("deadlines").items()]
    return toml_of({name: _moment(name, value) for name, value in table.items()} | lists | {"deadlines": due})


def _table(entry: Any) -> dict[str, Any]:
    """Return the fields of a fixture or bulletin that are not at their default, by their names in a file."""
    known = {field.name: getattr(entry, field.name) for field in fields(entry) if field.compare}
    known = {name: value for name, value in known.items() if value is not None and value is not False}
    return {name.removesuffix("_"): _moment(name, value) for name, value in known.items()}


def _moment(name: str, value: Any) -> Any:
    """Return a value as it is, a moment that a bare date stands for as the date."""
    if isinstance(value, pd.Timestamp) and value.time() == _AT.get(name, END) and not value.nanosecond:
        return value.date()
    return value
