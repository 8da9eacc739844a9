import numpy as np
import pytest
from scipy import stats

from forecast.factors.parameters import standard_normal


@pytest.mark.parametrize("count", [24, 700, 5000])
def test_the_moments_are_exact(count):
    draws = standard_normal(count, 22, np.random.default_rng(1))
    np.testing.assert_allclose(draws.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(draws.T @ draws / count, np.eye(22), atol=1e-12)


def test_each_dimension_is_normal():
    draws = standard_normal(700, 22, np.random.default_rng(2))
    assert min(stats.kstest(column, "norm").pvalue for column in draws.T) > 0.05 / 22


def test_two_sets_are_independent():
    a, b = (standard_normal(5000, 4, np.random.default_rng([1, k])) for k in range(2))
    assert np.abs(a.T @ b / 5000).max() < 4 / np.sqrt(5000)


@pytest.mark.parametrize("count", [0, 1, 2, 23])
def test_too_few_to_be_exact_are_free(count):
    draws = standard_normal(count, 22, np.random.default_rng(1))
    np.testing.assert_array_equal(draws, np.random.default_rng(1).standard_normal((count, 22)))
