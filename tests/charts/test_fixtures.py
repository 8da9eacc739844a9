import subprocess
import sys

import matplotlib as mpl
import pytest
from drawn import drawn_texts, misplaced
from hypothesis import given, settings
from matplotlib.figure import Figure
from PIL import Image

import forecast as fc
from strategies import AS_OF, at, cases

SAID = fc.Bulletin
LONG = "Wolverhampton Wanderers v Brighton and Hove Albion, round 12"


def case(offsets, name="Rovers v United", **fields) -> fc.Case:
    """Fixtures so many days after the forecast."""
    fixtures = [fc.Fixture(f"{name} {i}" if name != LONG else LONG, at(day)) for i, day in enumerate(offsets, 1)]
    return fc.Case(**{"player": "A. N. Example", "onset": at(-15), "as_of": AS_OF, "fixtures": fixtures} | fields)


EVERY_THIRD_DAY = [2 + 3 * i for i in range(10)]
HARD = {
    "twelve fixtures in thirty days": case([1 + 2.5 * i for i in range(12)]),
    "ten fixtures three days apart": case(EVERY_THIRD_DAY),
    "names of sixty letters": case(EVERY_THIRD_DAY, LONG),
    "names of two hundred letters": case([4, 8, 12], "W" * 195, player="M" * 200),
    "one fixture, within the hour": case([0.03]),
    "one fixture in a month": case([30]),
    "one fixture in two years": case([729]),
    "two on a day": case([3, 3.01, 9]),
    "deadlines past and far away": case([4, 8], deadlines={"passed": at(-3), "soon": at(6), "World Cup": at(600)}),
    "a deadline with a long name": case([4, 8], deadlines={"x" * 150: at(6), "M" * 150: at(700)}),
    "dates reported, past and far away": case(
        [4, 8],
        bulletins=[
            SAID(at(-9), "expected", expected=at(-1), source="a"),
            SAID(at(-9), "ruled_out", until=at(6), source="b"),
            SAID(at(-9), "expected", expected=at(600), source="c"),
        ],
    ),
    "cleared": case([4, 8], bulletins=[SAID(at(-9), "unknown"), SAID(at(-1), "available")]),
    "names that look like formulas": case([4, 8], r"$\frac$ of $x_{", player="$5 for $b$"),
}
HARD |= {f"as of {hour:02}:13": case([0.2, 1.1, 2.3], as_of=f"2026-03-06T{hour:02}:13Z") for hour in (0, 12, 23)}
HARD |= {f"{days} days": case([days]) for days in (1, 3, 6, 10, 20, 45, 75, 120, 250, 400)}


@pytest.mark.parametrize("name", HARD)
def test_no_text_leaves_the_canvas_or_lies_on_another(model, inside, name):
    with drawn_texts() as texts:
        model.forecast(HARD[name]).plot("chart.png")
    assert misplaced(texts) == []


@settings(max_examples=12)
@given(case=cases())
@pytest.mark.filterwarnings("ignore:Glyph .* missing from font")
def test_nor_do_they_in_any_other_case(model, tmp_path_factory, case):
    with drawn_texts() as texts:
        model.forecast(case).plot(tmp_path_factory.mktemp("any") / "chart.png")
    assert misplaced(texts) == []


def shown(model, case) -> list[str]:
    with drawn_texts() as texts:
        model.forecast(case).plot().canvas.draw()
    return [text for text, _, _ in texts]


def test_every_fixture_and_deadline_stands_there_with_its_percentage(model):
    outlook = model.forecast(fc.example_case("bellingham"))
    texts = shown(model, outlook.case)
    rows = [*outlook.fixtures[["fixture", "p_fit"]].values, *outlook.deadlines[["deadline", "p_fit"]].values]
    for name, p in rows:
        assert any(text.startswith(name) for text in texts), name
        assert f"{p:.0%}" in texts
    assert "Jude Bellingham: when is he fit?" in texts
    assert "Forecast of 7 Mar 2026, 00:13 UTC, 34 days after onset" in texts
    assert {"reported: back, 22 Mar", "reported: out until, 14 Mar"} <= set(texts)


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
    assert ("reported: back, 12 Mar" in shown(model, case([4, 8], bulletins=[said, later]))) == stands


def test_a_date_in_another_year_has_its_year(model):
    texts = shown(model, case([4, 8], deadlines={"World Cup": at(500)}))
    assert "World Cup, 20 Jul 2027" in texts
    assert "Rovers v United 1, 11 Mar" in texts


def test_nothing_is_certain(model):
    texts = shown(model, case([0.001, 4], deadlines={"then": at(700)}))
    assert "<1%" in texts
    assert "0%" in texts  # on the axis
    assert ">99%" in shown(model, HARD["cleared"])


def test_the_same_input_gives_the_same_bytes_whatever_the_user_has_set(model, inside):
    outlook = model.forecast(HARD["ten fixtures three days apart"])
    outlook.plot("one.png")
    with mpl.rc_context({"font.size": 20, "axes.grid": False, "figure.dpi": 50, "savefig.dpi": 40}):
        outlook.plot("two.png")
    assert (inside / "one.png").read_bytes() == (inside / "two.png").read_bytes()


def test_the_file_describes_itself_to_who_cannot_see_it(model, inside):
    outlook = model.forecast(fc.example_case("bellingham"))
    outlook.plot("chart.png")
    with Image.open("chart.png") as image:
        assert image.info["Description"].startswith("Jude Bellingham, out since 1 February 2026")
        assert image.width == 1280


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
