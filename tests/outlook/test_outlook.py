import json
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forecast as fc
from forecast.evidence.open_case import open_case
from forecast.model import return_model
from invented import CASES, CLEARED, DATE, DOUBT, PLAYED, UNTIL, case
from strategies import histories

PROBABILITIES = ("p_fit", "p_plays", "p_returns")


@pytest.fixture(scope="module")
def quick(model):
    return replace(model, draws=60)


@pytest.fixture(scope="module")
def outlook(quick) -> fc.Outlook:
    said = [DOUBT, DATE, UNTIL]
    return quick.forecast(case(bulletins=said, deadlines={"squad": "2026-03-12", "cup": "2026-03-30"}, **PLAYED))


def after(days: float) -> pd.Timestamp:
    return case().as_of + pd.Timedelta(days=days)


# -------------------------------------------------------------------------------------------------- when, and by when


@pytest.mark.parametrize("p", [0.01, 0.1, 0.25, 0.5, 0.75, 0.9])
def test_the_date_by_which_and_the_probability_by_then_are_inverse(outlook, p):
    date = outlook.fit_date(p)
    assert date > outlook.case.as_of
    assert outlook.p_fit_by(date) == pytest.approx(p, abs=1e-9)


@given(days=st.floats(0.01, 700.0))
def test_the_probability_by_a_moment_and_when_it_is_reached(outlook, days):
    p = outlook.p_fit_by(after(days))
    assert abs(outlook.fit_date(p) - after(days)) < pd.Timedelta(minutes=1)


def test_the_tables_and_the_single_answers_agree(outlook):
    for row in outlook.fixtures.itertuples():
        assert outlook.p_fit_by(row.kickoff) == pytest.approx(row.p_fit, abs=1e-12)
    for row in outlook.deadlines.itertuples():
        assert outlook.p_fit_by(row.when) == pytest.approx(row.p_fit, abs=1e-12)


def test_a_bare_date_is_the_end_of_that_day(outlook):
    assert outlook.p_fit_by("2026-03-20") == outlook.p_fit_by("2026-03-20T23:59:59Z")
    assert outlook.p_fit_by("2026-03-20") > outlook.p_fit_by("2026-03-20T12:00Z")


def test_he_is_still_out_now(outlook):
    assert outlook.p_fit_by(outlook.case.as_of) == 0.0
    assert outlook.p_fit_by("2026-03-01") == 0.0
    assert outlook.fit_date(0.0) == outlook.case.as_of


def test_beyond_two_years_there_is_no_answer(outlook, quick):
    assert outlook.fit_date(1.0) is pd.NaT
    out_for_long = quick.forecast(case(onset="2020-01-01"))
    assert out_for_long.p_fit_by(after(730.0)) < 0.8
    assert out_for_long.fit_date(0.8) is pd.NaT
    assert "later than two years on" in out_for_long.summary()
    with pytest.raises(fc.CaseError, match=r"^when: .*; must not be after"):
        outlook.p_fit_by(after(730.1))


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_a_probability_is_one(outlook, p):
    with pytest.raises(fc.CaseError, match=r"^p: .*; must be 0 to 1$"):
        outlook.fit_date(p)


@pytest.mark.parametrize("when", ["soon", "", None, 3])
def test_a_moment_is_one(outlook, when):
    with pytest.raises(fc.CaseError, match=r"^when: "):
        outlook.p_fit_by(when)


# --------------------------------------------------------------------------------------------------------- joint answers


def misses(outlook: fc.Outlook, of: int) -> np.ndarray:
    """Probability of missing 0, 1, ..., of the next fixtures: over every way the fixtures may go."""
    posterior = outlook.model.posterior(open_case(outlook.case))
    chances = np.zeros(of + 1)
    for way in product([False, True], repeat=of):
        first = way.index(True) if True in way else of
        chance = posterior.returns[:, first] if True in way else 1.0 - posterior.returns[:, :of].sum(axis=1)
        for k in range(first + 1, of):
            again = posterior.after_return[:, k]
            chance = chance * (again if way[k] else 1.0 - again)
        chances[of - sum(way)] += chance.mean()
    return chances


@pytest.mark.parametrize("name", ["nothing said", "all known", "cleared, two missed", "ruled out alone"])
def test_matches_missed_against_every_way_they_may_go(quick, name):
    fixtures = [fc.Fixture(str(d), f"2026-03-{d:02d}T20:00Z") for d in (4, 5, 9, 12, 16, 19, 24)]
    outlook = quick.forecast(case(**CASES[name] | {"fixtures": fixtures}))
    for of in range(6):
        chances = misses(outlook, of)
        assert chances.sum() == pytest.approx(1.0)
        for k in range(of + 2):
            assert outlook.p_misses(k, of) == pytest.approx(chances[k:].sum(), abs=1e-10)
        assert outlook.expected_missed(of) == pytest.approx(chances @ np.arange(of + 1))


def test_matches_missed_by_other_names(outlook):
    n, f = len(outlook.fixtures), outlook.fixtures
    assert outlook.p_misses(0, n) == 1.0
    assert outlook.p_misses(n, n) == pytest.approx(1.0 - f.p_returns.sum())
    assert outlook.p_misses(n + 1, n) == 0.0
    assert outlook.p_misses(1, 1) == pytest.approx(1.0 - f.p_plays[0])
    assert outlook.expected_missed() == outlook.expected_missed(n) == pytest.approx(n - f.p_plays.sum())
    assert outlook.expected_missed() == pytest.approx(sum(outlook.p_misses(k, n) for k in range(1, n + 1)))
    assert outlook.expected_missed(0) == 0.0


@pytest.mark.parametrize("of", [-1, 4])
def test_there_have_to_be_so_many_fixtures(outlook, of):
    for ask in (lambda: outlook.p_misses(1, of), lambda: outlook.expected_missed(of)):
        with pytest.raises(fc.CaseError, match=r"^of: .*; must be 0 to 3, the fixtures ahead$"):
            ask()


def test_each_fixture_may_be_that_of_his_return_or_none_of_them(outlook):
    table = outlook.returns()
    assert list(table.fixture) == [*outlook.fixtures.fixture, "later"]
    assert table.p.sum() == pytest.approx(1.0)
    np.testing.assert_array_equal(table.p[:-1], outlook.fixtures.p_returns)
    assert ((table.low <= table.p) & (table.p <= table.high)).all()
    assert pd.isna(table.kickoff.iloc[-1])


# ------------------------------------------------------------------------------------------------------------------ news


def test_news_takes_the_forecast_from_nothing_said_to_what_it_is(outlook, quick):
    news, f = outlook.news(), outlook.fixtures
    steps = [rows.reset_index(drop=True) for _, rows in news.groupby(np.arange(len(news)) // len(f))]
    assert [step.kind[0] for step in steps] == ["expected", "ruled_out", "chance"]  # in order of issue
    assert [step.source[0] for step in steps] == ["official", "official", "club"]
    silent = quick.forecast(replace(outlook.case, bulletins=())).fixtures
    for name in ("p_fit", "p_plays"):
        np.testing.assert_array_equal(steps[0][f"{name}_before"], silent[name])
        np.testing.assert_array_equal(steps[-1][f"{name}_after"], f[name])
        for one, following in zip(steps, steps[1:], strict=False):
            np.testing.assert_array_equal(one[f"{name}_after"], following[f"{name}_before"])
    assert all(list(step.fixture) == list(f.fixture) for step in steps)


def test_no_news(quick):
    assert len(quick.forecast(case()).news()) == 0


@given(case=histories(most=3))
@settings(max_examples=25)
def test_news_of_any_case_ends_with_the_forecast(quick, case):
    outlook = quick.forecast(case)
    news, n = outlook.news(), len(outlook.fixtures)
    assert len(news) == n * len(case.bulletins)
    if len(news):
        np.testing.assert_array_equal(news.p_fit_after[-n:], outlook.fixtures.p_fit)
        assert news.issued.is_monotonic_increasing


def test_what_if_it_had_been_said(outlook, quick):
    said = fc.Bulletin("2026-03-07T11:00Z", "chance", chance=75)
    what_if = outlook.given(said)
    pd.testing.assert_frame_equal(
        what_if.fixtures, quick.forecast(replace(outlook.case, bulletins=(*outlook.case.bulletins, said))).fixtures
    )
    assert len(outlook.case.bulletins) == 3
    assert what_if.fixtures.p_fit[0] > outlook.fixtures.p_fit[0]
    assert what_if.level == outlook.level


def test_it_cannot_have_been_said_tomorrow(outlook):
    with pytest.raises(fc.CaseError, match="must not be after as_of"):
        outlook.given(fc.Bulletin("2026-03-08", "unknown"))


# ----------------------------------------------------------------------------------------------------------------- since


def pair(quick, **change) -> tuple[fc.Outlook, fc.Outlook]:
    """A week apart, with a fixture missed and something said between them."""
    later = quick.forecast(case(bulletins=[DATE, fc.Bulletin("2026-03-13", "chance", chance=75)], as_of="2026-03-13T23:59:59Z", **change))  # fmt: skip
    return quick.forecast(case(bulletins=[DATE], **change)), later


@pytest.mark.parametrize("of", PROBABILITIES)
def test_what_changed_adds_up(quick, of):
    earlier, later = pair(quick)
    table = later.since(earlier, of)
    assert list(table.columns) == ["fixture", "then", "time", "missed", "news", "now"]
    assert list(table.fixture) == list(later.fixtures.fixture)
    np.testing.assert_allclose(table.then + table.time + table.missed + table.news, table.now, atol=1e-12)
    np.testing.assert_array_equal(table.now, later.fixtures[of])
    np.testing.assert_array_equal(table.then, earlier.fixtures[of][-len(table) :])


def test_what_changed_of_what(quick):
    earlier, later = pair(quick)
    table = later.since(earlier)
    assert (table.time < 0).all()  # still out a week later
    assert (table.news > 0).all()  # 75%
    # A match missed says nothing while he is out, but the days up to the next one are a shorter gap with it.
    assert (table.missed.abs() < 0.02).all()


def test_a_match_missed_tells_something_only_of_one_who_was_cleared(quick):
    said = [fc.Bulletin("2026-03-02T12:00Z", "unknown"), fc.Bulletin("2026-03-06T12:00Z", "available")]
    earlier = quick.forecast(case(bulletins=said))
    later = quick.forecast(case(bulletins=said, as_of="2026-03-10T12:00Z"))
    cleared = later.since(earlier, "p_plays")
    assert (cleared.missed < -0.01).all()
    assert (later.since(earlier).now == 1.0).all()


def test_nothing_changed_since_the_same_forecast(quick):
    outlook = quick.forecast(case(bulletins=[DATE]))
    table = outlook.since(outlook)
    assert (table[["time", "missed", "news"]] == 0.0).all(axis=None)


def test_only_what_both_have_is_compared(quick):
    new = [*case().fixtures, fc.Fixture("replay", "2026-03-18T20:00Z")]
    earlier, later = quick.forecast(case()), quick.forecast(case(as_of="2026-03-10", fixtures=new))
    assert list(later.since(earlier).fixture) == ["march 14", "march 21"]


def test_an_earlier_outlook_is_earlier(quick):
    earlier, later = pair(quick)
    with pytest.raises(fc.CaseError, match=r"^earlier: .*; must not be after"):
        earlier.since(later)


# --------------------------------------------------------------------------------------------------- in words and as JSON


def test_summary_names_what_matters(outlook):
    text = outlook.summary()
    for word in ("x, out since 20 February 2026", "7 March 2026", "days after onset", "march 9", "squad", "cup"):
        assert word in text
    assert all(note in text for note in outlook.notes)
    assert len(text.splitlines()) == 2 + 3 + 2 + len(outlook.notes)


def test_summary_of_one_who_was_cleared(quick):
    text = quick.forecast(case(bulletins=CLEARED)).summary()
    assert "cleared" in text
    assert "As likely fit as not" not in text


def test_to_dict_is_json(outlook):
    record = outlook.to_dict()
    again = json.loads(json.dumps(record, allow_nan=False))
    assert again == record
    assert record["player"] == "x"
    assert record["as_of"] == "2026-03-07T12:00:00+00:00"
    assert record["level"] == 0.9
    assert [f["p_fit"] for f in record["fixtures"]] == list(outlook.fixtures.p_fit)
    assert pd.Timestamp(record["fixtures"][0]["kickoff"]) == outlook.fixtures.kickoff[0]
    assert [d["deadline"] for d in record["deadlines"]] == ["squad", "cup"]
    assert "weights" not in record  # there is one family
    assert record["notes"] == list(outlook.notes)


# --------------------------------------------------------------------------------------------- more evidence, no nonsense


def test_who_was_cleared_is_fit_and_plays_less_the_more_he_was_passed_over(quick):
    """Fit since about the 20th, cleared on the 24th; then 0, 1, ... matches without him."""
    said = [fc.Bulletin("2026-02-22T12:00Z", "unknown"), fc.Bulletin("2026-02-24T12:00Z", "available")]
    found = []
    for missed in range(6):
        days = ["2026-02-25", "2026-02-26", "2026-02-28", "2026-03-02", "2026-03-05"][:missed]
        fixtures = [fc.Fixture(day, day) for day in (*days, "2026-03-09", "2026-03-14")]
        f = quick.forecast(case(bulletins=said, fixtures=fixtures, **PLAYED)).fixtures
        assert (f[["p_fit", "p_fit_low", "p_fit_high"]] == 1.0).all(axis=None)
        found.append(f.p_plays)
    assert (np.diff(np.array(found), axis=0) < 0).all()


def test_ruled_out_for_seven_weeks_he_is_hardly_fit_within_one(quick):
    """What came of promised dates: of 228 four to nine weeks ahead, 6% to 26% were fit half-way."""
    silent, short, long = (
        quick.forecast(case(bulletins=[fc.Bulletin("2026-03-07T12:00Z", "ruled_out", until=after(d)) for d in until]))
        for until in ((), (7.0,), (49.0,))
    )
    week = after(7.0)
    assert long.p_fit_by(week) < 0.35 * silent.p_fit_by(week)
    assert long.p_fit_by(week) < 0.5 * short.p_fit_by(week)


def test_time_without_news_makes_a_date_no_likelier(quick):
    """Still out: days that have passed are no longer among those on which he may become fit."""
    found = [quick.forecast(case(as_of=f"2026-03-0{day}T12:00Z")).p_fit_by("2026-03-16") for day in range(4, 9)]
    assert (np.diff(found) < 0).all()


def test_forwards_are_back_sooner(quick):
    forward, other = (quick.forecast(case(position=p)).fixtures.p_fit for p in ("forward", "defender"))
    assert (forward > other).all()


def test_who_played_more_is_picked_more(quick):
    often, seldom = (
        quick.forecast(case(fixtures_before=10, appearances_before=10, minutes_before=m)).fixtures.p_plays
        for m in (900, 60)
    )
    assert (often > seldom + 0.05).all()


# ---------------------------------------------------------------------------------------- what is worked out, and from


def relapsed() -> fc.Case:
    """Cleared on 25 February, flagged anew on 2 March."""
    said = [fc.Bulletin("2026-02-05", "unknown"), fc.Bulletin("2026-02-25", "available")]
    said += [fc.Bulletin("2026-03-02T12:00Z", "unknown")]
    return case(onset="2026-02-01", bulletins=said)


def test_after_a_relapse_all_that_is_shown_counts_from_it(quick):
    outlook = quick.forecast(relapsed())
    days = (relapsed().as_of - pd.Timestamp("2026-03-02T12:00Z")) / pd.Timedelta(days=1)
    assert "counted from 2 March 2026" in outlook.notes[0]
    assert "out since 2 March 2026" in outlook.summary()
    assert f"({days:.0f} days after onset)" in outlook.summary()
    assert outlook.spell.day(outlook.case.as_of) == days
    assert outlook.to_dict()["onset"] == relapsed().onset.isoformat()  # the case is still the one that was given


@pytest.fixture
def calls(monkeypatch) -> list[str]:
    """What is sorted out of a case, and multiplied, from here on."""
    made: list[str] = []
    sort, multiply = return_model.open_case, return_model.posterior
    monkeypatch.setattr(return_model, "open_case", lambda case: made.append("open case") or sort(case))
    monkeypatch.setattr(return_model, "posterior", lambda *args: made.append("posterior") or multiply(*args))
    return made


def test_what_stands_is_sorted_out_once_and_multiplied_for_the_tables_and_once_more_day_by_day(quick, calls, tmp_path):
    outlook = quick.forecast(fc.example_case("bellingham"))
    outlook.plot(tmp_path / "chart.png")
    outlook.summary(), outlook.returns(), outlook.p_misses(2, 3), outlook.curve, outlook._repr_html_()
    assert calls.count("open case") == 1
    assert calls.count("posterior") == 2


def test_a_timeline_sorts_out_one_case_a_moment(quick, calls):
    outlook = quick.forecast(fc.example_case("bellingham"))
    moments = len(outlook.history())
    assert calls.count("open case") == moments  # the last of which is the outlook itself


@pytest.mark.parametrize("hours", [4, 7, 30])
def test_what_a_match_is_worth_is_not_there_before_it_begins(model, hours):
    """Found by ``tests.hostile_fields``, case 686: the curve rose to the kick-off in a straight line."""
    as_of = pd.Timestamp("2025-10-03T09:00Z")
    first = as_of + pd.Timedelta(hours=hours)
    flag = fc.Bulletin(as_of, "chance", chance=75)
    fixtures = [fc.Fixture("A v B", first), fc.Fixture("C v A", "2025-10-18")]
    outlook = model.forecast(fc.Case("P", "2025-09-14", as_of, fixtures, [flag]))
    at_it = outlook.fixtures.p_fit[0]
    assert outlook.p_fit_by(first) == pytest.approx(at_it, abs=1e-6)
    assert outlook.p_fit_by(first - pd.Timedelta(seconds=1)) < 0.7 * at_it
