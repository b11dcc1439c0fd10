"""Quantiles of many inputs in one call: their tables side by side, and the values where they are needed.

Apart from ``quantile_tables``, which is one table at a time: a call for each input and each replicate costs as much as
the look-ups themselves.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from soemrisk.families import FAMILIES
from soemrisk.family import Array, Parameters
from soemrisk.quantile_grid import CELLS, PARTS
from soemrisk.quantile_tables import FEW, read_slowly, side_by_side

Ints = NDArray[np.int64]

TOGETHER = 4096  # points that the compiled twin takes at once, at most: a table is read once for all of them


class Column(NamedTuple):
    """One input: its family, the row of the points that it is drawn from, and the row that its values are put in."""

    family: str
    parameters: Parameters
    source: int
    target: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantileColumns:
    """Inputs whose values are read together. Letters: t inputs with a table, k different tables.

    Attributes
    ----------
    columns : tuple of Column
        Those with a table first, by their points and then by their table.
    tables : (k, 2 (c + 2), 10) float64
        From ``quantile_tables.side_by_side``.
    places : (t, 3) int
        Source, target and table of each.
    scales : (t, 2) float64
        Location and scale of each, as ``Family.standard`` has them.
    """

    columns: tuple[Column, ...]
    tables: Array
    places: Ints
    scales: Array


def quantile_columns(columns: Sequence[Column]) -> QuantileColumns:
    """Put the tables of inputs side by side.

    Parameters
    ----------
    columns : sequence of Column
        With accepted parameters; targets are all different.

    Returns
    -------
    QuantileColumns
    """
    tabled = [one for one in columns if FAMILIES[one.family].tabled]
    others = [one for one in columns if not FAMILIES[one.family].tabled]
    tables, which, scales = side_by_side([(one.family, one.parameters) for one in tabled])
    places = np.array([(one.source, one.target) for one in tabled], dtype=np.int64).reshape(-1, 2)
    order = np.lexsort((which, places[:, 0]))
    return QuantileColumns(
        columns=(*(tabled[t] for t in order), *others),
        tables=tables,
        places=np.ascontiguousarray(np.column_stack([places, which])[order]),
        scales=np.ascontiguousarray(scales[order]),
    )


def read_columns(inputs: QuantileColumns, points: Array, found: Array, together: int = TOGETHER) -> None:
    """Values of all inputs at their points, as ``quantile_tables.values`` has them, to the bit.

    Parameters
    ----------
    inputs : QuantileColumns
    points : (d, n) float64
        Probabilities strictly between 0 and 1.
    found : (r, n) float64
        The targets are filled; other rows stay as they are.
    together : int
        How many points belong together, a power of two up to 4096: where so many in turn lie one in each of as many
        equal intervals, as those of a Sobol' sequence do, they are read faster. Changes no value.

    Examples
    --------
    >>> found = np.empty((1, 2))
    >>> inputs = quantile_columns([Column("normal", {"mean": 10.0, "sd": 2.0}, 0, 0)])
    >>> read_columns(inputs, np.array([[0.5, 0.9]]), found)
    >>> found.round(6).tolist()
    [[10.0, 12.563103]]
    """
    missing = np.zeros(len(inputs.places), dtype=np.int64)
    if points.size < FEW and "numba" not in sys.modules:
        read_columns_slowly(inputs, points, found, missing)
    else:
        from soemrisk import quantile_kernel

        frame = (PARTS, CELLS, min(max(together, 1), TOGETHER))
        room = quantile_kernel.room(frame[2])
        known = inputs.tables, inputs.places, inputs.scales
        quantile_kernel.read_columns(*known, points, frame, room, found, missing)
    for t in np.flatnonzero(missing).tolist():
        family, parameters, source, target = inputs.columns[t]
        empty = np.flatnonzero(np.isnan(found[target]))
        found[target, empty] = FAMILIES[family].quantile(points[source, empty], parameters)
    for family, parameters, source, target in inputs.columns[len(missing) :]:
        found[target] = FAMILIES[family].quantile(points[source], parameters)


def read_columns_slowly(inputs: QuantileColumns, points: Array, found: Array, missing: Ints) -> None:
    """Values of several inputs in plain numpy, as ``quantile_kernel.read_columns``.

    Parameters
    ----------
    inputs : QuantileColumns
    points : (d, n) float64
    found : (r, n) float64
        Filled in the rows of the targets; NaN where the exact function has to be asked.
    missing : (t,) int
        How many values are NaN, filled.
    """
    known = zip(inputs.places.tolist(), inputs.scales.tolist(), strict=True)
    for t, ((source, target, table), (location, scale)) in enumerate(known):
        found[target] = location + scale * read_slowly(inputs.tables[table], points[source])
        missing[t] = np.isnan(found[target]).sum()
