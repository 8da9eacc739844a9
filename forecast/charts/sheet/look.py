"""The wishes for a picture, checked: words, size, zone, ground and the probability that is shown."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from ...io.fields import Checker, zone
from ...io.write import PICTURES, ending_of
from ...terms import CHANCES_SHOWN

_UTC = ZoneInfo("UTC")
_INCHES = (1.0, 60.0)  # the least and the most of a side


@dataclass(frozen=True)
class Look:
    """The wishes for a picture; what is None is as the picture has it of itself.

    Attributes
    ----------
    title, subtitle, note : str or None
        In place of its title, in place of its finding, and one more line at its foot.
    size : (float, float) or None
        Width and height in inches.
    tz : ZoneInfo
        Of its dates.
    dark : bool
        On a dark ground.
    what : {"p_fit", "p_plays", "p_returns"} or None
        The probability that is shown first.
    bare : bool
        Without head, foot and list, which stand beside it on a page.
    """

    title: str | None = None
    subtitle: str | None = None
    note: str | None = None
    size: tuple[float, float] | None = None
    tz: ZoneInfo = _UTC
    dark: bool = False
    what: str | None = None
    bare: bool = False


PLAIN = Look()


def look(
    path: object = None,
    *,
    title: object = None,
    subtitle: object = None,
    note: object = None,
    size: object = None,
    tz: str = "UTC",
    dark: bool = False,
    what: object = None,
) -> Look:
    """Check the wishes for a picture, and that its file ends in a format.

    Raises
    ------
    CaseError
        One line for each problem.
    """
    there = zone(tz)
    if path is not None:
        ending_of(path, PICTURES)
    with Checker() as check:
        return Look(
            title=check.maybe(check.text, "title", title),
            subtitle=check.maybe(check.text, "subtitle", subtitle),
            note=check.maybe(check.text, "note", note),
            size=None if size is None else _inches(check, size),
            tz=there,
            dark=check.flag("dark", dark),
            what=check.maybe(check.choice, "what", what, CHANCES_SHOWN),
        )


def _inches(check: Checker, size: object) -> tuple[float, float]:
    within, (least, most) = Checker(), _INCHES
    given = size.split(",") if isinstance(size, str) else size if isinstance(size, tuple | list) else ()
    sides = [within.number("size", side, least, most) for side in given]
    if len(sides) != 2 or within.problems:
        check.fail("size", size, f"must be a width and a height of {least:g} to {most:g} inches, such as (12.8, 7.2)")
        return 1.0, 1.0
    return sides[0], sides[1]
