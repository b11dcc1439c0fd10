"""The memo as a tagged PDF, set by typst from a template that receives every text as data.

The PDF is PDF/UA-1, which has a glyph for every letter: what no font of ours has is written by its Unicode name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from soemrisk.chart_style import drawable, font_folder
from soemrisk.memo_parts import Memo
from soemrisk.memo_templates import template


def memo_pdf(memo: Memo) -> bytes:
    """Write a memo as PDF.

    Parameters
    ----------
    memo : Memo

    Returns
    -------
    bytes
        The same for the same memo: without a date, and with the fonts of typst and matplotlib alone.

    Raises
    ------
    ModuleNotFoundError
        typst is not installed (the extra ``pdf``).
    """
    import typst

    told = json.dumps(_document(memo), ensure_ascii=False)
    compiler = typst.Compiler(  # type: ignore[misc]  # its stub leaves the type of what it reads open
        template("memo.typ").encode(), font_paths=[font_folder()], ignore_system_fonts=True, sys_inputs={"memo": told}
    )
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    assert isinstance(made, bytes)
    return made


def _document(memo: Memo) -> dict[str, Any]:
    """The memo as JSON, pictures as the text of their SVG; every letter has a glyph."""
    told = asdict(memo) | {"pictures": _svg(memo.pictures)}
    return {name: _printable(value) for name, value in told.items()}


def _svg(pictures: Mapping[str, bytes]) -> dict[str, str]:
    return {name.removesuffix(".svg"): content.decode() for name, content in pictures.items() if name.endswith(".svg")}


def _printable(value: Any) -> Any:
    """The same object with a name for each letter that no font has."""
    if isinstance(value, str):
        return drawable(value)
    if isinstance(value, dict):
        return {name: _printable(one) for name, one in value.items()}
    return [_printable(one) for one in value] if isinstance(value, list | tuple) else value
