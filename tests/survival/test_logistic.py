import numpy as np
from scipy.optimize import minimize

from forecast.survival.logistic import ridge_logistic


def test_it_is_the_top_of_the_penalised_likelihood():
    rng = np.random.default_rng(4)
    design = np.column_stack([np.ones(300), rng.normal(size=(300, 2))])
    happened = rng.random(300) < 1 / (1 + np.exp(-(design @ [0.4, 1.0, -2.0])))
    precision, mean = np.array([0.0, 2.0, 0.5]), np.array([0.0, 0.3, -1.0])

    def loss(beta):
        sign = np.where(happened, 1.0, -1.0)
        return np.logaddexp(0.0, -sign * (design @ beta)).sum() + 0.5 * (precision * (beta - mean) ** 2).sum()

    best = minimize(loss, np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12}).x
    np.testing.assert_allclose(ridge_logistic(design, happened, precision, mean), best, atol=1e-6)


def test_a_strong_prior_holds_a_coefficient_where_it_is():
    design, happened = np.ones((50, 1)), np.ones(50)
    np.testing.assert_allclose(ridge_logistic(design, happened, np.array([1e9]), 0.7), 0.7, atol=1e-6)
