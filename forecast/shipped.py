"""Where the shipped data are: in the installed package, or beside it in a checkout."""

from pathlib import Path


def data_folder() -> Path:
    """Folder with ``premier_league/``, ``literature/``, ``cases/`` and ``model.json``."""
    package = Path(__file__).parent
    installed = package / "data"
    return installed if installed.is_dir() else package.parent / "data"
