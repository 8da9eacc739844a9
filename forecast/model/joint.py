"""The joint fit of recovery, selection and bulletins, for one family of recovery.

A composite likelihood over readings: each counts with the log-probability of what happened next, the first
appearance and the days in which he became fit, given what was known. That is what a forecast is for. Readings of one
player are not independent, so the covariance is the sandwich clustered by player.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy  # and its optimize only when something is fitted: it takes as long to load as this package

from ..arrays import Array, Integers
from ..evidence.grid import Evidence
from ..evidence.readings import Readings
from ..factors.bulletins import Dates, Kinds, RuledOut
from ..factors.factor import Factor, normalised, total
from ..factors.parameters import Normal, Parameters, Prior, sandwich
from ..factors.recovery import Pull, Recovery
from ..factors.selection import Selection
from ..survival.families import FAMILIES

# A reading speaks of his first appearance, and of that together with the days in which he was seen to become fit.
APPEARANCE, WHEN_FIT = 0.5, 0.5
_TINY = 1e-300

Loss = Callable[[Array], tuple[float, Array]]  # of a vector of parameters; a value and its gradient


@dataclass(frozen=True)
class JointFit:
    """Estimate and covariance of every parameter of the model, for one family of recovery.

    ``hessian``, of minus the penalised log-likelihood, is what a fit to some of the same readings starts with; it is
    not saved with a model.
    """

    family: str
    params: pd.Series[float]
    covariance: pd.DataFrame
    hessian: Array | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Joint:
    """The parts of the model for one family, and the likelihood they make together."""

    family: str

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The factors of the weight of a day."""
        return Recovery(FAMILIES[self.family]), Pull(), Kinds(), Dates(), RuledOut()

    @property
    def priors(self) -> dict[str, Prior]:
        """Every parameter, in order."""
        days = {name: prior for factor in self.factors for name, prior in factor.priors.items()}
        return days | Selection().priors

    def weights(self, theta: Parameters, evidence: Evidence) -> Array:
        """Return the probability of each cell given the evidence, shape (n, m), draws in front where there are any."""
        return normalised(total(self.factors, theta, evidence))

    def scored(self, theta: Parameters, readings: Readings) -> tuple[Array, Array]:
        """Log-likelihood of each reading, shape (n,), and its derivatives, shape (n, parameters)."""
        evidence, runs = readings.evidence, _Runs.of(theta, readings.evidence)
        weights = self.weights(theta, evidence)
        out = np.zeros(len(weights), bool)
        happened = weights * runs.chance(readings.misses, readings.appeared)
        missed = weights * runs.chance(evidence.missed, out)
        value, slope, picked = np.zeros(len(weights)), np.zeros(weights.shape), np.zeros((len(weights), 4))
        for factor, cells, misses, appeared in (
            (APPEARANCE, happened, readings.misses, readings.appeared),
            (WHEN_FIT, happened * readings.inside, readings.misses, readings.appeared),
            (-1.0, missed, evidence.missed, out),  # given the fixtures he had missed by then
        ):
            chance = np.maximum(cells.sum(axis=1), _TINY)
            part = factor * cells / chance[:, None]
            value += factor * np.log(chance)
            slope += part
            picked += runs.scores(part, misses, appeared)
        scores = [factor.scores(theta, evidence, slope) for factor in self.factors]
        return value, np.concatenate([*scores, picked], axis=1)

    def returns(self, theta: Parameters, evidence: Evidence) -> Array:
        """Return the probability that each fixture sees the first appearance, shape (n, f), given those missed."""
        runs, weights = _Runs.of(theta, evidence), self.weights(theta, evidence)
        out, fixtures = np.zeros(len(weights), bool), np.arange(evidence.fixtures.shape[1])
        missed = (weights * runs.chance(evidence.missed, out)).sum(axis=1, keepdims=True)
        chances = [(weights * runs.chance(np.full(len(out), k), ~out)).sum(axis=1) for k in fixtures]
        return np.where(fixtures < evidence.missed[:, None], 0.0, np.stack(chances, axis=1) / missed)

    def hindsight(self, theta: Parameters, readings: Readings) -> Array:
        """Return the weight of each cell once it is known when the player became fit and appeared, shape (n, m)."""
        happened = _Runs.of(theta, readings.evidence).chance(readings.misses, readings.appeared)
        return np.asarray(self.weights(theta, readings.evidence) * happened * readings.inside)

    def log_score(self, theta: Parameters, readings: Readings) -> Array:
        """Log-probability of the first appearance that followed each reading, shape (n,)."""
        chances = self.returns(theta, readings.evidence)
        hit = np.take_along_axis(chances, np.minimum(readings.misses, chances.shape[1] - 1)[:, None], axis=1)[:, 0]
        passed = (np.arange(chances.shape[1]) < readings.misses[:, None]) * chances
        return np.log(np.maximum(np.where(readings.appeared, hit, 1.0 - passed.sum(axis=1)), _TINY))

    def objective(self, readings: Readings, prior: Normal | None = None) -> Loss:
        """Minus the penalised log-likelihood of a vector of parameters, and its gradient.

        ``prior`` is that of :attr:`priors` where it is left out.
        """
        names = list(self.priors)
        known = Normal.of(self.priors) if prior is None else prior

        def loss(vector: Array) -> tuple[float, Array]:
            with np.errstate(all="ignore"):  # where a long step leads, before it is taken back
                value, scores = self.scored(dict(zip(names, vector, strict=True)), readings)
            penalty, slope = known.loss(vector)
            result = penalty - readings.weight @ value
            gradient = slope - readings.weight @ scores
            if not (np.isfinite(result) and np.isfinite(gradient).all()):
                return np.inf, np.zeros_like(vector)
            return float(result), gradient

        return loss


def fit_joint(family: str, readings: Readings, start: pd.Series[float] | None = None) -> JointFit:
    """Maximise the composite likelihood, and the sandwich covariance clustered by player.

    References
    ----------
    Varin C, Reid N, Firth D (2011). An overview of composite likelihood methods. Statistica Sinica 21, 5-42.
    """
    joint = Joint(family)
    names, loss = list(joint.priors), joint.objective(readings)
    vector = np.array([prior.mean for prior in joint.priors.values()]) if start is None else start[names].to_numpy()
    vector = scipy.optimize.minimize(loss, vector, jac=True, method="BFGS", options={"gtol": 1.0}).x
    vector = settle(loss, vector, curvature(loss, vector))
    hessian = curvature(loss, vector)
    scores = readings.weight[:, None] * joint.scored(dict(zip(names, vector, strict=True)), readings)[1]
    covariance = sandwich(hessian, scores, readings.table.player, Normal.of(joint.priors))
    return JointFit(family, pd.Series(vector, names), pd.DataFrame(covariance, names, names), hessian)


def settle(loss: Loss, vector: Array, hessian: Array, tolerance: float = 1e-9) -> Array:
    """Newton's method with one Hessian throughout: for starts near the top, where it hardly changes."""
    value, gradient = loss(vector)
    for _ in range(50):
        step = -np.linalg.solve(hessian, gradient)
        if -gradient @ step < tolerance:
            break
        while True:
            tried, slope = loss(vector + step)
            if tried <= value or np.abs(step).max() < 1e-9:
                break
            step = 0.5 * step
        vector, value, gradient = vector + step, tried, slope
    return vector


def curvature(loss: Loss, vector: Array, step: float = 1e-4) -> Array:
    """Hessian, by differences of the gradient: good to four digits, more than a covariance or a Newton step needs."""
    here = loss(vector)[1]
    rows = np.array([(loss(vector + d)[1] - here) / step for d in step * np.eye(len(vector))])
    return np.asarray(0.5 * (rows + rows.T))


@dataclass(frozen=True)
class _Runs:
    """The runs of missed fixtures that T in each cell implies, from a table: few players differ in their minutes."""

    evidence: Evidence
    player: Integers  # row of the tables for each situation
    chances: Array  # (players, 2, w): missed, and then appeared
    slopes: Array  # (players, 2, w, parameters)

    @classmethod
    def of(cls, theta: Parameters, evidence: Evidence) -> _Runs:
        logit, player = np.unique(evidence.minutes_logit, return_inverse=True)
        selection = Selection()
        run = selection.runs(theta, logit, evidence.fixtures.shape[1])
        chances = np.stack([run.probability(appeared) for appeared in (False, True)], axis=1)
        slopes = np.stack([selection.slopes(theta, logit, run, appeared) for appeared in (False, True)], axis=1)
        return cls(evidence, player, chances, slopes)

    def chance(self, misses: Integers, appeared: npt.NDArray[np.bool_]) -> Array:
        """Probability of missing the first fixtures and then appearing or not, were T in each cell; shape (n, m)."""
        length = misses[:, None] - self.evidence.gap
        chance = self.chances[self.player[:, None], appeared[:, None].astype(int), np.maximum(length, 0)]
        return np.where(length >= 0, chance, np.where(appeared[:, None], 0.0, 1.0))

    def scores(self, slope: Array, misses: Integers, appeared: npt.NDArray[np.bool_]) -> Array:
        """Derivatives in the parameters of selection; ``slope`` as in :class:`~forecast.factors.factor.Factor`."""
        max_run = self.chances.shape[2]
        length = misses[:, None] - self.evidence.gap
        row = np.broadcast_to(np.arange(len(slope))[:, None], length.shape)
        ran = length >= 0
        by_length = np.bincount(row[ran] * max_run + length[ran], slope[ran], len(slope) * max_run)
        slopes = self.slopes[self.player, appeared.astype(int)]
        return np.asarray(np.einsum("nw,nwp->np", by_length.reshape(-1, max_run), slopes))
