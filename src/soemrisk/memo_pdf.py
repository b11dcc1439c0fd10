"""The memo as a tagged PDF, set by typst from a template that receives every text as data.

The PDF is PDF/UA-1, which has a glyph for every letter: what no font of ours has is written by its Unicode name.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from soemrisk.chart_style import font_folder, letters
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

    told = _printable(json.dumps(_document(memo), ensure_ascii=False))
    compiler = typst.Compiler(  # type: ignore[misc]  # its stub leaves the type of what it reads open
        template("memo.typ").encode(), font_paths=[font_folder()], ignore_system_fonts=True, sys_inputs={"memo": told}
    )
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    assert isinstance(made, bytes)
    return made


def _document(memo: Memo) -> dict[str, Any]:
    """The memo as JSON, pictures as the text of their SVG."""
    told = asdict(memo) | {"pictures": _svg(memo.pictures)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in told.items()}


def _svg(pictures: Mapping[str, bytes]) -> dict[str, str]:
    return {name.removesuffix(".svg"): content.decode() for name, content in pictures.items() if name.endswith(".svg")}


def _printable(words: str) -> str:
    """Text in which a letter without a glyph is named, and one that shows nothing is a blank."""
    return "".join(letter if ord(letter) in letters() else _named(letter) for letter in words)


def _named(letter: str) -> str:
    if unicodedata.category(letter)[0] in "CZM":
        return " "
    return f"[{unicodedata.name(letter, f'U+{ord(letter):04X}').lower()}]"
