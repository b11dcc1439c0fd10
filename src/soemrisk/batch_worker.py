"""A process that calculates blocks: it is told a study, then numbers of blocks, and answers with their bytes.

No object travels, only text and numbers: a line with the study, a line for each block; the answer is a line that says
how many bytes follow. It ends when nobody asks any more, so that it outlives no one who started it.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import threading
from typing import Any

from soemrisk.batch_blocks import OtherVersionError, block_bytes
from soemrisk.batch_plan import versions

ONE_AT_A_TIME = threading.Lock()


def process_versions() -> dict[str, str]:
    """Versions that client and workers must share."""
    return {**versions(), "python": ".".join(platform.python_version_tuple()[:2])}


def calculate(text: str, key: str, block: int) -> bytes:
    """One block at a time in a process, whatever threads it has: columns and matrix products are shared by all."""
    with ONE_AT_A_TIME:
        return block_bytes(text, key, block)


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
    _send(answers, {"versions": process_versions()}, b"")
    told = json.loads(sys.stdin.buffer.readline() or b"{}")
    for line in sys.stdin.buffer:
        _send(answers, *answer_to(told["text"], told["key"], int(line)))


def _send(answers: int, said: dict[str, Any], content: bytes) -> None:
    whole = json.dumps({**said, "bytes": len(content)}).encode() + b"\n" + content
    while whole:
        whole = whole[os.write(answers, whole) :]


if __name__ == "__main__":
    main()
