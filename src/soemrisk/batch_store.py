"""The folder of a batch study: the study and its blocks.

    study.json             the study in one text, and its key
    blocks/000/000123      a block, whole or not there (``batch_blocks`` says what is in it)
    lock, lock-2-of-8      who is at work on all of it, or on a part (``batch_lock``)

What is there is the state: nothing else is remembered between runs, so that any stop is a stop between two blocks.
"""

from __future__ import annotations

import json
from pathlib import Path

from soemrisk.batch_blocks import Floats, rows_of
from soemrisk.batch_lock import StoreError, is_lock
from soemrisk.batch_plan import Batch, batch_of, content_key, versions
from soemrisk.messages import phrase
from soemrisk.store import PART, read_whole, write_whole

STUDY, BLOCKS = "study.json", "blocks"


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
        if store.exists() and any(not is_lock(one.name) for one in store.iterdir()):
            raise StoreError(phrase("study-not-a-store", name=str(store)))
        store.mkdir(parents=True, exist_ok=True)
        stated = {"key": content_key(text), "versions": versions(), "study": json.loads(text)}
        write_whole(store / STUDY, (json.dumps(stated, ensure_ascii=False, indent=1) + "\n").encode())
        return
    if not resume:
        raise StoreError(phrase("study-store-taken", name=str(store)))
    old_text, old_key, made_with = _stated(there, store)
    if made_with != versions():
        now = versions()
        apart = [name for name in {**made_with, **now} if made_with.get(name) != now.get(name)]
        changed = [f"{name} {made_with.get(name, '–')} → {now.get(name, '–')}" for name in apart]
        raise StoreError(phrase("study-other-versions", name=str(store), changed=", ".join(changed)))
    if old_text != text or old_key != content_key(text):
        raise StoreError(phrase("study-other-study", name=str(store), found=batch_of(old_text).id))


def _stated(there: bytes, store: Path) -> tuple[str, str, dict[str, str]]:
    """Text, key and versions of a folder; the key is a hash of both, and tells whether they are what was written."""
    try:
        stated = json.loads(there)
        text, made_with = json.dumps(stated["study"], ensure_ascii=False), dict(stated["versions"])
        key = stated["key"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise StoreError(phrase("study-not-a-store", name=str(store))) from None
    if key != content_key(text, made_with):
        raise StoreError(phrase("study-not-what-was-written", name=str(store / STUDY)))
    return text, key, made_with


def stored_batch(store: Path) -> tuple[Batch, str]:
    """Study of a folder, and its key.

    Raises
    ------
    StoreError
        It is no folder of a study.
    """
    try:
        there = read_whole(store / STUDY)
    except NotADirectoryError:
        there = None
    if there is None:
        raise StoreError(phrase("study-not-a-store", name=str(store)))
    text, key, _ = _stated(there, store)
    return batch_of(text), key


def keep_block(store: Path, block: int, content: bytes) -> None:
    """Write a block, whole or not at all; a folder in its place goes if it is empty.

    Raises
    ------
    StoreError
        The folder is not empty.
    OSError
        The operating system refuses.
    """
    path = block_path(store, block)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir() and not path.is_symlink():
        if any(path.iterdir()):
            raise StoreError(phrase("study-folder-for-block", name=str(path)))
        path.rmdir()
    write_whole(path, content)


def tidy(store: Path) -> None:
    """Take away what a killed run left half written; only by who is alone at work on all of it."""
    for torn in [*store.glob(f".*{PART}"), *(store / BLOCKS).glob(f"*/.*{PART}")]:
        torn.unlink(missing_ok=True)


def stored_rows(store: Path, batch: Batch, key: str, block: int) -> tuple[Floats | None, bool]:
    """Rows of a block, None where it is missing or not what was written; and whether something is there."""
    try:
        found = read_whole(block_path(store, block))
    except (IsADirectoryError, NotADirectoryError):
        return None, True
    return (None, False) if found is None else (rows_of(batch, key, block, found), True)
