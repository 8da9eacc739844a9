"""The return model: recovery, selection and bulletins together; forecast, save, load."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd

from .. import html
from ..arrays import by_name, keep_freed_memory, with_copies_of
from ..case.case import Case
from ..case.competition import read_as_league
from ..episodes.episodes import Episodes
from ..evidence.open_case import OpenCase, open_case
from ..evidence.players import Players
from ..factors.covariates import PRIOR, Covariates
from ..factors.meanings import for_people, meanings_of, parameter_table
from ..factors.parameters import Optimum, Parameters, Prior, square_root, standard_normal
from ..factors.posterior import Posterior, fit_before, posterior
from ..factors.selection import AFTER_RETURN
from ..factors.severity import effect_of, notes_on, shifted
from ..io.errors import CaseError, DataError
from ..io.fields import fraction, instance_of, whole_of
from ..io.limits import MAX_SEED, MAX_SIMULATED
from ..io.write import write_text
from ..outlook.outlook import Outlook
from ..outlook.relapse import RelapseRisk
from ..outlook.tables import outlook_tables
from ..terms import LEAGUE, OFFICIAL
from . import joint, relapse
from .relapse import RelapseFit
from .simulate import simulate

SCHEMA = 2
_LEVEL = "must be above 0 and below 1"
PRIORS = joint.PRIORS | AFTER_RETURN | relapse.PRIORS
_NOT_KEPT = "The log-likelihood of the fit was not kept."


@with_copies_of("params", "covariance")
@dataclass(frozen=True, eq=False)
class ReturnModel:
    """A fitted model of the return from a hamstring injury.

    The model, on a page. ``T`` is the number of days from onset until he is fit: until his flag is lifted or he
    appears, whichever comes first. It comes by a hazard, the chance a day that it is now, given that it has not been:

    * **recovery**: that of a log-logistic curve, ``log T = location + scale e``, with a shift of both for each body
      part. It learns from five kinds of muscle injury;
    * **what was said** bends the curve by its likelihood, were ``T`` each day, with ``r`` days left from when the same
      was first said. For a flag ``(r + 1/2)`` to a power, one for each of unknown, expected, 25%, 50% and 75%, shifted
      by what was given for the round before and where only match fitness is lacking. A promised date makes the days
      before it rarer, the more the earlier they are, and those after it a little. Learned from what happened, so no
      promise is taken at its word;
    * **the clock**: the hazard runs faster within two days before a fixture;
    * **kick-offs**: half of all returns come with the flag still standing, so that each kick-off has a chance of its
      own. For a percentage and its next league match it is what that percentage has meant, in the last hours more of a
      high one; otherwise its odds go with the hazard at that day, the days since the fixture before and who he is.

    The hazard between fixtures knows nothing of what comes later, so that no fixture changes what lies before it.

    **Ruled out** until a day: the hazard before it is at most one with which 3% (1% to 6%) are fit by its end: stated.

    **Selection** turns the day he is fit into matches. The log odds of being picked go with the minutes of the last ten
    fixtures and of the last year, position, price and ownership in a fantasy game, with a normal effect of the player,
    so that misses after a clearance lower it. After his first appearance he plays at a rate of its own, by his minutes
    and position. What a case does not say of him is averaged over, given what it says.

    All parameters are estimated together by a composite likelihood over readings: each counts with half the log
    probability of the first appearance that followed, and half that of it and of the days in which he was seen
    to become fit; each counts again, a quarter, as if nothing had been said, so that the curve can stand alone.
    Normal priors keep what the data hardly determine in bounds. The covariance is the sandwich clustered by
    player, and draws from it are carried through to a band on every probability.

    Attributes
    ----------
    params : Series
        Estimate of every parameter.
    covariance : DataFrame
    players : Players
        Those of the fit, for what a case does not say.
    longest_seen : float
        Days since onset that all but one in a hundred of the readings of the fit lie within.
    seed, draws : int
        Of the parameter draws that make the bands; they are made anew from the covariance.
    trained_on : str
        What it was fitted to.
    sources : dict of ReturnModel
        By source, the model that its statements are read with; those of other sources are read as the official feed.
    relapse : RelapseFit, optional
        The hazard of the same injury after the return; None where the data hold no relapse.
    optimum : Optimum, optional
        Log-likelihood, effective number of parameters and convergence of the fit; None where it was not kept.
    priors, covariates : dict of Prior, Covariates
        The priors that :func:`fit` was given in place of its own, and the columns that it was given.
    """

    params: pd.Series[float]
    covariance: pd.DataFrame
    players: Players
    longest_seen: float
    seed: int
    draws: int
    trained_on: str
    sources: dict[str, ReturnModel] = field(default_factory=dict)
    relapse: RelapseFit | None = None
    optimum: Optimum | None = None
    priors: dict[str, Prior] = field(default_factory=dict)
    covariates: Covariates = field(default_factory=Covariates)

    def __eq__(self, other: object) -> bool:
        """Tell whether it is the same model: the one of the same file."""
        return self.digest == other.digest if isinstance(other, ReturnModel) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    @np.errstate(under="ignore")  # whatever the caller has set: what is next to nothing is nothing
    def forecast(self, case: Case, level: float = 0.9) -> Outlook:
        """Forecast one case.

        Parameters
        ----------
        case : Case
        level : float
            Probability that a band is meant to hold.

        Returns
        -------
        Outlook

        Raises
        ------
        CaseError
            If the bulletins contradict each other, the model does not know a covariate, or the level is no probability.
        DataError
            If the parameters of the model are so far from any that were fitted that it gives no number.
        """
        instance_of("case", case, Case, "a Case, such as read_case gives")
        if (level := fraction("level", level, _LEVEL)) in (0.0, 1.0):
            raise CaseError.of("level", level, _LEVEL)
        now = open_case(case)
        with np.errstate(over="ignore", invalid="ignore"):  # of parameters that a file may hold and no fit gives
            draws = self.posterior(now)
        if not all(np.isfinite(numbers).all() for numbers in (draws.p_fit, draws.returns, draws.after_return)):
            raise DataError.of("params", self.trained_on, "must be those of a fit: they give no probability")
        notes = (*case.notes, *now.notes, *self._unlike(now), *notes_on(case))
        tables = outlook_tables(now, draws, level)
        return Outlook(case=case, level=level, model=self, now=now, notes=notes, **tables)

    def forecast_many(self, cases: Iterable[Case], level: float = 0.9) -> list[Outlook]:
        """Forecast many cases; the same as :meth:`forecast` of each.

        Each case is one pass over all draws and days. Those arrays, some 40,000 numbers, fit into the cache of a core
        and are let go before the next case, so that memory grows only by what is returned.
        """
        if not isinstance(cases, Iterable):
            raise CaseError.of("cases", cases, "must be many, such as a list of Case")
        keep_freed_memory()
        return [self.forecast(case, level) for case in cases]

    @np.errstate(under="ignore")  # as in forecast
    def posterior(self, now: OpenCase) -> Posterior:
        """Every probability of a case, for every draw of the parameters."""
        sources = {name: model._draws(self.draws, name) for name, model in self.sources.items()}
        theta = shifted(self._theta, effect_of(now.case), (self.seed,))
        return posterior(theta, now, self.players, sources, self.covariates.of_case(now.case.covariates))

    def simulate(self, episodes_like: Episodes, n: int, seed: int) -> Episodes:
        """Draw injuries, with readings, statements, fixtures and relapses, as the model says that they happen.

        The player, kick-offs and readings are those of a first injury; days until fit, appearances and what is read are
        drawn at the estimate. A relapse is an injury like any other, in what is left of these, linked to the last one.

        Parameters
        ----------
        episodes_like : Episodes
            The real injuries. Each lends its setting once before any does so again, as another player.
        n, seed : int
            How many to draw, relapses among them (none where ``relapse`` is None), and of what random numbers.

        Returns
        -------
        Episodes

        Raises
        ------
        DataError
            If ``n`` is not positive, or far too large.

        Examples
        --------
        >>> import forecast as fc
        >>> len(fc.default_model().simulate(fc.load_episodes().of("calf"), n=20, seed=1))
        20
        """
        n, seed = whole_of("n", n, 1, MAX_SIMULATED), whole_of("seed", seed, 0, MAX_SEED)
        rng = np.random.default_rng(seed)
        return simulate(by_name(self.params), episodes_like, n, rng, self.covariates, self.relapse)

    def parameters(self) -> pd.DataFrame:
        """List every parameter: what it means, what was known of it before, and what the fit made of it.

        Returns
        -------
        DataFrame, a row a parameter
            ``family``, ``name``, ``meaning`` (in words), ``unit`` and ``transform``: the parameter is the ``log`` or
            ``logit`` of a quantity in that unit, or the quantity ``as it is``. ``prior_mean`` and ``prior_sd`` of its
            normal prior, ``estimate`` and ``se``, its standard error, clustered by player: all on the scale of the
            parameter.

        Examples
        --------
        >>> import forecast as fc
        >>> table = fc.default_model().parameters().set_index("name")
        >>> table.loc["location", ["unit", "transform"]].tolist()
        ['days', 'log']
        """
        parts = [(self.params, self.covariance)]
        if self.relapse is not None:
            parts.append((self.relapse.params, self.relapse.covariance))
        known = PRIORS | dict.fromkeys(added := self.covariates.centres, PRIOR) | self.priors
        return pd.concat((parameter_table(*part, known, meanings_of(added)) for part in parts), ignore_index=True)

    @property
    def loglik(self) -> float:
        """The composite log-likelihood at the estimate, the priors left out; NaN where it was not kept."""
        return np.nan if self.optimum is None else self.optimum.loglik

    def __str__(self) -> str:
        top, shown = self.optimum or _NOT_KEPT, for_people(self.parameters()).to_string(index=False)
        return f"Return from a hamstring injury, fitted to {self.trained_on}\n{top}\n\n{shown}"

    def relapses(self, part: str, before: bool | None = None) -> RelapseRisk | None:
        """Draw the risk of a relapse, the draws those of the bands; None where the data hold none of the body part.

        ``before`` says whether another injury of the same body part lay in the year before; None where nobody knows.
        """
        return None if self.relapse is None else self.relapse.risk(part, before, self.draws, self.seed)

    def with_source(self, name: str, model: ReturnModel) -> ReturnModel:
        """Return the same model, with the statements of one source read as ``model`` reads them.

        Parameters
        ----------
        name : str
            The ``source`` of the bulletins.
        model : ReturnModel
            Fitted by :func:`fit` to injuries whose ``bulletins.csv`` is what that source said.
        """
        return replace(self, sources={**self.sources, name: model})

    def with_draws(self, draws: int) -> ReturnModel:
        """Return the same model with another number of draws of the parameters behind its bands."""
        return replace(self, draws=draws)

    def save(self, path: str | Path) -> None:
        """Write the model as JSON: estimate, covariance and seed, from which the draws are made anew."""
        write_text(path, self._text)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the file that :meth:`save` writes, in hexadecimal."""
        return sha256(self._text.encode()).hexdigest()

    def _repr_html_(self) -> str:
        sources = ", ".join(self.sources) or "none; all are read as the official feed"
        notes = [str(self.optimum or _NOT_KEPT),
                 f"{self.draws} draws of the parameters make the bands, seed {self.seed}.",
                 f"Sources with data of their own: {sources}."]  # fmt: skip
        lead = f"Fitted to {self.trained_on}. What it assumes: help(forecast.ReturnModel)."
        shown = for_people(self.parameters())
        table = html.table(list(shown.columns), shown.to_numpy().tolist())
        return html.page("Return from a hamstring injury", lead, table, notes)

    @property
    def _text(self) -> str:
        return json.dumps(self._record()) + "\n"

    def _record(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "trained_on": self.trained_on,
            "seed": self.seed,
            "draws": self.draws,
            "longest": self.longest_seen,
            "players": {"mean": self.players.mean.tolist(), "covariance": self.players.covariance.tolist()},
            "params": self.params.to_dict(),
            "covariance": self.covariance.to_numpy().tolist(),
            "sources": {name: model._record() for name, model in self.sources.items()},
            **({} if self.relapse is None else {"relapse": self.relapse.record()}),
            **({} if self.optimum is None else {"optimum": asdict(self.optimum)}),
            **({"priors": {name: list(prior) for name, prior in self.priors.items()}} if self.priors else {}),
            **({"covariates": self.covariates.record()} if self.covariates.centres else {}),
        }

    @cached_property
    def _theta(self) -> Parameters:
        return {**self._draws(self.draws), "fit_before": fit_before(self.draws, self.seed)}

    def _draws(self, count: int, source: str = "") -> Parameters:
        """Draws of the parameters, each of shape (count, 1); others for each source."""
        rng = np.random.default_rng([self.seed, crc32(source.encode())])
        root = square_root(self.covariance.to_numpy())
        values = (self.params.to_numpy() + standard_normal(count, root.shape[1], rng) @ root.T).T.copy()
        return {str(name): value[:, None] for name, value in zip(self.params.index, values, strict=True)}

    def _unlike(self, now: OpenCase) -> list[str]:
        """Note where a case is unlike the data."""
        notes = []
        foreign = {str(f.competition): None for f in now.case.ahead() if f.competition not in (None, LEAGUE)}
        if foreign:
            notes.append(f"The data are of the {LEAGUE}; returns in these may differ: {', '.join(foreign)}.")
        if unknown := ", ".join(name for name in foreign if read_as_league(name)):
            notes.append(f"Counted as league matches, for want of data: {unknown}.")
        sources = {s.source for s in now.statements if s.likelihood is None} - {*self.sources, OFFICIAL}
        if sources:
            notes.append(f"Trusted like the official feed, for want of data: {', '.join(sorted(sources))}.")
        if now.situation.now > (most := self.longest_seen):
            notes.append(f"He has been out longer than nearly all in the data (few beyond {most:.0f} days).")
        return notes
