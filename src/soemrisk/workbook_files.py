"""Scenarios as workbooks and back: what ``soemrisk workbook`` writes, as bytes and text.

Nothing is handed out before it has been read again and found to be the same scenario.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from soemrisk.complaints import KEYED_SECTIONS
from soemrisk.documents import document_of, is_workbook
from soemrisk.errors import Problem, ScenarioError
from soemrisk.library import library
from soemrisk.memo_templates import template
from soemrisk.observation_files import with_observations
from soemrisk.reading import MOST_BYTES, beside, load, parse
from soemrisk.receipt import content_hash
from soemrisk.scenario_workbook_reading import read_workbook
from soemrisk.scenario_workbook_writing import scenario_workbook
from soemrisk.sheet_rows import filled_sheets
from soemrisk.toml_text import toml_text

EXAMPLE = "workbook-example.toml"
WRITTEN = ""  # name of what is read again; its problems reach nobody


def example_workbook(lang: str) -> bytes:
    """The form with a small example filled in.

    Parameters
    ----------
    lang : {"da", "en"}

    Returns
    -------
    bytes

    Examples
    --------
    >>> parse(example_workbook("da"), "ny.xlsx").id
    'eksempel'
    """
    document = document_of(template(EXAMPLE).encode(), EXAMPLE)[0]
    return _workbook({**document, "lang": lang}, lang, EXAMPLE)


def workbook_of_scenario(source: str | Path, lang: str | None) -> bytes:
    """A scenario as a workbook; observations that lie in a file beside it are inside.

    Parameters
    ----------
    source : str or Path
        As for ``read``.
    lang : {"da", "en"} or None
        None: the scenario's.

    Returns
    -------
    bytes

    Raises
    ------
    ScenarioError
        The scenario is wrong, or something in it does not go into a cell.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> content_hash(parse(workbook_of_scenario("act-randers", "en"), "act.xlsx")) == content_hash(read("act-randers"))
    True
    """
    name, content = load(source)
    scenario = parse(content, name, beside=beside(source))
    document = with_observations(_document(content, name), beside(source))[0]
    return _workbook(document, lang or scenario.lang, name)


def toml_of_workbook(source: str | Path) -> str:
    """A workbook as the text of a TOML file.

    Parameters
    ----------
    source : str or Path

    Returns
    -------
    str

    Raises
    ------
    ScenarioError
        With every problem of the workbook, each with sheet and cell.
    """
    name, content = load(source)
    if not is_workbook(content, name):
        raise ScenarioError([Problem(rule="workbook-not-one", file=name)])
    scenario = parse(content, name, beside=beside(source))
    written = toml_text(with_observations(_document(content, name), beside(source))[0], keyed=KEYED_SECTIONS)
    if len(written.encode()) > MOST_BYTES:
        raise ScenarioError([Problem(rule="file-too-large", file=name, values={"most": f"{MOST_BYTES // 1000} kB"})])
    assert content_hash(parse(written.encode(), WRITTEN)) == content_hash(scenario)
    return written


def _document(content: bytes, name: str) -> dict[str, Any]:
    return read_workbook(content, name).document if is_workbook(content, name) else document_of(content, name)[0]


def _workbook(document: dict[str, Any], lang: str, name: str) -> bytes:
    filling = filled_sheets(document, lang)
    scenario = parse(toml_text(document).encode(), WRITTEN)
    written = scenario_workbook(filling, library(), lang, title=scenario.name.in_(lang))
    left = next(iter(filling.left), "")
    try:
        if not left and content_hash(parse(written, "")) == content_hash(scenario):
            return written
    except ScenarioError as error:
        left = error.problems[0].path
    raise ScenarioError([Problem(rule="workbook-too-long", file=name, values={"place": left or "–"})])
