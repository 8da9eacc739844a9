"""The official fantasy feed, as downloaded or from its public archive: open injuries now, past ones to learn from."""

from .feed import Feed, read_feed

__all__ = ["Feed", "read_feed"]
