"""The players of a fit, who stand for what a case does not say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..arrays import Array
from ..case.case import Case
from ..evidence.situation import minutes_logit

_NEIGHBOURS = 3  # players of the fit who stand for one of whom only the appearances are known
_NODES = 5  # and for one of whom nothing is


@dataclass(frozen=True)
class Players:
    """The players of a fit, for what a case does not say.

    Attributes
    ----------
    minutes_logit : ndarray, shape (v,)
        How much they played before the injury, see :func:`~forecast.evidence.odds_of`.
    appearance_rate : ndarray, shape (v,)
        Of their team's fixtures before the injury, those they appeared in.
    forward : float
        How many of them are forwards, from 0 to 1.
    """

    minutes_logit: Array
    appearance_rate: Array
    forward: float

    def like(self, case: Case) -> tuple[Array, Array]:
        """Return the logits of those who stand for the player of a case, and their weights, each of shape (v,).

        Of himself alone; of players who appeared as often where his minutes are not known; of a few who stand for all.
        """
        if case.fixtures_before is not None and case.minutes_before is not None:
            return np.array([minutes_logit(case.minutes_before, case.fixtures_before)]), np.ones(1)
        if case.fixtures_before and case.appearances_before is not None:
            distance = np.abs(self.appearance_rate - case.appearances_before / case.fixtures_before)
            nearest = self.minutes_logit[np.argsort(distance, kind="stable")[:_NEIGHBOURS]]
            return nearest, np.full(len(nearest), 1.0 / len(nearest))
        return self._few

    @cached_property
    def _few(self) -> tuple[Array, Array]:
        """The Gauss quadrature of the distribution of the logits: polynomials up to degree nine keep their mean."""
        logit = self.minutes_logit
        nodes = min(_NODES, len(np.unique(logit)))
        orthonormal = np.linalg.qr(np.vander(logit - logit.mean(), nodes, increasing=True))[0]
        logits, vectors = np.linalg.eigh(orthonormal.T @ (logit[:, None] * orthonormal))
        return logits, vectors[0] ** 2
