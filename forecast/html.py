"""The kit of pages: what a notebook shows of a case, an outlook or a model, and documents that need nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from zoneinfo import ZoneInfo

import pandas as pd

from .wording import day_near, full_date

UTC = ZoneInfo("UTC")
# Colours are those of the page, light or dark.
_PAGE = "overflow-x: auto; overflow-wrap: anywhere; font-variant-numeric: tabular-nums"
_CELL = "text-align: left; padding: 0.25em 1em 0.25em 0.4em; white-space: nowrap"
_NAME = f"{_CELL}; white-space: normal; min-width: 9em"
_DOCUMENT = """\
* { box-sizing: border-box }
body { margin: 0 auto; padding: 1rem; max-width: 60rem; font: 1rem/1.45 Verdana, "DejaVu Sans", sans-serif;
  color: var(--ink); background: var(--paper); overflow-wrap: break-word; font-variant-numeric: tabular-nums }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0.5rem 0 }
h2 { font-size: 1rem; margin: 1.2rem 0 0.3rem }
figure { margin: 1rem 0; max-width: 44rem }
figcaption { font-size: 0.8rem; color: var(--quiet) }
svg { display: block; width: 100%; height: auto }
.scroll, .wide { overflow-x: auto }
.wide figure { max-width: none }
.wide svg { min-width: 48rem }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem }
caption { text-align: left; font-size: 0.8rem; color: var(--quiet); padding-bottom: 0.3rem }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid var(--line) }
thead th { color: var(--quiet); font-weight: normal }
tbody th { min-width: 7rem }
@media (max-width: 30rem) {
  table { font-size: 0.8rem }
  th, td { padding-right: 0.4rem }
  tbody th { min-width: 5rem }
}
ul { margin: 0.5rem 0; padding-left: 1.1rem; font-size: 0.8rem; color: var(--quiet) }
@page { size: A4; margin: 12mm }
@media print {
  body { padding: 0; font-size: 9pt }
  figure { max-width: 130mm; margin: 1mm auto }
  h1 { font-size: 14pt; margin: 0 }
  h2 { font-size: 10pt; margin: 2mm 0 1mm }
  h2, h2 + p, caption { break-after: avoid }
  svg { max-height: 100mm }
  .wide svg { max-height: 130mm; min-width: 0 }
  .many svg { max-height: 235mm }
  table, figcaption, caption { font-size: 7.5pt; line-height: 1.2 }
  th, td { padding: 0.1rem 0.5rem 0.1rem 0 }
  ul { font-size: 7pt }
  tr, figure { break-inside: avoid }
  .short td + td { white-space: nowrap }
  .scroll, .wide { overflow: visible }
}
"""


def page(title: str, lead: str, content: str, notes: Iterable[str] = ()) -> str:
    """Put a heading and a lead above a table, and notes in small letters below it."""
    below = "".join(f'<div style="font-size: smaller; opacity: 0.8">{escape(note)}</div>' for note in notes)
    head = f'<strong>{escape(title)}</strong><div style="margin: 0.3em 0 0.6em">{escape(lead)}</div>'
    return f'<div style="{_PAGE}">{head}{content}<div style="margin-top: 0.6em">{below}</div></div>'


def table(head: list[str], rows: list[list[str]], names: int = 0) -> str:
    """Set rows of cells, each on a line of its own but for the column of ``names``, which wraps."""

    def line(tag: str, cells: list[str]) -> str:
        styles = [_NAME if i == names else _CELL for i in range(len(cells))]
        return "".join(f'<{tag} style="{s}">{escape(c)}</{tag}>' for s, c in zip(styles, cells, strict=True))

    body = "".join(f"<tr>{line('td', row)}</tr>" for row in rows)
    return f"<table><thead><tr>{line('th', head)}</tr></thead><tbody>{body}</tbody></table>"


def when(moment: pd.Timestamp, now: pd.Timestamp) -> str:
    """``Wed 11 Mar, 20:00``."""
    return f"{moment:%a} {day_near(moment, now, UTC)}, {moment:%H:%M}"


def full_moment(moment: pd.Timestamp) -> str:
    """``7 March 2026, 00:13 UTC``."""
    return f"{full_date(moment, UTC)}, {moment:%H:%M} UTC"


def document(title: str, body: Iterable[str], colours: Mapping[str, tuple[str, str]]) -> str:
    """Return a page that needs nothing else: a heading above parts, light or dark by the setting of its reader.

    ``colours`` are those on a light ground and on a dark one, by the names that the parts have for them.
    """
    light, dark = (" ".join(f"--{name}: {both[i]};" for name, both in colours.items()) for i in (0, 1))
    style = f":root {{ color-scheme: light dark; {light} }}\n"
    style += f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n{_DOCUMENT}"
    head = '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    head += f"<title>{escape(title)}</title>\n<style>\n{style}</style>"
    main = "\n".join([f"<h1>{escape(title)}</h1>", *body])
    body_of = f"<body>\n<main>\n{main}\n</main>\n</body>"
    return f'<!doctype html>\n<html lang="en">\n<head>\n{head}\n</head>\n{body_of}\n</html>\n'


def grid(caption: str, head: list[str], rows: list[list[str]]) -> str:
    """Return a table of a page; the first cell of a row names it, and what is too wide can be moved within."""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>\n'
        for row in rows
    )
    table = f"<caption>{escape(caption)}</caption>\n<thead><tr>{top}</tr></thead>\n<tbody>\n{body}</tbody>"
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table>{table}</table></div>'


def notes_list(notes: Iterable[str], heading: str = "Notes") -> str:
    """Return the notes of a page below a heading, or nothing where there is none."""
    lines = "".join(f"<li>{escape(note)}</li>\n" for note in notes)
    above = f"<h2>{escape(heading)}</h2>\n" if heading else ""
    return f"{above}<ul>\n{lines}</ul>" if lines else ""
