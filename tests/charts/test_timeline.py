import numpy as np
import pytest

import forecast as fc
from drawn import drawn_texts
from forecast.charts.sheet.letters import apart
from hard import HARD, SAID, case
from strategies import at

TWICE = case([4, 8], bulletins=[SAID(at(-9), "unknown"), SAID(at(-1), "chance", chance=75)])


def test_it_ends_with_the_forecast_itself_and_steps_at_the_news(model):
    outlook = model.forecast(TWICE)
    history = outlook.history()
    assert list(history.iloc[-1]) == list(outlook.fixtures.p_fit)
    said = history.index.get_loc(at(-1))
    assert history[0].iloc[said] > 1.5 * history[0].iloc[said - 1]
    assert history.index[0] == TWICE.onset


def test_each_day_is_what_would_have_been_forecast_on_it(model):
    history = model.forecast(TWICE).history()
    for when in history.index[[5, 20, 30]]:
        then = model.forecast(TWICE.rewound(when)).fixtures.p_fit
        assert list(history.loc[when]) == pytest.approx(list(then), abs=0.01)  # fewer draws


def test_each_bulletin_is_marked_and_told(model):
    with drawn_texts() as texts:
        model.forecast(TWICE).plot(kind="timeline").canvas.draw()
    words = [text for text, _, _ in texts]
    assert {"26 Feb, official: no return date", "6 Mar, official: 75% to play"} <= set(words)
    assert words.count("▼") == 2


@pytest.mark.parametrize("values", [[0.5], [0.5] * 12, [0.0, 0.001, 0.99, 1.0], [1.0] * 5, np.linspace(0.9, 1.0, 9)])
def test_names_are_pushed_apart_in_their_order(values):
    values = np.array(values)
    places = apart(values, 0.07)
    assert (np.diff(np.sort(places)) >= 0.07 - 1e-12).all()
    assert (np.argsort(places, kind="stable") == np.argsort(values, kind="stable")).all()
    assert places.min() >= 0.0
    assert places.max() <= 1.05


def test_what_has_not_moved_is_not_said_to_have(quick):
    with drawn_texts() as texts:
        quick.forecast(HARD["injured this minute"]).plot(kind="timeline").canvas.draw()
    assert any(text.startswith("Nothing has moved it yet: about") for text, _, _ in texts)


def test_an_injury_without_news_has_one_too(model):
    outlook = model.forecast(fc.example_case("no-news"))
    assert (outlook.history()[0].diff().dropna() < 0.02).all()


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ([], "Time alone moved"),
        ([at(-0.5)], "The last news moved"),
        ([at(-12), at(-9)], "The last news and time moved"),
    ],
)
def test_what_moved_it_is_not_the_news_alone_where_days_have_passed(quick, said, word):
    outlook = quick.forecast(case([4, 8], bulletins=[SAID(when, "chance", chance=75) for when in said]))
    assert any(text.get_text().startswith(word) for text in outlook.plot(kind="timeline").texts)


@pytest.mark.parametrize(("size", "least"), [(None, 0.4), ((6.0, 6.0), 0.4), ((12.8, 7.2), 0.6), ((16.0, 6.0), 0.7)])
def test_curves_take_what_their_names_do_not_need(quick, size, least):
    panel = quick.forecast(TWICE).plot(kind="timeline", size=size).axes[0]
    assert least < panel.get_position().width < least + 0.1


@pytest.mark.parametrize("size", [(3.9, 5.0), (4.6, 4.0), (6.4, 3.6)])
def test_on_a_narrow_sheet_names_have_more_of_it(quick, size):
    with drawn_texts() as texts:
        quick.forecast(fc.example_case("bellingham")).plot(kind="timeline", size=size).canvas.draw()
    words = " ".join(text for text, _, _ in texts)
    assert {"Real M", "v Atle"} <= {words[i : i + 6] for i in range(len(words))}
