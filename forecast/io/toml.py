"""Tables written as TOML: plain values, then tables, then lists of them, each entry under its own double brackets."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd


def toml_of(table: Mapping[str, Any]) -> str:
    """Return a table as TOML; what is None is left out.

    Parameters
    ----------
    table : mapping
        Texts, numbers, truths, moments in UTC, tables of these, and lists of such tables.
    """
    plain = {name: value for name, value in table.items() if not isinstance(value, list | dict)}
    tables = [f"[{name}]\n{_lines(value)}" for name, value in table.items() if isinstance(value, dict) and value]
    lists = [(name, entry) for name, value in table.items() if isinstance(value, list) for entry in value]
    blocks = [_lines(plain), *tables, *(f"[[{name}]]\n{_lines(entry)}" for name, entry in lists)]
    return "\n".join(blocks)


def _lines(table: Mapping[str, Any]) -> str:
    return "".join(f"{_key(name)} = {_value(value)}\n" for name, value in table.items() if value is not None)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, pd.Timestamp):
        text = value.isoformat().replace("+00:00", "Z")
        return f'"{text}"' if value.nanosecond else text  # TOML readers keep six digits of a second
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return repr(value)
