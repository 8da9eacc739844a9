"""Somebody else's forecasters in the backtest: what they are shown, what they may answer, where they are scored."""

from importlib import import_module

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.__main__ import main
from forecast.backtest.baselines import BASELINES, forecast_by
from forecast.backtest.held_out import split
from forecast.backtest.origins import origins_of
from forecast.scoring.hub import score_hub, write_hub
from forecasters import quarter
from subset import some


@pytest.fixture(scope="module")
def two(episodes):
    """The origins of a season, and those of the others."""
    train, test = split(some(episodes.of("hamstring"), 200), "2020-21")
    return origins_of(train), origins_of(test)


@pytest.mark.parametrize("name", BASELINES)
def test_whoever_forecasts_needs_nothing_that_comes_later(two, name):
    train, test = two
    np.testing.assert_array_equal(BASELINES[name](train, test.blind()), BASELINES[name](train, test))


def test_what_is_shown_holds_no_outcome(two):
    blind = two[1].blind()
    assert (blind.returned == -1).all()
    assert (blind.known == 0).all()
    assert len(blind.episodes) == 0
    assert len(blind.episodes.fixtures) == 0
    for outcome in (blind.readings.appeared, blind.readings.inside, blind.readings.never):
        assert not outcome.any()
    assert not {"lower", "upper", "misses", "appeared"} & {*blind.table.columns, *blind.readings.table.columns}
    assert (blind.readings.misses == blind.evidence.missed).all()


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (lambda train, origins: np.zeros(3), r"forecasters\[mine\]: 'shape \(3,\)'; must give shape \(\d+, 6\)"),
        (
            lambda train, origins: np.full((len(origins), 6), 0.3),
            r"forecasters\[mine\]\[0\]: .*; must be probabilities that add up",
        ),
        (
            lambda train, origins: np.full((len(origins), 6), np.nan),
            r"forecasters\[mine\]\[0\]: .*; must be probabilities",
        ),
        (lambda train, origins: None, r"forecasters\[mine\]: 'shape \(\)'; must give shape"),
        (lambda train, origins: [["much"] * 6], r"forecasters\[mine\]: .*; must give numbers"),
    ],
)
def test_an_answer_that_is_none_is_said(two, answer, line):
    with pytest.raises(fc.DataError, match=line):
        forecast_by("mine", answer, *two)


@pytest.mark.parametrize("name", ["model", "climatology", "p_fit", " "])
def test_a_name_that_is_taken_is_said_before_anything_is_fitted(episodes, name):
    with pytest.raises(fc.DataError, match=r"forecasters: .*; must be a name that no other and no column has"):
        fc.backtest(episodes, forecasters={name: quarter})


def test_no_function_is_said(episodes):
    with pytest.raises(fc.DataError, match=r"forecasters\[mine\]: 3; must be a function"):
        fc.backtest(episodes, forecasters={"mine": 3})


def test_they_stand_in_the_tables_and_in_the_hub(small_report, inside):
    scores = small_report.scores.set_index("forecaster")
    assert list(scores.index) == ["model", *BASELINES, "a quarter"]
    second = small_report.forecasts[small_report.forecasts.fixture == 2]
    assert (second["a quarter"] == 0.25 * 0.75).all()
    write_hub("hub", small_report.forecasts, ["p_returns", "a quarter"])
    again = score_hub("hub").set_index("forecaster")
    assert len(again) == 2
    for name, hub in (("model", "forecast-model"), ("a quarter", "forecast-a_quarter")):
        for value in ("n", "log_score", "brier_next", "brier_three", "log_score_low", "log_score_high"):
            assert again[value][hub] == pytest.approx(scores[value][name], rel=1e-9), (name, value)


@pytest.fixture
def done(small_report, inside, monkeypatch):
    """The command prints a report that was made before."""
    monkeypatch.setattr(import_module("forecast.commands.backtest"), "backtest", lambda *arguments: small_report)


def test_a_file_of_forecasts_is_scored_beside_the_model(small_report, done, inside, capsys):
    mine = small_report.forecasts[["episode", "day", "fixture", "p_returns"]]
    mine.to_csv("mine.csv", index=False)
    assert main(["backtest", "--jobs", "1", "--beside", "mine.csv", "--csv", "all.csv"]) == 0
    *_, model, theirs = capsys.readouterr().out.split("Beside mine.csv\n")[1].splitlines()[:3]
    assert theirs.split()[1:] == model.split()[1:]  # the same forecasts
    assert len(pd.read_csv("all.csv")) == len(mine)
    mine.iloc[1:].to_csv("mine.csv", index=False)
    assert main(["backtest", "--jobs", "1", "--beside", "mine.csv"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(f"p_returns: missing; must be there once, as 1 of {len(mine)} forecasts are not")


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"episode,day,fixture\n1,2,3\n", "mine.csv: p_returns: missing; must be a column"),
        (b"episode,day,fixture,p_returns\n1,2,7,0.1\n", "mine.csv: row 1: fixture: '7'; must be a whole number, 1 to 6"),
        (b"\xff\xfe\x00", "mine.csv: \"'utf-16-le' codec can't decode byte 0x00"),
        (None, "mine.csv: 'No such file or directory'; must be a file that can be read"),
    ],
)  # fmt: skip
def test_a_file_of_no_forecasts_is_one_line(done, inside, capsys, raw, line):
    if raw is not None:
        (inside / "mine.csv").write_bytes(raw)
    assert main(["backtest", "--jobs", "1", "--beside", "mine.csv"]) == 2
    (only,) = capsys.readouterr().err.splitlines()
    assert only.startswith(line)


def test_the_commands_write_and_read_it(small_report, done, capsys):
    assert main(["backtest", "--hub", "hub", "--jobs", "1"]) == 0
    assert "python -m forecast score reads it" in capsys.readouterr().out
    assert main(["score", "hub"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 1 + len(small_report.scores)
    assert main(["score", "hub/target-data/oracle-output.csv"]) == 2
    assert "OUTCOMES.csv: missing; must be given, but for a hub" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wishes", "line"),
    [
        (["--png", "a.gif"], "--png: 'a.gif'; must end in .png, .svg or .pdf"),
        (
            ["--csv", "mine.csv", "--beside", "mine.csv"],
            "--csv: 'mine.csv'; must be another file than that of the input",
        ),
        (["--csv", "none/mine.csv"], "none/mine.csv: No such file or directory"),
        (["--hub", "mine.csv"], "--hub: 'mine.csv'; must be a folder"),
        (["--beside", "mine.csv"], "mine.csv: 'No columns to parse from file'; must be a CSV file"),
        (["--beside", "none.csv"], "none.csv: 'No such file or directory'; must be a file"),
    ],
)
def test_what_cannot_be_written_or_read_is_said_before_anything_is_fitted(inside, capsys, monkeypatch, wishes, line):
    (inside / "mine.csv").write_bytes(b"")
    monkeypatch.setattr("forecast.commands.backtest.backtest", lambda *_: pytest.fail("fitted"))
    assert main(["backtest", "--jobs", "1", *wishes]) == 2
    assert capsys.readouterr().err.startswith(line)
