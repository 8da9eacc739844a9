"""Cases of a valid shape with evil values, of which each is forecast by the rules or refused: see hostile_fields.py."""

import pytest

import hostile_fields


def test_cases_with_evil_fields():
    seen = hostile_fields.run(40)
    assert seen["forecast"] > 2 * seen.total() / 3


@pytest.mark.slow
def test_thousands_of_cases_with_evil_fields():
    seen = hostile_fields.run(2000)
    assert seen["forecast"] > 2 * seen.total() / 3
