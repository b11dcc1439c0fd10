"""The scenario language as a JSON Schema, for editors that complete and flag: generated from the data model.

Apart from ``scenario`` because a schema says what a file may hold, and the data model what it means: one table for one
step, text for a text in both languages. Descriptions are those of ``docs/scenario.md``, so that there is one wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from soemrisk.complaints import KEYED_SECTIONS, STEPPED
from soemrisk.families import FAMILIES
from soemrisk.references import inner_tables
from soemrisk.scenario import Scenario
from soemrisk.stated_values import AS_NUMBER

Schema = dict[str, Any]
REFERENCE = "#/definitions/"
STEP_OF_SHARES = "ShareStep"


def scenario_schema(written: str = "") -> Schema:
    """Return the JSON Schema (draft 7) of a scenario file.

    Parameters
    ----------
    written : str, optional
        Text of ``docs/scenario.md``, from which keys get their descriptions.

    Returns
    -------
    dict

    Examples
    --------
    >>> scenario_schema()["properties"]["lang"]["enum"]
    ['da', 'en']
    """
    generated = Scenario.model_json_schema(by_alias=True, ref_template=REFERENCE + "{model}")
    tables = {name: closed_table(name, table) for name, table in generated.pop("$defs").items()}
    schema = {"$schema": "http://json-schema.org/draft-07/schema#", **closed_table("Scenario", generated)}
    schema["title"] = "soemrisk scenario"
    for section in KEYED_SECTIONS:
        schema["properties"][section]["additionalProperties"] = False
    schema["properties"]["actors"]["propertyNames"] = {"not": {"const": "total"}}
    for section in ("actors", "areas"):
        schema["properties"][section]["minProperties"] = 1
    described = {"Scenario": schema, **tables}
    for name, key, text in descriptions(written):
        if key in described.get(name, {}).get("properties", {}):
            described[name]["properties"][key] = {**described[name]["properties"][key], "description": text}
    for name, table in tables.items():
        if name.endswith("Step"):
            _describe_like(table, tables["Quantity"])
    tables[STEP_OF_SHARES] = _shares(tables[STEP_OF_SHARES])
    return {**schema, "definitions": tables}


def closed_table(name: str, table: Schema) -> Schema:
    """One table of the data model as a file writes it."""
    properties = {key: _value(value, key) for key, value in table["properties"].items()}
    result: Schema = {
        "description": " ".join(table.get("description", name).split("\n\n")[0].replace("``", '"').split()),
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "required": table.get("required", []),
    }
    if "parameters" in properties and "family" in properties:
        properties["family"] = {**properties["family"], "enum": list(FAMILIES)}
        result["allOf"] = [_parameters_of(family) for family in FAMILIES]
        ends = ("low", "high", "meaning")
        together = {key: [other for other in ends if other != key] for key in ends}
        result["dependencies"] = {**together, "parameters": ["family"]}
    if "library" in properties:  # which then has what is required
        required = [key for key in result.pop("required") if key != "price_year"]  # a price of the library brings it
        result["anyOf"] = [{"required": required}, {"required": ["library"]}]
    return result


def _value(value: Schema, key: str) -> Schema:
    """Schema of one value: no null, no titles, one step for several, one text for two languages."""
    value = {name: one for name, one in value.items() if name != "title" and (name, one) != ("default", None)}
    options = [one for one in value.get("anyOf", ()) if one != {"type": "null"}]
    if len(options) < len(value.get("anyOf", ())):
        rest = {name: one for name, one in value.items() if name != "anyOf"}
        return _value({**rest, **(options[0] if len(options) == 1 else {"anyOf": options})}, key)
    if value.get("$ref") == f"{REFERENCE}Text":
        return {"anyOf": [{"type": "string", "pattern": r"\S"}, {"$ref": value["$ref"]}]}
    if value.get("type") == "array" and "items" in value:
        items = _value(value["items"], "")
        several = {**value, "items": items, **({"minItems": 1} if key in STEPPED else {})}
        return {"anyOf": [items, several]} if key in STEPPED else several
    for name in ("additionalProperties", "patternProperties"):
        inside = value.get(name)
        if isinstance(inside, Mapping):
            one = _value(dict(inside), "") if name[0] == "a" else {k: _value(v, "") for k, v in inside.items()}
            value = {**value, name: one}
    if "patternProperties" in value:
        value["additionalProperties"] = False
    if value.get("type") == "string" and not {"enum", "const", "pattern"} & set(value):
        value["pattern"] = r"\S"
    return value


def _parameters_of(family: str) -> Schema:
    """What ``parameters`` hold where ``family`` is stated beside them."""
    row = FAMILIES[family]
    list_of_numbers = {"type": "array", "items": AS_NUMBER, "minItems": 1}
    properties: Schema = {
        name: {"type": "array"} if name in row.nested else list_of_numbers if name in row.lists else AS_NUMBER
        for name in (*row.parameters, *row.optional)
    }
    inside = {"properties": properties, "required": list(row.parameters), "additionalProperties": False}
    return {
        "if": {"properties": {"family": {"const": family}}, "required": ["family"]},
        "then": {"properties": {"parameters": inside}},
    }


def _shares(table: Schema) -> Schema:
    """A step of shares: parts by actor, and beside them what says when the step holds."""
    beside = {key: value for key, value in table["properties"].items() if key != "shares"}
    return {**table, "properties": beside, "additionalProperties": AS_NUMBER, "required": []}


def _describe_like(table: Schema, quantity: Schema) -> None:
    """Describe the keys of a step as those of a quantity, of which it is a kind."""
    for key, value in table["properties"].items():
        if "description" in quantity["properties"].get(key, {}):
            value["description"] = quantity["properties"][key]["description"]
        elif key == "from":
            value["description"] = "from when on the step holds: a calendar year, or years since the base year"


_ROW = re.compile(r"(?<!\\)\|")


def descriptions(written: str) -> Iterator[tuple[str, str, str]]:
    r"""Yield (table of the data model, key, description) from the tables of ``docs/scenario.md``.

    Examples
    --------
    >>> list(descriptions("### `[facts]`\n| key | type | meaning |\n| --- | --- | --- |\n| `source` | text | whence |"))
    [('Facts', 'source', 'whence (text)')]
    """
    sections = {key: inner for key, (inner, _) in inner_tables(Scenario).items()}
    models = {key: inner.__name__ for key, inner in sections.items()} | {
        f"{section}.{key}": one.__name__
        for section, inner in sections.items()
        for key, (one, by_id) in inner_tables(inner).items()
        if not by_id
    }
    names: list[str] = []
    columns: list[str] = []
    for line in written.split("\n"):
        if line.startswith("#"):
            places = re.findall(r"`\[+([\w.]+?)(?:\.<id>)?\]+`", line)
            names = [models[key] for key in places if key in models]
            names += ["Scenario"] * ("Top level" in line) + ["Quantity"] * ("A quantity" in line)
            columns = []
        cells = [plain_cell(cell) for cell in _ROW.split(line)[1:-1]] if line.startswith("|") else []
        if not cells or set(line) <= set("|- "):
            columns = columns if cells else []
        elif not columns:
            columns = cells
        elif columns[0] == "key" and "meaning" in columns:
            row = dict(zip(columns, cells, strict=False))
            about = ", ".join(row[name] for name in ("type", "unit") if row.get(name))
            keys = re.findall(r"`(\w+)`", _ROW.split(line)[1])
            for name in dict.fromkeys(names):
                for key in keys:
                    yield name, key, f"{row['meaning']} ({about})" if row["meaning"] else about


def plain_cell(cell: str) -> str:
    """Text of a cell without marks."""
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", cell).replace("`", "").replace("\\|", "|").strip()
