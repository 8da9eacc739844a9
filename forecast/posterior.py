"""From what is known to probabilities, for every draw of the parameters: one product on a grid of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .bulletins import Dates, Kinds, RuledOut
from .evidence import lay_out
from .families import FAMILIES, Array
from .parts import Parameters, Pull, Recovery, normalised
from .selection import Selection, again
from .standing import Standing

# Half days for six weeks, when fixtures are close and the news is fresh, then ever wider, to two years and beyond.
STEPS = np.concatenate(
    [np.arange(0.0, 45.0, 0.5), np.arange(45.0, 120.0, 1.5), np.geomspace(120.0, 731.0, 40), [1500.0, 4000.0]]
)


@dataclass(frozen=True)
class Posterior:
    """What one case looks like under each of d draws of the parameters.

    Attributes
    ----------
    days : ndarray, shape (e,)
        Days since onset.
    p_fit : ndarray, shape (d, e)
        Probability that he is fit by then.
    returns : ndarray, shape (d, v, f)
        Probability that he is a player of sort v and that each fixture ahead is that of his first appearance.
    again : ndarray, shape (d, v)
        Probability that he appears in a later fixture once he has appeared.
    """

    days: Array
    p_fit: Array
    returns: Array
    again: Array

    @property
    def p_returns(self) -> Array:
        """Probability that each fixture is that of his first appearance, shape (d, f)."""
        return np.asarray(self.returns.sum(axis=1))

    @property
    def p_plays(self) -> Array:
        """Probability that he appears in each fixture, shape (d, f)."""
        before = np.cumsum(self.returns, axis=2) - self.returns
        return np.asarray((self.returns + before * self.again[:, :, None]).sum(axis=1))


def posterior(family: str, theta: Parameters, case: Standing, players: Array) -> Posterior:
    """Multiply what each part says of each day, and normalise.

    Parameters
    ----------
    family : str
    theta : mapping
        Arrays of shape (d, 1, 1).
    case : Standing
    players : ndarray, shape (v,)
        Log odds of appearing of the players to average over, where those of the case are not known.
    """
    silent = lay_out([case.situation], STEPS)
    log_weight = sum(part.log_weight(theta, silent) for part in (Recovery(FAMILIES[family]), Pull()))
    for s in case.statements:
        said = replace(
            silent,
            seen=np.array([s.seen]), code=np.array([s.code]), expected=np.array([s.expected]), until=np.array([s.until]),
        )  # fmt: skip
        # A date and a "ruled out" of one source are one statement. The latter speaks for the days before its end, but
        # never makes them likelier than the date alone would.
        alone = sum(
            part.log_weight(theta, replace(said, until=np.array([-np.inf]))) for part in (Kinds(), Dates())
        )
        both = sum(part.log_weight(theta, said) for part in (Kinds(), Dates(), RuledOut()))
        log_weight = log_weight + np.minimum(alone, both)
        if s.likelihood is not None:
            log_weight = log_weight + s.likelihood(silent.days - s.seen)
    weight = normalised(log_weight)[:, 0, :]

    odds = players if np.isnan(case.situation.odds) else np.array([case.situation.odds])
    fixtures, missed = int(silent.known[0]), int(silent.missed[0])
    # Column g: T in the gap before fixture g, or after the last one.
    by_gap = np.stack([weight[:, silent.gap[0] == g].sum(axis=1) for g in range(fixtures + 1)], axis=1)[
        :, None, :
    ]
    run = Selection().runs(theta, odds, fixtures)
    passed_over = _runs_end(by_gap, run.probability(appeared=False), missed) + by_gap[:, :, missed + 1 :].sum(
        axis=2
    )
    returns = [_runs_end(by_gap, run.probability(appeared=True), k) for k in range(missed, fixtures)]
    total = passed_over.sum(axis=1)[:, None, None]
    days = silent.edges[0]
    p_fit = np.column_stack([np.zeros(len(weight)), np.minimum(np.cumsum(weight, axis=1), 1.0)])
    return Posterior(days, p_fit, np.stack(returns, axis=2) / total, again(theta, odds))


def _runs_end(by_gap: Array, chance: Array, fixture: int) -> Array:
    """Probability that the run of fixtures he was fit for and missed ends before ``fixture`` as ``chance`` says.

    ``by_gap`` has shape (d, 1, f + 1), ``chance`` (d, v, f + 1) by length of the run; the result (d, v).
    """
    upto = by_gap[:, :, : fixture + 1]
    return np.asarray((upto * chance[:, :, fixture::-1]).sum(axis=2))


def stacked(parts: Sequence[Posterior]) -> Posterior:
    """The draws of several families as one."""
    return Posterior(
        parts[0].days,
        *(np.concatenate([getattr(p, name) for p in parts]) for name in ("p_fit", "returns", "again")),
    )
