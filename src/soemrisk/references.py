"""References into the library: a document that says ``library = "<id>"`` becomes the same document in full.

A pure function, document → document, before anything is validated. What a place is, and which keys it takes, is read
off the data model, so that a new key or a new place of a quantity needs no line here.

A statement (value, spread, and the source that has them) is never mixed from two places: where a scenario states a
value or spread of its own, nothing of the library's statement is left but its unit, and a price of its own has a price
year of its own. What stays as the library has it is keyed by the library, so that all who use an entry share its draws,
and keeps the library's source and unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, get_origin

from pydantic import BaseModel

from soemrisk.complaints import Where, model_inside
from soemrisk.quantity import Quantity, Study, as_level
from soemrisk.scenario import Scenario

Found = tuple[Where, str, dict[str, object]]
Library = Mapping[str, Mapping[str, Any]]
Model = type[BaseModel]
Context = tuple[Library, tuple[str, ...]]  # the library, and the references that led here
BESIDE_THE_STATEMENT = ("unit", "source", "library", "from", "effort")
PRICED = ("price", "amount")  # kinds of number that have a price year
KINDS = MappingProxyType(  # of a place; else the key
    {
        **dict.fromkeys(("with", "without", "persistence"), "rate"),
        **dict.fromkeys(("level_studied", "level_before"), "level"),
        "net": "net_rate",
        "number": "factor",
        "gain": "change",
    }
)


OWN_SCALES = MappingProxyType({"mean_difference": "mean"})  # what the library calls a scale of the language


class _Misreference(Exception):  # noqa: N818 -- never leaves this module: it becomes a finding
    def __init__(self, rule: str, **values: object) -> None:
        super().__init__(rule)
        self.rule, self.values = rule, values


def with_references(document: Mapping[str, Any], entries: Library) -> tuple[dict[str, Any], list[Found]]:
    """Fill in what the references of a document stand for.

    Parameters
    ----------
    document : mapping
        A scenario as ``tomllib`` gives it, right or wrong.
    entries : mapping
        The library: entry by id.

    Returns
    -------
    document : dict
        A copy without references but those that say where a number is from. A reference that is wrong stays.
    findings : list of (place, rule, values)
        What is wrong with the references.

    Examples
    --------
    >>> entries = {"a": {"kind": "factor", "value": 1, "unit": "faktor", "source": "x"}}
    >>> filled, findings = with_references({"groups": {"g": {"factor": {"library": "a"}}}}, entries)
    >>> filled["groups"]["g"]["factor"]
    {'library': 'a', 'value': 1, 'unit': 'faktor', 'source': 'x'}
    """
    found: list[Found] = []
    return _filled(document, Scenario, (), (entries, found)), found


def refers(document: Any) -> bool:
    """Whether a document may refer to the library at all."""
    if isinstance(document, Mapping):
        return "library" in document or any(map(refers, document.values()))
    return isinstance(document, list) and any(map(refers, document))


def kind_of(key: str, model: Model) -> str:
    """Kind of entry that a place takes: of a quantity by its key, of an entry of a section by its class.

    Examples
    --------
    >>> from soemrisk.scenario import Service
    >>> kind_of("without", Quantity), kind_of("change", Quantity), kind_of("herberg", Service)
    ('rate', 'change', 'service')
    """
    if not issubclass(model, Quantity) and key != "price_index":
        return "effect" if model is Study else model.__name__.lower()
    return KINDS.get(key, key)


def _filled(value: Any, model: Model, place: Where, context: tuple[Library, list[Found]]) -> Any:
    """Copy of a table, or of each of a list of steps, with its references filled in; findings go into the context."""
    if isinstance(value, list):
        return [_filled(one, model, (*place, str(n)), context) for n, one in enumerate(value)]
    if not isinstance(value, Mapping):
        return value
    entries, found = context
    table = dict(value)
    if "library" in keys_of(model) and isinstance(table.get("library"), str):
        key = place[-2] if place[-1].isdigit() else place[-1]
        try:
            base = _full(table["library"], kind_of(key, model), model, (entries, ()))
        except _Misreference as wrong:
            found.append(((*place, "library"), wrong.rule, wrong.values))
        else:
            found += [((*place, one), "library-source", {"key": one}) for one in _relabelled(base, table, model)]
            table = _merged(base, table, model)
    for key, (inner, by_id) in inner_tables(model).items():
        if by_id and isinstance(table.get(key), Mapping):
            table[key] = {name: _filled(one, inner, (*place, key, name), context) for name, one in table[key].items()}
        elif key in table and not by_id:
            table[key] = _filled(_steps_of(table[key], kind_of(key, inner), entries), inner, (*place, key), context)
    if "price_year" in keys_of(model):
        if "price_year" not in value and refers(value) and _own_prices(table, model):
            table.pop("price_year", None)  # the year of the library is that of its price
            found.append(((*place, "price_year"), "own-price-year", {}))
            return table
        wrong_ones = {where for where, _, _ in found}
        for inside, year in [*_price_years(table, entries)]:
            if (*place, *inside, "library") not in wrong_ones and table.setdefault("price_year", year) != year:
                values: dict[str, object] = {"year": year, "price_year": table["price_year"]}
                found.append(((*place, *inside), "library-price-year", values))
    return table


def _steps_of(value: Any, kind: str, entries: Library) -> Any:
    """List of steps that an entry has, in place of a reference to it and nothing else; any other value as it is."""
    if not isinstance(value, Mapping) or set(value) != {"library"}:
        return value
    entry = entries.get(str(value["library"]), {})
    return list(entry["steps"]) if entry.get("kind") == "steps" and entry["of"] == kind else value


def _own_prices(table: Mapping[str, Any], model: Model) -> bool:
    """Whether the price or amount of a table, or of a step of it, is not the library's."""
    stated = [table.get(key, ()) for key in inner_tables(model) if key in PRICED]
    steps = [step for value in stated for step in (value if isinstance(value, list | tuple) else (value,))]
    return any(isinstance(step, Mapping) and "library" not in step for step in steps)


def _price_years(table: Mapping[str, Any], entries: Library) -> Iterator[tuple[Where, object]]:
    """Yield the price years that the library states for the quantities of a table, with their places."""
    for key, value in table.items():
        steps = [((key, str(n)), one) for n, one in enumerate(value)] if isinstance(value, list) else [((key,), value)]
        for place, one in steps:
            if isinstance(one, Mapping) and isinstance(one.get("library"), str):
                year = entries.get(one["library"].partition("/")[0], {}).get("price_year")
                if year is not None:
                    yield place, year


OF_THE_ENTRY = {"evidence_level"}  # what stays with an entry: a number is linked to it by ``library``


def _full(reference: str, kind: str, model: Model, context: Context) -> dict[str, Any]:
    """Keys that an entry has for a place, its own references filled in; ``library`` names where its statement is."""
    entries, passed = context
    name, _, inside = reference.partition("/")
    if name not in entries:
        raise _Misreference("unknown-library", found=reference, allowed=tuple(entries))
    if reference in passed:
        raise _Misreference("library-cycle", found=reference, chain=" → ".join([*passed, reference]))
    entry, context = entries[name], (entries, (*passed, reference))
    if inside:
        return _part(reference, entry, kind, context)
    if entry.get("kind") != kind:
        rule = "library-level-as-change" if (entry.get("kind"), kind) == ("level", "change") else "library-kind"
        raise _Misreference(rule, found=reference, kind=entry.get("kind"), expected=kind)
    if kind == "effect":
        return _effect(name, entry, model)
    body = {key: value for key, value in entry.items() if key in keys_of(model) and key not in OF_THE_ENTRY}
    for key, (one, by_id) in inner_tables(model).items():
        if key in body and not by_id and issubclass(one, Quantity):
            body[key] = _inner(body[key], one, (name, key), context)
    if "library" in body:
        body = _merged(_full(body["library"], kind, model, context), body, model)
    home = {} if issubclass(model, Quantity) else {"library": name}  # a section is the entry's, whatever it takes
    return {"library": name, **body, **home}


def _effect(name: str, entry: Mapping[str, Any], model: Model) -> dict[str, Any]:
    """An effect as one of several studies, or as a number of its own: then the study alone, and no other place."""
    study = {key: value for key, value in entry.items() if key in keys_of(Study)}
    if {"low", "high"} <= set(study):
        study.pop("se", None)
    scale = OWN_SCALES.get(str(entry.get("scale")), entry.get("scale"))
    study = {"library": name, **study, "scale": scale, "level": as_level(entry.get("level", "95%"))}
    if model is Study:
        return study
    unit = entry.get("unit", scale)
    alone = {"scale": scale, "studies": [study], "target": "mean"}
    return {"library": name, **alone, "unit": unit, "source": entry.get("source")}


def _inner(value: Any, model: Model, home: tuple[str, str], context: Context) -> Any:
    """Quantity inside an entry, or its steps; what it states itself is keyed by entry and key."""
    if isinstance(value, list):
        return [_inner(one, model, home, context) for one in value]
    if not isinstance(value, Mapping):
        return value
    table = dict(value)
    if "library" in table:
        table = _merged(_full(table["library"], kind_of(home[1], model), model, context), table, model)
    since = f"@{table['from']}" if "from" in table else ""
    return {"library": f"{home[0]}/{home[1]}{since}", **table}


def _part(reference: str, entry: Mapping[str, Any], kind: str, context: Context) -> dict[str, Any]:
    """Quantity ``<entry>/<key>`` or step ``<entry>/<key>@<from>`` of an entry that has several."""
    name = reference.partition("/")[0]
    model = ENTRIES.get(str(entry.get("kind")))
    whole: dict[str, Any] = {} if model is None else _full(name, str(entry["kind"]), model, context)
    parts: dict[str, tuple[str, Any]] = {}
    for key, (one, by_id) in inner_tables(model).items() if model is not None else ():
        if not by_id and issubclass(one, Quantity):
            value = whole.get(key, ())
            for step in value if isinstance(value, list | tuple) else (value,):
                parts[f"{name}/{key}" + (f"@{step['from']}" if "from" in step else "")] = (key, step)
    if reference not in parts:
        raise _Misreference("unknown-library", found=reference, allowed=tuple(parts))
    key, step = parts[reference]
    if kind_of(key, Quantity) != kind:
        raise _Misreference("library-kind", found=reference, kind=kind_of(key, Quantity), expected=kind)
    return {name: value for name, value in step.items() if name != "from"}


def _merged(base: dict[str, Any], local: Mapping[str, Any], model: Model) -> dict[str, Any]:
    """What the library has, with the keys that are stated locally in place of it; a statement is taken whole or not.

    The source of what is replaced goes with it.
    """
    kept = {key: value for key, value in local.items() if key != "library"}
    if not issubclass(model, Quantity):
        replaced = {"source" if key == "values" else f"{key}_source" for key in kept if kept[key] != base.get(key)}
        return {**{key: base[key] for key in base if key not in replaced}, **kept}
    if _is_of(base, kept, model):
        return {**base, **kept, **{key: base[key] for key in ("unit", "source") if key in base}}
    return {**{key: base[key] for key in base if key == "unit"}, **kept}


def _relabelled(base: Mapping[str, Any], local: Mapping[str, Any], model: Model) -> list[str]:
    """Keys that give another source or unit to what is the library's."""
    if issubclass(model, Quantity):
        labels = {key: _is_of(base, local, model) for key in ("unit", "source")}
    else:
        named = {key: key.removesuffix("_source") for key in base if key.endswith("_source")}
        named |= {"source": "values"} if "source" in base else {}
        labels = {key: local.get(name, base.get(name)) == base.get(name) for key, name in named.items()}
    return [key for key, of_library in labels.items() if of_library and local.get(key, base.get(key)) != base.get(key)]


def _is_of(base: Mapping[str, Any], local: Mapping[str, Any], model: Model) -> bool:
    """Whether a quantity has the library's number: it states none of its own, or the same."""
    stated = _statement(local, model)
    if stated:
        return stated == _statement(base, model)
    defaults = (key for key in keys_of(model) if key in local and key not in BESIDE_THE_STATEMENT)
    return all(local[key] == base.get(key, local[key]) for key in defaults)


def keys_of(model: Model) -> tuple[str, ...]:
    """Keys of a table, as a file writes them."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def inner_tables(model: Model) -> dict[str, tuple[Model, bool]]:
    """Keys under which a table holds tables of the data model: which, and whether they are entries by id."""
    found = {}
    for name, field in model.model_fields.items():
        inner = model_inside(field.annotation)
        if inner is not None:
            found[field.alias or name] = (inner, get_origin(field.annotation) is Mapping)
    return found


ENTRIES: Mapping[str, Model] = MappingProxyType(
    {inner.__name__.lower(): inner for inner, by_id in inner_tables(Scenario).values() if "library" in keys_of(inner)}
)


def _statement(table: Mapping[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """Keys of a quantity that say its value and spread; what only repeats a default says nothing."""
    defaults = {field.alias or name: field.default for name, field in model.model_fields.items()}
    return {
        key: value
        for key, value in table.items()
        if key in defaults and key not in BESIDE_THE_STATEMENT and value != defaults[key]
    }
