"""The model in plain loops, one day, one player and one fixture at a time: slow, and easy to check by eye.

Written from the formulas in the docstrings, with none of the functions of the package. The tests hold the arrays of the
package against it.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cosh, erfc, exp, expm1, inf, isfinite, log, log1p, pi, sqrt

import numpy as np
from scipy.integrate import quad

KINDS = ("unknown", "expected", "25", "50", "75")
NODES = [-2.8569700138728056, -1.3556261799742659, 0.0, 1.3556261799742659, 2.8569700138728056]  # of He5, by its roots
WEIGHTS = [0.011257411327720691, 0.22207592200561266, 0.53333333333333333, 0.22207592200561266, 0.011257411327720691]


def gradient(f: Callable[[dict], np.ndarray], theta: dict[str, float], step: float = 1e-5) -> np.ndarray:
    """Central differences of ``f`` in each parameter, along a last axis."""
    columns = []
    for name, value in theta.items():
        up, down = f(theta | {name: value + step}), f(theta | {name: value - step})
        columns.append((up - down) / (2 * step))
    return np.stack(columns, axis=-1)


def tails(family: str, theta: dict[str, float], day: float, forward: bool) -> tuple[float, float]:
    """The chance to be fit by a day, nothing being said, and the chance to be still out."""
    if day == 0.0:
        return 0.0, 1.0
    z = max(min((log(day) - theta["location"]) / exp(theta["log_scale"]), 700.0), -700.0)
    fit, out = {
        "lognormal": lambda: (erfc(-z / sqrt(2)) / 2, erfc(z / sqrt(2)) / 2),
        "loglogistic": lambda: (1 / (1 + exp(-z)), 1 / (1 + exp(z))),
        "weibull": lambda: (-expm1(-exp(z)), exp(-exp(z))),
    }[family]()
    ratio = exp(theta["forward"]) if forward else 1.0
    return -expm1(ratio * log1p(-min(fit, 0.9))) if fit < 0.9 else 1 - out**ratio, out**ratio


def recovery(family: str, theta: dict[str, float], low: float, high: float, forward: bool) -> float:
    """The chance to become fit between two days, from whichever tail keeps the digits."""
    (fit, out), (fit_later, out_later) = (tails(family, theta, day, forward) for day in (low, high))
    return out - out_later if fit > 0.5 else fit_later - fit


def pull(theta: dict[str, float], low: float, high: float, start: float, fixtures: list[float]) -> float:
    """One over a power of the length of the gap between fixtures that a cell, from low to high, lies in."""
    before = max([start, *(k for k in fixtures if k <= low)])
    after = [k for k in fixtures if k >= high]
    return ((min(after) - before if after else 7.0) + 0.5) ** -theta["pull"]


def kind(theta: dict[str, float], day: float, code: int, age: float, seen: float) -> float:
    """The likelihood of a kind of flag, seen on one day, were he fit on another."""
    if code < 0:
        return 1.0
    power = theta[f"kind.{KINDS[code]}"]
    if KINDS[code] in ("unknown", "expected"):
        power += theta["kind.age"] * log(1 + age / 7)
    return (max(day - seen, 0.0) + 0.5) ** power


def date(theta: dict[str, float], day: float, code: int, seen: float, expected: float) -> float:
    """The likelihood of a promised date, were he fit on a day."""
    if code != KINDS.index("expected"):
        return 1.0
    remain, promised = max(day - seen, 0.0), expected - seen
    widths = min(abs(remain - promised) * exp(-theta["date.width"]), 700.0)
    shortfall = min(log(remain / max(promised, 0.3) + 0.05), 0.0)
    return 1 / (2 * cosh(widths)) + exp(theta["date.vague"] + theta["date.early"] * shortfall)


def ruled_out(theta: dict[str, float], day: float, seen: float, until: float) -> float:
    """The likelihood of being ruled out until one day, were he fit on another."""
    if until == -inf:
        return 1.0
    return min((max(day - seen, 0.0) + 0.5) / (max(until - seen, 0.0) + 0.5), 1.0) ** theta["ruled_out"]


def statement(theta: dict[str, float], low: float, high: float, said: dict[str, float]) -> float:
    """The likelihood of all that one source said, were T in the cell: the days before ``until`` are as that day."""
    day, until = (low + high) / 2, said["until"]
    late = max(day, until)
    value = kind(theta, late, said["code"], said["age"], said["seen"])
    value *= date(theta, late, said["code"], said["seen"], said["expected"])
    return value * ruled_out(theta, day, said["seen"], until)


def cell(family: str, theta: dict[str, float], evidence, i: int, j: int) -> float:
    """The weight of cell j of situation i, not normalised."""
    low, high = evidence.edges[i, j], evidence.edges[i, j + 1]
    if low == high:
        return 0.0
    forward = bool(evidence.forward[i])
    fixtures = list(evidence.fixtures[i, : evidence.known[i]])
    said = {name: getattr(evidence, name)[i] for name in ("code", "age", "seen", "expected", "until")}
    return (
        recovery(family, theta, low, high, forward)
        * pull(theta, low, high, evidence.edges[i, 0], fixtures)
        * statement(theta, low, high, said)
    )


def run(theta: dict[str, float], odds: float, length: int, then_appears: bool) -> float:
    """The chance that a fit player misses so many fixtures, and then perhaps appears, averaged over five players."""
    total = 0.0
    for node, weight in zip(NODES, WEIGHTS, strict=True):
        chance = 1.0
        for k in range(length + then_appears):
            eta = theta["picked"] + theta["picked.minutes"] * odds + exp(theta["picked.log_spread"]) * node
            picked = 1 / (1 + exp(-eta - (theta["picked.first"] if k == 0 else 0.0)))
            chance *= picked if k == length else 1 - picked
        total += weight * chance
    return total


def run_of_normal(theta: dict[str, float], odds: float, length: int, then_appears: bool) -> float:
    """The same, averaged over all players."""
    narrow = theta | {"picked.log_spread": -inf}

    def of(z: float) -> float:
        one = narrow | {"picked": theta["picked"] + exp(theta["picked.log_spread"]) * z}
        return run(one, odds, length, then_appears) * exp(-z * z / 2) / sqrt(2 * pi)

    return float(quad(of, -8, 8)[0])


def happens(
    theta: dict[str, float], odds: float, high: float, fixtures: list[float], misses: int, appears: bool
) -> float:
    """The chance to miss the first fixtures, and to appear in the next or not, for one who is fit by ``high``."""
    first = sum(k < high for k in fixtures)  # the first fixture he is fit for
    if misses < first:
        return 0.0 if appears else 1.0  # still out in all of them
    return run(theta, odds, misses - first, appears)


def forecast(family, theta, sources, now, evidence, forwards: dict[bool, float], players: list[tuple[float, float]]):
    """One case under one draw of the parameters.

    ``forwards`` holds the chance that he is a forward or not, ``players`` how much each of those had played who may
    be like him, and his share; ``sources`` the parameters of those that have their own.

    Returns
    -------
    fit, returns
        Of each cell the chance that he becomes fit in it; of each player and fixture ahead the chance that he is that
        player and that it is his first.
    """
    fixtures, missed = [*now.situation.missed, *now.situation.ahead], len(now.situation.missed)
    cells = [(a, b) for a, b in zip(evidence.edges[0], evidence.edges[0, 1:], strict=False) if a < b]
    weights = []
    for low, high in cells:
        weight = 0.0
        for forward, share in forwards.items():
            weight += share * recovery(family, theta, low, high, forward)
        weight *= pull(theta, low, high, evidence.edges[0, 0], fixtures)
        for s in now.statements:
            said = {"code": s.code, "age": s.age, "seen": s.seen, "expected": s.expected}
            of = sources.get(s.source, theta)
            alone, both = (statement(of, low, high, said | {"until": until}) for until in (-inf, s.until))
            weight *= min(alone, both)
            if s.likelihood is not None:
                weight *= float(s.likelihood(np.array([[max((low + high) / 2 - s.seen, 0.0)]]))[0, 0])
        weights.append(weight)
    returns, anyone = [], 0.0
    for o, share in players:
        chances = [0.0] * (len(fixtures) - missed)
        for weight, (_, high) in zip(weights, cells, strict=True):
            anyone += share * weight * happens(theta, o, high, fixtures, missed, False)
            for k in range(missed, len(fixtures)):
                chances[k - missed] += share * weight * happens(theta, o, high, fixtures, k, True)
        returns.append(chances)
    return np.array(weights) / sum(weights), np.array(returns) / anyone


def likelihood(family: str, theta: dict[str, float], readings, i: int, half: float = 0.5) -> float:
    """The log-likelihood of one reading: half of it the first appearance, half that and the days he became fit in."""
    evidence = readings.evidence
    fixtures = list(evidence.fixtures[i, : evidence.known[i]])
    appearance = inside = passed = 0.0
    for j in range(evidence.edges.shape[1] - 1):
        weight, high = cell(family, theta, evidence, i, j), evidence.edges[i, j + 1]
        if weight == 0.0:
            continue
        seen = weight * happens(
            theta, evidence.minutes_logit[i], high, fixtures, int(readings.misses[i]), bool(readings.appeared[i])
        )
        appearance += seen
        inside += seen * float(readings.inside[i, j])
        passed += weight * happens(theta, evidence.minutes_logit[i], high, fixtures, int(evidence.missed[i]), False)
    return half * log(appearance) + half * log(inside) - log(passed)


def sandwich(hessian: np.ndarray, scores: np.ndarray, player: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """The covariance of an estimate from rows that depend on each other within a player, and priors with these sds."""
    players = sorted(set(player))
    middle = np.zeros_like(hessian)
    for p in players:
        total = sum(score for score, q in zip(scores, player, strict=True) if q == p)
        middle = middle + np.outer(total, total)
    inverse = np.linalg.inv(hessian)
    middle = middle * len(players) / max(len(players) - len(hessian), 1)
    return inverse @ (middle + np.diag(sd**-2.0)) @ inverse


assert all(isfinite(x) and abs(x**5 - 10 * x**3 + 15 * x) < 1e-9 for x in NODES)
assert abs(sum(WEIGHTS) - 1) < 1e-12
assert abs(sum(w * x**8 for w, x in zip(WEIGHTS, NODES, strict=True)) - 105) < 1e-9
assert abs(sqrt(sum(w * x**2 for w, x in zip(WEIGHTS, NODES, strict=True))) - 1) < 1e-12
