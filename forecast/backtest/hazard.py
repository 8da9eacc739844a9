"""The strongest baseline: a logistic hazard for each next fixture, on the information the model has.

No recovery, no selection, no grid of days: the chance that a player who has not appeared yet appears in a fixture is a
logit of what is known of him and of it. Whatever the model does beyond this has to show in the scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from ..arrays import Array, Integers
from ..scoring.scores import first_of
from ..survival.logistic import ridge_logistic
from ..terms import FLAG_KINDS, HORIZON
from .origins import NOT_SEEN, Origins

RIDGE = 5.0  # penalty on the square of each standardised coefficient, halved; between 1 and 10 nothing changes


@dataclass(frozen=True)
class LogisticHazard:
    """Log odds of the first appearance in a fixture, linear in the :func:`features` of it.

    Attributes
    ----------
    intercept : float
    coefficients : Series
        Of the features as they are, by name.
    """

    intercept: float
    coefficients: pd.Series[float]

    def p_returns(self, origins: Origins) -> Array:
        """Return the probability that each fixture sees the first appearance, shape (n, 6); 0 beyond the last."""
        row, fixture = np.nonzero(np.arange(HORIZON) < origins.count[:, None])
        x = features(origins, row, fixture)[self.coefficients.index]
        hazard = np.zeros((len(origins), HORIZON))
        hazard[row, fixture] = special.expit(self.intercept + x.to_numpy() @ self.coefficients.to_numpy())
        return first_of(hazard)


def fit_hazard(origins: Origins, ridge: float = RIDGE) -> LogisticHazard:
    """Fit the hazard to every fixture that could have seen the return, by penalised maximum likelihood.

    Parameters
    ----------
    origins : Origins
    ridge : float
        Penalty on standardised coefficients; the intercept has none.
    """
    row, fixture = at_risk(origins)
    x = features(origins, row, fixture)
    centre, spread = x.mean(), x.std(ddof=0)
    spread = spread.where(spread > 0.0, 1.0)
    design = np.column_stack([np.ones(len(x)), (x - centre) / spread])
    precision = np.append(0.0, np.full(x.shape[1], ridge))  # the intercept is free
    beta = ridge_logistic(design, origins.returned[row] == fixture, precision)
    coefficients = pd.Series(beta[1:], x.columns) / spread
    return LogisticHazard(float(beta[0] - coefficients @ centre), coefficients)


def at_risk(origins: Origins) -> tuple[Integers, Integers]:
    """Return the rows and fixtures before which no appearance was seen, where it is known whether one came."""
    fixture = np.arange(HORIZON)
    not_before = (origins.returned == NOT_SEEN)[:, None] | (fixture <= origins.returned[:, None])
    row, k = np.nonzero((fixture < origins.known[:, None]) & not_before)
    return row, k


def features(origins: Origins, row: Integers, fixture: Integers) -> pd.DataFrame:
    """Build the covariates of the hazard of a fixture, a row each.

    Logs of the days since onset, of the lead to the fixture and of the days since the fixture before it, with their
    squares; the fixture's number; the kind of flag and its chance, whose slopes differ in all three; where the fixture
    lies from the expected date; how long the statement has stood; how often he appeared before the injury.
    """
    said, kickoff = origins.evidence.said, origins.ahead[row, fixture]
    last = np.where(fixture > 0, origins.ahead[row, np.maximum(fixture - 1, 0)], origins.before[row])
    lead = np.log(kickoff - origins.now[row] + 0.5) - 2.0
    gap = np.log(np.clip(kickoff - last, 1.0, 60.0)) - 2.0
    out = np.log(origins.now[row] + 1.0) - 3.0
    age = np.log1p((said.seen - said.since)[row] / 7.0)
    share = special.logit(origins.appearance_rate[row]) - 1.0
    columns: dict[str, npt.NDArray[Any]] = {"out": out, "out.square": out**2}
    columns |= {"lead": lead, "lead.square": lead**2, "gap": gap, "gap.square": gap**2}
    columns |= {f"fixture.{k + 1}": fixture == k for k in range(1, HORIZON)}
    for kind, of_all in zip(FLAG_KINDS[1:], said.kinds.T[1:], strict=True):
        of_kind = of_all[row] == 1.0
        columns |= {kind: of_kind, f"{kind}.lead": of_kind * lead, f"{kind}.gap": of_kind * gap}
        columns[f"{kind}.next"] = of_kind & (fixture == 0)
    columns |= _promise(kickoff - said.expected[row])
    columns |= {"age": age, "age.lead": age * lead, "share": share, "share.lead": share * lead}
    return pd.DataFrame(columns, dtype=float)


def _promise(beyond: Array) -> dict[str, npt.NDArray[Any]]:
    """Build the covariates of the days from the expected date to the fixture; NaN where no date was given."""
    days = np.nan_to_num(beyond)
    signed = np.sign(days) * np.log1p(np.abs(days))
    return {
        "beyond": signed,
        "beyond.late": np.maximum(signed, 0.0),
        "beyond.square": signed * np.abs(signed),
        "beyond.at": (beyond >= 0.0) & (beyond < 1.0),
        "beyond.near": (beyond >= -3.0) & (beyond < 7.0),
        "beyond.past": beyond >= 0.0,
    }
