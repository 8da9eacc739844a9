"""A small own set pooled with the shipped fit: ``python -m tests.statistical.pooling 20``, from the top of a checkout.

Own sets are drawn from truths whose recovery takes half to twice as long as in the shipped fit, with half to all of its
spread. What is learned from them is scored on new injuries of the same truth: how much log score a forecast loses, on
average over what may happen, against one that knows the truth. Of three forecasters: the shipped fit, the pooled one,
and one that has seen the own set alone. For durations that is the shipped fit with their curve in place of its own, and
nothing has been said of the new injuries; for episodes it is a fit to them.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import minimize

import forecast as fc
from forecast.backtest.tasks import run_tasks
from forecast.evidence.grid import Evidence
from forecast.evidence.readings import readings_of
from forecast.model.joint import fit_joint, returns
from forecast.model.pool import earlier, loss_of_durations, usual_lag, usual_speed
from forecast.model.return_model import ReturnModel
from forecast.survival.durations import durations_of
from forecast.survival.families import FAMILIES
from forecast.survival.newton import design_of
from forecast.survival.proportional import Proportional

from .worlds import learned_from

OWN, SIZES = ("durations", "episodes"), (10, 60, 200)
LONGER, SPREADS = (0.5, 1.0, 2.0), (0.5, 0.7, 1.0)  # times the days and the spread of log days of the shipped fit
ASKED = 150  # new injuries
LOCATION, SCALE = (["location", "location.hamstring"], ["log_scale", "log_scale.hamstring"])


@dataclass(frozen=True)
class Truth:
    """A world like the shipped fit but for the days it takes, and new injuries in it.

    ``spoken`` and ``silent`` are readings of these, and with nothing said; each with what the truth says of it.
    """

    shipped: ReturnModel
    model: ReturnModel
    like: fc.Episodes
    spoken: tuple[Evidence, np.ndarray]
    silent: tuple[Evidence, np.ndarray]

    def lost(self, params: pd.Series, own: str) -> float:
        """Log score that these parameters lose against the truth, on average over what may happen."""
        evidence, truth = self.silent if own == "durations" else self.spoken
        ratio = np.log(np.maximum(truth, 1e-300) / np.maximum(outcomes(params, evidence), 1e-300))
        return float((truth * ratio).sum(axis=1).mean())


def make_truth(longer: float, spread: float) -> Truth:
    shipped, like = fc.default_model(), fc.load_episodes().of("hamstring")
    params = shipped.params.copy()
    params["location"] += np.log(longer)
    params["log_scale"] += np.log(spread)
    model = replace(shipped, params=params, covariance=0.0 * shipped.covariance, draws=1, relapse=None)
    readings = readings_of(model.simulate(like, ASKED, seed=0))
    flagged = readings.evidence.take(np.flatnonzero(readings.table.flagged))
    silent = replace(flagged, said=flagged.said.silenced(np.ones(len(flagged.now), bool)))
    return Truth(shipped, model, like, *((e, outcomes(params, e)) for e in (flagged, silent)))


def outcomes(params: pd.Series, evidence: Evidence) -> np.ndarray:
    """The chance of each fixture to see the first appearance, and of none."""
    chances = returns({str(name): np.asarray(value) for name, value in params.items()}, evidence)
    return np.column_stack([chances, np.maximum(1.0 - chances.sum(axis=1), 0.0)])


def from_durations(truth: Truth, n: int, seed: int) -> dict[str, pd.Series]:
    """Own injuries of which only the days are known, a fifth of them still out."""
    rng, params = np.random.default_rng([7, n, seed]), truth.model.params
    curve = Proportional(FAMILIES["loglogistic"], usual_speed(truth.model))
    z = curve.quantile(np.log(rng.uniform(size=n)))
    days = np.ceil(np.exp(params[LOCATION].sum() + np.exp(params[SCALE].sum()) * z) + usual_lag(truth.model))
    out = rng.uniform(size=n) < 0.2
    lower = np.where(out, np.floor(rng.uniform(0.0, days)), days - 1.0)
    own = pd.DataFrame({"lower": lower, "upper": np.where(out, np.inf, days)})
    return {"pooled": fc.pool(truth.shipped, own).params, "alone": alone(truth.shipped, own)}


def alone(shipped: ReturnModel, own: pd.DataFrame) -> pd.Series:
    """The shipped parameters with the curve of some durations, whatever that of the shipped fit is."""
    shorter = earlier(own, usual_lag(shipped))
    loss = loss_of_durations(shipped, design_of(durations_of(shorter.lower, shorter.upper)))
    moved = [shipped.params.index.get_loc(name) for name in ("location", "log_scale")]
    start = shipped.params.to_numpy()

    def of(two: np.ndarray) -> tuple[float, np.ndarray]:
        vector = start.copy()
        vector[moved] = two
        value, slope = loss(vector)
        return value, slope[moved]

    params = shipped.params.copy()
    params.iloc[moved] = minimize(of, start[moved], jac=True, method="BFGS").x
    return params


def from_episodes(truth: Truth, n: int, seed: int) -> dict[str, pd.Series]:
    """Own injuries with all that was said of them."""
    own, params = truth.model.simulate(truth.like, n, seed=seed + 1), truth.shipped.params
    fitted = fit_joint(learned_from(own), start=params).params
    return {"pooled": fc.pool(truth.shipped, own).params, "alone": fitted.reindex(params.index).fillna(params)}


def study(own: str, longer: float, spread: float, sizes: tuple[int, ...], seeds: range) -> pd.DataFrame:
    """A row for each own set: what it is, and what each forecaster loses."""
    truth, learn = make_truth(longer, spread), from_durations if own == "durations" else from_episodes

    def rows() -> Iterator[dict[str, object]]:
        for n, seed in product(sizes, seeds):
            found = {"shipped": truth.shipped.params, **learn(truth, n, seed)}
            what = {"own": own, "longer": longer, "spread": spread, "n": n}
            yield what | {name: truth.lost(params, own) for name, params in found.items()}

    return pd.DataFrame(rows())


def table(found: pd.DataFrame) -> pd.DataFrame:
    """Means, and how much worse than the better of the others, and than the shipped fit, pooling is in one of twenty."""
    worse = found.assign(
        than_better=found.pooled - found[["shipped", "alone"]].min(axis=1), than_shipped=found.pooled - found.shipped
    )
    by = worse.groupby(["own", "n"])
    high = by[["than_better", "than_shipped"]].quantile(0.95).add_prefix("95% worse ")
    return by[["shipped", "pooled", "alone"]].mean().join(high).assign(sets=by.size())


def main(simulations: int, kinds: tuple[str, ...]) -> None:
    tasks = [partial(study, *what, SIZES, range(simulations)) for what in product(kinds, LONGER, SPREADS)]
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as processes:
        found = pd.concat(run_tasks(tasks, processes, "truths"))
    print(table(found).round(3).to_string())
    means = found.groupby(["own", "n", "longer", "spread"])[["shipped", "pooled", "alone"]].mean()
    print(means.round(3).to_string())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20, tuple(sys.argv[2:]) or OWN)
