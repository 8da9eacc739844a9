"""``python -m forecast CASE.toml ...``: open injuries, one by one or as a squad."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from ..case.case import Case
from ..case.case_file import example_case, read_case
from ..case.squad_file import read_squad
from ..io.dates import in_zone
from ..io.errors import CaseError
from ..io.fields import zone
from ..io.write import check_apart, write_text
from ..model.return_model import ReturnModel
from ..model.saved import default_model, load_model
from ..outlook.outlook import Outlook
from ..outlook.squad import PERCENT, PERCENTS, squad_sheet, squad_summary
from ..scoring.forecast_log import append
from ..wording import printable, with_intervals
from . import DONE, complain

EXAMPLE = "bellingham"
_READ = (".toml", ".csv", ".ics", ".xlsx")  # files of cases and of fixtures


def run(arguments: list[str]) -> int:
    """Forecast the cases, each on a page and a chart of its own, or all of them on the sheet of a squad."""
    options = _options(arguments)
    _check_files(options)
    if options.tz is not None:
        zone(options.tz)
    model = default_model() if options.model is None else load_model(options.model)
    lists = [name for name in options.cases if _is_list(name)]
    if lists or (options.png is not None and len(options.cases) > 1):
        if options.kind is not None:
            raise CaseError.of("--kind", options.kind, "must be left out where many injuries go on one sheet")
        return run_squad(model, options, Path(options.png or f"{Path(lists[0]).stem}.png"))
    return run_cases(model, options)


def _check_files(options: argparse.Namespace) -> None:
    """Check that nothing is written over what is read, or twice into one file."""
    outputs = {"--png": options.png, "--json": options.json if options.json != "-" else None, "--log": options.log}
    written = [(option, file) for option, file in outputs.items() if file is not None]
    for option, file in written:
        if Path(file).suffix.lower() in _READ:
            raise CaseError.of(option, file, f"must not end in {', '.join(_READ)}: cases are read from such files")
    check_apart(written, [file for file in (*options.cases, options.model) if file is not None])


def run_cases(model: ReturnModel, options: argparse.Namespace) -> int:
    """Forecast cases one by one, each with a page and a chart."""
    charts = [Path(options.png or f"{Path(name).stem}.png") for name in options.cases or [EXAMPLE]]
    if doubled := {str(chart) for chart in charts if charts.count(chart) > 1}:
        raise CaseError.of("--png", ", ".join(sorted(doubled)), "must be a different file for each case")
    outlooks: list[Outlook] = []
    status = DONE
    for outlook, chart in zip(_forecasts(model, options), charts, strict=True):
        try:
            if isinstance(outlook, Exception):
                raise outlook
            _show(outlook, chart, options)
            outlooks.append(outlook)
        except (CaseError, OSError) as error:
            status = complain(error)
    _record(outlooks, options.json, options.log)
    return status


def run_squad(model: ReturnModel, options: argparse.Namespace, chart: Path) -> int:
    """Forecast many cases, with one table and one sheet of all of them."""
    outlooks: list[Outlook] = []
    status = DONE
    for outlook in _forecasts(model, options):
        if isinstance(outlook, Exception):
            status = complain(outlook)
        else:
            outlooks.append(outlook.without_draws())
    if outlooks:
        squad_sheet(outlooks, chart, tz=options.tz or "UTC")
        if options.json != "-":
            print(f"{squad_summary(outlooks).to_string(index=False)}\n\nThe squad sheet is in {printable(chart)}.")
    _record(outlooks, options.json, options.log)
    return status


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m forecast",
        description="Forecast the return of injured players. "
        "Other commands: feed FOLDER, score LOG OUTCOMES.csv, fit FOLDER --save FILE, backtest, archive CLONE OUT.",
    )
    for names, metavar, text in (
        ("--as-of", "DATE", "forecast from what was known at this moment"),
        ("--png", "FILE", "where the chart goes, of several cases that of the squad; CASE.png here where left out"),
        ("--kind", "KIND", "the chart of a case: fixtures, returns, timeline or choices; fixtures where left out"),
        ("--json", "FILE", "write the numbers as JSON, too; - prints them instead of the table"),
        ("--log", "FILE", "append what was forecast to this file, to be scored later"),
        ("--tz", "ZONE", "the zone of times that have none, and of the dates of charts; UTC where left out"),
        ("--model", "FILE", "a model that fit saved; the shipped one where left out"),
    ):
        parser.add_argument(names, metavar=metavar, help=text)
    cases = "TOML files, or a CSV file of many injuries; the shipped Bellingham case where left out"
    parser.add_argument("cases", nargs="*", metavar="CASE", help=cases)
    return parser.parse_args(arguments)


def _is_list(name: str) -> bool:
    """Tell whether a file holds many injuries, one a row, or one case."""
    return Path(name).suffix.lower() == ".csv"


def _forecasts(model: ReturnModel, options: argparse.Namespace) -> Iterator[Outlook | CaseError | OSError]:
    """Yield the forecast of each case, or what is wrong with it."""
    for name, case in _read(options.cases, options.tz):
        if isinstance(case, Exception):
            yield case
            continue
        try:
            yield model.forecast(case if options.as_of is None else case.rewound(in_zone(options.as_of, options.tz)))
        except CaseError as error:
            yield error.located(entry=case.player if _is_list(name) else "", file=Path(name).name)


def _read(names: list[str], tz: str | None) -> Iterator[tuple[str, Case | CaseError]]:
    """Yield each case with the name of its file, or what is wrong with it."""
    if not names:
        yield f"{EXAMPLE}.toml", example_case(EXAMPLE)
    for name in names:
        try:
            if _is_list(name):
                cases, errors = read_squad(name, tz=tz)
                yield from ((name, case) for case in cases)
                yield from ((name, error) for error in errors)
            else:
                yield name, read_case(name, tz=tz)
        except CaseError as problem:
            yield name, problem


def _show(outlook: Outlook, chart: Path, options: argparse.Namespace) -> None:
    kind: Any = "fixtures" if options.kind is None else options.kind
    outlook.plot(chart, kind, tz=options.tz or "UTC")
    if options.json != "-":
        said = outlook.choices().attrs if kind == "choices" else {}
        pages = [_page(outlook), *("\n".join(said[name]) for name in ("sentences", "notes") if name in said)]
        print("\n\n".join([*pages, f"The chart is in {printable(chart)}.\n"]))


def _page(outlook: Outlook) -> str:
    case = outlook.spell
    head = f"{case.player}, forecast of {case.as_of:%Y-%m-%d %H:%M} UTC, {case.day(case.as_of):.1f} days after onset"
    shown = (with_intervals(t, PERCENTS, PERCENT) for t in (outlook.fixtures, outlook.deadlines) if len(t))
    tables = [table.to_string(index=False) for table in shown]
    foot = [f"Bands hold {outlook.level:.0%}.", *outlook.notes]
    return "\n\n".join([head, *tables, "\n".join(foot)])


def _has_all_letters(screen: TextIO) -> bool:
    """Tell whether any letter can be printed; else JSON has them as numbers, and loses none."""
    return str(getattr(screen, "encoding", None) or "utf-8").lower().startswith("utf")


def log_record(outlook: Outlook) -> dict[str, Any]:
    """Return what a log keeps of an outlook: its record, and which model made it."""
    return {"model": {"trained_on": outlook.trained_on, "sha256": outlook.model.digest}, **outlook.to_dict()}


def _record(outlooks: list[Outlook], json_file: str | None, log: str | None) -> None:
    """Write the numbers where they were asked for."""
    if not outlooks:
        return
    if json_file is not None:
        record = {"schema": 1, "outlooks": [outlook.to_dict() for outlook in outlooks]}
        if json_file == "-":
            print(json.dumps(record, indent=1, ensure_ascii=not _has_all_letters(sys.stdout)))
        else:
            write_text(json_file, json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    if log is not None:
        append(log, [log_record(outlook) for outlook in outlooks])
