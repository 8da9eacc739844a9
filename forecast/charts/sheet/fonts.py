"""Letters of any script: from the fonts that are there, else a box in their place and a warning that names a font."""

from __future__ import annotations

import logging
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import matplotlib as mpl
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

SHIPPED = "DejaVu Sans"  # comes with matplotlib: Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian, Georgian
MISSING = "□"
_OTHERS = (  # of many letters; those of one script each are found by their name
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Source Han Sans",
    "Hiragino Sans",
    "PingFang SC",
    "Yu Gothic",
    "Microsoft YaHei",
    "Malgun Gothic",
    "WenQuanYi Zen Hei",
    "Noto Emoji",
    "Segoe UI Emoji",
    "Symbola",
    "Arial Unicode MS",
)
_CJK = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC", "FULLWIDTH")
_SELECTORS = range(0xFE00, 0xFE10)  # marks that choose between two forms of a letter


@cache
def families() -> tuple[str, ...]:
    """The shipped font, and behind it those of other scripts that this computer has."""
    return (SHIPPED, *(name for name in _OTHERS if name in _installed()))


@cache
def _installed() -> frozenset[str]:
    return frozenset(entry.name for entry in fontManager.ttflist)


@contextmanager
def one_weight() -> Iterator[None]:
    """Let nothing be said of a font that has no bold and whose letters stand in: matplotlib would say it of each."""

    def about_else(record: logging.LogRecord) -> bool:
        return "find font weight" not in record.getMessage()

    log = logging.getLogger("matplotlib.font_manager")
    log.addFilter(about_else)
    try:
        yield
    finally:
        log.removeFilter(about_else)


def drawable(text: str) -> str:
    """Return the text with a box for every letter that no font has, so that nothing is left out unseen.

    A warning names the letters, and a font that has them. Where that font is installed, it joins the style that holds.
    """
    seen = [c for c in text if unicodedata.category(c) != "Cf" and ord(c) not in _SELECTORS]
    missing = _missing(seen)
    if found := {_font_of(letter) for letter in missing} & _installed():
        mpl.rcParams["font.family"] = [*mpl.rcParams["font.family"], *sorted(found)]
        missing = _missing(seen)
    named = [letter for letter in missing if unicodedata.category(letter) not in ("Co", "Cn", "Cs")]
    if named:
        remedy = ", ".join(sorted({_font_of(letter) for letter in named}))
        remark = f"No font here has {''.join(named[:9])}: boxes stand in. To have them, install {remedy}."
        warnings.warn(remark, stacklevel=2)
    return "".join(MISSING if letter in missing else letter for letter in seen)


def _missing(letters: list[str]) -> list[str]:
    """List the letters that no font of the style has."""
    fonts = tuple(mpl.rcParams["font.family"])
    return sorted({letter for letter in letters if not _has(letter, fonts)})


def _font_of(letter: str) -> str:
    """Name a free font that has a letter."""
    script = unicodedata.name(letter, "").split(" ")[0].split("-")[0]
    if script in _CJK:
        return "Noto Sans CJK"
    return "Noto Emoji" if unicodedata.category(letter) in ("So", "Sk") else f"Noto Sans {script.capitalize()}"


@cache
def _has(letter: str, fonts: tuple[str, ...]) -> bool:
    """Tell whether some font has a letter both in regular and in bold."""
    return all(any(get_font(f).get_char_index(ord(letter)) for f in _files(w, fonts)) for w in ("normal", "bold"))


@cache
def _files(weight: str, fonts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(findfont(FontProperties(family=name, weight=weight)) for name in fonts)
