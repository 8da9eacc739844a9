"""``python -m forecast fit``."""

from __future__ import annotations

from pathlib import Path

from ..episodes.load import files_of, load_episodes
from ..model.fit import fit
from ..wording import printable
from . import DONE, check_outputs, parser_of


def run(arguments: list[str]) -> int:
    """Fit a model to a folder of past injuries, and save it."""
    parser = parser_of("fit", "Fit a model to a folder of past injuries.")
    parser.add_argument("folder", metavar="FOLDER", help="episodes.csv, fixtures.csv and bulletins.csv")
    parser.add_argument("--save", metavar="FILE", required=True, help="where the model goes, as JSON")
    options = parser.parse_args(arguments)
    check_outputs({"--save": options.save}, files_of(Path(options.folder)).values())
    model = fit(load_episodes(options.folder))
    model.save(options.save)
    print(f"Fitted to {model.trained_on}; the model is in {printable(options.save)}.")
    return DONE
