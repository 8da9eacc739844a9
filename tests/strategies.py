"""Hypothesis strategies: whatever a case may hold."""

from __future__ import annotations

import pandas as pd
from hypothesis import strategies as st

import forecast as fc

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
    )
