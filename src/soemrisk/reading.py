"""From a file to a scenario: the one place where scenario files are opened and their mistakes are located.

Every problem of a file is found at once: the form of each section (pydantic), then the rules across sections on
whatever is well formed, each with its line.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from soemrisk.errors import Problem, ScenarioError
from soemrisk.messages import CATALOGUE
from soemrisk.rules import broken_rules
from soemrisk.scenario import LANGUAGES, Scenario
from soemrisk.toml_lines import lines_of, nearest

MOST_BYTES = 10_000_000
KEYED_SECTIONS = ("actors", "areas", "costs", "grants", "groups", "services", "consequences")
Where = tuple[str, ...]


def read(source: str | Path) -> Scenario:
    """Read a scenario from a file, or a shipped one by its id.

    Parameters
    ----------
    source : str or Path
        Path of a ``.toml`` file, or the id of a scenario that ships with soemrisk.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With every problem of the file.

    Examples
    --------
    >>> read("act-randers").id
    'act-randers'
    """
    name, content = load(source)
    return parse(content, name)


def load(source: str | Path) -> tuple[str, bytes]:
    """Return (name as the user gave it, content) of a scenario file or shipped scenario."""
    path = Path(source)
    shipped = resources.files("soemrisk") / "scenarios"
    if not path.exists() and not path.suffix and path.name == str(source):
        packaged = shipped / f"{source}.toml"
        if packaged.is_file():
            return str(source), packaged.read_bytes()
        known = shipped_ids()
        raise ScenarioError(
            [
                Problem(
                    rule="unknown-scenario",
                    file=str(source),
                    values={"allowed": known, "suggestion": _suggestion(str(source), known)},
                )
            ]
        )
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ScenarioError(
                [Problem(rule="file-too-large", file=str(source), values={"most": MOST_BYTES // 1_000_000})]
            )
        return str(source), path.read_bytes()
    except FileNotFoundError:
        raise ScenarioError([Problem(rule="file-missing", file=str(source))]) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ScenarioError([Problem(rule="file-unreadable", file=str(source), values={"reason": reason})]) from None


def shipped_ids() -> tuple[str, ...]:
    """Ids of the scenarios that ship with soemrisk."""
    folder = resources.files("soemrisk") / "scenarios"
    names = (entry.name for entry in folder.iterdir()) if folder.is_dir() else iter(())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def parse(content: bytes, name: str) -> Scenario:
    """Turn the content of a scenario file into a scenario.

    Parameters
    ----------
    content : bytes
        UTF-8 text, with or without a byte order mark.
    name : str
        What messages call the file.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With every problem, in the order of the file.
    """
    text = _decode(content, name)
    document = _document(text, name)
    lines = lines_of(text)

    def located(path: Where, rule: str, values: Mapping[str, object]) -> Problem:
        line = nearest(lines, _position(path, document))
        return Problem(rule=rule, path=".".join(path), values=values, file=name, line=line)

    known: dict[str, Collection[str]] = {
        section: tuple(table) if isinstance(table := document.get(section), dict) else () for section in KEYED_SECTIONS
    }
    scenario, wrong = _validate(document)
    problems = [located(*_explain(error)) for error in wrong]
    replaced = {str(error["loc"][0]) for error in wrong} & set(STAND_INS)
    for path, rule, values in broken_rules(scenario, known) if scenario is not None else ():
        where = tuple(path.split("."))
        if where[0] in replaced or ("settings" in replaced and rule in RULES_ON_YEARS):
            continue  # about the stand-in, not about the file
        allowed = values.get("allowed")
        hint = {} if allowed is None else {"suggestion": _suggestion(str(values.get("found")), allowed)}
        problems.append(located(where, rule, {**values, **hint}))
    if problems or scenario is None:
        stated = document.get("lang")
        raise ScenarioError(problems, lang=stated if stated in LANGUAGES else None)
    return scenario


def _position(path: Where, document: Mapping[str, Any]) -> Where:
    """The path with a step ``price@2023`` as its position in the list: ``price``, ``1``."""
    place: list[str] = []
    inner: Any = document
    for part in path:
        name, _, year = part.partition("@")
        inner = inner.get(name) if isinstance(inner, dict) else None
        place.append(name)
        if isinstance(inner, list) and name == "price":
            starts = [str(step.get("from", "")) if isinstance(step, dict) else "" for step in inner]
            number = starts.index(year) if year in starts else 0
            place.append(str(number))
            inner = inner[number] if inner else None
    return tuple(place)


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ScenarioError([Problem(rule="not-utf8", file=name, line=line)]) from None


def _document(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(list(_syntax_problems(text, name, str(error)))) from None
    except RecursionError:
        raise ScenarioError([Problem(rule="too-deep", file=name)]) from None


_DECIMAL_COMMA = re.compile(r"=\s*\[?\s*(-?\d+,\d+)\b(?!\s*,\s*-?\d)")


def _syntax_problems(text: str, name: str, message: str) -> Iterator[Problem]:
    """Yield the decimal commas of the text, which explain most syntax errors; else the parser's own message."""
    at = re.search(r"\(at line (\d+), column \d+\)", message)
    where = int(at[1]) if at else text.count("\n") + 1
    commas = [(n, m[1]) for n, line in enumerate(text.split("\n"), 1) for m in _DECIMAL_COMMA.finditer(line)]
    for line, found in commas:
        if "[" not in text.split("\n")[line - 1].split(found, maxsplit=1)[0].rsplit("=", 1)[-1]:
            yield Problem(
                rule="decimal-comma", file=name, line=line, values={"found": found, "write": found.replace(",", ".")}
            )
    if not any(line == where for line, _ in commas):
        reason = message.split(" (at ", maxsplit=1)[0]
        rule = "duplicate-key" if "overwrite" in reason or "twice" in reason else "toml-syntax"
        yield Problem(rule=rule, file=name, line=where, values={"reason": reason})


_CERTAIN = {"unit": "–", "source": "–"}
STAND_INS: Mapping[str, object] = MappingProxyType(
    {  # what a malformed section is replaced by, so that others are checked
        "schema": 1,
        "id": "stand-in",
        "lang": "da",
        "name": "–",
        "facts": dict.fromkeys(("intervention", "target_group", "success_measure", "source"), "–"),
        "settings": {
            "first_year": 1950,
            "last_year": 2100,
            "price_year": 2000,
            "discount_rate": {"value": 0.0, **_CERTAIN},
            "costs_discounted": False,
            "costs_discounted_source": "–",
        },
        "participants": {"completers": {"2000": 1}, "source": "–"},
        "success": {"net": {"value": 0.5, **_CERTAIN}},
        "promised": {},
    }
)
RULES_ON_YEARS = ("no-price-index", "year-outside-window", "list-too-long")


def _validate(document: dict[str, Any]) -> tuple[Scenario | None, list[ErrorDetails]]:
    """Validate; put aside what is malformed and validate the rest, so that rules across sections are checked too.

    Unknown keys are dropped, malformed entries of a section of entries are left out, other malformed sections are
    replaced by a stand-in.
    """
    try:
        return Scenario.model_validate(document), []
    except ValidationError as error:
        wrong = error.errors(include_url=False)
    rest: dict[str, Any] = document
    for one in wrong:
        section, *inner = (str(part) for part in one["loc"])
        if one["type"] == "extra_forbidden":
            rest = _without(rest, (section, *inner))
        elif section in STAND_INS:
            rest = {**rest, section: STAND_INS[section]}
        elif inner:
            rest = _without(rest, (section, inner[0]))
        else:
            rest = {**rest, section: {}}
    try:
        return Scenario.model_validate(rest), wrong
    except ValidationError:
        return None, wrong


def _without(document: dict[str, Any], path: Where) -> dict[str, Any]:
    """Copy of the document without one key; positions that only the data model has are passed over."""
    head, *tail = path
    if head not in document:
        return _without(document, tuple(tail)) if tail else document
    if not tail:
        return {key: value for key, value in document.items() if key != head}
    inner = document[head]
    return {**document, head: _without(inner, tuple(tail))} if isinstance(inner, dict) else document


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


def _explain(error: ErrorDetails) -> tuple[Where, str, dict[str, object]]:
    """Turn one pydantic error into (place, rule, values)."""
    where = tuple(str(part) for part in error["loc"] if part != "[key]")
    kind, context = error["type"], dict(error.get("ctx") or {})
    if kind == "missing":
        return where[:-1], "missing-key", {"key": where[-1]}
    if kind == "extra_forbidden":
        allowed = _allowed_keys(where[:-1])
        return (
            where,
            "unknown-key",
            {"key": where[-1], "allowed": allowed, "suggestion": _suggestion(where[-1], allowed)},
        )
    if kind == "literal_error":
        options = tuple(str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", "))
        found = str(error["input"])
        return where, "unknown-choice", {"found": found, "allowed": options, "suggestion": _suggestion(found, options)}
    if kind in _TYPES:
        return where, _TYPES[kind], {"found": str(error["input"])[:60]}
    if kind not in CATALOGUE:
        return where, "not-valid", {"found": str(error["input"])[:60]}
    return where, kind, context


def _allowed_keys(where: Where) -> tuple[str, ...]:
    """Keys that the data model has at a place; list positions and ids are passed through."""
    model: Any = Scenario
    for part in where:
        fields = {f.alias or n: f for n, f in model.model_fields.items()} if _is_model(model) else {}
        if part in fields:
            model = _model_inside(fields[part].annotation) or model
    return tuple((field.alias or name) for name, field in model.model_fields.items())


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _model_inside(annotation: Any) -> Any:
    """First model class named anywhere in a type annotation."""
    if _is_model(annotation):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_inside(inner)
        if found is not None:
            return found
    return None


def _suggestion(found: str, allowed: object) -> str | None:
    options = [str(option) for option in allowed] if isinstance(allowed, list | tuple) else []
    close = difflib.get_close_matches(found, options, n=1, cutoff=0.6)
    return close[0] if close else None
