"""Many outlooks in one table, and on one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ..io.errors import DataError
from ..io.fields import zone
from ..wording import day, percent, percents, with_intervals
from .outlook import Outlook

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def squad_summary(outlooks: Sequence[Outlook]) -> pd.DataFrame:
    """Tabulate, for people, the next fixture of each player, and when he is as likely fit as not."""
    first = pd.concat([outlook.fixtures.head(1) for outlook in outlooks], ignore_index=True)
    asked = first.drop(columns=[c for c in first.columns if c.startswith("p_returns")])
    table = with_intervals(asked, percents, percent)
    table.insert(0, "player", [outlook.case.player for outlook in outlooks])
    table.insert(1, "days out", [f"{outlook.spell.day(outlook.case.as_of):.0f}" for outlook in outlooks])
    dates = [outlook.fit_date(0.5) for outlook in outlooks]
    return table.assign(**{"fit by, 50%": ["later" if pd.isna(date) else f"{day(date)} {date:%Y}" for date in dates]})


def squad_sheet(
    outlooks: Sequence[Outlook],
    path: str | Path | None = None,
    *,
    of: str = "p_fit",
    most: int | None = None,
    rounds: pd.DataFrame | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    note: str | None = None,
    size: tuple[float, float] | None = None,
    tz: str = "UTC",
    dark: bool = False,
) -> Figure:
    """Draw many open injuries at once: players down, matches across, a percentage and a colour in each cell.

    Columns are the fixtures of a team where the players share them; of several teams the next match of each player,
    the second, the third, each with its name and day. A dash is no match.

    Parameters
    ----------
    outlooks : sequence of Outlook
    path : path, optional
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    of : {"p_fit", "p_plays", "p_returns"}
        What is shown.
    most : int, optional
        Columns that are shown, the first ones; 8 fixtures, or 5 matches of each player, where left out.
    rounds : DataFrame, optional
        A table to show in place of the fixtures, a row for each outlook; columns of a first kick-off and a title each.
    title, subtitle, note : str, optional
        In place of its title and of the line below, and one more line at its foot.
    size : (float, float), optional
        Width and height in inches.
    tz : str
        Time zone of the dates, such as ``"Europe/Madrid"``.
    dark : bool
        On a dark ground.

    Returns
    -------
    matplotlib.figure.Figure
        Its foot says how many matches are not shown.

    Raises
    ------
    DataError
        If there is no outlook, or nothing of that name is in one.
    CaseError
        If there is no such ending, size or time zone.
    """
    from ..charts.sheet.look import look  # here, so that forecast does not load matplotlib
    from ..charts.squad import squad_chart
    from ..charts.squad_grid import SHOWN, squad_cells

    if of not in SHOWN:
        raise DataError.of("of", of, f"must be one of {', '.join(SHOWN)}")
    wishes = look(path, title=title, subtitle=subtitle, note=note, size=size, tz=tz, dark=dark)
    return squad_chart(outlooks, squad_cells(outlooks, of, most, wishes.tz, rounds), path, replace(wishes, what=of))


def squad_html(
    outlooks: Sequence[Outlook], path: str | Path | None = None, *, tz: str = "UTC", title: str | None = None
) -> str:
    """Return one page of many outlooks that needs nothing else, and write it where a path is given.

    The sheet with a description, a row for each player, notes and the model's digest; light or dark by the setting of
    its reader, without a script or a request to anywhere.

    Parameters
    ----------
    outlooks : sequence of Outlook
    path, tz, title
        As those of :meth:`forecast.Outlook.to_html`.

    Raises
    ------
    CaseError
        If there is no such time zone, or the path ends otherwise.
    DataError
        If there is no outlook.
    """
    from .page import squad_page  # here, so that forecast does not load matplotlib

    return squad_page(outlooks, path, zone(tz), title)
