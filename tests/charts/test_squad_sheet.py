import io

import numpy as np
import pandas as pd
import pytest
from matplotlib import colormaps
from matplotlib.colors import to_rgb
from PIL import Image

import forecast as fc
from colours import contrast
from drawn import drawn_texts, misplaced
from forecast.charts.squad import readable_on
from forecast.charts.squad_grid import squad_grid
from forecast.pictures import squad_sheet
from hard import HARD, case
from strategies import at

ROVERS = ("short", "long", "fringe", "cleared", "no-news")


@pytest.fixture(scope="module")
def squad(model):
    return [model.forecast(fc.example_case(name)) for name in ROVERS]


def test_a_cell_for_every_player_and_fixture(squad):
    with drawn_texts() as texts:
        squad_sheet(squad, of="p_plays").canvas.draw()
    words = [text for text, _, _ in texts]
    for outlook in squad:
        assert outlook.case.player in words
        for p in outlook.fixtures.p_plays:
            assert f"{p:.0%}" in words
    assert misplaced(texts) == []


def test_a_fixture_that_is_not_his_stays_empty(model):
    outlooks = [model.forecast(HARD[name]) for name in ("two on a day", "one fixture in a month")]
    table = squad_grid(outlooks, "p_fit")
    assert table.shape == (2, 4)
    assert table.notna().sum(axis=1).tolist() == [3, 1]
    assert table.columns.get_level_values(0).is_monotonic_increasing


def test_players_of_several_clubs_have_columns_of_their_own_matches(model):
    outlooks = [model.forecast(HARD[name]) for name in ("two on a day", "one fixture in a month")]
    with drawn_texts() as texts:
        squad_sheet(outlooks).canvas.draw()
    words = [text for text, _, _ in texts]
    assert {"next", "2nd", "3rd", "10 Mar", "6 Apr"} <= set(words)
    assert words.count("\u2013") == 2  # the second has one match
    assert misplaced(texts) == []


def test_forty_players_of_many_clubs_fit(quick):
    outlooks = [quick.forecast(case([3 + k % 4, 10, 17], f"Club {k} v Other")) for k in range(40)]
    with drawn_texts() as texts:
        squad_sheet(outlooks, dark=True).canvas.draw()
    assert misplaced(texts) == []


def test_hard_names_stay_in_their_place_and_what_is_left_out_is_said(quick, inside):
    outlooks = [quick.forecast(HARD[name]) for name in HARD if "names" in name or "two" in name]
    with drawn_texts() as texts:
        squad_sheet(outlooks, "squad.png", dark=True, tz="Europe/Madrid")
    assert misplaced(texts) == []
    assert any("later, and not shown: " in text for text, _, _ in texts)


def test_the_same_again_with_a_description(squad, inside):
    for name in ("one.png", "two.png"):
        squad_sheet(squad, name)
    assert (inside / "one.png").read_bytes() == (inside / "two.png").read_bytes()
    with Image.open("one.png") as image:
        assert image.info["Description"].startswith("5 players and 7 fixtures, probability to be fit")
        assert 1300 <= image.width <= 1600


@pytest.mark.parametrize(("outlooks", "of", "field"), [([], "p_fit", "outlooks"), (None, "p_win", "of")])
def test_what_it_cannot_draw_is_said(squad, outlooks, of, field):
    with pytest.raises(fc.DataError, match=f"^{field}: .*must be"):
        squad_sheet(squad if outlooks is None else outlooks, of=of)


def test_letters_can_be_read_in_every_cell():
    for p in np.linspace(0.0, 1.0, 201):
        ground = to_rgb(colormaps["cividis"](p))
        assert contrast(ground, readable_on(ground)) >= 4.5


@pytest.mark.parametrize("size", [(12.8, 7.2), (7.0, 7.0), (6.0, 3.375), (4.0, 4.0), None])
@pytest.mark.parametrize("count", [2, 18, 40])
def test_it_is_laid_out_for_its_size_and_says_what_has_no_room(quick, count, size):
    clubs = [f"Wolverhampton {k % 11} v Brighton {k % 7}" for k in range(count)]
    outlooks = [quick.forecast(case([3 + k % 4, 10, 17], name)) for k, name in enumerate(clubs)]
    with drawn_texts() as texts:
        figure = squad_sheet(outlooks, size=size)
        figure.savefig(io.BytesIO(), dpi=1600 / figure.get_figwidth())
    assert misplaced(texts) == []
    words = " ".join(text for text, _, _ in texts)
    assert ("No room here to name the matches" in words) != ("Brighton" in words)
    assert "Brighton" in words or count > 2


def test_of_one_club_rows_become_lines_before_letters_are_too_small(quick):
    outlooks = [quick.forecast(case([3, 10, 17], player=f"Player {k}")) for k in range(18)]
    with drawn_texts() as texts:
        squad_sheet(outlooks, size=(12.8, 7.2)).savefig(io.BytesIO(), dpi=125)
    assert misplaced(texts) == []
    assert min(box.height for text, box, _ in texts if text.startswith("Player")) > 11  # pixels, of 1,600 across


@pytest.mark.parametrize(("count", "own"), [(2, False), (18, False), (40, False), (2, True), (18, True), (40, True)])
@pytest.mark.parametrize("size", [(6.4, 3.6), (12.8, 7.2), (7.0, 7.0)])
def test_letters_can_be_read_at_1600_pixels_and_nothing_but_a_long_name_is_cut(quick, count, own, size):
    """Of many players there are two blocks side by side, before letters are too small."""
    names = [f"Club {k % 11} v Other" if own else "Rovers v United" for k in range(count)]
    outlooks = [quick.forecast(case([3, 10, 17], name, player=f"Player {k}")) for k, name in enumerate(names)]
    with drawn_texts() as texts:
        squad_sheet(outlooks, size=size).savefig(io.BytesIO(), dpi=1600 / size[0])
    assert misplaced(texts) == []
    assert [text for text, _, _ in texts if "…" in text] == []
    players = [box for text, box, _ in texts if text.startswith("Player")]
    assert len(players) == count
    assert min(box.height for box in players) > 11
    assert max(a.y0 - b.y0 for a, b in zip(players, players[1:], strict=False)) < 1600 / size[0]  # an inch


def test_what_is_left_out_is_counted(quick):
    for days, told in ([3, 6], "1 match"), ([3, 6, 9], "2 matches"):
        outlooks = [quick.forecast(case(days, f"Club {k} v Other")) for k in range(3)]
        foot = squad_sheet(outlooks, most=1).texts[-2:]
        assert any(text.get_text().endswith(f"; later, and not shown: {told}") for text in foot)


@pytest.mark.parametrize(
    "match",
    [
        "Wolverhampton Wanderers v Brighton and Hove Albion",
        "Borussia Mönchengladbach v Eintracht Frankfurt",
        "Nottingham Forest v Queens Park Rangers",
        "Rovers v Wanderers",
    ],
)
def test_the_opponent_is_named_in_the_cell(quick, match):
    """Both begin with their first letters, whatever is cut."""
    outlooks = [quick.forecast(case([3], name)) for name in (match, "City v Town", "Albion v Orient")]
    with drawn_texts() as texts:
        squad_sheet(outlooks).canvas.draw()
    assert misplaced(texts) == []
    words = " ".join(text for text, _, _ in texts)
    home, away = match.split(" v ")
    assert f"{home[:6]}" in words
    assert f"v {away[:6]}" in words


@pytest.mark.parametrize(
    ("of", "shows", "finding"),
    [
        ("p_fit", "to be fit by kick-off of each match", "not fit for the next match: "),
        ("p_plays", "to be on the pitch in each match", "not to play next: "),
        ("p_returns", "to be back on the day of each match", "not to be back next: "),
    ],
)
def test_what_is_shown_is_said_in_grammar(squad, of, shows, finding):
    words = " ".join(text.get_text() for text in squad_sheet(squad, of=of).texts)
    assert shows in words
    assert finding in words


def test_those_likely_are_counted_as_they_are_shown(quick):
    """In a round of two matches he plays at least once more often than in the first of them."""
    outlooks = [quick.forecast(case([3, 6], player=f"Player {k}")) for k in range(3)]
    rounds = pd.DataFrame([[0.6], [0.5], [0.2]], columns=pd.MultiIndex.from_tuples([(at(3), "Round 28")]))
    figure = squad_sheet(outlooks, of="p_plays", rounds=rounds)
    assert figure.texts[1].get_text() == "More likely than not to play next: 2 of 3."


@pytest.mark.parametrize("count", [3, 4, 5, 6, 8])
def test_cells_fill_the_width(quick, count):
    figure = squad_sheet([quick.forecast(case([3 + k for k in range(count)])) for _ in range(3)])
    (axes,) = figure.axes
    ends = [patch.get_x() + patch.get_width() for patch in axes.patches]
    assert max(ends) == pytest.approx(axes.get_xlim()[1])
