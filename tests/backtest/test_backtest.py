from __future__ import annotations

import multiprocessing
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from clusters import WARNINGS, kills_once, two_workers
from forecast.backtest import ablation
from forecast.backtest.ablation import INGREDIENTS, _moves
from forecast.backtest.backtest import forecast_baselines
from forecast.backtest.baselines import BASELINES, CURVES, climatology, flag
from forecast.backtest.held_out import forecast_season, held_out_forecast, split
from forecast.backtest.origins import Origins, origins_of
from forecast.backtest.tables import Outcome, forecast_table, score_table, share_fit
from forecast.episodes.episodes import Episodes
from forecast.factors.selection import AFTER_RETURN
from forecast.io.read import data_folder
from forecast.model.joint import PRIORS, returns
from forecast.scoring.bootstrap import clustered_mean
from forecast.scoring.calibration import pit_ecdf, pit_of_fixture
from forecast.scoring.scores import log_score
from forecast.terms import HORIZON, TABLES, WINDOW
from forecasters import THEIRS, quarter

sys.path.insert(0, str(Path(__file__).parents[1] / "oracles"))
import score

DATA = data_folder() / "premier_league"


def left_out(forecaster, origins: Origins) -> np.ndarray:
    season = origins.table.season.to_numpy()
    p = np.full(origins.ahead.shape, np.nan)
    for held in np.unique(season):
        p[season == held] = forecaster(origins.take(season != held), origins.take(season == held))
    return np.where(np.isnan(origins.ahead), np.nan, p)


@pytest.fixture(scope="module")
def origins(episodes):
    return origins_of(episodes.of("hamstring"))


@pytest.mark.parametrize("by", ["season", "lead"])
def test_scores_of_groups_make_up_those_of_all(small_report, by):
    found = small_report.scores_by(by)
    assert set(found.forecaster) == set(small_report.scores.forecaster)
    for row in small_report.scores.itertuples():
        own = found[found.forecaster == row.forecaster]
        assert own.n.sum() == row.n
        for name in ("log_score", "brier_next"):
            assert (own.n * own[name]).sum() / row.n == pytest.approx(getattr(row, name), abs=1e-3)
    with pytest.raises(fc.DataError, match="group: 'club'; must be season or lead"):
        small_report.scores_by("club")


def test_the_newest_reading_is_the_one_that_others_are_held_against(small_report):
    newest = small_report.readings.iloc[0]
    assert (newest.newest, newest.older, newest.worth) == ("any time", 0, 0.0)
    assert small_report.readings[small_report.readings.newest == "any time"].n.is_monotonic_decreasing


@pytest.fixture(scope="module")
def report(episodes) -> fc.Report:
    """Minutes on two cores; for the tests that are marked slow."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor:
        return fc.backtest(episodes, executor)


class TestIncumbents:
    @pytest.mark.parametrize(("forecaster", "expected"), [(flag, 2.878), (climatology, 1.657)])
    def test_the_published_figures(self, origins, forecaster, expected):
        assert len(origins) == 2773
        scored = log_score(left_out(forecaster, origins), origins.returned, origins.known)
        assert scored.mean() == pytest.approx(expected, abs=5e-4)

    def test_they_are_those_of_the_reference(self, origins):
        found = {(o["episode"], o["day"]): o for o in score.origins(DATA)}
        rates = dict(zip(found, score.climatology(list(found.values())), strict=True))
        ours, faces = left_out(climatology, origins), left_out(flag, origins)
        for i, key in enumerate(zip(origins.table.episode, origins.table.day, strict=True)):
            ahead = origins.count[i]
            assert origins.ahead[i, :ahead] == pytest.approx(found[key]["ahead"])
            assert origins.known[i] == found[key]["known"]
            assert faces[i, :ahead] == pytest.approx(score.flag(found[key]))
            assert ours[i, :ahead] == pytest.approx(rates[key])

    def test_probabilities_are_probabilities(self, episodes):
        rivals = forecast_baselines(*split(episodes, "2020-21"))
        for p in (*rivals.flagged.values(), *rivals.cleared.values()):
            assert (p >= 0.0).all()
            assert (p.sum(axis=1) <= 1.0 + 1e-9).all()
        for cdf in rivals.cdf.values():
            assert (cdf[:, 0] == 0.0).all()
            assert (np.diff(cdf, axis=1) >= 0.0).all()
            assert (cdf <= 1.0).all()


def scrambled(episodes: Episodes, key: int, now: float, rng: np.random.Generator) -> Episodes:
    """Another future: of one injury from a moment on, of every other from its first reading.

    Minutes and bulletins after it are other ones, and kick-offs beyond its window are moved.
    """
    fixtures, bulletins = episodes.fixtures.copy(), episodes.bulletins.copy()
    first = bulletins.groupby("episode").day.min()
    first[key] = now
    since = fixtures.episode.map(first)
    later = fixtures.day > since
    fixtures.loc[later, "minutes"] = rng.choice([0.0, 0.0, 17.0, 90.0], later.sum())
    fixtures.loc[fixtures.day > since + WINDOW, "day"] += 0.01 + rng.random()
    appeared = fixtures[fixtures.minutes > 0].groupby("episode").day.min()
    told = bulletins.day <= bulletins.episode.map(first)
    possible = bulletins.day < bulletins.episode.map(appeared).fillna(np.inf)
    bulletins.loc[~told, ["kind", "chance", "expected_day"]] = ["chance", 75.0, np.nan]
    kept = told | (possible & (rng.random(len(bulletins)) < 0.5))
    return Episodes(episodes.episodes, fixtures, bulletins[kept].reset_index(drop=True))


class TestNothingOfTheFutureIsUsed:
    season = "2019-20"

    def forecasts(self, train: Episodes, test: Episodes, key: int, day: float, model) -> list[np.ndarray]:
        """Of one origin, by the parts of every forecaster; the model with parameters that never saw the season."""
        origins = origins_of(test)
        at = (origins.table.episode == key) & (origins.table.day == day)
        one = origins.take(at.to_numpy())
        assert len(one) == 1
        learned = origins_of(train)
        said = [forecaster(learned, one) for forecaster in BASELINES.values()]
        made = held_out_forecast({name: np.asarray(value) for name, value in model.params.items()}, one)
        said += [made.p_returns, made.p_fit, made.p_plays]
        return [np.where(np.isnan(one.ahead), 0.0, p) for p in said]

    def test_another_future_changes_no_forecast(self, episodes, model):
        # Learned from one small season: what is learned does not matter here.
        train, test = (split(episodes, season)[1] for season in ("2018-19", self.season))
        rng, table = np.random.default_rng(2), origins_of(test).table
        for row in rng.choice(len(table), 5, replace=False):
            key, day = int(table.episode[row]), float(table.day[row])
            before = self.forecasts(train, test, key, day, model)
            after = self.forecasts(train, scrambled(test, key, day, rng), key, day, model)
            for a, b in zip(before, after, strict=True):
                assert a == pytest.approx(b, rel=1e-12, abs=1e-15)

    def test_of_those_learned_from_the_season_is_not_one(self, episodes):
        train, test = split(episodes, self.season)
        assert self.season not in train.seasons()
        assert test.seasons() == [self.season]
        assert not set(train.episodes.episode) & set(test.episodes.episode)
        early, _ = split(episodes, self.season, rolling=True)
        assert early.seasons() == ["2018-19"]

    @pytest.mark.slow
    def test_from_end_to_end(self, small, small_report):
        """The fits, too: no number of a season depends on what happened in it, or on who else is in it."""
        season = "2020-21"
        table = origins_of(split(small, season)[1]).table
        key, day = int(table.episode[7]), float(table.day[7])
        mine = small.episodes.season == season
        other = scrambled(small.where(mine), key, day, np.random.default_rng(4))
        changed = Episodes(
            *(pd.concat([getattr(of, n) for of in (small.where(~mine), other)], ignore_index=True) for n in TABLES)
        )
        removed = small.where(~mine | (small.episodes.episode == key) | (small.episodes.index % 2 == 0))
        assert len(removed) < len(small) - 10
        expected = _forecasts_of(small_report, key, day)
        for others in (changed, removed):
            assert _forecasts_of(fc.backtest(others), key, day).to_numpy() == pytest.approx(
                expected.to_numpy(), rel=1e-9, abs=1e-12
            )


def _forecasts_of(report: fc.Report, key: int, day: float) -> pd.DataFrame:
    table = report.forecasts
    return table[(table.episode == key) & (table.day == day)][["kickoff", "p_returns", "p_fit", "p_plays", *BASELINES]]


def _in_dask(episodes: Episodes) -> fc.Report:
    with two_workers() as client:
        return fc.backtest(episodes, client.get_executor(), forecasters=THEIRS)


def _in_dask_with_one_killed(episodes: Episodes) -> fc.Report:
    with two_workers() as client, TemporaryDirectory() as folder:
        grave, executor = Path(folder) / "grave", client.get_executor()

        def deadly(call, tasks):
            return executor.map(partial(kills_once, grave, call), tasks)

        report = fc.backtest(episodes, SimpleNamespace(map=deadly), forecasters=THEIRS)
        assert grave.exists()
        return report


def _in_threads(episodes: Episodes) -> fc.Report:
    with ThreadPoolExecutor(2) as executor:
        return fc.backtest(episodes, executor, forecasters=THEIRS)


def _in_processes(episodes: Episodes) -> fc.Report:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor:
        return fc.backtest(episodes, executor, forecasters=THEIRS)


@pytest.mark.slow
@WARNINGS
@pytest.mark.parametrize("elsewhere", [_in_threads, _in_processes, _in_dask, _in_dask_with_one_killed])
def test_the_same_numbers_from_each_executor(small, small_report, elsewhere):
    """But for the last bits: sums of arrays depend on where in memory they begin."""
    there = elsewhere(small)
    for name in ("scores", "cleared", "calibration", "days", "forecasts"):
        pd.testing.assert_frame_equal(getattr(small_report, name), getattr(there, name), rtol=1e-7, atol=1e-9)


@pytest.mark.slow
class TestReport:
    def test_the_model_is_good_enough_and_better_than_the_hazard(self, report):
        scores = report.scores.set_index("forecaster")
        model = scores.loc["model"]
        assert model.log_score <= 1.432
        assert model.brier_next <= 0.1017
        assert model.brier_three <= 0.188
        assert model.difference_high < 0.0
        assert scores.log_score.idxmin() == "model"
        assert scores.log_score["flag at face value"] == pytest.approx(2.878, abs=5e-4)
        assert scores.log_score["climatology"] == pytest.approx(1.657, abs=5e-4)

    def test_the_reference_gives_the_written_forecasts_the_same_scores(self, report, tmp_path):
        report.forecasts.to_csv(tmp_path / "forecasts.csv", index=False)
        command = [sys.executable, score.__file__, DATA, tmp_path / "forecasts.csv"]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        model = report.scores.set_index("forecaster").loc["model"]
        expected = [round(float(model[name]), 4) for name in ("log_score", "brier_next", "brier_three")]
        assert [float(word) for word in printed.split()[-3:]] == expected

    def test_every_origin_and_fixture_is_there(self, report, origins):
        assert len(report.forecasts) == origins.count.sum()
        assert report.forecasts[["p_returns", "p_fit", "p_plays"]].notna().all(axis=None)
        assert (report.forecasts.p_returns <= report.forecasts.p_plays + 1e-12).all()
        assert (report.forecasts.p_plays <= report.forecasts.p_fit + 1e-12).all()

    def test_first_appearances_come_as_often_as_said(self, report):
        leads = report.calibration.query("quantity == 'p_returns' and by == 'lead'")
        assert len(leads) == HORIZON
        assert (leads.difference.abs() < 2.6 * leads.se).all()  # 2.6: one of six beyond it in 18

    def test_who_played_is_read_off_the_minutes(self, report, origins):
        minutes = origins.episodes.fixtures.set_index(["episode", "day"]).minutes
        for row in report.forecasts.iloc[::97].itertuples():
            played = minutes.loc[(row.episode, row.kickoff)]
            assert (np.isnan(row.played) and np.isnan(played)) or row.played == (played > 0)
        known = report.forecasts[report.forecasts.returned == 1.0]
        assert (known.played == 1.0).all()

    def test_played_as_often_as_said(self, report):
        """By lead; within 0.04, for what comes after a return is followed for fewer."""
        leads = report.calibration.query("quantity == 'p_plays' and by == 'lead'")
        assert len(leads) == HORIZON
        assert (leads.difference.abs() < 0.04).all()

    def test_fit_as_often_as_said(self, report):
        """By lead within the bounds, give or take the sampling error by player."""
        leads = report.calibration.query("quantity == 'p_fit' and by == 'lead'")
        assert (leads.stated > leads.least - 2.0 * leads.se).all()
        assert (leads.stated < leads.most + 2.0 * leads.se).all()
        assert (leads.difference.abs() < 2.6 * leads.se).all()

    def test_the_pit_of_the_return_is_even(self, report):
        outcome = Outcome.of(report.forecasts)
        p = outcome.array(report.forecasts.p_returns)
        assert pit_ecdf(pit_of_fixture(p, outcome.returned, outcome.known), outcome.player).inside

    def test_the_plot_is_the_same_twice(self, report, tmp_path):
        for name in ("a.png", "b.png"):
            report.plot(tmp_path / name)
        assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()

    def test_the_truth_has_the_best_score(self, report, origins):
        """Of outcomes drawn from the model, learned from anew by the others, the model gives the best forecasts.

        On average over three worlds. The curves learn from days, which are those that were seen.
        """
        outcome = Outcome.of(report.forecasts)
        p, rng = np.nan_to_num(outcome.array(report.forecasts.p_returns)), np.random.default_rng(6)
        now = origins.take(np.argsort(origins.table.season.to_numpy(), kind="stable"))
        asked = np.where(np.isnan(now.ahead), np.nan, p)
        worse: dict[str, list[np.ndarray]] = {name: [] for name in BASELINES}
        for _ in range(3):
            drawn = (rng.random(len(p))[:, None] > np.cumsum(p, axis=1)).sum(axis=1)
            returned = np.where(drawn < now.count, drawn, -1)
            simulated = replace(now, returned=returned, known=now.count)
            truth = log_score(asked, returned, now.count)
            for name, forecaster in BASELINES.items():
                worse[name].append(log_score(left_out(forecaster, simulated), returned, now.count) - truth)
        for name, differences in worse.items():
            assert clustered_mean(np.mean(differences, axis=0), now.table.player).low > 0.0, name

    def test_how_far_off_the_day_is(self, report):
        days = report.days.set_index("forecaster")
        assert list(days.index) == ["model", *CURVES]
        for end in ("least", "most"):
            assert days[f"crps_{end}"].idxmin() == "model"
        assert (days.covered_least < 0.8).all()
        assert (days.covered_most > 0.8).all()
        # Tenths of a forecast with atoms at kick-offs are not expected evenly: an appearance ends its interval there.
        assert days.d_calibration.between(0.0, 1.0).all()


@pytest.mark.slow
def test_rolling_learns_from_the_past_only(small):
    report = fc.backtest(small, rolling=True)
    assert report.forecasts.season.unique().tolist() == ["2020-21"]
    flagged, *_ = forecast_season(*split(small, "2020-21", rolling=True))
    assert flagged.p_returns.shape == (len(report.forecasts.drop_duplicates(["episode", "day"])), HORIZON)


def test_one_season_is_too_few(small):
    with pytest.raises(fc.DataError, match="must be two different ones"):
        fc.backtest(split(small, "2018-19")[1])


def test_nobody_who_was_cleared_is_no_error(small):
    flags = small.bulletins[small.bulletins.kind != "available"].reset_index(drop=True)
    train, test = split(Episodes(small.episodes, small.fixtures, flags), "2020-21")
    cleared = origins_of(test, cleared=True)
    assert len(cleared) == 0
    theta = {name: np.asarray(prior.mean) for name, prior in (PRIORS | AFTER_RETURN).items()}
    said = held_out_forecast(theta, cleared)
    table = forecast_table(cleared, said, forecast_baselines(train, test).cleared)
    assert score_table(table, ["model", "climatology"], "climatology").log_score.isna().all()


@pytest.mark.slow
def test_the_command_line(small, tmp_path):
    for name in TABLES:
        getattr(small, name).to_csv(tmp_path / f"{name}.csv", index=False)
    png, csv = tmp_path / "report.png", tmp_path / "forecasts.csv"
    command = [sys.executable, "-m", "forecast", "backtest", tmp_path, "--jobs", "2", "--png", png, "--csv", csv]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "logistic hazard" in done.stdout
    assert done.stderr == ""  # no progress bar where nobody watches
    assert png.stat().st_size > 10_000
    assert {"episode", "day", "fixture", "p_returns"} <= set(pd.read_csv(csv).columns)


def test_share_fit_is_the_share_where_all_is_decided():
    after, by = pd.Series([-9.0, -3.2, 0.0, 5.5]), pd.Series([-7.0, 0.0, 2.5, np.inf])
    assert share_fit(after, by) == pytest.approx(0.5)
    assert share_fit(pd.Series([3.0, 0.0]), pd.Series([np.inf, np.inf])) == 0.0
    undecided = share_fit(pd.Series([-2.0, -9.0, 1.0]), pd.Series([3.0, -5.0, 4.0]))
    assert 1 / 3 - 1e-9 <= undecided <= 2 / 3 + 1e-9


def test_ingredients_are_those_of_the_model():
    for name, without in INGREDIENTS.items():
        named = {*without.held, *(of for tied in without.tied for of in tied)}
        assert named <= set(PRIORS), name
        assert named or name in ("nothing", "readings as if nothing had been said")


def test_the_worth_of_an_ingredient_is_counted_from_all_of_them(small, monkeypatch):
    """Without one of them every fixture gets half the chance."""

    def chances(asked, less):
        return np.where(np.isnan(asked.ahead), np.nan, quarter(None, asked) / less)

    def forecast_without_each(train, test):
        return [chances(origins_of(test), 1 if name == "nothing" else 2) for name in INGREDIENTS]

    monkeypatch.setattr(ablation, "forecast_without_each", forecast_without_each)
    table = ablation.ingredients(small).set_index("without")
    assert list(table.index) == list(INGREDIENTS)
    asked = origins_of(small)
    whole, half = (log_score(chances(asked, less), asked.returned, asked.known).mean() for less in (1, 2))
    assert table.log_score.to_numpy() == pytest.approx(np.where(table.index == "nothing", whole, half))
    assert table.difference.to_numpy() == pytest.approx(table.log_score - whole)
    assert table.low["the clock"] < table.difference["the clock"] < table.high["the clock"]


def test_without_the_date_it_does_not_matter(origins):
    date, dated = INGREDIENTS["the expected date"], np.isfinite(origins.evidence.said.expected)
    theta = {name: np.asarray(prior.mean) for name, prior in PRIORS.items()} | date.held
    theta |= {name: theta[tied[0]] for tied in date.tied for name in tied} | {"kickoff.expected": np.asarray(-1.0)}
    some = origins.take(dated)
    moved = replace(some.evidence.said, expected=some.evidence.said.expected + 9.0)
    assert returns(theta, replace(some.evidence, said=moved)) == pytest.approx(returns(theta, some.evidence), abs=1e-6)


def test_an_ingredient_is_left_out_by_what_may_move():
    tied = INGREDIENTS["25, 50 and 75 told apart"]
    assert _moves(tied, "kind.25", "kind.75")
    assert not _moves(tied, "kind.75", "kind.75")
    assert _moves(tied, "kind.unknown", "kind.unknown")
    assert not _moves(INGREDIENTS["the clock"], "clock.near", "clock.near")
