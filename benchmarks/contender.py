"""One measurement in a process of its own: a contender simulates a scenario; how long it took, and how much memory.

Prints one JSON object: seconds, seconds of processor time, the peak of memory in bytes, mean and standard deviation of
the net result. A small run goes before the measured one, so that imports and compiling are not measured. The peak is
the kernel's VmHWM of this process; ``ru_maxrss`` would be that of the parent where the parent is larger.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

WARM = 1024
Net = dict[str, dict[str, float]]


def soemrisk(path: Path, draws: int, seed: int, threads: int) -> Net:
    """All that ``soemrisk run --json`` does, to the text of the answer."""
    from soemrisk.cli import commands

    arguments = ["run", str(path), "--json", "--draws", str(draws), "--seed", str(seed), "--threads", str(threads)]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        commands.main(arguments, standalone_mode=False)
    found = json.loads(printed.getvalue())["net"]
    return {actor: {key: stats[key] for key in ("mean", "sd")} for actor, stats in found.items()}


def plain(path: Path, draws: int, seed: int, how: str, few: bool) -> Net:
    """The plain numpy model."""
    import numpy_model

    calculation = numpy_model.load(path)
    found = numpy_model.summarised(numpy_model.simulated(calculation, draws, seed, how=how, few=few))
    actors = enumerate(calculation.actors)
    return {actor: {key: float(found[key][a]) for key in ("mean", "sd")} for a, actor in actors}


CONTENDERS: dict[str, Callable[[Path, int, int], Net]] = {
    "soemrisk": partial(soemrisk, threads=1),
    "soemrisk-2-threads": partial(soemrisk, threads=2),
    "numpy": partial(plain, how="numpy", few=False),
    "numpy-few-outputs": partial(plain, how="numpy", few=True),
    "scipy-quantiles": partial(plain, how="scipy", few=False),
}


def peak_of_memory() -> int | None:
    """Bytes; None where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def main() -> None:
    """Measure once: contender, path of the scenario, draws, seed."""
    name, path, draws, seed = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    work = CONTENDERS[name]
    work(path, min(WARM, draws), seed)
    began, ticks = time.perf_counter(), time.process_time()
    net = work(path, draws, seed)
    seconds, processor = time.perf_counter() - began, time.process_time() - ticks
    print(json.dumps({"seconds": seconds, "processor": processor, "peak": peak_of_memory(), "net": net}))


if __name__ == "__main__":
    main()
