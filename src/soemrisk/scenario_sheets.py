"""The form: which sheets a scenario has as a workbook, which columns, and which key of the language each cell is.

One table that the writer and the reader share, so that they cannot disagree. It names the usual keys only. What has
no column of its own stands as TOML in the column »Øvrigt« of its row, so that a new key of the language needs no line
here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

Path = tuple[str, ...]
MANY = "*"  # in the path of a column: there is one for each year, actor or position


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a sheet, or one for each year, actor or position.

    Attributes
    ----------
    head : str
        Its heading and help in the catalogue: ``column-<head>``, ``help-<head>``.
    path : tuple of str
        Key below the entry of the row; with ``MANY`` at the end one column for each key there.
    kind : str
        What a cell holds: ``text``, ``words`` (in two languages), ``number``, ``share`` (a number shown as per cent),
        ``whole``, ``year``, ``truth``, ``choice``, ``places`` (several, by semicolons), ``other`` (TOML).
    many : str
        ``year``, ``actor`` or ``position``.
    usual : bool
        Whether the sheet always has it; else only where a row needs it.
    choices : str
        A list of ``CHOICES``, a sheet whose ids may be chosen, or ``library <kind>``.
    width : float
        Characters.
    """

    head: str
    path: Path
    kind: str = "text"
    many: Literal["", "year", "actor", "position"] = ""
    usual: bool = True
    choices: str = ""
    width: float = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A row of a sheet of fields: its label ``field-<label>`` and the place that it states.

    ``kind`` is that of a column, or ``quantity`` for a row with all columns of the sheet. ``many``: the label may
    stand in several rows, items of a list or steps of a quantity. ``source`` is the place of the row's source, where
    the field is no quantity.
    """

    label: str
    place: Path
    kind: str = "text"
    many: Literal["", "items", "steps"] = ""
    usual: bool = True
    choices: str = ""
    source: Path = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet: ``entries`` by id, ``years``, ``fields`` by label, or ``items``; its first column says which row.

    ``steps`` are keys that may be lists of steps: one row each, with the columns ``from`` and ``above``.
    """

    name: str
    place: Path
    rows: Literal["entries", "years", "fields", "items"]
    columns: tuple[Column, ...] = ()
    fields: tuple[Field, ...] = ()
    steps: Path = ()
    usual: bool = True
    step: bool = False  # a step of SØM's own


CHOICES: Mapping[str, tuple[object, ...]] = MappingProxyType(
    {
        "meaning": ("hard", "80%", "90%", "95%"),
        "of": ("mean", "individuals", "one"),
        "evidence": (1, 2, 3),
        "per": ("total", "year", "completer", "starter"),
        "bands": ("year", "spell"),
        "lang": ("da", "en"),
        "timing": ("start", "mid", "end"),
        "window": ("common", "cohort"),
        "chance": ("nobody-harmed", "independent"),
        "correlations": ("refuse", "nearest"),
        "truth": (True, False),
    }
)


def _quantity(prefix: Path, head: str, usual: str, *, kind: str = "number", named: str = "") -> tuple[Column, ...]:
    """Columns of a quantity; ``usual`` are those that are always there, ``named`` begins the headings of some."""

    def column(key: str, **also: object) -> Column:
        own = f"{named}-{key}" if named and key in {"unit", "source", "library"} else key
        shown = head if key == "value" else own
        where = (*prefix, *key.split("."))
        return Column(head=shown.replace(".", "-").replace("_", "-"), path=where, usual=key in usual.split(), **also)  # type: ignore[arg-type]

    return (
        column("value", kind=kind),
        column("counts.successes", kind="whole", width=9),
        column("counts.of", kind="whole", width=8),
        column("low", kind=kind),
        column("high", kind=kind),
        column("meaning", kind="choice", choices="meaning", width=18),
        column("se", kind="number"),
        column("sd", kind="number"),
        column("cv", kind="share"),
        column("of", kind="choice", choices="of", width=15),
        column("n", kind="whole", width=9),
        column("evidence", kind="choice", choices="evidence", width=22),
        column("evidence_level", kind="choice", choices="evidence", width=22),
        column("significant", kind="share", width=13),
        column("corrected", kind="truth", choices="truth", width=9),
        column("family", width=14),
        column("unit", width=15),
        column("source", width=36),
        column("library", choices=" ".join(["library", *prefix]), width=24),
    )


ID = Column(head="id", path=(), kind="text", width=20)
FIELD = Column(head="field", path=(), kind="text", width=36)
YEAR = Column(head="year", path=(), kind="year", width=9)
NAME = Column(head="name", path=("name",), kind="words", width=26)
AREA = Column(head="area", path=("area",), choices="areas", width=22)
FROM = Column(head="from", path=("from",), kind="whole", usual=False, width=9)
ABOVE = Column(head="above", path=("above",), kind="whole", usual=False, width=9)
OTHER = Column(head="other", path=(), kind="other", width=30)
RARE = replace(OTHER, usual=False)
RANGE = "value low high meaning unit source"


def _library(kind: str, *, usual: bool = True) -> Column:
    return Column(head="library", path=("library",), choices=f"library {kind}", usual=usual, width=24)


def _by_actor(key: str) -> Column:
    return Column(head="share", path=(key, MANY), kind="share", many="actor", width=11)


INTERVENTION = Sheet(
    name="intervention",
    place=(),
    rows="fields",
    step=True,
    columns=(FIELD, Column(head="text", path=("value",), kind="words", width=64)),
    fields=(
        Field(label="id", place=("id",)),
        Field(label="name", place=("name",)),
        *(
            Field(label=key, place=("facts", key))
            for key in ("intervention", "target_group", "success_measure", "project_period", "duration", "costs")
        ),
        Field(label="source", place=("facts", "source")),
        Field(label="as_of", place=("facts", "as_of")),
        Field(label="not_in_kroner", place=("facts", "not_in_kroner"), many="items"),
        Field(label="notes", place=("facts", "notes"), many="items"),
        Field(label="lang", place=("lang",), kind="choice", choices="lang"),
        Field(label="draws_as", place=("draws_as",), usual=False),
    ),
)
COSTS = Sheet(
    name="costs",
    place=("costs",),
    rows="entries",
    step=True,
    columns=(
        ID,
        NAME,
        AREA,
        *_quantity(("amount",), "amount", RANGE),
        Column(head="per", path=("per",), kind="choice", choices="per", width=15),
        Column(head="saved", path=("saved",), kind="truth", choices="truth", usual=False, width=9),
        Column(head="price-year", path=("price_year",), kind="year", usual=False, width=9),
        Column(head="years", path=("years", MANY), kind="number", many="year", width=9),
        _by_actor("payer"),
        Column(head="payer-source", path=("payer_source",), width=32),
        OTHER,
    ),
)
PARTICIPANTS = Sheet(
    name="participants",
    place=("participants",),
    rows="years",
    step=True,
    columns=(
        YEAR,
        Column(head="completers", path=("completers", MANY), kind="number", width=14),
        Column(head="starters", path=("starters", MANY), kind="number", width=14),
        Column(head="source", path=("source",), width=60),
        RARE,
    ),
)
EFFECT = Sheet(
    name="effect",
    place=(),
    rows="fields",
    step=True,
    columns=(
        FIELD,
        *_quantity((), "rate", f"{RANGE} counts.successes counts.of library evidence", kind="share"),
        OTHER,
    ),
    fields=(
        Field(label="with", place=("success", "with"), kind="quantity", choices="library rate"),
        Field(label="without", place=("success", "without"), kind="quantity", choices="library rate"),
        Field(label="net", place=("success", "net"), kind="quantity", choices="library net_rate"),
        Field(label="factor", place=("participants", "factor"), kind="quantity", usual=False),
    ),
)
CONSEQUENCES = Sheet(
    name="consequences",
    place=("consequences",),
    rows="entries",
    step=True,
    columns=(
        ID,
        Column(head="service", path=("service",), choices="prices", width=22),
        *_quantity(("change",), "change", f"{RANGE} significant", named="change")[:1],
        Column(head="position", path=("change", "value", MANY), kind="number", many="position", width=7),
        *_quantity(("change",), "change", f"{RANGE} significant", named="change")[1:],
        Column(head="group", path=("group",), choices="groups", width=16),
        Column(head="level", path=("level", "value"), kind="number", usual=False),
        Column(head="level-unit", path=("level", "unit"), usual=False),
        Column(head="level-source", path=("level", "source"), usual=False, width=32),
        Column(head="yearly", path=("yearly",), kind="number", usual=False),
        Column(head="onset", path=("onset",), kind="whole", usual=False, width=9),
        Column(head="duration", path=("duration",), kind="whole", usual=False, width=9),
        _library("consequence"),
        OTHER,
    ),
)
PRICES = Sheet(
    name="prices",
    place=("services",),
    rows="entries",
    step=True,
    steps=("price", "shares"),
    columns=(
        ID,
        NAME,
        AREA,
        Column(head="unit", path=("unit",), width=12),
        replace(FROM, usual=True),
        ABOVE,
        *_quantity(("price",), "price", RANGE, named="price"),
        Column(head="price-year", path=("price_year",), kind="year", width=9),
        _by_actor("shares"),
        Column(head="shares-source", path=("shares_source",), width=32),
        Column(head="bands", path=("bands",), kind="choice", choices="bands", usual=False, width=15),
        Column(head="concentration", path=("shares_concentration",), kind="number", usual=False),
        Column(head="income", path=("income",), kind="truth", choices="truth", width=9),
        Column(head="user-defined", path=("user_defined",), kind="truth", choices="truth", usual=False, width=9),
        _library("service"),
        OTHER,
    ),
)
SETTINGS = Sheet(
    name="settings",
    place=(),
    rows="fields",
    step=True,
    columns=(
        FIELD,
        *(
            Column(head="setting", path=one.path, kind=one.kind, width=22) if one.path == ("value",) else one
            for one in _quantity((), "setting", RANGE)
        ),
        FROM,
        OTHER,
    ),
    fields=(
        Field(label="first_year", place=("settings", "first_year"), kind="year"),
        Field(label="last_year", place=("settings", "last_year"), kind="year"),
        Field(label="base_year", place=("settings", "base_year"), kind="year"),
        Field(label="price_year", place=("settings", "price_year"), kind="year"),
        Field(
            label="discount_rate",
            place=("settings", "discount_rate"),
            kind="quantity",
            many="steps",
            choices="library discount_rate",
        ),
        Field(label="timing", place=("settings", "timing"), kind="choice", choices="timing"),
        Field(label="window", place=("settings", "window"), kind="choice", choices="window"),
        Field(
            label="costs_discounted",
            place=("settings", "costs_discounted"),
            kind="truth",
            choices="truth",
            source=("settings", "costs_discounted_source"),
        ),
        Field(label="chance", place=("settings", "chance"), kind="choice", choices="chance"),
        Field(
            label="impossible",
            place=("settings", "impossible_correlations"),
            kind="choice",
            choices="correlations",
            usual=False,
        ),
        Field(label="other", place=(), kind="other", many="items"),
    ),
)
SHEETS: tuple[Sheet, ...] = (
    INTERVENTION,
    COSTS,
    PARTICIPANTS,
    EFFECT,
    CONSEQUENCES,
    PRICES,
    SETTINGS,
    Sheet(
        name="groups",
        place=("groups",),
        rows="entries",
        columns=(ID, NAME, *_quantity(("factor",), "factor", RANGE), RARE),
    ),
    Sheet(
        name="grants",
        place=("grants",),
        rows="entries",
        columns=(
            ID,
            NAME,
            AREA,
            *_quantity(("amount",), "amount", RANGE),
            Column(head="payer", path=("payer",), choices="actors", width=14),
            Column(head="receiver", path=("receiver",), choices="actors", width=14),
            Column(head="booked", path=("booked",), kind="truth", choices="truth", width=9),
            Column(head="booked-source", path=("booked_source",), width=32),
            Column(head="years", path=("years", MANY), kind="number", many="year", width=9),
            RARE,
        ),
    ),
    Sheet(
        name="actors",
        place=("actors",),
        rows="entries",
        columns=(ID, NAME, Column(head="parent", path=("parent",), choices="actors", width=20), RARE),
    ),
    Sheet(name="areas", place=("areas",), rows="entries", columns=(ID, NAME, RARE)),
    Sheet(
        name="promised",
        place=("promised",),
        rows="entries",
        columns=(ID, Column(head="promised", path=(), kind="number", width=22)),
    ),
    Sheet(
        name="index",
        place=("settings", "price_index"),
        rows="years",
        columns=(
            YEAR,
            Column(head="index", path=("values", MANY), kind="number", width=12),
            NAME,
            Column(head="source", path=("source",), width=60),
            RARE,
        ),
    ),
    Sheet(
        name="correlations",
        place=("correlations",),
        rows="items",
        columns=(
            Column(head="between", path=("between",), kind="places", width=60),
            Column(head="rank", path=("rank",), kind="number"),
            Column(head="source", path=("source",), width=60),
            RARE,
        ),
    ),
)
OBSERVED = "observed"  # a sheet with one column for each list of observations, under its place
UNREAD = ("guide", "entries", "lists")  # sheets that say something and state nothing
