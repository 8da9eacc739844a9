"""Relapses: what the tables hold and what is learned of it, and worlds in which it is known.

``python -m tests.statistical.relapses`` prints the numbers that are quoted of the shipped tables.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import expit, ndtr

import forecast as fc
from forecast.episodes.relapses import YEAR, returns_of
from forecast.evidence.situation import log_odds
from forecast.model.after_return import fit_after_return
from forecast.model.relapse import PRIORS, fit_relapse, fit_returns
from forecast.model.return_model import ReturnModel
from forecast.outlook.relapse import exposure
from forecast.terms import BODY_PARTS

HORIZONS = np.array([7.0, 14.0, 30.0, 60.0, 90.0, 180.0])  # days
QUANTITIES = ("p_hurt_in_it", "p_hurt_60d", "expected_played")  # of the first choice of the shipped Bellingham case
WITHIN_PLAYER = 0.2  # correlation of the luck of two returns, or two fixtures, of one player


def kaplan_meier(days: pd.Series, happened: pd.Series, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probability that it has happened by each day, and its standard error by Greenwood's formula."""
    survival, sums, found = 1.0, 0.0, {0.0: (1.0, 0.0)}
    for day in np.unique(days[happened]):
        n, d = (days >= day).sum(), (happened & (days == day)).sum()
        survival, sums = survival * (1.0 - d / n), sums + d / (n * (n - d))
        found[day] = survival, survival * np.sqrt(sums)
    steps = np.array(list(found))
    last = np.array(list(found.values()))[np.searchsorted(steps, at, side="right") - 1]
    return 1.0 - last[:, 0], last[:, 1]


def after_match(model: ReturnModel, at: np.ndarray) -> np.ndarray:
    """Probability of a hamstring relapse by each day, given that he came through the match, in each draw."""
    risk = model.relapses("hamstring")
    return 1.0 - (1.0 - risk.by(at)) / (1.0 - risk.by(np.zeros(1)))


def beside_kaplan_meier(model: ReturnModel, table: pd.DataFrame) -> pd.DataFrame:
    """The model and the Kaplan-Meier estimate of what came after the match, by horizon."""
    rows = table[(table.body_part == "hamstring") & ~table.in_match]
    seen, se = kaplan_meier(rows.days, rows.again, HORIZONS)
    learned = after_match(model, HORIZONS).mean(axis=0)
    return pd.DataFrame({"learned": learned, "seen": seen, "se": se, "z": (learned - seen) / se}, HORIZONS)


def simulate(episodes: fc.Episodes, theta: dict[str, float], rng: np.random.Generator, on_top: bool) -> tuple:
    """The returns of some injuries, and the fixtures that followed them, drawn anew from known parameters.

    Gives the table of the returns, and the episodes with other minutes after each return: 90 with the probability that
    ``again`` and ``again.minutes`` give, which holds relapses unless they come ``on_top`` of it: no minutes while out. How long an injury was followed is kept where it
    did not end with a relapse, and drawn from the others where it did. One player has some of his luck in common.
    """
    table = returns_of(episodes)
    luck = [_luck(table.player, rng) for _ in range(3)]
    at = {name: table.body_part.map({p: theta[f"{name}.{p}"] for p in BODY_PARTS}) for name in ("match", "rate", "out")}
    raised = theta["before"] * table.before
    whole = ~(table.in_match | table.again)
    followed = table.days.where(whole, rng.choice(table.days[whole], len(table)))
    table["in_match"] = luck[0] < expit(at["match"] + raised)
    grid = np.linspace(0.0, YEAR, 3651)
    spent = exposure(grid, np.exp(theta["excess"]), np.exp(theta["decay"]))
    needed = -np.log(luck[1]) / np.exp(at["rate"] + raised)
    relapse = np.where(needed < spent[-1], np.interp(needed, spent, grid), np.inf)
    table["again"] = ~table.in_match & (relapse <= followed)
    table["days"] = np.where(table.in_match, 0.0, np.minimum(relapse, followed))
    hurt = table.in_match | table.again
    absence = np.exp(at["out"] + np.exp(theta["out.log_scale"]) * np.log(luck[2] / (1.0 - luck[2])))
    table["out"], table["back"] = absence.where(hurt), hurt
    table["missed"] = (table.out / 7.0).round()
    return table, _played(episodes, table, theta, rng, on_top)


def _played(episodes: fc.Episodes, table: pd.DataFrame, theta: dict[str, float], rng, on_top: bool) -> fc.Episodes:
    f, by = episodes.fixtures, table.set_index("episode")
    first = f[f.minutes > 0].groupby("episode").day.min()
    since = f.day - f.episode.map(first)
    relapse = f.episode.map(by.days.where(by.out.notna(), np.inf))
    out = on_top & (since >= relapse) & (since < relapse + f.episode.map(by.out))
    injuries = episodes.episodes.set_index("episode")
    odds = pd.Series(log_odds(injuries.minutes_before / 90.0, injuries.fixtures_before), injuries.index)
    picked = _luck(f.episode.map(injuries.player), rng) < expit(
        theta["again"] + theta["again.minutes"] * f.episode.map(odds)
    )
    minutes = f.minutes.where(~((since > 0) & f.minutes.notna()), np.where(picked & ~out, 90.0, 0.0))
    return replace(episodes, fixtures=f.assign(minutes=minutes))


def _luck(player: pd.Series, rng: np.random.Generator) -> np.ndarray:
    """Uniform, correlated within a player."""
    of_player, _ = pd.factorize(player)
    shared, own = rng.standard_normal(of_player.max() + 1)[of_player], rng.standard_normal(len(player))
    return np.clip(ndtr(np.sqrt(WITHIN_PLAYER) * shared + np.sqrt(1.0 - WITHIN_PLAYER) * own), 1e-12, 1.0 - 1e-12)


def truth_of(model: ReturnModel) -> dict[str, float]:
    """The parameters of the shipped fit, taken as the truth."""
    return {**model.relapse.params, **model.params[["again", "again.minutes"]]}


def refit(model: ReturnModel, table: pd.DataFrame, episodes: fc.Episodes, seed: int, draws: int = 700) -> ReturnModel:
    """The model with relapses and the rate after the return fitted anew; all else is held at the truth."""
    after, covariance = fit_after_return(episodes)
    params, both = model.params.copy(), 0.0 * model.covariance
    params[after.index] = after
    both.loc[after.index, after.index] = covariance
    return replace(model, params=params, covariance=both, relapse=fit_returns(table), seed=seed, draws=draws)


def known(model: ReturnModel) -> ReturnModel:
    """The same model without any doubt about its parameters."""
    relapse = replace(model.relapse, covariance=0.0 * model.relapse.covariance)
    return replace(model, covariance=0.0 * model.covariance, relapse=relapse, draws=1)


def true_played(model: ReturnModel) -> float:
    """Matches played after a return in the first one, where relapses come on top of the rate, worked out day by day."""
    exact = known(model)
    outlook = exact.forecast(fc.example_case("bellingham"))
    risk, usual = exact.relapses("hamstring"), exact.posterior(outlook.now).after_return[0]
    since = ((outlook.fixtures.kickoff - outlook.fixtures.kickoff[0]) / pd.Timedelta(days=1)).to_numpy()
    played = 1.0
    for rate, days in zip(usual[1:], since[1:], strict=True):
        edges = np.linspace(0.0, days, 2001)
        by, middle = risk.by(edges)[0], 0.5 * (edges[1:] + edges[:-1])
        out = np.diff(by) @ risk.still_out(days - middle)[0] + by[0] * risk.still_out(np.array([days]))[0, 0]
        played += rate * (1.0 - out)
    return played


def study(seeds: range) -> pd.DataFrame:
    """A row a simulation: ``low`` and ``high`` of each named quantity, and estimate and standard error of parameters."""
    model, episodes = fc.default_model(), fc.load_episodes()
    rows = []
    for seed in seeds:
        fitted = refit(model, *simulate(episodes, truth_of(model), np.random.default_rng([3, seed]), False), seed)
        first = fitted.forecast(fc.example_case("bellingham")).choices(effect=None).iloc[0]
        row = {(end, name): first[f"{name}_{end}"] for name in QUANTITIES for end in ("low", "high")}
        se = np.sqrt(np.diag(fitted.relapse.covariance))
        row |= {("estimate", name): fitted.relapse.params[name] for name in PRIORS}
        rows.append(row | {("se", name): value for name, value in zip(PRIORS, se, strict=True)})
    table = pd.DataFrame(rows, index=list(seeds))
    return table.set_axis(pd.MultiIndex.from_tuples(table.columns), axis=1)


def coverage(found: pd.DataFrame) -> pd.Series:
    """How often the band of each named quantity held the truth."""
    truth = known(fc.default_model()).forecast(fc.example_case("bellingham")).choices(effect=None).iloc[0]
    truth = truth[list(QUANTITIES)].astype(float)
    return ((found["low"] <= truth) & (truth <= found["high"])).mean()


def main() -> None:
    """Print what the shipped tables hold, and what is learned of it."""
    episodes = fc.load_episodes()
    table = returns_of(episodes)
    rows = table[table.body_part == "hamstring"]
    soon = rows[(rows.days <= 60) & (rows.in_match | rows.again)]
    print(
        f"{len(table)} returns, {len(rows)} from hamstring injuries: hurt again in the very match {rows.in_match.sum()}"
    )
    print(f"after it, within a year: {rows.again.sum()} in {rows.days.sum():.0f} player-days")
    print(f"a relapse within 60 days ({len(soon)}): {soon.missed.mean():.1f} league matches missed, as far as followed")
    for name, group in rows[~rows.in_match].groupby("before"):
        share, se = kaplan_meier(group.days, group.again, np.array([60.0]))
        print(
            f"60 days after the match, {'with' if name else 'without'} one in the year before: {share[0]:.1%} +- {se[0]:.1%}"
        )
    for what, model in (
        ("hamstrings alone", replace(fc.default_model(), relapse=fit_relapse(episodes.of("hamstring")))),
        ("all body parts, as shipped", fc.default_model()),
    ):
        risk = model.relapses("hamstring")
        rate = risk.rate @ risk.weight[:, None]
        print(f"\n{what} (90% bands)")
        for text, values in (
            ("hurt again in the very match, %", 100.0 * risk.by(np.zeros(1))),
            ("base hazard, per 1,000 player-days", 1000.0 * rate),
            ("at return, times that", 1.0 + risk.excess),
            ("the excess falls by half, days", np.log(2.0) * risk.decay),
            ("within 60 days after the match, %", 100.0 * after_match(model, np.array([60.0]))),
        ):
            low, high = np.quantile(values, [0.05, 0.95])
            print(f"  {text:<37}{values.mean():6.2f} ({low:.2f} to {high:.2f})")
        print(beside_kaplan_meier(model, table).round(4).to_string())


if __name__ == "__main__":
    main()
