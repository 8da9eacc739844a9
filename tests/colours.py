"""How colours are seen: contrast after WCAG 2.2, and colour blindness after Machado, Oliveira and Fernandes (2009)."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_rgb

# IEEE Trans. Vis. Comput. Graph. 15, 1291-1298: severity 1.0, for linear RGB.
SIGHTS = {
    "all cones": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])


def contrast(one, other) -> float:
    """From 1 to 21; letters need 4.5, lines and marks 3."""
    dark, light = sorted(float(_TO_XYZ[1] @ _linear(colour)) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def difference(one, other, sight: str) -> float:
    """CIE 1976 colour difference as somebody with that sight sees it; 10 is plain at a glance."""
    return float(np.linalg.norm(_lab(one, sight) - _lab(other, sight)))


def _lab(colour, sight: str):
    xyz = _TO_XYZ @ np.clip(np.array(SIGHTS[sight]) @ _linear(colour), 0.0, 1.0) / _WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def _linear(colour):
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
