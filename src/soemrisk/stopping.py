"""Enough draws: the points double until what is printed no longer moves.

Replicates of a doubled plan begin with the points of the one before, so earlier draws stay; they are made anew with the
others, which is at most twice the work. The rule looks at printed figures and their errors, not at a number of draws.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from soemrisk.design import Plan
from soemrisk.digest import Digest
from soemrisk.statistics import interval_factor

CHANCE = 0.005  # half-width of the 95 % interval of a chance of gain: half of one of 100
AMOUNT = 0.01  # the same of mean, P10, P50 and P90, as a part of the range P10 to P90, or of the sd where that is more
MOST_DRAWS = 2**24


def stable(digest: Digest, *, chance: float = CHANCE, amount: float = AMOUNT) -> bool:
    """Whether the printed figures of the net result have settled, for the total and every actor.

    Parameters
    ----------
    digest : Digest
    chance : float
        Largest half-width of the 95 % interval of the chance of a gain.
    amount : float
        Largest half-width of the 95 % intervals of mean, P10, P50 and P90, as a part of P90 − P10 or the sd.

    Returns
    -------
    bool

    Examples
    --------
    >>> from soemrisk.design import plan
    >>> from soemrisk.reading import read
    >>> from soemrisk.running import run_scenario
    >>> stable(run_scenario(read("act-randers"), plan(256, 0))[0])
    False
    """
    factor = interval_factor(digest.plan.replicates)
    for stats in digest.net:
        width = max(stats["p90"] - stats["p10"], stats["sd"])  # a rare event has no range between P10 and P90
        errors = [stats[f"mcse_{name}"] for name in ("mean", "p10", "p50", "p90")]
        if factor * stats["mcse_prob"] > chance or factor * max(errors) > amount * width:
            return False
    return True


def until_stable(
    plan: Plan,
    run: Callable[[Plan], Digest],
    *,
    chance: float = CHANCE,
    amount: float = AMOUNT,
    most: int = MOST_DRAWS,
) -> Digest:
    """Double the points until the figures are stable, or there are too many.

    Parameters
    ----------
    plan : Plan
        The first number of points; not a Latin hypercube, whose points do not stay.
    run : callable
        From a plan to its digest.
    chance, amount : float
        As ``stable``.
    most : int
        No plan has more draws.

    Returns
    -------
    Digest
        Of the last plan, whose points begin with those of every earlier one.

    Raises
    ------
    ValueError
        The sampler is ``lhs``.

    Notes
    -----
    An error that is too small by chance ends the search too soon. With doubled points there are few looks, and coverage
    after stopping is a test.
    """
    if plan.sampler == "lhs":
        raise ValueError("points of a Latin hypercube do not stay when their number doubles")
    digest = run(plan)
    while not stable(digest, chance=chance, amount=amount) and 2 * plan.draws <= most:
        plan = replace(plan, size=2 * plan.size)
        digest = run(plan)
    return digest
