"""The options of a batch study tried before it runs, and what follows from the models that they give.

Each option is tried on each scenario by itself (of very many numbers some), and so many cells in full: what is wrong is
told before anything runs. The columns of the draws of all cells, and the size of a block, are settled here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from soemrisk.batch_options import MisplacedError
from soemrisk.batch_plan import Batch, BatchAxis, cell_at, is_number, options_of
from soemrisk.compilation import STRUCTURAL, compile_scenario
from soemrisk.complaints import explain
from soemrisk.design import MOST_DIMENSIONS
from soemrisk.messages import phrase
from soemrisk.model import Model
from soemrisk.transform import columns as columns_of

Finding = tuple[str, str, Mapping[str, object]]  # place, rule, values
TRIED = 500  # cells that are tried in full, evenly over all; numbers of an axis that are tried by themselves
WORK = 2_000_000_000  # operations of a block: about a second
SIZE_OF_SUMMARY = 150  # operations for each draw and actor: sorting, above all
SIZE_OF_CELL = 5_000_000  # of a cell whatever its draws are: reading and compiling it


def tried(batch: Batch) -> tuple[Batch, list[Finding]]:
    """The study with its columns and blocks, and what is wrong with options that were tried.

    Parameters
    ----------
    batch : Batch
        Without columns.

    Returns
    -------
    Batch
        Ready to run where nothing is wrong.
    list of (place, rule, values)
    """
    found: list[Finding] = []
    seen = _Seen()
    for options, path in _trials(batch):
        if path == "axes" and found:
            break  # options that are wrong by themselves are told of, and not each cell that has them
        model, wrong = _trial(batch, options)
        if model is not None:
            _keep(seen, model)
        if wrong is not None:
            found += [*_to_blame(batch, options)] or [(path, "study-option", wrong)]
    if found:
        return batch, found
    columns = _columns(seen)
    if batch.sampler == "sobol" and len(columns) > MOST_DIMENSIONS:
        return batch, [("sampler", "study-dimensions", {"found": len(columns), "most": MOST_DIMENSIONS})]
    return (
        replace(
            batch,
            actors=tuple(seen.actors),
            inputs=tuple(sorted(seen.inputs)) if "drivers" in batch.analyses else (),
            columns=columns,
            block=_block(batch, seen),
        ),
        [],
    )


@dataclass(slots=True, kw_only=True)
class _Seen:
    """What is kept of the models that were tried, of however many there are.

    ``drawn`` has the rank, key, place and draws of each input that is drawn, ``behind`` the keys of chance and what
    comes after it by the name of the draws; both dictionaries are sets in the order of the trials.
    """

    actors: dict[str, None] = field(default_factory=dict)
    inputs: set[str] = field(default_factory=set)
    drawn: set[tuple[int, str, str, str]] = field(default_factory=set)
    behind: dict[str, dict[str, None]] = field(default_factory=dict)
    weights: int = 0
    most_actors: int = 0


def _keep(seen: _Seen, model: Model) -> None:
    """Add what is used of a model."""
    seen.actors |= dict.fromkeys(model.actors)
    drawn = set(model.columns)
    for one in model.inputs:
        if one.distribution.family is not None:
            seen.inputs.add(one.path)
        if one.draw_key in drawn:
            section = one.path.split(".")[0]
            rank = STRUCTURAL.index(section) if section in STRUCTURAL else len(STRUCTURAL)
            seen.drawn.add((rank, one.key, one.path, one.draw_key))
    chance = columns_of(model)[len(model.columns) :]
    seen.behind.setdefault(model.draw_name, {}).update(dict.fromkeys(chance))
    seen.weights = max(seen.weights, math.prod(model.weights.shape[:3]))
    seen.most_actors = max(seen.most_actors, len(model.actors))


def _trial(batch: Batch, options: tuple[int | None, ...]) -> tuple[Model | None, dict[str, object] | None]:
    """The model of some options; else what is wrong with them."""
    scenario = list(batch.scenarios)[options[0] or 0]
    try:
        return compile_scenario(cell_at(batch, options).scenario), None
    except MisplacedError as wrong:
        values = {key: value for key, value in wrong.values.items() if key != "path"}
        place, said = str(wrong.values.get("path", "")), phrase(wrong.rule, **values)
    except ValidationError as error:
        one = error.errors(include_url=False)[0]
        _, rule, values = explain(one, batch.scenarios[scenario])
        place, said = ".".join(str(part) for part in one["loc"]), phrase(rule, **values)
    where = f"{scenario} ({place})" if place else scenario
    return None, {"where": where, "reason": said, "suggestion": values.get("suggestion")}


def _trials(batch: Batch) -> Iterator[tuple[tuple[int | None, ...], str]]:
    """Each scenario as it is, options by themselves, then cells: with the place that is to blame.

    The points of a short list or sample have each option once, and are all tried as cells.
    """
    for s in range(len(batch.scenarios)):
        yield (s, *(None,) * len(batch.axes)), "scenarios"
        if batch.design == "grid" or batch.cells > TRIED:
            for n, axis in enumerate(batch.axes):
                for option in options_to_try(axis, 2 if batch.design == "sample" else TRIED):
                    yield _alone(batch, s, n, option), f"axes.{axis.id}.{axis.kind}.{option}"
    stride = max(1, batch.cells // TRIED)
    for cell in range(0, batch.cells, stride):
        yield options_of(batch, cell), "axes"


def options_to_try(axis: BatchAxis, most: int) -> list[int]:
    """Positions of options that are tried by themselves: each once, and of too many numbers some, evenly by size.

    The smallest and the largest are among them, since the limits of a scenario are limits of size.

    Parameters
    ----------
    axis : BatchAxis
    most : int
        Different numbers that are tried; from 2.

    Returns
    -------
    list of int

    Examples
    --------
    >>> axis = BatchAxis(id="a", name={}, unit=None, kind="values", options=(3, 1, 2, 1, 5), labels=None, places={})
    >>> options_to_try(axis, 4), options_to_try(axis, 2), options_to_try(axis, 3)
    ([0, 1, 2, 4], [1, 4], [1, 2, 4])
    """
    numbers = is_number(axis)
    first: dict[Any, int] = {}
    for n, one in enumerate(axis.options):
        first.setdefault(one if numbers else id(one), n)  # what is drawn again is the same object
    if not numbers or len(first) <= most:
        return list(first.values())
    by_size = sorted(first, key=lambda one: (not isinstance(one, float) or not math.isnan(one), one))
    return [first[by_size[k * (len(by_size) - 1) // (most - 1)]] for k in range(most)]


def _alone(batch: Batch, scenario: int, n: int, option: int) -> tuple[int | None, ...]:
    """One option of an axis, all others as the scenario states them."""
    return (scenario, *(option if k == n else None for k in range(len(batch.axes))))


def _to_blame(batch: Batch, options: tuple[int | None, ...]) -> Iterator[Finding]:
    """Options of a cell that are wrong by themselves."""
    for n, option in enumerate(options[1:]):
        if option is not None:
            wrong = _trial(batch, _alone(batch, options[0] or 0, n, option))[1]
            if wrong is not None:
                axis = batch.axes[n]
                yield f"axes.{axis.id}.{axis.kind}.{option}", "study-option", wrong


def _columns(seen: _Seen) -> tuple[str, ...]:
    """Keys of all draws in canonical order: structural inputs first, then by key; then chance; each once."""
    drawn = [key for *_, key in sorted(seen.drawn)]
    behind = [key for name in sorted(seen.behind) for key in seen.behind[name]]  # chance …
    return tuple(dict.fromkeys([*drawn, *behind]))


def _block(batch: Batch, seen: _Seen) -> int:
    """Cells that are about a second of work; from what the study states and nothing that is measured."""
    of_draw = seen.weights + SIZE_OF_SUMMARY * seen.most_actors * (1 + len(batch.analyses))
    return max(1, min(100, int(WORK // (SIZE_OF_CELL + batch.plan.draws * of_draw))))
