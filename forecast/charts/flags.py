"""The flag chart: for each kind of flag, its stated probability against the outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..arrays import Array
from ..evidence.flag_records import FlagRecord, flag_records
from ..evidence.readings import readings_of
from ..io.errors import DataError
from ..scoring.bootstrap import clustered_means
from ..wording import natural, percent
from .sheet.canvas import Head, Layout, Sheet, axis_of_percents, dot, finish, new_sheet
from .sheet.letters import NAME, apart, write
from .sheet.look import PLAIN, Look
from .sheet.style import house_style, muted, paper, points

if TYPE_CHECKING:
    from ..episodes.episodes import Episodes


_ROW, _AXIS = 0.5, 0.3  # heights in inches
_NOTE = "Intervals by resampling players; a promised date counts where the answer is known"


def flag_chart(
    episodes: Episodes, path: str | Path | None = None, look: Look = PLAIN, axes: Axes | None = None
) -> Figure:
    """Draw, for each kind of flag, how often the player then appeared, beside what the flag says."""
    records = flag_records(readings_of(episodes))
    with house_style(look.dark) as colours:
        source = f"{len(episodes):,} injuries; a reading is one look at the feed, about a week apart"
        layout = Layout(_ROW * len(records) + _AXIS, _ROW * len(records) + _AXIS)
        sheet = new_sheet(look, _head(records), (source, _NOTE), [layout], axes)
        panel = sheet.panel(sheet.left, 0.0, sheet.span, sheet.height - _AXIS)
        _set_up(panel, len(records))
        for i, record in enumerate(records):
            _draw_record(panel, i, record, colours)
            _write_record(panel, sheet, i, record, colours[0])
        return finish(sheet, path, _alt(records))


def _set_up(axes: Axes, rows: int) -> None:
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.set_yticks([])
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(axis="x", length=0)


def _draw_record(axes: Axes, i: int, record: FlagRecord, colours: list[str]) -> None:
    """Draw how often a flag came true with its interval, and a line from there to its stated probability."""
    at, seen = i + 0.22, record.seen
    if record.said is not None:
        axes.plot([seen.mean, record.said], [at, at], color=muted(), linewidth=1.0, alpha=0.6, zorder=1)
        dot(axes, record.said, at, "D", colours[1], 7)
    axes.hlines(at, seen.low, seen.high, color=colours[0], linewidth=6, alpha=0.35, zorder=2)
    dot(axes, seen.mean, at, "o", colours[0], 8)


def _write_record(axes: Axes, sheet: Sheet, i: int, record: FlagRecord, colour: str) -> None:
    """Write the flag, and at the other end how often it came true."""
    style: dict[str, Any] = {"bbox": {"facecolor": paper(), "edgecolor": "none", "pad": 1.0}}
    often = f"{percent(record.seen.mean)} of {record.n:,}"
    seen = write(axes, 1.0, i - 0.2, often, ha="right", color=colour, fontweight="bold", **style)
    write(axes, 0.0, i - 0.2, record.flag, sheet.pixels(sheet.span - 0.1) - seen.get_window_extent().width, **style)


def _head(records: list[FlagRecord]) -> Head:
    top = records[0]
    often = f"{natural(top.seen.mean)} played the next match"
    finding = f"After “{top.said:.0%}” {often}: {percent(top.seen.mean)} of {top.n:,} readings."
    return "What does a flag mean?", finding, "Diamond: what was said. Dot: what happened, with its 95% interval"


def _alt(records: list[FlagRecord]) -> str:
    def told(r: FlagRecord) -> str:
        return f"{r.flag}: {percent(r.seen.mean)} of {r.n} ({percent(r.seen.low)} to {percent(r.seen.high)})"

    return f"What a flag said against what happened. {'; '.join(map(told, records))}."


_PLOT, _BELOW, _NAMES = 3.3, 0.45, 0.7  # heights in inches, and the width of the names of lines
_FEW = 10  # readings: a share of fewer is not drawn
_LAST, _LABEL = "over 8 d", 0.16  # the lead that is "beyond"; inches: the height of the name of a line
_KINDS = {"75": "75%", "50": "50%", "25": "25%", "expected": "a date", "unknown": "no date"}
_STYLES = {"75": (0, "o"), "50": (1, "s"), "25": (3, "^"), "expected": (2, "D"), "unknown": (2, "v")}


def lead_chart(
    near: pd.DataFrame, path: str | Path | None = None, look: Look = PLAIN, axes: Axes | None = None
) -> Figure:
    """Draw how often players appeared in the next fixture, by kind of flag and time to kick-off.

    ``near`` has a row a reading: ``kind``, ``lead`` (a category), ``seen``, ``player`` and, where a model forecast it,
    ``p_returns``.
    """
    shares, leads = _shares(near), list(near.lead.cat.categories)
    with house_style(look.dark) as colours:
        layout = Layout(_PLOT + _BELOW, 2.0 + _BELOW)
        source = f"{len(near):,} readings of flags, {near.player.nunique():,} players"
        sheet = new_sheet(look, _lead_head(shares), (source, _LEAD_NOTE), [layout], axes)
        panel = sheet.panel(sheet.left, 0.0, sheet.span - _NAMES, sheet.height - _BELOW)
        groups = shares.groupby("kind", sort=False)
        for shift, (kind, own) in zip(np.linspace(-0.16, 0.16, len(_KINDS)), groups, strict=False):
            _draw_line(panel, own.lead.map(leads.index).to_numpy(float) + shift, own, str(kind), colours)
        axis_of_percents(panel)
        panel.set_ylim(0.0, max(0.6, 1.05 * float(shares.seen_high.max())))
        _name_lines(sheet, panel, shares, colours, len(leads))
        panel.set_xlim(-0.4, len(leads) - 0.6)
        panel.set_xticks(range(len(leads)), [_LAST if lead == "beyond" else lead for lead in leads])
        panel.set_xlabel("from the reading to kick-off", fontsize=points(NAME))
        return finish(sheet, path, _lead_alt(shares))


def _draw_line(axes: Axes, at: Array, own: pd.DataFrame, kind: str, colours: list[str]) -> None:
    """Draw how often one kind of flag came true, its intervals, and where there is one the forecast."""
    number, marker = _STYLES[kind]
    colour = colours[number]
    axes.vlines(at, own.seen_low, own.seen_high, color=colour, linewidth=5, alpha=0.3)
    axes.plot(at, own.seen, marker=marker, color=colour, linewidth=1.4, markersize=points(6), clip_on=False)
    if "said" in own:
        axes.plot(at, own.said, "_", color=colour, markersize=points(14), markeredgewidth=2)


_LEAD_NOTE = f"95% intervals by resampling players; no point of fewer than {_FEW} readings"


def _shares(near: pd.DataFrame) -> pd.DataFrame:
    """Count how often players appeared, with its interval, for each kind of flag and time to kick-off."""
    rows = []
    for kind in _KINDS:
        for lead, own in near[near.kind == kind].groupby("lead", observed=True):
            if len(own) >= _FEW:
                seen = clustered_means(own[["seen"]], own.player)
                said = {"said": own.p_returns.mean()} if "p_returns" in own else {}
                rows.append({"kind": kind, "lead": str(lead), "n": len(own), **seen, **said})
    if not rows:
        raise DataError.of("readings", len(near), f"must be {_FEW} of one kind of flag and one time to kick-off")
    return pd.DataFrame(rows)


def _name_lines(sheet: Sheet, axes: Axes, shares: pd.DataFrame, colours: list[str], leads: int) -> None:
    """Write the name of each line to the right of it, moved apart where two are close."""
    last = shares.groupby("kind", sort=False).seen.last()
    low, top = axes.get_ylim()
    least = sheet.pixels(_LABEL) / float(axes.get_window_extent().height)
    places = apart(last.to_numpy(float) / (top - low), least) * (top - low)
    for kind, height in zip(last.index, places, strict=True):
        number = _STYLES[str(kind)][0]
        write(axes, leads - 0.55, height, _KINDS[str(kind)], color=colours[number], fontweight="bold", clip_on=False)


def _lead_head(shares: pd.DataFrame) -> Head:
    top = shares[shares.kind == shares.kind.iloc[0]]
    near, far = ((percent(float(row.seen)), _when(str(row.lead))) for _, row in top.iloc[[0, -1]].iterrows())
    finding = f"After “{_KINDS[str(top.kind.iloc[0])]}”, {near[0]} played with {near[1]} to go, {far[0]} with {far[1]}."
    model = "; dash: the model" if "said" in shares else ""
    shows = f"How often players appeared in the next fixture, by what the flag said{model}"
    return "How reliable is news as the match nears?", finding, shows


def _when(lead: str) -> str:
    return "over 8 days" if lead == "beyond" else lead.replace(" h", " hours").replace(" d", " days")


def _lead_alt(shares: pd.DataFrame) -> str:
    told = [f"{_KINDS[str(r.kind)]}, {r.lead}: {percent(float(r.seen))} of {r.n}" for _, r in shares.iterrows()]
    return f"How often players appeared in the next fixture by flag and time to kick-off. {'; '.join(told)}."
