"""Worlds drawn from a model whose parameters are known, by its own ``simulate``, and the model fitted to each."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.linalg import block_diag
from scipy.optimize import minimize

import forecast as fc
from forecast.evidence.readings import Readings, readings_of, with_proxies
from forecast.factors.parameters import Normal, sandwich
from forecast.model.after_return import fit_after_return
from forecast.model.fit import PROXY_WEIGHT
from forecast.model.joint import PRIORS, Loss, curvature, objective, scored
from forecast.model.return_model import ReturnModel

QUANTITIES = {
    "p_fit, third fixture": ("p_fit", 2),
    "p_returns, third": ("p_returns", 2),  # of the next two he is ruled out, by a constant that is not learned
    "p_plays, last": ("p_plays", -1),
}


DRAWN_FOR_THE_TRUTH = 20


@dataclass(frozen=True)
class World:
    """The truth, and what stays the same in every simulation.

    Attributes
    ----------
    model : ReturnModel
        That draws the injuries, with no doubt about its parameters.
    like : Episodes
        Whose settings, without their outcomes, each simulation takes.
    hessian : ndarray
        Of the objective at the parameters of ``model``, averaged over some simulations.
    truth : Series
        The parameters that forecast best in this world, by twenty simulations together. They are not quite those that
        it was drawn with: statements are drawn among those of the tables, so that what they mean moves a little.
    """

    model: ReturnModel
    like: fc.Episodes
    hessian: np.ndarray
    truth: pd.Series

    def draw(self, seed: int) -> fc.Episodes:
        return self.model.simulate(self.like, len(self.like), seed)

    @property
    def best(self) -> ReturnModel:
        """The model of the truth."""
        return replace(self.model, params=pd.concat([self.truth, self.model.params.drop(self.truth.index)]))


def make_world() -> World:
    """The shipped fit draws, and there are as many hamstring injuries as in the data."""
    shipped, like = fc.default_model(), fc.load_episodes().of("hamstring")
    world = World(
        replace(shipped, covariance=0.0 * shipped.covariance, draws=1), like, np.empty(0), shipped.params[list(PRIORS)]
    )
    start, prior = world.truth.to_numpy(), Normal.of(PRIORS)
    flat = Normal.flat(len(PRIORS))
    losses = [objective(learned_from(world.draw(10_000 + k)), flat) for k in range(DRAWN_FOR_THE_TRUTH)]
    hessian = np.mean([curvature(loss, start) for loss in losses[:3]], axis=0) + prior.precision
    weak = replace(prior, mean=start, precision=prior.precision / len(losses))  # for what hamstrings say nothing of

    def together(vector: np.ndarray) -> tuple[float, np.ndarray]:
        values, slopes = zip(*(loss(vector) for loss in [*losses, weak.loss]), strict=True)
        return sum(values[:-1]) / len(losses) + values[-1], sum(slopes[:-1]) / len(losses) + slopes[-1]

    return replace(world, hessian=hessian, truth=pd.Series(lowest(together, start, hessian), list(PRIORS)))


def learned_from(episodes: fc.Episodes) -> Readings:
    """The readings as a fit takes them."""
    return with_proxies(readings_of(episodes), PROXY_WEIGHT)


def erring(world: World, seed: int) -> Normal:
    """The priors, about the truth: they err by as much as they say, which is what the sandwich counts with."""
    prior, rng = Normal.of(PRIORS), np.random.default_rng([seed, 2])
    return replace(
        prior, mean=world.truth.to_numpy() + rng.standard_normal(len(PRIORS)) / np.sqrt(np.diag(prior.precision))
    )


def refit(world: World, episodes: fc.Episodes, seed: int, draws: int = 1000) -> ReturnModel:
    """The model fitted to what happened, as :func:`forecast.fit` does it but from the truth on."""
    readings, names = learned_from(episodes), list(PRIORS)
    top = lowest(objective(readings, erring(world, seed)), world.truth.to_numpy(), world.hessian)
    scores = readings.weight[:, None] * scored(dict(zip(names, top, strict=True)), readings)[1]
    covariance = sandwich(curvature_of_a_third(readings, top), scores, readings.table.player, Normal.of(PRIORS))
    after, spread = fit_after_return(episodes)
    params = pd.concat([pd.Series(top, names), after])
    both = pd.DataFrame(block_diag(covariance, spread), params.index, params.index)
    return replace(world.model, params=params, covariance=both, seed=seed, draws=draws)


def curvature_of_a_third(readings: Readings, at: np.ndarray) -> np.ndarray:
    """The Hessian by every third reading, each counted three times: the whole takes as long as all the rest."""
    third = readings.take(np.arange(0, len(readings.table), 3))
    return curvature(objective(replace(third, weight=3.0 * third.weight)), at)


def lowest(loss: Loss, start: np.ndarray, hessian: np.ndarray) -> np.ndarray:
    """Where a loss is lowest, whose Hessian is known near the start: in those units its valley is round."""
    root = np.linalg.inv(np.linalg.cholesky(hessian)).T

    def rounded(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = loss(start + root @ x)
        return value, root.T @ slope

    return start + root @ minimize(rounded, np.zeros(len(start)), jac=True, options={"gtol": 0.05}).x


def named() -> fc.Case:
    """The case whose probabilities are named."""
    return fc.example_case("bellingham")


def study(world: World, seeds: range) -> pd.DataFrame:
    """A row a simulation: estimates and standard errors of the parameters, and ``low``, ``high`` of each quantity."""
    rows = []
    for seed in seeds:
        model = refit(world, world.draw(seed), seed)
        fixtures, se = model.forecast(named()).fixtures, np.sqrt(np.diag(model.covariance))
        row = {("estimate", name): value for name, value in model.params.items()}
        row |= {("se", name): value for name, value in zip(model.params.index, se, strict=True)}
        for name, (column, place) in QUANTITIES.items():
            at = fixtures.iloc[place]
            row |= {(end, name): at[f"{column}_{end}"] for end in ("low", "high")}
        rows.append(row)
    table = pd.DataFrame(rows, index=list(seeds))
    return table.set_axis(pd.MultiIndex.from_tuples(table.columns), axis=1)


def coverage(world: World, found: pd.DataFrame) -> pd.Series:
    """How often the band of each quantity held the truth."""
    fixtures = world.best.forecast(named()).fixtures
    truth = pd.Series({name: fixtures.iloc[place][column] for name, (column, place) in QUANTITIES.items()})
    return ((found["low"] <= truth) & (truth <= found["high"])).mean()
