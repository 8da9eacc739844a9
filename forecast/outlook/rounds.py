"""Open injuries of the feed by round: who plays at least once, for people, for planners and for the sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..arrays import Array
from ..factors.posterior import Posterior
from ..feed.cases import FeedCase
from ..wording import percent
from .outlook import Outlook
from .tables import bands

PLAYER = ["id", "code", "player", "club", "position", "days_out", "said"]


def by_round(outlooks: Sequence[Outlook], rounds: Sequence[int]) -> pd.DataFrame:
    """Tabulate outlooks of cases of the feed, a row for each player and round.

    Returns
    -------
    DataFrame
        ``id``, ``code`` (those of the feed), ``player``, ``club``, ``position``, ``days_out``, ``said``, ``round``;
        ``matches`` of his club in it; ``p_fit`` by the first of them, NaN without one; ``p_plays``, that he appears
        at least once, with the ends of its band; ``appearances``, their expected number.
    """
    rows: list[dict[str, Any]] = []
    for outlook in outlooks:
        case = outlook.case
        assert isinstance(case, FeedCase)
        player = {
            "id": case.element,
            "code": case.code,
            "player": case.player,
            "club": case.club,
            "position": case.position,
            "days_out": round(outlook.spell.day(case.as_of), 1),
            "said": case.said,
        }
        of = np.array([np.nan if fixture.round is None else fixture.round for fixture in case.ahead()])
        draws = outlook.model.posterior(outlook.now)
        for number in rounds:
            chosen = np.flatnonzero(of == number).tolist()
            rows.append({**player, "round": number, **_of_round(outlook, draws, chosen)})
    return pd.DataFrame(rows)


def p_appears(draws: Posterior, chosen: Sequence[int]) -> Array:
    """Return, for each draw, the probability that the player appears in at least one of the chosen fixtures.

    He misses them all if he returns after the last, or in another one and is not picked for those that follow.
    """
    end = max(chosen) + 1
    missed = 1.0 - draws.returns[:, :end].sum(axis=1)
    for first in set(range(end)) - set(chosen):
        later = [k for k in chosen if k > first]
        missed = missed + draws.returns[:, first] * (1.0 - draws.after_return[:, later]).prod(axis=1)
    return np.asarray(1.0 - missed)


def wide(table: pd.DataFrame) -> pd.DataFrame:
    """Spread the table of :func:`by_round` to a row for each player, as planners read it.

    Returns
    -------
    DataFrame
        Who he is, ``expected_missed``, the number of matches in these rounds, and for each round ``{round}_matches``,
        ``{round}_p_fit``, ``{round}_p_plays`` and ``{round}_appearances``.
    """
    rows = []
    for _, of_player in table.groupby("id", sort=False):
        row = {name: of_player[name].iloc[0] for name in PLAYER}
        row["expected_missed"] = (of_player.matches - of_player.appearances).sum()
        for cells in of_player.to_dict("records"):
            row |= {f"{cells['round']}_{name}": cells[name] for name in ("matches", "p_fit", "p_plays", "appearances")}
        rows.append(row)
    return pd.DataFrame(rows)


def for_people(table: pd.DataFrame) -> pd.DataFrame:
    """Show the table of :func:`by_round` to people: the chance to appear by round, "x2" where there are two matches."""
    rows = []
    for _, of_player in table.groupby("id", sort=False):
        first = of_player.iloc[0]
        cells = {f"round {row['round']}": _cell(row) for _, row in of_player.iterrows()}
        missed = (of_player.matches - of_player.appearances).sum()
        who = {"club": first.club, "player": first.player, "days out": f"{first.days_out:.0f}", "said": first.said}
        rows.append({**who, **cells, "missed": f"{missed:.1f} of {of_player.matches.sum()}"})
    return pd.DataFrame(rows)


def grid_of(table: pd.DataFrame, outlooks: Sequence[Outlook]) -> pd.DataFrame:
    """Lay the table of :func:`by_round` out for the sheet: players down, rounds across, by their first kick-off."""
    first: dict[int, pd.Timestamp] = {}
    for fixture in sorted((f for outlook in outlooks for f in outlook.case.ahead()), key=lambda f: f.kickoff):
        if fixture.round is not None:
            first.setdefault(fixture.round, fixture.kickoff)
    shown = table.assign(p=table.p_plays.where(table.matches > 0))[table["round"].isin(list(first))]
    columns = [pd.Series(of_round.p.to_numpy()) for _, of_round in shown.groupby("round")]
    keys = [(first[number], f"Round {number}") for number in sorted(first) if number in set(shown["round"])]
    return pd.concat(columns, axis=1, keys=keys)


def _of_round(outlook: Outlook, draws: Posterior, chosen: list[int]) -> dict[str, Any]:
    if not chosen:
        p: dict[str, Any] = {"p_plays": 0.0, "p_plays_low": 0.0, "p_plays_high": 0.0}
        return {"matches": 0, "p_fit": np.nan, **p, "appearances": 0.0}
    shares = bands({"p_plays": p_appears(draws, chosen)[:, None]}, outlook.level)
    of_round = outlook.fixtures.iloc[chosen]
    p = {name: float(values[0]) for name, values in shares.items()}
    return {"matches": len(chosen), "p_fit": of_round.p_fit.iloc[0], **p, "appearances": of_round.p_plays.sum()}


def _cell(row: Any) -> str:
    if row.matches == 0:
        return "-"
    return f"{percent(row.p_plays)} ({percent(row.p_fit)})" + (f" x{row.matches}" if row.matches > 1 else "")
