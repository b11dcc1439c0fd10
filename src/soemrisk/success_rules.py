"""How success rates are stated, of all or of subgroups: net, with and without, or an effect on the rate without."""

from __future__ import annotations

from collections.abc import Iterator

from soemrisk.effect_sizes import KIND_OF_EFFECT
from soemrisk.messages import phrase
from soemrisk.quantity import Quantity
from soemrisk.scenario import Scenario, Success

Found = tuple[str, str, dict[str, object]]

FORMS = {(True, False, False, False), (False, True, True, False), (False, False, True, True)}
OTHER_RATE: dict[tuple[bool, ...], str] = {  # of one rate alone
    (False, True, False, False): "without",
    (False, False, True, False): "with",
}


def success_quantities(scenario: Scenario) -> Iterator[tuple[str, Quantity, str]]:
    """Yield every rate and effect as (path, statement, domain name).

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> [path for path, _, _ in success_quantities(read("act-randers"))]
    ['success.with', 'success.without']
    """
    for place, success in scenario.success_by_place.items():
        for name, quantity, domain in (
            ("net", success.net, "net_rate"),
            ("with", success.with_, "probability"),
            ("without", success.without, "probability"),
            ("effect", success.effect, kind_of_effect(success)),
        ):
            if quantity is not None:
                yield f"{place}.{name}", quantity, domain


def kind_of_effect(success: Success) -> str:
    """Kind of number of an effect: a ratio, a difference of rates, or an effect size."""
    scale = None if success.effect is None else success.effect.scale
    return KIND_OF_EFFECT.get(scale or "", "ratio")


def broken_success_rules(scenario: Scenario) -> Iterator[Found]:
    """Yield every broken rule on success rates.

    Parameters
    ----------
    scenario : Scenario

    Yields
    ------
    (path, rule, values)
    """
    without_own = [key for key, one in scenario.subgroups.items() if one.success is None]
    if scenario.success is None and not scenario.subgroups:
        yield "", "missing-key", {"key": "success"}
    elif scenario.success is None and without_own:
        yield f"subgroups.{without_own[0]}", "success-missing", {"subgroups": tuple(without_own)}
    if scenario.success is not None and scenario.subgroups and not without_own:
        yield "success", "success-unused", {}
    apart = False
    for place, success in scenario.success_by_place.items():
        stated = (success.net, success.with_, success.without, success.effect)
        if tuple(one is not None for one in stated) not in FORMS:
            other = OTHER_RATE.get(tuple(one is not None for one in stated))
            yield place, "success-form", {} if other is None else {"other": other}
        else:
            apart |= success.net is not None
        yield from _effect_rules(place, success)
    if scenario.settings.chance == "independent" and apart:
        yield "settings.chance", "independent-needs-both-rates", {}


def _effect_rules(place: str, success: Success) -> Iterator[Found]:
    """An effect says on which scale it is, and a standardised one how it becomes a rate."""
    effect, conversion = success.effect, success.conversion
    if effect is not None and effect.scale not in KIND_OF_EFFECT:
        found = phrase("none-stated") if effect.scale is None else effect.scale
        yield f"{place}.effect.scale", "effect-scale", {"found": found, "allowed": tuple(KIND_OF_EFFECT)}
    elif (conversion is not None) != (effect is not None and effect.scale == "cohen_d"):
        yield f"{place}.conversion", "effect-conversion", {}
