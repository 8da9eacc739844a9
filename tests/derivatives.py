"""Analytic derivatives held against differences."""

import numpy as np

from plain import gradient


def arrays(theta: dict[str, float]) -> dict[str, np.ndarray]:
    return {name: np.asarray(value) for name, value in theta.items()}


def check_scores(part, theta, evidence, rng, rtol=1e-5):
    """Against central differences of the weighted sum of the logs; a cell of no width takes no part."""
    share = np.where(evidence.high > evidence.low, rng.normal(size=evidence.gap.shape), 0.0)

    def weighted(theta: dict) -> np.ndarray:
        log_weight = part.log_weight(arrays(theta), evidence)
        return np.where(share == 0.0, 0.0, share * np.where(share == 0.0, 0.0, log_weight)).sum(axis=1)

    scores = part.scores(arrays(theta), evidence, share)
    assert scores.shape == (len(share), len(part.priors))
    names = {name: theta[name] for name in part.priors}
    wanted = gradient(lambda t: weighted(theta | t), names)
    # Differences lose digits in a narrow cell, whose mass is itself a difference of two survivals.
    narrowest = np.min(np.diff(evidence.edges), where=evidence.high > evidence.low, initial=1.0)
    atol = rtol * np.abs(wanted).max() + 1e-7 + 1e-9 / narrowest
    np.testing.assert_allclose(scores, wanted, rtol=rtol, atol=atol)
