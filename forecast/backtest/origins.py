"""Moments of the past at which a forecast is made, with what came of them: what a backtest forecasts and scores."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from ..arrays import Array, Integers, Mask
from ..episodes.episodes import Episodes
from ..evidence.grid import Evidence
from ..evidence.readings import Readings, readings_of
from ..terms import HORIZON

NOT_SEEN = -1


@dataclass(frozen=True)
class Origins:
    """Readings as they looked on the day, beside what was seen later.

    What a forecaster may use of the origins it forecasts: ``now``, ``ahead``, ``count``, ``promised``, ``before``,
    ``appearance_rate`` and ``evidence``. The rest, outcomes, it may use of those it learns from.

    Attributes
    ----------
    episodes : Episodes
        The injuries the origins are of.
    table : DataFrame
        ``episode``, ``player``, ``season``, ``day``, ``flagged`` of each row, and the interval, ``lower`` to
        ``upper``, in which he was seen to become fit.
    ahead : ndarray, shape (n, 6)
        Kick-offs of the next fixtures within 60 days, in days since onset; NaN where there are fewer.
    count, known : ndarray of int, shape (n,)
        How many of those there are, and for how many it is known whether he appeared.
    returned : ndarray of int, shape (n,)
        Index of his first appearance among the known; :data:`NOT_SEEN` where there is none.
    promised : ndarray, shape (n,)
        The expected date as the flag gave it, even one that had passed; NaN where it gave none.
    before : ndarray, shape (n,)
        His team's last kick-off by then; 0, the onset, where there was none.
    appearance_rate : ndarray, shape (n,)
        Of his team's fixtures before the injury, those he appeared in; shrunk by a little more than a fixture.
    readings : Readings
        What the model learns from, in the same order.
    """

    episodes: Episodes
    table: pd.DataFrame
    ahead: Array
    count: Integers
    known: Integers
    returned: Integers
    promised: Array
    before: Array
    appearance_rate: Array
    readings: Readings

    def __len__(self) -> int:
        return len(self.table)

    @property
    def now(self) -> Array:
        """Days since onset."""
        return self.table.day.to_numpy(float)

    @property
    def evidence(self) -> Evidence:
        """The evidence at each origin, in the form in which the model reads it."""
        return self.readings.evidence

    @property
    def days(self) -> Array:
        """Ends of the pieces of time of the evidence, in days since onset, shape (n, q + 1)."""
        return self.evidence.pieces.ends

    def blind(self) -> Origins:
        """Return the same without anything that came later: what somebody else's forecaster is shown."""
        n, readings = len(self), self.readings
        never, nobody = np.zeros(n, bool), np.zeros_like(readings.inside)
        known = self.table[["episode", "player", "season", "day", "flagged"]]
        nothing = replace(
            readings, misses=self.evidence.missed.copy(), appeared=never, inside=nobody, never=never, table=known
        )
        return replace(
            self,
            episodes=self.episodes.where(self.episodes.episodes.episode.isin([])),
            table=known,
            known=np.zeros(n, np.intp),
            returned=np.full(n, NOT_SEEN),
            readings=nothing,
        )

    def take(self, rows: Integers | Mask) -> Origins:
        """Select origins, in the order of ``rows``, or those for which a mask is true."""
        rows = np.arange(len(self))[rows]
        table, readings = self.table.iloc[rows].reset_index(drop=True), self.readings.take(rows)
        names = [f.name for f in fields(self) if f.name not in ("episodes", "table", "readings")]
        return replace(self, table=table, readings=readings, **{name: getattr(self, name)[rows] for name in names})


def origins_of(episodes: Episodes, cleared: bool = False) -> Origins:
    """List every reading of a flag, or of a clearance, before the return that is followed to a next fixture."""
    readings = readings_of(episodes)
    readings = readings.take(np.flatnonzero(readings.table.flagged.to_numpy() != cleared))
    evidence, table = readings.evidence, readings.table
    count = evidence.known - evidence.missed
    place = evidence.missed[:, None] + np.arange(HORIZON)
    width = evidence.fixtures.shape[1]
    kickoffs = np.take_along_axis(evidence.fixtures, np.minimum(place, width - 1), axis=1)
    passed = np.column_stack([evidence.before, evidence.fixtures])  # first those missed since the last flag
    player = episodes.episodes.set_index("episode").loc[table.episode]
    appearance_rate = (player.appearances_before + 2.0) / (player.fixtures_before + 3.0)
    return Origins(
        episodes=episodes,
        table=table,
        ahead=np.where(np.arange(HORIZON) < count[:, None], kickoffs, np.nan),
        count=count,
        known=table.followed.to_numpy(np.intp),
        returned=np.where(readings.appeared, readings.misses - evidence.missed, NOT_SEEN),
        promised=table.promised.to_numpy(float),
        before=np.take_along_axis(passed, evidence.missed[:, None], axis=1)[:, 0],
        appearance_rate=appearance_rate.to_numpy(float),
        readings=readings,
    )
