"""One measurement in a process of its own: a contender simulates a scenario; how long it took, and how much memory.

Prints one JSON object: seconds of simulating and of summarising, seconds of processor time, the peak of memory, mean
and standard deviation of the net result. A small run goes before the measured one, so that imports and compiling are
not measured. The peak is the kernel's VmHWM of this process; ``ru_maxrss`` would be that of the parent where the parent
is larger.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

WARM = 1024


def soemrisk(path: Path, draws: int, seed: int, threads: int) -> dict[str, Any]:
    """What ``soemrisk run --json`` does: read, compile, simulate both bands, calculate every figure of the answer."""
    from soemrisk import kernel
    from soemrisk.answer import answer
    from soemrisk.compilation import compile_scenario
    from soemrisk.design import plan
    from soemrisk.reading import read
    from soemrisk.simulation import simulate_model

    began = time.perf_counter()
    scenario = read(path)
    simulation = simulate_model(
        compile_scenario(scenario), plan(draws, seed), evaluate=kernel.evaluate, threads=threads
    )
    simulated = time.perf_counter()
    found = answer(scenario, simulation, "en")
    summarised = time.perf_counter()
    return {
        "simulating": simulated - began,
        "summarising": summarised - simulated,
        "net": {actor: {key: stats[key] for key in ("mean", "sd")} for actor, stats in found["net"].items()},
    }


def plain(path: Path, draws: int, seed: int, how: str, few: bool) -> dict[str, Any]:
    """The plain numpy model."""
    import numpy_model

    began = time.perf_counter()
    calculation = numpy_model.load(path)
    kept = numpy_model.simulated(calculation, draws, seed, how=how, few=few)
    simulated = time.perf_counter()
    found = numpy_model.summarised(kept)
    summarised = time.perf_counter()
    net = {actor: {key: float(found[key][a]) for key in ("mean", "sd")} for a, actor in enumerate(calculation.actors)}
    return {"simulating": simulated - began, "summarising": summarised - simulated, "net": net}


CONTENDERS: dict[str, Callable[[Path, int, int], dict[str, Any]]] = {
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
    began = time.process_time()
    found = work(path, draws, seed)
    print(json.dumps({**found, "processor": time.process_time() - began, "peak": peak_of_memory()}))


if __name__ == "__main__":
    main()
