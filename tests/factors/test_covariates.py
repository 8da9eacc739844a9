from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forecast as fc
from derivatives import gradient
from forecast.evidence.cells import FIT_GRID
from forecast.evidence.grid import lay_out
from forecast.factors.course import Curve
from forecast.factors.covariates import Centre, Covariates, effect
from forecast.factors.recovery import Recovery
from forecast.io.errors import CaseError
from learned import LEARNED
from refused import refused
from strategies import situations
from subset import some

several = st.lists(situations(), min_size=1, max_size=3)
MODEL = Covariates(
    recovery={"age": Centre(26.0, 4.0)}, selection={"caps": Centre(10.0, 20.0), "age": Centre(26.0, 4.0)}
)


def with_column(episodes: fc.Episodes, values: object) -> fc.Episodes:
    return replace(episodes, episodes=episodes.episodes.assign(age=values))


@pytest.fixture(scope="module")
def few(episodes) -> fc.Episodes:
    return some(episodes, 20)


# ----------------------------------------------------------------------------------------------------- what they change


@given(several=several, log_ratio=st.floats(-1.5, 1.5))
@settings(max_examples=30)
def test_the_hazard_of_recovery_is_multiplied(several, log_ratio):
    """Survival to the power of the ratio, at every edge of the grid."""
    plain = lay_out(several)
    found = Recovery().survival(
        LEARNED | {"recovery.age": log_ratio}, replace(plain, covariates={"recovery.age": np.ones(len(several))})
    )
    np.testing.assert_allclose(found, Recovery().survival(LEARNED, plain) ** np.exp(log_ratio), rtol=1e-9)


@given(several=several, log_ratio=st.floats(-1.5, 1.5), seed=st.integers(0, 99))
@settings(max_examples=20)
def test_scores_of_recovery(several, log_ratio, seed):
    rng = np.random.default_rng(seed)
    evidence = replace(lay_out(several), covariates={"recovery.age": rng.normal(size=len(several))})
    slope = rng.normal(size=(len(several), len(FIT_GRID)))
    theta = {name: LEARNED[name] for name in Recovery().priors} | {"recovery.age": log_ratio}

    def total(theta: dict) -> np.ndarray:
        return (slope * np.log(Curve.of(Recovery().survival(theta, evidence)).weight)).sum(axis=1)

    wanted = gradient(total, theta)
    found = Recovery().scores(theta, evidence, slope)
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5 * np.abs(wanted).max() + 1e-7)


def test_the_effects_of_a_part_add_up_and_those_of_another_are_left_alone():
    columns = {"recovery.age": np.array([9.0]), "selection.caps": np.array([2.0]), "selection.age": np.array([-1.0])}
    theta = {"recovery.age": 5.0, "selection.caps": np.array([[0.5], [1.0]]), "selection.age": np.array([[1.0], [0.0]])}
    np.testing.assert_allclose(effect(theta, columns, "selection"), [[0.0], [2.0]])
    assert effect(theta, {}, "selection") is None


# ------------------------------------------------------------------------------------------------------- what they hold


def test_they_are_centred_by_the_injuries_of_the_fit_and_a_blank_is_average(few):
    ages = np.where(np.arange(len(few)) == 3, np.nan, np.linspace(20.0, 35.0, len(few)))
    found = Covariates.of(with_column(few, ages), ["age"])
    assert found.recovery["age"] == pytest.approx((np.nanmean(ages), np.nanstd(ages)))
    column = found.of_episodes(with_column(few, ages))["recovery.age"].to_numpy()
    assert column[3] == 0.0
    np.testing.assert_allclose(np.delete(column, 3).std(), 1.0)


@pytest.mark.parametrize("texts", [["21", "30"] * 10, [True, False] * 10, [21, None] + [30] * 18])
def test_numbers_as_they_stand_in_a_file(few, texts):
    assert Covariates.of(with_column(few, texts), ["age"]).recovery["age"].sd > 0


def test_a_case_gives_what_it_knows():
    found = MODEL.of_case({"age": 30.0})
    assert {name: column.tolist() for name, column in found.items()} == {"recovery.age": [1.0], "selection.age": [1.0]}
    assert MODEL.of_case({}) == {}


def test_a_covariate_that_the_model_does_not_know_is_said():
    line = "covariates: 'height'; must be one the model was fitted with: age, caps"
    assert refused(CaseError, MODEL.of_case, {"height": 1.8, "age": 30.0}) == [line]


@pytest.mark.parametrize(
    ("values", "line"),
    [
        (["old"] * 20, "episodes.csv: row 1: age: 'old'; must be a number or blank"),
        ([np.inf, *range(19)], "episodes.csv: row 1: age: inf; must be a number or blank"),
        ([26.0] * 20, "episodes.csv: age: 26.0; must not be the same for all injuries"),
        ([None] * 20, "episodes.csv: age: missing; must not be the same for all injuries"),
    ],
)
def test_a_column_that_will_not_do_is_said_in_one_line(few, values, line):
    assert refused(fc.DataError, Covariates.of, with_column(few, values), {"selection": ["age"]}) == [line]


@pytest.mark.parametrize(
    ("chosen", "line"),
    [
        (["age", "hight"], "covariates: 'age'; must be a column of episodes.csv\n"
         "covariates: 'hight'; must be a column of episodes.csv"),
        ("age", "covariates: 'age'; must be names of columns of episodes.csv, or such lists by recovery and selection"),
        ({"hazard": ["age"]}, "covariates: {'hazard': ['age']}; must be names of columns of episodes.csv, "
         "or such lists by recovery and selection"),
        ([3], "covariates: [3]; must be names of columns of episodes.csv, or such lists by recovery and selection"),
    ],
)  # fmt: skip
def test_a_choice_that_is_none_is_said(few, chosen, line):
    assert refused(fc.DataError, Covariates.of, few, chosen) == line.splitlines()


def test_they_come_back_from_a_record():
    assert Covariates.of_record(MODEL.record()) == MODEL
    for bad in ({"recovery": {"age": [1.0]}}, {"recovery": {"age": [1.0, 0.0]}}, {"hazard": {}}):
        with pytest.raises((ValueError, TypeError)):
            Covariates.of_record(bad)
