"""Hypothesis strategies: whatever a case may hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

import forecast as fc
from forecast.evidence.situation import TRAITS, Situation, Statement, kind_weights
from forecast.terms import BODY_PARTS, LAST_ROUNDS

AS_OF = pd.Timestamp("2026-03-07T09:00Z")

names = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=60)
days = st.floats(0.01, 500.0)


def at(offset: float) -> pd.Timestamp:
    """So many days after the forecast."""
    return AS_OF + pd.Timedelta(days=offset)


KINDS = ("expected", "unknown", "chance", "training", "between", "ruled_out", "own")
PLAYER = {
    "position": st.sampled_from(["goalkeeper", "defender", "midfielder", "forward"]),
    "grade": st.integers(1, 3),
    "tendon": st.booleans(),
    "price": st.floats(3.0, 20.0),
    "owned": st.floats(0.0, 100.0),
}


def likelihoods():
    """How likely something is said, of the days that remain: highest around one of them."""
    return st.tuples(st.floats(0.0, 60.0), st.floats(1.0, 30.0)).map(
        lambda c: lambda days: 0.01 + 1.0 / (1.0 + ((days - c[0]) / c[1]) ** 2)
    )


@st.composite
def details(draw, kind: str, at: Callable[[float], pd.Timestamp]):
    """The fields that go with a kind; ``at`` is a moment so many days after it is issued."""
    found: dict[str, Any] = {}
    if kind in ("expected", "unknown", "chance"):
        found["last_round"] = draw(st.none() | st.sampled_from([0, 25, 50, 75, 100]))
        found["match_fitness"] = draw(st.booleans())
    if kind == "expected":
        found["expected"] = at(draw(days))
    elif kind == "chance":
        found["chance"] = draw(st.integers(1, 99))
    elif kind == "ruled_out":
        found["until"] = at(draw(days))
    elif kind == "own":
        found["likelihood"] = draw(likelihoods())
    elif kind == "between":
        begin = draw(st.floats(-3.0, 200.0))
        end = max(begin, 0.0) + 0.05 + draw(days)  # more than an hour: some cases are drawn by the hour
        found |= {"from_": at(begin), "to": at(end), "sure": draw(st.floats(0.5, 0.99))}
    return found


@st.composite
def bulletins(draw, onset: float):
    """Something said between the onset, so many days ago, and the forecast."""
    issued = draw(st.floats(-onset, -0.2))
    kind = draw(st.sampled_from(KINDS))
    return fc.Bulletin(
        issued=at(issued),
        kind=kind,
        seen=draw(st.none() | st.floats(issued, -0.1).map(at)),
        source=draw(names),
        replaces=draw(st.none() | names | st.just("official")),
        **draw(details(kind, lambda later: at(issued + later))),
    )


@st.composite
def players(draw):
    """What may be known of a player."""
    known = {name: draw(st.none() | values) for name, values in PLAYER.items()}
    known["body_part"] = draw(st.sampled_from(["hamstring", "thigh", "calf", "groin", "muscle"]))
    if (before := draw(st.none() | st.integers(0, 10))) is not None:
        appearances = draw(st.integers(0, before))
        minutes = draw(st.none() | st.integers(0, 90 * appearances))
        known |= {"fixtures_before": before, "appearances_before": appearances, "minutes_before": minutes}
    if (usual := draw(st.none() | st.floats(0.0, 90.0))) is not None:
        known |= {"usual_minutes": usual, "usual_fixtures": draw(st.none() | st.integers(1, 60))}
    return known


COMPETITIONS = st.none() | st.sampled_from(["Premier League", "La Liga", "Champions League", "FA Cup", "friendly"])


@st.composite
def fixtures(draw, kickoffs: list[float]):
    """Matches of any name and competition, none of them twice."""
    drawn = {(draw(names), at(day)): draw(COMPETITIONS) for day in kickoffs}
    return [fc.Fixture(*fixture, competition) for fixture, competition in drawn.items()]


@st.composite
def cases(draw):
    """An open injury with any fixtures, bulletins and deadlines that are allowed."""
    onset = draw(st.floats(0.2, 400.0))
    kickoffs = draw(st.lists(days, min_size=1, max_size=12, unique=True))
    missed = draw(st.lists(st.floats(-onset, 0.0), max_size=4, unique=True))
    clearance = [fc.Bulletin(AS_OF, "available")] * draw(st.booleans())
    return fc.Case(
        player=draw(names),
        onset=at(-onset),
        as_of=AS_OF,
        fixtures=draw(fixtures(missed + kickoffs)),
        bulletins=[*draw(st.lists(bulletins(onset), max_size=4, unique_by=lambda b: (b.issued, b.source))), *clearance],
        deadlines={name: at(day) for name, day in draw(st.dictionaries(names, days, max_size=3)).items()},
        **draw(players()),
    )


def two_source_flag(draw, source: str, issued: int, last: int) -> fc.Bulletin:
    """A flag of an hour, still seen at another up to ``last``; hours after onset."""
    kind = draw(st.sampled_from(KINDS))
    return fc.Bulletin(
        issued=hour(issued),
        kind=kind,
        seen=draw(st.none() | st.integers(issued, last).map(hour)),
        source=source,
        replaces=draw(st.none() | st.sampled_from(["official", "club"])),
        **draw(details(kind, lambda later: hour(issued) + pd.Timedelta(days=later).ceil("h"))),
    )


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
    return fc.Case(
        player="A. N. Example",
        onset=hour(0),
        as_of=hour(now),
        fixtures=[fc.Fixture(f"fixture {k}", hour(now + h)) for k, h in enumerate(dict.fromkeys([*hours, ahead]))],
        bulletins=draw(st.permutations(said)),
        deadlines={"soon": hour(now + 100)},
        **draw(players()),
    )


def parameters(priors, spread: float = 1.0) -> st.SearchStrategy[dict[str, float]]:
    """Values around the means of the priors, as far as a fit may go."""
    values = st.tuples(*(st.floats(m - spread * min(sd, 1.0), m + spread * min(sd, 1.0)) for m, sd in priors.values()))
    return values.map(lambda v: dict(zip(priors, v, strict=True)))


def exact(days):
    """Days whose sums have no error, so that two that are equal on paper are equal: of 1/1024."""
    return np.round(1024.0 * np.asarray(days, float)) / 1024.0


@st.composite
def situations(draw, cleared: bool | None = None):
    """A player at one moment as the grid takes it: days since onset."""
    now = float(exact(draw(st.floats(0.5, 120.0))))
    over = draw(st.booleans()) if cleared is None else cleared
    low = float(exact(draw(st.floats(0.0, 0.8)) * now)) if over else now
    high = low + float(exact(draw(st.floats(0.1, 1.0)) * (now - low))) if over else np.inf
    missed = np.unique(exact(low + (now - low) * np.array(draw(st.lists(st.floats(0.02, 1.0), max_size=3)))))
    missed = missed if over else np.empty(0)
    ahead = np.unique(now + exact(draw(st.lists(st.floats(0.05, 70.0), min_size=1, max_size=6))))
    fixtures = len(missed) + len(ahead)
    return Situation(
        now=now,
        low=low,
        high=high,
        missed=missed,
        ahead=ahead,
        before=low * draw(st.floats(0.0, 1.0)),
        traits=np.array(draw(st.lists(st.floats(-1.5, 2.0), min_size=len(TRAITS), max_size=len(TRAITS)))),
        statement=draw(statements(low)),
        part=draw(st.integers(0, len(BODY_PARTS) - 1)),
        scope=np.array(draw(st.lists(st.sampled_from([0.0, 1.0, 2.0]), min_size=fixtures, max_size=fixtures))),
        cuts=low + np.unique(exact(draw(st.lists(st.floats(0.0, 90.0), max_size=3)))),
    )


@st.composite
def statements(draw, low: float):
    """What was last said up to a day: nothing, or a flag of any kind."""
    seen = low * draw(st.floats(0.3, 1.0))
    since = seen * draw(st.floats(0.0, 1.0))
    kind = draw(st.sampled_from(["", "unknown", "expected", "25", "60", "75", "90"]))
    if not kind:
        return Statement(since, seen)
    return Statement(
        since,
        seen,
        kind_weights("chance", float(kind)) if kind.isdigit() else kind_weights(kind),
        expected=since + draw(st.floats(0.1, 60.0)) if kind == "expected" else np.nan,
        last_round=draw(st.sampled_from([np.nan, *map(float, LAST_ROUNDS)])),
        match_fitness=draw(st.booleans()),
        passed=draw(st.integers(0, 2)),
    )
