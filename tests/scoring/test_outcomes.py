import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.scoring.outcomes import read_outcomes, score_log
from refused import refused

ONSET = pd.Timestamp("2025-09-14T00:00Z")
DAYS = [pd.Timestamp(f"2025-10-{day:02}T14:00Z") for day in (4, 11, 18)]


def forecast(player: str, p_plays, p_returns, as_of: str = "2025-10-01", made: str = "2025-10-01") -> pd.DataFrame:
    """As read_log gives it."""
    n = len(p_plays)
    head = {"player": player, "onset": ONSET, "model": "x", "as_of": pd.Timestamp(as_of, tz="UTC")}
    return pd.DataFrame(
        head
        | {"made": pd.Timestamp(made, tz="UTC"), "ahead": range(1, n + 1), "fixture": list("abc")[:n]}
        | {"kickoff": DAYS[:n], "p_plays": p_plays, "p_returns": p_returns}
    )


def happened(player: str, *appeared: bool) -> pd.DataFrame:
    return pd.DataFrame({"player": player, "onset": ONSET, "kickoff": DAYS[: len(appeared)], "appeared": appeared})


def test_scores_of_two_forecasts_by_hand():
    log = pd.concat([forecast("A", [0.2, 0.6], [0.2, 0.5]), forecast("B", [0.9], [0.9])])
    scores = score_log(log, pd.concat([happened("A", False, True), happened("B", True)]))
    assert list(scores.fixtures.ahead) == [1, 2, "all"]
    assert list(scores.fixtures.forecasts) == [2, 1, 3]
    np.testing.assert_allclose(scores.fixtures.said, [0.55, 0.6, 1.7 / 3])
    np.testing.assert_allclose(scores.fixtures.happened, [0.5, 1.0, 2 / 3])
    # -log(0.8), -log(0.9); (0.2)**2, (0.1)**2; -log(0.6), (0.4)**2
    np.testing.assert_allclose(scores.fixtures["log score"][:2], [-np.log(0.8 * 0.9) / 2, -np.log(0.6)])
    np.testing.assert_allclose(scores.fixtures.Brier, [0.025, 0.16, 0.07])
    (returns,) = scores.returns.to_dict("records")
    assert returns["forecasts"] == 2
    np.testing.assert_allclose(
        returns["log score"], -np.log(0.5 * 0.9) / 2
    )  # his first was the second fixture; the first
    np.testing.assert_allclose(returns["Brier, next fixture"], (0.04 + 0.01) / 2)


def test_what_is_not_known_is_left_out():
    log = pd.concat([forecast("A", [0.2, 0.6, 0.7], [0.2, 0.5, 0.1]), forecast("B", [0.9], [0.9])])
    known = happened("A", False, True, True).drop(index=1)
    scores = score_log(log, known)
    assert list(scores.fixtures.ahead) == [1, 3, "all"]
    # Of the first appearance only that it was not the first fixture: the second is not known.
    np.testing.assert_allclose(scores.returns["log score"], -np.log(0.8))


def test_by_the_name_of_the_fixture_where_it_was_moved():
    outcomes = pd.DataFrame({"player": ["A"], "onset": [ONSET], "fixture": ["b"], "appeared": [True]})
    scores = score_log(forecast("A", [0.2, 0.6], [0.2, 0.5]), outcomes)
    assert list(scores.fixtures.ahead) == [2, "all"]
    assert np.isnan(scores.returns["log score"]).all()


def test_the_hour_of_the_onset_need_not_be_known():
    log = forecast("A", [0.2], [0.2]).assign(onset=ONSET + pd.Timedelta(hours=14))
    assert score_log(log, happened("A", True)).fixtures.forecasts.iloc[0] == 1


def test_a_forecast_made_after_kick_off_is_told():
    log = forecast("A", [0.2, 0.6], [0.2, 0.5], made="2025-10-05")
    assert score_log(log, happened("A", False, True)).late == 1


def test_outcomes_of_nothing_that_was_forecast():
    with pytest.raises(fc.DataError, match=r"outcomes: 'none'; must be one of a forecast in the log"):
        score_log(forecast("A", [0.2], [0.2]), happened("B", True))


def test_a_table_of_outcomes(inside):
    (inside / "o.csv").write_text(
        "onset,player,appeared,note,kickoff\n2025-09-14,A,Yes,x,2025-10-04T14:00Z\n2025-09-14,A,no,,2025-10-11\n"
    )
    table = read_outcomes("o.csv")
    assert table.to_dict("records") == [
        {"player": "A", "onset": ONSET, "kickoff": DAYS[0], "appeared": True},
        {"player": "A", "onset": ONSET, "kickoff": pd.Timestamp("2025-10-11T20:00Z"), "appeared": False},
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("player,onset\n", "o.csv: appeared: missing; must be a column"),
        ("player,onset,appeared\n", "o.csv: fixture: missing; must be a column, or kickoff"),
        ("player,onset,appeared,fixture\nA,2025-09-14,maybe,x\n", "o.csv: row 1: appeared: 'maybe'; must be one of yes, no"),
        ("player,onset,appeared,kickoff\nA,soon,no,2025-10-04\n", "o.csv: row 1: onset: 'soon'; must be a date or time"),
        ("player,onset,appeared,fixture\n" + "A,2025-09-14,no,x\n" * 2, "o.csv: row 2: 'a fixture once more'; must stand"),
    ],
)  # fmt: skip
def test_a_table_that_is_none_of_outcomes(inside, content, line):
    (inside / "o.csv").write_text(content)
    (only,) = refused(fc.DataError, read_outcomes, "o.csv")
    assert only.startswith(line)
