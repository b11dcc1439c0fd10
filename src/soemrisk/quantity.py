"""A number with what is known about it, as its owner states it: its shape, and the kinds of number that there are.

What is wrong with a statement is in ``statements``, what a right one means as a distribution in ``distribution``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from soemrisk.effect_sizes import StudyScale, number_at, of_counts, of_error, of_interval
from soemrisk.pooling import Pooled, pooled
from soemrisk.stated_values import (
    AS_NUMBERS,
    FROZEN,
    NonEmpty,
    Number,
    NumberOrList,
    Numbers,
    Unit,
    Whole,
    number_list,
    shown,
    whole,
    whole_if_number,
)

MEANINGS: Mapping[str, float | None] = MappingProxyType({"hard": None, "80%": 0.80, "90%": 0.90, "95%": 0.95})


def _observations(value: object) -> tuple[float, ...]:
    """Accept a list of numbers; a table with file and column has been replaced by one where the file could be read."""
    if isinstance(value, dict):
        raise PydanticCustomError("observations-form", "observations", {"found": shown(value)})
    return number_list(value)


COLUMN = {  # as the JSON Schema says it; ``observation_files`` puts the numbers in its place
    "type": "object",
    "properties": {"file": {"type": "string"}, "column": {"type": "string"}},
    "required": ["file", "column"],
    "additionalProperties": False,
}
Observations = Annotated[
    tuple[float, ...], BeforeValidator(_observations), WithJsonSchema({"anyOf": [AS_NUMBERS, COLUMN]})
]


class Counts(BaseModel):
    """So many of so many: ``successes`` of ``of``."""

    model_config = FROZEN
    successes: Whole
    of: Whole


def probability(key: str) -> float:
    """Probability that a key of ``quantiles`` names: 0.1 for ``p10``.

    Examples
    --------
    >>> probability("p10"), probability("p2.5")
    (0.1, 0.025)
    """
    return float(key.removeprefix("p")) / 100


def _quantile_table(value: object) -> object:
    """Accept a table of quantiles; a key with a point that is not quoted is a table in a table."""
    for key, one in value.items() if isinstance(value, dict) else ():
        inner = next(iter(one), None) if isinstance(one, dict) else None
        named = re.fullmatch(r"p([0-9]{1,2}(?:\.[0-9]{1,9})?)", str(key))
        if inner is not None:
            raise PydanticCustomError("quantile-key", "quantile key", {"found": f"{key}.{inner}"})
        if named is None or not 0 < float(named[1]) < 100:
            raise PydanticCustomError("quantile-key", "quantile key", {"found": str(key)[:40]})
    return value


class ConfidenceInterval(BaseModel):
    """A published confidence interval, with the scale on which it was calculated: there it is symmetric."""

    model_config = FROZEN
    low: Number
    high: Number
    level: Literal["80%", "90%", "95%", "99%"]
    scale: Literal["difference", "log-ratio", "logit"]

    @property
    def coverage(self) -> float:
        """The level as a probability."""
        return float(self.level.removesuffix("%")) / 100


class Significance(BaseModel):
    r"""What is thought of \|estimate\|/se of estimates that are listed without one: values with weights."""

    model_config = FROZEN
    values: Numbers
    weights: Numbers


def as_level(value: object) -> object:
    """Accept a level as a share too, 0.95 for 95 %: the library has it so."""
    return f"{100 * value:.10g}%" if isinstance(value, float) else value


class Study(BaseModel):
    """What one study found: an estimate with its error, or counts with the intervention and without it."""

    model_config = FROZEN
    label: NonEmpty | None = None
    source: NonEmpty | None = None
    scale: StudyScale | None = None
    estimate: Number | None = None
    se: Number | None = None
    low: Number | None = None
    high: Number | None = None
    level: Annotated[Literal["80%", "90%", "95%", "97.5%", "99%"], BeforeValidator(as_level)] = "95%"
    with_: Counts | None = Field(default=None, alias="with")
    without: Counts | None = None
    library: NonEmpty | None = None


Level = Annotated[Literal[1, 2, 3] | None, BeforeValidator(whole_if_number)]


class Discount(BaseModel):
    """How far evidence carries to the place of the scenario: by its level and match, or with factors of one's own."""

    model_config = FROZEN
    evidence: Level = None
    match: Literal["same", "near", "far"] | None = None
    keep: Number | None = None
    spread: Number | None = None
    reason: NonEmpty | None = None


class Effort(BaseModel):
    """What it takes to learn more of a number: hours for one observation, hours once, and what an hour costs."""

    model_config = FROZEN
    hours: Number
    start: Number = 0.0
    hourly: Number | None = None
    source: NonEmpty


SOME = {"minItems": 1}  # as the JSON Schema says that a list is not empty


def _as_tuple(value: object) -> object:
    if value == []:
        raise PydanticCustomError("empty-list", "empty list")
    return tuple(value) if isinstance(value, list) else value


class Quantity(BaseModel):
    """A number as its owner states it: ``value``, unit, source, and at most one statement of its spread."""

    model_config = FROZEN
    value: NumberOrList | None = None
    unit: Unit
    source: NonEmpty
    low: Number | None = None
    high: Number | None = None
    meaning: Literal["hard", "80%", "90%", "95%"] | None = None
    se: Number | None = None
    sd: Number | None = None
    cv: Number | None = None
    of: Literal["mean", "individuals", "one"] | None = None
    n: Annotated[int, BeforeValidator(whole)] | None = None
    counts: Counts | None = None
    quantiles: Annotated[Mapping[str, Number], BeforeValidator(_quantile_table)] | None = None
    ci: ConfidenceInterval | None = None
    evidence: Level = None
    evidence_level: Level = None
    observations: Observations | None = None
    significant: Number | None = None
    z: Significance | None = None
    corrected: bool = False
    studies: Annotated[tuple[Study, ...] | None, BeforeValidator(_as_tuple), Field(json_schema_extra=SOME)] = None
    scale: StudyScale | None = None
    target: Literal["place", "mean"] | None = None
    tau: Number | None = None
    family: str | None = None
    parameters: Mapping[str, Any] | None = Field(default=None)
    library: NonEmpty | None = None
    effort: Effort | None = None
    discount: Discount | None = None


def base_value(quantity: Quantity) -> float | None:
    """Value of the base case; 1 for a list, whose values are moved by one factor; None where none is stated.

    Examples
    --------
    >>> base_value(Quantity(unit="day", source="x", observations=[-8, -10, -12, -14]))
    -11.0
    """
    if isinstance(quantity.value, tuple):
        return 1.0
    if quantity.value is not None:
        return quantity.value
    if quantity.counts is not None and quantity.counts.of > 0:
        return quantity.counts.successes / quantity.counts.of
    if quantity.studies is not None:
        return _pooled_number(quantity)
    return math.fsum(quantity.observations) / len(quantity.observations) if quantity.observations else None


def _pooled_number(quantity: Quantity) -> float | None:
    """Pooled mean as a number; None where the studies are not sound, of which ``findings`` tells."""
    if quantity.scale is None:
        return None
    try:
        return number_at(quantity.scale, pooled_studies(quantity).mean)
    except (ArithmeticError, ValueError):
        return None


def pooled_studies(quantity: Quantity) -> Pooled:
    """Sound studies of a quantity pooled on the axis of their scale.

    Examples
    --------
    >>> of = {"with": {"successes": 30, "of": 50}, "without": {"successes": 20, "of": 50}}
    >>> one = Quantity(studies=[of], scale="rate_difference", unit="share", source="x")
    >>> round(pooled_studies(one).mean, 3)
    0.2
    """
    assert quantity.studies is not None
    assert quantity.scale is not None
    numbers = [study_numbers(study, quantity.scale) for study in quantity.studies]
    return pooled([one for one, _ in numbers], [error for _, error in numbers], quantity.tau)


def study_numbers(study: Study, scale: str) -> tuple[float, float]:
    """Estimate and standard error of a sound study on the axis of the scale."""
    if study.with_ is not None:
        others = None if study.without is None else (study.without.successes, study.without.of)
        return of_counts(scale, (study.with_.successes, study.with_.of), others)
    if study.estimate is not None and study.se is not None:
        return of_error(scale, study.estimate, study.se)
    if study.estimate is None or study.low is None or study.high is None:
        raise ValueError("a study has counts, or an estimate with an error or an interval")
    return of_interval(scale, study.estimate, (study.low, study.high), float(study.level.removesuffix("%")) / 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """What values a kind of number can have, and the families that its spreads mean by default."""

    name: str
    low: float
    high: float
    interval_family: str


DOMAINS: Mapping[str, Domain] = MappingProxyType(
    {
        domain.name: domain
        for domain in (
            Domain(name="probability", low=0.0, high=1.0, interval_family="beta"),
            Domain(name="net_rate", low=-1.0, high=1.0, interval_family="beta"),
            Domain(name="amount", low=0.0, high=math.inf, interval_family="lognormal"),
            Domain(name="price", low=0.0, high=math.inf, interval_family="lognormal"),
            Domain(name="factor", low=0.0, high=math.inf, interval_family="lognormal"),
            Domain(name="discount_rate", low=0.0, high=1.0, interval_family="beta"),
            Domain(name="change", low=-math.inf, high=math.inf, interval_family="normal"),
            Domain(name="ratio", low=0.0, high=math.inf, interval_family="lognormal"),
            Domain(name="rate_difference", low=-1.0, high=1.0, interval_family="beta"),
            Domain(name="effect_size", low=-math.inf, high=math.inf, interval_family="normal"),
            Domain(name="use", low=0.0, high=math.inf, interval_family="lognormal"),
        )
    }
)
