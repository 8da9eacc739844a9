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
from ..io.frames import ENDINGS
from ..io.write import write_text
from ..model.return_model import ReturnModel
from ..model.saved import default_model, load_model
from ..outlook.outlook import Outlook
from ..outlook.squad import squad_html, squad_sheet, squad_summary
from ..scoring.forecast_log import append
from ..wording import of_players, percent, percents, printable, since_onset, with_intervals
from . import DONE, add_options, check_outputs, complain, parser_of
from .said import bulletin_of

EXAMPLE = "bellingham"
_READ = (".toml", ".ics", *ENDINGS)  # files of cases and of fixtures


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
    """Check that nothing is written over what is read, or where a case may be looked for."""
    numbers = {"--json": options.json if options.json != "-" else None, "--log": options.log}
    for option, file in numbers.items():
        if file is not None and Path(file).suffix.lower() in _READ:
            raise CaseError.of(option, file, f"must not end in {', '.join(_READ)}: cases are read from such files")
    check_outputs({"--png": options.png, "--html": options.html, **numbers}, [*options.cases, options.model])


def run_cases(model: ReturnModel, options: argparse.Namespace) -> int:
    """Forecast cases one by one, each with a page and a chart."""
    charts = [Path(options.png or f"{Path(name).stem}.png") for name in options.cases or [EXAMPLE]]
    if options.html is not None and len(charts) > 1:
        raise CaseError.of("--html", options.html, "must be left out of several cases without --png FILE")
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
            outlooks.append(outlook)
    if outlooks:
        of = "p_fit" if options.what is None else options.what
        squad_sheet(outlooks, chart, of=of, **_look(options))
        if options.html is not None:
            squad_html(outlooks, options.html, tz=options.tz or "UTC", title=options.title)
        if options.json != "-":
            notes = of_players((outlook.case.player, outlook.notes) for outlook in outlooks)
            foot = "\n".join([*notes, _written("The squad sheet", chart, options.html)])
            print(f"{squad_summary(outlooks).to_string(index=False)}\n\n{foot}")
    _record(outlooks, options.json, options.log)
    return status


_OPTIONS = {
    "--as-of DATE": "forecast from what was known at this moment, or with --said or --missed as of a later one",
    "--png FILE": "where the chart goes, .png, .svg or .pdf; of several cases that of the squad; CASE.png here",
    "--html FILE": "write a page with chart, table and sentences, with --kind choices those; of a squad one page",
    "--kind KIND": "the chart of a case: fixtures, returns, timeline or choices; fixtures where left out",
    "--title TEXT": "the title of the chart and of the page",
    "--what P": "what the chart shows first, p_fit or p_plays",
    "--size W,H": "width and height of the chart in inches, such as 12.8,7.2",
    "--json FILE": "write the numbers as JSON, too; - prints them instead of the table",
    "--log FILE": "append what was forecast to this file, to be scored later",
    "--tz ZONE": "the zone of times that have none, and of the dates of charts; UTC where left out",
    "--model FILE": "a model that fit saved; the shipped one where left out",
}
_SWITCHES = {
    "--dark": "draw the chart on a dark ground",
    "--missed": "he missed all fixtures since the case was written",
    "--version": "print the version",
}
_SAID = 'news since the case was written, such as "2026-03-09 ruled_out 2026-03-29 club"; may be given more than once'
_OTHERS = "new NAME, feed FOLDER, score LOG OUTCOMES.csv, fit FOLDER --save FILE, backtest, archive CLONE OUT"


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = parser_of("", f"Forecast the return of injured players. Other commands: {_OTHERS}.")
    add_options(parser, _OPTIONS)
    parser.add_argument("--said", metavar="TEXT", action="append", default=[], help=_SAID)
    for name, text in _SWITCHES.items():
        parser.add_argument(name, action="store_true", help=text)
    cases = "TOML files, or a CSV or Excel file of many injuries; the shipped Bellingham case where left out"
    parser.add_argument("cases", nargs="*", metavar="CASE", help=cases)
    options = parser.parse_args(arguments)
    options.json = "-" if options.json == "/dev/stdout" else options.json
    return options


def _is_list(name: str) -> bool:
    """Tell whether a file holds many injuries, one a row, or one case."""
    return Path(name).suffix.lower() in ENDINGS


def _forecasts(model: ReturnModel, options: argparse.Namespace) -> Iterator[Outlook | CaseError | OSError]:
    """Yield the forecast of each case, or what is wrong with it."""
    for name, case in _read(options.cases, options.tz):
        if isinstance(case, Exception):
            yield case
            continue
        try:
            yield model.forecast(_at(case, options))
        except CaseError as error:
            yield error.located(entry=case.player if _is_list(name) else "", file=Path(name).name)


def _at(case: Case, options: argparse.Namespace) -> Case:
    """Return the case at the moment that is asked for, with what was said since."""
    said = [bulletin_of(text, options.tz) for text in options.said]
    as_of = in_zone(options.as_of, options.tz)
    if said or options.missed:
        newest = max([case.as_of, *(b.issued for b in said)])
        return case.updated(newest if as_of is None else as_of, said, options.missed or None)
    return case if as_of is None else case.rewound(as_of)


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
    outlook.plot(chart, kind, what=options.what, **_look(options))
    choices = outlook.choices() if kind == "choices" else None
    if options.html is not None:
        outlook.to_html(options.html, tz=options.tz or "UTC", title=options.title, choices=choices)
    if options.json != "-":
        said = {} if choices is None else choices.attrs
        pages = [_page(outlook), *("\n".join(said[name]) for name in ("sentences", "notes") if name in said)]
        print("\n\n".join([*pages, f"{_written('The chart', chart, options.html)}\n"]))


def _written(what: str, chart: Path, page: str | None) -> str:
    """Say where a picture went, and the page where one was asked for."""
    return f"{what} is in {printable(chart)}{'' if page is None else f', the page in {printable(page)}'}."


def _look(options: argparse.Namespace) -> dict[str, Any]:
    """Return the wishes for a picture."""
    return {"title": options.title, "size": options.size, "dark": options.dark, "tz": options.tz or "UTC"}


def _page(outlook: Outlook) -> str:
    case = outlook.spell
    head = f"{case.player}, forecast of {case.as_of:%Y-%m-%d %H:%M} UTC, {since_onset(case.day(case.as_of))}"
    shown = (with_intervals(t, percents, percent) for t in (outlook.fixtures, outlook.deadlines) if len(t))
    tables = [table.to_string(index=False) for table in shown]
    foot = [f"In brackets the {outlook.level:.0%} band.", *outlook.notes]
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
