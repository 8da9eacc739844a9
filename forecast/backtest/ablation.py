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
from ..model.joint import PRIORS, JointFit, fit_joint, objective
from ..scoring.bootstrap import clustered_mean
from ..scoring.scores import scores_of
from ..terms import BODY_PARTS, FLAG_KINDS
from .held_out import p_returns, split
from .origins import origins_of
from .tasks import run_tasks


@dataclass(frozen=True)
class Without:
    """Left-out ingredient: parameters held at a value, others held equal, or readings not learned from."""

    held: Mapping[str, float] = field(default_factory=dict)
    tied: tuple[tuple[str, ...], ...] = ()
    proxies: bool = True


_KINDS, _STANDS = ([f"{of}.{kind}" for kind in FLAG_KINDS] for of in ("kind", "kickoff"))
_ROUND = [name for name in PRIORS if name.startswith("last_round")]
_EVE = {"kickoff.eve": 0.0}
_DATE = {"date.early": -20.0, "date.late": -20.0, "date.power": -20.0}
INGREDIENTS: dict[str, Without] = {
    "nothing": Without(),
    "the expected date": Without(
        _DATE, tied=(("kickoff.expected", "kickoff.due"), ("kickoff.later", "kickoff.later_due"))
    ),
    "the kinds of flag, all as one": Without(_EVE, tied=(tuple(_KINDS), tuple(_STANDS))),
    "25, 50 and 75 told apart": Without(_EVE, tied=(tuple(_KINDS[2:]), tuple(_STANDS[2:]))),
    "percentages told apart by the hours to kick-off": Without(_EVE),
    "what was given for the round before": Without(dict.fromkeys(_ROUND, 0.0)),
    "lack of match fitness": Without({"match_fitness": 0.0}),
    "the clock": Without({"clock.near": 0.0}),
    "kick-offs told apart by the gap before": Without({"kickoff.gap": 0.0}),
    "kick-offs told apart by the player": Without({"kickoff.picked": 0.0}),
    "body parts": Without(dict.fromkeys([n for n in PRIORS if n.rsplit(".")[-1] in BODY_PARTS], 0.0)),
    "minutes before the injury": Without({"picked.minutes": 0.0, "picked.year": 0.0}),
    "position": Without({"picked.goalkeeper": 0.0, "picked.defender": 0.0, "picked.forward": 0.0}),
    "price and ownership": Without({"picked.price": 0.0, "picked.owned": 0.0}),
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
        than with it, its standard error ``se`` and its 95% interval, ``low`` to ``high``, by resampling players.
    """
    parts = [split(episodes, season) for season in episodes.seasons()]
    done = run_tasks([partial(forecast_without_each, *part) for part in parts], executor, "seasons")
    origins = [origins_of(test) for _, test in parts]
    returned, known = (np.concatenate([getattr(o, name) for o in origins]) for name in ("returned", "known"))
    player = np.concatenate([o.table.player for o in origins])
    rows, reference = [], np.zeros(len(player))
    for i, name in enumerate(INGREDIENTS):
        scores = scores_of(np.concatenate([season[i] for season in done]), returned, known)
        reference = scores["log_score"] if i == 0 else reference
        worse = clustered_mean(scores["log_score"] - reference, player)
        means = {score: np.nanmean(values) for score, values in scores.items()}
        ends = {"difference": worse.mean, "se": worse.se, "low": worse.low, "high": worse.high}
        rows.append({"without": name, **means, **ends})
    return pd.DataFrame(rows)


def forecast_without_each(train: Episodes, test: Episodes) -> list[Array]:
    """Return ``p_returns`` of the origins of some injuries, by models without one ingredient each, fitted to others."""
    asked, silent = origins_of(test), readings_of(train)
    readings = with_proxies(silent, PROXY_WEIGHT)
    fitted = fit_joint(readings)
    chances = [
        p_returns(_refit(without, readings if without.proxies else silent, fitted), asked)
        for without in INGREDIENTS.values()
    ]
    return [np.where(np.isnan(asked.ahead), np.nan, chance) for chance in chances]


def _refit(without: Without, readings: Readings, fitted: JointFit) -> dict[str, Array]:
    """Find the estimate in the space of parameters that is left, from that in the whole of it."""
    names, loss = list(PRIORS), objective(readings)
    whole = fitted.params.to_numpy()
    basis = np.array([[_moves(without, free, name) for free in names] for name in names], float)
    basis = basis[:, basis.any(axis=0)]
    held = np.array([without.held.get(name, 0.0) for name in names])
    start = np.linalg.lstsq(basis, whole - held)[0]
    # In coordinates in which the Hessian of the whole is the identity the first step is nearly Newton's.
    root = np.linalg.inv(np.linalg.cholesky(basis.T @ fitted.hessian @ basis)).T

    def restricted(x: Array) -> tuple[float, Array]:
        value, gradient = loss(held + basis @ (start + root @ x))
        return value, root.T @ (basis.T @ gradient)

    found = scipy.optimize.minimize(restricted, np.zeros(len(start)), jac=True, method="BFGS", options={"gtol": 0.05})
    return dict(zip(names, held + basis @ (start + root @ found.x), strict=True))


def _moves(without: Without, free: str, name: str) -> bool:
    """Tell whether a free parameter moves the one of this name: itself, or all those tied to it."""
    group = next((tied for tied in without.tied if free in tied), (free,))
    return free not in without.held and free == group[0] and name in group
