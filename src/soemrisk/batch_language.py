"""A batch study as a file states it: which scenarios, which axes, how they are combined, and what is calculated.

Frozen shapes only, as ``scenario`` is for one calculation (docs/studies.md is the spec in words). What an axis does to
a scenario is in ``batch_options``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from soemrisk.scenario import Id
from soemrisk.stated_values import FROZEN, NonEmpty, Number, Numbers, Words, read_number, shown, whole, whole_if_number

READINGS = ("stated", "corrected", "correlated")
MOST_CELLS = 10_000_000
MOST_POINTS = 1_000_000  # of a list or sample, whose options are all in the text of the study
MOST_SEED = 2**63 - 1
RESERVED = frozenset(  # names of the result beside those of axes: dimensions, variables, columns of cells.csv
    {"scenario", "point", "actor", "statistic", "statistic_expected", "statistic_break_even", "replicate", "input"}
    | {"part", "base", "net", "net_expected", "net_by_replicate", "chance_share", "break_even", "drivers"}
    | {"mean", "sd", "prob_positive", "mcse_mean", "mcse_prob"}
    | {f"{before}p{level}" for before in ("", "mcse_") for level in (5, 10, 25, 50, 75, 90, 95)}
)
MOST_DRAWS = 2**20  # of a cell, whose draws are all in memory
Reading = Literal["stated", "corrected", "correlated"]


def _listed(value: object) -> object:
    """Accept a list that is not empty."""
    if not isinstance(value, list | tuple):
        raise PydanticCustomError("not-a-list", "not a list", {"found": shown(value)})
    if not value:
        raise PydanticCustomError("empty-list", "empty list")
    return tuple(value)


def _one_or_listed(value: object) -> object:
    """Accept one text, or a list of them that is not empty."""
    return (value,) if isinstance(value, str) else _listed(value)


def _places(value: object) -> object:
    """Accept one place, a list of them, or a table of these by scenario."""
    if isinstance(value, Mapping):
        return {key: _one_or_listed(one) for key, one in value.items()}
    return _one_or_listed(value)


def _positive(value: object) -> int:
    number = read_number(value)
    if number != int(number) or number < 1:
        raise PydanticCustomError("study-not-positive", "not positive", {"found": shown(value)})
    return int(number)


def _plain(value: object) -> object:
    """Accept what a setting can be: a number, a text, or true or false."""
    if not isinstance(value, str | int | float):
        raise PydanticCustomError("study-value", "no value of a setting", {"found": shown(value)})
    return value


Positive = Annotated[int, BeforeValidator(_positive)]
Places = tuple[NonEmpty, ...]
Place = Annotated[
    Annotated[Places, Tag("[list]")] | Annotated[Mapping[str, Places], Tag("[table]")],
    Discriminator(lambda value: "[table]" if isinstance(value, Mapping) else "[list]"),
    BeforeValidator(_places),
]
Plain = Annotated[Any, BeforeValidator(_plain)]


class Option(BaseModel):
    """One option that changes several places at once, or replaces a statement."""

    model_config = FROZEN
    label: Words
    set: Mapping[NonEmpty, Any]


class Axis(BaseModel):
    """Something that is varied: a place or several, and what stands there; or a reading of the evidence."""

    model_config = FROZEN
    name: Words | None = None
    unit: Words | None = None
    place: Place | None = None
    values: Annotated[tuple[Plain, ...], BeforeValidator(_listed)] | None = None
    factors: Numbers | None = None
    statements: Annotated[tuple[Mapping[str, Any], ...], BeforeValidator(_listed)] | None = None
    low: Number | None = None
    high: Number | None = None
    scale: Literal["linear", "log"] = "linear"
    readings: Annotated[tuple[Reading, ...], BeforeValidator(_listed)] | None = None
    options: Annotated[tuple[Option, ...], BeforeValidator(_listed)] | None = None
    labels: Annotated[tuple[Words, ...], BeforeValidator(_listed)] | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """Keys that say what stands at the place; a right axis has one."""
        stated = ("values", "factors", "statements", "readings", "options")
        ranged = ("low",) if self.low is not None or self.high is not None else ()
        return (*(kind for kind in stated if getattr(self, kind) is not None), *ranged)

    @property
    def count(self) -> int:
        """Number of options; 0 where they are sampled."""
        kind = self.kinds[0]
        return 0 if kind == "low" else len(getattr(self, kind))


class Sample(BaseModel):
    """Points of a sampled design: how many, how, and from which seed."""

    model_config = FROZEN
    points: Positive
    sampler: Literal["lhs", "sobol", "random"] = "lhs"
    seed: Annotated[int, BeforeValidator(whole)] = 1


class Study(BaseModel):
    """A batch study."""

    model_config = FROZEN
    schema_: Annotated[Literal[1], BeforeValidator(whole_if_number)] = Field(alias="schema")
    id: Id
    lang: Literal["da", "en"] = "da"
    name: Words
    scenarios: Annotated[Places, BeforeValidator(_listed)]
    design: Literal["grid", "list", "sample"] = "grid"
    axes: Mapping[Id, Axis] = Field(default_factory=dict)
    sample: Sample | None = None
    draws: Positive = 65_536
    seed: Annotated[int, BeforeValidator(whole)] = 1
    sampler: Literal["sobol", "random", "lhs"] = "sobol"
    analyses: Annotated[tuple[Literal["break_even", "drivers"], ...], BeforeValidator(_listed)] = ()
