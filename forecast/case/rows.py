"""Lines of a table and events of a calendar as they stand there, and the marks in them, before a fixture is made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from ..io.dates import Time
from ..io.limits import MAX_TEXT
from ..io.values import bare
from ..wording import printable
from .competition import scope_of

# Off, in the languages of the big leagues: as in "Postponed", "P-P", "PPD:", "(PP)", "aplazado", "abgesagt".
_WORDS = (
    r"postponed|postp|pstp|ppd|called off|rained off|cancell?ed|canc|abandoned|abandonada|suspended|suspendu[es]?|susp"
    r"|aplazad[ao]s?|pospuest[ao]s?|postergad[ao]s?|suspendid[ao]s?|anulad[ao]s?|cancelad[ao]s?|adiad[ao]s?"
    r"|suspens[ao]s?|verschoben|verlegt|abgesagt|abgebrochen|ausgefallen|entfallt|annulliert|rinviat[ao]|sospes[ao]"
    r"|annullat[ao]|cancellat[ao]|interrott[ao]|report[eé]e?s?|annule[es]?|interrompu[es]?|interrompid[ao]|uitgesteld"
    r"|afgelast|gestaakt|geannuleerd|ertelendi|iptal"
)
_PP = r"p\.?p\.?"
_OFF = re.compile(
    rf"\b(?:{_WORDS})\b|\bp ?[-\u2013\u2014] ?p\b|^{_PP}\s*[:-]|[(\[]\s*{_PP}\s*[)\]]|[-\u2013\u2014:|]\s*{_PP}$"
)
_OFF_STATUS = re.compile(r"p\.?p\.?d?|pst|abd|aban|abandoned|void|off|delayed indefinitely")
_ON_STATUS = re.compile(
    r"scheduled|timed|confirmed|tentative|upcoming|fixture|pre|not[ _]?started|ns|tb[acd]|finished|played|completed?"
    r"|final|ended|ft|full[ -_]?time|aet|pen|result|live|in[ _-]?play|paused|ht|half[ -_]?time|awarded|awd"
    r"|yes|no|true|false|programad[ao]|finalizad[ao]|geplant|beendet|angesetzt|terminiert|abgeschlossen|programmata"
    r"|terminata|prevista|da (?:disputare|giocare)|prevu|termine|joue|programme|a venir|por jugar|no iniciado"
    r"|previsto|gepland|gespeeld|afgelopen|planlandi|[01]"
)
# What else the calendars of clubs and leagues announce, in the same languages.
_EVENT = (
    r"(?:(?:season |match ?day )?tickets?(?: (?:office|sales?|exchange|window|info))?|billetterie|billets|entradas"
    r"|biglietti|bilhetes|ingressos|kaartverkoop|vorverkauf|ticketverkauf|(?:general|on|pre) ?-?sale"
    r"|press(?:er| ?conference| day)|media (?:day|conference)|pressekonferenz|rueda de prensa"
    r"|conference de presse|conferenza stampa|conferencia de imprensa|coletiva(?: de imprensa)?|persconferentie"
    r"|training(?: (?:camp|session))?|trainingslager|entrenamientos?|entrainements?|allenament[oi]|treinos?"
    r"|members['\u2019]? ?(?:day|meeting|evening)|\w*mitgliederversammlung|jahreshauptversammlung|agm"
    r"|annual general meeting|assemblea|asamblea|assemblee generale|assembleia(?: geral)?|ledenvergadering"
    r"|(?:stadium|ground) tours?|stadionfuhrung|visite du stade|open (?:day|dag)|tag der offenen tur"
    r"|portes ouvertes|puertas abiertas|porte aperte|fan ?(?:fest|day|zone)|meet (?:and|&) greet|autogrammstunde"
    r"|(?:signing|photo) session|team ?(?:photo|foto)|kit launch|trikotprasentation|draw|auslosung"
    r"|tirage(?: au sort)?|sorteos?|sorteggio|sorteios?|loting|kura cekimi"
    r"|(?:transfer )?window (?:opens|closes|shuts)|transfer (?:window|deadline)|deadline(?: day)?"
    r"|transferschluss|mercato|international (?:break|window|week)|landerspielpause|treve(?: internationale)?"
    r"|paron|fecha fifa|pausa|sosta|interlandperiode|(?:winter|summer|mid-?season) break|(?:winter|sommer)pause"
    r"|days? off|rest day|free week|no (?:game|match|fixture)|trainingsfrei|holidays?|birthday|geburtstag)"
)
_FILLER = (
    r"(?:open|public|offentliches|abiert[oa]s?|publi[cq]\w*|aperto|aberto|general|de|des|do|du|of|for|the|now|zum|am)"
)
_ANNOUNCED = re.compile(rf"\b{_EVENT}\b")
_NOTHING_ELSE = re.compile(rf"(?:{_FILLER} )*{_EVENT}(?: (?:{_FILLER}|{_EVENT}))*")
_BYE = re.compile(
    r"(?:a )?byes?(?: week| round)?|spielfrei|freilos|exempte?|descansa|jornada libre|ripos[ao]|folga|vrij"
)
# Not known yet, in the same languages.
OPEN = (
    r"(?:tb[acd]|to be (?:confirmed|announced|decided|determined|arranged)|[a\u00e0] (?:d[e\u00e9])?(?:finir|terminer)"
    r"|(?:a|por) (?:definir|confirmar|determinar)|da (?:definire|confermare|stabilire)|(?:noch )?offen"
    r"|noch nicht terminiert|n\.?n\.?b\.?|nog te bepalen|belirlenecek)"
)
# The hour is open in "A v B (TBC)" and "A v B - time TBA"; in "TBC v A" the opponent is.
_HOUR = r"(?:time|date|ko|kick-?off)\s+"
_OPEN = re.compile(
    rf"(?:[-(\[\u2013\u2014]\s*(?:{_HOUR})?|\b{_HOUR}){OPEN}\b|\bto be (?:confirmed|announced|decided)\b"
)
_BRACKETS = re.compile(r"[(\[]\s*([^()\[\]]{1,40}?)\s*[)\]]")
_USUAL = re.compile(
    rf"\d+|h|a|n|home|away|neutral|((time|date|ko|kick-?off) )?{OPEN}|u-?\d\d|w|women|w?fc|aet"
    r"|(1st|2nd|first|second) leg|leg [12]|(hin|ruck)spiel|andata|ritorno|(match )?(aller|retour)|ida|vuelta"
    r"|(heen|terug)wedstrijd|(agg|aggregate|pens?)?\.? ?\d+ ?[-\u2013:] ?\d+( (on )?(agg|aggregate|pens?|aet))?"
)
_OPPONENT = re.compile(
    r"(?=.*[)\]]$|vs?\b|@|at )(?:(vs?\.?|@|at)\s*\b)?(.*?\S)\s*(?:[(\[]\s*(h|a|n|home|away|neutral)\s*[)\]])?",
    re.IGNORECASE,
)
_VERSUS, _AROUND = re.compile(r"\bvs?\b", re.IGNORECASE), re.compile(r"\s*[:|,]\s+|\s+[-\u2013\u2014|]\s+")
_DASH = re.compile(r"\s[-\u2013\u2014]\s")
_SHOWN = 3
_FEW, _LONG = 3, 2000  # words of a remark, for a longer one may tell of another day; and characters that are read of it
# What tells a team of women, of the young or of those who play second from the first one, and what they play in.
_SECOND = (
    r"(?:w|women|ladies|wfc|girls|frauen|damen|f[e\u00e9]minin[eoa]s?|femenin[oa]|femeni|femminile|vrouwen|kadin"
    r"|u-?\d\d|under[- ]?\d\d|ii|b|reserves?|youth|academy|primavera)"
)
_OF_SECONDS = re.compile(
    r"\b(?:women\S*|wsl|frauen\w*|f[e\u00e9]minin\w*|femenin\w*|femminile|vrouwen\w*|u-?\d\d|youth|primavera"
    r"|premier league 2|pl2)(?!\w)"
)


@dataclass(frozen=True)
class Row:
    """A line of a table, or an event of a calendar, unchecked."""

    entry: str
    fixture: str
    kickoff: Time | None
    competition: str | None = None
    status: str | None = None
    remark: str | None = None  # that has a word for a match that is off, but is too long to say no more than that

    @cached_property  # as below
    def is_no_match(self) -> bool:
        """Tell by the name that it is a bye, or what else a calendar announces, and not a match of two teams."""
        name = _BRACKETS.sub("", bare(self.fixture)).strip()
        sides = [side for part in _AROUND.split(name) for side in _VERSUS.split(part)]
        if any(_BYE.fullmatch(side.strip()) for side in (*sides, *_BRACKETS.findall(bare(self.fixture)))):
            return True
        of_one = opponent_of(self.fixture)
        return self.announces and not (_has_teams(name, sides) or (of_one and (of_one[1] or of_one[3])))

    @cached_property  # as below
    def announces(self) -> bool:
        """Tell whether the name has the words of something else than a match, whatever else it has."""
        return bool(_ANNOUNCED.search(_BRACKETS.sub("", bare(self.fixture))))

    @cached_property  # a squad reads one table with many filters
    def words(self) -> str:
        """Return the text in which a filter is looked for."""
        return f"{bare(self.fixture)}\n{bare(self.competition or '')}"

    def is_of_seconds(self, team: str) -> bool:
        """Tell whether it is a match of the women, the young or the second team of a club, by its bare name."""
        club = re.escape(team)
        marked = rf"(?<!\w){club}\s*[(\[]?\s*{_SECOND}(?!\w)|(?<!\w)(?:jong|u-?\d\d)\s+{club}(?!\w)"
        return bool(re.search(marked, bare(self.fixture))) or is_of_seconds(self.competition)

    def of(self, team: str) -> Row:
        """Return the row with both teams in its name, that of the home team first."""
        found = opponent_of(self.fixture)
        if found is None:
            return self
        away = bare(found[1] or found[3])[:1] in ("@", "a")
        return replace(self, fixture=f"{found[2]} v {team}" if away else f"{team} v {found[2]}")


@dataclass
class Rows:
    """Rows, and what is to be noted of how they were read, known once all of them are."""

    rows: Iterable[Row]
    notes: list[str] = field(default_factory=list)


def _has_teams(name: str, sides: Sequence[str]) -> bool:
    """Tell whether there are two teams with a dash or ``v`` between them."""
    return bool(_VERSUS.search(name)) or (
        bool(_DASH.search(name)) and sum(not _NOTHING_ELSE.fullmatch(side.strip()) for side in sides) > 1
    )


def opponent_of(name: object) -> re.Match[str] | None:
    """Find the opponent and where the match is in a name such as ``City (A)`` or ``@ City``."""
    found = _OPPONENT.fullmatch(str(name))
    return None if found is None or _VERSUS.search(found[2]) or _AROUND.search(found[2]) else found


def competition_in(name: object) -> str | None:
    """Return the competition that a name has in brackets, before a colon or after a dash: a cup, or one in Europe."""
    text = str(name)
    around = [part for part in _AROUND.split(text) if not _VERSUS.search(part)] if _VERSUS.search(text) else []
    return next((part for part in (*_BRACKETS.findall(text), *around) if scope_of(part) != "league"), None)


def is_off(name: object, status: object = None) -> bool:
    """Tell by its name or its status that a match is not played when it was to be."""
    stands = bare(status)
    return bool(_OFF.search(bare(name)) or _OFF.search(stands) or _OFF_STATUS.fullmatch(stands))


def is_of_seconds(competition: object) -> bool:
    """Tell whether it is a competition of women, of the young or of second teams."""
    return bool(_OF_SECONDS.search(bare(competition)))


def off_by(remarks: Iterable[object]) -> tuple[str | None, str | None]:
    """Return a remark of a few words that a match is off, and one that may say so, but is long."""
    texts = (" ".join(word.split())[:_LONG] for word in remarks if isinstance(word, str))
    said = [text[: MAX_TEXT + 1] for text in texts if is_off("", text)]
    short = (word for word in said if len(word.split()) <= _FEW)
    return next(short, None), next((word for word in said if len(word.split()) > _FEW), None)


def is_bye(cell: object) -> bool:
    """Tell whether a cell says that there is no match."""
    return isinstance(cell, str) and bool(_BYE.fullmatch(bare(cell)))


def tells_how_it_stands(word: object) -> bool:
    """Tell whether a word in place of the hour is one for a match that is on, or over: LIVE, FT."""
    return isinstance(word, str) and word.strip().isalpha() and bool(_ON_STATUS.fullmatch(bare(word)))


def hour_is_open(name: object) -> bool:
    """Tell by the name of a match that its hour is not known yet."""
    return bool(_OPEN.search(bare(name)))


def odd_marks(rows: Sequence[Row]) -> list[str]:
    """Note the statuses, the marks in brackets and the remarks that mean nothing here."""
    statuses: dict[str, None] = {}
    marks: dict[str, None] = {}
    for row in rows:
        if (status := bare(row.status)) and not _ON_STATUS.fullmatch(status) and not is_off("", status):
            statuses[str(row.status)] = None
        given = _BRACKETS.findall(str(row.fixture))
        given += [str(row.fixture)] * row.announces
        marks |= {m: None for m in given if not _USUAL.fullmatch(bare(m)) and scope_of(m) == "league"}
    return [
        f"{what if len(found) == 1 else many} not understood, so that the match counts: {some(found)}."
        for what, many, found in (
            ("A status that is", "Statuses that are", statuses),
            ("A mark that is", "Marks that are", marks),
            ("A remark that is", "Remarks that are", dict.fromkeys(row.remark for row in rows if row.remark)),
        )
        if found
    ]


def same_match(name: object) -> str:
    """Return the name of a match without marks, as two versions of it have it in common."""
    return " ".join(re.findall(r"\w+", _OPEN.sub(" ", _OFF.sub(" ", bare(name)))))


def some(names: Iterable[object]) -> str:
    """List a few names, and how many more there are."""
    given = [printable(name) for name in names]
    return ", ".join(given[:_SHOWN]) + (f" and {len(given) - _SHOWN} more" if len(given) > _SHOWN else "")
