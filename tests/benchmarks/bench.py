"""Timings with pytest-benchmark, to compare one version of this package with the next.

``python -m pytest tests/benchmarks/bench.py``; ``--benchmark-autosave`` and ``--benchmark-compare`` keep and compare
them. Their name keeps them out of the ordinary tests, and no timing decides anything.
"""

import pytest
from beside import FAMILIES, KINDS, durations

import forecast as fc
from forecast.evidence.readings import readings_of, with_proxies
from forecast.model.fit import PROXY_WEIGHT
from forecast.model.joint import fit_joint


@pytest.mark.parametrize("n", [500, 10_000, 100_000])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("family", FAMILIES)
def test_fit_recovery(benchmark, n, kind, family):
    lower, upper, x = durations(n, kind, family)
    assert benchmark(fc.fit_recovery, lower, upper, x, family).n == n


def test_fit_recovery_to_the_shipped_injuries(benchmark, episodes):
    d = episodes.of("hamstring").durations()
    assert benchmark(fc.fit_recovery, d.lower, d.upper, entry=d.entry).n == len(d)


def test_fit_joint(benchmark, episodes):
    """Recovery, selection and bulletins together, of all injuries."""
    readings = with_proxies(readings_of(episodes), PROXY_WEIGHT)
    benchmark.pedantic(fit_joint, (readings,), rounds=1)


def test_load_episodes(benchmark):
    benchmark(fc.load_episodes)


def test_forecast(benchmark, model):
    case = fc.example_case("bellingham")
    assert len(benchmark(model.forecast, case).fixtures)
