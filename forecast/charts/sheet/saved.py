"""Figures as files: PNG, SVG and PDF, the same bytes for the same figure."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as PlainFigure

from ...io.write import PICTURES, ending_of, write_bytes
from .fonts import one_weight
from .style import plain_style

_DPI = 200
# Letters stay letters, names of parts do not depend on chance, and no time of writing is stored.
_SETTINGS: dict[str, str | int] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "forecast",
    "pdf.fonttype": 42,
    "text.hinting": "no_hinting",
}


class Figure(PlainFigure):
    """A figure that a notebook shows when it is the last value of a cell, whether pyplot was imported or not."""

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """Return the picture, twice as fine as it is shown; where pyplot was imported, its way goes first."""
        shown = {"width": round(self.get_figwidth() * 100), "height": round(self.get_figheight() * 100)}
        return encoded(self, ".png"), shown


def new_figure(width: float, height: float) -> Figure:
    """A figure of its own, unknown to pyplot: nothing shows it twice and nothing keeps it alive."""
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def encoded(figure: PlainFigure, ending: str, title: str = "", alt: str = "", dpi: float = _DPI) -> bytes:
    """Return the bytes of a file of that ending, with a description, ``alt``, for readers who cannot see it."""
    about: dict[str, dict[str, Any]] = {
        ".png": {"Description": alt} if alt else {},
        ".svg": {"Title": title, "Description": alt, "Date": None},
        ".pdf": {"Title": title, "Subject": alt, "CreationDate": None},
    }
    buffer = io.BytesIO()
    with plain_style(_SETTINGS), one_weight():
        figure.savefig(buffer, format=ending[1:], dpi=dpi, metadata=about[ending])
    # A browser without the font takes one of nearly the same widths.
    return buffer.getvalue().replace(b"'DejaVu Sans'", b"'DejaVu Sans', Verdana, sans-serif")


def save(figure: PlainFigure, path: str | Path, title: str, alt: str) -> None:
    """Write a figure to a file, in the format of its ending; as fine as the user has set."""
    dpi = mpl.rcParams["savefig.dpi"]
    write_bytes(path, encoded(figure, ending_of(path, PICTURES), title, alt, _DPI if dpi == "figure" else dpi))
