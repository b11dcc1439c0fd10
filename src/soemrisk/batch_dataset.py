"""The labelled shell of a batch study: its table as one ``xarray.Dataset`` with the axes as dimensions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from soemrisk.batch_cells import BREAK_EVEN, EXPECTED, PARTS, STATISTICS, layout
from soemrisk.batch_plan import Batch, content_key, option_values, options_of, text_of, versions
from soemrisk.batch_running import table_of
from soemrisk.batch_store import stored_batch
from soemrisk.store import read_dataset
from soemrisk.tables import csv_bytes

RESULT, TABLE = "study.nc", "cells.csv"
MOST_ROWS = 100_000  # cells of which a CSV is written
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


def labelled_table(batch: Batch, table: np.ndarray) -> xr.Dataset:
    """Put names and units on the rows of all cells, (cells, k)."""
    data: dict[str, Any] = {}
    start = 0
    for name, (dims, shape) in layout(batch).items():
        size = int(np.prod(shape))
        values = table[:, start : start + size].reshape(*batch.shape, *shape)
        units = {} if name in ("chance_share", "break_even", "drivers") else {"units": "DKK"}
        data[name] = ((*batch.dims, *dims), values, {"long_name": NOTES[name], **units})
        start += size
    coordinates: dict[str, Any] = {
        "scenario": list(batch.scenarios),
        "actor": list(batch.actors),
        "statistic": list(STATISTICS),
        "statistic_expected": list(EXPECTED),
    }
    if "break_even" in data:
        coordinates["statistic_break_even"] = list(BREAK_EVEN)
    if "drivers" in data:
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
    return xr.Dataset(data, coords=coordinates, attrs=attributes)


def csv_of(batch: Batch, found: xr.Dataset) -> bytes:
    """All cells as a table, a row for each actor, in the dialect of the language of the study."""
    values = [option_values(axis, batch.lang) for axis in batch.axes]
    net = found["net"].values.reshape(batch.cells, len(batch.actors), len(STATISTICS))
    base = found["base"].values.reshape(batch.cells, len(batch.actors))
    ids = list(batch.scenarios)

    def rows() -> Any:
        for cell in range(batch.cells):
            s, *options = options_of(batch, cell)
            named = [ids[s], *(listed[n] for listed, n in zip(values, options, strict=True))]
            for a, actor in enumerate(batch.actors):
                if not np.isnan(base[cell, a]):
                    yield [*named, actor, float(base[cell, a]), *net[cell, a].tolist()]

    return csv_bytes(["scenario", *(axis.id for axis in batch.axes), "actor", "base", *STATISTICS], rows(), batch.lang)
