"""How good forecasts of the day on which he is fit are, over the sixty days that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from .arrays import Array
from .origins import Origins
from .scoring.bootstrap import clustered_mean
from .scoring.calibration import d_calibration
from .scoring.scores import crps_bounds, probability_by, quantile
from .terms import WINDOW

LEVEL = 0.8  # of the central interval


def day_table(parts: Sequence[tuple[Origins, Mapping[str, Array]]]) -> pd.DataFrame:
    """Scores of forecasts of a day that is known to lie between two others.

    Parameters
    ----------
    parts : sequence
        Of each season its origins and, by forecaster, the probability that he is fit by each edge of their evidence.

    Returns
    -------
    DataFrame, a row a forecaster
        ``crps``, in days, lower is better, and ``covered``, how often the central 80% interval holds the day: at least
        and at most (``_least``, ``_most``: what the two ends leave open), each with its 95% interval by player
        (``_low``, ``_high``). ``d_calibration`` is the p-value of an even spread over tenths of the forecast, one
        forecast an injury, the first: repeated ones are not independent. A day beyond the sixtieth counts as that.
    """
    seen = pd.concat([origins.table for origins, _ in parts], ignore_index=True)
    first = ~seen.episode.duplicated()
    rows = []
    for forecaster in parts[0][1]:
        scored = pd.concat([_scores(origins, cdfs[forecaster]) for origins, cdfs in parts], ignore_index=True)
        row: dict[str, str | int | float] = {"forecaster": forecaster, "n": len(scored)}
        for name in scored.columns.drop(["before", "by"]):
            mean = clustered_mean(scored[name].to_numpy(float), seen.player)
            row |= {name: mean.mean, f"{name}_low": mean.low, f"{name}_high": mean.high}
        row["d_calibration"] = d_calibration(*scored.loc[first, ["before", "by"]].to_numpy().T).p_value
        rows.append(row)
    return pd.DataFrame(rows)


def _scores(origins: Origins, cdf: Array) -> pd.DataFrame:
    """Of each origin, and the part of the forecast that lies ``before`` the two ends, and ``by`` the later one."""
    days = np.minimum(origins.evidence.edges - origins.now[:, None], WINDOW)
    lower, upper = (np.minimum(origins.table[end].to_numpy() - origins.now, WINDOW) for end in ("lower", "upper"))
    low, high = (quantile(days, cdf, 0.5 + side * LEVEL / 2.0) for side in (-1, 1))
    bounds = {
        "crps": crps_bounds(days, cdf, lower, upper),
        "covered": ((low <= lower) & (upper <= high), (low < upper) & (lower <= high)),
    }
    table = {f"{name}_{end}": ends[i] for name, ends in bounds.items() for i, end in enumerate(("least", "most"))}
    before, by = (probability_by(days, cdf, end) for end in (lower, upper))
    return pd.DataFrame({**table, "before": before, "by": np.where(upper < WINDOW, by, 1.0)})
