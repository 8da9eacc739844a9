"""Fits and forecasts over the partitions of a Dask collection, on whatever scheduler Dask is set to use.

A partition or a worker that is lost is worked out again by Dask; the answers are those of one machine. Needs Dask:
``pip install 'return-forecast[dask]'``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import dask
import pandas as pd

from .case.case import Case
from .io.errors import MISSING, DataError, Problem, naming
from .model.return_model import ReturnModel
from .outlook.outlook import Outlook
from .survival.durations import Durations, Sums, added, durations_of
from .survival.recovery_fit import RecoveryFit, recovery_of

if TYPE_CHECKING:
    from dask.bag import Bag
    from dask.dataframe import DataFrame


def fit_recovery(frame: DataFrame, covariates: Sequence[str] = (), family: str = "lognormal") -> RecoveryFit:
    """Fit durations too many for one machine, as :func:`forecast.fit_recovery` does.

    Parameters
    ----------
    frame : dask.dataframe.DataFrame
        A row a duration, with the columns ``lower``, ``upper`` and, where they are needed, ``entry`` and ``weights``.
        It is checked once and kept in the memory of the cluster.
    covariates : sequence of str, optional
        The columns that are covariates.
    family : {"lognormal", "loglogistic", "weibull", "gengamma"}
        Distribution of the days.

    Returns
    -------
    RecoveryFit
        The same but for rounding as that of all rows in one place. About ten times over, each partition sends the sums
        of its rows and gets the next parameters; nothing else travels.

    Raises
    ------
    DataError
        As in :func:`forecast.fit_recovery`, with the number of the partition; rows are counted within it.
    """
    needed = ["lower", "upper", *covariates]
    if missing := [name for name in needed if name not in frame.columns]:
        raise DataError(Problem(name, MISSING, "must be a column of the frame") for name in missing)
    columns = needed + [name for name in ("entry", "weights") if name in frame.columns and name not in covariates]
    check = dask.delayed(_checked)
    parts = [check(part, list(covariates), i) for i, part in enumerate(frame[columns].to_delayed())]
    return recovery_of(_Partitions(list(covariates), dask.persist(*parts)), family)


def forecast_many(model: ReturnModel, cases: Bag, level: float = 0.9) -> Bag:
    """Forecast each partition, as :meth:`forecast.ReturnModel.forecast_many` does.

    Parameters
    ----------
    model : ReturnModel
    cases : dask.bag.Bag of Case
    level : float
        Of the bands.

    Returns
    -------
    dask.bag.Bag of Outlook
        In the order of the cases. Reduce it on the cluster, as with ``.map(lambda outlook: outlook.p_fit_by(day))``:
        an outlook is much larger than its case.
    """
    return cases.map_partitions(_forecast, dask.delayed(model), level)


@dataclass(frozen=True)
class _Partitions:
    """Durations in partitions: :class:`~forecast.survival.newton.Rows` on a cluster."""

    names: list[str]
    parts: tuple[Any, ...]  # Durations, delayed
    spread_names: list[str] = field(default_factory=list)  # none: the scale is one

    def total(self, function: Callable[[Durations], Sums]) -> Sums:
        """The sums of a function of rows over all of them."""
        total = dask.delayed(Durations.total)
        return added(dask.compute(*(total(part, function) for part in self.parts)))


def _checked(part: pd.DataFrame, covariates: list[str], number: int) -> Durations:
    x = part[covariates] if covariates else None
    with naming(entry=f"partition {number}"):
        return durations_of(part["lower"], part["upper"], x, part.get("weights"), part.get("entry"))


def _forecast(cases: Sequence[Case], model: ReturnModel, level: float) -> list[Outlook]:
    return model.forecast_many(list(cases), level)
