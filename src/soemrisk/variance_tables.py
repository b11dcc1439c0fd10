"""Which inputs the variance of E[net | θ] comes from, as tables by actor, area and year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.closed_form import Parts, of_group, parts, second_order
from soemrisk.design import Plan
from soemrisk.model import Model
from soemrisk.moments import Moments, all_moments, products_of
from soemrisk.priorities import Element, elements
from soemrisk.products import Products, outcomes_of
from soemrisk.scenario import Scenario
from soemrisk.statistics import standard_error

Floats = NDArray[np.float64]

PAIRS = 10  # interactions that are listed
NOISE = 1e-20  # of the squared size of a result: a variance below it is rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """Everything that the figures of an answer are cut from; b blocks, k outcomes (actors × net, areas, years).

    Attributes
    ----------
    products : Products
    moments : tuple of Moments
    parts : Parts
    replicates : tuple of Parts
        One for each of the moments; ``parts`` is their mean.
    sampled : bool
        Whether some block is a vector, whose moments come from draws.
    """

    products: Products
    moments: tuple[Moments, ...]
    parts: Parts
    replicates: tuple[Parts, ...]
    sampled: bool


def analysed(model: Model, plan: Plan) -> Analysis:
    """Variance of every outcome and its parts.

    Parameters
    ----------
    model : Model
    plan : Plan
        Draws of vectors; not used where there are none.

    Returns
    -------
    Analysis
    """
    products = products_of(model)
    known = all_moments(products, plan)
    found = [parts(products, one) for one in known]
    names = ("mean", "variance", "first", "total", "shapley")
    pooled = Parts(**{name: np.mean([getattr(one, name) for one in found], axis=0) for name in names})
    return Analysis(products=products, moments=known, parts=pooled, replicates=tuple(found), sampled=len(known) > 1)


TOP = 5  # drivers that a run names
FEW = 2**13  # draws of vectors


def top_drivers(scenario: Scenario, model: Model, plan: Plan) -> dict[str, list[dict[str, Any]]]:
    """The elements with the largest share of the variance of E[net | θ], by actor.

    Parameters
    ----------
    scenario : Scenario
    model : Model
        Compiled from it.
    plan : Plan
        Seed and sampler of vectors.

    Returns
    -------
    dict of str to list
        ``element``, ``inputs`` and ``share`` (Shapley effects, which add up to 1), largest first, at most five.
    """
    few = Plan(sampler=plan.sampler, seed=plan.seed, size=min(plan.size, FEW // plan.replicates))
    analysis = analysed(model, few)
    listed = elements(scenario, analysis.products)
    found = {}
    for a, actor in enumerate(model.actors):
        shares = _shares(analysis, analysis.parts.shapley, a)
        rows: list[dict[str, Any]] = [
            {
                "element": one.key,
                "inputs": [analysis.products.blocks[b].path for b in one.blocks],
                "share": float(shares[list(one.blocks)].sum()),
            }
            for one in listed
        ]
        found[actor] = sorted((row for row in rows if row["share"] > 0), key=lambda r: (-r["share"], r["element"]))[
            :TOP
        ]
    return found


def _outcome(analysis: Analysis, a: int, o: int = 0) -> int:
    return a * outcomes_of(analysis.products.model) + o


def _variance(analysis: Analysis, a: int, o: int = 0) -> float:
    """Variance of an outcome; 0 where it is only rounding."""
    k = _outcome(analysis, a, o)
    found = float(analysis.parts.variance[k])
    return found if found > NOISE * float(analysis.parts.mean[k]) ** 2 else 0.0


def _shares(analysis: Analysis, table: Floats, a: int, o: int = 0) -> Floats:
    """Parts of the variance of an outcome as shares, (b,); 0 where nothing varies."""
    variance = _variance(analysis, a, o)
    column = table[:, _outcome(analysis, a, o)]
    return column / variance if variance > 0 else np.zeros_like(column)


def group_variances(analysis: Analysis, listed: Sequence[Element]) -> dict[str, Floats]:
    """Variance of calibrated lines taken together: of what is known of them, and of what is lost without them.

    Parameters
    ----------
    analysis : Analysis
    listed : sequence of Element

    Returns
    -------
    dict of str to (r, 2, k) float64
        Closed and total variance of every outcome in each replicate, kr. squared, by element.
    """
    return {
        one.key: np.array([of_group(analysis.products, known, one.blocks) for known in analysis.moments])
        for one in listed
        if one.calibrated
    }


def variance_of(analysis: Analysis, groups: Mapping[str, Floats], a: int, chance_share: float) -> dict[str, Any]:
    """Variance of one actor's net result and where it comes from.

    Parameters
    ----------
    analysis : Analysis
    groups : mapping
        From ``group_variances``.
    a : int
        Position of the actor.
    chance_share : float

    Returns
    -------
    dict
        ``mean``, ``sd`` of E[net | θ] in kr.; ``chance_share`` of the variance of net; ``inputs`` with ``first``,
        ``total`` and ``shapley`` as shares of the variance of E[net | θ], with ``first_mcse`` and ``total_mcse``
        (0 where nothing is sampled); ``elements`` with ``closed`` and ``total`` of calibrated lines taken together, and
        their errors; ``pairs``, the largest interactions.
    """
    products, found = analysis.products, analysis.parts
    tables = {name: _shares(analysis, getattr(found, name), a) for name in ("first", "total", "shapley")}
    tables |= {f"{name}_mcse": _share_errors(analysis, name, a) for name in ("first", "total")}
    inputs = {
        block.path: {name: float(table[b]) for name, table in tables.items()} for b, block in enumerate(products.blocks)
    }
    return {
        "mean": float(found.mean[_outcome(analysis, a)]),
        "sd": float(np.sqrt(_variance(analysis, a))),
        "chance_share": chance_share,
        "inputs": inputs,
        "elements": {key: _element(analysis, group, a) for key, group in groups.items()},
        "pairs": _pairs(analysis, a),
    }


def _element(analysis: Analysis, group: Floats, a: int) -> dict[str, float]:
    """Closed and total share of a group of blocks."""
    variance = _variance(analysis, a)
    if variance == 0:
        return dict.fromkeys(("closed", "total", "closed_mcse", "total_mcse"), 0.0)
    k = _outcome(analysis, a)
    closed, total = group[:, :, k].mean(axis=0) / variance
    each = group[:, :, k] / np.array([one.variance[k] for one in analysis.replicates])[:, None]
    errors = [standard_error(each[:, n]) if analysis.sampled else 0.0 for n in (0, 1)]
    return {"closed": float(closed), "total": float(total), "closed_mcse": errors[0], "total_mcse": errors[1]}


def _share_errors(analysis: Analysis, name: str, a: int) -> Floats:
    """Standard errors of shares of the variance, (b,), from the replicates; 0 where nothing is sampled or varies."""
    k = _outcome(analysis, a)
    if not analysis.sampled or _variance(analysis, a) == 0:
        return np.zeros(len(analysis.products.blocks))
    shares = np.array([getattr(one, name)[:, k] / one.variance[k] for one in analysis.replicates])
    return np.apply_along_axis(standard_error, 0, shares)


def _pairs(analysis: Analysis, a: int) -> list[dict[str, Any]]:
    """The largest interactions of two blocks, as shares of the variance."""
    variance = _variance(analysis, a)
    if variance == 0:
        return []
    at = np.array([_outcome(analysis, a)])
    table = np.mean([second_order(analysis.products, known, at)[:, :, 0] for known in analysis.moments], axis=0)
    paths = analysis.products.paths
    rows: list[dict[str, Any]] = [
        {"inputs": [paths[i], paths[j]], "share": float(table[i, j] / variance)}
        for i in range(len(paths))
        for j in range(i)
        if table[i, j] > 0
    ]
    return sorted(rows, key=lambda row: (-row["share"], row["inputs"]))[:PAIRS]


def variance_by(
    analysis: Analysis, groups: Mapping[str, Floats], labels: Sequence[str], start: int, draws: Floats
) -> dict[str, Any]:
    """Standard deviation, share of chance and total shares of each area or year, by actor.

    Parameters
    ----------
    analysis : Analysis
    groups : mapping
        From ``group_variances``.
    labels : sequence of str
        Areas or years.
    start : int
        Position of the first of them among the outcomes of an actor.
    draws : (r, n, labels, a) float64
        Results of a run, chance included, kr.

    Returns
    -------
    dict
        By label and actor: ``sd`` of E[net | θ], kr., ``chance_share`` of the variance of the draws and its error
        ``chance_share_mcse``, ``total`` by input as shares, and ``elements``, the same of calibrated lines taken
        together.
    """
    model, paths = analysis.products.model, analysis.products.paths
    lost = {key: group[:, 1].mean(axis=0)[None] for key, group in groups.items()}
    return {
        label: {
            actor: {
                "sd": float(np.sqrt(_variance(analysis, a, start + o))),
                **_chance(_variance(analysis, a, start + o), draws[:, :, o, a]),
                "total": dict(zip(paths, _shares(analysis, analysis.parts.total, a, start + o).tolist(), strict=True)),
                "elements": {key: float(_shares(analysis, table, a, start + o)[0]) for key, table in lost.items()},
            }
            for a, actor in enumerate(model.actors)
        }
        for o, label in enumerate(labels)
    }


def _chance(known: float, draws: Floats) -> dict[str, float]:
    """What is left of the variance of draws, (r, n), beside the one in closed form; a share may miss 0 by its error."""
    apart = (draws - draws.mean()) ** 2
    variances = apart.mean(axis=1)
    whole = float(variances.mean())
    if whole <= NOISE * float((draws**2).mean()):
        return {"chance_share": 0.0, "chance_share_mcse": 0.0}
    error = known / whole**2 * standard_error(variances)
    return {"chance_share": 1.0 - known / whole, "chance_share_mcse": error}
