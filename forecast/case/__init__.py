"""One open injury: the case, its bulletins and fixtures, and the files that they come in."""

from .bulletin import Bulletin
from .case import Case
from .case_file import example_case, read_case
from .fixture import Fixture
from .squad_file import read_squad

__all__ = ["Bulletin", "Case", "Fixture", "example_case", "read_case", "read_squad"]
