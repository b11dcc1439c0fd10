"""What is measured, the most important first: blocks of contenders, cases and sizes, round by round.

A case is a shipped scenario or ``generated-<inputs>`` with, where it is not the usual, ``-years-…``, ``-cohorts-…`` or
``-actors-…``. Sizes are draws, base points of Sobol' indices, or nothing (0).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from draw_contenders import CONTENDERS as DRAWS
from exact_contenders import CONTENDERS as EXACT
from exact_contenders import OF_INPUTS
from information_contenders import CONTENDERS as INFORMATION
from sobol_contenders import CONTENDERS as SOBOL

# What a user types, start to end; {path} is the scenario, {out} a new folder
COMMANDS = {
    "soemrisk --help": ("--help",),
    "soemrisk check": ("check", "{path}"),
    "soemrisk run --json": ("run", "{path}", "--json"),
    "soemrisk run --json --out": ("run", "{path}", "--json", "--out", "{out}"),
    "soemrisk run --json, first": ("run", "{path}", "--json"),  # nothing compiled yet
}
SCRIPTS = {"soemrisk script": "soemrisk", "salib script": "salib"}  # S1, ST and intervals: contenders of "sobol"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One contender, once."""

    kind: str
    contender: str
    case: str
    size: int
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Measurements that are compared with each other."""

    kind: str
    contenders: tuple[str, ...]
    cases: tuple[str, ...]
    sizes: tuple[int, ...] = (0,)
    rounds: int = 2


SIZED = ("generated-40", "generated-184")
MONACO = "monaco-one-by-one"  # some thousand draws a second
LIMIT = ("c", "c-2-threads")  # for scenarios of the generated kind
APART = {"numpy", "scipy-quantiles", MONACO, *LIMIT}
FEW = tuple(name for name in DRAWS if name not in APART)  # most exact for their time
CHAOSPY = "chaospy-polynomial"  # half a minute at 40 inputs, whatever the size
SAMPLED = tuple(name for name in SOBOL if name != CHAOSPY)
COMPARED = (*SIZED, "act-randers")
DEPENDENT = tuple(f"{case}-pairs-2" for case in SIZED)  # four of the inputs depend on each other
INFORMED = ("act-randers", "generated-40")
OURS = ("soemrisk", "soemrisk-2-threads", *LIMIT, "numpy", "numpy-few-outputs")
GROWTH = (
    *(f"generated-{inputs}" for inputs in (20, 40, 80, 160, 320, 640)),
    *(f"generated-40-years-{years}" for years in (5, 20, 40)),
    *(f"generated-40-years-40-cohorts-{cohorts}" for cohorts in (1, 2, 8, 16, 32)),
    *(f"generated-40-actors-{actors}" for actors in (1, 6, 12, 24)),
)

PLAN = (
    Block(kind="process", contenders=tuple(COMMANDS), cases=("act-randers",), rounds=5),
    Block(kind="draws", contenders=OURS, cases=SIZED, sizes=(2**20,), rounds=3),
    Block(kind="draws", contenders=FEW, cases=COMPARED, sizes=(2**10, 2**12, 2**14, 2**16)),
    Block(kind="sobol", contenders=SAMPLED, cases=("generated-40",), sizes=(2**14,)),
    Block(kind="sobol", contenders=SAMPLED, cases=COMPARED, sizes=(2**8, 2**10)),
    Block(kind="evppi", contenders=tuple(INFORMATION), cases=INFORMED, sizes=(2**12, 2**16)),
    Block(kind="draws", contenders=("soemrisk",), cases=GROWTH, sizes=(2**16,)),
    Block(kind="sobol", contenders=("soemrisk",), cases=GROWTH, sizes=(2**12,)),
    Block(kind="process", contenders=tuple(SCRIPTS), cases=("generated-40",), sizes=(2**14,)),
    Block(kind="sobol", contenders=SAMPLED, cases=("generated-184",), sizes=(2**14,)),
    Block(kind="process", contenders=tuple(SCRIPTS), cases=("generated-184",), sizes=(2**14,), rounds=1),  # 5 minutes
    Block(kind="exact", contenders=tuple(EXACT), cases=COMPARED),
    Block(kind="exact", contenders=(OF_INPUTS,), cases=DEPENDENT),
    Block(kind="draws", contenders=("soemrisk",), cases=DEPENDENT, sizes=(2**20,)),
    Block(kind="draws", contenders=("soemrisk",), cases=SIZED, sizes=(2**23,)),
    Block(kind="draws", contenders=FEW, cases=COMPARED, sizes=(2**18, 2**20)),
    Block(kind="draws", contenders=(MONACO,), cases=COMPARED, sizes=(2**10, 2**12)),
    Block(kind="sobol", contenders=SAMPLED, cases=COMPARED, sizes=(2**12,)),
    Block(kind="draws", contenders=("numpy", "scipy-quantiles"), cases=COMPARED, sizes=(2**16,)),
    Block(kind="evppi", contenders=tuple(INFORMATION), cases=INFORMED, sizes=(2**14, 2**18)),
    Block(kind="sobol", contenders=(CHAOSPY,), cases=COMPARED, sizes=(2**12, 2**14), rounds=1),
    Block(kind="draws", contenders=tuple(DRAWS), cases=("generated-1000",), sizes=(2**16,), rounds=1),
    Block(kind="sobol", contenders=SAMPLED, cases=("generated-1000",), sizes=(2**10,), rounds=1),
)
SHORT = (
    Block(kind="process", contenders=("soemrisk --help", "soemrisk run --json"), cases=("act-randers",)),
    Block(kind="process", contenders=tuple(SCRIPTS), cases=("generated-6",), sizes=(64,)),
    Block(kind="draws", contenders=tuple(DRAWS), cases=("generated-6",), sizes=(1024,)),
    Block(kind="sobol", contenders=tuple(SOBOL), cases=("generated-6",), sizes=(1024,)),
    Block(kind="evppi", contenders=tuple(INFORMATION), cases=("act-randers",), sizes=(4096,)),
    Block(kind="exact", contenders=("sr.exact", "closed_form.parts", "quantile_tables.build"), cases=("generated-6",)),
    Block(kind="exact", contenders=(OF_INPUTS,), cases=("generated-6", "generated-8-pairs-1")),
)


def measurements(blocks: tuple[Block, ...], rounds: int | None = None) -> Iterator[Measurement]:
    """Round by round, block by block; another contender first in every round; none twice."""
    seen = set()
    for turn in range(1, 1 + (rounds or max(block.rounds for block in blocks))):
        for block in blocks:
            if rounds is None and turn > block.rounds:
                continue
            first = turn % len(block.contenders)
            order = (*block.contenders[first:], *block.contenders[:first])
            for case in block.cases:
                for size in block.sizes:
                    for contender in order:
                        one = Measurement(kind=block.kind, contender=contender, case=case, size=size, turn=turn)
                        if one not in seen:
                            seen.add(one)
                            yield one
