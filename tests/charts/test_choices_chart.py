import pytest
from hypothesis import given, settings
from PIL import Image

import forecast as fc
from drawn import drawn_texts, misplaced
from forecast.wording import percent
from hard import HARD
from strategies import cases


@pytest.mark.parametrize("name", HARD)
def test_no_text_leaves_the_canvas_or_lies_on_another(quick, name):
    with drawn_texts() as texts:
        quick.forecast(HARD[name]).plot(kind="choices", dark=True).canvas.draw()
    assert misplaced(texts) == []


@settings(max_examples=4)
@given(case=cases())
def test_nor_do_they_in_any_other_case(quick, tmp_path_factory, case):
    with drawn_texts() as texts:
        quick.forecast(case).plot(tmp_path_factory.mktemp("any") / "chart.png", kind="choices")
    assert misplaced(texts) == []


@pytest.mark.parametrize(("name", "panels"), [("bellingham", 3), ("cleared", 2)])
def test_each_number_has_an_axis_of_its_own_and_all_have_one_colour(model, name, panels):
    outlook = model.forecast(fc.example_case(name))
    table, figure = outlook.choices(), outlook.plot(kind="choices")
    columns = figure.axes[1:]
    assert len(columns) == panels
    shown = {text.get_text() for axes in columns for text in axes.texts}
    assert {percent(p) for p in table.p_hurt_60d} | {f"{n:.1f}" for n in table.expected_played} <= shown
    numbers = [text for axes in columns for text in axes.texts if text.get_fontweight() == "bold"]
    assert len({text.get_color() for text in numbers}) == 1


def test_a_tolerance_draws_one_line(model):
    outlook = model.forecast(fc.example_case("bellingham"))
    with_line = outlook.plot(kind="choices", choices=outlook.choices(tolerance=0.1)).axes[-1].lines
    assert len(with_line) == len(outlook.plot(kind="choices").axes[-1].lines) + 1
    assert list(with_line[-1].get_xdata()) == [0.1, 0.1]


def test_the_file_describes_itself_and_is_the_same_again(model, inside):
    outlook = model.forecast(fc.example_case("bellingham"))
    for name in ("one.png", "two.png"):
        outlook.plot(name, kind="choices", dark=True)
    assert (inside / "one.png").read_bytes() == (inside / "two.png").read_bytes()
    with Image.open("one.png") as image:
        assert "choices of a first match back of Jude Bellingham" in image.info["Description"]
        assert image.size[0] <= 1280
