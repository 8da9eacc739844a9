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
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import forecast as fc
from forecast.case.case_file import case_of
from forecast.case.squad_file import read_squad
from forecast.io.errors import ProblemError
from forecast.io.limits import MAX_AHEAD, MAX_BULLETINS, MAX_SOURCES

SECONDS = 5
AS_OF = datetime(2025, 10, 3, 9)
EVIL: list[Any] = [
    None, np.nan, pd.NaT, pd.NA, np.datetime64("NaT"), "", "  ", "NaN", "\x00", "a\nb", "\u202e", "x" * 201, -1, 0, 1e308, -np.inf, np.inf, 10**400, True, b"bytes", [], {}, object(),
    "1900-01-01", "2200-12-31", "9999-12-31", "0001-01-01", np.datetime64("2025-10"), pd.Timestamp.min, "25/12/2025", "75%", "soon",
]  # fmt: skip
EVIL_FIELDS = [0, 0, 0, 0, 0, 0, 0, 1, 1, 2]  # how many of a case hold something evil
FAR = 1e-12  # the last bit of a product of matrices is of their shape
EVE = {25: 0.2, 50: 0.5, 75: 0.7}  # of what it was two days before, the least that a percentage is hours before
MIXTURE = 0.003  # of odd injuries on a grid of days; tests/outlook/test_rules.py holds 0.001 for usual ones
MONTHS = [
    "januar",
    "fevrier",
    "marzo",
    "april",
    "mei",
    "juni",
    "juillet",
    "agosto",
    "september",
    "outubro",
    "novembre",
    "Dez.",
]
ANOTHER = "one more"  # source, which no case has


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
        rng.choice(of_words(stamp)),
        rng.choice(of_numbers(stamp)),
    ]
    return rng.choice([*forms, pd.Timestamp(when.date()), stamp.as_unit("ns") + pd.Timedelta(1, "ns")])


def of_words(stamp: pd.Timestamp) -> list[str]:
    """Texts of a moment, or of its day: months in words, days first where they can only be, zones by their letters."""
    london = stamp.tz_convert("Europe/London")
    month = MONTHS[stamp.month - 1]
    first = f"{stamp:%d/%m/%Y}" if stamp.day > 12 else f"{stamp:%d.%m.%Y}"
    return [
        f"{stamp:%d %B %Y}", f"{stamp:%a %d %b %Y}", f"{stamp:%B} {stamp.day}, {stamp.year}", f"{stamp.day}. {month} {stamp.year}",
        first, f"{stamp:%Y/%m/%d %H:%M} UTC", f"{stamp:%d %b %Y, %H:%M:%S} GMT", f"{london:%Y-%m-%d %H:%M:%S %Z}", f"{london:%d.%m.%Y %H:%M:%S} {london:%Z}",
        f"{stamp:%Y-%m-%dT%H:%M:%SZ}", f"{london:%a, %d %b %Y %H:%M:%S %z}", f"{london:%a %b %d %Y %H:%M:%S} GMT{london:%z} (a zone)",
    ]  # fmt: skip


def of_numbers(stamp: pd.Timestamp) -> list[Any]:
    """Numbers that stand for a moment, or for its day: those of Excel, of Unix, and dates without marks."""
    days = (stamp.tz_localize(None) - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)
    seconds = int(stamp.timestamp())
    return [days, f"{days:.10f}", int(days), str(int(days)), seconds, str(seconds), 1000 * seconds, f"{stamp:%Y%m%d}"]


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


def made(table: dict[str, Any], rng: random.Random, folder: Path) -> fc.Case:
    """The case of a table, by one of the doors."""
    door = rng.choice(["file", "squad", "python", "python"])
    if door == "file":
        return case_of(table, lambda *_: [], rng.choice([None, "Europe/London"]))
    fixtures = pd.DataFrame(table["fixtures"]).rename(
        columns={"fixture": "Game", "kickoff": rng.choice(["Date", "kickoff_time"])}
    )
    if door == "squad":
        return row_of_squad(table, fixtures, rng.choice([None, "Europe/London"]), folder)
    said = [fc.Bulletin(**{"from_" if k == "from" else k: v for k, v in b.items()}) for b in table["bulletins"]]
    dates = {d["deadline"]: d["when"] for d in table["deadlines"] if isinstance(d["deadline"], str)}
    return fc.Case(**table | {"fixtures": fixtures, "bulletins": said, "deadlines": dates})


def row_of_squad(table: dict[str, Any], fixtures: pd.DataFrame, tz: str | None, folder: Path) -> fc.Case:
    """The case of a row of a squad, with the last of its bulletins and its fixtures in a file."""
    fixtures.to_csv(folder / "fixtures.csv", index=False)
    known = {name: value for name, value in table.items() if not isinstance(table[name], list)}
    row = known | {"fixtures": "fixtures.csv"} | (table["bulletins"][-1] if table["bulletins"] else {})
    pd.DataFrame([row]).to_csv(folder / "squad.csv", index=False)
    cases, errors = read_squad(folder / "squad.csv", tz=tz)
    if errors:
        raise errors[0]
    return cases[0]


def numbers(outlook: fc.Outlook, name: str = "p_fit") -> np.ndarray:
    return outlook.fixtures[name].to_numpy()


def is_odd(outlook: fc.Outlook, _: random.Random) -> bool:
    """Something is no probability, a band without what it is of, or lies above what holds it."""
    f = outlook.fixtures
    p = f[[c for c in f if c.startswith("p_")]].to_numpy()
    return bool(
        ((p < -1e-12) | (p > 1 + 1e-12) | ~np.isfinite(p)).any()
        or any(
            ((f[f"{n}_low"] > f[n] + 1e-9) | (f[f"{n}_high"] < f[n] - 1e-9)).any()
            for n in ("p_fit", "p_plays", "p_returns")
        )
        or (np.diff(f.p_fit) < -1e-9).any()
        or (f.p_returns > f.p_plays + 1e-9).any()
        or (f.p_plays > f.p_fit + 1e-9).any()
        or abs(outlook.returns().p.sum() - 1) > 1e-9
    )


def changed_by_a_later_fixture(outlook: fc.Outlook, _: random.Random) -> bool:
    """Rule 1."""
    case, ahead = outlook.case, len(outlook.fixtures)
    last = max(f.kickoff for f in case.fixtures)
    if ahead == MAX_AHEAD or last >= case.as_of + pd.Timedelta(days=700):
        return False
    further = replace(case, fixtures=(*case.fixtures, fc.Fixture("further", last + pd.Timedelta(days=20))))
    return bool((np.abs(numbers(outlook.model.forecast(further))[:ahead] - numbers(outlook)) > FAR).any())


def fades_at_the_eve(outlook: fc.Outlook, rng: random.Random) -> bool:
    """Rule 2: of a percentage seen six hours before a league match is left what it meant two days before."""
    case, plays = outlook.case, []
    chance = rng.choice([*EVE])
    flag = fc.Bulletin(case.as_of, "chance", chance=chance, last_round=None)
    for hours in (6, 48):
        first = fc.Fixture("first", case.as_of + pd.Timedelta(hours=hours))
        missed = [f for f in case.fixtures if f.kickoff <= case.as_of]
        plays.append(outlook.model.forecast(replace(case, fixtures=[*missed, first], bulletins=[flag], deadlines={})))
    near, far = (o.fixtures.p_plays[0] for o in plays)
    return bool(near < EVE[chance] * far)


def is_raised_by_a_ruling_out(outlook: fc.Outlook, _: random.Random) -> bool:
    """Rule 4."""
    until = outlook.case.as_of + pd.Timedelta(days=12)
    told = outlook.given(fc.Bulletin(outlook.case.as_of, "ruled_out", until=until, source=ANOTHER))
    before = (outlook.fixtures.kickoff <= until).to_numpy()
    return bool((numbers(told)[before] > np.minimum(0.03, numbers(outlook)[before]) + 1e-9).any())


def is_no_mixture_of_tomorrow(outlook: fc.Outlook, _: random.Random) -> bool:
    """Rule 6, of a tomorrow that comes before the next match, and with nothing new said.

    At the estimate: draws are not weighed by how many of them would have him out still, of which some hours old tell most.
    """
    case, model = outlook.case, replace(outlook.model, covariance=0.0 * outlook.model.covariance, draws=1)
    later = case.as_of + min(pd.Timedelta(days=1), (case.ahead()[0].kickoff - case.as_of) / 2).floor("s")
    silence = fc.Bulletin(case.as_of, "own", seen=case.as_of, likelihood=np.ones_like, source=ANOTHER)
    said = seen_until_now(case) or [silence]
    now, tomorrow = model.forecast(case), replace(case, as_of=later, bulletins=said)
    fit, out = now.p_fit_by(later), model.forecast(tomorrow)
    lifted = fc.Bulletin(later, "available", source=ANOTHER)
    back = model.forecast(replace(tomorrow, bulletins=(*said, lifted)))
    return any(
        np.abs(fit * numbers(back, name) + (1 - fit) * numbers(out, name) - numbers(now, name)).max() > MIXTURE
        for name in ("p_fit", "p_plays")
    )


def breaks_dates(outlook: fc.Outlook, _: random.Random) -> bool:
    """Rule 7."""
    now = outlook.case.as_of
    dates = [fc.Bulletin(now, "expected", expected=now + pd.Timedelta(days=d), source=ANOTHER) for d in (3, 10, 30)]
    flags = [fc.Bulletin(now, "chance", chance=c, source=ANOTHER) for c in (75, 50, 25)]
    found = [[numbers(outlook.given(b)) for b in said] for said in (dates, flags)]
    return any((later > sooner + 1e-9).any() for one in found for sooner, later in pairwise(one))


def depends_on_order(outlook: fc.Outlook, rng: random.Random) -> bool:
    """Rule 8."""
    turned = {name: rng.sample(entries, len(entries)) for name, entries in (
        ("fixtures", outlook.case.fixtures), ("bulletins", outlook.case.bulletins)
    )}  # fmt: skip
    return not np.array_equal(numbers(outlook.model.forecast(replace(outlook.case, **turned))), numbers(outlook))


def is_as_likely_in_a_cup(outlook: fc.Outlook, rng: random.Random) -> bool:
    """Rule 9: a percentage is of a league match, less of one in Europe, least of one in a cup."""
    case, first = outlook.case, outlook.case.ahead()[0]
    flag = fc.Bulletin(case.as_of, "chance", chance=rng.choice([25, 50, 75]), source=ANOTHER)
    plays = []
    for name in (None, "La Liga", "Champions League", "FA Cup"):
        fixtures = [replace(f, competition=name) if f == first else f for f in case.fixtures]
        told = outlook.model.forecast(replace(case, fixtures=fixtures, bulletins=(*case.bulletins, flag)))
        plays.append(numbers(told, "p_plays")[0])
    blank, league, europe, cup = plays
    return bool(blank != league or europe > league + 1e-9 or cup > europe + 1e-9)


def does_not_stand_still(outlook: fc.Outlook, _: random.Random) -> bool:
    """Rule 10: where ``seen`` is left out, the newest statement of a source stands until now."""
    told = replace(outlook.case, bulletins=seen_until_now(outlook.case))
    return not np.array_equal(numbers(outlook.model.forecast(told)), numbers(outlook))


def seen_until_now(case: fc.Case) -> list[fc.Bulletin]:
    """The bulletins of a case, of which the newest of each source say that they are seen at the forecast."""
    newest: dict[str, pd.Timestamp] = {}
    for b in case.bulletins:
        newest[b.source] = max(newest.get(b.source, b.issued), b.issued)
    return [b if b.seen or b.issued < newest[b.source] else replace(b, seen=case.as_of) for b in case.bulletins]


EVERY: dict[str, Callable[[fc.Outlook, random.Random], bool]] = {
    "numbers": is_odd,
    "1 far": changed_by_a_later_fixture,
    "8 order": depends_on_order,
}
OF_THE_OUT = {  # who has not been cleared; one rule for each case, by turns
    "2 eve": fades_at_the_eve,
    "4 ruled out": is_raised_by_a_ruling_out,
    "6 time": is_no_mixture_of_tomorrow,
    "7 dates": breaks_dates,
    "9 scope": is_as_likely_in_a_cup,
    "10 still": does_not_stand_still,
}


def broken(outlook: fc.Outlook, rng: random.Random, rules: int = 3) -> list[str]:
    """The rules of DESIGN that can be seen on one outlook: those that it breaks, of the slow ones some by turns."""
    more = rng.sample([*OF_THE_OUT], rules) if not outlook.cleared and has_room(outlook.case) else []
    asked = EVERY | {rule: OF_THE_OUT[rule] for rule in more}
    return [rule for rule, is_broken in asked.items() if is_broken(outlook, rng)]


def has_room(case: fc.Case) -> bool:
    return len(case.bulletins) < MAX_BULLETINS and len({b.source for b in case.bulletins}) < MAX_SOURCES


def attempt(number: int, rules: int = 3) -> str:
    """What became of a case: "forecast" or why it was "refused"; anything else is raised."""
    rng = random.Random(number)
    table = drawn(rng)
    try:
        with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
            warnings.simplefilter("error")
            outlook = fc.default_model().forecast(made(table, rng, Path(folder)))
            wrong = broken(outlook, rng, rules)
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
