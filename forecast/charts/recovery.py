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
from .sheet.canvas import NAME, Head, axis_of_percents, finish, house_style, new_sheet

if TYPE_CHECKING:
    from ..survival.recovery_fit import RecoveryFit
    from ..survival.turnbull import TurnbullCurve

_PLOT, _AXIS = 3.4, 0.45  # heights in inches
_DRAWS, _SEED, _LEVEL = 1000, 1, 0.9  # of the band, from the normal approximation to the parameters
_ESTIMATES = "Fitted by maximum likelihood; Turnbull's estimate between the least and the most that it allows"


def recovery_chart(
    fit: RecoveryFit,
    observed: TurnbullCurve,
    path: str | Path | None = None,
    *,
    given: float = 0.0,
    days: float = 120.0,
    dark: bool = False,
) -> Figure:
    """Draw the probability of still being out against the days since onset; see forecast.plot_recovery."""
    if fit.covariates:
        raise DataError.of("fit", ", ".join(fit.covariates), "must be without covariates")
    with house_style(dark) as colours:
        figure, axes = new_sheet(_PLOT, _AXIS)
        at = np.linspace(given, days, 400)
        _draw_observed(axes, observed, at, given, colours[1])
        _draw_fit(axes, fit, at, given, colours[0])
        _set_up(axes, days)
        foot = f"{fit.n} durations, censored and truncated as they were seen", _ESTIMATES
        return finish(figure, _head(fit, given), foot, path, _alt(fit, given))


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


def _set_up(axes: Axes, days: float) -> None:
    axes.set_xlim(0.0, days)
    axis_of_percents(axes)
    axes.set_xlabel("days since onset", fontsize=NAME)
    axes.legend(loc="upper right", frameon=False, fontsize=NAME, reverse=True)


def _head(fit: RecoveryFit, given: float) -> Head:
    half, out = float(fit.quantile(0.5, given=given)), float(fit.survival(28.0, given=given))
    finding = f"Half are fit by day {half:.0f}; {natural(out)} are still out on day 28."
    of = f", of those out on day {given:g}" if given else ""
    shows = f"Probability of still being out{of}: fitted, with its {_LEVEL:.0%} band"
    return "How long does a hamstring injury take?", finding, shows


def _alt(fit: RecoveryFit, given: float) -> str:
    shares = ", ".join(f"day {day}: {float(fit.survival(day, given=given)):.0%}" for day in (7, 14, 28, 60, 90))
    return f"Still out by the fitted {fit.family} curve, {shares}; drawn over Turnbull's estimate from the same data."


_FAR = 4.0  # of a unit exponential: 98% lie before


def residual_chart(
    residuals: pd.DataFrame, observed: TurnbullCurve, path: str | Path | None = None, *, dark: bool = False
) -> Figure:
    """Draw Cox-Snell residuals against the quantiles of a unit exponential; see forecast.plot_residuals."""
    with house_style(dark) as colours:
        figure, axes = new_sheet(_PLOT, _AXIS)
        at = np.linspace(0.0, _FAR, 400)
        with np.errstate(divide="ignore"):
            first, last = (np.minimum(-np.log(end), 2.0 * _FAR) for end in observed.bounds(at))
        axes.plot([0.0, _FAR], [0.0, _FAR], color=colours[2], linewidth=1.0, label="the fit is right")
        name = "residuals, between the least and the most that censoring allows"
        axes.fill_betweenx(at, first, last, color=colours[0], alpha=0.6, linewidth=1.2, label=name)
        axes.set_xlim(0.0, _FAR)
        axes.set_ylim(0.0, _FAR)
        axes.set_xlabel("quantile of a unit exponential", fontsize=NAME)
        axes.set_ylabel("residual", fontsize=NAME)
        axes.legend(loc="upper left", frameon=False, fontsize=NAME)
        off = residuals.deviance.abs().max()
        shares = [(r, float(observed.survival(r))) for r in (1.0, 2.0)]
        told = " and ".join(f"{share:.0%} beyond {r:g} ({np.exp(-r):.0%})" for r, share in shares)
        shows = "Cox-Snell residuals, Q-Q: along the line, and the shares in brackets, if the fit is right"
        head = "Does the curve fit?", f"Of the residuals {told}.", shows
        foot = f"{len(residuals)} durations, largest deviance residual {off:.1f}", "No family assumed (Turnbull)"
        return finish(figure, head, foot, path, f"Q-Q picture of Cox-Snell residuals, {told}.")
