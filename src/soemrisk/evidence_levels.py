"""The level of evidence that a number rests on, wherever its owner states it; it moves nothing by itself."""

from __future__ import annotations

from soemrisk.library import entry_behind
from soemrisk.quantity import Quantity


def level_of(quantity: Quantity) -> int | None:
    """Level of evidence of a number: its own, the one that its spread or discount goes by, or that of the library.

    Parameters
    ----------
    quantity : Quantity

    Returns
    -------
    int or None
        1 meta-analysis or randomised trial, 2 with a comparison group, 3 without one; None where nobody states it.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> level_of(read("act-randers").success.with_)
    3
    """
    carried = None if quantity.discount is None else quantity.discount.evidence
    listed: int | None = entry_behind(quantity.library).get("evidence_level")
    return quantity.evidence_level or quantity.evidence or carried or listed
