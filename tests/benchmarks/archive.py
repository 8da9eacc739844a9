"""Read six seasons of the archive: ``python tests/benchmarks/archive.py [CLONE]``.

Prints the time to read and to build the tables, the peak of the process, and, where ``../shared`` is, how many injuries
are row for row those expected. Without a clone it makes one of the bundle there.
"""

import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from time import perf_counter

import pandas as pd
from peak import memory

import forecast as fc
from forecast.feed.tables import write_tables

SHARED = Path(__file__).parents[3] / "shared" / "archive"
NUMBERS = ["episode", "player", "previous_episode"]  # random


def injuries(folder: Path) -> tuple[Counter, Counter]:
    """Every injury with its rows as they are written, and with those of the one before; every player's injuries."""
    episodes, *tables = (
        pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in ("episodes", "fixtures", "bulletins")
    )
    rows: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for table in tables:
        for row in table.itertuples(index=False):
            rows[row.episode].append(row[1:])
    own = {
        key: (*about, *rows[key])
        for key, about in zip(
            episodes.episode, episodes.drop(columns=NUMBERS).itertuples(index=False, name=None), strict=True
        )
    }
    linked = Counter((own[e], own.get(p)) for e, p in zip(episodes.episode, episodes.previous_episode, strict=True))
    players = Counter(frozenset(own[key] for key in keys) for keys in episodes.groupby("player").episode.apply(list))
    return linked, players


def same(one: Path, other: Path) -> str:
    """Compare two folders of tables, but for the numbers of episodes and players."""
    (a, players_a), (b, players_b) = injuries(one), injuries(other)
    return (
        f"{(a & b).total()} of {a.total()} expected injuries and {(players_a & players_b).total()} of "
        f"{players_a.total()} players are the same, of {b.total()} and {players_b.total()}"
    )


def main(clone: Path, out: Path) -> None:
    start = perf_counter()
    feed = fc.read_feed(clone)
    read = perf_counter() - start
    write_tables(feed.episodes(), out)
    took = perf_counter() - start
    print(f"read in {read:.1f} s, tables after {took:.1f} s, at most {memory('VmHWM') / 1e6:.0f} MB")
    print(*feed.problems, sep="\n", end="")
    if (SHARED / "expected").is_dir():
        print(same(SHARED / "expected", out))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) < 2:
            subprocess.run(["git", "clone", "-q", str(SHARED / "2018-24.bundle"), f"{folder}/clone"], check=True)
        main(Path(sys.argv[1] if len(sys.argv) > 1 else f"{folder}/clone"), Path(folder) / "out")
