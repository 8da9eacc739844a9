"""Files written whole: to the side first, then renamed, so that nobody ever reads half a file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_bytes(path: str | Path, content: bytes) -> None:
    """Write a file, or leave what was there as it was."""
    path = Path(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_text(path: str | Path, content: str) -> None:
    """:func:`write_bytes` in UTF-8."""
    write_bytes(path, content.encode("utf-8"))


def _umask() -> int:
    """What the file would not have been allowed had it been opened in place; mkstemp allows only the owner."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
