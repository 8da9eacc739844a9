"""Evidence: past readings and open cases in the one form in which they meet the model."""

from .grid import Evidence, lay_out
from .situation import Situation, Statement

__all__ = ["Evidence", "Situation", "Statement", "lay_out"]
