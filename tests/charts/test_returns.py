import numpy as np
import pytest

import forecast as fc
from forecast.wording import percent


def test_the_bars_add_up_and_the_last_is_later(model):
    outlook = model.forecast(fc.example_case("bellingham"))
    table, figure = outlook.returns(), outlook.plot(kind="returns")
    assert table.p.sum() == pytest.approx(1.0)
    assert (table.low <= table.p).all()
    assert (table.p <= table.high).all()
    assert table.fixture.iloc[-1] == "later"
    assert np.isnat(table.kickoff.iloc[-1].to_datetime64())
    bars = [patch.get_width() for patch in figure.axes[0].patches]
    assert bars == pytest.approx(list(table.p))
    assert {percent(p) for p in table.p} <= {text.get_text() for text in figure.axes[0].texts}
