"""Files written whole: to the side first, then renamed, so that nobody ever reads half a file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_bytes(path: str | Path, content: bytes) -> None:
    """Write a file, or leave what was there as it was."""
    target = Path(os.path.realpath(path))  # what a link points to, not the link, is replaced
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(content)  # a device or a pipe cannot be replaced
        else:
            _replace(target, content)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def write_text(path: str | Path, content: str) -> None:
    """:func:`write_bytes` in UTF-8."""
    write_bytes(path, content.encode("utf-8"))


def _replace(path: Path, content: bytes) -> None:
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


def _umask() -> int:
    """What a file opened in place would not have been allowed; mkstemp allows only the owner."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
