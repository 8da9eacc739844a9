"""An outlook in words: a few plain sentences, and what a notebook shows of it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pandas as pd

from .. import html
from ..arrays import each_row
from ..charts.view import Shown, beyond_those_listed
from ..wording import band, full_date, in_words, natural, out_for, percent, since_onset


def all_sentences(outlook: Shown, tz: ZoneInfo) -> list[str]:
    """Say what an outlook says, a line each; see :meth:`forecast.Outlook.summary`."""
    case, cleared = outlook.spell, outlook.cleared
    onset, now = full_date(case.onset, tz), full_date(case.as_of, tz)
    since = "hurt on" if cleared else "out since"
    lines = [f"{case.player}, {since} {onset}, forecast on {now} ({since_onset(case.day(case.as_of))})."]
    if cleared:
        lines.append("He has been cleared but has not appeared yet: the question is whether he is picked.")
    else:
        half, most = full_date(outlook.fit_date(0.5), tz), full_date(outlook.fit_date(0.9), tz)
        lines.append(f"As likely fit as not by {half}; nine times in ten by {most}.")
    for row in each_row(outlook.fixtures):
        fit = "" if cleared else f"fit {band(row, 'p_fit')}{in_words(row.p_fit)}; "
        often = in_words(row.p_plays) if cleared else ""
        lines.append(f"{row.fixture}, {full_date(row.kickoff, tz)}: {fit}plays {band(row, 'p_plays')}{often}.")
    for row in each_row(outlook.deadlines):
        appeared = f"back on the pitch {percent(row.p_appeared)}{in_matches(outlook, row.when)}"
        lines.append(f"By “{row.deadline}”, {full_date(row.when, tz)}: fit {band(row, 'p_fit')}, {appeared}.")
    return [*lines, *outlook.notes]


def in_matches(outlook: Shown, deadline: pd.Timestamp) -> str:
    """Say that an appearance counts in the matches listed, where others may be played before the deadline."""
    return " in the matches listed" if beyond_those_listed(outlook, deadline) else ""


def in_short(outlook: Shown, tz: ZoneInfo) -> list[str]:
    """Say it in three sentences for print: whether the player plays, when he is fit, how long he has been out."""
    case = outlook.spell
    row = next(each_row(outlook.fixtures))
    chance = percent(row.p_plays).replace("<", "less than ").replace(">", "more than ") + in_words(row.p_plays)
    half, most = full_date(outlook.fit_date(0.5), tz), full_date(outlook.fit_date(0.9), tz)
    fit = f"He is as likely fit as not by {half}, and nine times in ten by {most}."
    out = "had been out" if outlook.cleared else f"has been {out_for(case.day(case.as_of))}"
    return [
        f"{row.fixture} on {full_date(row.kickoff, tz)}: the chance that {case.player} plays is {chance}.",
        "He has been cleared but has not appeared yet." if outlook.cleared else fit,
        f"He {out} with a {case.body_part} injury; this is the forecast of {full_date(case.as_of, tz)}, "
        f"learned from {outlook.trained_on}.",
    ]


def outlook_html(outlook: Shown) -> str:
    """Set the probabilities of each fixture and deadline with their bands, and how often that is, in a small page."""
    case, cleared = outlook.case, outlook.cleared
    half = outlook.fit_date(0.5)
    lead = "Cleared, not back yet." if cleared else f"As likely fit as not by {full_date(half, html.UTC)}."
    lead += f" In brackets the {outlook.level:.0%} band."
    asked, *others = ("p_plays", "p_returns") if cleared else ("p_fit", "p_plays", "p_returns")
    rows: list[list[str]] = []
    for row in each_row(outlook.fixtures):
        chances = band(row, asked), natural(getattr(row, asked)), *(band(row, name) for name in others)
        rows.append([row.fixture, html.when(row.kickoff, case.as_of), *chances])
    for row in each_row(outlook.deadlines):
        p = row.p_appeared if cleared else row.p_fit
        chance = percent(p) if cleared else band(row, "p_fit")
        rows.append([row.deadline, html.when(row.when, case.as_of), chance, natural(p), *[""] * len(others)])
    titles = {"p_fit": "fit by then", "p_plays": "plays", "p_returns": "first appearance"}
    head = ["", "UTC", titles[asked], "", *(titles[name] for name in others)]
    title = f"{case.player}, forecast of {html.full_moment(case.as_of)}"
    return html.page(title, lead, html.table(head, rows), outlook.notes)
