"""What is refused, and with which words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def refused(error: type[Exception], call: Callable[..., Any], *arguments: Any, **fields: Any) -> list[str]:
    """The lines of the error that a call ends in, one a problem."""
    with pytest.raises(error) as raised:
        call(*arguments, **fields)
    return str(raised.value).splitlines()
