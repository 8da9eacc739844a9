"""``python -m forecast CASE.toml ...``: open injuries, one by one or as a squad."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from .. import Case, CaseError, Outlook, ReturnModel, default_model, example_case, load_model, read_case, squad_sheet
from ..case.squad_file import read_squad
from ..io.write import write_text
from ..scoring.forecast_log import append
from ..tables import log_record, readable, squad_table
from . import DONE, complain

EXAMPLE = "bellingham"


def run(arguments: list[str]) -> int:
    """Forecast the cases, each on a page and a chart of its own, or all of them on the sheet of a squad."""
    options = _options(arguments)
    paths = options.cases or [None]
    lists = [path for path in paths if path is not None and Path(path).suffix.lower() == ".csv"]
    squad = bool(lists) or (options.png is not None and len(paths) > 1)
    charts = [] if squad else [Path(options.png or f"{Path(path or EXAMPLE).stem}.png") for path in paths]
    if doubled := {str(chart) for chart in charts if charts.count(chart) > 1}:
        raise CaseError.of("--png", ", ".join(sorted(doubled)), "must be a different file for each case")

    model = default_model() if options.model is None else load_model(options.model)
    outlooks: list[Outlook] = []
    status = DONE
    for i, (path, case) in enumerate(_read(paths)):
        try:
            if isinstance(case, Exception):
                raise case
            outlook = _forecast(model, path, case, options.as_of)
            if not squad:
                _show(outlook, charts[i], options.json == "-")
            outlooks.append(outlook)
        except (CaseError, OSError) as error:
            status = complain(error)
    if outlooks and squad:
        chart = Path(options.png or f"{Path(lists[0]).stem}.png")
        squad_sheet(outlooks, chart)
        if options.json != "-":
            print(f"{squad_table(outlooks).to_string(index=False)}\n\nThe squad sheet is in {chart}.")
    _record(outlooks, options.json, options.log)
    return status


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m forecast",
        description="Forecast the return of injured players. "
        "Other commands: score LOG OUTCOMES.csv, fit FOLDER --save FILE, backtest.",
    )
    for names, metavar, text in (
        ("--as-of", "DATE", "forecast from what was known at this moment"),
        ("--png", "FILE", "where the chart goes, of several cases that of the squad; CASE.png here where left out"),
        ("--json", "FILE", "write the numbers as JSON, too; - prints them instead of the table"),
        ("--log", "FILE", "append what was forecast to this file, to be scored later"),
        ("--model", "FILE", "a model that fit saved; the shipped one where left out"),
    ):
        parser.add_argument(names, metavar=metavar, help=text)
    cases = "TOML files, or a CSV file of many injuries; the shipped Bellingham case where left out"
    parser.add_argument("cases", nargs="*", metavar="CASE", help=cases)
    return parser.parse_args(arguments)


def _read(paths: list[str | None]) -> Iterator[tuple[str, Case | Exception]]:
    """Each case with the name of its file, or what is wrong with it."""
    for path in paths:
        try:
            if path is None:
                yield f"{EXAMPLE}.toml", example_case(EXAMPLE)
            elif Path(path).suffix.lower() == ".csv":
                cases, errors = read_squad(path)
                yield from ((path, case) for case in cases)
                yield from ((path, error) for error in errors)
            else:
                yield path, read_case(path)
        except CaseError as problem:
            yield path or EXAMPLE, problem


def _forecast(model: ReturnModel, path: str, case: Case, as_of: str | None) -> Outlook:
    try:
        return model.forecast(case if as_of is None else case.rewound(as_of))
    except CaseError as error:
        entry = case.player if Path(path).suffix.lower() == ".csv" else ""
        raise error.located(entry=entry, file=Path(path).name) from None


def _show(outlook: Outlook, chart: Path, silent: bool) -> None:
    outlook.plot(chart)
    if not silent:
        print(f"{_page(outlook)}\n\nThe chart is in {chart}.\n")


def _page(outlook: Outlook) -> str:
    case = outlook.case
    head = f"{case.player}, forecast of {case.as_of:%Y-%m-%d %H:%M} UTC, {case.day(case.as_of):.1f} days after onset"
    tables = [readable(table).to_string(index=False) for table in (outlook.fixtures, outlook.deadlines) if len(table)]
    weights = ", ".join(f"{name} {weight:.2f}" for name, weight in outlook.model.weights.items())
    foot = [f"Bands hold {outlook.level:.0%}. Weights of the recovery curves: {weights}.", *outlook.notes]
    return "\n\n".join([head, *tables, "\n".join(foot)])


def _record(outlooks: list[Outlook], json_file: str | None, log: str | None) -> None:
    """Write the numbers where they were asked for."""
    if not outlooks:
        return
    if json_file is not None:
        record = {"schema": 1, "outlooks": [outlook.to_dict() for outlook in outlooks]}
        text = json.dumps(record, indent=1, ensure_ascii=False)
        if json_file == "-":
            print(text)
        else:
            write_text(json_file, text + "\n")
    if log is not None:
        append(log, [log_record(outlook) for outlook in outlooks])
