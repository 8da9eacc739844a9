"""The outlook of one case: tables, single answers, sentences, a picture."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import pandas as pd

from ..arrays import with_copies_of
from ..case.bulletin import Bulletin
from ..case.case import Case
from ..evidence.open_case import OpenCase
from ..io.dates import no_later
from ..io.errors import CaseError
from ..io.fields import Checker, instance_of, one_of, zone
from ..io.limits import MAX_NEWS
from ..wording import written
from .answers import Answers, HasDraws
from .history import DRAWS, changed_since, history_of, moved_by_news
from .summary import all_sentences, in_short, outlook_html
from .tables import records

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Kind = Literal["fixtures", "returns", "timeline", "choices"]


class Forecaster(HasDraws, Protocol):
    """A model as an outlook sees it."""

    @property
    def draws(self) -> int:
        """Number of the draws of the parameters."""

    @property
    def trained_on(self) -> str:
        """The injuries that it was fitted to."""

    @property
    def digest(self) -> str:
        """SHA-256 of its file, in hexadecimal."""

    def forecast(self, case: Case, level: float = 0.9) -> Outlook:
        """Forecast one case."""

    def with_draws(self, draws: int) -> Forecaster:
        """Return the same model with another number of draws."""


@with_copies_of("fixtures", "deadlines")
@dataclass(frozen=True, eq=False)
class Outlook(Answers):
    """The forecast of one case. Probabilities are in [0, 1], moments in UTC.

    Attributes
    ----------
    case : Case
    level : float
        Of the bands, such as 0.9.
    fixtures : DataFrame
        One row for each fixture after ``as_of``, in order of kick-off: ``fixture``, ``kickoff``, and ``p_fit`` (fit by
        kick-off), ``p_plays`` (appears in it), ``p_returns`` (it is his first appearance), each with the ends of its
        band, ``_low`` and ``_high``; then ``competition``, where one was given.
    deadlines : DataFrame
        One row for each deadline after ``as_of``: ``deadline``, ``when``, ``p_fit`` with its band, and ``p_appeared``,
        that he has appeared by then in one of the fixtures listed.
    model : ReturnModel
        The model that made it.
    now : OpenCase
        The case as the model sees it.
    notes : tuple of str
        Where the case is unlike the data, or was read differently from how it was written.
    """

    case: Case
    level: float
    fixtures: pd.DataFrame
    deadlines: pd.DataFrame
    model: Forecaster = field(repr=False)
    now: OpenCase = field(repr=False)
    notes: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Outlook) and self.case == other.case and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.case, self.level))

    @property
    def cleared(self) -> bool:
        """Whether the player has been cleared and has not appeared yet."""
        return self.now.cleared

    @property
    def asked(self) -> str:
        """The probability that the case is about: ``p_fit``, or ``p_plays`` once the player is cleared."""
        return "p_plays" if self.cleared else "p_fit"

    @property
    def spell(self) -> Case:
        """The case with the onset of the open spell: the last flag after a clearance, where there is one."""
        return self.now.case

    @property
    def stands(self) -> tuple[Bulletin, ...]:
        """The bulletins that nothing has overtaken."""
        return self.now.stands

    @property
    def trained_on(self) -> str:
        """The injuries that the model was fitted to."""
        return self.model.trained_on

    def given(self, bulletin: Bulletin) -> Outlook:
        """Forecast the case as if a further bulletin had been issued.

        Raises
        ------
        CaseError
            If it was issued after ``as_of``, or contradicts another bulletin.
        """
        instance_of("bulletin", bulletin, Bulletin, "a Bulletin")
        if no_later(bulletin.issued, now := self.case.as_of) > now:
            allowed = f"must not be after as_of, {written(now)}: case.updated(as_of, said=[...]) goes on to later news"
            raise CaseError.of("issued", written(bulletin.issued), allowed)
        return self._with(replace(self.case, bulletins=(*self.case.bulletins, bulletin)))

    def news(self) -> pd.DataFrame:
        """Show where the news moved the forecast: each fixture before and after each bulletin.

        Returns
        -------
        DataFrame
            A row for each bulletin, in order of issue, and fixture: ``issued``, ``kind``, ``source``, ``fixture``,
            ``p_fit_before``, ``p_fit_after``, ``p_plays_before``, ``p_plays_after``, all as of the day of the forecast.

        Raises
        ------
        CaseError
            If there are more than 30 bulletins: each takes a forecast of its own.
        """
        if (count := len(self.case.bulletins)) > MAX_NEWS:
            allowed = f"must be at most {MAX_NEWS}, for each takes a forecast"
            raise CaseError.of("bulletins", f"{count} bulletins", allowed)
        return moved_by_news(self.case, lambda case: self._with(case).fixtures)

    def since(self, earlier: Outlook, of: str = "p_fit") -> pd.DataFrame:
        """Explain the change since an earlier outlook of the same injury.

        Parameters
        ----------
        earlier : Outlook
        of : {"p_fit", "p_plays", "p_returns"}

        Returns
        -------
        DataFrame
            A row for each fixture that both have: ``fixture``, ``then``, what the ``time`` that passed, the fixtures
            ``missed`` in it and the ``news`` added, and ``now``; the four add up to the last.

        Raises
        ------
        CaseError
            If the other outlook is not earlier.
        """
        instance_of("earlier", earlier, Outlook, "an Outlook")
        of = one_of("of", of, ("p_fit", "p_plays", "p_returns"))
        if earlier.case.as_of > self.case.as_of:
            raise CaseError.of("earlier", str(earlier.case.as_of), f"must not be after {self.case.as_of}")
        before = earlier.case, earlier.fixtures
        return changed_since((self.case, self.fixtures), before, lambda case: earlier._with(case).fixtures, of)

    def history(self) -> pd.DataFrame:
        """Return what would have been forecast since the onset, from what was known on each day.

        Returns
        -------
        DataFrame
            A row for each of some moments, a column for each fixture still ahead, numbered from 0: the probability
            that the case is about, see :attr:`asked`.
        """
        quick = self.model.with_draws(min(DRAWS, self.model.draws))
        return history_of(self.case, self.fixtures[self.asked], lambda case: quick.forecast(case).fixtures)

    def summary(self, tz: str = "UTC", sentences: int | None = None) -> str:
        """Say it in plain words, with the dates of a time zone such as ``"Europe/Madrid"``.

        Parameters
        ----------
        tz : str
        sentences : {1, 2, 3}, optional
            The most important sentences, for print; where left out a line for each fixture, deadline and note.
        """
        if sentences is None:
            return "\n".join(all_sentences(self, zone(tz)))
        with Checker() as check:
            count = check.whole("sentences", sentences, 3, least=1)
        return " ".join(in_short(self, zone(tz))[:count])

    def to_html(
        self,
        path: str | Path | None = None,
        *,
        tz: str = "UTC",
        title: str | None = None,
        choices: pd.DataFrame | None = None,
    ) -> str:
        """Return a page that needs nothing else, and write it where a path is given.

        Chart with a description, three sentences, table, notes and the model's digest; light or dark by the setting of
        its reader, without a script or a request to anywhere; it prints on one side of A4, with choices on two.

        Parameters
        ----------
        path : path, optional
            Must end in ``.html`` or ``.htm``.
        tz : str
            Time zone of the dates, such as ``"Europe/Madrid"``.
        title : str, optional
            In place of its title.
        choices : DataFrame, optional
            A table of :meth:`choices` to show, too.

        Raises
        ------
        CaseError
            If there is no such time zone, or the path ends otherwise.
        """
        from .page import outlook_page  # here, so that forecast does not load matplotlib

        return outlook_page(self, path, zone(tz), title, choices)

    def plot(
        self,
        path: str | Path | None = None,
        kind: Kind = "fixtures",
        *,
        title: str | None = None,
        subtitle: str | None = None,
        note: str | None = None,
        size: tuple[float, float] | None = None,
        tz: str = "UTC",
        dark: bool = False,
        what: Literal["p_fit", "p_plays"] | None = None,
        ax: Axes | None = None,
        choices: pd.DataFrame | None = None,
    ) -> Figure:
        """Draw it, and save it where a path is given: ``.png``, ``.svg`` (letters stay letters) or ``.pdf``.

        Fonts, colours and sizes that are set in ``matplotlib.rcParams`` go before those of the house.

        Parameters
        ----------
        path : path, optional
        kind : {"fixtures", "returns", "timeline", "choices"}
            How likely he is fit for each fixture; which is the one of his return; how the forecast moved since onset;
            the choices of his first match back.
        title, subtitle, note : str, optional
            In place of its title and of the line below, and one more line at its foot.
        size : (float, float), optional
            Width and height in inches; it is laid out anew for them, wide, square or tall.
        tz : str
            Time zone of the dates, such as ``"Europe/Madrid"``.
        dark : bool
            On a dark ground.
        what : {"p_fit", "p_plays"}, optional
            Of the fixtures: the probability that is shown first, with its band; the other one is a quiet second mark.
        ax : matplotlib Axes, optional
            Axes of another figure to draw in, as large as they are then; head and foot are left out, the rest of the
            figure as it was.
        choices : DataFrame, optional
            A table of :meth:`choices` to draw, for that kind; with its usual arguments where left out.

        Returns
        -------
        matplotlib.figure.Figure
            Never shown here; a notebook shows it when it is the last value of a cell.

        Raises
        ------
        CaseError
            If there is no such kind, ending, size or time zone; then nothing is written.
        """
        from ..charts.kinds import OF_AN_OUTLOOK  # here, so that forecast does not load matplotlib
        from ..charts.sheet.look import look

        draw = OF_AN_OUTLOOK[one_of("kind", kind, tuple(OF_AN_OUTLOOK))]
        wishes = look(path, title=title, subtitle=subtitle, note=note, size=size, tz=tz, dark=dark, what=what)
        return draw(self, path, wishes, ax, **({} if choices is None else {"choices": choices}))

    def to_dict(self) -> dict[str, Any]:
        """The tables as plain values, with moments as ISO text: what ``--json`` writes."""
        return {
            "player": self.case.player,
            "onset": self.case.onset.isoformat(),
            "as_of": self.case.as_of.isoformat(),
            "level": self.level,
            "fixtures": records(self.fixtures),
            "deadlines": records(self.deadlines),
            "notes": list(self.notes),
        }

    def _repr_html_(self) -> str:
        return outlook_html(self)

    def _with(self, case: Case) -> Outlook:
        return self.model.forecast(case, self.level)
