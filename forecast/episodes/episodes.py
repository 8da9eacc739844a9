"""Past injuries as three tidy tables, turned into durations.

The columns are described in ``data/premier_league/README.md``. All times are days since the onset of the injury.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from ..io.errors import DataError
from ..terms import BODY_PARTS, TABLES

EPISODES = "Episodes, such as load_episodes gives"  # as an error says it


@dataclass(frozen=True, eq=False)
class Episodes:
    """Injuries, the fixtures that followed, and what was publicly known: three tables, checked.

    Attributes
    ----------
    episodes : DataFrame
        One row an injury.
    fixtures : DataFrame
        His team's league fixtures after onset, in order.
    bulletins : DataFrame
        What was publicly known at each reading, in order.
    """

    episodes: pd.DataFrame
    fixtures: pd.DataFrame
    bulletins: pd.DataFrame

    def __len__(self) -> int:
        return len(self.episodes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Episodes) and all(getattr(self, name).equals(getattr(other, name)) for name in TABLES)

    __hash__ = object.__hash__

    def durations(self, body_part: str | None = None) -> pd.DataFrame:
        """Days from onset until fit, as far as the readings tell, with the covariates of each episode.

        Parameters
        ----------
        body_part : str, optional
            The durations of these injuries alone, as :meth:`of` selects them; of all where it is left out.

        Returns
        -------
        DataFrame, one row an episode
            ``lower``, the last reading at which he stood flagged; ``upper``, the first at which the flag was
            gone or the kick-off in which he appeared, whichever came first (inf where neither came, he is
            right-censored); ``entry``, his first reading (left truncation: an injury that came and went
            between two readings is not in the tables); then the columns of ``episodes``. In days since onset.

        Examples
        --------
        >>> import forecast as fc
        >>> durations = fc.load_episodes().durations()
        >>> durations[["episode", "lower", "upper", "entry"]].head(3)
           episode  lower  upper  entry
        0        1  65.42  70.34   2.43
        1        2   0.82   4.01   0.82
        2        3   3.81   7.00   3.81
        """
        if body_part is not None:
            return self.of(body_part).durations()
        ends = self._ends
        table = pd.DataFrame({"lower": ends.lower, "upper": ends.upper, "entry": ends.entry}).reset_index()
        return table.merge(self.episodes, on="episode", validate="one_to_one")

    def seasons(self) -> list[str]:
        """The seasons of the onsets, in order."""
        return sorted(self.episodes.season.unique())

    def where(self, chosen: pd.Series[bool]) -> Episodes:
        """The episodes for which ``chosen``, a mask over the rows of ``episodes``, is true."""
        kept, tables = self.episodes.episode[chosen], (getattr(self, name) for name in TABLES)
        return Episodes(*(table[table.episode.isin(kept)].reset_index(drop=True) for table in tables))

    def of(self, body_part: str) -> Episodes:
        """Select the injuries of one body part, with their fixtures and bulletins.

        Parameters
        ----------
        body_part : str
            ``hamstring``, ``thigh``, ``calf``, ``groin`` or ``muscle``.

        Returns
        -------
        Episodes

        Raises
        ------
        DataError
            If it is none of these.

        Examples
        --------
        >>> import forecast as fc
        >>> len(fc.load_episodes().of("hamstring"))
        687
        """
        if not isinstance(body_part, str) or body_part not in BODY_PARTS:
            raise DataError.of("body_part", body_part, f"must be one of {', '.join(BODY_PARTS)}")
        return self.where(self.episodes.body_part == body_part)

    @cached_property
    def _ends(self) -> pd.DataFrame:
        flagged, cleared = self.bulletins.kind != "available", self.bulletins.kind == "available"
        readings = self.bulletins[flagged].groupby("episode").day
        lifted = self.bulletins[cleared].groupby("episode").day.min()
        ends = pd.DataFrame({"lower": readings.max(), "entry": readings.min()}).reindex(self.episodes.episode)
        ends["upper"] = pd.concat([lifted, first_appearances(self.fixtures)], axis=1).min(axis=1)
        return ends.fillna({"upper": np.inf})


def first_appearances(fixtures: pd.DataFrame) -> pd.Series[float]:
    """Return the day of the first appearance after each injury that has one, by ``episode``."""
    return fixtures[fixtures.minutes > 0].groupby("episode").day.min()
