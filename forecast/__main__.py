"""The command line: ``python -m forecast``."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from . import (
    CaseError,
    DataError,
    Outlook,
    ReturnModel,
    backtest,
    default_model,
    example_case,
    fit,
    load_episodes,
    load_model,
    read_case,
)
from .ingredients import ingredients
from .report import readable as readable_scores
from .tables import readable
from .writing import write_text

DONE, BAD_INPUT = 0, 2
EXAMPLE = "bellingham"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0 when it is done and 2 for bad input."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        command = {"fit": _fit, "backtest": _backtest}.get(arguments[0]) if arguments else None
        return command(arguments[1:]) if command else _forecast(arguments)
    except (CaseError, DataError, OSError) as error:
        return _complain(error)


def _forecast(arguments: list[str]) -> int:
    options = _options(arguments)
    cases = options.cases or [None]
    charts = [Path(options.png or f"{Path(case or EXAMPLE).stem}.png") for case in cases]
    if doubled := {str(chart) for chart in charts if charts.count(chart) > 1}:
        raise CaseError.of("--png", ", ".join(sorted(doubled)), "must be a different file for each case")

    model = default_model() if options.model is None else load_model(options.model)
    outlooks, status = [], DONE
    for case, chart in zip(cases, charts, strict=True):
        try:
            outlook = _outlook(model, case, options.as_of)
            outlook.plot(chart)
        except (CaseError, OSError) as error:
            status = _complain(error)
            continue
        outlooks.append(outlook)
        if options.json != "-":
            print(f"{_page(outlook)}\n\nThe chart is in {chart}.\n")
    if options.json is not None and outlooks:
        record = {"schema": 1, "outlooks": [outlook.to_dict() for outlook in outlooks]}
        text = json.dumps(record, indent=1, ensure_ascii=False)
        if options.json == "-":
            print(text)
        else:
            write_text(options.json, text + "\n")
    return status


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m forecast",
        description="Forecast the return of injured players. Other commands: fit FOLDER --save FILE, backtest.",
    )
    for names, metavar, text in (
        ("--as-of", "DATE", "forecast from what was known at this moment"),
        ("--png", "FILE", "where the chart goes; CASE.png in this folder where left out"),
        ("--json", "FILE", "write the numbers as JSON, too; - prints them instead of the table"),
        ("--model", "FILE", "a model that fit saved; the shipped one where left out"),
    ):
        parser.add_argument(names, metavar=metavar, help=text)
    parser.add_argument("cases", nargs="*", metavar="CASE.toml", help="the shipped Bellingham case where left out")
    return parser.parse_args(arguments)


def _outlook(model: ReturnModel, path: str | None, as_of: str | None) -> Outlook:
    case = example_case(EXAMPLE) if path is None else read_case(path)
    try:
        return model.forecast(case if as_of is None else case.rewound(as_of))
    except CaseError as error:
        raise error.located(file=Path(path or f"{EXAMPLE}.toml").name) from None


def _page(outlook: Outlook) -> str:
    case = outlook.case
    head = f"{case.player}, forecast of {case.as_of:%Y-%m-%d %H:%M} UTC, {case.day(case.as_of):.1f} days after onset"
    tables = [readable(table).to_string(index=False) for table in (outlook.fixtures, outlook.deadlines) if len(table)]
    weights = ", ".join(f"{name} {weight:.2f}" for name, weight in outlook.model.weights.items())
    foot = [f"Bands hold {outlook.level:.0%}. Weights of the recovery curves: {weights}.", *outlook.notes]
    return "\n\n".join([head, *tables, "\n".join(foot)])


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


def _backtest(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m forecast backtest",
        description="Score forecasts of past injuries by models that never saw their season, beside the incumbents.",
    )
    parser.add_argument("folder", nargs="?", metavar="FOLDER", help="past injuries; the shipped ones where left out")
    parser.add_argument("--rolling", action="store_true", help="learn from earlier seasons only")
    parser.add_argument(
        "--ingredients", action="store_true", help="what each ingredient of the model is worth, instead"
    )
    parser.add_argument("--png", metavar="FILE", help="draw the report, too")
    parser.add_argument("--csv", metavar="FILE", help="write the forecasts, too")
    parser.add_argument("--jobs", metavar="N", type=int, default=os.cpu_count(), help="processes; one a core")
    options = parser.parse_args(arguments)
    episodes = load_episodes(options.folder)
    with ProcessPoolExecutor(max(options.jobs or 1, 1)) as executor:
        if options.ingredients:
            print(readable_scores(ingredients(episodes, executor)).to_string(index=False))
            return DONE
        report = backtest(episodes, executor, options.rolling)
    tables = {"Flagged": report.scores, "Cleared, not back yet": report.cleared, "The day he is fit": report.days}
    for title, table in tables.items():
        print(f"{title}\n{readable_scores(table).to_string(index=False)}\n")
    print(f"Weights of the recovery curves\n{report.weights.round(3).to_string()}")
    if options.png is not None:
        report.plot(options.png)
    if options.csv is not None:
        write_text(options.csv, report.forecasts.to_csv(index=False))
    return DONE


def _complain(error: ValueError | OSError) -> int:
    text = f"{error.filename or 'forecast'}: {error.strerror}" if isinstance(error, OSError) else str(error)
    print(text, file=sys.stderr)
    return BAD_INPUT


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a name with a letter that the screen lacks
    sys.exit(main())
