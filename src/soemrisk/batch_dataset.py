"""The labelled shell of a batch study: its table as one ``xarray.Dataset`` with the axes as dimensions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from soemrisk.batch_blocks import Floats
from soemrisk.batch_cells import BREAK_EVEN, EXPECTED, PARTS, STATISTICS, layout, row_size
from soemrisk.batch_plan import Batch, content_key, option_values, options_of, text_of, versions
from soemrisk.batch_running import rows_between, table_of
from soemrisk.batch_store import stored_batch
from soemrisk.store import read_dataset, whole_file
from soemrisk.tables import csv_pieces

RESULT, TABLE = "study.nc", "cells.csv"
MOST_ROWS = 100_000  # cells of which a CSV is written
PIECE = 2**25  # bytes of the table that are in memory at a time
SHARES = ("prob_positive", "mcse_prob")
DECIMALS = (2, *(8 if name in SHARES else 2 for name in STATISTICS))  # of base and net in cells.csv; study.nc has all
NOTES = {
    "base": "net result at every stated value",
    "net": "net result, chance included, present value (prob_positive and mcse_prob: shares)",
    "net_expected": "net result given what is not known, without chance, present value",
    "chance_share": "share of the variance of net that is chance",
    "net_by_replicate": "mean of net in each replicate of the draws, the same draws in all cells",
    "break_even": "success rate at which the net result is 0 (inf: never a gain, -inf: always)",
    "drivers": "shares of the variance of net_expected",
}


def read_study(store: str | Path) -> xr.Dataset:
    """Read a batch study that ``soemrisk study run`` calculated.

    Parameters
    ----------
    store : str or Path
        Its folder, finished or not, or the file ``study.nc`` in it.

    Returns
    -------
    xarray.Dataset
        ``net`` over (scenario, axes …, actor, statistic) in kr., ``net_expected``, ``base``, ``chance_share``,
        ``net_by_replicate`` and what else was asked for; a design that is no grid has ``point`` in place of the axes,
        which are coordinates of it. NaN where a cell is not calculated, or has no such actor. ``to_dataframe`` makes a
        table of any of them.

    Raises
    ------
    batch_lock.StoreError
        No folder of a study.
    OSError, ValueError
        No such file.

    Examples
    --------
    >>> read_study("no-such-folder")
    Traceback (most recent call last):
    ...
    soemrisk.batch_lock.StoreError: no-such-folder is no folder of "soemrisk study run"
    """
    place = Path(store)
    if place.suffix == ".nc" or (place / RESULT).exists():
        return read_dataset(place if place.suffix == ".nc" else place / RESULT)
    batch, key = stored_batch(place)
    return labelled_table(batch, table_of(place, batch, key))


def labelled_table(batch: Batch, table: Floats) -> xr.Dataset:
    """Put names and units on the rows of all cells, (cells, k)."""
    variables = {
        name: (dims, table[:, columns].reshape(*batch.shape, *shape), notes)
        for name, columns, dims, shape, notes in _variables(batch)
    }
    return _without_variables(batch).assign(variables)


def _variables(batch: Batch) -> Iterator[tuple[str, slice, tuple[str, ...], tuple[int, ...], dict[str, str]]]:
    """Yield of each variable its name, columns of a row, dimensions, sizes beside those of the cells, and notes."""
    start = 0
    for name, (dims, shape) in layout(batch).items():
        size = math.prod(shape)
        units = {} if name in ("chance_share", "break_even", "drivers") else {"units": "DKK"}
        yield name, slice(start, start + size), (*batch.dims, *dims), shape, {"long_name": NOTES[name], **units}
        start += size


def _without_variables(batch: Batch) -> xr.Dataset:
    """Coordinates of a study, and what it is."""
    coordinates: dict[str, Any] = {
        "scenario": list(batch.scenarios),
        "actor": list(batch.actors),
        "statistic": list(STATISTICS),
        "statistic_expected": list(EXPECTED),
    }
    if "break_even" in batch.analyses:
        coordinates["statistic_break_even"] = list(BREAK_EVEN)
    if "drivers" in batch.analyses:
        coordinates |= {"input": list(batch.inputs), "part": list(PARTS)}
    for axis in batch.axes:
        dim = axis.id if batch.design == "grid" else "point"
        coordinates[axis.id] = ((dim,), option_values(axis, batch.lang), {"long_name": axis.name[batch.lang]})
    attributes = {
        "study": batch.id,
        "name": batch.name[batch.lang],
        "seed": batch.seed,
        "draws": batch.plan.draws,
        "sampler": batch.sampler,
        "key": content_key(text_of(batch)),
        **{f"version_{name}": version for name, version in versions().items()},
    }
    return xr.Dataset(coords=coordinates, attrs=attributes)


def write_tables(store: Path, batch: Batch, key: str) -> None:
    """Write ``study.nc`` and ``cells.csv`` from the blocks of a finished study, piece by piece.

    Parameters
    ----------
    store : Path
        With all blocks.
    batch : Batch
    key : str

    Raises
    ------
    OSError
        There is no room; what is finished is kept.
    """
    _write_netcdf(store, batch, key)
    if batch.cells <= MOST_ROWS:
        parts = ((cells, rows_between(store, batch, key, cells)) for _, cells in pieces(batch))
        rows = (row for cells, part in parts for row in _csv_rows(batch, cells, part))
        with whole_file(store / TABLE) as temporary, temporary.open("wb") as stream:
            stream.writelines(csv_pieces(_csv_header(batch), rows, batch.lang))


def _write_netcdf(store: Path, batch: Batch, key: str) -> None:
    import h5netcdf

    variables = list(_variables(batch))
    empty = _without_variables(batch)
    size = batch.cells * row_size(batch) * 8
    with whole_file(store / RESULT, size) as temporary:
        empty.to_netcdf(temporary, engine="h5netcdf")
        with h5netcdf.File(temporary, "a") as file:
            for name, _, dims, shape, notes in variables:
                for dim, count in zip(dims, (*batch.shape, *shape), strict=True):
                    if dim not in file.dimensions:
                        file.dimensions[dim] = count
                made = file.create_variable(name, dims, "<f8", fillvalue=np.nan)
                made.attrs.update(notes)
            for place, cells in pieces(batch):
                rows = rows_between(store, batch, key, cells)
                for name, columns, _, shape, _ in variables:
                    part = file.variables[name]
                    part[place] = rows[:, columns].reshape(*_sizes(batch, place), *shape)


def _sizes(batch: Batch, place: tuple[int | slice, ...]) -> tuple[int, ...]:
    """Sizes of a part of the table of cells."""
    cut = [one.stop - one.start for one in place if isinstance(one, slice)]
    return (*cut, *batch.shape[len(place) :])


def pieces(batch: Batch, most: int = 0) -> Iterator[tuple[tuple[int | slice, ...], range]]:
    """Yield parts of the table of cells that have room in memory: the place among the dimensions, and the cells.

    Parameters
    ----------
    batch : Batch
    most : int, optional
        Cells of a part.

    Yields
    ------
    (place, cells)
        A place is positions of the first dimensions, then a slice of the next one; all others are whole.

    Examples
    --------
    >>> from soemrisk.batch_plan import BatchAxis
    >>> axis = BatchAxis(id="a", name={}, unit=None, kind="readings", options=("x", "y", "z"), labels=None, places={})
    >>> one = Batch(id="x", lang="da", name={}, design="grid", draws=16, seed=1, sampler="sobol", analyses=(),
    ...             scenarios={"s": {}, "t": {}}, axes=(axis,))
    >>> [(place, list(cells)) for place, cells in pieces(one, 2)][1:3]
    [((0, slice(2, 3, None)), [2]), ((1, slice(0, 2, None)), [3, 4])]
    """
    most = most or max(1, PIECE // (8 * row_size(batch)))
    shape = batch.shape
    cut = next(k for k in range(len(shape)) if math.prod(shape[k + 1 :]) <= most)  # all behind it have room
    inner = math.prod(shape[cut + 1 :])
    step = max(1, most // inner)
    for n, outer in enumerate(np.ndindex(*shape[:cut])):
        for start in range(0, shape[cut], step):
            stop = min(start + step, shape[cut])
            before = n * shape[cut]
            yield (*outer, slice(start, stop)), range((before + start) * inner, (before + stop) * inner)


def _csv_header(batch: Batch) -> list[str]:
    return ["scenario", *(axis.id for axis in batch.axes), "actor", "base", *STATISTICS]


def _csv_rows(batch: Batch, cells: range, rows: Floats) -> Iterator[list[object]]:
    """A row for each cell and actor that it has: kroner with two decimals, shares with eight."""
    values = [option_values(axis, batch.lang) for axis in batch.axes]
    columns = {name: columns for name, columns, *_ in _variables(batch)}
    base, net = rows[:, columns["base"]], rows[:, columns["net"]].reshape(len(cells), len(batch.actors), -1)
    ids = list(batch.scenarios)
    for n, cell in enumerate(cells):
        s, *options = options_of(batch, cell)
        named = [ids[s], *(listed[k] for listed, k in zip(values, options, strict=True))]
        for a, actor in enumerate(batch.actors):
            if not np.isnan(base[n, a]):
                figures = zip(DECIMALS, [base[n, a], *net[n, a]], strict=True)
                yield [*named, actor, *(round(float(one), decimals) + 0.0 for decimals, one in figures)]


def csv_size(batch: Batch, cells: range, rows: Floats) -> float:
    """Bytes that a cell takes in ``cells.csv``, the mean over some."""
    return sum(map(len, csv_pieces([], _csv_rows(batch, cells, rows), batch.lang))) / len(cells)
