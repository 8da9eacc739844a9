"""Fit the return model to past injuries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import numpy as np
import pandas as pd
import scipy  # and its linalg only when something is fitted

from ..episodes.episodes import EPISODES, Episodes
from ..evidence.readings import players_of, readings_of, with_proxies
from ..factors.covariates import Covariates
from ..factors.parameters import Prior
from ..factors.selection import AFTER_RETURN
from ..io.errors import DataError, Problem
from ..io.fields import instance_of, whole_of
from ..io.limits import MAX_DRAWS, MAX_SEED
from ..wording import counted
from . import joint, relapse
from .after_return import fit_after_return
from .joint import fit_joint
from .relapse import fit_relapse
from .return_model import ReturnModel

PROXY_WEIGHT = 0.25  # of a reading that is learned from as if nothing had been said


@np.errstate(under="ignore")  # whatever the caller has set: next to nothing is nothing
def fit(
    episodes: Episodes,
    seed: int = 1,
    draws: int = 400,
    *,
    priors: Mapping[str, tuple[float, float]] | None = None,
    covariates: Sequence[str] | Mapping[str, Sequence[str]] = (),
) -> ReturnModel:
    """Fit recovery, selection and bulletins jointly to past injuries.

    Parameters
    ----------
    episodes : Episodes
        Of one body part or of several: what a flag, a date or a manager's choice means is learned from all of them.
    seed, draws : int
        Of the parameter draws behind the bands.
    priors : mapping, optional
        Mean and standard deviation of the normal prior of any parameter, by its name in
        :meth:`ReturnModel.parameters`, in place of the one listed there.
    covariates : list of str, or dict, optional
        Columns of ``episodes.csv``, numbers or blank, that are added to recovery, as a log hazard ratio; or
        ``{"recovery": [...], "selection": [...]}``, where those of selection are log odds ratios of being picked. Each
        is centred and divided by its standard deviation; the prior of its effect is N(0, 0.5). What is blank, and what
        ``Case(covariates={...})`` leaves out, counts as average.

    Returns
    -------
    ReturnModel

    Raises
    ------
    DataError
        If the injuries are of fewer than two players, none of them was followed, the draws are too many, a prior is
        of no parameter or none of a mean and a positive standard deviation, or a covariate is no column, not numeric
        or the same for all.

    Examples
    --------
    >>> import forecast as fc
    >>> fc.fit(fc.load_episodes(), priors={"date.erly": (-2.0, 1.0)})
    Traceback (most recent call last):
    forecast.io.errors.DataError: priors: 'date.erly'; must be a parameter, such as date.early
    """
    instance_of("episodes", episodes, Episodes, EPISODES, DataError)
    if episodes.episodes.player.nunique() < 2:
        raise DataError.of("player", "one player", "must be at least two", file="episodes.csv")
    draws, seed = whole_of("draws", draws, 1, MAX_DRAWS), whole_of("seed", seed, 0, MAX_SEED)
    added = Covariates.of(episodes, covariates)
    parts = joint.priors_with(added.centres), AFTER_RETURN, relapse.PRIORS
    own = checked_priors({} if priors is None else priors, [name for part in parts for name in part])
    of_joint, of_after, of_relapse = ({n: own.get(n, prior) for n, prior in part.items()} for part in parts)
    readings = with_proxies(added.added_to(readings_of(episodes), episodes), PROXY_WEIGHT)
    fitted, (after, spread) = fit_joint(readings, None, True, of_joint), fit_after_return(episodes, of_after)
    params = pd.concat([fitted.params, after])
    covariance = pd.DataFrame(scipy.linalg.block_diag(fitted.covariance, spread), params.index, params.index)
    seasons = episodes.seasons()
    return ReturnModel(
        params=params,
        covariance=covariance,
        players=players_of(episodes),
        longest_seen=float(np.quantile(readings.table.day, 0.99)),
        seed=seed,
        draws=draws,
        trained_on=f"{counted(len(episodes), 'injury')}, {seasons[0]} to {seasons[-1]}",
        relapse=fit_relapse(episodes, of_relapse),
        optimum=fitted.optimum,
        priors=own,
        covariates=added,
    )


def checked_priors(priors: Mapping[str, tuple[float, float]], names: Sequence[str]) -> dict[str, Prior]:
    """Return the priors that a user gives of parameters ``names``; an error with a line for each that is none."""
    if not isinstance(priors, Mapping):
        raise DataError.of("priors", priors, "must be a dict: of a mean and a standard deviation by parameter")
    problems, found = [], {}
    for name, given in priors.items():
        if name not in names:
            near = get_close_matches(str(name), names, 1, 0.0)[0]
            problems.append(Problem("priors", name, f"must be a parameter, such as {near}"))
            continue
        try:
            mean, sd = map(float, given)
        except (TypeError, ValueError):
            mean = sd = np.nan
        if not (np.isfinite(mean) and 0.0 < sd < np.inf):
            problems.append(Problem("priors", given, "must be a mean and a standard deviation above 0", entry=name))
        found[name] = Prior(mean, sd)
    if problems:
        raise DataError(problems)
    return found
