"""Columns that a user adds to the model: to the hazard of recovery, and to the odds of being picked.

Each is centred and scaled by the injuries of the fit, so that 0 is the average player and what a case leaves out
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..arrays import Array
from ..episodes.episodes import Episodes
from ..evidence.readings import Readings
from ..io.columns import bad_rows, is_blank
from ..io.errors import MISSING, CaseError, DataError, Problem
from ..io.values import number_of
from .parameters import Parameters, Prior, linear

RECOVERY, SELECTION = "recovery", "selection"
PRIOR = Prior(0.0, 0.5)  # of each standard deviation of a column, in log hazard or log odds
_ALLOWED = f"must be names of columns of episodes.csv, or such lists by {RECOVERY} and {SELECTION}"
Columns = Mapping[str, Array]  # standardised, shape (n,), by the name of their parameter


class Centre(NamedTuple):
    """The mean and the standard deviation of a column, over the injuries of a fit."""

    mean: float
    sd: float


@dataclass(frozen=True)
class Covariates:
    """The columns of a model: those of recovery and those of selection, each with its centre."""

    recovery: dict[str, Centre] = field(default_factory=dict)
    selection: dict[str, Centre] = field(default_factory=dict)

    @classmethod
    def of(cls, episodes: Episodes, chosen: Sequence[str] | Mapping[str, Sequence[str]]) -> Covariates:
        """Centre the columns that a user chose: a list is of recovery.

        Raises
        ------
        DataError
            With a line for each that is missing, not numeric or the same everywhere.
        """
        lists = chosen if isinstance(chosen, Mapping) else {RECOVERY: chosen}
        for name, columns in lists.items():
            listed = isinstance(columns, Iterable) and not isinstance(columns, str)
            if name not in (RECOVERY, SELECTION) or not (listed and all(isinstance(c, str) for c in columns)):
                raise DataError.of("covariates", chosen, _ALLOWED)
        numbers = _numbers(episodes, dict.fromkeys(column for columns in lists.values() for column in columns))
        centres = {name: Centre(float(values.mean()), float(values.std(ddof=0))) for name, values in numbers.items()}
        return cls(**{name: {column: centres[column] for column in columns} for name, columns in lists.items()})

    @property
    def centres(self) -> dict[str, tuple[str, Centre]]:
        """Name the column of each parameter, and its centre."""
        parts = ((RECOVERY, self.recovery), (SELECTION, self.selection))
        return {f"{part}.{name}": (name, centre) for part, columns in parts for name, centre in columns.items()}

    def of_episodes(self, episodes: Episodes) -> pd.DataFrame:
        """Return the standardised columns of past injuries by ``episode``; a blank is the average."""
        numbers = _numbers(episodes, {name: None for name, _ in self.centres.values()}, vary=False)
        found = {key: (numbers[name] - c.mean) / c.sd for key, (name, c) in self.centres.items()}
        return pd.DataFrame(found, index=episodes.episodes.index).fillna(0.0).set_index(episodes.episodes.episode)

    def added_to(self, readings: Readings, episodes: Episodes) -> Readings:
        """Return readings of ``episodes`` with the columns in their evidence."""
        if not self.centres:
            return readings
        rows = self.of_episodes(episodes).loc[readings.table.episode]
        columns = {str(name): column.to_numpy() for name, column in rows.items()}
        return replace(readings, evidence=replace(readings.evidence, covariates=columns))

    def of_case(self, given: Mapping[str, float]) -> dict[str, Array]:
        """Return the standardised values of an open case.

        Raises
        ------
        CaseError
            With a line for each that the model was not fitted with.
        """
        known = {name: None for name, _ in self.centres.values()}
        allowed = f"must be one the model was fitted with: {', '.join(known) or 'it has none'}"
        if unknown := [name for name in given if name not in known]:
            raise CaseError(Problem("covariates", name, allowed) for name in unknown)
        return {
            key: np.array([(given[name] - c.mean) / c.sd]) for key, (name, c) in self.centres.items() if name in given
        }

    def record(self) -> dict[str, dict[str, list[float]]]:
        """Return them as plain values, for a model file."""
        parts = {RECOVERY: self.recovery, SELECTION: self.selection}
        return {part: {name: list(c) for name, c in columns.items()} for part, columns in parts.items()}

    @classmethod
    def of_record(cls, record: Mapping[str, Mapping[str, Sequence[float]]]) -> Covariates:
        """Rebuild them from plain values; ValueError, or what an unfit value raises, where they are none."""
        parts = {
            part: {str(name): Centre(*map(float, c)) for name, c in columns.items()} for part, columns in record.items()
        }
        for name, c in (item for columns in parts.values() for item in columns.items()):
            if not (abs(c.mean) < np.inf and 0.0 < c.sd < np.inf):
                raise ValueError(f"covariates: {name}: must be a mean and a positive standard deviation")
        return cls(**parts)


def effect(theta: Parameters, columns: Columns, part: str) -> Array | None:
    """Return what the columns of a part of the model add, shape (n, 1) or (d, 1); None where there are none."""
    names = [name for name in columns if name.startswith(f"{part}.")]
    return linear(theta, names, np.column_stack([columns[name] for name in names])) if names else None


def columns_of(columns: Columns, part: str, rows: int) -> Array:
    """Return the columns of a part of the model side by side, shape (n, c)."""
    chosen = [column for name, column in columns.items() if name.startswith(f"{part}.")]
    return np.column_stack(chosen) if chosen else np.empty((rows, 0))


def _numbers(episodes: Episodes, names: Iterable[str], vary: bool = True) -> dict[str, pd.Series[float]]:
    """Read columns of past injuries as numbers, NaN where blank; an error with a line for each that is none."""
    table, found, problems = episodes.episodes, {}, []
    for name in names:
        if name not in table:
            problems.append(Problem("covariates", name, "must be a column of episodes.csv"))
            continue
        values = table[name].astype(float) if table[name].dtype == bool else table[name].mask(is_blank(table[name]))
        found[name] = values.map(_number, na_action="ignore").astype(float)
        wrong = bad_rows(values, found[name].isna() & values.notna(), "must be a number or blank", "episodes.csv")
        problems += wrong[:1]
        known = found[name].dropna()
        if vary and not wrong and (known == known.iloc[:1].sum()).all():
            shown = known.iloc[0] if len(known) else MISSING
            problems.append(Problem(name, shown, "must not be the same for all injuries", file="episodes.csv"))
    if problems:
        raise DataError(problems)
    return found


def _number(value: object) -> float:
    """Return the number that stands there, NaN where there is none."""
    try:
        number = float(number_of(value))
    except ValueError:
        return np.nan
    return number if np.isfinite(number) else np.nan
