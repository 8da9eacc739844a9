"""The rules that every single forecast keeps, with numbers, for the shipped model; DESIGN: what must be coherent."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import forecast as fc
from forecast.terms import LAST_ROUNDS
from strategies import AS_OF, COMPETITIONS, at, cases

REGULAR = {
    "position": "midfielder",
    "fixtures_before": 10,
    "appearances_before": 9,
    "minutes_before": 780,
    "usual_minutes": 75,
    "usual_fixtures": 30,
    "price": 5.5,
    "owned": 2.0,
}
NUMBERS = [f"p_{name}{end}" for name in ("fit", "plays", "returns") for end in ("", "_low", "_high")]
LEADS = st.floats(0.1, 60.0)
CHANCES = st.integers(1, 99)


def case(kickoffs=(3.2, 7.4, 10.1, 14.3, 21.2, 35.2), **fields) -> fc.Case:
    """A regular who has been out for two weeks and a half, with fixtures so many days ahead."""
    fixtures = [fc.Fixture(f"fixture {i}", at(day)) for i, day in enumerate(kickoffs, 1)]
    return fc.Case(**{"player": "x", "onset": at(-17.5), "as_of": AS_OF, "fixtures": fixtures} | REGULAR | fields)


def said(kind: str, issued: float = 0.0, **fields) -> fc.Bulletin:
    return fc.Bulletin(at(issued), kind, **fields)


@pytest.fixture(scope="module")
def few(model) -> fc.ReturnModel:
    return model.with_draws(60)


def fit_on(outlook: fc.Outlook, days) -> np.ndarray:
    """The probability to be fit by so many days from now."""
    curve = outlook.curve
    return np.interp(days, (curve.when - AS_OF) / pd.Timedelta(days=1), curve.p_fit)


STRAIGHT = 1e-4  # by how much a straight line may lie beside a curve
DAYS = [*np.linspace(0.1, 15.0, 40), *np.linspace(16.0, 90.0, 38)]


def assert_never_higher(low: fc.Outlook, high: fc.Outlook) -> None:
    """In no match ahead, and on no day, is the first likelier to be fit; between its points the curve is straight."""
    assert (low.fixtures.p_fit <= high.fixtures.p_fit + 1e-9).all()
    assert (fit_on(low, DAYS) <= fit_on(high, DAYS) + STRAIGHT).all()


# ------------------------------------------------------------------------------------------------------------- 1. far


@settings(max_examples=25)
@given(case=cases(), later=st.floats(0.01, 200.0), competition=COMPETITIONS)
def test_a_fixture_added_later_changes_nothing_before_it(few, case, later, competition):
    last = case.ahead()[-1].kickoff
    more = fc.Fixture("one more", last + pd.Timedelta(days=later), competition)
    short, long = few.forecast(case), few.forecast(replace(case, fixtures=(*case.fixtures, more)))
    np.testing.assert_allclose(long.fixtures[NUMBERS][:-1], short.fixtures[NUMBERS], rtol=0, atol=1e-9)
    before = short.deadlines.when <= last
    of_deadlines = ["p_fit", "p_fit_low", "p_fit_high", "p_appeared"]
    kept, again = (o.deadlines[of_deadlines][before.to_numpy()] for o in (short, long))
    np.testing.assert_allclose(again, kept, rtol=0, atol=1e-9)


def test_the_opener_of_next_season_moves_no_match_of_this_one(model):
    flagged = case((14.0,), bulletins=[said("unknown", -3.0)])
    opener = replace(flagged, fixtures=(*flagged.fixtures, fc.Fixture("opener", at(104.0))))
    one, two = (model.forecast(c).fixtures.loc[0, NUMBERS].astype(float) for c in (flagged, opener))
    np.testing.assert_allclose(one, two, rtol=0, atol=1e-9)


# ------------------------------------------------------------------------------------------------------------- 2. eve

HOURS = (4, 8, 24, 48, 72, 120, 168, 192)


@pytest.mark.parametrize(("chance", "least", "most"), [(75, 0.32, 0.42), (50, 0.18, 0.33), (25, 0.02, 0.17)])
def test_a_percentage_means_the_same_however_near_its_match(model, chance, least, most):
    """Of league matches that it was said of, a third to a half were played after 75%, a fifth to a third after 50%.

    Read twice a day, 75% meant 45, 42, 41 and 44% from under 12 hours to eight days before the match, all injuries counted.

    Figures of all players, so of one of whom nothing is known.
    """
    flag, anybody = said("chance", chance=chance), dict.fromkeys(REGULAR)
    cases = [case((hours / 24, 12.0), bulletins=[flag], **anybody) for hours in HOURS]
    plays = [model.forecast(of).fixtures.p_plays[0] for of in cases]
    assert least <= min(plays)
    assert max(plays) <= most


def test_who_is_back_in_training_is_fit_sooner_than_one_of_whom_nothing_is_said(model):
    """Read as a 75% flag that speaks of no match: it lifts the days ahead, a match in two weeks by a fifth."""
    silent, training, flag = (
        model.forecast(case((14.0, 21.0), bulletins=words)).fixtures.p_fit
        for words in ([], [said("training")], [said("chance", chance=75)])
    )
    assert silent[0] + 0.15 < training[0] < flag[0]


@pytest.mark.parametrize("words", [{"kind": "unknown"}, {"kind": "chance", "chance": 75}])
def test_what_was_given_for_the_round_before_is_averaged_where_it_is_left_out(model, words):
    given = [model.forecast(case(bulletins=[said(**words, last_round=r)])).fixtures.p_fit[1] for r in LAST_ROUNDS]
    assert min(given) < model.forecast(case(bulletins=[said(**words)])).fixtures.p_fit[1] < max(given)


# ------------------------------------------------------------------------------------------------------- 4. ruled out

ELSE = {
    "nothing": [],
    "a date after it": [said("expected", expected=at(28.0))],
    "a date before it": [said("expected", expected=at(6.0))],
    "a date of another source": [said("expected", expected=at(6.0), source="club")],
    "75%": [said("chance", chance=75)],
    "99% of another source": [said("chance", chance=99, source="club")],
    "no date": [said("unknown", source="club")],
    "in training": [said("training", source="club")],
    "between": [said("between", from_=at(3.0), to=at(9.0), sure=0.95, source="club")],
    "a likelihood": [said("own", likelihood=lambda days: np.exp(-((days - 4) ** 2)) + 1e-9, source="doctor")],
    "two more": [said("chance", chance=75, source="club"), said("expected", expected=at(5.0), source="paper")],
}


@pytest.mark.parametrize("beside", ELSE.values(), ids=ELSE)
@pytest.mark.parametrize("until", [5.0, 20.0, 42.0])
def test_who_is_ruled_out_is_hardly_fit_before_it_ends_whatever_else_is_said(model, until, beside):
    outlook = model.forecast(case(bulletins=[said("ruled_out", until=at(until)), *beside]))
    assert fit_on(outlook, [until - 1e-4])[0] <= 0.05
    assert (outlook.fixtures.p_fit[outlook.fixtures.kickoff < at(until)] <= 0.05).all()


@settings(max_examples=25)
@given(case=cases(), until=st.floats(0.1, 300.0))
def test_nor_is_he_in_any_other_case(few, case, until):
    """The rule is of the last word of its source: nothing has replaced or overtaken it, and he was not cleared."""
    still_out = [b for b in case.bulletins if b.kind != "available"]
    ruled_out = fc.Bulletin(AS_OF, "ruled_out", until=at(until), source="the last word")
    outlook = few.forecast(replace(case, bulletins=(*still_out, ruled_out)))
    assert outlook.p_fit_by(at(until) - pd.Timedelta(seconds=5)) <= 0.05


@settings(max_examples=25)
@given(until=LEADS, later=st.floats(0.0, 60.0), chance=st.none() | CHANCES)
def test_a_later_date_beside_it_never_makes_him_fit_before_its_end(few, until, later, chance):
    beside = [] if chance is None else [said("chance", chance=chance, source="club")]
    ruled_out = said("ruled_out", until=at(until))
    alone = few.forecast(case(bulletins=[ruled_out, *beside]))
    dated = alone.given(said("expected", expected=at(until + later)))
    days = np.linspace(0.05, 0.999, 25) * until
    assert (fit_on(dated, days) <= fit_on(alone, days) + STRAIGHT).all()


def test_he_is_ruled_out_for_the_season(model):
    outlook = model.forecast(case(bulletins=[said("ruled_out", until=at(90.0))]))
    assert fit_on(outlook, [42.0])[0] <= 0.05


# ------------------------------------------------------------------------------------------------------------ 6. time

FLAGS = {
    "nothing": [],
    "no date": [said("unknown", -4.0, seen=AS_OF)],
    "a date": [said("expected", -4.0, seen=AS_OF, expected=at(9.0))],
    "a date that passed": [said("expected", -4.0, seen=AS_OF, expected=at(-1.0))],
    "25%": [said("chance", -1.0, seen=AS_OF, chance=25)],
    "75%": [said("chance", -1.0, seen=AS_OF, chance=75)],
    "in training": [said("training", -1.0, seen=AS_OF)],
    "between": [said("between", -1.0, seen=AS_OF, from_=at(2.0), to=at(12.0), sure=0.8)],
    "two sources": [said("unknown", -4.0, seen=AS_OF), said("chance", -1.0, seen=AS_OF, chance=50, source="club")],
    "ruled out": [said("ruled_out", -4.0, seen=AS_OF, until=at(6.0))],
}


def off_by(model, today: fc.Case, days: float = 1.0) -> float:
    """By how much what is said today differs from the mixture of what may be said tomorrow, with nothing new known."""
    now, later = model.forecast(today), at(days)
    fit = now.p_fit_by(later)
    out = model.forecast(replace(today, as_of=later)).fixtures
    lifted = fc.Bulletin(later, "available")
    seen = today.bulletins or (fc.Bulletin(AS_OF, "own", seen=AS_OF, likelihood=np.ones_like),)
    back = model.forecast(replace(today, as_of=later, bulletins=(*seen, lifted))).fixtures
    mixture = {name: fit * back[name] + (1.0 - fit) * out[name] for name in ("p_fit", "p_plays")}
    return max(float((now.fixtures[name] - p).abs().max()) for name, p in mixture.items())


@pytest.mark.parametrize("flags", FLAGS.values(), ids=FLAGS)
def test_today_is_the_mixture_of_what_tomorrow_may_say(model, flags):
    assert off_by(model, case(bulletins=flags)) < 0.001


@settings(max_examples=15)
@given(out=st.floats(1.0, 120.0), lead=st.floats(0.1, 40.0), first=st.floats(1.05, 20.0))
def test_so_it_is_at_every_age_of_the_injury(model, out, lead, first):
    flag = said("expected", -min(out, 3.0), seen=AS_OF, expected=at(lead))
    assert off_by(model, case((first, first + 4.0, first + 11.0), onset=at(-out), bulletins=[flag])) < 0.001


@settings(max_examples=15)
@given(out=st.floats(1.0, 60.0), start=st.floats(1.2, 15.0), length=st.floats(1.0, 20.0), sure=st.floats(0.5, 0.99))
@example(out=40.0, start=3.97, length=1.0, sure=0.8)  # 0.75 off where its ends lay within cells of the grid
def test_so_it_is_of_a_stretch_of_days_wherever_it_ends(model, out, start, length, sure):
    said_so = said("between", -1.0, seen=AS_OF, from_=at(start), to=at(start + length), sure=sure)
    assert off_by(model, case(onset=at(-out), bulletins=[said_so])) < 0.004


@pytest.mark.parametrize(("out", "ahead"), [(3.0, 92.6), (700.0, 182.2)])
def test_so_it_is_of_a_date_months_ahead(model, out, ahead):
    """0.012 and 0.019 off where the cells were weeks wide around it."""
    flag = said("expected", -1.0, seen=AS_OF, expected=at(ahead))
    kickoffs = (8.4, 16.8, 80.5, ahead - 25.0, ahead - 6.0, ahead + 15.0, 372.5)
    assert off_by(model, case(kickoffs, onset=at(-out), bulletins=[flag])) < 0.002


def test_so_it_is_of_a_ruling_out_for_half_a_year(model):
    """0.026 off after its end where the cells were weeks wide (case 1651 of the fuzzer)."""
    flag = said("ruled_out", -0.05, seen=AS_OF, until=at(163.2))
    assert off_by(model, case((0.5, 5.5, 50.5, 204.5, 266.6, 370.9), onset=at(-1.4), bulletins=[flag]), 0.25) < 0.002


# ----------------------------------------------------------------------------------------------------------- 7. dates


@settings(max_examples=25)
@given(lead=LEADS, later=LEADS, ago=st.floats(0.0, 10.0))
def test_a_later_date_never_makes_him_fit_earlier(few, lead, later, ago):
    first, second = (
        few.forecast(case(bulletins=[said("expected", -ago, expected=at(day))])) for day in (lead, lead + later)
    )
    assert_never_higher(second, first)


@settings(max_examples=25)
@given(one=CHANCES, other=CHANCES, ago=st.floats(0.0, 10.0), competition=COMPETITIONS)
def test_a_higher_percentage_never_makes_him_less_fit(few, one, other, ago, competition):
    fixtures = [replace(f, competition=competition) for f in case().fixtures[:1]] + [*case().fixtures[1:]]
    low, high = (
        few.forecast(case(fixtures=fixtures, bulletins=[said("chance", -ago, chance=chance)]))
        for chance in sorted((one, other))
    )
    assert_never_higher(low, high)


def test_all_percentages_go_up(few):
    outlooks = [few.forecast(case(bulletins=[said("chance", chance=chance)])) for chance in (1, *range(5, 100, 5), 99)]
    for low, high in zip(outlooks, outlooks[1:], strict=False):
        assert_never_higher(low, high)
        assert low.fixtures.p_plays[0] < high.fixtures.p_plays[0]


@settings(max_examples=25)
@given(chance=st.integers(1, 24), lead=st.floats(0.2, 12.0))
def test_hardly_a_chance_lies_between_ruled_out_of_the_next_match_and_25(few, chance, lead):
    """In that match and in those after it, of which it says no more than 25% does; to 1%, as fine as a ruling out is."""
    bulletins = said("ruled_out", until=at(lead)), said("chance", chance=chance), said("chance", chance=25)
    out, hardly, a_quarter = (few.forecast(case((lead, lead + 7, lead + 14), bulletins=[b])) for b in bulletins)
    assert_never_higher(hardly, a_quarter)
    assert (out.fixtures.p_fit <= hardly.fixtures.p_fit + 0.01).all()


@settings(max_examples=25)
@given(until=LEADS, longer=LEADS, lead=st.none() | LEADS, source=st.sampled_from(["official", "club"]))
def test_ruled_out_for_longer_never_makes_him_fit_earlier(few, until, longer, lead, source):
    beside = [] if lead is None else [said("expected", expected=at(lead), source=source)]
    none, short, long = (
        few.forecast(case(bulletins=[*(said("ruled_out", until=at(day)) for day in days), *beside]))
        for days in ((), (until,), (until + longer,))
    )
    assert_never_higher(long, short)
    assert_never_higher(short, none)


# ----------------------------------------------------------------------------------------------------------- 8. order


@settings(max_examples=25)
@given(case=cases(), seed=st.integers(0, 1000))
def test_the_order_of_fixtures_and_bulletins_changes_nothing(few, case, seed):
    shuffled = {name: list(getattr(case, name)) for name in ("fixtures", "bulletins")}
    for entries in shuffled.values():
        random.Random(seed).shuffle(entries)
    one, two = few.forecast(case), few.forecast(replace(case, **shuffled))
    # Two fixtures of one moment stand in the order of the list.
    numbers = [o.fixtures.sort_values(["kickoff", "fixture"]) for o in (one, two)]
    np.testing.assert_allclose(numbers[0].p_fit, numbers[1].p_fit, rtol=0, atol=1e-9)
    np.testing.assert_allclose(one.deadlines.p_fit, two.deadlines.p_fit, rtol=0, atol=1e-9)
    assert sorted(one.notes) == sorted(two.notes)


FLAG = {
    "expected": said("expected", -1.0, expected=at(9.0)),
    "unknown": said("unknown", -1.0),
    "chance": said("chance", -1.0, chance=50),
    "training": said("training", -1.0),
    "between": said("between", -1.0, from_=at(3.0), to=at(9.0), sure=0.9),
    "available": said("available", -1.0),
}


@pytest.mark.parametrize("one", FLAG)
@pytest.mark.parametrize("other", FLAG)
def test_two_flags_of_a_source_at_one_moment_are_an_error_that_names_both(one, other):
    with pytest.raises(fc.CaseError, match=r"bulletins\[1\] and bulletins\[2\]: issued: .*source official"):
        case(bulletins=[FLAG[one], FLAG[other]])
    case(bulletins=[FLAG[one], replace(FLAG[other], source="club")])


@pytest.mark.parametrize("flag", FLAG)
def test_a_ruled_out_may_stand_beside_one_of_them_but_not_beside_another_end(flag):
    short, long = (said("ruled_out", -1.0, until=at(day)) for day in (3.0, 9.0))
    case(bulletins=[FLAG[flag], short])
    case(bulletins=[short, short])
    with pytest.raises(fc.CaseError, match=r"bulletins\[1\] and bulletins\[2\]: until: "):
        case(bulletins=[short, long])


# ----------------------------------------------------------------------------------------------------------- 9. scope

ABROAD = ("Champions League", "Europa League", "Conference League")
CUPS = ("FA Cup", "EFL Cup", "Copa del Rey")


def in_a(competition: str | None, *flags: fc.Bulletin) -> fc.Case:
    """The first fixture ahead is of a competition."""
    first, *others = case().fixtures
    return case(fixtures=[replace(first, competition=competition), *others], bulletins=flags)


@pytest.mark.parametrize("chance", [10, 25, 50, 75, 90])
def test_a_percentage_means_less_in_europe_and_still_less_in_a_cup(model, chance):
    def first(competition):
        return model.forecast(in_a(competition, said("chance", chance=chance))).fixtures.p_plays[0]

    league, europe, cup = first("Premier League"), *({first(name) for name in names} for names in (ABROAD, CUPS))
    assert len(europe) == len(cup) == 1
    assert max(cup) < min(europe)
    assert max(europe) < 0.95 * league
    assert league == first(None) == first("La Liga") == first("friendly")


def test_it_speaks_of_the_league_match_after_the_cup(model):
    plays = model.forecast(in_a("FA Cup", said("chance", chance=75))).fixtures.p_plays
    assert plays[0] < 0.3 < plays[1]


@pytest.mark.parametrize("flags", [[], [said("unknown")], [said("expected", expected=at(9.0))]])
def test_without_a_percentage_the_first_match_back_may_be_any(model, flags):
    """With nothing said, in no match is he less fit; a flag without a percentage speaks of the next league match."""
    shown = slice(None) if not flags else slice(0, 1)
    league, *others = (model.forecast(in_a(name, *flags)).fixtures[shown] for name in (None, *ABROAD, *CUPS))
    for other in others:
        np.testing.assert_allclose(other[["p_fit", "p_returns"]], league[["p_fit", "p_returns"]], rtol=0, atol=1e-12)


# ----------------------------------------------------------------------------------------------------------- 10. still


@settings(max_examples=25)
@given(ago=st.floats(0.1, 17.0), chance=CHANCES, kind=st.sampled_from(["unknown", "expected", "chance", "ruled_out"]))
def test_what_is_not_said_to_have_ended_stands(few, ago, chance, kind):
    detail = {"chance": {"chance": chance}, "expected": {"expected": at(9.0)}, "ruled_out": {"until": at(9.0)}}
    left_out, now = (said(kind, -ago, seen=seen, **detail.get(kind, {})) for seen in (None, AS_OF))
    one, two = (few.forecast(case(bulletins=[flag], kickoffs=(-2.0, 3.0, 9.5))) for flag in (left_out, now))
    pd.testing.assert_frame_equal(one.fixtures, two.fixtures)


def test_a_percentage_of_three_weeks_ago_is_not_forgotten(model):
    flag = said("chance", -21.0, chance=50)
    stands, gone = (
        model.forecast(case((-16.0, -9.0, -2.0, 4.0), onset=at(-30.0), bulletins=[b])).fixtures.p_plays[0]
        for b in (flag, replace(flag, seen=at(-21.0)))
    )
    assert stands > gone


@settings(max_examples=25)
@given(begin=st.floats(-5.0, 250.0), length=st.floats(1.0, 250.0), sure=st.floats(0.5, 0.99))
def test_fit_between_two_days_makes_none_without_likelier_than_one_within(few, begin, length, sure):
    """However long the stretch: of one of half a year or more the days after it are none that it speaks for."""
    end = max(begin, 0.0) + length
    said_so = said("between", from_=at(begin), to=at(end), sure=sure)
    silent, told = few.forecast(case()), few.forecast(case(bulletins=[said_so]))
    assert told.p_fit_by(at(end)) - told.p_fit_by(at(max(begin, 0.0))) >= 0.98 * (
        silent.p_fit_by(at(end)) - silent.p_fit_by(at(max(begin, 0.0)))
    )


@pytest.mark.parametrize("lead", [0.5, 3.0, 9.0])
def test_a_higher_percentage_never_makes_him_less_fit_beside_that_of_another_source(model, lead):
    """Found by ``tests.hostile_fields``: 75% beside 25% of another source gave less than 50% beside it."""
    other = said("chance", -1.0, chance=25, source="paper")
    outlooks = [
        model.forecast(case((lead, lead + 7.0, lead + 14.0), bulletins=[other, said("chance", chance=c)]))
        for c in (25, 50, 75)
    ]
    for low, high in pairwise(outlooks):
        assert (high.fixtures.p_fit >= low.fixtures.p_fit - 1e-9).all()


def test_a_percentage_said_twice_is_hardly_surer_of_its_match(model):
    alone, both = (
        model.forecast(case((0.5, 7.5), bulletins=[said("chance", chance=75, source=source) for source in sources]))
        for sources in (["club"], ["club", "paper"])
    )
    assert both.fixtures.p_plays[0] - alone.fixtures.p_plays[0] < 0.08


def test_a_fixture_that_is_added_before_the_end_of_a_ruling_out_changes_nothing_before_it(model):
    """Found by ``tests.hostile_fields``, case 1075."""
    ruled_out = [said("ruled_out", until=at(40.0))]
    few, more = (
        model.forecast(case(days, bulletins=ruled_out)).fixtures.p_fit for days in ((3.0, 9.0), (3.0, 9.0, 20.0))
    )
    assert list(few) == list(more[:2])


@pytest.mark.parametrize(("first", "last", "sure"), [(8.0, 15.0, 0.8), (3.0, 10.0, 0.9), (20.0, 41.0, 0.6)])
def test_a_stretch_of_days_counts_by_its_likelihood(model, first, last, sure):
    """Bayes' rule by hand on the curve of silence, over usual weeks, where a kick-off lies within the stretch."""
    weeks = np.arange(1.5, 100.0, 7.0)
    silent, told = (model.forecast(case(weeks, bulletins=b)) for b in (
        [], [said("between", from_=at(first), to=at(last), sure=sure)]
    ))  # fmt: skip
    days = np.arange(0.0, 700.5, 0.5)
    chance = np.diff(fit_on(silent, days))
    within = (days[1:] > first) & (days[1:] <= last)
    level = np.where(within, sure / (last - first), (1.0 - sure) / (180.0 - (last - first)))
    wanted = np.cumsum(chance * level) / (chance * level).sum()
    found = fit_on(told, days)[1:]
    at_ends = [np.flatnonzero(days[1:] == day)[0] for day in (first, last)]
    np.testing.assert_allclose(found[at_ends], wanted[at_ends], atol=0.05)
