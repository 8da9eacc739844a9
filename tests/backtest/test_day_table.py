import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.backtest.origins import origins_of
from forecast.backtest.tables import day_table
from forecast.scoring.days import probability_by, quantile


@pytest.fixture(scope="module")
def part(episodes):
    """Origins of a season, and two forecasters: everyone fit within thirty days, evenly; and nobody, within two years."""
    origins = origins_of(episodes.where(episodes.episodes.season == "2018-19").of("hamstring"))
    ahead = origins.days - origins.now[:, None]
    return origins, {"thirty": np.clip(ahead / 30.0, 0.0, 1.0), "never": np.where(ahead > 730.0, 1.0, 0.0)}


def test_against_a_plain_sum(part):
    """CRPS by adding up small steps, were he fit on a day of the interval."""
    origins, cdfs = part
    table = day_table([part]).set_index("forecaster")
    x = np.arange(0.0, 60.0, 0.01) + 0.005
    least, most = [], []
    rows = (origins.now, origins.table.lower, origins.table.upper, origins.days, cdfs["thirty"])
    for now, lower, upper, days, cdf in zip(*rows, strict=True):
        p = np.interp(x, days - now, cdf)
        ends = min(lower - now, 60.0), min(upper - now, 60.0)
        scores = [((p - (x >= day)) ** 2).sum() * 0.01 for day in np.linspace(*ends, 9)]
        least.append(min(scores))
        most.append(max(scores))
    assert table.loc["thirty", "crps_most"] == pytest.approx(np.mean(most), abs=0.02)
    assert table.loc["thirty", "crps_least"] == pytest.approx(np.mean(least), abs=0.1)
    assert table.loc["thirty", "n"] == len(origins)


def test_who_is_never_fit_is_off_by_all_of_the_days(part):
    origins, _ = part
    table = day_table([part]).set_index("forecaster")
    latest = np.minimum(origins.table.lower - origins.now, 60.0)
    assert table.loc["never", "crps_least"] == pytest.approx(
        (60.0 - np.minimum(origins.table.upper - origins.now, 60.0)).mean()
    )
    assert table.loc["never", "crps_most"] == pytest.approx((60.0 - latest).mean())
    assert table.loc["never", "d_calibration"] < 1e-6


def test_two_seasons_are_scored_together(part):
    origins, cdfs = part
    first = np.arange(len(origins)) < 40
    halves = [(origins.take(rows), {name: cdf[rows] for name, cdf in cdfs.items()}) for rows in (first, ~first)]
    once, twice = day_table([part]), day_table(halves)
    np.testing.assert_allclose(once.drop(columns="forecaster"), twice.drop(columns="forecaster"))


@given(
    steps=st.lists(st.floats(0.0, 5.0), min_size=2, max_size=8),
    masses=st.lists(st.floats(0.0, 1.0), min_size=8, max_size=8),
    p=st.floats(0.001, 0.999),
)
def test_the_day_by_which_and_the_probability_by_then(steps, masses, p):
    days = np.cumsum([0.0, *steps])[None, :]
    mass = np.array(masses[: len(steps)]) + 1e-3
    cdf = np.concatenate([[0.0], np.cumsum(mass) / mass.sum()])[None, :]
    day = quantile(days, cdf, p)
    assert days[0, 0] <= day[0] <= days[0, -1]
    by = probability_by(days, cdf, day)
    if np.all(np.diff(days) > 1e-6):
        assert by[0] == pytest.approx(p, abs=1e-6)
