"""A small own set pooled with the shipped fit: ``python -m tests.statistical.pooling 200``, from the top of a checkout.

Own sets are drawn from the shipped fit, or from one whose log days are shifted, and what is learned from
them is scored on new injuries of the same truth: how much log score a forecast loses, on average, against one that knows
the truth. Of three forecasters: the shipped fit, the pooled one, and one that has seen the own set alone.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd
from tqdm import tqdm

import forecast as fc
from forecast.evidence.readings import Readings, readings_of, with_proxies
from forecast.model import pool as pooling
from forecast.model.after_return import FixturesAfterReturn
from forecast.model.fit import PROXY_WEIGHT
from forecast.model.joint import Loss, fit_joint, returns
from forecast.model.return_model import ReturnModel
from forecast.survival.durations import durations_of
from forecast.survival.families import FAMILIES
from forecast.survival.newton import design_of
from forecast.survival.proportional import Proportional

from .simulate import World, draw, known

SIZES, SHIFTS = (10, 50, 200), (0.0, -0.3, 0.3, 0.6)
SCORED = 300  # readings of new injuries


@dataclass(frozen=True)
class Truth:
    """The shipped fit, and a world in which recovery takes longer or shorter."""

    shipped: ReturnModel
    world: World
    asked: Readings
    returns: np.ndarray  # of the readings asked

    @property
    def episode(self) -> np.ndarray:
        return self.world.readings.table.episode.to_numpy()

    def lost(self, params: pd.Series) -> float:
        """Log score that these parameters lose against the truth, on average over what may happen."""
        other = _with_none(returns(known(params), self.asked.evidence))
        ratio = np.log(np.maximum(self.returns, 1e-300) / np.maximum(other, 1e-300))
        return float((self.returns * ratio).sum(axis=1).mean())


def make_truth(shift: float, seed: int = 0) -> Truth:
    """Log days are longer by ``shift``."""
    episodes, rng = fc.load_episodes().of("hamstring"), np.random.default_rng(seed)
    shipped = fc.default_model()
    params = shipped.params.copy()
    params["location"] += shift
    model = replace(shipped, params=params, covariance=0.0 * shipped.covariance, draws=1)
    plain = readings_of(episodes)
    world = World.of(model, with_proxies(plain, PROXY_WEIGHT), episodes)
    asked = plain.take(np.sort(rng.choice(np.flatnonzero(plain.table.flagged), SCORED, replace=False)))
    return Truth(shipped, world, asked, _with_none(returns(known(params), asked.evidence)))


def from_episodes(truth: Truth, n: int, rng: np.random.Generator) -> dict[str, float]:
    """Own injuries with all that was said of them."""
    drawn, later = draw(truth.world, rng)
    own = rng.choice(np.unique(truth.episode), n, replace=False)
    readings = drawn.take(np.flatnonzero(np.isin(truth.episode, own)))
    after = FixturesAfterReturn.of(later.where(later.episodes.episode.isin(own)))
    alone = fit_joint(readings, start=truth.shipped.params).params
    return {
        "pooled": truth.lost(_pooled(truth.shipped, pooling.loss_of_episodes(readings, after))),
        "alone": truth.lost(alone),
    }


def from_durations(truth: Truth, n: int, rng: np.random.Generator, shift: float) -> dict[str, float]:
    """Own injuries of which only the days are known, a fifth of them still out."""
    params, family = truth.shipped.params, Proportional(FAMILIES["loglogistic"], pooling.usual_speed(truth.shipped))
    curve = (
        params[["location", "log_scale"]].to_numpy() + params[["location.hamstring", "log_scale.hamstring"]].to_numpy()
    )
    z = family.quantile(np.log(rng.uniform(size=n)))
    days = np.ceil(np.exp(curve[0] + shift + np.exp(curve[1]) * z))
    out = rng.uniform(size=n) < 0.2
    lower = np.where(out, np.floor(rng.uniform(0.0, days)), days - 1.0)
    design = design_of(durations_of(lower, np.where(out, np.inf, days)))
    return {
        "pooled": truth.lost(_pooled(truth.shipped, pooling.loss_of_durations(truth.shipped, design))),
        "alone": np.nan,
    }


def _pooled(shipped: ReturnModel, loss: Loss) -> pd.Series:
    return pooling.pooled(shipped.params, shipped.covariance, loss)[0]


def study(simulations: int, sizes: tuple[int, ...] = SIZES, shifts: tuple[float, ...] = SHIFTS) -> pd.DataFrame:
    """A row for each own set: what was known of it, ``shift``, ``n``, and what each forecaster loses."""
    truths = {shift: make_truth(shift) for shift in shifts}
    rows = []
    for shift, n, seed in tqdm(list(product(shifts, sizes, range(simulations))), file=sys.stderr):
        truth, start = (
            truths[shift],
            {"shift": shift, "n": n, "shipped": truths[shift].lost(truths[shift].shipped.params)},
        )
        rng = np.random.default_rng([7, n, seed])
        rows.append({"own": "durations", **start, **from_durations(truth, n, rng, shift)})
        rows.append({"own": "episodes", **start, **from_episodes(truth, n, rng)})
    return pd.DataFrame(rows)


def table(found: pd.DataFrame) -> pd.DataFrame:
    """Means, and how much worse than the shipped fit the pooled one is at worst and in one set in twenty."""
    worse = found.assign(worse=found.pooled - found.shipped)
    by = worse.groupby(["own", "shift", "n"])
    means = by[["shipped", "pooled", "alone"]].mean()
    return means.assign(**{"worse, 95%": by.worse.quantile(0.95), "worse, most": by.worse.max(), "sets": by.size()})


def _with_none(returns: np.ndarray) -> np.ndarray:
    """The chance of none of the fixtures beside theirs."""
    return np.column_stack([returns, np.maximum(1.0 - returns.sum(axis=1), 0.0)])


if __name__ == "__main__":
    print(table(study(int(sys.argv[1]) if len(sys.argv) > 1 else 200)).round(4).to_string())
