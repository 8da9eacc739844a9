"""The cells of days that a posterior sums over: short while the news is fresh and where something was promised."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Array

# Ends of cells, in days from the moment a grid begins. Of a fit, which has thousands: daily for two weeks, then wider.
FIT_GRID = np.concatenate([
    [0.0, 0.5], np.arange(1, 15), np.arange(16, 31, 2), np.arange(33, 61, 3), [68, 80, 100, 140, 200, 365, 1000, 3000]
]).astype(float)  # fmt: skip
# Of a forecast: an hour and a half at first, for what is said hours before a match, then quarter days to two days, and
# ever wider. tests/statistical/test_bands.py holds it to half a percent of what one thirteen times as fine says.
_FIRST = np.concatenate([np.arange(0.0, 0.25, 0.0625), np.arange(0.25, 2.0, 0.25)])
_DAYS = np.concatenate([np.arange(2.0, 6.0, 0.5), np.arange(6.0, 30.0), np.arange(30.0, 60.0, 2.0)])
_TAIL = np.append(np.geomspace(60.0, 731.0, 20), [1500.0, 4000.0])  # whatever is asked lies within two years
FORECAST_GRID = np.concatenate([_FIRST, _DAYS, _TAIL])
# Where somebody named how likely each day is: quarter days for two months.
_FINE_GRID = np.concatenate([_FIRST, np.arange(2.0, 60.0, 0.25), _TAIL])
# Between which the curve runs at a level hazard, for two years.
CURVE_DAYS = np.concatenate([_FIRST, np.arange(2.0, 10.0, 0.25), np.arange(10.0, 60.0), np.geomspace(60.0, 731.0, 40)])
_LONG = 60.0  # days from which the cells of a forecast are too wide for what was said of one of them
_FAR = np.geomspace(_LONG, 731.0, 80)  # where all that counts comes after the end of a long ruling out
_FROM_A_DATE = np.concatenate([np.arange(1.0, 11.0), np.geomspace(12.0, 60.0, 8)])
_AROUND = np.concatenate([-_FROM_A_DATE, [0.0], _FROM_A_DATE])
_TOWARDS_THE_END = np.append(np.geomspace(1.0, 0.01, 40), 0.0)  # of a stretch: on its last days most is left to happen


def forecast_cells(
    promised: Sequence[float], ruled_out: Sequence[float], stretches: Sequence[tuple[float, float]], fine: bool
) -> Array:
    """Return the ends of the cells of a forecast, shape (m + 1,), in days from its beginning, as what is given is.

    Shorter ones lie around promised dates far ahead, after a long ruling out and towards the end of a named stretch.
    """
    ends = [_AROUND + date for date in promised if date > _LONG]
    ends += [_FAR for until in ruled_out if until > _LONG]
    ends += [end - (end - max(start, 0.0)) * _TOWARDS_THE_END for start, end in stretches if end > 0.0]
    grid = _FINE_GRID if fine else FORECAST_GRID
    found = np.unique(np.concatenate([grid, *ends]).round(6)) if ends else grid  # none a trifle wide
    return np.asarray(found[found <= grid[-1]])
