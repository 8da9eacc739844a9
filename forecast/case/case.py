"""One open injury: the player, the onset, the fixtures and the bulletins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

import pandas as pd

from .. import html
from ..io.dates import day_of, no_later
from ..io.errors import MISSING, CaseError
from ..io.fields import Checker, Time, days_between, set_fields
from ..io.frames import is_frame
from ..io.limits import (
    HORIZON_DAYS,
    MAX_AHEAD,
    MAX_BULLETINS,
    MAX_COVARIATES,
    MAX_DEADLINES,
    MAX_ENTRIES,
    MAX_SOURCES,
    PAST_DAYS,
)
from ..io.values import is_blank
from ..terms import BODY_PARTS, END, FIXTURES_BEFORE, GRADES, POSITIONS, START
from ..wording import days, full_date, written
from .bulletin import Bulletin, clashes, statement
from .fixture import Fixture, listed, twice
from .fixture_files import rows_of
from .later import case_toml, rewound, updated

E = TypeVar("E")


@dataclass(frozen=True, init=False)
class Case:
    """An open injury on the day of the forecast. Frozen; ``dataclasses.replace`` makes a changed one.

    Unless a bulletin cleared him he is taken to be still out at ``as_of``.

    Parameters
    ----------
    player : str
    onset : date, datetime or str
        The match in which he was hurt, or the first public word of the injury; a bare date begins at 00:00.
    as_of : date, datetime or str
        The moment of the forecast; a bare date ends at 23:59:59. Nothing later may be in the case.
    fixtures : sequence of Fixture, or DataFrame
        His team's matches; a table has the columns ``fixture``, ``kickoff`` and perhaps ``competition``, and is read
        as :meth:`Fixture.read` does. Those up to ``as_of`` he missed; at least one must follow, within two years.
    bulletins : sequence of Bulletin, optional
    deadlines : mapping of str to date, datetime or str, optional
        Days by which one wants to know whether he is fit; a bare date ends at 23:59:59.
    position : {"goalkeeper", "defender", "midfielder", "forward"}, optional
    appearances_before, fixtures_before, minutes_before : int, optional
        Of his team's last league fixtures up to and with the one of the injury, at most 10: how many he
        appeared in, how many there were, and the minutes he played. Averaged over where left out.
    grade : {0, 1, 2, 3}, optional
        Of the injury on MRI (modified Peetrons): nothing to be seen, oedema, a partial tear, a total one.
    tendon : bool, optional
        Whether the intramuscular tendon is involved. What grade and tendon change is in the notes of the outlook.
    usual_minutes : float, optional
        His minutes per league fixture that he was available for, over the last year, 0 to 90.
    usual_fixtures : int, optional
        How many fixtures those were, 1 to 60; taken to be 30 where only the minutes are given.
    price, owned : float, optional
        Of the fantasy feed: his price in millions, 3 to 20, and the percentage of teams that own him, 0 to 100. What a
        game pays for him says who is picked. Averaged over the players of the fit where left out, as the usual
        minutes are.
    body_part : {"hamstring", "thigh", "calf", "groin", "muscle"}, optional
        What is hurt.
    covariates : mapping of str to float, optional
        Further numbers of him and of the injury, by the names of the columns that a model was fitted with (see
        :func:`forecast.fit`); what is left out counts as average.
    notes : sequence of str, optional
        What the outlook is to say of how the case was read, beside what ``Fixture.read`` notes.

    Raises
    ------
    CaseError
        One line for each problem.

    Examples
    --------
    >>> import forecast as fc
    >>> case = fc.Case(
    ...     player="A. N. Example",
    ...     onset="2025-09-14",
    ...     as_of="2025-10-03T09:00Z",
    ...     fixtures=[fc.Fixture("Rovers v United", "2025-10-04T14:00Z")],
    ... )
    >>> round(case.day(case.as_of), 3)
    19.375
    """

    player: str
    onset: pd.Timestamp
    as_of: pd.Timestamp
    fixtures: tuple[Fixture, ...]
    bulletins: tuple[Bulletin, ...]
    deadlines: dict[str, pd.Timestamp] = field(hash=False)
    position: str | None
    appearances_before: int | None
    fixtures_before: int | None
    minutes_before: int | None
    grade: int | None
    tendon: bool | None
    usual_minutes: float | None
    usual_fixtures: int | None
    price: float | None
    owned: float | None
    body_part: str
    covariates: dict[str, float] = field(hash=False)
    notes: tuple[str, ...] = field(compare=False)

    rewound, updated, to_toml = rewound, updated, case_toml

    def __init__(
        self,
        player: str,
        onset: Time,
        as_of: Time,
        fixtures: Iterable[Fixture] | pd.DataFrame,
        bulletins: Iterable[Bulletin] = (),
        deadlines: Mapping[str, Time] | None = None,
        position: str | None = None,
        appearances_before: int | None = None,
        fixtures_before: int | None = None,
        minutes_before: int | None = None,
        grade: int | None = None,
        tendon: bool | None = None,
        usual_minutes: float | None = None,
        usual_fixtures: int | None = None,
        price: float | None = None,
        owned: float | None = None,
        body_part: str = "hamstring",
        covariates: Mapping[str, float] | None = None,
        notes: Iterable[str] = (),
    ) -> None:
        with Checker() as check:
            set_fields(
                self,
                player=check.text("player", player),
                onset=check.time("onset", onset, START),
                as_of=check.time("as_of", as_of, END),
            )
            matches, noted = _fixtures(check, fixtures)
            told = [notes] if isinstance(notes, str) else () if notes is None else notes
            set_fields(
                self,
                fixtures=matches,
                bulletins=_entries(check, "bulletins", bulletins, Bulletin, MAX_BULLETINS),
                deadlines={} if deadlines is None else _deadlines(check, deadlines),
                position=check.maybe(check.choice, "position", position, POSITIONS),
                **_played(check, fixtures_before, appearances_before, minutes_before),
                **_scanned(check, grade, tendon),
                **_usual(check, usual_minutes, usual_fixtures),
                price=check.maybe(check.number, "price", price, 3, 20),
                owned=check.maybe(check.number, "owned", owned, 0, 100),
                body_part=check.maybe(check.choice, "body_part", body_part, BODY_PARTS) or BODY_PARTS[0],
                covariates=check.numbers("covariates", covariates, MAX_COVARIATES),
                notes=tuple(dict.fromkeys([*_entries(check, "notes", told, str), *noted, *twice(matches)])),
            )
            if check.good("as_of", "bulletins"):
                set_fields(self, bulletins=tuple(_by_now(b, self.as_of, day_of(as_of)) for b in self.bulletins))
            check.problems += clashes(self.bulletins)
            if check.good("onset", "as_of"):
                _check_times(check, self)

    def day(self, moment: pd.Timestamp) -> float:
        """Days since onset."""
        return days_between(self.onset, moment)

    def _repr_html_(self) -> str:
        of_him = {
            "body part": self.body_part if self.body_part != "hamstring" else None,
            "position": self.position,
            "appearances before": self.appearances_before,
            "fixtures before": self.fixtures_before,
            "minutes before": self.minutes_before,
            "usual minutes": self.usual_minutes,
            "usual fixtures": self.usual_fixtures,
            "price": self.price,
            "owned": self.owned,
            "MRI grade": self.grade,
            "tendon": self.tendon,
            **self.covariates,
        }
        known = "".join(f"; {name}: {value}" for name, value in of_him.items() if value is not None)
        lead = f"Out since {full_date(self.onset, html.UTC)}, {days(self.day(self.as_of))}{known}."
        entries = [("missed", f.fixture, f.kickoff) for f in self.fixtures if f.kickoff <= self.as_of]
        entries += [("said", f"{b.source}: {statement(b, html.UTC)}", b.issued) for b in self.bulletins]
        entries += [("ahead", f.fixture, f.kickoff) for f in self.ahead()]
        entries += [("deadline", name, when) for name, when in self.deadlines.items()]
        rows = [
            ["" if i else kind, name, html.when(when, self.as_of)]
            for kind, group in groupby(entries, key=itemgetter(0))
            for i, (_, name, when) in enumerate(sorted(group, key=itemgetter(2, 1)))
        ]
        title = f"{self.player}, as of {html.full_moment(self.as_of)}"
        return html.page(title, lead, html.table(["", "", "UTC"], rows, names=1))

    def ahead(self) -> list[Fixture]:
        """The fixtures after ``as_of``, in order of kick-off and of their names."""
        return sorted((f for f in self.fixtures if f.kickoff > self.as_of), key=lambda f: (f.kickoff, f.fixture))


def _fixtures(check: Checker, fixtures: Any) -> tuple[tuple[Fixture, ...], tuple[str, ...]]:
    """Return the fixtures and what is to be noted of them."""
    if not is_frame(fixtures):
        return _entries(check, "fixtures", fixtures, Fixture), getattr(fixtures, "notes", ())
    try:
        found = listed(rows_of(fixtures, "fixtures[{}]"))
        return tuple(found), found.notes
    except CaseError as error:
        check.problems += error.located(entry="fixtures").problems
        return (), ()


def _entries(check: Checker, field: str, values: Any, kind: type[E], most: int = MAX_ENTRIES) -> tuple[E, ...]:
    entries = tuple(values) if isinstance(values, Iterable) and not isinstance(values, str | Mapping) else None
    if entries is None or not all(isinstance(entry, kind) for entry in entries):
        check.fail(field, values, f"must be a list of {kind.__name__}")
        return ()
    if len(entries) > most:
        check.fail(field, f"{len(entries)} entries", f"must be at most {most}")
        return ()
    return entries


def _deadlines(check: Checker, deadlines: object) -> dict[str, pd.Timestamp]:
    if not isinstance(deadlines, Mapping):
        check.fail("deadlines", deadlines, "must be names, each with a date")
        return {}
    if len(deadlines) > MAX_DEADLINES:
        check.fail("deadlines", f"{len(deadlines)} entries", f"must be at most {MAX_DEADLINES}")
        return {}
    found: dict[str, pd.Timestamp] = {}
    for given, when in deadlines.items():
        name = check.text("deadlines", given)
        if name in found:
            check.fail("deadlines", given, "must stand there once")
        found[name] = check.time(f"deadlines: {given}", when)
    return found


def _by_now(b: Bulletin, as_of: pd.Timestamp, day: date) -> Bulletin:
    """Return a bulletin of a bare date as issued and seen no later than the forecast of that day."""
    issued, seen = no_later(b.issued, as_of, day), None if b.seen is None else no_later(b.seen, as_of, day)
    return b if (issued, seen) == (b.issued, b.seen) else replace(b, issued=issued, seen=seen)


def _played(check: Checker, fixtures: object, appearances: object, minutes: object) -> dict[str, int | None]:
    """Check the appearances and minutes before the injury: no more than the fixtures allow."""
    before = check.maybe(check.whole, "fixtures_before", fixtures, FIXTURES_BEFORE)
    if is_blank(fixtures) and not (is_blank(appearances) and is_blank(minutes)):
        check.fail("fixtures_before", MISSING, "must be given with appearances_before or minutes_before")
    most = FIXTURES_BEFORE if before is None or not check.good("fixtures_before") else before
    appeared = check.maybe(check.whole, "appearances_before", appearances, most)
    most = most if appeared is None or not check.good("appearances_before") else appeared
    played = check.maybe(check.whole, "minutes_before", minutes, 120 * most)
    return {"fixtures_before": before, "appearances_before": appeared, "minutes_before": played}


def _scanned(check: Checker, grade: Any, tendon: object) -> dict[str, int | bool | None]:
    """Check what the MRI showed."""
    found = check.maybe(check.choice, "grade", grade, GRADES)
    involved = check.maybe(check.flag, "tendon", tendon)
    if check.good("grade", "tendon") and found == 0 and involved:
        check.fail("tendon", True, "must not be true for grade 0, on which nothing is seen")
    return {"grade": found, "tendon": involved}


def _usual(check: Checker, minutes: object, fixtures: object) -> dict[str, float | None]:
    """Check how much the player plays when available."""
    if is_blank(minutes) and not is_blank(fixtures):
        check.fail("usual_minutes", MISSING, "must be given with usual_fixtures")
    return {
        "usual_minutes": check.maybe(check.number, "usual_minutes", minutes, 0, 90),
        "usual_fixtures": check.maybe(check.whole, "usual_fixtures", fixtures, most=60, least=1),
    }


def _check_times(check: Checker, case: Case) -> None:
    """Check the order of the onset, the bulletins, the forecast and the fixtures."""
    as_of, onset = written(case.as_of), written(case.onset)
    first, last = (case.as_of + pd.Timedelta(days=days) for days in (-PAST_DAYS, HORIZON_DAYS))
    if not first <= case.onset <= case.as_of:
        check.fail("as_of", as_of, f"must not be before onset, {onset}, nor {PAST_DAYS} days after it")
        return
    if check.good("fixtures") and not case.ahead():
        none = f"{len(case.fixtures)} up to as_of"
        check.fail("fixtures", none, f"must have one that kicks off after as_of, {as_of}")
    if len(case.ahead()) > MAX_AHEAD:
        check.fail("fixtures", f"{len(case.ahead())} after as_of", f"must be at most {MAX_AHEAD}")
    seen: set[tuple[str, pd.Timestamp]] = set()
    allowed = f"must be at most {HORIZON_DAYS} days after as_of, and {PAST_DAYS} before"
    for i, f in enumerate(case.fixtures):
        entry = f"fixtures[{i + 1}]"
        if (f.fixture, f.kickoff) in seen:
            check.fail("fixture", f.fixture, "must stand there once", entry)
        seen.add((f.fixture, f.kickoff))
        if not first <= f.kickoff <= last:
            check.fail("kickoff", written(f.kickoff), allowed, entry)
    for i, b in enumerate(case.bulletins):
        entry = f"bulletins[{i + 1}]"
        if b.issued > case.as_of:
            check.fail("issued", written(b.issued), f"must not be after as_of, {as_of}", entry)
        elif b.seen is not None and b.seen > case.as_of:
            check.fail("seen", written(b.seen), f"must not be after as_of, {as_of}", entry)
        if b.issued < case.onset:
            check.fail("issued", written(b.issued), f"must not be before onset, {onset}", entry)
    if (sources := len({b.source for b in case.bulletins})) > MAX_SOURCES:
        check.fail("bulletins", f"{sources} sources", f"must be at most {MAX_SOURCES}")
    for name, when in case.deadlines.items():
        if not first <= when <= last:
            check.fail(f"deadlines: {name}", written(when), allowed)
