"""The model on a season it has not seen: fitted to some injuries, and what it says of others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array, Integers, by_name
from ..episodes.episodes import Episodes
from ..evidence.readings import readings_of, with_proxies
from ..factors.course import Course
from ..factors.covariates import Covariates
from ..factors.parameters import Parameters
from ..factors.selection import after_return
from ..model.after_return import fit_after_return
from ..model.fit import PROXY_WEIGHT
from ..model.joint import Passage, Runs, fit_joint, returns
from ..model.simulate import simulate
from ..terms import HORIZON
from .origins import Origins, origins_of

DRAWN = 4  # injuries drawn for each of a season left out
SCORED = "hamstring"  # the body part that is forecast; the others are there to learn from


@dataclass(frozen=True)
class HeldOutForecast:
    """Forecasts of n origins by a model that never saw them; shape (n, 6), of no meaning beyond the last fixture.

    Attributes
    ----------
    p_returns, p_fit, p_plays : ndarray
        At the estimate of the parameters.
    hindsight : ndarray
        What becomes of ``p_fit`` once it is known what happened: 0 or 1 where that decides it.
    cdf : ndarray, shape (n, q + 1)
        Probability that he is fit by each of the origins' days.
    """

    p_returns: Array
    p_fit: Array
    p_plays: Array
    hindsight: Array
    cdf: Array


def split(episodes: Episodes, season: str, rolling: bool = False) -> tuple[Episodes, Episodes]:
    """The injuries to learn from, all other seasons' or all earlier ones', and the hamstrings of the season itself."""
    of = episodes.episodes.season
    return episodes.where(of < season if rolling else of != season), episodes.where(of == season).of(SCORED)


def forecast_season(train: Episodes, test: Episodes) -> tuple[HeldOutForecast, HeldOutForecast, Episodes]:
    """Fit the model to some injuries, forecast others, the flagged and the cleared, and draw what might have happened.

    Each of the others is drawn four times.
    """
    fitted = fit_joint(with_proxies(readings_of(train), PROXY_WEIGHT))
    theta = by_name(fitted.params) | by_name(fit_after_return(train)[0])
    flagged, cleared = (held_out_forecast(theta, origins_of(test, cleared)) for cleared in (False, True))
    return flagged, cleared, simulate(theta, test, DRAWN * len(test), np.random.default_rng(1), Covariates())


def held_out_forecast(theta: Parameters, origins: Origins) -> HeldOutForecast:
    """The sums over the pieces of time that a forecast reports, at one value of the parameters."""
    evidence, readings = origins.evidence, origins.readings
    course = Course.of(Passage.of(theta, evidence).hazard)
    place, chance = _place(origins), p_returns(theta, origins)
    later = after_return(theta, evidence.traits, np.zeros(1))
    happened = Runs.of(theta, evidence).given(readings.misses, readings.appeared) * readings.inside
    weight = np.column_stack([course.mass * happened, course.after[:, -1] * readings.never * ~readings.appeared])
    kickoff = np.take_along_axis(evidence.pieces.kickoff, place, axis=1)
    hindsight = np.cumsum(weight, axis=1) / np.maximum(weight.sum(axis=1, keepdims=True), 1e-300)
    fit = np.column_stack([np.zeros(len(place)), 1.0 - course.after])
    if evidence.cleared.all():
        fit = fit / fit[:, -1:]
    return HeldOutForecast(
        p_returns=chance,
        p_fit=np.take_along_axis(fit, kickoff + 1, axis=1),
        p_plays=chance + (np.cumsum(chance, axis=1) - chance) * later,
        hindsight=np.take_along_axis(hindsight, kickoff, axis=1),
        cdf=fit,
    )


def p_returns(theta: Parameters, origins: Origins) -> Array:
    """Return the probability that each fixture sees the first appearance, shape (n, 6); 0 beyond the last."""
    chance = np.take_along_axis(returns(theta, origins.evidence), _place(origins), axis=1)
    return np.where(np.isnan(origins.ahead), 0.0, chance)


def _place(origins: Origins) -> Integers:
    """Find the next six fixtures among those of the evidence, shape (n, 6)."""
    evidence = origins.evidence
    return np.asarray(np.minimum(evidence.missed[:, None] + np.arange(HORIZON), evidence.fixtures.shape[1] - 1))
