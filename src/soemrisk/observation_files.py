"""Observations in a file beside the scenario: the column of a CSV in either dialect, put into the document as a list.

Pure: ``reading`` opens the files and hands in their bytes. A Danish CSV has semicolons and decimal commas, an English
one commas and points; a file with one column has whichever decimal mark its numbers have.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from pydantic_core import PydanticCustomError

from soemrisk.complaints import suggestion_for
from soemrisk.errors import Problem, ScenarioError
from soemrisk.messages import phrase
from soemrisk.stated_values import read_number

Path = tuple[str, ...]
Unread = tuple[
    Path, Problem
]  # place in the document; the problem has a file where it is in the CSV, else ``path`` is a key
Opener = Callable[[str], tuple[str, bytes]]  # name as the scenario has it → name for messages, content
MOST_WRONG = 10  # cells of one column that are told one by one
STAND_IN = (0.25, 0.5, 0.5, 0.75)  # for what could not be read, so that the rest of the file is checked
POWER = "([eE][+-]?[0-9]+)?"
NUMBER = {mark: re.compile(rf"[+-]?([0-9]+([{mark}][0-9]*)?|[{mark}][0-9]+){POWER}") for mark in ",."}


def with_observations(document: dict[str, Any], opened: Opener) -> tuple[dict[str, Any], list[Unread]]:
    r"""Put the numbers of every ``observations = { file, column }`` in its place.

    Parameters
    ----------
    document : dict
        A TOML document.
    opened : callable
        ``opened(name)`` gives the name for messages and the content; raises ``ScenarioError`` if it cannot be read.

    Returns
    -------
    dict
        A copy in which the tables are lists of numbers.
    list of (place, Problem)
        What could not be read.

    Examples
    --------
    >>> asked = {"price": {"observations": {"file": "a.csv", "column": "pris"}}}
    >>> with_observations(asked, lambda name: (name, "antal;pris\n1;2,5\n2;4\n".encode()))[0]
    {'price': {'observations': [2.5, 4.0]}}
    """
    unread: list[Unread] = []

    def filled(value: Any, where: Path) -> Any:
        if isinstance(value, list):
            return [filled(one, (*where, str(n))) for n, one in enumerate(value)]
        if not isinstance(value, dict):
            return value
        if where[-1:] == ("observations",) and set(value) == {"file", "column"} and _are_texts(value):
            found, problems = _observed(value["file"], value["column"], opened)
            unread.extend((where, one) for one in problems)
            return list(STAND_IN) if problems else found
        return {key: filled(one, (*where, key)) for key, one in value.items()}

    return filled(document, ()), unread


def _are_texts(table: dict[str, Any]) -> bool:
    return all(isinstance(one, str) and one for one in table.values())


def beside(name: str) -> bool:
    """Whether a name leads to a file beside the scenario or in a folder below it, on every system.

    Examples
    --------
    >>> beside("data/priser.csv"), beside("../priser.csv"), beside("C:/priser.csv")
    (True, False, False)
    """
    path = PurePosixPath(name)
    return not (path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name)


def _observed(name: str, column: str, opened: Opener) -> tuple[list[float], list[Problem]]:
    """Numbers of a column; problems with ``path`` ``file`` or ``column`` are in the scenario, others in the CSV."""
    if not beside(name):
        return [], [Problem(rule="observations-path", path="file", values={"found": name[:60]})]
    try:
        shown, content = opened(name)
    except ScenarioError as error:
        return [], [Problem(rule=one.rule, path="file", values=one.values) for one in error.problems]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [Problem(rule="not-utf8", file=shown, line=content[: error.start].count(b"\n") + 1)]
    try:
        return _column(text, column, name, shown)
    except csv.Error:
        return [], [Problem(rule="file-unreadable", path="file", values={"reason": phrase("csv-unreadable")})]


def _column(text: str, column: str, name: str, shown: str) -> tuple[list[float], list[Problem]]:
    delimiter, mark = _dialect(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [cell.strip() for cell in next(reader, [])]
    if header.count(column) != 1:
        values = {
            "found": column,
            "file": name,
            "allowed": tuple(header),
            "suggestion": suggestion_for(column, header),
        }
        rule = "unknown-column" if column not in header else "column-twice"
        return [], [Problem(rule=rule, path="column", values=values)]
    place = header.index(column)
    found: list[float] = []
    problems: list[Problem] = []
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        cell = row[place].strip() if place < len(row) else ""
        if any(one.strip() for one in row[len(header) :]):  # a decimal comma in a file with commas, or the like
            cell = delimiter.join(row)
        try:
            found.append(_number(cell, mark))
        except PydanticCustomError as error:
            cause = {"found": cell[:40], **(error.context or {})}
            problems.append(Problem(rule=error.type, path=column, values=cause, file=shown, line=reader.line_num))
    more = len(problems) - MOST_WRONG
    if more > 0:
        rest = Problem(rule="csv-more", path=column, values={"more": more}, file=shown, line=problems[MOST_WRONG].line)
        problems = [*problems[:MOST_WRONG], rest]
    if not found and not problems:
        problems.append(Problem(rule="empty-list", path=column, file=shown, line=1))
    return found, problems


def _dialect(text: str) -> tuple[str, str]:
    """Delimiter and decimal mark, by the marks of the first line outside quotes; one column may have either mark."""
    first, _, rest = re.sub(r'"[^"]*"', "", text).lstrip("\r\n").partition("\n")
    if ";" in first:
        return ";", ","
    if "," in first:
        return ",", "."
    return ";", "," if "," in rest else "."


def _number(cell: str, mark: str) -> float:
    if not NUMBER[mark].fullmatch(cell):
        raise PydanticCustomError("csv-number", "not a number", {"mark": mark})
    return read_number(float(cell.replace(",", ".")))
