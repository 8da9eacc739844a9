"""A reading of the official feed fetched over HTTP: whole, or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from contextlib import suppress
from http.client import HTTPException
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pandas as pd
from tqdm import tqdm

from ..io.errors import DataError, naming
from ..io.limits import MAX_FEED_BYTES
from .official import FIXTURES, NAME, PLAYERS, folders_of, load, parsed, season_of
from .rows import matches, member, minutes_of, players

URL = "https://fantasy.premierleague.com/api/"
TIMEOUT = 20.0  # seconds without a byte
LONGEST = 120.0  # seconds for a file
PAUSES = (2.0, 8.0)  # seconds before the second and the third try


def download(folder: str | Path, url: str = URL) -> Path:
    """Add a reading to a folder: players, fixtures, and the minutes of the rounds that are not there whole.

    Parameters
    ----------
    folder : path
        Made where it is not there.
    url : str
        Where the feed is.

    Returns
    -------
    Path
        The sub-folder of the reading, named by its time.

    Raises
    ------
    DataError
        If the feed cannot be reached in three tries, or answers something else. Nothing has been written then.
    """
    folder, base = Path(folder), url.rstrip("/") + "/"
    if not base.startswith(("http://", "https://")):
        raise DataError.of("--url", url, "must begin with http:// or https://")
    now = pd.Timestamp.now(tz="UTC")
    files = {PLAYERS: _fetch(f"{base}bootstrap-static/"), FIXTURES: _fetch(f"{base}fixtures/")}
    feed = _checked(files, base, now)
    season, there = season_of(feed["events"]), whole_rounds(folder)
    begun = [int(event["id"]) for event in feed["events"] if event.get("finished") or event.get("is_current")]
    wanted = [number for number in begun if (season, number) not in there]
    for number in tqdm(wanted, desc="feed", unit=" rounds", disable=None):
        address = f"{base}event/{number}/live/"
        files[f"live-{number}.json"] = raw = _fetch(address)
        with naming(address):
            list(minutes_of(parsed(raw, dict)))
    return _write(folder, format(now, NAME), files)


def whole_rounds(folder: Path) -> set[tuple[str, int]]:
    """List the seasons and rounds whose minutes are in a folder of readings, read after the last match of the round."""
    found = set()
    for sub in folders_of(folder) if folder.is_dir() else ():
        if not any(sub.glob("live-*.json")):
            continue
        with suppress(DataError, ValueError, TypeError, LookupError):  # a bad reading has nothing that is there
            events: list[dict[str, Any]] = member(load(sub / PLAYERS, dict), "events", list)
            finished = [int(event["id"]) for event in events if event["finished"]]
            season = season_of(events)
            found |= {(season, number) for number in finished if (sub / f"live-{number}.json").is_file()}
    return found


def _checked(files: dict[str, bytes], base: str, now: pd.Timestamp) -> dict[str, Any]:
    """Check the players and fixtures as the reader will, and return the former."""
    with naming(f"{base}bootstrap-static/"):
        feed: dict[str, Any] = parsed(files[PLAYERS], dict)
        players(member(feed, "elements", list), now, season_of(member(feed, "events", list)), "elements[{}]")
    with naming(f"{base}fixtures/"):
        matches(parsed(files[FIXTURES], list))
    return feed


def _fetch(address: str) -> bytes:
    """Fetch a file in at most three tries; what the server refuses for good is not asked for again."""
    what = ""
    for pause in (*PAUSES, None):
        try:
            return _get(address)
        except HTTPError as error:
            what = f"{error.code} {error.reason}"
            if error.code < 500 and error.code != 429:
                break
        except (OSError, HTTPException, ValueError) as error:
            what = str(getattr(error, "reason", "") or error) or type(error).__name__
        if pause is not None:
            time.sleep(pause)
    raise DataError.of("", what, "must be the official feed; try again later", file=address)


def _get(address: str) -> bytes:
    """Return what a server answers; a ValueError where it is no JSON, as of a page that says it is being updated."""
    agent = f"forecast/{version('return-forecast')} (when injured players return; python urllib)"
    request = Request(address, headers={"User-Agent": agent, "Accept": "application/json"})
    parts, end = [], time.monotonic() + LONGEST
    with urlopen(request, timeout=TIMEOUT) as response:
        length = response.headers.get("Content-Length")
        while part := response.read1(1 << 16):
            parts.append(part)
            if time.monotonic() > end or sum(map(len, parts)) > MAX_FEED_BYTES:
                raise ValueError("too slow or too large")
    raw = b"".join(parts)
    if length is not None and len(raw) != int(length):
        raise ValueError(f"{len(raw)} of {length} bytes")
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        raise ValueError(raw[:80].decode(errors="replace")) from None
    return raw


def _write(folder: Path, name: str, files: dict[str, bytes]) -> Path:
    """Write the files of a reading to the side, then give the folder its name, so that nobody reads half of it."""
    target = folder / name
    if target.exists():
        raise DataError.of("", name, "must not be there yet: a reading a minute")
    folder.mkdir(parents=True, exist_ok=True)
    side = Path(tempfile.mkdtemp(dir=folder, prefix=f".{name}.", suffix=".part"))
    try:
        for file, raw in files.items():
            (side / file).write_bytes(raw)
        side.chmod(0o755)
        side.rename(target)
    except BaseException:
        shutil.rmtree(side, ignore_errors=True)
        raise
    return target
