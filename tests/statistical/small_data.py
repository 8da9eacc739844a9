"""Many small, hard sets of durations: ``python -m tests.statistical.small_data 10000``, from the top of a checkout.

Each is fitted by one of the families. The answer must be a top of the likelihood or one clear error; one in ten
is climbed again by another optimiser, which knows nothing of derivatives and starts elsewhere, too.
"""

from __future__ import annotations

import sys
import warnings
from collections import Counter

import numpy as np
from scipy import optimize
from tqdm import tqdm

import forecast as fc
from forecast.survival.durations import durations_of
from forecast.survival.families import FAMILIES
from forecast.survival.newton import Design, design_of, log_likelihood, with_shape

WRONG = ("exception", "unclear message", "no top", "a higher top", "refused with a top")


def hard(seed: int) -> dict:
    """A small set of durations and what goes wrong with such: coarse, censored, separated, degenerate."""
    rng = np.random.default_rng(seed)
    n, k = rng.integers(8, 201), rng.integers(0, 4)
    x = rng.normal(size=(n, k))
    days = np.exp(3 + x @ rng.normal(0, 0.5, k) + np.exp(rng.normal(-0.3, 0.7)) * rng.logistic(size=n))
    lower, upper, entry = days.copy(), days.copy(), np.zeros(n)
    if rng.random() < 0.5:
        width = rng.choice([1.0, 7.0, 30.0])
        lower = width * np.floor(days / width)
        upper = lower + width
    if rng.random() < 0.5:
        late = days > np.quantile(days, rng.uniform(0.02, 0.8))
        lower[late], upper[late] = days[late].min(), np.inf
    if rng.random() < 0.1:
        early = days < np.quantile(days, rng.uniform(0.1, 0.9))
        lower[early] = 0.0  # back when he was first seen
    if rng.random() < 0.3:
        entry = np.minimum(rng.exponential(5, n), 0.999 * lower)
    if k and rng.random() < 0.2:
        upper[x[:, 0] > np.median(x[:, 0])] = np.inf  # whoever has much of it never came back
    if k and rng.random() < 0.1:
        x[:, 0] = (x[:, 0] > np.sort(x[:, 0])[-2]).astype(float)  # a sort of injury that one player had
    if k and rng.random() < 0.1:
        x[:, 0] = rng.choice([0.0, 1.0, 1e9, 0.1])
    if k > 1 and rng.random() < 0.1:
        x[:, 1] = 2 * x[:, 0] + rng.choice([0.0, 1e-7, 1e-3]) * x[:, 1]
    if k and rng.random() < 0.2:
        x[:, -1] = rng.choice([1e-8, 1.0, 1e6]) * x[:, -1] + rng.choice([1e3, 1e8])
    if rng.random() < 0.05:
        lower, upper = np.full(n, 5.0), np.full(n, rng.choice([5.0, 6.0]))
        entry = np.zeros(n)
    weights = rng.choice([0, 0.5, 1, 3], n) if rng.random() < 0.3 else None
    return {
        "lower": lower,
        "upper": upper,
        "covariates": x if k else None,
        "weights": weights,
        "entry": entry,
    }


def outcome(seed: int, again: bool = False) -> str:
    """What came of one set: fitted, refused and why, or one of what must not be; ``again``, by another optimiser."""
    family, data = list(FAMILIES)[seed % len(FAMILIES)], hard(seed)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            fit = fc.fit_recovery(**data, family=family)
    except fc.DataError as error:
        lines = str(error).splitlines()
        if not lines or any(line.count("; must ") != 1 for line in lines):
            return "unclear message"
        if again and "must determine" in lines[0] and _has_top(family, data):
            return "refused with a top"
        return f"refused: {lines[0].partition('; ')[2].partition(':')[0].partition(';')[0]}"
    except Exception as error:  # whatever it is, it is wrong
        return f"exception: {type(error).__name__}"
    design = design_of(durations_of(**data))
    theta = np.linalg.solve(design.unscale(len(fit.params)), fit.params)
    return _judged(design, family, theta, fit.loglik, again)


def _judged(design: Design, family: str, theta: np.ndarray, loglik: float, again: bool) -> str:
    _, gradient, hessian = _surface(design, family, theta)
    curvature = np.linalg.eigvalsh(-hessian)
    steepest = gradient @ np.linalg.solve(-hessian, gradient) if curvature[0] > 0 else np.inf
    if not steepest < 1e-6:  # the square of a distance to the top, in standard errors
        return "no top"
    if again:
        value, other = _climbed(design, family, theta)
        if value > loglik + 1e-3 and _is_top(design, family, other):  # and no ridge that rises for ever
            return "a higher top"
    return "fitted"


def _surface(design: Design, family: str, theta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    with np.errstate(all="ignore"):  # far from the top, where it is not asked for
        return with_shape(design, theta) if family == "gengamma" else log_likelihood(design, FAMILIES[family], theta)


def _climbed(design: Design, family: str, near: np.ndarray) -> tuple[float, np.ndarray]:
    """The best that Nelder and Mead find from where the fit is and from elsewhere; no scale below a thousandth."""
    spike = len(near) - 1 - (family == "gengamma")

    def loss(theta: np.ndarray) -> float:
        absurd = np.abs(theta).max() > 30 or abs(theta[spike]) > 5 or (family == "gengamma" and abs(theta[-1]) > 5)
        value = np.nan if absurd else _surface(design, family, theta)[0]
        return -value if np.isfinite(value) else 1e10

    rough = np.zeros_like(near)
    rough[0] = 3.0
    found = []
    for start in (near, near + 0.3, rough):
        options = {"maxiter": 4000, "maxfev": 4000, "xatol": 1e-6, "fatol": 1e-8, "adaptive": True}
        found.append(optimize.minimize(loss, start, method="Nelder-Mead", options=options))
    best = min(found, key=lambda result: result.fun)
    return -float(best.fun), best.x


def _has_top(family: str, data: dict) -> bool:
    """Whether another optimiser finds a place where all is determined, flat and curved downwards, well inside."""
    try:
        design = design_of(durations_of(**data))
    except fc.DataError:
        return False
    _, theta = _climbed(design, family, np.append(3.0, np.zeros(len(design.parameters(family)) - 1)))
    return _is_top(design, family, theta)


def _is_top(design: Design, family: str, theta: np.ndarray) -> bool:
    """Flat, and curved downwards in every direction."""
    _, gradient, hessian = _surface(design, family, theta)
    if not np.isfinite(hessian).all() or np.linalg.eigvalsh(-hessian)[0] < 1e-3 * design.weight / design.n:
        return False
    return bool(gradient @ np.linalg.solve(-hessian, gradient) < 1e-4)


def count(sets: range) -> Counter[str]:
    """How many sets came to what."""
    return Counter(outcome(seed, again=seed % 40 < len(FAMILIES)) for seed in tqdm(sets, file=sys.stderr))


def wrong(counted: Counter[str]) -> int:
    """How many came to what must not be."""
    return sum(often for what, often in counted.items() if what.startswith(WRONG))


if __name__ == "__main__":
    counted = count(range(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
    for what, often in counted.most_common():
        print(f"{often:>7}  {what}")
    print(f"{wrong(counted):>7}  wrong")
