"""What a study takes before it runs: time, memory and disk, from a measured slice of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from soemrisk.batch_blocks import DIGEST, cells_of, rows_of
from soemrisk.batch_cells import row_size
from soemrisk.batch_dataset import MOST_ROWS, PIECE, csv_size
from soemrisk.batch_plan import Batch, content_key, text_of
from soemrisk.batch_pools import PoolLostError, failure_of, one_process
from soemrisk.batch_worker import most_resident
from soemrisk.messages import phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a study takes, from a measured slice of it.

    Attributes
    ----------
    seconds : float
        On one core.
    error : float
        Half the width of a 95 % interval of it, from the spread between measured cells.
    measured : int
        Cells that were measured.
    of_cell : float
        Seconds of a cell, the mean.
    start : float
        Seconds until a worker has its first block: starting, reading the study, compiling, first draws.
    disk, table : int
        Bytes of the folder, and of the whole table, which ``study show`` and ``read_study`` have in memory.
    worker, driver : float
        Bytes of a process that calculates, as one had that calculated the slice, and of the one that reads the study,
        keeps blocks (or calculates them itself) and writes the table piece by piece; 0 where the system does not say.
    """

    seconds: float
    error: float
    measured: int
    of_cell: float
    start: float
    disk: int
    table: int
    worker: float
    driver: float


SLICE = 3.0  # seconds of a slice
LIBRARIES = 50e6  # bytes: xarray, pandas and HDF5, with which the table is written
PAGE = 4096  # bytes that a file system gives at a time
FEWEST, MOST = 4, 200  # blocks of a slice


def estimated(batch: Batch) -> Estimate:
    """Measure a slice of blocks, spread evenly over the study, and estimate the whole.

    Parameters
    ----------
    batch : Batch

    Returns
    -------
    Estimate

    Raises
    ------
    PoolLostError
        No block of the slice could be calculated.
    """
    text = text_of(batch)
    key = content_key(text)
    found = _slice(batch, text, key)
    times, block, made = found.times, found.block, found.made
    mean, several = float(np.mean(times)), len(times) > 1
    rows = rows_of(batch, key, block, made)
    assert rows is not None
    listed = csv_size(batch, cells_of(batch, block), rows) if batch.cells <= MOST_ROWS else 0.0
    size = row_size(batch) * 8
    last = cells_of(batch, batch.blocks - 1)
    blocks = (batch.blocks - 1) * _whole_pages(batch.block * size) + _whole_pages(len(last) * size)
    error = 2.0 * float(np.std(times, ddof=1)) / len(times) ** 0.5 if several else mean
    return Estimate(
        seconds=mean * batch.cells,
        error=error * batch.cells,
        measured=min(len(times) * batch.block, batch.cells),
        of_cell=mean,
        start=found.start,
        disk=round(blocks + batch.cells * (size + listed)) + len(text.encode()),
        table=batch.cells * size,
        worker=found.memory,
        driver=max(most_resident(), found.memory) + LIBRARIES + 2 * min(PIECE, batch.cells * size),
    )


class _Measured(NamedTuple):
    """Seconds of a cell in each block of a slice, seconds until the start, most memory, and one of the blocks."""

    times: list[float]
    start: float
    memory: float
    block: int
    made: bytes


def _slice(batch: Batch, text: str, key: str) -> _Measured:
    """Blocks of a study as a process of its own calculates them; those with a cell that fails are left out."""
    wanted = np.unique(np.linspace(0, batch.blocks - 1, min(batch.blocks, MOST)).astype(int))
    order = np.random.Generator(np.random.Philox(key=0)).permutation(wanted).tolist()
    times: list[float] = []
    memory, last, reason = 0.0, (0, b""), phrase("study-block-died")
    began = time.perf_counter()
    with one_process(text, key) as asked:
        asked(order[0])  # compiles, and makes the first draws
        start, began = time.perf_counter() - began, time.perf_counter()
        for n, block in enumerate(order, 1):
            since = time.perf_counter()
            answer = asked(block)
            if answer is None:
                break
            said, made = answer
            memory = said["memory"]
            if "error" in said:
                reason = failure_of(said).reason
            else:
                times.append((time.perf_counter() - since) / len(cells_of(batch, block)))
                last = (block, made)
            if n >= FEWEST and time.perf_counter() - began > SLICE:
                break
    if not times:
        raise PoolLostError(reason)
    return _Measured(times, start, memory, *last)


def _whole_pages(size: int) -> int:
    """Bytes that a block of so many takes on disk."""
    return -(-(size + DIGEST) // PAGE) * PAGE
