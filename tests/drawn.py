"""What a figure shows once it is drawn."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.transforms import Bbox


@contextmanager
def drawn_texts() -> Iterator[list[tuple[str, Bbox, Bbox]]]:
    """Each text that is drawn meanwhile, with the box it takes and that of the canvas, in pixels."""
    found: list[tuple[str, Bbox, Bbox]] = []
    draw = RendererAgg.draw_text

    def record(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        draw(self, gc, x, y, s, prop, angle, ismath, mtext)
        found.append((s, mtext.get_window_extent(self), Bbox([[0, 0], [self.width, self.height]])))

    with mock.patch.object(RendererAgg, "draw_text", record):
        yield found


def misplaced(texts: list[tuple[str, Bbox, Bbox]]) -> list[str]:
    """The texts that leave the canvas, and those that lie on another."""
    outside = [f"{text!r} leaves the canvas" for text, box, canvas in texts if not _holds(canvas, box)]
    pairs = itertools.combinations(texts, 2)
    return outside + [f"{a!r} lies on {b!r}" for (a, one, _), (b, other, _) in pairs if _meet(one, other)]


def _holds(canvas: Bbox, box: Bbox) -> bool:
    return bool(canvas.x0 <= box.x0 and canvas.y0 <= box.y0 and box.x1 <= canvas.x1 and box.y1 <= canvas.y1)


def _meet(a: Bbox, b: Bbox) -> bool:
    return bool(a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1)
