"""What an actor must be paid for a chance of a gain: once, or for each success.

A sum paid once moves the whole distribution, so that it is a quantile with another sign. A payment for each success
comes only as often as successes do: of each draw it is known from which payment on it is a gain.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from soemrisk.break_evens import extended_quantile
from soemrisk.statistics import standard_error

Floats = NDArray[np.float64]

CHANCES = (50, 70, 90)  # of a gain, per cent


def payment_needed(net: Floats, successes: Floats) -> Floats:
    """Payment for each success from which a draw is a gain.

    Parameters
    ----------
    net : (..., a) float64
        Net result, chance included, kr.
    successes : (...) float64
        Discounted net number of successes; where it is not above 0 nothing is paid.

    Returns
    -------
    (..., a) float64
        −net / successes, kr. for a success in prices and at the discount factor of the year of the success; without
        one −inf for a gain and +inf for none.

    Examples
    --------
    >>> payment_needed(np.array([[-6.0], [2.0], [-1.0]]), np.array([3.0, 4.0, 0.0])).ravel().tolist()
    [2.0, -0.5, inf]
    """
    paid = successes[..., None] > 0
    each = (0.0 - net) / np.where(paid, successes[..., None], 1.0)
    return np.where(paid, each, np.where(net > 0, -np.inf, np.inf))


def payment_statistics(needed: Floats, reachable: float) -> dict[str, float]:
    """Payments for each success with which one actor has some chances of a gain.

    Parameters
    ----------
    needed : (r, n) float64
        From ``payment_needed``.
    reachable : float
        Share of draws with a gain or a success.

    Returns
    -------
    dict
        ``p50``, ``p70``, ``p90`` (+inf where no payment is enough, −inf where the chance is reached without a success)
        with ``mcse_p50`` …, inf where some replicate has no finite one; and ``prob_reachable``.

    Examples
    --------
    >>> payment_statistics(np.array([[1.0, 3.0], [2.0, 2.0]]), 1.0)["p50"]
    2.0
    """
    pooled, within = np.sort(needed, axis=None), np.sort(needed, axis=1)
    return payment_figures(
        {chance: extended_quantile(pooled, chance / 100) for chance in CHANCES},
        {chance: np.array([extended_quantile(one, chance / 100) for one in within]) for chance in CHANCES},
        reachable,
    )


def payment_figures(
    pooled: Mapping[int, float], by_replicate: Mapping[int, Floats], reachable: float
) -> dict[str, float]:
    """As ``payment_statistics``, from quantiles of all draws and of each replicate by chance."""
    result = {f"p{chance}": pooled[chance] for chance in CHANCES}
    for chance in CHANCES:
        each = by_replicate[chance]
        result[f"mcse_p{chance}"] = standard_error(each) if np.isfinite(each).all() else np.inf
    return {**result, "prob_reachable": reachable}


def grant_of(net: Mapping[str, float], payment: Mapping[str, float]) -> dict[str, dict[str, object]]:
    """Both ways to be paid for one actor, as the answer has them.

    Parameters
    ----------
    net : mapping
        ``statistics`` of the net result, chance included.
    payment : mapping
        From ``payment_statistics``.

    Returns
    -------
    dict
        ``lump_sum`` and ``per_success``: ``p50``, ``p70``, ``p90``, each ``amount`` and ``mcse`` in kr., None where
        infinite; and ``prob_reachable`` of the second.
    """
    once = {f"p{chance}": _amount(0.0 - net[f"p{100 - chance}"], net[f"mcse_p{100 - chance}"]) for chance in CHANCES}
    each = {f"p{chance}": _amount(payment[f"p{chance}"], payment[f"mcse_p{chance}"]) for chance in CHANCES}
    return {"lump_sum": dict(once), "per_success": {**each, "prob_reachable": payment["prob_reachable"]}}


def _amount(value: float, error: float) -> dict[str, float | None]:
    finite = bool(np.isfinite(value))
    return {"amount": value if finite else None, "mcse": error if finite and np.isfinite(error) else None}
