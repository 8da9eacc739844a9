import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from derivatives import check_scores
from forecast.evidence.grid import FIT_GRID, lay_out
from forecast.evidence.situation import Situation, Statement
from forecast.factors.recovery import Recovery
from forecast.terms import BODY_PARTS
from strategies import parameters, situations

PRIORS = Recovery().priors
LIKELY = {name: (prior.mean, min(prior.sd, 0.5)) for name, prior in PRIORS.items()}
THETA = {name: prior.mean for name, prior in PRIORS.items()} | {"location": np.log(20.0), "log_scale": np.log(0.8)}
several = st.lists(situations(), min_size=1, max_size=3)


def out(day: float, part: int = 0) -> Situation:
    return Situation(day, day, np.inf, np.empty(0), np.array([day + 3.5]), day, np.zeros(8), Statement(day, day), part)


def test_it_is_the_log_logistic_of_scipy():
    evidence = lay_out([out(0.0), out(7.0)])
    mass, curve = np.exp(Recovery().log_weight(THETA, evidence)), stats.fisk(1.25, scale=20.0)
    for row, edges in zip(mass, evidence.edges, strict=True):
        np.testing.assert_allclose(row[:-1], np.diff(curve.cdf(edges)), rtol=1e-7, atol=1e-14)
        assert row[-1] == pytest.approx(curve.sf(edges[-1]))


@given(theta=parameters(LIKELY), several=several)
def test_the_masses_add_up_to_what_was_left(theta, several):
    mass = np.exp(Recovery().log_weight(theta, lay_out(several)))
    for row, s in zip(mass, several, strict=True):
        place, scale = theta["location"], theta["log_scale"]
        place, scale = place + theta[f"location.{BODY_PARTS[s.part]}"], scale + theta[f"log_scale.{BODY_PARTS[s.part]}"]
        left = 1.0 if s.low == 0.0 else 1.0 / (1.0 + np.exp((np.log(s.low) - place) / np.exp(scale)))
        assert row.sum() == pytest.approx(left, rel=1e-9)


def test_a_body_part_of_longer_days_is_out_for_longer():
    mass = np.exp(Recovery().log_weight(THETA | {"location.calf": 0.3}, lay_out([out(0.0), out(0.0, 2)])))
    left = mass[:, ::-1].cumsum(axis=1)
    assert (left[1, :-1] > left[0, :-1]).all()


@given(theta=parameters(LIKELY), several=several, seed=st.integers(0, 99))
@settings(max_examples=25)
def test_scores(theta, several, seed):
    shape = (len(several), len(FIT_GRID))
    check_scores(Recovery(), theta, lay_out(several), shape=shape, seed=seed, rtol=1e-4)


def test_scores_from_the_onset_on_where_the_first_cell_has_no_density_at_its_start():
    check_scores(Recovery(), THETA, lay_out([out(0.0)]), shape=(1, len(FIT_GRID)))


def test_scores_where_next_to_nothing_is_left_are_finite():
    evidence = lay_out([out(20.0)])
    hard = THETA | {"location": 2.0, "log_scale": -4.0}
    assert np.isfinite(Recovery().scores(hard, evidence, np.full((1, len(FIT_GRID)), 0.1))).all()


@given(several=several)
@settings(max_examples=20)
def test_each_draw_is_a_row(several):
    evidence, rng = lay_out(several[:1]), np.random.default_rng(0)
    draws = {name: rng.normal(mean, 0.3, (4, 1)) for name, (mean, _) in LIKELY.items()}
    found = Recovery().log_weight(draws, evidence)
    for d in range(4):
        one = {name: value[d, 0] for name, value in draws.items()}
        np.testing.assert_allclose(found[d], Recovery().log_weight(one, evidence)[0], rtol=1e-10)
