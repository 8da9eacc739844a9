"""The squad sheet: open injuries down, fixtures across, a percentage and a colour in each cell."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ..feed.cases import FeedCase
from ..io.errors import DataError
from ..io.fields import zone
from ..wording import day, days, percent
from .sheet.canvas import FOOT, HEAD, Foot, Head, finish, house_style, muted, new_figure, paper, write
from .view import Shown, moment

_NAMES, _CELL, _ROW, _EDGE, _GAP = 1.95, 0.6, 0.42, 0.3, 0.1  # inches
_LINES, _LETTERS = 4, 9  # of the name of a fixture at the head of its column
_WHAT = {"p_fit": "fit by kick-off", "p_plays": "on the pitch", "p_returns": "back on the day"}


def squad_chart(
    outlooks: Sequence[Shown],
    path: str | Path | None = None,
    *,
    of: str = "p_fit",
    most: int = 8,
    dark: bool = False,
    tz: str = "UTC",
    rounds: pd.DataFrame | None = None,
) -> Figure:
    """Draw a table of players and fixtures; the parameters are those of :func:`forecast.squad_sheet`.

    With ``rounds``, columns of a first kick-off and a title each, these are drawn in place of the fixtures.
    """
    there, table = zone(tz), squad_grid(outlooks, of) if rounds is None else rounds
    left_out = max(table.shape[1] - most, 0)
    table = table.iloc[:, :most]
    with house_style(dark):
        rows, columns = table.shape
        fixtures: list[Any] = list(table.columns)
        titles = 0.3 + 0.14 * max(len(_wrapped(fixture)) for _, fixture in fixtures)
        width, height = 2 * _EDGE + _NAMES + _CELL * max(columns, 6), HEAD + titles + _ROW * rows + _GAP + FOOT
        figure = new_figure(width, height)
        axes = figure.add_axes((0.0, (FOOT + _GAP) / height, 1.0, (titles + _ROW * rows) / height))
        _set_up(axes, width, rows, titles)
        for k, (kickoff, fixture) in enumerate(fixtures):
            _write_fixture(axes, k, fixture, kickoff.tz_convert(there))
        for i, outlook in enumerate(outlooks):
            _write_player(axes, i, outlook)
            for k, p in enumerate(table.iloc[i]):
                _draw_cell(axes, i, k, p)
        each = "of each match" if rounds is None else "in each round"
        head, foot = _head(outlooks, of, each), _foot(outlooks, left_out, there)
        return finish(figure, head, foot, path, _alt(outlooks, table, of), left=_EDGE)


def squad_grid(outlooks: Sequence[Shown], of: str) -> pd.DataFrame:
    """Tabulate outlooks by kick-off and fixture in order; NaN where a fixture is not of the player's team."""
    if not outlooks:
        raise DataError.of("outlooks", [], "must be at least one")
    if of not in _WHAT:
        raise DataError.of("of", of, f"must be one of {', '.join(_WHAT)}")
    rows = [o.fixtures.set_index(["kickoff", "fixture"])[of] for o in outlooks]
    return pd.concat(rows, axis=1, keys=range(len(rows))).sort_index().T


def _set_up(axes: Axes, width: float, rows: int, titles: float) -> None:
    """Set inches across; rows down, with the titles above the first."""
    axes.set_xlim(0.0, width)
    axes.set_ylim(rows * _ROW, -titles)
    axes.set_axis_off()


def _write_fixture(axes: Axes, column: int, fixture: str, kickoff: pd.Timestamp) -> None:
    """Write the name of a fixture on a few short lines, and the day below."""
    x = _EDGE + _NAMES + (column + 0.5) * _CELL
    room = 0.94 * _CELL * axes.figure.dpi
    for i, line in enumerate(reversed(_wrapped(fixture))):
        write(axes, x, -0.28 - 0.14 * i, line, room, ha="center", fontsize=7.5, color=muted())
    write(axes, x, -0.1, day(kickoff), ha="center", fontsize=8.5, fontweight="bold")


def _wrapped(fixture: str) -> list[str]:
    """Wrap a name to a few short lines; a long word keeps a line to itself."""
    return textwrap.wrap(fixture, _LETTERS, max_lines=_LINES, placeholder="…", break_long_words=False) or [fixture]


def _write_player(axes: Axes, row: int, outlook: Shown) -> None:
    """Write the player's name, and how long he has been out; the club, where the feed tells it."""
    case, room = outlook.case, (_NAMES - 0.1) * axes.figure.dpi
    club = f"{case.club}, " if isinstance(case, FeedCase) else ""
    write(axes, _EDGE, (row + 0.33) * _ROW, case.player, room, fontweight="bold")
    write(
        axes,
        _EDGE,
        (row + 0.7) * _ROW,
        f"{club}out for {days(outlook.spell.day(case.as_of))}",
        fontsize=7.5,
        color=muted(),
    )


def _draw_cell(axes: Axes, row: int, column: int, p: float) -> None:
    """Draw a colour and a percentage; only a faint ground where there is no such fixture."""
    x, y = _EDGE + _NAMES + column * _CELL, row * _ROW
    known = not pd.isna(p)
    ground = mpl.colormaps["cividis"](p) if known else mpl.rcParams["grid.color"]
    style: dict[str, Any] = {"alpha": 1.0 if known else 0.4, "edgecolor": paper(), "linewidth": 1.5}
    axes.add_patch(Rectangle((x, y), _CELL, _ROW, facecolor=ground, **style))
    if known:
        style = {"ha": "center", "color": readable_on(ground), "fontweight": "bold"}
        write(axes, x + _CELL / 2, y + _ROW / 2, percent(p), **style)


def readable_on(ground: Any) -> str:
    """Black or white, whichever is read more easily; one of them always has a contrast of 4.5:1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(ground)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "black" if luminance > 0.179 else "white"


def _head(outlooks: Sequence[Shown], of: str, each: str) -> Head:
    likely = sum(o.fixtures[of].iloc[0] >= 0.5 for o in outlooks)
    finding = f"More likely than not {_WHAT[of]} of the next match: {likely} of {len(outlooks)}."
    return (
        "Who is back when?",
        finding,
        f"Probability to be {_WHAT[of]} {each}; blue is unlikely, yellow likely",
    )


def _foot(outlooks: Sequence[Shown], left_out: int, tz: ZoneInfo) -> Foot:
    models = list(dict.fromkeys(o.trained_on for o in outlooks))
    first, last = (end(o.case.as_of for o in outlooks) for end in (min, max))
    when = moment(first, tz) if first == last else f"{moment(first, tz)} to {moment(last, tz)}"
    more = f"; {left_out} later fixtures are not shown" if left_out else ""
    return f"Model fitted to {'; '.join(models)}", f"Forecasts of {when}{more}"


def _alt(outlooks: Sequence[Shown], table: pd.DataFrame, of: str) -> str:
    rows = [row.dropna() for _, row in table.iterrows()]
    told = "; ".join(f"{o.case.player} {', '.join(map(percent, p))}" for o, p in zip(outlooks, rows, strict=True))
    return f"{len(table)} players and {table.shape[1]} fixtures, probability to be {_WHAT[of]} of each: {told}."
