"""What the tests share. They run from a checkout, and from any folder against an installed wheel."""

from __future__ import annotations

import hypothesis
import pytest

import forecast as fc

# The same examples in every run: a test that fails now and then tells nobody anything.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None, max_examples=60)
hypothesis.settings.load_profile("same")


def pytest_configure(config: pytest.Config) -> None:
    """As in pyproject.toml, for the tests travel without it."""
    config.addinivalue_line("filterwarnings", "error")
    # Which fonts there are is the computer's affair.
    config.addinivalue_line("filterwarnings", "ignore:No font here has")
    config.addinivalue_line("markers", "slow: minutes rather than seconds; run with -m slow")
    config.option.markexpr = config.option.markexpr or "not slow"


@pytest.fixture(scope="session")
def episodes() -> fc.Episodes:
    return fc.load_episodes()


@pytest.fixture(scope="session")
def durations(episodes):
    return episodes.durations()


@pytest.fixture(scope="session")
def model() -> fc.ReturnModel:
    return fc.default_model()


@pytest.fixture
def inside(tmp_path, monkeypatch):
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
