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

from ..arrays import Array, each_row
from ..case.bulletin import Bulletin, statement
from ..wording import day, day_near, in_words, local, natural, percent
from .sheet.canvas import Head, Layout, Sheet, axis_of_percents, dot, finish, new_sheet
from .sheet.date_axis import axis_of_dates
from .sheet.letters import SMALL, apart, beside, fit_text, write
from .sheet.look import PLAIN, Look
from .sheet.style import house_style, muted, points
from .view import Shown, foot_of_forecast

# Heights in inches: curves, the least of them, their names, bulletins, dates.
_PLOT, _LEAST, _LABEL, _ROW, _AXIS = 2.9, 1.8, 0.19, 0.22, 0.4
_SHARE, _MOST = 0.48, 0.6  # of the width that the names of curves take, and the most that they may
_NAMES = 2.7, 3.6  # inches that they need at the least, and that are enough
_NAME_AT = 33  # points: where a name begins behind its percentage
_LATER = pd.Timedelta(days=1)  # from then on it is not the news alone that moved it
_SHOWN = 10  # bulletins that are told in words, the last ones


def timeline_chart(
    outlook: Shown, path: str | Path | None = None, look: Look = PLAIN, axes: Axes | None = None
) -> Figure:
    """Draw what would have been forecast for each fixture ahead on every day since the onset; see Outlook.plot."""
    history, said = outlook.history(), sorted(outlook.case.bulletins, key=lambda b: b.issued)
    with house_style(look.dark) as colours:
        count, below = history.shape[1], _ROW * (min(len(said), _SHOWN) + (len(said) > _SHOWN))
        names = _LABEL * count
        layout = Layout(max(_PLOT, names) + _AXIS + below, max(_LEAST, names) + _AXIS + below)
        head, foot = _head(outlook, history, look.tz), foot_of_forecast(outlook, look.tz)
        sheet = new_sheet(look, head, foot, [layout], axes)
        panel = sheet.panel(sheet.left, 0.0, _width(sheet), sheet.height - _AXIS - below)
        _set_up(panel, outlook, look.tz)
        shades = _shades(count, look.dark)
        _draw_curves(panel, history, shades)
        _draw_bulletins(panel, said, colours[3])
        _name_curves(panel, sheet, outlook, history.iloc[-1].to_numpy(), shades, look.tz)
        _tell_bulletins(sheet, said, below, look.tz)
        return finish(sheet, path, _alt(outlook, history))


def _width(sheet: Sheet) -> float:
    """Return the width of the curves: their names have the rest, as much as they need."""
    least, enough = _NAMES
    return sheet.span - min(max(_SHARE * sheet.span, least), enough, _MOST * sheet.span)


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


def _name_curves(axes: Axes, sheet: Sheet, outlook: Shown, values: Array, shades: list[Any], tz: ZoneInfo) -> None:
    """Name each curve beside its end, with its percentage, pushed apart where names would lie on each other."""
    least = sheet.pixels(_LABEL) / axes.get_window_extent().height
    room = sheet.pixels(sheet.span - 1.06 * _width(sheet) - _NAME_AT / 72.0)
    style: dict[str, Any] = {"xycoords": "axes fraction", "va": "center_baseline"}
    ends = zip(values, apart(values, least), shades, each_row(outlook.fixtures), strict=True)
    for value, place, shade, row in ends:
        axes.plot([1.015, 1.055], [value, place], transform=axes.transAxes, color=shade, linewidth=1.8, clip_on=False)
        beside(axes, (1.06, place), (3, 0), percent(float(value)), fontweight="bold", **style)
        name = beside(axes, (1.06, place), (points(_NAME_AT), 0), row.fixture, parse_math=False, **style)
        fit_text(name, room, tail=f", {day_near(row.kickoff, outlook.case.as_of, tz)}")


def _tell_bulletins(sheet: Sheet, said: list[Bulletin], height: float, tz: ZoneInfo) -> None:
    """Write the bulletins, a line each; of very many, the last."""
    lines = [f"{day(local(b.issued, tz))}, {b.source}: {statement(b, tz)}" for b in said[-_SHOWN:]]
    if len(said) > _SHOWN:
        lines = [f"earlier bulletins: {len(said) - _SHOWN}", *lines]
    if not lines:
        return
    axes = sheet.rows(sheet.left, sheet.height - height, sheet.span, height)
    for i, line in enumerate(lines):
        at = (i + 0.5) * _ROW
        write(axes, 0.0, at, "▼", fontsize=6.5, color=muted(), va="center")
        write(axes, 0.19, at, line, sheet.pixels(sheet.span - 0.19), fontsize=SMALL, va="center")


def _head(outlook: Shown, history: pd.DataFrame, tz: ZoneInfo) -> Head:
    what = "appears in" if outlook.cleared else "is fit for"
    earlier, word = history.iloc[:1], "Time alone"
    if said := [b.issued for b in outlook.case.bulletins]:
        earlier, word = history[history.index < max(max(said), history.index[1])], "The last news"
        word += " and time" if outlook.case.as_of - max(said) > _LATER else ""
    then, now = earlier.iloc[-1], history.iloc[-1]
    k = int((now - then).abs().argmax())
    before, after = percent(float(then[k])), percent(float(now[k]))
    match = day_near(outlook.fixtures.kickoff[k], outlook.case.as_of, tz)
    finding = f"{word} moved it most for {match}: {before} to {after}{in_words(float(now[k]))}."
    if before == after:
        finding = f"Nothing has moved it yet: {natural(float(now[k]))} for {match}."
    shows = f"Probability that he {what} each match, as it would have been forecast on each day"
    return f"{outlook.case.player}: how did it move?", finding, shows


def _alt(outlook: Shown, history: pd.DataFrame) -> str:
    moved = "; ".join(
        f"{name} from {percent(float(history[k].iloc[0]))} to {percent(float(history[k].iloc[-1]))}"
        for k, name in enumerate(outlook.fixtures.fixture)
    )
    marked = f"Bulletins marked: {len(outlook.case.bulletins)}."
    return f"How the forecast for {outlook.case.player} moved: {moved}. {marked}"
