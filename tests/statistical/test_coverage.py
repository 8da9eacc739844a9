"""In worlds simulated from known parameters the likelihood is flat there on average, and bands hold the truth."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import pandas as pd
import pytest
from simulate import QUANTITIES, coverage, make_world, study

from forecast.backtest.tasks import run_tasks
from forecast.model.joint import scored

SIMULATIONS = 200


@pytest.fixture(scope="module")
def world():
    return make_world()


@pytest.fixture(scope="module")
def found(world):
    tasks = [partial(study, world, range(i, i + 20)) for i in range(0, SIMULATIONS, 20)]
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as processes:
        return pd.concat(run_tasks(tasks, processes, "twenty at a time"))


@pytest.mark.slow
def test_the_truth_is_a_place_where_the_likelihood_is_flat_on_average(world):
    """The simulated outcomes are those the likelihood speaks of: its derivatives average to nothing at the truth."""
    from simulate import draw

    theta = {name: np.asarray(value) for name, value in world.truth.items()}
    slopes = []
    for i in range(300):
        readings, _ = draw(world, np.random.default_rng([2, i]))
        slopes.append(readings.weight @ scored(theta, readings)[1])
    slopes = np.array(slopes)[:, np.std(slopes, axis=0) > 0.0]  # but for the body parts that nobody hurt
    z = np.mean(slopes, axis=0) / (np.std(slopes, axis=0) / np.sqrt(len(slopes)))
    assert np.abs(z).max() < 3.5, z.round(2)


@pytest.mark.slow
def test_bands_hold_the_truth_nine_times_in_ten(world, found):
    held = coverage(world, found)
    assert list(held.index) == list(QUANTITIES)
    assert held.between(0.84, 0.96).all(), held.to_dict()
