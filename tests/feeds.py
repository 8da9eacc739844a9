"""Invented readings of the feed: two clubs that meet every Saturday, and players of whom it says what a test wants."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

import forecast as fc

READINGS = Path(__file__).parent / "feed" / "readings"  # six of a past season, cut to sixty renamed players
CLUBS = [{"id": 1, "short_name": "ROV"}, {"id": 2, "short_name": "UTD", "name": "Town Utd"}]
START = pd.Timestamp("2023-08-12T15:00Z")  # of round 1
HURT = {"status": "i", "news": "Hamstring injury - Unknown return date", "chance_of_playing_next_round": 0}
PLAYER = {
    "id": 7,
    "code": 70,
    "element_type": 3,
    "team": 1,
    "web_name": "Example",
    "status": "a",
    "news": "",
    "news_added": None,
    "chance_of_playing_this_round": None,
    "chance_of_playing_next_round": None,
    "now_cost": 55,
    "selected_by_percent": "1.2",
    "minutes": 0,
}
FIT: dict[str, Any] = {}


def kickoff(number: int) -> pd.Timestamp:
    return START + pd.Timedelta(weeks=number - 1)


def hurt(added: str, news: str = HURT["news"], **change: Any) -> dict[str, Any]:
    return {**HURT, "news": news, "news_added": f"{added}T12:00:00Z", **change}


def doubt(added: str, chance: int, part: str = "Hamstring injury", **change: Any) -> dict[str, Any]:
    news = f"{part} - {chance}% chance of playing"
    return hurt(added, news, status="d", chance_of_playing_next_round=chance, **change)


def fixtures(**change: Any) -> list[dict[str, Any]]:
    """Thirty-eight rounds; ``change`` maps ``r5`` to what is different about round 5."""
    found = []
    for number in range(1, 39):
        about = {"id": number, "event": number, "kickoff_time": f"{kickoff(number):%Y-%m-%dT%H:%M:%SZ}"}
        found.append({**about, "team_h": 1 + number % 2, "team_a": 2 - number % 2, **change.get(f"r{number}", {})})
    return found


def live(minutes: dict[int, int], number: int) -> dict[str, Any]:
    """The minutes of players, by id, in a round."""
    return {
        "elements": [
            {"id": id, "explain": [{"fixture": number, "stats": [{"identifier": "minutes", "value": m}]}]}
            for id, m in minutes.items()
        ]
    }


def write(
    folder: Path,
    time: str,
    players: list[dict[str, Any]],
    matches: list[dict[str, Any]] | None = None,
    rounds: dict[int, dict[int, int]] | None = None,
) -> Path:
    """Write a reading; ``rounds`` are the minutes by round and id."""
    sub = folder / time
    sub.mkdir(parents=True)
    finished = [{"id": n, "finished": kickoff(n) < pd.Timestamp(time[:10], tz="UTC")} for n in range(1, 39)]
    events = [e | {"deadline_time": f"{kickoff(e['id']):%Y-%m-%dT%H:%M:%SZ}", "is_current": False} for e in finished]
    elements = [{**PLAYER, **player} for player in players]
    feed = {"events": events, "teams": CLUBS, "elements": elements}
    (sub / "bootstrap-static.json").write_text(json.dumps(feed))
    (sub / "fixtures.json").write_text(json.dumps(fixtures() if matches is None else matches))
    for number, minutes in (rounds or {}).items():
        (sub / f"live-{number}.json").write_text(json.dumps(live(minutes, number)))
    return sub


def feed_of(
    folder: Path, said: dict[str, dict[str, Any]], played: dict[int, int] | None = None, **more: Any
) -> fc.Feed:
    """A feed of one player: what is said at each date, at noon, and the minutes by round, all known at the last one."""
    last = max(said)
    for date, player in said.items():
        rounds = {n: {7: m} for n, m in (played or {}).items()} if date == last else {}
        write(folder, f"{date}T1200Z", [player], rounds=rounds, **more)
    return fc.read_feed(folder)
