"""Pictures of a forecast and of the data, one a file, composed of small drawing functions."""
