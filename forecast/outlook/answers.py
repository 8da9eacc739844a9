"""The answers to single questions about an outlook: a day, a date, a number of matches, each draw."""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from pandas.api.typing import NaTType

from ..arrays import Array
from ..case.case import Case
from ..evidence.open_case import OpenCase
from ..factors.posterior import Posterior
from ..io.errors import CaseError
from ..io.fields import Time, count_of, days_between, fraction, utc
from .choices import HasRelapses, choices_of
from .tables import bands, curve_table, draws_table, p_misses

_AHEAD = "the fixtures ahead"


class HasDraws(HasRelapses, Protocol):
    """A model that gives the draws behind its forecasts, and the risk of a relapse."""

    def posterior(self, now: OpenCase) -> Posterior:
        """Return every probability of a case, for every draw of the parameters."""


class Answers:
    """The part of :class:`forecast.Outlook` that is worked out of its draws when it is asked for."""

    case: Case
    level: float
    fixtures: pd.DataFrame
    model: HasDraws
    now: OpenCase

    choices = choices_of

    @property
    def curve(self) -> pd.DataFrame:
        """``when``, ``p_fit``, ``p_fit_low``, ``p_fit_high`` at moments from ``as_of`` to two years later."""
        return self._curve.copy()

    @cached_property
    def _curve(self) -> pd.DataFrame:
        return curve_table(self.now, self._posterior, self.level)

    def p_fit_by(self, when: Time) -> float:
        """Return the probability that the player is fit by a moment; a bare date ends at 23:59:59.

        Raises
        ------
        CaseError
            If it is later than two years after ``as_of``.
        """
        moment, last = utc(when), self._curve.when.iloc[-1]
        if moment > last:
            raise CaseError.of("when", str(when), f"must not be after {last}")
        asked = days_between(self.case.as_of, moment)
        return float(-np.expm1(-np.interp(asked, self._days, _cumulative_hazard(self._curve.p_fit))))

    def fit_date(self, p: float = 0.5) -> pd.Timestamp | NaTType:
        """Return when the player is fit with probability ``p``; NaT where that is more than two years after ``as_of``.

        Raises
        ------
        CaseError
            If ``p`` is not between 0 and 1.
        """
        p, reached = fraction("p", p), self._curve.p_fit.to_numpy()
        i = int(np.searchsorted(reached, p))
        if i == len(reached):
            return pd.NaT
        if i == 0:
            return self.case.as_of
        day = np.interp(_cumulative_hazard(p), _cumulative_hazard(reached[i - 1 : i + 1]), self._days[i - 1 : i + 1])
        return self.case.as_of + pd.Timedelta(days=float(day))

    def p_misses(self, at_least: int, of: int) -> float:
        """Return the probability that the player misses at least ``at_least`` of the next ``of`` fixtures.

        Raises
        ------
        CaseError
            If there are not so many fixtures.
        """
        of, at_least = count_of("of", of, len(self.fixtures), _AHEAD), count_of("at_least", at_least, 1000, "matches")
        return p_misses(self._posterior, at_least, of)

    def expected_missed(self, of: int | None = None) -> float:
        """Expected number of matches missed among the next ``of`` fixtures, or among all of them."""
        of = count_of("of", len(self.fixtures) if of is None else of, len(self.fixtures), _AHEAD)
        return float((1.0 - self.fixtures.p_plays.iloc[:of]).sum())

    def returns(self) -> pd.DataFrame:
        """Return the probability that each fixture is the one of the return, and that it is none of them.

        Returns
        -------
        DataFrame
            ``fixture``, ``kickoff``, ``p`` (first appearance), ``low``, ``high``; the last row is "later", without a
            kick-off. ``p`` adds up to 1.
        """
        f = self.fixtures[["fixture", "kickoff", "p_returns", "p_returns_low", "p_returns_high"]]
        none = 1.0 - self._posterior.returns.sum(axis=1, keepdims=True)
        later = pd.DataFrame({"fixture": "later", **bands({"p_returns": none}, self.level)})
        return pd.concat([f, later], ignore_index=True).set_axis(["fixture", "kickoff", "p", "low", "high"], axis=1)

    def draws(self) -> pd.DataFrame:
        """Return the draws of the parameters behind the bands, and what each says of each fixture.

        Returns
        -------
        DataFrame
            A row for each draw and fixture: ``draw``, numbered from 0, ``fixture``, ``p_fit``, ``p_plays``,
            ``p_returns``. Their means are the probabilities of :attr:`fixtures`.
        """
        return draws_table(self.now, self._posterior)

    @property
    def _days(self) -> Array:
        """Days after ``as_of`` of the points of the curve."""
        return np.asarray((self._curve.when - self.case.as_of) / pd.Timedelta(days=1), float)

    @cached_property
    def _posterior(self) -> Posterior:
        """The draws behind the tables, day by day; they are large, and made when they are asked for."""
        return self.model.posterior(self.now.day_by_day())


def _cumulative_hazard(p_fit: ArrayLike) -> Array:
    """Return what rises evenly between two points of the curve, as the hazard is level there."""
    return np.asarray(-np.log(np.maximum(1.0 - np.asarray(p_fit), 1e-300)))
