"""Leagues, European cups and domestic cups, told by their names: who is picked differs between them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Scope = Literal["league", "europe", "cup"]

# Of national teams, of other continents, or friendly: none of the three, whatever else the name says.
_ELSEWHERE = re.compile(
    r"\b(internationals?|nations?|naciones|nazioni|olympics?|friendl(y|ies)|finalissima|intercontinental|gamper)\b"
    r"|\b(world ?cup|mundial|mundo|monde|mondo|afcon|africa|afrika|afc|caf|concacaf|conmebol|ofc)\b"
    r"|\b(america|gold cup|asian? cup|copa asia|arab cup|gulf cup|confederations cup|audi cup|emirates cup)\b"
    r"|\b(euros?|eurocopa|european championships?|libertadores|sudamericana|recopa)\b"
)
_EUROPE = re.compile(
    r"\b(uefa|ucl|uel|uecl|europa|champions league|conference league|european (super )?cup|cup winners|intertoto)\b"
    r"|\blig(a|ue) (de|des|dos) (champions|campeones|campeoes)\b"
    r"|^(champions|conference|cl|el|ecl)$"
)
_CUP = re.compile(
    r"(cup|cupen|copa|coppa|coupe|pokal|pokalen|beker|bekeri|taca|kupa|kupasi)\b"  # "supercopa" and "ligapokal", too
    r"|\b(cupa|kup|kubok|pohar|puchar|carabao|trophy|trophee|shield|schaal|vase)\b"
)
_LEAGUE = re.compile(
    r"(league|liga|ligue|lig|divisie)\b"  # "bundesliga" and "superliga", too
    r"|\b(epl|mls|lega|serie|championship|premiership|division|premier|primera|segunda|primeira)\b"
    r"|\b(laliga\d?|campeonato|brasileirao|allsvenskan|eliteserien|ekstraklasa)\b"
)
_LETTERS = str.maketrans("\N{LATIN SMALL LETTER DOTLESS I}øłđ", "iold")  # which no accent makes


@lru_cache(maxsize=512)  # a season has ten names and a thousand matches
def scope_of(competition: str | None) -> Scope:
    """Tell the cups of Europe and of a country by their names; everything else counts as league.

    Parameters
    ----------
    competition : str or None
        Its name, in small letters or capitals, with accents or without.

    Returns
    -------
    {"league", "europe", "cup"}
        ``europe``: Champions League, of any continent, Europa and Conference League; ``cup``: FA Cup, EFL Cup, Copa
        del Rey and their like.

    Examples
    --------
    >>> [scope_of(name) for name in ("La Liga", "UEFA Champions League", "Carabao Cup", "World Cup", None)]
    ['league', 'europe', 'cup', 'league', 'league']
    """
    name = _plain(competition)
    if _ELSEWHERE.search(name) and "champions league" not in name:
        return "league"
    return "europe" if _EUROPE.search(name) else "cup" if _CUP.search(name) else "league"


def read_as_league(competition: str | None) -> bool:
    """Tell whether it counts as league although its name is not that of one: internationals, friendlies, the unknown.

    Parameters
    ----------
    competition : str or None
        Its name; a blank one is no surprise.

    Examples
    --------
    >>> [read_as_league(name) for name in ("EFL Championship", "Nations League", "a cup", None)]
    [False, True, False, False]
    """
    name = _plain(competition)
    known = _LEAGUE.search(name) and not _ELSEWHERE.search(name)
    return bool(name) and scope_of(competition) == "league" and not known


def _plain(competition: str | None) -> str:
    """Reduce a name to its words: small letters without accents, one space between."""
    letters = unicodedata.normalize("NFKD", (competition or "").casefold().translate(_LETTERS))
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in letters if not unicodedata.combining(c))))
