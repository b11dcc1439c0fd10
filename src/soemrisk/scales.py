"""The scales on which an interval was calculated, where it is symmetric about its estimate.

Apart because the checks of a statement and its meaning must read an interval in the same way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from types import MappingProxyType

QUARTER = 0.25  # of half the interval: the estimate of a sound interval lies so near its middle, rounding included


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How a number is read on a scale, and which numbers have a place there."""

    place: Callable[[float], float]
    possible: Callable[[float], bool]


SCALES: Mapping[str, Scale] = MappingProxyType(
    {
        "difference": Scale(place=lambda x: x, possible=math.isfinite),
        "log-ratio": Scale(place=math.log, possible=lambda x: x > 0),
        "logit": Scale(place=lambda x: math.log(x) - math.log1p(-x), possible=lambda x: 0 < x < 1),
    }
)


def normal_point(p: float) -> float:
    """Quantile of the standard normal distribution.

    Examples
    --------
    >>> round(normal_point(0.975), 2)
    1.96
    """
    return NormalDist().inv_cdf(p)


def critical_point(level: float) -> float:
    r"""Size that \|estimate\|/se must have to be significant at a two-sided level: z(1 − level/2)."""
    if level > 1e-6:
        return normal_point(1 - level / 2)
    return -normal_point(max(level / 2, 5e-324))  # 1 − level/2 has lost its digits


def on_scale(scale: str, value: float, ends: tuple[float, float], coverage: float) -> tuple[float, float]:
    """Centre and standard error of an interval on its own scale, the centre at the estimate.

    Examples
    --------
    >>> centre, se = on_scale("log-ratio", 2.0, (1.0, 4.0), 0.95)
    >>> round(centre, 3), round(se, 3)
    (0.693, 0.354)
    """
    place = SCALES[scale].place
    return place(value), (place(ends[1]) - place(ends[0])) / (2 * normal_point((1 + coverage) / 2))


def off_middle(scale: str, low: float, value: float, high: float) -> bool:
    """Whether an estimate is further from the middle of its interval than rounding explains."""
    place = SCALES[scale].place
    half = (place(high) - place(low)) / 2
    return abs(place(value) - (place(low) + half)) > QUARTER * half
