"""A public statement about an injury."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pandas as pd

from ..arrays import Array
from ..io.dates import no_later
from ..io.errors import MISSING, Problem
from ..io.fields import Checker, Time, set_fields
from ..terms import BULLETIN_KINDS, LAST_ROUNDS, OFFICIAL, START
from ..wording import between, day, local, percent, written

DETAIL = {
    "expected": ("expected",),
    "chance": ("chance",),
    "between": ("from", "to", "sure"),
    "ruled_out": ("until",),
    "own": ("likelihood",),
}  # the fields a kind needs
_TELLS_MORE = ("expected", "unknown", "chance")  # the kinds that last_round and match_fitness go with
_BEYOND = "; 0% is of the kind unknown or ruled_out, 100% of available"
_FLAGS = ("expected", "unknown", "chance", "training", "between", "available")  # of which a moment has one
Likelihood = Callable[[Array], Array]


@dataclass(frozen=True, init=False)
class Bulletin:
    """A public statement about the injury.

    Parameters
    ----------
    issued : date, datetime or str
        When it was made.
    kind : {"expected", "unknown", "chance", "available", "between", "training", "ruled_out", "own"}
        ``expected`` back on a date, return date ``unknown``, a percentage ``chance`` for the next fixture,
        ``available`` again, fit ``between`` two days, back in team ``training``, ``ruled_out`` of everything until a
        date; ``own``: what you make of it yourself.
    seen : date, datetime or str, optional
        When it was last seen to stand. Where it is left out, the newest statement of its source stands until the
        moment of the forecast. The same said again, in a bulletin of its own, counts as if it had stood since it was
        first said.
    expected : date, datetime or str
        For ``expected``; a bare date begins at 00:00.
    chance : int
        For ``chance``, in percent, 1 to 99.
    until : date, datetime or str
        For ``ruled_out``; a bare date ends at 23:59:59.
    source : str, optional
        Who said it.
    likelihood : callable
        For ``own``: how likely the statement is made when so many days remain, up to a constant. Takes an array of
        days from ``issued`` until he is fit, returns as many numbers that are not negative.
    from_, to : date, datetime or str
        For ``between``; a bare date ``from_`` begins at 00:00, a bare date ``to`` ends at 23:59:59.
    sure : float
        For ``between``: the speaker's probability that the player is fit within, 0.5 to 0.99.
    last_round : {0, 25, 50, 75, 100}, optional
        For ``expected``, ``unknown`` and ``chance``: the percentage that the source gave for the match just played.
        Where it is left out, averaged over those that stood beside such flags.
    match_fitness : bool, optional
        For ``expected``, ``unknown`` and ``chance``: it says that only match fitness is lacking.
    replaces : str, optional
        A source whose statements issued before this one no longer count.

    Notes
    -----
    From words to bulletins, of a statement of 7 March::

        out for three to four weeks   kind="between", from_="2026-03-28", to="2026-04-04", sure=0.8
        back in team training         kind="training"
        a doubt                       kind="chance", chance=50
        will miss the next two        kind="ruled_out", until="2026-03-14", the day of the second
        could be back for the derby   kind="expected", expected="2026-03-22", its day
        ruled out for the season      kind="ruled_out", until="2026-05-31"
        declared fit                  kind="available"
        had a setback                 kind="unknown", replaces="club", whose earlier words no longer count

    Examples
    --------
    The club doctor's "three to four weeks", give or take one:

    >>> import numpy as np, forecast as fc
    >>> doctor = fc.Bulletin("2025-10-01", "own", likelihood=lambda days: np.exp(-(((days - 24.5) / 7) ** 2)))
    """

    issued: pd.Timestamp
    kind: str
    seen: pd.Timestamp | None
    expected: pd.Timestamp | None
    chance: int | None
    until: pd.Timestamp | None
    source: str
    likelihood: Likelihood | None = field(hash=False)  # of any sort that can be called
    from_: pd.Timestamp | None
    to: pd.Timestamp | None
    sure: float | None
    last_round: int | None
    match_fitness: bool
    replaces: str | None

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
        from_: Time | None = None,
        to: Time | None = None,
        sure: float | None = None,
        last_round: int | None = None,
        match_fitness: bool = False,
        replaces: str | None = None,
    ) -> None:
        with Checker() as check:
            said, stood = check.time("issued", issued), check.maybe(check.time, "seen", seen)
            set_fields(
                self,
                issued=said if stood is None else no_later(said, stood),
                kind=check.choice("kind", kind, BULLETIN_KINDS),
                seen=stood,
                expected=check.maybe(check.time, "expected", expected, START),
                chance=check.maybe(check.whole, "chance", chance, most=99, least=1, beyond=_BEYOND),
                until=check.maybe(check.time, "until", until),
                source=check.maybe(check.text, "source", source) or OFFICIAL,
                likelihood=likelihood,
                from_=check.maybe(check.time, "from", from_, START),
                to=check.maybe(check.time, "to", to),
                sure=check.maybe(check.number, "sure", sure, 0.5, 0.99),
                last_round=check.maybe(check.choice, "last_round", last_round, LAST_ROUNDS),
                match_fitness=check.maybe(check.flag, "match_fitness", match_fitness) or False,
                replaces=check.maybe(check.text, "replaces", replaces),
            )
            if likelihood is not None and not callable(likelihood):
                check.fail("likelihood", likelihood, "must be a function of the days that remain")
            if check.good("kind"):
                _check_detail(check, self)
            _check_order(check, self, {"seen": seen, "until": until, "to": to})


def statement(b: Bulletin, tz: ZoneInfo) -> str:
    """``expected back 22 Mar``."""
    if b.expected is not None:
        return f"expected back {day(local(b.expected, tz))}"
    if b.until is not None:
        return f"ruled out until {day(local(b.until, tz))}"
    if b.from_ is not None and b.to is not None and b.sure is not None:
        return f"fit between {between(local(b.from_, tz), local(b.to, tz))}, {percent(b.sure)} sure"
    if b.chance is not None:
        return f"{b.chance}% to play"
    return {
        "unknown": "no return date",
        "training": "back in team training",
        "available": "available again",
        "own": "a statement of its own",
    }[b.kind]


def clashes(bulletins: Sequence[Bulletin]) -> Iterator[Problem]:
    """Find what one source says twice at one moment: two flags, or two ends of a ``ruled_out``."""
    flags: dict[tuple[str, pd.Timestamp], int] = {}
    ruled_out: dict[tuple[str, pd.Timestamp], int] = {}
    for i, b in enumerate(bulletins):
        known = flags if b.kind in _FLAGS else ruled_out if b.kind == "ruled_out" else {}
        first = known.setdefault((b.source, b.issued), i)
        both = f"bulletins[{first + 1}] and bulletins[{i + 1}]"
        if first < i and b.kind in _FLAGS:
            yield Problem("issued", written(b.issued), f"must not be the same for two flags of source {b.source}", both)
        elif bulletins[first].until != b.until:
            ends = [written(until) for until in (b.until, bulletins[first].until) if until is not None]
            allowed = f"must be the same for what source {b.source} rules out at one moment, {ends[-1]}"
            yield Problem("until", ends[0], allowed, both)


def _check_detail(check: Checker, b: Bulletin) -> None:
    """Check that the fields of its kind are there, and those of other kinds are not."""
    for kind, name in ((kind, name) for kind, names in DETAIL.items() for name in names):
        value = getattr(b, "from_" if name == "from" else name)
        if kind == b.kind and value is None:
            check.fail(name, MISSING, f"must be given for kind {b.kind}")
        elif kind != b.kind and value is not None:
            _refuse(check, name, written(value) if isinstance(value, pd.Timestamp) else value, b.kind)
    if b.kind not in _TELLS_MORE and b.last_round is not None:
        _refuse(check, "last_round", b.last_round, b.kind)
    if b.kind not in _TELLS_MORE and b.match_fitness:
        _refuse(check, "match_fitness", b.match_fitness, b.kind)


def _refuse(check: Checker, field: str, value: object, kind: str) -> None:
    """Record that a kind has no such field, unless the field is wrong in itself."""
    if check.good(field):
        check.fail(field, value, f"must be left out for kind {kind}")


def _check_order(check: Checker, b: Bulletin, given: dict[str, Time | None]) -> None:
    """Check the order of the times; a problem shows the one that was ``given``."""
    if check.good("issued", "seen") and b.seen is not None and b.seen < b.issued:
        check.fail("seen", str(given["seen"]), "must not be before issued")
    if check.good("issued", "until") and b.until is not None and b.until < b.issued:
        check.fail("until", str(given["until"]), "must not be before issued")
    if check.good("from", "to") and b.from_ is not None and b.to is not None and b.to <= b.from_:
        check.fail("to", str(given["to"]), "must be after from")
    elif check.good("issued", "to") and b.to is not None and b.to <= b.issued:
        check.fail("to", str(given["to"]), "must be after issued")
