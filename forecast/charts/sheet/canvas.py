"""The sheet that every chart is drawn on: a figure of its own with head and foot, or the axes of another figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as PlainFigure
from matplotlib.ticker import PercentFormatter

from ...io.fields import instance_of
from .fonts import drawable
from .letters import SMALL, fit_text, wrapped
from .look import Look
from .saved import new_figure, save
from .style import letters, muted, paper, points, set_letters, size_set_by_the_user

WIDTH = 6.4  # inches: narrow enough that the letters stay readable at the width of a phone
LEFT, SPAN = 0.09, 0.87  # of that width: where the text begins, and how wide it may be
HEAD, FOOT = 1.18, 0.55  # inches
_EDGE = 0.576  # inches from the left edge of a figure to its text, and about half of them at the right
_MARGIN = 0.2  # inches that stay free at the right of a line
_SMALLEST = 0.75  # of the usual letters: before they are smaller another layout is tried
_TITLE, _LINE, _MOST = 0.27, 0.2, 3  # inches from line to line of a title, of the others; lines of a title
_BARE = 0.2  # inches above the panels where there is no head

Head = tuple[str, str, str]  # the title, what the picture says, and one line on what it shows
Foot = tuple[str, ...]  # where the numbers come from, and of when they are
Lines = tuple[list[str], list[str], list[str]]  # those of a head, as they fit on the sheet


@dataclass(frozen=True)
class Layout:
    """One way to lay out a chart: the inches that it takes between head and foot, and at the least."""

    height: float
    least: float
    width: float = WIDTH
    narrow: float = 5.0
    name: str = "tall"


@dataclass(frozen=True)
class Sheet:
    """The place of the panels of a chart. Lengths are in inches of a sheet whose letters are of the usual size.

    Attributes
    ----------
    figure : Figure
    layout : str
        The name of the layout that was chosen.
    width, height : float
        All that there is across, and what is between head and foot.
    left, span : float
        Where text begins, and how wide it may be.
    top, whole : float
        What the head takes, and the height of the whole sheet.
    axes : Axes or None
        Those of another figure in which it is drawn.
    head : tuple
    foot : tuple of str
    """

    figure: PlainFigure
    layout: str
    width: float
    height: float
    left: float
    span: float
    top: float
    whole: float
    axes: Axes | None
    head: Lines
    foot: Sequence[str]

    def panel(self, left: float, top: float, width: float, height: float, **style: Any) -> Axes:
        """Add axes, some inches from the left edge and below the head."""
        below = self.whole - self.top - top - height
        bounds = (left / self.width, below / self.whole, width / self.width, height / self.whole)
        return self.figure.add_axes(bounds, **style) if self.axes is None else self.axes.inset_axes(bounds, **style)

    def rows(self, left: float, top: float, width: float, height: float) -> Axes:
        """Add bare axes whose data are inches: from the left, and downwards."""
        axes = self.panel(left, top, width, height, facecolor="none")
        axes.set(xlim=(0.0, width), ylim=(height, 0.0))
        axes.set_axis_off()
        return axes

    def pixels(self, inches: float) -> float:
        """Return how many pixels a length is."""
        return inches * letters() * float(self.figure.dpi)


def new_sheet(look: Look, head: Head, foot: Foot, layouts: Sequence[Layout], axes: Axes | None = None) -> Sheet:
    """Make a sheet in one of the layouts, the first where no size is asked for, else the first that fits.

    Where none fits, the letters become smaller until one does; ``axes`` are those of another figure to draw in.
    """
    size = look.size or size_set_by_the_user()
    if axes is not None:
        return _sheet_in(axes, layouts, look.title or "")
    foot = () if look.bare else foot
    usual, width = letters(), layouts[0].width if size is None else size[0] / letters()
    lines = _lines(look, head, width)
    below: Sequence[str] = (*foot, look.note) if look.note else foot
    free = _head_height(lines) + _foot_height(below)
    if size is None:
        chosen, size = layouts[0], (width * usual, (free + layouts[0].height) * usual)
    else:
        chosen = _chosen(layouts, size[0], size[1], free, usual)
        lines = _lines(look, head, size[0] / letters())
        free = _head_height(lines) + _foot_height(below)
    width, whole = size[0] / letters(), size[1] / letters()
    figure, top = new_figure(*size), _head_height(lines)
    return Sheet(figure, chosen.name, width, whole - free, _EDGE, width - 1.45 * _EDGE, top, whole, None, lines, below)


def _sheet_in(axes: Axes, layouts: Sequence[Layout], title: str) -> Sheet:
    """Make a sheet of the axes of another figure, with a title but without head and foot."""
    figure: Any = instance_of("ax", axes, Axes, "axes of matplotlib").figure
    box = axes.get_window_extent()
    axes.set_axis_off()
    axes.set_title(drawable(title), fontsize=points(10), fontweight="bold", loc="left")
    size = box.width / figure.dpi, box.height / figure.dpi
    chosen = _chosen(layouts, *size, 0.0, letters())
    width, height = (side / letters() for side in size)
    return Sheet(figure, chosen.name, width, height, 0.5, width - 0.6, 0.0, height, axes, ([], [], []), ())


def _chosen(layouts: Sequence[Layout], width: float, height: float, free: float, usual: float) -> Layout:
    """Choose the first layout whose letters are large enough, else that of the largest; set their size."""
    parts = [min(usual, width / one.narrow, height / (free + one.least)) for one in layouts]
    enough = [i for i, part in enumerate(parts) if part >= _SMALLEST * usual]
    best = enough[0] if enough else parts.index(max(parts))
    set_letters(parts[best])
    return layouts[best]


def finish(sheet: Sheet, path: str | Path | None, alt: str) -> PlainFigure:
    """Write head and foot, and save it where a path is given, with a description for readers who cannot see it."""
    if sheet.axes is None:
        write_head(sheet.figure, sheet.head, sheet.foot, sheet.left)
    title = " ".join(sheet.head[0])
    if path is not None:
        save(sheet.figure, path, title, alt)
    return sheet.figure


def write_head(figure: PlainFigure, head: Lines, foot: Sequence[str], left: float = _EDGE) -> None:
    """Write the lines of head and foot, ``left`` inches from the edge."""
    title, finding, shows = head
    at = 0.3
    for line in title:
        _line(figure, left, at, line, fontsize=points(14), fontweight="bold")
        at += _TITLE
    for line in finding:
        _line(figure, left, at + 0.05, line, fontsize=points(10))
        at += _LINE
    for line in shows:
        _line(figure, left, at + 0.09, line, fontsize=points(SMALL), color=muted())
        at += _LINE
    height = figure.get_figheight() / letters()
    for text, above in zip(reversed(foot), (0.15 + 0.19 * i for i in range(len(foot))), strict=True):
        _line(figure, left, height - above, text, fontsize=points(8), color=muted())


def _lines(look: Look, head: Head, width: float) -> Lines:
    """Break the words of the head into lines for a sheet ``width`` inches wide."""
    title, finding, shows = look.title or head[0], look.subtitle or head[1], head[2]
    if look.bare:
        return [], [], []
    figure = new_figure(1.0, 1.0)
    room = (width - _EDGE - _MARGIN) * letters() * figure.dpi
    styles: list[dict[str, Any]] = [{"fontsize": 14, "fontweight": "bold"}, {"fontsize": 10}, {"fontsize": SMALL}]

    def fitted(text: str, style: dict[str, Any]) -> list[str]:
        style = style | {"fontsize": points(style["fontsize"]), "parse_math": False}
        return wrapped(figure.text(0.0, 0.0, text, **style), room, _MOST)

    first, second, third = map(fitted, (title, finding, shows), styles)
    return first, second, third


def _head_height(lines: Lines) -> float:
    if not lines[0]:
        return _BARE
    return HEAD + _TITLE * (len(lines[0]) - 1) + _LINE * (len(lines[1]) + len(lines[2]) - 2)


def _foot_height(foot: Sequence[str]) -> float:
    return FOOT + 0.19 * (len(foot) - 2) if foot else 0.0


def _line(figure: PlainFigure, left: float, below_top: float, text: str, **style: Any) -> None:
    """Write a line of text, some inches from the left and below the top."""
    width, height = (side / letters() for side in figure.get_size_inches())
    line = figure.text(left / width, 1.0 - below_top / height, text, va="center", parse_math=False, **style)
    fit_text(line, (width - left - _MARGIN) * letters() * figure.dpi)


def dot(axes: Axes, x: Any, y: Any, marker: str, colour: str, size: float) -> None:
    """Draw markers with a rim in the colour of the ground."""
    axes.plot(x, y, marker, color=colour, markersize=points(size), markeredgecolor=paper(), clip_on=False, zorder=3)


def axis_of_percents(axes: Axes) -> None:
    """Set the vertical axis from 0% to 100%."""
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
