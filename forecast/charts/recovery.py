"""The recovery chart: the fitted curve with its band, over the estimate that assumes no family."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..arrays import Array
from ..io.errors import DataError
from ..wording import natural
from .sheet.canvas import Head, Layout, axis_of_percents, finish, new_sheet
from .sheet.letters import NAME
from .sheet.look import PLAIN, Look
from .sheet.style import house_style, points

if TYPE_CHECKING:
    from ..survival.recovery_fit import RecoveryFit
    from ..survival.turnbull import TurnbullCurve

_AXIS = 0.45  # inches
_LAYOUT = Layout(3.4 + _AXIS, 2.0, narrow=4.0)
_MONTH = 28.0  # days on that the share of those still out is told
_DRAWS, _SEED, _LEVEL = 1000, 1, 0.9  # of the band, from the normal approximation to the parameters
_ESTIMATES = "Fitted by maximum likelihood; Turnbull's estimate from the least to the most it allows"


def recovery_chart(
    fit: RecoveryFit,
    observed: TurnbullCurve,
    path: str | Path | None = None,
    look: Look = PLAIN,
    axes: Axes | None = None,
    *,
    given: float = 0.0,
    days: float = 120.0,
) -> Figure:
    """Draw the probability of still being out against the days since onset; see forecast.plot_recovery."""
    if fit.covariates:
        raise DataError.of("fit", ", ".join(fit.covariates), "must be without covariates")
    with house_style(look.dark) as colours:
        foot = f"{fit.n:,} durations, censored and truncated as they were seen", _ESTIMATES
        sheet = new_sheet(look, _head(fit, given), foot, [_LAYOUT], axes)
        panel = sheet.panel(sheet.left, 0.0, sheet.span, sheet.height - _AXIS)
        at = np.linspace(given, days, 400)
        _draw_observed(panel, observed, at, given, colours[1])
        _draw_fit(panel, fit, at, given, colours[0])
        _set_up(panel, given, days)
        return finish(sheet, path, _alt(fit, given))


def _draw_observed(axes: Axes, observed: TurnbullCurve, at: Array, given: float, colour: str) -> None:
    """Fill between the lowest and the highest survival that the estimate allows."""
    share = float(observed.survival(given))
    low, high = (np.minimum(end / share, 1.0) for end in observed.bounds(at))
    name = "no family assumed (Turnbull)"
    axes.fill_between(at, low, high, step="mid", color=colour, alpha=0.9, linewidth=1.0, label=name)


def _draw_fit(axes: Axes, fit: RecoveryFit, at: Array, given: float, colour: str) -> None:
    low, high = _band(fit, at, given)
    axes.fill_between(at, low, high, color=colour, alpha=0.22, linewidth=0, label=f"its {_LEVEL:.0%} band")
    axes.plot(at, fit.survival(at, given=given), color=colour, label=f"fitted: {fit.family}")


def _band(fit: RecoveryFit, at: Array, given: float) -> tuple[Array, Array]:
    """Quantiles of the curve over draws of the parameters."""
    draws = np.random.default_rng(_SEED).multivariate_normal(fit.params, fit.covariance, _DRAWS)
    curves = [replace(fit, params=pd.Series(d, fit.params.index)).survival(at, given=given) for d in draws]
    low, high = np.quantile(curves, [(1.0 - _LEVEL) / 2.0, (1.0 + _LEVEL) / 2.0], axis=0)
    return low, high


def _set_up(axes: Axes, given: float, days: float) -> None:
    axes.set_xlim(given, days)
    axis_of_percents(axes)
    axes.set_xlabel("days since onset", fontsize=points(NAME))
    axes.legend(loc="best", frameon=False, fontsize=points(NAME), reverse=True)


def _head(fit: RecoveryFit, given: float) -> Head:
    half, later = float(fit.quantile(0.5, given=given)), given + _MONTH
    out = float(fit.survival(later, given=given))
    finding = f"Half are fit by day {half:.0f}; {natural(out)} are still out on day {later:g}."
    of = f", of those out on day {given:g}" if given else ""
    shows = f"Probability of still being out{of}: fitted, with its {_LEVEL:.0%} band"
    return "How long until they are fit?", finding, shows


def _alt(fit: RecoveryFit, given: float) -> str:
    days = (given + day for day in (7.0, 14.0, 28.0, 60.0, 90.0))
    shares = ", ".join(f"day {day:g}: {float(fit.survival(day, given=given)):.0%}" for day in days)
    return f"Still out by the fitted {fit.family} curve, {shares}; drawn over Turnbull's estimate from the same data."


_FAR = 4.0  # of a unit exponential: 98% lie before


def residual_chart(
    residuals: pd.DataFrame,
    observed: TurnbullCurve,
    path: str | Path | None = None,
    look: Look = PLAIN,
    axes: Axes | None = None,
) -> Figure:
    """Draw Cox-Snell residuals against the quantiles of a unit exponential; see forecast.plot_residuals."""
    off = residuals.deviance.abs().max()
    shares = [(r, float(observed.survival(r))) for r in (1.0, 2.0)]
    told = " and ".join(f"{share:.0%} beyond {r:g} ({np.exp(-r):.0%})" for r, share in shares)
    shows = "Cox-Snell residuals, Q-Q: along the line, and the shares in brackets, if the fit is right"
    foot = f"{len(residuals):,} durations, largest deviance residual {off:.1f}", "No family assumed (Turnbull)"
    head = "Does the curve fit?", f"Of the residuals {told}.", shows
    with house_style(look.dark) as colours:
        sheet = new_sheet(look, head, foot, [_LAYOUT], axes)
        panel = sheet.panel(sheet.left, 0.0, sheet.span, sheet.height - _AXIS)
        _draw_residuals(panel, observed, colours)
        return finish(sheet, path, f"Q-Q picture of Cox-Snell residuals, {told}.")


def _draw_residuals(axes: Axes, observed: TurnbullCurve, colours: list[str]) -> None:
    """Draw the band of quantiles that censoring allows, and the line along which a right fit lies."""
    at = np.linspace(0.0, _FAR, 400)
    with np.errstate(divide="ignore"):  # where nobody is left
        first, last = (np.minimum(-np.log(end), 2.0 * _FAR) for end in observed.bounds(at))
    axes.plot([0.0, _FAR], [0.0, _FAR], color=colours[2], linewidth=1.0, label="the fit is right")
    name = "residuals, from least to most"
    axes.fill_betweenx(at, first, last, color=colours[0], alpha=0.6, linewidth=1.2, label=name)
    axes.set(xlim=(0.0, _FAR), ylim=(0.0, _FAR))
    axes.set_xlabel("quantile of a unit exponential", fontsize=points(NAME))
    axes.set_ylabel("residual", fontsize=points(NAME))
    axes.legend(loc="best", frameon=False, fontsize=points(NAME))
