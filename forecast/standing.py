"""What stands on the day of a forecast: an open case as a :class:`~forecast.evidence.Situation`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile

import numpy as np
import pandas as pd

from .arrays import Array
from .case.bulletin import Bulletin
from .case.case import Case
from .evidence import Evidence, Situation, Statement, lay_out
from .io.errors import CaseError, Problem
from .terms import FLAG_KINDS, NO_FLAG

# Quarter days at first, while the news is fresh, then ever wider, to two years and beyond. A grid of thirteen times as
# many days moves no probability by more than 0.0005 (tests/statistical/test_bands.py).
STEPS = np.concatenate([
    np.arange(0.0, 3.0, 0.25), np.arange(3.0, 10.0, 0.5), np.arange(10.0, 30.0), np.geomspace(30.0, 731.0, 45),
    [1500.0, 4000.0],
])  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """A case as the model sees it.

    Attributes
    ----------
    case : Case
        With the onset of the spell that is open.
    situation : Situation
        With nothing said.
    statements : tuple of Statement
        What each source last said of this spell.
    notes : tuple of str
        What was read differently from how it was written.
    """

    case: Case
    situation: Situation
    statements: tuple[Statement, ...]
    notes: tuple[str, ...]

    @property
    def forward(self) -> bool | None:
        """Whether he is one; None where the case does not say."""
        return None if self.case.position is None else self.case.position == "forward"

    @property
    def cleared(self) -> bool:
        """Whether a clearance has been seen."""
        return bool(np.isfinite(self.situation.high))

    @cached_property
    def evidence(self) -> Evidence:
        """The situation on a grid of days: one row, to be broadcast against the positions that he may have."""
        forward = [False, True] if self.forward is None else [self.forward]
        return replace(lay_out([self.situation], STEPS), forward=np.array(forward))


def standing(case: Case) -> Standing:
    """Sort out what was said: the open spell, whether he was cleared in it, and the last word of each source.

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
    statements = _statements(case, flags, notes)
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
        odds=np.nan,
        edges=np.array([s.until for s in statements if np.isfinite(s.until)]),
    )
    return Standing(case, situation, statements, tuple(notes))


def _kickoffs(case: Case, after: float, until: float) -> Array:
    days = np.sort([case.day(f.kickoff) for f in case.fixtures])
    return days[(days > after) & (days <= until)]


def _last_spell(case: Case) -> list[Bulletin]:
    """What was said since the last flag that followed a clearance, in the order in which it was said."""
    spell: list[Bulletin] = []
    for b in sorted(case.bulletins, key=lambda b: b.issued):
        relapsed = b.kind != "available" and any(before.kind == "available" for before in spell)
        spell = [b] if relapsed else [*spell, b]
    return spell


def _check_order(case: Case) -> None:
    """A clearance ends what was said before it, and cannot come in the moment of the injury."""
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


def _statements(case: Case, flags: Sequence[Bulletin], notes: list[str]) -> tuple[Statement, ...]:
    """The last word of each source; a date and a ``ruled_out`` that stand together are one."""
    found = []
    for source in dict.fromkeys(b.source for b in flags):
        said = [b for b in flags if b.source == source]
        last = said[-1]
        # What was said before still stands beside the last word if it was seen to when that was issued.
        stands = [b for b in said if b is last or b.seen >= last.issued]
        ruled_out = [b for b in stands if b.kind == "ruled_out" and last.kind != "chance"]
        flags_too = [b for b in stands if b.kind != "ruled_out"]
        statement = Statement(source=source, seen=case.day(last.seen))
        if flags_too:
            before = [b for b in said[: said.index(flags_too[-1])] if b.kind != "ruled_out"]
            statement = _with_flag(statement, case, [*before, flags_too[-1]], notes)
        if ruled_out and ruled_out[-1].until is not None:
            statement = replace(statement, until=case.day(ruled_out[-1].until))
        found.append(statement)
    if any(np.isfinite(s.until) for s in found):
        notes.append("How reliable “ruled out” is, is a proxy: how rarely players were back before a promised date.")
    return tuple(found)


def _with_flag(statement: Statement, case: Case, flags: Sequence[Bulletin], notes: list[str]) -> Statement:
    """The last of the flags of a source, and for how long it has said the same, in one bulletin or in several."""
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
    """What a flag says, the date it promises, and since when: once that has passed, nothing but "unknown"."""
    if flag.kind == "expected" and flag.expected is not None:
        if flag.expected > flag.seen:
            return FLAG_KINDS.index("expected"), flag.expected, flag.issued
        return FLAG_KINDS.index("unknown"), None, max(flag.issued, flag.expected)
    kind = {"chance": str(flag.chance), "own": None}.get(flag.kind, flag.kind)
    return NO_FLAG if kind is None else FLAG_KINDS.index(kind), None, flag.issued
