"""Figures inside a page: SVG whose colours are those of the page, light or dark by the setting of the reader."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from .saved import encoded
from .style import DARK, STYLE, plain_style

_NAMES = {
    "figure.facecolor": "paper",
    "text.color": "ink",
    "grid.color": "line",
    "xtick.color": "quiet",
    "axes.edgecolor": "axis",
}


def inline_svg(figure: Figure, alt: str, prefix: str = "") -> str:
    """Return the figure as an SVG element of a page, with a description for readers who cannot see it.

    The prefix keeps its identifiers apart from those of another figure on the page.
    """
    svg = encoded(figure, ".svg").decode("utf-8")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], count=1, flags=re.DOTALL)
    svg = re.sub(r'(<svg\b[^>]*?) width="[^"]*" height="[^"]*"', r"\1", svg, count=1)
    names = {light: name for name, (light, _) in reversed(colours().items())}
    white = to_hex("white")

    def coloured(tag: re.Match[str]) -> str:
        kept = white if tag[0].startswith("<text") else ""  # white letters stand on a colour, on any ground
        named = {colour: f"var(--{name})" for colour, name in names.items() if colour != kept}
        return re.sub(r"#[0-9a-f]{6}", lambda found: named.get(found[0], found[0]), tag[0])

    svg = re.sub(r"<\w[^>]*>", coloured, svg)
    svg = re.sub(r'( id="|href="#|url\(#)', rf"\g<1>{prefix}", svg)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(" ".join(alt.split()))}" ', 1).strip()


def colours() -> dict[str, tuple[str, str]]:
    """Return the colours of the house, on a light ground and on a dark one, each with a name."""
    light, dark = _of([STYLE]), _of([STYLE, DARK])
    return {name: (light[name], dark[name]) for name in light}


def _of(styles: list[Path]) -> dict[str, str]:
    with plain_style(*styles):
        settings: Any = mpl.rcParams
        cycle = settings["axes.prop_cycle"].by_key()["color"]
        named = {name: settings[key] for key, name in _NAMES.items()} | {f"mark{i}": c for i, c in enumerate(cycle)}
        return {name: to_hex(colour) for name, colour in named.items()}
