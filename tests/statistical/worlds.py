"""Worlds drawn from a model whose parameters are known, by its own ``simulate``, and the model fitted to each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

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
    "p_returns, next": ("p_returns", 0),
    "p_plays, last": ("p_plays", -1),
}


@dataclass(frozen=True)
class World:
    """The truth, and what stays the same in every simulation.

    Attributes
    ----------
    model : ReturnModel
        With the true parameters and no doubt about them.
    like : Episodes
        Whose settings, without their outcomes, each simulation takes.
    hessian : ndarray
        Of the objective at the truth, averaged over some simulations.
    """

    model: ReturnModel
    like: fc.Episodes
    hessian: np.ndarray = field(default_factory=lambda: np.empty(0))

    @property
    def truth(self) -> pd.Series:
        return self.model.params[list(PRIORS)]

    def draw(self, seed: int) -> fc.Episodes:
        return self.model.simulate(self.like, len(self.like), seed)


def make_world() -> World:
    """The shipped fit is the truth, and there are as many hamstring injuries as in the data."""
    shipped = fc.default_model()
    world = World(replace(shipped, covariance=0.0 * shipped.covariance, draws=1), fc.load_episodes().of("hamstring"))
    losses = [objective(learned_from(world.draw(seed))) for seed in range(3)]
    return replace(world, hessian=np.mean([curvature(loss, world.truth.to_numpy()) for loss in losses], axis=0))


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
    fixtures = world.model.forecast(named()).fixtures
    truth = pd.Series({name: fixtures.iloc[place][column] for name, (column, place) in QUANTITIES.items()})
    return ((found["low"] <= truth) & (truth <= found["high"])).mean()
