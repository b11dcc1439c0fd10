"""A process that calculates blocks: it is told a study, then numbers of blocks, and answers with their bytes.

No object travels, only text and numbers: a line with the study, a line for each block; the answer is a line that says
how many bytes follow. It ends when nobody asks any more, so that it outlives no one who started it.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import sys
import threading
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from soemrisk.batch_blocks import OtherVersionError, block_bytes
from soemrisk.batch_plan import versions
from soemrisk.store import read_whole

ONE_AT_A_TIME = threading.Lock()


def process_versions() -> dict[str, str]:
    """Versions that client and workers must share."""
    return {**versions(), "python": ".".join(platform.python_version_tuple()[:2])}


TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # names of glibc's malloc.h
KEPT, LARGEST = 2**30, 2**25  # bytes at the end of the heap that are kept; arrays that come from the heap at most


@lru_cache(maxsize=1)
def keep_memory() -> bool:
    """Let the C library keep the memory of arrays that are gone, for those that come next; False where it cannot.

    Dask's nanny has it give everything back at once, and then each array pays for its pages anew: three times the time
    of a block, measured.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):  # no glibc
        return False
    return all([mallopt(TRIM_THRESHOLD, KEPT), mallopt(MMAP_THRESHOLD, LARGEST)])


def calculate(text: str, key: str, block: int) -> bytes:
    """One block at a time in a process, whatever threads it has: columns and matrix products are shared by all."""
    with ONE_AT_A_TIME:
        keep_memory()
        return block_bytes(text, key, block)


def most_resident() -> float:
    """Most memory that this process has had, in bytes; 0 where the system does not say."""
    try:
        status = (read_whole(Path("/proc/self/status")) or b"").decode()
        return 1024.0 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))
    except (OSError, StopIteration):  # no Linux, where what getrusage says may be that of who started the process
        pass
    try:
        import resource
    except ImportError:
        return 0.0
    unit = 1 if sys.platform == "darwin" else 1024
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)


def answer_to(text: str, key: str, block: int) -> tuple[dict[str, Any], bytes]:
    """What is said of a block, and its bytes."""
    try:
        return {"block": block}, calculate(text, key, block)
    except OtherVersionError:
        return {"block": block, "error": "versions"}, b""
    except Exception as error:  # whatever it is, the other blocks go on, and this one is told of
        return {"block": block, "error": f"{type(error).__name__}: {error}"[:500]}, b""


def main() -> None:
    """Answer until nobody asks."""
    answers = os.dup(1)
    os.dup2(2, 1)  # whatever else writes to stdout is no answer
    with suppress(BrokenPipeError):  # who asked is gone, and nobody is told
        _send(answers, {"versions": process_versions()}, b"")
        told = json.loads(sys.stdin.buffer.readline() or b"{}")
        for line in sys.stdin.buffer:
            said, content = answer_to(told["text"], told["key"], int(line))
            _send(answers, {**said, "memory": most_resident()}, content)


def _send(answers: int, said: dict[str, Any], content: bytes) -> None:
    whole = json.dumps({**said, "bytes": len(content)}).encode() + b"\n" + content
    while whole:
        whole = whole[os.write(answers, whole) :]


if __name__ == "__main__":
    main()
