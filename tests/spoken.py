"""What was said of one player, and how it is read."""

import forecast as fc
from forecast.evidence.open_case import OpenCase, open_case
from forecast.evidence.situation import Statement
from forecast.terms import FLAG_KINDS
from invented import FIXTURES


def on(day: int, kind: str, seen: int | None = None, **detail) -> fc.Bulletin:
    """Said at noon of a day of March, and last seen at noon of another."""
    last = None if seen is None else f"2026-03-{seen:02d}T12:00Z"
    return fc.Bulletin(f"2026-03-{day:02d}T12:00Z", kind, seen=last, **detail)


def stands(*bulletins: fc.Bulletin, **change) -> OpenCase:
    """The onset is 1 March 00:00, the forecast 7 March 12:00."""
    fields = {"player": "x", "onset": "2026-03-01", "as_of": "2026-03-07T12:00Z", "fixtures": FIXTURES}
    return open_case(fc.Case(**fields | change, bulletins=bulletins))


def only(*bulletins: fc.Bulletin) -> Statement:
    (statement,) = stands(*bulletins).statements
    return statement


def kind(s: Statement) -> str | None:
    """What a statement says, where it is one thing."""
    return FLAG_KINDS[s.kinds.argmax()] if s.kinds.any() else None


def in_competition(f: fc.Fixture, competition: str | None) -> fc.Fixture:
    return fc.Fixture(f.fixture, f.kickoff, competition=competition)
