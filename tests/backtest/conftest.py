"""A backtest that several files look at: fitted in seconds; the intervals are wide."""

import pytest

import forecast as fc
from forecasters import THEIRS


@pytest.fixture(scope="session")
def small(episodes) -> fc.Episodes:
    """Two seasons, every second hamstring injury."""
    own = episodes.of("hamstring")
    table = own.episodes
    return own.where(table.season.isin(["2018-19", "2020-21"]) & (table.index % 2 == 0))


@pytest.fixture(scope="session")
def small_report(small) -> fc.Report:
    return fc.backtest(small, forecasters=THEIRS)
