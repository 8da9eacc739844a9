import numpy as np
import pandas as pd
import pytest
from PIL import Image

import forecast as fc
from drawn import drawn_texts, misplaced
from forecast.pictures import plot_recovery, plot_residuals
from forecast.survival.turnbull import turnbull


@pytest.fixture(scope="module")
def some(durations):
    """Few enough for the estimate without a family to be quick."""
    return durations.iloc[::6]


@pytest.fixture(scope="module")
def observed(some):
    return turnbull(some.lower, some.upper, entry=some.entry)


@pytest.fixture(scope="module", params=["lognormal", "gengamma"])
def fit(some, request):
    return fc.fit_recovery(some.lower, some.upper, entry=some.entry, family=request.param)


def test_it_shows_the_fitted_curve_in_its_band(fit, observed):
    axes = plot_recovery(fit, observed, given=4).axes[0]
    curve = axes.lines[0]
    assert curve.get_ydata() == pytest.approx(fit.survival(curve.get_xdata(), given=4))
    _, band = axes.collections
    ends = band.get_paths()[0].vertices
    for x, y in zip(curve.get_xdata()[50::50], curve.get_ydata()[50::50], strict=True):
        near = ends[np.abs(ends[:, 0] - x) < 0.2, 1]
        assert near.min() <= y <= near.max()


def test_no_text_leaves_the_canvas_or_lies_on_another_and_the_file_describes_itself(fit, observed, inside):
    with drawn_texts() as texts:
        plot_recovery(fit, observed, "one.png", dark=True)
    assert misplaced(texts) == []
    assert [text for text, _, _ in texts if "…" in text] == []
    plot_recovery(fit, observed, "two.png", dark=True)
    assert (inside / "one.png").read_bytes() == (inside / "two.png").read_bytes()
    with Image.open("one.png") as image:
        assert f"fitted {fit.family} curve, day 7:" in image.info["Description"]


@pytest.mark.parametrize(("given", "day"), [(0, 28), (4, 32), (30, 58)])
def test_those_still_out_are_counted_four_weeks_on(fit, observed, given, day):
    figure = plot_recovery(fit, observed, given=given, days=given + 60)
    assert figure.texts[1].get_text().endswith(f"are still out on day {day}.")
    assert figure.axes[0].get_xlim() == (given, given + 60)


@pytest.mark.parametrize("given", [0, 30])
@pytest.mark.parametrize("size", [None, (6.4, 3.6), (3.9, 5.0)])
def test_the_legend_lies_on_no_curve(fit, observed, given, size):
    figure = plot_recovery(fit, observed, given=given, days=60, size=size)
    figure.canvas.draw()
    axes = figure.axes[0]
    box = axes.get_legend().get_window_extent()
    at = axes.transData.transform(axes.lines[0].get_xydata())
    assert not [point for point in at if box.contains(*point)]


def test_a_fit_with_covariates_is_more_than_one_curve(some, observed):
    forward = pd.DataFrame({"forward": (some.position == "forward").astype(float)})
    fit = fc.fit_recovery(some.lower, some.upper, forward, entry=some.entry)
    with pytest.raises(fc.DataError, match=r"^fit: 'forward'; must be without covariates"):
        plot_recovery(fit, observed)


class TestResiduals:
    @pytest.fixture
    def residuals(self, fit, some):
        return fit.residuals(some.lower, some.upper, entry=some.entry)

    def test_they_are_drawn_where_turnbull_puts_them(self, residuals):
        """A residual r stands at the quantile that leaves as many of a unit exponential beyond it: -log S(r)."""
        axes = plot_residuals(residuals).axes[0]
        curve = turnbull(residuals.lower, residuals.upper)
        ends, r = axes.collections[0].get_paths()[0].vertices, np.linspace(0.0, 4.0, 400)[100]
        at = ends[ends[:, 1] == r, 0]
        low, high = sorted(-np.log(end) for end in curve.bounds(r))
        assert (at.min(), at.max()) == pytest.approx((low, high))

    def test_no_text_leaves_the_canvas_and_the_file_describes_itself(self, residuals, inside):
        with drawn_texts() as texts:
            plot_residuals(residuals, "one.png", dark=True)
        assert misplaced(texts) == []
        assert [text for text, _, _ in texts if "…" in text] == []
        with Image.open("one.png") as image:
            assert image.info["Description"].startswith("Q-Q picture of Cox-Snell residuals")

    def test_what_is_no_table_of_residuals_is_said(self, some):
        with pytest.raises(fc.DataError, match="deviance: missing; must be a column"):
            plot_residuals(some)
