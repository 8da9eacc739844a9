"""The sheet that every chart is drawn on: style, figure and file, head and foot, and text that fits its place."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

import matplotlib as mpl
import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as PlainFigure
from matplotlib.text import Text
from matplotlib.ticker import PercentFormatter

from ...io.write import write_bytes
from .fonts import drawable, families

STYLE = Path(__file__).parent / "forecast.mplstyle"
DARK = Path(__file__).parent / "forecast-dark.mplstyle"

WIDTH = 6.4  # inches: narrow enough that the letters stay readable at the width of a phone
LEFT, SPAN = 0.09, 0.87  # of the width: where the text begins, and how wide it may be
HEAD, FOOT = 1.18, 0.55  # inches
_LEFT_TO_RIGHT = "\u200e"  # a mark without width: what follows is read from left to right again
_SLACK = 0.97  # letters are not quite as wide on a finer canvas as on the one they are measured on
_MARGIN = 0.2  # inches that stay free at the right
NAME = 9.5  # points: the letters of names

_PEN = RLock()  # the style of matplotlib is one for all threads

Head = tuple[str, str, str]  # the title, what the picture says, and one line on what it shows
Foot = tuple[str, str]  # where the numbers come from, and of when they are


class Figure(PlainFigure):
    """A figure that a notebook shows when it is the last value of a cell, whether pyplot was imported or not."""

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """Return the picture, twice as fine as it is shown; where pyplot was imported, its way goes first."""
        shown = {"width": round(self.get_figwidth() * 100), "height": round(self.get_figheight() * 100)}
        return _png(self, {}), shown


@contextmanager
def house_style(dark: bool = False) -> Iterator[list[str]]:
    """Draw in the shipped style, whatever the user has set, one thread at a time; gives the colours of its cycle."""
    with _PEN, mpl.rc_context(), mpl.style.context(["default", STYLE, *([DARK] if dark else [])]):
        mpl.rcParams["font.family"] = list(families())
        yield mpl.rcParams["axes.prop_cycle"].by_key()["color"]


def paper() -> str:
    """The colour of the ground, in the style that holds."""
    return str(mpl.rcParams["figure.facecolor"])


def muted() -> str:
    """The colour of remarks in passing."""
    return str(mpl.rcParams["xtick.color"])


def new_figure(width: float, height: float) -> Figure:
    """A figure of its own, unknown to pyplot: nothing shows it twice and nothing keeps it alive."""
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def new_sheet(plot: float, below: float = 0.0, span: float = SPAN) -> tuple[Figure, Axes]:
    """Make a figure of the usual width, with axes of ``plot`` inches and ``below`` inches free under them."""
    height = HEAD + plot + below + FOOT
    figure = new_figure(WIDTH, height)
    return figure, figure.add_axes((LEFT, (FOOT + below) / height, span, plot / height))


def finish(
    figure: Figure, head: Head, foot: Foot, path: str | Path | None, alt: str, left: float = LEFT * WIDTH
) -> Figure:
    """Write head and foot, ``left`` inches from the edge, and save it where a path is given.

    The file has a description, ``alt``, for readers who cannot see it. Same figure and versions, same bytes: no time
    of writing is stored.
    """
    title, finding, shows = head
    _line(figure, left, 0.3, title, fontsize=14, fontweight="bold")
    _line(figure, left, 0.62, finding, fontsize=10)
    _line(figure, left, 0.86, shows, fontsize=8.5, color=muted())
    for text, above in zip(foot, (0.34, 0.15), strict=True):
        _line(figure, left, figure.get_figheight() - above, text, fontsize=8, color=muted())
    if path is not None:
        write_bytes(path, _png(figure, {"Description": alt}))
    return figure


def _png(figure: PlainFigure, metadata: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with _PEN, mpl.rc_context(), mpl.style.context("default"):  # whatever the user has set
        figure.savefig(buffer, format="png", dpi=200, metadata=metadata)
    return buffer.getvalue()


def write(axes: Axes, x: float, y: float, text: str, room: float | None = None, tail: str = "", **style: Any) -> Text:
    """Write a text centred on a height, never read as a formula; at most ``room`` pixels wide, as :func:`fit_text`."""
    usual: dict[str, Any] = {"va": "center_baseline", "fontsize": NAME, "parse_math": False}
    written = axes.text(x, y, text, **usual | style)
    if room is not None:
        fit_text(written, room, tail)
    return written


def fit_text(text: Text, room: float, tail: str = "") -> None:
    """Shorten a text with an ellipsis until it, with ``tail`` behind it, is at most ``room`` pixels wide.

    Letters that no font has become boxes.
    """
    room *= _SLACK
    full, tail = drawable(text.get_text()), drawable(tail)
    # A name that is read from right to left would turn round what stands beside it.
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in full):
        full, tail = _LEFT_TO_RIGHT + full, _LEFT_TO_RIGHT + tail

    def fits(keep: int) -> bool:
        text.set_text(full + tail if keep == len(full) else full[:keep].rstrip() + "…" + tail)
        return bool(text.get_window_extent().width <= room)

    low, high = 0, len(full)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    fits(low)


def _line(figure: Figure, left: float, below_top: float, text: str, **style: Any) -> None:
    """Write a line of text, some inches from the left and below the top."""
    width, height = figure.get_size_inches()
    line = figure.text(left / width, 1.0 - below_top / height, text, va="center", parse_math=False, **style)
    fit_text(line, (width - left - _MARGIN) * figure.dpi)


def dot(axes: Axes, x: Any, y: Any, marker: str, colour: str, size: float) -> None:
    """Draw markers with a rim in the colour of the ground."""
    axes.plot(x, y, marker, color=colour, markersize=size, markeredgecolor=paper(), clip_on=False, zorder=3)


def axis_of_percents(axes: Axes) -> None:
    """Set the vertical axis from 0% to 100%."""
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
