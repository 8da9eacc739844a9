"""Measure the worth of each ingredient of the model: the score without it, on seasons left out."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd
import scipy  # and its optimize only when something is fitted: it takes as long to load as this package

from ..arrays import Array
from ..episodes.episodes import Episodes
from ..evidence.readings import Readings, readings_of, with_proxies
from ..model.fit import PROXY_WEIGHT
from ..model.joint import Joint
from ..scoring.bootstrap import clustered_mean
from ..scoring.scores import brier_within, log_score
from ..terms import FLAG_KINDS
from .held_out import returns, split
from .origins import origins_of
from .tasks import run_tasks

FAMILY = "loglogistic"  # the one that counts most; the difference an ingredient makes hardly depends on it


@dataclass(frozen=True)
class Without:
    """Left-out ingredient: parameters held at a value, others held equal, or readings not learned from."""

    held: Mapping[str, float] = field(default_factory=dict)
    tied: tuple[str, ...] = ()
    proxies: bool = True


_KINDS = tuple(f"kind.{kind}" for kind in FLAG_KINDS)
_NO_DATE = {"date.width": 2.0, "date.vague": 20.0, "date.early": 0.0}  # the vague part, flat, drowns the peak
INGREDIENTS: dict[str, Without] = {
    "nothing": Without(),
    "all that was said": Without({**dict.fromkeys(_KINDS, 0.0), "kind.age": 0.0, **_NO_DATE}),
    "the expected date": Without(_NO_DATE),
    "the kinds of flag, all as one": Without(tied=_KINDS),
    "25, 50 and 75 told apart": Without(tied=_KINDS[2:]),
    "the age of a statement": Without({"kind.age": 0.0}),
    "the pull of fixtures": Without({"pull": 0.0}),
    "forwards": Without({"forward": 0.0}),
    "minutes before the injury": Without({"picked.minutes": 0.0}),
    "the first fixture after recovery": Without({"picked.first": 0.0}),
    "players picked more than shows": Without({"picked.log_spread": -8.0}),
    "readings as if nothing had been said": Without(proxies=False),
}


def ingredients(episodes: Episodes, executor: Executor | None = None) -> pd.DataFrame:
    """Leave out one ingredient of the model at a time, and one season at a time, and score the forecasts.

    Parameters
    ----------
    episodes, executor
        As in :func:`~forecast.backtest`.

    Returns
    -------
    DataFrame, one row an ingredient
        ``log_score``, ``brier_next``, ``brier_three`` without it; ``difference``, by how much the log score is worse
        than with it, its standard error ``se`` and its 95% interval, ``low`` to ``high``, by resampling players. Of one
        family of recovery, log-logistic.
    """
    parts = [split(episodes, season) for season in episodes.seasons()]
    tasks = [partial(forecast_without, without, *part) for without in INGREDIENTS.values() for part in parts]
    done = run_tasks(tasks, executor, "ingredients")
    origins = [origins_of(test) for _, test in parts]
    returned, known = (np.concatenate([getattr(o, name) for o in origins]) for name in ("returned", "known"))
    player = np.concatenate([o.table.player for o in origins])
    rows, reference = [], np.zeros(len(player))
    for i, name in enumerate(INGREDIENTS):
        p = np.concatenate(done[i * len(parts) : (i + 1) * len(parts)])
        log = log_score(p, returned, known)
        reference = log if i == 0 else reference
        worse = clustered_mean(log - reference, player)
        next_, three = (float(np.nanmean(brier_within(p, returned, known, k))) for k in (1, 3))
        rows.append((name, float(log.mean()), next_, three, worse.mean, worse.se, worse.low, worse.high))
    columns = ["without", "log_score", "brier_next", "brier_three", "difference", "se", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def forecast_without(without: Without, train: Episodes, test: Episodes) -> Array:
    """Return ``p_returns`` of the origins of some injuries, by a model without an ingredient, fitted to others."""
    readings = readings_of(train)
    readings = with_proxies(readings, PROXY_WEIGHT) if without.proxies else readings
    asked = origins_of(test)
    return np.where(np.isnan(asked.ahead), np.nan, returns(Joint(FAMILY), _fit(without, readings), asked))


def _fit(without: Without, readings: Readings) -> dict[str, Array]:
    """Find the estimate in the space of parameters that is left."""
    joint = Joint(FAMILY)
    names, loss = list(joint.priors), joint.objective(readings)
    means = np.array([prior.mean for prior in joint.priors.values()])
    basis = np.array([[_moves(without, free, name) for free in names] for name in names], float)
    basis = basis[:, basis.any(axis=0)]
    base = np.array([without.held.get(name, mean) for name, mean in zip(names, means, strict=True)])

    def restricted(z: Array) -> tuple[float, Array]:
        value, gradient = loss(base + basis @ z)
        return value, basis.T @ gradient

    found = scipy.optimize.minimize(
        restricted, np.zeros(basis.shape[1]), jac=True, method="BFGS", options={"gtol": 0.1}
    )
    return dict(zip(names, base + basis @ found.x, strict=True))


def _moves(without: Without, free: str, name: str) -> bool:
    """Tell whether a free parameter moves the one of this name: itself, or all those tied to it."""
    if free in without.held or free in without.tied[1:]:
        return False
    return name == free or (free in without.tied and name in without.tied)
