"""One forecast: its tables, single answers and sentences, and what moved it."""

from .outlook import Outlook

__all__ = ["Outlook"]
