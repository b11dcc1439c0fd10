"""The options of a batch study tried before it runs, and what follows from the models that they give.

Each option is tried on each scenario by itself, and so many cells in full: what is wrong is told before anything runs.
The columns of the draws of all cells, and the size of a block, are settled here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pydantic import ValidationError

from soemrisk.batch_options import MisplacedError
from soemrisk.batch_plan import Batch, cell_at, options_of
from soemrisk.compilation import STRUCTURAL, compile_scenario
from soemrisk.complaints import explain
from soemrisk.design import MOST_DIMENSIONS
from soemrisk.messages import phrase
from soemrisk.model import Model
from soemrisk.transform import columns as columns_of

Finding = tuple[str, str, Mapping[str, object]]  # place, rule, values
TRIED = 500  # cells that are tried in full, evenly over all
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
    models: list[Model] = []
    for options, path in _trials(batch):
        if path == "axes" and found:
            break  # options that are wrong by themselves are told of, and not each cell that has them
        model, wrong = _trial(batch, options)
        models += [] if model is None else [model]
        if wrong is not None:
            found += [*_to_blame(batch, options)] or [(path, "study-option", wrong)]
    if found:
        return batch, found
    columns = _columns(models)
    if batch.sampler == "sobol" and len(columns) > MOST_DIMENSIONS:
        return batch, [("sampler", "study-dimensions", {"found": len(columns), "most": MOST_DIMENSIONS})]
    actors = dict.fromkeys(name for model in models for name in model.actors)
    inputs = sorted({one.path for model in models for one in model.inputs if one.distribution.family is not None})
    return (
        replace(
            batch,
            actors=tuple(actors),
            inputs=tuple(inputs) if "drivers" in batch.analyses else (),
            columns=columns,
            block=_block(batch, models),
        ),
        [],
    )


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
    """Each scenario as it is, options of a grid by themselves, then cells: with the place that is to blame.

    The points of a list or sample have each option once, and are cells already.
    """
    for s in range(len(batch.scenarios)):
        yield (s, *(None,) * len(batch.axes)), "scenarios"
        if batch.design == "grid" or batch.cells > TRIED:
            for n, axis in enumerate(batch.axes):
                for option in range(len(axis.options)):
                    yield _alone(batch, s, n, option), f"axes.{axis.id}.{axis.kind}.{option}"
    stride = max(1, batch.cells // TRIED)
    for cell in range(0, batch.cells, stride):
        yield options_of(batch, cell), "axes"


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


def _columns(models: list[Model]) -> tuple[str, ...]:
    """Keys of all draws in canonical order: structural inputs first, then by key; then chance; each once."""
    ranked = sorted(
        {
            (STRUCTURAL.index(section) if section in STRUCTURAL else len(STRUCTURAL), one.key, one.path, one.draw_key)
            for model in models
            for one in model.inputs
            if one.draw_key in model.columns
            for section in [one.path.split(".")[0]]
        }
    )
    drawn = [key for *_, key in ranked]
    by_name = sorted(models, key=lambda model: model.draw_name)
    behind = [key for model in by_name for key in columns_of(model)[len(model.columns) :]]  # chance …
    return tuple(dict.fromkeys([*drawn, *behind]))


def _block(batch: Batch, models: list[Model]) -> int:
    """Cells that are about a second of work; from what the study states and nothing that is measured."""
    sizes = [one.weights.shape[0] * one.weights.shape[1] * one.weights.shape[2] for one in models]
    actors = max(len(one.actors) for one in models)
    of_draw = max(sizes) + SIZE_OF_SUMMARY * actors * (1 + len(batch.analyses))
    return max(1, min(100, int(WORK // (SIZE_OF_CELL + batch.plan.draws * of_draw))))
