"""The squad sheet: open injuries down, matches across, a percentage and a colour in each cell."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ..feed.cases import FeedCase
from ..wording import counted, out_for, percent
from .sheet.canvas import Foot, Head, Layout, Sheet, finish, new_sheet
from .sheet.letters import SMALL, write
from .sheet.look import PLAIN, Look
from .sheet.style import house_style, muted, paper
from .squad_grid import SHOWN, Cell, Grid
from .view import Shown, moment

NO_MATCH = "\u2013"
_NAMES, _GAP, _EDGES, _BETWEEN = 1.95, 0.1, 0.84, 0.3  # inches
_SPARE, _TALLEST = 0.25, 2.0  # of width to spare, what names get; the height of a row, as a multiple of its least
_SMALLEST, _P = 6.5, 0.52  # points: of a match in its cell; inches from its edge to the end of the percentage
_NEXT = {"p_fit": "fit for the next match", "p_plays": "to play next", "p_returns": "to be back next"}
_LINES, _LETTERS, _LETTERS_IN = 4, 9, 16  # of the name of a fixture at the head of its column, and in a cell


class _Form(NamedTuple):
    """A way to lay out rows: the inches of a cell, the fewest columns that have room, and the blocks side by side."""

    name: str
    width: float
    height: float
    fewest: int
    blocks: int = 1


_SHARED = (_Form("stacked", 0.6, 0.42, 6), _Form("line", 0.6, 0.2, 6), _Form("line twice", 0.6, 0.2, 6, 2))
_OWN = (  # with the match
    *(_Form("stacked", 1.0, 0.62, 4), _Form("beside", 1.7, 0.36, 2)),
    *(_Form("line", 1.03, 0.2, 3), _Form("line twice", 1.03, 0.2, 3, 2)),
)


def squad_chart(outlooks: Sequence[Shown], grid: Grid, path: str | Path | None = None, look: Look = PLAIN) -> Figure:
    """Draw a table of players and matches, laid out by :func:`~forecast.charts.squad_grid.squad_cells`."""
    of = look.what or "p_fit"
    forms = _SHARED if not grid.own else _OWN[1:] if look.bare else _OWN  # a page is wide, and prints on few sheets
    with house_style(look.dark):
        titles = 0.3 + 0.14 * max(len(_wrapped(above)) if above else 0 for above, _ in grid.titles)
        head, foot = _head(outlooks, of, grid), _foot(outlooks, grid, look.tz)
        sheet = new_sheet(look, head, foot, [_layout(form, grid, titles) for form in forms])
        form = next(form for form in forms if form.name == sheet.layout)
        rows, columns = math.ceil(len(outlooks) / form.blocks), max(len(grid.titles), form.fewest // 2)
        height = min((sheet.height - titles - _GAP) / rows, _TALLEST * form.height)
        block = (sheet.span + _BETWEEN) / form.blocks  # from the left of one to the left of the next
        names = _NAMES + _SPARE * max(block - _BETWEEN - _NAMES - form.width * columns, 0.0)
        width = (block - _BETWEEN - names) / columns
        axes = sheet.rows(sheet.left, 0.0, sheet.span, titles + height * rows)
        for k, (above, below) in enumerate(grid.titles * form.blocks):
            x = k // len(grid.titles) * block + names + (k % len(grid.titles) + 0.5) * width
            _write_title(axes, sheet, (x, titles), above, below, 0.94 * width)
        for i, (outlook, row) in enumerate(zip(outlooks, grid.rows, strict=True)):
            x, y = i // rows * block, titles + i % rows * height
            _write_player(axes, sheet, (x, y + height / 2), names, outlook)
            for k, cell in enumerate(row):
                _draw_cell(axes, sheet, (x + names + k * width, y, width, height), cell)
        return finish(sheet, path, _alt(outlooks, grid, of))


def _layout(form: _Form, grid: Grid, titles: float) -> Layout:
    height = titles + form.height * math.ceil(len(grid.rows) / form.blocks) + _GAP
    block = _NAMES + form.width * max(len(grid.titles), form.fewest) + _BETWEEN
    width = _EDGES + form.blocks * block - _BETWEEN
    note = ". No room here to name the matches" if form.name.startswith("line") and grid.own else ""
    return Layout(height, height, width, width, form.name, note)


def _write_title(axes: Axes, sheet: Sheet, at: tuple[float, float], above: str, below: str, room: float) -> None:
    """Write the name of a fixture on a few short lines, and the day or the number below."""
    x, y = at
    for i, line in enumerate(reversed(_wrapped(above)) if above else ()):
        write(axes, x, y - 0.28 - 0.14 * i, line, sheet.pixels(room), ha="center", fontsize=7.5, color=muted())
    write(axes, x, y - 0.1, below, ha="center", fontsize=SMALL, fontweight="bold")


def _wrapped(fixture: str) -> list[str]:
    """Wrap a name to a few short lines; a long word keeps a line to itself."""
    return textwrap.wrap(fixture, _LETTERS, max_lines=_LINES, placeholder="…", break_long_words=False) or [fixture]


def _write_player(axes: Axes, sheet: Sheet, at: tuple[float, float], width: float, outlook: Shown) -> None:
    """Write the player's name, and below how long he has been out; the club, where the feed tells it."""
    (x, y), case, room = at, outlook.case, sheet.pixels(width - 0.1)
    club = f"{case.club}, " if isinstance(case, FeedCase) else ""
    if sheet.layout.startswith("line"):
        write(axes, x, y, case.player, room, fontweight="bold")
        return
    write(axes, x, y - 0.09, case.player, room, fontweight="bold")
    write(axes, x, y + 0.1, f"{club}{out_for(outlook.spell.day(case.as_of))}", room, fontsize=7.5, color=muted())


def _draw_cell(axes: Axes, sheet: Sheet, box: tuple[float, float, float, float], cell: Cell) -> None:
    """Draw a colour and a percentage, with the match where the column does not name it; a dash where there is none."""
    x, y, width, height = box
    ground = mpl.rcParams["grid.color"] if cell.p is None else mpl.colormaps["cividis"](cell.p)
    style: dict[str, Any] = {"alpha": 0.4 if cell.p is None else 1.0, "edgecolor": paper(), "linewidth": 1.5}
    axes.add_patch(Rectangle((x, y), width, height, facecolor=ground, **style))
    middle = x + width / 2
    if cell.p is None:
        write(axes, middle, y + height / 2, NO_MATCH, ha="center", color=muted())
        return
    style, p = {"color": readable_on(ground)}, percent(cell.p)
    if not cell.match:
        write(axes, middle, y + height / 2, p, fontweight="bold", ha="center", **style)
    elif sheet.layout == "stacked":
        write(axes, middle, y + 0.2 * height, p, fontweight="bold", ha="center", **style)
        for i, line in enumerate([*_in_two(cell.match), cell.day]):
            at, room = y + height * (0.46 + 0.19 * i), sheet.pixels(width - 0.08)
            write(axes, middle, at, line, room, fontsize=_SMALLEST, ha="center", **style)
    else:
        write(axes, x + _P, y + height / 2, p, fontweight="bold", ha="right", **style)
        beside = [cell.day] if sheet.layout.startswith("line") else [cell.match, cell.day]
        for i, line in enumerate(beside, 1):
            at, room = y + height * i / (len(beside) + 1), sheet.pixels(width - _P - 0.14)
            write(axes, x + _P + 0.08, at, line, room, fontsize=_SMALLEST, **style)


def _in_two(match: str) -> list[str]:
    """Wrap a match to two lines at the most; a long one to a line for each team, so that no opponent is lost."""
    lines = textwrap.wrap(match, _LETTERS_IN, break_long_words=False) or [match]
    home, v, away = match.partition(" v ")
    return lines if len(lines) <= 2 else [home, f"v {away}"] if v else [lines[0], " ".join(lines[1:])]


def readable_on(ground: Any) -> str:
    """Black or white, whichever is read more easily; one of them always has a contrast of 4.5:1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(ground)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "black" if luminance > 0.179 else "white"


def _head(outlooks: Sequence[Shown], of: str, grid: Grid) -> Head:
    likely = sum(next((cell.p for cell in row if cell.p is not None), 0.0) >= 0.5 for row in grid.rows)
    finding = f"More likely than not {_NEXT[of]}: {likely or 'none'} of {len(outlooks)}."
    return "Who is back when?", finding, _shows(grid, of)


def _shows(grid: Grid, of: str) -> str:
    dash = f"; {NO_MATCH} no match" if any(cell.p is None for row in grid.rows for cell in row) else ""
    return f"Probability to be {SHOWN[of]} {grid.each}; blue is unlikely, yellow likely{dash}"


def _foot(outlooks: Sequence[Shown], grid: Grid, tz: ZoneInfo) -> Foot:
    models = list(dict.fromkeys(o.trained_on for o in outlooks))
    first, last = (end(o.case.as_of for o in outlooks) for end in (min, max))
    when = moment(first, tz) if first == last else f"{moment(first, tz)} to {moment(last, tz)}"
    later = counted(grid.left_out, "match" if grid.own else "fixture")
    more = f"; later, and not shown: {later}" if grid.left_out else ""
    return f"Model fitted to {'; '.join(models)}", f"Forecasts of {when}{more}"


def _alt(outlooks: Sequence[Shown], grid: Grid, of: str) -> str:
    rows = [[percent(cell.p) for cell in row if cell.p is not None] for row in grid.rows]
    told = "; ".join(f"{o.case.player} {', '.join(p)}" for o, p in zip(outlooks, rows, strict=True))
    size = f"{counted(len(grid.rows), 'player')} and {counted(len(grid.titles), 'match' if grid.own else 'fixture')}"
    return f"{size}, probability to be {SHOWN[of]} each: {told}."
