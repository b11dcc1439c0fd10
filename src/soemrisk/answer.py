"""The whole answer to one run as one object: the JSON contract (docs/output.md).

Everything that is printed, drawn or written is taken from here, so that terminal, files and memo cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.actor_tree import depth, in_order
from soemrisk.compilation import compile_scenario
from soemrisk.correlations import changed_correlations
from soemrisk.digest import Digest, base_line, base_outcome
from soemrisk.digits import of_hundred, plain
from soemrisk.level_scaling import is_scaled
from soemrisk.listing import ends_of_listing
from soemrisk.messages import text
from soemrisk.model import Model
from soemrisk.names import input_names
from soemrisk.outcome_rules import unit_of_outcome
from soemrisk.payments import grant_of
from soemrisk.reference import evaluate
from soemrisk.scenario import Scenario
from soemrisk.statistics import public, standard_error
from soemrisk.stopping import stable
from soemrisk.terms import price_years
from soemrisk.variance_tables import top_drivers

Floats = NDArray[np.float64]
SCHEMA = 1


def base_case(model: Model) -> dict[str, Any]:
    """The calculation at every quantity's stated value, by actor, area and year."""
    one = base_outcome(model)
    return {
        "net": _by_actor(model.actors, one.year[0].sum(axis=0)),
        "area": {area: _by_actor(model.actors, one.area[0, h]) for h, area in enumerate(model.areas)},
        "year": {str(year): _by_actor(model.actors, one.year[0, y]) for y, year in enumerate(model.years)},
    }


def promised(scenario: Scenario, model: Model) -> Floats:
    """Figure that the decision rests on, by actor, (a,): the published one, else the base case; kr."""
    base = base_outcome(model).year[0].sum(axis=0)
    return np.array([scenario.promised.get(actor, base[a]) for a, actor in enumerate(model.actors)])


def _by_actor(actors: Sequence[str], values: Floats) -> dict[str, float]:
    return {actor: float(value) for actor, value in zip(actors, values, strict=True)}


def answer(scenario: Scenario, digest: Digest, lang: str) -> dict[str, Any]:
    """Build the answer.

    Parameters
    ----------
    scenario : Scenario
    digest : Digest
        Of a simulation of the scenario.
    lang : {"da", "en"}
        Language of the warnings.

    Returns
    -------
    dict
        As ``docs/output.md``; only JSON types, no NaN, infinite values are None.

    Raises
    ------
    ValueError
        The digest is of another scenario.
    """
    model, plan = digest.model, digest.plan
    if (model.scenario_id, model.actors) != (scenario.id, ("total", *in_order(scenario.actors))):
        raise ValueError(f"the simulation is of {model.scenario_id}, not of {scenario.id}")

    def stats(rows: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
        return {actor: public(row) for actor, row in zip(model.actors, rows, strict=True)}

    years = [str(year) for year in model.years]
    return {
        "schema": SCHEMA,
        "scenario": scenario.id,
        "seed": plan.seed,
        "draws": plan.draws,
        "sampler": plan.sampler,
        "base": base_case(model),
        "net": stats(digest.net),
        "net_expected": stats(digest.expected),
        "net_correlated": stats(digest.correlated),
        "chance_share": _by_actor(model.actors, digest.chance_share),
        "area": {area: stats(rows) for area, rows in zip(model.areas, digest.area, strict=True)},
        "year": {year: stats(rows) for year, rows in zip(years, digest.year, strict=True)},
        "cumulated": {year: stats(rows) for year, rows in zip(years, digest.cumulated, strict=True)},
        "payback": _finite(_named(model.actors, digest.payback)),
        "break_even": {"success_rate": _finite(_named(model.actors, digest.break_even))},
        "risk": _named(model.actors, digest.risk),
        "grant": {
            actor: grant_of(net, payment)
            for actor, net, payment in zip(model.actors, digest.net, digest.payment, strict=True)
        },
        "drivers": top_drivers(scenario, model, plan),
        "stable": stable(digest),
        "per_participant": per_participant(digest),
        "joint": _joint(digest),
        "mean_minus_base": mean_minus_base(digest),
        "listed": ends_of_listing(scenario, digest),
        "outcomes": outcomes(scenario, digest, lang),
        "warnings": warnings(scenario, digest, lang),
    }


def _named(actors: Sequence[str], rows: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    return {actor: dict(row) for actor, row in zip(actors, rows, strict=True)}


def _joint(digest: Digest) -> dict[str, Any]:
    loses = _named(digest.model.actors, digest.loses_while_total_gains)
    del loses["total"]
    return {**{name: dict(chance) for name, chance in digest.joint.items()}, "loses_while_total_gains": loses}


PER_PARTICIPANT = ("mean", "p10", "p50", "p90")


def per_participant(digest: Digest) -> dict[str, Any]:
    """Results divided by the stated number of those who complete: net and by area, kr."""
    model = digest.model
    persons = float(model.completers.sum())
    one = base_outcome(model)

    def shared(rows: Sequence[Mapping[str, float]], base: Floats) -> dict[str, dict[str, float]]:
        return {
            actor: {"base": float(base[a]) / persons, **{name: row[name] / persons for name in PER_PARTICIPANT}}
            for a, (actor, row) in enumerate(zip(model.actors, rows, strict=True))
        }

    return {
        "participants": persons,
        "net": shared(digest.net, one.year[0].sum(axis=0)),
        "area": {
            area: shared(rows, one.area[0, h])
            for h, (area, rows) in enumerate(zip(model.areas, digest.area, strict=True))
        },
    }


def outcomes(scenario: Scenario, digest: Digest, lang: str) -> dict[str, Any]:
    """Outcomes that are no money by id: how much, what a unit costs, and what it must be worth."""
    model = digest.model
    persons = float(model.completers.sum())
    found = {}
    for outcome, own in zip(model.outcomes, digest.own, strict=True):
        found[outcome.name] = {
            "unit": unit_of_outcome(scenario, scenario.outcomes[outcome.name]).in_(lang),
            "per": scenario.outcomes[outcome.name].per,
            "discounted": outcome.discounted,
            "base": own.base,
            "amount": public(own.amount),
            "amount_expected": public(own.expected),
            "per_participant": {
                "base": own.base / persons,
                **{name: own.amount[name] / persons for name in PER_PARTICIPANT},
            },
            "year": {
                str(year): {
                    "base": float(own.base_year[y]),
                    "mean": float(own.year[:, y].mean()),
                    "mcse_mean": standard_error(own.year[:, y]),
                }
                for y, year in enumerate(model.years)
            },
            "worth": _finite(_named(model.actors, own.worth)),
            "cost_per_unit": _finite(_named(model.actors, own.cost)),
        }
    return found


Table = dict[str, dict[str, float]]


def _finite(table: Table) -> dict[str, dict[str, float | None]]:
    """The table with None where a value is infinite, as JSON has it."""
    return {row: {k: v if np.isfinite(v) else None for k, v in values.items()} for row, values in table.items()}


def grants_booked(scenario: Scenario, key: str) -> dict[str, float]:
    """Base case by actor if one grant were booked: a gain of its receiver, a cost of its payer."""
    grants = {**scenario.grants, key: scenario.grants[key].model_copy(update={"booked": True})}
    model = compile_scenario(scenario.model_copy(update={"grants": grants}))
    return _by_actor(model.actors, evaluate(model, model.base[None]).expected[0])


def mean_minus_base(digest: Digest) -> dict[str, dict[str, float]]:
    """The two parts of mean − base by actor: ``inputs`` f(E X) − base, and ``shape`` E f(X) − f(E X), kr."""
    model = digest.model
    base, means = evaluate(model, np.stack([model.base, model.means])).expected
    return {
        actor: {"inputs": float(means[a] - base[a]), "shape": float(digest.expected[a]["mean"] - means[a])}
        for a, actor in enumerate(model.actors)
    }


def labels(scenario: Scenario, lang: str) -> dict[str, str]:
    """Name of the total and of each actor where they stand side by side: one inside another is a part of it."""
    names = {actor: scenario.actors[actor].name.in_(lang) for actor in in_order(scenario.actors)}
    parts = {
        actor: text("of-which", lang, name=name) if depth(scenario.actors, actor) else name
        for actor, name in names.items()
    }
    return {"total": text("total", lang), **parts}


def price_line(scenario: Scenario, key: str, lang: str) -> str:
    """A text that names the window, price year, index and base year of a scenario."""
    settings = scenario.settings
    index = settings.price_index.name.in_(lang) if settings.price_index is not None else text("fixed-prices", lang)
    years = {"first": settings.first_year, "last": settings.last_year, "price_year": settings.price_year}
    return text(key, lang, index=index, base_year=settings.discounted_to, **years)


NOTABLE = 0.001  # share of the draws from which a warning is worth its line


def warnings(scenario: Scenario, digest: Digest, lang: str) -> list[str]:
    """What the reader must know before using the figures."""
    found = []
    if digest.negative_rate > 0 and not digest.model.independent_chance:
        apart = any(success.net is None for success in scenario.success_by_place.values())
        key = "negative-rate" if apart else "negative-net-rate"
        found.append(text(key, lang, share=_share(digest.negative_rate, lang)))
    for a, (actor, share) in enumerate(zip(digest.model.actors, digest.falling, strict=True)):
        if a > 0 and share >= NOTABLE:
            name = scenario.actors[actor].name.in_(lang)
            key = "falling-line" if base_line(digest.model, a)[0] > 0 else "falling-line-free"
            found.append(text(key, lang, actor=name, count=of_hundred(float(share), lang)))
    model = digest.model
    for n, (bands, share) in enumerate(zip((*model.bands, *model.uncapped), digest.capped, strict=True)):
        if share > 0:
            key = "capped-change" if n < len(model.bands) else "uncapped-change"
            found.append(text(key, lang, name=model.inputs[bands.change].path, share=_share(float(share), lang)))
    found += _of_effects(scenario, digest, lang)
    for one, other, stated, used in changed_correlations(
        scenario, {one.path: one.draw_key for one in digest.model.inputs}
    ):
        values = {"one": one, "other": other, "stated": stated, "used": float(f"{used:.3f}")}
        found.append(text("correlation-changed", lang, **values))
    if not digest.model.columns:
        found.append(text("nothing-uncertain", lang))
    return [*found, *_scaled_changes(scenario, lang), *_extended_index(scenario, lang)]


def _scaled_changes(scenario: Scenario, lang: str) -> list[str]:
    """Which changes are carried over to the use here, and why: an assumption."""
    scaled = [key for key, one in scenario.consequences.items() if is_scaled(scenario, one)]
    why = (scenario.settings.level_scaling_source or "").removeprefix("assumption: ")
    return [text("changes-scaled", lang, names=tuple(scaled), why=why)] if scaled else []


def _of_effects(scenario: Scenario, digest: Digest, lang: str) -> list[str]:
    """Effects on success: those that are one study's, of another place, and those that lead beyond a rate."""
    found = []
    names = input_names(scenario, lang)
    for place, success in scenario.success_by_place.items():
        effect = success.effect
        if effect is not None and effect.studies is not None and len(effect.studies) == 1 and effect.discount is None:
            study = effect.studies[0].library or effect.studies[0].label or effect.source
            found.append(text("effect-of-one-study", lang, name=names[f"{place}.effect"], study=study))
    for rate, share in zip(digest.model.derived_rates, digest.beyond, strict=True):
        if share >= NOTABLE:
            name = names[digest.model.inputs[rate.effect].path]
            found.append(text("effect-beyond", lang, name=name, share=_share(float(share), lang)))
    return found


def _extended_index(scenario: Scenario, lang: str) -> list[str]:
    """Where prices are converted with a year that the price index does not have, by which rise and why."""
    index, years = scenario.settings.price_index, price_years(scenario)
    beyond = [] if index is None else sorted(years - set(index.values))
    if index is None or index.beyond is None or not beyond:
        return []
    named = ", ".join(map(str, beyond))
    rise = plain(100 * index.beyond, lang, 4)
    return [text("index-extended", lang, index=index.name.in_(lang), years=named, rise=rise, why=index.beyond_source)]


def _share(share: float, lang: str) -> str:
    """A small share as per cent with two digits."""
    shown = f"{share * 100:.2g}"
    return (shown.replace(".", ",") if lang == "da" else shown) + "\u00a0%"
