import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forecast as fc
from forecast.evidence.open_case import open_case
from forecast.io.read import data_folder
from forecast.model.fit import stack
from forecast.model.joint import Joint
from invented import CASES, case
from plain import forecast as plain_forecast
from strategies import histories

PROBABILITIES = ("p_fit", "p_plays", "p_returns")
FEW = 150  # draws, where their number does not matter


@pytest.fixture(scope="module")
def quick(model):
    return replace(model, draws=FEW)


@pytest.fixture(scope="module")
def single(model):
    """The estimate of one family without any doubt, one draw; and three players, for whom a loop has time."""
    fitted, players = model.fits[1], model.players
    sure = replace(fitted, covariance=fitted.covariance * 0.0)
    three = replace(players, minutes_logit=players.minutes_logit[3::7], appearance_rate=players.appearance_rate[3::7])
    return replace(model, fits=(sure,), weights=pd.Series({fitted.family: 1.0}), draws=1, players=three)


def same(a: fc.Outlook, b: fc.Outlook) -> None:
    for name in ("fixtures", "deadlines", "curve"):
        pd.testing.assert_frame_equal(getattr(a, name), getattr(b, name), check_exact=True)
    assert a.notes == b.notes


# ------------------------------------------------------------------------------------------------------- same in, same out


def test_same_input_same_output(quick):
    same(quick.forecast(case()), replace(quick).forecast(case()))


def test_many_are_as_one_by_one(quick):
    cases = [case(**change) for change in CASES.values()]
    many = quick.forecast_many(iter(cases))
    assert [outlook.case for outlook in many] == cases
    for c, outlook in zip(cases, many, strict=True):
        alone = quick.forecast(c)
        pd.testing.assert_frame_equal(outlook.fixtures, alone.fixtures, rtol=0, atol=1e-9)
        assert outlook.notes == alone.notes
    assert quick.forecast_many([]) == []


def test_another_seed_moves_the_estimate_by_less_than_the_band(quick):
    a, b = quick.forecast(case()).fixtures, replace(quick, seed=2).forecast(case()).fixtures
    assert (a.p_fit != b.p_fit).all()
    np.testing.assert_allclose(a.p_fit, b.p_fit, atol=0.03)


@pytest.mark.parametrize("level", [0.0, 1.0, -1.0, 90.0, float("nan")])
def test_a_level_is_a_probability(quick, level):
    with pytest.raises(fc.CaseError, match=r"^level: .*; must be above 0 and below 1$"):
        quick.forecast(case(), level=level)


def test_a_higher_level_gives_wider_bands_around_the_same(quick):
    narrow, wide = (quick.forecast(case(), level=level).fixtures for level in (0.5, 0.9))
    for name in PROBABILITIES:
        np.testing.assert_array_equal(narrow[name], wide[name])
        assert (wide[f"{name}_low"] < narrow[f"{name}_low"]).all()
        assert (narrow[f"{name}_high"] < wide[f"{name}_high"]).all()


# ----------------------------------------------------------------------------------------------------------------- draws


def test_draws_are_shared_out_by_the_weights(quick):
    mixed = replace(quick, weights=pd.Series([0.25, 0.5, 0.25], index=quick.weights.index), draws=1000)
    now = open_case(case())
    found = mixed.posterior(now)
    assert len(found.p_fit) == 1000
    ends = np.array([0, 250, 750, 1000])
    for i, (first, last) in enumerate(zip(ends, ends[1:], strict=False)):
        alone = replace(quick, weights=pd.Series(np.eye(3)[i], index=quick.weights.index), draws=last - first)
        # The draws of a family are those it would have alone.
        np.testing.assert_allclose(found.p_fit[first:last], alone.posterior(now).p_fit, rtol=1e-12)


@given(weights=st.lists(st.floats(0.001, 1.0), min_size=3, max_size=3), draws=st.integers(3, 200))
@settings(max_examples=20)
def test_there_are_as_many_draws_as_asked_for(quick, weights, draws):
    shares = pd.Series(weights, index=quick.weights.index)
    mixed = replace(quick, weights=shares / shares.sum(), draws=draws)
    assert len(mixed.posterior(open_case(case())).p_fit) == draws


def test_draws_have_the_covariance_of_the_fit(model):
    for i, fitted in enumerate(model.fits):
        theta = model._draws(i, 20_000)
        values = np.column_stack([theta[name][:, 0, 0] for name in fitted.params.index])
        se = np.sqrt(np.diag(fitted.covariance))
        np.testing.assert_allclose((values.mean(axis=0) - fitted.params) / se, 0.0, atol=0.04)
        np.testing.assert_allclose((np.cov(values.T) - fitted.covariance) / np.outer(se, se), 0.0, atol=0.06)


def test_a_mean_over_enough_draws_is_the_mean(model):
    """Four times as many with another seed say the same, nearly."""
    many = replace(model, draws=16_000, seed=9).forecast(case()).fixtures
    shipped = model.forecast(case()).fixtures
    for name in PROBABILITIES:
        np.testing.assert_allclose(shipped[name], many[name], atol=0.002)
        np.testing.assert_allclose(shipped[f"{name}_low"], many[f"{name}_low"], atol=0.005)
        np.testing.assert_allclose(shipped[f"{name}_high"], many[f"{name}_high"], atol=0.005)


def test_stacking_finds_the_best_mixture():
    rng = np.random.default_rng(0)
    probability = rng.uniform(0.05, 1.0, (400, 3)) * [1.0, 1.05, 0.4]
    weights = stack(probability)
    assert weights.sum() == pytest.approx(1.0)
    best = np.log(probability @ weights).mean()
    for other in rng.dirichlet(np.ones(3), 300):
        assert np.log(probability @ other).mean() <= best + 1e-9
    np.testing.assert_allclose(stack(np.tile([0.5, 0.5], (9, 1))), 0.5)
    np.testing.assert_allclose(stack(np.tile([0.5, 0.1], (9, 1))), [1.0, 0.0], atol=1e-6)


# ------------------------------------------------------------------------------------------------------------ the file


def test_the_shipped_model_is_small_plain_text():
    file = data_folder() / "model.json"
    assert file.stat().st_size < 100_000
    record = json.loads(file.read_text("utf-8"))
    assert record["schema"] == 1
    assert {"seed", "draws", "fits", "trained_on"} <= set(record)


def test_the_shipped_model_is_that_of_all_the_data(model):
    assert model.trained_on == "687 injuries, 2018-19 to 2023-24"
    assert list(model.weights.index) == [f.family for f in model.fits] == ["lognormal", "loglogistic", "weibull"]
    assert model.weights.sum() == pytest.approx(1.0)
    assert (model.weights >= 0).all()
    for fitted in model.fits:
        assert np.linalg.eigvalsh(fitted.covariance).min() > 0
    assert (np.diff(model.players.minutes_logit) >= 0).all()
    assert 0.1 < model.players.forward < 0.4


def test_what_was_saved_comes_back_exactly(model, inside):
    odd = replace(model, seed=12, draws=77).with_source("club", replace(model, seed=5))
    odd.save("m.json")
    again = fc.load_model("m.json")
    assert (again.seed, again.draws, again.longest_seen, again.trained_on) == (
        12,
        77,
        model.longest_seen,
        model.trained_on,
    )
    pd.testing.assert_series_equal(again.weights, model.weights, check_exact=True)
    for a, b in zip(again.fits, model.fits, strict=True):
        pd.testing.assert_series_equal(a.params, b.params, check_exact=True)
        pd.testing.assert_frame_equal(a.covariance, b.covariance, check_exact=True)
    for name in ("minutes_logit", "appearance_rate", "forward"):
        np.testing.assert_array_equal(getattr(again.players, name), getattr(model.players, name))
    said = case(bulletins=[fc.Bulletin("2026-03-06", "chance", chance=50, source="club")])
    same(again.forecast(said), odd.forecast(said))
    again.save("again.json")
    assert (inside / "m.json").read_bytes() == (inside / "again.json").read_bytes()


def broken(**change):
    return lambda record: record.update(change)


def in_fit(**change):
    return lambda record: record["fits"][1].update(change)


def renamed(record):
    params = record["fits"][1]["params"]
    record["fits"][1]["params"] = {name.replace("pull", "push"): value for name, value in params.items()}


BROKEN = {
    "another schema": broken(schema=2),
    "no schema": lambda record: record.pop("schema"),
    "no fits": lambda record: record.pop("fits"),
    "empty fits": broken(fits=[]),
    "fits of another kind": broken(fits=3),
    "seed is a text": broken(seed="x"),
    "seed is endless": broken(seed=float("inf")),
    "seed is negative": broken(seed=-1),
    "no draws": broken(draws=0),
    "fewer than no draws": broken(draws=-4),
    "no family of that name": in_fit(family="cauchy"),
    "a family twice": in_fit(family="lognormal"),
    "a parameter of another name": renamed,
    "a parameter that is no number": lambda record: record["fits"][1]["params"].update(pull=float("nan")),
    "a parameter too few": lambda record: record["fits"][1]["params"].pop("pull"),
    "no covariance": in_fit(covariance=[[1.0]]),
    "a negative variance": lambda record: record["fits"][1]["covariance"][0].__setitem__(0, -1.0),
    "a weight that is no number": in_fit(weight=float("nan")),
    "a negative weight": in_fit(weight=-0.5),
    "weights that add up to more": in_fit(weight=5.0),
    "players without odds": lambda record: record["players"].update(odds=[]),
    "odds beyond all players": lambda record: record["players"].update(odds=[1e308]),
    "odds that are no numbers": lambda record: record["players"].update(odds=[float("nan")]),
    "players of another kind": broken(players=[1]),
    "sources of another kind": broken(sources=[]),
    "a source that is no model": broken(sources={"club": {}}),
    "nobody is out for long": broken(longest=None),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_no_model_is_one_line(inside, name):
    record = json.loads((data_folder() / "model.json").read_text("utf-8"))
    BROKEN[name](record)
    (inside / "m.json").write_text(json.dumps(record), "utf-8")
    with pytest.raises(fc.DataError) as raised:
        fc.load_model("m.json")
    (line,) = str(raised.value).splitlines()
    assert line.startswith("m.json: ")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"1", b"null", b'"x"', b"[" * 100_000, b"\xff\xfe\x00", b"1" * 5000, b'{"schema": 1}']
)
def test_garbage_is_one_line(inside, content):
    (inside / "m.json").write_bytes(content)
    with pytest.raises(fc.DataError) as raised:
        fc.load_model("m.json")
    (line,) = str(raised.value).splitlines()
    assert line.startswith("m.json: ")


@pytest.mark.parametrize("name", ["nowhere.json", "."])
def test_a_file_that_cannot_be_read_is_one_line(inside, name):
    with pytest.raises(fc.DataError) as raised:
        fc.load_model(name)
    assert len(str(raised.value).splitlines()) == 1


# --------------------------------------------------------------------------------------------------- sources and notes


def test_a_source_with_data_of_its_own_is_read_by_its_own_model(quick):
    """A club whose 75% means what it says."""
    hopeful = tuple(replace(f, params=f.params.replace(f.params["kind.75"], -3.0)) for f in quick.fits)
    club = replace(quick, fits=hopeful, seed=2)
    said = [fc.Bulletin("2026-03-07", "chance", chance=75, source=source) for source in ("club", "official")]
    both, only = case(as_of="2026-03-08", bulletins=said), case(as_of="2026-03-08", bulletins=said[1:])
    with_club = quick.with_source("club", club)
    assert with_club.forecast(both).fixtures.p_fit[0] > quick.forecast(both).fixtures.p_fit[0] + 0.02
    same(with_club.forecast(only), quick.forecast(only))
    assert "club" not in quick.sources
    assert any("club" in note for note in quick.forecast(both).notes)
    assert not any("club" in note for note in with_club.forecast(both).notes)


def test_a_source_that_is_the_official_feed_changes_little(quick):
    said = [fc.Bulletin("2026-03-07", "chance", chance=75, source="club")]
    one = case(as_of="2026-03-08", bulletins=said)
    a, b = (m.forecast(one).fixtures for m in (quick, quick.with_source("club", replace(quick, seed=7))))
    np.testing.assert_allclose(a.p_fit, b.p_fit, atol=0.02)


def test_doubt_about_a_source_is_its_own(quick):
    """Its draws are not those of the model, although both have the same seed."""
    said = case(as_of="2026-03-08", bulletins=[fc.Bulletin("2026-03-07", "chance", chance=75, source="club")])
    shared = replace(quick, draws=2000).forecast(said).fixtures
    own = replace(quick, draws=2000).with_source("club", quick).forecast(said).fixtures
    assert (np.abs(shared.p_fit_low - own.p_fit_low) > 1e-9).all()


@pytest.mark.parametrize(
    ("change", "start"),
    [
        ({"fixtures": [fc.Fixture("a", "2026-03-10", competition="La Liga")]}, "The data are of the Premier League"),
        ({"onset": "2025-06-01"}, "He has been out longer than nearly all"),
        ({"bulletins": [fc.Bulletin("2026-03-07", "ruled_out", until="2026-03-20")], "as_of": "2026-03-08"},
         "How reliable “ruled out” is"),
        ({"bulletins": [fc.Bulletin("2026-03-06", "expected", expected="2026-03-05")]}, "A promised date that had passed"),
    ],
)  # fmt: skip
def test_where_a_case_is_unlike_the_data(quick, change, start):
    assert any(note.startswith(start) for note in quick.forecast(case(**change)).notes)


def test_a_case_like_the_data_has_no_note(quick):
    home = [fc.Fixture("a", "2026-03-10", competition="Premier League"), fc.Fixture("b", "2026-03-14")]
    assert quick.forecast(case(fixtures=home, bulletins=[fc.Bulletin("2026-03-06", "unknown")])).notes == ()


# ------------------------------------------------------------------------------------------- whatever a case may hold


@given(case=histories())
@settings(max_examples=120)
def test_of_any_case(quick, case):
    outlook = quick.forecast(case)
    f, c = outlook.fixtures, outlook.curve
    for table, names in ((f, PROBABILITIES), (outlook.deadlines, ("p_fit",)), (c, ("p_fit",))):
        for name in names:
            p, low, high = (table[f"{name}{end}"].to_numpy(float) for end in ("", "_low", "_high"))
            assert ((low >= 0) & (low <= p) & (p <= high) & (high <= 1 + 1e-12)).all()  # NaN would fail
    assert (f.p_returns <= f.p_plays + 1e-12).all()
    assert (f.p_plays <= f.p_fit + 1e-12).all()
    assert f.p_returns.sum() <= 1 + 1e-12
    assert (np.diff(f.p_fit) >= -1e-12).all()
    assert (np.diff(c.p_fit) >= -1e-12).all()
    assert outlook.deadlines.p_appeared.between(0, 1 + 1e-12).all()
    assert list(f.kickoff) == sorted(f.kickoff)
    at = np.interp((f.kickoff - case.as_of).dt.total_seconds(), (c.when - case.as_of).dt.total_seconds(), c.p_fit)
    np.testing.assert_allclose(at, f.p_fit, atol=1e-8)  # two ways to the same number


@given(case=histories(most=0))
@settings(max_examples=12)
def test_with_nothing_said_it_is_recovery_and_selection_alone(single, case):
    """Against the plain loop, with a recovery curve, the pull of the fixtures, and nothing else."""
    params = single.fits[0].params
    theta = {name: value for name, value in params.items() if not name.startswith(("kind", "date", "ruled_out"))}
    now, share = open_case(case), single.players.forward
    evidence = now.evidence
    forwards = {False: 1 - share, True: share} if now.forward is None else {now.forward: 1.0}
    players = list(zip(*single.players.like(case), strict=True))
    fit, returns = plain_forecast(single.fits[0].family, theta, {}, now, evidence, forwards, players)
    f = single.forecast(case).fixtures
    np.testing.assert_allclose(f.p_returns, returns.sum(axis=0), rtol=1e-6, atol=1e-12)
    by_day = dict(zip(evidence.edges[0], np.append(0.0, np.cumsum(fit)), strict=True))
    np.testing.assert_allclose(f.p_fit, [by_day[case.day(k)] for k in f.kickoff], rtol=1e-6, atol=1e-12)


@given(case=histories(most=0), seed=st.integers(0, 9))
@settings(max_examples=15)
def test_with_nothing_said_what_bulletins_mean_does_not_matter(quick, case, seed):
    rng = np.random.default_rng(seed)
    other = []
    for fitted in quick.fits:
        params = fitted.params.copy()
        said = [name for name in params.index if name.startswith(("kind", "date", "ruled_out"))]
        params[said] += rng.normal(0.0, 2.0, len(said))
        other.append(replace(fitted, params=params))
    a, b = quick.forecast(case), replace(quick, fits=tuple(other)).forecast(case)
    pd.testing.assert_frame_equal(a.fixtures, b.fixtures, rtol=1e-12)


# ---------------------------------------------------------------------------------------------------------------- slow


@pytest.mark.slow
def test_the_shipped_model_is_reproduced(model, episodes):
    again = fc.fit(episodes, seed=model.seed, draws=model.draws)
    np.testing.assert_allclose(again.weights, model.weights, atol=1e-3)
    for a, b in zip(again.fits, model.fits, strict=True):
        se = np.sqrt(np.diag(b.covariance))
        np.testing.assert_allclose((a.params - b.params) / se, 0.0, atol=1e-3)
        np.testing.assert_allclose((a.covariance - b.covariance) / np.outer(se, se), 0.0, atol=5e-3)
    np.testing.assert_array_equal(again.players.minutes_logit, model.players.minutes_logit)
    assert (again.longest_seen, again.trained_on) == (model.longest_seen, model.trained_on)
    one = case()
    np.testing.assert_allclose(again.forecast(one).fixtures.p_fit, model.forecast(one).fixtures.p_fit, atol=1e-3)


def test_joint_knows_every_family_of_the_model(model):
    assert all(Joint(f.family).priors.keys() < set(f.params.index) for f in model.fits)
