"""The effect of a scan: how much longer or shorter an injury of its grade takes, by published figures.

Published days end at clearance for full training, those of the model when the flag is lifted or the player appears. An
effect on log days is a ratio, so where the second is a multiple of the first, the gap between them cancels. How far it
does not, and how far the players of the papers differ from those of the data, is in the uncertainty of the effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from ..case.case import Case
from ..io.read import data_folder, read_csv
from .parameters import Parameters, standard_normal

GAP = 0.2  # standard deviation, in log days, of what an effect may differ by from papers to data: our judgement
_GRADES, _TENDON = "Ekstrand 2012 MRI", ("van der Made 2018", "Shamji 2021")


@dataclass(frozen=True)
class Effect:
    """Log days more than the usual injury takes, with its standard deviation, and why."""

    mean: float
    sd: float
    said: tuple[str, ...]
    studies: tuple[str, ...]


def effect_of(case: Case) -> Effect | None:
    """Add up the effects of the grade and of the tendon; None where the case names neither.

    Nobody has published the two apart. Added up they give 1.6 times the usual days for grade 2 with the tendon; Pollock
    2022 saw 34 days against 18.6, 1.8 times.
    """
    known = []
    if case.grade is not None:
        known.append(Effect(*grade_effects()[case.grade], (f"MRI grade {case.grade}",), (_GRADES,)))
    if case.tendon is not None:
        said = f"a tendon that is {'' if case.tendon else 'not '}involved"
        known.append(Effect(*tendon_effects()[case.tendon], (said,), _TENDON))
    if not known:
        return None
    return Effect(
        mean=sum(effect.mean for effect in known),
        sd=float(np.sqrt(GAP**2 + sum(effect.sd**2 for effect in known))),
        said=sum((effect.said for effect in known), ()),
        studies=sum((effect.studies for effect in known), ()),
    )


def notes_on(case: Case) -> list[str]:
    """Explain the effect of a scan in a note, the sources named."""
    effect = effect_of(case)
    if effect is None:
        return []
    low, middle, high = np.exp(effect.mean + 1.645 * effect.sd * np.array([-1.0, 0.0, 1.0]))
    sources = ", ".join(f"{study} (doi {_cohorts(study).doi.iloc[0]})" for study in effect.studies)
    return [
        f"For {' and '.join(effect.said)} recovery takes {middle:.1f} times as long as usual (90%: {low:.1f} to "
        f"{high:.1f}): so it was with the days until clearance for full training in {sources}. The days until he is "
        "fit are taken to be in proportion."
    ]


def shifted(theta: Parameters, effect: Effect | None, seed: Sequence[int]) -> Parameters:
    """Draws of the parameters, with a draw of the effect added to the recovery of each, where there is one."""
    if effect is None:
        return theta
    normal = standard_normal(len(theta["location"]), 1, np.random.default_rng([*seed, 7]))
    return {**theta, "location": theta["location"] + effect.mean + effect.sd * normal}


@cache
def grade_effects() -> dict[int, tuple[float, float]]:
    """Return, by MRI grade (modified Peetrons), the mean of log days less that of all grades, and its standard error.

    From means and standard deviations, as if the days of a grade were log-normal.
    """
    table = _cohorts(_GRADES).loc[[f"MRI grade {grade}" for grade in range(4)]]
    variance = np.log1p((table.sd_days / table.mean_days) ** 2)
    mean = np.log(table.mean_days) - 0.5 * variance
    effect, se = mean - np.average(mean, weights=table.n), np.sqrt(variance / table.n)
    return {grade: (float(effect.iloc[grade]), float(se.iloc[grade])) for grade in range(4)}


@cache
def tendon_effects() -> dict[bool, tuple[float, float]]:
    """Return the effect of a tendon that is involved, and of one that is not, beside all; with standard errors.

    The mean of two log ratios of days, and half of the difference between them; how common it is by Shamji 2021.
    """
    made, shamji = (_cohorts(study) for study in _TENDON)
    log_days = np.log(made.mean_days)
    ratios = np.array([
        log_days[log_days.index.str.startswith("tendon")].mean() - log_days["no intramuscular tendon disruption"],
        np.log(shamji.mean_days["BAMIC c (intratendinous)"] / shamji.mean_days["BAMIC not c"]),
    ])  # fmt: skip
    share = shamji.n["BAMIC c (intratendinous)"] / shamji.n.sum()
    mean, se, rest = float(ratios.mean()), float(abs(ratios[1] - ratios[0])) / 2.0, float(1.0 - share)
    return {True: (rest * mean, rest * se), False: ((rest - 1.0) * mean, (1.0 - rest) * se)}


@cache
def _cohorts(study: str) -> pd.DataFrame:
    """The groups of a study, by name."""
    table = read_csv((data_folder() / "literature" / "cohorts.csv").read_bytes())
    rows = table[table.study == study].set_index("group")
    numbers = rows[["n", "mean_days", "sd_days"]].apply(pd.to_numeric, errors="coerce")
    return rows[["doi"]].join(numbers)
