"""The posterior of one case, for every draw of the parameters: one product on a grid of days, and its sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import Array
from ..evidence.grid import Evidence
from ..evidence.open_case import OpenCase
from ..evidence.situation import Statement
from ..io.errors import CaseError, Problem
from ..survival.families import FAMILIES
from .bulletins import Dates, Kinds, RuledOut
from .factor import total
from .parameters import Parameters
from .players import Players
from .recovery import Pull, Recovery
from .selection import Selection, after_return


@dataclass(frozen=True)
class Posterior:
    """The probabilities of one case under each of d draws of the parameters.

    Attributes
    ----------
    days : ndarray, shape (e,)
        Days since onset.
    p_fit : ndarray, shape (d, e)
        Probability that he is fit by then.
    returns : ndarray, shape (d, v, f)
        Probability that he is a player of sort v and that each fixture ahead is that of his first appearance.
    after_return : ndarray, shape (d, v)
        Probability that he appears in a later fixture once he has appeared.
    """

    days: Array
    p_fit: Array
    returns: Array
    after_return: Array

    @property
    def p_returns(self) -> Array:
        """Probability that each fixture is that of the first appearance, shape (d, f)."""
        return np.asarray(self.returns.sum(axis=1))

    @property
    def p_plays(self) -> Array:
        """Probability that the player appears in each fixture, shape (d, f)."""
        before = np.cumsum(self.returns, axis=2) - self.returns
        return np.asarray((self.returns + before * self.after_return[:, :, None]).sum(axis=1))


def posterior(
    family: str, theta: Parameters, case: OpenCase, players: Players, sources: Mapping[str, Parameters]
) -> Posterior:
    """Multiply what each factor says of each day, normalise, and turn days into fixtures.

    Parameters
    ----------
    family : str
    theta : mapping
        Arrays of shape (d, 1, 1).
    case : OpenCase
    players : Players
        To average over, where the case does not say how much he played or in which position.
    sources : mapping
        Parameters of the sources that have been calibrated by themselves, for their statements.
    """
    weights = average_players(weights_of_days(family, theta, case, sources), case, players)
    p_fit = np.column_stack([np.zeros(len(weights)), np.minimum(np.cumsum(weights, axis=1), 1.0)])
    return with_selection(theta, p_fit, case, players)


def weights_of_days(family: str, theta: Parameters, case: OpenCase, sources: Mapping[str, Parameters]) -> Array:
    """Return the log weight of each cell, shape (d, n, m), for the n positions that the player may have."""
    silent = case.evidence
    log_weight = total((Recovery(FAMILIES[family]), Pull()), theta, silent)
    for statement in case.statements:
        log_weight = log_weight + _said(sources.get(statement.source, theta), silent, statement)
    return log_weight


def average_players(log_weight: Array, case: OpenCase, players: Players) -> Array:
    """Average over the positions that the player may have, and normalise; shape (d, m).

    What is not known is averaged over before normalising: who is still out is more often of the slower sort.

    Raises
    ------
    CaseError
        If what was said leaves no day on which he can be fit.
    """
    positions = [1.0] if case.forward is not None else [1.0 - players.forward, players.forward]
    top = log_weight.max(axis=(1, 2), keepdims=True)
    if not np.isfinite(top).all():
        raise CaseError([Problem("bulletins", "what was said", "must leave a day on which he can be fit")])
    weight = np.einsum("dnm,n->dm", np.exp(log_weight - top), positions)
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def with_selection(theta: Parameters, p_fit: Array, case: OpenCase, players: Players) -> Posterior:
    """Turn the distribution of the day of fitness, ``p_fit`` of shape (d, e), into first appearances."""
    silent, (logit, weight) = case.evidence, players.like(case.case)
    fixtures, missed = int(silent.known[0]), int(silent.missed[0])
    # Column g: T in the gap before fixture g, or after the last one.
    by_gap = np.diff(p_fit[:, np.searchsorted(silent.gap[0], np.arange(fixtures + 2))], axis=1)
    returns, still_out = Selection().first_appearances(theta, logit, by_gap, missed)
    of_each = weight / (still_out @ weight)[:, None]
    return Posterior(silent.edges[0], p_fit, returns * of_each[:, :, None], after_return(theta, logit))


def _said(theta: Parameters, silent: Evidence, s: Statement) -> Array:
    """Log-likelihood of a statement, were T in each cell."""

    def standing(until: float) -> Evidence:
        one = {"seen": s.seen, "code": s.code, "age": s.age, "expected": s.expected, "until": until}
        return replace(silent, **{name: np.array([value]) for name, value in one.items()})

    log_likelihood = total((Kinds(), Dates()), theta, standing(-np.inf))
    if np.isfinite(s.until):
        # A date and a "ruled out" of one source are one statement. The latter speaks for the days before its end, but
        # never makes them likelier than the date alone would.
        both = total((Kinds(), Dates(), RuledOut()), theta, standing(s.until))
        log_likelihood = np.minimum(log_likelihood, both)
    if s.likelihood is not None:
        log_likelihood = log_likelihood + _own(s.likelihood, silent.days - s.seen)
    return log_likelihood


def _own(likelihood: Callable[[Array], Array], remaining: Array) -> Array:
    """Log of a likelihood that the user gave."""
    value = np.asarray(likelihood(np.maximum(remaining, 0.0)), float)
    if value.shape != remaining.shape or not (np.isfinite(value) & (value >= 0)).all() or not (value > 0).any():
        allowed = "must be one number a day, finite, not negative, not all zero"
        raise CaseError([Problem("likelihood", value.tolist(), allowed)])
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(value))


def stacked(parts: Sequence[Posterior]) -> Posterior:
    """The draws of several families as one."""
    return Posterior(
        parts[0].days,
        *(np.concatenate([getattr(p, name) for p in parts]) for name in ("p_fit", "returns", "after_return")),
    )
