import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import forecast as fc
from forecast.survival.turnbull import turnbull


def kaplan_meier(days, ended, entry, at):
    """The product over the days on which someone's duration ended, with those at risk on each."""
    survival = np.ones(len(at))
    for day in np.unique(days[ended]):
        at_risk = ((entry < day) & (days >= day)).sum()
        survival[at >= day] *= 1 - (ended & (days == day)).sum() / at_risk
    return survival


@pytest.mark.parametrize("truncated", [False, True])
def test_exact_and_right_censored_durations_give_kaplan_meier(truncated):
    rng = np.random.default_rng(3)
    days, entry = np.ceil(rng.exponential(20, 150)) + 2, rng.integers(0, 12, 150) * truncated + 0.5
    entry[0], days[0] = 0.5, 70  # somebody is at risk all along
    kept = days > entry
    days, entry, ended = days[kept], entry[kept], rng.random(kept.sum()) < 0.8
    curve = turnbull(days, np.where(ended, days, np.inf), entry=entry)
    at = np.arange(0.0, days[ended].max())
    np.testing.assert_allclose(curve.survival(at), kaplan_meier(days, ended, entry, at), atol=1e-4)


def test_one_interval_holds_everything():
    curve = turnbull([3.0], [7.0])
    np.testing.assert_allclose(curve.survival([3.0, 5.0, 7.0]), [1.0, 0.5, 0.0])
    low, high = curve.bounds([2.9, 5.0, 7.0])
    np.testing.assert_allclose([low, high], [[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]])


def test_mass_that_never_ended_stays_above_every_day():
    curve = turnbull([1.0, 5.0], [2.0, np.inf])
    assert curve.survival([1e9]) == pytest.approx(0.5)


def test_a_weight_counts_as_so_many_rows():
    lower, upper = np.array([1.0, 2.0, 4.0]), np.array([3.0, 5.0, np.inf])
    once, thrice = (
        turnbull(lower, upper, weights=[3, 1, 2]),
        turnbull(lower[[0, 0, 0, 1, 2, 2]], upper[[0, 0, 0, 1, 2, 2]]),
    )
    np.testing.assert_allclose(once.mass, thrice.mass, atol=1e-6)


def test_weights_of_zero_count_as_no_rows():
    with_zero = turnbull([1.0, 2.0, 8.0], [3.0, 5.0, 9.0], weights=[1, 1, 0])
    assert with_zero.right.max() == 3.0
    assert with_zero.mass.sum() == pytest.approx(1.0)


def test_a_risk_set_of_one_takes_all_without_breaking():
    """The only player watched on day 5 came back on it: of whoever was watched later only he could know."""
    curve = turnbull([5.0, 10.0, 12.0], [5.0, 10.0, 12.0], entry=[0.0, 6.0, 6.0])
    assert curve.mass[0] == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("entry", [False, True])
def test_no_interval_could_raise_the_likelihood_of_the_shipped_durations(durations, entry):
    """The conditions of Karush, Kuhn and Tucker: no gain anywhere, and none lost where there is mass."""
    lower, upper = durations.lower.to_numpy(), durations.upper.to_numpy()
    enter = durations.entry.to_numpy() * entry
    curve = turnbull(lower, upper, entry=enter)
    inside = (lower[:, None] <= curve.left) & (curve.right <= upper[:, None])
    risk = enter[:, None] <= curve.left
    gain = (inside / (inside @ curve.mass)[:, None] - risk / (risk @ curve.mass)[:, None]).mean(axis=0)
    assert gain.max() < 1e-6
    assert np.abs(gain @ curve.mass) < 1e-6
    assert curve.mass.sum() == pytest.approx(1.0)


def test_the_fitted_families_stay_near_it(durations):
    curve = turnbull(durations.lower, durations.upper, entry=durations.entry)
    fit = fc.fit_recovery(durations.lower, durations.upper, family="weibull", entry=durations.entry)
    days, first = np.array([7.0, 14.0, 28.0, 56.0, 112.0]), 3.0
    apart = fit.survival(days, given=first) - curve.survival(days) / curve.survival(first)
    assert np.abs(apart).max() < 0.08


@st.composite
def some_durations(draw):
    low = np.array(draw(st.lists(st.integers(0, 40), min_size=1, max_size=25)), float)
    width = np.array(draw(st.lists(st.sampled_from([0, 1, 5, 20, np.inf]), min_size=len(low), max_size=len(low))))
    width[0] = 5.0
    return np.where(width == 0, low + 1, low), low + np.maximum(width, 1)


@given(some_durations())
def test_survival_falls_within_its_bounds(data):
    curve = turnbull(*data)
    days = np.linspace(0.0, 70.0, 141)
    survival = curve.survival(days)
    low, high = curve.bounds(days)
    assert (np.diff(survival) <= 1e-12).all()
    assert ((low - 1e-12 <= survival) & (survival <= high + 1e-12)).all()
    assert survival[0] == pytest.approx(1.0)


def test_bad_durations_are_refused_as_in_a_fit():
    with pytest.raises(fc.DataError, match=r"^upper\[0\]: 1.0; must be above 0 and not below lower"):
        turnbull([2.0], [1.0])


def test_too_many_durations_are_refused():
    days = np.arange(1.0, 6000.0)
    with pytest.raises(fc.DataError, match="must make at most 20000000 pairs with their 5999 intervals"):
        turnbull(days, days)
