import pickle

import numpy as np
import pytest

import forecast as fc
from forecast.io.errors import MAX_SHOWN, MISSING, Problem

HUGE = 10**5000


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (Problem("onset", "soon", "must be a date"), "onset: 'soon'; must be a date"),
        (Problem("day", 3, "must be 4", "row 2", "a.csv"), "a.csv: row 2: day: 3; must be 4"),
        (Problem("", MISSING, "must be there", file="a.csv"), "a.csv: missing; must be there"),
        (Problem("day", np.float64(7.5), "must be later"), "day: 7.5; must be later"),
        (Problem("age", HUGE, "must be less"), "age: int; must be less"),
        (Problem("a\nb\x1b[31m", "x", "must go"), "a b [31m: 'x'; must go"),
        (Problem("name", np.zeros((9, 9)), "must be text"), f"name: {repr(np.zeros((9, 9)))[:10]}"),
    ],
)  # fmt: skip
def test_a_problem_is_one_line_in_which_stands_what_is_known(problem, line):
    assert str(problem).startswith(line)
    assert str(problem).isprintable()


def test_a_long_value_is_cut():
    assert str(Problem("player", "x" * 500, "must be short")) == f"player: '{'x' * (MAX_SHOWN - 4)}...; must be short"


@pytest.mark.parametrize("error", [fc.CaseError, fc.DataError])
def test_an_error_is_a_value_error_with_a_line_for_each_problem(error):
    made = error([Problem("a", 1, "must be 2"), Problem("b", 2, "must be 1")])
    assert isinstance(made, ValueError)
    assert str(made) == "a: 1; must be 2\nb: 2; must be 1"


def test_an_error_is_located_where_it_was_not_known():
    made = fc.CaseError([Problem("a", 1, "must go"), Problem("b", 1, "must go", "fixtures[1]", "f.csv")])
    assert str(made.located(entry="bulletins[2]", file="c.toml")).splitlines() == [
        "c.toml: bulletins[2]: a: 1; must go",
        "f.csv: fixtures[1]: b: 1; must go",
    ]


def test_an_error_survives_the_way_to_another_process():
    made = fc.DataError.of("a", 1, "must go", file="a.csv")
    again = pickle.loads(pickle.dumps(made))
    assert type(again) is fc.DataError
    assert again.problems == made.problems
