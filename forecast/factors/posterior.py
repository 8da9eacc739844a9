"""The posterior of one case, for every draw of the parameters: one passage through the days ahead, and its sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from scipy import special

from ..arrays import Array
from ..evidence.grid import Evidence, Said
from ..evidence.open_case import OpenCase, RuledOut
from ..evidence.players import Players
from ..evidence.situation import Statement
from ..io.errors import CaseError
from .bulletins import log_likelihood
from .course import Course, Curve, KickOffHazard, reweighted
from .covariates import Columns
from .kick_offs import Atoms, KickOffs, with_atoms
from .parameters import Parameters
from .recovery import Recovery
from .selection import Selection, after_return, first_appearances

# A player who is ruled out until a day is fit before it in three of a hundred cases: a stated constant, for the data
# have no such statement. It is what a club's word deserves; a promised date is kept far less often. Nobody has counted
# them, so that nine in ten draws lie between one in a hundred and six: our judgement.
FIT_BEFORE, _LOG_SPREAD = 0.03, 0.45
_TINY = 1e-300


@dataclass(frozen=True)
class Posterior:
    """The probabilities of one case under each of d draws of the parameters.

    Attributes
    ----------
    days : ndarray, shape (e,)
        Days since onset; a kick-off stands there twice, before and after it.
    p_fit : ndarray, shape (d, e)
        Probability that he is fit by then.
    returns : ndarray, shape (d, f)
        Probability that each fixture ahead is that of his first appearance.
    after_return : ndarray, shape (d, f)
        Probability that he appears in each fixture, if he has appeared in one before.
    """

    days: Array
    p_fit: Array
    returns: Array
    after_return: Array

    @property
    def p_plays(self) -> Array:
        """Probability that the player appears in each fixture, shape (d, f)."""
        before = np.cumsum(self.returns, axis=1) - self.returns
        return np.asarray(self.returns + before * self.after_return)


def fit_before(draws: int, seed: int) -> Array:
    """Draw the share of those ruled out until a day who are fit before it, shape (draws, 1): FIT_BEFORE on average."""
    place = (np.random.default_rng(seed).permutation(draws) + 0.5) / draws
    shares = np.exp(_LOG_SPREAD * special.ndtri(place))
    return np.asarray(FIT_BEFORE * shares[:, None] / shares.mean())


def posterior(
    theta: Parameters,
    case: OpenCase,
    players: Players,
    sources: Mapping[str, Parameters],
    covariates: Columns = MappingProxyType({}),
) -> Posterior:
    """Let the hazard of a case run through its pieces of time, and turn days into fixtures.

    Parameters
    ----------
    theta : mapping
        Arrays of shape (d, 1); ``fit_before`` as :func:`fit_before` draws it.
    case : OpenCase
    players : Players
        For what the case does not say of the player.
    sources : mapping
        Parameters of the sources that have been calibrated by themselves, for their statements.
    covariates : mapping of ndarray, shape (1,)
        Those that the case gives, standardised.

    Raises
    ------
    CaseError
        If what was said leaves no day on which he can be fit.
    """
    (traits, spread), evidence = players.like(case.situation.traits), case.evidence
    if covariates:
        evidence = replace(evidence, covariates=covariates)
    selection = Selection()
    picked = selection.score(theta, traits[None], evidence.part, evidence.covariates)
    hazard = _hazard(theta, case, evidence, picked, sources)
    course = Course.of(np.broadcast_to(hazard, (len(picked), hazard.shape[1])))
    by_gap, atoms = _by_fixture(course, evidence)
    missed = int(evidence.missed[0])
    run = selection.runs(theta, picked, atoms.shape[1], selection.variance(theta, spread))
    returns, out = first_appearances(run, by_gap, atoms, missed)
    returns = returns / np.maximum(out, _TINY)[:, None]
    p_fit = np.column_stack([np.zeros(len(picked)), 1.0 - course.after])
    later = after_return(theta, traits[None], evidence.scope[0, missed:])
    return Posterior(evidence.pieces.ends[0], p_fit, returns, later)


def _hazard(
    theta: Parameters, case: OpenCase, evidence: Evidence, picked: Array, sources: Mapping[str, Parameters]
) -> Array:
    """Return the hazard of each piece, shape (d, q), held down in the days that are ruled out."""
    spoken = [(s, sources.get(s.source, theta)) for s in case.statements]
    hazard = _flow(theta, evidence, picked, spoken)
    if not case.ruled_out:
        return hazard
    silent = _flow(theta, evidence, picked) if spoken else hazard
    for ruled_out in case.ruled_out:
        within = evidence.pieces.ends[:, 1:] <= ruled_out.until
        most = _most(theta, evidence, ruled_out)
        hazard = np.where(within, np.minimum(np.minimum(hazard, silent), most), hazard)
    return hazard


def _most(theta: Parameters, evidence: Evidence, ruled_out: RuledOut) -> Array:
    """Return the hazard of each piece by which ``fit_before`` are fit until the end of the ruling out.

    It goes with that of recovery and leaves nothing for the kick-offs themselves: no fixture has a part in it.
    """
    ends = np.concatenate([evidence.pieces.ends[0], [ruled_out.since, ruled_out.until]])
    total = Recovery().cumulative(theta, evidence.part, np.maximum(ends, 0.0))
    whole = np.maximum(total[:, -1:] - total[:, -2:-1], _TINY)
    return np.asarray(-np.log1p(-theta["fit_before"]) * np.diff(total[:, :-2], axis=1) / whole)


def _flow(
    theta: Parameters, evidence: Evidence, picked: Array, spoken: Sequence[tuple[Statement, Parameters]] = ()
) -> Array:
    """Return the hazard of each piece, by recovery and what each source says of it.

    Likelihoods multiply. Log odds of appearing at a kick-off add up, those of percentages for it on average, and so
    does what a low one holds the hazard down by until then.
    """
    said = [(Said.of([s]), of) for s, of in spoken]
    kick_offs, silence = KickOffs(), Said.of([Statement(0.0, 0.0)])
    curve = _learned(theta, evidence, said)
    if any(s.likelihood is not None for s, _ in spoken):
        # A likelihood that is not learned is of the day itself, to which the clock and the kick-offs run faster.
        power = kick_offs.usual_speed(theta, silence, picked)
        curve = reweighted(curve, _not_learned(spoken, evidence.days), power)
    if not (curve.weight.max(axis=1) > 0.0).all():
        raise CaseError.of("bulletins", "what was said", "must leave a day on which he can be fit")
    run_by, log_hazard = curve.between(evidence.pieces), KickOffHazard.of(curve, evidence).log_hazard
    silent = odds = kick_offs.odds(theta, Atoms.of(evidence, silence), picked, log_hazard)
    speaking = [(one, Atoms.of(evidence, one), of) for one, of in said if one.flagged.any()]
    # Of percentages for one match the mean counts, so that each raises it and the same said twice is no surer.
    percentages = [1.0 - atoms.rest for _, atoms, _ in speaking]
    crowd, held = np.maximum(sum(percentages, np.zeros(1)), 1.0), np.zeros(evidence.fixtures.shape[1] + 1)
    for (one, atoms, of), percentage in zip(speaking, percentages, strict=True):
        moved = kick_offs.odds(of, atoms, picked, log_hazard) - silent
        odds = odds + moved * (1.0 - percentage + percentage / crowd)
        held[:-1] += one.log_held * (percentage / crowd)[0]  # until each fixture; after the last nothing is held
    speed = kick_offs.speed(theta, evidence, speaking[0][0] if speaking else silence, picked)
    return with_atoms(speed * run_by, odds, evidence) * np.exp(held[evidence.pieces.gap])


def _learned(theta: Parameters, evidence: Evidence, said: Sequence[tuple[Said, Parameters]]) -> Curve:
    """Return the curve of recovery and of the learned likelihoods of what was said."""
    learned = [log_likelihood(of, one, evidence.days) for one, of in said]
    return Curve.of(Recovery().survival(theta, evidence), sum(learned[1:], learned[0]) if learned else None)


def _not_learned(spoken: Sequence[tuple[Statement, Parameters]], days: Array) -> Array:
    """Return the log of the product of the likelihoods that the user gave or named, shape (1, m + 1)."""
    given = [s.likelihood(np.maximum(days - s.since, 0.0)) for s, _ in spoken if s.likelihood is not None]
    with np.errstate(divide="ignore"):  # of days that are ruled out
        return np.asarray(np.sum(np.log(given), axis=0))


def _by_fixture(course: Course, evidence: Evidence) -> tuple[Array, Array]:
    """Return the probability of becoming fit in the gap before each fixture or after the last, and at each kick-off."""
    pieces, f = evidence.pieces, evidence.fixtures.shape[1]
    between = np.ones(pieces.gap.shape[1])
    between[pieces.kickoff[0]] = 0.0
    by_gap = course.mass @ ((pieces.gap[0][:, None] == np.arange(f + 1)) * between[:, None])
    if not evidence.cleared[0]:
        by_gap[:, -1] += course.after[:, -1]
    return by_gap, course.mass[:, pieces.kickoff[0]] * pieces.reached[0]
