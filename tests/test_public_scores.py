"""The scores as anybody calls them: lists in, errors in words, and nothing that censoring does to them unseen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import forecast as fc
from forecast import scores

DAYS = np.linspace(0.0, 40.0, 401)
INF = float("inf")


def test_every_score_says_what_it_is_and_runs():
    for name in scores.__all__:
        text = getattr(scores, name).__doc__
        assert text, name
        if name.islower():
            assert ">>> " in text, name


def test_they_are_listed():
    assert "scores" in fc.__all__
    assert fc.scores is scores


# ------------------------------------------------------------------------------------------------------ errors in words


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (lambda: scores.log_score([[0.5, 1.2]], [0], [2]), r"p\[0, 1\]: 1.2; must be 0 to 1"),
        (lambda: scores.log_score([[0.7, 0.7]], [0], [2]), r"p\[0\]: 1.4; must add up to 1 at most"),
        (lambda: scores.log_score([0.5, 0.5], [0, 0], [2, 2]), r"p: 'shape \(2,\)'; must have 2 dimensions"),
        (lambda: scores.log_score([[0.5]], [0, 1], [1]), r"returned: '2 rows'; must be as many as p has, 1"),
        (lambda: scores.log_score([[0.5]], [0.5], [1]), r"returned: \[0.5\]; must be whole numbers"),
        (lambda: scores.crps([0, 1, 2], [[0, 0.6, 0.5]], [1]), r"cdf\[0, 1\]: 0.6; must be followed by no smaller one"),
        (lambda: scores.crps([0, 1], [[0, 0.6, 0.7]], [1]), r"days: 'shape \(2,\)'; must be one for each column of cdf, 3"),
        (lambda: scores.crps([0, 1], [[0, 1]], ["soon"]), r"event: \['soon'\]; must be numbers"),
        (lambda: scores.crps_bounds([0, 1], [[0, 1]], [2], [1]), r"upper\[0\]: 1.0; must be at least lower"),
        (lambda: scores.interval_score([1], [2], [np.nan], 0.9), r"event\[0\]: nan; must be finite"),
        (lambda: scores.interval_score([1], [2], [1], 90), r"level: 90.0; must be above 0 and below 1"),
        (lambda: scores.d_calibration([], []), r"cdf_lower: 'no rows'; must have one"),
        (lambda: scores.d_calibration([0.1], [0.2], bins=0), r"bins: 0.0; must be at least 1"),
        (lambda: scores.reliability([0.1, 0.2], [1, 0], [1], [1, 1]), r"cluster: '1 rows'; must be as many as stated has, 2"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said(call, line):
    with pytest.raises(fc.DataError, match=f"^{line}$"):
        call()


# ------------------------------------------------------------------------------------------ none censored, all, and at ties


def test_none_censored_all_ways_agree():
    rng = np.random.default_rng(1)
    event, p = rng.exponential(10.0, 300), rng.random(300)
    curve = scores.censoring_curve(event, np.ones(300, bool))
    assert len(curve.days) == 0
    exact = (p - (event <= 7.0)) ** 2
    np.testing.assert_allclose(scores.brier_weighted(p, event, np.ones(300, bool), 7.0, curve), exact)
    for bound in scores.brier_bounds(p, event, event, 7.0):
        np.testing.assert_allclose(bound, exact)
    cdf = np.tile(1.0 - np.exp(-DAYS / 10.0), (300, 1))
    for bound in scores.crps_bounds(DAYS, cdf, event, event):
        np.testing.assert_allclose(bound, scores.crps(DAYS, cdf, event))


def test_all_censored_nothing_is_known_and_no_score_pretends_otherwise():
    day, none, p = np.array([3.0, 5.0, 8.0]), np.zeros(3, bool), np.array([0.2, 0.5, 0.9])
    curve = scores.censoring_curve(day, none)
    with pytest.raises(fc.DataError, match="somebody was followed"):
        scores.brier_weighted(p, day, none, 9.0, curve)
    low, high = scores.brier_bounds(p, day, np.full(3, INF), 9.0)
    np.testing.assert_allclose(low, np.minimum(p, 1 - p) ** 2)
    np.testing.assert_allclose(high, np.maximum(p, 1 - p) ** 2)
    assert scores.d_calibration(np.zeros(3), np.ones(3)).p_value == 1.0
    assert scores.log_score_between(DAYS, np.tile(DAYS / 80.0, (3, 1)), np.zeros(3), np.full(3, INF)) == pytest.approx(
        0.0
    )
    assert scores.log_score([[0.4, 0.4]], [-1], [0]).tolist() == [0.0]
    assert np.isnan(scores.brier_within([[0.4, 0.4]], [-1], [0], 1)).all()
    assert np.isnan(scores.clustered_mean([np.nan, np.nan], [1, 2]).mean)


@pytest.mark.parametrize("horizon", [5.0, 10.0])
def test_censored_at_ties_the_mean_is_that_of_the_uncensored(horizon):
    """Events and censorings in whole days, many on the very horizon: the weights make up for it."""
    rng = np.random.default_rng(2)
    event, stop = np.ceil(rng.exponential(8.0, 60_000)), np.ceil(rng.exponential(15.0, 60_000))
    stop = np.minimum(stop, 10.0)  # followed for ten days at most
    day, observed = np.minimum(event, stop), event <= stop
    p = np.where(rng.random(60_000) < 0.5, 0.3, 0.7)
    curve = scores.censoring_curve(day, observed)
    weighted = scores.brier_weighted(p, day, observed, horizon, curve).mean()
    assert weighted == pytest.approx(((p - (event <= horizon)) ** 2).mean(), abs=0.004)


@given(st.lists(st.tuples(st.integers(1, 6), st.booleans()), min_size=1, max_size=12))
def test_the_censoring_curve_falls_from_one_and_never_below_zero(rows):
    day, observed = (np.array(column) for column in zip(*rows, strict=True))
    curve = scores.censoring_curve(day, observed)
    assert np.all(np.diff(np.append(1.0, curve.kept)) < 0.0)
    assert np.all(curve.kept > -1e-12)


# --------------------------------------------------------------------------------------------------- the log score of a day


def test_the_log_score_of_intervals_adds_up_over_all_of_them():
    """Of a partition of the days the probabilities add up to 1."""
    cdf = 1.0 - np.exp(-DAYS / 10.0)
    ends = np.array([0.0, 3.3, 7.0, 21.0, 40.0, INF])
    scored = scores.log_score_between(DAYS, np.tile(cdf, (5, 1)), ends[:-1], ends[1:])
    assert np.exp(-scored).sum() == pytest.approx(1.0)


def test_the_log_score_of_an_exact_day_is_minus_the_log_density():
    """scoringrules.logs_exponential([0.5, 2, 9], 0.1) to the width of the grid"""
    scoringrules = pytest.importorskip("scoringrules", reason="the oracle is not installed")
    event = np.array([0.52, 2.03, 9.07])
    cdf = np.tile(1.0 - np.exp(-DAYS / 10.0), (3, 1))
    expected = scoringrules.logs_exponential(event, 0.1)
    assert scores.log_score_between(DAYS, cdf, event, event) == pytest.approx(expected, abs=0.006)


def test_the_log_score_is_proper_where_the_following_stops():
    """Right forecasts score best, though half of the events are right-censored; 50,000 draws."""
    rng = np.random.default_rng(3)
    event, stop = rng.exponential(10.0, 50_000), rng.exponential(10.0, 50_000)
    lower, upper = np.where(event <= stop, np.floor(event), stop), np.where(event <= stop, np.floor(event) + 1.0, INF)
    grid = np.linspace(0.0, 150.0, 151)

    def mean(scale: float) -> float:
        return float(
            scores.log_score_between(grid, np.tile(1.0 - np.exp(-grid / scale), (50_000, 1)), lower, upper).mean()
        )

    assert mean(10.0) < min(mean(9.0), mean(11.0))


# ------------------------------------------------------------------------------------------------------- paired differences


def test_what_both_find_hard_cancels():
    rng = np.random.default_rng(4)
    hard = rng.exponential(size=400)
    first, second = hard + 0.1 + 0.01 * rng.normal(size=400), hard
    found = scores.paired_difference(first, second, np.arange(400) // 2)
    assert found.mean == pytest.approx(0.1, abs=0.005)
    assert found.high - found.low < 0.05 * (scores.clustered_mean(first, np.arange(400) // 2).high - first.mean())
    assert scores.paired_difference([1.0, np.nan], [0.5, 0.1], [1, 2]).mean == 0.5
