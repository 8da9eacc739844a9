"""How long the joint fit takes: ``python tests/benchmarks/fit.py``.

Seconds depend on the machine, so each is also given as a multiple of a plain log-normal fit to the same injuries in
the same run.
"""

import os
import platform
from time import perf_counter

import forecast as fc
from forecast.fitting import PROXY_WEIGHT
from forecast.joint import fit_joint
from forecast.readings import readings_of, with_proxies


def seconds(call, times=1):
    """The shortest of several calls."""
    spent = []
    for _ in range(times):
        start = perf_counter()
        call()
        spent.append(perf_counter() - start)
    return min(spent)


def main():
    episodes = fc.load_episodes()
    durations = episodes.durations()
    readings = with_proxies(readings_of(episodes), PROXY_WEIGHT)
    unit = seconds(lambda: fc.fit_recovery(durations.lower, durations.upper, entry=durations.entry), times=5)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {len(readings.table)} rows in the joint fit")
    for name, spent in (
        ("recovery alone, log-normal", unit),
        ("joint fit of one family", seconds(lambda: fit_joint("loglogistic", readings))),
        ("fc.fit: three families, stacked over six seasons", seconds(lambda: fc.fit(episodes))),
    ):
        print(f"{name:<50}{spent:>9.3f} s{spent / unit:>10.0f} x")


if __name__ == "__main__":
    main()
