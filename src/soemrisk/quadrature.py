"""A distribution as nodes and weights, so that an expectation is a sum: ∫₀¹ g(x(u)) du ≈ Σ w g(x).

The quantile function is what draws go through, so closed forms rest on it too and not on densities.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from soemrisk.families import FAMILIES
from soemrisk.family import Family, Parameters

Floats = NDArray[np.float64]

POINTS = 16  # nodes of a panel (Gauss-Legendre)
SMOOTH = 1e-12  # of the standard deviation: what the highest terms of a panel may hold
NARROWEST = 2.0**-50  # panels are not halved below this
MOST_PANELS = 4096
FIRST, LAST = 2.0**-64, 1.0 - 2.0**-53


Distribution = tuple[str, Parameters]
Made = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """Distributions that are drawn from one point, in nodes.

    Attributes
    ----------
    levels : (n,)
        Probabilities strictly between 0 and 1, rising.
    values : (k, n)
        Quantiles of each distribution at the levels.
    weights : (n,)
        Not negative, 1 in all.
    """

    levels: Floats
    values: Floats
    weights: Floats


def nodes(
    distributions: Sequence[Distribution],
    breaks: Sequence[float] | Floats = (),
    made: Made | None = None,
    between: tuple[float, float] = (0.0, 1.0),
) -> Nodes:
    """Nodes and weights of one distribution, or of several that are drawn from the same point.

    Parameters
    ----------
    distributions : sequence of (family, parameters)
        Rows of the family table with valid parameters.
    breaks : sequence of float
        Levels at which what is to be integrated has a kink; no panel reaches across them.
    made : callable, optional
        From values (k, n) to functions of them (n, m) that are to be integrated too: panels are halved until these are
        polynomials of low degree as well.
    between : (low, high)
        Levels between which it is integrated; the weights are high − low in all.

    Returns
    -------
    Nodes
        One node for each value where all are discrete. Else Gauss-Legendre nodes in panels of the probability,
        narrower towards 0 and 1, halved until each quantile function is a polynomial of low degree in each panel.

    Notes
    -----
    Jumps of the quantile functions lie between panels. What is left out beyond 2^-64 and 1 − 2^-53 is given to the
    outermost nodes.

    Examples
    --------
    >>> found = nodes([("normal", {"mean": 2.0, "sd": 3.0})])
    >>> round(float(found.weights @ found.values[0] ** 2), 10)
    13.0
    """
    rows = [(FAMILIES[family], parameters) for family, parameters in distributions]
    steps = [_steps(row, parameters) for row, parameters in rows]
    if all(whole for _, whole in steps):
        edges = _inside(np.concatenate([between, *(levels for levels, _ in steps)]), between)
        levels = (edges[1:] + edges[:-1]) / 2
        return Nodes(levels=levels, values=_quantiles(rows, levels), weights=np.diff(edges))
    ends = (max(between[0], FIRST), min(between[1], LAST))
    edges = _inside(np.concatenate([ends, _tails(), *(levels for levels, _ in steps), breaks]), ends)
    return _panels(rows, edges, made, between)


def _inside(edges: Floats, ends: tuple[float, float]) -> Floats:
    return np.unique(edges[(edges >= ends[0]) & (edges <= ends[1])])


def _steps(row: Family, parameters: Parameters) -> tuple[Floats, bool]:
    """Levels at which a quantile function jumps, inside (0, 1), and whether it is constant between them."""
    jumps = row.jumps(parameters)
    below = np.asarray(row.cdf(np.nextafter(jumps, -np.inf), parameters))
    upto = np.asarray(row.cdf(jumps, parameters))
    levels = np.concatenate([below, upto])
    return levels[(levels > 0) & (levels < 1)], bool((upto - below).sum() > 1 - 1e-9)


def _quantiles(rows: Sequence[tuple[Family, Parameters]], levels: Floats) -> Floats:
    return np.stack([np.asarray(row.quantile(levels, parameters)) for row, parameters in rows])


def _tails() -> Floats:
    """Edges of panels: 1/2, and from there to both ends a quarter of what is left each time."""
    lower = 0.5 * 4.0 ** -np.arange(0, 32)
    upper = 1.0 - 0.5 * 4.0 ** -np.arange(0, 26)
    return np.concatenate([[FIRST], lower[::-1], upper, [LAST]])


@lru_cache(maxsize=1)
def panel_rule() -> tuple[Floats, Floats, Floats]:
    """Gauss-Legendre nodes and weights on (0, 1), and the map from values at the nodes to Legendre coefficients.

    Examples
    --------
    >>> places, weights, coefficients = panel_rule()
    >>> round(float(weights @ places**31 * 32), 12), (coefficients @ places).round(12)[:2].tolist()
    (1.0, [0.5, 0.5])
    """
    places, weights = np.polynomial.legendre.leggauss(POINTS)
    degrees = np.arange(POINTS)
    coefficients = np.polynomial.legendre.legvander(places, POINTS - 1).T * weights * (2 * degrees[:, None] + 1) / 2
    return (places + 1) / 2, weights / 2, coefficients


def _panels(
    rows: Sequence[tuple[Family, Parameters]], edges: Floats, made: Made | None, between: tuple[float, float]
) -> Nodes:
    places, weights, coefficients = panel_rule()
    scales = np.array([max(row.sd(parameters), 1e-300) for row, parameters in rows])
    low, high = edges[:-1], edges[1:]
    done: list[tuple[Floats, Floats, Floats]] = []
    count = 0
    size = 1e-300
    while len(low):
        width = high - low
        levels = np.clip(low[:, None] + width[:, None] * places, FIRST, LAST)
        values = _quantiles(rows, levels.ravel()).reshape(len(rows), *levels.shape)
        rough = np.abs(values @ coefficients[-3:].T).sum(axis=2) * width / scales[:, None]  # (k, panels)
        if made is not None:
            functions = made(values.reshape(len(rows), -1)).T.reshape(-1, *levels.shape)
            size = max(size, float(np.abs(functions).max()))
            rough = np.concatenate([rough, np.abs(functions @ coefficients[-3:].T).sum(axis=2) * width / size])
        good = (rough <= SMOOTH).all(axis=0) | (width <= NARROWEST) | (count + len(low) > MOST_PANELS)
        count += int(good.sum())
        masses = width[good, None] * weights
        done.append((levels[good].ravel(), values[:, good].reshape(len(rows), -1), masses.ravel()))
        low, high, middle = low[~good], high[~good], ((low + high) / 2)[~good]
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    levels = np.concatenate([one for one, _, _ in done])
    order = np.argsort(levels, kind="stable")
    values = np.concatenate([one for _, one, _ in done], axis=1)[:, order]
    masses = np.concatenate([one for _, _, one in done])[order]
    masses[0] += edges[0] - between[0]
    masses[-1] += between[1] - edges[-1]
    return Nodes(levels=levels[order], values=values, weights=masses / (masses.sum() / (between[1] - between[0])))
