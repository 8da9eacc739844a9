"""Parameters about as the shipped fit has them, for tests that hold at any value; no test depends on the digits."""

import numpy as np
import pandas as pd

import forecast as fc
from forecast.evidence.players import Players
from forecast.evidence.situation import TRAITS
from forecast.factors.selection import AFTER_RETURN
from forecast.model.joint import PRIORS

LEARNED = {name: float(prior.mean) for name, prior in PRIORS.items()} | {
    "location": 2.9,
    "location.calf": 0.1,
    "location.groin": -0.3,
    "log_scale": -0.5,
    "log_scale.thigh": 0.1,
    "kind.unknown": 0.1,
    "kind.expected": -0.2,
    "kind.25": -0.3,
    "kind.50": -0.6,
    "kind.75": -0.9,
    "last_round.0": 0.1,
    "last_round.75": -0.1,
    "match_fitness": -0.2,
    "clock.near": 0.4,
    "kickoff.unknown": -1.6,
    "kickoff.expected": -1.9,
    "kickoff.25": -2.4,
    "kickoff.50": -0.5,
    "kickoff.75": 0.9,
    "kickoff.due": -0.4,
    "kickoff.gap": 0.3,
    "kickoff.percentage": 0.1,
    "kickoff.eve": 0.4,
    "picked": 0.8,
    "picked.minutes": 0.4,
    "picked.year": 0.3,
    "picked.goalkeeper": 0.5,
    "picked.price": 0.1,
    "picked.thigh": 0.1,
    "picked.log_spread": -0.2,
}
assert LEARNED.keys() == PRIORS.keys()
AGAIN = {
    "again": 0.9,
    "again.minutes": 0.2,
    "again.year": 0.3,
    "again.goalkeeper": 0.3,
    "again.defender": -0.4,
    "again.forward": 0.2,
}
assert AGAIN.keys() == AFTER_RETURN.keys()


def invented_model(draws: int = 200) -> fc.ReturnModel:
    """A model with these parameters, each with a standard error of 0.03, and players of which nothing is unusual."""
    params = pd.Series(LEARNED | AGAIN)
    covariance = pd.DataFrame(0.001 * np.eye(len(params)), params.index, params.index)
    players = Players(np.zeros(len(TRAITS)), np.eye(len(TRAITS)))
    return fc.ReturnModel(params, covariance, players, 200.0, seed=1, draws=draws, trained_on="invented injuries")
