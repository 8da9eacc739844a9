import numpy as np
import pytest

import forecast as fc
from forecast.factors.meanings import MEANINGS
from forecast.factors.parameters import Normal, Optimum, Prior
from forecast.model.return_model import PRIORS


def test_every_parameter_has_a_meaning_and_every_meaning_a_parameter():
    assert MEANINGS.keys() == PRIORS.keys()
    words = [(m.family, m.meaning) for m in MEANINGS.values()]
    assert len(set(words)) == len(words)


def test_the_table_is_that_of_the_model(model):
    table = model.parameters().set_index("name")
    assert table.columns.tolist() == [
        "family", "meaning", "unit", "transform", "prior_mean", "prior_sd", "estimate", "se",
    ]  # fmt: skip
    assert table.index.tolist() == [*model.params.index, *model.relapse.params.index]
    assert table.estimate["location"] == model.params["location"]
    assert table.se["location"] == pytest.approx(np.sqrt(model.covariance.loc["location", "location"]))
    assert table.loc["kickoff.75", ["prior_mean", "prior_sd"]].tolist() == [-0.2, 0.5]
    assert set(table["transform"]) == {"log", "logit", "as it is"}
    assert (table.se > 0).all()


def test_the_unit_is_that_of_the_quantity(model):
    """exp(3.5 + 0.24) days of recovery alone; 0.3% of hamstring returns are hurt again at the lowest, 10% at the most."""
    table = model.parameters().set_index("name")
    days = np.exp(table.estimate["location"] + table.estimate["location.hamstring"])
    assert 20.0 < days < 80.0
    chance = 1.0 / (1.0 + np.exp(-table.estimate[table.index.str.startswith("match.")]))
    assert chance.between(0.003, 0.1).all()


def test_the_model_says_it_in_words_and_as_a_page(model):
    for shown in (str(model), model._repr_html_()):
        assert all(meaning.meaning.split(",")[0] in shown for meaning in MEANINGS.values())
        assert "effective parameters, converged." in shown


def test_an_optimum_of_a_normal_mean_by_hand():
    """n = 4 values of mean 2, variance 1, prior N(0, 1 / 2): H = 4 + 2, loss there 1/2 (sum of squares) + theta^2."""
    values, precision = np.array([1.0, 2.0, 2.0, 3.0]), 2.0
    theta, hessian = np.array([8.0 / 6.0]), np.array([[6.0]])
    scores = values - theta
    between = float(scores @ scores)
    covariance = (between + precision) / hessian**2
    prior = Normal.of({"mean": Prior(0.0, precision**-0.5)})
    loss = 0.5 * float(scores @ scores) + prior.loss(theta)[0]
    top = Optimum.of(loss, np.array([0.06]), hessian, covariance, prior, theta)
    assert top.loglik == pytest.approx(-0.5 * float(scores @ scores))
    assert top.effective == pytest.approx(between / 6.0)
    assert top.decrement == pytest.approx(0.5 * 0.06**2 / 6.0)
    assert not top.converged
    assert "not converged, 0.0003 below the top" in str(top)


def test_a_model_of_which_it_was_not_kept(model):
    pooled = fc.pool(model, fc.load_episodes().durations("hamstring").head(30))
    assert pooled.optimum is None
    assert np.isnan(pooled.loglik)
    assert "not kept" in str(pooled)
