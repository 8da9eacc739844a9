"""Invented injuries of every sort that the model tells apart."""

import numpy as np

import forecast as fc

FIXTURES = [fc.Fixture(f"march {day}", f"2026-03-{day:02d}T20:00Z") for day in (1, 4, 9, 14, 21)]
PLAYED = {"fixtures_before": 10, "appearances_before": 8, "minutes_before": 610}
DATE = fc.Bulletin("2026-03-05T12:00Z", "expected", expected="2026-03-20")
UNTIL = fc.Bulletin("2026-03-05T12:00Z", "ruled_out", until="2026-03-13T12:00Z")
DOUBT = fc.Bulletin("2026-03-06T12:00Z", "chance", chance=25, source="club")
DOCTOR = fc.Bulletin("2026-03-06", "own", likelihood=lambda days: np.exp(-(((days - 9) / 4) ** 2)), source="doctor")
CLEARED = [fc.Bulletin("2026-02-28T12:00Z", "unknown"), fc.Bulletin("2026-03-06T12:00Z", "available")]
CASES = {
    "nothing said": {},
    "all known": {**PLAYED, "position": "forward", "bulletins": [DATE]},
    "a date and ruled out, and a second source": {**PLAYED, "bulletins": [DATE, UNTIL, DOUBT]},
    "ruled out alone": {"position": "defender", "bulletins": [UNTIL]},
    "a likelihood of his own": {**PLAYED, "bulletins": [DOCTOR, DATE]},
    "appearances known, minutes not": {"fixtures_before": 10, "appearances_before": 3, "bulletins": [DOUBT]},
    "cleared, two missed": {"bulletins": CLEARED, "position": "midfielder"},
    "cleared, all known": {**PLAYED, "bulletins": CLEARED, "position": "midfielder"},
    "a new spell": {**PLAYED, "bulletins": [*CLEARED[:1], fc.Bulletin("2026-03-02T12:00Z", "available"), DATE]},
}


def case(**change) -> fc.Case:
    fields = {"player": "x", "onset": "2026-02-20", "as_of": "2026-03-07T12:00Z", "fixtures": FIXTURES}
    return fc.Case(**fields | change)
