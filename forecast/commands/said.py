"""A bulletin in a line of text, as ``--said`` takes it."""

from __future__ import annotations

from ..case.bulletin import DETAIL, Bulletin
from ..case.case_file import TIMES, bulletin_of_fields
from ..io.dates import in_zone
from ..io.errors import CaseError, naming
from ..terms import BULLETIN_KINDS


def bulletin_of(text: str, tz: str | None = None) -> Bulletin:
    """Read a bulletin: when it was issued, its kind, what the kind needs, and who said it.

    Parameters
    ----------
    text : str
        Such as ``"2026-03-09 ruled_out 2026-03-29 club"``, ``"2026-03-09 unknown"`` or ``"2026-03-09 between
        2026-03-20 2026-03-29 0.8 the club doctor"``.
    tz : str, optional
        The zone of times that have none.

    Raises
    ------
    CaseError
        One line for each problem.
    """
    words = text.split()
    issued, kind, *rest = words if len(words) > 1 else ["", ""]
    kind = kind.lower()
    if kind == "own" or kind not in BULLETIN_KINDS:
        kinds = ", ".join(name for name in BULLETIN_KINDS if name != "own")
        raise CaseError.of("--said", text, f"must be a date, a kind of {kinds}, what it needs, and a source")
    needed = DETAIL.get(kind, ())
    given = {"issued": issued, "kind": kind, **dict(zip(needed, rest, strict=False))}
    if source := " ".join(rest[len(needed) :]):
        given["source"] = source
    fields = {name: in_zone(value, tz) if name in TIMES else value for name, value in given.items()}
    with naming(entry=f"--said {text!r}"):
        return bulletin_of_fields(**fields)
