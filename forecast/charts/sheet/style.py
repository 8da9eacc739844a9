"""The style of the charts: the shipped one, with what the user has set in matplotlib in its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

import matplotlib as mpl
import matplotlib.style

from .fonts import families, one_weight

STYLE = Path(__file__).parent / "forecast.mplstyle"
DARK = Path(__file__).parent / "forecast-dark.mplstyle"
PEN = RLock()  # the style of matplotlib is one for all threads

_POINTS = 10.0  # the size of letters that every length of a chart is meant for
# Settings of the user that are respected: letters, colours, lines, fineness; places would undo the layout.
_RESPECTED = (
    *("font.", "grid.", "text.color", "figure.facecolor", "figure.figsize", "savefig.dpi", "lines.linewidth"),
    *("axes.prop_cycle", "axes.facecolor", "axes.edgecolor", "axes.labelcolor"),
    *("xtick.color", "xtick.labelcolor", "ytick.color", "ytick.labelcolor"),
)


@contextmanager
def house_style(dark: bool = False) -> Iterator[list[str]]:
    """Draw in the shipped style, the settings of the user in it, one thread at a time; gives the colours of its cycle.

    Where ``dark`` is asked for, its colours go before those of the user.
    """
    with PEN, one_weight():
        own = set_by_the_user()
        ground = [DARK] if dark else []
        with mpl.rc_context(), mpl.style.context(["default", STYLE, own, *ground]):
            mpl.rcParams["font.family"] = [*own.get("font.family", []), *families()]
            yield _four_colours(dark)


@contextmanager
def plain_style(*styles: Path | dict[str, str | int]) -> Iterator[None]:
    """Draw in the style of matplotlib and these, whatever the user has set, one thread at a time."""
    with PEN, mpl.style.context(["default", *styles]):
        yield


def set_by_the_user() -> dict[str, Any]:
    """Return the settings of matplotlib that are not its own and that a chart respects."""
    usual = mpl.rcParamsDefault
    asked = [name for name in usual if name.startswith(_RESPECTED)]  # to ask for the backend would load pyplot
    return {name: mpl.rcParams[name] for name in asked if mpl.rcParams[name] != usual[name]}


def size_set_by_the_user() -> tuple[float, float] | None:
    """Return the size of figures in inches, where the user has set one."""
    width, height = mpl.rcParams["figure.figsize"]
    return None if [width, height] == list(mpl.rcParamsDefault["figure.figsize"]) else (width, height)


def _four_colours(dark: bool) -> list[str]:
    """Return the first four colours of the cycle; where the user's has fewer, the shipped ones follow."""
    with mpl.style.context([STYLE, *([DARK] if dark else [])]):
        shipped = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
    own = mpl.rcParams["axes.prop_cycle"].by_key().get("color", [])
    return [*own, *shipped[len(own) :]]


def paper() -> str:
    """The colour of the ground, in the style that holds."""
    return str(mpl.rcParams["figure.facecolor"])


def muted() -> str:
    """The colour of remarks in passing."""
    return str(mpl.rcParams["xtick.color"])


def letters() -> float:
    """Return the size of letters in the style that holds, as a part of the usual one."""
    return float(mpl.rcParams["font.size"]) / _POINTS


def points(size: float) -> float:
    """Return a size in points, in the style that holds: larger where letters are larger."""
    return size * letters()


def set_letters(part: float) -> None:
    """Set the size of letters, as a part of the usual one, for the style that holds."""
    mpl.rcParams["font.size"] = part * _POINTS
