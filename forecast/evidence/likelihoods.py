"""Likelihoods of statements that are not learned: of the user's own, and of a stretch of days named as likely."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from ..arrays import Array
from ..case.bulletin import Bulletin
from ..io.errors import CaseError
from ..io.fields import days_between

_REACH = 180.0  # days that are as likely as each other before a stretch of them is named


def likelihood_of(b: Bulletin) -> Callable[[Array], Array] | None:
    """Return how likely a bulletin is made, of the days from its issue until the player is fit; None if learned."""
    if b.kind == "own" and b.likelihood is not None:
        return partial(_checked, b.likelihood)
    if b.from_ is not None and b.to is not None and b.sure is not None:
        start, end = (days_between(b.issued, moment) for moment in (b.from_, b.to))
        return partial(_between, max(start, 0.0), end, b.sure)
    return None


def _between(low: float, high: float, sure: float, days: Array) -> Array:
    """Level within the stretch and without, so that of 180 days, each as likely, ``sure`` is left within.

    A stretch that goes on for longer is one of as many days; none makes a day without likelier than one within.
    """
    within = high - low
    inside = sure / max(within, 1e-9)
    outside = min((1.0 - sure) / max(max(_REACH, high) - within, 1e-9), inside)
    return np.where((days >= low) & (days <= high), inside, outside)


def _checked(likelihood: Callable[[Array], Array], days: Array) -> Array:
    """Return a likelihood that the user gave, of days in one row, checked."""
    given = days.ravel()
    try:
        value = np.asarray(likelihood(given.copy()), float)
    except Exception as error:  # of whatever the user's own function does
        allowed = f"must be a function of an array of days that gives numbers: {type(error).__name__}: {error}"
        raise CaseError.of("likelihood", getattr(likelihood, "__name__", likelihood), allowed) from None
    if value.shape != given.shape or not (np.isfinite(value) & (value >= 0)).all() or not (value > 0).any():
        allowed = "must be one number a day, finite, not negative, not all zero"
        raise CaseError.of("likelihood", value.tolist(), allowed)
    return value.reshape(days.shape)
