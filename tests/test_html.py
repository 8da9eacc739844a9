from dataclasses import replace

import pytest

import forecast as fc
from forecast.wording import natural
from pages import Page
from strategies import AS_OF, at

BAD = '<script>alert("1 & 2")</script>'


@pytest.fixture
def bellingham(model):
    return model.forecast(fc.example_case("bellingham"))


def test_an_outlook_is_a_heading_and_a_table(bellingham):
    page = Page(bellingham._repr_html_())
    assert "Jude Bellingham, forecast of 7 March 2026, 00:13 UTC" in page.texts
    row = bellingham.fixtures.iloc[3]
    assert {row.fixture, natural(row.p_fit), "England squad announced"} <= set(page.texts)
    assert f"{row.p_fit:.0%} ({row.p_fit_low:.0%} to {row.p_fit_high:.0%})" in page.texts
    assert set(bellingham.notes) <= set(page.texts)


def test_of_a_cleared_player_it_says_whether_he_appears(model):
    page = Page(model.forecast(fc.example_case("cleared"))._repr_html_())
    assert "Cleared, not back yet. In brackets the 90% band." in page.texts
    assert "fit by then" not in page.texts  # that is no question any more


def test_a_case_is_what_is_known(bellingham):
    page = Page(bellingham.case._repr_html_())
    assert "Jude Bellingham, as of 7 March 2026, 00:13 UTC" in page.texts
    assert {"missed", "said", "ahead", "deadline", "Sports Mole: ruled out until 14 Mar"} <= set(page.texts)


def test_a_deadline_of_a_cleared_player_is_whether_he_is_back_by_then(model):
    case = replace(fc.example_case("cleared"), deadlines={"cup squad named": "2025-12-01"})
    outlook = model.forecast(case)
    assert natural(outlook.deadlines.p_appeared.item()) in Page(outlook._repr_html_()).texts[-4:]


def test_a_model_says_what_it_was_fitted_to(model):
    page = Page(model._repr_html_())
    assert any("1,861 injuries, 2018-19 to 2023-24" in text for text in page.texts)
    assert set(model.params.index) <= set(page.texts)


def test_names_stay_names(model):
    said = fc.Bulletin(at(-1), "unknown", source=BAD)
    case = fc.Case(BAD, at(-9), AS_OF, [fc.Fixture(BAD, at(3))], bulletins=[said], deadlines={BAD: at(5)})
    for shown in (case, model.forecast(case)):
        page = Page(shown._repr_html_())
        assert page.all("script") == []
        assert any(BAD in text for text in page.texts)
