import numpy as np
import pandas as pd
import pytest

from forecast.io.errors import DataError
from forecast.survival.durations import CHUNK, added, check_informative, covariate_table, durations_of, extent
from refused import refused

GOOD = {"lower": [3.0, 5.0], "upper": [3.0, np.inf]}


def problems(**arguments) -> list[str]:
    return refused(DataError, durations_of, **GOOD | arguments)


def test_what_is_left_out_is_filled_in():
    d = durations_of(**GOOD)
    assert len(d) == 2
    assert list(d.entry) == [0, 0]
    assert list(d.weights) == [1, 1]
    assert d.covariates.shape == (2, 0)


def test_entry_lifts_lower():
    assert list(durations_of([2.0, 9.0], [8.0, 10.0], entry=[5.0, 1.0]).beyond) == [5.0, 9.0]


def test_arrays_of_floats_are_not_copied():
    days, x = np.arange(1.0, 4.0), pd.DataFrame(np.eye(3), columns=list("abc"))
    d = durations_of(days, days, x, weights=days, entry=days - 1.0)
    assert all(np.shares_memory(days, a) for a in (d.lower, d.upper, d.weights))
    assert np.shares_memory(d.covariates, x.to_numpy())


@pytest.mark.parametrize("n", [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_chunks_add_up_to_the_whole(n):
    days = np.arange(1.0, n + 1.0)
    d = durations_of(days, days, days)
    assert max(map(len, d.chunks())) <= CHUNK
    assert d.total(extent) == (n, n, n)
    assert d.total(lambda rows: (rows.covariates.sum(axis=0),)) == (n * (n + 1) / 2,)


def test_sums_are_added_place_by_place():
    assert added([(1, 2.0), (3, 4.0)]) == (4, 6.0)


def test_a_bad_value_far_down_is_named_by_its_row():
    days = np.ones(CHUNK + 9)
    days[CHUNK + 3] = -1.0
    assert problems(lower=days, upper=np.ones(len(days)))[0].startswith(f"lower[{CHUNK + 3}]: -1.0; must be")


@pytest.mark.parametrize(
    "given",
    [
        [1, 2],
        np.array([[1.0], [2.0]]),
        pd.Series([1, 2], index=[7, 7]),
        pd.Series([1, 2], dtype="Int64"),
        ["1", "2.0"],
    ],
)
def test_anything_that_reads_as_numbers_will_do(given):
    assert list(durations_of(given, [np.inf, 5.0]).lower) == [1.0, 2.0]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"upper": [3.0]}, "upper: '1 rows'; must be as many as lower has, 2"),
        ({"entry": [1.0]}, "entry: '1 rows'; must be as many as lower has, 2"),
        ({"covariates": np.ones((3, 1))}, "covariates: '3 rows'; must be as many as lower has, 2"),
        ({"lower": [3.0, -1.0]}, "lower[1]: -1.0; must be days since onset, finite and not negative"),
        ({"lower": [3.0, np.inf]}, "lower[1]: inf; must be days since onset, finite and not negative"),
        ({"lower": [3.0, "soon"]}, "lower[1]: 'soon'; must be a number"),
        ({"lower": [3.0, None]}, "lower[1]: missing; must be days since onset, finite and not negative"),
        ({"upper": [2.0, 9.0]}, "upper[0]: 2.0; must be above 0 and not below lower"),
        ({"upper": [np.nan, 9.0]}, "upper[0]: missing; must be above 0 and not below lower"),
        ({"entry": [3.0, 0.0]}, "upper[0]: 3.0; must be above entry"),
        ({"entry": [-1.0, 0.0]}, "entry[0]: -1.0; must be days since onset, finite and not negative"),
        ({"weights": [-1.0, 1.0]}, "weights[0]: -1.0; must be finite and not negative"),
        ({"covariates": pd.DataFrame({"age": [20, np.nan]})}, "age[1]: missing; must be a finite number"),
        ({"covariates": pd.DataFrame({"age": [20, 1e200]})}, "age[1]: 1e+200; must be a finite number, at most 1e+100"),
        ({"covariates": pd.DataFrame({"age": [-1e101, 0]})}, "age[0]: -1e+101; must be a finite number, at most 1e+100"),
        ({"scale_covariates": pd.DataFrame({"age": [20, np.inf]})}, "age[1]: inf; must be a finite number, at most 1e+100"),
        ({"covariates": pd.DataFrame({"leg": ["left", "right"]})}, "leg[0]: 'left'; must be a number"),
        ({"covariates": pd.DataFrame({"shape": [1, 2]})}, "shape: 'the name'; must be another"),
        ({"covariates": pd.DataFrame([[1, 2], [3, 5]], columns=["a", "a"])}, "a: 'the name'; must stand"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line(arguments, line):
    assert problems(**arguments)[0].startswith(line)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"lower": [], "upper": []}, "lower: []; must have at least one duration"),
        ({"weights": [0.0, 0.0]}, "weights: 'all zero'; must have one above zero"),
        ({"upper": [np.inf, np.inf]}, "upper: 'inf in every row'; must have at least one duration that ends"),
        ({"weights": [0.0, 1.0]}, "upper: 'inf in every row'; must have at least one duration that ends"),
    ],
)  # fmt: skip
def test_durations_that_tell_nothing_are_refused(arguments, line):
    assert refused(DataError, check_informative, *extent(durations_of(**GOOD | arguments))) == [line]


def test_all_mistakes_are_told_at_once():
    lines = problems(lower=[-1.0, 5.0], upper=[0.0, 4.0], weights=[np.nan, 1.0])
    assert [line.partition(":")[0] for line in lines] == ["lower[0]", "upper[0]", "upper[1]", "weights[0]"]


def test_of_many_bad_values_the_first_are_shown():
    lines = problems(lower=[-1.0] * 12, upper=[9.0] * 12)
    assert len(lines) == 6
    assert lines[-1] == "lower: '7 more'; must be days since onset, finite and not negative"


@pytest.mark.parametrize(
    "covariates",
    [
        np.array([1, 2]),
        np.array([[1], [2]]),
        pd.DataFrame({0: ["1", "2"]}, index=[5, 5]),
        pd.Series([True, 2]),
    ],
)
def test_covariates_become_a_table_of_numbers(covariates):
    pd.testing.assert_frame_equal(covariate_table(covariates), pd.DataFrame({"0": [1.0, 2.0]}))
