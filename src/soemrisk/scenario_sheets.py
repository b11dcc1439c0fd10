"""The form: which sheets a scenario has as a workbook, which columns, and which key of the language each cell is.

One table that the writer and the reader share, so that they cannot disagree. It names the usual keys only. What has
no column of its own stands as TOML in the column »Øvrigt« of its row, so that a new key of the language needs no line
here.
"""

from __future__ import annotations

from dataclasses import replace

from soemrisk.sheet_shapes import (
    ABOVE,
    AREA,
    FIELD,
    FROM,
    ID,
    MANY,
    NAME,
    OTHER,
    RANGE,
    RARE,
    YEAR,
    Column,
    Field,
    Sheet,
    columns_by_actor,
    library_column,
    quantity_columns,
)

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
        *quantity_columns(("amount",), "amount", RANGE),
        Column(head="per", path=("per",), kind="choice", choices="per", width=15),
        Column(head="saved", path=("saved",), kind="truth", choices="truth", usual=False, width=9),
        Column(head="price-year", path=("price_year",), kind="year", usual=False, width=9),
        Column(head="years", path=("years", MANY), kind="number", many="year", width=9),
        columns_by_actor("payer"),
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
        *quantity_columns((), "rate", f"{RANGE} counts.successes counts.of library evidence", kind="share"),
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
        *quantity_columns(("change",), "change", f"{RANGE} significant", named="change")[:1],
        Column(head="position", path=("change", "value", MANY), kind="number", many="position", width=7),
        *quantity_columns(("change",), "change", f"{RANGE} significant", named="change")[1:],
        Column(head="group", path=("group",), choices="groups", width=16),
        Column(head="level", path=("level", "value"), kind="number", usual=False),
        Column(head="level-unit", path=("level", "unit"), usual=False),
        Column(head="level-source", path=("level", "source"), usual=False, width=32),
        Column(head="yearly", path=("yearly",), kind="number", usual=False),
        Column(head="onset", path=("onset",), kind="whole", usual=False, width=9),
        Column(head="duration", path=("duration",), kind="whole", usual=False, width=9),
        library_column("consequence"),
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
        *quantity_columns(("price",), "price", RANGE, named="price"),
        Column(head="price-year", path=("price_year",), kind="year", width=9),
        columns_by_actor("shares"),
        Column(head="shares-source", path=("shares_source",), width=32),
        Column(head="bands", path=("bands",), kind="choice", choices="bands", usual=False, width=15),
        Column(head="concentration", path=("shares_concentration",), kind="number", usual=False),
        Column(head="income", path=("income",), kind="truth", choices="truth", width=9),
        Column(head="user-defined", path=("user_defined",), kind="truth", choices="truth", usual=False, width=9),
        library_column("service"),
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
            for one in quantity_columns((), "setting", RANGE)
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
        columns=(ID, NAME, *quantity_columns(("factor",), "factor", RANGE), RARE),
    ),
    Sheet(
        name="subgroups",
        place=("subgroups",),
        rows="entries",
        usual=False,
        columns=(
            ID,
            NAME,
            Column(head="subgroup-share", path=("share",), kind="share", width=13),
            Column(head="subgroup-share-source", path=("share_source",), width=36),
            *quantity_columns(("success", "net"), "net-rate", RANGE, kind="share"),
            OTHER,
        ),
    ),
    Sheet(
        name="outcomes",
        place=("outcomes",),
        rows="entries",
        usual=False,
        columns=(
            ID,
            NAME,
            *quantity_columns(("gain",), "outcome-gain", RANGE),
            Column(head="outcome-per", path=("per",), kind="choice", choices="outcome-per", width=15),
            Column(head="less-of", path=("less_of",), kind="places", width=30),
            Column(head="more-of", path=("more_of",), kind="places", width=30),
            Column(head="onset", path=("onset",), kind="whole", usual=False, width=9),
            Column(head="group", path=("group",), choices="groups", usual=False, width=16),
            Column(head="subgroup", path=("subgroup",), choices="subgroups", usual=False, width=16),
            Column(head="discounted", path=("discounted",), kind="truth", choices="truth", width=12),
            OTHER,
        ),
    ),
    Sheet(
        name="grants",
        place=("grants",),
        rows="entries",
        columns=(
            ID,
            NAME,
            AREA,
            *quantity_columns(("amount",), "amount", RANGE),
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
