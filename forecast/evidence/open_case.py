"""An open case on the day of a forecast, as a :class:`~forecast.evidence.situation.Situation` with statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile

import numpy as np
import pandas as pd

from ..arrays import Array
from ..case.bulletin import Bulletin
from ..case.case import Case
from ..io.errors import CaseError, Problem
from ..terms import FLAG_KINDS, NO_FLAG
from .grid import Evidence, lay_out
from .situation import Situation, Statement

# Quarter days at first, while the news is fresh, then ever wider, to two years and beyond. A grid of thirteen times as
# many days moves no probability by more than 0.0005 (tests/statistical/test_bands.py).
FORECAST_GRID = np.concatenate([
    np.arange(0.0, 3.0, 0.25), np.arange(3.0, 10.0, 0.5), np.arange(10.0, 30.0), np.geomspace(30.0, 731.0, 45),
    [1500.0, 4000.0],
])  # fmt: skip


@dataclass(frozen=True)
class OpenCase:
    """A case as the model sees it.

    Attributes
    ----------
    case : Case
        With the onset of the spell that is open.
    situation : Situation
        With nothing said.
    statements : tuple of Statement
        What each source last said of this spell.
    stands : tuple of Bulletin
        Those bulletins that neither a later word of the same source nor a clearance has overtaken.
    notes : tuple of str
        What was read differently from how it was written.
    """

    case: Case
    situation: Situation
    statements: tuple[Statement, ...]
    stands: tuple[Bulletin, ...]
    notes: tuple[str, ...]

    @property
    def forward(self) -> bool | None:
        """Whether the player is a forward; None where the case does not say."""
        return None if self.case.position is None else self.case.position == "forward"

    @property
    def cleared(self) -> bool:
        """Whether a clearance has been issued."""
        return bool(np.isfinite(self.situation.high))

    @cached_property
    def evidence(self) -> Evidence:
        """The situation on a grid of days: one row, to be broadcast against the positions that the player may have."""
        forward = [False, True] if self.forward is None else [self.forward]
        return replace(lay_out([self.situation], FORECAST_GRID), forward=np.array(forward))


@dataclass(frozen=True)
class _LastWord:
    """The last word of one source, and the bulletins of it that still stand."""

    last: Bulletin
    history: tuple[Bulletin, ...]  # its flags up to the one that stands; empty where none does
    ruled_out: Bulletin | None  # that stands, alone or beside the flag

    @property
    def stands(self) -> tuple[Bulletin, ...]:
        """The flag and the ``ruled_out`` that stand."""
        return (*self.history[-1:], *([] if self.ruled_out is None else [self.ruled_out]))


def open_case(case: Case) -> OpenCase:
    """Sort out the bulletins of a case: the open spell, whether the player was cleared in it, each source's last word.

    Raises
    ------
    CaseError
        For a flag that was issued before a clearance and still seen at or after it.
    """
    _check_order(case)
    notes: list[str] = []
    spell = _last_spell(case)
    if spell and spell[0].issued > case.onset and len(spell) < len(case.bulletins):
        onset = spell[0].issued
        case = replace(case, onset=onset, bulletins=tuple(spell))
        notes.append(f"A flag after a clearance is a new spell: counted from {onset.day} {onset:%B %Y}.")
    flags = [b for b in spell if b.kind != "available"]
    clearances = [b for b in spell if b.kind == "available"]
    words = _last_words(flags)
    statements = tuple(_statement(case, word, notes) for word in words)
    if any(np.isfinite(s.until) for s in statements):
        notes.append("How reliable “ruled out” is, is a proxy: how rarely players were back before a promised date.")
    low = case.day(case.as_of)
    high, missed = np.inf, np.empty(0)
    if clearances:
        low = max((case.day(b.seen) for b in flags), default=0.0)
        high = case.day(clearances[0].issued)
        missed = _kickoffs(case, low, case.day(case.as_of))
    situation = Situation(
        now=case.day(case.as_of),
        low=low,
        high=high,
        missed=missed,
        ahead=_kickoffs(case, case.day(case.as_of), np.inf),
        statement=Statement(seen=low),
        minutes_logit=np.nan,
        edges=np.array([s.until for s in statements if np.isfinite(s.until)]),
    )
    stands = () if clearances else tuple(b for word in words for b in word.stands)
    return OpenCase(case, situation, statements, stands, tuple(notes))


def _kickoffs(case: Case, after: float, until: float) -> Array:
    days = np.sort([case.day(f.kickoff) for f in case.fixtures])
    return days[(days > after) & (days <= until)]


def _last_spell(case: Case) -> list[Bulletin]:
    """List the bulletins since the last flag that followed a clearance, in the order in which they were issued."""
    spell: list[Bulletin] = []
    for b in sorted(case.bulletins, key=lambda b: b.issued):
        relapsed = b.kind != "available" and any(before.kind == "available" for before in spell)
        spell = [b] if relapsed else [*spell, b]
    return spell


def _check_order(case: Case) -> None:
    """Check that a clearance comes after the onset and ends the bulletins before it."""
    problems = []
    for i, b in enumerate(case.bulletins):
        entry, cleared = f"bulletins[{i + 1}]", [c.issued for c in case.bulletins if c.kind == "available"]
        if b.kind == "available" and b.issued <= case.onset:
            problems.append(Problem("issued", str(b.issued), f"must be after onset, {case.onset}", entry))
        problems += [
            Problem("seen", str(b.seen), f"must be before the clearance issued {moment}", entry)
            for moment in cleared
            if b.kind != "available" and b.issued <= moment <= b.seen
        ]
    if problems:
        raise CaseError(problems)


def _last_words(flags: Sequence[Bulletin]) -> list[_LastWord]:
    """Find what still stands of each source: the one rule of it, for the model and for the chart."""
    found = []
    for source in dict.fromkeys(b.source for b in flags):
        said = [b for b in flags if b.source == source]
        last = said[-1]
        # An earlier word stands beside the last one if it was seen to when that was issued. A percentage is of the
        # next fixture, so that it leaves no room for a "ruled out".
        stands = [b for b in said if b is last or b.seen >= last.issued]
        ruled_out = [b for b in stands if b.kind == "ruled_out" and last.kind != "chance"]
        flagged = [b for b in stands if b.kind != "ruled_out"]
        history = [b for b in said[: said.index(flagged[-1]) + 1] if b.kind != "ruled_out"] if flagged else []
        found.append(_LastWord(last, tuple(history), ruled_out[-1] if ruled_out else None))
    return found


def _statement(case: Case, word: _LastWord, notes: list[str]) -> Statement:
    """Put the last word of a source into days; a date and a ``ruled_out`` that stand together are one statement."""
    statement = Statement(source=word.last.source, seen=case.day(word.last.seen))
    if word.history:
        statement = _with_flag(statement, case, word.history, notes)
    if word.ruled_out is not None and word.ruled_out.until is not None:
        statement = replace(statement, until=case.day(word.ruled_out.until))
    return statement


def _with_flag(statement: Statement, case: Case, flags: Sequence[Bulletin], notes: list[str]) -> Statement:
    """Add the last flag of a source to a statement, and for how long it has stood, in one bulletin or in several."""
    flag, seen = flags[-1], case.day(flags[-1].seen)
    if flag.kind == "own":
        return replace(statement, seen=case.day(flag.issued), likelihood=flag.likelihood)
    meanings = [_meaning(b) for b in reversed(flags)]
    code, expected, _ = meanings[0]
    if flag.kind == "expected" and expected is None:
        notes.append("A promised date that had passed when it was last seen is read as no date.")
    *_, (_, _, since) = takewhile(lambda meaning: meaning[:2] == (code, expected), meanings)
    date = np.nan if expected is None else case.day(expected)
    return replace(statement, seen=seen, code=code, age=seen - case.day(since), expected=date)


def _meaning(flag: Bulletin) -> tuple[int, pd.Timestamp | None, pd.Timestamp]:
    """Return the code of a flag, the date it promises and its beginning; a date that has passed is no date."""
    if flag.kind == "expected" and flag.expected is not None:
        if flag.expected > flag.seen:
            return FLAG_KINDS.index("expected"), flag.expected, flag.issued
        return FLAG_KINDS.index("unknown"), None, max(flag.issued, flag.expected)
    kind = {"chance": str(flag.chance), "own": None}.get(flag.kind, flag.kind)
    return NO_FLAG if kind is None else FLAG_KINDS.index(kind), None, flag.issued
