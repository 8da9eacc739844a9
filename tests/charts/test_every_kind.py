"""What holds of the picture of an outlook, of whatever kind."""

import pytest
from hypothesis import given, settings
from PIL import Image

import forecast as fc
from drawn import drawn_texts, misplaced
from forecast.charts.kinds import OF_AN_OUTLOOK
from forecast.wording import percent
from hard import HARD, SPANS
from strategies import cases

TIMELINES = (
    *("twelve fixtures in thirty days", "names of sixty letters", "names in other scripts", "one fixture in two years"),
    *("two on a day", "injured this minute", "cleared", "fifteen bulletins"),
)
NAMES = {"fixtures": HARD | SPANS, "returns": HARD, "timeline": TIMELINES, "choices": HARD}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in NAMES.items() for name in names])
def test_no_text_leaves_the_canvas_or_lies_on_another(quick, kind, name):
    with drawn_texts() as texts:
        quick.forecast((HARD | SPANS)[name]).plot(kind=kind, dark=kind != "fixtures").canvas.draw()
    assert misplaced(texts) == []


@pytest.mark.parametrize("kind", OF_AN_OUTLOOK)
@settings(max_examples=8)
@given(case=cases())
def test_nor_do_they_in_any_other_case(quick, tmp_path_factory, kind, case):
    with drawn_texts() as texts:
        quick.forecast(case).plot(tmp_path_factory.mktemp("any") / "chart.png", kind)
    assert misplaced(texts) == []


@pytest.mark.parametrize("kind", OF_AN_OUTLOOK)
def test_the_file_describes_itself_and_is_the_same_again(quick, inside, kind):
    outlook = quick.forecast(fc.example_case("bellingham"))
    for name in ("one.png", "two.png"):
        outlook.plot(name, kind, dark=True)
    assert (inside / "one.png").read_bytes() == (inside / "two.png").read_bytes()
    told = {
        "fixtures": "Jude Bellingham, out since 1 February 2026",
        "returns": f"first appearance of Jude Bellingham: Real Madrid v Man City {percent(outlook.returns().p[0])};",
        "timeline": "How the forecast for Jude Bellingham moved: Real Madrid v Man City from",
        "choices": "choices of a first match back of Jude Bellingham",
    }
    with Image.open("one.png") as image:
        assert told[kind] in image.info["Description"]
        assert image.width == 1280
