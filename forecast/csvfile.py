"""CSV files as tables of texts."""

from pathlib import Path

import pandas as pd


def read_csv(path: Path) -> pd.DataFrame:
    """Every field as the text that stands there.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is not UTF-8, has no header, or a row has more fields than the header.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    if not isinstance(table.index, pd.RangeIndex):  # pandas takes the first fields of longer rows for names
        raise ValueError("a row has more fields than the header")
    return table
