"""The commands of ``python -m forecast``, one a file: each takes its arguments and returns the exit status."""

from __future__ import annotations

import sys

from ..wording import printable

DONE, BAD_INPUT = 0, 2


def complain(error: ValueError | OSError) -> int:
    """Print what is wrong with the input; the exit status."""
    text = str(error)
    if isinstance(error, OSError):
        text = printable(f"{error.filename or 'forecast'}: {error.strerror or error}")
    print(text, file=sys.stderr)
    return BAD_INPUT
