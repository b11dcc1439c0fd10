"""A number with what is known about it, as its owner states it.

As certain, as low and high with their meaning, as a mean with a standard error, as counts, as an estimate listed
because it was significant, or as a family with parameters. ``findings`` says what is wrong with a statement;
what a right one means as a distribution is in ``distribution``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from soemrisk.families import FAMILIES

FROZEN = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
MOST = 1e30  # no number of a calculation is larger; products of a few of them stay finite
MOST_DIGITS = 15  # what Excel keeps; more would not survive a round trip (IEEE 754: 15 digits always do)
MEANINGS: Mapping[str, float | None] = MappingProxyType({"hard": None, "80%": 0.80, "90%": 0.90, "95%": 0.95})


def read_number(value: object) -> float:
    """Accept an int or float of at most 15 significant digits; say what else was found.

    Parameters
    ----------
    value : object
        What the file holds.

    Returns
    -------
    float

    Raises
    ------
    PydanticCustomError
        Not a number, not finite, or more digits than Excel keeps.

    Examples
    --------
    >>> read_number(3)
    3.0
    """
    if isinstance(value, str) and value.replace(",", "", 1).replace("-", "", 1).isdigit() and "," in value:
        raise PydanticCustomError("decimal-comma", "decimal comma", {"found": value, "write": value.replace(",", ".")})
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("not-a-number", "not a number", {"found": shown(value)})
    if abs(value) > MOST or not math.isfinite(value):
        raise PydanticCustomError("not-finite", "not finite", {"found": str(value)[:40]})
    digits = repr(float(value)).split("e")[0].replace(".", "").replace("-", "").strip("0")
    if len(digits) > MOST_DIGITS:
        raise PydanticCustomError("too-many-digits", "too many digits", {"found": repr(value)})
    return float(value)


def shown(value: object) -> str:
    """A value as a message quotes it: spelt as in TOML, at most 60 characters."""
    found = f'"{value}"' if isinstance(value, str) else str(value)
    if isinstance(value, bool):
        found = found.lower()
    elif isinstance(value, dict):
        found = "{ " + ", ".join(f"{key} = {shown(one)}" for key, one in value.items()) + " }"
    elif isinstance(value, list):
        found = "[" + ", ".join(shown(one) for one in value) + "]"
    return found if len(found) <= 60 else found[:57] + "…"


def number_or_list(value: object) -> float | tuple[float, ...]:
    """Accept a number, or a list of numbers by year."""
    if isinstance(value, list | tuple):
        if not value:
            raise PydanticCustomError("empty-list", "empty list")
        return tuple(read_number(item) for item in value)
    return read_number(value)


AS_NUMBER = {"type": "number", "minimum": -MOST, "maximum": MOST}  # as the JSON Schema says it
Number = Annotated[float, BeforeValidator(read_number), WithJsonSchema(AS_NUMBER)]
NumberOrList = Annotated[
    float | tuple[float, ...],
    BeforeValidator(number_or_list),
    WithJsonSchema({"anyOf": [AS_NUMBER, {"type": "array", "items": AS_NUMBER, "minItems": 1}]}),
]


def whole(value: object) -> int:
    """Accept a whole number from 0."""
    number = read_number(value)
    if number != int(number) or number < 0:
        raise PydanticCustomError("not-a-count", "not a count", {"found": shown(value)})
    return int(number)


Whole = Annotated[int, BeforeValidator(whole), WithJsonSchema({"type": "integer", "minimum": 0})]


class Counts(BaseModel):
    """So many of so many: ``successes`` of ``of``."""

    model_config = FROZEN
    successes: Whole
    of: Whole


def _text(value: object) -> object:
    if not isinstance(value, str):
        raise PydanticCustomError("not-a-text", "not a text", {"found": shown(value)})
    if not value.strip():
        raise PydanticCustomError("empty-text", "empty text")
    return value.strip()


NonEmpty = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": "string", "pattern": r"\S"})]


class Quantity(BaseModel):
    """A number as its owner states it: ``value``, unit, source, and at most one statement of its spread."""

    model_config = FROZEN
    value: NumberOrList | None = None
    unit: NonEmpty
    source: NonEmpty
    low: Number | None = None
    high: Number | None = None
    meaning: Literal["hard", "80%", "90%", "95%"] | None = None
    se: Number | None = None
    counts: Counts | None = None
    significant: Number | None = None
    family: str | None = None
    parameters: Mapping[str, Any] | None = Field(default=None)
    library: NonEmpty | None = None


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
            Domain(name="use", low=0.0, high=math.inf, interval_family="lognormal"),
        )
    }
)


BY_YEAR = ("change", "use")  # kinds of number that can be a list by year

Finding = tuple[str, str, dict[str, object]]  # field, rule, values of the message


def findings(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    """Yield what is wrong in a statement, field by field, without building the distribution.

    Parameters
    ----------
    quantity : Quantity
        The statement.
    domain : Domain
        What kind of number it is.

    Yields
    ------
    (field, rule, values)
        The place inside the quantity, the message id, and what the message fills in.

    Examples
    --------
    >>> wrong = Quantity(value=1.0, unit="kr.", source="x", low=0.5)
    >>> [rule for _, rule, _ in findings(wrong, DOMAINS["price"])]
    ['range-incomplete']
    """
    stated = _statements(quantity)
    if len(stated) > 1:
        yield "", "several-spreads", {"found": ", ".join(sorted(stated))}
        return
    yield from _value_findings(quantity, domain)
    kind = next(iter(stated), None)
    if isinstance(quantity.value, tuple) and kind not in {None, "significant"}:
        yield "value", "list-with-spread", {}
        return
    if kind == "range":
        yield from _range_findings(quantity, domain)
    elif kind == "se" and (quantity.se or 0) <= 0:
        yield "se", "not-positive", {"found": quantity.se}
    elif kind == "counts":
        yield from _counts_findings(quantity, domain)
    elif kind == "significant":
        yield from _significant_findings(quantity, domain)
    if quantity.family is not None or kind == "parameters":
        yield from _family_findings(quantity, domain, kind)


def _statements(quantity: Quantity) -> set[str]:
    """Names of the ways in which the spread is stated."""
    ranged = any(v is not None for v in (quantity.low, quantity.high, quantity.meaning))
    others = {n for n in ("se", "counts", "significant", "parameters") if getattr(quantity, n) is not None}
    return others | ({"range"} if ranged else set())


def _value_findings(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    if quantity.value is None:
        if quantity.counts is None:
            yield "", "missing-key", {"key": "value"}
        return
    values = quantity.value if isinstance(quantity.value, tuple) else (quantity.value,)
    if isinstance(quantity.value, tuple) and domain.name not in BY_YEAR:
        yield "value", "list-not-allowed", {}
    for value in values:
        if not domain.low <= value <= domain.high:
            yield "value", f"outside-{domain.name}", {"found": value}
            return


def _range_findings(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    low, high, value = quantity.low, quantity.high, quantity.value
    lacking = [name for name in ("low", "high", "meaning") if getattr(quantity, name) is None]
    if lacking or low is None or high is None:
        yield "", "range-incomplete", {"missing": ", ".join(lacking)}
        return
    if low >= high:
        yield "low", "low-not-below-high", {"low": low, "high": high}
        return
    if isinstance(value, float) and domain.low <= value <= domain.high and not low <= value <= high:
        yield "value", "value-outside-range", {"found": value, "low": low, "high": high}
    family = quantity.family or default_family(quantity, domain)
    if quantity.meaning == "hard":
        if low < domain.low:
            yield "low", f"outside-{domain.name}", {"found": low}
        if high > domain.high:
            yield "high", f"outside-{domain.name}", {"found": high}
    elif family == "lognormal" and low <= 0:
        yield "low", "lognormal-needs-positive", {"found": low}
    elif family == "beta" and not (low > 0 and high < 1):
        yield "low", "beta-needs-inside", {"low": low, "high": high}


def _counts_findings(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    counts = quantity.counts
    assert counts is not None
    if domain.name != "probability":
        yield "counts", "counts-need-probability", {}
    elif counts.of == 0 or counts.successes > counts.of:
        yield "counts", "counts-impossible", {"successes": counts.successes, "of": counts.of}


def _significant_findings(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    level = quantity.significant
    if domain.name != "change":
        yield "significant", "significant-needs-change", {}
    elif level is None or not 0 < level < 1:
        yield "significant", "level-outside", {"found": level}
    elif not any(quantity.value if isinstance(quantity.value, tuple) else (quantity.value,)):
        yield "value", "significant-zero", {}


FAMILIES_BY_STATEMENT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "hard": ("pert", "triangular", "uniform"),
        "interval": ("normal", "lognormal", "beta"),
        "se": ("normal", "lognormal", "beta"),
        "counts": ("beta",),
        "significant": ("normal",),
    }
)


def _family_findings(quantity: Quantity, domain: Domain, kind: str | None) -> Iterator[Finding]:
    name = quantity.family
    if name is None:
        yield "parameters", "parameters-without-family", {}
        return
    if kind is None:
        yield "family", "family-without-spread", {"family": name}
        return
    allowed = tuple(FAMILIES) if kind == "parameters" else FAMILIES_BY_STATEMENT[spread_kind(quantity)]
    if name not in allowed:
        yield "family", "unknown-choice", {"found": name, "allowed": allowed}
    elif kind == "parameters":
        yield from _parameter_findings(quantity, domain, name)
    elif not _inside(domain, _possible_support(name, quantity)):
        yield "family", "family-outside-domain", {"family": name, "low": domain.low, "high": domain.high}


def spread_kind(quantity: Quantity) -> str:
    """Way in which the spread is stated: certain, hard, interval, se, counts, significant or parameters."""
    kind = next(iter(_statements(quantity)), "certain")
    if kind == "range":
        return "hard" if quantity.meaning == "hard" else "interval"
    return kind


def _possible_support(family: str, quantity: Quantity) -> tuple[float, float]:
    if family == "normal":
        return -math.inf, math.inf
    if family == "lognormal":
        return 0.0, math.inf
    return (0.0, 1.0) if family == "beta" else (quantity.low or 0.0, quantity.high or 0.0)


def _inside(domain: Domain, support: tuple[float, float]) -> bool:
    return domain.low <= support[0] and support[1] <= domain.high


def _parameter_findings(quantity: Quantity, domain: Domain, name: str) -> Iterator[Finding]:
    row = FAMILIES[name]
    given = quantity.parameters or {}
    if not set(row.parameters) <= set(given) <= {*row.parameters, *row.optional}:
        found = ", ".join(sorted(given)) or "–"
        needed = ", ".join([*row.parameters, *(f"({one})" for one in row.optional)])
        yield "parameters", "family-parameters", {"family": name, "needed": needed, "found": found}
        return
    clean: dict[str, object] = {}
    for key, value in given.items():
        try:
            if key in {*row.lists, *row.nested} and not isinstance(value, list | tuple):
                raise PydanticCustomError("not-a-list", "not a list", {"found": shown(value)})
            if key in row.nested:
                clean[key] = value
            else:
                clean[key] = number_or_list(value) if key in row.lists else read_number(value)
        except PydanticCustomError as error:
            yield f"parameters.{key}", error.type, dict(error.context or {})
    if len(clean) < len(given):
        return
    failed = row.valid(clean)
    if failed:
        yield "parameters", "family-condition", {"family": name, "condition": failed}
        return
    low, high = row.support(clean)
    if not _inside(domain, (low, high)):
        yield "parameters", "family-outside-domain", {"family": name, "low": domain.low, "high": domain.high}
    elif isinstance(quantity.value, float) and not low <= quantity.value <= high:
        yield "value", "value-outside-range", {"found": quantity.value, "low": low, "high": high}


def default_family(quantity: Quantity, domain: Domain) -> str:
    """Family that a statement means when it names none (docs/scenario.md, table of statements)."""
    kind = spread_kind(quantity)
    return {"hard": "pert", "counts": "beta", "significant": "normal"}.get(kind, domain.interval_family)
