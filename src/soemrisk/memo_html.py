"""The memo as one HTML file that works offline: no outside request, no script, every text escaped."""

from __future__ import annotations

from base64 import b64encode

from jinja2 import Environment, StrictUndefined

from soemrisk.memo_parts import Memo
from soemrisk.memo_templates import template
from soemrisk.messages import text


def memo_html(memo: Memo) -> bytes:
    """Write a memo as HTML.

    Parameters
    ----------
    memo : Memo

    Returns
    -------
    bytes
        UTF-8, the same for the same memo.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    pictures = {
        name.removesuffix(".svg"): b64encode(content).decode()
        for name, content in memo.pictures.items()
        if name.endswith(".svg")
    }
    contents = text("memo-contents", memo.lang)
    return (
        environment.from_string(template("memo.html.jinja"))
        .render(memo=memo, pictures=pictures, contents=contents)
        .encode()
    )
