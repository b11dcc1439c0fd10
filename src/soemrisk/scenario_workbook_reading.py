"""From the bytes of a workbook to its sheets: values of cells, and nothing that could run or lead anywhere.

The only module that knows the library that reads workbooks. It is given what ``zip_limits`` has judged.
"""

from __future__ import annotations

import io
from typing import Any

from soemrisk.errors import Problem, ScenarioError
from soemrisk.scenario_sheets import UNREAD
from soemrisk.sheet_document import Workbook
from soemrisk.sheet_headings import NOTE, plain, sheet_names
from soemrisk.sheet_reading import Tab, workbook_of
from soemrisk.zip_limits import judged_workbook

MOST_SHEETS = 100


def read_workbook(content: bytes, name: str) -> Workbook:
    """Read a scenario from the bytes of an ``.xlsx``.

    Parameters
    ----------
    content : bytes
    name : str
        What messages call the file.

    Returns
    -------
    Workbook
        The document, and where its values came from.

    Raises
    ------
    ScenarioError
        The file is no workbook, or more than is read.

    Examples
    --------
    >>> read_workbook(b"", "x.xlsx")
    Traceback (most recent call last):
    ...
    soemrisk.errors.ScenarioError: x.xlsx: this is no Excel workbook (.xlsx), whatever its name says
    """
    judged = judged_workbook(content, name)
    try:
        return workbook_of(_tabs(judged))
    except ScenarioError as error:
        raise ScenarioError([Problem(rule=one.rule, file=name, values=one.values) for one in error.problems]) from None


def _tabs(judged: bytes) -> list[Tab]:
    import python_calamine as calamine

    damaged = ScenarioError([Problem(rule="workbook-damaged")])
    try:
        book = calamine.load_workbook(io.BytesIO(judged))
        if len(book.sheet_names) > MOST_SHEETS:
            raise damaged
        return [_tab(book.get_sheet_by_name(name)) for name in book.sheet_names]
    except ScenarioError:
        raise
    except BaseException as error:  # what it cannot read it says in many ways, one of which is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise damaged from None


def _tab(sheet: Any) -> Tab:
    if NOTE.match(sheet.name.strip()) or sheet_names().get(plain(sheet.name)) in UNREAD:
        return Tab(name=sheet.name, grid=())
    merged = list(sheet.merged_cell_ranges or ())
    return Tab(name=sheet.name, grid=sheet.to_python(skip_empty_area=False), merged=merged)
