"""Forecast the return of a footballer with a hamstring injury: the chance that the player is fit for each fixture."""

from . import scores
from .backtest.backtest import Report, backtest
from .case.bulletin import Bulletin
from .case.case import Case
from .case.case_file import example_case, read_case
from .case.fixture import Fixture
from .episodes.episodes import Episodes
from .episodes.from_dates import durations_from_dates
from .episodes.from_log import episodes_from_log
from .episodes.load import load_episodes
from .feed.feed import Feed, read_feed
from .io.errors import CaseError, DataError
from .model.fit import fit
from .model.pool import pool
from .model.return_model import ReturnModel
from .model.saved import default_model, load_model
from .outlook.outlook import Outlook
from .pictures import plot_flags, plot_recovery, plot_residuals, squad_html, squad_sheet
from .survival.recovery_fit import RecoveryFit, fit_recovery

__version__ = "0.1.0"

__all__ = [
    "Bulletin",
    "Case",
    "CaseError",
    "DataError",
    "Episodes",
    "Feed",
    "Fixture",
    "Outlook",
    "RecoveryFit",
    "Report",
    "ReturnModel",
    "backtest",
    "default_model",
    "durations_from_dates",
    "episodes_from_log",
    "example_case",
    "fit",
    "fit_recovery",
    "load_episodes",
    "load_model",
    "plot_flags",
    "plot_recovery",
    "plot_residuals",
    "pool",
    "read_case",
    "read_feed",
    "scores",
    "squad_html",
    "squad_sheet",
]
