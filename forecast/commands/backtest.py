"""``python -m forecast backtest``."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas as pd

from ..backtest.ablation import ingredients
from ..backtest.backtest import Report, backtest
from ..backtest.tables import FORMATS, MODEL, score_table
from ..episodes.load import files_of, load_episodes
from ..io.columns import Column, read_columns
from ..io.errors import MISSING, DataError, Problem
from ..io.write import write_text
from ..terms import HORIZON
from ..wording import printable, with_intervals
from . import DONE, add_options, check_folder, check_outputs, parser_of

_BESIDE = {
    "episode": Column(most=10**12, whole=True),
    "day": Column(most=10_000),
    "fixture": Column(least=1, most=HORIZON, whole=True),
    "p_returns": Column(most=1),
}
_FILES = {
    "--png FILE": "draw the report, too",
    "--csv FILE": "write the forecasts, too",
    "--beside FILE": f"score the forecasts of a CSV file, too: columns {', '.join(_BESIDE)}",
    "--hub FOLDER": "write the forecasts as forecast hubs keep them, too",
}


def run(arguments: list[str]) -> int:
    """Score forecasts of past injuries, and print the tables."""
    about = "Score forecasts of past injuries by models that never saw their season, beside the baselines."
    parser = parser_of("backtest", about)
    parser.add_argument("folder", nargs="?", metavar="FOLDER", help="past injuries; the shipped ones where left out")
    parser.add_argument("--rolling", action="store_true", help="learn from earlier seasons only")
    parser.add_argument(
        "--ingredients", action="store_true", help="what each ingredient of the model is worth, instead"
    )
    add_options(parser, _FILES)
    parser.add_argument("--jobs", metavar="N", type=int, default=os.cpu_count(), help="processes; one a core")
    options = parser.parse_args(arguments)
    inputs = files_of(Path(options.folder or ".")).values()
    check_outputs({"--png": options.png, "--csv": options.csv}, [*inputs, options.beside])
    check_folder("--hub", options.hub)
    theirs = None if options.beside is None else read_columns(Path(options.beside), _BESIDE)
    episodes = load_episodes(options.folder)
    with ProcessPoolExecutor(max(options.jobs or 1, 1)) as executor:
        if options.ingredients:
            print(_shown(ingredients(episodes, executor)))
            return DONE
        report = backtest(episodes, executor, options.rolling)
    for title, text in _texts(report).items():
        print(f"{title}\n{text}\n")
    if theirs is not None:
        print(f"Beside {options.beside}\n{_shown(_beside(report.forecasts, theirs, Path(options.beside).name))}\n")
    if options.png is not None:
        report.plot(options.png)
    if options.csv is not None:
        write_text(options.csv, report.forecasts.to_csv(index=False))
    if options.hub is not None:
        files = report.to_hub(options.hub)
        print(f"The hub is in {printable(options.hub)}, {len(files)} files; python -m forecast score reads it.")
    return DONE


def _texts(report: Report) -> dict[str, str]:
    """Return the tables of a report as texts, by their titles."""
    texts = {
        "Flagged": _shown(report.scores),
        "Cleared, not back yet": _shown(report.cleared),
        "The day he is fit": _shown(report.days),
        "The next fixture, by hours to kick-off": report.leads.round(3).to_string(index=False),
        "Said and seen, by fixture ahead and by season": _calibrated(report.calibration),
        "What the last readings before a fixture are worth": report.readings.round(4).to_string(index=False),
    }
    if len(report.silence):
        texts["Days that remain, nothing said, by days out"] = report.silence.round(2).to_string(index=False)
    return texts


def _shown(table: pd.DataFrame) -> str:
    return with_intervals(table, *FORMATS).to_string(index=False)


def _calibrated(calibration: pd.DataFrame) -> str:
    """Show said and seen by fixture ahead and by season; ``z`` counts the standard errors that lie between."""
    table = calibration[calibration.by.isin(["lead", "season"])]
    table = table.assign(z=-table.difference / table.se)[["quantity", "by", "group", "n", "stated", "seen", "z"]]
    off = f"{(table.z.abs() > 2.0).sum()} of {len(table)} beyond two standard errors"
    return f"{table.round(3).to_string(index=False)}\n{off}"


def _beside(forecasts: pd.DataFrame, theirs: pd.DataFrame, file: str) -> pd.DataFrame:
    """Score the forecasts of a file beside those of the model; ``difference`` is counted from the file's."""
    keys = ["episode", "day", "fixture"]
    theirs = theirs.drop_duplicates(keys, keep=False).rename(columns={"p_returns": file})
    both = forecasts.merge(theirs, on=keys, how="left")
    missing = both[both[file].isna()]
    if len(missing):
        where = ", ".join(f"{key} {value:g}" for key, value in missing.iloc[0][keys].items())
        allowed = f"must be there once, as {len(missing)} of {len(both)} forecasts are not"
        raise DataError([Problem("p_returns", MISSING, allowed, where, file)])
    return score_table(both, [MODEL, file], file)
