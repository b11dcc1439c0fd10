"""The language of batch studies as a JSON Schema, for editors that complete and flag: generated from the data model.

Apart from ``json_schema`` because a study is a file of its own; descriptions are those of ``docs/studies.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soemrisk.batch_language import MOST_DRAWS, MOST_POINTS, MOST_SEED, RESERVED, Study
from soemrisk.json_schema import REFERENCE, Schema, closed_table, plain_cell

PLACED = ("values", "factors", "statements")
UNPLACED = ("readings", "options")
TEXT = {"type": "string", "pattern": r"\S"}


def study_schema(written: str = "") -> Schema:
    """Return the JSON Schema (draft 7) of a study file.

    Parameters
    ----------
    written : str, optional
        Text of ``docs/studies.md``, from which keys get their descriptions.

    Returns
    -------
    dict

    Examples
    --------
    >>> study_schema()["properties"]["design"]["enum"]
    ['grid', 'list', 'sample']
    """
    generated = Study.model_json_schema(by_alias=True, ref_template=REFERENCE + "{model}")
    tables = {name: closed_table(name, table) for name, table in generated.pop("$defs").items()}
    study = closed_table("Study", generated)
    _narrow(study["properties"], tables["Axis"]["properties"], tables["Sample"]["properties"])
    tables["Axis"]["oneOf"] = [*_kinds()]
    study["if"] = {"properties": {"design": {"const": "sample"}}, "required": ["design"]}
    study["then"], study["else"] = {"required": ["sample"]}, {"properties": {"sample": False}}
    described = {"Study": study, **tables}
    for name, key, text in descriptions(written):
        described[name]["properties"][key] = {**described[name]["properties"][key], "description": text}
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "soemrisk batch study"}
    return {**head, **study, "definitions": tables}


def _narrow(study: Schema, axis: Schema, sample: Schema) -> None:
    """Say what the data model says in functions: lists that are not empty, limits, values, places and ids of axes."""
    for table, key in (
        *((study, key) for key in ("scenarios", "analyses")),
        *((axis, key) for key in ("values", "statements", "readings", "options", "labels")),
    ):
        table[key]["minItems"] = 1
    axis["values"]["items"] = {"type": ["string", "number", "boolean"]}
    several = {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}]}
    axis["place"] = {"anyOf": [*several["anyOf"], {"type": "object", "additionalProperties": several}]}
    limits = ((study, "draws", 1, MOST_DRAWS), (study, "seed", 0, MOST_SEED))
    for table, key, least, most in (*limits, (sample, "points", 1, MOST_POINTS), (sample, "seed", 0, MOST_SEED)):
        table[key] |= {"minimum": least, "maximum": most}
    study["axes"]["propertyNames"] = {"not": {"enum": sorted(RESERVED)}}


def _kinds() -> Iterator[Schema]:
    """Yield what an axis has beside its name: exactly one of the kinds, and a place where that has one."""
    kinds: dict[tuple[str, ...], tuple[str, ...]] = {(key,): ("place",) for key in PLACED}
    kinds |= {(key,): () for key in UNPLACED} | {("low", "high"): ("place",)}
    for keys, beside in kinds.items():
        others = [key for kind in kinds for key in kind if kind != keys]
        refused = [*others, *(() if beside else ("place",))]
        yield {"required": [*keys, *beside], "properties": dict.fromkeys(refused, False)}


def descriptions(written: str) -> Iterator[tuple[str, str, str]]:
    r"""Yield (table, key, description) from the tables of ``docs/studies.md``.

    Examples
    --------
    >>> list(descriptions("## 1. The file\n| `id` | a–z | required |\n### Axes\n| `values` | a number | `place` |"))
    [('Study', 'id', 'a–z'), ('Axis', 'values', 'a number')]
    """
    table = ""
    for line in written.split("\n"):
        if line.startswith("#"):
            table = "Study" if "1. The file" in line else "Axis" if line == "### Axes" else ""
        cells = line.split("|")[1:-1] if line.startswith("| `") and table else []
        for key in re.findall(r"`(\w+)(?:\.<id>)?`", cells[0]) if cells else ():
            yield table, key, plain_cell(cells[1])
