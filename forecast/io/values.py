"""Values as people have them: what is blank, a number, yes or no, and a text with the letters that it shows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

# Soft hyphens, marks without width and byte order marks, as they come along from web pages.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_NOTHING = "nan NaN NAN NaT NA <NA> N/A n/a #N/A None null NULL - -- --- \u2013 \u2014 ?"
BLANK = frozenset(("", *_NOTHING.split()))
_NUMBER = re.compile(r"([+-]?\d{1,15}(?:\.\d{1,17}|,\d{1,2})?) ?(%?)")  # a comma before three digits may mean thousands
_YES = "true yes t y 1 1.0 ja oui si sim vrai wahr verdadero vero verdadeiro waar \u2713 \u2714"
_NO = "false no f n 0 0.0 nein non nao nee faux falsch falso onwaar \u2717 \u2718"
_TRUTHS = dict.fromkeys(_YES.split(" "), True) | dict.fromkeys(_NO.split(" "), False)
_OTHER_WORDS = {  # for positions, without accents
    "goalkeeper": "gk gkp g keeper goalie torwart torhuter portero gardien portiere goleiro doelman",
    "defender": "df def d cb lb rb fb wb lwb rwb defence defensa defenseur difensore verteidiger abwehr zagueiro",
    "midfielder": "mf mid m cm dm am cdm cam midfield mittelfeld mittelfeldspieler centrocampista milieu middenvelder",
    "forward": "fw fwd f st cf att attacker attack striker sturm sturmer delantero attaquant attaccante atacante",
}


def tidy(text: str) -> str:
    """Return a text with its letters composed, plain spaces, nothing invisible and no blanks at its ends."""
    seen = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return "".join(" " if unicodedata.category(c) == "Zs" else c for c in seen).strip()


def folded(text: object) -> str:
    """Return a text as it is compared: tidy, in small letters."""
    return tidy(str(text)).casefold()


def bare(text: object) -> str:
    """Return a text in small letters without accents; nothing of None."""
    if text is None:
        return ""
    return "".join(c for c in unicodedata.normalize("NFKD", folded(text)) if not unicodedata.combining(c))


def is_blank(value: Any) -> bool:
    """Tell whether nothing is given: None, NaN, NaT, NA, white space, or a word for one of them."""
    if isinstance(value, str):
        return tidy(value) in BLANK
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def number_of(value: object, percents: float | None = 1.0) -> float:
    """Return the number that stands there, also as a text; ``75%`` is 75 times ``percents``, and none where that is.

    Raises
    ------
    ValueError
        If there is none.
    """
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, str):
        found = _NUMBER.fullmatch(tidy(plain))
        of = percents if found and found[2] else 1.0
        if found is None or of is None:
            raise ValueError("no number")
        plain = float(found[1].replace(",", ".")) * of
    if isinstance(plain, bool) or not isinstance(plain, Real):
        raise ValueError("no number")
    return plain if isinstance(plain, int) else float(plain)


def truth_of(value: object) -> bool | None:
    """Return yes or no, as true and false, 1 and 0, or words of the big leagues; None where it is neither."""
    return _TRUTHS.get(bare(value))


def word_of(text: str, allowed: Iterable[str]) -> str | None:
    """Return the one of the words allowed that is meant, in any letters or by another word for it."""
    plain = bare(text)
    return next((one for one in allowed if plain in (bare(one), *_OTHER_WORDS.get(one, "").split())), None)
