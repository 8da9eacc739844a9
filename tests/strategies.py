"""Hypothesis strategies: whatever a case may hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

import forecast as fc
from forecast.evidence.situation import Situation, Statement

AS_OF = pd.Timestamp("2026-03-07T09:00Z")

names = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=60)
days = st.floats(0.01, 500.0)


def at(offset: float) -> pd.Timestamp:
    """So many days after the forecast."""
    return AS_OF + pd.Timedelta(days=offset)


@st.composite
def bulletins(draw, onset: float):
    """Something said between the onset, so many days ago, and the forecast."""
    issued = draw(st.floats(-onset, -0.2))
    kind = draw(st.sampled_from(["expected", "unknown", "chance", "ruled_out"]))
    detail = {
        "expected": {"expected": at(issued + draw(days))},
        "chance": {"chance": draw(st.sampled_from([25, 50, 75]))},
        "ruled_out": {"until": at(issued + draw(days))},
    }.get(kind, {})
    seen = at(draw(st.floats(issued, -0.1)))
    return fc.Bulletin(issued=at(issued), kind=kind, seen=seen, source=draw(names), **detail)


@st.composite
def cases(draw):
    """An open injury with any fixtures, bulletins and deadlines that are allowed."""
    onset = draw(st.floats(0.2, 400.0))
    kickoffs = draw(st.lists(days, min_size=1, max_size=12, unique=True))
    missed = draw(st.lists(st.floats(-onset, 0.0), max_size=4, unique=True))
    before = draw(st.none() | st.integers(0, 10))
    clearance = [fc.Bulletin(AS_OF, "available")] * draw(st.booleans())
    return fc.Case(
        player=draw(names),
        onset=at(-onset),
        as_of=AS_OF,
        fixtures=[fc.Fixture(draw(names), at(day)) for day in missed + kickoffs],
        bulletins=[*draw(st.lists(bulletins(onset), max_size=4)), *clearance],
        deadlines={name: at(day) for name, day in draw(st.dictionaries(names, days, max_size=3)).items()},
        position=draw(st.none() | st.sampled_from(["goalkeeper", "defender", "midfielder", "forward"])),
        fixtures_before=before,
        appearances_before=None if before is None else draw(st.integers(0, before)),
        grade=draw(st.none() | st.integers(1, 3)),
        tendon=draw(st.none() | st.booleans()),
    )


def two_source_flag(draw, source: str, issued: int, last: int) -> fc.Bulletin:
    """A flag of an hour, still seen at another up to ``last``; hours after onset."""
    kind = draw(st.sampled_from(["expected", "unknown", "chance", "ruled_out", "own"]))
    later = draw(st.integers(1, 3000))
    centre, width = draw(st.floats(0.0, 60.0)), draw(st.floats(1.0, 30.0))
    detail = {
        "expected": {"expected": hour(issued + later)},
        "chance": {"chance": draw(st.sampled_from([25, 50, 75]))},
        "ruled_out": {"until": hour(issued + later)},
        "own": {"likelihood": lambda days: 0.01 + 1.0 / (1.0 + ((days - centre) / width) ** 2)},
    }.get(kind, {})
    seen = draw(st.integers(issued, last))
    return fc.Bulletin(issued=hour(issued), kind=kind, seen=hour(seen), source=source, **detail)


def hour(h: int) -> pd.Timestamp:
    """So many hours after the onset of a :func:`histories` case."""
    return AS_OF + pd.Timedelta(hours=h)


@st.composite
def histories(draw, kinds: tuple[str, ...] = ("flag", "flag", "flag", "available"), most: int = 6):
    """An open injury with flags and clearances by two sources, in any order that is allowed; hours after onset."""
    now = draw(st.integers(1, 24 * 250))
    issued = sorted(draw(st.lists(st.integers(1, now), max_size=most, unique=True)))
    what = [draw(st.sampled_from(kinds)) for _ in issued]
    said = []
    for k, (h, kind) in enumerate(zip(issued, what, strict=True)):
        source = draw(st.sampled_from(["official", "club"]))
        if kind == "available":
            said.append(fc.Bulletin(issued=hour(h), kind="available", source=source))
        else:
            cleared = [later for later, other in zip(issued[k:], what[k:], strict=True) if other == "available"]
            said.append(two_source_flag(draw, source, h, min([now, *(later - 1 for later in cleared)])))
    hours = draw(st.lists(st.integers(-now, 24 * 300), max_size=9, unique=True))
    ahead = draw(st.integers(1, 24 * 60))
    before = draw(st.none() | st.integers(0, 10))
    appearances = None if before is None else draw(st.integers(0, before))
    return fc.Case(
        player="A. N. Example",
        onset=hour(0),
        as_of=hour(now),
        fixtures=[fc.Fixture(f"fixture {k}", hour(now + h)) for k, h in enumerate(dict.fromkeys([*hours, ahead]))],
        bulletins=draw(st.permutations(said)),
        deadlines={"soon": hour(now + 100)},
        position=draw(st.none() | st.sampled_from(["midfielder", "forward"])),
        fixtures_before=before,
        appearances_before=appearances,
        minutes_before=None if before is None else draw(st.none() | st.integers(0, 90 * appearances)),
    )


def parameters(priors, spread: float = 1.0) -> st.SearchStrategy[dict[str, float]]:
    """Values around the means of the priors, as far as a fit may go."""
    values = st.tuples(*(st.floats(m - spread * min(sd, 1.0), m + spread * min(sd, 1.0)) for m, sd in priors.values()))
    return values.map(lambda v: dict(zip(priors, v, strict=True)))


@st.composite
def situations(draw, cleared: bool | None = None):
    """A player at one moment as the grid takes it: days since onset."""
    now = draw(st.floats(0.5, 120.0))
    over = draw(st.booleans()) if cleared is None else cleared
    low = draw(st.floats(0.0, 0.8)) * now if over else now
    high = low + draw(st.floats(0.1, 1.0)) * (now - low) if over else np.inf
    missed = np.sort(low + (now - low) * np.array(draw(st.lists(st.floats(0.01, 1.0), max_size=3, unique=True))))
    ahead = now + np.sort(draw(st.lists(st.floats(0.05, 70.0), min_size=1, max_size=6, unique=True)))
    seen = low if over else now * draw(st.floats(0.3, 1.0))
    code = draw(st.integers(-1, 4))
    expected = seen + draw(st.floats(0.1, 60.0)) if code == 1 else np.nan
    until = seen + draw(st.floats(0.1, 60.0)) if draw(st.booleans()) and not over else -np.inf
    return Situation(
        now=now,
        low=low,
        high=high,
        missed=missed if over else np.empty(0),
        ahead=np.asarray(ahead, float),
        statement=Statement(seen, code, age=draw(st.floats(0.0, 1.0)) * seen, expected=expected, until=until),
        minutes_logit=draw(st.floats(-2.5, 3.5)),
        forward=draw(st.booleans()),
        edges=np.array([expected, until]),
    )
