"""Forecasts of the past that never saw its future, scored beside what one would use instead.

One season is left out in turn; everything is learned from the others (``rolling``: from earlier ones), anew: the
parameters of the model, the rates and curves of the baselines. Nothing of the season left out, not even a starting
point, enters. Probabilities are those at the estimate; no draws are made. The forecasts are of hamstring injuries; the
model learns from the others, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ..arrays import Array
from ..episodes.episodes import EPISODES, Episodes
from ..io.errors import DataError, Problem
from ..io.fields import instance_of
from ..scoring.hub import write_hub
from ..scoring.readings import worth_of_readings
from .baselines import BASELINES, CURVES, OF_CLEARED, Forecaster, days_by_curve, forecast_by
from .held_out import SCORED, HeldOutForecast, forecast_season, split
from .origins import origins_of
from .silence import joined, silence_table
from .tables import (
    COLUMNS,
    MODEL,
    REFERENCE,
    calibration_table,
    day_table,
    forecast_table,
    lead_table,
    score_table,
    scores_by,
)
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
        ``stated`` and ``seen`` of ``p_returns``, ``p_plays`` and ``p_fit`` of the model, by lead, by bin, by season and
        so on; see :func:`~forecast.backtest.tables.calibration_table`.
    leads : DataFrame
        The next fixture, said and seen, by kind of flag and hours to its kick-off; see
        :func:`~forecast.backtest.tables.lead_table`.
    silence : DataFrame
        The days that remain where nothing is said, by the age of the injury; see
        :func:`~forecast.backtest.silence.silence_table`.
    days : DataFrame
        How far off the day was on which he is fit: CRPS and coverage over the next sixty days, and
        D-calibration; see :func:`~forecast.backtest.tables.day_table`.
    readings : DataFrame
        What the last reading before a fixture is worth, and those before it; see
        :func:`~forecast.scoring.readings.worth_of_readings`.
    forecasts : DataFrame
        A row an origin and fixture: ``episode``, ``day`` of the origin, ``fixture`` (1 to 6), its ``kickoff``,
        ``p_returns``, ``p_fit`` and ``p_plays`` of the model, ``p_returns`` of the others under their names, and what
        happened: ``returned``, whether he appeared first in this one, and ``played``, whether he appeared in it at all
        (NaN where that is not known); he became fit between ``fit_after`` and ``fit_by``, so that he was by kick-off at
        least ``fit_least``, at most ``fit_most``, and with probability ``fit_hindsight`` in the eyes of the model.
    """

    scores: pd.DataFrame
    cleared: pd.DataFrame
    calibration: pd.DataFrame
    leads: pd.DataFrame
    silence: pd.DataFrame
    days: pd.DataFrame
    readings: pd.DataFrame
    forecasts: pd.DataFrame

    def scores_by(self, group: str) -> pd.DataFrame:
        """Score every forecaster by ``"season"``, or by ``"lead"``, the hours to the kick-off of the next fixture.

        See :func:`~forecast.backtest.tables.scores_by`.
        """
        if group not in ("season", "lead"):
            raise DataError.of("group", group, "must be season or lead")
        return scores_by(self.forecasts, list(self.scores.forecaster), group)

    def plot(self, path: str | Path | None = None, *, dark: bool = False) -> Figure:
        """Draw reliability, the PIT, and scores by lead and season; save it as PNG where a path is given."""
        from .chart import backtest_chart  # here, so that forecast does not load matplotlib

        return backtest_chart(self.scores, self.calibration, self.forecasts, path, dark)

    def to_hub(self, folder: str | Path) -> list[Path]:
        """Write every forecast and what came of it as forecast hubs keep them; see :mod:`forecast.scoring.hub`.

        Returns the files. ``python -m forecast score FOLDER`` reads them back, with those that others add.
        """
        others = self.scores.forecaster[self.scores.forecaster != MODEL]
        return write_hub(folder, self.forecasts, ["p_returns", *others])


def backtest(
    episodes: Episodes,
    executor: Executor | None = None,
    rolling: bool = False,
    *,
    forecasters: Mapping[str, Forecaster] | None = None,
) -> Report:
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
    forecasters : mapping, optional
        Others to score beside the model, by name. Each is a function ``f(train, origins)`` of two
        :class:`~forecast.backtest.origins.Origins` that returns the probability that each next fixture sees the first
        appearance, shape (n, 6), for the n ``origins``; what is left of 1 is for none of them, and numbers beyond the
        last fixture do not count. Of ``train`` it is shown what happened, of ``origins`` nothing that came later.
        They run in this process.

    Returns
    -------
    Report

    Raises
    ------
    DataError
        If there are fewer than two seasons, or a forecaster has the name of another or gives no probabilities.

    Examples
    --------
    A forecaster that gives every fixture one chance in four, scored beside the model (minutes: the model is fitted
    anew for each season)::

        def a_quarter(train, origins):
            return np.tile(0.25 * 0.75 ** np.arange(6), (len(origins), 1))

        report = fc.backtest(fc.load_episodes(), forecasters={"a quarter": a_quarter})
        report.scores.set_index("forecaster").loc["a quarter", "log_score"]
    """
    seasons = instance_of("episodes", episodes, Episodes, EPISODES, DataError).seasons()
    if len(seasons) < 2:
        raise DataError.of("season", ", ".join(seasons), "must be two different ones at least")
    held_out = seasons[1:] if rolling else seasons
    parts, others = [split(episodes, season, rolling) for season in held_out], forecasters or {}
    _check_names(others)
    theirs = [_asked(others, *part) for part in parts]  # first, for they may fail, and the fits take minutes
    fitted = run_tasks([partial(forecast_season, *part) for part in parts], executor, "model")
    baselines = run_tasks([partial(forecast_baselines, *part) for part in parts], executor, "baselines")
    both = [replace(b, flagged=b.flagged | own) for b, own in zip(baselines, theirs, strict=True)]
    return _report([test for _, test in parts], fitted, both)


def _check_names(given: Mapping[str, Forecaster]) -> None:
    """Refuse a forecaster that is no function, or whose name is taken."""
    taken, allowed = {MODEL, *BASELINES, *COLUMNS}, "must be a name that no other and no column has"
    wrong = [name for name in given if not isinstance(name, str) or not name.strip() or name in taken]
    problems = [Problem("forecasters", name, allowed) for name in wrong]
    problems += [Problem(f"forecasters[{n}]", f, "must be a function") for n, f in given.items() if not callable(f)]
    if problems:
        raise DataError(problems)


def _asked(forecasters: Mapping[str, Forecaster], train: Episodes, test: Episodes) -> dict[str, Array]:
    """Ask every forecaster for the flagged of one season."""
    if not forecasters:
        return {}
    learned, asked = origins_of(train.of(SCORED)), origins_of(test)
    return {name: forecast_by(name, forecaster, learned, asked) for name, forecaster in forecasters.items()}


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
        {name: days_by_curve(name, flagged, asked.days) for name in CURVES},
    )


def _report(
    tests: Sequence[Episodes],
    models: Sequence[tuple[HeldOutForecast, HeldOutForecast, Episodes]],
    baselines: Sequence[BaselineForecasts],
) -> Report:
    """Put the seasons together and score them."""
    of_flagged, of_cleared, days = [], [], []
    for test, (on_flagged, on_cleared, _), own in zip(tests, models, baselines, strict=True):
        origins = origins_of(test)
        of_flagged.append(forecast_table(origins, on_flagged, own.flagged))
        of_cleared.append(forecast_table(origins_of(test, cleared=True), on_cleared, own.cleared))
        days.append((origins, {MODEL: on_flagged.cdf, **own.cdf}))
    flagged, cleared = (pd.concat(tables, ignore_index=True) for tables in (of_flagged, of_cleared))
    return Report(
        scores=score_table(flagged, [MODEL, *baselines[0].flagged], REFERENCE),
        cleared=score_table(cleared, [MODEL, *OF_CLEARED], "climatology"),
        calibration=calibration_table(flagged),
        leads=lead_table(flagged),
        silence=silence_table(joined(tests), joined([drawn for *_, drawn in models])),
        days=day_table(days),
        readings=worth_of_readings(pd.concat([flagged, cleared], ignore_index=True)),
        forecasts=flagged,
    )
