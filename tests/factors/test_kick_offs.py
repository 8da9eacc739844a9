from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plain
from derivatives import by_differences, gradient
from forecast.evidence.grid import lay_out
from forecast.evidence.situation import CUP, EUROPE, LEAGUE, Situation, Statement, kind_weights
from forecast.factors.kick_offs import SCOPE_SHIFT, Atoms, KickOffs, with_atoms
from learned import LEARNED
from strategies import parameters, situations

AROUND = {name: (LEARNED[name], prior.sd) for name, prior in KickOffs().priors.items()}
several = st.lists(situations(), min_size=1, max_size=3)
OUT = Situation(
    now=10.0,
    low=10.0,
    high=np.inf,
    missed=np.empty(0),
    ahead=np.array([12.0, 19.0, 26.0]),
    before=5.0,
    traits=np.zeros(8),
    statement=Statement(9.0, 10.0, kind_weights("chance", 75)),
)
EVE = LEARNED["kickoff.eve"] * np.exp(-2.0 * 2.0)  # seen two days before the first of them


def odds(s: Situation, log_hazard: float = 0.0, picked: float = 0.0, theta: dict = LEARNED) -> np.ndarray:
    """Log odds of each kick-off of one situation."""
    evidence = lay_out([s])
    level = np.full(evidence.fixtures.shape, log_hazard)
    return KickOffs().odds(theta, Atoms.of(evidence, evidence.said), np.array([[picked]]), level)[0]


@given(theta=parameters(AROUND), s=situations(), weekly=st.floats(0.01, 3.0))
def test_odds_against_a_plain_loop(theta, s, weekly):
    theta = LEARNED | theta
    found = odds(s, np.log(weekly), plain.score(theta, s), theta)
    wanted = [plain.odds_at(theta, s, k, weekly) for k in range(len(s.missed) + len(s.ahead))]
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)


@given(theta=parameters(AROUND), s=situations())
def test_speed_against_a_plain_loop(theta, s):
    theta, evidence = LEARNED | theta, lay_out([s])
    found = KickOffs().speed(theta, evidence, evidence.said, np.array([[plain.score(theta, s)]]))[0]
    ends = evidence.pieces.ends[0]
    for start, end, speed in zip(ends, ends[1:], found, strict=False):
        if end - start > 1e-9:
            assert speed == pytest.approx(plain.speed(theta, s, (start + end) / 2))


def test_a_percentage_is_of_its_own_match_however_likely_recovery_is():
    low, high = (odds(OUT, log_hazard) for log_hazard in (-3.0, 0.0))
    assert low[0] == high[0] == pytest.approx(LEARNED["kickoff.75"] + EVE)
    np.testing.assert_allclose(high[1:] - low[1:], 3.0)


def test_a_percentage_is_of_the_next_league_match():
    """In Europe and in a cup it loses what is stated; once a league match has passed, it is of none."""
    mixed = odds(replace(OUT, scope=np.array([EUROPE, CUP, LEAGUE])))
    closeness = np.exp(-2.0 * np.array([0.0, 7.0, 14.0]))  # of 12, 19 and 26 days, beside the first
    np.testing.assert_allclose(mixed, LEARNED["kickoff.75"] + SCOPE_SHIFT[[EUROPE, CUP, LEAGUE]] + EVE * closeness)
    league_first = odds(replace(OUT, scope=np.array([LEAGUE, EUROPE, CUP])))
    assert league_first[0] == pytest.approx(LEARNED["kickoff.75"] + EVE)
    passed = replace(OUT, statement=replace(OUT.statement, passed=1))
    np.testing.assert_allclose(odds(passed)[1:], league_first[1:])
    assert odds(passed)[0] != league_first[0]


def test_on_the_eve_a_high_percentage_means_more_a_low_one_less():
    seen = [replace(OUT, statement=Statement(9.0, 12.0, kind_weights("chance", c))) for c in (25, 50, 75)]
    gained = [odds(s)[0] - LEARNED[f"kickoff.{c}"] for s, c in zip(seen, (25, 50, 75), strict=True)]
    np.testing.assert_allclose(gained, LEARNED["kickoff.eve"] * np.array([-1.0, 0.0, 1.0]))


def test_from_its_date_on_a_promise_has_another_level():
    promise = replace(OUT, statement=Statement(9.0, 10.0, kind_weights("expected"), expected=19.0))
    theta = LEARNED | {"kickoff.gap": 0.0}
    wanted = [theta["kickoff.expected"], theta["kickoff.later_due"], theta["kickoff.later_due"]]
    np.testing.assert_allclose(odds(promise, theta=theta), wanted)
    at_once = replace(promise, statement=replace(promise.statement, expected=11.0))
    assert odds(at_once, theta=theta)[0] == pytest.approx(theta["kickoff.due"])


def test_with_nothing_said_every_kick_off_is_alike():
    silent = replace(OUT, statement=Statement(10.0, 10.0))
    np.testing.assert_allclose(odds(silent, theta=LEARNED | {"kickoff.gap": 0.0}), LEARNED["kickoff.silent"])
    assert np.isfinite(odds(silent)).all()


@given(theta=parameters(AROUND), several=several, seed=st.integers(0, 99))
@settings(max_examples=25)
def test_scores(theta, several, seed):
    evidence, rng = lay_out(several), np.random.default_rng(seed)
    picked, log_hazard = rng.normal(size=(len(several), 1)), rng.normal(size=evidence.fixtures.shape)
    in_odds, atoms = rng.normal(size=evidence.fixtures.shape), Atoms.of(evidence, evidence.said)
    in_speed = rng.normal(size=evidence.pieces.gap.shape)

    def total(theta: dict, picked: np.ndarray) -> np.ndarray:
        odds = KickOffs().odds(theta, atoms, picked, log_hazard)
        speed = KickOffs().speed(theta, evidence, evidence.said, picked)
        return (in_odds * odds).sum(axis=1) + (in_speed * speed).sum(axis=1)

    scores, in_picked = KickOffs().scores(theta, evidence, atoms, picked, in_odds, in_speed)
    np.testing.assert_allclose(scores, gradient(lambda t: total(t, picked), theta), rtol=1e-5, atol=1e-7)
    wanted = by_differences(lambda p: total(theta, p), picked)[:, 0]
    np.testing.assert_allclose(in_picked, wanted, rtol=1e-5, atol=1e-7)


@given(s=situations())
def test_atoms_take_the_place_of_the_kick_offs(s):
    evidence = lay_out([s])
    flow = np.ones(evidence.pieces.gap.shape)
    hazard = with_atoms(flow, np.zeros(evidence.fixtures.shape), evidence)[0]
    for k, j in enumerate(evidence.pieces.kickoff[0]):
        assert hazard[j] == pytest.approx(np.log(2.0) if evidence.pieces.reached[0, k] else 0.0)
    assert hazard.sum() == pytest.approx(
        len(hazard) - len(s.missed) - len(s.ahead) + np.log(2) * evidence.pieces.reached.sum()
    )
    assert (flow == 1.0).all()
