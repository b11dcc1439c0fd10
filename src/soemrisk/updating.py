"""A scenario after observations of its numbers: which number learns what or is replaced, and why some cannot.

Pure: documents in, document out; the commands open the files.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from soemrisk.conjugate import Update, of_counts, of_estimate, of_events, of_logarithm
from soemrisk.correlations import rate_of_all
from soemrisk.distribution import NoDistributionError, Uncertain, resolve, stated_source
from soemrisk.errors import Problem, ScenarioError
from soemrisk.families import FAMILIES
from soemrisk.level_scaling import is_scaled
from soemrisk.messages import Phrase, phrase
from soemrisk.observed_numbers import Observation, seen_in, statement, wrong_numbers
from soemrisk.posteriors import IMPOSSIBLE, Posterior, Seen, p_value, posterior
from soemrisk.quantity import DOMAINS, Quantity
from soemrisk.rules import quantities
from soemrisk.scenario import Scenario
from soemrisk.statements import findings

OF_DIFFERENCES = ("net_rate", "rate_difference", "ratio", "effect_size")  # kinds that counts of one group do not inform
CONFLICT = 0.05  # prior predictive p-value below which observations and earlier knowledge disagree


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """One number before and after.

    Attributes
    ----------
    place : str
    before, after : Uncertain
    weight : float
        Weight of the earlier mean in the new one, 0 where the number is replaced.
    surprise : float or None
        Prior predictive p-value; None where a replaced number or the new one has no spread, or where the earlier one
        was multiplied.
    method : {"closed_form", "numerical", "replaced"}
    error : Posterior or None
        How far the steps are from the posterior, where it is numerical.
    price_factor : float
        From kroner of the observation to kroner of the number.
    stated : mapping
        The number in the new scenario, without unit and source.
    """

    place: str
    before: Uncertain
    after: Uncertain
    weight: float
    surprise: float | None
    method: str
    error: Posterior | None = None
    price_factor: float = 1.0
    stated: Mapping[str, Any]


def learn(scenario: Scenario, observations: tuple[Observation, ...], name: str) -> list[Learnt]:
    """What each observation teaches of its number, in their order.

    Parameters
    ----------
    scenario : Scenario
    observations : tuple of Observation
    name : str
        What messages call the file of observations.

    Returns
    -------
    list of Learnt

    Raises
    ------
    ScenarioError
        With every observation that cannot be used, and why.
    """
    known = {path: (quantity, domain) for path, quantity, domain in quantities(scenario)}
    learnt: list[Learnt] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for n, one in enumerate(observations):
        where = f"observed.{n}"
        if one.place not in known:
            values: dict[str, object] = {"found": one.place, **rate_of_all(one.place, known)}
            problems.append(Problem(rule="update-no-such-place", path=where, values=values, file=name))
            continue
        quantity, domain = known[one.place]
        meant = resolve(quantity, DOMAINS[domain])
        reason = phrase("update-twice") if one.place in seen else _refusal(one, quantity, meant, domain)
        reason = reason or _entangled(scenario, one) or _price_refusal(scenario, one)
        seen.add(one.place)
        if reason is None:
            factor = _price_factor(scenario, one)
            try:
                make = _replaced if one.replace else _updated
                learnt.append(make(one, quantity, meant, (domain, factor, _multiplied(scenario, one.place) is None)))
            except ValueError as error:
                reason = error.reason if isinstance(error, NoDistributionError) else phrase(str(error))
        if reason is not None:
            values = {"place": one.place, "reason": reason}
            problems.append(Problem(rule="update-refused", path=where, values=values, file=name))
    if problems:
        raise ScenarioError(problems, lang=scenario.lang)
    return learnt


def _refusal(one: Observation, quantity: Quantity, meant: Uncertain, domain: str) -> Phrase | None:
    """Why a number cannot learn from an observation."""
    counted, wrong = one.counts is not None, wrong_numbers(one)
    certain, replaced = meant.family is None, one.replace
    low = DOMAINS[domain].low if certain else FAMILIES[meant.family or ""].support(meant.parameters)[0]
    closed = _closed_form(one, meant.family)
    reasons = (
        (counted and domain in OF_DIFFERENCES, phrase("update-net")),
        (wrong is not None, phrase(wrong or "update-form")),
        (certain and not replaced, phrase("update-certain")),
        (isinstance(quantity.value, tuple), phrase("update-list")),
        (meant.individual_sd > 0, phrase("update-persons")),
        (counted and domain != "probability", phrase("update-not-counted")),
        (one.events is not None and domain not in {"change", "use"}, phrase("update-not-events")),
        ((one.log_se is not None or one.events is not None) and low < 0, phrase("update-below-zero")),
        (one.prior_weight != 1 and not closed, phrase("update-power", family=meant.family or "")),
    )
    return next((reason for holds, reason in reasons if holds), None)


def _closed_form(one: Observation, family: str | None) -> bool:
    """Whether a distribution stays in its family when it learns from an observation."""
    pairs = {"counts": "beta", "events": "gamma", "observations": "normal"}
    estimated = "normal" if one.log_se is None else "lognormal"
    return family is not None and family == pairs.get(one.form or "", estimated)


def _entangled(scenario: Scenario, one: Observation) -> Phrase | None:
    """Why what is learnt would not stay with the number: steps, correlations, an entry in several places, a factor."""
    place = one.place
    if "@" in place or any(path.startswith(f"{place}@") for path, _, _ in quantities(scenario)):
        return phrase("update-steps")
    if any(place in other.between for other in scenario.correlations):
        return phrase("update-correlated")
    return None if one.replace else _shared(scenario, place)


def _shared(scenario: Scenario, place: str) -> Phrase | None:
    """Why what is observed is not about this number alone: one entry in several places, what a change is times."""
    listed = {path: quantity.library for path, quantity, _ in quantities(scenario)}
    if listed[place] is not None and list(listed.values()).count(listed[place]) > 1:
        return phrase("update-shared", entry=listed[place])
    return _multiplied(scenario, place)


def _multiplied(scenario: Scenario, place: str) -> Phrase | None:
    """What makes a change in the scenario another number than what is observed."""
    if place.endswith(".change") and is_scaled(scenario, scenario.consequences[place.split(".")[1]]):
        return phrase("update-scaled")
    group = _group_of_change(scenario, place)
    factor = None if group is None else resolve(scenario.groups[group].factor, DOMAINS["factor"])
    if factor is None or (factor.family is None and factor.base == 1):
        return None
    return phrase("update-group", group=group)


def _group_of_change(scenario: Scenario, place: str) -> str | None:
    """The group whose factor multiplies the change at a place; None where there is none."""
    section, key, *rest = [*place.split("."), "", ""]
    return scenario.consequences[key].group if section == "consequences" and rest[0] == "change" else None


def _price_year_of(scenario: Scenario, place: str) -> int | None:
    """Price year of the kroner at a place; None where it is not kroner that have one."""
    section, key, *rest = place.split(".")
    if section == "services" and rest == ["price"]:
        return scenario.services[key].price_year
    if section == "costs":
        return scenario.costs[key].price_year or scenario.settings.price_year
    return scenario.settings.price_year if section == "grants" else None


def _price_refusal(scenario: Scenario, one: Observation) -> Phrase | None:
    """Why kroner of an observation cannot be made kroner of the number."""
    wanted, index = _price_year_of(scenario, one.place), scenario.settings.price_index
    if wanted is None:
        return None if one.price_year is None else phrase("update-no-price")
    if one.price_year is None:
        return phrase("update-price-year", year=wanted)
    if one.price_year == wanted or (index and index.level(one.price_year) and index.level(wanted)):
        return None
    return phrase("update-no-index", own=one.price_year, year=wanted)


def _price_factor(scenario: Scenario, one: Observation) -> float:
    """p_number = p_own × index of the number's price year / index of one's own."""
    wanted, index = _price_year_of(scenario, one.place), scenario.settings.price_index
    if wanted is None or one.price_year is None or one.price_year == wanted:
        return 1.0
    assert index is not None
    return (index.level(wanted) or 1.0) / (index.level(one.price_year) or 1.0)


Place = tuple[str, float, bool]  # kind of number, factor on the kroner of the observation, nothing multiplies it


def _updated(one: Observation, _: Quantity, meant: Uncertain, place: Place) -> Learnt:
    """What is known after an observation: in closed form where the distribution stays in its family, else exactly."""
    assert meant.family is not None
    seen = seen_in(one, place[1])
    found: Update | Posterior
    if _closed_form(one, meant.family):
        found, family = _conjugate(one, meant, seen), meant.family
        if found.surprise < IMPOSSIBLE:
            raise ValueError("update-impossible")
    else:
        found = posterior(meant.family, meant.parameters, seen)
        family = found.family
    parameters = {key: _rounded(value) for key, value in found.parameters.items()}
    base = float(f"{FAMILIES[family].mean(parameters):.12g}")
    return Learnt(
        place=one.place,
        before=meant,
        after=Uncertain(base=base, family=family, parameters=parameters),
        weight=found.weight,
        surprise=found.surprise,
        method="numerical" if isinstance(found, Posterior) else "closed_form",
        error=found if isinstance(found, Posterior) else None,
        price_factor=place[1],
        stated={"value": base, "family": family, "parameters": parameters},
    )


def _rounded(value: object) -> object:
    return list(value) if isinstance(value, tuple) else float(f"{value:.12g}")


def _conjugate(one: Observation, meant: Uncertain, seen: Seen) -> Update:
    if seen.kind == "counts":
        return of_counts(meant.parameters, int(seen.found), int(seen.size), one.prior_weight)
    if seen.kind == "events":
        return of_events(meant.parameters, int(seen.found), seen.size, one.prior_weight)
    if seen.kind == "logarithm":
        return of_logarithm(meant.parameters, math.log(seen.found), seen.size, one.prior_weight)
    return of_estimate(meant.parameters, seen.found, seen.size, one.prior_weight)


def _replaced(one: Observation, quantity: Quantity, meant: Uncertain, place: Place) -> Learnt:
    """The number as the observation alone states it."""
    domain, factor, itself = place
    stated = statement(one, factor)
    alone = Quantity.model_validate({**stated, "unit": quantity.unit, "source": one.source})
    for _, rule, values in findings(alone, DOMAINS[domain]):
        raise NoDistributionError(phrase(rule, **values))
    after = resolve(alone, DOMAINS[domain])
    return Learnt(
        place=one.place,
        before=meant,
        after=after,
        weight=0.0,
        surprise=_against(one, meant, factor) if itself and after.family is not None else None,
        method="replaced",
        price_factor=factor,
        stated=stated,
    )


def _against(one: Observation, meant: Uncertain, factor: float) -> float | None:
    """Prior predictive p-value of what replaces a number; None where that was certain."""
    if meant.family is None:
        return None
    seen = seen_in(one, factor)
    if _closed_form(one, meant.family):
        return _conjugate(one, meant, seen).surprise
    return p_value(meant.family, meant.parameters, seen)


def updated_document(
    document: Mapping[str, Any], scenario: Scenario, learnt: list[Learnt], sources: Mapping[str, str]
) -> dict[str, Any]:
    """The scenario in full with the numbers that have learnt, each with its old source and the new one.

    Parameters
    ----------
    document : mapping
        ``full_form.full_document`` of the scenario.
    scenario : Scenario
    learnt : list of Learnt
    sources : mapping
        Source of the observations by place.

    Returns
    -------
    dict
    """
    changed = copy.deepcopy(dict(document))
    known = {path: quantity for path, quantity, _ in quantities(scenario)}
    for one in learnt:
        *way, last = one.place.split(".")
        table: Any = changed
        for part in way:
            table = table[part]
        old, new = stated_source(known[one.place]), sources[one.place]
        if one.method == "replaced":
            said = f"{new}; in place of {one.before.base:.12g} ({old})"
            for key in ("group", "level_studied") if last == "change" else ():
                table.pop(key, None)  # they are about the source that is replaced
        else:
            said = f"{old}; updated with {new}"
        keep_effort = "effort" in table[last] and one.after.family == one.before.family and one.method != "replaced"
        kept = {"effort": table[last]["effort"]} if keep_effort else {}
        table[last] = {**one.stated, "unit": table[last]["unit"], "source": said, **kept}
    if not any("level_studied" in one for one in changed.get("consequences", {}).values()):
        for key in ("level_scaling", "level_scaling_source"):  # nothing is left to be scaled
            changed["settings"].pop(key, None)
    return changed


def rows(learnt: list[Learnt]) -> Iterator[tuple[str, list[float], list[float]]]:
    """Yield place, and mean, P10 and P90 before and after; of a certain number thrice its value."""
    import numpy as np

    for one in learnt:
        figures = []
        for meant in (one.before, one.after):
            if meant.family is None:
                figures.append([meant.base] * 3)
                continue
            low, high = FAMILIES[meant.family].quantile(np.array([0.1, 0.9]), meant.parameters)
            figures.append([meant.mean, float(low), float(high)])
        yield one.place, figures[0], figures[1]
