"""What an outcome that is no money costs, and what one unit must be worth for a net result of 0.

Both are the ratio −net / units of a draw, and both are asked of the plane of net result and units: a ratio has a
meaning as a cost only where the intervention costs and gives, so that quantiles are of these draws, beside the share of
the others. The mean of ratios is never taken. On θ, as the break-even is: chance cannot be found out before the
decision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soemrisk.break_evens import extended_quantile
from soemrisk.statistics import errors, standard_error, statistics

Floats = NDArray[np.float64]
Figures = Mapping[str, float]

PLANE = ("costs", "dominates", "dominated", "saves_less")
LEVELS = {"p10": 0.10, "p50": 0.50, "p90": 0.90}
LEAST = 0.01  # share of the draws that quantiles of a part of them rest on


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFigures:
    """Figures of one outcome.

    Attributes
    ----------
    base : float
        Units in the base case.
    amount, expected : mapping
        As ``statistics``: units with chance, and without.
    base_year : (y,)
        Units in the base case by year.
    year : (r, y)
        Mean units by replicate and year, chance included.
    cost, worth : tuple of mapping
        By actor: as ``cost_figures`` and ``worth_figures``.
    """

    base: float
    amount: Figures
    expected: Figures
    base_year: Floats
    year: Floats
    cost: tuple[Figures, ...]
    worth: tuple[Figures, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratios:
    """What is known of −net / units of one actor when the draws are forgotten.

    Attributes
    ----------
    net, units : (r,)
        Means by replicate.
    shares : mapping of str to (r,)
        Of the draws in each part of the plane: ``PLANE``.
    pooled : callable
        Level → quantile of the worth that is needed, over all draws.
    each : callable
        Levels by replicate, (r,) → quantile in each replicate, (r,).
    draws : int
    """

    net: Floats
    units: Floats
    shares: Mapping[str, Floats]
    pooled: Callable[[float], float]
    each: Callable[[Floats], Floats]
    draws: int


def worth_needed(net: Floats, units: Floats) -> Floats:
    """What one unit must be worth at least for a net result of 0.

    Parameters
    ----------
    net, units : (...) float64
        Kr., and units of the outcome.

    Returns
    -------
    (...) float64
        −net / units where there are units, negative for a gain: what is left of it for each unit. Without units −inf
        where there is no loss, and +inf where there is one: no worth makes up for it.

    Examples
    --------
    >>> worth_needed(np.array([-6.0, 2.0, -1.0, 1.0]), np.array([3.0, 4.0, 0.0, -2.0])).tolist()
    [2.0, -0.5, inf, -inf]
    """
    some = units > 0
    with np.errstate(over="ignore"):  # next to no units: more than every number
        each = (0.0 - net) / np.where(some, units, 1.0)
    return np.where(some, each, np.where(net >= 0, -np.inf, np.inf))


def plane(net: Floats, units: Floats) -> dict[str, NDArray[np.bool_]]:
    """In which part of the plane draws are: of each part whether they are there.

    Examples
    --------
    >>> {name: part.tolist() for name, part in plane(np.array([-1.0]), np.array([2.0])).items()}["costs"]
    [True]
    """
    more, gain = units > 0, net >= 0
    return {"costs": more & ~gain, "dominates": more & gain, "dominated": ~more & ~gain, "saves_less": ~more & gain}


def ratios_of_draws(net: Floats, units: Floats) -> Ratios:
    """``Ratios`` of draws that are kept, both (r, n): E[net | θ] in kr., and units given θ."""
    needed = worth_needed(net, units)
    pooled, within = np.sort(needed, axis=None), np.sort(needed, axis=1)
    return Ratios(
        net=net.mean(axis=1),
        units=units.mean(axis=1),
        shares={name: part.mean(axis=1) for name, part in plane(net, units).items()},
        pooled=lambda level: extended_quantile(pooled, level),
        each=lambda levels: np.array(
            [extended_quantile(row, level) for row, level in zip(within, levels, strict=True)]
        ),
        draws=net.size,
    )


def worth_figures(base: tuple[float, float], known: Ratios) -> dict[str, float]:
    """What one unit must be worth for a net result of 0, for one actor.

    Parameters
    ----------
    base : (float, float)
        Net result and units of the base case.
    known : Ratios

    Returns
    -------
    dict
        ``base``, ``p10``, ``p50``, ``p90`` in kr. per unit (±inf as ``worth_needed``); ``prob_free`` P(E[net | θ] ≥ 0),
        that a unit need be worth nothing; ``prob_never``, a loss and no units; errors ``mcse_*``.
    """
    found = {"base": float(worth_needed(np.array(base[0]), np.array(base[1])))}
    found |= {name: known.pooled(level) for name, level in LEVELS.items()}
    every = np.ones(len(known.net))
    each = {name: known.each(level * every) for name, level in LEVELS.items()}
    each |= {"prob_free": _free(known), "prob_never": known.shares["dominated"]}
    found |= {name: float(each[name].mean()) for name in ("prob_free", "prob_never")}
    return {**found, **errors(each, known.draws)}


def cost_figures(known: Ratios) -> dict[str, float]:
    """Net cost of a unit, for one actor.

    Parameters
    ----------
    known : Ratios

    Returns
    -------
    dict
        ``of_means`` −E net / E units in kr. per unit, NaN where the mean of units is not above 0 at two errors, and its
        error ``mcse_of_means`` (linearised, Cochran 1977, Sampling Techniques, 2.11); ``p10``, ``p50``, ``p90`` over
        the draws that cost and give, NaN where these are fewer than 1 in 100; the share of the draws in each part of
        the plane, ``prob_…`` of ``PLANE``; errors ``mcse_*``.

    Notes
    -----
    The worth that is needed is above 0 and finite just where a draw costs and gives, and at most 0 where there is no
    loss. So a quantile p of these draws is the quantile P(no loss) + p P(costs) of all.
    """
    units = float(known.units.mean())
    clear = units > 2 * standard_error(known.units) and units > 0
    ratio = -float(known.net.mean()) / units if clear else np.nan
    found = {"of_means": ratio}
    apart = (known.net + ratio * known.units) / units if clear else np.full(len(known.net), np.nan)
    found["mcse_of_means"] = standard_error(apart)
    free, costs = _free(known), known.shares["costs"]
    each: dict[str, Floats] = {}
    enough = costs.mean() >= LEAST
    for name, level in LEVELS.items():
        found[name] = known.pooled(float(free.mean() + level * costs.mean())) if enough else np.nan
        each[name] = np.where(enough & (costs > 0), known.each(free + level * costs), np.inf)
    each |= {f"prob_{name}": known.shares[name] for name in PLANE}
    found |= {f"prob_{name}": float(known.shares[name].mean()) for name in PLANE}
    return {**found, **errors(each, known.draws)}


def _free(known: Ratios) -> Floats:
    """Share of the draws without a loss, (r,)."""
    return known.shares["dominates"] + known.shares["saves_less"]


def figures_of_draws(base: tuple[Floats, Floats], net: Floats, units: Floats, expected: Floats) -> OwnFigures:
    """Figures of one outcome from draws that are kept.

    Parameters
    ----------
    base : ((a,), (y,))
        Net result by actor and units by year of the base case.
    net : (r, n, a) float64
        E[net | θ], kr.
    units : (r, n, y) float64
        Units by year, chance included.
    expected : (r, n) float64
        Units given θ.

    Returns
    -------
    OwnFigures
    """
    known = [ratios_of_draws(net[..., a], expected) for a in range(net.shape[2])]
    return figures(base, (statistics(units.sum(axis=2)), statistics(expected)), units.mean(axis=1), known)


def figures(
    base: tuple[Floats, Floats], stats: tuple[Figures, Figures], year: Floats, known: list[Ratios]
) -> OwnFigures:
    """Figures of one outcome from what is known of its draws.

    Parameters
    ----------
    base : ((a,), (y,))
        Net result by actor and units by year of the base case.
    stats : (mapping, mapping)
        Units with chance, and without.
    year : (r, y) float64
        Mean units by replicate and year.
    known : list of Ratios
        By actor.

    Returns
    -------
    OwnFigures
    """
    units = float(base[1].sum())
    return OwnFigures(
        base=units,
        amount=stats[0],
        expected=stats[1],
        base_year=base[1],
        year=year,
        cost=tuple(cost_figures(one) for one in known),
        worth=tuple(worth_figures((float(net), units), one) for net, one in zip(base[0], known, strict=True)),
    )
