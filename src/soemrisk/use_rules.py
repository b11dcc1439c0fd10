"""Rules on how much is used: a change is not a level, nobody saves more than is used, or uses more than a year holds.

Apart from ``rules`` because they all compare the years of a consequence's change and level.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from soemrisk.level_scaling import broken_scaling_rules, scaled_at_base
from soemrisk.profiles import change_by_year, level_by_year
from soemrisk.quantity import Quantity, base_value
from soemrisk.scenario import Consequence, Scenario

Found = tuple[str, str, dict[str, object]]
ROUNDING = 1e-9  # of the level: sums of decimal numbers

MOST_IN_A_YEAR: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(("døgn", "dag", "dage", "day", "days"), 366),
        **dict.fromkeys(("uge", "uger", "week", "weeks"), 53),
        **dict.fromkeys(("måned", "måneder", "month", "months"), 12),
    }
)


def uses(consequence: Consequence) -> Iterator[tuple[str, Quantity]]:
    """Yield what a consequence states in the unit of its service, as (key, statement)."""
    for name in ("change", "level", "level_studied", "level_before"):
        quantity = getattr(consequence, name)
        if quantity is not None:
            yield name, quantity


def broken_use_rules(scenario: Scenario) -> Iterator[Found]:
    """Yield every broken rule on changes and levels, at base values, and on shares that depend on how much is used.

    Parameters
    ----------
    scenario : Scenario
        Well-formed sections.

    Yields
    ------
    (path, rule, values)
    """
    horizon = max(scenario.horizon, 0)
    for key, consequence in scenario.consequences.items():
        yield from _within_a_year(key, consequence, scaled_at_base(scenario, consequence), horizon)
        yield from _not_more_than_is_used(scenario, key, horizon)
    yield from broken_scaling_rules(scenario)
    yield from _broken_band_rules(scenario)


def _within_a_year(key: str, consequence: Consequence, scale: float | None, horizon: int) -> Iterator[Found]:
    for name, quantity in uses(consequence):
        most = MOST_IN_A_YEAR.get(quantity.unit.da.lower(), MOST_IN_A_YEAR.get(quantity.unit.en.lower()))
        base = base_value(quantity)
        if most is None or base is None or name == "level_before":  # that one may be of many years
            continue
        shape = change_by_year(consequence, horizon) if name == "change" else level_by_year(quantity, horizon)
        times = scale if name == "change" else 1.0
        largest = max((base * units * (times or 0.0) for units in shape), key=abs, default=0.0)
        if abs(largest) > most:
            values = {"found": largest, "unit": quantity.unit.da, "most": most}
            yield _place(key, name, quantity), "more-than-a-year", {**values}


def _place(key: str, name: str, quantity: Quantity) -> str:
    """Place of the number that a base value comes from; that of observations is the whole statement."""
    return f"consequences.{key}.{name}" + ("" if quantity.value is None else ".value")


def _not_more_than_is_used(scenario: Scenario, key: str, horizon: int) -> Iterator[Found]:
    """At base values, the change with its group's factor and persistence takes away no more than the level."""
    consequence = scenario.consequences[key]
    if consequence.level is None:
        return
    group = None if consequence.group is None else scenario.groups.get(consequence.group)
    if group is None and consequence.group is not None:
        return  # the factor is not known; said of the group
    factor = 1.0 if group is None else base_value(group.factor)
    kept = 1.0 if consequence.persistence is None else base_value(consequence.persistence)
    change, level = base_value(consequence.change), base_value(consequence.level)
    scale = scaled_at_base(scenario, consequence)
    if factor is None or kept is None or change is None or level is None or scale is None or not 0 <= kept <= 1:
        return
    factor *= scale
    levels = [level * units for units in level_by_year(consequence.level, horizon)]
    if min(levels, default=0.0) < 0:
        return  # said of the level itself
    for k, (units, used) in enumerate(zip(change_by_year(consequence, horizon), levels, strict=True)):
        changed = factor * change * units * kept ** max(k - consequence.onset, 0)
        if used + changed < -ROUNDING * used:
            values = {"year": k, "level": used, "change": float(f"{changed:.12g}")}
            yield _place(key, "change", consequence.change), "change-exceeds-level", {**values}
            return


def _broken_band_rules(scenario: Scenario) -> Iterator[Found]:
    for key, service in scenario.services.items():
        has_above = any(step.above is not None for step in service.shares)
        if has_above != (service.bands is not None):
            yield f"services.{key}", "bands-and-above", {"missing": "bands" if has_above else "above"}
        if has_above and service.shares_concentration is not None:
            yield f"services.{key}.shares_concentration", "bands-not-with", {"found": "shares_concentration"}
        rising = ((None, None), *((step.from_, step.above or 0) for step in service.shares))
        for (year, units), step in zip(rising, service.shares, strict=False):
            if step.above is not None and (units is None or step.from_ != year or step.above <= units):
                yield f"services.{key}.shares", "bands-order", {}
                break
    for key, consequence in scenario.consequences.items():
        used = scenario.services.get(consequence.service)
        if used is not None and used.bands is not None and consequence.relatives is not None:
            yield f"consequences.{key}.relatives", "bands-not-with", {"found": "relatives"}
        if used is not None and used.bands is not None and consequence.level is None:
            yield f"consequences.{key}", "bands-need-level", {"service": consequence.service}
        if consequence.level_before is not None:
            if used is not None and used.bands != "spell":
                yield f"consequences.{key}.level_before", "before-without-spell", {"service": consequence.service}
            if isinstance(consequence.level_before.value, tuple):
                yield f"consequences.{key}.level_before.value", "list-not-allowed", {}
