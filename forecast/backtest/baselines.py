"""Baselines that a forecast has to beat: the official flag, rates of the past, a recovery curve that reads no news.

Each forecaster takes the origins it may learn from and those it forecasts, and gives the probability that each of the
next fixtures is the one of the first appearance, shape (n, 6).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from ..arrays import Array
from ..io.errors import DataError
from ..scoring.scores import first_of
from ..survival.recovery_fit import RecoveryFit, fit_recovery
from ..survival.turnbull import TurnbullCurve, turnbull
from ..terms import FLAG_KINDS, HORIZON, NEARLY, SELDOM
from .hazard import at_risk, fit_hazard
from .origins import Origins

Forecaster = Callable[[Origins, Origins], Array]
_SHRUNK = 5.0  # fixtures at the rate of all the others that a rate is shrunk by


def flag(train: Origins, test: Origins) -> Array:
    """The official flag at face value: its chance at every fixture; hardly before its date, nearly surely after."""
    return first_of(_face_value(test))


def planner_ramp(train: Origins, test: Origins) -> Array:
    """Ramps by round, as planners of fantasy games print them (2026), read as the chance to be back by each fixture.

    A percentage c gives 1 - (1 - c) / 2^(k - 1) at the k-th; a date nothing before it, then .55, .80, .92, .97 and on;
    no date the days ahead over 28, at most .95.
    """
    said, ahead = test.evidence.said, np.nan_to_num(test.ahead, nan=np.inf)
    k = np.arange(HORIZON)
    chance = 1.0 - (1.0 - said.kinds[:, 2:] @ np.array([0.25, 0.5, 0.75]))[:, None] / 2.0**k
    turn = np.cumsum(ahead >= np.nan_to_num(said.expected, nan=np.inf)[:, None], axis=1)
    dated = np.array([0.0, 0.55, 0.80, 0.92, 0.97, 0.985, 0.99])[turn]
    vague = np.minimum((ahead - test.now[:, None]) / 28.0, 0.95)
    rows = (said.percentage > 0)[:, None], np.isfinite(said.expected)[:, None]
    by = np.where(rows[0], chance, np.where(rows[1], dated, vague))
    return np.diff(np.maximum.accumulate(by, axis=1), axis=1, prepend=0.0)


def recalibrated_flag(train: Origins, test: Origins) -> Array:
    """The flag with the rate at which fixtures of the same face value and number saw the return."""
    row, fixture = at_risk(train)
    happened, face = train.returned[row] == fixture, _face_value(train)[row, fixture]
    asked, hazard = _face_value(test), np.zeros((len(test), HORIZON))
    for value in np.unique(asked):
        rate = happened[face == value].mean() if np.any(face == value) else happened.mean()
        for k in range(HORIZON):
            same = (face == value) & (fixture == k)
            shrunk = (happened[same].sum() + _SHRUNK * rate) / (same.sum() + _SHRUNK)
            hazard[:, k] = np.where(asked[:, k] == value, shrunk, hazard[:, k])
    return first_of(hazard)


def climatology(train: Origins, test: Origins) -> Array:
    """The rate at which the k-th next fixture saw the return of those who had not appeared before it."""
    row, fixture = at_risk(train)
    tried = np.bincount(fixture, minlength=HORIZON)
    rate = np.bincount(fixture[train.returned[row] == fixture], minlength=HORIZON) / np.maximum(tried, 1)
    return first_of(np.tile(rate, (len(test), 1)))


# Estimates of the days until fit: Turnbull's, and a log-normal.
CURVES: dict[str, Callable[..., TurnbullCurve | RecoveryFit]] = {
    "Turnbull curve": turnbull,
    "recovery curve": fit_recovery,
}


def by_curve(name: str, train: Origins, test: Origins) -> Array:
    """Forecast by one of the :data:`CURVES`, given that the player is still out, as if the fit were always picked."""
    days = np.fmax.accumulate(np.column_stack([test.now, test.ahead]), axis=1)  # no more fixtures: the last one again
    return np.diff(days_by_curve(name, train, days), axis=1)


def days_by_curve(name: str, train: Origins, days: Array) -> Array:
    """Return the probability of being fit by each of some days, given being out on the first; shape (n, k)."""
    ends = train.episodes.durations()
    curve = CURVES[name](ends.lower, ends.upper, entry=ends.entry)
    out = np.asarray(curve.survival(days.ravel())).reshape(days.shape)
    return np.asarray(1.0 - np.minimum(out / np.maximum(out[:, :1], 1e-12), 1.0))


def logistic_hazard(train: Origins, test: Origins) -> Array:
    """The :mod:`~forecast.backtest.hazard` of the same information."""
    return fit_hazard(train).p_returns(test)


BASELINES: dict[str, Forecaster] = {
    "flag at face value": flag,
    "planner's ramp": planner_ramp,
    "flag recalibrated": recalibrated_flag,
    "climatology": climatology,
    **{name: partial(by_curve, name) for name in CURVES},
    "logistic hazard": logistic_hazard,
}
OF_CLEARED = ("flag at face value", "climatology")  # those that say something of a player whose flag is gone


def _face_value(origins: Origins) -> Array:
    """Return the probability that the flag states for each fixture, shape (n, 6)."""
    stated = np.array([float(kind) / 100.0 if kind.isdigit() else SELDOM for kind in FLAG_KINDS])
    chance = np.where(origins.table.flagged, origins.evidence.said.kinds @ stated, NEARLY)
    after = np.nan_to_num(origins.ahead, nan=np.inf) >= origins.promised[:, None]
    dated = np.isfinite(origins.promised)[:, None]
    return np.where(dated, np.where(after, NEARLY, SELDOM), chance[:, None])


def forecast_by(name: str, forecaster: Forecaster, train: Origins, test: Origins) -> Array:
    """Ask somebody else's forecaster, who is shown nothing of what came later, and check the answer.

    Raises
    ------
    DataError
        If it is no table of probabilities, a row an origin and a column a fixture.
    """
    try:
        p = np.asarray(forecaster(train, test.blind()), float)
    except (TypeError, ValueError) as error:
        raise DataError.of(f"forecasters[{name}]", str(error), "must give numbers") from error
    if p.shape != test.ahead.shape:
        raise DataError.of(f"forecasters[{name}]", f"shape {p.shape}", f"must give shape {test.ahead.shape}")
    p = np.where(np.isnan(test.ahead), 0.0, p)
    bad = ~((p >= 0.0) & (p <= 1.0)).all(axis=1) | (p.sum(axis=1) > 1.0 + 1e-6)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        allowed = "must be probabilities that add up to 1 at most, with what is left for none of the fixtures"
        raise DataError.of(f"forecasters[{name}][{row}]", p[row].tolist(), allowed)
    return p
