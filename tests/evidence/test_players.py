import numpy as np
import pytest

from forecast.evidence.players import Players

PLAYERS = Players(np.array([1.0, 2.0, 3.0]), np.array([[4.0, 2.0, 0.0], [2.0, 3.0, 0.0], [0.0, 0.0, 1.0]]))


def test_what_is_not_known_goes_with_what_is():
    """By hand: the slope of the second on the first is 2 / 4, the variance left 3 - 2 * 2 / 4; 1e-3 keeps it stable."""
    mean, covariance = PLAYERS.like(np.array([3.0, np.nan, np.nan]))
    np.testing.assert_allclose(mean, [3.0, 3.0, 3.0], atol=1e-3)
    np.testing.assert_allclose(covariance, np.diag([0.0, 2.0, 1.0]), atol=1e-3)


def test_of_two_known_both_tell():
    rng = np.random.default_rng(0)
    root = rng.normal(size=(4, 4))
    players = Players(rng.normal(size=4), root @ root.T + np.eye(4))
    x = np.array([0.3, np.nan, -0.2, np.nan])
    known, unknown = [0, 2], [1, 3]
    inner = np.linalg.inv(players.covariance[np.ix_(known, known)] + 1e-3 * np.eye(2))
    across = players.covariance[np.ix_(unknown, known)]
    mean, covariance = players.like(x)
    np.testing.assert_allclose(mean[unknown], players.mean[unknown] + across @ inner @ (x - players.mean)[known])
    left = players.covariance[np.ix_(unknown, unknown)] - across @ inner @ across.T
    np.testing.assert_allclose(covariance[np.ix_(unknown, unknown)], left)
    assert not covariance[known].any()
    assert np.linalg.eigvalsh(left).min() > 0


def test_nothing_known_is_any_player_and_everything_known_is_himself():
    mean, covariance = PLAYERS.like(np.full(3, np.nan))
    np.testing.assert_array_equal(mean, PLAYERS.mean)
    np.testing.assert_array_equal(covariance, PLAYERS.covariance)
    himself = np.array([0.0, 5.0, 9.0])
    mean, covariance = PLAYERS.like(himself)
    np.testing.assert_array_equal(mean, himself)
    assert not covariance.any()


def test_estimated_from_players():
    traits = np.random.default_rng(1).multivariate_normal(PLAYERS.mean, PLAYERS.covariance, 500)
    found = Players.of(traits)
    np.testing.assert_allclose(found.mean, traits.mean(axis=0))
    np.testing.assert_allclose(found.covariance, np.cov(traits.T, bias=True))


def test_estimated_where_some_traits_are_not_known():
    """A trait that nobody has is 0 and tells nothing; the covariance stays one."""
    traits = np.random.default_rng(2).normal(size=(30, 4))
    traits[:, 3] = np.nan
    traits[::2, 0], traits[1::3, 1] = np.nan, np.nan
    found = Players.of(traits)
    np.testing.assert_allclose(found.mean[:3], np.nanmean(traits[:, :3], axis=0))
    assert found.mean[3] == 0.0
    np.testing.assert_allclose(found.covariance[3], 0.0, atol=1e-12)
    assert np.linalg.eigvalsh(found.covariance).min() > -1e-12
    assert np.isfinite(found.filled(traits)).all()


def test_filled_rows_keep_what_is_known():
    rows = np.array([[3.0, np.nan, 1.0], [1.0, 2.0, 3.0]])
    filled = PLAYERS.filled(rows)
    np.testing.assert_array_equal(filled[np.isfinite(rows)], rows[np.isfinite(rows)])
    assert filled[0, 1] == pytest.approx(3.0, abs=1e-3)
