"""``python -m forecast archive``."""

from __future__ import annotations

from ..feed.feed import read_feed
from ..feed.tables import write_tables
from . import check_folder, complain_of, parser_of


def run(arguments: list[str]) -> int:
    """Rebuild the three tables of past injuries from a clone of the public archive, or a folder of readings."""
    about = "Rebuild the three tables of past injuries from a clone of the public archive of the feed."
    parser = parser_of("archive", about)
    parser.add_argument("clone", metavar="CLONE", help="a git clone of the archive, or a folder of readings")
    parser.add_argument("out", metavar="OUT", help="a folder; episodes.csv, fixtures.csv and bulletins.csv go there")
    options = parser.parse_args(arguments)
    check_folder("OUT", options.out)
    feed = read_feed(options.clone)
    episodes = feed.episodes()
    write_tables(episodes, options.out)
    print(f"{len(episodes)} injuries of {len(episodes.seasons())} seasons are in {options.out}.")
    return complain_of(feed.problems)
