"""Forecasts of the past that never saw its future, scored beside what one would use instead.

One season is left out in turn; everything is learned from the others (``rolling``: from earlier ones), anew: the
parameters of the model, the rates and curves of the baselines. Nothing of the season left out, not even a starting
point, enters. Probabilities are those at the estimate; no draws are made. The forecasts are of hamstring injuries; the
model learns from the others, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ..arrays import Array
from ..episodes.episodes import Episodes
from ..io.errors import DataError
from .baselines import BASELINES, CURVES, OF_CLEARED, days_by_curve
from .held_out import SCORED, HeldOutForecast, forecast_season, split
from .origins import origins_of
from .silence import joined, silence_table
from .tables import MODEL, REFERENCE, calibration_table, day_table, forecast_table, lead_table, score_table
from .tasks import run_tasks

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Report:
    """Scores, calibration and forecasts of a backtest.

    Attributes
    ----------
    scores : DataFrame
        A row a forecaster, of ``n`` origins: ``log_score``, ``brier_next`` and ``brier_three``, lower is better, and
        ``difference``, of its log score from that of the logistic hazard; each with ``_low`` and ``_high``, its 95%
        interval by resampling players.
    cleared : DataFrame
        The same for players who had been cleared and had not appeared yet.
    calibration : DataFrame
        ``stated`` and ``seen`` of ``p_returns`` and ``p_fit`` of the model, by lead, by bin, by season and so on; see
        :func:`~forecast.backtest.tables.calibration_table`.
    leads : DataFrame
        The next fixture, said and seen, by kind of flag and hours to its kick-off; see
        :func:`~forecast.backtest.tables.lead_table`.
    silence : DataFrame
        The days that remain where nothing is said, by the age of the injury; see
        :func:`~forecast.backtest.silence.silence_table`.
    days : DataFrame
        How far off the day was on which he is fit: CRPS and coverage over the next sixty days, and
        D-calibration; see :func:`~forecast.backtest.tables.day_table`.
    forecasts : DataFrame
        A row an origin and fixture: ``episode``, ``day`` of the origin, ``fixture`` (1 to 6), its ``kickoff``,
        ``p_returns``, ``p_fit`` and ``p_plays`` of the model, ``p_returns`` of the others under their names, and what
        happened: ``returned``, whether he appeared first in this one (NaN where that is not known); he became fit
        between ``fit_after`` and ``fit_by``, so that he was by kick-off at least ``fit_least``, at most ``fit_most``,
        and with probability ``fit_hindsight`` in the eyes of the model.
    """

    scores: pd.DataFrame
    cleared: pd.DataFrame
    calibration: pd.DataFrame
    leads: pd.DataFrame
    silence: pd.DataFrame
    days: pd.DataFrame
    forecasts: pd.DataFrame

    def plot(self, path: str | Path | None = None, *, dark: bool = False) -> Figure:
        """Draw reliability, the PIT, and scores by lead and season; save it as PNG where a path is given."""
        from .chart import backtest_chart  # here, so that forecast does not load matplotlib

        return backtest_chart(self.scores, self.calibration, self.forecasts, path, dark)


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
    held_out = seasons[1:] if rolling else seasons
    parts = [split(episodes, season, rolling) for season in held_out]
    fitted = run_tasks([partial(forecast_season, *part) for part in parts], executor, "model")
    baselines = run_tasks([partial(forecast_baselines, *part) for part in parts], executor, "baselines")
    return _report([test for _, test in parts], fitted, baselines)


@dataclass(frozen=True)
class BaselineForecasts:
    """Forecasts of the baselines for a season: ``p_returns`` for the flagged and for the cleared, and ``cdf`` of days.

    The latter as in :class:`~forecast.backtest.held_out.HeldOutForecast`, of those that are curves.
    """

    flagged: dict[str, Array]
    cleared: dict[str, Array]
    cdf: dict[str, Array]


def forecast_baselines(train: Episodes, test: Episodes) -> BaselineForecasts:
    """Forecast some injuries by every baseline, learned from others."""
    train = train.of(SCORED)
    flagged, asked = origins_of(train), origins_of(test)
    cleared, cleared_asked = origins_of(train, cleared=True), origins_of(test, cleared=True)
    return BaselineForecasts(
        {name: forecaster(flagged, asked) for name, forecaster in BASELINES.items()},
        {name: BASELINES[name](cleared, cleared_asked) for name in OF_CLEARED},
        {name: days_by_curve(name, flagged, asked) for name in CURVES},
    )


def _report(
    tests: Sequence[Episodes],
    models: Sequence[tuple[HeldOutForecast, HeldOutForecast, Episodes]],
    baselines: Sequence[BaselineForecasts],
) -> Report:
    """Put the seasons together and score them."""
    parts = [
        (origins_of(t), origins_of(t, cleared=True), *m[:2], r)
        for t, m, r in zip(tests, models, baselines, strict=True)
    ]
    flagged = pd.concat([forecast_table(f, m, r.flagged) for f, _, m, _, r in parts], ignore_index=True)
    cleared = pd.concat([forecast_table(c, m, r.cleared) for _, c, _, m, r in parts], ignore_index=True)
    return Report(
        scores=score_table(flagged, [MODEL, *BASELINES], REFERENCE),
        cleared=score_table(cleared, [MODEL, *OF_CLEARED], "climatology"),
        calibration=calibration_table(flagged),
        leads=lead_table(flagged),
        silence=silence_table(joined(tests), joined([drawn for *_, drawn in models])),
        days=day_table([(f, {MODEL: m.cdf, **r.cdf}) for f, _, m, _, r in parts]),
        forecasts=flagged,
    )
