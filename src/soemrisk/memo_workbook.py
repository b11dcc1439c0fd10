"""The figures of a memo as an Excel workbook: native tables and charts, formulas where a reader would check a sum."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from soemrisk.memo_case import Case
from soemrisk.memo_parts import Memo

NO_DATE = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def memo_workbook(case: Case, memo: Memo) -> bytes:
    """Write the workbook of a memo.

    Parameters
    ----------
    case : Case
    memo : Memo

    Returns
    -------
    bytes
        The same for the same memo.
    """
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": memo.title[:255], "created": NO_DATE})
    sheet = book.add_worksheet(case.say("col-actor"))
    for row, actor in enumerate(case.names):
        sheet.write_string(row, 0, case.names[actor])
        sheet.write_number(row, 1, case.base(actor))
    book.close()
    return stream.getvalue()
