"""The settings that injuries are drawn in: who is hurt, which fixtures follow, and when the feed is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..arrays import Array, Mask, each_row
from ..episodes.episodes import Episodes
from ..evidence.readings import players_of, rows_by_episode, traits_at
from ..evidence.situation import Situation, Statement
from ..factors.covariates import Covariates
from ..terms import BODY_PARTS

_READ_ON = 14.0  # days after the last fixture that is followed, up to which the tables have readings


@dataclass(frozen=True)
class Setting:
    """An injury of the tables without its outcome: the player, the fixtures and the readings.

    Attributes
    ----------
    injury, first : tuple
        The row of ``episodes.csv``, and the first one of ``bulletins.csv``.
    kickoffs, readings : ndarray
        Days since onset.
    followed : ndarray of bool
        Whether it is known of each fixture if the player appeared.
    traits : ndarray, shape (t,)
    covariates : mapping of float
        Standardised, by the name of their parameter.
    """

    injury: Any
    first: Any
    kickoffs: Array
    followed: Mask
    readings: Array
    traits: Array
    covariates: Mapping[str, float]

    def situation(self, day: float, ahead: Array, cuts: Array) -> Situation:
        """Return the player out at a day, nothing having been said."""
        return Situation(
            now=day,
            low=day,
            high=np.inf,
            missed=np.empty(0),
            ahead=ahead,
            before=self.kickoffs[self.kickoffs <= day].max(initial=0.0),
            traits=self.traits,
            statement=Statement(0.0, 0.0),
            part=BODY_PARTS.index(self.injury.body_part),
            cuts=cuts,
            covariates=self.covariates,
        )

    def after(self, day: float, fate: Fate) -> Setting:
        """Return the setting of a relapse at a day: the same player, and what is left of fixtures and readings."""
        left = self.kickoffs > day
        of_match = "match" if day == fate.appears else "reported"
        return replace(
            self,
            injury=self.injury._replace(onset=of_match, days_since_previous=day, previous_episode=self.injury.episode),
            first=self.first._replace(first_word_day=0.0),
            kickoffs=self.kickoffs[left] - day,
            followed=self.followed[left],
            readings=self.readings[self.readings > day] - day,
        )

    def numbered(self, key: int) -> Setting:
        """Return it with a key; a relapse has the next one to that of the injury before."""
        previous = key - 1 if self.injury.previous_episode > 0 else np.nan
        return replace(self, injury=self.injury._replace(episode=key, previous_episode=previous))


@dataclass(frozen=True)
class Fate:
    """The day a player is fit, and the kick-off of his first appearance; inf where neither comes.

    With ``standing`` they are the same: he appears with the flag still standing.
    """

    fit: float
    standing: bool
    appears: float


def settings_of(like: Episodes, n: int, rng: np.random.Generator, covariates: Covariates) -> list[Setting]:
    """Choose injuries and forget what came of them; the same player drawn again is another one."""
    games = {key: (of.day.to_numpy(), of.minutes.notna().to_numpy()) for key, of in like.fixtures.groupby("episode")}
    said = rows_by_episode(like.bulletins)
    injuries, players = list(each_row(like.episodes)), players_of(like)
    columns = covariates.of_episodes(like)
    order = np.concatenate([rng.permutation(len(like)) for _ in range(-(-n // len(like)))])[:n]
    settings = []
    for k, index in enumerate(order):
        injury, (kickoffs, followed) = injuries[index], games[injuries[index].episode]
        bulletins = said[injury.episode]
        traits = players.filled(traits_at(injury, bulletins[0])[None])[0]
        readings = _readings(np.array([b.day for b in bulletins]), kickoffs, followed, rng)
        player = injury.player + (k // len(like)) * (like.episodes.player.max() + 1)
        injury = injury._replace(episode=k + 1, player=player, previous_episode=np.nan)
        known = {str(name): float(value) for name, value in columns.loc[injuries[index].episode].items()}
        settings.append(Setting(injury, bulletins[0], kickoffs, followed, readings, traits, known))
    return settings


def _readings(days: Array, kickoffs: Array, followed: Mask, rng: np.random.Generator) -> Array:
    """Return the readings there were, and one between every two fixtures after them, as if the injury had gone on."""
    last = kickoffs[followed].max(initial=days[0]) + _READ_ON
    ends = np.concatenate([days[-1:], kickoffs[(kickoffs > days[-1]) & (kickoffs < last)], [max(last, days[-1])]])
    more = rng.uniform(ends[:-1], ends[1:])
    return np.concatenate([days, more])
