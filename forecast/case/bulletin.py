"""A public statement about an injury."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pandas as pd

from ..arrays import Array
from ..io.errors import MISSING
from ..io.fields import Checker, Time, set_fields
from ..terms import BULLETIN_KINDS, CHANCES, OFFICIAL, START
from ..wording import day, local

_DETAIL = {
    "expected": "expected",
    "chance": "chance",
    "ruled_out": "until",
    "own": "likelihood",
}  # the field a kind needs
Likelihood = Callable[[Array], Array]


@dataclass(frozen=True, init=False)
class Bulletin:
    """A public statement about the injury.

    Parameters
    ----------
    issued : date, datetime or str
        When it was made.
    kind : {"expected", "unknown", "chance", "available", "ruled_out", "own"}
        ``expected`` back on a date, return date ``unknown``, a percentage ``chance`` for the next fixture,
        ``available`` again, ``ruled_out`` of everything until a date; ``own``: what you make of it yourself.
    seen : date, datetime or str, optional
        When it was last seen to stand; ``issued`` where it is left out. The same said again, in a bulletin of its own,
        counts as if it had stood since it was first said.
    expected : date, datetime or str
        For ``expected``; a bare date begins at 00:00.
    chance : {25, 50, 75}
        For ``chance``, in percent.
    until : date, datetime or str
        For ``ruled_out``; a bare date ends at 23:59:59.
    source : str, optional
        Who said it.
    likelihood : callable
        For ``own``: how likely the statement is made when so many days remain, up to a constant. Takes an array of
        days from ``issued`` until he is fit, returns as many numbers that are not negative.

    Examples
    --------
    The club doctor's "three to four weeks", give or take one:

    >>> import numpy as np, forecast as fc
    >>> doctor = fc.Bulletin("2025-10-01", "own", likelihood=lambda days: np.exp(-(((days - 24.5) / 7) ** 2)))
    """

    issued: pd.Timestamp
    kind: str
    seen: pd.Timestamp
    expected: pd.Timestamp | None
    chance: int | None
    until: pd.Timestamp | None
    source: str
    likelihood: Likelihood | None

    def __init__(
        self,
        issued: Time,
        kind: str,
        seen: Time | None = None,
        expected: Time | None = None,
        chance: int | None = None,
        until: Time | None = None,
        source: str = OFFICIAL,
        likelihood: Likelihood | None = None,
    ) -> None:
        with Checker() as check:
            first = check.time("issued", issued)
            set_fields(
                self,
                issued=first,
                kind=check.choice("kind", kind, BULLETIN_KINDS),
                seen=first if seen is None else check.time("seen", seen),
                expected=None if expected is None else check.time("expected", expected, START),
                chance=None if chance is None else check.choice("chance", chance, CHANCES),
                until=None if until is None else check.time("until", until),
                source=check.text("source", source),
                likelihood=likelihood,
            )
            if likelihood is not None and not callable(likelihood):
                check.fail("likelihood", likelihood, "must be a function of the days that remain")
            if check.good("kind"):
                for owner, field in _DETAIL.items():
                    value = getattr(self, field)
                    if kind == owner and value is None:
                        check.fail(field, MISSING, f"must be given for kind {kind}")
                    elif kind != owner and value is not None:
                        check.fail(field, str(value), f"must be left out for kind {kind}")
            if check.good("issued", "seen") and self.seen < self.issued:
                check.fail("seen", str(seen), "must not be before issued")
            if check.good("issued", "until") and self.until is not None and self.until < self.issued:
                check.fail("until", str(until), "must not be before issued")


def statement(b: Bulletin, tz: ZoneInfo) -> str:
    """``expected back 22 Mar``."""
    if b.expected is not None:
        return f"expected back {day(local(b.expected, tz))}"
    if b.until is not None:
        return f"ruled out until {day(local(b.until, tz))}"
    plain = {"unknown": "no return date", "available": "available again", "own": "a statement of its own"}
    return f"{b.chance}% to play" if b.chance is not None else plain[b.kind]
