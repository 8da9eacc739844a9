import itertools
import logging
import unicodedata

import matplotlib as mpl
import pytest

from colours import SIGHTS, contrast, difference
from forecast.charts.sheet import fonts
from forecast.charts.sheet.letters import write
from forecast.charts.sheet.saved import Figure, new_figure
from forecast.charts.sheet.style import house_style, muted, paper
from forecast.charts.timeline import _shades

GROUNDS = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


@GROUNDS
def test_letters_and_marks_stand_out_from_the_ground(dark):
    with house_style(dark) as colours:
        for colour in (*colours, muted(), mpl.rcParams["text.color"], mpl.rcParams["xtick.labelcolor"]):
            assert contrast(colour, paper()) >= 4.5, colour
        for shade in _shades(12, dark):
            assert contrast(shade, paper()) >= 3.0, shade


@GROUNDS
@pytest.mark.parametrize("sight", SIGHTS)
def test_the_colours_are_told_apart_by_everybody(dark, sight):
    with house_style(dark) as colours:
        for one, other in itertools.combinations(colours, 2):
            assert difference(one, other, sight) >= 20.0, (one, other)


@GROUNDS
@pytest.mark.parametrize("sight", SIGHTS)
def test_the_shades_of_a_timeline_keep_their_order_for_everybody(dark, sight):
    first, middle, last = _shades(3, dark)
    assert difference(first, last, sight) > max(difference(first, middle, sight), difference(middle, last, sight)) >= 10


def test_letters_that_no_font_has_become_boxes():
    assert fonts.drawable("Ødegård, Шевченко, Σαλάχ") == "Ødegård, Шевченко, Σαλάχ"
    unassigned = next(chr(c) for c in range(0xE000, 0xF000) if unicodedata.category(chr(c)) == "Co" and chr(c) != "□")
    assert fonts.drawable("\U0002fffe").count("□") == 1
    assert len(fonts.drawable(unassigned * 3)) == 3


def test_a_date_stays_behind_a_name_that_is_read_from_right_to_left():
    """Marks without width keep the name in its place: the order in which the letters are written is that of the text."""
    axes = new_figure(6, 1).add_subplot()
    assert write(axes, 0, 0, "الأهلي", 500, tail=", 16 Mar").get_text() == "\u200eالأهلي\u200e, 16 Mar"  # noqa: RUF001 - right to left, on purpose
    assert write(axes, 0, 0, "Ahly", 500, tail=", 16 Mar").get_text() == "Ahly, 16 Mar"


@pytest.mark.parametrize("source", ["מכבי", "الأهلي", "מכבי תל אביב"])
def test_a_number_behind_a_source_that_is_read_from_right_to_left_stays_behind_it(source):
    axes = new_figure(6, 1).add_subplot()
    written = write(axes, 0, 0, f"4 Mar, {source}: 75% to play", 500).get_text()
    assert written == f"\u200e4 Mar, {source}\u200e: 75% to play"


def test_fonts_of_this_computer_stand_behind_the_shipped_one():
    assert fonts.families()[0] == "DejaVu Sans"


def test_a_notebook_is_given_a_picture_of_the_width_of_the_page():
    figure = Figure(figsize=(6.4, 2.0))
    data, shown = figure._repr_png_()
    assert data.startswith(b"\x89PNG")
    assert shown == {"width": 640, "height": 200}
    assert type(figure).__name__ == "Figure"


def test_what_the_user_has_set_is_respected_and_stays_as_it_was():
    own = {"font.size": 12, "axes.facecolor": "red", "text.color": "green", "axes.prop_cycle": mpl.cycler(color="bk")}
    with mpl.rc_context(own):
        with house_style() as colours:
            assert colours[:2] == ["b", "k"]
            assert len(colours) == 4  # what is missing is the house's
            assert {name: mpl.rcParams[name] for name in own} == own
            assert not mpl.rcParams["axes.spines.top"]  # and so is all else
        with house_style(dark=True):  # what is asked for goes first
            assert mpl.rcParams["axes.facecolor"] == "#14181D"
            assert mpl.rcParams["font.size"] == 12
        assert mpl.rcParams["axes.facecolor"] == "red"


def test_a_missing_letter_is_a_box_and_a_warning_that_names_a_font():
    with pytest.warns(UserWarning, match="No font here has \U00012000: .* install Noto Sans Cuneiform"):
        assert fonts.drawable("a\U00012000\ufe0f") == "a□"


@pytest.mark.parametrize("letter", ["\U0001f43a", "\U0001f1ea", "\U0001f3fd", "\U0001f468"])
def test_an_emoji_and_what_colours_it_are_of_one_font(letter):
    assert fonts._font_of(letter) == "Noto Emoji"


@pytest.mark.parametrize("text", ["Шахтар v Rovers", "Rovers v Олександрія", "Русин"])
def test_the_font_that_a_warning_names_is_used_once_it_is_there(monkeypatch, text):
    """As if Cyrillic were only in a font that the style does not have, but this computer has."""
    name = "DejaVu Serif"
    monkeypatch.setattr(fonts, "_font_of", lambda letter: name)
    monkeypatch.setattr(fonts, "_has", lambda letter, families: ord(letter) < 1000 or name in families)
    axes = new_figure(6, 1).add_subplot()
    with house_style():
        written = write(axes, 0, 0, text, 500)
        assert written.get_fontfamily()[-1] == name
        assert written.get_text() == text
        assert write(axes, 0, 0, "Rovers", 500).get_text() == "Rovers"
    assert name not in mpl.rcParams["font.family"]


def test_a_font_without_a_bold_is_not_spoken_of_but_one_that_is_missing_is(caplog):
    log = logging.getLogger("matplotlib.font_manager")
    with house_style():
        log.warning("findfont: Failed to find font weight %s for %s, now using %s.", "bold", "a font", 500)
        log.warning("findfont: Font family %r not found.", "Helvetica Neue")
    log.warning("findfont: Failed to find font weight %s for %s, now using %s.", "bold", "another", 500)
    assert [record.args[:2] for record in caplog.records] == [("Helvetica Neue",), ("bold", "another")]
