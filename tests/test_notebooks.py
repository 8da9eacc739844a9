"""Every notebook runs from a clean kernel, and says what it said when it was committed."""

from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat", reason="pip install 'forecast[notebooks]' to run the notebooks")
nbclient = pytest.importorskip("nbclient", reason="pip install 'forecast[notebooks]' to run the notebooks")

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def said(notebook):
    """The text of every output, by cell."""
    return [
        "".join(out.get("text", "") or out.get("data", {}).get("text/plain", "") for out in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # of the notebook machinery; the kernel has its own
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_and_says_what_it_said(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    before = said(notebook)
    nbclient.NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert said(notebook) == before
