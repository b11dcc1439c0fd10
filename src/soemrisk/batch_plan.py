"""A batch study resolved: which cells there are, what each of them is, and in which blocks they are calculated.

Everything that a block needs is in one text, so that a worker anywhere gets the text and the number of a block, and
nothing else. Cells and blocks follow from the study alone: who calculates them, and how many do, changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import Any

from soemrisk.batch_options import MisplacedError, changed, scaled
from soemrisk.complaints import KEYED_SECTIONS
from soemrisk.design import Plan, plan
from soemrisk.memo_case import corrected_scenario
from soemrisk.receipt import LIBRARIES
from soemrisk.rules import broken_rules
from soemrisk.scenario import Scenario

VERSION = 2  # of what is in a block; another number makes other stores
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAxis:
    """An axis: its options, and the places at which they stand in each scenario (a list of keys each).

    Attributes
    ----------
    id : str
    name, unit : mapping of language to text
    kind : str
        ``values``, ``factors``, ``statements``, ``readings`` or ``options``.
    options : tuple
        Numbers or texts; statements; readings; of ``options`` for each scenario a list of (places, what stands there).
    labels : tuple of mapping, or None
        In place of the options themselves where people read of them.
    places : mapping of str to tuple
        By scenario.
    """

    id: str
    name: Names
    unit: Names | None
    kind: str
    options: tuple[Any, ...]
    labels: tuple[Names, ...] | None
    places: Mapping[str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A study whose scenarios are read and whose options are checked.

    Attributes
    ----------
    id, lang, name, design, draws, seed, sampler, analyses
        As the file states them.
    scenarios : mapping of str to dict
        Documents as ``receipt.content`` has them, by id.
    axes : tuple of BatchAxis
    actors : tuple of str
        Total and all actors of all scenarios.
    inputs : tuple of str
        Places of all inputs with a spread in any cell, where drivers are asked for.
    columns : tuple of str
        Keys of all draws of all cells, in canonical order: the position is the dimension for ``sobol``.
    block : int
        Cells of a block.
    """

    id: str
    lang: str
    name: Names
    design: str
    draws: int
    seed: int
    sampler: str
    analyses: tuple[str, ...]
    scenarios: Mapping[str, Any]
    axes: tuple[BatchAxis, ...]
    actors: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    block: int = 1

    @property
    def dims(self) -> tuple[str, ...]:
        """Names of the dimensions: scenario, then the axes, or the points of a list or sample."""
        return ("scenario", *(axis.id for axis in self.axes)) if self.design == "grid" else ("scenario", "point")

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of options of each dimension."""
        counts = [len(axis.options) for axis in self.axes]
        return (len(self.scenarios), *counts) if self.design == "grid" else (len(self.scenarios), *counts[:1])

    @property
    def cells(self) -> int:
        """Number of cells."""
        return math.prod(self.shape)

    @property
    def blocks(self) -> int:
        """Number of blocks."""
        return -(-self.cells // self.block)

    @property
    def plan(self) -> Plan:
        """Draws of every cell."""
        return plan(self.draws, self.seed, self.sampler)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One scenario with one option of each axis; correlated: all consequences err in the same direction."""

    scenario: Scenario
    correlated: bool


def text_of(batch: Batch) -> str:
    """A study as one line of text, the same for the same study."""
    return json.dumps(asdict(batch), ensure_ascii=False)


def batch_of(text: str) -> Batch:
    """The study that a text was made from.

    Examples
    --------
    >>> one = Batch(id="x", lang="da", name={"da": "x", "en": "x"}, design="grid", draws=16, seed=1, sampler="sobol",
    ...             analyses=(), scenarios={}, axes=())
    >>> batch_of(text_of(one)) == one
    True
    """
    stated = json.loads(text)
    axes = tuple(
        BatchAxis(
            **{
                **axis,
                "options": tuple(axis["options"]),
                "labels": None if axis["labels"] is None else tuple(axis["labels"]),
                "places": {key: tuple(tuple(one) for one in ones) for key, ones in axis["places"].items()},
            }
        )
        for axis in stated["axes"]
    )
    lists = {name: tuple(stated[name]) for name in ("columns", "analyses", "actors", "inputs")}
    return Batch(**{**stated, **lists, "axes": axes})


def versions() -> dict[str, str]:
    """Versions that figures depend on."""
    return {name: metadata.version(name) for name in ("soemrisk", *LIBRARIES)}


def content_key(text: str, made_with: Mapping[str, str] | None = None) -> str:
    """What the blocks of a study are known by: a hash of its text, of the versions and of the form of a block.

    Parameters
    ----------
    text : str
        From ``text_of``.
    made_with : mapping of str to str, optional
        Versions; those of this process where they are left out.

    Returns
    -------
    str

    Examples
    --------
    >>> len(content_key("x"))
    64
    """
    form = json.dumps([VERSION, versions() if made_with is None else made_with], sort_keys=True)
    return hashlib.sha256(f"{form}\n{text}".encode()).hexdigest()


def options_of(batch: Batch, cell: int) -> tuple[int, ...]:
    """Positions of the scenario and of the option of each axis of a cell; the last axis changes fastest.

    Examples
    --------
    >>> axis = BatchAxis(id="a", name={}, unit=None, kind="readings", options=("x", "y"), labels=None, places={})
    >>> one = Batch(id="x", lang="da", name={}, design="grid", draws=16, seed=1, sampler="sobol", analyses=(),
    ...             scenarios={"s": {}, "t": {}}, axes=(axis,))
    >>> [options_of(one, cell) for cell in range(one.cells)]
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    found: list[int] = []
    for size in reversed(batch.shape):
        found.append(cell % size)
        cell //= size
    found.reverse()
    return tuple(found) if batch.design == "grid" else (found[0], *found[1:] * len(batch.axes))


def cell_at(batch: Batch, options: tuple[int | None, ...]) -> Cell:
    """The scenario of a cell; the readings of several axes count together.

    Parameters
    ----------
    batch : Batch
    options : tuple of int or None
        From ``options_of``; None leaves an axis as the scenario states it.

    Returns
    -------
    Cell

    Raises
    ------
    MisplacedError
        The options together are no scenario.
    pydantic.ValidationError
        What they state is malformed.
    """
    scenario = list(batch.scenarios)[options[0] or 0]
    document: dict[str, Any] = batch.scenarios[scenario]
    readings: set[str] = set()
    for axis, n in zip(batch.axes, options[1:], strict=True):
        if n is None:
            continue
        option, source = axis.options[n], f"Study {batch.id}: {axis.id}"
        places = list(axis.places.get(scenario, ()))
        if axis.kind == "readings":
            readings.add(option)
        elif axis.kind == "factors":
            document = scaled(document, places, option)
        elif axis.kind == "options":
            for inside, stated in option[scenario]:
                document = changed(document, [tuple(one) for one in inside], stated, source)
        else:
            document = changed(document, places, option, source)
    found = Scenario.model_validate(document)
    known = {section: tuple(getattr(found, section)) for section in KEYED_SECTIONS}
    for path, rule, values in broken_rules(found, known):
        raise MisplacedError(rule, **values, path=path)
    if "corrected" in readings:
        found = corrected_scenario(found) or found
    return Cell(scenario=found, correlated="correlated" in readings)


def is_number(axis: BatchAxis) -> bool:
    """Whether all options of an axis are numbers."""
    return all(isinstance(one, int | float) and not isinstance(one, bool) for one in axis.options)


def option_values(axis: BatchAxis, lang: str) -> list[Any]:
    """Options of an axis as they label it: numbers where all are, else texts in a language.

    Examples
    --------
    >>> axis = BatchAxis(id="a", name={}, unit=None, kind="values", options=(1, 2.5), labels=None, places={})
    >>> option_values(axis, "da")
    [1.0, 2.5]
    """
    if axis.labels is not None:
        return [one[lang] for one in axis.labels]
    if axis.kind in ("statements", "options"):
        return [str(n) for n in range(1, len(axis.options) + 1)]
    if is_number(axis):
        return [float(one) for one in axis.options]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in axis.options]
