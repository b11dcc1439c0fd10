"""What a consequence is in each year since success: the shape of its change and of the level that it changes.

Apart from ``terms`` because the rules ask the same: whether more is saved than is used, or than a year holds.
Shapes are in units of a quantity's base value, so that one draw moves all years.
"""

from __future__ import annotations

from soemrisk.quantity import Quantity
from soemrisk.scenario import Consequence


def change_by_year(consequence: Consequence, horizon: int) -> tuple[float, ...]:
    """Change in each year since success, before persistence, in units of its base value.

    Parameters
    ----------
    consequence : Consequence
    horizon : int
        Number of years of a cohort, the year of success included.

    Returns
    -------
    tuple of float, length horizon
        0 before the onset, after the end of a list and after the duration.

    Examples
    --------
    >>> change = Quantity(value=-10, unit="day", source="x")
    >>> change_by_year(Consequence(service="x", change=change, yearly=5, onset=1, duration=2), 4)
    (0.0, 1.0, 0.5, 0.0)
    """
    value = consequence.change.value
    if isinstance(value, tuple):
        shape = value
    else:
        step = consequence.yearly / value if consequence.yearly != 0 and value else 0.0
        shape = tuple(1.0 + step * k for k in range(horizon))
    lasts = len(shape) if consequence.duration is None else min(len(shape), consequence.duration)
    shifted = [0.0] * min(consequence.onset, horizon) + list(shape[:lasts]) + [0.0] * horizon
    return tuple(shifted[:horizon])


def level_by_year(level: Quantity, horizon: int) -> tuple[float, ...]:
    """Use without success in each year since success, in units of its base value; 0 after the end of a list."""
    shape = level.value if isinstance(level.value, tuple) else (1.0,) * horizon
    return (*shape, *[0.0] * horizon)[:horizon]
