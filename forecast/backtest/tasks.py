"""Independent tasks, in this process or on anything with the interface of ``concurrent.futures``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from operator import call
from typing import TypeVar

from tqdm import tqdm

Result = TypeVar("Result")


def run_tasks(tasks: Sequence[Callable[[], Result]], executor: Executor | None, what: str) -> list[Result]:
    """Results of the tasks, in their order, with a progress bar, called ``what``, where a person watches.

    A task has to survive pickling if it is to run in another process: a ``functools.partial`` of a function of a
    module does.
    """
    results = map(call, tasks) if executor is None else executor.map(call, tasks)
    return list(tqdm(results, total=len(tasks), desc=what, disable=None))
