"""Input checked on the way in, files written whole on the way out."""
