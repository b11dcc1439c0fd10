"""Results on disk: every file whole or not at all.

A file is written to a temporary name beside its place, synced, and renamed; then its directory is synced.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from soemrisk.labelled_arrays import Labelled

if TYPE_CHECKING:
    import xarray as xr

PART = ".part"  # ending of what is not written to its end


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader finds the old one or the new one, never a part.

    Parameters
    ----------
    path : Path
        Its directory exists.
    content : bytes

    Raises
    ------
    OSError
        The disk is full or the place not writable; nothing is left behind.
    """
    write_pieces(path, [content])


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file as ``write_whole`` from pieces that are not all in memory."""
    with whole_file(path) as temporary, temporary.open("wb") as stream:
        stream.writelines(pieces)


@contextlib.contextmanager
def whole_file(path: Path, size: int = 0) -> Iterator[Path]:
    """A temporary name beside a file, for what is written in pieces; renamed when all of it is there.

    Parameters
    ----------
    path : Path
        Its directory exists.
    size : int, optional
        Bytes that must have room: a disk that is full is then an error of the system before a library begins to write.

    Yields
    ------
    Path

    Raises
    ------
    OSError
        As ``write_whole``.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=PART, dir=path.parent)
    temporary = Path(name)
    try:
        try:
            if size and hasattr(os, "posix_fallocate"):
                os.posix_fallocate(handle, 0, size)
                os.ftruncate(handle, 0)
        finally:
            os.close(handle)
        yield temporary
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
        _sync_directory(path.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _sync_directory(directory: Path) -> None:
    """Make a rename last through a power cut; not every system lets a directory be opened for it."""
    with contextlib.suppress(OSError, AttributeError):
        handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_labelled(path: Path, found: Labelled) -> None:
    """Write labelled arrays as netCDF-4, whole or not at all."""
    import h5netcdf
    import h5py

    shapes = [zip(axes, np.shape(values), strict=True) for axes, values, _ in found.variables.values()]
    size = sum(np.asarray(values).nbytes for _, values, _ in found.variables.values())
    with whole_file(path, size) as temporary, h5netcdf.File(temporary, "w") as file:
        file.dimensions = dict(pair for shape in shapes for pair in shape)
        for axis, labels in found.coordinates.items():
            words = isinstance(labels[0], str)
            data = np.array(labels, dtype=object if words else np.int64)
            file.create_variable(axis, (axis,), h5py.string_dtype() if words else "<i8", data=data)
        for name, (axes, values, notes) in found.variables.items():
            made = file.create_variable(name, axes, "<f8", fillvalue=np.nan)
            made[...] = np.asarray(values, dtype=np.float64)
            made.attrs.update(notes)
        file.attrs.update(found.attributes)


def read_dataset(path: Path) -> xr.Dataset:
    """Read a result that ``write_labelled`` wrote, whole into memory.

    Raises
    ------
    OSError, ValueError
        No such file, or no result.
    """
    import xarray as xr

    with xr.open_dataset(path, engine="h5netcdf") as stored:
        return stored.load()


def read_whole(path: Path) -> bytes | None:
    """Content of a file; None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def create_whole(path: Path, content: bytes) -> bool:
    """Write a file that is not there; False where it is, and nothing is written. Of two that try, one succeeds."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return True


def write_all(directory: Path, files: dict[str, bytes]) -> None:
    """Write named files below a directory, which is made if it is not there."""
    for name, content in files.items():
        target = directory / name
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, content)
