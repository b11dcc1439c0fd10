"""A block of cells: a pure function from the text of a study and a number to bytes that say what they are.

The bytes begin with a digest of the rest, of the key of the study and of the number of the block, so that a block that
is torn, changed, or of another study is known as such wherever it comes from.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from soemrisk.batch_cells import cell_row, row_size
from soemrisk.batch_draws import Columns, columns_for
from soemrisk.batch_models import Models
from soemrisk.batch_plan import Batch, batch_of, content_key

Floats = NDArray[np.float64]
DIGEST = 32  # bytes


class OtherVersionError(RuntimeError):
    """A worker would calculate other figures than the study asks for."""


class Prepared(NamedTuple):
    """What the blocks of one study share in a process."""

    models: Models
    columns: Columns
    key: str


@lru_cache(maxsize=1)
def prepared(text: str) -> Prepared:
    """A study made ready for its blocks, once in a process."""
    batch = batch_of(text)
    return Prepared(Models(batch=batch), columns_for(batch.plan, batch.columns), content_key(text))


def cells_of(batch: Batch, block: int) -> range:
    """Cells of a block; the last one may have fewer."""
    return range(block * batch.block, min((block + 1) * batch.block, batch.cells))


def block_bytes(text: str, key: str, block: int) -> bytes:
    """Calculate a block.

    Parameters
    ----------
    text : str
        From ``batch_plan.text_of``.
    key : str
        Of the store that asks; from ``batch_plan.content_key``.
    block : int

    Returns
    -------
    bytes
        For ``rows_of``; the same on every worker.

    Raises
    ------
    OtherVersionError
        This process has other versions than the one that asks.
    """
    models, columns, own = prepared(text)
    if own != key:
        raise OtherVersionError
    rows = np.stack([cell_row(models, columns, cell) for cell in cells_of(models.batch, block)])
    content = rows.astype("<f8").tobytes()
    return _digest(key, block, content) + content


def rows_of(batch: Batch, key: str, block: int, found: bytes) -> Floats | None:
    """Rows of a block, (cells, k); None where the bytes are not those of the block.

    Parameters
    ----------
    batch : Batch
    key : str
    block : int
    found : bytes

    Returns
    -------
    (cells, k) float64 or None
    """
    content = found[DIGEST:]
    rows = len(cells_of(batch, block))
    if found[:DIGEST] != _digest(key, block, content) or len(content) != 8 * rows * row_size(batch):
        return None
    return np.frombuffer(content, dtype="<f8").reshape(rows, -1)


def _digest(key: str, block: int, content: bytes) -> bytes:
    return hashlib.sha256(f"{key} {block} ".encode() + content).digest()
