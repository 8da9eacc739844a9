import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from derivatives import check_scores
from forecast.evidence.cells import FIT_GRID
from forecast.evidence.grid import lay_out
from forecast.evidence.situation import Situation, Statement
from forecast.factors.course import Curve
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
    left, curve = Recovery().survival(THETA, evidence), stats.fisk(1.25, scale=20.0)
    for row, edges in zip(left, evidence.edges, strict=True):
        np.testing.assert_allclose(row, curve.sf(edges) / curve.sf(edges[0]), rtol=1e-12)


@given(theta=parameters(LIKELY), several=several)
def test_what_is_left_is_of_what_was_left_at_first(theta, several):
    left = Recovery().survival(theta, lay_out(several))
    np.testing.assert_allclose(left[:, 0], 1.0, rtol=1e-12)
    assert (np.diff(left, axis=1) <= 0.0).all()
    for row, s in zip(left, several, strict=True):
        place, scale = theta["location"], theta["log_scale"]
        place, scale = place + theta[f"location.{BODY_PARTS[s.part]}"], scale + theta[f"log_scale.{BODY_PARTS[s.part]}"]
        with np.errstate(divide="ignore"):  # of the onset itself
            z = (np.log(s.low + FIT_GRID[[0, -1]]) - place) / np.exp(scale)
        assert row[-1] == pytest.approx(np.exp(np.logaddexp(0.0, z[0]) - np.logaddexp(0.0, z[1])), rel=1e-9)


def test_a_body_part_of_longer_days_is_out_for_longer():
    left = Recovery().survival(THETA | {"location.calf": 0.3}, lay_out([out(0.0), out(0.0, 2)]))
    assert (left[1, 1:] > left[0, 1:]).all()


@pytest.mark.parametrize("log_scale", [-3.0, -5.0, -8.0])
def test_however_far_beyond_all_others_he_is_out_the_rest_has_a_curve(log_scale):
    """Where survival itself is no number of this machine: a power of the days, by the tail of the log-logistic."""
    evidence = lay_out([out(200.0)], np.array([0.0, 0.2, 2000.0]))
    left = Recovery().survival(THETA | {"log_scale": log_scale}, evidence)[0]
    np.testing.assert_allclose(left[1], 1.001 ** -np.exp(-log_scale), rtol=1e-6)


class InLogs(Recovery):
    """With the log probability of each cell, and of what lies beyond the last, whose derivatives its scores are."""

    def log_weight(self, theta, evidence):
        return np.log(Curve.of(self.survival(theta, evidence)).weight)


@given(theta=parameters(LIKELY), several=several, seed=st.integers(0, 99))
@settings(max_examples=25)
def test_scores(theta, several, seed):
    shape = (len(several), len(FIT_GRID))
    check_scores(InLogs(), theta, lay_out(several), shape=shape, seed=seed, rtol=1e-4)


def test_scores_from_the_onset_on_where_the_first_cell_has_no_density_at_its_start():
    check_scores(InLogs(), THETA, lay_out([out(0.0)]), shape=(1, len(FIT_GRID)))


def test_scores_where_next_to_nothing_is_left_are_finite():
    evidence = lay_out([out(20.0)])
    hard = THETA | {"location": 2.0, "log_scale": -4.0}
    assert np.isfinite(Recovery().scores(hard, evidence, np.full((1, len(FIT_GRID)), 0.1))).all()


@given(several=several)
@settings(max_examples=20)
def test_each_draw_is_a_row(several):
    evidence, rng = lay_out(several[:1]), np.random.default_rng(0)
    draws = {name: rng.normal(mean, 0.3, (4, 1)) for name, (mean, _) in LIKELY.items()}
    found = Recovery().survival(draws, evidence)
    for d in range(4):
        one = {name: value[d, 0] for name, value in draws.items()}
        np.testing.assert_allclose(found[d], Recovery().survival(one, evidence)[0], rtol=1e-10)
