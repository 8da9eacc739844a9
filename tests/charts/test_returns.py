import numpy as np
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
        quick.forecast(HARD[name]).plot(kind="returns", dark=True).canvas.draw()
    assert misplaced(texts) == []


@settings(max_examples=8)
@given(case=cases())
def test_nor_do_they_in_any_other_case(quick, tmp_path_factory, case):
    with drawn_texts() as texts:
        quick.forecast(case).plot(tmp_path_factory.mktemp("any") / "chart.png", kind="returns")
    assert misplaced(texts) == []


def test_the_bars_add_up_and_the_last_is_later(model):
    outlook = model.forecast(fc.example_case("bellingham"))
    table, figure = outlook.returns(), outlook.plot(kind="returns")
    assert table.p.sum() == pytest.approx(1.0)
    assert (table.low <= table.p).all()
    assert (table.p <= table.high).all()
    assert table.fixture.iloc[-1] == "later"
    assert np.isnat(table.kickoff.iloc[-1].to_datetime64())
    bars = [patch.get_width() for patch in figure.axes[0].patches]
    assert bars == pytest.approx(list(table.p))
    assert {percent(p) for p in table.p} <= {text.get_text() for text in figure.axes[0].texts}


def test_the_file_describes_itself_and_is_the_same_again(model, inside):
    outlook = model.forecast(fc.example_case("bellingham"))
    for name in ("one.png", "two.png"):
        outlook.plot(name, kind="returns", dark=True)
    assert (inside / "one.png").read_bytes() == (inside / "two.png").read_bytes()
    with Image.open("one.png") as image:
        told = f"first appearance of Jude Bellingham: Real Madrid v Man City {percent(outlook.returns().p[0])};"
        assert told in image.info["Description"]
