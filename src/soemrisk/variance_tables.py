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
LEAST = 1e-12  # of the variance: an interaction below it is rounding
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
        ``element``, ``inputs``, ``share`` (Shapley effects, which add up to 1) and its error ``share_mcse``, largest
        first, at most five.
    """
    few = Plan(sampler=plan.sampler, seed=plan.seed, size=min(plan.size, FEW // plan.replicates))
    analysis = analysed(model, few)
    listed = elements(scenario, analysis.products)
    found = {}
    for a, actor in enumerate(model.actors):
        effects = {one.key: effect_of(analysis, one, a) for one in listed}
        rows: list[dict[str, Any]] = [
            {
                "element": one.key,
                "inputs": [analysis.products.blocks[b].path for b in one.blocks],
                "share": effects[one.key][0],
                "share_mcse": effects[one.key][1],
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
    return float(analysis.parts.variance[k]) if varies(analysis)[k] else 0.0


def _shares(analysis: Analysis, table: Floats, a: int, o: int = 0) -> Floats:
    """Parts of the variance of an outcome as shares, (b,); 0 where nothing varies."""
    variance = _variance(analysis, a, o)
    column = table[:, _outcome(analysis, a, o)]
    return column / variance if variance > 0 else np.zeros_like(column)


def effect_of(analysis: Analysis, one: Element, a: int) -> tuple[float, float]:
    """Shapley effect of an element on the net result of an actor, as a share, and its standard error."""
    members = list(one.blocks)
    if not analysis.sampled or _variance(analysis, a) == 0:
        return float(_shares(analysis, analysis.parts.shapley, a)[members].sum()), 0.0
    by_replicate = _shares_by_replicate(analysis, "shapley", _outcome(analysis, a))[:, members].sum(axis=1)
    return float(_shares(analysis, analysis.parts.shapley, a)[members].sum()), standard_error(by_replicate)


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


def variance_of(
    analysis: Analysis, groups: Mapping[str, Floats], a: int, chance_share: tuple[float, float]
) -> dict[str, Any]:
    """Variance of one actor's net result and where it comes from.

    Parameters
    ----------
    analysis : Analysis
    groups : mapping
        From ``group_variances``.
    a : int
        Position of the actor.
    chance_share : (share, its standard error)

    Returns
    -------
    dict
        ``mean``, ``sd`` of E[net | θ] in kr., with ``mean_mcse`` and ``sd_mcse``; ``chance_share`` of the variance of
        net and ``chance_share_mcse``; ``inputs`` with ``first``, ``total`` and ``shapley`` as shares of the variance of
        E[net | θ], each with its ``_mcse`` (0 where nothing is sampled); ``elements`` with ``closed`` and ``total`` of
        calibrated lines taken together, and their errors; ``pairs``, the largest interactions, ``share`` and
        ``share_mcse``.
    """
    products, found = analysis.products, analysis.parts
    kinds = ("first", "total", "shapley")
    tables = {name: _shares(analysis, getattr(found, name), a) for name in kinds}
    tables |= {f"{name}_mcse": share_errors(analysis, name)[:, _outcome(analysis, a)] for name in kinds}
    inputs = {
        block.path: {name: float(table[b]) for name, table in tables.items()} for b, block in enumerate(products.blocks)
    }
    return {
        "mean": float(found.mean[_outcome(analysis, a)]),
        "mean_mcse": float(mean_errors(analysis)[_outcome(analysis, a)]),
        **_spread(analysis, a),
        "chance_share": chance_share[0],
        "chance_share_mcse": chance_share[1],
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


def _spread(analysis: Analysis, a: int, o: int = 0) -> dict[str, float]:
    """Standard deviation of E[net | θ] of an outcome, and its standard error."""
    k = _outcome(analysis, a, o)
    return {"sd": float(np.sqrt(_variance(analysis, a, o))), "sd_mcse": float(sd_errors(analysis)[k])}


def mean_errors(analysis: Analysis) -> Floats:
    """Standard errors of the means of all outcomes, (k,), kr., from the replicates; 0 where nothing is sampled."""
    return errors_of([one.mean for one in analysis.replicates])


def sd_errors(analysis: Analysis) -> Floats:
    """Standard errors of the standard deviations of all outcomes, (k,), kr.; to first order, se(V) / 2 sd."""
    error = errors_of([one.variance for one in analysis.replicates])
    sd = np.sqrt(np.where(varies(analysis), analysis.parts.variance, np.inf))
    found: Floats = error / (2 * sd)
    return found


def share_errors(analysis: Analysis, name: str) -> Floats:
    """Standard errors of shares of the variance of all outcomes, (b, k); 0 where nothing is sampled or varies.

    Parameters
    ----------
    analysis : Analysis
    name : {"first", "total", "shapley"}

    Returns
    -------
    (b, k) float64
        From the same share in each replicate of the moments of vectors.
    """
    each = _shares_by_replicate(analysis, name, slice(None))
    return np.where(varies(analysis), errors_of(each), 0.0)


def varies(analysis: Analysis) -> NDArray[np.bool_]:
    """Which outcomes vary by more than rounding, (k,)."""
    found: NDArray[np.bool_] = analysis.parts.variance > NOISE * analysis.parts.mean**2
    return found


def _shares_by_replicate(analysis: Analysis, name: str, outcomes: int | slice) -> Floats:
    """Shares of the variance in each replicate, (r, b, …)."""
    return np.array(
        [
            getattr(one, name)[:, outcomes] / np.where(one.variance > 0, one.variance, np.inf)[outcomes]
            for one in analysis.replicates
        ]
    )


def errors_of(by_replicate: Sequence[Floats] | Floats) -> Floats:
    """Standard errors of means over independent replicates, the first axis; 0 for a single one."""
    each = np.asarray(by_replicate)
    if len(each) < 2:
        return np.zeros(each.shape[1:])
    found: Floats = each.std(axis=0, ddof=1) / np.sqrt(len(each))
    return found


def _pairs(analysis: Analysis, a: int) -> list[dict[str, Any]]:
    """The largest interactions of two blocks, as shares of the variance."""
    variance = _variance(analysis, a)
    if variance == 0:
        return []
    k = _outcome(analysis, a)
    by_replicate = [second_order(analysis.products, known, np.array([k]))[:, :, 0] for known in analysis.moments]
    shares = np.mean(by_replicate, axis=0) / variance
    errors = errors_of([one / of.variance[k] for one, of in zip(by_replicate, analysis.replicates, strict=True)])
    paths = analysis.products.paths
    rows: list[dict[str, Any]] = [
        {"inputs": [paths[i], paths[j]], "share": float(shares[i, j]), "share_mcse": float(errors[i, j])}
        for i, j in zip(*np.nonzero(np.tril(shares) > LEAST), strict=True)
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
        By label and actor: ``sd`` of E[net | θ] and ``sd_mcse``, kr., ``chance_share`` of the variance of the draws and
        its error ``chance_share_mcse``, ``total`` by input as shares, and ``elements``, the same of calibrated lines
        taken together; ``total_mcse`` and ``elements_mcse`` are their errors, 0 where nothing is sampled.
    """
    model, paths = analysis.products.model, analysis.products.paths
    lost = {key: group[:, 1].mean(axis=0)[None] for key, group in groups.items()}
    errors, lost_errors = share_errors(analysis, "total"), _lost_errors(analysis, groups)

    def at(tables: Mapping[str, Floats], k: int) -> dict[str, float]:
        return {key: float(table[k]) for key, table in tables.items()}

    return {
        label: {
            actor: {
                **_spread(analysis, a, start + o),
                **_chance(_variance(analysis, a, start + o), draws[:, :, o, a]),
                "total": dict(zip(paths, _shares(analysis, analysis.parts.total, a, start + o).tolist(), strict=True)),
                "total_mcse": dict(zip(paths, errors[:, _outcome(analysis, a, start + o)].tolist(), strict=True)),
                "elements": {key: float(_shares(analysis, table, a, start + o)[0]) for key, table in lost.items()},
                "elements_mcse": at(lost_errors, _outcome(analysis, a, start + o)),
            }
            for a, actor in enumerate(model.actors)
        }
        for o, label in enumerate(labels)
    }


def _lost_errors(analysis: Analysis, groups: Mapping[str, Floats]) -> dict[str, Floats]:
    """Standard errors of the total shares of calibrated lines taken together, (k,), by element."""
    variances = np.array([one.variance for one in analysis.replicates])
    whole = np.where(variances > 0, variances, np.inf)
    moving = varies(analysis)
    return {key: np.where(moving, errors_of(group[:, 1] / whole), 0.0) for key, group in groups.items()}


def _chance(known: float, draws: Floats) -> dict[str, float]:
    """What is left of the variance of draws, (r, n), beside the one in closed form; a share may miss 0 by its error."""
    apart = (draws - draws.mean()) ** 2
    variances = apart.mean(axis=1)
    whole = float(variances.mean())
    if whole <= NOISE * float((draws**2).mean()):
        return {"chance_share": 0.0, "chance_share_mcse": 0.0}
    error = known / whole**2 * standard_error(variances)
    return {"chance_share": 1.0 - known / whole, "chance_share_mcse": error}
