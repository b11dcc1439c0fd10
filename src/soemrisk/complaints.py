"""What a validation error means to the person who wrote the file: which place, which rule, which suggestion.

Apart from ``reading`` because it knows the shape of the data model and of the document, but no file.
"""

from __future__ import annotations

import difflib
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from soemrisk.messages import CATALOGUE
from soemrisk.scenario import Scenario
from soemrisk.stated_values import shown

KEYED_SECTIONS = (
    *("actors", "areas", "subgroups", "costs", "grants", "groups", "relatives", "services", "consequences"),
    "outcomes",
)
STEPPED = ("price", "shares", "discount_rate")  # keys that may be a list of steps
MISSING_BESIDE = {"change": {"level": "level-without-change"}}  # a key is missing where another one stands for it
MOST_OPTIONS = 1000  # among more of them, or for a longer word, no nearest one is looked for: it would take seconds
LONGEST_WORD = 100
Where = tuple[str, ...]

_TYPES = {
    "float_type": "not-a-number",
    "int_type": "not-a-number",
    "string_type": "not-a-text",
    "bool_type": "not-true-or-false",
    "model_type": "not-a-table",
    "dict_type": "not-a-table",
    "mapping_type": "not-a-table",
    "tuple_type": "not-a-list",
    "model_attributes_type": "not-a-table",
    "is_instance_of": "not-a-table",
    "list_type": "not-a-list",
}


def label_of(step: Any, *, first: bool) -> str | None:
    """How a path names a step of a list: ``@`` and its year, ``>`` and its units; nothing for a plain first step.

    None for a step that cannot be named so.
    """
    marks = [(mark, step[key]) for key, mark in (("from", "@"), ("above", ">")) if key in step]
    if any(type(value) is not int for _, value in marks) or not (marks or first):
        return None
    return "".join(f"{mark}{value}" for mark, value in marks)


def steps_by_position(path: Where, document: Any) -> Where:
    """Path with the position of a step in its list for ``name@year`` and ``name>units``."""
    place: list[str] = []
    value: Any = document
    for n, part in enumerate(path):
        name = part.partition("@")[0].partition(">")[0]
        label = part.removeprefix(name)
        place.append(name)
        value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, list) and value and (label or (name in STEPPED and n + 1 < len(path))):
            tables = [(k, step) for k, step in enumerate(value) if isinstance(step, dict)]
            found = [k for k, step in tables if label_of(step, first=k == 0) == label] if label else [0]
            place += [str(k) for k in found[:1]]
            value = value[found[0]] if found else None
    return tuple(place)


def steps_by_year(path: Where, document: Any) -> Where:
    """Path with ``name@year`` or ``name>units``, or the name alone for the first, for the position of a step."""
    place: list[str] = []
    value: Any = document
    for part in path:
        listed = isinstance(value, list)
        if listed:
            value = value[int(part)] if part.isdigit() and int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, dict) else None
        step = listed and place[-1] in STEPPED and isinstance(value, dict)
        label = label_of(value, first=part == "0") if step else None
        if label is None:
            place.append(part)
        else:
            place[-1] += label
    return tuple(place)


def as_written(error: ErrorDetails, document: Any) -> Where:
    """Place of a pydantic error as the file has it: without positions and keys that only the data model adds."""
    loc = tuple(part for part in error["loc"] if part != "[key]")
    place: list[str] = []
    value: Any = document
    for part in loc[:-1]:
        there = isinstance(value, list) if isinstance(part, int) else isinstance(value, dict) and part in value
        if there:
            place.append(str(part))
            value = value[part]
    fits = isinstance(value, list if isinstance(loc[-1], int) else dict)
    return (*place, str(loc[-1])) if fits else tuple(place)


def explain(error: ErrorDetails, document: Any) -> tuple[Where, str, dict[str, object]]:
    """Turn one pydantic error into (place, rule, values)."""
    model_path = tuple(part for part in error["loc"] if part != "[key]")
    where = as_written(error, document)
    kind, context = error["type"], dict(error.get("ctx") or {})
    if kind == "missing":
        instead = MISSING_BESIDE.get(where[-1], {})
        rule = next((rule for key, rule in instead.items() if key in error["input"]), "missing-key")
        return where[:-1], rule, {"key": where[-1]}
    if kind == "extra_forbidden":
        allowed = _allowed_keys(tuple(map(str, model_path[:-1])))
        return (
            where,
            "unknown-key",
            {"key": where[-1], "allowed": allowed, "suggestion": suggestion_for(where[-1], allowed)},
        )
    if kind == "literal_error":
        options = tuple(str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", "))
        found = error["input"] if isinstance(error["input"], str) else shown(error["input"])
        return (
            where,
            "unknown-choice",
            {"found": found, "allowed": options, "suggestion": suggestion_for(found, options)},
        )
    if kind in CATALOGUE:
        return where, kind, context
    quantity = kind == "model_type" and context.get("class_name") in {"Quantity", "PriceStep", "RateStep"}
    rule = "not-a-quantity" if quantity else _TYPES.get(kind, "not-valid")
    return where, rule, {"found": shown(error["input"])}


def _allowed_keys(where: Where) -> tuple[str, ...]:
    """Keys that the data model has at a place; list positions and ids are passed through."""
    model: Any = Scenario
    for n, part in enumerate(where):
        fields = {f.alias or n: f for n, f in model.model_fields.items()} if _is_model(model) else {}
        if part in fields and not (n == 1 and where[0] in KEYED_SECTIONS):  # there it is an id, whatever it is called
            model = model_inside(fields[part].annotation) or model
    return tuple((field.alias or name) for name, field in model.model_fields.items())


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def model_inside(annotation: Any) -> Any:
    """First model class named anywhere in a type annotation."""
    if _is_model(annotation):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = model_inside(inner)
        if found is not None:
            return found
    return None


def suggestion_for(found: str, allowed: object) -> str | None:
    """The allowed word that is nearest to what was found, if one is near."""
    if not isinstance(allowed, list | tuple) or len(allowed) > MOST_OPTIONS or len(found) > LONGEST_WORD:
        return None
    options = [str(option) for option in allowed if str(option) != found]
    close = difflib.get_close_matches(found, options, n=1, cutoff=0.6)
    return close[0] if close else None
