"""The joint fit of recovery, selection and bulletins.

A composite likelihood over readings: each counts with the log-probability of what happened next, the first
appearance and the days in which he became fit, given what was known. That is what a forecast is for. Readings of one
player are not independent, so the covariance is the sandwich clustered by player.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import scipy  # and its optimize only when something is fitted: it takes as long to load as this package
from tqdm import tqdm

from ..arrays import Array, Integers, Mask
from ..evidence.grid import Evidence
from ..evidence.readings import Readings
from ..factors.bulletins import Dates, Kinds, log_likelihood
from ..factors.course import Course, Curve, KickOffHazard
from ..factors.covariates import PRIOR, RECOVERY, SELECTION
from ..factors.kick_offs import Atoms, KickOffs, with_atoms
from ..factors.parameters import Normal, Optimum, Parameters, Prior, sandwich
from ..factors.recovery import Recovery
from ..factors.selection import Selection

# A reading speaks of his first appearance, and of that together with the days in which he was seen to become fit.
APPEARANCE, WHEN_FIT = 0.5, 0.5
_TINY = 1e-300

Loss = Callable[[Array], tuple[float, Array]]  # of a vector of parameters; a value and its gradient


def priors_with(covariates: Iterable[str]) -> dict[str, Prior]:
    """Return the priors of all parameters: covariates of recovery come after it, those of selection at the end."""
    own = {of: {n: PRIOR for n in covariates if n.startswith(f"{of}.")} for of in (RECOVERY, SELECTION)}
    return {
        **Recovery().priors,
        **own[RECOVERY],
        **Kinds().priors,
        **Dates().priors,
        **KickOffs().priors,
        **Selection().priors,
        **own[SELECTION],
    }


PRIORS = priors_with(())


@dataclass(frozen=True)
class JointFit:
    """Estimate and covariance of every parameter of the model.

    ``hessian``, of minus the penalised log-likelihood, is what a fit to some of the same readings starts with; it is
    not saved with a model.
    """

    params: pd.Series[float]
    covariance: pd.DataFrame
    optimum: Optimum
    hessian: Array | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Passage:
    """The passage of readings through the pieces of time ahead, at one value of the parameters: n rows.

    Attributes
    ----------
    curve : Curve
        Of the cells of the grid.
    picked : ndarray, shape (n, 1)
        Log odds of being picked for a usual fixture.
    atoms : Atoms
        What the statement that stands means for each kick-off.
    at_kick_offs : KickOffHazard
    odds : ndarray, shape (n, f)
        Log odds of appearing in each with the flag still standing.
    speed, run_by, hazard : ndarray, shape (n, q)
        Speed of the clock, hazard before the clock, and hazard of each piece.
    """

    theta: Parameters
    evidence: Evidence
    curve: Curve
    picked: Array
    atoms: Atoms
    at_kick_offs: KickOffHazard
    odds: Array
    speed: Array
    run_by: Array
    hazard: Array

    @classmethod
    def of(cls, theta: Parameters, evidence: Evidence) -> Passage:
        """Multiply what each factor says of each day, and let the clock and the kick-offs run on it."""
        said, atoms = evidence.said, Atoms.of(evidence, evidence.said)
        curve = Curve.of(Recovery().survival(theta, evidence), log_likelihood(theta, said, evidence.days))
        picked = Selection().score(theta, evidence.traits, evidence.part, evidence.covariates)
        at_kick_offs = KickOffHazard.of(curve, evidence)
        odds = KickOffs().odds(theta, atoms, picked, at_kick_offs.log_hazard)
        speed, run_by = KickOffs().speed(theta, evidence, said, picked), curve.between(evidence.pieces)
        hazard = with_atoms(speed * run_by, odds, evidence)
        return cls(theta, evidence, curve, picked, atoms, at_kick_offs, odds, speed, run_by, hazard)

    def scores(self, slope: Array) -> tuple[list[Array], Array]:
        """Return the derivatives in the parameters but those of selection, and in ``picked``, of those in hazards."""
        e, said = self.evidence, self.evidence.said
        in_odds = np.take_along_axis(slope, e.pieces.kickoff, 1) * e.pieces.reached * scipy.special.expit(self.odds)
        flow = slope.copy()
        np.put_along_axis(flow, e.pieces.kickoff, 0.0, axis=1)
        clock, in_picked = KickOffs().scores(self.theta, e, self.atoms, self.picked, in_odds, flow * self.run_by)
        of_cells = self.at_kick_offs.scores(self.curve, in_odds * self.atoms.rest)
        in_days = self.curve.scores(e.pieces, flow * self.speed, of_cells)
        kinds, dates = (factor.scores(self.theta, said, e.days, in_days) for factor in (Kinds(), Dates()))
        return [Recovery().scores(self.theta, e, in_days), kinds, dates, clock], in_picked


def scored(theta: Parameters, readings: Readings) -> tuple[Array, Array]:
    """Log-likelihood of each reading, shape (n,), and its derivatives, shape (n, parameters)."""
    e, inside = readings.evidence, readings.inside
    passage, runs = Passage.of(theta, e), Runs.of(theta, e)
    course, out = Course.of(passage.hazard), np.zeros(len(inside), bool)
    happened, missed = runs.given(readings.misses, readings.appeared), runs.given(e.missed, out)
    never = np.where(readings.appeared, 0.0, 1.0)
    within = happened * inside
    value, slope, by_run = np.zeros(len(inside)), np.zeros(inside.shape), []
    for weight, given, beyond, misses, appeared in (
        (APPEARANCE, happened, np.asarray(never * ~e.cleared), readings.misses, readings.appeared),
        (WHEN_FIT, within, np.asarray(never * readings.never), readings.misses, readings.appeared),
        (-1.0, missed, np.where(e.cleared, 0.0, 1.0), e.missed, out),  # given the fixtures he had missed by then
    ):
        chance = np.maximum(course.chance(given, beyond), _TINY)
        value += weight * np.log(chance)
        share = weight / chance
        slope += share[:, None] * course.scores(given, beyond)
        in_chance = share[:, None] * course.mass * (inside if given is within else 1.0)
        by_run.append(runs.scores(in_chance, misses, appeared))
    days, in_picked = passage.scores(slope)
    score, spread = np.sum(by_run, axis=0).T
    picked = Selection().scores(e.traits, e.part, score + in_picked, spread, e.covariates)
    return value, np.column_stack([*days, picked])


def returns(theta: Parameters, evidence: Evidence) -> Array:
    """Return the probability that each fixture sees the first appearance, shape (n, f), given those missed."""
    course, runs = Course.of(Passage.of(theta, evidence).hazard), Runs.of(theta, evidence)
    n, f = evidence.fixtures.shape
    out, never = np.zeros(n, bool), np.zeros(n)
    missed = course.chance(runs.given(evidence.missed, out), np.where(evidence.cleared, 0.0, 1.0))
    chances = [course.chance(runs.given(np.full(n, k), ~out), never) for k in range(f)]
    return np.where(np.arange(f) < evidence.missed[:, None], 0.0, np.stack(chances, axis=1) / missed[:, None])


def log_score(theta: Parameters, readings: Readings) -> Array:
    """Log-probability of the first appearance that followed each reading, shape (n,)."""
    chances = returns(theta, readings.evidence)
    hit = np.take_along_axis(chances, np.minimum(readings.misses, chances.shape[1] - 1)[:, None], axis=1)[:, 0]
    passed = (np.arange(chances.shape[1]) < readings.misses[:, None]) * chances
    return np.log(np.maximum(np.where(readings.appeared, hit, 1.0 - passed.sum(axis=1)), _TINY))


def objective(readings: Readings, prior: Normal | None = None) -> Loss:
    """Minus the penalised log-likelihood of a vector of parameters, and its gradient.

    ``prior`` is that of :func:`priors_with` where it is left out.
    """
    names = list(priors := priors_with(readings.evidence.covariates))
    known, blocks = Normal.of(priors) if prior is None else prior, readings.in_blocks()

    def loss(vector: Array) -> tuple[float, Array]:
        result, gradient = known.loss(vector)
        for block in blocks:
            with np.errstate(all="ignore"):  # where a long step leads, before it is taken back
                value, scores = scored(dict(zip(names, vector, strict=True)), block)
                result, gradient = result - float(block.weight @ value), gradient - block.weight @ scores
        if not (np.isfinite(result) and np.isfinite(gradient).all()):
            return np.inf, np.zeros_like(vector)
        return float(result), gradient

    return loss


def fit_joint(
    readings: Readings,
    start: pd.Series[float] | None = None,
    progress: bool = False,
    priors: Mapping[str, Prior] = PRIORS,
) -> JointFit:
    """Maximise the composite likelihood, and the sandwich covariance clustered by player.

    ``progress`` shows a bar, where a person watches. ``priors`` are those of all parameters, in the order of
    :func:`priors_with`.

    References
    ----------
    Varin C, Reid N, Firth D (2011). An overview of composite likelihood methods. Statistica Sinica 21, 5-42.
    """
    names, prior = list(priors), Normal.of(priors)
    loss = objective(readings, prior)
    origin = prior.mean if start is None else start[names].to_numpy()
    weight = readings.weight[:, None]
    scores = weight * scored(dict(zip(names, origin, strict=True)), readings)[1]
    # In coordinates in which the sum of squared scores is the identity the first step is nearly Newton's.
    root = np.linalg.cholesky(np.linalg.inv(scores.T @ scores + prior.precision))
    with tqdm(desc="fit", unit=" passes", disable=None if progress else True) as bar:

        def counted(vector: Array) -> tuple[float, Array]:
            bar.update()
            return loss(vector)

        def whitened(z: Array) -> tuple[float, Array]:
            value, gradient = counted(origin + root @ z)
            return value, root.T @ gradient

        found = scipy.optimize.minimize(whitened, np.zeros(len(names)), jac=True, method="BFGS", options={"gtol": 0.01})
        vector = origin + root @ found.x
        hessian = curvature(counted, vector)
        vector = settle(counted, vector, hessian)
    scores = weight * scored(dict(zip(names, vector, strict=True)), readings)[1]
    covariance = sandwich(hessian, scores, readings.table.player, prior)
    optimum = Optimum.of(*loss(vector), hessian, covariance, prior, vector)
    return JointFit(pd.Series(vector, names), pd.DataFrame(covariance, names, names), optimum, hessian)


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
class Runs:
    """The runs of missed fixtures that ``T`` in each piece implies."""

    evidence: Evidence
    chances: Array  # (n, 2, w): missed, and then appeared
    slopes: Array  # (n, 2, w, 2)

    @classmethod
    def of(cls, theta: Parameters, evidence: Evidence) -> Runs:
        """Work them out for the player of each row."""
        selection = Selection()
        score = selection.score(theta, evidence.traits, evidence.part, evidence.covariates)
        run = selection.runs(theta, score, evidence.fixtures.shape[1])
        chances = np.stack([run.probability(appeared) for appeared in (False, True)], axis=1)
        slopes = np.stack([selection.slopes(theta, run, appeared) for appeared in (False, True)], axis=1)
        return cls(evidence, chances, slopes)

    def given(self, misses: Integers, appeared: Mask) -> Array:
        """Probability of missing the first fixtures and then appearing or not, were T in each piece; shape (n, q)."""
        length = misses[:, None] - self.evidence.pieces.gap
        row = np.arange(len(misses))[:, None]
        chance = self.chances[row, appeared[:, None].astype(int), np.maximum(length, 0)]
        chance = np.where(length >= 0, chance, np.where(appeared[:, None], 0.0, 1.0))
        fixture = np.arange(self.evidence.fixtures.shape[1])
        at_kickoff = np.where(appeared[:, None], fixture == misses[:, None], fixture >= misses[:, None])
        np.put_along_axis(chance, self.evidence.pieces.kickoff, at_kickoff.astype(float), axis=1)
        return chance

    def scores(self, slope: Array, misses: Integers, appeared: Mask) -> Array:
        """Derivatives in the score of selection and in the spread, of those in the chances."""
        n, _, w = self.chances.shape
        flow = slope.copy()
        np.put_along_axis(flow, self.evidence.pieces.kickoff, 0.0, axis=1)
        length = misses[:, None] - self.evidence.pieces.gap
        row = np.broadcast_to(np.arange(n)[:, None], length.shape)
        ran = length >= 0
        by_length = np.bincount(row[ran] * w + length[ran], flow[ran], n * w).reshape(n, w)
        return np.asarray(np.einsum("nw,nwp->np", by_length, self.slopes[np.arange(n), appeared.astype(int)]))
