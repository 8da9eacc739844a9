import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plain
from derivatives import check_scores
from forecast.evidence.cells import FIT_GRID
from forecast.evidence.grid import Said
from forecast.evidence.situation import Statement, kind_weights
from forecast.factors.bulletins import Dates, Kinds, log_likelihood
from learned import LEARNED
from strategies import parameters, statements

PARTS = (Kinds(), Dates())
PRIORS = {name: prior for part in PARTS for name, prior in part.priors.items()}
several = st.lists(statements(20.0), min_size=1, max_size=3)
DAYS = 20.0 + FIT_GRID
NAMES = [type(part).__name__ for part in PARTS]


def on_days(said: list[Statement]) -> tuple[Said, np.ndarray]:
    return Said.of(said), np.tile(DAYS, (len(said), 1))


@given(theta=parameters(PRIORS), said=several)
def test_what_was_said_against_a_plain_loop(theta, said):
    found = log_likelihood(theta, *on_days(said))
    wanted = [[plain.likelihood(theta, s, day) for day in DAYS] for s in said]
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("part", PARTS, ids=NAMES)
@given(theta=parameters(PRIORS), said=several, seed=st.integers(0, 99))
@settings(max_examples=25)
def test_scores(part, theta, said, seed):
    check_scores(part, theta, *on_days(said), shape=(len(said), len(DAYS)), seed=seed)


@pytest.mark.parametrize("part", PARTS, ids=NAMES)
def test_nothing_said_says_nothing(part):
    silent = on_days([Statement(10.0, 10.0), Statement(3.0, 5.0, last_round=25.0)])
    np.testing.assert_array_equal(part.log_weight(LEARNED, *silent), 0.0)
    np.testing.assert_array_equal(part.scores(LEARNED, *silent, np.ones((2, len(DAYS)))), 0.0)


@given(theta=parameters(PRIORS), said=several)
@settings(max_examples=20)
def test_each_draw_is_a_row(theta, said):
    rng, one = np.random.default_rng(0), on_days(said[:1])
    draws = {name: value + rng.normal(0.0, 0.3, (4, 1)) for name, value in theta.items()}
    found = np.broadcast_to(log_likelihood(draws, *one), (4, len(DAYS)))
    for d in range(4):
        alone = log_likelihood({name: value[d, 0] for name, value in draws.items()}, *one)
        np.testing.assert_allclose(found[d], alone[0], atol=1e-12)


@given(theta=parameters(PRIORS), promised=st.floats(0.5, 100.0), longer=st.floats(0.0, 100.0))
def test_a_later_date_never_makes_an_earlier_day_likelier(theta, promised, longer):
    """The ratio of the two likelihoods rises with the day, whatever else is known."""
    dates = [20.0 + promised, 20.0 + promised + longer]
    said = [Statement(20.0, 20.0, kind_weights("expected"), expected=date) for date in dates]
    sooner, later = log_likelihood(theta, *on_days(said))
    assert (np.diff(later - sooner) > -1e-9).all()


@given(chance=st.integers(26, 98))
def test_a_higher_percentage_never_makes_a_later_day_likelier(chance):
    said = [Statement(20.0, 20.0, kind_weights("chance", c)) for c in (25, chance)]
    doubtful, surer = log_likelihood(LEARNED, *on_days(said))
    assert (np.diff(surer - doubtful) < 1e-12).all()


def test_old_news_tells_the_days_apart_less():
    new, old = (Statement(since, 20.0, kind_weights("chance", 75)) for since in (20.0, 1.0))
    told = np.ptp(log_likelihood(LEARNED, *on_days([new, old]))[:, :20], axis=1)
    assert told[1] < 0.5 * told[0]


def test_the_day_that_a_promise_speaks_for_most_is_about_its_date():
    theta = LEARNED | {"kind.expected": 0.0, "last_round.blank": 0.0}
    promise = Statement(20.0, 20.0, kind_weights("expected"), expected=40.0)
    best = DAYS[np.argmax(log_likelihood(theta, *on_days([promise])))]
    assert best == pytest.approx(40.0, abs=5.0)
