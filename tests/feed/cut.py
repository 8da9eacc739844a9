"""Cut readings of the feed to sixty players: ``python tests/feed/cut.py FROM TO``.

Made ``tests/feed/readings``: every player with a hamstring flag in one of them, and the first of the others.
"""

import json
import sys
from pathlib import Path
from typing import Any

COUNT = 60


def load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n", "utf-8")


def main(source: Path, target: Path) -> None:
    folders = sorted(folder for folder in source.iterdir() if folder.is_dir())
    players = [load(folder / "bootstrap-static.json")["elements"] for folder in folders]
    hurt = {p["id"] for reading in players for p in reading if "Hamstring" in p["news"]}
    kept = set(sorted({p["id"] for p in players[0]}, key=lambda id: (id not in hurt, id))[:COUNT]) | hurt
    done: set[str] = set()
    for folder in reversed(folders):  # of a round that was read twice the later file counts
        out = target / folder.name
        out.mkdir(parents=True, exist_ok=True)
        feed = load(folder / "bootstrap-static.json")
        write(out / "bootstrap-static.json", feed | {"elements": [p for p in feed["elements"] if p["id"] in kept]})
        write(out / "fixtures.json", load(folder / "fixtures.json"))
        for file in sorted(folder.glob("live-*.json")):
            if file.name not in done:
                done.add(file.name)
                write(out / file.name, {"elements": [p for p in load(file)["elements"] if p["id"] in kept]})


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
