"""Who is at work on the folder of a study: one on all of it, or several on parts that have no block in common.

A lock is a file that only one can create; it says host and process. That a process of this host is no more can be
seen, and its place is taken; of another host it cannot. Blocks are the same bytes whoever writes them, so that even a
lock that failed would harm nothing but time.
"""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from soemrisk.messages import Phrase, phrase
from soemrisk.store import create_whole, read_whole

LOCK = "lock"
Part = tuple[int, int]  # which of how many, from 1


class StoreError(RuntimeError):
    """A folder is not what is asked for; the reason can be said in both languages."""

    def __init__(self, reason: Phrase) -> None:
        self.reason = reason
        super().__init__(reason.in_("en"))


class AtWorkError(StoreError):
    """Somebody else is at work on the folder."""


@contextmanager
def at_work(store: Path, part: Part | None = None) -> Iterator[int | None]:
    """Be the only one at work on a folder, or on a part of it.

    Parameters
    ----------
    store : Path
    part : (int, int), optional
        Which of how many parts; all of it where none is named.

    Yields
    ------
    int or None
        Process on this host that was at work and is no more, whose place is taken.

    Raises
    ------
    AtWorkError
        Somebody else is.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, at_work(Path(folder)) as before:
    ...     before is None
    True
    """
    store.mkdir(parents=True, exist_ok=True)
    own = store / (LOCK if part is None else f"{LOCK}-{part[0]}-of-{part[1]}")
    said = json.dumps({"host": socket.gethostname(), "process": os.getpid(), "started": _started(os.getpid())}).encode()
    gone = None
    if not create_whole(own, said):
        gone = _taken_over(own)
        if not create_whole(own, said):
            raise _at_work_on(own, "–", "–")
    try:
        for other in _others(store, part):  # after one's own is there: of two who come at once each sees the other
            gone = _taken_over(other)
        yield gone
    finally:
        if read_whole(own) == said:
            own.unlink()


def _others(store: Path, part: Part | None) -> list[Path]:
    """Locks of those who may not be at work at the same time: of a part all of it, and parts of another number."""
    locks = [one for one in sorted(store.glob(f"{LOCK}*")) if is_lock(one.name)]
    if part is None:
        return [one for one in locks if one.name != LOCK]
    return [one for one in locks if one.name == LOCK or not one.name.endswith(f"-of-{part[1]}")]


def is_lock(name: str) -> bool:
    """Whether a file of a folder is a lock by its name.

    Examples
    --------
    >>> [is_lock(name) for name in ("lock", "lock-3-of-50", "locksmith", "lock-3-of-50.old")]
    [True, True, False, False]
    """
    return re.fullmatch(rf"{LOCK}(-[0-9]+-of-[0-9]+)?", name) is not None


def _at_work_on(lock: Path, host: str, process: int | str) -> AtWorkError:
    said = {"name": str(lock.parent), "lock": lock.name, "host": host, "process": process}
    return AtWorkError(phrase("study-at-work", **said))


def _taken_over(lock: Path) -> int | None:
    """Take away the lock of a process of this host that is no more; whoever lives is left alone."""
    there = read_whole(lock)
    if there is None:
        return None
    try:
        holder = json.loads(there)
        host, process, started = holder["host"], int(holder["process"]), holder["started"]
    except (ValueError, KeyError, TypeError):
        raise _at_work_on(lock, "–", "–") from None
    if host != socket.gethostname() or _is_alive(process, started):
        raise _at_work_on(lock, host, process)
    aside = lock.with_name(f"{lock.name}.{os.getpid()}")
    try:
        lock.rename(aside)
    except FileNotFoundError:
        raise _at_work_on(lock, host, "–") from None
    if read_whole(aside) != there:  # another one has been faster, and this is its lock
        aside.rename(lock)
        raise _at_work_on(lock, host, "–")
    aside.unlink()
    return process


def _started(process: int) -> str | None:
    """When a process began, in the system's count; None where that is not known. A number is given out again."""
    said = read_whole(Path(f"/proc/{process}/stat"))
    return None if said is None else said.rpartition(b")")[2].split()[19].decode()


def _is_alive(process: int, started: str | None) -> bool:
    if os.name != "posix":  # elsewhere asking might end it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return started is None or _started(process) == started
