"""Bytes by which a first fit takes an idle process beyond its size: ``python tests/benchmarks/peak.py FILE N FAMILY``.

The rows are read from the file, and count; with a fourth argument they are read before, and do not.
"""

import sys
from pathlib import Path

import numpy as np

import forecast as fc


def memory(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(field))


def main(file: str, n: str, family: str, before: str = "") -> None:
    def read() -> np.ndarray:
        return np.fromfile(file).reshape(7, int(n))

    kept = read() if before else None
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins here
    idle = memory("VmRSS")
    rows = read() if kept is None else kept
    fc.fit_recovery(rows[0], rows[1], rows[2:].T, family)
    print(memory("VmHWM") - idle)


if __name__ == "__main__":
    main(*sys.argv[1:])
