"""Pictures of a forecast, one a file, composed of small drawing functions."""

from .fixtures import fixture_chart

__all__ = ["fixture_chart"]
