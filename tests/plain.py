"""The model in plain loops, one day, one player and one fixture at a time: slow, and easy to check by eye.

Written from the formulas in the docstrings, with none of the functions of the package. The tests hold the arrays of the
package against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, isfinite, isnan, log, log1p, sqrt

import numpy as np

KINDS = ("unknown", "expected", "25", "50", "75")
PARTS = ("hamstring", "thigh", "calf", "groin", "muscle")
TRAITS = ("minutes", "year", "goalkeeper", "defender", "forward", "price", "owned")
SHIFT = {0: 0.0, 1: -0.9, 2: -1.5}  # of a percentage, in a league, in Europe and in a domestic cup
NODES = [-2.8569700138728056, -1.3556261799742659, 0.0, 1.3556261799742659, 2.8569700138728056]  # of He5, by its roots
WEIGHTS = [0.011257411327720691, 0.22207592200561266, 0.53333333333333333, 0.22207592200561266, 0.011257411327720691]


@dataclass
class Stretch:
    """A stretch of days, or a kick-off, with the chance that T lies in it and the first fixture he is then fit for."""

    start: float
    end: float
    first: int
    kickoff: bool
    chance: float


def logistic(x: float) -> float:
    """Turn log odds into a chance."""
    return 1 / (1 + exp(-x)) if x > 0 else exp(x) / (1 + exp(x))


def still_out(theta: dict, part: int, day: float) -> float:
    """The chance to be out for longer, nothing being said: log-logistic."""
    if day <= 0:
        return 1.0
    location = theta["location"] + theta[f"location.{PARTS[part]}"]
    scale = exp(theta["log_scale"] + theta[f"log_scale.{PARTS[part]}"])
    return logistic(-(log(day) - location) / scale)


def likelihood(theta: dict, said, day: float) -> float:
    """How likely a statement is made, were he fit on a day, up to a constant."""
    remain = log(max(day - said.since, 0.0) + 0.5)
    power = sum(weight * theta[f"kind.{kind}"] for weight, kind in zip(said.kinds, KINDS, strict=True))
    if any(said.kinds):
        given = "blank" if isnan(said.last_round) else f"{said.last_round:.0f}"
        power += theta[f"last_round.{given}"]
    power += theta["match_fitness"] * said.match_fitness
    value = power * remain
    if isfinite(said.expected):
        width, off = 1.5, (day - said.expected) / 1.5
        value -= exp(theta["date.early"]) * width * (log1p(exp(-off)) if off > -500 else -off)
        value -= exp(theta["date.late"]) * width * (log1p(exp(off)) if off < 500 else off)
        promised = log(max(said.expected - said.since, 0.0) + 0.5)
        value += exp(theta["date.power"]) * min(remain - promised, 0.0)
    return value


class Cells:
    """The cumulative hazard of a situation, linear within each cell of a grid."""

    def __init__(self, theta: dict, s, steps) -> None:
        self.ends = [s.low + float(step) for step in steps]
        days = [(a + b) / 2 for a, b in zip(self.ends, self.ends[1:], strict=False)] + [self.ends[-1]]
        out = [still_out(theta, s.part, day) for day in self.ends] + [0.0]
        said = [likelihood(theta, s.statement, day) for day in days]
        weights = [(out[j] - out[j + 1]) * exp(said[j] - max(said)) for j in range(len(days))]
        left = [sum(weights[j:]) for j in range(len(days))]
        self.hazards = [log(left[j] / left[j + 1]) for j in range(len(days) - 1)]

    def cell(self, day: float) -> int:
        """The cell that a day lies in; at the end of one, the next."""
        return min(sum(end <= day for end in self.ends), len(self.hazards)) - 1

    def until(self, day: float) -> float:
        """The cumulative hazard."""
        j = self.cell(day)
        share = (day - self.ends[j]) / (self.ends[j + 1] - self.ends[j])
        return sum(self.hazards[:j]) + share * self.hazards[j]

    def weekly(self, day: float) -> float:
        """The hazard at a day, between the middles of two cells unless it breaks off between them."""

        def middle(j: int) -> float:
            return (self.ends[j] + self.ends[j + 1]) / 2

        def log_hazard(j: int) -> float:
            return log(max(7 * self.hazards[j] / (self.ends[j + 1] - self.ends[j]), 1e-300))

        own = self.cell(day)
        other = own - 1 if day < middle(own) else own + 1
        if not 0 <= other < len(self.hazards) or abs(log_hazard(other) - log_hazard(own)) >= 1:
            return exp(log_hazard(own))
        share = (day - middle(own)) / (middle(other) - middle(own))
        return exp((1 - share) * log_hazard(own) + share * log_hazard(other))


def score(theta: dict, s) -> float:
    """The log odds of being picked for a usual fixture."""
    of_traits = sum(theta[f"picked.{name}"] * float(s.traits[k]) for k, name in enumerate(TRAITS))
    return theta["picked"] + of_traits + theta[f"picked.{PARTS[s.part]}"]


def odds_at(theta: dict, s, k: int, weekly: float) -> float:
    """The log odds of appearing in a fixture, counted from the first missed one, with the flag still standing."""
    said, fixtures = s.statement, [*s.missed, *s.ahead]
    scope = [int(x) for x in s.scope] if len(s.scope) else [0] * len(fixtures)
    gap = log((fixtures[k] - (fixtures[k - 1] if k else s.before) + 0.5) / 7.5)
    by_hazard = log(weekly) + theta["kickoff.gap"] * gap + theta["kickoff.picked"] * score(theta, s)
    percentage = sum(float(weight) for weight in said.kinds[2:])
    next_one = said.passed + (scope[:k].count(0) if percentage else k) == 0
    if isfinite(said.expected) and said.expected <= fixtures[k]:
        return theta["kickoff.due" if next_one else "kickoff.later_due"] + by_hazard
    if not any(said.kinds):
        return theta["kickoff.silent"] + by_hazard
    if not next_one:
        return theta["kickoff.later"] + by_hazard
    level = sum(weight * theta[f"kickoff.{kind}"] for weight, kind in zip(said.kinds, KINDS, strict=True))
    by_player = SHIFT[scope[k]] + theta["kickoff.percentage"] * score(theta, s)
    odds = float(said.kinds[4] - said.kinds[2])  # of 75, 50 and 25%, over log 3
    eve = theta["kickoff.eve"] * odds * exp(-2.0 * max(fixtures[k] - said.seen, 0.0))
    return level + eve + (1 - percentage) * by_hazard + percentage * by_player


def speed(theta: dict, s, middle: float) -> float:
    """The speed of the clock on a day between fixtures."""
    near, later = exp(theta["clock.near"]), [k for k in [*s.missed, *s.ahead] if k > middle]
    if later:
        return near if later[0] - middle < 2.0 else 1.0
    level = theta["kickoff.later" if any(s.statement.kinds) else "kickoff.silent"]
    return 5 / 7 + 2 / 7 * near + exp(level + theta["kickoff.picked"] * score(theta, s))


def stretches(theta: dict, s, steps) -> tuple[list[Stretch], float]:
    """The days from ``low`` to ``high`` one after the other, and the chance that T lies beyond."""
    cells, fixtures = Cells(theta, s, steps), [*s.missed, *s.ahead]
    last, alive, found = min(s.high, cells.ends[-1]), 1.0, []
    stops = {s.low, last, *fixtures, *(k - 2.0 for k in fixtures), *s.cuts}
    days = sorted(float(day) for day in stops if s.low <= day <= last)
    for start, end in zip(days, days[1:], strict=False):
        first = sum(k < end for k in fixtures)
        fit = 1 - exp(-speed(theta, s, (start + end) / 2) * (cells.until(end) - cells.until(start)))
        found.append(Stretch(start, end, first, False, alive * fit))
        alive *= 1 - fit
        if end in fixtures:
            atom = logistic(odds_at(theta, s, first, cells.weekly(end)))
            found.append(Stretch(end, end, first, True, alive * atom))
            alive *= 1 - atom
    return found, alive


def run(theta: dict, odds: float, length: int, then_appears: bool) -> float:
    """The chance that a fit player misses so many fixtures, and then perhaps appears, averaged over five players."""
    total = 0.0
    for node, weight in zip(NODES, WEIGHTS, strict=True):
        chance = 1.0
        for k in range(length + then_appears):
            picked = logistic(odds + exp(theta["picked.log_spread"]) * node)
            chance *= picked if k == length else 1 - picked
        total += weight * chance
    return total


def happens(theta: dict, s, stretch: Stretch, misses: int, appears: bool) -> float:
    """The chance to miss the first fixtures, and to appear in the next or not, were T in a stretch."""
    if stretch.kickoff:
        return float(stretch.first == misses if appears else stretch.first >= misses)
    if misses < stretch.first:
        return 0.0 if appears else 1.0  # still out in all of them
    return run(theta, score(theta, s), misses - stretch.first, appears)


def chance(theta: dict, s, steps, misses: int, appears: bool, within: tuple[float, float] = (-inf, inf)) -> float:
    """The chance to miss the first fixtures and to appear in the next or not, with T between two days."""
    found, beyond = stretches(theta, s, steps)
    total = sum(
        stretch.chance * happens(theta, s, stretch, misses, appears)
        for stretch in found
        if within[0] <= stretch.start and within[0] < stretch.end <= within[1]
    )
    return total + (beyond if not appears and s.high == within[1] == inf else 0.0)


def returns(theta: dict, s, steps) -> list[float]:
    """The chance that each fixture, those missed first, sees the first appearance, given those missed."""
    missed = chance(theta, s, steps, len(s.missed), False)
    ahead = range(len(s.missed), len(s.missed) + len(s.ahead))
    return [0.0] * len(s.missed) + [chance(theta, s, steps, k, True) / missed for k in ahead]


def log_likelihood(theta: dict, s, steps, misses: int, appeared: bool, within: tuple[float, float]) -> float:
    """Of one reading: half of it the first appearance, half that and the days he became fit in."""
    happened, inside = (chance(theta, s, steps, misses, appeared, days) for days in ((-inf, inf), within))
    return 0.5 * log(happened) + 0.5 * log(inside) - log(chance(theta, s, steps, len(s.missed), False))


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
