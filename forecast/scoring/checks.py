"""Checks of the arguments of a score, by their names, which mean the same in every one of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

import numpy as np

from ..arrays import Array
from ..io.errors import DataError, Problem

P = ParamSpec("P")
R = TypeVar("R")

_PROBABILITIES = ("p", "stated", "cdf", "cdf_lower", "cdf_upper", "pit", "at")
_MAY_MISS = ("p", "seen", "happened", "values", "first", "second")  # NaN where there is nothing
_MAY_BE_INF = ("upper",)
_DAYS = ("days", "lower", "upper", "low", "high", "event", "day", "horizon", "values", "first", "second")
_PAIRS = (("lower", "upper"), ("low", "high"), ("cdf_lower", "cdf_upper"))
_COUNTS = ("returned", "known", "fixtures", "bins", "resamples", "points")
_SHARED = ("horizon", "fixtures", "bins", "level", "seed", "resamples", "points", "at", "curve", "days")  # by all rows
_SLACK = 1e-6  # by which rounded probabilities may exceed 1


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """Check the arguments of a score and make arrays of them, before it is worked out.

    Raises
    ------
    DataError
        One line for each argument that is no probability, day or count, or is not of as many rows as the others.
    """
    names = signature(function)

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        bound = names.bind(*args, **kwargs)
        problems: list[Problem] = []
        given = {name: _array(name, value, problems) for name, value in bound.arguments.items()}
        if not problems:
            problems += [*_of_values(given), *_of_shapes(given)]
        if problems:
            raise DataError(problems)
        bound.arguments.update(given)
        return function(*bound.args, **bound.kwargs)

    return guarded


def _array(name: str, value: Any, problems: list[Problem]) -> Any:
    """Make an array, or a number, of what one argument holds."""
    try:
        if name in _PROBABILITIES or name in _DAYS or name in ("seen", "happened", "level"):
            return np.asarray(value, float)
        if name in _COUNTS:
            whole = np.asarray(value)
            if (np.asarray(whole, float) % 1 != 0).any():
                raise ValueError
            return int(whole) if whole.ndim == 0 else whole.astype(np.intp)
        if name == "observed":
            return np.asarray(value, bool)
        if name == "curve" and not hasattr(value, "at"):
            problems.append(Problem(name, value, "must be a CensoringCurve, such as censoring_curve gives"))
        return np.asarray(value) if name == "cluster" else value
    except (TypeError, ValueError):
        problems.append(Problem(name, value, f"must be {'whole ' if name in _COUNTS else ''}numbers"))
        return value


def _of_values(given: dict[str, Any]) -> list[Problem]:
    problems = []

    def require(good: Any, name: str, allowed: str) -> None:
        bad = np.argwhere(~np.asarray(good))
        if len(bad):
            at = tuple(bad[0])
            place = f"[{', '.join(map(str, at))}]" if at else ""
            problems.append(Problem(f"{name}{place}", float(np.asarray(given[name])[at]), allowed))

    for name, value in given.items():
        missing = np.isnan(value) if name in _MAY_MISS else np.zeros(np.shape(value), bool)
        if name in (*_PROBABILITIES, "seen", "happened"):
            require(missing | ((value >= 0.0) & (value <= 1.0 + _SLACK)), name, "must be 0 to 1")
        elif name in _DAYS:
            require(missing | np.isfinite(value) | ((name in _MAY_BE_INF) & (value == np.inf)), name, "must be finite")
        elif name == "level":
            require((value > 0.0) & (value < 1.0), name, "must be above 0 and below 1")
        elif name in ("fixtures", "bins", "resamples", "points"):
            require(np.asarray(value) >= 1, name, "must be at least 1")
        if name in ("cdf", "days") and value.ndim:
            require(np.diff(value) >= 0.0, name, "must be followed by no smaller one")
    for low, high in _PAIRS:
        if low in given and high in given and np.shape(given[low]) == np.shape(given[high]):
            require(given[high] >= given[low], high, f"must be at least {low}")
    if "p" in given and given["p"].ndim == 2 and not problems:
        total: Array = np.nansum(given["p"], axis=1)
        problems += [
            Problem(f"p[{i}]", float(total[i]), "must add up to 1 at most")
            for i in np.flatnonzero(total > 1.0 + _SLACK)[:1]
        ]
    return problems


def _of_shapes(given: dict[str, Any]) -> list[Problem]:
    problems, flat = [], "returned" not in given  # of fixtures p is a table, of a day a row has one
    rows = {name: value for name, value in given.items() if name not in _SHARED and np.ndim(value) > 0}
    n = len(next(iter(rows.values()))) if rows else 0
    for name, value in rows.items():
        wide = name in ("cdf", "happened") or (name == "p" and not flat)
        if np.ndim(value) != 1 + wide:
            problems.append(Problem(name, f"shape {np.shape(value)}", f"must have {1 + wide} dimensions"))
        elif len(value) != n:
            problems.append(Problem(name, f"{len(value)} rows", f"must be as many as {next(iter(rows))} has, {n}"))
    if first := [name for name in given if name not in _SHARED][: not rows]:
        problems.append(Problem(first[0], np.asarray(given[first[0]]).item(), "must be a list, one for each forecast"))
    if rows and not n:
        problems.append(Problem(next(iter(rows)), "no rows", "must have one"))
    if not problems and "cdf" in given and given["days"].shape not in (given["cdf"].shape, given["cdf"].shape[1:]):
        allowed = f"must be one for each column of cdf, {given['cdf'].shape[1]}"
        problems.append(Problem("days", f"shape {given['days'].shape}", allowed))
    return problems
