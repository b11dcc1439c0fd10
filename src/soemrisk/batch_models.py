"""Models of the cells of a study: what they share is compiled once, and distributions that differ are exchanged.

An option may be exchanged where the model that it gives by itself differs from that of the scenario in nothing but the
distributions of inputs, and no other axis touches the same section, so that no rule reaches across. All else is
compiled for each combination of options that it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np

from soemrisk.batch_options import is_quantity
from soemrisk.batch_plan import Batch, BatchAxis, cell_at, options_of
from soemrisk.compilation import compile_scenario
from soemrisk.model import Input, Model, ints

Options = tuple[int | None, ...]
Section = tuple[str, ...]
MOST_COMPILED = 1000  # models that are kept, about 0.1 MB each
BY_ID = ("costs", "grants", "services")  # sections in which no rule reaches from one entry to another


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """Models of a study that are compiled, and what its options exchange; filled as cells are asked for."""

    batch: Batch
    compiled: dict[Options, Model] = field(default_factory=dict)
    exchanged: dict[tuple[int, int, int], Mapping[str, Input] | None] = field(default_factory=dict)
    apart: dict[int, tuple[int, ...]] = field(default_factory=dict)


def cell_model(models: Models, cell: int) -> tuple[Model, bool]:
    """Model of a cell, and whether all its consequences err in the same direction.

    Parameters
    ----------
    models : Models
    cell : int

    Returns
    -------
    (Model, bool)
    """
    batch = models.batch
    options = options_of(batch, cell)
    correlated = any(
        axis.kind == "readings" and axis.options[n] == "correlated"
        for axis, n in zip(batch.axes, options[1:], strict=True)
    )
    if batch.design != "grid":
        return compile_scenario(cell_at(batch, options).scenario), correlated
    several = {k: _exchange(models, options[0], k, options[k + 1]) for k in _axes_apart(models, options[0])}
    swaps = {k: swap for k, swap in several.items() if swap is not None}
    left = tuple(None if k - 1 in swaps else n for k, n in enumerate(options))
    model = _compiled(models, left)
    exchanged = {path: one for swap in swaps.values() for path, one in swap.items()}
    return with_inputs(model, exchanged), correlated


def _compiled(models: Models, options: Options) -> Model:
    if options not in models.compiled:
        while len(models.compiled) >= MOST_COMPILED:
            del models.compiled[next(iter(models.compiled))]
        models.compiled[options] = compile_scenario(cell_at(models.batch, options).scenario)
    return models.compiled[options]


def _axes_apart(models: Models, scenario: int) -> tuple[int, ...]:
    """Axes whose sections no other axis touches, and at whose places there are quantities."""
    if scenario not in models.apart:
        batch = models.batch
        sections = [set(_sections(axis, list(batch.scenarios)[scenario])) for axis in batch.axes]
        models.apart[scenario] = tuple(
            k
            for k, axis in enumerate(batch.axes)
            if _only_quantities(axis, list(batch.scenarios)[scenario])
            and not any(sections[k] & sections[other] for other in range(len(sections)) if other != k)
        )
    return models.apart[scenario]


def _only_quantities(axis: BatchAxis, scenario: str) -> bool:
    return axis.kind == "readings" or (axis.kind != "options" and all(map(is_quantity, axis.places[scenario])))


def _sections(axis: BatchAxis, scenario: str) -> Iterator[Section]:
    """Sections that an axis touches; what success rates and what consequences are made of is one section each."""
    if axis.kind == "readings":
        yield ("consequences",)
    for place in axis.places.get(scenario, ()):
        yield _section(place)
    for option in axis.options if axis.kind == "options" else ():
        for inside, _ in option[scenario]:
            yield from (_section(tuple(place)) for place in inside)


def _section(place: Sequence[str]) -> Section:
    if place[0] in BY_ID:
        return tuple(place[:2])
    together = {"subgroups": "success", "groups": "consequences", "relatives": "consequences"}
    return (together.get(place[0], place[0]),)


def _exchange(models: Models, scenario: int, k: int, option: int) -> Mapping[str, Input] | None:
    """Inputs that an option exchanges, by path; None where it changes more than distributions."""
    at = (scenario, k, option)
    if at not in models.exchanged:
        nothing: Options = (scenario, *(None,) * len(models.batch.axes))
        alone: Options = (*nothing[: k + 1], option, *nothing[k + 2 :])
        one, other = _compiled(models, nothing), compile_scenario(cell_at(models.batch, alone).scenario)
        pairs = list(zip(one.inputs, other.inputs, strict=False))
        alike = len(one.inputs) == len(other.inputs) and all((a.key, a.path) == (b.key, b.path) for a, b in pairs)
        swap = {b.path: b for a, b in pairs if a.distribution != b.distribution}
        models.exchanged[at] = swap if alike and same(with_inputs(one, swap), other) else None
    return models.exchanged[at]


def with_inputs(model: Model, exchanged: Mapping[str, Input]) -> Model:
    """A model with other inputs at some paths, and the columns that these are drawn from.

    Parameters
    ----------
    model : Model
    exchanged : mapping of str to Input
        By path.

    Returns
    -------
    Model

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> model = compile_scenario(read("act-randers"))
    >>> same(with_inputs(model, {}), model)
    True
    """
    inputs = tuple(exchanged.get(one.path, one) for one in model.inputs)
    shared = {int(q) for simplex in model.simplexes for q in simplex.inputs}
    drawn = {int(q) for simplex in model.simplexes for q in simplex.inputs[:-1]}
    uncertain = [q for q, one in enumerate(inputs) if one.distribution.family is not None and q not in shared]
    columns = tuple(dict.fromkeys(inputs[q].draw_key for q in sorted({*uncertain, *drawn})))
    column = ints([columns.index(inputs[q].draw_key) for q in uncertain])
    return replace(model, inputs=inputs, uncertain=ints(uncertain), column=column, columns=columns)


def same(one: Model, other: Model) -> bool:
    """Whether two models have the same arrays, names and distributions; sources of numbers are no part of it."""
    for name in (each.name for each in fields(Model)):
        a, b = getattr(one, name), getattr(other, name)
        if name == "inputs":
            alike = [(x.key, x.path, x.distribution) for x in a] == [(x.key, x.path, x.distribution) for x in b]
        elif isinstance(a, np.ndarray):
            alike = np.array_equal(a, b)
        else:
            alike = _spelt(a) == _spelt(b)
        if not alike:
            return False
    return True


def _spelt(value: object) -> object:
    """Parts of a model with lists for arrays, so that they can be compared."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple):
        return [_spelt(one) for one in value]
    if hasattr(type(value), "__dataclass_fields__"):
        return [_spelt(getattr(value, one.name)) for one in fields(value)]  # type: ignore[arg-type]
    return value
