"""Draws counted in bins, compiled: the fast twin of ``sketch.count_slowly``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.compiling import compiled
from soemrisk.sketch import Bins, Counted

Floats = NDArray[np.float64]


def count(results: Floats, bins: Bins, into: Counted) -> None:
    """Count draws in the bins of their results, as ``sketch.count_slowly``.

    Parameters
    ----------
    results : (n, s) float64
    bins : Bins
    into : Counted
        Added to in place.
    """
    _count(
        np.ascontiguousarray(results.T),
        bins.edges,
        bins.guide,
        bins.origin,
        (into.counts, into.low, into.high, into.sums, into.squares, into.positive),
    )


@compiled
def _place(edges: Any, guide: Any, scale: float, draw: float) -> Any:  # pragma: no cover - compiled
    """Number of edges that are not above a draw: from the guide on step by step, or by halving where there are many."""
    if not draw >= edges[0]:
        return 0
    step = (draw - edges[0]) * scale
    cell = len(guide) - 2
    if step < cell:
        cell = int(step)
    place = max(guide[cell] - 1, 1)  # an edge is not passed over although the step is rounded
    while place > 1 and edges[place - 1] > draw:
        place -= 1
    above = min(guide[cell + 1] + 1, len(edges))
    if above - place > 8:
        above = len(edges) if draw >= edges[above - 1] else above
        while place < above:
            middle = (place + above) // 2
            if edges[middle] <= draw:
                place = middle + 1
            else:
                above = middle
        return place
    while place < len(edges) and edges[place] <= draw:
        place += 1
    return place


@compiled
def _count(results: Any, edges: Any, guide: Any, origin: Any, into: Any) -> None:  # pragma: no cover - compiled
    counts, low, high, sums, squares, positive = into
    for s in range(results.shape[0]):
        last = guide[s, guide.shape[1] - 1] - 1  # the last edge that is a number
        width = edges[s, last] - edges[s, 0]
        scale = (guide.shape[1] - 1) / width if width > 0.0 else 0.0
        for i in range(results.shape[1]):
            draw = results[s, i]
            place = _place(edges[s], guide[s], scale, draw)
            deviation = draw - origin[s]
            counts[s, place] += 1
            low[s, place] = min(low[s, place], draw)
            high[s, place] = max(high[s, place], draw)
            sums[s, place] += deviation
            squares[s] += deviation * deviation
            if draw > 0.0:
                positive[s] += 1
