import pytest
from matplotlib.colors import to_hex
from PIL import Image

from drawn import drawn_texts, misplaced


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_text_leaves_the_canvas_or_lies_on_another(small_report, dark):
    with drawn_texts() as texts:
        small_report.plot(dark=dark).canvas.draw()
    assert misplaced(texts) == []
    assert [text for text, _, _ in texts if "…" in text] == []


def test_what_is_said_is_held_against_what_was_seen(small_report):
    _, _, fit, pit, leads, seasons = small_report.plot().axes
    table = small_report.calibration.query("quantity == 'p_fit' and by == 'bin'")
    assert fit.lines[-1].get_xydata().ravel() == pytest.approx(table[["stated", "seen"]].to_numpy().ravel())
    assert [line.get_label() for line in leads.lines][-2:] == ["logistic hazard", "model"]
    brier = small_report.scores.set_index("forecaster").loc["model", ["brier_next", "brier_three"]]
    assert leads.lines[-1].get_ydata()[[0, 2]] == pytest.approx(list(brier))
    assert [tick.get_text() for tick in seasons.get_xticklabels()] == ["18-19", "20-21"]
    assert pit.get_xlim() == (0.0, 1.0)


def test_both_ends_of_an_interval_are_shares(small_report):
    for axes in small_report.plot().axes[:2]:
        (bars,) = axes.containers[0].lines[2]
        ends = [end for segment in bars.get_segments() for end in segment[:, 1]]
        assert min(ends) >= 0.0
        assert max(ends) <= 1.0


def test_the_same_again_with_a_description(small_report, inside):
    for name in ("one.png", "two.png"):
        small_report.plot(name, dark=True)
    assert (inside / "one.png").read_bytes() == (inside / "two.png").read_bytes()
    model = small_report.scores.set_index("forecaster").log_score["model"]
    with Image.open("one.png") as image:
        assert f"Log score {model:.3f}; logistic hazard" in image.info["Description"]
        assert to_hex([channel / 255 for channel in image.getpixel((0, 0))]) == "#14181d"
