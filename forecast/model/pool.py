"""A small set of a user's injuries, pooled with a model that was fitted to many.

What the model knows is the prior: its estimate, with its covariance and, on top, how far two sets of injuries may lie
apart. How far they do is estimated, part by part, by the marginal likelihood; a set that says little leaves the model
as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..arrays import Array, Integers, by_name
from ..episodes.episodes import Episodes
from ..evidence.grid import Said
from ..evidence.readings import Readings, readings_of, with_proxies
from ..evidence.situation import Statement
from ..factors.covariates import RECOVERY
from ..factors.kick_offs import KickOffs
from ..factors.parameters import Normal
from ..factors.recovery import Recovery
from ..factors.selection import AFTER_RETURN, Selection
from ..io.columns import require_columns
from ..io.errors import DataError
from ..io.fields import instance_of
from ..io.frames import frame_of
from ..survival.durations import durations_of
from ..survival.families import FAMILIES
from ..survival.newton import Design, design_of, log_likelihood
from ..survival.proportional import Proportional
from ..terms import BODY_PARTS
from .after_return import FixturesAfterReturn
from .fit import PROXY_WEIGHT
from .joint import PRIORS, Loss, curvature, objective, priors_with, settle
from .return_model import ReturnModel

# Readings of one injury repeat each other. What they are worth, as a share of as many that are independent: in the
# shipped fit 0.30 to 0.33, by family, and 0.38 for the fixtures after the first appearance (parameters over
# trace(covariance x Hessian), as tests/model/test_pool.py counts it); less, to be safe: for some parameters it is 0.25.
EFFECTIVE_SHARE = 0.25
MAX_READINGS = 12.0  # readings that one injury counts for, twice the average: one that lasted a year is no ten injuries
SPREADS = np.geomspace(0.01, 1.0, 17)  # how far two sets may lie apart, in log days or log odds
# Scales of the half-Cauchy priors of the spreads: of the days it takes, of how those spread, of what is said, of who is
# picked. That of how the days spread falls like a normal one, too: three injuries that took the same time are no rule.
# A club's injuries may well take half or twice as long and differ less among themselves; that a percentage means
# something else there has to show, for rare scores of a few players weigh more than the worth allows for. The first two
# are the narrowest of those tried with which tests.statistical.pooling is never 0.03 behind the better of own and
# shipped with 60 durations.
SPREAD_PRIOR = np.array([0.5, 0.3, 0.05, 0.05])
_SCALES = 1  # the part of how the days spread
MAX_SHIFT = 5.0  # no parameter of two sets of injuries lies further apart: a factor of 150, in days
ROUNDS, FREE_ROUNDS = 25, 3  # of these rounds, in the later ones a spread may only fall: nothing goes round in circles


@np.errstate(under="ignore")  # whatever the caller has set: next to nothing is nothing
def pool(model: ReturnModel, own: Episodes | pd.DataFrame) -> ReturnModel:
    """Pool a fitted model with a user's injuries.

    Parameters
    ----------
    model : ReturnModel
        Such as the shipped one.
    own : Episodes or DataFrame
        As few as ten will do. Durations, with ``lower``, ``upper`` and ``entry`` as
        :func:`~forecast.durations_from_dates` makes them, move the recovery; episodes move all parts.

    Returns
    -------
    ReturnModel
        With what stands for unknown players as it was in ``model``.

    Raises
    ------
    DataError
        If the durations make no sense or none of them ends, or no reading of the episodes is followed.

    Notes
    -----
    The prior of the parameters is normal around the estimate of ``model``, its covariance that of the estimate plus the
    square of a spread for each parameter (times the standard deviation of its own prior, where that is below 1). There
    is one spread for the days it takes, one for how those spread, one for what is said and one for who is
    picked; together they maximise the marginal likelihood, by Laplace's approximation, times half-Cauchy priors
    (Gelman 2006). The likelihood of episodes is that of :func:`~forecast.fit`, to the power of what readings that
    repeat each other are worth (Pauli et al. 2011).

    Durations are of the curve of the model where nothing is said: over usual weeks, the hazard of recovery times a
    constant. They do not say when in the week they ended, and the hazard of a week comes late in it, so that they are
    read as shorter by that lag.

    References
    ----------
    Gelman A (2006). Prior distributions for variance parameters in hierarchical models. Bayesian Analysis 1, 515-533.

    Pauli F, Racugno W, Ventura L (2011). Bayesian composite marginal likelihoods. Statistica Sinica 21, 149-164.
    """
    instance_of("model", model, ReturnModel, "a model, such as default_model gives", DataError)
    if isinstance(own, Episodes):
        readings = model.covariates.added_to(readings_of(own), own)
        loss = loss_of_episodes(with_proxies(readings, PROXY_WEIGHT), FixturesAfterReturn.of(own))
    else:
        own = frame_of(own, DataError)
        _design(own)  # what is wrong with them, in their own words
        loss = loss_of_durations(model, _design(earlier(own, usual_lag(model))))
    params, covariance = pooled(model.params, model.covariance, loss)
    trained_on = f"{model.trained_on}; pooled with {len(own)} of one's own"
    return replace(model, params=params, covariance=covariance, trained_on=trained_on, optimum=None)


def loss_of_episodes(readings: Readings, later: FixturesAfterReturn) -> Loss:
    """Minus the log-likelihood of readings, and fixtures after the first appearance, to the power of their worth."""
    p = len(priors_with(readings.evidence.covariates))
    of_injury = pd.Series(readings.weight).groupby(readings.table.episode.to_numpy()).transform("sum").to_numpy()
    weight = EFFECTIVE_SHARE * readings.weight * np.minimum(1.0, MAX_READINGS / of_injury)
    until_back = objective(replace(readings, weight=weight), Normal.flat(p))

    def loss(vector: Array) -> tuple[float, Array]:
        (value, gradient), (more, slope) = until_back(vector[:p]), later.loss(vector[p:])
        return value + EFFECTIVE_SHARE * more, np.append(gradient, EFFECTIVE_SHARE * slope)

    return loss


def loss_of_durations(model: ReturnModel, own: Design) -> Loss:
    """Return the negative log-likelihood of hamstring durations, by the curve of the model where nothing is said.

    Over usual weeks its hazard is that of recovery times a constant: the mean speed of the clock, and the chance at a
    kick-off. So the durations are of the survival of recovery to that power, and move its location and its scale.
    """
    names, part = list(model.params.index), "hamstring"
    location, scale = ([names.index(of), names.index(f"{of}.{part}")] for of in ("location", "log_scale"))
    power = usual_speed(model)

    def loss(vector: Array) -> tuple[float, Array]:
        theta = np.array([vector[location].sum(), vector[scale].sum()])
        with np.errstate(all="ignore"):  # where a long step leads, before it is taken back
            value, slope, _ = log_likelihood(own, Proportional(FAMILIES["loglogistic"], power), theta)
        gradient = np.zeros_like(vector)
        gradient[location], gradient[scale] = -slope[0], -slope[1]
        return (-value, gradient) if np.isfinite(value) and np.isfinite(slope).all() else (np.inf, 0.0 * vector)

    return loss


def usual_speed(model: ReturnModel) -> float:
    """Return how much faster than that of recovery the hazard runs over usual weeks, for the players of the fit."""
    theta = by_name(model.params)
    part = np.eye(len(BODY_PARTS))[:1]
    picked = Selection().score(theta, model.players.mean[None], part)
    return float(KickOffs().usual_speed(theta, Said.of([Statement(0.0, 0.0)]), picked)[0, 0])


def usual_lag(model: ReturnModel) -> float:
    """Return by how many days the hazard of a usual week comes later than if it ran evenly, averaged over the week.

    Of its seven days the last two run at the speed near a kick-off, and the kick-off itself ends it.
    """
    near = float(np.exp(model.params["clock.near"]))
    done = 0.5 * 5.0**2 + 2.0 * 5.0 + 0.5 * near * 2.0**2  # hazard so far, summed over the days
    return 3.5 - done / (7.0 * usual_speed(model))


def earlier(durations: pd.DataFrame, days: float) -> pd.DataFrame:
    """Return durations that are shorter by ``days``, but never less than a quarter of what they were."""
    ends = [name for name in ("lower", "upper", "entry") if name in durations]
    return durations.assign(**{name: np.maximum(durations[name] - days, 0.25 * durations[name]) for name in ends})


def pooled(estimate: pd.Series[float], covariance: pd.DataFrame, loss: Loss) -> tuple[pd.Series[float], pd.DataFrame]:
    """Return estimate and covariance, given the loss of injuries that the fit has not seen."""
    names, start, known = estimate.index, np.asarray(estimate, float), covariance.to_numpy()
    heterogeneity = Heterogeneity.of([str(name) for name in names])
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
    after = np.linalg.inv(hessian + prior.precision)
    return pd.Series(vector, names), pd.DataFrame(after, names, names)


@dataclass(frozen=True)
class Heterogeneity:
    """The distance between the parameters of two sets of injuries: a spread for each of a few parts of the model."""

    part: Integers  # of each parameter
    scale: Array  # of each parameter

    @classmethod
    def of(cls, names: Sequence[str] = tuple(PRIORS | AFTER_RETURN)) -> Heterogeneity:
        """Sort the parameters into the parts."""
        added = [name for name in names if name not in PRIORS | AFTER_RETURN]
        priors = priors_with(added) | AFTER_RETURN
        recovery = {name: _SCALES if name.startswith("log_scale") else 0 for name in Recovery().priors}
        own = {name: 0 if name.startswith(f"{RECOVERY}.") else 3 for name in added}
        parts = recovery | own | dict.fromkeys(Selection().priors | AFTER_RETURN, 3)
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
            spreads = tried[int(np.argmax(evidence + _log_prior(part)))]
        return spreads


def _log_prior(part: int) -> Array:
    """Return the log density of each of SPREADS in a part of the model, up to a constant."""
    ratio = (SPREADS / SPREAD_PRIOR[part]) ** 2
    return np.asarray(-np.log1p(ratio) - (0.5 * ratio if part == _SCALES else 0.0))


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
