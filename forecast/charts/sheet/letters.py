"""Text that fits its place: shortened with an ellipsis, or wrapped to a few lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text

from ...arrays import Array
from .fonts import drawable
from .style import points

NAME, SMALL = 9.5, 8.5  # points: the letters of names, and of remarks
_VERSUS = " v "  # between the names of a fixture
_LEFT_TO_RIGHT = "\u200e"  # a mark without width: what follows is read from left to right again
_WORD = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+"  # of Hebrew, Arabic and the scripts beside them
_TO_THE_LEFT = re.compile(rf"{_WORD}(?:[^\w\u200e]+{_WORD})*")
_SLACK = 0.95  # letters are not quite as wide on a finer canvas as on the one they are measured on
_TOGETHER = re.compile(r"(?<=\d) (?=[^\W\d])|(?<=\d in) (?=\d)")  # a number and its word, odds and dates
_SMALL_BOLD, _OF_SMALL_BOLD = 9.0, 0.88  # points: such letters in bold differ by a tenth


def write(axes: Axes, x: float, y: float, text: str, room: float | None = None, tail: str = "", **style: Any) -> Text:
    """Write a text centred on a height, never read as a formula; at most ``room`` pixels wide, as :func:`fit_text`."""
    usual: dict[str, Any] = {"va": "center_baseline", "fontsize": NAME, "parse_math": False}
    style = usual | style
    written = axes.text(x, y, text, **style | {"fontsize": points(style["fontsize"])})
    if room is not None:
        fit_text(written, room, tail)
    return written


def beside(axes: Axes, at: Any, offset: tuple[float, float], text: str, size: float = SMALL, **style: Any) -> Text:
    """Write a text some points from a place; ``xycoords`` says what its coordinates are, where they are not data."""
    return axes.annotate(text, at, offset, textcoords="offset points", fontsize=points(size), **style)


def fit_text(text: Text, room: float, tail: str = "") -> None:
    """Shorten a text with an ellipsis until it, with ``tail`` behind it, is at most ``room`` pixels wide.

    Of a fixture both names are shortened, so that the opponent is not lost. Letters that no font has become boxes.
    """
    full, tail = drawable(text.get_text()), drawable(tail)
    text.set_fontfamily(mpl.rcParams["font.family"])  # which may have grown

    def shown(name: str, keep: int) -> str:
        sides = name.split(_VERSUS) if name.count(_VERSUS) == 1 else [name]
        return _from_left_to_right(_VERSUS.join(_cut(side, keep) for side in sides) + tail)

    text.set_text(shown(full, len(full)))
    if not fits(text, room):
        text.set_text(shown(full, _longest(text, full, room, shown)))


def fits(text: Text, room: float) -> bool:
    """Tell whether a text is at most ``room`` pixels wide."""
    bold = text.get_fontweight() == "bold" and float(text.get_fontsize()) < _SMALL_BOLD
    slack = _OF_SMALL_BOLD if bold else _SLACK
    return bool(text.get_window_extent().width <= room * slack)


def _cut(text: str, keep: int) -> str:
    return text if len(text) <= keep + 1 else f"{text[:keep].rstrip()}…"


def _from_left_to_right(text: str) -> str:
    """Keep what stands beside words that are read from right to left in its place: else a number would change sides."""
    found = _TO_THE_LEFT.sub(rf"\g<0>{_LEFT_TO_RIGHT}", text)
    return text if found == text else _LEFT_TO_RIGHT + found


def wrapped(text: Text, room: float, most: int) -> list[str]:
    """Break a text into at most ``most`` lines of ``room`` pixels, at blanks if there are any; the last is not cut."""
    rest, lines = _TOGETHER.sub("\u00a0", drawable(text.get_text())), list[str]()
    text.set_fontfamily(mpl.rcParams["font.family"])
    while rest and len(lines) < most - 1:
        keep = _longest(text, rest, room, lambda full, keep: full[:keep])
        if keep < len(rest) and rest[keep] != " ":
            keep = rest.rfind(" ", 0, keep) if " " in rest[:keep].strip() else keep
        lines.append(rest[: max(keep, 1)].strip())
        rest = rest[max(keep, 1) :].strip()
    return [line.replace("\u00a0", " ") for line in ([*lines, rest] if rest or not lines else lines)]


def _longest(text: Text, full: str, room: float, shown: Callable[[str, int], str]) -> int:
    """Return the most letters of a text that, as they are shown, are at most ``room`` pixels wide."""

    def too_wide(keep: int) -> bool:
        text.set_text(shown(full, keep))
        return not fits(text, room)

    return bisect_left(range(1, len(full) + 1), True, key=too_wide)


def apart(values: Array, least: float) -> Array:
    """Places from 0 to 1 in the order of the values, as near to them as a least distance allows."""
    order = np.argsort(values, kind="stable")
    steps = least * np.arange(len(values))
    low = np.maximum.accumulate(values[order] - steps) + steps  # pushed upwards
    places = np.empty(len(values))
    places[order] = np.minimum(low, 1.0 + 0.5 * least - steps[::-1])  # and back below the top
    return places
