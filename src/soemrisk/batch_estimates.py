"""What a study takes before it runs: time, memory and disk, from a measured slice of it."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import numpy as np

from soemrisk.batch_blocks import DIGEST, block_bytes, cells_of, prepared, rows_of
from soemrisk.batch_cells import row_size
from soemrisk.batch_dataset import MOST_ROWS, PIECE, csv_size
from soemrisk.batch_plan import Batch, content_key, text_of


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
        Seconds until a worker begins: reading the study, compiling, first draws.
    disk, table : int
        Bytes of the folder, and of the whole table, which ``study show`` and ``read_study`` have in memory.
    worker, driver : float
        Bytes of a process that calculates, as this one had, and of the one that keeps blocks and writes the table piece
        by piece; 0 where the system does not say.
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
    """
    text = text_of(batch)
    key = content_key(text)
    began = time.perf_counter()
    prepared(text)
    block_bytes(text, key, 0)
    start = time.perf_counter() - began
    times: list[float] = []
    wanted = np.unique(np.linspace(0, batch.blocks - 1, min(batch.blocks, MOST)).astype(int))
    order = np.random.Generator(np.random.Philox(key=0)).permutation(wanted)
    began = time.perf_counter()
    for block in order.tolist():
        since = time.perf_counter()
        made = block_bytes(text, key, int(block))
        times.append((time.perf_counter() - since) / len(cells_of(batch, int(block))))
        if len(times) >= min(FEWEST, len(order)) and time.perf_counter() - began > SLICE:
            break
    mean, several = float(np.mean(times)), len(times) > 1
    rows = rows_of(batch, key, int(block), made)
    assert rows is not None
    listed = csv_size(batch, cells_of(batch, int(block)), rows) if batch.cells <= MOST_ROWS else 0.0
    size = row_size(batch) * 8
    last = cells_of(batch, batch.blocks - 1)
    blocks = (batch.blocks - 1) * _whole_pages(batch.block * size) + _whole_pages(len(last) * size)
    error = 2.0 * float(np.std(times, ddof=1)) / len(times) ** 0.5 if several else mean
    return Estimate(
        seconds=mean * batch.cells,
        error=error * batch.cells,
        measured=min(len(times) * batch.block, batch.cells),
        of_cell=mean,
        start=start,
        disk=round(blocks + batch.cells * (size + listed)) + len(text.encode()),
        table=batch.cells * size,
        worker=_most_resident(),
        driver=_most_resident() + 2 * min(PIECE, batch.cells * size),
    )


def _whole_pages(size: int) -> int:
    """Bytes that a block of so many takes on disk."""
    return -(-(size + DIGEST) // PAGE) * PAGE


def _most_resident() -> float:
    """Most memory that this process has had, in bytes; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0.0
    unit = 1 if sys.platform == "darwin" else 1024
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)
