"""Pictures in the style of their user: format, words, size, settings, and in a figure of the user's own."""

import re

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

import forecast as fc
from drawn import drawn_texts, misplaced
from forecast.charts.sheet.fonts import drawable
from forecast.charts.sheet.style import house_style
from hard import HARD, SAID, case
from strategies import at

KINDS = ("fixtures", "returns", "timeline", "choices")
HARD_ONE = "names of two hundred letters"
FORMATS = {"wide": (12.8, 7.2), "square": (7.0, 7.0), "small": (4.0, 3.0), "card": (8.0, 4.5)}


@pytest.fixture(scope="module")
def bellingham(model):
    return model.forecast(fc.example_case("bellingham"))


def shown(outlook, **look) -> list[str]:
    with drawn_texts() as texts:
        outlook.plot(**look).canvas.draw()
    assert misplaced(texts) == []
    return [text for text, _, _ in texts]


def test_letters_stay_letters_and_the_ending_is_the_format(bellingham, inside):
    for name in ("x.svg", "x.pdf", "x.PNG"):
        bellingham.plot(name)
    svg = (inside / "x.svg").read_text("utf-8")
    assert ">Real Madrid v Elche</text>" in svg
    assert "<title>Jude Bellingham: will he play?</title>" in svg
    assert re.search("<dc:date|[A-Z]{3}-[0-9]{2}:", svg) is None
    assert (inside / "x.pdf").read_bytes().startswith(b"%PDF")
    assert (inside / "x.PNG").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["x.abc", "x", "x.jpg", "png"])
def test_another_ending_writes_nothing(bellingham, inside, name):
    for draw in (bellingham.plot, lambda path: fc.squad_sheet([bellingham], path)):
        with pytest.raises(fc.CaseError, match=f"^path: '{name}'; must end in .png, .svg or .pdf$"):
            draw(name)
    assert list(inside.iterdir()) == []


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_the_same_input_and_settings_give_the_same_bytes(bellingham, inside, ending):
    with mpl.rc_context({"font.size": 12, "font.family": ["serif"], "savefig.dpi": 80}):
        for name in ("one", "two"):
            bellingham.plot(f"{name}.{ending}", dark=True)
    assert (inside / f"one.{ending}").read_bytes() == (inside / f"two.{ending}").read_bytes()


def test_words_of_the_user_stand_in_their_places(bellingham):
    words = shown(bellingham, title="Out", subtitle="Of it", note="Graphic: us", tz="Europe/Madrid")
    assert {"Out", "Of it", "Graphic: us"} <= set(words)
    assert "Jude Bellingham: will he play?" not in words
    assert any("01:13 CET" in text for text in words)


@pytest.mark.parametrize("title", ["long words " * 18, "W" * 200, "الأهلي " * 28, "本田圭佑 " * 40, "⚽ 😀 " * 40])
def test_any_title_is_wrapped_and_stays_on_the_canvas(bellingham, title):
    title = title[:200].strip()
    words = shown(bellingham, title=title, note=title, size=(4.0, 3.0))
    with house_style(dark=False):  # whose fonts are those of other scripts, too, where there are some
        assert any(drawable(title)[:5] in text for text in words)


@pytest.mark.parametrize("size", [(7.0, 7.0), (6.4, 4.0), (4.0, 4.0)])
@pytest.mark.parametrize("letter", ["n", "\u05d0", "m"])
def test_a_title_of_two_hundred_letters_is_shown_whole(bellingham, letter, size):
    """Its letters become smaller before anything of it is cut; the widest letters have six inches for it."""
    title = " ".join([letter * 4] * 40)
    words = shown(bellingham, title=title, size=size if letter != "m" or size[0] > 6 else (6.0, 6.0))
    assert sum(text.count(letter * 4) for text in words) == 40


@pytest.mark.parametrize("name", ["Rovers v United", "names of sixty letters"])
def test_the_foot_is_wrapped_and_not_cut(quick, name):
    outlook = quick.forecast(HARD[name]) if name in HARD else quick.forecast(case([3, 8]))
    words = shown(outlook, size=(4.0, 4.0))
    assert not any("…" in text for text in words if text.startswith(("Model", "Forecast")))
    assert "2023-24;" in " ".join(words)
    assert "onset" in " ".join(words)


@pytest.mark.parametrize(("count", "size"), [(20, (4.0, 7.1)), (12, (6.4, 6.0)), (20, (7.0, 7.0)), (20, (12.8, 7.2))])
def test_the_list_of_many_fixtures_is_there_while_it_can_be_read(quick, count, size):
    words = shown(quick.forecast(case([2 + 3 * i for i in range(count)])), size=size)
    assert f"Rovers v United {count}" in words


@pytest.mark.parametrize("count", [1, 2, 12])
def test_where_it_has_no_room_for_the_list_it_says_so(quick, count):
    reports = [fc.Bulletin(at(-3), "expected", expected=at(5 + i), source=f"{i}") for i in range(count)]
    deadlines = {f"day {i}": at(4 + i) for i in range(count)}
    outlook = quick.forecast(case([3 + 0.5 * i for i in range(20)], bulletins=reports, deadlines=deadlines))
    words = " ".join(shown(outlook, size=(4.0, 3.0)))
    dates = (
        "1 date reported (▼), 1 deadline (◆)" if count == 1 else f"{count} dates reported (▼), {count} deadlines (◆)"
    )
    assert f"No room here to name 20 matches, {dates}" in words


@pytest.mark.parametrize("size", [(6.0, 3.375), (4.0, 7.0), (6.4, 4.0)])
def test_of_a_long_fixture_both_names_begin(quick, size):
    words = shown(quick.forecast(case([4, 8, 12], "Wolverhampton Wanderers v Brighton and Hove Albion")), size=size)
    assert all(" v Brig" in text for text in words if text.startswith("Wolver"))
    assert any(text.startswith("Wolver") for text in words)


SIZED = [*((name, "fixtures") for name in ("twelve fixtures in thirty days", "dates reported, past and far away"))]


@pytest.mark.parametrize(("name", "kind"), [*SIZED, *((HARD_ONE, kind) for kind in KINDS[1:])])
@pytest.mark.parametrize("size", FORMATS.values(), ids=FORMATS)
def test_it_is_laid_out_for_its_size(quick, name, kind, size):
    outlook = quick.forecast(HARD[name])
    with drawn_texts() as texts:
        figure = outlook.plot(kind=kind, size=size)
        figure.canvas.draw()
    assert misplaced(texts) == []
    assert tuple(figure.get_size_inches()) == size


def test_both_probabilities_can_be_read_off(bellingham):
    rows = bellingham.fixtures.iloc[3]
    for what in ("p_fit", "p_plays"):
        assert {f"{rows.p_fit:.0%}", f"{rows.p_plays:.0%}", "fit", "plays"} <= set(shown(bellingham, what=what))
    assert any(text.startswith("Chance to play next:") for text in shown(bellingham, what="p_plays"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dark", np.ones(2)),
        ("size", (0, 3)),
        ("size", "12x7"),
        ("size", (1, 2, 3)),
        ("what", "p_win"),
        ("title", "a\nb"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(bellingham, inside, field, value):
    with pytest.raises(fc.CaseError, match=f"^{field}: .*must be"):
        bellingham.plot("x.png", **{field: value})
    assert list(inside.iterdir()) == []


@pytest.mark.parametrize("size", [(1080, 1080), (0, 3), (1, 2, 3), "12x7", ("a", "b"), 7])
def test_that_a_size_is_in_inches_is_said_once(bellingham, size):
    with pytest.raises(fc.CaseError) as error:
        bellingham.plot(size=size)
    (line,) = str(error.value).splitlines()
    assert line.endswith("must be a width and a height of 1 to 60 inches, such as (12.8, 7.2)")


def test_a_date_beyond_the_axis_is_named_at_its_edge(quick):
    assert any(text.startswith("50% by ") for text in shown(quick.forecast(HARD["one fixture, within the hour"])))


def test_the_settings_of_the_user_are_in_the_picture(bellingham):
    with mpl.rc_context({"figure.facecolor": "#ffeedd", "font.size": 15, "figure.figsize": (12, 6)}):
        figure = bellingham.plot()
    assert mpl.colors.to_hex(figure.get_facecolor()) == "#ffeedd"
    assert tuple(figure.get_size_inches()) == (12, 6)
    with mpl.rc_context({"font.size": 15}):
        large = bellingham.plot()
    assert large.get_figwidth() == pytest.approx(1.5 * 6.4)
    assert max(text.get_fontsize() for text in large.texts) == 1.5 * 14


@pytest.mark.parametrize("kind", KINDS)
def test_it_goes_into_axes_of_another_figure_and_leaves_the_rest_alone(bellingham, kind):
    figure = Figure(figsize=(11, 7))
    (left, right), _ = figure.subplots(2, 2)
    right.plot([1, 2], color="red")
    figure.canvas.draw()
    before = right.get_position().bounds, len(right.lines), len(figure.texts), figure.get_facecolor()
    assert bellingham.plot(kind=kind, ax=left, title="In a corner") is figure
    with drawn_texts() as texts:
        figure.canvas.draw()
    assert before == (right.get_position().bounds, len(right.lines), len(figure.texts), figure.get_facecolor())
    assert misplaced(texts) == []
    box = left.get_position()
    inside = [ax.get_position() for ax in left.child_axes]
    assert inside
    assert all(box.x0 <= b.x0 + 1e-9 and b.x1 <= box.x1 + 1e-9 and box.y0 <= b.y0 + 1e-9 for b in inside)
    assert left.get_title(loc="left") == "In a corner"


def test_the_pictures_of_the_data_do_so_too(episodes):
    figure = Figure(figsize=(8, 5))
    axes = figure.subplots()
    assert fc.plot_flags(episodes.of("hamstring"), ax=axes) is figure
    assert np.isclose(sum(len(ax.texts) for ax in axes.child_axes) % 2, 0)  # two texts a flag


@pytest.mark.parametrize("dpi", [72, 125, 200, 250])
@pytest.mark.parametrize("size", [(4.0, 3.0), (3.2, 2.4), (6.4, 3.0)])
@pytest.mark.parametrize("kind", KINDS)
def test_small_letters_are_as_wide_in_the_file_as_they_were_measured(quick, inside, kind, size, dpi):
    """Hinting made them up to a tenth wider or narrower, by the fineness of the picture."""
    said = [SAID(at(-14 + i), "chance", chance=25, source=f"The Daily Paper {i}") for i in range(12)]
    with drawn_texts() as texts, mpl.rc_context({"savefig.dpi": dpi}):
        quick.forecast(case([4, 8, 12, 16], bulletins=said)).plot("x.png", kind, size=size)
    assert misplaced(texts) == []
