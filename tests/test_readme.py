"""Every block of README.md runs, and prints what stands below it."""

import contextlib
import io
import re
import shlex
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import forecast as fc
from feeds import READINGS
from forecast.__main__ import main
from forecast.wording import percent

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FETCHED = {"git clone": "Fantasy-Premier-League", "--download": "feed"}  # over the network: six readings stand in
NAMED = re.compile(r"[Ss]ave this as `([\w.]+)`")

pytestmark = pytest.mark.skipif(not README.is_file(), reason="README.md is not beside tests/")


@pytest.fixture
def text() -> str:
    return README.read_text("utf-8")


def printed(run, *arguments) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert not run(*arguments)  # neither a value nor an exit status
    return out.getvalue()


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def test_the_blocks_run_in_order_and_print_what_is_shown(inside, text):
    """A text block is what the block before it prints; of sh blocks, the lines that call forecast are run."""
    names: dict[str, object] = {}
    out = ""
    for block in BLOCK.finditer(text):
        kind, content = block.groups()
        if kind == "python":
            out = printed(exec, compile(content, "README.md", "exec"), names)
        elif kind == "sh":
            for folder in (folder for line in content.splitlines() for what, folder in FETCHED.items() if what in line):
                shutil.copytree(READINGS, folder)
            here = [line for line in content.splitlines() if not any(what in line for what in FETCHED)]
            calls = [line.partition("python -m forecast") for line in here]
            out = "".join(printed(main, shlex.split(rest, comments=True)) for _, call, rest in calls if call)
        elif kind in ("toml", "csv"):
            (inside / NAMED.findall(text[: block.start()])[-1]).write_text(content, "utf-8")
        elif kind == "text":
            assert lines(out) == lines(content)


def test_what_it_links_to_is_there(text):
    if not (README.parent / "pyproject.toml").is_file():
        pytest.skip("this is no checkout")
    targets = [target for target in re.findall(r"\]\(([^)#]+)", text) if "://" not in target]
    assert [target for target in targets if not (README.parent / target).exists()] == []


def test_each_line_from_words_to_bulletins_does_what_stands_beside_it(text, model):
    """And the same lines are in help(fc.Bulletin)."""
    bare = model.forecast(replace(fc.example_case("bellingham"), bulletins=()))
    rows = re.findall(r"^[|] “(.*)” [|] `(.*)` [|] (\S+) [|]$", text, re.MULTILINE)
    assert len(rows) == 8
    for words, fields, fit in rows:
        said = eval(f"fc.Bulletin('2026-03-07', {fields}, source='club')", {"fc": fc})
        assert percent(bare.given(said).fixtures.p_fit[3]) == fit, words
        assert re.search(rf"{re.escape(words)} +{re.escape(fields)}", fc.Bulletin.__doc__), words
    assert f"without a word it is {percent(bare.fixtures.p_fit[3])}." in text
