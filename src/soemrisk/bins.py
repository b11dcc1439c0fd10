"""Where the draws of a result are counted: bins that are calculated and not looked for.

The range of a pilot is cut into cells of equal width. That is enough for most results. Where the draws of a pilot crowd
in a few of them, as those of a skewed result do, each cell is cut into as many equal steps as it has draws; inside a
step that is crowded still, or has a value that the pilot has more than once, lie further edges. So a quantile is near,
however skewed the result is, and a value that comes again and again has a bin of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int32]
Flags = NDArray[np.bool_]

BINS = 2048  # about
COARSE = 256  # cells that are cut into steps
MOST_COUNTERS = 2**20  # of all results and bins of a replicate; with more results there are fewer bins of each
FEWEST_BINS = 256
TAIL = 1 / 256  # of the pilot lies below the first cell, and above the last: beyond it are no cells
CROWDED_CELL, CROWDED_STEP = 8, 2  # times as many draws as a bin should have
FEWER = 8  # times, where most draws lie in crowded steps
BETWEEN = 4  # bins between two draws of the pilot that lie beyond the cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Bins:
    """Bins of s results; at most c cells, with one more before and after, and p steps.

    Attributes
    ----------
    edges : (s, b − 1)
        Rising; a bin begins at each, one more lies before the first. Filled up with inf.
    origin : (s,)
        What deviations are summed from.
    low, scale, cells : (s,)
        Where the first cell begins, cells for each unit, and how many there are.
    even : (s,) bool
        Whether every cell is a bin; then the rest is not asked.
    first, steps : (s, c + 2)
        How many steps lie before each cell, and in it.
    upto : (s, p + 1) int32
        How many bins lie before each step.
    """

    edges: Floats
    origin: Floats
    low: Floats
    scale: Floats
    cells: Floats
    even: Flags
    first: Floats
    steps: Floats
    upto: Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Bins of one result, as ``Bins`` has them."""

    edges: Floats
    low: float
    scale: float
    cells: float
    even: bool
    first: Floats
    steps: Floats
    upto: Places


def bins_of(pilot: Floats, far: range = range(0)) -> Bins:
    """Bins for results of which a pilot is known.

    Parameters
    ----------
    pilot : (s, n) float64
        Some draws of each result.
    far : range, optional
        Results of which quantiles far out are asked for: they have bins of equal probability up to both ends.

    Returns
    -------
    Bins
    """
    number = min(int(np.clip(MOST_COUNTERS // len(pilot) // 2, FEWEST_BINS, BINS)), pilot.shape[1])
    rows = [
        _even_row(ordered, number, far=s in far) or _uneven_row(ordered, number)
        for s, ordered in enumerate(np.sort(pilot, axis=1))
    ]
    return Bins(
        edges=_filled([row.edges for row in rows], np.inf),
        origin=pilot[:, 0].copy(),
        low=np.array([row.low for row in rows]),
        scale=np.array([row.scale for row in rows]),
        cells=np.array([row.cells for row in rows]),
        even=np.array([row.even for row in rows]),
        first=_filled([row.first for row in rows], 0),
        steps=_filled([row.steps for row in rows], 0),
        upto=_filled([row.upto for row in rows], 0),
    )


def _filled(rows: list[NDArray[Any]], value: float) -> NDArray[Any]:
    found = np.full((len(rows), max(map(len, rows))), value, dtype=rows[0].dtype)
    for one, row in zip(found, rows, strict=True):
        one[: len(row)] = row
    return found


def _even_row(ordered: Floats, number: int, *, far: bool) -> Row | None:
    """Cells alone, unless draws crowd in them, some have the same value, or what lies beyond them is asked for."""
    if ordered[0] == ordered[-1]:
        return _row_of_one(float(ordered[0]))
    if far:
        return None
    low, scale = _range(ordered, number)
    several = np.bincount(_cell(ordered, low, scale, float(number)).astype(np.int32), minlength=number + 2)
    if (ordered[1:] == ordered[:-1]).any() or several[1:-1].max() > _most(len(ordered), number, CROWDED_CELL):
        return None
    return _row_of_cells(low + np.arange(number + 1.0) / scale, low, scale)


def _row_of_one(value: float) -> Row:
    """One cell that holds one value, as far as a product can tell."""
    after = float(np.nextafter(value, np.inf))
    return _row_of_cells(np.array([value, after]), value, 1.0 / max(after - value, 2.0**-1000))


def _row_of_cells(edges: Floats, low: float, scale: float) -> Row:
    """Cells alone."""
    nothing, whole = np.zeros(0), np.zeros(0, dtype=np.int32)
    return Row(
        edges=edges, low=low, scale=scale, cells=len(edges) - 1.0, even=True, first=nothing, steps=nothing,
        upto=whole,
    )  # fmt: skip


def _uneven_row(ordered: Floats, number: int) -> Row:
    """Cells that are cut into steps, and edges inside these."""
    low, scale = _range(ordered, COARSE)
    cell = _cell(ordered, low, scale, float(COARSE)).astype(np.int32)
    share = np.bincount(cell, minlength=COARSE + 2) / len(ordered)
    first, steps = _steps(share, number)
    at = place(ordered, (low, scale, first, steps))
    crowded = _crowded(at, number, CROWDED_STEP)
    if 2 * np.count_nonzero(crowded) > len(ordered):  # steps are of little use here: most edges lie inside them
        first, steps = _steps(share, number // FEWER)
        at = place(ordered, (low, scale, first, steps))
        crowded = _crowded(at, number, CROWDED_STEP)
    more = np.concatenate([
        _further_edges(ordered, crowded, number), _finely(ordered[at == 0]), _finely(ordered[at == int(first[-1])])
    ])  # fmt: skip
    more = np.unique(more)
    whole, each = int(first[-1]) + 1, steps.astype(np.int32)
    inside = (np.arange(whole) - np.repeat(first, each)) / np.repeat(steps, each)
    grid = low + (np.repeat(np.arange(-1.0, COARSE + 1.0), each) + inside)[1:] / scale
    places = place(more, (low, scale, first, steps))
    upto = np.arange(whole + 1, dtype=np.int32)
    upto[1:] += np.cumsum(np.bincount(places, minlength=whole), dtype=np.int32)
    edges = _merged(grid, places, more)
    return Row(edges=edges, low=low, scale=scale, cells=float(COARSE), even=False, first=first, steps=steps, upto=upto)


def _merged(grid: Floats, places: Places, more: Floats) -> Floats:
    """Ends of steps with further edges inside these, which stay what they are: ends of steps are rounded."""
    edges = np.insert(grid, places, more)
    further = np.insert(np.zeros(len(grid), dtype=np.bool_), places, values=True)
    before = np.maximum.accumulate(np.where(further, edges, -np.inf))
    after = np.minimum.accumulate(np.where(further, edges, np.inf)[::-1])[::-1]
    found: Floats = np.clip(edges, before, after)
    return found


def _range(ordered: Floats, cells: int) -> tuple[float, float]:
    """Where the first cell begins, and cells for each unit."""
    tail = int(len(ordered) * TAIL)
    for low, high in ((ordered[tail], ordered[-1 - tail]), (ordered[0], ordered[-1])):
        with np.errstate(over="ignore", divide="ignore"):
            scale = cells / (high - low)
        if 0 < scale < np.inf:
            return float(low), float(scale)
    return float(low), 1.0  # one value, or values that nothing can tell apart


def _steps(share: Floats, number: int) -> tuple[Floats, Floats]:
    """Steps before each cell and in it, from the share of the draws that it has."""
    steps = np.maximum(np.rint(share * number), 1.0)
    steps[[0, -1]] = 1.0
    return np.concatenate([[0.0], np.cumsum(steps)[:-1]]), steps


def _crowded(at: Places, number: int, times: int) -> Flags:
    """Which draws lie in a step with too many others."""
    found: Flags = (np.bincount(at) > _most(len(at), number, times))[at]
    return found


def _most(draws: int, number: int, times: int) -> float:
    """How many draws a step of so many may have."""
    return times * max(draws / number, 1.0)


def _finely(tail: Floats) -> Floats:
    """Edges at all draws beyond the cells, and some between each two."""
    return np.interp(np.arange(0, len(tail), 1 / BETWEEN), np.arange(len(tail)), tail) if len(tail) else tail


def _further_edges(ordered: Floats, crowded: Flags, number: int) -> Floats:
    """Edges inside steps: around values that occur more than once, and between the draws of a crowded step."""
    evenly = max(len(ordered) // number, 1)
    among = ordered[::evenly][crowded[::evenly]]
    again = np.flatnonzero(ordered[1:] == ordered[:-1])
    values, repeated = np.unique(ordered[again], return_counts=True)
    atoms = values[np.argsort(-repeated, kind="stable")[:number]]
    return np.concatenate([among, atoms, np.nextafter(atoms, np.inf)])


def _cell(draws: Floats, low: float, scale: float, cells: float) -> Floats:
    """Number of the cell and place in it, from 0 to c + 1."""
    with np.errstate(over="ignore"):
        found: Floats = np.maximum(np.minimum((draws - low) * scale, cells), -1.0) + 1.0
    return found


def place(draws: Floats, of: tuple[float, float, Floats, Floats]) -> Places:
    """Number of the step of each draw, in plain numpy.

    Parameters
    ----------
    draws : (n,) float64
    of : tuple
        ``low``, ``scale``, ``first`` and ``steps`` of the result, as ``Bins`` has them.

    Returns
    -------
    (n,) int32
    """
    low, scale, first, steps = of
    cell = _cell(draws, low, scale, float(COARSE))
    whole = cell.astype(np.int32)
    found: Places = (first[whole] + (cell - whole) * steps[whole]).astype(np.int32)
    return found


def bin_of(draws: Floats, bins: Bins, s: int) -> Places:
    """Number of the bin of each draw of one result, in plain numpy: what the compiled count finds too.

    Parameters
    ----------
    draws : (n,) float64
        None of them NaN.
    bins : Bins
    s : int
        Position of the result.

    Returns
    -------
    (n,) int32

    Examples
    --------
    >>> bins = bins_of(np.arange(512.0)[None])
    >>> bin_of(np.array([-5.0, 2.0, 2.5, 600.0]), bins, 0).tolist()
    [0, 1, 1, 513]
    """
    low, scale = float(bins.low[s]), float(bins.scale[s])
    if bins.even[s]:
        return _cell(draws, low, scale, float(bins.cells[s])).astype(np.int32)
    at = place(draws, (low, scale, bins.first[s], bins.steps[s]))
    looked_for = np.searchsorted(bins.edges[s], draws, side="right")
    found: Places = np.clip(looked_for, bins.upto[s][at], bins.upto[s][at + 1] - 1).astype(np.int32)
    return found
