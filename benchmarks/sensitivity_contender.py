"""One measurement of a sensitivity analysis in a process of its own: how long, how much memory, and what was found.

Prints one JSON object: seconds and seconds of processor by part of the work, the peak of memory in bytes, and the
tables found. Files are read, libraries imported and a small run made before the clock starts. Parts that take
milliseconds are repeated for a fifth of a second, and the mean is given.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import information_contenders
import numpy as np
import sobol_contenders
from contender import peak_of_memory
from expected_net import Clock

WARM = 64
LONG_ENOUGH = 0.2  # seconds
Result = tuple[dict[str, Clock], Any]


def timed(work: Callable[[], Any]) -> tuple[Clock, Any]:
    """Time of one call, the mean of as many as take long enough, after one that is not measured; what it returns."""
    found = work()
    clock, calls, began = Clock(), 0, time.perf_counter()
    while not calls or time.perf_counter() - began < LONG_ENOUGH:
        with clock.running():
            work()
        calls += 1
    return Clock(clock.seconds / calls, clock.processor / calls), found


def stages(path: Path) -> Result:
    """The closed form, one stage at a time."""
    from soemrisk.chance_moments import expected_chance
    from soemrisk.closed_form import parts, second_order
    from soemrisk.compilation import compile_scenario
    from soemrisk.design import Plan
    from soemrisk.moments import moments, products_of
    from soemrisk.products import outcomes_of
    from soemrisk.reading import read

    scenario = read(path)
    clocks: dict[str, Clock] = {}
    clocks["compile_scenario"], model = timed(lambda: compile_scenario(scenario))
    clocks["products_of"], products = timed(lambda: products_of(model))
    plan = Plan(sampler="sobol", seed=1, size=512)  # of vectors, of which there are none
    clocks["moments"], known = timed(lambda: moments(products, plan, 0))
    clocks["closed_form.parts"], found = timed(lambda: parts(products, known))
    net = np.arange(len(model.actors)) * outcomes_of(model)
    clocks["closed_form.second_order"], _ = timed(lambda: second_order(products, known, net))
    clocks["chance_moments.expected_chance"], _ = timed(lambda: expected_chance(products, plan))
    return clocks, {"outcomes": len(found.mean)}


def exact(path: Path) -> Result:
    """All of ``sr.exact``; S1 and ST of the total are what the other contenders are compared with."""
    from numpy_model import load

    import soemrisk as sr

    scenario = sr.read(path)
    clock, found = timed(lambda: sr.exact(scenario))
    total = found.sel(actor="total", input=[one.name for one in load(path).inputs])
    return {"sr.exact": clock}, {key: total[key].values.tolist() for key in ("S1", "ST")}


def estimated(kind: str, name: str, path: Path, draws: int, seed: int) -> Result:
    """Sobol' indices, or values of information."""
    found = {"sobol": sobol_contenders.CONTENDERS, "information": information_contenders.CONTENDERS}
    work = found[kind][name](path)
    work(min(WARM, draws), seed, Clock())
    clocks = {"whole": Clock(), "quantiles": Clock()}
    with clocks["whole"].running():
        tables = work(draws, seed, clocks["quantiles"])
    if kind == "sobol":
        return clocks, np.asarray(tables).tolist()
    return clocks, {key: table.tolist() for key, table in zip(("evppi", "evpi"), tables, strict=True)}


def main() -> None:
    """Measure once: kind, contender, path of the scenario, draws, seed."""
    kind, name, path, draws, seed = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
    if kind == "exact":
        clocks, found = {"stages": stages, "sr.exact": exact}[name](path)
    else:
        clocks, found = estimated(kind, name, path, draws, seed)
    times = {part: {"seconds": clock.seconds, "processor": clock.processor} for part, clock in clocks.items()}
    print(json.dumps({"times": times, "peak": peak_of_memory(), "found": found}))


if __name__ == "__main__":
    main()
