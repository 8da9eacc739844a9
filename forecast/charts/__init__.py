"""Pictures of a forecast and of the data, one a file, composed of small drawing functions."""

from .fixtures import fixture_chart
from .flags import flag_chart
from .recovery import recovery_chart
from .returns import return_chart
from .squad import squad_chart
from .timeline import timeline_chart

OF_AN_OUTLOOK = {"fixtures": fixture_chart, "returns": return_chart, "timeline": timeline_chart}

__all__ = [
    "OF_AN_OUTLOOK",
    "fixture_chart",
    "flag_chart",
    "recovery_chart",
    "return_chart",
    "squad_chart",
    "timeline_chart",
]
