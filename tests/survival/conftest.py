import pandas as pd
import pytest


@pytest.fixture(scope="session")
def durations(episodes) -> pd.DataFrame:
    """Of hamstring injuries alone."""
    return episodes.of("hamstring").durations()
