"""The hazard of a relapse: its likelihood, what the shipped tables say, and how it is kept."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from derivatives import gradient
from forecast.episodes.relapses import returns_of
from forecast.io.errors import DataError
from forecast.model.relapse import PRIORS, fit_relapse, fit_returns, scored
from forecast.terms import BODY_PARTS
from learned import invented_model
from refused import refused
from statistical.relapses import after_match, beside_kaplan_meier, kaplan_meier

MEANS = np.array([prior.mean for prior in PRIORS.values()])


@pytest.fixture(scope="module")
def table(episodes):
    return returns_of(episodes)


def test_the_derivatives_are_those_of_the_likelihood(table):
    rows = table[table.out.notna() | (table.index % 10 == 0)].reset_index(drop=True)
    theta = dict(zip(PRIORS, MEANS + 0.1, strict=True))
    wanted = gradient(lambda t: scored(np.array(list(t.values())), rows)[0], theta)
    np.testing.assert_allclose(scored(MEANS + 0.1, rows)[1], wanted, atol=1e-6)


def test_the_likelihood_is_that_of_a_plain_loop(table):
    theta = dict(zip(PRIORS, MEANS + 0.05 * np.arange(len(MEANS)), strict=True))
    rows = pd.concat([table[table.in_match], table[table.again], table[table.out.isna()]]).iloc[::60].reset_index()
    found = scored(np.array(list(theta.values())), rows)[0]
    assert found == pytest.approx([plain(theta, row) for row in rows.itertuples()])


def plain(theta, row):
    """Log-likelihood of one return, its hazard added up day by day."""
    m = 1 / (1 + np.exp(-theta[f"match.{row.body_part}"] - theta["before"] * row.before))
    rate, tau = np.exp(theta[f"rate.{row.body_part}"] + theta["before"] * row.before), np.exp(theta["decay"])

    def hazard(t):
        return rate * (1 + np.exp(theta["excess"]) * np.exp(-t / tau))

    value = np.log(m) if row.in_match else np.log(1 - m) + (np.log(hazard(row.days)) if row.again else 0.0)
    edges = np.linspace(0, row.days, 20001)
    value -= np.sum(hazard(0.5 * (edges[1:] + edges[:-1])) * np.diff(edges))
    if row.in_match or row.again:
        scale = np.exp(theta["out.log_scale"])
        w = (row.out / np.exp(theta[f"out.{row.body_part}"])) ** (1 / scale)
        value += np.log(w / (scale * row.out * (1 + w) ** 2)) if row.back else -np.log(1 + w)
    return value


def test_the_published_numbers_of_the_design_are_met(episodes, model):
    """python -m tests.statistical.relapses; the intervals are those of hamstrings alone, 90%."""
    alone = replace(model, relapse=fit_relapse(episodes.of("hamstring"))).relapses("hamstring")
    shared = model.relapses("hamstring")
    for risk in (alone, shared):
        assert 100 * risk.by(np.zeros(1)).mean() == pytest.approx(2.0, abs=0.2)
        assert 0.43 <= 1000 * (risk.rate @ risk.weight).mean() <= 0.91
        assert 3.5 <= 1 + risk.excess.mean() <= 8.9
        assert 23 <= np.log(2) * risk.decay.mean() <= 74
    assert 0.109 <= after_match(model, np.array([60.0])).mean() <= 0.155


def test_the_curve_lies_within_two_standard_errors_of_kaplan_meier(model, table):
    beside = beside_kaplan_meier(model, table)
    assert list(beside.index) == [7, 14, 30, 60, 90, 180]
    assert (beside.z.abs() < 2).all(), beside


def test_kaplan_meier_by_hand():
    """Of four, one on day 2, one lost on day 3, one on day 5: 3/4, then 3/4 times 1/2."""
    days, happened = pd.Series([2.0, 3.0, 5.0, 9.0]), pd.Series([True, False, True, False])
    share, se = kaplan_meier(days, happened, np.array([1.0, 2.0, 6.0]))
    assert share == pytest.approx([0.0, 0.25, 0.625])
    assert se == pytest.approx([0.0, 0.75 * np.sqrt(1 / 12), 0.375 * np.sqrt(1 / 12 + 1 / 2)])


def test_an_injury_in_the_year_before_raises_the_risk(model):
    none, unknown, one = (
        model.relapses("hamstring", before).by(np.array([0.0, 60.0])) for before in (False, None, True)
    )
    assert (none.mean(axis=0) < unknown.mean(axis=0)).all()
    assert (unknown.mean(axis=0) < one.mean(axis=0)).all()


def test_the_same_draws_each_time(model):
    one, two = (model.relapses("hamstring") for _ in range(2))
    assert np.array_equal(one.rate, two.rate)
    assert one.luck.shape == (model.draws, 1)
    assert one.luck.mean() == pytest.approx(0.0, abs=1e-12)
    assert np.std(one.luck) == pytest.approx(1.0)


def test_the_shipped_model_holds_what_the_shipped_tables_give(model, table):
    again = fit_returns(table)
    pd.testing.assert_series_equal(model.relapse.params, again.params, rtol=1e-6)
    pd.testing.assert_frame_equal(model.relapse.counts, again.counts)
    assert model.relapse.missed == again.missed


def test_it_is_kept_in_the_file_and_may_be_left_out(model, inside):
    model.save("with.json")
    assert fc.load_model("with.json").relapse.record() == model.relapse.record()
    replace(model, relapse=None).save("without.json")
    assert "relapse" not in json.loads((inside / "without.json").read_text())
    assert fc.load_model("without.json").relapse is None


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"params": {"excess": 1.0}}, "params"),
        ({"missed": 0.0}, "missed"),
        ({"missed": "many"}, "many"),
        ({"counts": {"hamstring": [1, 2, 3, 4]}}, "counts"),
        ({"counts": {part: [3, 2, 2, 1] for part in BODY_PARTS}}, "counts"),
        ({"covariance": [[1.0]]}, "model.json"),
        ({"covariance": (-np.eye(len(PRIORS))).tolist()}, "covariance"),
    ],
)
def test_a_file_that_no_fit_gives_is_an_error(model, inside, change, word):
    model.save("model.json")
    record = json.loads((inside / "model.json").read_text())
    record["relapse"] |= change
    (inside / "model.json").write_text(json.dumps(record))
    (line,) = refused(DataError, fc.load_model, "model.json")
    assert word in line


def test_without_a_relapse_in_the_data_nothing_is_fitted(episodes):
    unlinked = replace(episodes, episodes=episodes.episodes.assign(previous_episode=np.nan))
    assert fit_relapse(unlinked) is None
    assert invented_model().relapses("hamstring") is None


def test_nor_of_a_body_part_without_one(model):
    counts = model.relapse.counts.copy()
    counts.loc["thigh", ["in_match", "later"]] = 0
    silent = replace(model, relapse=replace(model.relapse, counts=counts))
    assert silent.relapses("thigh") is None
    assert silent.relapses("calf") is not None
