"""The return model: recovery, selection and bulletins together; fit, forecast, save, load."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .case import Case
from .episodes import Episodes
from .errors import CaseError, DataError, Problem
from .evidence import odds_of
from .families import Array
from .joint import Joint, JointFit, curvature, fit_joint, settle
from .outlook import Outlook
from .parts import Parameters
from .posterior import Players, Posterior, posterior, stacked
from .readings import Readings, readings_of, with_proxies
from .selection import fit_again
from .shipped import data_folder
from .standing import Standing, standing
from .tables import outlook_tables
from .writing import write_text

SCHEMA = 1
AVERAGED = ("lognormal", "loglogistic", "weibull")
LEAGUE = "Premier League"  # what the shipped data are of
PROXY_WEIGHT = 0.25  # of a reading that is learned from as if something else had been said
_PLAYERS = 21  # of the fit, evenly spaced in how much they played, who stand for all of them


@dataclass(frozen=True)
class ReturnModel:
    """A fitted model of the return from a hamstring injury.

    Attributes
    ----------
    fits : tuple of JointFit
        Every parameter, once for each family of recovery.
    weights : Series
        How much each family counts; they sum to 1.
    players : Players
        Those of the fit, for what a case does not say.
    longest : float
        Days since onset that all but one in a hundred of the readings of the fit lie within.
    seed, draws : int
        Of the parameter draws that make the bands; they are made anew from the covariance.
    trained_on : str
        What it was fitted to.
    sources : dict of ReturnModel
        By source, the model that its statements are read with; those of other sources are read as the official feed.
    """

    fits: tuple[JointFit, ...]
    weights: pd.Series[float]
    players: Players
    longest: float
    seed: int
    draws: int
    trained_on: str
    sources: dict[str, ReturnModel] = field(default_factory=dict)

    def forecast(self, case: Case, level: float = 0.9) -> Outlook:
        """Forecast one case.

        Parameters
        ----------
        case : Case
        level : float
            Probability that a band is meant to hold.

        Returns
        -------
        Outlook

        Raises
        ------
        CaseError
            If the bulletins contradict each other, or the level is no probability.
        """
        if not 0.0 < level < 1.0:
            raise CaseError([Problem("level", level, "must be above 0 and below 1")])
        now = standing(case)
        return Outlook(case=case, level=level, model=self, notes=(*now.notes, *self._unlike(now)),
                       **outlook_tables(case, now, self.posterior(now), level))  # fmt: skip

    def forecast_many(self, cases: Iterable[Case], level: float = 0.9) -> list[Outlook]:
        """Forecast many cases; the same as :meth:`forecast` of each."""
        return [self.forecast(case, level) for case in cases]

    def posterior(self, now: Standing) -> Posterior:
        """Every probability of a case, for every draw of the parameters."""
        parts = []
        for i, (fitted, theta) in enumerate(zip(self.fits, self._thetas, strict=True)):
            if count := len(theta["pull"]):
                sources = {name: model._draws(i, count) for name, model in self.sources.items()}
                parts.append(posterior(fitted.family, theta, now, self.players, sources))
        return stacked(parts)

    def with_source(self, name: str, model: ReturnModel) -> ReturnModel:
        """The same model, with the statements of one source read as ``model`` reads them.

        Parameters
        ----------
        name : str
            The ``source`` of the bulletins.
        model : ReturnModel
            Fitted by :func:`fit` to injuries whose ``bulletins.csv`` is what that source said.
        """
        return replace(self, sources={**self.sources, name: model})

    def save(self, path: str | Path) -> None:
        """Write the model as JSON: estimate, covariance and seed, from which the draws are made anew."""
        write_text(path, json.dumps(self._record()) + "\n")

    def _record(self) -> dict[str, Any]:
        players = {
            "odds": self.players.odds.tolist(),
            "share": self.players.share.tolist(),
            "forward": self.players.forward,
        }
        fits = [
            {
                "family": f.family,
                "weight": float(weight),
                "params": f.params.to_dict(),
                "covariance": f.covariance.to_numpy().tolist(),
            }
            for f, weight in zip(self.fits, self.weights, strict=True)
        ]
        return {
            "schema": SCHEMA,
            "trained_on": self.trained_on,
            "seed": self.seed,
            "draws": self.draws,
            "players": players,
            "longest": self.longest,
            "fits": fits,
            "sources": {name: model._record() for name, model in self.sources.items()},
        }

    @cached_property
    def _thetas(self) -> list[Parameters]:
        """Draws of the parameters: as many of each family as its weight says, so that a band spans the families too."""
        ends = np.rint(np.cumsum(self.weights.to_numpy()) * self.draws).astype(int)
        return [self._draws(i, count) for i, count in enumerate(np.diff(ends, prepend=0))]

    def _draws(self, i: int, count: int) -> Parameters:
        """Draws of the parameters of the i-th family, each of shape (count, 1, 1)."""
        fitted = self.fits[i]
        normal = np.random.default_rng([self.seed, i]).standard_normal((count, len(fitted.params)))
        values = fitted.params.to_numpy() + normal @ np.linalg.cholesky(fitted.covariance.to_numpy()).T
        return {str(name): values[:, k, None, None] for k, name in enumerate(fitted.params.index)}

    def _unlike(self, now: Standing) -> list[str]:
        """Where a case is unlike the data."""
        notes = []
        foreign = {f.competition: None for f in now.case.ahead() if f.competition not in (None, LEAGUE)}
        if foreign:
            names = ", ".join(str(name) for name in foreign)
            notes.append(f"The data are of the {LEAGUE}; how players return in {names} may differ.")
        sources = {s.source for s in now.statements if s.likelihood is None} - set(self.sources)
        if len(sources) > 1:
            names = ", ".join(sorted(sources))
            notes.append(f"Read as the official feed, for want of data of their own: {names}.")
        if now.situation.now > self.longest:
            notes.append(f"He has been out longer than nearly all players of the data ({self.longest:.0f} days).")
        return notes


def fit(episodes: Episodes, seed: int = 1, draws: int = 4000) -> ReturnModel:
    """Fit recovery, selection and bulletins jointly to past injuries.

    Parameters
    ----------
    episodes : Episodes
    seed, draws : int
        Of the parameter draws behind the bands.

    Returns
    -------
    ReturnModel

    Notes
    -----
    One fit for each family of recovery. Their weights maximise the probability that the mixture gave to what happened
    in each season, fitted to the other seasons (stacking; Yao et al. 2018, Bayesian Analysis 13, 917-1003).
    """
    readings = with_proxies(readings_of(episodes), PROXY_WEIGHT)
    fits: list[JointFit] = []
    for family in AVERAGED:
        fits.append(fit_joint(family, readings, start=fits[0].params if fits else None))
    seasons = episodes.seasons()
    own = readings.table.flagged & (readings.weight == 1.0)
    held_out = np.column_stack([left_out_seasons(f, readings)[own] for f in fits])
    after = fit_again(episodes)
    return ReturnModel(
        fits=tuple(_joined(f, *after) for f in fits),
        weights=pd.Series(stack(np.exp(held_out)), index=AVERAGED, name="weight"),
        players=_players(episodes.episodes),
        longest=float(readings.table.day.quantile(0.99)),
        seed=seed,
        draws=draws,
        trained_on=f"{len(episodes)} injuries, {seasons[0]} to {seasons[-1]}",
    )


def left_out_seasons(fitted: JointFit, readings: Readings) -> Array:
    """Log-probability of the first appearance after each reading, by the fit to the other seasons; shape (n,)."""
    joint = Joint(fitted.family)
    names, start = list(joint.priors), np.asarray(fitted.params, float)
    hessian = curvature(joint.objective(readings), start)
    result = np.empty(len(readings.table))
    for season in readings.table.season.unique():
        held = (readings.table.season == season).to_numpy()
        rest = readings.take(np.flatnonzero(~held))
        theta = dict(zip(names, settle(joint.objective(rest), start, hessian, tolerance=1e-3), strict=True))
        result[held] = joint.log_score(theta, readings.take(np.flatnonzero(held)))
    return result


def stack(probability: Array) -> Array:
    """Weights on the simplex that maximise the mean log of the mixture, by EM: it is concave, so they are the ones.

    ``probability`` has shape (n, families).
    """
    weights = np.full(probability.shape[1], 1.0 / probability.shape[1])
    for _ in range(10_000):
        share = probability * weights
        new = (share / share.sum(axis=1, keepdims=True)).mean(axis=0)
        if np.abs(new - weights).max() < 1e-9:
            break
        weights = new
    return np.asarray(new)


def load_model(path: str | Path) -> ReturnModel:
    """Read a model that :meth:`ReturnModel.save` wrote.

    Raises
    ------
    DataError
        If it is not such a file.
    """
    path = Path(path)
    try:
        record = json.loads(path.read_text("utf-8"))
        if record["schema"] != SCHEMA:
            raise DataError([Problem("schema", record["schema"], f"must be {SCHEMA}", file=path.name)])
        return _from_record(record)
    except DataError:
        raise
    except OSError as error:
        raise DataError(
            [Problem("", error.strerror or str(error), "must be a file that can be read", file=path.name)]
        ) from None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise DataError([Problem("", str(error), "must be a model that save wrote", file=path.name)]) from None


@cache
def default_model() -> ReturnModel:
    """The shipped fit, ``data/model.json``: that of ``fc.fit(fc.load_episodes())``."""
    return load_model(data_folder() / "model.json")


def _from_record(record: dict[str, Any]) -> ReturnModel:
    fits, weights, players = [], {}, record["players"]
    for entry in record["fits"]:
        params = pd.Series(entry["params"], dtype=float)
        covariance = pd.DataFrame(entry["covariance"], index=params.index, columns=params.index, dtype=float)
        np.linalg.cholesky(covariance.to_numpy())  # a ValueError where it is no covariance
        fits.append(JointFit(entry["family"], params, covariance))
        weights[entry["family"]] = float(entry["weight"])
    return ReturnModel(
        fits=tuple(fits),
        weights=pd.Series(weights, name="weight"),
        players=Players(np.array(players["odds"], float), np.array(players["share"], float), float(players["forward"])),
        longest=float(record["longest"]),
        seed=int(record["seed"]),
        draws=int(record["draws"]),
        trained_on=str(record["trained_on"]),
        sources={str(name): _from_record(other) for name, other in record["sources"].items()},
    )


def _players(table: pd.DataFrame) -> Players:
    """Some players who stand for all: evenly spaced in the minutes they had played."""
    odds = np.array([odds_of(m, f) for m, f in zip(table.minutes_before, table.fixtures_before, strict=True)])
    share = (table.appearances_before / table.fixtures_before).fillna(0.5).to_numpy()
    chosen = np.argsort(odds, kind="stable")[((np.arange(_PLAYERS) + 0.5) / _PLAYERS * len(odds)).astype(int)]
    return Players(odds[chosen], share[chosen], float((table.position == "forward").mean()))


def _joined(fitted: JointFit, params: pd.Series[float], covariance: pd.DataFrame) -> JointFit:
    """The fit with parameters that were estimated by themselves."""
    both = pd.concat([fitted.params, params])
    matrix = pd.DataFrame(0.0, index=both.index, columns=both.index)
    matrix.loc[fitted.params.index, fitted.params.index] = fitted.covariance
    matrix.loc[params.index, params.index] = covariance
    return JointFit(fitted.family, both, matrix)
