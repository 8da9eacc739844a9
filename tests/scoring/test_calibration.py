from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.scoring.calibration import d_calibration, pit_ecdf, pit_of_fixture, pit_of_interval, reliability

RNG = np.random.default_rng(5)


def test_reliability_by_hand():
    table = reliability(
        np.array([0.2, 0.4, 0.9, 0.9]), np.array([0.0, 1.0, 1.0, np.nan]), [1, 2, 3, 4], pd.Series(list("aabb"))
    )
    assert table.group.tolist() == ["a", "b"]
    assert table.n.tolist() == [2, 1]
    assert table.stated.tolist() == pytest.approx([0.3, 0.9])
    assert table.seen.tolist() == pytest.approx([0.5, 1.0])
    assert table.difference.tolist() == pytest.approx([0.2, 0.1])


def test_reliability_of_right_probabilities_lies_in_its_interval():
    p = RNG.random(5000)
    seen = (RNG.random(5000) < p).astype(float)
    table = reliability(p, seen, np.arange(5000) // 5, pd.cut(p, np.linspace(0.0, 1.0, 11)))
    assert ((table.low <= table.seen) & (table.seen <= table.high)).sum() >= 8


@pytest.fixture(scope="module")
def forecasts():
    """Probabilities of three fixtures, and what happens if they are right; some are followed for one or two only."""
    p = RNG.dirichlet(np.ones(4), size=6000)[:, :3]
    drawn = (RNG.random(6000)[:, None] > np.cumsum(p, axis=1)).sum(axis=1)
    known = RNG.integers(1, 4, 6000)
    returned = np.where(drawn < known, drawn, -1)
    return p, returned, known


def test_pit_of_the_fixture_is_even_if_the_forecasts_are_right(forecasts):
    pit = pit_of_fixture(*forecasts)
    assert ((pit > 0.0) & (pit < 1.0)).all()
    # A following that stopped spreads over all the rest: right forecasts stay even.
    assert pit_ecdf(pit, np.arange(len(pit))).inside


def test_pit_shows_forecasts_that_are_too_early(forecasts):
    p, returned, known = forecasts
    early = np.column_stack([p[:, 0] + 0.5 * p[:, 1], 0.5 * p[:, 1] + 0.5 * p[:, 2], 0.5 * p[:, 2]])
    assert not pit_ecdf(pit_of_fixture(early, returned, known), np.arange(len(p))).inside


def test_the_band_is_wider_where_rows_repeat_each_other():
    pit = RNG.random(300)
    once, often = pit_ecdf(pit, np.arange(300)), pit_ecdf(np.tile(pit, 4), np.tile(np.arange(300), 4))
    assert often.high - often.low == pytest.approx(once.high - once.low)


def test_the_band_holds_the_whole_curve_as_often_as_it_says():
    inside = [pit_ecdf(np.random.default_rng(i).random(200), np.arange(200), points=19).inside for i in range(200)]
    assert 0.89 <= np.mean(inside) <= 0.99


def test_pit_of_intervals_by_hand():
    lower, upper = np.array([0.2, 0.5, 0.4]), np.array([0.4, 0.5, 1.0])  # an interval, exact, right-censored
    assert pit_of_interval(lower, upper, [0.3, 0.5, 0.7, 1.0]) == pytest.approx(
        [0.5 / 3, (2 + 1 / 6) / 3, 2.5 / 3, 1.0]
    )


def test_d_calibration_of_right_forecasts_is_even():
    u = RNG.random(5000)
    width = RNG.random(5000) * 0.2
    lower = np.floor(u / width) * width  # seen at fixed times only
    found = d_calibration(lower, np.minimum(lower + width, 1.0))
    assert found.counts.sum() == pytest.approx(5000.0)
    assert found.p_value > 0.01


def test_d_calibration_by_hand():
    found = d_calibration(np.array([0.0, 0.25]), np.array([0.0, 1.0]), bins=2)
    assert found.counts == pytest.approx([1.0 + 1.0 / 3.0, 2.0 / 3.0])
    assert found.statistic == pytest.approx(2.0 * (1.0 / 3.0) ** 2)
    assert d_calibration(np.full(50, 0.8), np.full(50, 0.9)).p_value < 1e-6
