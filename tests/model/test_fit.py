import json
from dataclasses import replace

import numpy as np
import pytest

import forecast as fc
from forecast.factors.parameters import Prior
from forecast.io.read import data_folder
from refused import refused
from subset import some


@pytest.mark.parametrize(
    ("priors", "line"),
    [
        ({"locaton": (3.0, 1.0)}, "priors: 'locaton'; must be a parameter, such as location"),
        ({"location": 3.0}, "location: priors: 3.0; must be a mean and a standard deviation above 0"),
        ({"location": (3.0, 0.0)}, "location: priors: (3.0, 0.0); must be a mean and a standard deviation above 0"),
        ({"excess": ("high", 1)}, "excess: priors: ('high', 1); must be a mean and a standard deviation above 0"),
        ([1.0, 2.0], "priors: [1.0, 2.0]; must be a dict: of a mean and a standard deviation by parameter"),
    ],
)
def test_a_prior_that_is_none_is_said(episodes, priors, line):
    assert refused(fc.DataError, fc.fit, episodes, priors=priors) == [line]


@pytest.fixture(scope="module")
def tight(episodes):
    """A fit to few injuries with three priors that leave nothing open, one in each part of the model."""
    priors = {"clock.near": (0.4, 1e-3), "again": (0.7, 1e-3), "excess": (1.3, 1e-3)}
    return fc.fit(some(episodes, 120), draws=50, priors=priors)


def test_a_tight_prior_is_where_the_estimate_stays(tight):
    table = tight.parameters().set_index("name")
    for name, mean in {"clock.near": 0.4, "again": 0.7, "excess": 1.3}.items():
        assert table.loc[name, ["prior_mean", "prior_sd"]].tolist() == [mean, 1e-3]
        assert table.estimate[name] == pytest.approx(mean, abs=0.01)
        assert table.se[name] < 0.002
    assert table.loc["location", ["prior_mean", "prior_sd"]].tolist() == [3.0, 5.0]


def test_the_fit_says_how_it_ended(tight):
    assert tight.optimum.converged
    assert tight.loglik == tight.optimum.loglik < 0.0
    assert tight.optimum.effective > 0.0


def test_it_comes_back_from_its_file(tight, inside):
    tight.save("m.json")
    again = fc.load_model("m.json")
    assert again == tight
    assert again.optimum == tight.optimum
    assert again.priors == tight.priors
    assert str(again) == str(tight)


def test_an_old_file_without_the_new_keys_loads(model, inside):
    record = json.loads((data_folder() / "model.json").read_text("utf-8"))
    assert record["schema"] == 2
    del record["optimum"]
    with open("old.json", "w") as file:
        json.dump(record, file)
    old = fc.load_model("old.json")
    assert old.optimum is None
    assert np.isnan(old.loglik)
    case = fc.example_case("bellingham")
    assert old.forecast(case).fixtures.equals(model.forecast(case).fixtures)


@pytest.mark.parametrize(
    "change",
    [{"optimum": {"loglik": 1.0}}, {"optimum": 3}, {"priors": {"location": [1.0]}}, {"priors": {"x": [0.0, 1.0]}},
     {"priors": {"location": [1.0, -1.0]}}],
)  # fmt: skip
def test_keys_that_make_no_sense_are_refused(change, inside):
    record = json.loads((data_folder() / "model.json").read_text("utf-8")) | change
    with open("bad.json", "w") as file:
        json.dump(record, file)
    with pytest.raises(fc.DataError, match=r"bad.json"):
        fc.load_model("bad.json")


def test_priors_that_the_user_gave_are_kept_by_what_is_made_of_a_model(model):
    given = replace(model, priors={"location": Prior(3.0, 1.0)})
    assert given.with_draws(10).priors == given.priors
