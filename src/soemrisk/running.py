"""One run of a scenario: draws are kept where they are few, and counted as they come where they are many."""

from __future__ import annotations

from collections.abc import Callable

from soemrisk import kernel
from soemrisk.answer import promised
from soemrisk.compilation import compile_scenario
from soemrisk.design import Plan
from soemrisk.digest import Digest, digest_draws
from soemrisk.scenario import Scenario
from soemrisk.simulation import Simulation, simulate_model

KEPT = 2**17  # draws that are kept at most; about 0.7 KB each for ten years and three actors


def is_compiled(draws: int) -> bool:
    """Whether all that a run of so many draws needs lies compiled on disk, so that it starts at once."""
    if draws <= KEPT:
        return kernel.is_ready()
    from soemrisk import tally_kernel  # loaded where draws are counted alone

    return kernel.is_ready() and tally_kernel.is_ready()


def run_scenario(
    scenario: Scenario,
    plan: Plan,
    *,
    kept: int = KEPT,
    threads: int = 1,
    tick: Callable[[], object] | None = None,
) -> tuple[Digest, Simulation | None]:
    """Simulate a scenario.

    Parameters
    ----------
    scenario : Scenario
    plan : Plan
    kept : int
        Up to so many draws are kept; memory does not grow with more.
    threads : int
        Changes the time and nothing else.
    tick : callable, optional
        Called after each replicate, in any order.

    Returns
    -------
    (Digest, Simulation or None)
        The figures; the draws, where they are kept.

    Examples
    --------
    >>> from soemrisk.design import plan
    >>> from soemrisk.reading import read
    >>> digest, draws = run_scenario(read("act-randers"), plan(1024, 0), kept=0)
    >>> draws is None, digest.net[1]["sd"] > 0
    (True, True)
    """
    model = compile_scenario(scenario)
    if plan.draws <= kept:
        simulation = simulate_model(model, plan, evaluate=kernel.evaluate, threads=threads, tick=tick)
        return digest_draws(simulation, promised(scenario, model)), simulation
    from soemrisk import tally_kernel
    from soemrisk.tally import digest_in_blocks

    counted = digest_in_blocks(
        model,
        plan,
        promised(scenario, model),
        evaluate=kernel.evaluate,
        add=tally_kernel.add,
        threads=threads,
        tick=tick,
    )
    return counted, None
