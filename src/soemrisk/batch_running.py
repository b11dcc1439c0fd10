"""A batch study run: what is finished is kept, what is missing is calculated, and the whole is put together.

One path whoever calculates. What is in a block does not depend on when or where it was made, and the table is put
together in the order of the cells, so that any number of stops gives the bytes of an unbroken run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from soemrisk.batch_blocks import Floats, cells_of, rows_of
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
    OSError, StoreError
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
    return rows_between(store, batch, key, range(batch.cells))


def rows_between(store: Path, batch: Batch, key: str, cells: range) -> Floats:
    """Rows of some cells that follow each other, (cells, k); NaN as in ``table_of``."""
    table = np.full((len(cells), row_size(batch)), np.nan)
    for block in range(cells.start // batch.block, -(-cells.stop // batch.block)):
        rows, _ = stored_rows(store, batch, key, block)
        of = cells_of(batch, block)
        first, last = max(of.start, cells.start), min(of.stop, cells.stop)
        if rows is not None:
            table[first - cells.start : last - cells.start] = rows[first - of.start : last - of.start]
    return table
