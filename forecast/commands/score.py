"""``python -m forecast score``."""

from __future__ import annotations

from pathlib import Path

from ..backtest.tables import FORMATS
from ..io.errors import MISSING, CaseError, naming
from ..scoring.forecast_log import read_log
from ..scoring.hub import score_hub
from ..scoring.outcomes import read_outcomes, score_log
from ..wording import counted, with_intervals
from . import DONE, parser_of


def run(arguments: list[str]) -> int:
    """Score a log of forecasts by what happened, and print the tables."""
    parser = parser_of("score", "Score logged forecasts by what happened.")
    parser.add_argument("log", metavar="LOG", help="a file that --log wrote, or the folder of a hub")
    outcomes = "columns player, onset, fixture or kickoff, and appeared: yes or no, or minutes"
    parser.add_argument("outcomes", metavar="OUTCOMES.csv", nargs="?", help=f"{outcomes}; a hub has its own")
    options = parser.parse_args(arguments)
    if Path(options.log).is_dir():
        print(with_intervals(score_hub(options.log), *FORMATS).to_string(index=False))
        return DONE
    if options.outcomes is None:
        raise CaseError.of("OUTCOMES.csv", MISSING, "must be given, but for a hub")
    log, happened = read_log(options.log), read_outcomes(options.outcomes)
    with naming(Path(options.outcomes).name):
        scores = score_log(log, happened)
    for title, table in (("On the pitch, by fixture ahead", scores.fixtures), ("First appearance", scores.returns)):
        print(f"{title}\n{table.round(3).to_string(index=False)}\n")
    if scores.late:
        print(f"Of these fixtures, {scores.late} had kicked off when they were forecast.")
    if rows := scores.unused:
        what = f"{counted(len(rows), 'row')} of the outcomes, the first is row {rows[0]}"
        print(f"Of no forecast in the log, by player, onset and match: {what}.")
    return DONE
