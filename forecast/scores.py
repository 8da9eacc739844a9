"""The door to the scores: how good forecasts were, anybody's, where outcomes may be censored.

Three sorts of forecast, a row each. Of the *fixture* of the first appearance, probabilities of the first, second, ...
one, the rest on none: :func:`log_score`, :func:`brier_within`, :func:`pit_of_fixture`; :func:`outcome_of` makes their
outcomes of who appeared. Of the *day* of an event, a distribution function on a grid of days: :func:`crps`,
:func:`log_score_between`, :func:`interval_score` and, of one day, :func:`brier_weighted`, :func:`brier_bounds`. And any
stated *probability*: :func:`reliability`.

An event in (lower, upper] is interval-censored, with ``upper`` inf right-censored. What is then not decided is bounded
(``_bounds``), weighted (:func:`brier_weighted`) or needs nothing (the log scores and the PITs). Scores of one player
are not independent: :func:`clustered_mean` and :func:`paired_difference` give intervals by resampling players.

Lists go in, arrays and tables come out; an argument that makes no sense is a ``DataError`` that names it.

Examples
--------
Is a forecaster better than climatology?

>>> import forecast as fc
>>> mine, climate = [[0.6, 0.2], [0.1, 0.3], [0.5, 0.3]], [[0.3, 0.3]] * 3
>>> outcome = fc.scores.outcome_of([[1, 1], [0, 0], [0, 1]])
>>> scores = [fc.scores.log_score(p, *outcome) for p in (mine, climate)]
>>> round(fc.scores.paired_difference(*scores, cluster=["a", "b", "c"]).mean, 3)
-0.366
"""

from __future__ import annotations

from .scoring import bootstrap, calibration, censoring, days
from .scoring import scores as fixtures
from .scoring.checks import checked

__all__ = [
    "CensoringCurve",
    "DCalibration",
    "Ecdf",
    "Mean",
    "brier_bounds",
    "brier_weighted",
    "brier_within",
    "censoring_curve",
    "clustered_mean",
    "crps",
    "crps_bounds",
    "d_calibration",
    "interval_score",
    "interval_score_bounds",
    "log_score",
    "log_score_between",
    "outcome_of",
    "paired_difference",
    "pit_ecdf",
    "pit_of_fixture",
    "pit_of_interval",
    "reliability",
]

CensoringCurve, DCalibration = censoring.CensoringCurve, calibration.DCalibration
Ecdf, Mean = calibration.Ecdf, bootstrap.Mean

outcome_of = checked(fixtures.outcome_of)
log_score = checked(fixtures.log_score)
brier_within = checked(fixtures.brier_within)

log_score_between = checked(days.log_score_between)
crps = checked(days.crps)
crps_bounds = checked(days.crps_bounds)
interval_score = checked(days.interval_score)
interval_score_bounds = checked(days.interval_score_bounds)
brier_bounds = checked(censoring.brier_bounds)
brier_weighted = checked(censoring.brier_weighted)
censoring_curve = checked(censoring.censoring_curve)

pit_of_fixture = checked(calibration.pit_of_fixture)
pit_of_interval = checked(calibration.pit_of_interval)
pit_ecdf = checked(calibration.pit_ecdf)
d_calibration = checked(calibration.d_calibration)
reliability = checked(calibration.reliability)
clustered_mean = checked(bootstrap.clustered_mean)
paired_difference = checked(bootstrap.paired_difference)
