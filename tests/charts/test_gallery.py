"""The shipped cases, and the committed pictures of them."""

import sys
from importlib import util
from pathlib import Path

import pytest

import forecast as fc
from drawn import drawn_texts, misplaced
from forecast.charts.sheet.fonts import drawable
from forecast.charts.sheet.style import house_style
from forecast.io.read import data_folder
from hard import HARD
from pictures import differ

CASES = sorted(path.stem for path in (data_folder() / "cases").glob("*.toml"))
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.mark.parametrize("name", CASES)
def test_each_shipped_case_is_forecast_and_drawn(model, inside, name):
    outlook = model.forecast(fc.example_case(name))
    with drawn_texts() as texts:
        outlook.plot("chart.png", dark=True, tz="Europe/Madrid")
    assert misplaced(texts) == []
    assert outlook.summary().startswith(outlook.case.player)


@pytest.mark.parametrize("kind", ["fixtures", "returns", "timeline", "choices"])
@pytest.mark.parametrize("name", [*CASES, *HARD])
def test_what_the_chart_itself_says_is_never_cut(quick, name, kind):
    outlook = quick.forecast(HARD[name] if name in HARD else fc.example_case(name))
    with drawn_texts() as texts:
        outlook.plot(kind=kind, tz="America/Argentina/Buenos_Aires").canvas.draw()
    cut = [text for text, _, _ in texts if "…" in text]
    names = [*(f.fixture for f in outlook.case.ahead()), *outlook.case.deadlines, outlook.case.player]
    with house_style(dark=False):
        assert all(any(drawable(name).split(" v ")[0][:6] in text for name in names) for text in cut), cut


def test_there_are_cases_of_every_sort():
    assert {"short", "long", "fringe", "cleared", "no-news", "many-fixtures"} <= set(CASES)


@pytest.mark.parametrize("name", [name for name in CASES if name != "bellingham"])
def test_invented_players_are_labelled_so(name):
    assert fc.example_case(name).player.endswith("(invented)")
    assert "invented" in (data_folder() / "cases" / f"{name}.toml").read_text("utf-8").partition("player =")[0]


@pytest.mark.slow
@pytest.mark.skipif(not NOTEBOOKS.is_dir(), reason="this is no checkout")
@pytest.mark.filterwarnings("default")  # what the notebook stack warns of is its own affair
def test_the_committed_pictures_are_what_is_drawn_today(tmp_path):
    """If not: python notebooks/redraw.py."""
    pytest.importorskip("nbclient", reason="notebooks need an extra")
    spec = util.spec_from_file_location("redraw", NOTEBOOKS / "redraw.py")
    redraw = util.module_from_spec(spec)
    sys.modules["redraw"] = redraw
    spec.loader.exec_module(redraw)
    redraw.PICTURES = tmp_path
    redraw.draw()
    drawn = {path.name for path in tmp_path.glob("*.png")}
    assert drawn == {path.name for path in (NOTEBOOKS / "pictures").glob("*.png")}
    for name in drawn:
        assert not differ(tmp_path / name, NOTEBOOKS / "pictures" / name), name
