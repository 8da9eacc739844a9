"""Cases of a valid shape with evil values: whatever a field holds, the case is read or refused, and a forecast keeps its rules.

    python -m tests.hostile_fields 20000

draws so many cases, by the fields of a case, of bulletins and of the columns of fixtures, as Python objects, as a case file has
them or as a row of a squad. It prints how many were refused and why. A traceback, a warning, a problem of more than one line, five
seconds for a case, or an outlook that breaks a rule (see ``broken``) is a failure, and the case is printed with its number.
"""

from __future__ import annotations

import random
import signal
import sys
import time
import warnings
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

import forecast as fc
from forecast.case.case_file import case_of
from forecast.io.errors import ProblemError
from forecast.io.limits import MAX_AHEAD, MAX_BULLETINS, MAX_SOURCES

SECONDS = 5
AS_OF = datetime(2025, 10, 3, 9)
EVIL: list[Any] = [
    None, np.nan, pd.NaT, pd.NA, np.datetime64("NaT"), "", "  ", "NaN", "\x00", "a\nb", "\u202e", "x" * 201, -1, 0, 1e308, -np.inf, np.inf, 10**400, True, b"bytes", [], {}, object(),
    "1900-01-01", "2200-12-31", "9999-12-31", "0001-01-01", np.datetime64("2025-10"), pd.Timestamp.min, "25/12/2025", "75%", "soon",
]  # fmt: skip
EVIL_FIELDS = [0, 0, 0, 0, 0, 0, 0, 1, 1, 2]  # how many of a case hold something evil
FAR = 0.0


def moment(rng: random.Random, low: float, high: float) -> Any:
    """A moment some days before or after the forecast, in one of the forms that people have."""
    when = AS_OF + timedelta(days=rng.uniform(low, high))
    stamp = pd.Timestamp(when.replace(microsecond=0), tz="UTC")
    forms = [
        stamp,
        stamp.isoformat(),
        stamp.to_pydatetime(),
        stamp.tz_convert("Asia/Kathmandu"),
        when.date(),
        f"{when:%Y-%m-%d}",
    ]
    return rng.choice([*forms, pd.Timestamp(when.date()), stamp.as_unit("ns") + pd.Timedelta(1, "ns")])


def bulletin(rng: random.Random, out: float) -> dict[str, Any]:
    kind = rng.choice(["expected", "unknown", "chance", "between", "training", "ruled_out", "available"])
    issued = rng.uniform(-out + 1, -0.1) if out > 1.2 else -0.05
    said: dict[str, Any] = {
        "issued": moment(rng, issued, issued),
        "kind": kind,
        "source": rng.choice(["club", "paper", "Ünïted \u00a0x"]),
    }
    if rng.random() < 0.3:
        said["replaces"] = rng.choice(["club", "official"])
    later = rng.choice([0.5, 3, 20, 200, 700])
    of_kind: dict[str, dict[str, Any]] = {
        "expected": {"expected": moment(rng, issued, later), "last_round": rng.choice([0, 25.0, "75", None])},
        "chance": {
            "chance": rng.choice([1, 25, 50.0, "75", "75%", np.int8(99)]),
            "match_fitness": rng.choice([True, False, None]),
        },
        "between": {"from": moment(rng, 2, 4), "to": moment(rng, 6, 9 + later), "sure": rng.choice([0.5, "80%", 0.99])},
        "ruled_out": {"until": moment(rng, 1, 1 + later)},
    }
    return said | of_kind.get(kind, {})


def drawn(rng: random.Random) -> dict[str, Any]:
    """The table of a case, as a case file has it."""
    out = rng.choice([0.5, 3, 20, 100, 700, 9000])
    ahead = [
        moment(rng, 0.1 if rng.random() < 0.2 else 1.2, rng.choice([3, 30, 300, 700]))
        for _ in range(rng.choice([1, 2, 6, 20]))
    ]
    missed = [moment(rng, -out, -0.1) for _ in range(rng.choice([0, 0, 2, 10]))]
    names, cups = (
        ["Rovers v Town", "浦和 v 横浜", "A\u200b v B (TBC)", "x" * 200],
        [None, "", "FA Cup", "Premier League", "Serie A", np.nan],
    )
    table: dict[str, Any] = {
        "player": rng.choice(["A. N. Example", "O\u2019Neil \u0301", "<b>$x^2$"]),
        "onset": moment(rng, -out, -out),
        "as_of": pd.Timestamp(AS_OF, tz="UTC"),
        "fixtures": [{"fixture": f"{rng.choice(names)[:190]} {i}", "kickoff": k, "competition": rng.choice(cups)} for i, k in enumerate(missed + ahead)],
        "bulletins": [bulletin(rng, out) for _ in range(rng.choice([0, 1, 2, 4]))],
        "deadlines": [{"deadline": f"d{i}", "when": moment(rng, 0.1, 100)} for i in range(rng.choice([0, 1, 5]))],
    }  # fmt: skip
    known = {
        "position": "forward",
        "grade": 2.0,
        "tendon": True,
        "price": "7,5",
        "owned": "12%",
        "usual_minutes": 71.5,
        "body_part": "calf",
    }
    table |= {name: value for name, value in known.items() if rng.random() < 0.4}
    for _ in range(rng.choice(EVIL_FIELDS)):
        entry = rng.choice([table, *table["fixtures"], *table["bulletins"], *table["deadlines"]])
        entry[rng.choice([name for name in entry if not isinstance(entry[name], list)])] = rng.choice(EVIL)
    return table


def made(table: dict[str, Any], rng: random.Random) -> fc.Case:
    """The case of a table, by one of the doors."""
    if rng.random() < 0.5:
        return case_of(table, lambda *_: [], rng.choice([None, "Europe/London"]))
    fixtures = pd.DataFrame(table["fixtures"]).rename(
        columns={"fixture": "Game", "kickoff": rng.choice(["Date", "kickoff_time"])}
    )
    said = [fc.Bulletin(**{"from_" if k == "from" else k: v for k, v in b.items()}) for b in table["bulletins"]]
    dates = {d["deadline"]: d["when"] for d in table["deadlines"] if isinstance(d["deadline"], str)}
    return fc.Case(**table | {"fixtures": fixtures, "bulletins": said, "deadlines": dates})


def numbers(outlook: fc.Outlook, name: str = "p_fit") -> np.ndarray:
    return outlook.fixtures[name].to_numpy()


def broken(outlook: fc.Outlook, rng: random.Random) -> list[str]:
    """The rules of DESIGN that can be seen on one outlook: those that it breaks."""
    case, model, f = outlook.case, outlook.model, outlook.fixtures
    p = f[[c for c in f if c.startswith("p_")]].to_numpy()
    wrong = {
        "a probability": ((p < -1e-12) | (p > 1 + 1e-12) | ~np.isfinite(p)).any(),
        "a band": any(
            ((f[f"{n}_low"] > f[n] + 1e-9) | (f[f"{n}_high"] < f[n] - 1e-9)).any()
            for n in ("p_fit", "p_plays", "p_returns")
        ),
        "p_fit falls": (np.diff(f.p_fit) < -1e-9).any(),
        "returns above plays": (f.p_returns > f.p_plays + 1e-9).any(),
        "plays above fit": (f.p_plays > f.p_fit + 1e-9).any(),
        "returns add up": abs(outlook.returns().p.sum() - 1) > 1e-9,
    }
    turned = replace(
        case,
        fixtures=rng.sample(case.fixtures, len(case.fixtures)),
        bulletins=rng.sample(case.bulletins, len(case.bulletins)),
    )
    wrong["8 order"] = not np.array_equal(numbers(model.forecast(turned)), numbers(outlook))
    last = max(k.kickoff for k in case.fixtures)
    if len(f) < MAX_AHEAD and last < case.as_of + pd.Timedelta(days=700):
        further = replace(case, fixtures=(*case.fixtures, fc.Fixture("further", last + pd.Timedelta(days=20))))
        wrong["1 far"] = (np.abs(numbers(model.forecast(further))[: len(f)] - numbers(outlook)) > FAR).any()
    free = (
        len(case.bulletins) < MAX_BULLETINS
        and len({b.source for b in case.bulletins}) < MAX_SOURCES
        and not outlook.cleared
    )
    if free:
        of, now = "one more", case.as_of
        dates = [fc.Bulletin(now, "expected", expected=now + pd.Timedelta(days=d), source=of) for d in (3, 10, 30)]
        flags = [fc.Bulletin(now, "chance", chance=c, source=of) for c in (75, 50, 25)]
        for rule, said in (("7 dates", dates), ("7 percentages", flags)):
            found = [numbers(outlook.given(b)) for b in said]
            wrong[rule] = any((later > sooner + 1e-9).any() for sooner, later in zip(found, found[1:], strict=False))
        until = now + pd.Timedelta(days=12)
        out = numbers(outlook.given(fc.Bulletin(now, "ruled_out", until=until, source=of)))
        wrong["4 ruled out"] = (
            out[(f.kickoff <= until).to_numpy()]
            > np.minimum(0.03, numbers(outlook)[(f.kickoff <= until).to_numpy()]) + 1e-9
        ).any()
    return [rule for rule, is_wrong in wrong.items() if is_wrong]


def attempt(number: int, rules: bool = True) -> str:
    """What became of a case: "forecast" or why it was "refused"; anything else is raised."""
    rng = random.Random(number)
    table = drawn(rng)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            outlook = fc.default_model().forecast(made(table, rng))
            wrong = broken(outlook, rng) if rules else []
    except ProblemError as error:
        problem = error
    else:
        assert not wrong, f"broken: {', '.join(wrong)}"
        return "forecast"
    assert 0 < len(str(problem).splitlines()) == len(problem.problems), "a problem of more or less than one line"
    return f"refused: {problem.problems[0].field.partition('[')[0].partition(':')[0] or problem.problems[0].entry}"


def run(count: int, first: int = 0) -> Counter[str]:
    """Try so many cases, each by its number."""
    seen = Counter[str]()

    def too_long(*_: object) -> None:
        raise TimeoutError(f"over {SECONDS} seconds")

    signal.signal(signal.SIGPROF, too_long)  # of its own time: a machine may be busy
    for number in range(first, first + count):
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            seen[attempt(number)] += 1
        except Exception as error:
            raise AssertionError(f"case {number} broke it: {error!r}\n{drawn(random.Random(number))}") from error
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    return seen


def main() -> None:
    """Try cases and print what became of them."""
    count, start = int(sys.argv[1]) if len(sys.argv) > 1 else 2000, time.monotonic()
    seen = run(count, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    print("\n".join(f"{many:6d} {what}" for what, many in seen.most_common()), f"\n{time.monotonic() - start:.0f} s")
    assert seen["forecast"] > 2 * count / 3, "a third is refused"


if __name__ == "__main__":
    main()
