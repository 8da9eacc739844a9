"""The pictures of one outlook, by the name of their kind."""

from .choices import choices_chart
from .fixtures import fixture_chart
from .returns import return_chart
from .timeline import timeline_chart

OF_AN_OUTLOOK = {
    "fixtures": fixture_chart,
    "returns": return_chart,
    "timeline": timeline_chart,
    "choices": choices_chart,
}
