"""The return model: fit, forecast, save, load.

At this stage a forecast is the recovery curve alone, given that he is still out, averaged over families.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .case import HORIZON_DAYS, Case
from .episodes import Episodes
from .errors import CaseError, DataError, Problem
from .families import FAMILIES, Array
from .outlook import Outlook
from .recovery import RecoveryFit, conditional_survival, fit_recovery
from .shipped import data_folder
from .writing import write_text

SCHEMA = 1
AVERAGED = ("lognormal", "loglogistic", "weibull")


@dataclass(frozen=True)
class ReturnModel:
    """A fitted model of the return from a hamstring injury.

    Attributes
    ----------
    recovery : tuple of RecoveryFit
        One fit a family.
    weights : Series
        How much each family counts; they sum to 1.
    seed, draws : int
        Of the parameter draws that make the bands; they are made anew from the covariance.
    trained_on : str
        What it was fitted to.
    """

    recovery: tuple[RecoveryFit, ...]
    weights: pd.Series[float]
    seed: int
    draws: int
    trained_on: str

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
        """
        if not 0.0 < level < 1.0:
            raise CaseError([Problem("level", level, "must be above 0 and below 1")])
        moments = _grid(case)
        days = np.array([case.day(m) for m in moments])
        band = _band(self._p_fit(days, case.day(case.as_of)), level)
        curve = pd.DataFrame({"when": moments, **{f"p_fit{end}": values for end, values in band.items()}})

        def at(when: list[pd.Timestamp]) -> pd.DataFrame:
            return curve.set_index("when").loc[when].reset_index(drop=True)

        ahead = case.ahead()
        open_deadlines = {name: when for name, when in case.deadlines.items() if when > case.as_of}
        fixtures = pd.DataFrame(
            {"fixture": [f.fixture for f in ahead], "kickoff": [f.kickoff for f in ahead]}
        )
        deadlines = pd.DataFrame(
            {"deadline": list(open_deadlines), "when": pd.DatetimeIndex(open_deadlines.values(), tz="UTC")}
        )
        return Outlook(
            case=case,
            level=level,
            fixtures=fixtures.join(at([f.kickoff for f in ahead])),
            deadlines=deadlines.join(at(list(open_deadlines.values()))),
            curve=curve,
            weights=self.weights,
        )

    def forecast_many(self, cases: Iterable[Case], level: float = 0.9) -> list[Outlook]:
        """Forecast many cases."""
        return [self.forecast(case, level) for case in cases]

    def save(self, path: str | Path) -> None:
        """Write the model as JSON: estimate, covariance and seed."""
        fits = [{"family": f.family, "weight": float(w), "loglik": f.loglik, "n": f.n, "params": f.params.to_dict(),
                 "covariance": f.covariance.to_numpy().tolist()} for f, w in zip(self.recovery, self.weights, strict=True)]  # fmt: skip
        record = {
            "schema": SCHEMA,
            "trained_on": self.trained_on,
            "seed": self.seed,
            "draws": self.draws,
            "recovery": fits,
        }
        write_text(path, json.dumps(record, indent=1) + "\n")

    def _p_fit(self, days: Array, given: float) -> Array:
        """Probability of being fit by each day given that he is still out, one row a draw."""
        rng = np.random.default_rng(self.seed)
        p = np.zeros((self.draws, len(days)))
        for fitted, weight in zip(self.recovery, self.weights, strict=True):
            root = np.linalg.cholesky(fitted.covariance.to_numpy())
            theta = fitted.params.to_numpy() + rng.standard_normal((self.draws, len(root))) @ root.T
            mu, sigma = theta[:, :1], np.exp(theta[:, 1:])
            p += weight * (
                1.0 - conditional_survival(FAMILIES[fitted.family], mu, sigma, days, np.asarray(given))
            )
        return p


def fit(episodes: Episodes, seed: int = 1, draws: int = 4000) -> ReturnModel:
    """Fit the return model to past injuries.

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
    The weights of the families maximise the log-likelihood of each season under the fits to the other seasons
    (stacking; Yao et al. 2018, Bayesian Analysis 13, 917-1003).
    """
    table = episodes.durations()
    fits = [fit_recovery(table.lower, table.upper, family=f, entry=table.entry) for f in AVERAGED]
    seasons = episodes.seasons()
    return ReturnModel(
        recovery=tuple(fits),
        weights=pd.Series(_stack(_held_out(table)), index=AVERAGED, name="weight"),
        seed=seed,
        draws=draws,
        trained_on=f"{len(episodes)} injuries, {seasons[0]} to {seasons[-1]}",
    )


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
    except OSError as error:
        raise DataError(
            [Problem("", error.strerror or str(error), "must be a file that can be read", file=path.name)]
        ) from None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            [Problem("", str(error), "must be a model written by save", file=path.name)]
        ) from None


@cache
def default_model() -> ReturnModel:
    """The shipped fit, ``data/model.json``: that of ``fc.fit(fc.load_episodes())``."""
    return load_model(data_folder() / "model.json")


def _from_record(record: dict[str, Any]) -> ReturnModel:
    fits, weights = [], {}
    for entry in record["recovery"]:
        params = pd.Series(entry["params"], dtype=float)
        covariance = pd.DataFrame(entry["covariance"], index=params.index, columns=params.index, dtype=float)
        np.linalg.cholesky(covariance.to_numpy())  # a ValueError where it is none
        fits.append(RecoveryFit(entry["family"], params, covariance, float(entry["loglik"]), int(entry["n"])))
        weights[entry["family"]] = float(entry["weight"])
    return ReturnModel(
        tuple(fits),
        pd.Series(weights, name="weight"),
        int(record["seed"]),
        int(record["draws"]),
        str(record["trained_on"]),
    )


def _grid(case: Case) -> list[pd.Timestamp]:
    """Moments at which the forecast is computed: ``as_of``, every kick-off and deadline, and two years in steps that grow."""
    steps = np.concatenate([np.arange(0.0, 90.0, 0.5), np.geomspace(90.0, HORIZON_DAYS, 120)])
    moments = {case.as_of + pd.Timedelta(days=float(step)) for step in steps}
    moments |= {f.kickoff for f in case.ahead()} | {
        when for when in case.deadlines.values() if when > case.as_of
    }
    return sorted(moments)


def _band(draws: Array, level: float) -> dict[str, Array]:
    """Posterior mean and the band around it, which reaches to the mean where that lies beyond a quantile."""
    mean = draws.mean(axis=0)
    low, high = np.quantile(draws, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=0)
    return {"": mean, "_low": np.minimum(low, mean), "_high": np.maximum(high, mean)}


def _held_out(table: pd.DataFrame) -> Array:
    """Probability of each duration under the fit of each family to the other seasons: a row a duration, a column a family."""
    probability = np.empty((len(table), len(AVERAGED)))
    for season in table.season.unique():
        held, rest = table.season == season, table[table.season != season]
        for j, family in enumerate(AVERAGED):
            fitted = fit_recovery(rest.lower, rest.upper, family=family, entry=rest.entry)
            ends = [fitted.survival(table[end][held], given=table.entry[held]) for end in ("lower", "upper")]
            probability[held, j] = ends[0] - ends[1]
    return probability


def _stack(probability: Array) -> Array:
    """Weights on the simplex that maximise the mean log of the mixture, by EM: it is concave, so they are the ones."""
    weights = np.full(probability.shape[1], 1.0 / probability.shape[1])
    for _ in range(10_000):
        share = probability * weights
        new = (share / share.sum(axis=1, keepdims=True)).mean(axis=0)
        if np.abs(new - weights).max() < 1e-10:
            break
        weights = new
    return new
