"""Cases that are hard to draw."""

from __future__ import annotations

import forecast as fc
from strategies import AS_OF, at

SAID = fc.Bulletin
LONG = "Wolverhampton Wanderers v Brighton and Hove Albion, round 12"
EVERY_THIRD_DAY = [2 + 3 * i for i in range(10)]


def case(offsets, name="Rovers v United", **fields) -> fc.Case:
    """Fixtures so many days after the forecast."""
    fixtures = [fc.Fixture(f"{name} {i}" if name != LONG else LONG, at(day)) for i, day in enumerate(offsets, 1)]
    return fc.Case(**{"player": "A. N. Example", "onset": at(-15), "as_of": AS_OF, "fixtures": fixtures} | fields)


HARD = {
    "twelve fixtures in thirty days": case([1 + 2.5 * i for i in range(12)]),
    "ten fixtures three days apart": case(EVERY_THIRD_DAY),
    "names of sixty letters": case(EVERY_THIRD_DAY, LONG),
    "names of two hundred letters": case([4, 8, 12], "W" * 195, player="M" * 200),
    "names in other scripts": case([3, 9], "東京 v สยาม v Динамо v Ολυμπιακός v الأهلي", player="本田 圭佑 हरि"),
    "one fixture, within the hour": case([0.03]),
    "one fixture in a month": case([30]),
    "one fixture in two years": case([729]),
    "two on a day": case([3, 3.01, 9]),
    "injured this minute": case([3, 6], onset=AS_OF),
    "deadlines past and far away": case([4, 8], deadlines={"passed": at(-3), "soon": at(6), "World Cup": at(600)}),
    "a deadline with a long name": case([4, 8], deadlines={"x" * 150: at(6), "M" * 150: at(700)}),
    "dates reported, past and far away": case(
        [4, 8],
        bulletins=[
            SAID(at(-9), "expected", expected=at(-1), source="a"),
            SAID(at(-9), "ruled_out", until=at(6), source="b"),
            SAID(at(-9), "expected", expected=at(600), source="c"),
        ],
    ),
    "cleared": case([4, 8], bulletins=[SAID(at(-9), "unknown"), SAID(at(-1), "available")]),
    "fifteen bulletins": case([4, 8], bulletins=[SAID(at(-14 + 0.9 * i), "chance", chance=25) for i in range(15)]),
    "names that look like formulas": case([4, 8], r"$\frac$ of $x_{", player="$5 for $b$"),
}
HARD |= {f"as of {hour:02}:13": case([0.2, 1.1, 2.3], as_of=f"2026-03-06T{hour:02}:13Z") for hour in (0, 12, 23)}
SPANS = {f"{days} days": case([days]) for days in (1, 3, 6, 10, 20, 45, 75, 120, 250, 400)}
