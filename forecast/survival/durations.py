"""Validated, possibly censored and truncated durations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..arrays import Array
from ..io.errors import MISSING, DataError, Problem
from ..io.frames import frame_of, is_frame
from ..io.values import is_blank

CHUNK = 16_384  # rows, so that what is worked out for each of them stays in the processor's cache
_SHOWN = 5  # bad values of one sort that are named one by one
_LEAST = 1e-100  # of a weight
_MOST = 1e100  # of a covariate, either way
_WEIGHT = f"must be finite and not negative: 0, or {_LEAST:g} to {1 / _LEAST:g}"
PARAMETERS = ("intercept", "log_scale", "shape")  # of a fit, beside those of its covariates
SPREAD = "log_scale."  # what the parameters of the covariates of the scale begin with

Covariates = pd.DataFrame | Array
Sums = tuple[Any, ...]  # numbers and arrays that are added up over rows


@dataclass(frozen=True)
class Durations:
    """Validated durations, a row each: T is known to lie in [``lower``, ``upper``] and beyond ``entry``.

    The arrays are those that were given, not copies, wherever these are of floats.

    Attributes
    ----------
    lower, upper : ndarray, shape (n,)
        Days since onset; equal where T is exact, ``upper`` inf where it is right-censored.
    entry : ndarray, shape (n,)
        Left truncation; 0 where there is none.
    weights : ndarray, shape (n,)
    covariates : ndarray, shape (n, k)
    names : list of str
        Of the covariates.
    exit : ndarray, shape (n,)
        Right truncation; inf where there is none.
    spreads : ndarray, shape (n, q)
        Covariates of the log scale, ``spread_names``.
    """

    lower: Array
    upper: Array
    entry: Array
    weights: Array
    covariates: Array
    names: list[str]
    exit: Array
    spreads: Array
    spread_names: list[str]

    def __len__(self) -> int:
        return len(self.lower)

    @property
    def beyond(self) -> Array:
        """The last day on which T is known to lie ahead: ``lower``, or ``entry`` where that is later."""
        return np.maximum(self.lower, self.entry)

    def chunks(self) -> Iterator[Durations]:
        """Yield the rows, a few at a time."""
        for start in range(0, max(len(self), 1), CHUNK):
            rows = slice(start, start + CHUNK)
            ends = {name: getattr(self, name)[rows] for name in ("lower", "upper", "entry", "exit", "weights")}
            yield replace(self, **ends, covariates=self.covariates[rows], spreads=self.spreads[rows])

    def total(self, function: Callable[[Durations], Sums]) -> Sums:
        """The sums of a function of rows over all of them, in memory that does not grow with their number."""
        return added(map(function, self.chunks()))


def added(sums: Iterable[Sums]) -> Sums:
    """Sums of several parts, added up."""
    return tuple(reduce(add, column) for column in zip(*sums, strict=True))


def durations_of(
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    covariates: Covariates | None = None,
    weights: npt.ArrayLike | None = None,
    entry: npt.ArrayLike | None = None,
    exit: npt.ArrayLike | None = None,
    scale_covariates: pd.DataFrame | None = None,
) -> Durations:
    """Check durations, row by row; the parameters are those of :func:`~forecast.fit_recovery`.

    Raises
    ------
    DataError
        One line for each problem; ``lower[3]`` is the fourth of them.
    """
    low, high = np.ravel(numbers_of("lower", lower)), np.ravel(numbers_of("upper", upper))
    n = len(low)
    enter = np.broadcast_to(0.0, n) if entry is None else np.ravel(numbers_of("entry", entry))
    leave = np.broadcast_to(np.inf, n) if exit is None else np.ravel(numbers_of("exit", exit))
    weight = np.broadcast_to(1.0, n) if weights is None else np.ravel(numbers_of("weights", weights))
    names, x = ([], np.empty((n, 0))) if covariates is None else _columns(covariates)
    if scale_covariates is not None and not is_frame(scale_covariates):
        allowed = "must be a DataFrame, whose columns are found by name in the covariates of a question"
        raise DataError.of("scale_covariates", type(scale_covariates).__name__, allowed)
    of_spread, w = ([], np.empty((n, 0))) if scale_covariates is None else _columns(scale_covariates)
    if exit is not None and leave.shape == high.shape:  # it ended by then, or it would not be known
        high = np.where(low <= leave, np.minimum(high, leave), high)
    durations = Durations(low, high, enter, weight, x, names, leave, w, of_spread)
    problems = _misfits(durations)
    if not problems and any(map(_bad_rows, durations.chunks())):
        problems = _bad_rows(durations)
    if problems:
        raise DataError(problems)
    return durations


def extent(durations: Durations) -> tuple[int, float, float]:
    """The number of rows, their weight, and the weight of those that are known to end."""
    weights = durations.weights
    return len(durations), float(weights.sum()), float(weights @ np.isfinite(durations.upper))


def check_informative(n: int, weight: float, ending: float) -> None:
    """Refuse durations of an :func:`extent` that tells nothing.

    Raises
    ------
    DataError
    """
    if n == 0:
        raise DataError.of("lower", [], "must have at least one duration")
    if not weight:
        raise DataError.of("weights", "all zero", "must have one above zero")
    if not ending:
        raise DataError.of("upper", "inf in every row", "must have at least one duration that ends")


def covariate_table(covariates: Covariates) -> pd.DataFrame:
    """Covariates as a table of numbers, NaN for what is none; the columns of an array are called 0, 1, ..."""
    names, values = _columns(covariates)
    return pd.DataFrame(values, columns=names)


def _columns(covariates: Covariates) -> tuple[list[str], Array]:
    if isinstance(covariates, np.ndarray) and covariates.ndim == 2:
        return [str(j) for j in range(covariates.shape[1])], _numbers(covariates)
    try:
        table = frame_of(covariates, DataError) if is_frame(covariates) else pd.DataFrame(covariates)
    except DataError:
        raise
    except (ValueError, TypeError):
        raise DataError.of("covariates", covariates, "must be a table of numbers") from None
    names, values = [str(name) for name in table.columns], table.to_numpy()
    _check_numbers({name: values[:, j] for j, name in enumerate(names)})
    return names, _numbers(values)


def numbers_of(name: str, values: npt.ArrayLike) -> Array:
    """Return numbers; an error shows what is none as it was given, such as '28 days' or True."""
    try:
        given = np.asarray(values)
    except ValueError:  # rows of several lengths
        raise DataError.of(name, values, "must be numbers, as many in each row") from None
    _check_numbers({name: given}, truths=False)
    return _numbers(given)


def _check_numbers(columns: dict[str, npt.NDArray[Any]], truths: bool = True) -> None:
    """Check that what is given are numbers, or blank; true and false may be 1 and 0."""
    bad = []
    for name, given in columns.items():
        if given.dtype.kind == "c":
            raise DataError.of(name, str(given.dtype), "must be numbers")
        if given.dtype.kind not in "biuf" or (given.dtype.kind == "b" and not truths):
            words = enumerate(zip(np.ravel(given).tolist(), np.ravel(_numbers(given)), strict=True))
            wrong = [
                (i, v)
                for i, (v, x) in words
                if (isinstance(v, bool) and not truths) or (np.isnan(x) and not is_blank(v))
            ]
            bad += [Problem(f"{name}[{i}]", value, "must be a number") for i, value in wrong[:_SHOWN]]
    if bad:
        raise DataError(bad)


def _numbers(values: npt.ArrayLike) -> Array:
    """Floats, NaN for what is no number; not a copy where they are floats already."""
    given = np.asarray(values)
    if given.dtype.kind in "biuf":
        return given.astype(float, copy=False)
    numbers = pd.to_numeric(pd.Series(given.ravel(), dtype=object), errors="coerce")
    return numbers.to_numpy(float).reshape(given.shape)


def _misfits(d: Durations) -> list[Problem]:
    others = {"upper": d.upper, "entry": d.entry, "weights": d.weights, "covariates": d.covariates}
    others |= {"exit": d.exit, "scale_covariates": d.spreads}
    return [
        Problem(name, f"{len(values)} rows", f"must be as many as lower has, {len(d)}")
        for name, values in others.items()
        if len(values) != len(d)
    ]


def _bad_rows(d: Durations) -> list[Problem]:
    low, high, enter, weight = d.lower, d.upper, d.entry, d.weights
    days = "must be days since onset, finite and not negative"
    upper = "must be above 0 and not below lower; inf for right-censored"
    return [
        *_unless(np.isfinite(low) & (low >= 0), "lower", low, days),
        *_unless((high > 0) & ~(high < low), "upper", high, upper),
        *_unless(np.isfinite(enter) & (enter >= 0), "entry", enter, days),
        *_unless(~(high <= enter) | ~(high > 0), "upper", high, "must be above entry"),
        *_unless(d.exit > 0, "exit", d.exit, "must be days since onset, above 0; inf for none"),
        *_unless(~(d.exit < low), "exit", d.exit, "must not be below lower"),
        *_unless(~(d.exit <= enter), "exit", d.exit, "must be above entry"),
        *_unless((weight == 0) | ((weight >= _LEAST) & (weight <= 1 / _LEAST)), "weights", weight, _WEIGHT),
        *bad_covariates(d.names, d.covariates),
        *bad_covariates(d.spread_names, d.spreads),
    ]


def bad_covariates(names: list[str], x: Array) -> list[Problem]:
    """List the problems of covariates, shape (n, k), of these names."""
    reserved = [
        Problem(name, "the name", "must be another: it is a parameter's")
        for name in names
        if name in PARAMETERS or name.startswith(SPREAD)
    ]
    doubled = [Problem(name, "the name", "must stand there once") for j, name in enumerate(names) if name in names[:j]]
    columns = zip(names, x.T, strict=True)
    finite = f"must be a finite number, at most {_MOST:g}"
    wrong = [p for name, of in columns for p in _unless(np.abs(of) <= _MOST, name, of, finite)]
    return [*reserved, *doubled, *wrong]


def _unless(good: npt.NDArray[np.bool_], name: str, values: Array, allowed: str) -> list[Problem]:
    bad = np.flatnonzero(~good)
    shown = [(i, float(values[i])) for i in bad[:_SHOWN]]
    found = [Problem(f"{name}[{i}]", MISSING if np.isnan(value) else value, allowed) for i, value in shown]
    if len(bad) > _SHOWN:
        found.append(Problem(name, f"{len(bad) - _SHOWN} more", allowed))
    return found
