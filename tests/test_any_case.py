"""Whatever a case holds that may be in one, it is forecast, drawn and written without a word of complaint."""

import json

import numpy as np
from hypothesis import given, settings

from strategies import cases


@settings(max_examples=40)
@given(case=cases())
def test_every_case_that_is_allowed_has_an_outlook(model, case):
    outlook = model.forecast(case)
    fixtures, curve = outlook.fixtures, outlook.curve
    for table in (fixtures, outlook.deadlines, curve):
        for name in [c.removesuffix("_low") for c in table.columns if c.endswith("_low")]:
            low, p, high = (table[f"{name}{end}"].to_numpy(float) for end in ("_low", "", "_high"))
            assert ((low >= 0) & (low <= p) & (p <= high) & (high <= 1 + 1e-12)).all()
    assert (np.diff(fixtures.p_fit) >= -1e-12).all()
    assert (np.diff(curve.p_fit) >= -1e-12).all()
    assert (fixtures.p_returns <= fixtures.p_plays + 1e-12).all()
    assert (fixtures.p_plays <= fixtures.p_fit + 1e-12).all()
    assert fixtures.p_returns.sum() <= 1 + 1e-12
    assert case.player in outlook.summary()
    assert json.loads(json.dumps(outlook.to_dict()))["player"] == case.player
    assert list(fixtures.fixture) == [f.fixture for f in case.ahead()]
