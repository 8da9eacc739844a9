"""Many invented cases, ten fixtures each, in one process: ``python tests/benchmarks/many.py 100000``.

Prints the time of each, what is kept of each, and the peak of the process.
"""

import sys
from collections.abc import Iterator
from time import perf_counter

import numpy as np
import pandas as pd
from peak import memory

import forecast as fc

SAID = [{"kind": "expected", "expected": "2026-03-20"}, {"kind": "unknown"}, {"kind": "chance", "chance": 50}, None]
NOW = pd.Timestamp("2026-03-07T12:00Z")
AHEAD = np.arange(2.0, 42.0, 4.0)
PLAYED = {"position": "defender", "appearances_before": 8, "fixtures_before": 10, "minutes_before": 650}


def cases(count: int, **known: object) -> Iterator[fc.Case]:
    """Of every four cases one each with a date, without one, with a percentage and without a word."""
    for k, out in enumerate(np.linspace(4.0, 60.0, count)):
        said = SAID[k % len(SAID)]
        yield fc.Case(
            player=f"Invented {k}",
            onset=NOW - pd.Timedelta(days=float(out)),
            as_of=NOW,
            fixtures=[fc.Fixture(f"match {days:.0f}", NOW + pd.Timedelta(days=days)) for days in AHEAD],
            bulletins=[fc.Bulletin(issued=NOW - pd.Timedelta(days=2), source="club", **said)] if said else [],
            **known,
        )


def main(count: int) -> None:
    model = fc.default_model()
    model.forecast_many(cases(10))
    before, start = memory("VmRSS"), perf_counter()
    outlooks = model.forecast_many(cases(count))
    each, kept = (perf_counter() - start) / count, (memory("VmRSS") - before) / count
    assert len(outlooks) == count
    print(f"{count} cases: {1e3 * each:.1f} ms and {kept / 1e3:.1f} kB each, at most {memory('VmHWM') / 1e6:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]))
