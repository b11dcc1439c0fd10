"""A sum of products with what several products share taken out once, so that all of it costs little more than a part.

    c r₁ p₁ q₁ w₁ + c r₁ p₂ q₂ w₂ − c r₂ p₁ q₁ w₁ − c r₂ p₂ q₂ w₂ + t w₃  =  c (r₁ − r₂) (p₁ q₁ w₁ + p₂ q₂ w₂) + t w₃

Every sum in brackets is a node; an edge multiplies the sum of another node by one factor, and a tail is a product that
shares nothing with the rest of its node. The whole is linear in the functions of each block, so what one of them is
worth is, edge by edge, what leads to it times what is under it: one way up and one way down for all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_Row = tuple[tuple[int, ...], bytes]  # factors of a product, rising, and its weights


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSums:
    """Nodes, edges and tails. Letters: s nodes, e edges, l tails, k outcomes.

    Attributes
    ----------
    size : int
        s; node 0 is the whole sum.
    edges : (e, 3) int
        Node that is added to, node that is multiplied, and the row of the factor; rising by the first, which is lower
        than the second.
    signs : (e,)
        1 or −1.
    tail_nodes, tail_lengths : (l,) int
        Node that each tail is added to, and its number of factors.
    tail_rows : (l, longest) int
        Rows of its factors, filled up with 0.
    tail_weights : (l, k)
    """

    size: int
    edges: Ints
    signs: Floats
    tail_nodes: Ints
    tail_lengths: Ints
    tail_rows: Ints
    tail_weights: Floats


@dataclass(slots=True)
class _Nodes:
    """What has been found so far; a node is numbered after all nodes that it multiplies."""

    known: dict[tuple[_Row, ...], int]
    edges: list[tuple[int, int, int, float]]
    tails: list[tuple[int, tuple[int, ...], Floats]]


def shared_sums(rows: Ints, weights: Floats) -> SharedSums:
    """Take out of a sum of products what they share, the most frequent factor first.

    Parameters
    ----------
    rows : (p, b) int
        Row of each factor in a table of functions; 0 for none.
    weights : (k, p) float64

    Returns
    -------
    SharedSums
        Of the same sum for each outcome. Sums that are alike but for the sign are one node.

    Notes
    -----
    Greedy Horner form of a polynomial in several variables (Ceberio and Kreinovich 2004, ACM SIGSAM Bulletin 38:8).

    Examples
    --------
    >>> found = shared_sums(np.array([[1, 2, 4], [1, 3, 5], [0, 0, 6]]), np.ones((1, 3)))
    >>> found.edges.tolist(), found.tail_rows.tolist()
    ([[0, 1, 1]], [[6, 0], [2, 4], [3, 5]])
    """
    together: dict[tuple[int, ...], Floats] = {}
    for row, weight in zip(rows, weights.T, strict=True):
        factors = tuple(sorted(row[row > 0].tolist()))
        together[factors] = together[factors] + weight if factors in together else weight
    found = _Nodes(known={}, edges=[], tails=[])
    root, sign = _node(found, together)
    assert root == len(found.known) - 1  # the last one made
    edges = sorted((root - parent, root - child, row, own) for parent, child, row, own in found.edges)
    tails = sorted((root - node, factors, tuple(weight)) for node, factors, weight in found.tails)
    lengths = np.array([len(factors) for _, factors, _ in tails], dtype=np.int64)
    padded = np.zeros((len(tails), int(lengths.max(initial=0))), dtype=np.int64)
    for filled, (_, factors, _) in zip(padded, tails, strict=True):
        filled[: len(factors)] = factors
    of_root = np.where(np.array([node for node, _, _ in tails], dtype=np.int64) == 0, sign, 1.0)
    return SharedSums(
        size=len(found.known),
        edges=np.array([edge[:3] for edge in edges], dtype=np.int64).reshape(-1, 3),
        signs=np.array([own * (sign if parent == 0 else 1.0) for parent, _, _, own in edges], dtype=np.float64),
        tail_nodes=np.array([node for node, _, _ in tails], dtype=np.int64),
        tail_lengths=lengths,
        tail_rows=padded,
        tail_weights=np.array([weight for _, _, weight in tails]).reshape(len(tails), len(weights)) * of_root[:, None],
    )


def _node(found: _Nodes, products: dict[tuple[int, ...], Floats]) -> tuple[int, float]:
    """Number of the node of a sum, and 1, or −1 where the node is the sum with the other sign."""
    listed = sorted(products.items())
    leading = next((value for _, weight in listed for value in weight if value != 0), 1.0)
    sign = 1.0 if leading > 0 else -1.0
    key = tuple((factors, (sign * weight + 0.0).tobytes()) for factors, weight in listed)
    if key in found.known:
        return found.known[key], sign
    left = {factors: sign * weight for factors, weight in listed}
    edges = []
    counts = Counter(row for factors in left for row in factors)
    while counts:
        row, most = min(counts.items(), key=lambda item: (-item[1], item[0]))
        if most < 2:
            break
        taken = {factors: left.pop(factors) for factors in list(left) if row in factors}
        counts -= Counter(one for factors in taken for one in factors)
        child, own = _node(found, {tuple(one for one in fs if one != row): w for fs, w in taken.items()})
        edges.append((child, row, own))
    number = found.known[key] = len(found.known)
    found.edges += [(number, child, row, own) for child, row, own in edges]
    found.tails += [(number, factors, weight) for factors, weight in left.items()]
    return number, sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Where the functions of each input are factors. Letters: i inputs, t places, m functions, g groups.

    Attributes
    ----------
    first : (i + 1,) int
        First of the places of each input.
    places : (t, 2) int
        Number of an edge, and −1; or number of a tail, and the place among its factors.
    alone : (i, 2) int
        The place of an input whose only place is in a tail: all its outcomes gain alike; −1 for others.
    group : (i,) int
        Which row of ``moved`` an input of several blocks has; −1 for one block, whose gain is linear.
    moved : (g, 1 + m) int
        1 for the functions of a group, else 0.
    """

    first: Ints
    places: Ints
    alone: Ints
    group: Ints
    moved: Ints


def steps_of(sums: SharedSums, functions: Sequence[Collection[int]], groups: Sequence[Collection[int]]) -> Steps:
    """Where inputs are factors.

    Parameters
    ----------
    sums : SharedSums
    functions : sequence of collection of int
        Rows of the functions of each block.
    groups : sequence of collection of int
        Blocks of each input.

    Returns
    -------
    Steps
    """
    at: dict[int, list[tuple[int, int]]] = {}
    for number, row in enumerate(sums.edges[:, 2].tolist()):
        at.setdefault(row, []).append((number, -1))
    for number, length in enumerate(sums.tail_lengths.tolist()):
        for place, row in enumerate(sums.tail_rows[number, :length].tolist()):
            at.setdefault(row, []).append((number, place))
    first, places, alone, of_group, moved = [0], [], [], [], []
    count = 1 + sum(map(len, functions))
    for group in groups:
        rows = [row for b in sorted(set(group)) for row in functions[b]]
        single = len(set(group)) == 1
        own = [one for row in rows for one in at.get(row, ())] if single else []
        if not single:
            moved.append(np.isin(np.arange(count), rows).astype(np.int64))
        places += own
        first.append(len(places))
        alone.append(own[0] if len(own) == 1 and own[0][1] >= 0 else (-1, -1))
        of_group.append(-1 if single else len(moved) - 1)
    return Steps(
        first=np.array(first, dtype=np.int64),
        places=np.array(places, dtype=np.int64).reshape(-1, 2),
        alone=np.array(alone, dtype=np.int64).reshape(-1, 2),
        group=np.array(of_group, dtype=np.int64),
        moved=np.array(moved, dtype=np.int64).reshape(-1, count),
    )
