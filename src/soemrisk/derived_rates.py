"""The rate with the intervention where it follows from the rate without it and an effect: a column behind the inputs.

Apart from ``bands``, the other derived values, because it is about who succeeds and not about what is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soemrisk.effect_sizes import rate_with

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedRate:
    """Which inputs the rate with the intervention follows from, and how.

    Attributes
    ----------
    without, effect : int
        Positions among the inputs: the rate without the intervention, and the effect on its scale.
    scale : str
        As ``effect_sizes.rate_with`` takes it.
    conversion : str or None
    """

    without: int
    effect: int
    scale: str
    conversion: str | None


def beyond_a_rate(one: DerivedRate, values: Floats) -> NDArray[np.bool_]:
    """Draws, (n,), in which an effect would lead outside 0 to 1, and the rate is cut there.

    Examples
    --------
    >>> cut = DerivedRate(without=0, effect=1, scale="risk_ratio", conversion=None)
    >>> beyond_a_rate(cut, np.array([[0.3, 2.0], [0.6, 2.0]])).tolist()
    [False, True]
    """
    without, effect = values[:, one.without], values[:, one.effect]
    if one.scale not in {"risk_ratio", "rate_difference"}:
        return np.zeros(len(values), dtype=np.bool_)
    wanted = without * effect if one.scale == "risk_ratio" else without + effect
    beyond: NDArray[np.bool_] = (wanted > 1) | (wanted < 0)
    return beyond


def with_rates(values: Floats, stated: Floats, derived: Sequence[DerivedRate]) -> Floats:
    """Append rates with the intervention: both rates are then of one draw of the rate without it.

    Parameters
    ----------
    values : (n, q + derived) float64
        Inputs, and what else is derived from them.
    stated : (n, q) float64
        The inputs.
    derived : sequence of DerivedRate

    Returns
    -------
    (n, q + derived + len(derived)) float64, Fortran order
        ``values`` itself where all rates are inputs.

    Examples
    --------
    >>> both = np.array([[0.2, 4.0]])
    >>> with_rates(both, both, [DerivedRate(without=0, effect=1, scale="odds_ratio", conversion=None)]).tolist()
    [[0.2, 4.0, 0.5]]
    """
    if not derived:
        return values
    rates = [rate_with(stated[:, one.without], stated[:, one.effect], one.scale, one.conversion) for one in derived]
    return np.asfortranarray(np.column_stack([values, *rates]))
