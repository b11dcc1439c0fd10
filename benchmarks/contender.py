"""One measurement in a process of its own: what a contender finds, how long it takes, and how much memory.

    python benchmarks/contender.py KIND CONTENDER SCENARIO SIZE SEED LIMIT
    python benchmarks/contender.py KIND CONTENDER SCENARIO SIZE SEED once

Prints one JSON object. The first result comes from a small size: imports and compiling are in "first", seconds of
processor since the process began, and not in what follows. Growing probes then foretell the time of the size that is
asked for; it is halved until it fits the limit. Work that is quickly done is repeated with other seeds, and the mean
time is given. The peak is the kernel's VmHWM of this process since the probes: one of them may take more memory
than the work itself, as a run whose few draws are kept does beside one whose many are counted. With "once" there is one
run and no more, as in a script.
A contender that is a program of its own tells what its process took ("own"), and that counts in place of this one's.
"""

from __future__ import annotations

import contextlib
import json
import math
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

MODULES = {
    "draws": "draw_contenders",
    "sobol": "sobol_contenders",
    "evppi": "information_contenders",
    "exact": "exact_contenders",
}
FIRST = {"draws": 1024, "sobol": 64, "evppi": 256, "exact": 0}  # size of the first run
STEP = 8  # a probe is so many times the one before
LONG_ENOUGH, MOST = 0.01, 16  # repeats go on for this share of the limit, or until there are so many
# Most numbers that a rival's design of Sobol' indices may have: base points × inputs². SciPy's bootstrap leaves out
# each point in turn, so its memory grows faster.
CELLS, BOOTSTRAP_CELLS = 6e8, 1.4e8

Work = Callable[[int, int, Any], Any]


def bearable(work: Work, first: int, size: int, limit: float) -> int:
    """The size that is asked for, halved until the time that growing probes foretell is within the limit."""
    from expected_net import Clock

    probes: list[tuple[int, float]] = []
    probe = first
    while 0 < probe * STEP <= size:
        clock = Clock()
        with clock.running():
            work(probe, 0, Clock())
        probes.append((probe, clock.processor))  # on which other work has little influence
        if clock.processor > limit / 50:
            break
        probe *= STEP
    while probes and size > probes[-1][0] and foretold(probes[-2:], size) > limit:
        size //= 2
    return size


def foretold(probes: list[tuple[int, float]], size: int) -> float:
    """Seconds at a size: a line through two probes, or the power that fits them where that is more."""
    last, seconds = probes[-1]
    if len(probes) == 1:
        return seconds * size / last
    before, less = probes[0]
    line = seconds + max(seconds - less, 0.0) * (size - last) / (last - before)
    grows = math.log(max(seconds / less, 1.0)) / math.log(last / before) if less else 1.0
    return max(line, seconds * (size / last) ** grows) if grows > 1 else line


def fitting(kind: str, contender: str, path: Path, size: int) -> int:
    """The size that is asked for, halved until a rival's design of Sobol' indices fits the memory."""
    if kind == "sobol" and contender != "soemrisk":
        from numpy_model import load

        inputs = len(load(path).inputs)
        most = BOOTSTRAP_CELLS if contender == "scipy-bootstrap" else CELLS
        while size * inputs**2 > most:
            size //= 2
    return size


def measured(work: Work, first: int, size: int, *, seed: int, limit: float) -> dict[str, Any]:
    """Time, memory and what was found; ``first`` is the size of the first run."""
    from expected_net import Clock

    small = min(first, size)
    began = work(small, 0, Clock())
    passed = time.process_time()
    size = bearable(work, small, size, limit)
    forget_peak()
    whole, inputs = Clock(), Clock()
    found: list[Any] = []
    while not found or (whole.seconds < LONG_ENOUGH * limit and len(found) < MOST):
        with whole.running():
            found.append(work(size, 1000 * seed + len(found), inputs))
    parts = {"seconds": whole.seconds, "processor": whole.processor}
    parts |= {"inputs_seconds": inputs.seconds, "inputs_processor": inputs.processor}
    mean = {name: value / len(found) for name, value in parts.items()}
    took = {**mean, "first": passed, "peak": peak_of_memory()}
    if isinstance(began, dict) and "own" in began:
        every = [one["own"] for one in found]
        took |= {name: sum(own[name] for own in every) / len(every) for name in ("seconds", "processor")}
        took |= {"first": began["own"]["processor"], "peak": max(own["peak"] for own in every)}
    return {"size": size, **took, "repeats": len(found), "found": found}


def forget_peak() -> None:
    """Let the peak of memory begin with what is held now, where the system can."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_of_memory() -> int | None:
    """Bytes; None where the system does not tell. ``ru_maxrss`` would be that of the parent where it is larger."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def main() -> None:
    """Measure once."""
    from expected_net import Clock

    kind, contender, scenario, asked, seed, limit = sys.argv[1:]
    path, size = Path(scenario), int(asked)
    result: Any
    try:
        work = import_module(MODULES[kind]).CONTENDERS[contender](path)
        if limit == "once":
            result = {"found": [work(size, int(seed), Clock())]}
        else:
            size = fitting(kind, contender, path, size)
            result = measured(work, FIRST[kind], size, seed=int(seed), limit=float(limit))
    except NotImplementedError as reason:
        result = {"refused": str(reason)}
    print(json.dumps(result, default=lambda array: array.tolist()))


if __name__ == "__main__":
    main()
