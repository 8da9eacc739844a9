"""The worst inputs that are allowed, each at its limit: ``python tests/benchmarks/worst.py [NAME ...]``.

Prints the seconds of a processor and the peak of a process of its own for each, beyond those of ``import forecast``; what is
over a limit is refused in one line, which is printed. Fails where one takes 5 seconds or 400 MB.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from resource import RLIMIT_CPU, setrlimit
from time import process_time
from typing import Any

import pandas as pd
from peak import memory

import forecast as fc
from forecast.case.squad_file import read_squad
from forecast.io.errors import ProblemError

SECONDS, MEGABYTES, ENOUGH = 5.0, 400.0, 30
ONSET, AS_OF = pd.Timestamp("2025-09-14", tz="UTC"), pd.Timestamp("2025-10-03T09:00Z")
HEAD = 'player = "P"\nonset = 2025-09-14\nas_of = 2025-10-03T09:00:00Z\n'
FIXTURE = '[[fixtures]]\nfixture = "A v B"\nkickoff = 2025-10-04T14:00:00Z\n'


def days(count: float) -> pd.Timedelta:
    return pd.Timedelta(days=count)


def ahead(count: int) -> list[fc.Fixture]:
    return [fc.Fixture(f"match {i}", AS_OF + days(1.5 + 4.5 * i)) for i in range(count)]


def said(count: int, sources: int = 1, kind: str = "expected") -> list[fc.Bulletin]:
    """Statements, each of another moment of the injury."""
    moments = [AS_OF - days(18 * (i + 1) / (count + 1)) for i in range(count)]
    fields: dict[str, dict[str, Any]] = {"expected": {"expected": AS_OF + days(9)}, "chance": {"chance": 50}}
    return [fc.Bulletin(m, kind, source=f"s{i % sources}", **fields[kind]) for i, m in enumerate(moments)]


def asked(count: int = 150, **fields: Any) -> fc.Outlook:
    usual = {"player": "P", "onset": ONSET, "as_of": AS_OF, "fixtures": ahead(count)}
    return fc.default_model().forecast(fc.Case(**usual | fields))


def toml(text: str, folder: Path) -> object:
    (folder / "case.toml").write_text(text)
    return fc.default_model().forecast(fc.read_case(folder / "case.toml"))


def calendar(lines: Iterable[str], folder: Path) -> Path:
    text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *lines, "END:VCALENDAR", ""])
    (folder / "a.ics").write_text(text)
    return folder / "a.ics"


def event(i: int, start: str, *more: str, name: str = "A v B") -> list[str]:
    return ["BEGIN:VEVENT", f"UID:{i}", f"SUMMARY:{name} {i}x", f"DTSTART{start}", *more, "END:VEVENT"]


def in_zone(rules: int, first: int, events: int, folder: Path) -> object:
    rule = "BEGIN:STANDARD DTSTART:{}0101T000000 TZOFFSETFROM:+0000 TZOFFSETTO:+0{}00 RRULE:FREQ=YEARLY END:STANDARD"
    zone = [line for i in range(rules) for line in rule.format(first, i % 10).split()]
    starts = [f";TZID=Z:20251004T14{i % 60:02d}{i // 60:02d}" for i in range(events)]
    body = [line for i, start in enumerate(starts) for line in event(i, start)]
    return fc.Fixture.read(calendar(["BEGIN:VTIMEZONE", "TZID:Z", *zone, "END:VTIMEZONE", *body], folder))


def series(count: int, rule: str, folder: Path, only: str | None = None, *more: str) -> object:
    body = [line for i in range(count) for line in event(i, f":20251004T14{i % 60:02d}00Z", f"RRULE:{rule}", *more)]
    return fc.Fixture.read(calendar(body, folder), only)


def squad(rows: int, text: str, file: str, folder: Path) -> object:
    (folder / file).write_text(text)
    lines = [f"P{i},2025-09-14,2025-10-03T09:00Z,{file},B {i}x" for i in range(rows)]
    (folder / "squad.csv").write_text("\n".join(["player,onset,as_of,fixtures,only", *lines]))
    cases, errors = read_squad(folder / "squad.csv")
    return errors[0] if errors else fc.default_model().forecast_many(cases)


def squad_of_a_calendar(rows: int, folder: Path) -> object:
    body = [line for i in range(5000) for line in event(i, f":202510{4 + i % 28:02d}T140000Z")]
    return squad(rows, calendar(body, folder).read_text(), "a.ics", folder)


def squad_of_a_table(rows: int, folder: Path) -> object:
    lines = [f"A v B {i}x,2025-10-{4 + i % 28:02d}T14:00Z" for i in range(27_000)]
    return squad(rows, "\n".join(["fixture,kickoff", *lines]), "a.csv", folder)


def log(records: int, folder: Path) -> object:
    from forecast.commands.cases import log_record
    from forecast.scoring.forecast_log import append, read_log

    record = log_record(asked(20))
    append(folder / "l.jsonl", [record | {"player": f"P{i}"} for i in range(records)])
    return read_log(folder / "l.jsonl")


INPUTS: dict[str, Callable[[Path], object]] = {
    "TOML: 20,000 dots in a key": lambda f: toml(HEAD + "a" + ".a" * 20_000 + " = 1\n" + FIXTURE, f),
    "TOML: 19,990 keys of 4 parts": lambda f: toml(HEAD + "".join(f"a{i}{'.' + 'a' * 10}{'.a' * 2} = 1\n" for i in range(19_990)) + FIXTURE, f),
    "TOML: keys in one line": lambda f: toml(HEAD + "a = {" + ", ".join(f"a{i}.a.a.a = 1" for i in range(50_000)) + "}\n" + FIXTURE, f),
    "TOML: nested lists, 1 MB": lambda f: toml(HEAD + "a = " + "[" * 400_000 + "]" * 400_000 + "\n" + FIXTURE, f),
    "TOML: nested tables": lambda f: toml(HEAD + "a = " + "{a=" * 200_000 + "1" + "}" * 200_000 + "\n" + FIXTURE, f),
    "TOML: 1,000 fixtures": lambda f: toml(HEAD + "".join(f'[[fixtures]]\nfixture = "A {i}"\nkickoff = "{2010 + i // 80}-01-{i % 28 + 1:02d}"\n' for i in range(999)) + FIXTURE, f),
    "TOML: 14,000 tables": lambda f: toml(HEAD + FIXTURE * 14_000, f),
    "TOML: 100,000 digits": lambda f: toml(HEAD + "grade = " + "9" * 900_000 + "\n" + FIXTURE, f),
    "calendar: 150 rules in a zone": lambda f: in_zone(150, 1900, 900, f),
    "calendar: a zone at its limit": lambda f: in_zone(20, 1997, 3500, f),
    "calendar: 5,000 events": lambda f: fc.Fixture.read(calendar([x for i in range(5000) for x in event(i, ":20251004T140000Z")], f), "B 17"),
    "calendar: endless series": lambda f: series(5000, "FREQ=DAILY", f),
    "calendar: postponed series": lambda f: series(5000, "FREQ=DAILY", f, None, "STATUS:CANCELLED"),
    "calendar: series left out": lambda f: series(5000, "FREQ=WEEKLY", f, "no such club"),
    "calendar: series of few steps": lambda f: series(5, "FREQ=WEEKLY;INTERVAL=60;BYDAY=SA", f),
    "calendar: dates excepted": lambda f: series(20, "FREQ=WEEKLY", f, None, "EXDATE:" + ",".join(["20251004T140000Z"] * 2500)),
    "squad: 200 rows, 200 filters of a calendar": lambda f: squad_of_a_calendar(200, f),
    "squad: 200 rows, 200 filters of a table": lambda f: squad_of_a_table(200, f),
    "statements: 300 of 12 sources": lambda f: asked(bulletins=said(300, 12)),
    "statements: 300 of 300 sources": lambda f: asked(bulletins=said(300, 300)),
    "statements: 300, news": lambda f: asked(bulletins=said(300, 12)).news(),
    "statements: 30 of 12 sources, news": lambda f: asked(bulletins=said(30, 12)).news(),
    "statements: 300 of 12 sources, timeline": lambda f: asked(bulletins=said(300, 12)).plot(f / "a.png", kind="timeline"),
    "statements: 300 percentages, page": lambda f: asked(bulletins=said(300, 12, "chance")).to_html(f / "a.html"),
    "sources: 1,000": lambda f: asked(bulletins=said(300, 300) * 4),
    "deadlines: 50 on a chart": lambda f: asked(deadlines={f"d{i}": AS_OF + days(i + 1) for i in range(50)}).plot(f / "a.png"),
    "deadlines: 1,000": lambda f: asked(deadlines={f"d{i}": AS_OF + days(i / 10 + 1) for i in range(1000)}).plot(f / "a.png"),
    "chart: 150 fixtures": lambda f: asked().plot(f / "a.png"),
    "timeline: 150 fixtures missed, 150 ahead": lambda f: asked(onset="2024-01-01", fixtures=[*(fc.Fixture(f"m{i}", AS_OF - days(4 * i + 1)) for i in range(150)), *ahead(150)], bulletins=said(30, 12)).plot(f / "a.svg", kind="timeline"),
    "timeline: 850 fixtures missed": lambda f: asked(onset="2023-01-01", fixtures=[*(fc.Fixture(f"m{i}", AS_OF - days(i + 1)) for i in range(850)), *ahead(150)]).plot(f / "a.png", kind="timeline"),
    "choices: of 150": lambda f: asked().choices(of=150),
    "choices: of 60": lambda f: asked().choices(of=60),
    "draws of 150": lambda f: asked().draws(),
    "page of 150, all at its limit": lambda f: asked(bulletins=said(300, 12), deadlines={f"d{i}": AS_OF + days(i + 1) for i in range(50)}).to_html(f / "a.html"),
    "dates: onset 1900, as_of 2199": lambda f: asked(onset="1900-01-01", as_of="2199-10-03", fixtures=[fc.Fixture("A", "2199-10-04")]),
    "dates: a hundred years out": lambda f: asked(onset="1926-01-01", fixtures=[*(fc.Fixture(f"m{i}", AS_OF - days(42 * i + 1)) for i in range(850)), *ahead(150)]),
    "table: 1 MB of fixtures": lambda f: (f / "a.csv").write_text("fixture,kickoff\n" + "A v B,2025-10-04\n" * 58_000) and fc.Fixture.read(f / "a.csv", "no such club"),
    "table: 1 MB of columns": lambda f: (f / "a.csv").write_text("a," * 490_000) and fc.Fixture.read(f / "a.csv"),
    "log: 2,000 forecasts": lambda f: log(2000, f),
}  # fmt: skip


def one(name: str) -> None:
    """Print the seconds and MB of an input, and how it was refused where it was."""
    idle, refused = memory("VmRSS"), ""
    with tempfile.TemporaryDirectory() as folder:
        start = process_time()
        try:
            found = INPUTS[name](Path(folder))
        except ProblemError as error:
            found = error
        took = process_time() - start
    if isinstance(found, ProblemError):
        refused = str(found)[:160]
        assert len(refused.splitlines()) == 1, refused
    print(f"{took:.2f}\t{(memory('VmHWM') - idle) / 1e6:.0f}\t{refused}")


def main(names: list[str]) -> int:
    over = 0
    for name in (n for n in INPUTS if any(part in n for part in names or [""])):
        run = [sys.executable, __file__, "--one", name]
        limited = partial(setrlimit, RLIMIT_CPU, (ENOUGH, ENOUGH))
        done = subprocess.run(run, capture_output=True, text=True, check=False, preexec_fn=limited)
        if done.returncode:
            over += 1
            why = done.stderr.strip().splitlines() or [f"stopped after {ENOUGH} s"]
            print(f"{name:44} OVER {why[-1][:200]}", flush=True)
            continue
        seconds, megabytes, refused = done.stdout.rstrip("\n").split("\t")
        is_over = float(seconds) >= SECONDS or float(megabytes) >= MEGABYTES
        over += is_over
        print(f"{name:44} {seconds:>6} s {megabytes:>5} MB {'OVER ' * is_over}{refused}", flush=True)
    return min(over, 1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2])
    else:
        sys.exit(main(sys.argv[1:]))
