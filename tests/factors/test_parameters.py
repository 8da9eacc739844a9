import numpy as np
import pandas as pd
import pytest
from scipy import stats

from forecast.factors.parameters import Normal, Prior, linear, sandwich, standard_normal
from plain import sandwich as plain_sandwich


@pytest.mark.parametrize("count", [44, 45, 400, 5000])
def test_the_moments_are_exact(count):
    draws = standard_normal(count, 22, np.random.default_rng(1))
    np.testing.assert_allclose(draws.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(draws.T @ draws / count, np.eye(22), atol=1e-12)


@pytest.mark.parametrize("count", [44, 45, 400])
def test_each_draw_has_its_opposite(count):
    draws = standard_normal(count, 22, np.random.default_rng(1))
    half = count // 2
    np.testing.assert_array_equal(draws[:half], -draws[half : 2 * half])


def test_each_dimension_is_normal():
    draws = standard_normal(700, 22, np.random.default_rng(2))
    assert min(stats.kstest(column, "norm").pvalue for column in draws.T) > 0.05 / 22


def test_two_sets_are_independent():
    a, b = (standard_normal(5000, 4, np.random.default_rng([1, k])) for k in range(2))
    assert np.abs(a.T @ b / 5000).max() < 4 / np.sqrt(5000)


@pytest.mark.parametrize("count", [0, 1, 2, 43])
def test_too_few_to_be_exact_are_free(count):
    draws = standard_normal(count, 22, np.random.default_rng(1))
    np.testing.assert_array_equal(draws, np.random.default_rng(1).standard_normal((count, 22)))


# ------------------------------------------------------------------------------------------------------- combinations


THETA = {"a": np.array([[1.0], [10.0]]), "b": np.array([[2.0], [20.0]])}


def test_one_value_has_a_row_for_each_of_the_design():
    design = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 0.5]])
    np.testing.assert_array_equal(linear({"a": 1.0, "b": 2.0}, ("a", "b"), design), [[1.0], [3.0], [1.0]])


def test_draws_have_a_row_each():
    np.testing.assert_array_equal(linear(THETA, ("a", "b"), np.array([[1.0, 1.0]])), [[3.0], [30.0]])


def test_a_design_of_more_axes_keeps_them():
    design = np.arange(12.0).reshape(2, 3, 2)
    np.testing.assert_array_equal(linear({"a": 1.0, "b": 2.0}, ("a", "b"), design), design @ [1.0, 2.0])
    one = linear(THETA, ("a", "b"), design[:1])
    np.testing.assert_array_equal(one, np.stack([design[0] @ [1.0, 2.0], design[0] @ [10.0, 20.0]]))


# -------------------------------------------------------------------------------------------------------------- priors


def test_the_loss_of_independent_priors():
    prior = Normal.of({"a": Prior(1.0, 2.0), "b": Prior(0.0, 0.5)})
    value, slope = prior.loss(np.array([3.0, 1.0]))
    assert value == pytest.approx(0.5 * (1.0 + 4.0))
    np.testing.assert_allclose(slope, [0.5, 4.0])
    assert Normal.flat(2).loss(np.ones(2))[0] == 0.0


def test_sandwich_by_hand():
    rng = np.random.default_rng(5)
    player, scores = rng.integers(0, 12, 90), rng.normal(size=(90, 3))
    root = rng.normal(size=(3, 3))
    hessian = root @ root.T + 5.0 * np.eye(3)
    sd = np.array([1.0, 0.5, 3.0])
    found = sandwich(hessian, scores, pd.Series(player), Normal(np.zeros(3), np.diag(sd**-2.0)))
    np.testing.assert_allclose(found, plain_sandwich(hessian, scores, player, sd))


def test_sandwich_of_independent_rows_is_what_bayes_says():
    """A normal mean with a normal prior, as much worth as half of the rows."""
    rng = np.random.default_rng(7)
    values, prior = rng.normal(size=100_000), Normal(np.zeros(1), np.full((1, 1), 50_000.0))
    estimate = values.sum() / (len(values) + 50_000.0)
    players = pd.Series(np.arange(len(values)))
    variance = sandwich(np.array([[len(values) + 50_000.0]]), (values - estimate)[:, None], players, prior)
    assert variance[0, 0] == pytest.approx(1.0 / 150_000.0, rel=0.02)


def test_sandwich_of_a_mean_is_its_variance_between_players():
    """Ten readings of each player that say the same are worth one."""
    rng = np.random.default_rng(6)
    by_player = rng.normal(size=200)
    values, player = np.repeat(by_player, 10), np.repeat(np.arange(200), 10)
    error = (values - values.mean())[:, None]
    variance = sandwich(np.array([[2000.0]]), error, pd.Series(player), Normal.flat(1))
    assert variance[0, 0] == pytest.approx(by_player.var(ddof=1) / 200)
