"""Fit the return model to past injuries."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..episodes.episodes import Episodes
from ..evidence.readings import players_of, readings_of, with_proxies
from ..io.errors import DataError, Problem
from ..io.limits import MAX_DRAWS
from .after_return import fit_after_return
from .joint import fit_joint
from .relapse import fit_relapse
from .return_model import ReturnModel

PROXY_WEIGHT = 0.25  # of a reading that is learned from as if nothing had been said


@np.errstate(under="ignore")
def fit(episodes: Episodes, seed: int = 1, draws: int = 700) -> ReturnModel:
    """Fit recovery, selection and bulletins jointly to past injuries.

    Parameters
    ----------
    episodes : Episodes
        Of one body part or of several: what a flag, a date or a manager's choice means is learned from all of them.
    seed, draws : int
        Of the parameter draws behind the bands.

    Returns
    -------
    ReturnModel

    Raises
    ------
    DataError
        If the injuries are of fewer than two players, none of them was followed, or the draws are too many.
    """
    if episodes.episodes.player.nunique() < 2:
        raise DataError([Problem("player", "one player", "must be at least two", file="episodes.csv")])
    if not 0 < draws <= MAX_DRAWS:
        raise DataError.of("draws", draws, f"must be 1 to {MAX_DRAWS}")
    readings = with_proxies(readings_of(episodes), PROXY_WEIGHT)
    fitted, (after, spread) = fit_joint(readings, progress=True), fit_after_return(episodes)
    params = pd.concat([fitted.params, after])
    covariance = pd.DataFrame(0.0, index=params.index, columns=params.index)
    for block in (fitted.covariance, spread):
        covariance.loc[block.index, block.index] = block
    seasons = episodes.seasons()
    return ReturnModel(
        params=params,
        covariance=covariance,
        players=players_of(episodes),
        longest_seen=float(np.quantile(readings.table.day, 0.99)),
        seed=seed,
        draws=draws,
        trained_on=f"{len(episodes)} injuries, {seasons[0]} to {seasons[-1]}",
        relapse=fit_relapse(episodes),
    )
