"""The door to the pictures of many outlooks and of the data. Drawing them loads matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .outlook.squad import squad_sheet

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .episodes.episodes import Episodes
    from .survival.recovery_fit import RecoveryFit
    from .survival.turnbull import TurnbullCurve

__all__ = ["plot_flags", "plot_recovery", "squad_sheet"]


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
    from .charts.recovery import recovery_chart

    return recovery_chart(fit, observed, path, given=given, days=days, dark=dark)


def plot_flags(episodes: Episodes, path: str | Path | None = None, *, dark: bool = False) -> Figure:
    """Draw, for each kind of flag, its stated probability against the outcomes.

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
    from .charts.flags import flag_chart

    return flag_chart(episodes, path, dark=dark)
