"""Columns that a user adds: a known effect is found again, and where there are none nothing changes."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from derivatives import gradient
from forecast.evidence.readings import readings_of, with_proxies
from forecast.factors.covariates import Centre, Covariates
from forecast.model.joint import PRIORS, objective, priors_with
from learned import LEARNED, invented_model
from subset import some

TRUE = {"recovery.age": -0.5, "selection.caps": 0.8}
BOTH = {"recovery": ["age"], "selection": ["caps"]}


def with_columns(episodes: fc.Episodes) -> fc.Episodes:
    age, caps = np.random.default_rng(7).standard_normal((2, len(episodes)))
    return replace(episodes, episodes=episodes.episodes.assign(age=26.0 + 4.0 * age, caps=20.0 + 10.0 * caps))


@pytest.fixture(scope="module")
def world() -> fc.ReturnModel:
    """The shipped model, with effects of two columns that are known."""
    model, names = fc.default_model(), list(priors_with(TRUE))
    later = [name for name in model.params.index if name not in PRIORS]
    params = pd.Series({**model.params, **TRUE})[[*names, *later]]
    covariance = pd.DataFrame(1e-6 * np.eye(len(params)), params.index, params.index)
    own = Covariates(recovery={"age": Centre(26.0, 4.0)}, selection={"caps": Centre(20.0, 10.0)})
    return replace(model, params=params, covariance=covariance, covariates=own, draws=80)


@pytest.fixture(scope="module")
def fitted(world, episodes) -> fc.ReturnModel:
    drawn = world.simulate(with_columns(episodes), n=400, seed=2)
    return fc.fit(drawn, covariates=BOTH, draws=80)


def test_a_known_effect_is_found_again(fitted):
    """Within three standard errors, which are a fraction of it; ``location`` and the rest are in the fit, too."""
    table = fitted.parameters().set_index("name").loc[list(TRUE)]
    z = (table.estimate - pd.Series(TRUE)) / table.se
    assert (z.abs() < 3.0).all()
    assert (table.se < 0.4 * table.estimate.abs()).all()


def test_they_are_listed_in_words(fitted):
    row = fitted.parameters().set_index("name").loc["recovery.age"]
    assert row.meaning.startswith("each ")
    assert (row.family, row.unit, row["transform"]) == ("recovery", "hazard ratio", "log")
    assert (row.prior_mean, row.prior_sd) == (0.0, 0.5)


def test_it_comes_back_from_its_file(fitted, inside):
    fitted.save("m.json")
    again = fc.load_model("m.json")
    assert again == fitted
    assert again.covariates == fitted.covariates


def test_a_case_without_them_is_the_average_player(world):
    case = fc.example_case("bellingham")
    average = replace(case, covariates={"age": 26.0, "caps": 20.0})
    pd.testing.assert_frame_equal(world.forecast(case).fixtures, world.forecast(average).fixtures)


def test_the_old_heal_slowly_and_the_capped_are_picked(world):
    case = fc.example_case("bellingham")
    plain, old, capped = (
        world.forecast(replace(case, covariates=given)).fixtures for given in ({}, {"age": 38.0}, {"caps": 60.0})
    )
    assert (old.p_fit < plain.p_fit).all()
    assert (capped.p_plays > plain.p_plays).all()


def test_gradient_of_the_objective(episodes):
    few = with_columns(some(episodes, 40))
    readings = with_proxies(Covariates.of(few, BOTH).added_to(readings_of(few), few), 0.25)
    loss, at = objective(readings), {name: LEARNED.get(name, 0.3) for name in priors_with(TRUE)}
    wanted = gradient(lambda t: np.array(loss(np.array(list(t.values())))[0]), at)
    np.testing.assert_allclose(loss(np.array(list(at.values())))[1], wanted, rtol=1e-5, atol=1e-5)


def test_a_tight_prior_of_an_effect_is_where_it_stays(episodes):
    few = with_columns(some(episodes, 60))
    model = fc.fit(few, covariates=["age"], priors={"recovery.age": (0.3, 1e-3)}, draws=50)
    assert model.params["recovery.age"] == pytest.approx(0.3, abs=0.01)


def test_without_them_nothing_changes_by_a_bit(episodes):
    few = some(episodes, 60)
    plain, beside = fc.fit(few, draws=50), fc.fit(with_columns(few), covariates=[], draws=50)
    assert plain == beside
    assert "covariates" not in plain._record()


def test_pooled_with_injuries_that_have_the_columns_or_an_error(world, episodes):
    few = some(episodes, 30)
    assert list(fc.pool(world, with_columns(few)).params.index) == list(world.params.index)
    with pytest.raises(fc.DataError, match="covariates: 'age'; must be a column of episodes.csv"):
        fc.pool(world, few)


def test_columns_of_a_folder_are_kept_but_for_names_that_are_taken(episodes, tmp_path):
    few = with_columns(some(episodes, 20))
    for name in ("episodes", "fixtures", "bulletins"):
        getattr(few, name).assign(lower=1).to_csv(tmp_path / f"{name}.csv", index=False)
    loaded = fc.load_episodes(tmp_path)
    assert list(loaded.episodes.columns) == list(few.episodes.columns)
    assert Covariates.of(loaded, BOTH).recovery["age"] == pytest.approx(Covariates.of(few, BOTH).recovery["age"])
    assert len(loaded.durations()) == 20


def test_the_shipped_model_has_none():
    with pytest.raises(fc.CaseError, match="covariates: 'age'; must be one the model was fitted with: it has none"):
        invented_model().forecast(replace(fc.example_case("bellingham"), covariates={"age": 26.0}))
