from .recovery import fit_recovery, RecoveryFit
from .errors import DataError, CaseError
from .episodes import load_episodes
from .case import Case, Fixture, Bulletin
from .casefile import read_case, example_case
