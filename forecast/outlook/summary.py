"""An outlook in a few plain sentences."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from ..charts.view import Shown
from ..wording import band, days, full_date, natural, percent


def sentences(outlook: Shown, tz: ZoneInfo) -> list[str]:
    """Say what an outlook says, a line each; see :meth:`forecast.Outlook.summary`."""
    case, cleared = outlook.spell, outlook.cleared
    onset, now = full_date(case.onset, tz), full_date(case.as_of, tz)
    lines = [f"{case.player}, out since {onset}, forecast on {now} ({days(case.day(case.as_of))} after onset)."]
    if cleared:
        lines.append("He has been cleared but has not appeared yet: the question is whether he is picked.")
    else:
        half, most = full_date(outlook.fit_date(0.5), tz), full_date(outlook.fit_date(0.9), tz)
        lines.append(f"As likely fit as not by {half}; nine times in ten by {most}.")
    row: Any
    for row in outlook.fixtures.itertuples():
        fit = "" if cleared else f"fit {band(row, 'p_fit')}, {natural(row.p_fit)}; "
        often = f", {natural(row.p_plays)}" if cleared else ""
        lines.append(f"{row.fixture}, {full_date(row.kickoff, tz)}: {fit}appears {band(row, 'p_plays')}{often}.")
    for row in outlook.deadlines.itertuples():
        appeared = f"back on the pitch {percent(row.p_appeared)}"
        lines.append(f"By “{row.deadline}”, {full_date(row.when, tz)}: fit {band(row, 'p_fit')}, {appeared}.")
    return [*lines, *outlook.notes]
