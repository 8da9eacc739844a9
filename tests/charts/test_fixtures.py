import io
import re
import subprocess
import sys
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from matplotlib.figure import Figure

import forecast as fc
from drawn import drawn_texts, misplaced
from forecast.charts.fixtures import caption_of
from forecast.wording import natural, percent
from hard import HARD, SAID, case
from strategies import at


@pytest.mark.parametrize("dpi", [94, 250])  # 600 and 1,600 pixels wide
def test_nor_at_other_widths(model, dpi):
    figure = model.forecast(HARD["names of sixty letters"]).plot(dark=True)
    with drawn_texts() as texts:
        figure.savefig(io.BytesIO(), dpi=dpi)
    assert misplaced(texts) == []


def shown(model, case) -> list[str]:
    with drawn_texts() as texts:
        model.forecast(case).plot().canvas.draw()
    return [text for text, _, _ in texts]


def test_what_the_model_no_longer_reads_is_not_shown(model):
    """A percentage overtakes a "ruled out" of its source that was seen after it was issued."""
    ruled_out = fc.Bulletin("2026-03-02", "ruled_out", seen="2026-03-05", until="2026-03-10")
    doubtful = fc.Bulletin("2026-03-04", "chance", chance=75)
    fixtures = [fc.Fixture("a", "2026-03-09T20:00Z"), fc.Fixture("b", "2026-03-14T20:00Z")]
    case = fc.Case("x", "2026-03-01", "2026-03-07T12:00Z", fixtures, [ruled_out, doubtful])
    assert not any("reported" in text for text in shown(model, case))
    assert "out until then, as reported" in shown(model, replace(case, bulletins=(ruled_out,)))


def test_every_fixture_and_deadline_stands_there_with_its_percentage(model):
    outlook = model.forecast(fc.example_case("bellingham"))
    texts = shown(model, outlook.case)
    rows = [*outlook.fixtures[["fixture", "p_fit"]].values, *outlook.deadlines[["deadline", "p_fit"]].values]
    for name, p in rows:
        assert any(text.startswith(name[:15]) for text in texts), name  # the rest may be cut
        assert f"{p:.0%}" in texts
    assert "Jude Bellingham: will he play?" in texts
    assert "Forecast of 7 Mar 2026, 00:13 UTC, 34 days after onset" in texts
    assert {"back by then, as reported", "out until then, as reported", "22 Mar", "14 Mar"} <= set(texts)
    assert "Model fitted to 1,861 injuries, 2018-19 to 2023-24; news: Sports Mole" in texts
    assert any(natural(outlook.fixtures.p_plays[0]) in text for text in texts)


@pytest.mark.parametrize(
    ("later", "stands"),
    [
        (SAID(at(-2), "expected", expected=at(7)), False),
        (SAID(at(-2), "unknown"), False),
        (SAID(at(-2), "available", source="another"), False),
        (SAID(at(-2), "expected", expected=at(7), source="another"), True),
        (SAID(at(-3), "ruled_out", until=at(2)), True),
    ],
)
def test_a_date_is_shown_while_it_stands(model, later, stands):
    said = SAID(at(-9), "expected", seen=at(-3), expected=at(5))
    assert ("12 Mar" in shown(model, case([4, 8], bulletins=[said, later]))) == stands


def test_a_date_in_another_year_has_its_year(model):
    texts = shown(model, case([4, 8], deadlines={"World Cup": at(500)}))
    assert {"World Cup", "20 Jul 2027", "Rovers v United 1", "11 Mar"} <= set(texts)


def test_nothing_is_certain(model):
    ruled_out = SAID(at(-1), "ruled_out", until=at(60))
    texts = shown(model, case([0.001, 4], bulletins=[ruled_out], deadlines={"then": at(729)}))
    assert "<1%" in texts
    assert ">99%" in texts


def test_once_cleared_it_shows_whether_he_appears(model):
    outlook = model.forecast(HARD["cleared"])
    texts = shown(model, outlook.case)
    assert {f"{p:.0%}" for p in outlook.fixtures.p_plays} <= set(texts)
    assert "A. N. Example: will he play?" in texts


def test_the_dates_are_those_of_a_time_zone(model):
    outlook = model.forecast(case([3.4, 8], as_of="2026-03-07T20:00Z"))  # the first kicks off at 18:36 UTC
    with drawn_texts() as texts:
        outlook.plot(tz="Asia/Tokyo").canvas.draw()
    words = [text for text, _, _ in texts]
    assert {"Rovers v United 1", "11 Mar"} <= set(words)
    assert "Forecast of 8 Mar 2026, 05:00 JST, 15 days after onset" in words


@pytest.mark.parametrize(("field", "value"), [("tz", "Europe/Nowhere"), ("tz", "../x"), ("kind", "pie")])
def test_what_it_cannot_draw_is_said(model, field, value):
    with pytest.raises(fc.CaseError, match=f"^{field}: '{value}'; must be"):
        model.forecast(HARD["two on a day"]).plot(**{field: value})


def test_without_a_path_nothing_is_written(model, inside):
    assert isinstance(model.forecast(HARD["two on a day"]).plot(), Figure)
    assert not list(inside.iterdir())


def test_pyplot_is_left_alone():
    """It would keep the figures alive, and show them twice in a notebook."""
    code = (
        "import sys, forecast as fc; fc.default_model().forecast(fc.example_case('bellingham')).plot();"
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_deadline_beyond_the_matches_listed_says_nothing_of_appearing_by_then(model):
    outlook = model.forecast(fc.example_case("bellingham"))
    squad, cup = outlook.deadlines.p_appeared
    with drawn_texts() as texts:
        outlook.plot().canvas.draw()
    words = [text for text, _, _ in texts]
    assert percent(squad) in words
    assert percent(cup) not in words


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (SAID(at(-9), "between", from_=at(5), to=at(12), sure=0.8), {"not back before 12 Mar", "back by 19 Mar"}),
        (SAID(at(-9), "ruled_out", until=at(5)), {"out until 12 Mar"}),
        (SAID(at(-9), "expected", expected=at(5)), {"back by 12 Mar"}),
        (SAID(at(-9), "training"), set()),
    ],
)
def test_every_date_that_was_reported_is_listed_and_told_on_a_page(quick, said, told):
    outlook = quick.forecast(case([4, 14], bulletins=[said]))
    listed = [text for text in shown(quick, outlook.case) if text.endswith("as reported")]
    assert listed == [f"{what[:-6].strip()} then, as reported" for what in sorted(told, key=lambda what: what[-6:])]
    triangles = caption_of(outlook, ZoneInfo("UTC")).partition("Triangles: reported, ")[2]
    assert set(triangles.split(", ")) == (told or {""})


def test_the_second_number_of_a_deadline_is_named(quick):
    due = shown(quick, case([4, 8], deadlines={"squad": at(6)}))
    assert any(text.endswith("Rings: appears in the match, or has by the deadline") for text in due)
    assert any(text.endswith("Rings: appears in the match") for text in shown(quick, case([4, 8])))


@pytest.mark.parametrize("kind", ["fixtures", "returns", "timeline", "choices"])
@pytest.mark.parametrize("name", ["bellingham", "cleared", "many-fixtures"])
def test_on_a_narrow_sheet_no_remark_is_cut_and_no_odds_or_date_is_broken(quick, name, kind):
    outlook = quick.forecast(fc.example_case(name))
    for width in (3.6, 3.9, 4.2, 4.6):
        words = outlook.plot(kind=kind, size=(width, 6.0)).texts
        lines = [text.get_text() for text in words]
        assert not [line for line in lines if re.search(r"\d( in)?$", line) and not re.search(r"in \d+$", line)]
        assert not [line for line in lines if "…" in line]
