"""Small, hard sets of durations: a top of the likelihood, which another optimiser does not surpass, or one clear error."""

import pytest

from statistical.small_data import count, wrong


@pytest.mark.slow
def test_hundreds_of_small_hard_sets():
    counted = count(range(400))
    assert wrong(counted) == 0, counted
    assert counted["fitted"] > 200
