"""Files read as bytes, no more of them than is allowed."""

from __future__ import annotations

from pathlib import Path

from .errors import ProblemError


def read_bytes(path: Path, most: int, error: type[ProblemError]) -> bytes:
    """The content of a file of at most so many bytes.

    Raises
    ------
    ProblemError
        Of the kind of ``error``, where it cannot be read or is larger.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except (OSError, ValueError) as problem:  # a name that no file can have is a ValueError
        what = problem.strerror if isinstance(problem, OSError) else str(problem)
        raise error.of("", what or str(problem), "must be a file that can be read") from None
    if len(raw) > most:
        raise error.of("", f"over {most} bytes", f"must be at most {most} bytes")
    return raw
