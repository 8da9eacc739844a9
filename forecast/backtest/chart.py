"""The backtest chart: whether the stated probabilities came true, and how good they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from ..charts.sheet.canvas import FOOT, LEFT, SPAN, Head, Layout, finish, new_sheet
from ..charts.sheet.look import Look
from ..charts.sheet.style import house_style, muted, paper
from ..scoring.calibration import pit_ecdf, pit_of_fixture, reliability
from ..scoring.scores import brier_within
from ..terms import HORIZON
from .tables import BINS, MODEL, REFERENCE, Outcome, column, scores_by

_FLAG, _RATES = "flag at face value", "climatology"
_PANELS = 8.2  # inches: three rows of two
_SMALL = 8  # points
_QUARTERS = [0.0, 0.25, 0.5, 0.75, 1.0]
_FEW = 10  # forecasts: a bin with fewer is not drawn


def backtest_chart(
    scores: pd.DataFrame,
    calibration: pd.DataFrame,
    table: pd.DataFrame,
    path: str | Path | None = None,
    dark: bool = False,
) -> Figure:
    """Draw reliability of the model beside that of the flags, the PIT, and scores by lead and season."""
    with house_style(dark) as colours:
        seasons = f"{table.season.min()} to {table.season.max()}"
        source = f"{len(Outcome.of(table).player):,} readings of flags, {table.player.nunique()} players, {seasons}"
        foot = source, "Learned from other seasons than the one forecast; 95% intervals by resampling players"
        sheet = new_sheet(Look(dark=dark), _head(scores), foot, [Layout(_PANELS, _PANELS)])
        figure: Any = sheet.figure
        height = sheet.whole
        (model, flags), (fit, pit), (lead, season) = figure.subplots(3, 2)
        figure.subplots_adjust(
            LEFT, (FOOT + 0.48) / height, LEFT + SPAN, 1 - (sheet.top + 0.3) / height, hspace=0.62, wspace=0.24
        )
        _draw_reliability(model, table, MODEL, "The model, first appearance", colours[0])
        _draw_reliability(flags, table, _FLAG, "The flags, first appearance", colours[1])
        _draw_fit(fit, calibration, colours[0])
        _draw_pit(pit, table, colours[0])
        _draw_leads(lead, table, colours)
        _draw_seasons(season, table, colours)
        return finish(sheet, path, _alt(scores, calibration))


def _draw_reliability(axes: Axes, table: pd.DataFrame, forecaster: str, title: str, colour: str) -> None:
    """Draw how often a fixture saw the return against its stated probability, a dot a bin, with 95% intervals."""
    stated = column(table, forecaster)
    bins = pd.cut(stated, BINS, include_lowest=True)
    groups = reliability(np.asarray(stated), np.asarray(table.returned), table.player, bins)
    groups = groups[groups.n >= _FEW]
    _draw_diagonal(axes)
    low, high = np.clip(1.96 * groups.se, 0.0, groups.seen), np.clip(1.96 * groups.se, 0.0, 1.0 - groups.seen)
    axes.errorbar(groups.stated, groups.seen, yerr=[low, high], fmt="o", color=colour, markersize=4, linewidth=1.4)
    _label(axes, title, "how often it came true", "said")


def _draw_fit(axes: Axes, calibration: pd.DataFrame, colour: str) -> None:
    """Draw how often players were fit against ``p_fit``, from none of the undecided to all of them."""
    groups = calibration[(calibration.quantity == "p_fit") & (calibration.by == "bin")]
    _draw_diagonal(axes)
    axes.vlines(groups.stated, groups.least, groups.most, color=colour, linewidth=5, alpha=0.3)
    axes.plot(groups.stated, groups.seen, "o", color=colour, markersize=4)
    _label(axes, "The model, fit by kick-off", "how often it came true; bar: what is undecided", "said")


def _draw_pit(axes: Axes, table: pd.DataFrame, colour: str) -> None:
    """Draw where first appearances fell in their forecasts: distribution less the diagonal, in its band."""
    outcome = Outcome.of(table)
    p = outcome.array(table.p_returns)
    ecdf = pit_ecdf(pit_of_fixture(p, outcome.returned, outcome.known), outcome.player)
    axes.fill_between(ecdf.at, ecdf.low - ecdf.at, ecdf.high - ecdf.at, color=colour, alpha=0.22, linewidth=0)
    axes.axhline(0.0, color=muted(), linewidth=0.8)
    axes.plot(ecdf.at, ecdf.value - ecdf.at, color=colour)
    axes.set_xlim(0.0, 1.0)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.xaxis.set_ticks(_QUARTERS)
    _label(axes, "Where returns fell", "share below less place (PIT), 95% band", "place in the forecast")


def _draw_leads(axes: Axes, table: pd.DataFrame, colours: list[str]) -> None:
    """Draw the Brier score of having appeared within one fixture, two, three and so on."""
    outcome, leads = Outcome.of(table), range(1, HORIZON + 1)
    for name, colour, marker in zip((_FLAG, _RATES, REFERENCE, MODEL), _order(colours), "v^so", strict=True):
        p = outcome.array(column(table, name))
        scores = [np.nanmean(brier_within(p, outcome.returned, outcome.known, k)) for k in leads]
        axes.plot(leads, scores, color=colour, marker=marker, markersize=4, linewidth=1.4, label=name)
    axes.set_ylim(bottom=0.0)
    axes.legend(facecolor=paper(), edgecolor="none", framealpha=1.0, fontsize=_SMALL, borderpad=0.2)
    _label(axes, "Back within one to six fixtures", "Brier score, lower is better", "fixtures")


def _draw_seasons(axes: Axes, table: pd.DataFrame, colours: list[str]) -> None:
    """Draw the mean log score of each season with its 95% interval by player."""
    names = _RATES, REFERENCE, MODEL
    means = scores_by(table, names, "season")
    for place, name, colour, marker in zip((-1, 0, 1), names, _order(colours)[1:], "^so", strict=True):
        own = means[means.forecaster == name]
        error = [own.log_score - own.log_score_low, own.log_score_high - own.log_score]
        at = np.arange(len(own)) + 0.18 * place
        axes.errorbar(at, own.log_score, yerr=error, fmt=marker, color=colour, markersize=4, linewidth=1.4, label=name)
    seasons = means.group.unique()
    axes.set_xticks(range(len(seasons)), [season[2:] for season in seasons])
    _label(axes, "Season by season", "log score, lower is better", "season forecast")


def _draw_diagonal(axes: Axes) -> None:
    axes.plot([0.0, 1.0], [0.0, 1.0], color=muted(), linewidth=0.8, zorder=1)
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0))
        axis.set_ticks(_QUARTERS)


def _label(axes: Axes, title: str, shows: str, x: str) -> None:
    """Write the name of a panel, a line on what it shows, and what is across."""
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold", pad=19)
    axes.annotate(shows, (0, 1), (0, 7), "axes fraction", "offset points", fontsize=_SMALL, color=muted())
    axes.set_xlabel(x, fontsize=_SMALL)
    axes.tick_params(labelsize=_SMALL)


def _order(colours: list[str]) -> list[str]:
    """Order the colours of the flag, climatology, the logistic hazard and the model, wherever they are drawn."""
    model, flag, reference, rates = colours
    return [flag, rates, reference, model]


def _head(scores: pd.DataFrame) -> Head:
    score = scores.set_index("forecaster").log_score
    finding = (
        f"Log score {score[MODEL]:.3f}; logistic hazard {score[REFERENCE]:.3f}, flags at face value {score[_FLAG]:.3f}."
    )
    return "Does it come true?", finding, "Forecasts of fixtures and of fitness by kick-off, held against what happened"


def _alt(scores: pd.DataFrame, calibration: pd.DataFrame) -> str:
    """Describe the picture for readers who cannot see it."""
    leads = calibration.query("quantity == 'p_returns' and by == 'lead'")
    pairs = [f"fixture {row.group}: said {row.stated:.1%}, seen {row.seen:.1%}" for row in leads.itertuples()]
    return f"{_head(scores)[1]} First appearances by fixture: {'; '.join(pairs)}."
