"""Every choice of the first match back: what is counted, what is coherent, and what is refused."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forecast as fc
from forecast.outlook.choices import PUBLISHED, days_without_a_match
from forecast.outlook.relapse import appearances, out_again, shifted
from invented import CLEARED, case
from learned import invented_model
from refused import refused

NUMBERS = ("p_fit", "p_hurt_in_it", "p_hurt_60d", "expected_played")
CASES = ("bellingham", "cleared", "fringe", "many-fixtures", "no-news")
JUDGES = re.compile(
    r"\b(best|better|worse|worst|optimal|optimum|recommend\w*|ideal\w*|should|advis\w*|safe\w*)\b", re.I
)


@pytest.fixture(scope="module")
def outlook(model):
    return model.forecast(fc.example_case("bellingham"))


def test_a_row_for_each_match_that_may_be_the_first(outlook):
    table = outlook.choices()
    assert list(table.columns) == [
        "fixture",
        "kickoff",
        *(f"{n}{end}" for n in NUMBERS for end in ("", "_low", "_high")),
    ]
    pd.testing.assert_frame_equal(
        table[["fixture", "kickoff", "p_fit"]], outlook.fixtures[["fixture", "kickoff", "p_fit"]]
    )
    assert len(outlook.choices(of=4)) == 4


def test_at_most_six_where_nothing_is_asked(model):
    assert len(model.forecast(fc.example_case("many-fixtures")).choices()) == 6


@pytest.mark.parametrize("name", CASES)
def test_what_must_hold_of_every_table(model, name):
    table = model.forecast(fc.example_case(name)).choices()
    for number in NUMBERS:
        assert (table[f"{number}_low"] <= table[number]).all()
        assert (table[number] <= table[f"{number}_high"]).all()
    assert (table.p_hurt_in_it <= table.p_hurt_60d).all()
    assert table.expected_played.is_monotonic_decreasing
    assert table.expected_played.iloc[-1] == pytest.approx(1.0)
    assert (table.expected_played <= len(table)).all()


@pytest.mark.parametrize("name", CASES)
def test_the_mean_over_the_chances_of_each_return_is_the_number_that_is_played(model, name):
    """Draw by draw: what is said of the choices and of ``p_plays`` is one posterior.

    Fewer are played where so many are out by a relapse that the others would have to play more than every match.
    """
    outlook = model.forecast(fc.example_case(name))
    risk, draws = model.relapses("hamstring"), model.posterior(outlook.now)
    days = np.array([outlook.spell.day(kickoff) for kickoff in outlook.fixtures.kickoff])
    played = appearances(risk, draws, days, np.zeros((model.draws, len(days)))).sum(axis=2)
    together, said = (draws.returns * played).sum(axis=1), draws.p_plays.sum(axis=1)
    assert (together <= said + 1e-9).all()
    assert np.isclose(together, said).mean() > 0.95
    assert together == pytest.approx(said, rel=0.02)
    count = min(6, len(days))
    table, fixtures = outlook.choices(effect=None), outlook.fixtures[:count]
    assert fixtures.p_returns @ table.expected_played == pytest.approx(fixtures.p_plays.sum(), abs=0.01)


def test_waiting_changes_nothing_without_an_effect(outlook):
    table = outlook.choices(effect=None)
    assert np.ptp(table.p_hurt_60d) == 0.0
    assert np.ptp(table.p_hurt_in_it) == 0.0


def test_the_effect_is_an_odds_ratio_by_the_session(outlook):
    """Of a single number without doubt: odds times 0.5 for each of 0, 2 and 3 sessions."""
    table, none = (outlook.choices(of=3, effect=effect, sessions=[1, 3, 4]) for effect in ((0.5, 0.5, 0.5), None))
    odds = shifted(np.array([none.p_hurt_in_it[0]]), np.log(0.5) * np.array([0, 2, 3]))
    assert table.p_hurt_in_it.to_numpy() == pytest.approx(odds, rel=0.02)
    assert (table.expected_played - none.expected_played).iloc[0] == 0.0
    assert (table.expected_played > none.expected_played).tolist() == [False, True, False]  # none follows the last


def test_doubt_about_the_effect_widens_the_bands(outlook):
    sure, unsure = (outlook.choices(effect=(0.87, low, high)) for low, high in ((0.87, 0.87), (0.6, 1.2)))
    width = [t.p_hurt_60d_high.iloc[3] - t.p_hurt_60d_low.iloc[3] for t in (sure, unsure)]
    assert width[1] > 2 * width[0]


def test_one_session_a_day_without_a_match_at_most_six():
    kickoffs = pd.to_datetime(
        ["2026-03-11T20:00Z", "2026-03-14T15:00Z", "2026-03-15T12:00Z", "2026-03-18", "2026-04-30"],
        format="ISO8601",
        utc=True,
    )
    assert list(days_without_a_match(pd.Series(kickoffs))) == [0, 2, 2, 4, 6]
    assert list(days_without_a_match(pd.Series(kickoffs[[0, 0]]))) == [0, 0]


def test_the_sum_over_the_days_of_a_relapse_is_the_integral(model):
    risk, days = model.with_draws(50).relapses("hamstring"), np.array([0.01, 3.0, 21.0, 60.0, 300.0])
    found = out_again(risk, days, np.full((50, 1), -0.4))
    for k, day in enumerate(days):
        edges = np.linspace(0.0, day, 4001)
        by, middle = shifted(risk.by(edges), -0.4), 0.5 * (edges[1:] + edges[:-1])
        out = (np.diff(by, axis=1) * risk.still_out(day - middle)).sum(axis=1) + by[:, 0] * risk.still_out(
            np.array([day])
        )[:, 0]
        assert found[:, k] == pytest.approx(out, abs=5e-4)


def test_a_cleared_player_is_fit(model):
    table = model.forecast(fc.example_case("cleared")).choices()
    assert (table[["p_fit", "p_fit_low", "p_fit_high"]] == 1.0).all(axis=None)
    assert "fit by then" not in "".join(table.attrs["sentences"])


def test_a_new_spell_is_one_with_an_injury_in_the_year_before(model):
    again = model.forecast(case(bulletins=[*CLEARED, fc.Bulletin("2026-03-06T18:00Z", "unknown")]))
    first = model.forecast(case(bulletins=[fc.Bulletin("2026-03-06T18:00Z", "unknown")]))
    assert again.choices().p_hurt_60d[0] == first.choices(hurt_before=True).p_hurt_60d[0]
    assert first.choices().p_hurt_60d[0] < again.choices().p_hurt_60d[0]
    assert any("is not known" in note for note in first.choices().attrs["notes"])
    assert not any("is not known" in note for note in again.choices().attrs["notes"])


def test_weights_count_matches_as_they_matter(outlook):
    table = outlook.choices(of=3, weights=[0.5, 1, 3])
    even, named = outlook.choices(of=3, weights=[1, 1, 1]), outlook.choices(of=3, weights={"Man City v Real Madrid": 2})
    assert even.expected_worth.to_numpy() == pytest.approx(even.expected_played.to_numpy())
    assert table.expected_worth.iloc[-1] == pytest.approx(3.0)
    assert named.expected_worth.iloc[-1] == pytest.approx(2.0)
    pd.testing.assert_frame_equal(table.drop(columns=[c for c in table if "worth" in c]), outlook.choices(of=3))


def test_a_tolerance_is_a_line_in_the_chart_and_nothing_else(outlook):
    one, other = outlook.choices(), outlook.choices(tolerance=0.1)
    pd.testing.assert_frame_equal(one, other)
    assert one.attrs["sentences"] == other.attrs["sentences"]
    assert other.attrs["tolerance"] == 0.1


def test_the_sentences_are_computed(model, outlook):
    table = outlook.choices()
    first, more = 100 * table.p_hurt_in_it[0], 100 * (table.p_hurt_60d[0] - table.p_hurt_in_it[0])
    assert table.attrs["sentences"][0] == (
        f"Of 100 who come back like this, about {first:.0f} are hurt again in that very match and {more:.0f} more within "
        "two months."
    )
    assert "up to 26 points of risk: a relapse cost 3.8 league matches" in table.attrs["sentences"][1]
    dearer = replace(model, relapse=replace(model.relapse, missed=5.0)).forecast(outlook.case).choices()
    assert "up to 20 points of risk: a relapse cost 5.0 league matches" in dearer.attrs["sentences"][1]
    assert len(table.attrs["sentences"]) == 2 + len(table)


def test_the_notes_say_what_is_assumed(outlook):
    notes = " ".join(outlook.choices().attrs["notes"])
    for words in ("587 returns: 12 were", "thought them ready", "earlier than that is not in the data", "Bengtsson 2020",
                  "club doctors would not", "Zein 2024", "0.87 (0.79 to 0.95)", ": 0, 2, 4, 6, 6, 6."):  # fmt: skip
        assert words in notes
    assert "a what-if as given" in " ".join(outlook.choices(effect=(0.5, 0.4, 0.6)).attrs["notes"])
    assert "no effect of training" in " ".join(outlook.choices(effect=None).attrs["notes"])


@pytest.mark.parametrize("name", CASES)
def test_no_choice_is_called_right(model, name):
    table = model.forecast(fc.example_case(name)).choices(tolerance=0.1, weights=None)
    said = " ".join([*table.attrs["sentences"], *table.attrs["notes"], *table.columns])
    assert JUDGES.findall(said) == []


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ({"of": 7}, "of: 7; must be a whole number, 1 to 6"),
        ({"of": 0}, "of: 0; must be a whole number, 1 to 6"),
        ({"of": "all"}, "of: 'all'; must be a whole number, 1 to 6"),
        ({"effect": 0.87}, "effect: 0.87; must be an odds ratio with its 95% interval"),
        ({"effect": (0.87, 0.95, 0.79)}, "effect: (0.87, 0.95, 0.79); must be an odds ratio"),
        ({"effect": (-1, -2, 3)}, "effect: (-1, -2, 3); must be an odds ratio"),
        ({"effect": (0.9, float("nan"), 1)}, "effect: (0.9, nan, 1); must be an odds ratio"),
        ({"effect": ("a", "b", "c")}, "effect: ('a', 'b', 'c'); must be an odds ratio"),
        ({"sessions": [1, 2]}, "sessions: [1, 2]; must be 6 numbers, one for each of the next 6 fixtures"),
        ({"sessions": 3}, "sessions: 3; must be 6 numbers"),
        ({"sessions": [0, 2, 1, 3, 4, 5]}, "sessions: [0, 2, 1, 3, 4, 5]; must not fall"),
        ({"weights": [1, 1, 1, 1, 1, -1]}, "weights[6]: -1; must be a number, 0 to 1000"),
        ({"weights": {"Nobody v Nothing": 2}}, "weights: 'Nobody v Nothing'; must be one of the next 6 fixtures"),
        ({"weights": {"England v Japan": -2}}, "weights[6]: -2; must be a number, 0 to 1000"),
        ({"weights": "123456"}, "weights: '123456'; must be 6 numbers"),
        ({"tolerance": 15}, "tolerance: 15; must be a number, 0 to 1"),
        ({"hurt_before": "maybe"}, "hurt_before: 'maybe'; must be true or false"),
    ],
)
def test_what_is_no_question_gets_one_line(outlook, asked, line):
    (only,) = refused(fc.CaseError, outlook.choices, **asked)
    assert only.startswith(line)


def test_a_model_without_relapses_says_so_and_gives_no_choices(outlook):
    silent = invented_model().forecast(outlook.case)
    line = "model: missing; must have relapses of the hamstring in its data: without them there are no choices"
    with pytest.raises(fc.CaseError, match=re.escape(line)):
        silent.choices()
    with pytest.raises(fc.CaseError, match=re.escape(line)):
        silent.plot(kind="choices")


def test_the_usual_effect_is_the_published_one():
    from forecast.io.read import data_folder, read_csv

    table = read_csv((data_folder() / "literature" / "relapses.csv").read_bytes())
    row = table[(table.study == "Bengtsson 2020") & (table.unit == "odds ratio")].iloc[0]
    assert tuple(float(row[c]) for c in ("value", "low", "high")) == PUBLISHED
    assert row.doi == "10.1136/bjsports-2019-100655"


@settings(max_examples=10)
@given(ratio=st.floats(0.3, 0.99), extra=st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_more_sessions_never_raise_the_risk_where_they_lower_the_odds(model, ratio, extra):
    outlook = model.with_draws(60).forecast(fc.example_case("bellingham"))
    table = outlook.choices(effect=(ratio, ratio, ratio), sessions=list(np.cumsum(extra)))
    assert (np.diff(table.p_hurt_60d) <= 1e-12).all()
    assert (np.diff(table.p_hurt_in_it) <= 1e-12).all()


@pytest.mark.parametrize("part", ["hamstring", "thigh", "calf", "groin", "muscle"])
def test_sentences_are_grammar_for_every_body_part_and_a_single_match(model, part):
    one = replace(fc.example_case("no-news"), body_part=part)
    said = model.forecast(replace(one, fixtures=one.ahead()[:1])).choices().attrs["sentences"]
    assert not re.search(r"\b1 are|\b1 match(es)? gained outweigh |next 1\.|next 1 matches", " ".join(said))
    assert said[-1].endswith("of the next 1 match.")
