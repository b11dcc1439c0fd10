"""The folder of a batch study: the study, its blocks, and who is at work on it.

    study.json             the study in one text, and its key
    blocks/000/000123      a block, whole or not there (``batch_blocks`` says what is in it)
    lock                   who is at work: host and process

What is there is the state: nothing else is remembered between runs, so that any stop is a stop between two blocks.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from soemrisk.batch_blocks import Floats, rows_of
from soemrisk.batch_plan import Batch, batch_of, content_key, versions
from soemrisk.messages import Phrase, phrase
from soemrisk.store import create_whole, read_whole, write_whole

STUDY, BLOCKS, LOCK = "study.json", "blocks", "lock"


class StoreError(RuntimeError):
    """The folder is not what is asked for; the reason can be said in both languages."""

    def __init__(self, reason: Phrase) -> None:
        self.reason = reason
        super().__init__(reason.in_("en"))


class AtWorkError(StoreError):
    """Somebody else is at work on the folder."""


def block_path(store: Path, block: int) -> Path:
    """Where a block is."""
    return store / BLOCKS / f"{block // 1000:03d}" / f"{block:06d}"


def open_store(store: Path, text: str, *, resume: bool) -> None:
    """Make the folder of a study, or go on with one.

    Parameters
    ----------
    store : Path
    text : str
        From ``batch_plan.text_of``.
    resume : bool
        Whether what is there already may be gone on with.

    Raises
    ------
    StoreError
        Something is there that is not gone on with, or is of another study or version.
    OSError
        The operating system refuses.
    """
    there = read_whole(store / STUDY)
    if there is None:
        if store.exists() and any(one.name != LOCK for one in store.iterdir()):
            raise StoreError(phrase("study-not-a-store", name=str(store)))
        store.mkdir(parents=True, exist_ok=True)
        stated = {"key": content_key(text), "versions": versions(), "study": json.loads(text)}
        write_whole(store / STUDY, (json.dumps(stated, ensure_ascii=False, indent=1) + "\n").encode())
        return
    if not resume:
        raise StoreError(phrase("study-store-taken", name=str(store)))
    old_text, old_key, made_with = _stated(there, store)
    if made_with != versions():
        changed = [f"{name} {old} → {versions().get(name, '–')}" for name, old in made_with.items()]
        raise StoreError(phrase("study-other-versions", name=str(store), changed=", ".join(changed)))
    if old_text != text or old_key != content_key(text):
        raise StoreError(phrase("study-other-study", name=str(store), found=batch_of(old_text).id))


def _stated(there: bytes, store: Path) -> tuple[str, str, dict[str, str]]:
    """Text, key and versions of a folder."""
    try:
        stated = json.loads(there)
        text = json.dumps(stated["study"], ensure_ascii=False)
        return text, stated["key"], stated["versions"]
    except (ValueError, KeyError, TypeError):
        raise StoreError(phrase("study-not-a-store", name=str(store))) from None


def stored_batch(store: Path) -> tuple[Batch, str]:
    """Study of a folder, and its key.

    Raises
    ------
    StoreError
        It is no folder of a study.
    """
    there = read_whole(store / STUDY)
    if there is None:
        raise StoreError(phrase("study-not-a-store", name=str(store)))
    text, key, _ = _stated(there, store)
    return batch_of(text), key


def keep_block(store: Path, block: int, content: bytes) -> None:
    """Write a block, whole or not at all."""
    path = block_path(store, block)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)


def stored_rows(store: Path, batch: Batch, key: str, block: int) -> tuple[Floats | None, bool]:
    """Rows of a block, None where it is missing or not what was written; and whether something is there."""
    found = read_whole(block_path(store, block))
    return (None, False) if found is None else (rows_of(batch, key, block, found), True)


@contextmanager
def at_work(store: Path) -> Iterator[int | None]:
    """Be the only one at work on a folder.

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
    own = json.dumps({"host": socket.gethostname(), "process": os.getpid(), "started": _started(os.getpid())}).encode()
    gone = None
    if not create_whole(store / LOCK, own):
        gone = _taken_over(store)
        if not create_whole(store / LOCK, own):
            raise AtWorkError(phrase("study-at-work", name=str(store), host="–", process="–"))
    try:
        yield gone
    finally:
        if read_whole(store / LOCK) == own:
            (store / LOCK).unlink()


def _taken_over(store: Path) -> int:
    """Take away the lock of a process of this host that is no more; whoever lives is left alone."""
    there = read_whole(store / LOCK) or b""
    try:
        holder = json.loads(there)
        host, process, started = holder["host"], int(holder["process"]), holder["started"]
    except (ValueError, KeyError, TypeError):
        raise AtWorkError(phrase("study-at-work", name=str(store), host="–", process="–")) from None
    if host != socket.gethostname() or _is_alive(process, started):
        raise AtWorkError(phrase("study-at-work", name=str(store), host=host, process=process))
    aside = store / f"{LOCK}.{os.getpid()}"
    try:
        (store / LOCK).rename(aside)
    except FileNotFoundError:
        raise AtWorkError(phrase("study-at-work", name=str(store), host=host, process="–")) from None
    if read_whole(aside) != there:  # another one has been faster, and this is its lock
        aside.rename(store / LOCK)
        raise AtWorkError(phrase("study-at-work", name=str(store), host=host, process="–"))
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
