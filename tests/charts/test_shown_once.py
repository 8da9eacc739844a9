"""In a notebook a chart shows once, whether pyplot was imported or not."""

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # a kernel of its own, whose stack warns

CELLS = {
    "before pyplot": "import forecast as fc\no = fc.default_model().forecast(fc.example_case('short'))\no.plot()",
    "not the last value": "figure = o.plot()\n1",
    "after pyplot": "import matplotlib.pyplot as plt\no.plot(kind='returns')",
    "with the magic": "%matplotlib inline\no.plot(dark=True)",
    "nothing is left over": "2",
}


def test_each_cell_shows_as_many_pictures_as_it_asks_for():
    names = ("nbclient", "nbformat", "ipykernel")
    nbclient, nbformat, _ = (pytest.importorskip(name, reason="notebooks need an extra") for name in names)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in CELLS.values()])
    nbclient.NotebookClient(notebook, timeout=120).execute()
    pictures = [sum("image/png" in output.get("data", {}) for output in cell.outputs) for cell in notebook.cells]
    assert dict(zip(CELLS, pictures, strict=True)) == dict(zip(CELLS, [1, 0, 1, 1, 0], strict=True))
