"""Models read from the files that they were saved to."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..evidence.players import Players
from ..evidence.situation import TRAITS
from ..factors.covariates import Covariates
from ..factors.parameters import Optimum, Prior, square_root
from ..factors.selection import AFTER_RETURN
from ..io.errors import DataError, require
from ..io.limits import MAX_DRAWS, MAX_MODEL_BYTES
from ..io.read import data_folder, path_of, read_bytes
from . import joint
from .relapse import RelapseFit
from .return_model import PRIORS, SCHEMA, ReturnModel


def load_model(path: str | Path) -> ReturnModel:
    """Read a model that :meth:`ReturnModel.save` wrote.

    Raises
    ------
    DataError
        If it is not such a file.
    """
    path = path_of(path, DataError)
    try:
        record = json.loads(read_bytes(path, MAX_MODEL_BYTES, DataError))
        if record["schema"] != SCHEMA:
            allowed = f"must be {SCHEMA}: fit it again, python -m forecast fit FOLDER --save FILE"
            raise DataError.of("schema", record["schema"], allowed)
        return _from_record(record)
    except DataError as error:
        raise error.located(file=path.name) from None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError) as error:
        raise DataError.of("", str(error), "must be a model that save wrote", file=path.name) from None


@cache
def default_model() -> ReturnModel:
    """The shipped fit, ``data/model.json``: that of ``fc.fit(fc.load_episodes())``."""
    return load_model(data_folder() / "model.json")


def _from_record(record: dict[str, Any]) -> ReturnModel:
    """Rebuild a model. A ValueError, or what an unfit value raises by itself, where the record is none of a model."""
    params, players = pd.Series(record["params"], dtype=float), record["players"]
    covariance = pd.DataFrame(np.array(record["covariance"], float), params.index, params.index)
    square_root(covariance.to_numpy())
    added = Covariates.of_record(record.get("covariates", {}))
    known = [*joint.priors_with(added.centres), *AFTER_RETURN]
    require(list(params.index) == known, "params: must be those of the model")
    require(np.isfinite(params).all(), "params: must be finite")
    mean, spread = np.array(players["mean"], float), np.array(players["covariance"], float)
    require(mean.shape == (len(TRAITS),) and (np.abs(mean) <= 100).all(), f"mean: must be {len(TRAITS)} numbers")
    require(spread.shape == (len(TRAITS),) * 2 and (np.abs(spread) <= 1e4).all(), "covariance: must be as large")
    square_root(spread)
    seed, draws, longest_seen = int(record["seed"]), int(record["draws"]), float(record["longest"])
    require(0 <= seed < 2**63 and 0 < draws <= MAX_DRAWS, f"seed, draws: must be positive, at most {MAX_DRAWS} draws")
    require(np.isfinite(longest_seen), "longest: must be finite")
    priors = {str(name): Prior(*map(float, prior)) for name, prior in record.get("priors", {}).items()}
    sound = all(name in {*PRIORS, *known} and np.isfinite(p.mean) and 0.0 < p.sd < np.inf for name, p in priors.items())
    require(sound, "priors: must be a mean and a positive sd of parameters")
    mean.flags.writeable = spread.flags.writeable = False
    return ReturnModel(
        params=params,
        covariance=covariance,
        players=Players(mean, spread),
        longest_seen=longest_seen,
        seed=seed,
        draws=draws,
        trained_on=str(record["trained_on"]),
        sources={str(name): _from_record(other) for name, other in record["sources"].items()},
        relapse=RelapseFit.of_record(record["relapse"]) if "relapse" in record else None,
        optimum=Optimum(**{name: float(value) for name, value in record["optimum"].items()})
        if "optimum" in record
        else None,
        priors=priors,
        covariates=added,
    )
