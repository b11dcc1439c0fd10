"""Who calculates blocks: one interface, and the one policy for blocks whose worker dies.

A block whose worker died is tried again, the last time alone, since with others around it cannot be known which of them
it was; after three deaths it is given up. Here are the two pools that need nothing but Python: this process, and
processes of this machine.
"""

from __future__ import annotations

import errno
import json
import queue
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from soemrisk.batch_worker import answer_to, process_versions
from soemrisk.errors import system_reason
from soemrisk.messages import Phrase, phrase

TRIES = 3
STARTS = 20  # of a worker that dies before it is asked anything


class PoolLostError(RuntimeError):
    """There is nobody left to calculate; the reason can be said in both languages."""

    def __init__(self, reason: Phrase) -> None:
        self.reason = reason
        super().__init__(reason.in_("en"))


class Failure(NamedTuple):
    """A block that was not calculated: why, and whether its worker died."""

    reason: Phrase
    died: bool


Outcome = tuple[int, bytes | Failure]


class Pool(NamedTuple):
    """Somebody who calculates: how many blocks at a time, ask, wait for some answers (perhaps none), and end."""

    room: Callable[[], int]
    submit: Callable[[int], None]
    wait: Callable[[], list[Outcome]]
    close: Callable[[], None]


def calculated(pool: Pool, blocks: Iterable[int]) -> Iterator[Outcome]:
    """Blocks as they are done, in any order; those given up as a failure.

    Parameters
    ----------
    pool : Pool
    blocks : iterable of int

    Yields
    ------
    (block, bytes or Failure)

    Raises
    ------
    PoolLostError
        There is nobody left.
    """
    waiting, alone = deque(blocks), deque[int]()
    deaths: Counter[int] = Counter()
    running = 0
    while waiting or alone or running:
        while waiting and running < pool.room():
            pool.submit(waiting.popleft())
            running += 1
        if alone and not waiting and not running:
            pool.submit(alone.popleft())
            running += 1
        for block, found in pool.wait():
            running -= 1
            if isinstance(found, Failure) and found.died and deaths[block] + 1 < TRIES:
                deaths[block] += 1
                (alone if deaths[block] == TRIES - 1 else waiting).append(block)
            else:
                yield block, found


def failure_of(said: dict[str, Any]) -> Failure:
    """Why a worker could not calculate a block."""
    if said["error"] == "versions":
        return Failure(phrase("study-worker-versions"), died=False)
    return Failure(phrase("study-block-error", reason=said["error"]), died=False)


def in_process(text: str, key: str) -> Pool:
    """Calculate here, one block after the other."""
    asked: deque[int] = deque()

    def wait() -> list[Outcome]:
        said, content = answer_to(text, key, asked.popleft())
        return [(said["block"], failure_of(said) if "error" in said else content)]

    return Pool(room=lambda: 1, submit=asked.append, wait=wait, close=lambda: None)


@dataclass(slots=True, kw_only=True)
class _Worker:
    """A process, the blocks that it is asked for, since when it is at work, and whether it has taken too long."""

    asked: queue.Queue[int | None] = field(default_factory=queue.Queue)
    process: subprocess.Popen[bytes] | None = None
    since: float | None = None
    late: bool = False


def processes(text: str, key: str, count: int, timeout: float) -> Pool:
    """Calculate in processes of this machine; one that dies is started anew.

    Parameters
    ----------
    text, key : str
        Of the study.
    count : int
    timeout : float
        Seconds that a block may take.

    Returns
    -------
    Pool
    """
    told = json.dumps({"text": text, "key": key}).encode() + b"\n"
    done: queue.Queue[Outcome | PoolLostError] = queue.Queue()
    workers = [_Worker() for _ in range(count)]
    idle = deque(workers)
    threads = [threading.Thread(target=_serve, args=(one, told, done), daemon=True) for one in workers]
    busy: dict[int, _Worker] = {}
    for n, thread in enumerate(threads):
        try:
            thread.start()
        except RuntimeError:  # the system gives no more of them
            del threads[n:]
            done.put(_no_process(OSError(errno.EAGAIN, "")))
            break

    def submit(block: int) -> None:
        busy[block] = idle.popleft()
        busy[block].asked.put(block)

    def wait() -> list[Outcome]:
        try:
            found = done.get(timeout=0.5)
        except queue.Empty:
            for one in busy.values():
                since, process = one.since, one.process
                if since is not None and process is not None and time.monotonic() - since > timeout:
                    one.late = True
                    process.kill()
            return []
        if isinstance(found, PoolLostError):
            raise found
        idle.append(busy.pop(found[0]))
        return [found]

    def close() -> None:
        for one in workers:
            one.asked.put(None)
            if one.process is not None and busy:
                one.process.kill()
        for thread in threads:
            thread.join(timeout=10)

    return Pool(room=lambda: count, submit=submit, wait=wait, close=close)


@contextmanager
def one_process(text: str, key: str) -> Iterator[Callable[[int], tuple[dict[str, Any], bytes] | None]]:
    """A process that calculates, until the context is left: what it answers on a block; None where it died.

    Raises
    ------
    PoolLostError
        It cannot be started.
    """
    worker = _Worker()
    told = json.dumps({"text": text, "key": key}).encode() + b"\n"
    try:
        _start(worker, told)
        yield lambda block: _asked(worker, block)
    except OSError as error:
        raise _no_process(error) from None
    finally:
        if worker.process is not None:
            _end(worker.process)


def _serve(worker: _Worker, told: bytes, done: queue.Queue[Outcome | PoolLostError]) -> None:
    """Pass blocks on to a process and its answers back, until None is asked for."""
    try:
        _start(worker, told)
        while (block := worker.asked.get()) is not None:
            worker.since = time.monotonic()
            answer = _asked(worker, block)
            worker.since = None
            if answer is None:
                reason = phrase("study-block-late") if worker.late else phrase("study-block-died")
                worker.late = False
                _start(worker, told)
                done.put((block, Failure(reason, died=True)))
            else:
                said, content = answer
                done.put((block, failure_of(said) if "error" in said else content))
    except PoolLostError as error:
        done.put(error)
    except Exception as error:  # no file, process or memory is left: whatever it is, nobody waits for an answer
        done.put(_no_process(error))
    finally:
        if worker.process is not None:
            _end(worker.process)


def _no_process(error: Exception) -> PoolLostError:
    """No further process can be started: why, in both languages."""
    reason = system_reason(error) if isinstance(error, OSError) else type(error).__name__
    return PoolLostError(phrase("study-no-process", reason=reason))


def _start(worker: _Worker, told: bytes) -> None:
    """Start a process, compare versions, and tell it the study."""
    for _ in range(STARTS):
        if worker.process is not None:
            _end(worker.process)
        command = [sys.executable, "-m", "soemrisk.batch_worker"]
        worker.process = subprocess.Popen(  # noqa: S603 -- this very interpreter and a module of ours
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # an interruption is told to us alone
        )
        said = _line(worker.process)
        if said is None:
            continue
        if said["versions"] != process_versions():
            raise PoolLostError(phrase("study-worker-versions"))
        if _written(worker.process, told):
            return
    raise PoolLostError(phrase("study-no-start"))


def _asked(worker: _Worker, block: int) -> tuple[dict[str, Any], bytes] | None:
    """Answer of a process on a block; None where it died."""
    process = worker.process
    assert process is not None
    assert process.stdout is not None
    if not _written(process, f"{block}\n".encode()):
        return None
    said = _line(process)
    content = b"" if said is None else process.stdout.read(said["bytes"])
    return None if said is None or len(content) < said["bytes"] else (said, content)


def _written(process: subprocess.Popen[bytes], content: bytes) -> bool:
    assert process.stdin is not None
    try:
        process.stdin.write(content)
        process.stdin.flush()
    except OSError:
        return False
    return True


def _line(process: subprocess.Popen[bytes]) -> dict[str, Any] | None:
    assert process.stdout is not None
    line = process.stdout.readline()
    try:
        said: dict[str, Any] | None = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:  # what answers is no worker of ours
        return None
    return said


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let a process go: it ends when nobody asks; one that does not is ended."""
    for pipe in (process.stdin, process.stdout):
        try:
            if pipe is not None:
                pipe.close()
        except OSError:
            pass
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
