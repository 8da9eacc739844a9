"""Numbers and moments in words: percents, natural frequencies, days in a time zone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from pandas.api.typing import NaTType

from .terms import END, START

# Of the rarer outcome, in the fractions that are said; ninths and elevenths are not.
_ODDS = ((1, 20), (1, 15), (1, 12), (1, 10), (1, 8), (1, 7), (1, 6), (1, 5), (1, 4), (3, 10), (1, 3), (2, 5))


def percent(p: float) -> str:
    """Whole percents, but never 0% or 100%: nothing here is certain."""
    return "<1%" if p < 0.005 else ">99%" if p > 0.995 else f"{p:.0%}"


def percents(p: float, low: float, high: float) -> str:
    """``62% (50%-73%)``."""
    return f"{percent(p)} ({percent(low)}-{percent(high)})"


def printable(text: object) -> str:
    """Return a text without what a terminal would take for a command."""
    return "".join(c if c.isprintable() else " " for c in str(text))


def natural(p: float) -> str:
    """A probability as odds that people say: ``about 3 in 10``, ``just over half``; of a hundred towards the ends."""
    if p < 0.005:
        return "fewer than 1 in 100"
    if p > 0.995:
        return "more than 99 in 100"
    if not 0.045 <= p <= 0.955:
        return f"about {round(100 * p)} in 100"
    if 0.435 <= p <= 0.565:
        return "about half" if 0.475 <= p <= 0.525 else f"just {'under' if p < 0.5 else 'over'} half"
    least = min(p, 1.0 - p)
    some, of = min(_ODDS, key=lambda odds: abs(odds[0] / odds[1] - least))
    return f"about {some if p < 0.5 else of - some} in {of}"


def in_words(p: float) -> str:
    """``, about 3 in 10``, to be put behind a percentage; nothing where it would say the same again."""
    words = natural(p)
    return "" if words.endswith(" in 100") else f", {words}"


def of_hundred(p: float) -> str:
    """Count a probability in hundredths: ``about 13``."""
    return "fewer than 1" if p < 0.005 else f"about {100 * p:.0f}"


def hurt_again(p: float) -> str:
    """Count those hurt again in hundredths: ``about 2 are hurt again``."""
    return f"{of_hundred(p)} {'are' if round(100 * p) > 1 else 'is'} hurt again"


def is_bare(moment: pd.Timestamp) -> bool:
    """Tell whether it is what a bare date stands for."""
    return moment.time().replace(microsecond=0) in (START, END)


def written(moment: pd.Timestamp) -> str:
    """``2026-03-07``; ``2026-03-07 20:00:00+00:00`` where it is more than a date."""
    return f"{moment:%Y-%m-%d}" if is_bare(moment) else str(moment)


def local(moment: pd.Timestamp, tz: ZoneInfo) -> pd.Timestamp:
    """The moment on the clocks of a zone; what a bare date stands for stays on its day."""
    if not is_bare(moment):
        return moment.tz_convert(tz)
    return moment.tz_localize(None).tz_localize(tz, ambiguous=True, nonexistent="shift_forward")


def at_on_day(moment: pd.Timestamp, tz: ZoneInfo) -> pd.Timestamp:
    """Return where a moment stands on an axis: what a bare date stands for in the middle of its day."""
    return local(moment, tz).normalize() + pd.Timedelta(hours=12) if is_bare(moment) else moment


def day(moment: datetime) -> str:
    """``7 Mar``."""
    return f"{moment.day} {moment:%b}"


def between(first: datetime, last: datetime) -> str:
    """``3 and 9 Mar``, ``28 Feb and 3 Mar``; the years, too, where they differ."""
    if first.year != last.year:
        return f"{day(first)} {first.year} and {day(last)} {last.year}"
    return f"{first.day if first.month == last.month else day(first)} and {day(last)}"


def days(count: float) -> str:
    """``1 day``, ``34 days``."""
    return counted(round(count), "day")


def since_onset(count: float) -> str:
    """``34 days after onset``; ``on the day of onset``."""
    return f"{days(count)} after onset" if round(count) else "on the day of onset"


def out_for(count: float) -> str:
    """``out for 34 days``; ``out since today``."""
    return f"out for {days(count)}" if round(count) else "out since today"


def counted(count: int, name: str) -> str:
    """``1 match``, ``20 matches``, ``2 dates reported``: the first word in the plural where it is not one."""
    first, blank, rest = name.partition(" ")
    many = f"{first[:-1]}ies" if first.endswith("ry") else f"{first}es" if first.endswith("ch") else f"{first}s"
    return f"{count:,} {first if count == 1 else many}{blank}{rest}"


def day_near(moment: pd.Timestamp, now: pd.Timestamp, tz: ZoneInfo) -> str:
    """The day, with its year where one could take it for that of another."""
    near = abs(moment - now) < pd.Timedelta(days=300)
    return day(local(moment, tz)) if near else f"{day(local(moment, tz))} {local(moment, tz).year}"


def full_date(moment: pd.Timestamp | NaTType, tz: ZoneInfo) -> str:
    """``7 March 2026``."""
    if isinstance(moment, NaTType):
        return "later than two years on"
    there = local(moment, tz)
    return f"{there.day} {there:%B %Y}"


def of_players(notes: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """List the notes on many players, each once, with the players whom it is of."""
    players: dict[str, list[str]] = {}
    for player, of_him in notes:
        for note in of_him:
            players.setdefault(note, []).append(player)
    return [f"{', '.join(names)}: {note}" for note, names in players.items()]


def band(row: Any, name: str) -> str:
    """``62% (50% to 73%)``; ``2%`` where its band rounds to that, too."""
    p, low, high = (percent(getattr(row, f"{name}{end}")) for end in ("", "_low", "_high"))
    return p if p == low == high else f"{p} ({low} to {high})"


def with_intervals(table: pd.DataFrame, interval: Callable[..., str], number: Callable[[float], str]) -> pd.DataFrame:
    """Show a table to people: a value and its interval, ``_low`` to ``_high``, in one column, moments in words.

    Parameters
    ----------
    table : DataFrame
    interval, number : callable
        Write a value with the ends of its interval, such as ``"{:.0%} ({:.0%}-{:.0%})".format``, and one alone.
    """
    shown = pd.DataFrame(index=table.index)
    for name in (str(c) for c in table.columns if not str(c).endswith(("_low", "_high"))):
        if f"{name}_low" in table.columns:
            shown[name] = [interval(*row) for row in table[[name, f"{name}_low", f"{name}_high"]].to_numpy()]
        elif isinstance(table[name].dtype, pd.DatetimeTZDtype):
            shown[f"{name}, UTC"] = [f"{moment:%a} {day(moment)} {moment:%Y, %H:%M}" for moment in table[name]]
        else:
            shown[name] = [number(value) if isinstance(value, float) else value for value in table[name]]
    return shown
