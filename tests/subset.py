"""Some of the injuries of the data, for what need not see them all."""

import forecast as fc


def some(episodes: fc.Episodes, count: int) -> fc.Episodes:
    """So many injuries, from all of them."""
    chosen = episodes.episodes.episode.to_numpy()[:: len(episodes) // count][:count]
    return episodes.where(episodes.episodes.episode.isin(chosen))
