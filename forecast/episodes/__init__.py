"""Past injuries: three tables, loaded, checked and turned into durations."""

from .episodes import Episodes
from .from_dates import durations_from_dates
from .from_log import episodes_from_log
from .load import checked, details, load_episodes

__all__ = ["Episodes", "checked", "details", "durations_from_dates", "episodes_from_log", "load_episodes"]
