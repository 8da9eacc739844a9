from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivatives import arrays, check_scores
from forecast.evidence.grid import lay_out
from forecast.evidence.situation import Situation, Statement
from forecast.factors.bulletins import Dates, Kinds, RuledOut
from forecast.factors.factor import total
from plain import cell, date, kind, pull, recovery, ruled_out, statement
from strategies import parameters, situations

PARTS = (Kinds(), Dates(), RuledOut())
PRIORS = {name: prior for part in PARTS for name, prior in part.priors.items()}
several = st.lists(situations(), min_size=1, max_size=3)
LEARNED = {  # as the shipped fit has them, rounded
    "kind.unknown": 0.19,
    "kind.expected": -0.17,
    "kind.25": -0.16,
    "kind.50": -0.46,
    "kind.75": -0.70,
    "kind.age": 0.08,
    "date.width": 2.1,
    "date.vague": -1.17,
    "date.early": 2.66,
    "ruled_out": 0.96,
}


def out(**said) -> Situation:
    """Ten days after onset, out, with something said."""
    days = np.array([said.get("expected", np.nan), said.get("until", np.nan)])
    return Situation(10.0, 10.0, np.inf, np.empty(0), np.array([12.0, 19.0, 26.0]), Statement(**said), 0.0, edges=days)


@given(theta=parameters(PRIORS), several=several)
def test_what_was_said_against_a_plain_loop(theta, several):
    evidence = lay_out(several)
    log_weight = total(PARTS, arrays(theta), evidence)
    for i, s in enumerate(several):
        said = {"code": s.statement.code, "age": s.statement.age, "seen": s.statement.seen}
        said |= {"expected": s.statement.expected, "until": s.statement.until}
        for j, (low, high) in enumerate(zip(evidence.low[i], evidence.high[i], strict=True)):
            if low < high:
                assert log_weight[i, j] == pytest.approx(np.log(statement(theta, low, high, said)), abs=1e-8)


@given(theta=parameters(PRIORS), several=several)
def test_each_part_against_a_plain_loop(theta, several):
    evidence = lay_out(several)
    kinds, dates, ruled = (part.log_weight(arrays(theta), evidence) for part in PARTS)
    for i, s in enumerate(several):
        t = s.statement
        for j, (low, high) in enumerate(zip(evidence.low[i], evidence.high[i], strict=True)):
            middle = (low + high) / 2
            day = max(middle, t.until)
            assert kinds[i, j] == pytest.approx(np.log(kind(theta, day, t.code, t.age, t.seen)), abs=1e-9)
            assert dates[i, j] == pytest.approx(np.log(date(theta, day, t.code, t.seen, t.expected)), abs=1e-8)
            assert ruled[i, j] == pytest.approx(np.log(ruled_out(theta, middle, t.seen, t.until)), abs=1e-9)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: type(part).__name__)
@given(theta=parameters(PRIORS), several=several, seed=st.integers(0, 99))
@settings(max_examples=40)
def test_scores(part, theta, several, seed):
    check_scores(part, theta, lay_out(several), np.random.default_rng(seed))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: type(part).__name__)
def test_nothing_said_says_nothing(part):
    evidence = lay_out([out(seen=10.0), out(seen=3.0)])
    np.testing.assert_array_equal(part.log_weight(arrays(LEARNED), evidence), 0.0)
    np.testing.assert_array_equal(part.scores(arrays(LEARNED), evidence, np.ones(evidence.gap.shape)), 0.0)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: type(part).__name__)
def test_draws_come_in_front(part):
    evidence = lay_out([out(seen=10.0, code=1, expected=21.0, until=15.0), out(seen=10.0), out(seen=9.0, code=4)])
    rng = np.random.default_rng(0)
    draws = {name: rng.normal(value, 0.3, (5, 1, 1)) for name, value in LEARNED.items()}
    log_weight = part.log_weight(draws, evidence)
    for d in range(5):
        one = {name: value[d, 0, 0] for name, value in draws.items()}
        np.testing.assert_allclose(log_weight[d], part.log_weight(one, evidence), atol=1e-12)


def test_a_percentage_has_no_age():
    young, old = (lay_out([out(seen=10.0, code=3, age=age)]) for age in (0.0, 9.0))
    np.testing.assert_array_equal(*(Kinds().log_weight(arrays(LEARNED), e) for e in (young, old)))


def test_old_news_of_an_injury_speaks_for_more_days():
    young, old = (Kinds().log_weight(arrays(LEARNED), lay_out([out(seen=10.0, code=0, age=age)])) for age in (0.0, 9.0))
    assert (np.diff(old - young)[0] > 0).all()


def test_a_peak_around_the_date_falls_off_evenly():
    evidence = lay_out([out(seen=10.0, code=1, expected=40.0)])
    theta = arrays(LEARNED | {"date.vague": -50.0})
    log_weight, error = Dates().log_weight(theta, evidence)[0], evidence.days[0] - 40.0
    assert evidence.days[0][np.argmax(log_weight)] == pytest.approx(40.0, abs=1.5)
    far = np.abs(error) > 25.0
    slope = np.exp(-LEARNED["date.width"])
    wanted = np.maximum(-np.abs(error) * slope, -50.0)  # the exponential fall, down to the vague part
    np.testing.assert_allclose(log_weight[far & (error < 150)], wanted[far & (error < 150)], atol=0.05)


def test_who_is_ruled_out_is_read_as_from_the_day_it_ends():
    """A promised date beside it speaks for the days from then on, the other statement for those before."""
    both = lay_out([out(seen=10.0, code=1, expected=30.0, until=20.0)])
    alone = lay_out([out(seen=10.0, code=1, expected=30.0)])
    alone = type(alone)(**{n: getattr(both if n in ("edges", "gap") else alone, n) for n in alone.__dataclass_fields__})
    theta = arrays(LEARNED)
    said, only = total(PARTS, theta, both)[0], total(PARTS, theta, alone)[0]
    before = both.high[0] <= 20.0
    np.testing.assert_allclose(said[~before], only[~before])
    assert (np.diff(said[before]) > 0).all()  # the longer before its end, the more rarely it is broken
    assert said[before][-1] < said[~before][0]


@given(until=st.floats(0.5, 100.0), longer=st.floats(0.0, 100.0))
def test_to_be_ruled_out_for_longer_never_speaks_for_an_earlier_day(until, longer):
    """The ratio of the two likelihoods falls with the days that remain, whatever else is known."""
    ends = 10.0 + np.array([until, until + longer])
    both = lay_out([replace(out(seen=10.0, until=end), edges=ends) for end in ends])
    short, long = RuledOut().log_weight(arrays(LEARNED), both)
    assert (np.diff(long - short) > -1e-12).all()


@given(
    theta=parameters(
        PRIORS | {"location": (3.0, 0.5), "log_scale": (0.0, 0.5), "forward": (0.0, 0.5), "pull": (0.4, 0.4)}
    ),
    s=situations(),
)
@settings(max_examples=20)
def test_the_plain_cell_is_the_product_of_its_factors(theta, s):
    """So that the loop which the other tests trust is itself written down twice."""
    e = lay_out([s])
    for j in range(0, e.edges.shape[1] - 1, 9):
        low, high = e.edges[0, j], e.edges[0, j + 1]
        t = s.statement
        late = max((low + high) / 2, t.until)
        wanted = recovery("weibull", theta, low, high, s.forward)
        wanted *= pull(theta, low, high, s.low, [*s.missed, *s.ahead])
        wanted *= kind(theta, late, t.code, t.age, t.seen) * date(theta, late, t.code, t.seen, t.expected)
        wanted *= ruled_out(theta, (low + high) / 2, t.seen, t.until)
        assert cell("weibull", theta, e, 0, j) == pytest.approx(wanted)
