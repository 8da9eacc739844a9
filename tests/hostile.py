"""Inputs that were spoiled at random: whatever a file holds, it is read or refused, and nothing worse happens.

    python -m tests.hostile 100000

spoils so many of each kind of input: case files, fixtures in CSV files and calendars, models, lists of injuries, logs, a
table of dates, the tables of past injuries and those of a club, the files of the official feed. It prints how many were read, refused and forecast, fitted
or scored. A traceback, a warning, a problem that is not one line, a number that is none, ten seconds for one input or a gigabyte of
memory in all is a failure; the input that caused it is kept. The tests run fewer of them.
"""

from __future__ import annotations

import json
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import forecast as fc
from forecast.case.squad_file import read_squad
from forecast.commands.cases import log_record
from forecast.evidence.readings import readings_of
from forecast.io.errors import ProblemError
from forecast.io.read import data_folder
from forecast.scoring import forecast_log as log
from forecast.scoring.outcomes import score_log

LONGEST = 1_200_000  # bytes, a little over what is read
SECONDS = 10  # for one input
MEGABYTES = 1000  # for all of them
PAST = ("episodes", "fixtures", "bulletins")  # the tables of past injuries
OWN = ("dates", *PAST, "injuries", "matches", "statuses")  # all tables of one's own
FEED = {"feed": "bootstrap-static.json", "feed, fixtures": "fixtures.json", "feed, minutes": "live-27.json"}
READING = Path(__file__).parent / "feed" / "readings" / "2024-03-07T1657Z"
EVERY = {  # one in so many is forecast, fitted or scored
    **dict.fromkeys(("case", "csv", "ics", "model", "squad"), 5),
    "log": 1,
    **dict.fromkeys(FEED, 5),
    **dict.fromkeys(OWN, 10),
}

CASE = b"""\
player = "A. N. Example"
onset = 2025-09-14
as_of = 2025-10-03T09:00:00+02:00
position = "midfielder"
appearances_before = 9
fixtures_before = 10
minutes_before = 800
usual_minutes = 71.5
usual_fixtures = 28
price = 6.5
owned = 3.2
body_part = "calf"
fixtures = { file = "rovers.ics", only = "Rovers" }
[[bulletins]]
issued = 2025-09-20
seen = 2025-10-02
kind = "expected"
expected = 2025-10-18
source = "club"
[[bulletins]]
issued = 2025-09-21
kind = "ruled_out"
until = 2025-10-12
[[bulletins]]
issued = "2025-09-27"
kind = "between"
from = 2025-10-04
to = 2025-10-18
sure = 0.8
source = "doctor"
replaces = "paper"
[[bulletins]]
issued = 2025-09-29
kind = "chance"
chance = 30
last_round = 0
match_fitness = true
source = "paper"
[[bulletins]]
issued = 2025-09-30
kind = "training"
source = "agent"
[[bulletins]]
issued = "2025-10-01"
kind = "available"
[[deadlines]]
deadline = "squad announced"
when = 2025-10-10
"""
CALENDAR = b"""\
BEGIN:VCALENDAR\r
VERSION:2.0\r
X-WR-TIMEZONE:Europe/London\r
BEGIN:VTIMEZONE\r
TZID:Mine\r
BEGIN:STANDARD\r
DTSTART:20201025T020000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0000\r
END:STANDARD\r
BEGIN:DAYLIGHT\r
DTSTART:20200329T010000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
TZOFFSETFROM:+0000\r
TZOFFSETTO:+0100\r
END:DAYLIGHT\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
UID:1\r
SUMMARY:Rovers v City\\, a name that is so long that it is\r
  folded\r
DTSTART;TZID=Mine:20251004T150000\r
RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=5;BYDAY=SA,TU\r
EXDATE;TZID=Mine:20251018T150000\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:1\r
RECURRENCE-ID;TZID=Mine:20251014T150000\r
SEQUENCE:2\r
STATUS:TENTATIVE\r
SUMMARY:Rovers v City (TBC)\r
DTSTART;VALUE=DATE:20251015\r
END:VEVENT\r
END:VCALENDAR\r
"""
DATES = b"""\
start,end,out,watched
2024-08-24,2024-09-14,no,
2024-10-05,2024-12-14,false,2024-10-10
2025-01-18,,true,
2025-03-08T15:00Z,2025-04-19,yes,
2025-08-30,2025-09-27,0,2025-08-01
"""
CLUB = {
    "injuries": b"""\
player,onset,position,followed_until
Ash,2025-08-30,forward,
Beech,2025-09-24T10:00Z,defender,2025-12-01
""",
    "matches": b"""\
kickoff,player,minutes
2025-08-30T14:00Z,Ash,30
2025-09-13,Beech,90
2025-09-27T14:00Z,Ash,0
2025-10-04T14:00Z,Ash,20
2025-10-18T14:00Z,Beech,15.5
""",
    "statuses": b"""\
player,moment,kind,expected,chance
Ash,2025-09-01,unknown,,
Ash,2025-09-12T12:00Z,expected,2025-09-27,
Beech,2025-09-25,expected,2025-10-18,
Beech,2025-10-15,chance,,75
Ash,2025-09-26,available,,
""",
}
WORDS = [
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b" ", b'"', b"'", b'"""', b",", b";", b":", b"=", b"-", b"[", b"]", b"{", b"}", b"[[",
    b"nan", b"inf", b"-inf", b"NaN", b"Infinity", b"null", b"true", b"[]", b"{}", b'""', b"1e308", b"-1e308", b"1e-320", b"1e999", b"0", b"-1", b"700",
    b"9" * 400, b"0x" + b"f" * 5000, b"99999999999999999999", b"0001-01-01", b"9999-12-31", b"1900-01-01T00:00:00-23:59", b"2200-12-31T23:59:59+00:00",
    b"2025-10-04", b"20:00:00", b"99991231T235959Z", b"00010101T000000Z", b"20251004", b"FREQ=SECONDLY", b"FREQ=DAILY", b"INTERVAL=0", b"COUNT=-1",
    b"COUNT=99999999", b"UNTIL=99991231", b"TZID=Nowhere/At_All", b"TZID=../../etc/passwd", b"TZID=Europe", b"VALUE=DATE", b"+9999", b"-2359",
    b"../secret.csv", b"/etc/passwd", b"secret.csv", b"rovers.csv", b"rovers.ics", b"RDATE:20251004T140000Z", b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n",
    b"BEGIN:VTIMEZONE\r\n", "\u202e\U0001f480\u0000é".encode(), b"%s%n{0}", b"$x^2$ \\frac", b"<b>", b"A" * 300, b"[" * 3000, b"{\"a\":" * 3000, b"postponed",
]  # fmt: skip
NUMBER = re.compile(rb"-?\b\d+(\.\d+)?(e-?\d+)?\b")
TOKEN = re.compile(rb'"[^"\n]*"|[\w.+-]+')


def spoiled(seed: bytes, rng: random.Random) -> bytes:
    """The input after one to four changes of any sort."""
    for _ in range(rng.choice([1, 1, 2, 4])):
        seed = rng.choice(CHANGES)(seed, rng)[:LONGEST]
    return seed


def _token(text: bytes, rng: random.Random) -> bytes:
    """Another token in the place of one."""
    found = [*TOKEN.finditer(text)]
    if not found:
        return text
    old = rng.choice(found)
    new = rng.choice(WORDS) if rng.random() < 0.7 else rng.choice(found).group()
    return text[: old.start()] + new + text[old.end() :]


def _number(text: bytes, rng: random.Random) -> bytes:
    """Another number in the place of one, near or far."""
    found = [*NUMBER.finditer(text)]
    if not found:
        return text
    old = rng.choice(found)
    new = float(old.group()) * rng.choice([0, -1, 0.5, 2, 10, -10, 1e3, 1e9, 1e-9, 1e200])
    plain = round(new) if b"." not in old.group() and abs(new) <= 1e15 else new
    return text[: old.start()] + str(plain).encode() + text[old.end() :]


def _insert(text: bytes, rng: random.Random) -> bytes:
    at = rng.randint(0, len(text))
    return text[:at] + rng.choice(WORDS) + text[at:]


def _cut(text: bytes, rng: random.Random) -> bytes:
    at, length = rng.randint(0, len(text)), int(rng.paretovariate(0.5))
    return text[:at] + text[at + length :]


def _flip(text: bytes, rng: random.Random) -> bytes:
    if not text:
        return text
    at = rng.randrange(len(text))
    return text[:at] + bytes([rng.randrange(256)]) + text[at + 1 :]


def _lines(text: bytes, rng: random.Random) -> bytes:
    """Lines swapped, left out, or one of them many times."""
    lines = text.splitlines(keepends=True) or [b""]
    a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
    what = rng.randrange(3)
    if what == 0:
        lines[a], lines[b] = lines[b], lines[a]
    elif what == 1:
        del lines[min(a, b) : max(a, b)]
    else:
        lines[a:a] = [lines[b]] * min(rng.choice([1, 2, 30, 1500]), LONGEST // max(len(lines[b]), 1))
    return b"".join(lines)


def _slice(text: bytes, rng: random.Random) -> bytes:
    """A piece of it once more, somewhere else."""
    a, b, at = (rng.randint(0, len(text)) for _ in range(3))
    return text[:at] + text[min(a, b) : max(a, b)] + text[at:]


CHANGES: list[Callable[[bytes, random.Random], bytes]] = [
    _token,
    _token,
    _number,
    _number,
    _insert,
    _cut,
    _flip,
    _lines,
    _slice,
]


class Files:
    """A folder to put spoiled files in, with good ones beside them and one that is none of their business."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "inside"
        self.folder.mkdir()
        (folder / "secret.csv").write_text("fixture,kickoff\nsecret,2025-12-24\n")
        (self.folder / "secret.csv").symlink_to(folder / "secret.csv")
        shipped = data_folder()
        (self.folder / "rovers.csv").write_bytes((shipped / "cases" / "rovers.csv").read_bytes())
        (self.folder / "rovers.ics").write_bytes(CALENDAR)
        self.seeds = {
            "case": [CASE, *(p.read_bytes() for p in sorted((shipped / "cases").glob("*.toml")))],
            "csv": [(shipped / "cases" / "rovers.csv").read_bytes()],
            "ics": [CALENDAR],
            "model": [_small_model()],
            "squad": [(shipped / "cases" / "squad.csv").read_bytes()],
            "log": [_small_log(folder / "log")],
            "dates": [DATES],
        }
        reading = self.folder / "feed" / READING.name
        reading.mkdir(parents=True)
        for file in FEED.values():
            shutil.copy(READING / file, reading)
        self.seeds |= {kind: [(reading / file).read_bytes()] for kind, file in FEED.items()}
        for name, text in (_small_tables() | CLUB).items():
            self.seeds[name] = [text]
            (self.folder / f"{name}.csv").write_bytes(text)

    def read(self, kind: str, content: bytes) -> Any:
        """What is read of a file with this content, and forecast where that is quick."""
        name, reader = READERS[kind]
        path = self.folder / name
        path.write_bytes(content)
        return reader(path)


def _read_one(path: Path) -> fc.Case:
    """The first injury of a list, or else what is wrong with one."""
    cases, errors = read_squad(path)
    if not cases:
        raise errors[0]
    return cases[0]


def _table(path: Path) -> pd.DataFrame:
    """What pandas makes of it; what it refuses does not come to us."""
    try:
        return pd.read_csv(path)
    except Exception as error:  # of many kinds
        raise fc.DataError.of("", str(error), "must be what pandas reads") from None


def _dates(path: Path) -> pd.DataFrame:
    table = _table(path)
    optional = {"still_out": "out", "entry": "watched"}
    known = {name: column for name, column in optional.items() if column in table.columns}
    return fc.durations_from_dates(table, as_of="2025-11-10", **known)


def _club(path: Path) -> fc.Episodes:
    return fc.episodes_from_log(*(_table(path.parent / f"{name}.csv") for name in CLUB))


def _feed(path: Path) -> fc.Feed:
    """The feed with this file in its only reading, or else what is wrong with it."""
    feed = fc.read_feed(path.parent.parent)
    if feed.problems:
        raise fc.DataError(feed.problems)
    return feed


READERS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "case": ("case.toml", fc.read_case),
    "csv": ("a.csv", fc.Fixture.read),
    "ics": ("a.ics", fc.Fixture.read),
    "model": ("model.json", fc.load_model),
    "squad": ("squad.csv", _read_one),
    "log": ("log.jsonl", log.read_log),
    "dates": ("dates.csv", _dates),
    **{name: (f"{name}.csv", lambda path: fc.load_episodes(path.parent)) for name in PAST},
    **{name: (f"{name}.csv", _club) for name in CLUB},
    **{kind: (f"feed/{READING.name}/{file}", _feed) for kind, file in FEED.items()},
}


def _small_tables() -> dict[str, bytes]:
    """The first of the shipped injuries."""
    all_of = fc.load_episodes()
    few = all_of.where(all_of.episodes.episode <= 12)
    return {name: getattr(few, name).to_csv(index=False).encode() for name in PAST}


def _small_log(path: Path) -> bytes:
    for name in ("bellingham", "short"):
        log.append(path, [log_record(fc.default_model().forecast(fc.example_case(name)))])
    return path.read_bytes()


def _small_model() -> bytes:
    record = json.loads((data_folder() / "model.json").read_text())
    source = record | {"sources": {}}
    return json.dumps(record | {"draws": 60, "sources": {"club": source}}).encode()


def forecast(kind: str, read: Any) -> None:
    """Forecast what was read, or fit it, or score it, and look at every number."""
    if kind == "log":
        outcomes = read[["player", "onset", "kickoff"]].drop_duplicates().assign(appeared=True)
        score_log(read, outcomes)
        return
    if isinstance(read, fc.Feed):
        for case in read.cases()[:1]:
            json.dumps(fc.default_model().forecast(case).to_dict(), allow_nan=False)
        return
    if isinstance(read, fc.Episodes):
        readings_of(read)
        read = read.durations()
    if isinstance(read, pd.DataFrame):
        fit = fc.fit_recovery(read.lower, read.upper, entry=read.entry)
        assert np.isfinite([fit.loglik, *fit.params]).all(), "a fit that is none"
        return
    model = read if kind == "model" else fc.default_model()
    if kind in ("case", "squad"):
        case = read
    else:
        said = [fc.Bulletin("2025-09-30", "expected", expected="2025-10-09", source="club")]
        fixtures = [fc.Fixture("A v B", "2025-10-04"), fc.Fixture("C v A", "2025-10-11")] if kind == "model" else read
        case = fc.Case("A. N. Example", "2025-09-14", "2025-10-01", fixtures, said)
    outlook = model.forecast(case)
    assert "secret" not in {f.fixture for f in case.fixtures}, "it read a file outside its folder"
    for table in (outlook.fixtures, outlook.deadlines):
        p = table[[name for name in table.columns if name.startswith("p_")]].to_numpy(float)
        assert ((p >= -1e-9) & (p <= 1 + 1e-9)).all(), "a probability that is none"
    json.dumps(outlook.to_dict(), allow_nan=False)


def attempt(files: Files, kind: str, content: bytes, and_forecast: bool) -> str:
    """What became of one input: "read", "forecast" or "refused"; anything else is raised."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            read = files.read(kind, content)
            if not and_forecast:
                return "read"
            forecast(kind, read)
            return "forecast"
    except ProblemError as problem:
        refused = problem
    assert 0 < len(str(refused).splitlines()) == len(refused.problems), "a problem of more or less than one line"
    return "refused"


def run(kind: str, count: int, folder: Path, seed: int = 1) -> Counter[str]:
    """Spoil so many inputs of a kind; the input that breaks something is left in the folder."""
    rng, files, seen = random.Random(f"{kind} {seed}"), Files(folder), Counter[str]()

    def too_long(*_: object) -> None:
        raise TimeoutError(f"over {SECONDS} seconds")

    signal.signal(signal.SIGALRM, too_long)
    for i in range(count):
        content = spoiled(rng.choice(files.seeds[kind]), rng)
        signal.alarm(SECONDS)
        try:
            seen[attempt(files, kind, content, i % EVERY[kind] == 0)] += 1
        except Exception as error:
            kept = Path(tempfile.gettempdir()) / f"hostile-{kind}-{seen.total()}"
            kept.write_bytes(content)
            raise AssertionError(f"{kind}: the input in {kept} broke it: {error!r}") from error
        finally:
            signal.alarm(0)
    return seen


def main() -> None:
    """Spoil inputs of all kinds and print what became of them."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    fc.default_model().forecast(fc.example_case("bellingham"))
    for kind in EVERY:
        start = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            seen = run(kind, count, Path(folder), seed)
        what = ", ".join(f"{seen[name]} {name}" for name in ("refused", "read", "forecast"))
        print(f"{kind}: {count} spoiled inputs, {what}; {time.monotonic() - start:.0f} s", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"at most {peak} MB of memory")
    assert peak < MEGABYTES


if __name__ == "__main__":
    main()
