"""Rule 5 of the design: a small own set helps where its injuries are unlike the shipped ones, and does little harm."""

import pandas as pd
import pytest

from statistical.pooling import study, table


@pytest.mark.slow
def test_durations_pooled_score_about_as_the_better_of_own_and_shipped():
    found = pd.concat(study("durations", *truth, (10, 60), range(8)) for truth in ((0.5, 0.5), (1.0, 0.7), (2.0, 1.0)))
    high = table(found).xs("durations")
    assert high.loc[60, "95% worse than_better"] < 0.03
    assert high.loc[10, "95% worse than_shipped"] < 0.05


@pytest.mark.slow
def test_so_do_episodes():
    found = pd.concat(study("episodes", *truth, (10, 60), range(2)) for truth in ((1.0, 1.0), (2.0, 0.7)))
    high = table(found).xs("episodes")
    assert high.loc[60, "95% worse than_better"] < 0.03
    assert high.loc[10, "95% worse than_shipped"] < 0.05
