"""The bands hang little on which draws were made: they are close to those of forty times as many."""

from dataclasses import replace

import numpy as np
import pytest

import forecast as fc
from forecast.evidence import cells
from invented import CASES, case

SHIPPED = ("bellingham", "short", "long", "fringe", "cleared", "no-news", "many-fixtures")


def ends(model: fc.ReturnModel) -> np.ndarray:
    """Of every band of p_fit, p_plays and p_returns, of all the cases."""
    cases = [case(**change) for change in CASES.values()] + [fc.example_case(name) for name in SHIPPED]
    tables = [outlook.fixtures for outlook in model.forecast_many(cases)]
    return np.concatenate([t.filter(regex="_(low|high)$").to_numpy().ravel() for t in tables])


@pytest.mark.slow
def test_the_ends_of_the_bands_are_those_of_forty_thousand_draws(model):
    """95% of them lie within 0.005, all within 0.015; for three sets of draws, not the shipped one alone."""
    many = ends(replace(model, draws=40_000))
    for seed in (model.seed, 2, 3):
        away = np.abs(ends(replace(model, seed=seed)) - many)
        assert np.quantile(away, 0.95) < 0.005
        assert away.max() < 0.015


def test_a_finer_grid_moves_no_probability_by_half_a_percent(model, monkeypatch):
    """Thirteen times as many days."""
    few = replace(model, draws=100)
    named = [case(**change) for change in CASES.values()] + [fc.example_case(name) for name in SHIPPED]

    def said() -> np.ndarray:
        columns = ["p_fit", "p_plays", "p_returns"]
        return np.concatenate([o.fixtures[columns].to_numpy().ravel() for o in few.forecast_many(named)])

    before, days = said(), cells.FORECAST_GRID
    fine = np.interp(np.arange(13 * (len(days) - 1) + 1) / 13.0, np.arange(len(days)), days)
    monkeypatch.setattr(cells, "FORECAST_GRID", fine)
    assert np.abs(said() - before).max() < 0.005


def test_what_a_forecast_of_many_keeps_grows_with_the_fixtures_only(model):
    for outlook in model.forecast_many([fc.example_case("bellingham"), fc.example_case("cleared")]):
        assert set(vars(outlook)) == {"case", "level", "fixtures", "deadlines", "model", "now", "notes"}
