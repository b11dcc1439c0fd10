"""From a file to a scenario: the one place where scenario files are opened and their mistakes are located.

Every problem of a file is found at once: the form of each section (pydantic), then the rules across sections on
whatever is well formed, each with its line.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from soemrisk.complaints import KEYED_SECTIONS, Where, explain, steps_by_position, steps_by_year, suggestion_for
from soemrisk.errors import Problem, ScenarioError
from soemrisk.observation_files import Opener, with_observations
from soemrisk.rules import broken_rules
from soemrisk.scenario import LANGUAGES, Scenario
from soemrisk.toml_lines import lines_of, nearest, without_texts

MOST_BYTES = 10_000_000
MOST_OBSERVED_BYTES = 10_000_000
MOST_LEVELS = 12
ONE_KEY_SHORT = (
    "missing-key",
    "range-incomplete",
    "success-form",
    "family-without-spread",
    "parameters-without-family",
)


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
    return parse(content, name, beside=beside(source))


def load(source: str | Path) -> tuple[str, bytes]:
    """Return (name as the user gave it, content) of a scenario file or shipped scenario."""
    path = Path(source)
    shipped = resources.files("soemrisk") / "scenarios"
    if not os.path.exists(path) and not path.suffix and path.name == str(source):  # noqa: PTH110 -- False for any bad name
        packaged = shipped / f"{source}.toml"
        if packaged.is_file():
            return str(source), packaged.read_bytes()
        known = shipped_ids()
        raise ScenarioError(
            [
                Problem(
                    rule="unknown-scenario",
                    file=str(source),
                    values={"allowed": known, "suggestion": suggestion_for(str(source), known)},
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


def beside(source: str | Path) -> Opener:
    """Opener of files that lie beside a scenario file, or beside a shipped scenario."""
    shipped = not os.path.exists(source)  # noqa: PTH110 -- False for any bad name
    folder = Path(str(resources.files("soemrisk") / "scenarios")) if shipped else Path(source).parent

    def opened(name: str) -> tuple[str, bytes]:
        path = folder / name
        try:
            if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe or a device may never end
                raise ScenarioError([Problem(rule="file-unreadable", values={"reason": "no regular file"})])
            with path.open("rb") as file:
                content = file.read(MOST_OBSERVED_BYTES + 1)
        except FileNotFoundError:
            raise ScenarioError([Problem(rule="file-missing")]) from None
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ScenarioError([Problem(rule="file-unreadable", values={"reason": reason})]) from None
        if len(content) > MOST_OBSERVED_BYTES:
            most = MOST_OBSERVED_BYTES // 1_000_000
            raise ScenarioError([Problem(rule="file-too-large", values={"most": most})])
        return str(path), content

    return opened


def _nothing_beside(_: str) -> tuple[str, bytes]:
    raise ScenarioError([Problem(rule="file-missing")])


def parse(content: bytes, name: str, *, beside: Opener = _nothing_beside) -> Scenario:
    """Turn the content of a scenario file into a scenario.

    Parameters
    ----------
    content : bytes
        UTF-8 text, with or without a byte order mark.
    name : str
        What messages call the file.
    beside : callable, optional
        Gives name and content of a file beside the scenario; without it there are none.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With every problem, in the order of the file.
    """
    text = _decode(content, name)
    document, unread = with_observations(_document(text, name), beside)
    lines = lines_of(text)

    def located(path: Where, rule: str, values: Mapping[str, object]) -> Problem:
        shown_path = ".".join(steps_by_year(path, document))
        return Problem(rule=rule, path=shown_path, values=values, file=name, line=nearest(lines, path))

    known: dict[str, Collection[str]] = {
        section: tuple(table) if isinstance(table := document.get(section), dict) else () for section in KEYED_SECTIONS
    }
    scenario, wrong = _validate(document)
    problems = [located(*explain(error, document)) for error in wrong]
    problems += [p if p.file else located((*where, p.path), p.rule, p.values) for where, p in unread]
    misspelt = {(p.path.rpartition(".")[0], p.values["suggestion"]) for p in problems if p.rule == "unknown-key"}
    problems = [p for p in problems if p.rule != "missing-key" or (p.path, p.values["key"]) not in misspelt]
    absent = _absent(document, wrong) | {section for section in ("actors", "areas") if not known[section]}
    replaced = {_put_aside(error) for error in wrong if error["type"] != "extra_forbidden"}
    replaced |= {where[:-1] for where, _ in unread}
    years_unknown = any(place in {("settings",), *(("settings", key) for key in KEYS_ON_YEARS)} for place in replaced)
    for path, rule, values in broken_rules(scenario, known) if scenario is not None else ():
        where = steps_by_position(tuple(path.split(".")), document)
        if rule == "nothing-there" and path in {str(error["loc"][0]) for error in wrong}:
            continue  # said already
        if rule == "unknown-reference" and values["section"] in absent:
            continue  # said once, of the section
        if rule in ONE_KEY_SHORT and {path, path.rpartition(".")[0]} & {place for place, _ in misspelt}:
            continue  # said once, of the misspelt key
        if any(where[: len(place)] == place for place in replaced) or (years_unknown and rule in RULES_ON_YEARS):
            continue  # about the stand-in, not about the file
        allowed = values.get("allowed")
        hint = {} if allowed is None else {"suggestion": suggestion_for(str(values.get("found")), allowed)}
        problems.append(located(where, rule, {**values, **hint}))
    problems = [p for n, p in enumerate(problems) if p not in problems[:n]]
    if problems or scenario is None:
        stated = document.get("lang")
        raise ScenarioError(problems, lang=stated if stated in LANGUAGES else None)
    return scenario


def _absent(document: dict[str, Any], wrong: list[ErrorDetails]) -> set[str]:
    """Sections that are missing or no tables, so that references to them cannot be judged."""
    malformed = {section for section in KEYED_SECTIONS if not isinstance(document.get(section, {}), dict)}
    return malformed | {str(error["loc"][0]) for error in wrong if error["type"] == "missing"}


def _decode(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ScenarioError([Problem(rule="not-utf8", file=name, line=line)]) from None


def _document(text: str, name: str) -> dict[str, Any]:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(list(_syntax_problems(text, name, str(error)))) from None
    except RecursionError:
        raise ScenarioError([Problem(rule="too-deep", file=name)]) from None
    except ValueError:  # Python converts whole numbers up to 4300 digits
        long = re.search(r"[0-9_]{4000,}", text)
        line = text.count("\n", 0, long.start()) + 1 if long else None
        found = long[0][:20] + "…" if long else "–"
        raise ScenarioError([Problem(rule="too-many-digits", file=name, line=line, values={"found": found})]) from None
    level: list[Any] = [document]
    for _ in range(MOST_LEVELS):
        tables = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        level = [one for table in tables for one in table]
    if level:
        raise ScenarioError([Problem(rule="too-deep", file=name)])
    return document


_THOUSANDS = re.compile(r"=\s*(-?\d{1,3}(?:\.\d{3}){2,}|-?\d{1,3}(?:\.\d{3})+,\d+)\b")
_DECIMAL_COMMA = re.compile(r"=\s*(-?\d+,\d+)\b(?!\s*,\s*-?\d)")


def _syntax_problems(text: str, name: str, message: str) -> Iterator[Problem]:
    """Yield the decimal commas of the text, which explain most syntax errors; else the parser's own message."""
    at = re.search(r"\(at line (\d+), column \d+\)", message)
    where = int(at[1]) if at else text.count("\n") + 1
    lines = without_texts(text).split("\n")
    commas = dict.fromkeys((n, m[1]) for n, line in enumerate(lines, 1) for m in _DECIMAL_COMMA.finditer(line))
    for line, found in commas:
        values = {"found": found, "write": found.replace(",", ".")}
        yield Problem(rule="decimal-comma", file=name, line=line, values=values)
    points = dict.fromkeys((n, m[1]) for n, line in enumerate(lines, 1) for m in _THOUSANDS.finditer(line))
    for line, found in points:
        values = {"found": found, "write": found.replace(".", "").replace(",", ".")}
        yield Problem(rule="thousands-mark", file=name, line=line, values=values)
    if not any(line == where for line, _ in (*commas, *points)):
        reason = message.split(" (at ", maxsplit=1)[0]
        twice = re.search("overwrite|twice|Duplicate", reason)
        yield Problem(
            rule="duplicate-key" if twice else "toml-syntax", file=name, line=where, values={"reason": reason}
        )


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
RULES_ON_YEARS = ("no-price-index", "year-outside-window", "list-too-long", "window-impossible")
KEYS_ON_YEARS = ("first_year", "last_year", "price_year", "price_index")


def _put_aside(error: ErrorDetails) -> Where:
    """Place of what one error makes unusable: an entry, a key of the settings, or a whole section."""
    section, *inner = (str(part) for part in error["loc"])
    return (section, *inner[:1]) if section in {*KEYED_SECTIONS, "settings"} else (section,)


def _validate(document: dict[str, Any]) -> tuple[Scenario | None, list[ErrorDetails]]:
    """Validate; put aside what is malformed and validate the rest, so that rules across sections are checked too.

    Unknown keys are dropped, malformed entries of a section of entries are left out, malformed settings and other
    sections are replaced by a stand-in.
    """
    try:
        return Scenario.model_validate(document), []
    except ValidationError as error:
        wrong = error.errors(include_url=False)
    rest: dict[str, Any] = document
    for one in wrong:
        place = tuple(str(part) for part in one["loc"])
        if one["type"] == "extra_forbidden":
            rest = _without(rest, place)
            continue
        section, *key = _put_aside(one)
        stand_in = STAND_INS.get(section, {})
        if not key:
            rest = {**rest, section: stand_in}
        elif isinstance(stand_in, dict) and key[0] in stand_in:
            rest = {**rest, section: {**rest.get(section, {}), key[0]: stand_in[key[0]]}}
        else:
            rest = _without(rest, (section, key[0]))
    try:
        return Scenario.model_validate(rest), wrong
    except ValidationError:
        return None, wrong


def _without(document: Any, path: Where) -> Any:
    """Copy of the document without one key; positions that only the data model has are passed over."""
    head, *tail = path
    if isinstance(document, list) and head.isdigit() and int(head) < len(document):
        n = int(head)
        return [*document[:n], _without(document[n], tuple(tail)), *document[n + 1 :]] if tail else document
    if not isinstance(document, dict) or head not in document:
        return _without(document, tuple(tail)) if tail else document
    if not tail:
        return {key: value for key, value in document.items() if key != head}
    return {**document, head: _without(document[head], tuple(tail))}
