import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import forecast as fc
from forecast.evidence.situation import TRAITS, held_by, kind_weights, log_odds, round_weights, traits_of


@pytest.mark.parametrize(
    ("said", "weights"),
    [
        (("unknown",), [1, 0, 0, 0, 0]),
        (("expected",), [0, 1, 0, 0, 0]),
        (("chance", 25), [0, 0, 1, 0, 0]),
        (("chance", 50), [0, 0, 0, 1, 0]),
        (("chance", 75), [0, 0, 0, 0, 1]),
        # log(0.6 / 0.4) / log(3) = 0.369 of the way from 50 to 75%; log(0.9 / 0.1) = 2 log(3): as far again above 75%
        (("chance", 60), [0, 0, 0, 0.630930, 0.369070]),
        (("chance", 10), [0, 0, 1, 0, 0]),
        (("chance", 90), [0, 0, 0, -1, 2]),
    ],
)
def test_weights_of_the_kinds(said, weights):
    np.testing.assert_allclose(kind_weights(*said), weights, atol=1e-6)


@given(chance=st.integers(25, 98))
def test_a_higher_percentage_is_further_up(chance):
    """The mean of log odds under the weights is that of the percentage, which rises."""
    odds = np.array([0.0, 0.0, -np.log(3.0), 0.0, np.log(3.0)])
    lower, higher = (odds @ kind_weights("chance", c) for c in (chance, chance + 1))
    assert lower == pytest.approx(np.log(chance / (100 - chance)))
    assert lower < higher
    assert kind_weights("chance", chance).sum() == pytest.approx(1.0)


def test_a_chance_below_25_holds_the_hazard_down_to_a_quarter_at_one():
    assert np.exp([held_by(1), held_by(25), held_by(75)]) == pytest.approx([0.25, 1.0, 1.0])
    # Half of the way in log odds, from log(1 / 3) to log(1 / 99): 5.48%, where half of the hazard is left.
    assert np.exp(held_by(100.0 / (1.0 + 297**0.5))) == pytest.approx(0.5)


@given(count=st.floats(0.0, 12.0), more=st.floats(0.0, 2.0), of=st.integers(10, 12))
def test_odds_rise_with_the_share_and_stay_finite(count, more, of):
    assert (
        np.log(0.01 / 0.99) - 1e-12 <= log_odds(count, of) <= log_odds(count + more, of) <= np.log(0.98 / 0.02) + 1e-12
    )


def test_traits_by_hand():
    found = traits_of("defender", (450.0, 10), (2700.0, 30), (10.0, 10), 4.0, 100.0)
    assert len(found) == len(TRAITS)
    by_name = dict(zip(TRAITS, found, strict=True))
    assert by_name["minutes"] == pytest.approx(0.0)  # 5 of 10
    assert by_name["year"] == pytest.approx(np.log((30 + 2 / 3) / (2 / 3)))
    assert by_name["appearances"] == pytest.approx(np.log((10 + 2 / 3) / (2 / 3)))
    assert [by_name[p] for p in ("goalkeeper", "defender", "forward")] == [0.0, 1.0, 0.0]
    assert by_name["price"] == -1.0
    assert by_name["owned"] == pytest.approx(np.log(25.0))  # bounded


def test_what_is_not_known_is_nan():
    assert np.isnan(traits_of()).all()
    assert np.isnan(traits_of(position="midfielder")).sum() == len(TRAITS) - 3


def test_the_round_before_is_one_of_six_or_what_stood_beside_such_a_flag():
    kinds = np.array([kind_weights("chance", 75)] * 6)
    np.testing.assert_array_equal(round_weights(kinds, [np.nan, 0, 25, 50, 75, 100]), np.eye(6))
    assert not round_weights(np.zeros((2, 5)), [0, None]).any()
    flags = fc.load_episodes().bulletins.query("kind != 'available'")
    flags = flags.assign(
        kind=flags.kind.where(flags.kind != "chance", flags.chance), last_round=flags.last_round.fillna(-1.0)
    )
    shares = pd.crosstab(flags.kind, flags.last_round, normalize="index").loc[["unknown", "expected", 25.0, 50.0, 75.0]]
    np.testing.assert_allclose(round_weights(np.eye(5), [None] * 5), shares, atol=0.005)
    between = round_weights(np.array([kind_weights("chance", c) for c in (60, 99)]), [None] * 2)
    np.testing.assert_allclose(between.sum(axis=1), 1.0, atol=0.02)
    assert (between >= 0.0).all()
