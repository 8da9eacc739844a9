"""Worlds drawn from a model whose parameters are known, by its own ``simulate``, and the model fitted to each."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.linalg import block_diag
from scipy.optimize import minimize

import forecast as fc
from forecast.backtest.silence import joined
from forecast.episodes.relapses import returns_of
from forecast.evidence.readings import Readings, readings_of, with_proxies
from forecast.factors.parameters import Normal, Prior, sandwich
from forecast.model import relapse
from forecast.model.after_return import fit_after_return
from forecast.model.fit import PROXY_WEIGHT
from forecast.model.joint import PRIORS, Loss, curvature, objective, scored
from forecast.model.return_model import ReturnModel

QUANTITIES = {
    "p_fit, third fixture": ("fixtures", "p_fit", 2),
    "p_returns, third": ("fixtures", "p_returns", 2),
    "p_plays, last": ("fixtures", "p_plays", -1),
    "p_hurt_in_it, first choice": ("choices", "p_hurt_in_it", 0),
    "p_hurt_60d, first choice": ("choices", "p_hurt_60d", 0),
    "expected_played, first choice": ("choices", "expected_played", 0),
}


DRAWN_FOR_THE_TRUTH = 60
_ABSENCE = ["out.hamstring", "out.log_scale"]


@dataclass(frozen=True)
class World:
    """The truth, and what stays the same in every simulation.

    Attributes
    ----------
    model : ReturnModel
        That draws the injuries, with no doubt about its parameters.
    like : Episodes
        Whose settings, without their outcomes, each simulation takes.
    information : ndarray
        Of the objective at the parameters of ``model``, averaged over some simulations: that of the scores, for where
        players who are picked differ little the Hessian of one simulation need not be positive.
    best : ReturnModel
        That forecasts best in this world, by sixty simulations together: the truth. It is not quite the one that drew:
        statements are drawn among those of the tables, so that what they mean moves a little; days out after a relapse
        are those of any injury; the first appearance after one is sure. The risk of one is what it was drawn with.
    """

    model: ReturnModel
    like: fc.Episodes
    information: np.ndarray
    best: ReturnModel

    def draw(self, seed: int) -> fc.Episodes:
        return self.model.simulate(self.like, len(self.like), seed)

    @property
    def truth(self) -> pd.Series:
        """The parameters of the joint fit."""
        return self.best.params[list(PRIORS)]


def make_world() -> World:
    """The shipped fit draws, and there are as many hamstring injuries as in the data."""
    shipped, like = fc.default_model(), fc.load_episodes().of("hamstring")
    model = replace(shipped, covariance=0.0 * shipped.covariance, draws=1)
    world = World(model, like, np.empty(0), model)
    start, prior = world.truth.to_numpy(), Normal.of(PRIORS)
    flat, drawn = Normal.flat(len(PRIORS)), [world.draw(10_000 + k) for k in range(DRAWN_FOR_THE_TRUTH)]
    readings = [learned_from(episodes) for episodes in drawn]
    losses = [objective(each, flat) for each in readings]
    information = np.mean([information_at(world.truth, each) for each in readings[:3]], axis=0) + prior.precision
    weak = replace(prior, mean=start, precision=prior.precision / len(losses))  # for what hamstrings say nothing of

    def together(vector: np.ndarray) -> tuple[float, np.ndarray]:
        values, slopes = zip(*(loss(vector) for loss in [*losses, weak.loss]), strict=True)
        return sum(values[:-1]) / len(losses) + values[-1], sum(slopes[:-1]) / len(losses) + slopes[-1]

    truth = pd.Series(lowest(together, start, information), list(PRIORS))
    everything = joined(drawn)
    params = pd.concat([truth, fit_after_return(everything)[0]])
    best = replace(model, params=params, relapse=risk_in(everything, shipped.relapse))
    return replace(world, information=information, best=best)


def information_at(params: pd.Series, readings: Readings) -> np.ndarray:
    """The sum of the squares of the scores."""
    scores = scored({str(name): value for name, value in params.items()}, readings)[1]
    return scores.T @ (readings.weight[:, None] * scores)


def risk_in(drawn: fc.Episodes, risk: relapse.RelapseFit) -> relapse.RelapseFit:
    """The risk that injuries were drawn with, but its players and the days out as they are among them."""
    fitted = relapse.fit_returns(returns_of(drawn))
    params = risk.params.copy()
    params[_ABSENCE] = fitted.params[_ABSENCE]
    return replace(fitted, params=params, covariance=0.0 * fitted.covariance)


def learned_from(episodes: fc.Episodes) -> Readings:
    """The readings as a fit takes them."""
    return with_proxies(readings_of(episodes), PROXY_WEIGHT)


def erring(world: World, seed: int) -> Normal:
    """The priors, about the truth: they err by as much as they say, which is what the sandwich counts with."""
    prior, rng = Normal.of(PRIORS), np.random.default_rng([seed, 2])
    return replace(
        prior, mean=world.truth.to_numpy() + rng.standard_normal(len(PRIORS)) / np.sqrt(np.diag(prior.precision))
    )


def erring_relapse(world: World, seed: int) -> dict[str, Prior]:
    """The same of the priors of relapses."""
    luck = np.random.default_rng([seed, 3]).standard_normal(len(relapse.PRIORS))
    of = zip(relapse.PRIORS.items(), luck, strict=True)
    return {name: Prior(world.best.relapse.params[name] + z * prior.sd, prior.sd) for (name, prior), z in of}


def refit(world: World, episodes: fc.Episodes, seed: int, draws: int = 1000) -> ReturnModel:
    """The model fitted to what happened, as :func:`forecast.fit` does it but from the truth on."""
    readings, names = learned_from(episodes), list(PRIORS)
    top = lowest(objective(readings, erring(world, seed)), world.truth.to_numpy(), world.information)
    scores = readings.weight[:, None] * scored(dict(zip(names, top, strict=True)), readings)[1]
    covariance = sandwich(curvature_of_some(readings, top), scores, readings.table.player, Normal.of(PRIORS))
    after, spread = fit_after_return(episodes)
    params = pd.concat([pd.Series(top, names), after])
    both = pd.DataFrame(block_diag(covariance, spread), params.index, params.index)
    hurt = relapse.fit_relapse(episodes, erring_relapse(world, seed))
    return replace(world.model, params=params, covariance=both, relapse=hurt, seed=seed, draws=draws)


def curvature_of_some(readings: Readings, at: np.ndarray) -> np.ndarray:
    """The Hessian by every third reading, each counted three times: the whole takes as long as all the rest.

    The whole where these tell too little, less in some direction than half of what the priors do.
    """
    third = readings.take(np.arange(0, len(readings.table), 3))
    hessian = curvature(objective(replace(third, weight=3.0 * third.weight)), at)
    sd = 1.0 / np.sqrt(np.diag(Normal.of(PRIORS).precision))
    enough = np.linalg.eigvalsh(hessian * sd * sd[:, None])[0] > 0.5
    return hessian if enough else curvature(objective(readings), at)


def lowest(loss: Loss, start: np.ndarray, information: np.ndarray) -> np.ndarray:
    """Where a loss is lowest, of which the information near the start is known: in those units its valley is round."""
    root = np.linalg.inv(np.linalg.cholesky(information)).T

    def rounded(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = loss(start + root @ x)
        return value, root.T @ slope

    return start + root @ minimize(rounded, np.zeros(len(start)), jac=True, options={"gtol": 0.05}).x


def named() -> fc.Case:
    """The case whose probabilities are named, without its ruling out, of which nothing is learned."""
    case = fc.example_case("bellingham")
    return replace(case, bulletins=[b for b in case.bulletins if b.kind != "ruled_out"])


def answers(model: ReturnModel) -> pd.DataFrame:
    """What a model says of the named quantities, a column each: the value, ``low`` and ``high``."""
    outlook = model.forecast(named())
    tables = {"fixtures": outlook.fixtures, "choices": outlook.choices(effect=None)}
    ends = {"value": "", "low": "_low", "high": "_high"}
    return pd.DataFrame({
        name: {end: tables[table].iloc[place][column + suffix] for end, suffix in ends.items()}
        for name, (table, column, place) in QUANTITIES.items()
    })  # fmt: skip


def learned(model: ReturnModel) -> pd.DataFrame:
    """Estimate and standard error of every parameter."""
    parts = [(model.params, model.covariance), (model.relapse.params, model.relapse.covariance)]
    return pd.concat(pd.DataFrame({"estimate": p, "se": np.sqrt(np.diag(c))}) for p, c in parts)


def study(world: World, seeds: range) -> pd.DataFrame:
    """A row a simulation: estimates and standard errors of the parameters, and ``low``, ``high`` of each quantity."""
    rows = []
    for seed in seeds:
        model = refit(world, world.draw(seed), seed)
        parts = learned(model).T, answers(model).loc[["low", "high"]]
        rows.append({(what, name): part.loc[what, name] for part in parts for what in part.index for name in part})
    table = pd.DataFrame(rows, index=list(seeds))
    return table.set_axis(pd.MultiIndex.from_tuples(table.columns), axis=1)


def coverage(world: World, found: pd.DataFrame) -> pd.Series:
    """How often the band of each quantity held the truth."""
    truth = answers(world.best).loc["value"]
    return ((found["low"] <= truth) & (truth <= found["high"])).mean()[list(QUANTITIES)]
