"""Draw every picture of the README anew, and run every notebook anew: ``python notebooks/redraw.py [NOTEBOOK ...]``.

With names, such as ``01-when-will-he-be-back``, only those notebooks. Needs ``pip install '.[notebooks]'``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

import forecast as fc
from forecast.pictures import plot_flags, plot_recovery, squad_sheet
from forecast.survival.turnbull import turnbull

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
ROVERS = ("short", "long", "fringe", "cleared", "no-news")  # the invented cases of one club


def main(names: list[str]) -> None:
    """Draw, run, and say what was written."""
    draw()
    for path in sorted(HERE.glob("*.ipynb")):
        if not names or path.stem in names:
            run(path)
            print(path.name)


def draw() -> None:
    """The pictures, from the shipped cases, data and model."""
    PICTURES.mkdir(exist_ok=True)
    model, episodes = fc.default_model(), fc.load_episodes().of("hamstring")
    bellingham = model.forecast(fc.example_case("bellingham"))
    bellingham.plot(PICTURES / "bellingham.png")
    bellingham.plot(PICTURES / "bellingham-dark.png", dark=True)
    bellingham.plot(PICTURES / "bellingham-returns.png", kind="returns")
    bellingham.plot(PICTURES / "bellingham-choices.png", kind="choices")
    squad = {name: model.forecast(fc.example_case(name)) for name in ROVERS}
    squad["long"].plot(PICTURES / "long-timeline.png", kind="timeline")
    squad["cleared"].plot(PICTURES / "cleared.png")
    squad_sheet(list(squad.values()), PICTURES / "squad.png")
    plot_flags(episodes, PICTURES / "flags.png")
    d = episodes.durations("hamstring")
    fit, observed = (estimate(d.lower, d.upper, entry=d.entry) for estimate in (fc.fit_recovery, turnbull))
    plot_recovery(fit, observed, PICTURES / "recovery.png", given=4)


def run(path: Path) -> None:
    """Run a notebook from a clean kernel and keep what it shows; no times of running are kept."""
    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=1800, record_timing=False, resources=where).execute()
    nbformat.write(notebook, path)


if __name__ == "__main__":
    main(sys.argv[1:])
