import numpy as np
import pytest

from forecast.io.errors import DataError
from forecast.survival import newton as aft
from forecast.survival.durations import durations_of
from forecast.survival.families import FAMILIES, GeneralizedGamma
from forecast.survival.newton import design_of, with_shape
from refused import refused

THETA = np.array([2.5, 0.3, -0.4])
EVERY_KIND = {
    "lower": [12.0, 0.0, 4.0, 20.0, 30.0, 6.0, 9.0, 0.0],
    "upper": [12.0, 5.0, 9.0, np.inf, 30.0, 6.00001, 9.5, np.inf],
    "covariates": np.array([1.0, -2.0, 0.5, 3.0, -1.0, 0.0, 1.0, 2.0]),
    "entry": [0.0, 0.0, 2.0, 5.0, 25.0, 0.0, 8.0, 0.0],
    "weights": [1.0, 2.0, 0.5, 1.0, 3.0, 1.0, 0.0, 1.0],
}


def log_likelihood(family, theta, **arguments):
    return aft.log_likelihood(design_of(durations_of(**EVERY_KIND | arguments)), family, theta)


def differences(f, theta, h=1e-5):
    """Slopes of a function of theta, one a parameter."""
    steps = h * np.eye(len(theta))
    return np.array([(f(theta + step) - f(theta - step)) / (2 * h) for step in steps])


@pytest.mark.parametrize("family", [*FAMILIES.values(), GeneralizedGamma(-0.6)])
def test_derivatives_agree_with_differences(family):
    _, gradient, hessian = log_likelihood(family, THETA)
    slopes = differences(lambda theta: log_likelihood(family, theta)[0], THETA)
    bends = differences(lambda theta: log_likelihood(family, theta)[1], THETA)
    np.testing.assert_allclose(gradient, slopes, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(hessian, bends, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("shape", [-1.2, 0.0, 0.8])
def test_derivatives_in_the_shape_agree_with_differences(shape):
    design, theta = design_of(durations_of(**EVERY_KIND)), np.append(THETA, shape)
    _, gradient, hessian = with_shape(design, theta)
    slopes = differences(lambda theta: with_shape(design, theta)[0], theta, 1e-4)
    bends = differences(lambda theta: with_shape(design, theta)[1], theta, 1e-4)
    np.testing.assert_allclose(gradient, slopes, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(hessian, bends, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_narrow_interval_is_a_density_times_its_width(family):
    days, width = 9.0, 1e-6

    def one(lower, upper):
        data = durations_of([lower, 4.0], [upper, 8.0])
        return aft.log_likelihood(design_of(data), FAMILIES[family], np.array([2.0, -0.5]))  # fmt: skip

    exact, narrow = one(days, days), one(days, days + width)
    assert narrow[0] - exact[0] == pytest.approx(np.log(width), rel=1e-6)
    np.testing.assert_allclose(narrow[1], exact[1], rtol=1e-5)
    np.testing.assert_allclose(narrow[2], exact[2], rtol=1e-5)


def test_a_weight_counts_as_so_many_rows():
    once = log_likelihood(FAMILIES["weibull"], THETA, weights=np.arange(1.0, 9.0))
    rows = np.repeat(np.arange(8), np.arange(1, 9))
    many = {name: np.asarray(values)[rows] for name, values in EVERY_KIND.items() if name != "weights"}
    design = design_of(durations_of(**many))
    again = aft.log_likelihood(design, FAMILIES["weibull"], THETA)
    assert again[0] == pytest.approx(once[0])
    np.testing.assert_allclose(again[2], once[2])


@pytest.mark.parametrize(
    ("covariates", "line"),
    [
        (np.full(8, 3.5), "0: 3.5; must vary"),
        (np.full(8, 0.1), "0: 0.1; must vary"),
        (np.full(8, 0.0), "0: 0.0; must vary"),
        (np.outer(range(8), [1, 2]), "covariates: ['0', '1']; must not be sums of multiples of each other"),
    ],
)  # fmt: skip
def test_covariates_have_to_vary_apart(covariates, line):
    data = durations_of(EVERY_KIND["lower"], EVERY_KIND["upper"], covariates)
    assert refused(DataError, design_of, data) == [line]
