"""An open case on the day of a forecast, as a :class:`~forecast.evidence.situation.Situation` with statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

import numpy as np
import pandas as pd

from ..arrays import Array
from ..case.bulletin import Bulletin
from ..case.case import Case
from ..case.competition import scope_of
from ..io.errors import CaseError, Problem
from ..terms import BODY_PARTS, USUAL_FIXTURES
from .cells import CURVE_DAYS, forecast_cells
from .grid import Evidence, lay_out
from .likelihoods import likelihood_of
from .situation import CUP, EUROPE, LEAGUE, NO_FLAG, Situation, Statement, held_by, kind_weights, traits_of

_SCOPES = {"league": LEAGUE, "europe": EUROPE, "cup": CUP}
_TRAINING = 75.0  # percent, as which "back in training" is read
_A_WEEK = 7.0  # before the first fixture of a case that lists none before it


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
    ruled_out : tuple of RuledOut
        The days of which it was said that he would not play in them.
    stands : tuple of Bulletin
        Those bulletins that neither a later word of the same source nor a clearance has overtaken.
    notes : tuple of str
        What was read differently from how it was written.
    """

    case: Case
    situation: Situation
    statements: tuple[Statement, ...]
    ruled_out: tuple[RuledOut, ...]
    stands: tuple[Bulletin, ...]
    notes: tuple[str, ...]

    @property
    def cleared(self) -> bool:
        """Whether a clearance has been issued."""
        return bool(np.isfinite(self.situation.high))

    @property
    def evidence(self) -> Evidence:
        """The situation on a grid of days, in one row."""
        case, low, named = self.case, self.situation.low, any(s.likelihood is not None for s in self.statements)
        stretches = [(case.day(b.from_) - low, case.day(b.to) - low) for b in case.bulletins if b.from_ and b.to]
        promised, untils = [s.expected - low for s in self.statements], [r.until - low for r in self.ruled_out]
        return lay_out([self.situation], forecast_cells(promised, untils, stretches if named else [], fine=named))

    def day_by_day(self) -> OpenCase:
        """Return the case cut at every day of its curve; the numbers of its tables need no more cuts."""
        cuts = np.union1d(self.situation.low + CURVE_DAYS, self.situation.cuts)
        return replace(self, situation=replace(self.situation, cuts=cuts))


@dataclass(frozen=True)
class RuledOut:
    """The days since onset of which it was said that a player would not play in them: from ``since`` to ``until``."""

    since: float
    until: float


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
    clearances = [b.issued for b in spell if b.kind == "available"]
    end = min([case.as_of, *clearances])
    words = _last_words(_kept([b for b in spell if b.kind != "available"]), end)
    statements = tuple(_statement(case, word.history, end, notes) for word in words if word.history)
    now, low, high = case.day(case.as_of), case.day(case.as_of), np.inf
    if clearances:
        low = max((case.day(_seen(word.last, word.last, end)) for word in words), default=0.0)
        low, high = min(low, case.day(clearances[0]) - 1e-6), case.day(clearances[0])
        statements = tuple(replace(s, seen=min(s.seen, low), passed=0) for s in statements)
    untils = [] if clearances else [word.ruled_out for word in words if word.ruled_out is not None]
    ruled_out = tuple(RuledOut(case.day(b.issued), case.day(b.until)) for b in untils if b.until is not None)
    situation = _situation(case, now, low, high, _cuts(case, low, [r.until for r in ruled_out]))
    notes += _proxies(ruled_out, words)
    stands = () if clearances else tuple(b for word in words for b in word.stands)
    return OpenCase(case, situation, statements, ruled_out, stands, tuple(notes))


def _cuts(case: Case, low: float, untils: Sequence[float]) -> Array:
    """Return where a piece has to end: at each deadline, and at the days of the curve that are ruled out."""
    days, deadlines = low + CURVE_DAYS, [case.day(when) for when in case.deadlines.values()]
    return np.concatenate([deadlines, days[days < max(untils, default=low)], untils])


def _situation(case: Case, now: float, low: float, high: float, cuts: Array) -> Situation:
    """Put the player and the fixtures of a case into days, with nothing said."""
    fixtures = sorted((case.day(f.kickoff), _SCOPES[scope_of(f.competition)]) for f in case.fixtures)
    days, scope = np.array([day for day, _ in fixtures]), np.array([float(s) for _, s in fixtures])
    after = days > low
    before = days[~after].max(initial=-np.inf)
    if not np.isfinite(before):
        before = max(0.0, (days[after].min() if after.any() else low) - _A_WEEK)
    return Situation(
        now=now,
        low=low,
        high=high,
        missed=days[after & (days <= now)],
        ahead=days[days > now],
        before=float(before),
        traits=_traits(case),
        statement=Statement(since=low, seen=low),
        part=BODY_PARTS.index(case.body_part),
        scope=scope[after],
        cuts=cuts,
    )


def _traits(case: Case) -> Array:
    before = case.fixtures_before
    usual = case.usual_fixtures or USUAL_FIXTURES
    return traits_of(
        position=case.position,
        minutes=None if before is None or case.minutes_before is None else (case.minutes_before, before),
        year=None if case.usual_minutes is None else (case.usual_minutes * usual, usual),
        appearances=None if not before or case.appearances_before is None else (case.appearances_before, before),
        price=case.price,
        owned=case.owned,
    )


def _last_spell(case: Case) -> list[Bulletin]:
    """List the bulletins since the last flag that followed a clearance, in the order in which they were issued."""
    spell: list[Bulletin] = []
    for b in sorted(case.bulletins, key=_order):
        relapsed = b.kind != "available" and any(before.kind == "available" for before in spell)
        spell = [b] if relapsed else [*spell, b]
    return spell


def _order(b: Bulletin) -> tuple[pd.Timestamp, bool, bool, str, str]:
    """Order bulletins by when they were issued, of one moment a clearance last: it ends what is said beside it."""
    return b.issued, b.kind == "available", b.kind != "ruled_out", b.source, b.kind


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
            if b.kind != "available" and b.seen is not None and b.issued <= moment <= b.seen
        ]
    if problems:
        raise CaseError(problems)


def _kept(flags: Sequence[Bulletin]) -> list[Bulletin]:
    """Leave out what a later bulletin replaces."""
    return [b for b in flags if not any(r.replaces == b.source and b.issued < r.issued for r in flags)]


def _seen(b: Bulletin, last: Bulletin, end: pd.Timestamp) -> pd.Timestamp:
    """Return until when a bulletin stood: where it does not say, the newest of its source until now."""
    if b.seen is not None:
        return b.seen
    return end if b.issued == last.issued else b.issued


def _last_words(flags: Sequence[Bulletin], end: pd.Timestamp) -> list[_LastWord]:
    """Find what still stands of each source: the one rule of it, for the model and for the chart."""
    found = []
    for source in dict.fromkeys(b.source for b in flags):
        said = [b for b in flags if b.source == source]
        last = said[-1]
        # An earlier word stands beside the last one if it was seen to when that was issued. A percentage is of the
        # next fixture, so that it leaves no room for a "ruled out" of before.
        stands = [b for b in said if b is last or _seen(b, last, end) >= last.issued]
        ruled_out = [b for b in stands if b.kind == "ruled_out" and (last.kind != "chance" or b.issued == last.issued)]
        flagged = [b for b in stands if b.kind != "ruled_out"]
        history = [b for b in said[: said.index(flagged[-1]) + 1] if b.kind != "ruled_out"] if flagged else []
        found.append(_LastWord(last, tuple(history), ruled_out[-1] if ruled_out else None))
    return found


def _statement(case: Case, flags: Sequence[Bulletin], end: pd.Timestamp, notes: list[str]) -> Statement:
    """Put the last flag of a source into days, counted from when the same was first said, in any bulletin."""
    flag = flags[-1]
    meanings = _meanings(flags)
    meaning = meanings[-1]
    *_, (first, _) = takewhile(lambda said: said[1] == meaning, zip(reversed(flags), reversed(meanings), strict=True))
    seen = _seen(flag, flag, end)
    since, kinds, expected = case.day(first.issued), NO_FLAG, np.nan
    if flag.kind in ("expected", "unknown", "chance"):
        kinds = kind_weights(meaning[0], flag.chance)
        expected = case.day(flag.expected) if meaning[0] == "expected" and flag.expected is not None else np.nan
        if flag.kind != meaning[0]:
            notes.append("A promised date that had passed when it was named is read as no date.")
    passed = [f for f in case.fixtures if seen < f.kickoff <= case.as_of]
    if flag.kind == "chance":  # it is of the next league match
        passed = [f for f in passed if scope_of(f.competition) == "league"]
    of_no_match = flag.kind == "training"  # as a percentage whose match has passed
    if of_no_match:
        kinds = kind_weights("chance", _TRAINING)
    return Statement(
        since=since,
        seen=case.day(seen),
        kinds=kinds,
        expected=expected,
        last_round=flag.last_round,
        match_fitness=flag.match_fitness,
        passed=len(passed) + of_no_match,
        source=flag.source,
        likelihood=likelihood_of(flag),
        log_held=held_by(flag.chance) if flag.kind == "chance" and flag.chance is not None else 0.0,
    )


def _meanings(flags: Sequence[Bulletin]) -> list[tuple[Any, ...]]:
    """Return what each flag says; a date that had passed when it was first named is no date."""
    found: list[tuple[Any, ...]] = []
    for flag in flags:
        passed = flag.kind == "expected" and flag.expected is not None and flag.expected <= flag.issued
        if passed and (not found or found[-1][:2] != ("expected", flag.expected)):
            found.append(("unknown", *[None] * 6))
        else:
            found.append((flag.kind, flag.expected, flag.chance, flag.from_, flag.to, flag.sure, flag.likelihood))
    return found


def _proxies(ruled_out: Sequence[RuledOut], words: Sequence[_LastWord]) -> list[str]:
    """Note what is read by a stated rule, for want of data."""
    stands = [b for word in words for b in word.stands]
    kinds = {b.kind for b in stands}
    notes = []
    if ruled_out:
        notes.append(
            "“Ruled out” leaves a 3% chance (1% to 6%) to be fit before its end: assumed; the data have no such word."
        )
    if "between" in kinds:
        notes.append("“Fit between” counts as the speaker's own probability, level within and without.")
    if any(b.chance is not None and not 25 <= b.chance <= 75 for b in stands):
        notes.append("A chance below 25% or above 75% is read by its log odds from there: the data have no such flag.")
    if "training" in kinds:
        notes.append("“Back in training” is read as a 75% flag that speaks of no match, for want of data.")
    return notes
