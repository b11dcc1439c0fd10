"""The rules of the scenario language that reach across sections: references, sums, units, years.

Each rule is a generator of findings (path, rule id, message values) on a scenario whose sections are well formed.
Apart from ``scenario`` so that the data model stays a plain shape and each rule can be read and tested alone.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

from soemrisk.actor_tree import lineage
from soemrisk.correlations import correlation_findings
from soemrisk.data_steps import effort_findings
from soemrisk.distribution import NoDistributionError, resolve
from soemrisk.level_scaling import moves, near_zero
from soemrisk.outcome_rules import broken_outcome_rules, outcome_quantities, outcome_references
from soemrisk.quantile_fit import misfit
from soemrisk.quantity import DOMAINS, Quantity
from soemrisk.scenario import Scenario, Service
from soemrisk.stated_values import Text
from soemrisk.statements import findings
from soemrisk.success_rules import broken_success_rules, success_quantities
from soemrisk.use_rules import broken_use_rules, uses

Found = tuple[str, str, dict[str, object]]
SUM_TOLERANCE = 1e-9
LONGEST_WINDOW = 200
LEAST_CONCENTRATION, MOST_CONCENTRATION = 1.0, 1e6
LEAST_PART = 0.001  # of an observation behind a share; below, a Dirichlet distribution is 0 or 1 and nothing between


STATED_OF_CONSEQUENCES = (
    ("change", "change"),
    ("level", "use"),
    ("level_studied", "use"),
    ("level_before", "use"),
    ("persistence", "probability"),
)


def quantities(scenario: Scenario) -> Iterator[tuple[str, Quantity, str]]:
    """Yield every quantity as (path, statement, domain name), in the order of the data model.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> next(quantities(read("act-randers")))[0]
    'settings.discount_rate'
    """
    for rate in scenario.settings.discount_rate:
        yield f"settings.discount_rate{at(rate.from_)}", rate, "discount_rate"
    yield from success_quantities(scenario)
    if scenario.participants.factor is not None:
        yield "participants.factor", scenario.participants.factor, "factor"
    for key, cost in scenario.costs.items():
        yield f"costs.{key}.amount", cost.amount, "amount"
    for key, grant in scenario.grants.items():
        yield f"grants.{key}.amount", grant.amount, "amount"
    for key, group in scenario.groups.items():
        yield f"groups.{key}.factor", group.factor, "factor"
    for key, relatives in scenario.relatives.items():
        yield f"relatives.{key}.number", relatives.number, "factor"
    for key, service in scenario.services.items():
        for step in service.price:
            yield f"services.{key}.price{at(step.from_)}", step, "price"
    for key, consequence in scenario.consequences.items():
        for name, domain in STATED_OF_CONSEQUENCES:
            stated = getattr(consequence, name)
            if stated is not None:
                yield f"consequences.{key}.{name}", stated, domain
    yield from outcome_quantities(scenario)


def moving_quantities(scenario: Scenario) -> Iterator[tuple[str, Quantity, str]]:
    """Yield the quantities that move a krone; how much is used does so where shares or changes depend on it."""
    for path, quantity, domain in quantities(scenario):
        used = domain != "use" or moves(scenario, path, banded=_has_bands(scenario, path))
        if used and not path.startswith("outcomes."):
            yield path, quantity, domain


def at(year: int | None, above: int | None = None) -> str:
    """Suffix of a step in a path: ``@2023`` from a year, ``>120`` above so many units; nothing for the first."""
    return ("" if year is None else f"@{year}") + ("" if above is None else f">{above}")


def broken_rules(scenario: Scenario, known: Mapping[str, Collection[str]]) -> Iterator[Found]:
    """Yield every broken rule that reaches across sections.

    Parameters
    ----------
    scenario : Scenario
        Well-formed sections; sections with mistakes of form have been left out.
    known : mapping
        Ids written in the file by section, those left out included, so that a reference to a section with
        another mistake is not reported twice.

    Yields
    ------
    (path, rule, values)
    """
    yield from _quantity_rules(scenario)
    yield from _effort_rules(scenario)
    yield from _year_rules(scenario)
    yield from broken_success_rules(scenario)
    yield from _reference_rules(scenario, known)
    yield from _share_rules(scenario)
    yield from _unit_rules(scenario)
    yield from broken_use_rules(scenario)
    yield from broken_outcome_rules(scenario)
    yield from _price_year_rules(scenario)
    yield from _grant_rules(scenario)
    yield from _parent_rules(scenario)
    yield from correlation_findings(scenario, moving_quantities(scenario))
    if "total" in scenario.actors:
        yield "actors.total", "reserved-id", {"found": "total"}
    for section in ("actors", "areas"):
        if not known[section]:
            yield section, "nothing-there", {}


def _quantity_rules(scenario: Scenario) -> Iterator[Found]:
    for path, quantity, domain in quantities(scenario):
        count = 0
        for where, rule, values in findings(quantity, DOMAINS[domain]):
            count += 1
            yield ".".join(part for part in (path, where) if part), rule, values
        if count == 0:
            try:
                meant = resolve(quantity, DOMAINS[domain])
            except NoDistributionError as error:
                yield path, "family-does-not-fit", {"reason": error.reason}
                continue
            how = None if meant.fit is None else misfit(meant.fit)
            if meant.fit is not None and how is not None:
                yield f"{path}.quantiles", "quantiles-misfit", {"family": meant.fit.family, "how": how}
            if path.endswith(".level_studied") and near_zero(meant):
                yield path, "studied-near-zero", {}
            if meant.individual_sd > 0 and _has_bands(scenario, path):
                yield path, "bands-not-with", {"found": 'of = "individuals"'}


def _effort_rules(scenario: Scenario) -> Iterator[Found]:
    """An effort stands where observations of that number alone update its distribution in closed form."""
    entries = [quantity.library for _, quantity, _ in moving_quantities(scenario)]
    correlated = {path for one in scenario.correlations for path in one.between}
    for path, quantity, domain in quantities(scenario):
        elsewhere = quantity.library is not None and entries.count(quantity.library) > 1
        alone = path not in correlated and not elsewhere and not _has_bands(scenario, path)
        for where, rule, values in effort_findings(path, quantity, domain, alone=alone):
            yield f"{path}.{where}", rule, values


def _has_bands(scenario: Scenario, path: str) -> bool:
    """Whether a path is of a consequence of a service with bands."""
    consequence = scenario.consequences.get(path.split(".")[1]) if path.startswith("consequences.") else None
    service = None if consequence is None else scenario.services.get(consequence.service)
    return service is not None and service.bands is not None


def _year_rules(scenario: Scenario) -> Iterator[Found]:
    settings = scenario.settings
    first, last = settings.first_year, settings.last_year
    if last < first or last - first >= LONGEST_WINDOW:
        yield "settings.last_year", "window-impossible", {"first": first, "last": last, "most": LONGEST_WINDOW}
        return
    tables: list[tuple[str, Collection[int]]] = [("participants.completers", scenario.participants.completers)]
    tables += [(f"costs.{key}.years", cost.years) for key, cost in scenario.costs.items() if cost.years is not None]
    if scenario.participants.starters is not None:
        tables.append(("participants.starters", scenario.participants.starters))
    tables += [(f"grants.{key}.years", grant.years) for key, grant in scenario.grants.items()]
    for path, table in tables:
        for year in table:
            if not first <= year <= last:
                yield f"{path}.{year}", "year-outside-window", {"year": year, "first": first, "last": last}
    yield from _participant_rules(scenario)


def _participant_rules(scenario: Scenario) -> Iterator[Found]:
    participants = scenario.participants
    for name, counts in (("completers", participants.completers), ("starters", participants.starters or {})):
        for year, count in counts.items():
            if count < 0:
                yield f"participants.{name}.{year}", "negative-participants", {"found": count}
    completers = math.fsum(participants.completers.values())
    if not any(participants.completers.values()):
        yield "participants.completers", "no-participants", {}
    if participants.starters is not None and math.fsum(participants.starters.values()) < completers:
        values = {"starters": math.fsum(participants.starters.values()), "completers": completers}
        yield "participants.starters", "fewer-starters", {**values}


def _reference_rules(scenario: Scenario, known: Mapping[str, Collection[str]]) -> Iterator[Found]:
    references: list[tuple[str, str, str]] = [
        (f"actors.{key}.parent", "actors", one.parent) for key, one in scenario.actors.items() if one.parent is not None
    ]
    for key, cost in scenario.costs.items():
        references.append((f"costs.{key}.area", "areas", cost.area))
        references += [(f"costs.{key}.payer.{actor}", "actors", actor) for actor in cost.payer]
    for key, grant in scenario.grants.items():
        references.append((f"grants.{key}.area", "areas", grant.area))
        references.append((f"grants.{key}.payer", "actors", grant.payer))
        references.append((f"grants.{key}.receiver", "actors", grant.receiver))
    for key, service in scenario.services.items():
        references.append((f"services.{key}.area", "areas", service.area))
        for step in service.shares:
            place = f"services.{key}.shares{at(step.from_, step.above)}"
            references += [(f"{place}.{actor}", "actors", actor) for actor in step.shares]
    for key, consequence in scenario.consequences.items():
        references.append((f"consequences.{key}.service", "services", consequence.service))
        if consequence.group is not None:
            references.append((f"consequences.{key}.group", "groups", consequence.group))
        if consequence.relatives is not None:
            references.append((f"consequences.{key}.relatives", "relatives", consequence.relatives))
        if consequence.subgroup is not None:
            references.append((f"consequences.{key}.subgroup", "subgroups", consequence.subgroup))
    references += [(f"promised.{name}", "actors", name) for name in scenario.promised if name != "total"]
    references += outcome_references(scenario)
    for path, section, name in references:
        if name not in known[section]:
            yield path, "unknown-reference", {"found": name, "section": section, "allowed": tuple(known[section])}


def _share_rules(scenario: Scenario) -> Iterator[Found]:
    tables: list[tuple[str, Mapping[str, float]]] = []
    if scenario.subgroups:
        tables.append(("subgroups", {key: one.share for key, one in scenario.subgroups.items()}))
    tables += [(f"costs.{key}.payer", cost.payer) for key, cost in scenario.costs.items()]
    for key, service in scenario.services.items():
        tables += [(f"services.{key}.shares{at(step.from_, step.above)}", step.shares) for step in service.shares]
    for path, shares in tables:
        negative = [(key, share) for key, share in shares.items() if share < 0]
        if negative:
            yield path, "share-negative", {"found": negative[0][1], "whose": negative[0][0]}
        elif abs(math.fsum(shares.values()) - 1) > SUM_TOLERANCE:
            yield path, "shares-not-one", {"sum": float(f"{math.fsum(shares.values()):.12g}")}
    yield from _concentration_rules(scenario)
    yield from _yearly_rules(scenario)
    yield from _step_rules("settings.discount_rate", [step.from_ for step in scenario.settings.discount_rate])
    for key, service in scenario.services.items():
        yield from _step_rules(f"services.{key}.price", [step.from_ for step in service.price])
        yield from _step_rules(f"services.{key}.shares", [step.from_ for step in service.shares if step.above is None])


def _concentration_rules(scenario: Scenario) -> Iterator[Found]:
    participants = scenario.participants
    stated = [("participants", participants.shares_concentration, [[one.share for one in scenario.subgroups.values()]])]
    for key, service in scenario.services.items():
        steps = [list(step.shares.values()) for step in service.shares]
        stated.append((f"services.{key}", service.shares_concentration, steps))
    for place, weight, steps in stated:
        smallest = min((share for step in steps for share in step if share > 0), default=1.0)
        least = max(LEAST_CONCENTRATION, LEAST_PART / smallest)
        if weight is not None and not least <= weight <= MOST_CONCENTRATION:
            values: dict[str, object] = {"found": weight, "least": float(f"{least:.3g}"), "most": MOST_CONCENTRATION}
            yield f"{place}.shares_concentration", "concentration-outside", values
        elif weight is not None and all(len([share for share in step if share > 0]) < 2 for step in steps):
            yield f"{place}.shares_concentration", "concentration-of-one", {}


def _yearly_rules(scenario: Scenario) -> Iterator[Found]:
    yearly = []
    for key, cost in scenario.costs.items():
        if cost.years is None and cost.per in {"total", "year"}:
            yield f"costs.{key}", "missing-key", {"key": "years"}
        elif cost.years is not None and cost.per not in {"total", "year"}:
            yield f"costs.{key}.years", "years-by-kind", {"per": cost.per}
        elif cost.years is not None:
            yearly.append((f"costs.{key}.years", cost.years, cost.per == "total"))
    yearly += [(f"grants.{key}.years", grant.years, True) for key, grant in scenario.grants.items()]
    for path, parts, whole in yearly:
        negative = [part for part in parts.values() if part < 0]
        if negative:
            yield path, "share-negative", {"found": negative[0]}
        elif whole and abs(math.fsum(parts.values()) - 1) > SUM_TOLERANCE:
            yield path, "years-not-one", {"sum": float(f"{math.fsum(parts.values()):.12g}")}


def _step_rules(path: str, starts: list[int | None]) -> Iterator[Found]:
    later = [start for start in starts[1:] if start is not None]
    rising = all(a < b for a, b in pairwise(later))
    if starts[:1] != [None] or len(later) != len(starts) - 1 or not rising:
        yield path, "steps-order", {}


KRONER = Text(da="kr.", en="DKK")


def price_unit(service: Service) -> Text:
    """Unit of the price of a service in both languages."""
    return Text(da=f"kr. pr. {service.unit.da}", en=f"DKK per {service.unit.en}")


def _other_unit(path: str, found: Text, expected: Text, once: Collection[str]) -> Iterator[Found]:
    """A unit that is not the expected one: in both languages, or not one of those that may stand for both."""
    if found.da != found.en:
        for lang in ("da", "en"):
            if found.in_(lang) != expected.in_(lang):
                yield f"{path}.{lang}", "unit-differs", {"found": found.in_(lang), "expected": expected.in_(lang)}
    elif found.da not in once:
        yield path, "unit-differs", {"found": found.da, "expected": expected.da}


def _unit_rules(scenario: Scenario) -> Iterator[Found]:
    amounts = [(f"costs.{key}", cost.amount) for key, cost in scenario.costs.items()]
    amounts += [(f"grants.{key}", grant.amount) for key, grant in scenario.grants.items()]
    for path, amount in amounts:
        yield from _other_unit(f"{path}.amount.unit", amount.unit, KRONER, {KRONER.da})
    for key, service in scenario.services.items():
        once = {f"kr. pr. {service.unit.in_(lang)}" for lang in ("da", "en")}
        for step in service.price:
            yield from _other_unit(f"services.{key}.price{at(step.from_)}.unit", step.unit, price_unit(service), once)
    for key, consequence in scenario.consequences.items():
        service_or_none = scenario.services.get(consequence.service)
        value = consequence.change.value
        if consequence.yearly != 0 and (isinstance(value, tuple) or not value):
            yield f"consequences.{key}.yearly", "yearly-needs-one-value", {}
        for name, quantity in uses(consequence):
            if service_or_none is not None:
                counted = service_or_none.unit
                once = {counted.da, counted.en}
                yield from _other_unit(f"consequences.{key}.{name}.unit", quantity.unit, counted, once)
            if isinstance(quantity.value, tuple) and len(quantity.value) > len(scenario.years) > 0:
                yield (
                    f"consequences.{key}.{name}.value",
                    "list-too-long",
                    {"found": len(quantity.value), "most": len(scenario.years)},
                )


def _price_year_rules(scenario: Scenario) -> Iterator[Found]:
    settings = scenario.settings
    index = settings.price_index
    for year, value in index.values.items() if index is not None else ():
        if value <= 0:
            yield f"settings.price_index.values.{year}", "not-positive", {"found": value}
    if index is not None and (index.beyond is None) != (index.beyond_source is None):
        yield "settings.price_index", "beyond-and-source", {}
    if index is not None and index.beyond is not None and not -1 < index.beyond <= 1:
        yield "settings.price_index.beyond", "beyond-outside", {"found": index.beyond}
    priced: list[tuple[str, int | None]] = [
        (f"services.{k}.price_year", s.price_year) for k, s in scenario.services.items()
    ]
    priced += [(f"costs.{key}.price_year", cost.price_year) for key, cost in scenario.costs.items()]
    for path, own in priced:
        if own is None or own == settings.price_year:
            continue
        missing = [y for y in (own, settings.price_year) if index is None or index.level(y) is None]
        if missing:
            values: dict[str, object] = {"year": own, "price_year": settings.price_year}
            known = sorted(index.values) if index is not None else []
            rule = "price-index-years" if known else "no-price-index"
            yield path, rule, {**values, "missing": ", ".join(map(str, missing)), "years": _in_runs(known)}


def _in_runs(years: list[int]) -> str:
    """Rising years in runs: ``2015–2023, 2025``."""
    runs: list[list[int]] = []
    for year in years:
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _grant_rules(scenario: Scenario) -> Iterator[Found]:
    for key, grant in scenario.grants.items():
        if grant.payer == grant.receiver:
            yield f"grants.{key}.receiver", "grant-to-itself", {"found": grant.receiver}


def _parent_rules(scenario: Scenario) -> Iterator[Found]:
    """Each ring of parents once, at the first of its actors in the file."""
    told: set[str] = set()
    for key in scenario.actors:
        upwards = lineage(scenario.actors, key)
        parent = scenario.actors[upwards[-1]].parent
        if parent in upwards and not told.intersection(upwards):
            ring = upwards[upwards.index(parent) :]
            yield f"actors.{ring[0]}.parent", "parent-cycle", {"found": " → ".join([*ring, ring[0]])}
        told.update(upwards)
