"""Forecasts of the past that never saw its future, scored beside what one would use instead.

One season is left out in turn; everything is learned from the others (``rolling``: from earlier ones), anew: the
parameters of the model for each family of recovery, the weights of the families (stacked on seasons left out *within*
those learned from, as :func:`~forecast.fit` does), the rates and curves of the incumbents. Nothing of the season left
out, not even a starting point, enters. Probabilities are those at the estimate; no draws are made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from tqdm import tqdm

from .episodes import Episodes
from .errors import DataError
from .evidence import HORIZON
from .families import Array
from .incumbents import INCUMBENTS
from .joint import Joint, fit_joint
from .model import AVERAGED, PROXY_WEIGHT, left_out_seasons, stack
from .origins import Origins, origins_of
from .readings import readings_of, with_proxies
from .report import MODEL, Results, calibration_table, cleared_table, forecast_table, score_table
from .selection import again, fit_again

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Report:
    """How good the forecasts of a backtest are.

    Attributes
    ----------
    scores : DataFrame
        A row a forecaster: ``log_score``, ``brier_next`` and ``brier_three``, lower is better, and ``difference``,
        of its log score from that of the logistic hazard; each with ``_low`` and ``_high``, its 95% interval by
        resampling players.
    cleared : DataFrame
        The same for players who had been cleared and had not appeared yet.
    calibration : DataFrame
        ``stated`` and ``seen`` of ``p_returns`` and ``p_fit`` of the model, by lead, by bin, by season and so on; see
        :func:`~forecast.report.calibration_table`.
    forecasts : DataFrame
        A row an origin and fixture: ``episode``, ``day`` of the origin, ``fixture`` (1 to 6), its ``kickoff``,
        ``p_returns``, ``p_fit`` and ``p_plays`` of the model, ``p_returns`` of the others under their names, and what
        happened.
    weights : DataFrame
        Of the families, by season left out.
    """

    scores: pd.DataFrame
    cleared: pd.DataFrame
    calibration: pd.DataFrame
    forecasts: pd.DataFrame
    weights: pd.DataFrame

    def plot(self, path: str | Path | None = None) -> Figure:
        """Draw reliability, the PIT, and scores by lead and season; save it as PNG where a path is given."""
        from .charts.backtest import backtest_chart  # here, so that forecast does not load matplotlib

        return backtest_chart(self, path)


def backtest(episodes: Episodes, executor: Executor | None = None, rolling: bool = False) -> Report:
    """Forecast every reading of each season from the other seasons, and score it.

    Parameters
    ----------
    episodes : Episodes
        Of two seasons at least.
    executor : Executor, optional
        Anything with the interface of ``concurrent.futures``: a pool of threads or processes, or
        ``dask.distributed.Client.get_executor()``. The fits run on it, the same numbers from each; in this process
        where it is left out.
    rolling : bool
        Learn from earlier seasons only. Of its own season a forecast uses nothing but what was known of the player
        himself; the first season is not forecast.

    Returns
    -------
    Report

    Raises
    ------
    DataError
        If there are fewer than two seasons.
    """
    seasons = episodes.seasons()
    if len(seasons) < 2:
        raise DataError.of("season", ", ".join(seasons), "must be two different ones at least")
    forecasters = [*AVERAGED, *INCUMBENTS]
    held_out = seasons[1:] if rolling else seasons
    tasks = [Task(name, *split(episodes, season, rolling)) for season in held_out for name in forecasters]
    done = iter(run(forecast_season, tasks, executor))
    return _report([_gather(dict(zip(forecasters, done, strict=False))) for _ in held_out], held_out)


class Task(NamedTuple):
    """One forecaster, what it may learn from, and what it has to forecast."""

    forecaster: str
    train: Episodes
    test: Episodes


class Forecasts(NamedTuple):
    """What one forecaster said of one season; shapes (n, 6).

    ``p_fit`` and ``p_plays`` are those of the model only. ``inner``, shape (m,), is the log-probability it gave to each
    reading it learned from when the season of that was left out as well.
    """

    p_returns: Array
    p_fit: Array
    p_plays: Array
    inner: Array


class Season(NamedTuple):
    """..."""


def split(episodes: Episodes, season: str, rolling: bool) -> tuple[Episodes, Episodes]:
    """The injuries to learn from, and those of the season to be forecast."""
    of = episodes.episodes.season
    return episodes.where(of < season if rolling else of != season), episodes.where(of == season)
