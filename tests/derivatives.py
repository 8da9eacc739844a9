"""Analytic derivatives held against differences."""

from collections.abc import Callable

import numpy as np


def gradient(f: Callable[[dict], np.ndarray], theta: dict[str, float], step: float = 1e-5) -> np.ndarray:
    """Central differences of ``f`` in each parameter, along a last axis."""
    columns = []
    for name, value in theta.items():
        up, down = f(theta | {name: value + step}), f(theta | {name: value - step})
        columns.append((up - down) / (2 * step))
    return np.stack(columns, axis=-1)


def by_differences(f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """Central differences, in each entry of rows ``x``, of a function that gives a number a row."""
    columns = [(f(x + d) - f(x - d)) / (2 * step) for d in step * np.eye(x.shape[1])]
    return np.stack(columns, axis=-1)


def check_scores(part, theta: dict[str, float], *data, shape: tuple[int, ...], seed: int = 0, rtol: float = 1e-5):
    """Hold the derivatives of a weighted sum of a factor's log weights against differences."""
    share = np.random.default_rng(seed).normal(size=shape)
    names = {name: theta[name] for name in part.priors}
    wanted = gradient(lambda t: (share * part.log_weight(theta | t, *data)).sum(axis=1), names)
    scores = part.scores(theta, *data, share)
    assert scores.shape == wanted.shape
    np.testing.assert_allclose(scores, wanted, rtol=rtol, atol=rtol * np.abs(wanted).max() + 1e-7)
