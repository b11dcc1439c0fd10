"""Refusion by length of stay: what a change of use is to each actor when shares depend on how much is used.

A unit is borne by the shares of the band that it falls in, so that kroner are no product of inputs any more. They
become one again: columns of derived values, in units, stand behind the stated inputs, and terms take them as a factor.
Apart from ``model`` because it is arithmetic on plain arrays. Letters: n draws, q inputs, k years since success, r
regimes (which shares hold, by calendar year), b bands, a actors (0 = total).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """A consequence of a service with bands.

    Attributes
    ----------
    change, level : int
        Positions among the inputs.
    factor, persistence, before, studied : int or None
        Positions of the group's factor, of what is kept from year to year, of the use before success, and of the use
        in the group in which the change was found, where the change is scaled from it to the level.
    changes, levels : (k,)
        Change and use without success in each year since success, in units of their inputs.
    since : (k,)
        Years since the change began, 0 before: the power of the persistence.
    spell : bool
        Whether units are counted from the start of the spell on; else anew each year.
    bounds : (r, b)
        Units from which each band holds, 0 first; inf where a regime has fewer bands.
    shares : (r, b, a)
        Part of a unit that each actor bears.
    """

    change: int
    level: int
    factor: int | None
    persistence: int | None
    before: int | None
    studied: int | None = None
    changes: Floats
    levels: Floats
    since: Floats
    spell: bool
    bounds: Floats
    shares: Floats

    @property
    def inputs(self) -> tuple[int, ...]:
        """Positions of all inputs that it depends on."""
        named = (self.change, self.level, self.factor, self.persistence, self.before, self.studied)
        return tuple(q for q in named if q is not None)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Years since success, regimes and actors of the derived values."""
        return len(self.changes), len(self.bounds), self.shares.shape[2]


def borne(units: Floats, bounds: Floats, shares: Floats) -> Floats:
    """Part of the first so many units that each actor bears: S_a(u) = ∫₀ᵘ share_a.

    Parameters
    ----------
    units : (...) float64
        Not negative.
    bounds : (b,) float64
        Units from which each band holds, rising from 0; inf for none.
    shares : (b, a) float64
        Shares in each band.

    Returns
    -------
    (..., a) float64, in units

    Examples
    --------
    >>> half_until_120 = np.array([[0.5, 0.5], [1.0, 0.0]])
    >>> borne(np.array([100.0, 200.0]), np.array([0.0, 120.0]), half_until_120).tolist()
    [[50.0, 50.0], [140.0, 60.0]]
    """
    ends = np.append(bounds[1:], np.inf)
    inside = np.maximum(np.minimum(units[..., None], ends) - bounds, 0.0)
    part: Floats = inside @ shares
    return part


def change_and_use(bands: Bands, values: Floats) -> tuple[Floats, Floats]:
    """Change and use without success in each year since success.

    Parameters
    ----------
    bands : Bands
    values : (n, q)
        Stated inputs.

    Returns
    -------
    changed, without : (n, k)
        Nobody uses less than nothing: a change below minus the level counts as minus the level.
    """
    without = values[:, bands.level, None] * bands.levels
    return np.maximum(_wanted(bands, values), -without), without


def _wanted(bands: Bands, values: Floats) -> Floats:
    """Change as drawn, before it is compared with the level, (n, k)."""
    factor = np.ones(len(values)) if bands.factor is None else values[:, bands.factor]
    kept = np.ones(len(values)) if bands.persistence is None else values[:, bands.persistence]
    scale = np.ones(len(values)) if bands.studied is None else values[:, bands.level] / values[:, bands.studied]
    wanted: Floats = (factor * values[:, bands.change] * scale)[:, None] * bands.changes * kept[:, None] ** bands.since
    return wanted


def is_capped(bands: Bands, values: Floats) -> NDArray[np.bool_]:
    """Draws in which more would be saved than is used in some year, (n,)."""
    without = values[:, bands.level, None] * bands.levels
    capped: NDArray[np.bool_] = np.any(_wanted(bands, values) < -without * (1 + 1e-9), axis=1)
    return capped


def units_by_actor(bands: Bands, values: Floats) -> Floats:
    """Change of use of one success as each actor bears it.

    Parameters
    ----------
    bands : Bands
    values : (n, q)
        Stated inputs.

    Returns
    -------
    (n, k, r, a) float64, in units
        S_a(use with success) − S_a(use without it), with units counted by year or over the spell; the change itself for
        the total.
    """
    changed, without = change_and_use(bands, values)
    with_ = without + changed
    before = np.zeros((len(values), 1)) if bands.before is None else values[:, bands.before, None]
    result = np.empty((len(values), *bands.shape))
    for r, (bounds, shares) in enumerate(zip(bands.bounds, bands.shares, strict=True)):
        if bands.spell:
            ends = [before + np.cumsum(used, axis=1) for used in (with_, without)]
            starts = [np.concatenate([before, end[:, :-1]], axis=1) for end in ends]
        else:
            ends, starts = [with_, without], [np.zeros_like(with_), np.zeros_like(without)]
        more, less = (
            borne(end, bounds, shares) - borne(start, bounds, shares) for end, start in zip(ends, starts, strict=True)
        )
        result[:, :, r] = more - less
        result[:, :, r, 0] = changed
    return result


def with_derived(stated: Floats, all_bands: Sequence[Bands]) -> Floats:
    """Append the derived values of all consequences of services with bands.

    Parameters
    ----------
    stated : (n, q)
    all_bands : sequence of Bands

    Returns
    -------
    (n, q + Σ k r a) float64, Fortran order
        ``stated`` itself where there are no bands.
    """
    if not all_bands:
        return stated
    derived = [units_by_actor(bands, stated).reshape(len(stated), math.prod(bands.shape)) for bands in all_bands]
    return np.asfortranarray(np.concatenate([stated, *derived], axis=1))
