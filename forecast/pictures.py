"""The door to the pictures of many outlooks and of the data. Drawing them loads matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .outlook.squad import squad_html, squad_sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from .episodes.episodes import Episodes
    from .survival.recovery_fit import RecoveryFit
    from .survival.turnbull import TurnbullCurve

__all__ = ["plot_flags", "plot_recovery", "squad_html", "squad_sheet"]


def plot_recovery(
    fit: RecoveryFit,
    observed: TurnbullCurve,
    path: str | Path | None = None,
    *,
    given: float = 0.0,
    days: float = 120.0,
    title: str | None = None,
    subtitle: str | None = None,
    note: str | None = None,
    size: tuple[float, float] | None = None,
    dark: bool = False,
    ax: Axes | None = None,
) -> Figure:
    """Draw a fitted recovery curve and its band over the estimate of :func:`~forecast.survival.turnbull.turnbull`.

    Parameters
    ----------
    fit : RecoveryFit
        Without covariates.
    observed : TurnbullCurve
    path : path, optional
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    given : float
        Day on which he is still out, for both curves.
    days : float
        Where the axis ends.
    title, subtitle, note, size, ax
        As those of :meth:`forecast.Outlook.plot`.
    dark : bool
        On a dark ground.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from .charts.recovery import recovery_chart
    from .charts.sheet.look import look

    wishes = look(path, title=title, subtitle=subtitle, note=note, size=size, dark=dark)
    return recovery_chart(fit, observed, path, wishes, ax, given=given, days=days)


def plot_flags(
    episodes: Episodes,
    path: str | Path | None = None,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    note: str | None = None,
    size: tuple[float, float] | None = None,
    dark: bool = False,
    ax: Axes | None = None,
) -> Figure:
    """Draw, for each kind of flag, its stated probability against the outcomes.

    Parameters
    ----------
    episodes : Episodes
    path : path, optional
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    title, subtitle, note, size, ax
        As those of :meth:`forecast.Outlook.plot`.
    dark : bool
        On a dark ground.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from .charts.flags import flag_chart
    from .charts.sheet.look import look

    wishes = look(path, title=title, subtitle=subtitle, note=note, size=size, dark=dark)
    return flag_chart(episodes, path, wishes, ax)
