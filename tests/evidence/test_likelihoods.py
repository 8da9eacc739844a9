import numpy as np
import pytest

import forecast as fc
from forecast.evidence.likelihoods import likelihood_of


def between(first: str, last: str, sure: float) -> fc.Bulletin:
    return fc.Bulletin("2026-03-01T00:00Z", "between", from_=first, to=last, sure=sure)


@pytest.mark.parametrize("sure", [0.5, 0.8, 0.99])
@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2026-03-11T00:00Z", "2026-03-21T00:00Z", (10, 20)),
        ("2026-02-20T00:00Z", "2026-03-06T00:00Z", (0, 5)),  # from before it was said
        ("2026-06-09T00:00Z", "2026-08-28T00:00Z", (100, 180)),
    ],
)
def test_of_180_days_as_likely_as_each_other_it_leaves_the_stretch_as_sure_as_was_said(first, last, days, sure):
    likelihood = likelihood_of(between(first, last, sure))
    middles = np.arange(0.005, 180.0, 0.01)
    weights = likelihood(middles)
    inside = (middles > days[0]) & (middles < days[1])
    assert weights[inside].sum() / weights.sum() == pytest.approx(sure, abs=1e-6)
    assert len(np.unique(weights)) == 2  # level within and without


@pytest.mark.parametrize("kind", [{"kind": "unknown"}, {"kind": "chance", "chance": 50}, {"kind": "training"}])
def test_of_what_is_learned_there_is_none(kind):
    assert likelihood_of(fc.Bulletin("2026-03-01", **kind)) is None


def test_that_of_the_user_is_passed_on():
    likelihood = likelihood_of(fc.Bulletin("2026-03-01", "own", likelihood=lambda days: np.exp(-days)))
    np.testing.assert_array_equal(likelihood(np.array([[0.0, 1.0]])), [[1.0, np.exp(-1.0)]])


@pytest.mark.parametrize(
    "given",
    [lambda days: days - 5, lambda days: 0 * days, lambda days: np.ones(3), lambda days: days + np.nan],
    ids=["negative", "zero", "shape", "nan"],
)
def test_one_that_is_none_is_an_error(given):
    likelihood = likelihood_of(fc.Bulletin("2026-03-01", "own", likelihood=given))
    with pytest.raises(fc.CaseError, match="likelihood: .*must be one number a day"):
        likelihood(np.arange(10.0))
