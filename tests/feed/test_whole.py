"""The whole feed and archive, where they are."""

import subprocess
import sys
from pathlib import Path

import pytest

import forecast as fc

ROOT = Path(__file__).parents[3] / "shared"
BENCHMARKS = Path(__file__).parents[1] / "benchmarks"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not (ROOT / "archive").is_dir(), reason="the archive is not there")]


def test_the_tables_are_row_for_row_those_expected():
    command = [sys.executable, str(BENCHMARKS / "archive.py")]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert out.splitlines()[-1] == "1861 of 1861 expected injuries and 682 of 682 players are the same, of 1861 and 682"


def test_the_last_reading_of_the_whole_feed():
    cases = fc.read_feed(ROOT / "feed").cases()
    assert len(cases) == 28
    assert {case.player for case in cases if "Hamstring" not in case.said} == {"Player 0486", "Player 0284"}
