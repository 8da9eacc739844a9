import json
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forecast as fc
from forecast.evidence.open_case import open_case
from forecast.evidence.situation import TRAITS
from forecast.factors.selection import AFTER_RETURN
from forecast.io.read import data_folder
from forecast.model.joint import PRIORS
from forecast.terms import FLAG_KINDS
from invented import CASES, case
from refused import refused
from strategies import histories

PROBABILITIES = ("p_fit", "p_plays", "p_returns")
FEW = 150  # draws, where their number does not matter


@pytest.fixture(scope="module")
def quick(model):
    return replace(model, draws=FEW)


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


@pytest.mark.skipif(sys.platform != "linux", reason="counts what glibc asks of the kernel")
def test_many_keep_the_memory_that_arrays_free(model):
    """Without that, each case fetches hundreds of pages again."""
    resource, cases = pytest.importorskip("resource", reason="it is of Unix"), [case()] * 20
    model.forecast_many(cases)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    model.forecast_many(cases)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before < 20 * 50


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


def test_draws_have_the_covariance_of_the_fit(model):
    theta = model._draws(20_000)
    values = np.column_stack([theta[name][:, 0] for name in model.params.index])
    se = np.sqrt(np.diag(model.covariance))
    np.testing.assert_allclose((values.mean(axis=0) - model.params) / se, 0.0, atol=1e-6)
    np.testing.assert_allclose((np.cov(values.T) - model.covariance) / np.outer(se, se), 0.0, atol=1e-3)


@pytest.mark.parametrize("draws", [1, 3, 60, 200])
def test_there_are_as_many_draws_as_asked_for(quick, draws):
    assert len(quick.with_draws(draws).posterior(open_case(case())).p_fit) == draws


def test_a_mean_over_enough_draws_is_the_mean(model):
    """Four times as many with another seed say the same, nearly."""
    many = replace(model, draws=16_000, seed=9).forecast(case()).fixtures
    shipped = model.forecast(case()).fixtures
    for name in PROBABILITIES:
        np.testing.assert_allclose(shipped[name], many[name], atol=0.002)
        np.testing.assert_allclose(shipped[f"{name}_low"], many[f"{name}_low"], atol=0.005)
        np.testing.assert_allclose(shipped[f"{name}_high"], many[f"{name}_high"], atol=0.005)


# ------------------------------------------------------------------------------------------------------------ the file


def test_the_shipped_model_is_small_plain_text():
    file = data_folder() / "model.json"
    assert file.stat().st_size < 100_000
    record = json.loads(file.read_text("utf-8"))
    assert record["schema"] == 2
    assert {"seed", "draws", "params", "covariance", "players", "trained_on"} <= set(record)


def test_the_shipped_model_is_that_of_all_the_data(model):
    assert model.trained_on == "1,861 injuries, 2018-19 to 2023-24"
    assert list(model.params.index) == list(model.covariance.index) == [*PRIORS, *AFTER_RETURN]
    assert np.linalg.eigvalsh(model.covariance).min() > 0
    assert np.linalg.eigvalsh(model.players.covariance).min() > -1e-9
    assert 0.1 < model.players.mean[TRAITS.index("forward")] < 0.4


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
    pd.testing.assert_series_equal(again.params, model.params, check_exact=True)
    pd.testing.assert_frame_equal(again.covariance, model.covariance, check_exact=True)
    for name in ("mean", "covariance"):
        np.testing.assert_array_equal(getattr(again.players, name), getattr(model.players, name))
    said = case(bulletins=[fc.Bulletin("2026-03-06", "chance", chance=50, source="club")])
    same(again.forecast(said), odd.forecast(said))
    again.save("again.json")
    assert (inside / "m.json").read_bytes() == (inside / "again.json").read_bytes()


def broken(**change):
    return lambda record: record.update(change)


def renamed(record):
    record["params"] = {name.replace("clock", "watch"): value for name, value in record["params"].items()}


BROKEN = {
    "another schema": broken(schema=1),
    "no schema": lambda record: record.pop("schema"),
    "no parameters": lambda record: record.pop("params"),
    "empty parameters": broken(params={}),
    "parameters of another kind": broken(params=3),
    "seed is a text": broken(seed="x"),
    "seed is endless": broken(seed=float("inf")),
    "seed is negative": broken(seed=-1),
    "no draws": broken(draws=0),
    "fewer than no draws": broken(draws=-4),
    "a parameter of another name": renamed,
    "a parameter that is no number": lambda record: record["params"].update(location=float("nan")),
    "a parameter too few": lambda record: record["params"].pop("location"),
    "no covariance": broken(covariance=[[1.0]]),
    "a negative variance": lambda record: record["covariance"][0].__setitem__(0, -1.0),
    "players without traits": lambda record: record["players"].update(mean=[]),
    "traits beyond all players": lambda record: record["players"]["mean"].__setitem__(0, 1e308),
    "traits that are no numbers": lambda record: record["players"]["mean"].__setitem__(0, float("nan")),
    "traits of negative variance": lambda record: record["players"]["covariance"][0].__setitem__(0, -1.0),
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
    (line,) = refused(fc.DataError, fc.load_model, "m.json")
    assert line.startswith("m.json: ")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"1", b"null", b'"x"', b"[" * 100_000, b"\xff\xfe\x00", b"1" * 5000, b'{"schema": 2}']
)
def test_garbage_is_one_line(inside, content):
    (inside / "m.json").write_bytes(content)
    (line,) = refused(fc.DataError, fc.load_model, "m.json")
    assert line.startswith("m.json: ")


@pytest.mark.parametrize("name", ["nowhere.json", "."])
def test_a_file_that_cannot_be_read_is_one_line(inside, name):
    assert len(refused(fc.DataError, fc.load_model, name)) == 1


# --------------------------------------------------------------------------------------------------- sources and notes


def test_a_source_with_data_of_its_own_is_read_by_its_own_model(quick):
    """A club whose 75% means what it says."""
    club = replace(quick, params=pd.Series({**quick.params, "kind.75": -3.0, "kickoff.75": 2.0}), seed=2)
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
        ({"bulletins": [fc.Bulletin("2026-03-07", "chance", chance=75, source="club")], "as_of": "2026-03-08"},
         "Trusted like the official feed"),
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
@settings(max_examples=12)
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
    at = [c.p_fit[c.when <= kickoff + pd.Timedelta("1us")].iloc[-1] for kickoff in f.kickoff]
    np.testing.assert_allclose(at, f.p_fit, atol=1e-8)  # two ways to the same number


@given(case=histories(most=0), seed=st.integers(0, 9))
@settings(max_examples=15)
def test_with_nothing_said_what_bulletins_mean_does_not_matter(quick, case, seed):
    rng = np.random.default_rng(seed)
    params = quick.params.copy()
    said = [name for name in params.index if name.startswith(("kind.", "date.", "last_round.", "match_fitness"))]
    said += [f"kickoff.{sort}" for sort in (*FLAG_KINDS, "due", "later", "later_due", "percentage", "eve")]
    params[said] += rng.normal(0.0, 2.0, len(said))
    a, b = quick.forecast(case), replace(quick, params=params).forecast(case)
    pd.testing.assert_frame_equal(a.fixtures, b.fixtures, rtol=1e-12)


# ----------------------------------------------------------------------------------------------------------------- fit


@pytest.fixture(scope="module")
def few(episodes) -> fc.Episodes:
    own = episodes.of("hamstring")
    return own.where(own.episodes.season.isin(["2018-19", "2020-21"]) & (own.episodes.index % 4 == 0))


def test_a_fit_is_a_model(few, inside):
    fitted = fc.fit(few, seed=3, draws=40)
    assert (fitted.seed, fitted.draws) == (3, 40)
    assert fitted.trained_on == f"{len(few)} injuries, 2018-19 to 2020-21"
    assert fitted.longest_seen <= few.bulletins.day.max()
    assert np.linalg.eigvalsh(fitted.covariance).min() > 0
    again = fitted.covariance.loc[list(AFTER_RETURN), list(PRIORS)]  # what comes after the return is fitted apart
    assert (again == 0.0).all(axis=None)
    fitted.save("m.json")
    same(fc.load_model("m.json").forecast(case()), fitted.forecast(case()))


def test_a_fit_needs_two_players(few):
    with pytest.raises(fc.DataError, match="^episodes.csv: player: 'one player'; must be at least two$"):
        fc.fit(few.where(few.episodes.player == few.episodes.player[0]))


@pytest.mark.parametrize("draws", [0, -1, 10**9])
def test_draws_are_some_and_not_too_many(few, draws):
    with pytest.raises(fc.DataError, match="^draws: "):
        fc.fit(few, draws=draws)


@pytest.mark.slow
def test_the_shipped_model_is_reproduced(model, episodes):
    again = fc.fit(episodes, seed=model.seed, draws=model.draws)
    se = np.sqrt(np.diag(model.covariance))
    np.testing.assert_allclose((again.params - model.params) / se, 0.0, atol=1e-3)
    np.testing.assert_allclose((again.covariance - model.covariance) / np.outer(se, se), 0.0, atol=5e-3)
    np.testing.assert_allclose(again.players.mean, model.players.mean, rtol=1e-12)
    assert (again.longest_seen, again.trained_on) == (model.longest_seen, model.trained_on)
    assert again.loglik == pytest.approx(model.loglik, abs=1e-3)
    one = case()
    np.testing.assert_allclose(again.forecast(one).fixtures.p_fit, model.forecast(one).fixtures.p_fit, atol=1e-3)
