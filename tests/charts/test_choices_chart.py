import pytest

import forecast as fc
from forecast.wording import percent
from hard import case


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


@pytest.mark.parametrize("size", [None, (6.4, 3.6), (6.4, 6.4), (12.8, 7.2)])
@pytest.mark.parametrize("count", [1, 2, 6])
def test_the_axis_is_near_its_rows_and_counts_matches(quick, count, size):
    figure = quick.forecast(case([3 + 4 * i for i in range(count)])).plot(kind="choices", size=size)
    fit, played, _ = figure.axes[1:]
    letters = fit.texts[0].get_fontsize() / 8.5
    row = fit.get_position().height * figure.get_figheight() / letters - 0.3
    assert 0.49 < row / count < 0.81
    figure.canvas.draw()
    assert [label.get_text() for label in fit.get_xticklabels()] == ["0%", "50%", "100%"]
    assert all(label.get_text().isdigit() for label in played.get_xticklabels())
