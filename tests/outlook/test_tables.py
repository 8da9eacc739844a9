import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.evidence.open_case import open_case
from forecast.factors.posterior import Posterior
from forecast.outlook.tables import bands, curve_table, outlook_tables

AS_OF = pd.Timestamp("2026-03-11T00:00Z")
FIXTURES = [
    fc.Fixture("third", "2026-03-31T00:00Z"),
    fc.Fixture("missed", "2026-03-05T00:00Z"),
    fc.Fixture("first", "2026-03-13T00:00Z"),
    fc.Fixture("second", "2026-03-16T00:00Z"),
]
DEADLINES = {
    "late": "2026-04-30T00:00Z",
    "gone": "2026-03-02",
    "between": "2026-03-14T12:00Z",
    "at": "2026-03-16T00:00Z",
}


def case(**change) -> fc.Case:
    fields = {"player": "x", "onset": "2026-03-01", "as_of": AS_OF, "fixtures": FIXTURES, "deadlines": DEADLINES}
    return fc.Case(**fields | change)


def draws() -> Posterior:
    """Eleven draws: fit by day 12, 15 and 30 with probabilities around 0.2, 0.4 and 0.8."""
    days = np.array([10.0, 11.0, 12.0, 15.0, 30.0, 740.0, 900.0])
    height = np.linspace(0.5, 1.5, 11)[:, None]
    p_fit = np.minimum(np.array([0.0, 0.1, 0.2, 0.4, 0.6, 0.66, 1.0]) * height, 1.0)
    p_fit[:, -1] = 1.0
    returns = np.array([[0.16, 0.2, 0.24]]) * height
    return Posterior(days, p_fit, returns, np.full((11, 3), 0.5))


@pytest.fixture(scope="module")
def tables():
    return outlook_tables(open_case(case()), draws(), 0.8)


def test_fixtures_are_those_ahead_in_order(tables):
    f = tables["fixtures"]
    assert list(f.fixture) == ["first", "second", "third"]
    assert list(f.kickoff) == [pd.Timestamp(f"2026-03-{day}T00:00Z") for day in (13, 16, 31)]
    assert list(f.columns) == ["fixture", "kickoff", *(f"p_{k}{e}" for k in ("fit", "plays", "returns") for e in ("", "_low", "_high"))]  # fmt: skip


def test_probabilities_are_means_over_the_draws_with_quantiles_around_them(tables):
    f = tables["fixtures"]
    np.testing.assert_allclose(f.p_fit, [0.2, 0.4, 0.6])
    np.testing.assert_allclose(f.p_fit_low, 0.6 * np.array([0.2, 0.4, 0.6]))
    np.testing.assert_allclose(f.p_fit_high, 1.4 * np.array([0.2, 0.4, 0.6]))
    np.testing.assert_allclose(f.p_returns, [0.16, 0.2, 0.24])
    np.testing.assert_allclose(f.p_plays, [0.16, 0.2 + 0.08, 0.24 + 0.18])
    np.testing.assert_allclose(f.p_returns_low, 0.6 * f.p_returns)


def test_deadlines_that_have_passed_are_left_out_and_the_others_in_order(tables):
    d = tables["deadlines"]
    assert list(d.deadline) == ["between", "at", "late"]
    np.testing.assert_allclose(d.p_fit, [0.3, 0.4, 0.6 + 0.06 * 30 / 710])
    # That of a fixture counts with it.
    np.testing.assert_allclose(d.p_appeared, [0.16, 0.36, 0.6])


def test_no_deadlines_no_rows():
    none = case(deadlines={})
    d = outlook_tables(open_case(none), draws(), 0.9)["deadlines"]
    assert len(d) == 0
    assert {"deadline", "when", "p_fit", "p_fit_low", "p_fit_high", "p_appeared"} <= set(d.columns)


def test_curve_begins_at_once_and_ends_after_two_years():
    c = curve_table(open_case(case()), draws(), 0.8)
    np.testing.assert_allclose((c.when - AS_OF) / pd.Timedelta(days=1), [0, 1, 2, 5, 20, 730])
    np.testing.assert_allclose(c.p_fit, [0.0, 0.1, 0.2, 0.4, 0.6, 0.66])
    np.testing.assert_allclose(c.p_fit_high, 1.4 * c.p_fit)


def test_between_the_ends_of_the_cells_it_is_linear():
    days = [fc.Fixture(str(h), AS_OF + pd.Timedelta(hours=h)) for h in (6, 24, 36, 60, 24 * 10)]
    of = case(fixtures=days)
    values = Posterior(draws().days, draws().p_fit, np.zeros((11, 5)), np.zeros((11, 5)))
    f = outlook_tables(open_case(of), values, 0.9)["fixtures"]
    np.testing.assert_allclose(f.p_fit, [0.025, 0.1, 0.15, 0.2 + 0.2 / 6, 0.4 + 0.2 / 3])


def test_who_was_cleared_is_fit_on_every_day():
    cleared = case(bulletins=[fc.Bulletin("2026-03-10", "available")])
    t = outlook_tables(open_case(cleared), draws(), 0.9)
    for table in (*t.values(), curve_table(open_case(cleared), draws(), 0.9)):
        assert (table[["p_fit", "p_fit_low", "p_fit_high"]] == 1.0).all(axis=None)


def test_days_count_from_the_spell_that_is_open():
    """Onset of the new spell: 10 March."""
    again = case(bulletins=[fc.Bulletin("2026-03-04", "available"), fc.Bulletin("2026-03-10T00:00Z", "unknown")])
    values = draws()
    shifted = Posterior(values.days - 9.0, values.p_fit, values.returns, values.after_return)
    a = outlook_tables(open_case(again), shifted, 0.8)
    b = outlook_tables(open_case(case()), values, 0.8)
    for name in b:
        pd.testing.assert_frame_equal(a[name], b[name])


def test_a_band_reaches_to_the_mean():
    """Of draws with a long tail, whose mean lies beyond a quantile."""
    values = np.append(np.zeros(99), 1.0)[:, None]
    b = bands({"p": values}, 0.9)
    assert (b["p_low"][0], b["p"][0], b["p_high"][0]) == (0.0, 0.01, 0.01)


@pytest.mark.parametrize("level", [0.01, 0.5, 0.9, 0.999])
def test_a_band_holds_its_level(level):
    values = np.random.default_rng(0).normal(size=(4000, 3))
    b = bands({"x": values}, level)
    inside = ((values >= b["x_low"]) & (values <= b["x_high"])).mean(axis=0)
    np.testing.assert_allclose(inside, level, atol=0.002 if level > 0.1 else 0.03)


def test_the_draws_have_the_probabilities_of_the_table_for_their_means(model):
    """A row for each draw and fixture."""
    outlook = model.forecast(fc.example_case("bellingham"))
    draws = outlook.draws()
    assert list(draws) == ["draw", "fixture", "p_fit", "p_plays", "p_returns"]
    assert len(draws) == model.draws * len(outlook.fixtures)
    means = draws.drop(columns="draw").groupby("fixture", sort=False).mean()
    np.testing.assert_allclose(means, outlook.fixtures.set_index("fixture")[means.columns], atol=1e-12)


def test_competitions_are_in_the_table_where_one_was_given(model):
    assert "competition" not in model.forecast(case()).fixtures
    shown = model.forecast(fc.example_case("bellingham")).fixtures.competition
    assert list(shown[:2]) == ["Champions League", "La Liga"]
