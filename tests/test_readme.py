"""Every block of README.md runs, and prints what stands below it."""

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from forecast.__main__ import main

README = Path(__file__).parent.parent / "README.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.skipif(not README.is_file(), reason="README.md is not beside tests/")


def blocks() -> list[tuple[str, str]]:
    return FENCE.findall(README.read_text("utf-8")) if README.is_file() else []


def printed(run, *arguments) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        run(*arguments)
    return out.getvalue()


def same(shown: str, expected: str) -> bool:
    """But for the white space at the ends of lines."""
    return [line.rstrip() for line in shown.strip().splitlines()] == [
        line.rstrip() for line in expected.strip().splitlines()
    ]


def test_the_blocks_run_in_order_and_print_what_is_shown(inside):
    """A python or sh block followed by a text block prints it; of a sh block, the lines that call forecast are run."""
    names: dict[str, object] = {}
    out = ""
    for kind, text in blocks():
        if kind == "toml":
            (inside / "case.toml").write_text(text, "utf-8")
        elif kind == "python":
            out = printed(exec, compile(text, "README.md", "exec"), names)
        elif kind == "sh":
            lines = [
                line.partition("python -m forecast")[2] for line in text.splitlines() if "python -m forecast" in line
            ]
            out = "".join(printed(main, shlex.split(line, comments=True)) for line in lines)
        elif kind == "text":
            assert same(out, text), out
