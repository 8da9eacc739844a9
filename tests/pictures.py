"""Pictures compared as the eye would: small, and not to the last shade."""

from __future__ import annotations

import numpy as np
from PIL import Image


def differ(one, other) -> bool:
    """Whether two PNG files show something else; small differences between versions of matplotlib are let pass."""
    small = [_small(file) for file in (one, other)]
    return small[0].shape != small[1].shape or bool(np.abs(small[0] - small[1]).mean() >= 1.0)  # of 255


def _small(file):
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB").reduce(4), float)
