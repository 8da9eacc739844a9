"""Every choice of the first match back side by side: fit by then, the risk of a relapse, and the matches played.

No choice is named as the right one. What is learned, what is a what-if from the literature and what nobody knows is in
the notes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from ..arrays import Array, each_row
from ..charts.view import Shown
from ..episodes.relapses import YEAR
from ..factors.posterior import Posterior
from ..html import UTC
from ..io.errors import MISSING, CaseError
from ..io.fields import Checker
from ..io.limits import MAX_CHOICES
from ..terms import HORIZON, WINDOW
from ..wording import band, counted, full_date, hurt_again, of_hundred
from .relapse import Effect, RelapseRisk, appearances, log_odds_by_session, shifted
from .tables import bands

# Odds ratio of an injury in the first match for each training session before it, and its 95% interval: Bengtsson 2020,
# data/literature/relapses.csv. After six sessions the risk was hardly above that of any match.
PUBLISHED: Effect = (0.87, 0.79, 0.95)
MOST_SESSIONS = 6


class HasRelapses(Protocol):
    """A model that may have learned of relapses."""

    def relapses(self, part: str, before: bool | None = None) -> RelapseRisk | None:
        """Draw the risk of a relapse; None where the data hold none of the body part."""


class Choosable(Shown, Protocol):
    """An outlook whose choices can be worked out of its draws."""

    @property
    def model(self) -> HasRelapses: ...  # noqa: D102 - said there
    @property
    def _posterior(self) -> Posterior: ...


def choices_of(
    outlook: Choosable,
    of: int | None = None,
    effect: Sequence[float] | None = PUBLISHED,
    sessions: Sequence[float] | None = None,
    weights: Sequence[float] | Mapping[str, float] | None = None,
    tolerance: float | None = None,
    hurt_before: bool | None = None,
) -> pd.DataFrame:
    """Set every choice of the first match back side by side, for a player who is out or who has been cleared.

    Parameters
    ----------
    of : int, optional
        The next fixtures that are compared, and over which matches are counted; all, at most six, where left out.
    effect : (float, float, float), optional
        Odds ratio of a relapse, with its 95% interval, for each training session that a later match allows before it
        and the earliest does not. None: no effect.
    sessions : sequence of float, optional
        Training sessions before each match; where left out one a day without a match after the first one, at most six.
    weights : sequence of float or mapping, optional
        How much each match matters, 1 where a mapping, by the name of the fixture, does not say.
    tolerance : float, optional
        A risk within 60 days, from 0 to 1, at which the chart draws a line, and nothing else.
    hurt_before : bool, optional
        Whether another injury of the same body part began in the year before this one; averaged over where left out.

    Returns
    -------
    DataFrame
        A row for each fixture, were it the first match back: ``fixture``, ``kickoff``; ``p_fit``, fit by then;
        ``p_hurt_in_it``, hurt again in that very match, given that he plays in it; ``p_hurt_60d``, in it or within 60
        days; ``expected_played``, of all ``of`` matches, those before it missed and relapses counted; with weights
        also ``expected_worth``, those played times what they weigh. Each with ``_low`` and ``_high``, from the draws
        behind the other bands. ``attrs`` holds its ``sentences`` and ``notes``, ``effect`` and ``tolerance``.

    Raises
    ------
    CaseError
        One line for each problem with what is asked; or the model was fitted to data without a relapse.
    """
    reopened = 0.0 < outlook.case.day(outlook.spell.onset) <= YEAR
    with Checker() as check:
        asked = _checked(check, outlook.fixtures, of, effect, sessions, weights, tolerance, hurt_before)
    before = True if asked.before is None and reopened else asked.before
    risk = outlook.model.relapses(outlook.case.body_part, before)
    if risk is None:
        allowed = f"must have relapses of the {outlook.case.body_part} in its data: without them there are no choices"
        raise CaseError.of("model", MISSING, allowed)
    return choices_table(outlook, risk, asked)


@dataclass(frozen=True)
class Asked:
    """The question about the next fixtures, checked.

    Attributes
    ----------
    of : int
    effect : tuple of float, or None
    sessions : ndarray, shape (of,)
        Training sessions before each match that the first one does not allow.
    counted : bool
        Whether the sessions were counted from the days without a match.
    weights : ndarray, shape (of,), or None
    tolerance : float or None
    before : bool or None
        Whether another injury of the same body part lay in the year before.
    """

    of: int
    effect: Effect | None
    sessions: Array
    counted: bool
    weights: Array | None
    tolerance: float | None
    before: bool | None


def _checked(
    check: Checker,
    fixtures: pd.DataFrame,
    of: int | None,
    effect: object,
    sessions: object,
    weights: object,
    tolerance: object,
    before: object,
) -> Asked:
    """Check what is asked; what is wrong is recorded."""
    count = len(fixtures)
    most = min(HORIZON, count) if of is None else check.whole("of", of, min(count, MAX_CHOICES), least=1)
    given = None if sessions is None else _numbers(check, "sessions", sessions, most, 100)
    if given is not None and (np.diff(given) < 0).any():
        check.fail("sessions", sessions, "must not fall: a later match allows those of an earlier one, too")
    if isinstance(weights, Mapping):
        weights = _by_name(check, weights, fixtures.fixture[:most])
    return Asked(
        of=most,
        effect=None if effect is None else _odds_ratio(check, effect),
        sessions=days_without_a_match(fixtures.kickoff)[:most] if given is None else given - given[0],
        counted=given is None,
        weights=None if weights is None else _numbers(check, "weights", weights, most, 1000),
        tolerance=None if tolerance is None else check.number("tolerance", tolerance, 0, 1),
        before=None if before is None else check.flag("hurt_before", before),
    )


def _odds_ratio(check: Checker, effect: object) -> Effect:
    try:
        ratio, low, high = (float(value) for value in effect)  # type: ignore[attr-defined]  # tried
    except (TypeError, ValueError):
        ratio = low = high = np.nan
    if not 0.01 <= low <= ratio <= high <= 100.0:
        check.fail("effect", effect, "must be an odds ratio with its 95% interval, such as (0.87, 0.79, 0.95), or None")
        return PUBLISHED
    return ratio, low, high


def _numbers(check: Checker, field: str, values: object, count: int, most: float) -> Array:
    """Check a number for each of the next fixtures."""
    found = list(values) if isinstance(values, Sequence | np.ndarray | pd.Series) else []
    if isinstance(values, str) or len(found) != count:
        check.fail(field, values, f"must be {count} numbers, one for each of the next {count} fixtures")
        return np.zeros(count)
    return np.array([check.number(f"{field}[{i}]", value, 0, most) for i, value in enumerate(found, 1)])


def _by_name(check: Checker, weights: Mapping[str, float], names: pd.Series[str]) -> list[float]:
    """Line weights up with the fixtures that they name; the others weigh 1."""
    for name in weights:
        if name not in set(names):
            check.fail("weights", name, f"must be one of the next {len(names)} fixtures: {', '.join(names)}")
    return [weights.get(name, 1.0) for name in names]


def days_without_a_match(kickoffs: pd.Series[pd.Timestamp]) -> Array:
    """Count the days without a match between the first kick-off and each one, at most six."""
    days = pd.DatetimeIndex(kickoffs).normalize()
    between = (days - days[0]).days.to_numpy() - 1
    matches = np.array([len({day for day in days if days[0] < day < end}) for end in days])
    return np.asarray(np.clip(between - matches, 0, MOST_SESSIONS), float)


def choices_table(outlook: Choosable, risk: RelapseRisk, asked: Asked) -> pd.DataFrame:
    """Build the table of :func:`choices_of`, its sentences and notes among its ``attrs``."""
    table = outlook.fixtures.iloc[: asked.of][["fixture", "kickoff", "p_fit", "p_fit_low", "p_fit_high"]]
    days = np.array([outlook.spell.day(kickoff) for kickoff in table.kickoff])
    shift = log_odds_by_session(risk, asked.effect) * asked.sessions
    plays = appearances(risk, outlook._posterior, days, shift)
    found = {
        "p_hurt_in_it": shifted(risk.by(np.zeros(1)), shift),
        "p_hurt_60d": shifted(risk.by(np.full(1, WINDOW)), shift),
        "expected_played": plays.sum(axis=2),
    }
    if asked.weights is not None:
        found["expected_worth"] = plays @ asked.weights
    table = table.assign(**bands(found, outlook.level))
    table.attrs = {"sentences": sentences(table, risk), "notes": notes(risk, asked)}
    table.attrs |= {"effect": asked.effect, "tolerance": asked.tolerance}
    return table


def sentences(table: pd.DataFrame, risk: RelapseRisk) -> tuple[str, ...]:
    """Say what the table says, in plain words."""
    first, soon = table.p_hurt_in_it.iloc[0], table.p_hurt_60d.iloc[0]
    lines = [
        f"Of 100 who come back like this, {hurt_again(first)} in that very match and "
        f"{of_hundred(soon - first).removeprefix('about ')} more within two months.",
        f"One match gained outweighs up to {100.0 / risk.missed:.0f} points of risk: "
        f"a relapse cost {risk.missed:.1f} league matches on average.",
    ]
    for row in each_row(table):
        fit = "" if row.p_fit == 1.0 else f"fit by then {band(row, 'p_fit')}; "
        lines.append(
            f"First match back {row.fixture}, {full_date(row.kickoff, UTC)}: {fit}"
            f"hurt again in it {band(row, 'p_hurt_in_it')}, within 60 days {band(row, 'p_hurt_60d')}; "
            f"plays {played(row)} of the next {counted(len(table), 'match')}."
        )
    return tuple(lines)


def played(row: Any) -> str:
    """``2.1 (1.8 to 2.4)``: the matches that a choice is expected to give, with their band."""
    return f"{row.expected_played:.1f} ({row.expected_played_low:.1f} to {row.expected_played_high:.1f})"


def notes(risk: RelapseRisk, asked: Asked) -> tuple[str, ...]:
    """Say what is learned, what is assumed, and what nobody knows."""
    known = f"Learned from {risk.returns} returns: {risk.hurt_in_match} were hurt again in the very match, "
    lines = [
        f"{known}{risk.hurt_later} more within a year. A relapse is a new flag for the same body part, so that "
        "setbacks count which club doctors would not call one: they report 9% in two months (Zein 2024).",
        "Players came back when their staff thought them ready: what happens to one who comes back earlier than that "
        "is not in the data. The earliest choice has the risk that was learned.",
        _on_effect(asked),
        "How often he plays once back is learned from all matches after a return, those missed by relapses among them.",
    ]
    if asked.before is None and 0.0 < risk.weight[1] < 1.0:
        lines.append(
            "Whether he had another injury of the same body part in the year before is not known: "
            f"averaged over the players of the data, of whom {risk.weight[1]:.0%} had."
        )
    return tuple(lines)


def _on_effect(asked: Asked) -> str:
    """Say what a later match is taken to change, and where that comes from."""
    if asked.effect is None:
        return "A later first match is taken to change only the matches missed: no effect of training is counted."
    ratio, low, high = asked.effect
    whose = "published (Bengtsson 2020, of the first match back)" if asked.effect == PUBLISHED else "a what-if as given"
    count = "one a day without a match, at most six" if asked.counted else "as given"
    return (
        "The effect of waiting is an assumption: each training session that a later match allows, and the earliest "
        f"does not, multiplies the odds of a relapse by {ratio:g} ({low:g} to {high:g}), {whose}, here in the weeks "
        f"after the return, too. Sessions are {count}: {', '.join(f'{n:g}' for n in asked.sessions)}."
    )
