"""What every chart shares: the style sheet, the file, and text that fits its place."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
import matplotlib.style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from ..writing import write_bytes

STYLE = Path(__file__).parent / "forecast.mplstyle"


@contextmanager
def house_style() -> Iterator[list[str]]:
    """Draw in the shipped style, whatever the user has set; gives the colours of its cycle."""
    with mpl.rc_context(), mpl.style.context(["default", STYLE]):
        yield mpl.rcParams["axes.prop_cycle"].by_key()["color"]


def new_figure(width: float, height: float) -> Figure:
    """A figure of its own, unknown to pyplot: nothing shows it twice and nothing keeps it alive."""
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def save_png(figure: Figure, path: str | Path, alt: str) -> None:
    """Write the figure whole, with a description for readers who cannot see it.

    Same figure and versions, same bytes: no time of writing is stored.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Description": alt})
    write_bytes(path, buffer.getvalue())


def fit_text(text: Text, room: float, tail: str = "") -> None:
    """Shorten a text with an ellipsis until it, with ``tail`` behind it, is at most ``room`` pixels wide."""
    full = text.get_text()

    def fits(keep: int) -> bool:
        text.set_text(full + tail if keep == len(full) else full[:keep].rstrip() + "…" + tail)
        return bool(text.get_window_extent().width <= room)

    low, high = 0, len(full)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    fits(low)
