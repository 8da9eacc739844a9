"""Many outlooks in one table, and on one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ..wording import with_intervals
from .outlook import Outlook

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PERCENT, PERCENTS = "{:.0%}", "{:.0%} ({:.0%}-{:.0%})"


def squad_summary(outlooks: Sequence[Outlook]) -> pd.DataFrame:
    """Tabulate, for people, the next fixture of each player, and when he is as likely fit as not."""
    first = pd.concat([outlook.fixtures.head(1) for outlook in outlooks], ignore_index=True)
    asked = first.drop(columns=[c for c in first.columns if c.startswith("p_returns")])
    table = with_intervals(asked, PERCENTS, PERCENT)
    table.insert(0, "player", [outlook.case.player for outlook in outlooks])
    table.insert(1, "days out", [f"{outlook.spell.day(outlook.case.as_of):.0f}" for outlook in outlooks])
    dates = [outlook.fit_date(0.5) for outlook in outlooks]
    return table.assign(**{"fit by, 50%": ["later" if pd.isna(date) else f"{date:%d %b %Y}" for date in dates]})


def squad_sheet(
    outlooks: Sequence[Outlook],
    path: str | Path | None = None,
    *,
    of: str = "p_fit",
    most: int = 8,
    dark: bool = False,
    tz: str = "UTC",
) -> Figure:
    """Draw many open injuries at once: players down, fixtures across, a percentage and a colour in each cell.

    Parameters
    ----------
    outlooks : sequence of Outlook
    path : path, optional
        Where to save it as PNG.
    of : {"p_fit", "p_plays", "p_returns"}
        What is shown.
    most : int
        Fixtures that are shown, the first ones: more make letters that are too small for a phone.
    dark : bool
        On a dark ground.
    tz : str
        Time zone of the dates, such as ``"Europe/Madrid"``.

    Returns
    -------
    matplotlib.figure.Figure
        Its foot says how many fixtures are not shown.

    Raises
    ------
    DataError
        If there is no outlook, or nothing of that name is in one.
    """
    from ..charts.squad import squad_chart  # here, so that forecast does not load matplotlib

    return squad_chart(outlooks, path, of=of, most=most, dark=dark, tz=tz)
