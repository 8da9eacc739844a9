import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.scoring.hub import hub_name, score_hub, write_hub
from forecast.scoring.scores import brier_within, log_score
from refused import refused

OUTPUT = Path("model-output")


@pytest.fixture
def forecasts():
    """Three forecasts by hand: back in the second of two; seen to miss one of two; none of one."""
    return pd.DataFrame(
        {
            "episode": [1, 1, 2, 2, 3],
            "player": [7, 7, 8, 8, 9],
            "season": ["2022-23"] * 4 + ["2023-24"],
            "day": [3.25, 3.25, 5.5, 5.5, 8.0],
            "fixture": [1, 2, 1, 2, 1],
            "kickoff": [6.0, 13.0, 7.0, 14.0, 9.5],
            "p_returns": [0.2, 0.5, 0.3, 0.3, 0.6],
            "p_fit": [0.3, 0.8, 0.4, 0.7, 0.7],
            "vague": [0.25, 0.1, 0.25, 0.1, 0.25],
            "returned": [0.0, 1.0, 0.0, np.nan, 0.0],
            "fit_least": [False, True, False, False, False],
            "fit_most": [False, True, True, True, True],
        }
    )


@pytest.fixture
def hub(forecasts, inside):
    write_hub("hub", forecasts, ["p_returns", "vague"])
    return Path("hub")


def file_of(hub: Path, name: str, season: int = 2022) -> Path:
    return hub / OUTPUT / name / f"{season}-07-01-{name}.csv"


def test_it_is_laid_out_as_the_hub_community_does(hub):
    """hubverse.io: model-output/MODEL/ROUND-MODEL.csv, target-data/oracle-output.csv; one reference date a file."""
    files = sorted(str(path.relative_to(hub)) for path in hub.rglob("*.csv"))
    assert files == sorted(
        [f"model-output/{n}/{y}-07-01-{n}.csv" for n in ("forecast-model", "forecast-vague") for y in (2022, 2023)]
        + ["target-data/oracle-output.csv"]
    )
    table = pd.read_csv(file_of(hub, "forecast-model"))
    assert {"reference_date", "target", "horizon", "output_type", "output_type_id", "value"} <= set(table)
    pmf = table[(table.episode == 1) & (table.output_type == "pmf")]
    assert pmf.output_type_id.tolist() == ["1", "2", "none"]
    assert pmf.value.tolist() == pytest.approx([0.2, 0.5, 0.3])
    cdf = table[(table.episode == 1) & (table.output_type == "cdf")]
    assert cdf.output_type_id.astype(float).tolist() == [2.75, 9.75]
    assert cdf.value.tolist() == [0.3, 0.8]


def test_what_came_of_it_is_one_zero_or_nothing(hub):
    oracle = pd.read_csv(hub / "target-data" / "oracle-output.csv")
    seen = oracle.groupby(["episode", "output_type"]).oracle_value.apply(list)
    np.testing.assert_equal(seen[1, "pmf"], [0.0, 1.0, 0.0])
    np.testing.assert_equal(seen[2, "pmf"], [0.0, np.nan, np.nan])
    np.testing.assert_equal(seen[3, "pmf"], [0.0, 1.0])
    np.testing.assert_equal(seen[1, "cdf"], [0.0, 1.0])
    np.testing.assert_equal(seen[2, "cdf"], [np.nan, np.nan])


def test_it_is_read_back_and_scored(hub):
    table = score_hub(hub).set_index("forecaster")
    p = np.array([[0.2, 0.5], [0.3, 0.3], [0.6, np.nan]])
    outcome = p, np.array([1, -1, -1]), np.array([2, 1, 1])
    own = table.loc["forecast-model"]
    assert own.n == 3
    assert own.log_score == pytest.approx(log_score(*outcome).mean())
    assert own.brier_next == pytest.approx(brier_within(*outcome, 1).mean())
    assert own.brier_fit == pytest.approx((0.3**2 + 0.2**2) / 2)
    assert np.isnan(table.brier_fit["forecast-vague"])
    assert table.difference.iloc[0] == 0.0
    assert table.difference.iloc[1] == pytest.approx(table.log_score.iloc[1] - table.log_score.iloc[0])


def test_anybody_may_add_a_forecaster(hub):
    """Fewer forecasts, and a fixture left out that had no chance: the difference is of the forecasts both made."""
    theirs = pd.read_csv(file_of(hub, "forecast-vague"))
    theirs = theirs[(theirs.episode == 1) & (theirs.output_type_id != "1")]
    theirs["value"] = [0.9, 0.1]
    file = file_of(hub, "them-good")
    file.parent.mkdir()
    theirs.to_csv(file, index=False)
    table = score_hub(hub)
    assert table.forecaster[0] == "them-good"
    assert table.n[0] == 1
    assert table.log_score[0] == pytest.approx(-np.log(0.9), rel=1e-5)
    model = table.set_index("forecaster").loc["forecast-model"]
    assert model.difference == pytest.approx(np.log(0.9) - np.log(0.5), rel=1e-5)


def test_a_pmf_adds_up_to_one(hub):
    file = file_of(hub, "forecast-vague")
    table = pd.read_csv(file)
    table.loc[0, "value"] = 0.9
    table.to_csv(file, index=False)
    with pytest.raises(fc.DataError, match=r"^2022-07-01-forecast-vague.csv: row 1: value: 0.9; must add up to 1 with"):
        score_hub(hub)


@pytest.mark.parametrize(
    ("column", "value", "line"),
    [
        ("value", 1.5, "forecast-vague.csv: row 1: value: '1.5'; must be a number, 0 to 1"),
        ("output_type", "median", "row 1: output_type: 'median'; must be one of pmf, cdf"),
        ("output_type_id", "7", "row 1: output_type_id: '7'; must be 1 to 6 or none of a pmf"),
        ("output_type_id", "2", "row 2: output_type_id: '2'; must stand there once"),
        ("target", "goals", "row 1: target: 'goals'; must be one of first appearance, days until fit"),
    ],
)
def test_a_bad_file_is_said(hub, column, value, line):
    file = file_of(hub, "forecast-vague")
    table = pd.read_csv(file, dtype=str)
    table.loc[0, column] = str(value)
    table.to_csv(file, index=False)
    (only,) = refused(fc.DataError, score_hub, hub)
    assert line in only


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", b"reference_date\n1,2\n", b'"'])
def test_a_file_that_is_no_table_is_one_line(hub, raw):
    file = file_of(hub, "forecast-vague")
    file.write_bytes(raw)
    (only,) = refused(fc.DataError, score_hub, hub)
    assert only.startswith(f"{file.name}: ")
    assert only.endswith("; must be a CSV file in UTF-8 with a header")


def test_what_is_missing_is_said(hub):
    theirs = hub / OUTPUT / "them-good"
    theirs.mkdir()
    assert refused(fc.DataError, score_hub, hub) == ["them-good: missing; must hold a file REFERENCE_DATE-NAME.csv"]
    fit = pd.read_csv(file_of(hub, "forecast-model")).query("output_type == 'cdf'")
    fit.to_csv(theirs / "2022-07-01-them-good.csv", index=False)
    line = "target: missing; must be first appearance: nothing of it was forecast"
    assert refused(fc.DataError, score_hub, hub) == [line]
    shutil.rmtree(hub / OUTPUT)
    (only,) = refused(fc.DataError, score_hub, hub)
    assert only == "hub: model-output: missing; must hold a folder for each forecaster"
    (only,) = refused(fc.DataError, score_hub, hub / "none")
    assert only.startswith("oracle-output.csv: 'No such file or directory'; must be a file")


def test_names_and_seasons_that_a_hub_cannot_hold(forecasts, inside):
    assert hub_name("planner's ramp") == "forecast-planner_s_ramp"
    with pytest.raises(fc.DataError, match="must be told apart"):
        write_hub("hub", forecasts.assign(**{"vague!": 0.1}), ["vague", "vague!"])
    with pytest.raises(fc.DataError, match="must begin with its year"):
        write_hub("hub", forecasts.assign(season="last"), ["vague"])
    assert not Path("hub").exists()
