"""``python -m forecast feed``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from .. import html
from ..feed.cases import FeedCase
from ..feed.download import URL, download
from ..feed.feed import Feed, read_feed
from ..feed.live import score_feed
from ..io.errors import CaseError, Problem
from ..io.write import write_text
from ..model.return_model import ReturnModel
from ..model.saved import default_model, load_model
from ..outlook.rounds import PLAYER, by_round, for_people, grid_of, wide
from ..outlook.squad import squad_sheet
from ..scoring.forecast_log import append
from ..wording import of_players, printable
from . import DONE, add_options, check_folder, check_outputs, complain_of, parser_of
from .cases import log_record

_MOST_ROUNDS = 38


def run(arguments: list[str]) -> int:
    """Forecast every open injury of the official feed, by round; or add a reading to a folder of them."""
    options = _options(arguments)
    if options.download:
        check_folder("FOLDER", options.folder)
        print(f"The reading is in {download(options.folder, options.url)}.")
        return DONE
    _check(options)
    model = default_model() if options.model is None else load_model(options.model)
    feed = read_feed(options.folder, options.time)
    if options.score:
        scores = score_feed(feed, lambda case: model.forecast(case).fixtures.p_returns.to_numpy())
        print(scores.round(3).to_string(index=False))
        return complain_of(feed.problems)
    if options.outcomes is not None:
        return _write_outcomes(feed, options.outcomes)
    return _forecast(model, feed, options)


def _write_outcomes(feed: Feed, path: str) -> int:
    """Write what became of the cases of every reading, as the command score reads it."""
    cases = [case for moment in feed.readings for case in feed.cases(moment, None, cleared=True)]
    known = feed.outcomes(cases).drop_duplicates(["player", "onset", "kickoff"])
    write_text(path, known.assign(appeared=known.appeared.map({True: "yes", False: "no"})).to_csv(index=False))
    print(f"What became of {len(known)} fixtures of injured players is in {path}.")
    return complain_of(feed.problems)


def _forecast(model: ReturnModel, feed: Feed, options: argparse.Namespace) -> int:
    """Print the table, and write what was asked for."""
    cases, problems = feed.injured(options.as_of, options.injury, options.club, options.player, options.cleared)
    rounds = feed.rounds(options.as_of)[: options.rounds]
    if not (cases and rounds):
        asked = "".join(f" of {printable(name)}" for name in (options.player, options.club) if name is not None)
        print(f"No open {options.injury} injury{asked}, as far as the feed says.")
        return complain_of([*feed.problems, *problems])
    outlooks = model.forecast_many(cases)
    table = by_round(outlooks, rounds)
    shown = for_people(table)
    moment = f"{cases[0].as_of:%Y-%m-%d %H:%M} UTC"
    head = f"The official feed of {moment}: chance to appear in a round (to be fit by its first match)"
    print(f"{head}\n\n{shown.to_string(index=False)}\n")
    print("\n".join(_notes(cases)))
    if options.out is not None:
        write_text(options.out, _written(table, cases, options.out))
    if options.html is not None:
        write_text(options.html, _page(head, shown, cases))
    if options.png is not None:
        squad_sheet(outlooks, options.png, of="p_plays", most=len(rounds), rounds=grid_of(table, outlooks))
    if options.log is not None:
        append(options.log, [log_record(outlook) for outlook in outlooks])
    return complain_of([*feed.problems, *problems])


_OPTIONS = {
    "--url BASE": f"where the feed is; {URL}",
    "--club X": "only of this club, by its name, short or long, or the beginning of one, or its id",
    "--player X": "only players with this text in the name, or of this id or code",
    "--injury PART": "hamstring, thigh, calf, groin or muscle; hamstring where left out",
    "--as-of DATE": "forecast from what was known at this moment; the last reading where left out",
    "--time DATE": "when a single folder was read; the time of its file where left out",
    "--out FILE": "write the numbers, too: .csv, a row a player, or .json",
    "--png FILE": "draw the sheet, too",
    "--html FILE": "write a page, too",
    "--log FILE": "append what was forecast to this file, to be scored later",
    "--outcomes FILE.csv": "write what became of the cases of all readings, for score, instead",
    "--model FILE": "a model that fit saved; the shipped one where left out",
}


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = parser_of("feed", "Forecast every open injury of the official fantasy feed, player by round.")
    parser.add_argument("folder", metavar="FOLDER", help="readings of the feed, or a clone of its public archive")
    parser.add_argument("--download", action="store_true", help="add a reading of today to the folder, instead")
    parser.add_argument("--score", action="store_true", help="score the forecasts of each reading by the last, instead")
    parser.add_argument("--cleared", action="store_true", help="those whose flag is gone and who have not played, too")
    parser.add_argument("--rounds", metavar="N", type=int, default=6, help="rounds that are shown; 6 where left out")
    add_options(parser, _OPTIONS)
    parser.set_defaults(url=URL, injury="hamstring")
    return parser.parse_args(arguments)


def _check(options: argparse.Namespace) -> None:
    problems = []
    if not 1 <= options.rounds <= _MOST_ROUNDS:
        problems.append(Problem("--rounds", options.rounds, f"must be 1 to {_MOST_ROUNDS}"))
    if options.out is not None and Path(options.out).suffix.lower() not in (".csv", ".json"):
        problems.append(Problem("--out", options.out, "must end in .csv or .json"))
    if problems:
        raise CaseError(problems)
    outputs = {f"--{name}": getattr(options, name) for name in ("out", "png", "html", "log", "outcomes")}
    check_outputs(outputs, [options.model])


def _notes(cases: Sequence[FeedCase]) -> list[str]:
    return of_players((case.player, case.notes) for case in cases)


def _written(table: pd.DataFrame, cases: Sequence[FeedCase], out: str) -> str:
    """Return the numbers as CSV or JSON, by the ending of the file."""
    if out.lower().endswith(".csv"):
        return wide(table).round(4).to_csv(index=False)
    notes = {case.code: list(case.notes) for case in cases}
    players = json.loads(wide(table)[[*PLAYER, "expected_missed"]].to_json(orient="records"))
    shown = table.drop(columns=[name for name in PLAYER if name != "id"])
    for player in players:
        player["rounds"] = json.loads(shown[shown.id == player["id"]].drop(columns="id").to_json(orient="records"))
        player["notes"] = notes[player["code"]]
    record = {"schema": 1, "as_of": cases[0].as_of.isoformat(), "players": players}
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def _page(head: str, shown: pd.DataFrame, cases: Sequence[FeedCase]) -> str:
    """Return the table as a page that needs nothing else."""
    from ..charts.sheet.inline import colours  # here, so that forecast does not load matplotlib

    table = shown.iloc[:, [1, 0, *range(2, shown.shape[1])]].map(str)  # the player first
    body = [html.grid(f"{head}.", [*table], table.to_numpy().tolist()), html.notes_list(_notes(cases))]
    return html.document("Who is back when?", body, colours())
