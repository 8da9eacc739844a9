"""Fit the return model to past injuries: one joint fit a family, and how much each family counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..arrays import Array
from ..episodes.episodes import Episodes
from ..evidence.readings import Readings, readings_of, with_proxies
from ..evidence.situation import minutes_logit
from ..factors.players import Players
from ..io.errors import DataError, Problem
from ..io.limits import MAX_DRAWS
from .after_return import fit_after_return
from .joint import Joint, JointFit, curvature, fit_joint, settle
from .return_model import ReturnModel

AVERAGED = ("lognormal", "loglogistic", "weibull")
PROXY_WEIGHT = 0.25  # of a reading that is learned from as if something else had been said
_PLAYERS = 11  # of the fit, evenly spaced in how much they played, who stand for all of them


def fit(episodes: Episodes, seed: int = 1, draws: int = 700) -> ReturnModel:
    """Fit recovery, selection and bulletins jointly to past injuries.

    Parameters
    ----------
    episodes : Episodes
    seed, draws : int
        Of the parameter draws behind the bands.

    Returns
    -------
    ReturnModel

    Raises
    ------
    DataError
        If the injuries are of fewer than two players, none of them was followed, or the draws are too many.

    Notes
    -----
    One fit for each family of recovery. Their weights maximise the probability that the mixture gave to what happened
    in each season, fitted to the other seasons (stacking; Yao et al. 2018, Bayesian Analysis 13, 917-1003).
    """
    if episodes.episodes.player.nunique() < 2:
        raise DataError([Problem("player", "one player", "must be at least two", file="episodes.csv")])
    if not 0 < draws <= MAX_DRAWS:
        raise DataError.of("draws", draws, f"must be 1 to {MAX_DRAWS}")
    readings = with_proxies(readings_of(episodes), PROXY_WEIGHT)
    fits: list[JointFit] = []
    for family in AVERAGED:
        fits.append(fit_joint(family, readings, start=fits[0].params if fits else None))
    seasons = episodes.seasons()
    own = readings.table.flagged & (readings.weight == 1.0)
    held_out = np.column_stack([left_out_seasons(f, readings)[own] for f in fits])
    after = fit_after_return(episodes)
    return ReturnModel(
        fits=tuple(_joined(f, *after) for f in fits),
        weights=pd.Series(stack(np.exp(held_out)), index=AVERAGED, name="weight"),
        players=_players(episodes.episodes),
        longest_seen=float(readings.table.day.quantile(0.99)),
        seed=seed,
        draws=draws,
        trained_on=f"{len(episodes)} injuries, {seasons[0]} to {seasons[-1]}",
    )


def left_out_seasons(fitted: JointFit, readings: Readings) -> Array:
    """Log-probability of the first appearance after each reading, by the fit to the other seasons; shape (n,)."""
    joint = Joint(fitted.family)
    names, start = list(joint.priors), np.asarray(fitted.params, float)
    hessian = curvature(joint.objective(readings), start) if fitted.hessian is None else fitted.hessian
    result = np.empty(len(readings.table))
    folds = _folds(readings.table)
    for fold in np.unique(folds):
        held = folds == fold
        rest = readings.take(np.flatnonzero(~held))
        theta = dict(zip(names, settle(joint.objective(rest), start, hessian, tolerance=1e-3), strict=True))
        result[held] = joint.log_score(theta, readings.take(np.flatnonzero(held)))
    return result


def _folds(table: pd.DataFrame) -> npt.NDArray[np.int64]:
    """The season of each reading, or, where all are of one season, one of five groups of players."""
    folds = pd.factorize(table.season)[0]
    return folds if folds.max() > 0 else pd.factorize(table.player)[0] % 5


def stack(probability: Array) -> Array:
    """Weights on the simplex that maximise the mean log of the mixture, by EM: it is concave, so they are the ones.

    ``probability`` has shape (n, families).
    """
    weights = np.full(probability.shape[1], 1.0 / probability.shape[1])
    for _ in range(10_000):
        share = probability * weights
        new = (share / share.sum(axis=1, keepdims=True)).mean(axis=0)
        if np.abs(new - weights).max() < 1e-9:
            break
        weights = new
    return np.asarray(new)


def _players(table: pd.DataFrame) -> Players:
    """Choose some players who stand for all: evenly spaced in the minutes before the injury."""
    logit = np.array([minutes_logit(m, f) for m, f in zip(table.minutes_before, table.fixtures_before, strict=True)])
    rate = (table.appearances_before / table.fixtures_before).fillna(0.5).to_numpy()
    chosen = np.argsort(logit, kind="stable")[((np.arange(_PLAYERS) + 0.5) / _PLAYERS * len(logit)).astype(int)]
    return Players(logit[chosen], rate[chosen], float((table.position == "forward").mean()))


def _joined(fitted: JointFit, params: pd.Series[float], covariance: pd.DataFrame) -> JointFit:
    """The fit with parameters that were estimated by themselves."""
    both = pd.concat([fitted.params, params])
    matrix = pd.DataFrame(0.0, index=both.index, columns=both.index)
    matrix.loc[fitted.params.index, fitted.params.index] = fitted.covariance
    matrix.loc[params.index, params.index] = covariance
    return JointFit(fitted.family, both, matrix)
