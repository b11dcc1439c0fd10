"""One calculation as a memo: everything that it needs is run here, and every figure in it comes from there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from soemrisk import kernel
from soemrisk.answer import answer
from soemrisk.chart_style import KINDS
from soemrisk.compilation import compile_scenario
from soemrisk.design import Plan
from soemrisk.digest import Digest
from soemrisk.driver_figures import driver_pictures
from soemrisk.driver_stories import alt_texts
from soemrisk.drivers import KEPT, drivers
from soemrisk.figures import pictures, stories
from soemrisk.memo_case import Case, case_of
from soemrisk.memo_parts import Memo
from soemrisk.memo_pictures import dot_picture, dot_values
from soemrisk.memo_sections import memo_of
from soemrisk.receipt import receipt
from soemrisk.running import run_scenario
from soemrisk.scenario import Scenario
from soemrisk.simulation import Simulation, simulate_model

SHOWN = ("break_even", "tornado", "priorities")  # of the pictures of what drives the result
MOST = 7  # rows that a picture names: two pictures share a page


def build_memo(
    scenario: Scenario,
    simulated: tuple[Digest, Simulation | None],
    lang: str,
    *,
    deciding: str | None = None,
    threads: int = 1,
    kinds: Sequence[str] = KINDS,
) -> tuple[Case, Memo]:
    """Build the memo of a run.

    Parameters
    ----------
    scenario : Scenario
    simulated : (Digest, Simulation or None)
        A run of the scenario, and its draws where they were kept.
    lang : {"da", "en"}
    deciding : str, optional
        Actor whose decision it is; the first one of the file where none is said.
    threads : int
        Changes the time and nothing else.
    kinds : sequence of {"svg", "png"}
        What pictures are needed as: Word takes PNG, the others SVG.

    Returns
    -------
    (Case, Memo)
        The figures, and the document.
    """
    digest, kept = simulated
    found = answer(scenario, digest, lang)
    driven = {**drivers(scenario, simulated, evaluate=kernel.evaluate), "deciding": deciding}

    def again(other: Scenario, plan: Plan) -> Digest:
        return run_scenario(other, plan, threads=threads)[0]

    case = case_of(scenario, digest, (found, driven), lang, again)
    drawn, alts = _pictures(case, digest, kept, kinds)
    return case, memo_of(case, alts, drawn, receipt(scenario, digest.plan))


def _pictures(
    case: Case, digest: Digest, kept: Simulation | None, kinds: Sequence[str]
) -> tuple[dict[str, bytes], dict[str, str]]:
    """Every picture of a memo, and its alternative text."""
    scenario, lang = case.scenario, case.lang
    found: dict[str, Any] = dict(case.found)
    draws = kept if kept is not None else _part(scenario, digest.plan)
    values = {actor: dot_values(draws.net[:, :, a].ravel()) for a, actor in enumerate(digest.model.actors)}
    drawn, alt = dot_picture(case, values, kinds)
    drawn |= pictures(scenario, found, lang, case.first, kinds=kinds)
    drawn |= driver_pictures(scenario, case.driven, lang, MOST, names=SHOWN, kinds=kinds)
    alts = {name: words for name, (_, words) in stories(scenario, found, lang, case.first).items()}
    return drawn, {"dots": alt, **alts, **alt_texts(scenario, case.driven, lang)}


def _part(scenario: Scenario, plan: Plan) -> Simulation:
    """So many draws as may be kept: dots are quantiles and need no more."""
    part = Plan(sampler=plan.sampler, seed=plan.seed, size=min(plan.size, KEPT // plan.replicates))
    return simulate_model(compile_scenario(scenario), part, evaluate=kernel.evaluate)
