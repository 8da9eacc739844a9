import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from forecast.survival.families import FAMILIES, GeneralizedGamma, log_difference
from forecast.survival.proportional import Proportional

SHAPES = [-3.0, -1.0, -0.4, -1e-3, -1e-7, 0.0, 1e-7, 1e-3, 0.4, 1.0, 3.0]
FIXED = {name: FAMILIES[name] for name in ("lognormal", "loglogistic", "weibull")}
POWERS = {f"{name} to the {power:g}": Proportional(FAMILIES[name], power) for name in FIXED for power in (0.4, 1.7)}
EVERY = FIXED | POWERS | {f"gengamma {shape:g}": GeneralizedGamma(shape) for shape in SHAPES}

every_family = pytest.mark.parametrize("family", EVERY.values(), ids=EVERY)
residuals = st.floats(-25.0, 25.0)


def in_scipy(shape: float):
    """The generalised gamma's e for a shape above 0: shape e + log a is a log-gamma variable."""
    a = shape**-2
    return stats.loggamma(a, loc=-np.log(a) / shape, scale=1.0 / shape)


@pytest.mark.parametrize(
    ("family", "known"),
    [
        (FAMILIES["lognormal"], stats.norm),
        (FAMILIES["loglogistic"], stats.logistic),
        (FAMILIES["weibull"], stats.gumbel_l),
        (GeneralizedGamma(0.3), in_scipy(0.3)),
        (GeneralizedGamma(2.5), in_scipy(2.5)),
    ],
)
def test_density_and_tails_are_those_of_scipy(family, known):
    z = np.linspace(-5.0, 3.0, 41)
    for own, expected in (
        (family.log_density(z), known.logpdf(z)),
        (family.log_survival(z), known.logsf(z)),
        (family.log_distribution(z), known.logcdf(z)),
    ):
        np.testing.assert_allclose(own, expected, rtol=1e-9, atol=1e-12)


@every_family
@given(z=st.floats(-8.0, 4.0))
def test_derivatives_agree_with_differences(family, z):
    h = 1e-4
    ends = np.array([z - h, z + h])
    scale = 1.0 + np.exp(3.0 * abs(z))  # shape 3: the derivatives grow like exp(3 |z|)
    assert float(family.slope(np.array([z]))[0]) == pytest.approx(
        np.diff(family.log_density(ends))[0] / (2 * h), rel=1e-5, abs=1e-7
    )
    assert float(family.curvature(np.array([z]))[0]) == pytest.approx(
        np.diff(family.slope(ends))[0] / (2 * h), rel=1e-5, abs=1e-12 * scale + 1e-7
    )


@every_family
@given(z=residuals)
def test_the_tails_add_up_to_one(family, z):
    at = np.array([z])
    assert np.exp(family.log_survival(at)) + np.exp(family.log_distribution(at)) == pytest.approx(1.0, abs=1e-12)


@every_family
@given(log_survival=st.floats(-1e6, -1e-250))
def test_quantile_inverts_the_survival(family, log_survival):
    z = family.quantile(np.array([log_survival]))
    back = family.log_survival(z) if log_survival < -0.5 else np.log(-np.expm1(family.log_distribution(z)))
    assert float(back[0]) == pytest.approx(log_survival, rel=1e-9, abs=1e-9)


@every_family
def test_quantile_of_certainties(family):
    assert list(family.quantile(np.array([0.0, -np.inf]))) == [-np.inf, np.inf]


@every_family
def test_nothing_is_nan_however_far_out(family):
    z = np.concatenate([-np.geomspace(1e3, 1e-3, 50), [0.0], np.geomspace(1e-3, 1e3, 50)])
    for f in (
        family.log_density,
        family.log_survival,
        family.log_distribution,
        family.slope,
        family.curvature,
    ):
        assert not np.isnan(f(z)).any()
    out, fit = family.log_survival(z), family.log_distribution(z)
    assert (out[1:] <= out[:-1]).all()
    assert (fit[1:] >= fit[:-1]).all()


@pytest.mark.parametrize(("shape", "same"), [(0.0, "lognormal"), (1.0, "weibull")])
def test_generalised_gamma_holds_the_others(shape, same):
    z = np.linspace(-6.0, 4.0, 51)
    for f in ("log_density", "log_survival", "log_distribution", "slope", "curvature"):
        own = getattr(GeneralizedGamma(shape), f)(z)
        np.testing.assert_allclose(own, getattr(FAMILIES[same], f)(z), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("family", POWERS.values(), ids=POWERS)
def test_survival_to_a_power_has_the_density_that_it_falls_by(family):
    z = np.linspace(-6.0, 3.0, 19)
    np.testing.assert_allclose(family.log_survival(z), family.ratio * family.base.log_survival(z))
    for a, b in zip(z, z[1:], strict=False):
        falls = np.exp(family.log_survival(a)) - np.exp(family.log_survival(b))
        assert integrate.quad(lambda x: np.exp(family.log_density(x)), a, b)[0] == pytest.approx(falls, rel=1e-9)


@pytest.mark.parametrize("shape", [1e-3, 0.7, 4.0])
def test_a_negative_shape_is_the_mirror_image(shape):
    z = np.linspace(-9.0, 9.0, 41)
    left, right = GeneralizedGamma(-shape), GeneralizedGamma(shape)
    np.testing.assert_allclose(left.log_density(z), right.log_density(-z), rtol=1e-12)
    np.testing.assert_allclose(left.log_survival(z), right.log_distribution(-z), rtol=1e-12)


@pytest.mark.parametrize("shape", [2e-3, -2e-3])
def test_the_expansion_for_small_shapes_meets_the_gamma_functions(shape):
    z = np.linspace(-12.0, 12.0, 97)
    near, beyond = GeneralizedGamma((1 - 1e-9) * shape), GeneralizedGamma((1 + 1e-9) * shape)
    np.testing.assert_allclose(near.log_survival(z), beyond.log_survival(z), rtol=1e-7, atol=1e-16)
    np.testing.assert_allclose(near.log_distribution(z), beyond.log_distribution(z), rtol=1e-7, atol=1e-16)


# mpmath 1.4.1 with 60 digits: the logs of mp.gammainc(a, x, mp.inf, regularized=True) and of 1 minus it, with
# a = shape**-2 and x = a exp(shape z), swapped for a negative shape; below 0.01, mp.quad of the density.
@pytest.mark.parametrize(
    ("shape", "z", "log_survival", "log_distribution"),
    [
        (0.5, 12, -1593.3461907173707, 0.0),
        (0.5, -40, -1.9251748010039169e-34, -77.63287639246407),
        (-0.5, 40, -77.63287639246407, -1.9251748010039169e-34),
        (1.5, 4, -182.87716682059843, 0.0),
        (3, -20, -0.001053346197839281, -6.856309953855609),
        (-3, 25, -8.522976620522275, -0.00019886642516198257),
        (10, -2, -1.5433863017866973, -0.24036139391401534),
        (0.05, 15, -150.82973925890423, 0.0),
        (0.05, -15, -8.843330378911559e-41, -92.22632526735903),
        (1.9e-3, -10, -1.0542471302427482e-23, -52.90663024730641),
        (1e-3, -6, -1.0257716682637463e-09, -20.69782066102956),
        (1e-3, 6, -20.775828236952925, -9.487951148373607e-10),
        (-1e-4, 8, -35.00450538804304, -6.276773658764453e-16),
        (1e-5, -8, -6.226520447675797e-16, -35.01254382675518),
    ],
)
def test_far_tails_keep_their_digits(shape, z, log_survival, log_distribution):
    family, at = GeneralizedGamma(shape), np.array([float(z)])
    assert float(family.log_survival(at)[0]) == pytest.approx(log_survival, rel=1e-9, abs=1e-15)
    assert float(family.log_distribution(at)[0]) == pytest.approx(log_distribution, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("ends", [(-30.0, -29.0), (-1.0, 2.0), (29.0, 30.0), (5.0, 5.0001)])
def test_the_probability_of_an_interval_keeps_its_digits_in_both_tails(ends):
    (a, b), family = ends, FAMILIES["loglogistic"]
    exact = np.log(-np.expm1(a - b)) - np.logaddexp(0.0, a) - np.logaddexp(0.0, -b)
    own = log_difference(family, np.array([[a], [b]]))
    assert float(own[0]) == pytest.approx(exact, rel=1e-9)
