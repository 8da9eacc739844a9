"""Relapses: what the tables hold and what is learned of it.

``python -m tests.statistical.relapses`` prints the numbers that are quoted of the shipped tables.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

import forecast as fc
from forecast.episodes.relapses import returns_of
from forecast.model.relapse import fit_relapse
from forecast.model.return_model import ReturnModel

HORIZONS = np.array([7.0, 14.0, 30.0, 60.0, 90.0, 180.0])  # days


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
