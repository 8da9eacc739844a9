"""Forecasts as forecast hubs keep them, written and read back: a folder that anybody may add a forecaster to.

``model-output/NAME/DATE-NAME.csv`` holds what a forecaster said, ``target-data/oracle-output.csv`` what came of it, in
the long format of the hub community (hubverse.io): a row a number. ``reference_date`` is the first of July of a season,
which was forecast from the others; ``episode``, ``player`` and ``day``, days since onset, tell the forecasts of a round
apart. Of target ``first appearance`` a ``pmf`` over the next fixtures, 1 to ``horizon``, and ``none``; of target
``days until fit`` a ``cdf`` at the days left to each of their kick-offs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ..arrays import Array
from ..io.columns import Column, bad_rows, read_columns
from ..io.errors import MISSING, DataError
from ..io.write import write_text
from ..terms import HORIZON
from .bootstrap import clustered_means
from .scores import outcome_of, scores_of

APPEARS, FIT, NONE = "first appearance", "days until fit", "none"
_TASK = ["reference_date", "episode", "player", "day", "target", "horizon"]
_ID = ["output_type", "output_type_id"]
_KEYS = ["episode", "day"]  # of a forecast
_TARGETS = Path("target-data") / "oracle-output.csv"
_FORECASTS = Path("model-output")
_COLUMNS = {
    "reference_date": Column(text=True),
    "episode": Column(most=10**12, whole=True),
    "player": Column(most=10**12, whole=True),
    "day": Column(most=10_000),
    "target": Column(values=(APPEARS, FIT)),
    "horizon": Column(least=1, most=HORIZON, whole=True),
    "output_type": Column(values=("pmf", "cdf")),
    "output_type_id": Column(text=True),
}
MAX_DAYS = 1000.0  # ahead, of a cdf
_SUM = "must add up to 1 with the others of its pmf"
_SLACK = 1e-3  # by which the numbers of a pmf may miss 1


def hub_name(forecaster: str) -> str:
    """Return the name of a forecaster in a hub: a team and a model, letters, digits and underscores alone."""
    return f"forecast-{re.sub(r'[^0-9A-Za-z]+', '_', forecaster).strip('_').lower()}"


def write_hub(folder: str | Path, forecasts: pd.DataFrame, forecasters: Sequence[str]) -> list[Path]:
    """Write the forecasts of a backtest, and what came of them.

    Parameters
    ----------
    folder : path
    forecasts : DataFrame
        ``forecasts`` of a :class:`~forecast.Report`.
    forecasters : sequence of str
        The columns of it with probabilities of a first appearance; ``p_returns`` is the model, and has ``p_fit``, too.

    Returns
    -------
    list of Path
        The files, in ``folder``.

    Raises
    ------
    DataError
        If a season does not begin with its year, or two names are one without what a hub does not allow in them.
    """
    year = forecasts.season.astype(str).str.extract(r"^(\d{4})", expand=False)
    if year.isna().any():
        raise DataError.of("season", forecasts.season[year.isna()].iloc[0], "must begin with its year, as in 2023-24")
    names = {name: hub_name("model" if name == "p_returns" else name) for name in forecasters}
    if len(set(names.values())) < len(names):
        raise DataError.of("forecasters", ", ".join(names), "must be told apart by letters and digits alone")
    table = forecasts.assign(reference_date=year + "-07-01")
    table["horizon"] = table.groupby(_KEYS).fixture.transform("max")
    files = {_TARGETS: _oracle(table)}
    for forecaster, name in names.items():
        rows = _pmf(table, table[forecaster])
        if forecaster == "p_returns":
            rows = pd.concat([rows, _cdf(table, table.p_fit)])
        for date, own in rows.groupby("reference_date"):
            files[_FORECASTS / name / f"{date}-{name}.csv"] = own
    written = [Path(folder) / file for file in files]
    for path, rows in zip(written, files.values(), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, rows.to_csv(index=False))
    return written


def _pmf(table: pd.DataFrame, p: pd.Series[float], value: str = "value") -> pd.DataFrame:
    """Return a row a fixture and one for none of them, which has the rest: as far as it is known, of an outcome."""
    task = table.assign(target=APPEARS, output_type="pmf", output_type_id=table.fixture.astype(str), **{value: p})
    numbers = task.groupby(_KEYS, sort=False)[value]
    known = (numbers.count() == numbers.size()) | (numbers.max() == 1.0)
    rest = (1.0 - numbers.sum()).clip(0.0).where(known)
    none = task.drop_duplicates(_KEYS).assign(output_type_id=NONE, **{value: rest.to_numpy()})
    both = pd.concat([task, none]).sort_values(_KEYS, kind="stable")
    return both[[*_TASK, *_ID, value]]


def _cdf(table: pd.DataFrame, p: pd.Series[float] | Array, value: str = "value") -> pd.DataFrame:
    """Return a row a kick-off: the days left to it, and whether the player is fit by then."""
    left = (table.kickoff - table.day).map("{:.2f}".format)
    return table.assign(target=FIT, output_type="cdf", output_type_id=left, **{value: p})[[*_TASK, *_ID, value]]


def _oracle(table: pd.DataFrame) -> pd.DataFrame:
    """Return what came of each number: 1, 0 or, where that is not known, nothing."""
    fit = np.where(table.fit_least, 1.0, np.where(table.fit_most, np.nan, 0.0))
    name = "oracle_value"
    return pd.concat([_pmf(table, table.returned.astype(float), name), _cdf(table, fit, name)])


def score_hub(folder: str | Path) -> pd.DataFrame:
    """Score every forecaster of a hub, each by the forecasts that it made.

    Returns
    -------
    DataFrame, a row a forecaster, the best log score first
        ``n`` forecasts, ``log_score``, ``brier_next`` and ``brier_three`` of the first appearance, ``brier_fit`` of
        being fit by a kick-off where that is known, each with its 95% interval by player (``_low``, ``_high``); and
        ``difference`` of the log score from that of the first, on the forecasts that both made.

    Raises
    ------
    DataError
        One line for each problem, with the file.
    """
    where = Path(folder)
    oracle = _read(where / _TARGETS, "oracle_value", blank=True)
    names = [path for path in sorted((where / _FORECASTS).glob("*")) if path.is_dir()]
    if not names:
        raise DataError.of(str(_FORECASTS), MISSING, "must hold a folder for each forecaster", file=where.name)
    scored = {path.name: _scores(_forecaster(path), oracle) for path in names}
    order = sorted(scored, key=lambda name: float(scored[name].log_score.mean()))
    best = scored[order[0]]
    rows = []
    for name in order:
        own = scored[name]
        both = own.join(best.log_score.rename("best"), how="inner")
        means = clustered_means(own.drop(columns="player"), own.player)
        means |= clustered_means((both.log_score - both.best).to_frame("difference"), both.player)
        rows.append({"forecaster": name, "n": len(own), **means})
    return pd.DataFrame(rows)


def _read(path: Path, value: str, blank: bool = False) -> pd.DataFrame:
    """Read a file of a hub, checked by itself."""
    table = read_columns(path, {**_COLUMNS, value: Column(most=1.0, blank=blank)})
    pmf = table.output_type == "pmf"
    places = [*map(str, range(1, HORIZON + 1)), NONE]
    right = (pmf == (table.target == APPEARS)) & (~pmf | table.output_type_id.isin(places))
    allowed = f"must be 1 to {HORIZON} or {NONE} of a pmf, days of a cdf"
    days = pd.to_numeric(table.output_type_id.mask(pmf, "0"), errors="coerce")
    problems = bad_rows(table.output_type_id, ~(right & days.between(0.0, MAX_DAYS)), allowed, path.name)
    table = table.assign(output_type_id=table.output_type_id.where(pmf, days.map("{:.2f}".format)))
    twice = table.duplicated([*_TASK, *_ID])
    problems += bad_rows(table.output_type_id, twice, "must stand there once", path.name)
    if problems:
        raise DataError(problems)
    return table


def _forecaster(folder: Path) -> pd.DataFrame:
    """Read every file of one forecaster."""
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise DataError.of("", MISSING, "must hold a file REFERENCE_DATE-NAME.csv", file=folder.name)
    tables = []
    for path in files:
        table = _read(path, "value")
        pmf = table[table.target == APPEARS]
        off = (pmf.groupby(_TASK).value.transform("sum") - 1.0).abs() > _SLACK
        if off.any():
            raise DataError(bad_rows(table.value, off.reindex(table.index, fill_value=False), _SUM, path.name))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _by_fixture(appears: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return the numbers of the fixtures of each forecast of a first appearance, a column a fixture."""
    pmf = appears[appears.output_type_id != NONE]
    return pmf.assign(fixture=pmf.output_type_id.astype(int)).pivot_table(value, _KEYS, "fixture")


def _scores(forecasts: pd.DataFrame, oracle: pd.DataFrame) -> pd.DataFrame:
    """Score each forecast of one forecaster, a row each, by ``episode`` and ``day``."""
    known = forecasts.merge(oracle, on=[*_TASK, *_ID], how="left")
    appears = known[known.target == APPEARS]
    if appears.empty:
        raise DataError.of("target", MISSING, f"must be {APPEARS}: nothing of it was forecast")
    p, seen = _by_fixture(appears, "value"), _by_fixture(oracle[oracle.target == APPEARS], "oracle_value")
    ahead = appears.drop_duplicates(_KEYS).set_index(_KEYS)
    ahead = ahead.loc[ahead.index.intersection(p.index).intersection(seen.index)]
    p, seen = (part.reindex(ahead.index, columns=range(1, HORIZON + 1)) for part in (p, seen))
    there = np.arange(1, HORIZON + 1) <= ahead.horizon.to_numpy()[:, None]
    scores = scores_of(p.fillna(0.0).where(there).to_numpy(), *outcome_of(seen.to_numpy()))
    fit = known[(known.target == FIT) & known.oracle_value.notna()]
    brier_fit = ((fit.value - fit.oracle_value) ** 2).groupby([fit.episode, fit.day]).mean().reindex(ahead.index)
    return pd.DataFrame({**scores, "brier_fit": brier_fit, "player": ahead.player}, index=ahead.index)
