"""Injuries drawn from a model: what might have happened to players like those of some tables.

The day a player is fit is drawn from the curve of silence, and his first appearance from the chance of being picked;
:mod:`.statements` draws what is read of him meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import special

from ..arrays import Array
from ..episodes.episodes import EPISODES, Episodes
from ..episodes.load import checked
from ..evidence.grid import lay_out
from ..evidence.readings import readings_of
from ..factors.course import Course
from ..factors.covariates import Covariates
from ..factors.parameters import Parameters
from ..factors.selection import after_return
from ..io.errors import DataError
from ..io.fields import instance_of
from .joint import Passage
from .setting import Fate, Setting, settings_of
from .statements import Library, draw_statements


def simulate(theta: Parameters, like: Episodes, n: int, rng: np.random.Generator, covariates: Covariates) -> Episodes:
    """Draw ``n`` injuries whose settings are those of injuries of ``like``, each once as far as they go."""
    settings = settings_of(instance_of("episodes_like", like, Episodes, EPISODES, DataError), n, rng, covariates)
    fates = _fates(theta, settings, rng)
    fixtures = pd.concat([_fixtures(theta, *one, rng) for one in zip(settings, fates, strict=True)], ignore_index=True)
    said = draw_statements(theta, settings, fates, Library.of(readings_of(like)), rng)
    injuries = pd.DataFrame([s.injury for s in settings]).set_axis(like.episodes.columns, axis=1)
    return checked({"episodes": injuries, "fixtures": fixtures, "bulletins": said[like.bulletins.columns]})


def _fates(theta: Parameters, settings: Sequence[Setting], rng: np.random.Generator) -> list[Fate]:
    """Draw when each player is fit, and in which fixture he appears first."""
    starts = [s.readings[0] for s in settings]
    ahead = [s.kickoffs[s.kickoffs > start] for s, start in zip(settings, starts, strict=True)]
    evidence = lay_out([s.situation(d, a, s.readings[1:]) for s, d, a in zip(settings, starts, ahead, strict=True)])
    passage, pieces, n = Passage.of(theta, evidence), evidence.pieces, len(settings)
    mass = Course.of(passage.hazard).mass
    piece = (np.cumsum(mass, axis=1) < rng.uniform(size=(n, 1))).sum(axis=1)
    ends = np.column_stack([pieces.ends, np.full(n, np.inf)])[np.arange(n)[:, None], piece[:, None] + [0, 1]]
    at_kickoff = (pieces.kickoff == piece[:, None]) & pieces.reached
    chance = _picked(theta, passage.picked, rng, evidence.fixtures.shape[1])
    luck = rng.uniform(size=evidence.fixtures.shape)
    fates = []
    for k, kickoffs in enumerate(ahead):
        fit, standing = ends[k].mean(), bool(at_kickoff[k].any())
        later = kickoffs[kickoffs >= fit]
        appears = later[:1] if standing else later[luck[k, : len(later)] < chance[k, : len(later)]]
        fates.append(Fate(fit, standing, float(appears.min(initial=np.inf))))
    return fates


def _picked(theta: Parameters, score: Array, rng: np.random.Generator, fixtures: int) -> Array:
    """Return the chance to be picked for each fixture from recovery on, given what does not show of a player."""
    usual = score + np.exp(theta["picked.log_spread"]) * rng.standard_normal(score.shape)
    first = usual + theta["picked.first"]
    return special.expit(np.column_stack([first, np.repeat(usual, fixtures - 1, axis=1)]))


def _fixtures(theta: Parameters, setting: Setting, fate: Fate, rng: np.random.Generator) -> pd.DataFrame:
    """Return the rows of ``fixtures.csv``; whoever appears plays 90 minutes."""
    kickoffs = setting.kickoffs
    again = after_return(theta, setting.traits[:1], np.zeros(len(kickoffs)))[0]
    plays = (kickoffs == fate.appears) | ((kickoffs > fate.appears) & (rng.uniform(size=len(kickoffs)) < again))
    minutes = np.where(setting.followed, np.where(plays, 90.0, 0.0), np.nan)
    return pd.DataFrame({"episode": setting.injury.episode, "day": kickoffs, "minutes": minutes})
