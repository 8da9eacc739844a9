import errno
import os
import random
import re
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

import forecast as fc
from forecast.io import write as writing
from forecast.io.write import write_bytes, write_text


def test_a_file_is_written_over_another(inside):
    write_text("a.json", "one\n")
    write_text("a.json", "zwölf\n")
    assert (inside / "a.json").read_bytes() == "zwölf\n".encode()
    assert [path.name for path in inside.iterdir()] == ["a.json"]


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_an_interrupted_write_leaves_what_was_there(inside, monkeypatch, step):
    write_bytes("a.png", b"old")

    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, step, interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_bytes("a.png", b"new")
    assert (inside / "a.png").read_bytes() == b"old"
    assert len(list(inside.iterdir())) == 1


def test_a_full_disk_is_told_of_the_file_that_was_asked_for(inside, monkeypatch):
    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device", "/somewhere/.a.png.x.part")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as raised:
        write_bytes("a.png", b"new")
    assert raised.value.filename == "a.png"
    assert not list(inside.iterdir())


@pytest.mark.parametrize(("path", "error"), [("none/a.png", FileNotFoundError), (".", IsADirectoryError)])
def test_a_place_where_nothing_can_be_written(inside, path, error):
    with pytest.raises(error) as raised:
        write_bytes(path, b"new")
    assert raised.value.filename == path


def test_a_file_that_is_only_to_be_read_stays(inside, monkeypatch):
    write_bytes("a.json", b"old")
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # for the tests may be run by one who may do anything
    with pytest.raises(PermissionError) as raised:
        write_bytes("a.json", b"new")
    assert raised.value.filename == "a.json"
    assert (inside / "a.json").read_bytes() == b"old"


@pytest.mark.parametrize("path", ["", "a\0b.json", b"a.json", 3])
def test_what_is_no_name_of_a_file(inside, path):
    with pytest.raises(fc.CaseError, match="must be the name of a file"):
        write_bytes(path, b"new")


def test_the_rights_are_those_of_a_file_opened_in_place(inside):
    (inside / "plain").write_bytes(b"")
    write_bytes("whole", b"")
    modes = [stat.S_IMODE((inside / name).stat().st_mode) for name in ("plain", "whole")]
    assert modes[0] == modes[1]


def test_a_link_stays_a_link(inside):
    (inside / "target").write_bytes(b"old")
    (inside / "link").symlink_to("target")
    write_bytes("link", b"new")
    assert (inside / "link").is_symlink()
    assert (inside / "target").read_bytes() == b"new"


def test_a_device_is_written_to_and_not_replaced():
    write_bytes(os.devnull, b"nothing")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


def test_where_nothing_can_be_locked_it_is_written_all_the_same(inside, monkeypatch):
    """On Windows, in a folder that is not there, on some file systems."""
    with writing.alone("none/a.jsonl"):
        pass
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with writing.alone("a.jsonl"):
        write_bytes("a.jsonl", b"new")
    assert (inside / "a.jsonl").read_bytes() == b"new"


# A child that writes without end; when it is killed, its mother has another.
AGAIN_AND_AGAIN = """
import os
from forecast.io.write import write_bytes
while os.fork():
    os.wait()
print(os.getpid(), flush=True)
while True:
    for letter in (b"a", b"b"):
        write_bytes("whole", letter * 300_000)
"""


@pytest.mark.slow
def test_of_a_process_killed_200_times_no_half_file_is_left(inside):
    """At random points: what is there is the file before or the file after."""
    rng, found = random.Random(1), set()
    command = [sys.executable, "-c", AGAIN_AND_AGAIN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as mother:
        try:
            for k in range(200):
                child = int(mother.stdout.readline())
                time.sleep(rng.uniform(0.0, 0.02 if k % 10 else 0.5))  # now and then long: a machine may be busy
                os.kill(child, signal.SIGKILL)
                if (inside / "whole").exists():
                    content = (inside / "whole").read_bytes()
                    assert content in (b"a" * 300_000, b"b" * 300_000)
                    found.add(content[:1])
        finally:
            os.killpg(mother.pid, signal.SIGKILL)
    assert found == {b"a", b"b"}


def test_nothing_else_writes_files():
    """All that the package writes goes through this one file; a picture is made in memory first."""
    writes = re.compile(
        r"\w+\.write_(text|bytes)\(|\bopen\(|\.to_(csv|json|pickle)\((?!index=False\)|orient=.records.\))|savefig\((?!buffer)"
    )
    found = {
        f"{path.name}: {match.group()}"
        for path in Path(fc.__file__).parent.rglob("*.py")
        for match in writes.finditer(path.read_text("utf-8"))
    }
    # The command line opens the null device where the reader of a pipe is gone.
    assert {line for line in found if not line.startswith("write.py")} == {"read.py: open(", "__main__.py: open("}
