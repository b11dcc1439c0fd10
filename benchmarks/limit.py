"""The limit in hand-written C: a scenario as plain arrays for ``limit.c``, the program compiled, its figures named.

    python benchmarks/limit.py SCENARIO DRAWS SEED FILE     writes the file that the program reads

What the program calculates is in the head of ``limit.c``. It takes scenarios of one kind, that of the generated ones:
one pattern over the years, one rate for all cohorts of whole persons, a certain discount rate, and terms of one price
and one change each, with at most one factor that they share. Anything else is refused.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk import quantile_tables
from soemrisk.answer import promised
from soemrisk.compilation import compile_scenario
from soemrisk.design import Plan, _constants, _directions, plan
from soemrisk.families import FAMILIES, Parameters
from soemrisk.model import NONE, Model
from soemrisk.quantile_grid import CELLS, DEGREE, PARTS
from soemrisk.reading import read
from soemrisk.reference import discount_factors
from soemrisk.sparse_model import Sparse, sparse
from soemrisk.statistics import LEVELS
from soemrisk.transform import columns, directions

Floats = NDArray[np.float64]
Array = NDArray[Any]

SOURCE = Path(__file__).with_name("limit.c")
FLAGS = ("-O3", "-march=native", "-std=gnu11")
LIBRARIES = ("-lm", "-pthread")
MAGIC = 20251122
MOST_PERSONS = 100  # of a cohort: successes are counted up from 0
MOST_COSTS, MOST_COHORTS = 8, 64
DIGITS = 13  # to which shares of two terms are alike


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Terms whose entries are in proportion are one group: the group is summed first, its entries are added once."""

    group: list[int]
    weight: list[float]
    starts: list[int]
    places: list[int]
    shares: list[float]


def compiler() -> str | None:
    """The C compiler on the path, if there is one."""
    return shutil.which("cc")


@lru_cache(maxsize=1)
def program() -> Path:
    """``limit.c`` compiled for this machine, in a folder that stays for as long as this process.

    Raises
    ------
    NotImplementedError
        There is no compiler.
    """
    found = compiler()
    if found is None:
        raise NotImplementedError("there is no C compiler (cc) on the path")
    folder = Path(_scratch().name)
    subprocess.run([found, *FLAGS, "-o", str(folder / "limit"), str(SOURCE), *LIBRARIES], check=True)
    return folder / "limit"


@lru_cache(maxsize=1)
def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


def write(model: Model, pledge: Floats, design: Plan, path: Path) -> None:
    """Write what the program reads: words of eight bytes, one array after the other.

    Parameters
    ----------
    model : Model
    pledge : (a,) float64
        Figure on which the decision rests, by actor, kr.
    design : Plan
    path : Path

    Raises
    ------
    NotImplementedError
        The scenario is not of the kind that the program is for.
    """
    found = sparse(model)
    _check(model, found, design)
    keys = columns(model)
    name = model.draw_name
    chance = [f"{name}/chance/{cohort}/with" for cohort in model.cohort_names]
    used = [*model.columns, *chance, f"{name}/correlated"]  # all others can change nothing here
    tables, inputs = _inputs(model)
    prices, changes = _prices_and_changes(model)
    areas, moved = _grouped(model, by_area=True), _grouped(model, by_area=False)
    rows, row_of = _moved_rows(model, inputs, changes)
    discount = discount_factors(model, model.base[None])[0]
    factor = int(model.factors[0, 0])
    header = [
        MAGIC, design.replicates, design.size.bit_length() - 1, len(used), len(tables), 2 * (CELLS + 2),
        len(model.inputs), len(model.actors), len(model.areas), len(model.years), len(model.completers),
        len(areas.starts) - 1,
        len(moved.starts) - 1, len(prices), len(areas.places), len(moved.places), len(rows), len(model.cost_quantity),
        factor, *model.rates[0],
    ]  # fmt: skip
    at = [keys.index(key) for key in used]
    constants = [_constants(design.seed, keys, replicate)[at] for replicate in range(design.replicates)]
    paid = model.cost_weights * np.where(model.cost_discounted[:, None, None], discount, 1.0)
    words: list[Any] = [
        header, [_directions(dimension) for dimension in at], constants, tables,
        inputs["table"], inputs["column"], inputs["location"], inputs["scale"],
        range(len(model.columns), len(model.columns) + len(chance)), model.completers, found.patterns[0] * discount,
        discount[model.cohort_positions],
        prices, changes, areas.group, moved.group, [row_of[int(q)] for q in changes], areas.weight, moved.weight,
        [table for table, _ in rows], [turned for _, turned in rows],
        areas.starts, areas.places, areas.shares, moved.starts, moved.places, moved.shares,
        model.cost_quantity, model.cost_area, paid, pledge, np.isin(np.arange(len(model.actors)), model.roots),
    ]  # fmt: skip
    with path.open("wb") as file:
        for one in words:
            array = np.asarray(list(one) if isinstance(one, range) else one)
            kind = np.float64 if array.dtype.kind == "f" else np.uint64 if array.dtype == np.uint64 else np.int64
            file.write(np.ascontiguousarray(array, dtype=kind).tobytes())


def _check(model: Model, found: Sparse, design: Plan) -> None:
    """Refuse what the program is not for."""
    uncertain = set(model.uncertain.tolist())
    few = model.completers[(model.completers != np.floor(model.completers)) | (model.completers > MOST_PERSONS)]
    others = np.delete(model.factors, [0, 1, 2], axis=1)
    wrong = {
        "a sampler other than sobol": design.sampler != "sobol" or design.size < 8,
        "several patterns over the years": len(found.patterns) != 1 or found.persistence[0] != NONE,
        "amounts that differ from person to person": bool(model.varying),
        "dependent inputs": bool(model.copulas or model.simplexes),
        "derived values": bool(model.bands or model.reciprocals or model.derived_rates),
        "outcomes that are no money": bool(model.outcomes),
        "an uncertain discount rate": bool(uncertain & set(model.discount.tolist())),
        "several success rates": not model.one_rate or model.independent_chance,
        "cohorts of uncertain, fractional or large size": model.turnout != NONE or bool((model.share != NONE).any())
        or len(few) > 0,
        "terms of more than a factor, a change and a price": bool((others != NONE).any())
        or len(set(model.factors[:, 0].tolist())) != 1,
        "so many costs or cohorts": len(model.cost_quantity) > MOST_COSTS or len(model.completers) > MOST_COHORTS,
        "prices or changes in several terms": any(len(set(at)) != len(at) for at in model.factors[:, 1:3].T.tolist()),
    }  # fmt: skip
    reasons = [reason for reason, is_so in wrong.items() if is_so]
    needed = {*model.factors[:, :3].ravel(), *model.cost_quantity, *model.rates[0]} - {NONE}
    if any(int(q) not in uncertain or not FAMILIES[_family(model, int(q))].tabled for q in needed):
        reasons.append("certain numbers, or families without a table")
    if reasons:
        raise NotImplementedError(f"limit.c is not for {', '.join(reasons)}")


def _family(model: Model, q: int) -> str:
    return model.inputs[q].distribution.family or ""


def _inputs(model: Model) -> tuple[list[Floats], dict[str, list[Any]]]:
    """Tables, each once; and of every input its table, column of points, location and scale.

    All normal inputs share the table of the standard one.
    """
    tables: list[Floats] = []
    place: dict[Any, int] = {}
    column = dict(zip(model.uncertain.tolist(), model.column.tolist(), strict=True))
    found: dict[str, list[Any]] = {"table": [], "column": [], "location": [], "scale": []}
    for q, one in enumerate(model.inputs):
        distribution, location, scale, table = one.distribution, 0.0, 1.0, 0
        if q in column:
            assert distribution.family is not None
            family = distribution.family
            location, scale, parameters = FAMILIES[family].standard(distribution.parameters)
            key = family, json.dumps(dict(parameters), sort_keys=True, default=list)
            if key not in place:
                place[key] = len(tables)
                tables.append(_filled(family, parameters))
            table = place[key]
        for name, value in zip(found, (table, column.get(q, 0), location, scale), strict=True):
            found[name].append(value)
    return tables, found


def _filled(family: str, parameters: Parameters) -> Floats:
    """A table; where soemrisk asks the exact function, which C does not have, polynomials through its values."""
    table = quantile_tables.coefficients(family, parameters).copy()
    rows = table.reshape(2, CELLS + 2, DEGREE + 1)
    argument = np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1)) / 2
    powers = np.vander(argument, increasing=True)
    for tail in range(2):
        for cell in np.flatnonzero(np.isnan(rows[tail, 1:-1, 0])):
            low = 2.0 ** (int(cell >> PARTS) - 53)
            points = low * (1 + ((cell % (1 << PARTS)) + 0.5 + argument) / (1 << PARTS))
            points = np.clip(1.0 - points if tail else points, 2.0**-53, 1.0 - 2.0**-53)
            rows[tail, 1 + cell] = np.linalg.solve(powers, FAMILIES[family].quantile(points, parameters))
    return table


def _prices_and_changes(model: Model) -> tuple[list[int], list[int]]:
    return model.factors[:, 2].tolist(), model.factors[:, 1].tolist()


def _grouped(model: Model, *, by_area: bool) -> Terms:
    """Groups of terms, with entries to area × actors + actor, or to actors alone."""
    actors = len(model.actors)
    groups: dict[Any, int] = {}
    entries: list[list[tuple[int, float]]] = []
    group, weights = [], []
    for t, weights_of_term in enumerate(model.weights):  # (c, a, y)
        largest = np.array([one.flat[int(np.abs(one).argmax())] for one in weights_of_term.transpose(1, 0, 2)])
        who = np.flatnonzero(largest)
        places, amounts = model.term_area[t] * actors * by_area + who, largest[who]
        shares = np.round(amounts / amounts[0], DIGITS)
        key = tuple(zip(places.tolist(), shares.tolist(), strict=True))
        if key not in groups:
            groups[key] = len(entries)
            entries.append(list(zip(places.tolist(), (amounts / amounts[0]).tolist(), strict=True)))
        group.append(groups[key])
        weights.append(float(amounts[0]))
    return Terms(
        group=group,
        weight=weights,
        starts=np.cumsum([0, *map(len, entries)]).tolist(),
        places=[place for row in entries for place, _ in row],
        shares=[share for row in entries for _, share in row],
    )


def _moved_rows(
    model: Model, inputs: dict[str, list[Any]], changes: list[int]
) -> tuple[list[tuple[int, int]], dict[int, int]]:
    """Scores at the common point, or at 1 − it, that the correlated band needs; and which of them each change takes."""
    signs = directions(model)
    if len(signs) < 2:  # a single change is correlated with nothing
        return [], dict.fromkeys(changes, 0)
    wanted = {q: (int(inputs["table"][q]), int(not signs[q])) for q in changes}
    rows = sorted(set(wanted.values()), key=lambda row: row[::-1])
    return rows, {q: rows.index(row) for q, row in wanted.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the program printed, and what the process took from its start to its end."""

    printed: dict[str, Any]
    seconds: float
    processor: float


def run(path: Path, threads: int) -> Run:
    """Run the program on a file."""
    command = [str(program()), str(path), str(threads)]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=True)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Run(
        printed=json.loads(done.stdout),
        seconds=seconds,
        processor=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    )


STATISTICS = ("mean", "sd", "prob_positive", *(f"p{level * 100:.0f}" for level in LEVELS))
ERRORS = ("mcse_mean", "mcse_prob", *(f"mcse_p{level * 100:.0f}" for level in LEVELS))
LOWEST = ("cvar10", "mcse_cvar10")  # of the net result alone
TOLD = ("below", "shortfall", "always", "never", "above_one", "falling", "loses", "reachable", "chance")
JOINT = ("all_gain", "none_gains", "negative_rate")
NOTHING = dict.fromkeys((*STATISTICS, *ERRORS), 0.0)  # of a result that is 0 in all draws


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Figures of a run by position of area or year and of actor, as ``digest.Digest`` has them.

    ``break_even`` and ``payment`` have quantiles and their errors alone. ``told`` are means over all draws by actor,
    ``joint`` those of all actors; ``paid_back`` are draws by actor and payback year, (a, y + 1).
    """

    net: list[dict[str, float]]
    expected: list[dict[str, float]]
    correlated: list[dict[str, float]]
    area: list[list[dict[str, float]]]
    year: list[list[dict[str, float]]]
    cumulated: list[list[dict[str, float]]]
    break_even: list[dict[str, float]]
    payment: list[dict[str, float]]
    told: list[dict[str, float]]
    joint: dict[str, float]
    paid_back: NDArray[np.int64]


def named(model: Model, printed: dict[str, Any]) -> Figures:
    """Give the figures that the program printed their names."""
    a, h, y = len(model.actors), len(model.areas), len(model.years)
    names = (*STATISTICS, *ERRORS, *LOWEST)
    each = [dict(zip(names, one, strict=False)) if one else NOTHING for one in printed["results"]]
    rows = [each[at : at + a] for at in range(0, len(each), a)]
    told = np.mean(printed["told"], axis=0).tolist()
    by_actor = [told[at : at + len(TOLD)] for at in range(0, a * len(TOLD), len(TOLD))]
    return Figures(
        net=rows[0],
        expected=rows[1],
        correlated=rows[2],
        area=rows[3 : 3 + h],
        year=rows[3 + h : 3 + h + y],
        cumulated=rows[3 + h + y : 3 + h + 2 * y],
        break_even=rows[3 + h + 2 * y],
        payment=rows[4 + h + 2 * y],
        told=[dict(zip(TOLD, one, strict=True)) for one in by_actor],
        joint=dict(zip(JOINT, told[a * len(TOLD) :], strict=True)),
        paid_back=np.array(printed["paid_back"], dtype=np.int64).reshape(a, y + 1),
    )


def main() -> None:
    """Write a file."""
    scenario, draws, seed, file = sys.argv[1:]
    stated = read(scenario)
    model = compile_scenario(stated)
    write(model, promised(stated, model), plan(int(draws), int(seed)), Path(file))


if __name__ == "__main__":
    main()
