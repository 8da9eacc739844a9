"""The flag chart: for each kind of flag, its stated probability against the outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..evidence.flag_records import FlagRecord, flag_records
from ..evidence.readings import readings_of
from ..wording import natural, percent
from .sheet.canvas import Head, Layout, Sheet, dot, finish, new_sheet
from .sheet.letters import write
from .sheet.look import PLAIN, Look
from .sheet.style import house_style, muted, paper

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
        source = f"{len(episodes)} injuries; a reading is one look at the feed, about a week apart"
        layout = Layout(_ROW * len(records) + _AXIS, _ROW * len(records) + _AXIS, narrow=4.0)
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
