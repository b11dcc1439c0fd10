"""What a sum of products gains when inputs are drawn anew, compiled: only sums are kept, no array of outcomes.

Points are taken in tiles whose rows stay in the nearest cache. In a tile everything that products share is summed once
on the way up and multiplied once on the way down (``shared_sums``), so the gains of all inputs cost as much as a few
evaluations. Sums are made in one fixed order, so the same points give the same bytes. Letters: k outcomes, i inputs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.compiling import compiled, inner
from soemrisk.shared_sums import SharedSums, Steps

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TILE = 256  # points of a tile; ``_dot`` has it in its formula


def gain_sums(
    table: Floats, at: tuple[int, int, int], sums: SharedSums, steps: Steps, origin: Floats, *, back: bool
) -> dict[str, Floats]:
    """Sums over one piece of points, as ``pick_freeze`` makes them of arrays of outcomes.

    Parameters
    ----------
    table : (1 + m, tiles, 256) float64
        Values of the functions of all blocks; the first row is 1.
    at : (first tile at A, first tile at B, number of points)
        What is beyond the last point in its tile is alike at A and B.
    sums : SharedSums
    steps : Steps
    origin : (k,) float64
        Subtracted from every outcome.
    back : bool
        Whether the sums of pairs are made too.

    Returns
    -------
    dict of str to array
        By the names of ``pick_freeze.Sums``, not divided by the number of points; and ``farthest``, a maximum.
    """
    assert table.shape[2] == TILE
    outcomes, inputs = len(origin), len(steps.group)
    of_outcomes, of_gains = np.zeros((3, 3, outcomes)), np.zeros((4, inputs, outcomes))
    pairs = np.zeros((inputs, inputs, outcomes)) if back else np.zeros((0, 0, 0))
    farthest = np.zeros(outcomes)
    _sum_tiles(
        table,
        at,
        (sums.edges, sums.signs, sums.tail_nodes, sums.tail_lengths, sums.tail_rows, sums.tail_weights),
        (steps.first, steps.places, steps.alone, steps.group, steps.moved),
        origin,
        (np.repeat([[0], [1]], len(table), axis=1), sums.size),
        (of_outcomes, of_gains, pairs, farthest),
    )
    (_, a, b), (_, aa, ab), (_, _, bb) = of_outcomes
    found = {"a": a, "b": b, "aa": aa, "bb": bb, "ab": ab}
    found |= dict(zip(("d", "ad", "bd", "dd"), of_gains, strict=True))
    return found | ({"pairs": pairs} if back else {}) | {"farthest": farthest}


@inner
def _dot(one: Any, other: Any, room: Any) -> float:  # pragma: no cover - compiled
    """Σ one × other of a tile, halved until 8 are left: adding neighbours in turn would be one point at a time."""
    for j in range(64):
        room[j] = (one[j] * other[j] + one[j + 64] * other[j + 64]) + (
            one[j + 128] * other[j + 128] + one[j + 192] * other[j + 192]
        )
    for j in range(32):
        room[j] += room[j + 32]
    for j in range(16):
        room[j] += room[j + 16]
    for j in range(8):
        room[j] += room[j + 8]
    found: float = ((room[0] + room[1]) + (room[2] + room[3])) + ((room[4] + room[5]) + (room[6] + room[7]))
    return found


@inner
def _add_times(number: float, one: Any, out: Any) -> None:  # pragma: no cover - compiled
    for j in range(len(out)):
        out[j] += number * one[j]


@inner
def _add_product(one: Any, other: Any, out: Any) -> None:  # pragma: no cover - compiled
    for j in range(len(out)):
        out[j] += one[j] * other[j]


@inner
def _multiply(out: Any, other: Any) -> None:  # pragma: no cover - compiled
    for j in range(len(out)):
        out[j] *= other[j]


@inner
def _up(table: Any, tiles: Any, moved: Any, tree: Any, sums: Any, own: Any) -> None:  # pragma: no cover - compiled
    """Sum of every node and outcome; factors that are moved have their values from the second tile."""
    edges, signs, nodes, lengths, rows, weights = tree
    sums[:] = 0.0
    for n in range(len(nodes)):
        own[:] = 1.0
        for place in range(lengths[n]):
            row = rows[n, place]
            _multiply(own, table[row, tiles[moved[row]]])
        for k in range(weights.shape[1]):
            if weights[n, k] != 0.0:
                _add_times(weights[n, k], own, sums[nodes[n], k])
    for e in range(len(edges) - 1, -1, -1):
        row = edges[e, 2]
        factor = table[row, tiles[moved[row]]]
        for j in range(len(own)):
            own[j] = signs[e] * factor[j]
        for k in range(weights.shape[1]):
            _add_product(own, sums[edges[e, 1], k], sums[edges[e, 0], k])


@inner
def _down(table: Any, tile: int, tree: Any, leading: Any, own: Any) -> None:  # pragma: no cover - compiled
    """What leads from the whole sum to each node: the products of factors, summed over all ways."""
    edges, signs, _, _, _, _ = tree
    leading[:] = 0.0
    leading[0, :] = 1.0
    for e in range(len(edges)):
        factor = table[edges[e, 2], tile]
        for j in range(len(own)):
            own[j] = signs[e] * factor[j]
        _add_product(own, leading[edges[e, 0]], leading[edges[e, 1]])


@inner
def _moved(  # pragma: no cover - compiled
    table: Any, tiles: Any, place: Any, tree: Any, leading: Any, own: Any
) -> None:
    """What leads to one place, times what its function gains; in a tail times the other factors too."""
    edges, signs, nodes, lengths, rows, _ = tree
    n, at = place
    row, node, sign = (edges[n, 2], edges[n, 0], signs[n]) if at < 0 else (rows[n, at], nodes[n], 1.0)
    before, after, lead = table[row, tiles[0]], table[row, tiles[1]], leading[node]
    for j in range(len(own)):
        own[j] = sign * (after[j] - before[j]) * lead[j]
    if at >= 0:
        for other in range(lengths[n]):
            if other != at:
                _multiply(own, table[rows[n, other], tiles[0]])


@inner
def _linear_gain(  # pragma: no cover - compiled
    table: Any, tiles: Any, places: Any, tree: Any, found: Any, own: Any, gain: Any
) -> None:
    """What the outcomes at the first tile gain when the functions at some places are taken from the second."""
    edges, _, _, _, _, weights = tree
    sums, leading = found
    gain[:] = 0.0
    for t in range(len(places)):
        n, at = places[t, 0], places[t, 1]
        _moved(table, tiles, (n, at), tree, leading, own)
        for k in range(len(gain)):
            if at < 0:
                _add_product(own, sums[edges[n, 1], k], gain[k])
            elif weights[n, k] != 0.0:
                _add_times(weights[n, k], own, gain[k])


@inner
def _gain(  # pragma: no cover - compiled
    table: Any, tiles: Any, i: int, tree: Any, steps: Any, found: Any, room: Any, gain: Any
) -> None:
    """What the outcomes at the first tile gain when one input is taken from the second."""
    first, places, _, group, moved = steps
    mixed, own = room
    if group[i] < 0:
        _linear_gain(table, tiles, places[first[i] : first[i + 1]], tree, found, own, gain)
        return
    _up(table, tiles, moved[group[i]], tree, mixed, own)
    for k in range(len(gain)):
        for j in range(len(own)):
            gain[k, j] = mixed[0, k, j] - found[0][0, k, j]


@inner
def _centre(  # pragma: no cover - compiled
    sums: Any, origin: float, count: int, out: Any, room: Any
) -> float:
    """Put down an outcome of a tile less the origin, 0 beyond the last point; its largest distance is found."""
    for j in range(len(out)):
        out[j] = sums[j] - origin
    for j in range(count, len(out)):
        out[j] = 0.0
    for j in range(64):
        room[j] = max(abs(out[j]), abs(out[j + 64]), abs(out[j + 128]), abs(out[j + 192]))
    found = 0.0
    for j in range(64):
        found = max(found, room[j])
    return found


@inner
def _add_alike(own: Any, weights: Any, centred: Any, rest: Any, out: Any) -> None:  # pragma: no cover - compiled
    """Sums of gains that are one column times the weight of each outcome."""
    total, square = _dot(own, centred[0, 0], rest), _dot(own, own, rest)
    for k in range(len(weights)):
        if weights[k] != 0.0:
            out[0, k] += weights[k] * total
            out[3, k] += weights[k] * weights[k] * square
            for one in range(1, 3):
                out[one, k] += weights[k] * _dot(own, centred[one, k], rest)


@compiled
def _sum_tiles(  # pragma: no cover - compiled
    table: Any, at: Any, tree: Any, steps: Any, origin: Any, frame: Any, out: Any
) -> None:
    of_outcomes, of_gains, pairs, farthest = out
    from_second, size = frame
    _, _, alone, _, _ = steps
    _, _, _, _, _, weights = tree
    tile, outcomes, inputs = table.shape[2], len(origin), of_gains.shape[1]
    sums, mixed = np.empty((2, size, outcomes, tile)), np.empty((size, outcomes, tile))
    leading, own, rest = np.empty((size, tile)), np.empty(tile), np.empty(64)
    centred = np.ones((3, outcomes, tile))  # 1, and the outcomes at A and B
    gains = np.empty((inputs if len(pairs) else 1, outcomes, tile))
    back = np.empty((outcomes, tile))
    for number in range((at[2] + tile - 1) // tile):
        tiles = (at[0] + number, at[1] + number)
        for side in range(2):
            _up(table, tiles, from_second[side], tree, sums[side], own)
            for k in range(outcomes):
                most = _centre(sums[side, 0, k], origin[k], at[2] - number * tile, centred[1 + side, k], rest)
                farthest[k] = max(farthest[k], most)
        for one in range(3):
            for other in range(one, 3):
                for k in range(outcomes):
                    of_outcomes[one, other, k] += _dot(centred[one, k], centred[other, k], rest)
        for side in range(2 if len(pairs) else 1):
            _down(table, tiles[side], tree, leading, own)
            for i in range(inputs):
                if alone[i, 0] >= 0 and len(pairs) == 0:
                    _moved(table, tiles, (alone[i, 0], alone[i, 1]), tree, leading, own)
                    _add_alike(own, weights[alone[i, 0]], centred, rest, of_gains[:, i])
                    continue
                gain = back if side else gains[i if len(pairs) else 0]
                _gain(table, (tiles[side], tiles[1 - side]), i, tree, steps, (sums[side], leading), (mixed, own), gain)
                for k in range(outcomes):
                    if side:
                        for other in range(inputs):
                            pairs[i, other, k] += _dot(gain[k], gains[other, k], rest)
                    else:
                        for one in range(4):
                            partner = gain[k] if one == 3 else centred[one, k]
                            of_gains[one, i, k] += _dot(gain[k], partner, rest)
