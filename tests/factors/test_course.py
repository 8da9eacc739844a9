import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivatives import by_differences
from forecast.evidence.cells import FIT_GRID
from forecast.evidence.grid import lay_out
from forecast.evidence.situation import Situation, Statement
from forecast.factors.course import Course, Curve, KickOffHazard
from strategies import situations

several = st.lists(situations(), min_size=1, max_size=3)
AROUND = Situation(0.0, 0.0, np.inf, np.empty(0), np.array([1.5, 3.0]), 0.0, np.zeros(8), Statement(0.0, 0.0))


def weights(n: int, seed: int) -> np.ndarray:
    """Log weights of the cells of a fit and of what lies beyond."""
    return np.random.default_rng(seed).normal(size=(n, len(FIT_GRID)))


def curve_of(log_weight: np.ndarray) -> Curve:
    """A curve of these weights: before anything is said every cell has the same."""
    return Curve.of(np.arange(log_weight.shape[1], 0.0, -1.0) + 0.0 * log_weight, log_weight)


def hazards_of_cells(curve: Curve) -> np.ndarray:
    return curve.hazard(np.arange(curve.weight.shape[1] - 1)[None])


@given(several=several, seed=st.integers(0, 99))
def test_the_hazards_of_cells_leave_what_the_weights_leave(several, seed):
    log_weight = weights(len(several), seed)
    hazard = hazards_of_cells(curve_of(log_weight + 1000.0))  # a constant says nothing
    share = np.exp(log_weight) / np.exp(log_weight).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(np.exp(-hazard.cumsum(axis=1)), 1.0 - share.cumsum(axis=1)[:, :-1], rtol=1e-9)


def test_with_nothing_said_a_curve_leaves_what_it_was_made_of():
    left = np.array([[0.5, 0.4, 0.1, 0.05]])
    np.testing.assert_allclose(hazards_of_cells(Curve.of(left)), np.log(left[:, :-1] / left[:, 1:]))
    np.testing.assert_allclose(Curve.of(left, np.zeros((1, 4))).survival, left)


def test_the_hazard_of_a_cell_of_next_to_no_weight_is_no_zero():
    """Beside what lies after it, it is less than the numbers of a machine are apart."""
    np.testing.assert_allclose(hazards_of_cells(curve_of(np.array([[-60.0, 0.0, 0.0]])))[0, 0], 0.5 * np.exp(-60.0))


def test_nor_are_those_of_pieces_across_such_cells():
    """The fuzzer's case 77, a player cleared ten months before a promised date: differences of what is left fell below 0."""
    pieces = lay_out([AROUND], np.array([0.0, 1.0, 2.0, 3.0, 4.0])).pieces
    log_weight = np.array([[-60.0, -59.0, -58.0, 0.0, 0.0]])
    before = np.concatenate([[0.0], curve_of(log_weight).between(pieces)[0].cumsum()])
    total = np.concatenate([[0.0], np.exp(log_weight[0, :3]).cumsum()]) / 2.0
    early = pieces.ends[0] <= 3.0
    np.testing.assert_allclose(before[early], np.interp(pieces.ends[0, early], range(4), total), rtol=1e-9)


def test_a_grid_by_hand():
    """Weights 1, 1, 2: a quarter, a third of the rest; within a cell the hazard is level."""
    evidence = lay_out([AROUND], np.array([0.0, 2.0, 4.0]))
    curve = curve_of(np.log([[1.0, 1.0, 2.0]]))
    hazard = hazards_of_cells(curve)
    np.testing.assert_allclose(hazard, [-np.log([3 / 4, 2 / 3])])
    before = np.concatenate([[0.0], curve.between(evidence.pieces)[0].cumsum()])
    at = np.interp(evidence.pieces.ends[0], [0.0, 2.0, 4.0], [0.0, *hazard[0].cumsum()])
    np.testing.assert_allclose(before, at, atol=1e-12)


def test_the_hazard_of_a_kick_off_is_read_between_the_middles_of_cells():
    """At 1.5 and 3 days, in cells of 0 to 2 and 2 to 4: a quarter of the way to the second middle, and at it."""
    steps = np.array([0.0, 2.0, 4.0])
    level, broken = (curve_of(np.log([weight])) for weight in ([1.0, 1.0, 2.0], [1.0, 9.0, 2.0]))
    first, second = np.log(-3.5 * np.log([3 / 4, 2 / 3]))  # a week has three and a half cells
    found = KickOffHazard.of(level, lay_out([AROUND], steps)).log_hazard
    np.testing.assert_allclose(found, [[0.75 * first + 0.25 * second, second]])
    found = KickOffHazard.of(broken, lay_out([AROUND], steps)).log_hazard
    np.testing.assert_allclose(found, np.log(3.5 * hazards_of_cells(broken)))  # 20 times the hazard is no slope


@given(several=several, seed=st.integers(0, 99))
@settings(max_examples=20)
def test_scores_of_the_hazard_of_kick_offs(several, seed):
    evidence, log_weight = lay_out(several), 0.1 * weights(len(several), seed)
    curve = curve_of(log_weight)
    slope = np.random.default_rng(seed).normal(size=evidence.fixtures.shape)
    found = curve.scores(
        evidence.pieces, np.zeros(evidence.pieces.gap.shape), KickOffHazard.of(curve, evidence).scores(curve, slope)
    )

    def total(log_weight):
        return (slope * KickOffHazard.of(curve_of(log_weight), evidence).log_hazard).sum(axis=1)

    np.testing.assert_allclose(found, by_differences(total, log_weight), rtol=1e-5, atol=1e-7)


@given(several=several, seed=st.integers(0, 99))
def test_the_hazards_of_pieces_add_up_to_those_of_cells(several, seed):
    evidence, curve = lay_out(several), curve_of(weights(len(several), seed))
    found = curve.between(evidence.pieces)
    total = np.column_stack([np.zeros(len(several)), hazards_of_cells(curve).cumsum(axis=1)])
    for row, s, at, ends in zip(found, several, total, evidence.edges, strict=True):
        assert row.sum() == pytest.approx(np.interp(min(s.high, ends[-1]), ends, at), rel=1e-9, abs=1e-12)
    assert (found > -1e-12).all()


@given(several=several, seed=st.integers(0, 99))
@settings(max_examples=20)
def test_scores_of_a_curve(several, seed):
    evidence, log_weight = lay_out(several), weights(len(several), seed)
    rng = np.random.default_rng(seed)
    of_pieces = rng.normal(size=evidence.pieces.gap.shape)
    of_cells = rng.normal(size=(len(several), len(FIT_GRID) - 1))

    def total(log_weight):
        curve = curve_of(log_weight)
        in_cells = (of_cells * hazards_of_cells(curve)).sum(axis=1)
        return (of_pieces * curve.between(evidence.pieces)).sum(axis=1) + in_cells

    found = curve_of(log_weight).scores(evidence.pieces, of_pieces, of_cells)
    np.testing.assert_allclose(found, by_differences(total, log_weight), rtol=1e-5, atol=1e-7)


hazards = st.lists(st.floats(0.0, 5.0), min_size=1, max_size=8).map(lambda h: np.array([h]))


@given(hazard=hazards)
def test_masses_and_what_is_after_the_last_add_up_to_one(hazard):
    course = Course.of(hazard)
    assert course.mass.sum() + course.after[0, -1] == pytest.approx(1.0)
    alive = 1.0
    for h, mass, after in zip(hazard[0], course.mass[0], course.after[0], strict=True):
        assert mass == pytest.approx(alive * (1.0 - np.exp(-h)))
        alive *= np.exp(-h)
        assert after == pytest.approx(alive)


@given(hazard=hazards, seed=st.integers(0, 99))
def test_chances_and_their_scores(hazard, seed):
    given = np.random.default_rng(seed).uniform(size=hazard.shape)
    never = np.array([0.3])
    chance = Course.of(hazard).chance(given, never)
    assert 0.0 <= chance[0] <= 1.0
    wanted = by_differences(lambda h: Course.of(h).chance(given, never), hazard)
    np.testing.assert_allclose(Course.of(hazard).scores(given, never), wanted, atol=1e-8)
