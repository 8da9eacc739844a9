"""Pictures of more than one outlook, and of the data: drawn by :mod:`forecast.charts`, which loads matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .episodes.episodes import Episodes
    from .outlook import Outlook
    from .survival.recovery_fit import RecoveryFit
    from .survival.turnbull import TurnbullCurve


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
    from .charts import squad_chart  # here, so that forecast does not load matplotlib

    return squad_chart(outlooks, path, of=of, most=most, dark=dark, tz=tz)


def plot_recovery(
    fit: RecoveryFit,
    observed: TurnbullCurve,
    path: str | Path | None = None,
    *,
    given: float = 0.0,
    days: float = 120.0,
    dark: bool = False,
) -> Figure:
    """Draw a fitted recovery curve and its band over the estimate of :func:`~forecast.survival.turnbull.turnbull`.

    Parameters
    ----------
    fit : RecoveryFit
        Without covariates.
    observed : TurnbullCurve
    path : path, optional
        Where to save it as PNG.
    given : float
        Day on which he is still out, for both curves.
    days : float
        Where the axis ends.
    dark : bool
        On a dark ground.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from .charts import recovery_chart

    return recovery_chart(fit, observed, path, given=given, days=days, dark=dark)


def plot_flags(episodes: Episodes, path: str | Path | None = None, *, dark: bool = False) -> Figure:
    """Draw, for each kind of flag, what was said against what happened.

    Parameters
    ----------
    episodes : Episodes
    path : path, optional
        Where to save it as PNG.
    dark : bool
        On a dark ground.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from .charts import flag_chart

    return flag_chart(episodes, path, dark=dark)
