"""The command line: ``python -m forecast``."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from . import CaseError, DataError, __version__
from .commands import CLOSED, DONE, archive, backtest, cases, complain, feed, fit, new, score

COMMANDS = {
    "archive": archive.run,
    "backtest": backtest.run,
    "feed": feed.run,
    "fit": fit.run,
    "new": new.run,
    "score": score.run,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0 when it is done and 2 for bad input."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        if "--version" in arguments[:1]:
            print(f"forecast {__version__}")
            return DONE
        command = COMMANDS.get(arguments[0]) if arguments else None
        if arguments and not command:
            _check_word(arguments[0])
        status = command(arguments[1:]) if command else cases.run(arguments)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads the rest
        return CLOSED
    except (CaseError, DataError, OSError) as error:
        return complain(error)


def _check_word(word: str) -> None:
    """Refuse what is no file and looks like a command."""
    near = get_close_matches(word, COMMANDS, 1)
    if near and not Path(word).suffix and not Path(word).exists():
        raise CaseError.of("", word, f"must be a case file or a command: did you mean {near[0]}?")


def _stop(number: int, _: object) -> NoReturn:
    """End with all workers, at once and without a word; the exit status is the one of the signal."""
    import multiprocessing

    signal.signal(number, signal.SIG_IGN)
    for worker in multiprocessing.active_children():
        worker.kill()
    raise SystemExit(128 + number)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a name with a letter that the screen lacks
    sys.exit(main())
