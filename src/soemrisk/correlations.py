"""What a scenario says of correlations: which pairs, whether they are possible, and what was changed if they were not.

Apart from ``rules`` because a set of correlations can only be judged as a whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations

import numpy as np

from soemrisk.dependence import (
    TOLERANCE,
    connected,
    matrix_of,
    nearest_correlations,
    rank_correlation,
    smallest_eigenvalue,
)
from soemrisk.quantity import Quantity
from soemrisk.scenario import Scenario
from soemrisk.spread_ways import spread_kind

Pairs = Mapping[frozenset[str], float]


def correlated_pairs(scenario: Scenario) -> Pairs:
    """Rank correlation of each pair of paths that is stated.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> correlated_pairs(read("act-randers"))
    {}
    """
    return {frozenset(pair): one.rank for one in scenario.correlations for pair in combinations(one.between, 2)}


def changed_correlations(scenario: Scenario, draws: Mapping[str, str]) -> list[tuple[str, str, float, float]]:
    """What the nearest possible correlations change: (path, other path, stated, used), pairs that were not stated too.

    Parameters
    ----------
    scenario : Scenario
    draws : mapping of str to str
        What the draws of a path are keyed by, where that is not the path: paths with one key are one number.

    Returns
    -------
    list of (str, str, float, float)
        Rank correlations; empty where the stated ones are possible.
    """
    stated_pairs = correlated_pairs(scenario)
    pairs = {frozenset(draws.get(path, path) for path in pair): rank for pair, rank in stated_pairs.items()}
    named = {draws.get(path, path): path for path in sorted({p for pair in stated_pairs for p in pair}, reverse=True)}
    found = []
    for group in connected(pairs):
        members = sorted(group)
        matrix = matrix_of(members, pairs)
        if smallest_eigenvalue(matrix) >= -TOLERANCE:
            continue
        used = rank_correlation(np.clip(nearest_correlations(matrix), -1.0, 1.0))
        for i, j in combinations(range(len(members)), 2):
            stated = pairs.get(frozenset((members[i], members[j])), 0.0)
            if abs(used[i, j] - stated) > 0.0005:
                found.append((named[members[i]], named[members[j]], stated, float(used[i, j])))
    return found


def correlation_findings(
    scenario: Scenario, quantities: Iterable[tuple[str, Quantity, str]]
) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Yield what is wrong with the stated correlations, as (path, rule, values).

    Parameters
    ----------
    scenario : Scenario
    quantities : iterable of (path, statement, kind)
        All quantities of the scenario.
    """
    if not scenario.correlations:
        return
    stated = [(path, quantity) for path, quantity, _ in quantities if "@" not in path]
    kinds = {path: "certain" if _of_persons_alone(quantity) else spread_kind(quantity) for path, quantity in stated}
    draws = {path: quantity.library for path, quantity in stated if quantity.library is not None}  # else their own
    seen: set[frozenset[str]] = set()
    count = 0
    for number, one in enumerate(scenario.correlations):
        place = f"correlations.{number}"
        for rule, values in _own_findings(one.between, one.rank, kinds, draws):
            count += 1
            yield place, rule, values
        for pair in map(frozenset, combinations([draws.get(path, path) for path in one.between], 2)):
            if pair in seen and len(pair) == 2:
                count += 1
                yield place, "correlation-twice", {"found": tuple(sorted(pair))}
            seen.add(pair)
    if count == 0 and scenario.settings.impossible_correlations == "refuse":
        changed = changed_correlations(scenario, draws)
        if changed:
            nearest = tuple(f"{a} ~ {b}: {stated:g} → {used:.3f}" for a, b, stated, used in changed)
            yield "correlations", "correlations-impossible", {"nearest": nearest}


def rate_of_all(path: str, known: Collection[str]) -> dict[str, object]:
    """What was meant by the rate of a subgroup that has it from ``[success]``, as ``suggestion``; empty for others.

    Examples
    --------
    >>> rate_of_all("subgroups.unge.success.with", {"success.with", "success.without"})
    {'suggestion': 'success.with'}
    """
    section, _, rest = path.partition(".")
    rate = rest.partition(".")[2]
    return {"suggestion": rate} if section == "subgroups" and path not in known and rate in known else {}


def _of_persons_alone(quantity: Quantity) -> bool:
    """Whether persons differ and nothing is said of their mean, which counts as certain."""
    return quantity.of == "individuals" and quantity.n is None and quantity.observations is None


def _own_findings(
    between: tuple[str, ...], rank: float, kinds: Mapping[str, str], draws: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, object]]]:
    for path in between:
        if path not in kinds:
            meant = rate_of_all(path, kinds)
            yield "correlation-unknown", {"found": path, "allowed": tuple(kinds), **meant}
        elif kinds[path] == "certain":
            yield "correlation-certain", {"found": path}
    if len({draws.get(path, path) for path in between}) < max(len(between), 2):
        yield "correlation-of-one", {}
    if not -1 <= rank <= 1:
        yield "correlation-outside", {"found": rank}
