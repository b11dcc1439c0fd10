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
        results,
        bins.edges,
        bins.origin,
        (into.counts, into.low, into.high, into.sums, into.squares, into.positive),
    )


@compiled
def _count(results: Any, edges: Any, origin: Any, into: Any) -> None:  # pragma: no cover - compiled
    counts, low, high, sums, squares, positive = into
    for i in range(results.shape[0]):
        for s in range(results.shape[1]):
            draw = results[i, s]
            place, above = 0, edges.shape[1]  # the number of edges that are not above the draw, by halving
            while place < above:
                middle = (place + above) // 2
                if edges[s, middle] <= draw:
                    place = middle + 1
                else:
                    above = middle
            deviation = draw - origin[s]
            counts[s, place] += 1
            low[s, place] = min(low[s, place], draw)
            high[s, place] = max(high[s, place], draw)
            sums[s, place] += deviation
            squares[s] += deviation * deviation
            if draw > 0.0:
                positive[s] += 1
