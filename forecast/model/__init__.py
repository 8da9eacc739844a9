"""The return model: fitted, pooled, saved, asked."""

from .return_model import ReturnModel
from .saved import default_model, load_model

__all__ = ["ReturnModel", "default_model", "load_model"]
