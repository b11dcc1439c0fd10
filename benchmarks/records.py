"""Raw records: which to take, and what to make of several: within rounds, with their spread."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from generated import ACTORS, COHORTS, YEARS

Record = dict[str, Any]
Records = list[Record]
Curve = list[tuple[float, float]]
INPUTS = "inputs precomputed"


def read_raw(path: Path) -> Records:
    """All records of a raw file; a line that was cut off is passed over."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else [], 1):
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            print(f"line {number} of {path.name} is not complete and is passed over", file=sys.stderr)
    return found


def latest(records: Records) -> Records:
    """What was measured, each measurement once: the last one where it was repeated."""
    found = {}
    for one in records:
        if one["state"] == "measured":
            found[one["kind"], one["contender"], one["case"], one["asked"], one["turn"]] = one
    return list(found.values())


def chosen(records: Records, **wanted: Any) -> Records:
    """Records that are as wanted, by round."""
    fit = [one for one in records if all(one[key] == value for key, value in wanted.items())]
    return sorted(fit, key=lambda one: int(one["turn"]))


def values(records: Records, key: str) -> list[Any]:
    """The different values of a key, in order."""
    return sorted({one[key] for one in records})


def in_order(records: Records, names: Iterable[str]) -> list[str]:
    """Those of the names of contenders that are in the records, in the order of the names."""
    there = {one["contender"] for one in records}
    return [name for name in names if name in there]


def ratios(above: Records, below: Records, what: str, *, per_size: bool = True) -> list[float]:
    """Quotients within rounds; of times, for each draw where sizes differ."""
    pairs = [(one, other) for one in above for other in below if one["turn"] == other["turn"]]
    sizes = [other["size"] / one["size"] if per_size and one["size"] else 1.0 for one, other in pairs]
    return [one[what] / other[what] * size for (one, other), size in zip(pairs, sizes, strict=True)]


def short(value: float, digits: int = 3) -> str:
    """A number to three digits."""
    return f"{float(f'{value:.{digits}g}'):,.10g}"


def spread(found: list[float]) -> str:
    """Median (smallest–largest), or the one value."""
    if not found:
        return "–"
    shown = [short(value) for value in (median(found), min(found), max(found))]
    return shown[0] if len(found) == 1 else f"{shown[0]} ({shown[1]}–{shown[2]})"


def curve(records: Records, error: str, *, precomputed: bool = False) -> Curve:
    """Error, root mean square over rounds and repeats, against the median of seconds of processor, by size."""
    points = []
    for size in values(records, "size"):
        some = [one for one in chosen(records, size=size) if error in one["errors"]]
        if some:
            off = [one["inputs_processor"] if precomputed else 0.0 for one in some]
            seconds = median(one["processor"] - less for one, less in zip(some, off, strict=True))
            weights = [one["repeats"] for one in some]
            squares = [one["errors"][error] ** 2 for one in some]
            points.append((seconds, float(np.average(squares, weights=weights) ** 0.5)))
    return points


def reached(points: Curve, seconds: float) -> str:
    """The error at a time, between the nearest points on logarithmic scales; no more than the points allow."""
    if not points:
        return "–"
    points = sorted(points)
    if seconds < points[0][0]:
        return f"takes {short(points[0][0], 2)} s or more"
    if seconds > points[-1][0]:
        return f"≤ {short(points[-1][1], 2)}"
    time, error = (np.log([max(pair[at], 1e-300) for pair in points]) for at in (0, 1))
    return short(float(np.exp(np.interp(np.log(seconds), time, error))), 2)


def shape(case: str) -> dict[str, int]:
    """Inputs, years, cohorts, actors and correlated pairs of a generated case."""
    inputs, *rest = case.removeprefix("generated-").split("-")
    stated = {key: int(number) for key, number in zip(rest[::2], rest[1::2], strict=True)}
    return {"inputs": int(inputs), "years": YEARS, "cohorts": COHORTS, "actors": len(ACTORS), "pairs": 0, **stated}


# What grows, and what stays the same meanwhile
GROWING: dict[str, dict[str, int]] = {
    "inputs": {"years": YEARS, "cohorts": COHORTS, "actors": len(ACTORS)},
    "years": {"inputs": 40, "cohorts": COHORTS, "actors": len(ACTORS)},
    "cohorts": {"inputs": 40, "years": 40, "actors": len(ACTORS)},
    "actors": {"inputs": 40, "years": YEARS, "cohorts": COHORTS},
}
GROWTH_SIZES = {"draws": 2**16, "sobol": 2**12}
LARGE = {"draws": 2**14, "sobol": 2**10}  # sizes from which what is done once is small


def growth(records: Records, kind: str, what: str) -> Curve:
    """Seconds of processor of soemrisk against the size of what grows, the number of draws or a part of the shape."""
    ours = [one for one in chosen(records, kind=kind, contender="soemrisk") if one["case"].startswith("generated-")]
    if what == "size":
        sizes = [size for size in values(ours, "size") if size >= LARGE[kind]]
        some = {size: chosen(ours, case="generated-40", size=size) for size in sizes}
    else:
        fixed = GROWING[what]
        fit = [
            one
            for one in chosen(ours, size=GROWTH_SIZES[kind])
            if all(shape(one["case"])[key] == value for key, value in {**fixed, "pairs": 0}.items())
        ]
        some = {size: [one for one in fit if shape(one["case"])[what] == size] for size in _sizes(fit, what)}
    return [(float(size), median(one["processor"] for one in rounds)) for size, rounds in some.items() if rounds]


def _sizes(records: Records, what: str) -> list[int]:
    return sorted({shape(one["case"])[what] for one in records})


def exponent(points: Curve) -> tuple[float, float] | None:
    """Slope of log seconds on log size by least squares, and its standard error; None for fewer than three points."""
    if len(points) < 3:
        return None
    x, y = np.log(np.array(points)).T
    x = x - x.mean()
    slope = float(x @ y / (x @ x))
    rest = y - y.mean() - slope * x
    return slope, float(np.sqrt(rest @ rest / (len(x) - 2) / (x @ x)))
