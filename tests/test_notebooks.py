"""Every notebook runs from top to bottom, and shows what it shows in the repository."""

import base64
import io
import re
from pathlib import Path

import pytest

from pictures import differ

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("default"),  # what the notebook stack warns of is its own affair
]


def texts(cell) -> list[str]:
    """What it prints and shows, as plain text."""
    outputs = cell.get("outputs", [])
    return [output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs]


def charts(cell) -> list[io.BytesIO]:
    data = [output.get("data", {}).get("image/png") for output in cell.get("outputs", [])]
    return [io.BytesIO(base64.b64decode(png)) for png in data if png]


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_is_committed(path):
    """If not: python notebooks/redraw.py. Another machine may round the last digit the other way."""
    why = "notebooks need an extra"
    nbclient, nbformat = (pytest.importorskip(name, reason=why) for name in ("nbclient", "nbformat"))
    committed, notebook = (nbformat.read(path, as_version=4) for _ in range(2))
    nbclient.NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}}).execute()
    for before, now in zip(committed.cells, notebook.cells, strict=True):
        for one, other in zip(texts(before), texts(now), strict=True):
            assert numbers(one) == pytest.approx(numbers(other), rel=0.03, abs=0.011), now.source
        for one, other in zip(charts(before), charts(now), strict=True):
            assert not differ(one, other), now.source


def test_what_tells_notebooks_apart():
    assert numbers("p: -0.5 (2 to 13%), 2018-19") == [-0.5, 2.0, 13.0, 2018.0, -19.0]
    assert numbers("0.062") != pytest.approx(numbers("0.162"), rel=0.03, abs=0.011)
