"""How often nominal 90% bands hold the truth: ``python -m tests.statistical.coverage 800``, from the top of a checkout."""

from __future__ import annotations

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from time import perf_counter

import numpy as np
import pandas as pd

from forecast.backtest.tasks import run_tasks

from .worlds import coverage, learned, make_world, study


def main(simulations: int) -> None:
    """Print the coverage of the named probabilities, and how well the parameters are recovered."""
    start, world = perf_counter(), make_world()
    tasks = [partial(study, world, range(i, min(i + 10, simulations))) for i in range(0, simulations, 10)]
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as processes:
        found = pd.concat(run_tasks(tasks, processes, "ten at a time"))
    held = coverage(world, found)
    print(f"{simulations} simulations of {len(world.like)} injuries, {perf_counter() - start:.0f} s")
    print("nominal 90% bands hold the truth:")
    for name, share in held.items():
        print(f"  {name:<30}{share:7.1%} +- {np.sqrt(share * (1.0 - share) / simulations):.1%}")
    truth, se = learned(world.best).estimate, found["se"].mean()
    table = pd.DataFrame({
        "truth": truth,
        "mean error / se": (found["estimate"].mean() - truth) / se,
        "spread / se": found["estimate"].std() / se,
    })  # fmt: skip
    print(table.round(2).to_string())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 800)
