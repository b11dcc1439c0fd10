"""One intervention, fully specified: the data model behind every scenario file.

Frozen values only; what a file may say is what these classes can hold (``docs/scenario.md`` is the spec in words).
The rules that reach across sections are in ``rules``; nothing here opens a file or draws a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from soemrisk.effect_sizes import Conversion
from soemrisk.quantity import Quantity
from soemrisk.stated_values import FROZEN, NonEmpty, Number, Unit, Whole, Words, shown, whole_if_number

LANGUAGES = ("da", "en")


def _identifier(value: str) -> str:
    if not value or not all(c.isascii() and (c.islower() or c.isdigit() or c in "-_") for c in value):
        raise PydanticCustomError("bad-id", "bad id", {"found": value[:60]})
    return value


Id = Annotated[str, AfterValidator(_identifier), WithJsonSchema({"type": "string", "pattern": "^[a-z0-9_-]+$"})]


def _year(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or not 1900 <= value <= 2200:
        raise PydanticCustomError("not-a-year", "not a year", {"found": shown(value)})
    return value


def _year_key(value: object) -> object:
    """Keys of TOML are text; exactly four digits, so that no year has two spellings."""
    if isinstance(value, str):
        if not re.fullmatch("[0-9]{4}", value):
            raise PydanticCustomError("not-a-year", "not a year", {"found": value[:40]})
        value = int(value)
    return _year(value)


Year = Annotated[int, BeforeValidator(_year), WithJsonSchema({"type": "integer", "minimum": 1900, "maximum": 2200})]
YearKey = Annotated[
    int,
    BeforeValidator(_year_key),
    WithJsonSchema({"type": "string", "pattern": "^(19[0-9][0-9]|2[01][0-9][0-9]|2200)$"}),
]
YearTable = Mapping[YearKey, Number]


class Facts(BaseModel):
    """Texts of the fact box, in the order that SØM's users know; notes are reservations that a reader must know."""

    model_config = FROZEN
    intervention: Words
    target_group: Words
    success_measure: Words
    project_period: Words | None = None
    duration: Words | None = None
    costs: Words | None = None
    source: Words
    as_of: Words | None = None
    not_in_kroner: tuple[Words, ...] = Field(default=(), strict=False)
    notes: tuple[Words, ...] = Field(default=(), strict=False)


def _one_or_steps(value: object) -> Any:
    """Accept one table, or a list of tables of which all but the first have ``from``."""
    if value == []:
        raise PydanticCustomError("empty-list", "empty list")
    return tuple(value) if isinstance(value, list) else (value,)


def _as_tuple(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value


class RateStep(Quantity):
    """A discount rate from a number of years since the base year on."""

    from_: Whole | None = Field(default=None, alias="from")


class PriceIndex(BaseModel):
    """A yearly price index; only ratios are used."""

    model_config = FROZEN
    name: Words
    source: NonEmpty
    values: YearTable
    beyond: Number | None = None
    beyond_source: NonEmpty | None = None
    library: NonEmpty | None = None

    def level(self, year: int) -> float | None:
        """Index of a year; outside its years it goes on as ``beyond`` says, and without that there is none."""
        if year in self.values or self.beyond is None or not self.values:
            return self.values.get(year)
        nearest = min(self.values, key=lambda known: abs(known - year))
        return float(self.values[nearest] * (1 + self.beyond) ** (year - nearest))


class DiscountRow(BaseModel):
    """A row of the table of discounts: part of an effect that is kept, factor on its standard deviation, and why."""

    model_config = FROZEN
    keep: Number
    spread: Number
    reason: NonEmpty


class Discounts(BaseModel):
    """Rows in place of those of soemrisk: by level of evidence, and by match to the place."""

    model_config = FROZEN
    evidence: Mapping[Literal["1", "2", "3"], DiscountRow] = Field(default_factory=dict)
    match: Mapping[Literal["same", "near", "far"], DiscountRow] = Field(default_factory=dict)


class Settings(BaseModel):
    """Years and conventions of the calculation."""

    model_config = FROZEN
    first_year: Year
    last_year: Year
    base_year: Year | None = None
    discount_rate: Annotated[tuple[RateStep, ...], BeforeValidator(_one_or_steps)]
    timing: Literal["start", "mid", "end"] = "start"
    window: Literal["common", "cohort"] = "common"
    costs_discounted: bool
    costs_discounted_source: NonEmpty
    price_year: Year
    price_index: PriceIndex | None = None
    chance: Literal["nobody-harmed", "independent"] = "nobody-harmed"
    impossible_correlations: Literal["refuse", "nearest"] = "refuse"
    level_scaling: Literal["none", "proportional"] = "none"
    level_scaling_source: NonEmpty | None = None
    discounts: Discounts | None = None

    @property
    def discounted_to(self) -> int:
        """Year to which kroner are discounted: the base year, or the first year where none is stated."""
        return self.first_year if self.base_year is None else self.base_year


class Named(BaseModel):
    """Something with a name in both languages: an area."""

    model_config = FROZEN
    name: Words


class Actor(Named):
    """Someone who pays and gains; inside another actor where it has a parent, as a forvaltning in a kommune."""

    parent: str | None = None


class Participants(BaseModel):
    """Those who complete, by year of completion; those who start, by year of start, where they are others."""

    model_config = FROZEN
    completers: YearTable
    factor: Quantity | None = None
    starters: YearTable | None = None
    shares_concentration: Number | None = None
    source: NonEmpty


class Success(BaseModel):
    """Share who succeed because of the intervention: ``net``, ``with`` and ``without``, or an effect on ``without``."""

    model_config = FROZEN
    net: Quantity | None = None
    with_: Quantity | None = Field(default=None, alias="with")
    without: Quantity | None = None
    effect: Quantity | None = None
    conversion: Conversion | None = None


class Subgroup(BaseModel):
    """A part of those who complete, with success rates of its own; or with those of all."""

    model_config = FROZEN
    name: Words
    share: Number
    share_source: NonEmpty
    success: Success | None = None


class Cost(BaseModel):
    """A cost of the intervention, spread over years and payers; or an expenditure that it saves."""

    model_config = FROZEN
    name: Words
    area: str
    amount: Quantity
    per: Literal["total", "year", "completer", "starter"] = "total"
    saved: bool = False
    price_year: Year | None = None
    years: YearTable | None = None
    payer: Mapping[str, Number]
    payer_source: NonEmpty


class Grant(BaseModel):
    """Money that one actor gives another for the intervention; the total is not moved by it."""

    model_config = FROZEN
    name: Words
    area: str
    amount: Quantity
    years: YearTable
    payer: str
    receiver: str
    booked: bool
    booked_source: NonEmpty


class ShareStep(BaseModel):
    """Who bears a price from a calendar year on, and of it what is above so many units."""

    model_config = FROZEN
    from_: Year | None = Field(default=None, alias="from")
    above: Whole | None = None
    shares: Mapping[str, Number]


class PriceStep(Quantity):
    """A price from a calendar year on."""

    from_: Year | None = Field(default=None, alias="from")


WHEN = ("from", "above")  # keys of a step of shares that are no actor


def _share_steps(value: object) -> object:
    """Accept one table, or a list of tables with ``from`` or ``above``; keep the shares apart from these."""
    if value == []:
        raise PydanticCustomError("empty-list", "empty list")
    steps = value if isinstance(value, list) else [value]
    tables = [step for step in steps if isinstance(step, dict)]
    if not tables or len(tables) < len(steps):
        raise PydanticCustomError("not-a-table", "not a table", {"found": shown(value)})
    return tuple(
        step
        if isinstance(step.get("shares"), dict)  # already apart: a scenario that was written and is read again
        else {"shares": {k: v for k, v in step.items() if k not in WHEN}, **{k: step[k] for k in step if k in WHEN}}
        for step in tables
    )


class Service(BaseModel):
    """Something consumed, with its price in one price year and the shares in which actors bear it."""

    model_config = FROZEN
    name: Words
    area: str
    unit: Unit
    price: Annotated[tuple[PriceStep, ...], BeforeValidator(_one_or_steps)]
    price_year: Year
    shares: Annotated[tuple[ShareStep, ...], BeforeValidator(_share_steps)]
    shares_source: NonEmpty
    shares_concentration: Number | None = None
    bands: Literal["year", "spell"] | None = None
    income: bool = False
    user_defined: bool = False
    library: NonEmpty | None = None


class Consequence(BaseModel):
    """Change in the use of a service per success, by year since success, in units, signed; and the use without it."""

    model_config = FROZEN
    service: str
    change: Quantity
    level: Quantity | None = None
    level_studied: Quantity | None = None
    level_before: Quantity | None = None
    yearly: Number = 0.0
    persistence: Quantity | None = None
    group: str | None = None
    subgroup: str | None = None
    relatives: str | None = None
    onset: Whole = 0
    duration: Whole | None = None
    library: NonEmpty | None = None


class Group(BaseModel):
    """Estimates that share the errors of one source: a common factor multiplies them all."""

    model_config = FROZEN
    name: Words
    factor: Quantity
    library: NonEmpty | None = None


class Relatives(BaseModel):
    """Persons whose use changes with a success of another: how many of them there are for each success."""

    model_config = FROZEN
    name: Words
    number: Quantity


class OwnUnitOutcome(BaseModel):
    """What comes of the intervention that is no money, in a unit of its own: stated, or counted from consequences."""

    model_config = FROZEN
    name: Words
    gain: Quantity | None = None
    per: Literal["success", "participant"] = "success"
    onset: Whole = 0
    group: str | None = None
    subgroup: str | None = None
    less_of: Annotated[tuple[NonEmpty, ...], BeforeValidator(_as_tuple)] = ()
    more_of: Annotated[tuple[NonEmpty, ...], BeforeValidator(_as_tuple)] = ()
    discounted: bool = False

    @property
    def counted(self) -> tuple[str, ...]:
        """Consequences that it is counted from; none where it is stated."""
        return (*self.less_of, *self.more_of)


class Correlation(BaseModel):
    """Quantities that err together: the rank correlation of each pair of them."""

    model_config = FROZEN
    between: Annotated[tuple[NonEmpty, ...], BeforeValidator(_as_tuple)]
    rank: Number
    source: NonEmpty


class Scenario(BaseModel):
    """One intervention, fully specified.

    ``actors``, ``areas``, ``services``, ``consequences``, ``costs``, ``grants``, ``groups`` and ``outcomes`` are keyed
    by id; their order in a file means nothing except as the order of printed rows.
    """

    model_config = FROZEN
    schema_: Annotated[Literal[1], BeforeValidator(whole_if_number)] = Field(alias="schema")
    id: Id
    draws_as: Id | None = None
    lang: Literal["da", "en"] = "da"
    name: Words
    facts: Facts
    settings: Settings
    actors: Mapping[Id, Actor]
    areas: Mapping[Id, Named]
    participants: Participants
    success: Success | None = None
    subgroups: Mapping[Id, Subgroup] = Field(default_factory=dict)
    costs: Mapping[Id, Cost] = Field(default_factory=dict)
    grants: Mapping[Id, Grant] = Field(default_factory=dict)
    groups: Mapping[Id, Group] = Field(default_factory=dict)
    relatives: Mapping[Id, Relatives] = Field(default_factory=dict)
    services: Mapping[Id, Service] = Field(default_factory=dict)
    consequences: Mapping[Id, Consequence] = Field(default_factory=dict)
    outcomes: Mapping[Id, OwnUnitOutcome] = Field(default_factory=dict)
    correlations: Annotated[tuple[Correlation, ...], BeforeValidator(_as_tuple)] = ()
    promised: Mapping[str, Number] = Field(default_factory=dict)

    @property
    def draws_id(self) -> str:
        """First part of the keys of all draws: the scenario's own id, or that of the one whose draws it shares."""
        return self.id if self.draws_as is None else self.draws_as

    @property
    def success_by_place(self) -> dict[str, Success]:
        """Success rates by the place where they are stated: those of all, then those of subgroups."""
        own = {f"subgroups.{key}.success": one.success for key, one in self.subgroups.items()}
        return {place: one for place, one in {"success": self.success, **own}.items() if one is not None}

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years of the results: the window, or with ``window = "cohort"`` until the last cohort's is over."""
        last = self.settings.last_year
        if self.settings.window == "cohort":
            last = max(self.participants.completers, default=self.settings.first_year) + self.horizon - 1
        return tuple(range(self.settings.first_year, last + 1))

    @property
    def horizon(self) -> int:
        """Years from first to last year of the window."""
        return self.settings.last_year - self.settings.first_year + 1
