"""Injuries drawn from a model: what might have happened to players like those of some tables.

The day a player is fit is drawn from the curve of silence, and his first appearance from the chance of being picked.
After it he may be hurt again: a relapse is an injury like any other, in what is left of the calendar of the one before.
:mod:`.statements` draws what is read of him meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import pandas as pd
from scipy import special

from ..arrays import Array
from ..episodes.episodes import EPISODES, Episodes
from ..episodes.load import checked
from ..episodes.relapses import YEAR
from ..evidence.grid import lay_out
from ..evidence.readings import readings_of
from ..factors.course import Course
from ..factors.covariates import Covariates
from ..factors.parameters import Parameters
from ..factors.selection import after_return
from ..io.errors import DataError
from ..io.fields import instance_of
from ..outlook.relapse import RelapseRisk, exposure, out_again
from ..terms import BODY_PARTS
from .joint import Passage
from .relapse import RelapseFit
from .setting import Fate, Setting, settings_of
from .statements import Library, draw_statements

_DAYS = np.arange(YEAR + 1.0)  # since a return, on which the risk is laid out
Risks = Mapping[str, RelapseRisk]  # by body part; of the others nobody is hurt again


@dataclass(frozen=True)
class Spell:
    """An injury drawn, and the minutes of each fixture; NaN where they are not followed."""

    setting: Setting
    fate: Fate
    minutes: Array


def simulate(
    theta: Parameters,
    like: Episodes,
    n: int,
    rng: np.random.Generator,
    covariates: Covariates,
    relapse: RelapseFit | None = None,
) -> Episodes:
    """Draw ``n`` injuries whose settings are those of injuries of ``like``, each once as far as they go.

    Without ``relapse`` nobody is hurt again. With it each relapse is one of the ``n``, right after the injury before
    (the last of all may lack the one that follows it), and settings are those of injuries that were no relapse.
    """
    instance_of("episodes_like", like, Episodes, EPISODES, DataError)
    first = like if relapse is None else like.where(~_are_relapses(like.episodes))
    careers = _careers(theta, settings_of(first, n, rng, covariates), _risks(relapse), rng)
    spells = list(chain.from_iterable(careers))[:n]
    settings = [s.setting.numbered(k) for k, s in enumerate(spells, 1)]
    games = [{"episode": k, "day": s.setting.kickoffs, "minutes": s.minutes} for k, s in enumerate(spells, 1)]
    fixtures = pd.concat(map(pd.DataFrame, games), ignore_index=True)
    said = draw_statements(theta, settings, [s.fate for s in spells], Library.of(readings_of(like)), rng)
    injuries = pd.DataFrame([s.injury for s in settings]).set_axis(like.episodes.columns, axis=1)
    return checked({"episodes": injuries, "fixtures": fixtures, "bulletins": said[like.bulletins.columns]})


def _are_relapses(injuries: pd.DataFrame) -> pd.Series[bool]:
    return injuries.previous_episode.isin(injuries.episode) & (injuries.days_since_previous <= YEAR)


def _risks(relapse: RelapseFit | None) -> Risks:
    """Return the risk of each body part at the estimate."""
    if relapse is None:
        return {}
    sure = replace(relapse, covariance=0.0 * relapse.covariance)
    risks = {part: sure.risk(part, None, draws=1, seed=0) for part in BODY_PARTS}
    return {part: risk for part, risk in risks.items() if risk is not None}


def _careers(
    theta: Parameters, settings: Sequence[Setting], risks: Risks, rng: np.random.Generator
) -> list[list[Spell]]:
    """Draw what becomes of each injury, followed by the relapse after it, the relapse after that, and so on."""
    fates = _fates(theta, settings, rng)
    careers = [[Spell(s, f, _minutes(theta, s, f, risks, rng))] for s, f in zip(settings, fates, strict=True)]
    again = np.array([_hurt_again(s, f, risks, rng) for s, f in zip(settings, fates, strict=True)])
    hurt = np.flatnonzero(np.isfinite(again)).tolist()
    if hurt:
        later = _careers(theta, [settings[k].after(again[k], fates[k]) for k in hurt], risks, rng)
        for k, relapses in zip(hurt, later, strict=True):
            careers[k][0].minutes[settings[k].kickoffs > again[k]] = relapses[0].minutes
            careers[k] += relapses
    return careers


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
    return special.expit(np.repeat(usual, fixtures, axis=1))


def _minutes(theta: Parameters, setting: Setting, fate: Fate, risks: Risks, rng: np.random.Generator) -> Array:
    """Draw the minutes of each fixture as if nobody was hurt again; whoever appears plays 90.

    The learned rate after the return holds relapses: of those who are not out by one it is higher.
    """
    kickoffs, part = setting.kickoffs, setting.injury.body_part
    usual = after_return(theta, setting.traits[None], np.zeros(len(kickoffs)))[0]
    if part in risks and np.isfinite(fate.appears):
        out = out_again(risks[part], np.maximum(kickoffs - fate.appears, 0.0), np.zeros((1, 1)))[0]
        usual = np.minimum(usual / (1.0 - out), 1.0)
    plays = (kickoffs == fate.appears) | ((kickoffs > fate.appears) & (rng.uniform(size=len(kickoffs)) < usual))
    return np.where(setting.followed, np.where(plays, 90.0, 0.0), np.nan)


def _hurt_again(setting: Setting, fate: Fate, risks: Risks, rng: np.random.Generator) -> float:
    """Draw the day of a relapse, in the match of the return or in the year after it; inf if none while followed."""
    part, before = setting.injury.body_part, int(setting.injury.days_since_previous <= YEAR)
    if part not in risks or not np.isfinite(fate.appears):
        return np.inf
    risk = risks[part]
    days = 0.0
    if rng.uniform() > risk.in_match[0, before]:
        spent = risk.rate[0, before] * exposure(_DAYS, risk.excess, risk.decay)[0]
        days = np.interp(rng.exponential(), spent, _DAYS, right=np.inf)
    day = fate.appears + float(days)
    return day if day < setting.kickoffs[setting.followed].max() else np.inf
