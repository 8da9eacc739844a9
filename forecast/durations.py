"""Checked durations: when each ended, as far as is known, and since when it was watched."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .errors import DataError, Problem
from .families import Array

_SHOWN = 5  # bad values of one sort that are named one by one
_RESERVED = ("intercept", "log_scale", "shape")  # what the other parameters of a fit are called

Covariates = pd.DataFrame | Array


@dataclass(frozen=True)
class Durations:
    """Checked durations, a row each: T is known to lie in [``lower``, ``upper``] and beyond ``entry``.

    Attributes
    ----------
    lower, upper : ndarray, shape (n,)
        Days since onset; equal where T is exact, ``upper`` inf where it is right-censored. ``lower`` is not
        below ``entry``, for T beyond entry is known.
    entry : ndarray, shape (n,)
        Left truncation; 0 where there is none.
    weights : ndarray, shape (n,)
    covariates : DataFrame, shape (n, k)
        Numbers, the names of their columns texts.
    """

    lower: Array
    upper: Array
    entry: Array
    weights: Array
    covariates: pd.DataFrame

    def __len__(self) -> int:
        return len(self.lower)


def durations_of(
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    covariates: Covariates | None = None,
    weights: npt.ArrayLike | None = None,
    entry: npt.ArrayLike | None = None,
) -> Durations:
    """Check durations; the parameters are those of :func:`~forecast.fit_recovery`.

    Raises
    ------
    DataError
        One line for each problem; ``lower[3]`` is the fourth of them.
    """
    low, high = _numbers(lower), _numbers(upper)
    n = len(low)
    enter = np.zeros(n) if entry is None else _numbers(entry)
    weight = np.ones(n) if weights is None else _numbers(weights)
    x = pd.DataFrame(index=range(n)) if covariates is None else covariate_table(covariates)
    problems = _misfits(n, {"upper": high, "entry": enter, "weights": weight, "covariates": x})
    problems = problems or [*_bad_values(low, high, enter, weight), *bad_covariates(x)]
    problems = problems or _uninformative(high, weight)
    if problems:
        raise DataError(problems)
    return Durations(np.maximum(low, enter), high, enter, weight, x)


def covariate_table(covariates: Covariates) -> pd.DataFrame:
    """Covariates as a table of numbers, NaN for what is none; the columns of an array are called 0, 1, ..."""
    given = pd.DataFrame(covariates)
    values = _numbers(given.to_numpy(object)).reshape(given.shape)
    return pd.DataFrame(values, columns=given.columns.map(str))


def _numbers(values: npt.ArrayLike) -> Array:
    """One dimension of floats; NaN for what is no number."""
    return pd.to_numeric(pd.Series(np.ravel(values), dtype=object), errors="coerce").to_numpy(float)


def _misfits(n: int, others: dict[str, Array | pd.DataFrame]) -> list[Problem]:
    if n == 0:
        return [Problem("lower", [], "must have at least one duration")]
    return [
        Problem(name, f"{len(values)} rows", f"must be as many as lower has, {n}")
        for name, values in others.items()
        if len(values) != n
    ]


def _bad_values(low: Array, high: Array, enter: Array, weight: Array) -> list[Problem]:
    days = "must be days since onset, finite and not negative"
    upper = "must be above 0 and not below lower; inf for right-censored"
    return [
        *_unless(np.isfinite(low) & (low >= 0), "lower", low, days),
        *_unless((high > 0) & ~(high < low), "upper", high, upper),
        *_unless(np.isfinite(enter) & (enter >= 0), "entry", enter, days),
        *_unless(~(high <= enter) | ~(high > 0), "upper", high, "must be above entry"),
        *_unless(np.isfinite(weight) & (weight >= 0), "weights", weight, "must be finite and not negative"),
    ]


def bad_covariates(x: pd.DataFrame) -> list[Problem]:
    """What is wrong with a :func:`covariate_table`."""
    reserved = [Problem(name, "the name", "must be another: it is a parameter's") for name in _RESERVED if name in x]
    doubled = [Problem(name, "the name", "must stand there once") for name in x.columns[x.columns.duplicated()]]
    wrong = [
        problem
        for name, values in zip(x.columns, x.to_numpy().T, strict=True)
        for problem in _unless(np.isfinite(values), name, values, "must be a finite number")
    ]
    return [*reserved, *doubled, *wrong]


def _unless(good: npt.NDArray[np.bool_], name: str, values: Array, allowed: str) -> list[Problem]:
    bad = np.flatnonzero(~good)
    found = [Problem(f"{name}[{i}]", float(values[i]), allowed) for i in bad[:_SHOWN]]
    if len(bad) > _SHOWN:
        found.append(Problem(name, f"{len(bad) - _SHOWN} more", allowed))
    return found


def _uninformative(high: Array, weight: Array) -> list[Problem]:
    if not weight.any():
        return [Problem("weights", "all zero", "must have one above zero")]
    if not np.any(np.isfinite(high) & (weight > 0)):
        return [Problem("upper", "inf in every row", "must have at least one duration that ends")]
    return []
