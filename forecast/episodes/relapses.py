"""Past returns, and whether the player was hurt again: in the very match, later, or not while he was followed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .episodes import Episodes, first_appearances

YEAR = 365.0  # days that a return is followed, and that an injury before it counts
_SAME = 0.1  # days: a new injury that begins so near the kick-off of the return is of that match; days are rounded


def returns_of(episodes: Episodes) -> pd.DataFrame:
    """List the returns of past players, each with what followed.

    A relapse is a new flag for the same body part, linked by ``previous_episode``. It begins in the match of the last
    appearance, where that was at most four days before the first public word, else with that word.

    Parameters
    ----------
    episodes : Episodes

    Returns
    -------
    DataFrame
        One row for each injury with a first appearance after it: ``episode``, ``player``, ``body_part``; ``before``, 1
        where the onset of another injury of the same body part lay at most a year before its own; ``in_match``, hurt
        again in the very match of the return; ``days`` from the return to the relapse or as far as it was followed, at
        most a year; ``again``, whether they end with a relapse that came after the match. Of relapses ``out``, days to
        the first appearance after it or as far as that was followed, ``back``, whether there was one, and ``missed``,
        the league fixtures missed by then; NaN and False of the others.
    """
    table = episodes.episodes[["episode", "player", "body_part"]].copy()
    table["before"] = np.where(episodes.episodes.days_since_previous <= YEAR, 1.0, 0.0)
    after = pd.DataFrame({"from": first_appearances(episodes.fixtures), "until": _followed(episodes)})
    table = table.join(after, on="episode").join(_relapses(episodes), on="episode")
    # An injury without an appearance before the next one has no return.
    table = table[table["from"].notna() & ~(table.begins < table["from"] - _SAME)].reset_index(drop=True)
    since, followed = table.begins - table["from"], np.minimum(table.until - table["from"], YEAR)
    table["in_match"] = since.abs() <= _SAME
    table["again"] = (since <= followed) & ~table.in_match
    table["days"] = np.where(table.in_match, 0.0, np.minimum(since.fillna(np.inf), followed))
    seen = table.in_match | table.again
    table["back"] = table.back.eq(True) & seen
    table[["out", "missed"]] = table[["out", "missed"]].where(seen)
    return table.drop(columns=["from", "until", "begins"])


def _followed(episodes: Episodes) -> pd.Series[float]:
    """Return the day of the last fixture over which each injury was followed."""
    return episodes.fixtures.dropna(subset="minutes").groupby("episode").day.max()


def _relapses(episodes: Episodes) -> pd.DataFrame:
    """Tell of the next injury, by the episode that it is linked to: when it begins, and what it costs."""
    first, followed = first_appearances(episodes.fixtures), _followed(episodes)
    rows = episodes.fixtures.dropna(subset="minutes")
    missed = (rows.day < rows.episode.map(first).fillna(np.inf)).groupby(rows.episode).sum()
    linked = episodes.episodes.dropna(subset="previous_episode").sort_values("days_since_previous")
    linked = linked.drop_duplicates("previous_episode").set_index("previous_episode")
    end = linked.episode.map(first).fillna(linked.episode.map(followed))
    return pd.DataFrame({
        "begins": linked.days_since_previous,
        "out": end,
        "back": linked.episode.isin(first.index),
        "missed": linked.episode.map(missed).astype(float),
    })  # fmt: skip
