"""Letters of any script: from the fonts that are there, else a box in their place."""

from __future__ import annotations

from functools import cache

from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

SHIPPED = "DejaVu Sans"  # comes with matplotlib: Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian, Georgian
MISSING = "□"
_OTHERS = (
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Source Han Sans",
    "Hiragino Sans",
    "PingFang SC",
    "Yu Gothic",
    "Microsoft YaHei",
    "Malgun Gothic",
    "WenQuanYi Zen Hei",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Arial Unicode MS",
)


@cache
def families() -> tuple[str, ...]:
    """The shipped font, and behind it those of other scripts that this computer has."""
    installed = {entry.name for entry in fontManager.ttflist}
    return (SHIPPED, *(name for name in _OTHERS if name in installed))


def drawable(text: str) -> str:
    """The text with a box for every letter that no font has, so that nothing is left out unseen."""
    return "".join(letter if _has(letter) else MISSING for letter in text)


@cache
def _has(letter: str) -> bool:
    """Tell whether some font has a letter both in regular and in bold."""
    return all(any(get_font(file).get_char_index(ord(letter)) for file in _files(w)) for w in ("normal", "bold"))


@cache
def _files(weight: str) -> tuple[str, ...]:
    return tuple(findfont(FontProperties(family=name, weight=weight)) for name in families())
