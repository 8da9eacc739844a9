"""The tables of a backtest: what was forecast, how good it was, and whether it came true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..arrays import Array, Integers
from ..io.errors import DataError
from ..scoring.bootstrap import clustered_means
from ..scoring.calibration import d_calibration, reliability
from ..scoring.days import crps_bounds, probability_by, quantile
from ..scoring.scores import outcome_of, scores_of
from ..survival.turnbull import turnbull
from ..terms import FLAG_KINDS, HORIZON, WINDOW
from .held_out import HeldOutForecast
from .origins import Origins

MODEL = "model"
REFERENCE = "logistic hazard"
# Of a score with its interval and of one alone, for people.
FORMATS = ("{:z.3f} ({:z.3f} to {:z.3f})".format, "{:z.4f}".format)  # z: no minus before a zero
BINS = [0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
_DAYS = [0.0, 7.0, 14.0, 30.0, 60.0, 100.0, np.inf]
_REACH = 60.0  # days around a kick-off within which it matters when he became fit


# Of a table of forecasts, but for the forecasters beside the model.
COLUMNS = (
    *("episode", "player", "season", "day", "kind", "fixture", "kickoff", "p_returns", "p_fit", "p_plays", "returned"),
    *("fit_least", "fit_most", "fit_hindsight", "fit_after", "fit_by"),
)


def score_table(forecasts: pd.DataFrame, forecasters: Sequence[str], reference: str) -> pd.DataFrame:
    """Scores of forecasters, with 95% intervals by player.

    Parameters
    ----------
    forecasts : DataFrame
        Of :func:`forecast_table`.
    forecasters : sequence of str
        ``"model"``, whose probabilities are in the column ``p_returns``, or names of other columns.
    reference : str
        The one whose log score ``difference`` is counted from.
    """
    outcome = Outcome.of(forecasts)
    scored = {name: outcome.scores(column(forecasts, name)) for name in forecasters}
    rows = []
    for forecaster, values in scored.items():
        values["difference"] = values["log_score"] - scored[reference]["log_score"]
        means = clustered_means(values, outcome.player)
        rows.append({"forecaster": forecaster, "n": len(outcome.player), **means})
    return pd.DataFrame(rows)


def column(forecasts: pd.DataFrame, forecaster: str) -> pd.Series[float]:
    """The probabilities of a first appearance that one forecaster gave."""
    return forecasts["p_returns" if forecaster == MODEL else forecaster]


@dataclass(frozen=True)
class Outcome:
    """Outcomes of the n origins of a table of forecasts.

    Attributes
    ----------
    row, fixture : ndarray of int
        Where each row of the table belongs, in arrays of shape (n, 6).
    returned, known : ndarray of int, shape (n,)
        As in :func:`~forecast.scoring.log_score`.
    player : ndarray, shape (n,)
    """

    row: Integers
    fixture: Integers
    returned: Integers
    known: Integers
    player: Integers

    @classmethod
    def of(cls, forecasts: pd.DataFrame) -> Outcome:
        """Read it off the table."""
        origin = forecasts.groupby(["episode", "day"], sort=False)
        row, fixture = np.asarray(origin.ngroup(), np.intp), np.asarray(forecasts.fixture, np.intp) - 1
        seen = np.full((origin.ngroups, HORIZON), np.nan)
        seen[row, fixture] = forecasts.returned
        return cls(row, fixture, *outcome_of(seen), np.asarray(origin.player.first(), np.intp))

    def array(self, p: pd.Series[float]) -> Array:
        """A column of the table, shape (n, 6); NaN where there is no fixture."""
        values = np.full((len(self.player), HORIZON), np.nan)
        values[self.row, self.fixture] = p
        return values

    def scores(self, p: pd.Series[float]) -> dict[str, Array]:
        """Score each origin, shape (n,)."""
        return scores_of(self.array(p), self.returned, self.known)


def forecast_table(origins: Origins, model: HeldOutForecast, others: Mapping[str, Array]) -> pd.DataFrame:
    """A row an origin and fixture, with what was forecast and what happened."""
    row, k = np.nonzero(np.isfinite(origins.ahead))
    table, kickoff = origins.table.iloc[row], origins.ahead[row, k]
    lower, upper = table.lower.to_numpy(), table.upper.to_numpy()
    games = origins.episodes.fixtures.set_index(["episode", "day"]).minutes
    minutes = games.reindex(pd.MultiIndex.from_arrays([table.episode, kickoff])).to_numpy(float)
    kind = np.where(table.flagged, np.array(FLAG_KINDS)[origins.evidence.said.kinds[row].argmax(axis=1)], "available")
    return pd.DataFrame(
        {
            **{name: table[name].to_numpy() for name in ("episode", "player", "season", "day")},
            "kind": kind,
            "fixture": k + 1,
            "kickoff": kickoff,
            "p_returns": model.p_returns[row, k],
            "p_fit": model.p_fit[row, k],
            "p_plays": model.p_plays[row, k],
            **{name: p[row, k] for name, p in others.items()},
            "returned": np.where(k < origins.known[row], origins.returned[row] == k, np.nan),
            "played": np.where(np.isnan(minutes), np.nan, minutes > 0.0),
            "fit_least": upper <= kickoff,
            "fit_most": lower < kickoff,
            "fit_hindsight": model.hindsight[row, k],
            "fit_after": lower,
            "fit_by": upper,
        }
    )


def calibration_table(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Compare what was said with the outcomes, by lead, bin, season, kind of flag and days since onset.

    Of ``p_returns``, ``p_plays`` and ``p_fit``.

    Parameters
    ----------
    forecasts : DataFrame
        Of :func:`forecast_table`.

    Returns
    -------
    DataFrame, a row for each ``quantity``, ``by`` and ``group``
        The columns of :func:`~forecast.scoring.calibration.reliability`. Whether he was fit is not always decided. For
        ``p_fit``, ``least`` and ``most`` hold what would have been seen had all of the undecided been unfit, or fit;
        ``seen`` counts each by its probability given what happened, by the model; ``turnbull`` is the non-parametric
        estimate. That is too high even where ``p_fit`` is right: an appearance ends the interval of T at the kick-off
        and an absence does not, so that when one looks depends on what there is to see.
    """
    tables = {}
    for quantity, seen in (("p_returns", "returned"), ("p_plays", "played"), ("p_fit", "returned")):
        known = forecasts[forecasts[seen].notna()]
        for by in _GROUPS:
            groups = _groups(known, by, quantity)
            if quantity == "p_fit":
                tables[quantity, by] = _of_fit(known, groups)
            else:
                said, came = known[quantity].to_numpy(), known[seen].to_numpy(float)
                tables[quantity, by] = reliability(said, came, known.player, groups)
    return pd.concat(tables, names=["quantity", "by"]).reset_index(["quantity", "by"]).reset_index(drop=True)


LEADS = {"under 12 h": 0.5, "12-36 h": 1.5, "36-96 h": 4.0, "4-8 d": 8.0, "beyond": np.inf}  # upper ends, in days


def next_fixtures(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Select the next fixtures whose outcome is known, with ``lead``, the time to kick-off as one of :data:`LEADS`."""
    near = forecasts[(forecasts.fixture == 1) & forecasts.returned.notna()]
    return near.assign(lead=_lead(near))


def _lead(near: pd.DataFrame) -> pd.Series:
    return pd.cut(near.kickoff - near.day, [0.0, *LEADS.values()], labels=list(LEADS))


def lead_table(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Compare what was said of the next fixture with what was seen, by kind of flag and time to its kick-off.

    Parameters
    ----------
    forecasts : DataFrame
        Of :func:`forecast_table`.

    Returns
    -------
    DataFrame, a row for each ``kind`` and ``lead``
        ``n``, the mean of ``said`` and of ``seen`` first appearances, and ``z``, by how many standard errors the first
        lies above the second, were each forecast right and independent of the others.
    """
    near = next_fixtures(forecasts)
    near = near.assign(seen=near.returned.astype(float), spread=near.p_returns * (1.0 - near.p_returns))
    groups = near.groupby(["kind", "lead"], observed=True)
    table = groups.agg(n=("seen", "size"), said=("p_returns", "mean"), seen=("seen", "mean"), spread=("spread", "sum"))
    table["z"] = table.n * (table.said - table.seen) / np.sqrt(table.spread)
    return table.drop(columns="spread").reset_index()


def scores_by(forecasts: pd.DataFrame, forecasters: Sequence[str], by: str) -> pd.DataFrame:
    """Score forecasters by ``season``, or by ``lead``, the time to the kick-off of the next fixture.

    Returns
    -------
    DataFrame, a row for each ``forecaster`` and ``group``
        ``n`` origins, ``log_score`` and ``brier_next``, each with its 95% interval by player (``_low``, ``_high``).
    """
    outcome, origins = Outcome.of(forecasts), forecasts.groupby(["episode", "day"], sort=False).first().reset_index()
    groups = origins.season if by == "season" else _lead(origins)
    rows = []
    for forecaster in forecasters:
        scores = pd.DataFrame(outcome.scores(column(forecasts, forecaster)))[["log_score", "brier_next"]]
        for group, of in scores.groupby(groups, observed=True):
            means = clustered_means(of, outcome.player[of.index])
            rows.append({"forecaster": forecaster, "group": group, "n": len(of), **means})
    return pd.DataFrame(rows)


_GROUPS = ("lead", "bin", "season", "kind", "days out")


def _groups(known: pd.DataFrame, by: str, stated: str) -> pd.Series:
    if by == "bin":
        return pd.cut(known[stated], BINS, include_lowest=True)
    if by == "days out":
        return pd.cut(known.day, _DAYS)
    return known["fixture" if by == "lead" else by]


def _of_fit(known: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    table = reliability(known.p_fit.to_numpy(), known.fit_hindsight.to_numpy(), known.player, groups)
    own = known.groupby(groups, observed=True)
    bounds = own[["fit_least", "fit_most"]].mean()
    curve = [share_fit(rows.fit_after - rows.kickoff, rows.fit_by - rows.kickoff) for _, rows in own]
    return table.assign(least=bounds.fit_least.array, most=bounds.fit_most.array, turnbull=curve)


def share_fit(after: pd.Series, by: pd.Series) -> float:
    """Turnbull's estimate of how many were fit by kick-off, from when each was seen to be, in days from it.

    Whole days, and not more than sixty of them either way, keep the estimate small; neither moves the kick-off.
    """
    low = np.floor(np.clip(after, -_REACH - 1.0, _REACH)) + _REACH + 1.0
    high = np.ceil(np.clip(by, -_REACH, np.inf)) + _REACH + 1.0
    high = np.where(high > 2.0 * _REACH, np.inf, high)
    try:
        pairs, count = np.unique(np.column_stack([low, high]), axis=0, return_counts=True)
        return float(1.0 - turnbull(pairs[:, 0], pairs[:, 1], weights=count).survival(_REACH + 1.0))
    except DataError:  # nobody was seen to become fit
        return 0.0


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
        scored = pd.concat([_day_scores(origins, cdfs[forecaster]) for origins, cdfs in parts], ignore_index=True)
        means = clustered_means(scored.drop(columns=["before", "by"]), seen.player)
        even = d_calibration(*scored.loc[first, ["before", "by"]].to_numpy().T).p_value
        rows.append({"forecaster": forecaster, "n": len(scored), **means, "d_calibration": even})
    return pd.DataFrame(rows)


def _day_scores(origins: Origins, cdf: Array) -> pd.DataFrame:
    """Score each origin, with the part of the forecast that lies ``before`` the two ends, and ``by`` the later one."""
    days = np.minimum(origins.days - origins.now[:, None], WINDOW)
    lower, upper = (np.minimum(origins.table[end].to_numpy() - origins.now, WINDOW) for end in ("lower", "upper"))
    low, high = (quantile(days, cdf, 0.5 + side * LEVEL / 2.0) for side in (-1, 1))
    bounds = {
        "crps": crps_bounds(days, cdf, lower, upper),
        "covered": ((low <= lower) & (upper <= high), (low < upper) & (lower <= high)),
    }
    table = {f"{name}_{end}": ends[i] for name, ends in bounds.items() for i, end in enumerate(("least", "most"))}
    before, by = (probability_by(days, cdf, end) for end in (lower, upper))
    return pd.DataFrame({**table, "before": before, "by": np.where(upper < WINDOW, by, 1.0)})
