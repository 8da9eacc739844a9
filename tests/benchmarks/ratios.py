"""Time and memory beside those of others: ``python tests/benchmarks/ratios.py``, a Markdown table.

Each ratio is one function of ``RATIOS``. Both sides run in the same session and take turns; the medians are compared.
What is not installed is left out. One thread each.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy is loaded; R's own library of matrices has one, too

import platform
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd
from beside import FAMILIES, HERE, KINDS, R, durations, in_turn, seconds, written
from many import AHEAD, PLAYED, cases
from scipy.special import ndtr

import forecast as fc

MS, MB = 1e3, 1e-6
IN_R = shutil.which("Rscript") is not None


@dataclass(frozen=True)
class Ratio:
    """One row of the table."""

    what: str
    beside: str
    rows: int
    ours: float
    theirs: float
    unit: str
    asked: float | None = None

    def __str__(self) -> str:
        asked = "" if self.asked is None else f"{self.asked:g}"
        amounts = [f"{amount:,.0f}" if amount >= 100 else f"{amount:.3g}" for amount in (self.ours, self.theirs)]
        rows, ratio = f"{self.rows:,}" if self.rows else "", f"{self.ours / self.theirs:.2f}"
        cells = (self.what, self.beside, rows, *(f"{amount} {self.unit}" for amount in amounts), ratio, asked)
        return f"| {' | '.join(cells)} |"


def fits_and_survreg() -> Iterator[Ratio]:
    """A fit with five covariates, warm; the log-likelihoods have to agree."""
    if not IN_R:
        return
    for n, fits, asked in ((500, 40, 0.5), (10_000, 2, 0.3), (100_000, 1, 0.2)):  # so many a turn, warm
        for kind in KINDS:
            for family in FAMILIES:
                lower, upper, x = durations(n, kind, family)
                with written(lower, upper, x) as file, R() as r:
                    r("load", file, n, kind)
                    theirs = float(r("fit", family).split()[1])
                    assert abs(fc.fit_recovery(lower, upper, x, family).loglik / theirs - 1.0) < 1e-8, (kind, family)
                    pair = in_turn(
                        lambda rows=(lower, upper, x, family), fits=fits: seconds(
                            lambda: [fc.fit_recovery(*rows) for _ in range(fits)]
                        ),
                        lambda r=r, family=family, fits=fits: float(r("fit", family, fits).split()[0]),
                        7,
                    )
                yield Ratio(f"fit, {family}, {kind}", "survreg", n, *(MS * t / fits for t in pair), "ms", asked)


def memory_and_survreg() -> Iterator[Ratio]:
    """The peak of a first fit above the idle process, the rows included."""
    if not (IN_R and Path("/proc/self/clear_refs").exists()):
        return
    n = 100_000
    for kind in KINDS:
        for family in FAMILIES:
            with written(*durations(n, kind, family)) as file:

                def theirs(file=file, family=family, kind=kind) -> float:
                    with R() as r:
                        return float(r("peak", family, file, n, kind))

                pair = in_turn(lambda file=file, family=family: _peak(file, n, family), theirs, 3)
            yield Ratio(f"memory of that, {family}, {kind}", "survreg", n, *(MB * size for size in pair), "MB", 0.5)


def ten_million_rows() -> Iterator[Ratio]:
    """Processor's time for each row, and memory beyond the rows, of ten million beside those of a million."""
    (time, size), (time_of_one, size_of_one) = (_large(n) for n in (10_000_000, 1_000_000))
    yield Ratio("fit, processor's time for each row", "1,000,000 rows", 10_000_000, 1e6 * time, 1e6 * time_of_one, "µs")
    if size:
        yield Ratio("memory of that beyond the rows", "1,000,000 rows", 10_000_000, MB * size, MB * size_of_one, "MB")


def _large(n: int) -> tuple[float, float]:
    lower, upper, x = durations(n, "interval", "weibull")
    time = seconds(lambda: fc.fit_recovery(lower, upper, x, "weibull"), process_time) / n
    if not Path("/proc/self/clear_refs").exists():
        return time, 0.0
    with written(lower, upper, x) as file:
        return time, _peak(file, n, "weibull", "before")


def _peak(*arguments: object) -> float:
    command = [sys.executable, HERE / "peak.py", *map(str, arguments)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def fits_and_lifelines() -> Iterator[Ratio]:
    """Right-censored: its fit to intervals does not converge on these rows."""
    if not find_spec("lifelines"):
        return
    import lifelines

    fitters = {"lognormal": lifelines.LogNormalAFTFitter, "weibull": lifelines.WeibullAFTFitter}
    for family, fitter in fitters.items():
        yield _right_censored(
            "lifelines",
            family,
            lambda table, fitter=fitter: fitter().fit(table.drop(columns="upper"), "lower", "ended"),
        )


def fits_and_surpyval() -> Iterator[Ratio]:
    """Right-censored."""
    if not find_spec("surpyval"):
        return
    import surpyval

    fitters = {"lognormal": surpyval.LogNormalAFT, "weibull": surpyval.WeibullAFT}
    for family, fitter in fitters.items():
        yield _right_censored(
            "SurPyval",
            family,
            lambda table, fitter=fitter: fitter.fit(
                table.lower.to_numpy(), table[[f"x{j}" for j in range(5)]].to_numpy(), c=1 - table.ended.to_numpy(int)
            ),
        )


def _right_censored(name: str, family: str, fit: Callable[[pd.DataFrame], object]) -> Ratio:
    n = 10_000
    lower, upper, x = durations(n, "right", family)
    table = pd.DataFrame(x, columns=[f"x{j}" for j in range(5)])
    table = table.assign(lower=lower, upper=upper, ended=np.isfinite(upper))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the other package, while it is timed
        pair = in_turn(
            lambda: seconds(lambda: fc.fit_recovery(lower, upper, x, family)), lambda: seconds(lambda: fit(table)), 5
        )
    return Ratio(f"fit, {family}, right", name, n, *(MS * t for t in pair), "ms")


def forecasts_of_many() -> Iterator[Ratio]:
    """The whole model, with bands, beside the conditional survival that a curve alone would need, in bare NumPy."""
    model, mu, sigma = fc.default_model(), *np.random.default_rng(1).normal([3.0, 0.7], 0.05, (4000, 2)).T
    out = np.linspace(4.0, 60.0, 50)[:, None]

    def bare() -> np.ndarray:
        def survival(days: np.ndarray) -> np.ndarray:
            return ndtr((mu[:, None, None] - np.log(days)) / sigma[:, None, None])

        return np.quantile(1.0 - survival(out + AHEAD) / survival(out), [0.05, 0.5, 0.95], axis=0)

    appeared = {name: PLAYED[name] for name in ("appearances_before", "fixtures_before")}
    for what, known in (("50 forecasts", PLAYED), ("the same, appearances only", appeared), ("nothing known", {})):
        fifty = list(cases(50, **known))
        pair = in_turn(lambda fifty=fifty: seconds(lambda: model.forecast_many(fifty)), lambda: seconds(bare), 7)
        yield Ratio(what, "a curve, 50 x 10 x 4,000 draws", 0, *(MS * t for t in pair), "ms", 3.0)


def start_up() -> Iterator[Ratio]:
    """New processes, all files in the cache of the machine."""
    figure = "import pandas, matplotlib; matplotlib.use('Agg')\nimport matplotlib.pyplot as plt; plt.figure().savefig('empty')"
    pairs = [
        ("`import forecast`", ["-c", "import forecast"], "its imports", "import pandas, scipy.special, scipy.optimize", 1.2),
        ("`python -m forecast`", ["-m", "forecast"], "an empty figure", figure, 1.5),
    ]  # fmt: skip
    for what, command, beside, code, asked in pairs:
        with tempfile.TemporaryDirectory() as folder:
            pair = in_turn(
                lambda command=command, folder=folder: _process(command, folder),
                lambda code=code, folder=folder: _process(["-c", code], folder),
                11,
            )
        yield Ratio(what, beside, 0, *(MS * t for t in pair), "ms", asked)


def _process(arguments: list[str], folder: str) -> float:
    return seconds(lambda: subprocess.run([sys.executable, *arguments], cwd=folder, check=True, capture_output=True))


RATIOS = [
    fits_and_survreg,
    memory_and_survreg,
    ten_million_rows,
    fits_and_lifelines,
    fits_and_surpyval,
    forecasts_of_many,
    start_up,
]


def session() -> str:
    """The machine and the versions."""
    cpu = platform.processor() or platform.machine()
    if (info := Path("/proc/cpuinfo")).exists():
        cpu = next(
            (line.split(": ")[1] for line in info.read_text().splitlines() if line.startswith("model name")), cpu
        )
    parts = [f"{cpu}, {os.cpu_count()} cores, one thread each", f"Python {platform.python_version()}"]
    for name in ("numpy", "scipy", "pandas", "lifelines", "surpyval"):
        try:
            parts.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    if IN_R:
        code = 'cat(R.version$major, ".", R.version$minor, ", survival ", as.character(packageVersion("survival")), sep="")'
        parts.append("R " + subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True).stdout)
    return ", ".join(parts) + "."


def main() -> None:
    """Print the table, a row when it is known; with arguments, of the ratios of these names only."""
    print("| what | beside | rows | this | that | ratio | at most |\n| --- | --- | --: | --: | --: | --: | --: |")
    for function in RATIOS:
        if function.__name__ in (sys.argv[1:] or function.__name__):
            for ratio in function():
                print(ratio, flush=True)
    print(f"\n{session()}")


if __name__ == "__main__":
    main()
