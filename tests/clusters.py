"""A Dask cluster of two processes, and a task that kills the one it runs in."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# Its own use of what is deprecated, and the sockets of a worker that was killed.
WARNINGS = pytest.mark.filterwarnings("ignore::DeprecationWarning:distributed", "ignore::ResourceWarning")


@contextmanager
def two_workers() -> Iterator:
    """A client of them; the test is skipped where Dask is missing."""
    distributed = pytest.importorskip("distributed", reason="Dask is an optional dependency")
    local = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    with local as cluster, distributed.Client(cluster) as client:
        yield client


def kills_once(grave: Path, function: Callable, *arguments):
    """What ``function`` gives; but the first worker that is asked dies over it, and leaves its number."""
    if not grave.exists():
        grave.write_text(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGKILL)
    return function(*arguments)
