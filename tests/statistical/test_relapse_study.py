"""In worlds whose relapses are known they are recovered, and bands hold the truth."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.backtest.tasks import run_tasks
from forecast.model.relapse import PRIORS
from statistical.relapses import QUANTITIES, coverage, known, refit, simulate, study, true_played, truth_of

SIMULATIONS = 200


@pytest.fixture(scope="module")
def found():
    tasks = [partial(study, range(i, i + 20)) for i in range(0, SIMULATIONS, 20)]
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as processes:
        return pd.concat(run_tasks(tasks, processes, "twenty at a time"))


def test_the_rate_after_the_return_holds_relapses(model, episodes):
    """Players who miss what relapses cost them: the choices agree with ``p_plays``, and with what they play."""
    fitted = refit(model, *simulate(episodes, truth_of(model), np.random.default_rng(5), on_top=True), seed=1)
    outlook = known(fitted).forecast(fc.example_case("bellingham"))
    table = outlook.choices(effect=None)
    assert outlook.fixtures.p_returns @ table.expected_played == pytest.approx(outlook.fixtures.p_plays.sum(), abs=0.01)
    assert table.expected_played[0] == pytest.approx(true_played(model), abs=0.15)  # of six; the band is 0.15 wide


@pytest.mark.slow
def test_relapses_are_recovered(model, found):
    """But for the priors, which move the levels of body parts with few relapses by up to half a standard error."""
    truth = pd.Series(truth_of(model))[list(PRIORS)]
    off = (found["estimate"].mean() - truth) / found["se"].mean()
    assert off.abs().max() < 0.75, off.round(2).to_dict()
    assert off[["match.hamstring", "rate.hamstring", "out.hamstring", "excess", "decay"]].abs().max() < 0.3
    spread = found["estimate"].std() / found["se"].mean()
    assert spread.between(0.6, 1.3).all(), spread.round(2).to_dict()


@pytest.mark.slow
def test_bands_hold_the_truth_nine_times_in_ten(found):
    held = coverage(found)
    assert list(held.index) == list(QUANTITIES)
    assert held.between(0.84, 0.96).all(), held.to_dict()
