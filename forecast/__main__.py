"""The command line: ``python -m forecast``."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from . import CaseError, DataError
from .commands import archive, backtest, cases, complain, feed, fit, score

COMMANDS = {
    "archive": archive.run,
    "backtest": backtest.run,
    "feed": feed.run,
    "fit": fit.run,
    "score": score.run,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0 when it is done and 2 for bad input."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        command = COMMANDS.get(arguments[0]) if arguments else None
        return command(arguments[1:]) if command else cases.run(arguments)
    except (CaseError, DataError, OSError) as error:
        return complain(error)


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a name with a letter that the screen lacks
    sys.exit(main())
