"""The 2×2 of usikkerhed × betydning as a table by actor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.design import Plan
from soemrisk.digest import Digest
from soemrisk.element_tables import paths_of
from soemrisk.model import Model
from soemrisk.priorities import OPEN, Element, Thresholds, category, importance_of, widths
from soemrisk.shared_draws import place_of
from soemrisk.statistics import interval_factor
from soemrisk.tornado import Bar
from soemrisk.variance_tables import Analysis, effect_of

Floats = NDArray[np.float64]
Named = dict[str, Any]


def priority_tables(
    analysis: Analysis,
    listed: Sequence[Element],
    run: tuple[Digest, Plan],
    found: tuple[tuple[Sequence[Bar], Sequence[Named]], Named, Named],
    settings: tuple[Thresholds | None, str],
) -> Named:
    """The 2×2 by actor: each element with both axes, their errors, and its place.

    Parameters
    ----------
    analysis : Analysis
    listed : sequence of Element
    run : (Digest, Plan)
        A run, and the draws of widths.
    found : ((bars of ±10 %, those of elements), variance by actor, information by actor)
    settings : (Thresholds or None, axis of betydning)

    Returns
    -------
    dict
        As ``docs/output.md``.
    """
    digest, small = run
    (bars, grouped), variances, information = found
    thresholds, importance = settings[0] or Thresholds(), settings[1]
    model = analysis.products.model
    width = widths(analysis.products, listed, small)
    factor = interval_factor(small.replicates)
    ten = _swings(analysis, listed, bars, grouped)
    limits = (thresholds.width, getattr(thresholds, importance))
    rows: Named = {}
    for a, actor in enumerate(model.actors):
        whole = _whole(digest.net[a], variances[actor], information[actor])
        rows[actor] = {}
        for e, one in enumerate(listed):
            if not _moves(analysis, one, a):
                continue
            figures = _figures(analysis, one, a, (variances[actor], information[actor]))
            figures["ten_percent"] = float(ten[one.key][a])
            value, error = importance_of(importance, figures, whole)
            calibration = one.calibrated and len(one.blocks) == 1  # its place would be that of a calibration
            spread, spread_error = float(width.value[e, a]), float(width.error[e, a])
            place = category((spread, factor * spread_error), (value, factor * error), limits)
            rows[actor][one.key] = {
                "inputs": paths_of(analysis, one),
                "width": spread if np.isfinite(spread) else None,
                "width_mcse": spread_error,
                **figures,
                "importance": value,
                "importance_mcse": error,
                "category": OPEN if calibration else place,
            }
    return {
        "importance": importance,
        "thresholds": {"width": limits[0], "importance": limits[1]},
        "actors": rows,
    }


def _whole(net: Mapping[str, float], variance: Named, information: Named) -> dict[str, float]:
    """What parts of an actor's result are compared with."""
    return {
        "evpi": information["evpi"]["value"],
        "evpi_error": information["evpi"]["mcse"],
        "size": abs(variance["mean"]),
        "width": net["p90"] - net["p10"],
        "width_error": float(np.hypot(net["mcse_p10"], net["mcse_p90"])),
    }


def _figures(analysis: Analysis, one: Element, a: int, tables: tuple[Named, Named]) -> dict[str, float]:
    """What an element does to an actor's decision and variance; tables: variance and information of the actor."""
    variance, information = tables
    effect, error = effect_of(analysis, one, a)
    worth = information["elements"][one.key]
    part = variance["elements" if one.calibrated else "inputs"][one.key]
    return {
        "evppi": worth["value"],
        "evppi_error": worth["mcse"],
        "total": part["total"],
        "total_error": part["total_mcse"],
        "shapley": effect,
        "shapley_error": error,
    }


def _moves(analysis: Analysis, one: Element, a: int) -> bool:
    """Whether an element is a factor of anything that an actor bears or gains."""
    products = analysis.products
    touched = (products.functions[:, list(one.blocks)] > 0).any(axis=1)
    return bool(products.weights[touched, a].any())


def _swings(
    analysis: Analysis, listed: Sequence[Element], bars: Sequence[Bar], grouped: Sequence[Named]
) -> dict[str, Floats]:
    """How far ±10 % moves the result, by element, (a,).

    Lines that are taken together are moved together; of shares that add up to 1 the largest swing counts, since one
    share up is the others down; other inputs of one element add up.
    """
    by_path = {bar.path: bar.swing for bar in bars}
    model = analysis.products.model
    nothing = np.zeros(len(model.actors))
    found = {}
    for one in listed:
        wholes: dict[object, list[Floats]] = {}
        for path in paths_of(analysis, one):
            wholes.setdefault(_whole_of(model, path), []).append(by_path.get(path, nothing))
        found[one.key] = np.sum([np.max(swings, axis=0) for swings in wholes.values()], axis=0)
    for bar in grouped:
        ends = np.array([[bar[end][actor] for actor in model.actors] for end in ("at_low", "at_high")])
        found[bar["element"]] = np.abs(ends[1] - ends[0])
    return found


def _whole_of(model: Model, path: str) -> object:
    """What an input is a share of, the same for all shares of it and for their steps; an input alone is itself."""
    simplex = next((model.simplex_of(q) for q, one in enumerate(model.inputs) if place_of(one.path) == path), None)
    return path if simplex is None else tuple(simplex.columns.tolist())
