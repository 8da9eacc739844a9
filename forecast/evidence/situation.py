"""One player at one moment: the form in which past readings and open cases meet the model.

A :class:`Situation` is one player at one moment: how long he has been out, which fixtures he missed and which
are next, what has been said. :func:`lay_out` puts many of them into rectangular arrays, a row a situation, so
that the parts of the model are plain array functions. Whatever is forecast and whatever is learned from comes
through here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy import special

from ..arrays import Array
from ..terms import NO_FLAG


@dataclass(frozen=True)
class Statement:
    """The last word of one source on an open injury, in days since onset."""

    seen: float
    code: int = NO_FLAG
    age: float = 0.0  # how long the same had been said by then
    expected: float = np.nan
    until: float = -np.inf
    source: str = ""
    likelihood: Callable[[Array], Array] | None = None


@dataclass(frozen=True)
class Situation:
    """One player at one moment, in days since onset.

    ``T`` is known to lie in (low, high]: (now, inf] while he is out, (last flag, clearance] once he was cleared.
    """

    now: float
    low: float
    high: float
    missed: Array  # kick-offs in (low, now] in which he did not appear
    ahead: Array  # kick-offs to come
    statement: Statement
    minutes_logit: float  # see minutes_logit
    forward: bool = False
    edges: Array = field(default_factory=lambda: np.empty(0))  # further days at which a cell has to end


def minutes_logit(minutes_before: float, fixtures_before: float) -> float:
    """Return the log odds of the share of the minutes that a player was on the pitch, shrunk by 60 of 120 minutes."""
    share = (minutes_before + 60.0) / (90.0 * fixtures_before + 120.0)
    return float(special.logit(min(share, 0.98)))
