"""A batch study run: what is finished is kept, what is missing is calculated, and the whole is put together.

One path whoever calculates. What is in a block does not depend on when or where it was made, and the table is put
together in the order of the cells, so that any number of stops gives the bytes of an unbroken run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from soemrisk.batch_blocks import Floats, block_bytes, cells_of, prepared, rows_of
from soemrisk.batch_cells import row_size
from soemrisk.batch_plan import Batch, content_key, text_of
from soemrisk.batch_pools import Failure, Pool, calculated
from soemrisk.batch_store import keep_block, stored_rows

Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """What became of the blocks of a run.

    Attributes
    ----------
    kept : int
        Blocks that were there.
    made : int
        Blocks that were calculated.
    corrupted : tuple of int
        Blocks that were there and were not what had been written; they are made anew.
    failed : mapping of int to Failure
        Blocks that could not be calculated.
    """

    kept: int
    made: int
    corrupted: tuple[int, ...]
    failed: dict[int, Failure]


def run_blocks(
    batch: Batch, store: Path, pool: Pool, blocks: Iterable[int], tick: Progress = lambda _: None
) -> Progressed:
    """Calculate blocks that are not there yet.

    Parameters
    ----------
    batch : Batch
    store : Path
        From ``batch_store.open_store``; nobody else is at work on it.
    pool : Pool
        Is left open.
    blocks : iterable of int
        Those that are wanted.
    tick : callable
        Called with a number of cells when they are done.

    Returns
    -------
    Progressed

    Raises
    ------
    PoolLostError
        There is nobody left to calculate; what is finished is kept.
    OSError
        A block cannot be written; the same.
    """
    key = content_key(text_of(batch))
    missing, corrupted, kept = [], [], 0
    for block in blocks:
        rows, there = stored_rows(store, batch, key, block)
        if rows is not None:
            kept += 1
            tick(len(rows))
            continue
        missing.append(block)
        corrupted += [block] if there else []
    failed: dict[int, Failure] = {}
    for block, found in calculated(pool, missing):
        if isinstance(found, Failure):
            failed[block] = found
        else:
            assert rows_of(batch, key, block, found) is not None, "a block came back changed"
            keep_block(store, block, found)
        tick(len(cells_of(batch, block)))
    made = len(missing) - len(failed)
    return Progressed(kept=kept, made=made, corrupted=tuple(corrupted), failed=dict(sorted(failed.items())))


def table_of(store: Path, batch: Batch, key: str) -> Floats:
    """Rows of all cells, (cells, k); NaN where a block is missing or not what was written."""
    table = np.full((batch.cells, row_size(batch)), np.nan)
    for block in range(batch.blocks):
        rows, _ = stored_rows(store, batch, key, block)
        if rows is not None:
            table[cells_of(batch, block)] = rows
    return table


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
        Bytes of the folder, and of the whole table in memory.
    """

    seconds: float
    error: float
    measured: int
    of_cell: float
    start: float
    disk: int
    table: int


SLICE = 3.0  # seconds of a slice
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
        block_bytes(text, key, int(block))
        times.append((time.perf_counter() - since) / len(cells_of(batch, int(block))))
        if len(times) >= min(FEWEST, len(order)) and time.perf_counter() - began > SLICE:
            break
    mean, several = float(np.mean(times)), len(times) > 1
    error = 2.0 * float(np.std(times, ddof=1)) / len(times) ** 0.5 if several else mean
    return Estimate(
        seconds=mean * batch.cells,
        error=error * batch.cells,
        measured=min(len(times) * batch.block, batch.cells),
        of_cell=mean,
        start=start,
        disk=batch.cells * row_size(batch) * 8 * 2 + batch.blocks * 4096,
        table=batch.cells * row_size(batch) * 8,
    )
