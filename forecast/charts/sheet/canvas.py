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
from .letters import SMALL, fit_text, fits, wrapped
from .look import Look
from .saved import new_figure, save
from .style import letters, muted, paper, points, set_letters, size_set_by_the_user

WIDTH = 6.4  # inches: narrow enough that the letters stay readable at the width of a phone
LEFT, SPAN = 0.09, 0.87  # of that width: where the text begins, and how wide it may be
HEAD, FOOT = 1.18, 0.55  # inches
_EDGE = 0.576  # inches from the left edge of a figure to its text, and about half of them at the right
_MARGIN = 0.2  # inches that stay free at the right of a line
_SMALLEST = 0.75  # of the usual letters: before they are smaller another layout is tried
_TITLES = (14.0, 12.0, 10.5)  # points: of a title, the first in which it takes few lines
_LINE, _BELOW, _MOST, _MORE, _LONG = 0.2, 0.19, 3, 5, 6  # inches from line to line, and of the foot; lines, of a title
_TICK = 3.5  # points: of a tick, and from it to its label
_BARE = 0.2  # inches above the panels where there is no head

Head = tuple[str, str, str]  # the title, what the picture says, and one line on what it shows
Foot = tuple[str, ...]  # where the numbers come from, and of when they are


@dataclass(frozen=True)
class Layout:
    """One way to lay out a chart: the inches that it takes between head and foot, and at the least.

    ``note`` says what is not shown in it.
    """

    height: float
    least: float
    width: float = WIDTH
    narrow: float = 5.0
    name: str = "tall"
    note: str = ""


@dataclass(frozen=True)
class Words:
    """Lines of head and foot as they fit on the sheet; ``size`` in points is that of the title."""

    title: Sequence[str] = ()
    finding: Sequence[str] = ()
    shows: Sequence[str] = ()
    foot: Sequence[str] = ()
    size: float = _TITLES[0]

    @property
    def head(self) -> float:
        """Inches above the panels."""
        if not self.title:
            return _BARE
        more = len(self.finding) + len(self.shows) - 2
        return HEAD + _line_of_title(self.size) * len(self.title) - _line_of_title(_TITLES[0]) + _LINE * more

    @property
    def below(self) -> float:
        """Inches below the panels."""
        return FOOT + _BELOW * (len(self.foot) - 2) if self.foot else 0.0


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
    words : Words
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
    words: Words

    def panel(self, left: float, top: float, width: float, height: float, **style: Any) -> Axes:
        """Add axes, some inches from the left edge and below the head."""
        below = self.whole - self.top - top - height
        bounds = (left / self.width, below / self.whole, width / self.width, height / self.whole)
        axes = self.figure.add_axes(bounds, **style) if self.axes is None else self.axes.inset_axes(bounds, **style)
        axes.tick_params(pad=points(_TICK))
        axes.tick_params(axis="x", length=points(_TICK))
        return axes

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
    usual, width = letters(), layouts[0].width if size is None else size[0] / letters()
    words = _words(look, head, foot, width)
    if size is None:
        chosen, size = layouts[0], (width * usual, (words.head + words.below + layouts[0].height) * usual)
    else:
        chosen = _chosen(layouts, size[0], size[1], words.head + words.below, usual)
        words = _words(look, (head[0], head[1], head[2] + chosen.note), foot, size[0] / letters())
    width, whole = size[0] / letters(), size[1] / letters()
    height, span = whole - words.head - words.below, width - 1.45 * _EDGE
    return Sheet(new_figure(*size), chosen.name, width, height, _EDGE, span, words.head, whole, None, words)


def _sheet_in(axes: Axes, layouts: Sequence[Layout], title: str) -> Sheet:
    """Make a sheet of the axes of another figure, with a title but without head and foot."""
    figure: Any = instance_of("ax", axes, Axes, "axes of matplotlib").figure
    box = axes.get_window_extent()
    axes.set_axis_off()
    axes.set_title(drawable(title), fontsize=points(10), fontweight="bold", loc="left")
    size = box.width / figure.dpi, box.height / figure.dpi
    chosen = _chosen(layouts, *size, 0.0, letters())
    width, height = (side / letters() for side in size)
    return Sheet(figure, chosen.name, width, height, 0.5, width - 0.6, 0.0, height, axes, Words())


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
        write_words(sheet.figure, sheet.words, sheet.left)
    if path is not None:
        save(sheet.figure, path, " ".join(sheet.words.title), alt)
    return sheet.figure


def write_words(figure: PlainFigure, words: Words, left: float = _EDGE) -> None:
    """Write the lines of head and foot, ``left`` inches from the edge."""
    at = 0.3
    for line in words.title:
        _line(figure, left, at, line, fontsize=points(words.size), fontweight="bold")
        at += _line_of_title(words.size)
    for line in words.finding:
        _line(figure, left, at + 0.05, line, fontsize=points(10))
        at += _LINE
    for line in words.shows:
        _line(figure, left, at + 0.09, line, fontsize=points(SMALL), color=muted())
        at += _LINE
    height = figure.get_figheight() / letters()
    for i, line in enumerate(reversed(words.foot)):
        _line(figure, left, height - 0.15 - _BELOW * i, line, fontsize=points(8), color=muted())


def _words(look: Look, head: Head, foot: Foot, width: float) -> Words:
    """Break the words of head and foot into lines for a sheet some inches wide; a long title has smaller letters."""
    figure = new_figure(1.0, 1.0)
    room = (width - _EDGE - _MARGIN) * letters() * figure.dpi

    def fitted(text: str, size: float, most: int = _MOST, weight: str = "normal") -> list[str]:
        style: dict[str, Any] = {"fontsize": points(size), "fontweight": weight, "parse_math": False}
        return wrapped(figure.text(0.0, 0.0, text, **style), room, most)

    def whole(title: list[str], size: float) -> bool:
        last = figure.text(0.0, 0.0, title[-1], fontsize=points(size), fontweight="bold", parse_math=False)
        return fits(last, room)

    below = [*(() if look.bare else foot), *([look.note] if look.note else [])]
    ends = [line for text in below for line in fitted(text, 8.0, 2)]
    if look.bare:
        return Words(foot=ends)
    for size in _TITLES:
        title = fitted(look.title or head[0], size, _LONG if size == _TITLES[-1] else _MOST, "bold")
        if whole(title, size):
            break
    return Words(title, fitted(look.subtitle or head[1], 10.0), fitted(head[2], SMALL, _MORE), ends, size)


def _line_of_title(size: float) -> float:
    """Return the inches from line to line of a title."""
    return 0.27 * size / _TITLES[0]


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
