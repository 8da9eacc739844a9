"""Make the four data sets of the reference fits: python tests/oracles/make_data.py (needs numpy).

The covariates differ in scale by four powers of ten and none is centred, so that a fit that leans on well-scaled input
shows it. The shapes differ between the sets (negative ones too), so that each family is wrong somewhere.
"""

import csv
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
EXACT, INTERVAL, RIGHT, LEFT = range(4)


def covariates(rng, n):
    """Age in years, grade 1 to 3, and a running load in metres."""
    return np.column_stack(
        [rng.normal(26, 4, n).round(1), rng.choice([1, 2, 3], n, p=[0.3, 0.5, 0.2]), rng.normal(9000, 2000, n).round()]
    )


def durations(rng, x, shape):
    """Generalised gamma times in days."""
    a = shape**-2
    e = np.log(rng.gamma(a, 1 / a, len(x))) / shape
    return np.exp(1.2 + x @ [0.03, 0.4, 0.00007] + 0.7 * e)


def censor(rng, days, kind, entry=0.0):
    """Lower and upper bounds, to two decimals; the readings around a time stand apart by a random factor."""
    width = rng.uniform(0.1, 0.8, len(days))
    before = np.maximum(days * np.exp(-width * rng.uniform(size=len(days))), entry).round(2)
    after = (days * np.exp(width * rng.uniform(0.1, 1, len(days)))).round(2)
    lower = np.select([kind == EXACT, kind == LEFT], [days.round(2), 0.0], before)
    upper = np.select([kind == EXACT, kind == RIGHT], [days.round(2), np.inf], after)
    return lower, upper


def write(name, lower, upper, entry, weight, x):
    assert np.all((entry <= lower) & (lower <= upper) & (upper > entry))
    with (HERE / f"{name}.csv").open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["lower", "upper", "entry", "weight", "age", "grade", "x3"])
        rows.writerows([f"{value:.10g}" for value in row] for row in np.column_stack([lower, upper, entry, weight, x]))


def make(name, seed, n, shape, kinds, weights=(1,), truncated=False):
    rng = np.random.default_rng(seed)
    x = covariates(rng, 3 * n if truncated else n)
    days = durations(rng, x, shape)
    entry = rng.exponential(8, len(x)).round(1) + 0.5 if truncated else np.zeros(n)
    seen = np.flatnonzero(days > entry + 0.05)[:n]
    x, days, entry = x[seen], days[seen], entry[seen]
    kind = rng.choice(4, len(x), p=kinds)
    lower, upper = censor(rng, days, kind, entry)
    write(name, lower, upper, entry, rng.choice(weights, len(x)), x)


if __name__ == "__main__":
    #                              exact interval right left
    make("right", 1, 220, 0.6, [0.75, 0, 0.25, 0])
    make("interval", 2, 220, -0.6, [0, 0.8, 0.2, 0])
    make("mixed", 3, 240, 0.5, [0.35, 0.3, 0.2, 0.15], weights=(0.25, 0.5, 2, 3.5))
    make("truncated", 4, 240, -0.5, [0.3, 0.5, 0.2, 0], weights=(1, 2, 3), truncated=True)
