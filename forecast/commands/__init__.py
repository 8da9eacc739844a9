"""The commands of ``python -m forecast``, one a file: each takes its arguments and returns the exit status."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ..io.errors import CaseError, Problem
from ..io.write import PAGES, PICTURES, check_apart, ending_of
from ..wording import printable

DONE, BAD_INPUT, CLOSED = 0, 2, 141  # the last as a shell has it where the reader of a pipe is gone
_ENDINGS = {"--png": PICTURES, "--html": PAGES}
_SHOWN = 100  # problems that are worth naming one by one


def parser_of(command: str, description: str) -> argparse.ArgumentParser:
    """Return the parser of the arguments of a command."""
    return argparse.ArgumentParser(prog=f"python -m forecast {command}".rstrip(), description=description)


def add_options(parser: argparse.ArgumentParser, options: Mapping[str, str]) -> None:
    """Add options of one value, each written as in ``--png FILE``, with their help."""
    for names, text in options.items():
        name, metavar = names.split()
        parser.add_argument(name, metavar=metavar, help=text)


def check_outputs(outputs: Mapping[str, str | None], inputs: Iterable[str | Path | None]) -> None:
    """Check the endings of pictures and pages, and that nothing is written over what is read, or twice into one file.

    Raises
    ------
    CaseError
    """
    written = [(option, file) for option, file in outputs.items() if file is not None]
    for option, file in written:
        if option in _ENDINGS:
            ending_of(file, _ENDINGS[option], option)
    check_apart(written, [file for file in inputs if file is not None])


def check_folder(option: str, folder: str | None) -> None:
    """Check that files can be put into a folder, which may not be there yet.

    Raises
    ------
    CaseError
    """
    if folder is not None and Path(folder).exists() and not Path(folder).is_dir():
        raise CaseError.of(option, folder, "must be a folder")


def complain(error: ValueError | OSError) -> int:
    """Print what is wrong with the input; the exit status."""
    if isinstance(error, BrokenPipeError):
        raise error  # nobody reads on: that is no bad input
    text = str(error)
    if isinstance(error, OSError):
        text = printable(f"{error.filename or 'forecast'}: {error.strerror or error}")
    print(text, file=sys.stderr)
    return BAD_INPUT


def complain_of(problems: Sequence[Problem]) -> int:
    """Print what is wrong with a part of the input, a line each, at most a hundred; the exit status."""
    for problem in problems[:_SHOWN]:
        print(problem, file=sys.stderr)
    if len(problems) > _SHOWN:
        print(f"{len(problems) - _SHOWN} more problems", file=sys.stderr)
    return BAD_INPUT if problems else DONE
