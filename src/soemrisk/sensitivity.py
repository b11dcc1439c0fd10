"""Where the uncertainty comes from, by sampling, as labelled tables: the public ``sobol`` and ``shapley``.

Names of inputs, groups and actors live here, and what a caller may ask for; no index is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from soemrisk.block_swaps import block_names, members, sums_of_products
from soemrisk.caller_functions import Function, Inputs, checked_inputs, input_values, outcomes_of_function
from soemrisk.design import Plan
from soemrisk.digits import grouped, percent
from soemrisk.kept_products import kept_products
from soemrisk.messages import text
from soemrisk.pick_freeze import (
    ROUNDING,
    Estimate,
    Summing,
    Sums,
    accumulate_sums,
    first_order_effect,
    is_rounding,
    mean_of,
    second_order_effect,
    settled,
    summed,
    swap_plan,
    swaps_of_function,
    total_effect,
    without_gain,
    without_spread,
)
from soemrisk.products import Products
from soemrisk.rare_values import is_outcome_heavy, is_rare_heavy, rare_shares
from soemrisk.receipt import receipt
from soemrisk.scenario import Scenario
from soemrisk.shapley_effects import shapley_effects

Floats = NDArray[np.float64]
Groups = Mapping[str, Sequence[str]]


class _Asked(NamedTuple):
    """What is swapped: names of inputs, keys of coordinates, where outcomes come from; a language; a scenario's own."""

    names: tuple[str, ...]
    keys: tuple[str, ...]
    summing: Summing
    lang: str
    actors: tuple[str, ...] | None = None
    scenario: Scenario | None = None
    products: Products | None = None


def sobol(
    of: Scenario | Function,
    families: Inputs | None = None,
    *,
    draws: int = 2**14,
    seed: int = 1,
    sampler: str = "sobol",
    estimator: str = "saltelli",
    second_order: bool = False,
    groups: Groups | None = None,
    inputs: Sequence[str] | None = None,
    lang: str | None = None,
) -> xr.Dataset:
    """Sobol' indices of the net result of a scenario, or of any vectorised function, with errors.

    Parameters
    ----------
    of : Scenario or callable
        A callable takes values, (n, d) float64, and returns n numbers.
    families : mapping of str to (family, parameters)
        Inputs of a callable, independent, in the order of its columns. A scenario has its uncertain numbers by path;
        those that depend on each other (rank correlations, shares that add up to 1) are one input, named by all paths.
    draws : int
        Points of the base sample in all, rounded up to 16 × 2^m; draws × (d + 2) are evaluated, × (2 d + 2) with S2.
    seed : int
        From 0.
    sampler : {"sobol", "random"}
    estimator : {"saltelli", "jansen", "janon"}
        Of S1; ST is always Jansen's.
    second_order : bool
        Whether S2 of each pair is estimated too.
    groups : mapping of str to sequence of str, optional
        Inputs that are taken as one; an input in no group stays by itself.
    inputs : sequence of str, optional
        Only the indices of these.
    lang : {"da", "en"}, optional
        Of the warnings; else the scenario's, of a callable English.

    Returns
    -------
    xarray.Dataset
        Over input, for a scenario (actor, input): ``S1``, ``ST`` (shares of the variance; not clipped), ``S2`` over
        (input, other), each with ``_se``, ``_low``, ``_high`` (95 %) and ``_distinguishable`` from 0; ``mean`` and
        ``variance`` with errors (kr., given what is not known); ``constant``: no spread, all indices are 0;
        ``heavy_tailed``, and ``warnings`` in the attributes: intervals are too narrow, since one outcome
        (``largest_share``) or values too rare for the draws (``rare_share``) have much of the variance.

    Raises
    ------
    ValueError
        An argument is outside what is allowed, or an input is asked for that is not independent of the others.

    Examples
    --------
    >>> found = sobol(lambda x: x[:, 0] + 2 * x[:, 1], {name: ("normal", {"mean": 0, "sd": 1}) for name in "xy"})
    >>> found["ST"].round(2).values.tolist()
    [0.2, 0.8]
    """
    design, asked = swap_plan(draws, seed, sampler), _asked(of, families, groups, inputs, back=second_order, lang=lang)
    return _labelled(accumulate_sums(design, asked.keys, asked.summing), asked, design, estimator)


def shapley(scenario: Scenario, *, draws: int = 2**14, seed: int = 1, sampler: str = "sobol") -> xr.Dataset:
    """Shapley effects of the inputs of a scenario: shares of the variance that add up to 1, also with dependence.

    Parameters
    ----------
    scenario : Scenario
    draws : int
        Pairs of draws of each correlation group in all, rounded up to 16 × 2^m. Without a group nothing is drawn and
        the effects are exact.
    seed : int
        From 0.
    sampler : {"sobol", "random"}

    Returns
    -------
    xarray.Dataset
        Over (actor, input) ``shapley``, over actor ``variance`` (kr. squared, given what is not known), each with
        ``_se``, ``_low`` and ``_high`` (95 %), ``shapley_distinguishable`` from 0, and ``constant``: no spread, all
        effects are 0. Members of a correlation group are inputs of their own; shares that add up to 1 are one input.
        With dependence an effect can be above 0 for an input that is in no formula.

    Raises
    ------
    ValueError
        An argument is outside what is allowed.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> found = shapley(read("act-randers"))
    >>> found["shapley"].sum("input").round(9).values.tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    if not isinstance(scenario, Scenario):
        raise ValueError(f"shapley takes a scenario, not {type(scenario).__name__}")
    design = swap_plan(draws, seed, sampler)
    products = kept_products(scenario)
    found = shapley_effects(products, design)
    effects = np.concatenate([found.effects] * (1 if len(found.effects) > 1 else 2))  # two alike: an error of 0
    variance = effects.sum(axis=1)
    constant = is_rounding(variance.mean(axis=0), found.means.mean(axis=0))
    share = settled(effects, np.broadcast_to(variance[:, None], effects.shape), constant)
    whole = mean_of(variance)
    data: dict[str, Any] = {"constant": ("actor", constant)}
    for name in ("value", "se", "low", "high"):
        ending = "" if name == "value" else f"_{name}"
        data[f"shapley{ending}"] = (("actor", "input"), getattr(share, name).T)
        data[f"variance{ending}"] = ("actor", getattr(whole, name))
    data["shapley_distinguishable"] = (("actor", "input"), (share.low > ROUNDING).T)
    coordinates = {"actor": list(products.model.actors), "input": [" + ".join(paths) for paths in found.paths]}
    attributes = {**receipt(scenario, design), "exact": int(len(found.effects) == 1)}
    return xr.Dataset(data, coords=coordinates, attrs=attributes)


def _asked(
    of: Scenario | Function,
    families: Inputs | None,
    groups: Groups | None,
    inputs: Sequence[str] | None,
    *,
    back: bool,
    lang: str | None,
) -> _Asked:
    if lang not in {None, "da", "en"}:
        raise ValueError(f"lang is da or en, not {lang!r}")
    if isinstance(of, Scenario):
        if families is not None:
            raise ValueError("families belong to a function; a scenario states its own")
        products = kept_products(of)
        model = products.model
        listed = _of_scenario(products, groups, inputs)
        summing = sums_of_products(products, list(listed.values()), back=back)
        return _Asked(tuple(listed), model.columns, summing, lang or of.lang, model.actors, of, products)
    if not callable(of):
        raise ValueError(f"sobol takes a scenario or a function, not {type(of).__name__}")
    known = checked_inputs(families)
    listed = _grouped({name: (d,) for d, name in enumerate(known)}, groups, inputs)
    source = swaps_of_function(
        lambda values: outcomes_of_function(of, values),
        lambda points: input_values(known, points),
        list(listed.values()),
        back=back,
    )
    return _Asked(tuple(listed), tuple(known), summed(source), lang or "en")


def _of_scenario(products: Products, groups: Groups | None, inputs: Sequence[str] | None) -> dict[str, tuple[int, ...]]:
    """Blocks of what is swapped together, by name."""
    names = block_names(products)
    block_of = {name: b for b, name in enumerate(names)}
    within = {
        path: b
        for b, block in enumerate(products.blocks)
        if block.vector
        for path in members(products, block.inputs)
        if path not in block_of
    }
    whole = {b: set(members(products, block.inputs)) for b, block in enumerate(products.blocks) if block.vector}
    meant = {}
    for name, paths in (groups or {}).items():
        found = list(dict.fromkeys(names[within[path]] if path in within else path for path in paths))
        for path in paths:
            if path in within and not whole[within[path]] <= set(paths):
                raise ValueError(f"group {name!r} has {path!r} and not all that it depends on: {names[within[path]]}")
        meant[name] = found
    for path in inputs or ():
        if path in within and path not in meant:
            raise ValueError(
                f"{path!r} is not independent of the others of {names[within[path]]!r}, so S1 and ST of it alone have "
                "no meaning: ask for all of them as one input, or for shapley"
            )
    return _grouped({name: (b,) for name, b in block_of.items()}, meant if groups is not None else None, inputs)


def _grouped(
    known: Mapping[str, tuple[int, ...]], groups: Groups | None, inputs: Sequence[str] | None
) -> dict[str, tuple[int, ...]]:
    """What is swapped together, by name: groups first, then each input that is in none."""
    listed: dict[str, tuple[int, ...]] = {}
    taken: set[str] = set()
    if groups is not None and not isinstance(groups, Mapping):
        raise ValueError("groups is a mapping of names to lists of inputs")
    for group, names in (groups or {}).items():
        if isinstance(names, str) or not names:
            raise ValueError(f"group {group!r} must be a list of names")
        for name in names:
            _must_be(name, known)
            if name in taken:
                raise ValueError(f"{name!r} is in more than one group, or twice in one")
            taken.add(name)
        listed[group] = tuple(number for name in names for number in known[name])
    rest = {name: numbers for name, numbers in known.items() if name not in taken}
    twice = set(listed) & set(rest)
    if twice:
        raise ValueError(f"{min(twice)!r} is the name of a group and of an input outside it")
    listed |= rest
    if inputs is None:
        return listed
    if isinstance(inputs, str) or not inputs:
        raise ValueError("inputs must be a list of names")
    for name in inputs:
        _must_be(name, listed)
    return {name: listed[name] for name in dict.fromkeys(inputs)}


def _must_be(name: object, known: Mapping[str, object]) -> None:
    if name not in known:
        raise ValueError(f"there is no uncertain input {name!r}; there are {', '.join(map(str, known))}")


def _labelled(sums: Sums, asked: _Asked, design: Plan, estimator: str) -> xr.Dataset:
    """Estimates with names; the last axis of the sums is the actor, or the one outcome of a function."""
    constant = without_spread(sums)
    still = without_gain(sums) | constant
    centred = mean_of(sums.variance)
    average = mean_of((sums.a + sums.b) / 2)
    data: dict[str, Any] = {}

    def put(name: str, dims: tuple[str, ...], array: NDArray[Any]) -> None:
        if asked.actors is None:
            data[name] = (dims, array[..., 0])
        else:
            data[name] = (("actor", *dims), np.moveaxis(array, -1, 0))

    def put_estimate(name: str, dims: tuple[str, ...], found: Estimate, shift: Floats | float = 0.0) -> None:
        put(name, dims, found.value + shift)
        put(f"{name}_se", dims, found.se)
        put(f"{name}_low", dims, found.low + shift)
        put(f"{name}_high", dims, found.high + shift)

    indices: dict[str, tuple[tuple[str, ...], tuple[Floats, Floats]]] = {
        "S1": (("input",), first_order_effect(sums, estimator)),
        "ST": (("input",), total_effect(sums)),
    }
    if sums.pairs is not None:
        indices["S2"] = (("input", "other"), second_order_effect(sums))
    for name, (dims, (numerator, denominator)) in indices.items():
        found = settled(numerator, denominator, constant)
        put_estimate(name, dims, found)
        silent = still if name != "S2" else still[:, None] | still[None]
        put(f"{name}_distinguishable", dims, (found.low > 0) & ~silent)
    put_estimate("mean", (), average, sums.origin)
    put_estimate("variance", (), centred)
    put("constant", (), constant)
    tails, said = _tails(sums, asked, design)
    for name, array in tails.items():
        put(name, (), array)
    coordinates: dict[str, Any] = {"input": list(asked.names)}
    if sums.pairs is not None:
        coordinates["other"] = list(asked.names)
    if asked.actors is not None:
        coordinates["actor"] = list(asked.actors)
    sides = 1 if sums.pairs is None else 2
    attributes = {
        **({} if asked.scenario is None else receipt(asked.scenario, design)),
        "seed": design.seed,
        "draws": design.draws,
        "replicates": design.replicates,
        "sampler": design.sampler,
        "estimator": estimator,
        "evaluations": design.draws * (sides * len(asked.names) + 2),
        "warnings": said,
    }
    return xr.Dataset(data, coords=coordinates, attrs=attributes)


def _tails(sums: Sums, asked: _Asked, design: Plan) -> tuple[dict[str, NDArray[Any]], list[str]]:
    """What the draws cannot know of the tails, by outcome, and warnings where that is much."""
    lang = asked.lang
    evaluations = 2 * design.draws
    largest = np.where(without_spread(sums), 0.0, sums.largest_square / evaluations)
    heavy = is_outcome_heavy(largest, evaluations)
    if asked.products is None:
        said = [_one_outcome(text("one-outcome", lang), float(largest[0]), evaluations, lang)] if heavy[0] else []
        return {"largest_share": largest, "heavy_tailed": heavy}, said
    rare = rare_shares(asked.products, design)
    share = rare.sum(axis=0)
    unseen = is_rare_heavy(share, design.draws)
    said = []
    for k, actor in enumerate(_actor_names(asked)):
        if unseen[k]:
            most = block_names(asked.products)[int(rare[:, k].argmax())]
            counts = {"share": percent(float(share[k]), lang, 1), "draws": grouped(design.draws, lang)}
            said.append(text("sobol-rare-values", lang, actor=actor, name=most, **counts))
        elif heavy[k]:
            said.append(_one_outcome(actor, float(largest[k]), evaluations, lang))
    return {"largest_share": largest, "rare_share": share, "heavy_tailed": heavy | unseen}, said


def _one_outcome(actor: str, share: float, evaluations: int, lang: str) -> str:
    counts = {"share": percent(share, lang, 1), "evaluations": grouped(evaluations, lang)}
    return text("sobol-one-outcome", lang, actor=actor, **counts)


def _actor_names(asked: _Asked) -> list[str]:
    assert asked.scenario is not None
    known, lang = asked.scenario.actors, asked.lang
    return [text("total", lang) if actor == "total" else known[actor].name.in_(lang) for actor in asked.actors or ()]
