"""A small set of a user's injuries, pooled with a model that was fitted to many.

What the model knows is the prior: its estimate, with its covariance and, on top, how far two sets of injuries may lie
apart. How far they do is estimated, part by part, by the marginal likelihood; a set that says little leaves the model
as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..arrays import Array, Integers
from ..episodes.episodes import Episodes
from ..episodes.load import load_episodes
from ..evidence.readings import Readings, readings_of, with_proxies
from ..factors.parameters import Normal
from ..factors.selection import AFTER_RETURN, Selection
from ..io.columns import require_columns
from ..survival.durations import durations_of
from ..survival.families import FAMILIES
from ..survival.newton import Design, design_of, log_likelihood, maximise
from .after_return import FixturesAfterReturn
from .fit import PROXY_WEIGHT
from .joint import Joint, JointFit, Loss, curvature, settle
from .return_model import ReturnModel

# Readings of one injury repeat each other. What they are worth, as a share of as many that are independent: in the
# shipped fit 0.30 to 0.33, by family, and 0.38 for the fixtures after the first appearance (parameters over
# trace(covariance x Hessian), as tests/model/test_pool.py counts it); less, to be safe: for some parameters it is 0.25.
EFFECTIVE_SHARE = 0.25
MAX_READINGS = 12.0  # readings that one injury counts for, twice the average: one that lasted a year is no ten injuries
SPREADS = np.geomspace(0.01, 1.0, 17)  # how far two sets may lie apart, in log days or log odds
# Scales of the half-Cauchy priors of the spreads: of the days it takes, and of everything else, by part. Rare scores of
# a few players weigh more than the worth allows for on average, so that the rest has to show more to be believed.
SPREAD_PRIOR = np.array([0.2, 0.05, 0.05, 0.05])
MAX_SHIFT = 5.0  # no parameter of two sets of injuries lies further apart: a factor of 150, in days
ROUNDS, FREE_ROUNDS = 25, 3  # of these rounds, in the later ones a spread may only fall: nothing goes round in circles


def pool(model: ReturnModel, own: Episodes | pd.DataFrame, reference: pd.DataFrame | None = None) -> ReturnModel:
    """Pool a fitted model with a user's injuries.

    Parameters
    ----------
    model : ReturnModel
        Such as the shipped one.
    own : Episodes or DataFrame
        As few as ten will do. Durations, with ``lower``, ``upper`` and ``entry`` as
        :func:`~forecast.durations_from_dates` makes them, move the recovery; episodes move all parts.
    reference : DataFrame, optional
        For durations: those of the injuries that ``model`` was fitted to; of the shipped ones where left out.

    Returns
    -------
    ReturnModel
        With the weights of the families, and what stands for unknown players, as they were in ``model``.

    Raises
    ------
    DataError
        If the durations make no sense or none of them ends, or no reading of the episodes is followed.

    Notes
    -----
    The prior of the parameters is normal around the estimate of ``model``, its covariance that of the estimate plus the
    square of a spread for each parameter (times the standard deviation of its own prior, where that is below 1). There
    is one spread for the days it takes, one for the rest of the recovery, one for what is said and one for who is
    picked; together they maximise the marginal likelihood, by Laplace's approximation, times half-Cauchy priors
    (Gelman 2006). The likelihood of episodes is that of :func:`~forecast.fit`, to the power of what readings that
    repeat each other are worth (Pauli et al. 2011).

    The curve of durations and the recovery of the model are not one number, for readings count long injuries more
    often. So durations move the recovery by as much as their curve differs from that of ``reference``.

    References
    ----------
    Gelman A (2006). Prior distributions for variance parameters in hierarchical models. Bayesian Analysis 1, 515-533.

    Pauli F, Racugno W, Ventura L (2011). Bayesian composite marginal likelihoods. Statistica Sinica 21, 149-164.
    """
    fits = tuple(pooled(fitted, loss) for fitted, loss in zip(model.fits, _losses(model, own, reference), strict=True))
    return replace(model, fits=fits, trained_on=f"{model.trained_on}; pooled with {len(own)} of one's own")


def _losses(model: ReturnModel, own: Episodes | pd.DataFrame, reference: pd.DataFrame | None) -> list[Loss]:
    """Return minus the log-likelihood of the user's injuries, for each family."""
    if isinstance(own, Episodes):
        readings, later = with_proxies(readings_of(own), PROXY_WEIGHT), FixturesAfterReturn.of(own)
        return [loss_of_episodes(fitted.family, readings, later) for fitted in model.fits]
    designs = [_design(d) for d in (own, load_episodes().durations() if reference is None else reference)]
    return [loss_of_durations(fitted, *designs) for fitted in model.fits]


def loss_of_episodes(family: str, readings: Readings, later: FixturesAfterReturn) -> Loss:
    """Minus the log-likelihood of readings, and fixtures after the first appearance, to the power of their worth."""
    joint = Joint(family)
    p = len(joint.priors)
    of_injury = pd.Series(readings.weight).groupby(readings.table.episode.to_numpy()).transform("sum").to_numpy()
    weight = EFFECTIVE_SHARE * readings.weight * np.minimum(1.0, MAX_READINGS / of_injury)
    until_back = joint.objective(replace(readings, weight=weight), Normal.flat(p))

    def loss(vector: Array) -> tuple[float, Array]:
        (value, gradient), (more, slope) = until_back(vector[:p]), later.loss(vector[p:])
        return value + EFFECTIVE_SHARE * more, np.append(gradient, EFFECTIVE_SHARE * slope)

    return loss


def loss_of_durations(fitted: JointFit, own: Design, reference: Design) -> Loss:
    """Return the negative log-likelihood of the durations."""
    family, start = FAMILIES[fitted.family], fitted.params.to_numpy()
    curve = maximise(reference, fitted.family)[0]

    def loss(vector: Array) -> tuple[float, Array]:
        with np.errstate(all="ignore"):  # where a long step leads, before it is taken back
            value, slope, _ = log_likelihood(own, family, curve + (vector - start)[:2])
        gradient = np.zeros_like(vector)
        gradient[:2] = -slope
        return (-value, gradient) if np.isfinite(value) and np.isfinite(slope).all() else (np.inf, 0.0 * vector)

    return loss


def pooled(fitted: JointFit, loss: Loss) -> JointFit:
    """The fit of one family, given the loss of injuries that it has not seen."""
    names, start, known = fitted.params.index, np.asarray(fitted.params, float), fitted.covariance.to_numpy()
    heterogeneity = Heterogeneity.of(fitted.family)
    spreads, vector = np.full(len(SPREAD_PRIOR), SPREADS[0]), start
    hessian = _no_valleys(curvature(loss, vector))
    for k in range(ROUNDS):
        before = np.append(vector, spreads)
        prior = Normal(start, np.linalg.inv(known + np.diag(heterogeneity.variance(spreads))))
        vector = settle(_near(loss, prior), vector, hessian + prior.precision, tolerance=1e-4)
        hessian = _no_valleys(curvature(loss, vector))
        slope = hessian @ (vector - start) - loss(vector)[1]  # at the start, were it quadratic
        likely = heterogeneity.most_likely(spreads, known, hessian, slope)
        spreads = likely if k < FREE_ROUNDS else np.minimum(likely, spreads)
        if np.abs(np.append(vector, spreads) - before).max() < 1e-3:
            break
    covariance = np.linalg.inv(hessian + prior.precision)
    return JointFit(fitted.family, pd.Series(vector, names), pd.DataFrame(covariance, names, names))


@dataclass(frozen=True)
class Heterogeneity:
    """The distance between the parameters of two sets of injuries: a spread for each of a few parts of the model."""

    part: Integers  # of each parameter
    scale: Array  # of each parameter

    @classmethod
    def of(cls, family: str) -> Heterogeneity:
        """Sort the parameters of a family into the parts."""
        priors = Joint(family).priors | AFTER_RETURN
        parts = {"location": 0, "log_scale": 1, "forward": 1, **dict.fromkeys(Selection().priors | AFTER_RETURN, 3)}
        part = [parts.get(name, 2) for name in priors]
        return cls(np.array(part), np.array([min(prior.sd, 1.0) for prior in priors.values()]))

    def variance(self, spreads: Array) -> Array:
        """Return the variance that the spreads of the parts add to each parameter."""
        return np.asarray((spreads[self.part] * self.scale) ** 2)

    def most_likely(self, spreads: Array, known: Array, information: Array, slope: Array) -> Array:
        """Find the spreads that maximise the evidence of a likelihood that is quadratic: one after the other, twice."""
        for part in [*range(len(SPREAD_PRIOR))] * 2:
            tried = np.tile(spreads, (len(SPREADS), 1))
            tried[:, part] = SPREADS
            evidence = [log_evidence(known + np.diag(self.variance(s)), information, slope) for s in tried]
            spreads = tried[int(np.argmax(evidence - np.log1p((SPREADS / SPREAD_PRIOR[part]) ** 2)))]
        return spreads


def log_evidence(prior: Array, information: Array, slope: Array) -> float:
    """Log of the mean of ``exp(slope @ e - e @ information @ e / 2)`` over normal ``e`` of covariance ``prior``."""
    both = np.eye(len(prior)) + prior @ information
    return float(0.5 * slope @ np.linalg.solve(both, prior @ slope) - 0.5 * np.linalg.slogdet(both)[1])


def _near(loss: Loss, prior: Normal) -> Loss:
    """Add the loss of the prior; infinite where a vector is absurdly far away."""

    def both(vector: Array) -> tuple[float, Array]:
        if np.abs(vector - prior.mean).max() > MAX_SHIFT:
            return np.inf, np.zeros_like(vector)
        (value, gradient), (penalty, slope) = loss(vector), prior.loss(vector)
        return value + penalty, gradient + slope

    return both


def _no_valleys(hessian: Array) -> Array:
    """Return the nearest matrix without negative curvature: along a valley the user's injuries know nothing."""
    curvatures, axes = np.linalg.eigh(hessian)
    return np.asarray((axes * np.maximum(curvatures, 0.0)) @ axes.T)


def _design(durations: pd.DataFrame) -> Design:
    require_columns(durations, ("lower", "upper"))
    return design_of(durations_of(durations["lower"], durations["upper"], entry=durations.get("entry")))
