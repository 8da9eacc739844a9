"""The days that remain where nothing is said, by the age of the injury: as they were seen, and as the model has them.

Seen is an interval between readings a week apart, in which most flags are lifted close to a match. A smooth curve
through such intervals spreads them over the week. So the model is read like the world: injuries are drawn from it, read
at the same times, and the same curve is fitted to what was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from ..episodes.episodes import Episodes
from ..evidence.readings import readings_of
from ..io.errors import DataError
from ..survival.recovery_fit import fit_recovery
from ..terms import TABLES

AGES = (0, 2, 4, 7, 10, 15, 22, 35, 60, 120)  # days since onset
QUARTILES = np.array([0.25, 0.5, 0.75])
_FEWEST = 30  # injuries of an age to which a curve is fitted


def silence_table(seen: Episodes, drawn: Episodes) -> pd.DataFrame:
    """Compare quartiles of the days that remain with those of injuries drawn from the model.

    Parameters
    ----------
    seen, drawn : Episodes
        The latter by :meth:`~forecast.model.return_model.ReturnModel.simulate`.

    Returns
    -------
    DataFrame, a row for each age of the injury, ``out``, of which thirty injuries at least determine a curve
        ``n``; ``seen_25``, ``seen_50``, ``seen_75`` and ``drawn_...``, the quartiles in days; ``z_...``, by how many
        standard errors the share drawn that lies within the quartile seen is above 25, 50 and 75%. Each injury counts
        once an age. A generalised gamma is fitted to the intervals.
    """
    real, made, rows = _remaining(seen), _remaining(drawn), []
    for age, out in enumerate(f"{low}-{high}" for low, high in pairwise(AGES)):
        days, others = (table[table.age == age] for table in (real, made))
        if min(len(days), len(others)) < _FEWEST:
            continue
        try:
            fits = [fit_recovery(table.least, table.most, family="gengamma") for table in (days, others)]
        except DataError:  # too few that differ: no quartiles to compare
            continue
        quartiles = [np.ravel(fit.quantile(QUARTILES)) for fit in fits]
        share = 1.0 - np.ravel(fits[1].survival(quartiles[0]))
        error = np.sqrt(QUARTILES * (1.0 - QUARTILES) * (1.0 / len(days) + 1.0 / len(others)))
        columns = {"seen": quartiles[0], "drawn": quartiles[1], "z": (share - QUARTILES) / error}
        named = {f"{name}_{100 * p:.0f}": v for name, of in columns.items() for p, v in zip(QUARTILES, of, strict=True)}
        rows.append({"out": out, "n": len(days), **named})
    return pd.DataFrame(rows)


def joined(parts: Sequence[Episodes]) -> Episodes:
    """Put tables together, with keys of episodes that none of them shares with another."""

    def apart(table: pd.DataFrame, k: int) -> pd.DataFrame:
        keys = table.columns.intersection(["episode", "previous_episode"])
        return table.assign(**{key: table[key] * len(parts) + k for key in keys})

    tables = {name: [apart(getattr(part, name), k) for k, part in enumerate(parts)] for name in TABLES}
    return Episodes(**{name: pd.concat(of, ignore_index=True) for name, of in tables.items()})


def _remaining(episodes: Episodes) -> pd.DataFrame:
    """Return the interval of the days that remain at the first reading of each injury in each class of ages."""
    table = readings_of(episodes).table
    table = table[table.flagged & (table.day < AGES[-1])]
    age = np.searchsorted(AGES, table.day, side="right") - 1
    table = table.assign(age=age, least=table.lower - table.day, most=table.upper - table.day)
    return table.drop_duplicates(["episode", "age"])
