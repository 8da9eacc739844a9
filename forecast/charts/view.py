"""An outlook as the charts and the sentences see it, and what each of them says of where and when it comes from."""

# ruff: noqa: D102 - the members of Shown are explained in forecast.Outlook

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from zoneinfo import ZoneInfo

import pandas as pd
from pandas.api.typing import NaTType

from ..case.bulletin import Bulletin
from ..case.case import Case
from ..wording import day, day_near, natural, since_onset


class Shown(Protocol):
    """The members of :class:`forecast.Outlook` that a chart may show, explained there."""

    @property
    def case(self) -> Case: ...
    @property
    def spell(self) -> Case: ...
    @property
    def stands(self) -> Sequence[Bulletin]: ...
    @property
    def level(self) -> float: ...
    @property
    def fixtures(self) -> pd.DataFrame: ...
    @property
    def deadlines(self) -> pd.DataFrame: ...
    @property
    def curve(self) -> pd.DataFrame: ...
    @property
    def notes(self) -> Sequence[str]: ...
    @property
    def cleared(self) -> bool: ...
    @property
    def asked(self) -> str: ...
    @property
    def trained_on(self) -> str: ...
    def fit_date(self, p: float = 0.5) -> pd.Timestamp | NaTType: ...
    def returns(self) -> pd.DataFrame: ...
    def choices(self) -> pd.DataFrame: ...
    def history(self) -> pd.DataFrame: ...
    def summary(self, tz: str = "UTC", sentences: int | None = None) -> str: ...


def beyond_those_listed(outlook: Shown, deadline: pd.Timestamp) -> bool:
    """Tell whether matches may be played before a deadline that are not listed: it is a week after the last of them."""
    return bool(deadline > outlook.fixtures.kickoff.iloc[-1] + pd.Timedelta(days=7))


def foot_of_forecast(outlook: Shown, tz: ZoneInfo) -> tuple[str, str]:
    """Return the foot of a chart: the sources, the injuries learned from, and the moment of the forecast in a zone."""
    case = outlook.case
    sources = list(dict.fromkeys(b.source for b in case.bulletins))
    news = f"news: {', '.join(sources)}" if sources else "no news"
    date = f"Forecast of {moment(case.as_of, tz)}, {since_onset(outlook.spell.day(case.as_of))}"
    return f"Model fitted to {outlook.trained_on}; {news}", date


def moment(when: pd.Timestamp, tz: ZoneInfo) -> str:
    """``7 Mar 2026, 01:13 CET``."""
    there = when.tz_convert(tz)
    return f"{day(there)} {there:%Y, %H:%M %Z}"


def answer(outlook: Shown, tz: ZoneInfo) -> str:
    """Answer whether the player plays the next match, and when he is as likely fit as not."""
    half, even = outlook.fit_date(0.5), "fit within two years: unlikely"
    if isinstance(half, pd.Timestamp):
        even = f"as likely fit as not by {day_near(half, outlook.case.as_of, tz)}"
    return f"Chance to play next: {natural(outlook.fixtures.p_plays.iloc[0])}; {even}."
