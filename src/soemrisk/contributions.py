"""Where the risk of the total comes from: Euler's split of its standard deviation and of its worst tenth.

Both are homogeneous of degree 1, so that what the parts (actors, areas, years) contribute adds up to the whole. The
other way round, spreads of parts do not add up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soemrisk.statistics import standard_error

Floats = NDArray[np.float64]

TAIL = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What each part contributes, with standard errors; kr.

    Attributes
    ----------
    sd, sd_error : (p,)
        Cov(part, whole) / sd(whole); they add up to sd(whole).
    tail, tail_error : (p,)
        Mean of the part in the worst tenth of the whole; they add up to its ``cvar10``.
    """

    sd: Floats
    sd_error: Floats
    tail: Floats
    tail_error: Floats


def euler_split(parts: Floats, whole: Floats | None = None) -> Split:
    """Split the standard deviation and the worst tenth of a sum on its parts.

    Parameters
    ----------
    parts : (r, n, p) float64
        r replicates of n draws of each part, kr.
    whole : (r, n) float64, optional
        What they are parts of, where they are not all of it; else their sum.

    Returns
    -------
    Split
        Tasche 1999, "Risk contributions and performance measurement": the derivative in the direction of each part.

    Examples
    --------
    >>> rng = np.linspace(-1.0, 1.0, 64).reshape(2, 32, 1)
    >>> found = euler_split(np.concatenate([rng, 3 * rng], axis=2))
    >>> round(float(found.sd[1] / found.sd[0]), 9), round(float(found.tail[1] / found.tail[0]), 9)
    (3.0, 3.0)
    """
    whole = parts.sum(axis=2) if whole is None else whole
    sd = [_by_deviation(part, of) for part, of in zip(parts, whole, strict=True)]
    tail = [_by_tail(part, of) for part, of in zip(parts, whole, strict=True)]
    flat = parts.reshape(-1, parts.shape[2])
    return Split(
        sd=_by_deviation(flat, whole.ravel()),
        sd_error=np.array([standard_error(column) for column in np.array(sd).T]),
        tail=_by_tail(flat, whole.ravel()),
        tail_error=np.array([standard_error(column) for column in np.array(tail).T]),
    )


def _by_deviation(parts: Floats, whole: Floats) -> Floats:
    apart = whole - whole.mean()
    sd = float(np.sqrt((apart**2).mean()))
    if sd <= 1e-12 * np.abs(parts).max(initial=0.0):
        return np.zeros(parts.shape[1])
    found: Floats = apart @ (parts - parts.mean(axis=0)) / len(whole) / sd
    return found


def _by_tail(parts: Floats, whole: Floats) -> Floats:
    """Mean of the parts in the worst tenth; the draw at the limit counts with the part that is missing."""
    order = np.argsort(whole, kind="stable")
    size = TAIL * len(whole)
    count = int(np.floor(size))
    worst: Floats = parts[order[:count]].sum(axis=0)
    if size > count:
        worst = worst + (size - count) * parts[order[count]]
    return worst / size
