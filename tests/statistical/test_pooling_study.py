"""A small own set helps where its injuries are unlike the shipped ones, and does little harm where they are not."""

import pytest

from statistical.pooling import study, table


@pytest.mark.slow
def test_pooling_is_never_far_worse_than_the_shipped_fit_and_far_better_than_the_own_set_alone():
    found = study(8, sizes=(10, 50), shifts=(0.0, 0.6))
    mean = table(found)
    assert (mean.pooled < mean.shipped + 0.01).all()
    assert (mean.pooled < mean.alone)["episodes"].all()
    assert (mean.xs(0.6, level="shift").pooled < mean.xs(0.6, level="shift").shipped).all()
    assert (found.pooled < found.shipped + 0.1).all()
