"""What one forecast says: tables, single answers, sentences, what moved it."""

from .outlook import Outlook

__all__ = ["Outlook"]
