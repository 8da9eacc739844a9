"""What the chart tests share."""

from dataclasses import replace

import pytest

import forecast as fc


@pytest.fixture(scope="session")
def quick(model) -> fc.ReturnModel:
    """Few draws of the parameters: enough where only the place of things matters."""
    return replace(model, draws=100)
