"""What the benchmarks share: the rows they fit, R in a process of its own, and the clock."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

HERE = Path(__file__).parent
BETA = [0.3, -0.2, 0.1, 0.0, 0.05]
FAMILIES, KINDS = ("lognormal", "loglogistic", "weibull"), ("right", "interval")


def durations(n: int, kind: str, family: str, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lower, upper and five covariates: followed for 40 days on average, or read every fourth day up to the 60th."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, len(BETA)))
    draw = {"lognormal": rng.normal, "loglogistic": rng.logistic, "weibull": rng.gumbel}[family]
    e = draw(size=n) if family != "weibull" else -draw(size=n)
    days = np.exp(2.5 + x @ BETA + 0.8 * e)
    if kind == "right":
        followed = rng.exponential(40.0, n)
        return np.minimum(days, followed), np.where(days <= followed, days, np.inf), x
    lower = np.minimum(4.0 * np.floor(days / 4.0), 60.0)
    return lower, np.where(lower < 60.0, lower + 4.0, np.inf), x


@contextmanager
def written(lower: np.ndarray, upper: np.ndarray, x: np.ndarray) -> Iterator[str]:
    """A file of the rows, a column after the other."""
    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        np.vstack([lower, upper, x.T]).tofile(file.name)
        yield file.name


class R:
    """``survreg.R``, waiting for commands."""

    def __enter__(self) -> R:
        command = ["Rscript", "--vanilla", HERE / "survreg.R"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait()

    def __call__(self, *words: object) -> str:
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


def seconds(call: Callable[[], object], clock: Callable[[], float] = perf_counter) -> float:
    start = clock()
    call()
    return clock() - start


def in_turn(ours: Callable[[], float], theirs: Callable[[], float], times: int) -> tuple[float, float]:
    """Medians of what both report when they take turns, after one turn to get warm."""
    ours(), theirs()
    turns = [(ours(), theirs()) for _ in range(times)]
    return tuple(median(column) for column in zip(*turns, strict=True))
