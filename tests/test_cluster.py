import os
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from refused import refused

dask = pytest.importorskip("dask", reason="Dask is an optional dependency")
dataframe = pytest.importorskip("dask.dataframe", reason="Dask is an optional dependency")

from dask import bag  # noqa: E402 - after it is known to be there

from clusters import WARNINGS, kills_once, two_workers  # noqa: E402 - the same
from forecast import cluster  # noqa: E402 - the same

ORACLES = Path(__file__).parent / "oracles"
COVARIATES = ["age", "grade", "x3"]
WAYS = ["lognormal", "loglogistic", "weibull", "gengamma"]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    table = pd.read_csv(ORACLES / "truncated.csv").rename(columns={"weight": "weights"})
    return table.assign(club="none")  # a column that is not asked for


@pytest.fixture
def here():
    """No cluster: each task when it is asked for, in this process."""
    with dask.config.set(scheduler="synchronous"):
        yield


def in_memory(table: pd.DataFrame, family: str) -> fc.RecoveryFit:
    return fc.fit_recovery(table.lower, table.upper, table[COVARIATES], family, table.weights, table.entry)


def assert_same(fit: fc.RecoveryFit, expected: fc.RecoveryFit) -> None:
    se = np.sqrt(np.diag(expected.covariance))
    assert fit.n == expected.n
    assert fit.loglik == pytest.approx(expected.loglik, rel=1e-10)
    np.testing.assert_allclose((fit.params - expected.params) / se, 0.0, atol=1e-8)
    np.testing.assert_allclose(fit.covariance / np.outer(se, se), expected.covariance / np.outer(se, se), atol=1e-8)
    assert list(fit.params.index) == list(fit.covariance.index) == list(expected.params.index)


@pytest.mark.parametrize("family", WAYS)
def test_partitions_give_the_fit_of_the_whole(here, table, family):
    frame = dataframe.from_pandas(table, npartitions=7)
    assert_same(cluster.fit_recovery(frame, COVARIATES, family), in_memory(table, family))


def test_entry_weights_and_covariates_may_be_left_out(here, table):
    frame = dataframe.from_pandas(table[["lower", "upper"]], npartitions=3)
    assert_same(cluster.fit_recovery(frame), fc.fit_recovery(table.lower, table.upper))


def test_partitions_may_be_empty_or_all_censored(here, table):
    frame = dataframe.from_pandas(table, npartitions=4)
    order = table.sort_values("upper")
    parts = [order.head(0), order.iloc[:200], order.iloc[200:]]
    assert np.isinf(parts[-1].upper).all()
    frame = dataframe.from_delayed([dask.delayed(part) for part in parts], meta=table.head(0))
    assert_same(cluster.fit_recovery(frame, COVARIATES), in_memory(table, "lognormal"))


def test_a_bad_row_is_named_by_its_partition(here, table):
    frame = dataframe.from_pandas(table.assign(lower=table.lower.where(table.index != 200, -1.0)), npartitions=2)
    with pytest.raises(fc.DataError, match=r"^partition 1: lower\[80\]: -1.0; must be days since onset"):
        cluster.fit_recovery(frame)


def test_a_column_that_is_missing_is_named(here, table):
    frame = dataframe.from_pandas(table.drop(columns="upper"), npartitions=2)
    assert refused(fc.DataError, cluster.fit_recovery, frame, ["height"]) == [
        "upper: missing; must be a column of the frame",
        "height: missing; must be a column of the frame",
    ]


@pytest.fixture(scope="module")
def cases() -> list[fc.Case]:
    case = fc.example_case("bellingham")
    return [case.rewound(case.as_of - pd.Timedelta(days=days)) for days in range(8)]


def test_a_bag_of_cases_gives_a_bag_of_outlooks_in_its_order(here, model, cases):
    outlooks = cluster.forecast_many(model, bag.from_sequence(cases, npartitions=3), level=0.5).compute()
    for outlook, expected in zip(outlooks, model.forecast_many(cases, level=0.5), strict=True):
        pd.testing.assert_frame_equal(outlook.fixtures, expected.fixtures)


@pytest.mark.slow
@WARNINGS
@pytest.mark.parametrize("family", WAYS)
def test_a_fit_outlives_a_worker(table, family, tmp_path, monkeypatch):
    """Killed in the fifth pass over the rows, with the partitions it kept."""
    total, passes = cluster._Partitions.total, []

    def deadly(self, function):
        passes.append(function)
        return total(self, partial(kills_once, tmp_path / "grave", function) if len(passes) == 5 else function)

    monkeypatch.setattr(cluster._Partitions, "total", deadly)
    frame = dataframe.from_pandas(table, npartitions=6)
    with two_workers() as client:
        before = set(client.run(os.getpid).values())
        fit = cluster.fit_recovery(frame, COVARIATES, family)
    assert int((tmp_path / "grave").read_text()) in before
    assert len(passes) > 5
    assert_same(fit, in_memory(table, family))


def _through(case: fc.Case, grave: Path) -> fc.Case:
    return kills_once(grave, lambda: case)


@pytest.mark.slow
@WARNINGS
def test_forecasts_outlive_a_worker(model, cases, tmp_path):
    with two_workers():
        deadly = bag.from_sequence(cases, npartitions=4).map(_through, tmp_path / "grave")
        outlooks = cluster.forecast_many(model, deadly).compute()
    assert (tmp_path / "grave").exists()
    for outlook, expected in zip(outlooks, model.forecast_many(cases), strict=True):
        pd.testing.assert_frame_equal(outlook.fixtures, expected.fixtures)
