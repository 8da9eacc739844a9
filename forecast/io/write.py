"""Files written whole: to the side first, then renamed, so that nobody ever reads half a file."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from zlib import crc32

from .errors import CaseError
from .read import path_of

PICTURES, PAGES = (".png", ".svg", ".pdf"), (".html", ".htm")

# Of a file to the side: short, whatever the name of the other, and with the machine, for a folder may be shared.
_MACHINE = os.uname().nodename if hasattr(os, "uname") else ""
_PREFIX, _SUFFIX = f".forecast-{crc32(_MACHINE.encode()):08x}-", ".part"


def place_of(path: object, field: str = "path") -> Path:
    """Return the file that would be written: what a link points to, not the link, is replaced.

    Raises
    ------
    CaseError
        If it is no name of a file.
    OSError
        If nothing can be written there: a folder, a file that is only to be read, or in no folder.
    """
    target = Path(os.path.realpath(path_of(path, field=field)))
    try:
        may = os.access(target if target.exists() else target.parent, os.W_OK)
        none = errno.EISDIR if target.is_dir() else 0 if target.parent.is_dir() else errno.ENOENT
        problem = none or (0 if may else errno.EACCES)
    except OSError as error:
        problem = error.errno or errno.EIO
    if problem:
        raise OSError(problem, os.strerror(problem), str(path))
    return target


def write_bytes(path: str | Path, content: bytes) -> None:
    """Write a file, or leave what was there as it was; the errors are those of :func:`place_of`, and a full disk."""
    target = place_of(path)
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


def ending_of(path: object, allowed: tuple[str, ...], field: str = "path") -> str:
    """Return the ending of a file that is to be written, in small letters.

    Raises
    ------
    CaseError
        If it is none of those allowed.
    """
    ending = path_of(path).suffix.lower()
    if ending not in allowed:
        raise CaseError.of(field, str(path), f"must end in {', '.join(allowed[:-1])} or {allowed[-1]}")
    return ending


def check_apart(outputs: Iterable[tuple[str, str | Path]], inputs: Iterable[str | Path]) -> None:
    """Check that each output, with the option that names it, can be written, and is no other output and no input.

    Raises
    ------
    CaseError, OSError
    """
    known: dict[object, str] = {_identity("/dev/stdout"): "what is printed"}
    known |= {_identity(path): f"the input {Path(path).name}" for path in inputs}
    for option, path in outputs:
        which = _identity(path)
        if which in known:
            raise CaseError.of(option, str(path), f"must be another file than that of {known[which]}")
        known[which] = option
        place_of(path, option)


def _identity(path: str | Path) -> object:
    """Return what tells a file from another, by whatever names; a device or a pipe is no file."""
    real = os.path.realpath(path)
    try:
        found = os.stat(real)
    except (OSError, ValueError):
        return real
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else object()


@contextmanager
def alone(path: str | Path) -> Iterator[None]:
    """While this goes on, others who ask for a file of the same folder wait; where folders can be locked."""
    try:
        folder = os.open(Path(os.path.realpath(path)).parent, os.O_RDONLY)
    except OSError:  # not on Windows; or there is no such folder, as whoever writes will say
        yield
        return
    try:
        with suppress(ImportError, OSError):  # a system, or a file system, without such locks
            import fcntl

            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)  # and with it goes the lock


def _replace(path: Path, content: bytes) -> None:
    _sweep(path.parent)
    mode = path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{_PREFIX}{os.getpid()}-", suffix=_SUFFIX)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sweep(folder: Path) -> None:
    """Take away what processes of this machine that were killed have left."""
    with suppress(OSError):  # litter that cannot be taken away may stay
        for left in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
            if _is_gone(left.name.removeprefix(_PREFIX).partition("-")[0]):
                left.unlink(missing_ok=True)


def _is_gone(process: str) -> bool:
    """Tell whether there is no process of that number; elsewhere than on POSIX nobody knows without harm."""
    if os.name != "posix" or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)  # asks, and does nothing
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _sync(folder: Path) -> None:
    """Put the new name on the disk, too; where folders can be opened."""
    with suppress(OSError):  # a folder that cannot be opened, as on Windows
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    """Return the permissions that a file opened in place would not have had; mkstemp allows only the owner."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
