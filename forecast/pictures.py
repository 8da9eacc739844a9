"""The door to the pictures of many outlooks and of the data. Drawing them loads matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

import numpy as np
import pandas as pd

from .backtest.origins import origins_of
from .backtest.tables import next_fixtures
from .episodes.episodes import Episodes
from .io.columns import require_columns
from .io.errors import DataError
from .outlook.squad import squad_html, squad_sheet
from .terms import FLAG_KINDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from .backtest.backtest import Report
    from .survival.recovery_fit import RecoveryFit
    from .survival.turnbull import TurnbullCurve

__all__ = ["plot_flags", "plot_recovery", "plot_residuals", "squad_html", "squad_sheet"]


class Style(TypedDict, total=False):
    """The words, the size in inches and the ground of a picture; see :meth:`forecast.Outlook.plot`."""

    title: str | None
    subtitle: str | None
    note: str | None
    size: tuple[float, float] | None
    dark: bool


def plot_recovery(
    fit: RecoveryFit,
    observed: TurnbullCurve,
    path: str | Path | None = None,
    *,
    given: float = 0.0,
    days: float = 120.0,
    ax: Axes | None = None,
    **style: Unpack[Style],
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
    ax, **style
        As those of :meth:`forecast.Outlook.plot`; style is ``title``, ``subtitle``, ``note``, ``size`` and ``dark``.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from .charts.recovery import recovery_chart
    from .charts.sheet.look import look

    return recovery_chart(fit, observed, path, look(path, **style), ax, given=given, days=days)


def plot_residuals(
    residuals: pd.DataFrame,
    path: str | Path | None = None,
    *,
    ax: Axes | None = None,
    **style: Unpack[Style],
) -> Figure:
    """Draw the Cox-Snell residuals of a fit against the quantiles of a unit exponential.

    Parameters
    ----------
    residuals : DataFrame
        Of :meth:`forecast.RecoveryFit.residuals`.
    path : path, optional
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    ax, **style
        As those of :meth:`forecast.Outlook.plot`; style is ``title``, ``subtitle``, ``note``, ``size`` and ``dark``.

    Returns
    -------
    matplotlib.figure.Figure
        Residuals lie along the diagonal if the fit is right; where they are censored, their distribution is that of
        Turnbull's estimate, between the least and the most that it allows.

    Raises
    ------
    DataError
        If they are not residuals, or too many for Turnbull's estimate.
    """
    from .charts.recovery import residual_chart
    from .charts.sheet.look import look
    from .survival.turnbull import turnbull

    require_columns(residuals, ("lower", "upper", "deviance"))
    observed = turnbull(residuals.lower, residuals.upper)
    return residual_chart(residuals, observed, path, look(path, **style), ax)


def plot_flags(
    source: Episodes | Report,
    path: str | Path | None = None,
    *,
    by: Literal["kind", "lead"] = "kind",
    ax: Axes | None = None,
    **style: Unpack[Style],
) -> Figure:
    """Draw, for each kind of flag, its stated probability against the outcomes; or these by hours to kick-off.

    Parameters
    ----------
    source : Episodes or Report
        Past injuries; by lead also a backtest, whose forecasts are then drawn beside what happened.
    path : path, optional
        Where to save it: ``.png``, ``.svg`` or ``.pdf``.
    by : {"kind", "lead"}
        How often each kind of flag came true, or how that changes as the match nears.
    ax, **style
        As those of :meth:`forecast.Outlook.plot`; style is ``title``, ``subtitle``, ``note``, ``size`` and ``dark``.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    DataError
        If the injuries hold too few readings of flags, or ``by`` is neither.
    """
    from .charts.flags import flag_chart, lead_chart
    from .charts.sheet.look import look

    if by == "kind" and isinstance(source, Episodes):
        return flag_chart(source, path, look(path, **style), ax)
    if by != "lead":
        raise DataError.of("by", by, "must be kind, of past injuries, or lead")
    wishes = look(path, **style)
    near = _readings(source) if isinstance(source, Episodes) else next_fixtures(source.forecasts)
    return lead_chart(near.rename(columns={"returned": "seen"}), path, wishes, ax)


def _readings(episodes: Episodes) -> pd.DataFrame:
    """Return the next fixture after each reading of a flag, as a backtest lists it, without a forecast."""
    origins = origins_of(episodes)
    kinds = np.array(FLAG_KINDS)[origins.evidence.said.kinds.argmax(axis=1)]
    seen = np.where(origins.known > 0, origins.returned == 0, np.nan)
    table = origins.table.assign(kind=kinds, fixture=1, kickoff=origins.ahead[:, 0], returned=seen)
    return next_fixtures(table)
