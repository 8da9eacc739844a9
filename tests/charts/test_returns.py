import io

import numpy as np
import pytest

import forecast as fc
from drawn import drawn_texts, misplaced
from forecast.wording import percent
from hard import case


@pytest.mark.parametrize("size", [(12.8, 7.2), (7.0, 7.0), (6.0, 3.375), (4.0, 4.0), (6.4, 3.0)])
@pytest.mark.parametrize("count", [1, 12, 20])
def test_many_bars_stand_beside_their_names(quick, count, size):
    outlook = quick.forecast(case([2 + 3 * i for i in range(count)]))
    with drawn_texts() as texts:
        figure = outlook.plot(kind="returns", size=size)
        figure.savefig(io.BytesIO(), dpi=1600 / size[0])
    assert misplaced(texts) == []
    if size[0] > 12:
        assert min(box.height for text, box, _ in texts if text.startswith("Rovers")) > 11  # pixels, of 1,600 across


def test_that_it_is_later_is_said_first_where_it_is_likeliest(quick):
    for name, words in (("bellingham", "Later than these: "), ("cleared", "Likeliest: ")):
        figure = quick.forecast(fc.example_case(name)).plot(kind="returns")
        assert any(text.get_text().startswith(words) for text in figure.texts)


def test_the_bars_add_up_and_the_last_is_later(model):
    outlook = model.forecast(fc.example_case("bellingham"))
    table, figure = outlook.returns(), outlook.plot(kind="returns")
    assert table.p.sum() == pytest.approx(1.0)
    assert (table.low <= table.p).all()
    assert (table.p <= table.high).all()
    assert table.fixture.iloc[-1] == "later"
    assert np.isnat(table.kickoff.iloc[-1].to_datetime64())
    bars = [patch.get_width() for patch in figure.axes[1].patches]
    assert bars == pytest.approx(list(table.p))
    assert {percent(p) for p in table.p} <= {text.get_text() for text in figure.axes[1].texts}


def test_of_a_single_match_it_is_that_one_or_later(quick):
    with drawn_texts() as texts:
        quick.forecast(case([5])).plot(kind="returns").canvas.draw()
    assert any(text.startswith("On 12 Mar: ") and "; later, or not at all: " in text for text, _, _ in texts)
