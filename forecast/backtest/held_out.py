"""The model on a season it has not seen: one family of recovery fitted to some injuries, and what it says of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import Array, Integers
from ..episodes.episodes import Episodes
from ..evidence.grid import Evidence
from ..evidence.readings import readings_of, with_proxies
from ..factors.parameters import Parameters
from ..factors.selection import after_return
from ..model.after_return import fit_after_return
from ..model.fit import PROXY_WEIGHT, left_out_seasons
from ..model.joint import Joint, fit_joint
from ..terms import HORIZON
from .origins import Origins, origins_of


@dataclass(frozen=True)
class HeldOutForecast:
    """Forecasts of n origins by a model that never saw them; shape (n, 6), of no meaning beyond the last fixture.

    Attributes
    ----------
    p_returns, p_fit, p_plays : ndarray
        At the estimate of the parameters.
    hindsight : ndarray
        What becomes of ``p_fit`` once it is known what happened: 0 or 1 where that decides it.
    cdf : ndarray, shape (n, m + 1)
        Probability that he is fit by each edge of the origins' evidence.
    """

    p_returns: Array
    p_fit: Array
    p_plays: Array
    hindsight: Array
    cdf: Array


@dataclass(frozen=True)
class FamilyForecast:
    """Forecasts of a season by the model with one family of recovery.

    Attributes
    ----------
    flagged, cleared : HeldOutForecast
        Of the origins of either sort.
    inner : ndarray, shape (m,)
        Log-probability of the first appearance after each reading that was learned from, by the fit to the other
        seasons among those: what the weights of the families are stacked on.
    """

    flagged: HeldOutForecast
    cleared: HeldOutForecast
    inner: Array


def split(episodes: Episodes, season: str, rolling: bool = False) -> tuple[Episodes, Episodes]:
    """The injuries to learn from, all other seasons' or all earlier ones', and those of the season to be forecast."""
    of = episodes.episodes.season
    return episodes.where(of < season if rolling else of != season), episodes.where(of == season)


def forecast_family(family: str, train: Episodes, test: Episodes) -> FamilyForecast:
    """Fit the model with one family of recovery to some injuries and forecast others."""
    readings = with_proxies(readings_of(train), PROXY_WEIGHT)
    fitted = fit_joint(family, readings)
    own = (readings.table.flagged & (readings.weight == 1.0)).to_numpy()
    inner = left_out_seasons(fitted, readings)[own]
    theta = {name: np.asarray(value) for name, value in {**fitted.params, **fit_after_return(train)[0]}.items()}
    flagged, cleared = (held_out_forecast(family, theta, origins_of(test, cleared)) for cleared in (False, True))
    return FamilyForecast(flagged, cleared, inner)


def held_out_forecast(family: str, theta: Parameters, origins: Origins) -> HeldOutForecast:
    """The sums over the grid that a forecast reports, at one value of the parameters."""
    joint, evidence = Joint(family), origins.evidence
    place, chance, weights = _place(evidence), returns(joint, theta, origins), joint.weights(theta, evidence)
    later = after_return({name: value.reshape(1, 1, 1) for name, value in theta.items()}, evidence.minutes_logit)[0]
    return HeldOutForecast(
        p_returns=chance,
        p_fit=_fit_by(weights, evidence.gap, place),
        p_plays=chance + (np.cumsum(chance, axis=1) - chance) * later[:, None],
        hindsight=_fit_by(joint.hindsight(theta, origins.readings), origins.readings.evidence.gap, place),
        cdf=np.column_stack([np.zeros(len(weights)), np.cumsum(weights, axis=1)]),
    )


def returns(joint: Joint, theta: Parameters, origins: Origins) -> Array:
    """Return the probability that each fixture sees the first appearance, shape (n, 6); 0 beyond the last."""
    chance = np.take_along_axis(joint.returns(theta, origins.evidence), _place(origins.evidence), axis=1)
    return np.where(np.isnan(origins.ahead), 0.0, chance)


def mixture(products: Sequence[HeldOutForecast], weights: Array) -> HeldOutForecast:
    """The families averaged."""

    def mean(name: str) -> Array:
        return np.asarray(sum(w * getattr(p, name) for w, p in zip(weights, products, strict=True)))

    return HeldOutForecast(*(mean(name) for name in ("p_returns", "p_fit", "p_plays", "hindsight", "cdf")))


def _place(evidence: Evidence) -> Integers:
    """Find the next six fixtures among those of the evidence, shape (n, 6)."""
    return np.asarray(np.minimum(evidence.missed[:, None] + np.arange(HORIZON), evidence.fixtures.shape[1] - 1))


def _fit_by(weights: Array, gap: Integers, place: Integers) -> Array:
    """Return the part of the weights of the cells that lies before each of the fixtures ``place``."""
    before = [np.where(gap <= k[:, None], weights, 0.0).sum(axis=1) for k in place.T]
    return np.asarray(np.stack(before, axis=1) / np.maximum(weights.sum(axis=1, keepdims=True), 1e-300))
