"""Text that fits its place: shortened with an ellipsis, or wrapped to a few lines."""

from __future__ import annotations

import unicodedata
from typing import Any

from matplotlib.axes import Axes
from matplotlib.text import Text

from .fonts import drawable
from .style import points

NAME, SMALL = 9.5, 8.5  # points: the letters of names, and of remarks
_LEFT_TO_RIGHT = "\u200e"  # a mark without width: what follows is read from left to right again
_SLACK = 0.97  # letters are not quite as wide on a finer canvas as on the one they are measured on


def write(axes: Axes, x: float, y: float, text: str, room: float | None = None, tail: str = "", **style: Any) -> Text:
    """Write a text centred on a height, never read as a formula; at most ``room`` pixels wide, as :func:`fit_text`."""
    usual: dict[str, Any] = {"va": "center_baseline", "fontsize": NAME, "parse_math": False}
    style = usual | style
    written = axes.text(x, y, text, **style | {"fontsize": points(style["fontsize"])})
    if room is not None:
        fit_text(written, room, tail)
    return written


def fit_text(text: Text, room: float, tail: str = "") -> None:
    """Shorten a text with an ellipsis until it, with ``tail`` behind it, is at most ``room`` pixels wide.

    Letters that no font has become boxes.
    """
    full, tail = drawable(text.get_text()), drawable(tail)
    # A name that is read from right to left would turn round what stands beside it.
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in full):
        full, tail = _LEFT_TO_RIGHT + full, _LEFT_TO_RIGHT + tail
    text.set_text(full + tail)
    if text.get_window_extent().width > room * _SLACK:
        keep = _longest(text, full, room, lambda kept: kept.rstrip() + "…" + tail)
        text.set_text(full[:keep].rstrip() + "…" + tail)


def wrapped(text: Text, room: float, most: int) -> list[str]:
    """Break a text into at most ``most`` lines of ``room`` pixels, at blanks if there are any; the last is not cut."""
    rest, lines = drawable(text.get_text()), list[str]()
    while rest and len(lines) < most - 1:
        keep = _longest(text, rest, room, str)
        if keep < len(rest) and rest[keep] != " ":
            keep = rest.rfind(" ", 0, keep) if " " in rest[:keep].strip() else keep
        lines.append(rest[: max(keep, 1)].strip())
        rest = rest[max(keep, 1) :].strip()
    return [*lines, rest] if rest or not lines else lines


def _longest(text: Text, full: str, room: float, shown: Any) -> int:
    """Return the length of the longest beginning that, as it is shown, is at most ``room`` pixels wide."""
    low, high = 0, len(full)
    while low < high:
        middle = (low + high + 1) // 2
        text.set_text(shown(full[:middle]))
        low, high = (middle, high) if text.get_window_extent().width <= room * _SLACK else (low, middle - 1)
    return low
