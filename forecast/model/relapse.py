"""Relapses: the hazard of the same injury after the return, and the absence that follows.

The chance ``m`` of being hurt again in the very match of the return is seen apart from what comes after it, a hazard
a day of ``b (1 + a exp(-t / tau))``. Each body part has levels of its own, ``m`` and ``b``; all lend the shape, ``a``
and ``tau``. An injury of the same body part in the year before multiplies the hazard and the odds of ``m`` alike. The
days from a relapse to the next appearance are log-logistic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
import scipy  # and its optimize only when something is fitted
from scipy import special

from ..arrays import Array
from ..episodes.episodes import Episodes
from ..episodes.relapses import returns_of
from ..factors.parameters import Normal, Prior, sandwich, square_root, standard_normal
from ..io.errors import require
from ..outlook.relapse import RelapseRisk, exposure
from ..terms import BODY_PARTS
from .joint import curvature, settle

# Weak: a chance of 2% in the match, 0.5 in 1,000 player-days, 25 days out; excess threefold, tau 40 days, for which a
# half of four weeks has been published (Zhang 2024). Only the effect of an injury in the year before is shrunk.
PRIORS = {
    **{f"match.{part}": Prior(-4.0, 1.5) for part in BODY_PARTS},
    **{f"rate.{part}": Prior(-7.6, 1.5) for part in BODY_PARTS},
    **{f"out.{part}": Prior(3.2, 0.7) for part in BODY_PARTS},
    "excess": Prior(1.0, 1.0),
    "decay": Prior(3.7, 1.0),
    "before": Prior(0.0, 0.5),
    "out.log_scale": Prior(-0.5, 0.5),
}
_COUNTS = ("returns", "in_match", "later", "before")


@dataclass(frozen=True)
class RelapseFit:
    """A fitted hazard of relapse.

    Attributes
    ----------
    params : Series
        Logit of ``m``, log of ``b`` (a day) and log of the median days out by body part; logs of ``a``, ``tau`` (days),
        the multiplier and the scale of log days out.
    covariance : DataFrame
        Clustered by player.
    counts : DataFrame
        By body part: ``returns``, relapses ``in_match`` and ``later``, and ``before``, how many returns were from an
        injury with another in the year before.
    missed : float
        League fixtures missed by a relapse within 60 days of a hamstring return, as far as followed.
    """

    params: pd.Series[float]
    covariance: pd.DataFrame
    counts: pd.DataFrame
    missed: float

    def risk(self, part: str, before: bool | None, draws: int, seed: int) -> RelapseRisk | None:
        """Draw the risk of one player; None where no relapse of the body part was seen.

        ``before`` says whether an injury of the same body part lay in the year before; None where nobody knows.
        """
        returns, in_match, later, with_one_before = (int(n) for n in self.counts.loc[part].to_numpy())
        if not in_match + later:
            return None
        rng = np.random.default_rng([seed, crc32(b"relapse")])
        free = standard_normal(draws, len(self.params) + 1, rng)
        values = self.params.to_numpy() + free[:, :-1] @ square_root(self.covariance.to_numpy()).T
        theta = {str(name): values[:, k, None] for k, name in enumerate(self.params.index)}
        share = with_one_before / returns if before is None else float(before)
        raised = theta["before"] * np.array([0.0, 1.0])
        return RelapseRisk(
            in_match=special.expit(theta[f"match.{part}"] + raised),
            rate=np.exp(theta[f"rate.{part}"] + raised),
            excess=np.exp(theta["excess"]),
            decay=np.exp(theta["decay"]),
            weight=np.array([1.0 - share, share]),
            log_days=theta[f"out.{part}"],
            scale=np.exp(theta["out.log_scale"]),
            luck=free[:, -1:],
            returns=returns,
            hurt_in_match=in_match,
            hurt_later=later,
            missed=self.missed,
        )

    def record(self) -> dict[str, Any]:
        """Return it as plain values, for a model file."""
        return {
            "params": self.params.to_dict(),
            "covariance": self.covariance.to_numpy().tolist(),
            "counts": {str(part): [int(n) for n in row] for part, row in self.counts.T.items()},
            "missed": self.missed,
        }

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> RelapseFit:
        """Rebuild it from plain values.

        Raises
        ------
        ValueError
            If they are not those of a fit; other errors of unfit values come as they are.
        """
        params = pd.Series(record["params"], dtype=float)
        fitting = list(params.index) == list(PRIORS) and bool((np.abs(params) <= 100).all())
        require(fitting, "relapse: params: must be those of a fit, -100 to 100")
        covariance = pd.DataFrame(np.array(record["covariance"], float), params.index, params.index)
        square_root(covariance.to_numpy())
        require((np.abs(covariance) <= 1e4).all(axis=None), "relapse: covariance: must be at most 10,000")
        counts = pd.DataFrame.from_dict(record["counts"], "index", columns=list(_COUNTS)).astype(int)
        require(list(counts.index) == list(BODY_PARTS), "relapse: counts: must be of all body parts")
        most = np.maximum(counts.in_match + counts.later, counts.before)
        sound = (counts >= 0).all(axis=None) and (most <= counts.returns).all()
        require(sound, "relapse: counts: must be 0 to the returns")
        missed = float(record["missed"])
        require(0.0 < missed <= 100.0, "relapse: missed: must be above 0, at most 100")
        return cls(params, covariance, counts, missed)


def fit_relapse(episodes: Episodes, priors: Mapping[str, Prior] = PRIORS) -> RelapseFit | None:
    """Fit the hazard of a relapse to past returns; None where none of them was followed by one."""
    table = returns_of(episodes)
    return fit_returns(table, priors) if (table.in_match | table.again).any() else None


def fit_returns(table: pd.DataFrame, priors: Mapping[str, Prior] = PRIORS) -> RelapseFit:
    """Fit the hazard of a relapse to a table as :func:`~forecast.episodes.relapses.returns_of` makes it."""
    prior, names = Normal.of(priors), list(PRIORS)

    def loss(vector: Array) -> tuple[float, Array]:
        (penalty, slope), (value, scores) = prior.loss(vector), scored(vector, table)
        return penalty - float(value.sum()), slope - scores.sum(axis=0)

    found = scipy.optimize.minimize(loss, prior.mean, jac=True, method="L-BFGS-B")
    hessian = curvature(loss, found.x)
    vector = settle(loss, found.x, hessian)
    covariance = sandwich(curvature(loss, vector), scored(vector, table)[1], table.player, prior)
    groups = table.assign(returns=1, later=table.again).groupby("body_part")[list(_COUNTS)].sum()
    counts = groups.reindex(list(BODY_PARTS), fill_value=0).rename_axis(None).astype(int)
    return RelapseFit(pd.Series(vector, names), pd.DataFrame(covariance, names, names), counts, cost_of(table))


def cost_of(table: pd.DataFrame) -> float:
    """Return the league fixtures that a relapse cost on average, as far as players were followed.

    Of hamstring relapses within 60 days of the return, of any within a year where there are none of these.
    """
    soon = (table.body_part == "hamstring") & (table.days <= 60.0) & table.missed.notna()
    return float(np.maximum(table.missed[soon if soon.any() else table.missed.notna()].mean(), 0.1))


def scored(vector: Array, table: pd.DataFrame) -> tuple[Array, Array]:
    """Log-likelihood of what followed each return, shape (n,), and its derivatives, shape (n, p)."""
    theta = dict(zip(PRIORS, vector, strict=True))
    part = (table.body_part.to_numpy()[:, None] == np.array(BODY_PARTS)).astype(float)
    match, rate, out = (part @ [theta[f"{name}.{p}"] for p in BODY_PARTS] for name in ("match", "rate", "out"))
    before = table.before.to_numpy()
    raised = theta["before"] * before
    in_match = table.in_match.to_numpy(float)
    first = match + raised
    value = in_match * special.log_expit(first) + (1.0 - in_match) * special.log_expit(-first)
    in_first = in_match - special.expit(first)
    later, (in_rate, in_excess, in_decay) = _later(rate + raised, theta, table)
    absence, in_out, in_scale = _absence(out, theta["out.log_scale"], table)
    shared = np.column_stack([in_excess, in_decay, before * (in_first + in_rate), in_scale])
    scores = [part * column[:, None] for column in (in_first, in_rate, in_out)]
    return value + later + absence, np.column_stack([*scores, shared])


def _later(log_rate: Array, theta: Mapping[str, Array], table: pd.DataFrame) -> tuple[Array, tuple[Array, ...]]:
    """Log-likelihood of the days after the match, and its derivatives in the logs of rate, excess and decay."""
    days, again = table.days.to_numpy(), table.again.to_numpy(float)
    rate, excess, decay = np.exp(log_rate), np.exp(theta["excess"]), np.exp(theta["decay"])
    left = np.exp(-days / decay)
    total = rate * exposure(days, excess, decay)
    value = again * (log_rate + np.log1p(excess * left)) - total
    part = again * excess * left / (1.0 + excess * left)
    in_excess = part - rate * excess * decay * (1.0 - left)
    in_decay = part * days / decay - rate * excess * (decay * (1.0 - left) - days * left)
    return value, (again - total, in_excess, in_decay)


def _absence(log_days: Array, log_scale: Array, table: pd.DataFrame) -> tuple[Array, Array, Array]:
    """Log-likelihood of the days out after a relapse, and its derivatives in the location and the log of the scale."""
    hurt, back, scale = table.out.notna().to_numpy(), table.back.to_numpy(float), np.exp(log_scale)
    log_out = np.log(np.maximum(table.out.fillna(1.0).to_numpy(), 0.5))
    z = (log_out - log_days) / scale
    value = hurt * (back * (z - log_scale - log_out) - (1.0 + back) * np.logaddexp(0.0, z))
    slope = hurt * (back - (1.0 + back) * special.expit(z))
    return value, -slope / scale, -slope * z - hurt * back
