"""Types of the arrays that everything is worked out in, and helpers for tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]

C = TypeVar("C", bound=type)
_KEPT = 30_000_000  # bytes; glibc keeps blocks of up to 32 MB


def keep_freed_memory() -> None:
    """Let the C library keep the memory that arrays free, which it otherwise gives back and fetches anew each time.

    glibc keeps blocks as large as the largest that has been freed before, see ``M_MMAP_THRESHOLD`` in mallopt(3). The
    block is never written to, so that it costs nothing. Elsewhere nothing changes.
    """
    np.empty(_KEPT, np.uint8)


def each_row(table: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a table as named tuples, whose members are of any type."""
    yield from table.itertuples(index=False)


def by_name(numbers: pd.Series[float]) -> dict[str, Array]:
    """Return the numbers of a series as arrays, by their names."""
    return {str(name): np.asarray(number) for name, number in numbers.items()}


class _Copied:
    """A field that holds a table and gives copies of it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: object | None, owner: type) -> Any:
        return self if instance is None else instance.__dict__[self.name].copy()

    def __set__(self, instance: object, value: Any) -> None:
        instance.__dict__[self.name] = value.copy()


def with_copies_of(*names: str) -> Callable[[C], C]:
    """Make these fields of a frozen dataclass give copies of their tables, so that nobody can change it by them."""

    def decorate(kind: C) -> C:
        for name in names:
            setattr(kind, name, _Copied(name))
        return kind

    return decorate
