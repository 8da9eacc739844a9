"""The command line: ``python -m forecast``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from . import (
    CaseError,
    DataError,
    Outlook,
    ReturnModel,
    default_model,
    example_case,
    fit,
    load_episodes,
    load_model,
    read_case,
)
from .writing import write_text

DONE, BAD_INPUT = 0, 2
EXAMPLE = "bellingham"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0 when it is done and 2 for bad input."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        return _fit(arguments[1:]) if arguments[:1] == ["fit"] else _forecast(arguments)
    except (CaseError, DataError) as error:
        return _complain(str(error))
    except OSError as error:
        return _complain(f"{error.filename or 'forecast'}: {error.strerror or error}")


def _forecast(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m forecast",
        description="Forecast the return of injured players. Other commands: fit FOLDER --save FILE.",
    )
    parser.add_argument(
        "cases", nargs="*", metavar="CASE.toml", help="the shipped Bellingham case where none is given"
    )
    parser.add_argument("--as-of", metavar="DATE", help="forecast from what was known at this moment")
    parser.add_argument(
        "--png", metavar="FILE", help="where the chart goes; CASE.png in this folder where left out"
    )
    parser.add_argument(
        "--json", metavar="FILE", help="write the numbers as JSON, too; - prints them instead of the table"
    )
    parser.add_argument(
        "--model", metavar="FILE", help="a model that fit saved; the shipped one where left out"
    )
    options = parser.parse_args(arguments)
    charts = [options.png or f"{Path(case).stem}.png" for case in options.cases or [EXAMPLE]]
    if doubled := {chart for chart in charts if charts.count(chart) > 1}:
        parser.error(f"several cases would be drawn to {', '.join(sorted(doubled))}")

    model = default_model() if options.model is None else load_model(options.model)
    outlooks, status = [], DONE
    for case, chart in zip(options.cases or [None], charts, strict=True):
        try:
            outlooks.append(_one(model, case, options.as_of, Path(chart), quiet=options.json == "-"))
        except CaseError as error:
            status = _complain(str(error))
    if options.json is not None and outlooks:
        text = json.dumps(
            {"schema": 1, "outlooks": [o.to_dict() for o in outlooks]}, indent=1, ensure_ascii=False
        )
        if options.json == "-":
            print(text)
        else:
            write_text(options.json, text + "\n")
    return status


def _one(model: ReturnModel, path: str | None, as_of: str | None, chart: Path, quiet: bool) -> Outlook:
    """Forecast one case, print it and draw it."""
    case = example_case(EXAMPLE) if path is None else read_case(path)
    try:
        outlook = model.forecast(case if as_of is None else case.rewound(as_of))
    except CaseError as error:
        raise error.located(file=Path(path or f"{EXAMPLE}.toml").name) from None
    outlook.plot(chart)
    if not quiet:
        print(_page(outlook))
        print(f"\nThe chart is in {chart}.\n")
    return outlook


def _page(outlook: Outlook) -> str:
    case = outlook.case
    head = f"{case.player}, forecast of {case.as_of:%Y-%m-%d %H:%M} UTC, {case.day(case.as_of):.1f} days after onset"
    tables = [_table(outlook.fixtures, "fixture", "kickoff")]
    if len(outlook.deadlines):
        tables.append(_table(outlook.deadlines, "deadline", "when"))
    weights = ", ".join(f"{name} {weight:.2f}" for name, weight in outlook.weights.items())
    foot = [f"Bands hold {outlook.level:.0%}. Weights of the recovery curves: {weights}.", *outlook.notes]
    return "\n\n".join([head, *tables, "\n".join(foot)])


def _table(table: pd.DataFrame, name: str, when: str) -> str:
    """The table with percentages for people."""
    shown = pd.DataFrame({name: table[name], when: table[when].dt.strftime("%a %d %b %Y %H:%M")})
    for column in [c for c in table.columns if f"{c}_low" in table.columns]:
        shown[column] = [
            f"{p:.0%} ({low:.0%}-{high:.0%})"
            for p, low, high in table[[column, f"{column}_low", f"{column}_high"]].itertuples(index=False)
        ]
    return str(shown.to_string(index=False))


def _fit(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m forecast fit", description="Fit a model to a folder of past injuries."
    )
    parser.add_argument("folder", metavar="FOLDER", help="episodes.csv, fixtures.csv and bulletins.csv")
    parser.add_argument("--save", metavar="FILE", required=True, help="where the model goes, as JSON")
    options = parser.parse_args(arguments)
    model = fit(load_episodes(options.folder))
    model.save(options.save)
    print(f"Fitted to {model.trained_on}; the model is in {options.save}.")
    return DONE


def _complain(text: str) -> int:
    print(text, file=sys.stderr)
    return BAD_INPUT


if __name__ == "__main__":
    sys.exit(main())
