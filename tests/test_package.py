"""The package as a whole: what importing it costs, what it names, and that its examples are true."""

import doctest
import importlib
import pkgutil
import subprocess
import sys
from importlib.metadata import version
from importlib.resources import files

import pandas as pd
import pytest

import forecast as fc
from forecast.io.read import data_folder

MODULES = ["forecast", *(m.name for m in pkgutil.walk_packages(fc.__path__, "forecast.") if "__main__" not in m.name)]


@pytest.mark.parametrize("module", ["matplotlib", "scipy.optimize", "scipy.stats", "icalendar", "dask"])
def test_importing_it_loads_nothing_heavy(module):
    code = f"import sys, forecast; sys.exit({module!r} in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_in_the_docstrings_are_true(module, inside):
    if module == "forecast.cluster":
        pytest.importorskip("dask", reason="Dask is an optional dependency")
    with pd.option_context("display.width", 200, "display.max_columns", 20):
        failed, _ = doctest.testmod(importlib.import_module(module), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


def test_every_public_name_is_there_and_documented():
    assert len(fc.__all__) < 45
    assert list(fc.__all__) == sorted(
        fc.__all__, key=lambda name: (name.islower(), name)
    )  # classes first, as ruff sorts
    for name in fc.__all__:
        assert getattr(fc, name).__doc__, name


def test_the_data_travel_with_the_package():
    assert {"premier_league", "literature", "cases", "model.json"} <= {path.name for path in data_folder().iterdir()}
    assert files("forecast").joinpath("py.typed").is_file()
    assert files("forecast").joinpath("charts/sheet/forecast.mplstyle").is_file()


def test_the_version_is_known():
    assert version("return-forecast").split(".")[0].isdigit()
