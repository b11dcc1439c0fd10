"""From a file to a scenario: the one place where scenario files are opened and their mistakes are located.

Every problem of a file is found at once: the form of each section (pydantic), then the rules across sections on
whatever is well formed, each with its line, or in a workbook its cell.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from soemrisk.complaints import (
    KEYED_SECTIONS,
    Where,
    as_written,
    explain,
    steps_by_position,
    steps_by_year,
    suggestion_for,
)
from soemrisk.documents import MOST_PACKED, document_of, is_workbook
from soemrisk.errors import MOST_PROBLEMS, Problem, ScenarioError, system_reason
from soemrisk.evidence_discounts import with_discounts
from soemrisk.library import Entry, library
from soemrisk.observation_files import Opener, with_observations
from soemrisk.references import refers, with_references
from soemrisk.rules import broken_rules
from soemrisk.scenario import LANGUAGES, Scenario
from soemrisk.sheet_document import Workbook, cell_name
from soemrisk.toml_lines import lines_of, nearest

Placed = tuple[int | None, Where, str, dict[str, object]]  # line or cell, place, rule, values
MOST_BYTES = 400_000  # is judged within two seconds, whatever it holds; a real scenario has 20 to 100 kB
MISSING = ("missing-key", "level-without-change")
MOST_OBSERVED_BYTES = 1_000_000
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
        Path of a ``.toml`` file or ``.xlsx`` workbook, or the id of a scenario that ships with soemrisk.

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
        kind = path.stat().st_mode
        regular = stat.S_ISREG(kind) or stat.S_ISDIR(kind)  # a pipe or a device may never end; a directory says so
        content = _beginning(path) if regular else b""
    except FileNotFoundError:
        raise ScenarioError([Problem(rule="file-missing", file=str(source))]) from None
    except (OSError, ValueError) as error:  # ValueError: no file can have this name
        values: dict[str, object] = {"reason": system_reason(error)}
        raise ScenarioError([Problem(rule="file-unreadable", file=str(source), values=values)]) from None
    if not regular:
        raise ScenarioError([Problem(rule="not-a-file", file=str(source))])
    limit = MOST_PACKED if is_workbook(content, str(source)) else MOST_BYTES
    if len(content) > limit:
        most = f"{limit // 1000} kB" if limit < 1_000_000 else f"{limit // 1_000_000} MB"
        raise ScenarioError([Problem(rule="file-too-large", file=str(source), values={"most": most})])
    return str(source), content


def _beginning(path: Path) -> bytes:
    """One byte more of a file than is read, at most: nobody's memory is filled to say that it is too large."""
    with path.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
        return content + opened.read(MOST_PACKED - MOST_BYTES) if is_workbook(content, path.name) else content


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
            if not path.resolve().is_relative_to(folder.resolve()):  # a link may lead out of the folder
                raise ScenarioError([Problem(rule="observations-path", values={"found": name})])
            if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe or a device may never end
                raise ScenarioError([Problem(rule="not-a-file")])
            with path.open("rb") as file:
                content = file.read(MOST_OBSERVED_BYTES + 1)
        except FileNotFoundError:
            raise ScenarioError([Problem(rule="file-missing")]) from None
        except OSError as error:
            raise ScenarioError([Problem(rule="file-unreadable", values={"reason": system_reason(error)})]) from None
        if len(content) > MOST_OBSERVED_BYTES:
            most = f"{MOST_OBSERVED_BYTES // 1_000_000} MB"
            raise ScenarioError([Problem(rule="file-too-large", values={"most": most})])
        return str(path), content

    return opened


def _nothing_beside(_: str) -> tuple[str, bytes]:
    raise ScenarioError([Problem(rule="file-missing")])


def parse(
    content: bytes, name: str, entries: Mapping[str, Entry] | None = None, *, beside: Opener = _nothing_beside
) -> Scenario:
    """Turn the content of a scenario file into a scenario.

    Parameters
    ----------
    content : bytes
        UTF-8 text, with or without a byte order mark, or a workbook.
    name : str
        What messages call the file.
    entries : mapping, optional
        What references are looked up in; the shipped library if left out.
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
    document, places, book = _opened(content, name)
    misplaced: list[tuple[Where, str, dict[str, object]]] = []
    if refers(document):
        document, misplaced = with_references(document, library() if entries is None else entries)
    document, unread = with_observations(with_discounts(document), beside)
    scenario, wrong = _validate(document)
    more = len(wrong) - MOST_PROBLEMS
    if more > 0:
        wrong.sort(key=lambda error: nearest(places(), as_written(error, document)) or 0)
        del wrong[MOST_PROBLEMS:]
    found = [explain(error, document) for error in wrong]
    misspelt = {(where[:-1], values["suggestion"]) for where, rule, values in found if rule == "unknown-key"}
    found = [one for one in found if one[1] not in MISSING or (one[0], one[2]["key"]) not in misspelt]
    unfilled = {where[:-1] for where, _, _ in misplaced if where[-1] == "library"}
    told = book.places if book else set()
    said = {where for where, _, _ in misplaced} | told
    no_texts = {where[:-1] for where, _, _ in found if where[-1:] == ("library",)}  # what it would bring is not known
    found = [one for one in found if one[1] not in MISSING or one[0] not in no_texts]
    found = [one for one in found if one[1] not in MISSING or (*one[0], one[2]["key"]) not in said]
    found = [one for one in found if not any(one[0][: len(place)] == place for place in unfilled)] + misplaced
    if scenario is not None:
        aside = {_put_aside(error) for error in wrong if error["type"] != "extra_forbidden"}
        aside |= {where[:-1] for where, _ in unread}
        found += _broken(scenario, document, (wrong, aside), {where for where, _ in misspelt})
    found += [((*where, *p.path.split(".")), p.rule, dict(p.values)) for where, p in unread if not p.file]
    found = [one for one in found if not _is_told(one, told)]
    elsewhere = [p for _, p in unread if p.file]
    if not found and not elsewhere and not (book and book.told) and scenario is not None:
        return scenario
    problems = [*_located(found, document, places(), name, book), *elsewhere]
    more = max(more, 0) + len(found[MOST_PROBLEMS:])
    raise ScenarioError(problems, lang=_stated_language(document), more=more)


def _is_told(finding: tuple[Where, str, dict[str, object]], told: set[Where]) -> bool:
    """Whether a finding is about what a workbook could not say, or about what would be there."""
    where, rule, values = finding
    missing = rule == "unknown-reference" and (str(values["section"]),) in told
    return missing or any(where[:length] in told for length in range(len(where) + 1))


def _stated_language(document: Mapping[str, Any]) -> str | None:
    stated = document.get("lang")
    return stated if stated in LANGUAGES else None


def _opened(content: bytes, name: str) -> tuple[dict[str, Any], Callable[[], Mapping[Where, int]], Workbook | None]:
    """A document, where in its file everything stands, and the workbook where it is one."""
    if is_workbook(content, name):
        from soemrisk.scenario_workbook_reading import read_workbook

        book = read_workbook(content, name)
        return book.document, lambda: book.cells, book
    document, text = document_of(content, name)
    return document, cache(lambda: lines_of(text)), None  # only mistakes need lines


def _located(
    found: list[tuple[Where, str, dict[str, object]]],
    document: dict[str, Any],
    lines: Mapping[Where, int],
    name: str,
    book: Workbook | None,
) -> list[Problem]:
    """Findings as problems in the order of their lines or cells, each once, and no more than are shown."""
    from soemrisk.sheet_wording import in_form, in_words, row_of

    found = [in_form(one, lines) for one in found] if book else found
    placed: list[Placed] = [(_stands(lines, one), *one) for one in found]
    if book:
        told = {cell for cell, _, _ in book.told}  # one message for a cell that cannot be read
        placed = [one for one in placed if one[0] not in told] + [
            (cell, (), rule, values) for cell, rule, values in book.told
        ]
    problems: list[Problem] = []
    for line, where, rule, values in sorted(placed, key=_line)[:MOST_PROBLEMS]:
        allowed = values.get("allowed")
        known = allowed is None or "suggestion" in values
        hint = {} if known else {"suggestion": suggestion_for(_misspelt_word(values), allowed)}
        path = ".".join(steps_by_year(where, document))
        cell = cell_name(book, line) if book and line is not None else ""
        place: dict[str, Any] = {"cell": cell, "row": row_of(where)} if book else {"line": line}
        said = in_words(rule, where, values) if book else values
        problem = Problem(rule=rule, path=path, values={**said, **hint}, file=name, **place)
        problems += [problem] if problem not in problems else []
    return problems


def _line(placed: Placed) -> int:
    return (placed[0] or 0) if placed[2] != "bad-id" else -1  # before what refers to it


def _stands(lines: Mapping[Where, int], finding: tuple[Where, str, dict[str, object]]) -> int | None:
    """Line or cell of a finding; of a key that is missing the cell where it belongs."""
    where, rule, values = finding
    lacking = str(values.get("missing", "")).split(", ")[0] if rule == "range-incomplete" else ""
    return nearest(lines, (*where, str(values["key"])) if rule in MISSING else (*where, lacking))


def _misspelt_word(values: Mapping[str, object]) -> str:
    return str(values.get("key", values.get("found")))


def _broken(
    scenario: Scenario, document: dict[str, Any], mistakes: tuple[list[ErrorDetails], set[Where]], misspelt: set[Where]
) -> Iterator[tuple[Where, str, dict[str, object]]]:
    """Yield the broken rules across sections, without what they say of stand-ins and what is said already."""
    wrong, replaced = mistakes
    known: dict[str, Collection[str]] = {
        section: tuple(table) if isinstance(table := document.get(section), dict) else () for section in KEYED_SECTIONS
    }
    sections = {str(error["loc"][0]) for error in wrong}
    absent = {section for section in KEYED_SECTIONS if not isinstance(document.get(section, {}), dict)}
    absent |= {str(error["loc"][0]) for error in wrong if error["type"] == "missing"}
    absent |= {section for section in ("actors", "areas") if not known[section]}
    years_unknown = any(place in {("settings",), *(("settings", key) for key in KEYS_ON_YEARS)} for place in replaced)
    for path, rule, values in broken_rules(scenario, known):
        where = steps_by_position(tuple(path.split(".")), document)
        if rule == "nothing-there" and path in sections:
            continue  # said already
        if rule == "unknown-reference" and values["section"] in absent:
            continue  # said once, of the section
        if rule in ONE_KEY_SHORT and {where, where[:-1]} & misspelt:
            continue  # said once, of the misspelt key
        if any(where[:length] in replaced for length in range(1, len(where) + 1)):
            continue  # about the stand-in, not about the file
        if years_unknown and rule in RULES_ON_YEARS:
            continue
        if rule == "change-exceeds-level" and _compared(where, document) & {place[:2] for place in replaced}:
            continue  # with a stand-in
        yield where, rule, values


def _compared(where: Where, document: dict[str, Any]) -> set[Where]:
    """The consequence at a place, and the group whose factor its change is multiplied by."""
    consequence = document["consequences"][where[1]]
    return {where[:2], ("groups", str(consequence.get("group")))}


_CERTAIN = {"unit": "–", "source": "–"}
STAND_INS: Mapping[str, object] = MappingProxyType(
    {  # what a malformed section is replaced by, so that others are checked
        "schema": 1,
        "id": "stand-in",
        "draws_as": None,
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
    """Place of what one error makes unusable: an entry, a key of the settings, a promise, or a whole section."""
    section, *inner = (str(part) for part in error["loc"])
    return (section, *inner[:1]) if section in {*KEYED_SECTIONS, "settings", "promised"} else (section,)


def _validate(document: dict[str, Any]) -> tuple[Scenario | None, list[ErrorDetails]]:
    """Validate; put aside what is malformed and validate the rest, so that rules across sections are checked too.

    Unknown keys are dropped, malformed entries of a section of entries are left out, malformed settings and other
    sections are replaced by a stand-in.
    """
    try:
        return Scenario.model_validate(document), []
    except ValidationError as error:
        wrong = error.errors(include_url=False)
    if len(wrong) > MOST_PROBLEMS:  # then the rules across sections are not tested
        return None, wrong
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
