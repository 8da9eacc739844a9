"""The timeline: how the probability for each fixture moved as days passed and bulletins came in."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import matplotlib as mpl
import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..arrays import Array
from ..case.bulletin import Bulletin, statement
from ..io.fields import zone
from ..wording import day, day_near, local, natural, percent
from .sheet.canvas import FOOT, LEFT, SPAN, Head, axis_of_percents, dot, finish, fit_text, house_style, muted, new_sheet
from .sheet.date_axis import axis_of_dates
from .view import Shown, foot_of_forecast

_PLOT, _LABEL, _ROW, _AXIS = 2.9, 0.19, 0.22, 0.4  # heights in inches: curves, their names, bulletins, dates
_SHARE = 0.45  # of the width that the curves take; their names have the rest
_SMALL, _NAME_AT = 8.5, 33  # points: the letters, and where a name begins behind its percentage
_SHOWN = 10  # bulletins that are told in words, the last ones


def timeline_chart(outlook: Shown, path: str | Path | None = None, dark: bool = False, tz: str = "UTC") -> Figure:
    """Draw what would have been forecast for each fixture ahead on every day since the onset; see Outlook.plot."""
    there, history = zone(tz), outlook.history()
    said = sorted(outlook.case.bulletins, key=lambda b: b.issued)
    with house_style(dark) as colours:
        count, rows = history.shape[1], min(len(said), _SHOWN) + (len(said) > _SHOWN)
        plot, below = max(_PLOT, _LABEL * count), _ROW * rows
        figure, axes = new_sheet(plot, _AXIS + below, _SHARE)
        _set_up(axes, outlook, there)
        shades = _shades(count, dark)
        _draw_curves(axes, history, shades)
        _draw_bulletins(axes, said, colours[3])
        _name_curves(axes, outlook, history.iloc[-1].to_numpy(), shades, there)
        _tell_bulletins(figure, said, (FOOT + below) / figure.get_figheight(), there)
        head, foot = _head(outlook, history, there), foot_of_forecast(outlook, there)
        return finish(figure, head, foot, path, _alt(outlook, history))


def _set_up(axes: Axes, outlook: Shown, tz: ZoneInfo) -> None:
    case = outlook.case
    axis_of_dates(axes, min(case.onset, case.as_of - pd.Timedelta(days=1)), case.as_of, tz, most=4)
    axis_of_percents(axes)


def _shades(count: int, dark: bool) -> list[Any]:
    """Return colours from the first fixture to the last, told apart by lightness, too."""
    ends = (0.42, 1.0) if dark else (0.0, 0.55)
    return [mpl.colormaps["cividis"](at) for at in np.linspace(*ends, count)]


def _draw_curves(axes: Axes, history: pd.DataFrame, shades: list[Any]) -> None:
    for k, shade in enumerate(shades):
        axes.plot(history.index, history[k], color=shade, linewidth=1.8)
        dot(axes, history.index[-1], history[k].iloc[-1], "o", shade, 5)


def _draw_bulletins(axes: Axes, said: list[Bulletin], colour: str) -> None:
    """Draw a line down from the top for each bulletin."""
    for b in said:
        at = mdates.date2num(b.issued)
        axes.axvline(at, color=colour, linewidth=0.9, alpha=0.55, linestyle=(0, (4, 3)), zorder=1)
        dot(axes, b.issued, 1.0, "v", colour, 6)


def _name_curves(axes: Axes, outlook: Shown, values: Array, shades: list[Any], tz: ZoneInfo) -> None:
    """Name each curve beside its end, with its percentage, pushed apart where names would lie on each other."""
    least = _LABEL / (axes.bbox.height / axes.figure.dpi)
    room = (SPAN - 1.06 * _SHARE) * axes.figure.bbox.width - _NAME_AT * axes.figure.dpi / 72.0
    style: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "center_baseline"}
    style["fontsize"] = _SMALL
    row: Any
    for value, place, shade, row in zip(
        values, _apart(values, least), shades, outlook.fixtures.itertuples(), strict=True
    ):
        axes.plot([1.015, 1.055], [value, place], transform=axes.transAxes, color=shade, linewidth=0.9, clip_on=False)
        axes.annotate(percent(float(value)), (1.06, place), (3, 0), fontweight="bold", **style)
        name = axes.annotate(row.fixture, (1.06, place), (_NAME_AT, 0), parse_math=False, **style)
        fit_text(name, room, tail=f", {day_near(row.kickoff, outlook.case.as_of, tz)}")


def _apart(values: Array, least: float) -> Array:
    """Places from 0 to 1 in the order of the values, as near to them as a least distance allows."""
    order = np.argsort(values, kind="stable")
    steps = least * np.arange(len(values))
    low = np.maximum.accumulate(values[order] - steps) + steps  # pushed upwards
    places = np.empty(len(values))
    places[order] = np.minimum(low, 1.0 + 0.5 * least - steps[::-1])  # and back below the top
    return places


def _tell_bulletins(figure: Figure, said: list[Bulletin], top: float, tz: ZoneInfo) -> None:
    """Write the bulletins, a line each; of very many, the last."""
    lines = [f"{day(local(b.issued, tz))}, {b.source}: {statement(b, tz)}" for b in said[-_SHOWN:]]
    if len(said) > _SHOWN:
        lines = [f"{len(said) - _SHOWN} earlier bulletins", *lines]
    for i, line in enumerate(lines):
        at = top - (i + 0.5) * _ROW / figure.get_figheight()
        figure.text(LEFT, at, "▼", fontsize=6.5, va="center", color=muted())
        text = figure.text(LEFT + 0.03, at, line, fontsize=_SMALL, va="center", parse_math=False)
        fit_text(text, (SPAN - 0.03) * figure.bbox.width)


def _head(outlook: Shown, history: pd.DataFrame, tz: ZoneInfo) -> Head:
    what = "appears in" if outlook.cleared else "is fit for"
    earlier, word = history.iloc[:1], "Time alone"
    if said := [b.issued for b in outlook.case.bulletins]:
        earlier, word = history[history.index < max(max(said), history.index[1])], "The last news"
    then, now = earlier.iloc[-1], history.iloc[-1]
    k = int((now - then).abs().argmax())
    before, after = percent(float(then[k])), percent(float(now[k]))
    match = day_near(outlook.fixtures.kickoff[k], outlook.case.as_of, tz)
    finding = f"{word} moved it most for {match}: {before} to {after}, {natural(float(now[k]))}."
    if before == after:
        finding = f"Nothing has moved it yet: {natural(float(now[k]))} for {match}."
    shows = f"Probability that he {what} each match, as it would have been forecast on each day"
    return f"{outlook.case.player}: how did it move?", finding, shows


def _alt(outlook: Shown, history: pd.DataFrame) -> str:
    moved = "; ".join(
        f"{name} from {percent(float(history[k].iloc[0]))} to {percent(float(history[k].iloc[-1]))}"
        for k, name in enumerate(outlook.fixtures.fixture)
    )
    count = len(outlook.case.bulletins)
    return f"How the forecast for {outlook.case.player} moved: {moved}. {count} bulletins are marked."
