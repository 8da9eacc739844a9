"""``python -m forecast score``."""

from __future__ import annotations

import argparse

from ..scoring.forecast_log import read_log
from ..scoring.outcomes import read_outcomes, score_log
from . import DONE


def run(arguments: list[str]) -> int:
    """Score a log of forecasts by what happened, and print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m forecast score", description="Score logged forecasts by what happened."
    )
    parser.add_argument("log", metavar="LOG", help="a file that --log wrote")
    outcomes = "columns player, onset, fixture or kickoff, and appeared: yes or no"
    parser.add_argument("outcomes", metavar="OUTCOMES.csv", help=outcomes)
    options = parser.parse_args(arguments)
    scores = score_log(read_log(options.log), read_outcomes(options.outcomes))
    for title, table in (("On the pitch, by fixture ahead", scores.fixtures), ("First appearance", scores.returns)):
        print(f"{title}\n{table.round(3).to_string(index=False)}\n")
    if scores.late:
        print(f"Of these fixtures, {scores.late} had kicked off when they were forecast.")
    return DONE
