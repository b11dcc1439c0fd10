"""The layouts of the memo, shipped beside the code: the only files that its writers read."""

from __future__ import annotations

from importlib import resources


def template(name: str) -> str:
    """Text of a layout.

    Examples
    --------
    >>> "sys.inputs" in template("memo.typ")
    True
    """
    return resources.files("soemrisk").joinpath(f"templates/{name}").read_text(encoding="utf-8")
