"""What is wrong with a batch study whatever its scenarios are: told before any of them is read."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from soemrisk.batch_language import MOST_CELLS, MOST_DRAWS, MOST_POINTS, MOST_SEED, RESERVED, Axis, Study
from soemrisk.batch_trials import Finding


def broken_study_rules(study: Study) -> Iterator[Finding]:
    """Yield what is wrong with a study whatever its scenarios are.

    Parameters
    ----------
    study : Study
        Right in form.

    Yields
    ------
    (place, rule, values)

    Examples
    --------
    >>> study = Study.model_validate({"schema": 1, "id": "s", "name": "S", "scenarios": ["act-randers"], "seed": 1e19})
    >>> [(place, rule) for place, rule, _ in broken_study_rules(study)]
    [('seed', 'study-seed')]
    """
    if study.draws > MOST_DRAWS:
        yield "draws", "study-too-many-draws", {"found": study.draws, "most": MOST_DRAWS}
    sample = study.sample
    if (study.design == "sample") != (sample is not None):
        yield "design", "study-sample", {}
    if sample is not None and sample.sampler == "sobol" and sample.points & (sample.points - 1):
        yield "sample.points", "study-power-of-two", {"found": sample.points}
    for place, seed in (("seed", study.seed), *([("sample.seed", sample.seed)] if sample is not None else [])):
        if seed > MOST_SEED:
            yield place, "study-seed", {"found": seed}
    for key, axis in study.axes.items():
        if key in RESERVED:
            yield f"axes.{key}", "study-reserved-axis", {"found": key}
        if len(axis.kinds) != 1:
            yield f"axes.{key}", "study-axis-kind", {"found": axis.kinds}
        else:
            yield from _axis_rules(study, axis, f"axes.{key}")
    yield from _readings_of_several(study)
    yield from size_rules(study, len(study.scenarios))


def size_rules(study: Study, scenarios: int) -> Iterator[Finding]:
    """Yield whether a study has more cells, or a sample or list more points, than can be run.

    Parameters
    ----------
    study : Study
    scenarios : int
        How many there are; patterns of files may have many.

    Yields
    ------
    (place, rule, values)
    """
    counts = [axis.count for axis in study.axes.values() if len(axis.kinds) == 1]
    if study.design == "list" and len(set(counts)) > 1:
        yield "design", "study-list-lengths", {"found": tuple(map(str, counts))}
    if study.design == "grid":
        place, each = "axes", math.prod(counts)
    else:
        place, each = "axes", max(counts, default=1)
        if study.sample is not None:
            place, each = "sample.points", study.sample.points
        if each > MOST_POINTS:
            yield place, "study-too-many-points", {"found": each, "most": MOST_POINTS}
            return
    if each * scenarios > MOST_CELLS:
        found = {"found": each * scenarios, "scenarios": scenarios, "each": each, "most": MOST_CELLS}
        yield place, "study-too-many-cells", found


def _axis_rules(study: Study, axis: Axis, place: str) -> Iterator[Finding]:
    kind = axis.kinds[0]
    placed = kind not in ("readings", "options")
    if placed and axis.place is None:
        yield place, "missing-key", {"key": "place"}
    if not placed and axis.place is not None:
        yield f"{place}.place", "study-no-place-here", {"kind": kind}
    if kind != "low":
        yield from _twice(study, axis, place)
        return
    if axis.labels is not None:
        yield f"{place}.labels", "study-labels", {"found": len(axis.labels), "expected": axis.count}
    low, high = axis.low, axis.high
    if low is None or high is None or low >= high or (axis.scale == "log" and low <= 0):
        yield place, "study-range", {}
    if study.design != "sample":
        yield place, "study-range-not-sampled", {}


def _twice(study: Study, axis: Axis, place: str) -> Iterator[Finding]:
    """Options that are there twice, and different ones that are called the same; the points of a list may be alike."""
    kind = axis.kinds[0]
    options = [_spelt(one) for one in getattr(axis, kind)]
    if study.design != "list":
        for n, first in _repeated(options):
            yield f"{place}.{kind}.{n}", "study-same-option", {"found": n + 1, "other": first + 1}
    labels = axis.labels if kind != "options" or axis.options is None else tuple(one.label for one in axis.options)
    if labels is None:
        return
    if len(labels) != axis.count:
        yield f"{place}.labels", "study-labels", {"found": len(labels), "expected": axis.count}
        return
    where = f"{place}.options" if axis.labels is None else f"{place}.labels"
    told = set()
    for lang in ("da", "en"):
        for n, first in _repeated([one.in_(lang) for one in labels]):
            if n not in told and options[n] != options[first]:
                told.add(n)
                yield f"{where}.{n}", "study-same-label", {"found": labels[n].in_(lang)}


def _spelt(option: Any) -> str:
    """An option as text, the same for the same option: 1 is 1.0 wherever it stands, and true is not 1."""
    stated = option.set if hasattr(option, "set") else option
    return json.dumps(_with_floats(stated), sort_keys=True, default=str)


def _with_floats(stated: Any) -> Any:
    """What is stated, its whole numbers as floats where they fit."""
    if isinstance(stated, Mapping):
        return {key: _with_floats(one) for key, one in stated.items()}
    if isinstance(stated, list | tuple):
        return [_with_floats(one) for one in stated]
    if isinstance(stated, int) and not isinstance(stated, bool) and abs(stated) < 2**53:
        return float(stated)
    return stated


def _repeated(listed: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield positions of what has been there before, and where."""
    first: dict[str, int] = {}
    for n, one in enumerate(listed):
        if first.setdefault(one, n) != n:
            yield n, first[one]


def _readings_of_several(study: Study) -> Iterator[Finding]:
    """Yield readings that two axes have: they count together, and one that counts already would count for nothing."""
    owner: dict[str, str] = {}
    for key, axis in study.axes.items():
        for reading in dict.fromkeys(axis.readings or ()):
            other = owner.setdefault(reading, key)
            if reading != "stated" and other != key:
                yield f"axes.{key}.readings", "study-same-reading", {"found": reading, "other": other}
