"""What one forecast says: tables, single answers, sentences, a picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .case import Case
from .checking import Time, utc
from .errors import CaseError, Problem

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .model import ReturnModel


@dataclass(frozen=True)
class Outlook:
    """The forecast of one case. Probabilities are in [0, 1], moments in UTC.

    Attributes
    ----------
    case : Case
    level : float
        Of the bands, such as 0.9.
    fixtures : DataFrame
        One row for each fixture after ``as_of``, in order of kick-off: ``fixture``, ``kickoff``, and ``p_fit``
        (fit by kick-off), each with ``_low`` and ``_high``, the ends of its band.
    deadlines : DataFrame
        ``deadline``, ``when``, ``p_fit`` with its band.
    curve : DataFrame
        ``when``, ``p_fit``, ``p_fit_low``, ``p_fit_high`` on a grid of moments that reaches two years beyond ``as_of``.
    weights : Series
        How much each family of recovery counts.
    notes : tuple of str
        Where the case is unlike the data, or something was left aside.
    """

    case: Case
    level: float
    fixtures: pd.DataFrame
    deadlines: pd.DataFrame
    curve: pd.DataFrame
    model: ReturnModel = field(repr=False)
    weights: pd.Series[float]
    notes: tuple[str, ...] = ()

    def p_fit_by(self, when: Time) -> float:
        """Probability that he is fit by a moment; a bare date ends at 23:59:59.

        Raises
        ------
        CaseError
            If it is later than two years after ``as_of``.
        """
        moment, last = utc(when), self.curve.when.iloc[-1]
        if moment > last:
            raise CaseError([Problem("when", str(when), f"must not be after {last}")])
        at = (self.curve.when - self.case.as_of) / pd.Timedelta(days=1)
        asked = (moment - self.case.as_of) / pd.Timedelta(days=1)
        return float(np.interp(asked, at, self.curve.p_fit))

    def fit_date(self, p: float = 0.5) -> pd.Timestamp:
        """When he is fit with probability ``p``; NaT where that is more than two years after ``as_of``.

        Raises
        ------
        CaseError
            If ``p`` is not between 0 and 1.
        """
        if not 0.0 <= p <= 1.0:
            raise CaseError([Problem("p", p, "must be 0 to 1")])
        reached = self.curve.p_fit.to_numpy()
        if p > reached[-1]:
            return pd.NaT
        days = (self.curve.when - self.case.as_of) / pd.Timedelta(days=1)
        # The first moment at which the curve is there, should it be level at p.
        i = int(np.searchsorted(reached, p))
        if i == 0:
            return self.curve.when.iloc[0]
        share = (p - reached[i - 1]) / (reached[i] - reached[i - 1])
        return self.case.as_of + pd.Timedelta(
            days=float(days.iloc[i - 1] + share * (days.iloc[i] - days.iloc[i - 1]))
        )

    def summary(self) -> str:
        """A few plain sentences."""
        case = self.case
        lines = [
            f"{case.player}, out since {_date(case.onset)}, forecast on {_date(case.as_of)}"
            f" ({case.day(case.as_of):.0f} days after onset)."
        ]
        half, most = self.fit_date(0.5), self.fit_date(0.9)
        lines.append(f"As likely fit as not by {_date(half)}; nine times in ten by {_date(most)}.")
        lines += [
            f"{row.fixture}, {_date(row.kickoff)}: fit {_band(row)}." for row in self.fixtures.itertuples()
        ]
        lines += [
            f"By the deadline “{row.deadline}”, {_date(row.when)}: fit {_band(row)}."
            for row in self.deadlines.itertuples()
        ]
        return "\n".join([*lines, *self.notes])

    def plot(self, path: str | Path | None = None) -> Figure:
        """Draw the fixture chart, and save it as PNG where a path is given.

        Returns
        -------
        matplotlib.figure.Figure
            Never shown here; a notebook shows it when it is the last value of a cell.
        """
        from .charts import fixture_chart  # here, so that forecast does not load matplotlib

        return fixture_chart(self, path)

    def to_dict(self) -> dict[str, Any]:
        """The tables as plain values, with moments as ISO text: what ``--json`` writes."""

        def records(table: pd.DataFrame) -> list[dict[str, Any]]:
            return [
                {k: v.isoformat() if isinstance(v, pd.Timestamp) else v for k, v in row.items()}
                for row in table.to_dict("records")
            ]

        return {
            "player": self.case.player,
            "onset": self.case.onset.isoformat(),
            "as_of": self.case.as_of.isoformat(),
            "level": self.level,
            "fixtures": records(self.fixtures),
            "deadlines": records(self.deadlines),
            "weights": self.weights.to_dict(),
            "notes": list(self.notes),
        }

    def _repr_html_(self) -> str:
        tables = [self.fixtures] + [self.deadlines] * (len(self.deadlines) > 0)
        return "\n".join(
            table.to_html(index=False, float_format="{:.0%}".format, border=0) for table in tables
        )


def _date(moment: pd.Timestamp) -> str:
    return "later than two years on" if moment is pd.NaT else f"{moment.day} {moment:%B %Y}"


def _band(row: object) -> str:
    """``62% (50-73%)`` for a row with p_fit and its band."""
    p, low, high = (getattr(row, name) for name in ("p_fit", "p_fit_low", "p_fit_high"))
    return f"{p:.0%} ({low:.0%} to {high:.0%})"
