from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import forecast as fc
from forecast.scoring import censoring
from forecast.scoring import days as days_of
from forecast.scoring import scores as s
from forecast.scoring.bootstrap import clustered_mean

P = np.array([[0.2, 0.3, 0.1], [0.2, 0.3, 0.1], [0.2, 0.3, np.nan], [0.0, 0.0, 0.0], [0.5, 0.5, 0.0]])


def test_log_score_of_a_return_of_none_and_of_a_following_that_stopped():
    returned, known = np.array([1, -1, -1, 0, -1]), np.array([3, 3, 1, 3, 3])
    scored = s.log_score(P, returned, known)
    assert scored[:3] == pytest.approx(-np.log([0.3, 0.4, 0.8]), rel=1e-5)
    assert scored[3] == pytest.approx(-np.log(1e-6))  # never infinite
    assert scored[4] == pytest.approx(-np.log(1e-6), rel=0.05)


def test_brier_within_is_nan_where_it_is_not_known():
    returned, known = np.array([1, -1, -1, 0, -1]), np.array([3, 3, 1, 3, 3])
    within = s.brier_within(P, returned, known, 2)
    assert within[[0, 1, 3]] == pytest.approx([0.25, 0.25, 1.0], rel=1e-4)
    assert np.isnan(within[2])
    assert np.isnan(s.brier_within(P, np.array([0] * 5), known, 3)[2])  # there is no third fixture


def test_scores_are_those_of_the_reference():
    rng = np.random.default_rng(3)
    p = rng.dirichlet(np.ones(7), size=200)[:, :6]
    returned = rng.integers(-1, 6, 200)
    known = np.where(returned < 0, rng.integers(1, 7, 200), 6)
    expected = [-np.log(1 - row[:k].sum() if r < 0 else row[r]) for row, r, k in zip(p, returned, known, strict=True)]
    assert s.log_score(p, returned, known) == pytest.approx(expected, rel=2e-4)


def test_brier_bounds_enclose_every_truth():
    p, lower, upper = np.array([0.3, 0.3, 0.3, 0.9]), np.array([0.0, 5.0, 1.0, 1.0]), np.array([2.0, 9.0, np.inf, 4.0])
    low, high = censoring.brier_bounds(p, lower, upper, 3.0)
    assert low == pytest.approx([0.49, 0.09, 0.09, 0.01])
    assert high == pytest.approx([0.49, 0.09, 0.49, 0.81])
    # On the very day: (lower, upper] holds its upper end and not its lower one.
    assert censoring.brier_bounds(p[:1], np.array([0.0]), np.array([3.0]), 3.0)[1] == pytest.approx([0.49])
    assert censoring.brier_bounds(p[:1], np.array([3.0]), np.array([4.0]), 3.0)[1] == pytest.approx([0.09])


class TestCensoring:
    def test_kaplan_meier_by_hand_with_a_tie(self):
        # Day 2: an event and a censoring; the event came first, so four were at risk of the event, three of censoring.
        curve = censoring.censoring_curve(
            np.array([1.0, 2.0, 2.0, 3.0, 4.0]), np.array([True, True, False, True, False])
        )
        assert curve.at([1.0, 1.9]) == pytest.approx([1.0, 1.0])
        assert curve.at(2.0) == pytest.approx(2 / 3)
        assert curve.at(2.0, before=True) == 1.0  # the left limit
        assert curve.at([3.9, 4.0]) == pytest.approx([2 / 3, 0.0])

    def test_little_censoring_is_made_up_for(self):
        rng = np.random.default_rng(1)
        event, stop = rng.exponential(10.0, 20_000), rng.exponential(30.0, 20_000)
        day, observed = np.minimum(event, stop), event <= stop
        p = np.where(rng.random(20_000) < 0.5, 0.3, 0.8)
        weighted = censoring.brier_weighted(p, day, observed, 7.0, censoring.censoring_curve(day, observed)).mean()
        assert weighted == pytest.approx(((p - (event <= 7.0)) ** 2).mean(), abs=0.005)

    def test_nobody_followed_to_the_horizon_is_no_score_of_those_who_were_not(self):
        """Two events and one censored on day 4: on day 4 all is known, on day 5 the third is not, and nobody like it."""
        day, observed, p = np.array([1.0, 2.0, 4.0]), np.array([True, True, False]), np.full(3, 0.5)
        curve = censoring.censoring_curve(day, observed)
        assert censoring.brier_weighted(p, day, observed, 4.0, curve) == pytest.approx([0.25] * 3)
        with pytest.raises(fc.DataError, match=r"horizon: 5.0; must be one that somebody was followed to"):
            censoring.brier_weighted(p, day, observed, 5.0, curve)


class TestCrps:
    days = np.linspace(0.0, 60.0, 6001)

    def test_of_a_lognormal_is_its_closed_form(self):
        scoringrules = pytest.importorskip("scoringrules", reason="the oracle is not installed")
        from scipy.special import ndtr

        event = np.array([0.3, 2.0, 9.0])
        with np.errstate(divide="ignore"):  # of day 0
            cdf = np.tile(ndtr((np.log(self.days) - 1.0) / 0.5), (3, 1))
        assert days_of.crps(self.days, cdf, event) == pytest.approx(
            scoringrules.crps_lognormal(event, 1.0, 0.5), abs=1e-4
        )

    def test_of_an_exponential_is_its_closed_form(self):
        # Gneiting and Raftery 2007: y - 2 / r (1 - exp(-r y)) + 1 / (2 r) ... for rate r
        event, rate = np.array([0.3, 2.0, 9.0]), 0.5
        closed = event - 2.0 / rate * (1.0 - np.exp(-rate * event)) + 0.5 / rate
        assert days_of.crps(self.days, np.tile(1.0 - np.exp(-rate * self.days), (3, 1)), event) == pytest.approx(
            closed, abs=1e-4
        )

    def test_of_a_certain_and_right_forecast_is_zero(self):
        days, cdf = np.array([0.0, 2.0, 2.0 + 1e-9, 9.0]), np.array([[0.0, 0.0, 1.0, 1.0]])
        assert days_of.crps(days, cdf, np.array([2.0])) == pytest.approx([0.0], abs=1e-8)
        assert days_of.crps(days, cdf, np.array([5.0])) == pytest.approx([3.0])

    @given(
        st.lists(st.floats(0.01, 1.0), min_size=3, max_size=8),
        st.floats(0.0, 1.0),
        st.floats(0.0, 1.0),
        st.floats(0.0, 1.0),
    )
    def test_bounds_enclose_the_score_of_every_day(self, steps, a, b, where):
        cdf = np.cumsum([0.0, *steps])[None] / sum(steps)
        days = np.arange(float(cdf.shape[1]))
        lower, upper = sorted((a * days[-1], b * days[-1]))
        event = np.array([lower + where * (upper - lower)])
        low, high = days_of.crps_bounds(days, cdf, np.array([lower]), np.array([upper]))
        assert low - 1e-9 <= days_of.crps(days, cdf, event) <= high + 1e-9

    def test_bounds_of_a_right_censored_event_reach_to_the_end_of_the_grid(self):
        days, cdf = np.array([0.0, 10.0]), np.array([[0.0, 0.5]])
        low, high = days_of.crps_bounds(days, cdf, np.array([4.0]), np.array([np.inf]))
        assert high == pytest.approx(days_of.crps(days, cdf, np.array([4.0])))
        assert low == pytest.approx(days_of.crps(days, cdf, np.array([10.0])))


class TestIntervalScore:
    def test_by_hand(self):
        low, high = np.array([2.0, 2.0, 2.0]), np.array([6.0, 6.0, 6.0])
        assert days_of.interval_score(low, high, np.array([3.0, 1.0, 8.0]), 0.9) == pytest.approx([4.0, 24.0, 44.0])

    def test_against_the_oracle(self):
        scoringrules = pytest.importorskip("scoringrules", reason="the oracle is not installed")
        low, high, event = np.array([2.0, 2.0]), np.array([6.0, 6.0]), np.array([3.0, 8.0])
        expected = scoringrules.interval_score(event, low, high, 0.1)
        assert days_of.interval_score(low, high, event, 0.9) == pytest.approx(expected)

    def test_bounds(self):
        low, high = np.array([2.0, 2.0, 2.0]), np.array([6.0, 6.0, 6.0])
        lower, upper = np.array([1.0, 7.0, 3.0]), np.array([8.0, 9.0, np.inf])
        best, worst = days_of.interval_score_bounds(low, high, lower, upper, 0.9)
        assert best == pytest.approx([4.0, 24.0, 4.0])
        assert worst == pytest.approx([44.0, 64.0, np.inf])


class TestClusteredMean:
    def test_of_clusters_of_one_is_the_standard_error(self):
        values = np.random.default_rng(0).normal(size=400)
        mean = clustered_mean(values, np.arange(400))
        assert mean.mean == pytest.approx(values.mean())
        assert mean.se == pytest.approx(values.std(ddof=1) / 20.0, rel=0.06)
        assert mean.low == pytest.approx(mean.mean - 1.96 * mean.se, abs=0.02)

    def test_copies_of_a_row_tell_nothing_new(self):
        values, player = np.random.default_rng(0).normal(size=50), np.arange(50)
        once, often = clustered_mean(values, player), clustered_mean(np.tile(values, 9), np.tile(player, 9))
        assert often.se == pytest.approx(once.se)

    def test_what_is_missing_is_left_out(self):
        values, player = np.array([1.0, np.nan, 3.0, np.nan]), np.array([1, 1, 2, 2])
        assert clustered_mean(values, player).mean == 2.0

    def test_one_player_has_no_interval(self):
        assert np.isnan(clustered_mean(np.ones(3), np.zeros(3)).se)


def test_first_of_several_hazards():
    assert s.first_of(np.array([[0.5, 0.5, 1.0, 0.3]])) == pytest.approx(np.array([[0.5, 0.25, 0.25, 0.0]]))
