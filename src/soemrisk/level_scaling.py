"""Another baseline: a change that was found where more or less is used, carried over to the use here.

Nobody has shown how a change depends on what is used beforehand, so that this is a stated assumption and off unless
the settings name it. Apart from ``use_rules`` because compilation asks the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from soemrisk.distribution import Uncertain
from soemrisk.families import FAMILIES
from soemrisk.quantity import base_value
from soemrisk.scenario import Consequence, Scenario

Found = tuple[str, str, dict[str, object]]


def is_scaled(scenario: Scenario, consequence: Consequence) -> bool:
    """Whether the change of a consequence is multiplied by level / level_studied.

    Parameters
    ----------
    scenario : Scenario
    consequence : Consequence
        One of the scenario's.

    Returns
    -------
    bool

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> scenario = read("act-randers")
    >>> any(is_scaled(scenario, one) for one in scenario.consequences.values())
    False
    """
    both = consequence.level is not None and consequence.level_studied is not None
    return both and scenario.settings.level_scaling == "proportional"


def scaled_at_base(scenario: Scenario, consequence: Consequence) -> float | None:
    """Factor on the change of a consequence at base values, 1 where it is not scaled; None where none can be told."""
    if not is_scaled(scenario, consequence):
        return 1.0
    both = (consequence.level, consequence.level_studied)
    here, studied = (None if one is None or isinstance(one.value, tuple) else base_value(one) for one in both)
    return here / studied if here is not None and studied and here >= 0 and studied > 0 else None


def moves(scenario: Scenario, path: str, *, banded: bool) -> bool:
    """Whether a use, stated at a path of a consequence, moves a figure.

    Parameters
    ----------
    scenario : Scenario
    path : str
        ``consequences.<id>.<key>``.
    banded : bool
        Whether the shares of the service depend on use.
    """
    _, key, name = path.split(".")
    scaled = is_scaled(scenario, scenario.consequences[key])
    return {"level_studied": scaled, "level": scaled or banded}.get(name, banded)


def broken_scaling_rules(scenario: Scenario) -> Iterator[Found]:
    """Yield what is wrong with how changes are scaled, as (path, rule, values)."""
    settings = scenario.settings
    chosen = settings.level_scaling == "proportional"
    if chosen != (settings.level_scaling_source is not None):
        yield "settings", "scaling-and-source", {}
    for key, consequence in scenario.consequences.items():
        if consequence.level_studied is not None and consequence.level is None:
            yield f"consequences.{key}", "studied-without-level", {}
        if consequence.level_studied is not None and isinstance(consequence.level_studied.value, tuple):
            yield f"consequences.{key}.level_studied.value", "list-not-allowed", {}
        elif is_scaled(scenario, consequence):
            assert consequence.level is not None
            if isinstance(consequence.level.value, tuple):
                yield f"consequences.{key}.level.value", "list-not-allowed", {}
    if chosen and not any(one.level_studied is not None for one in scenario.consequences.values()):
        yield "settings.level_scaling", "scaling-of-nothing", {}


def near_zero(meant: Uncertain) -> bool:
    """Whether one cannot divide by a number: it is 0, or its distribution comes so near that no mean is left.

    Examples
    --------
    >>> near_zero(Uncertain(base=80.0, family="gamma", parameters={"shape": 1.0, "scale": 80.0}))
    True
    """
    if meant.base <= 0:
        return True
    if meant.family in {None, "lognormal"}:  # 1/X of a lognormal is one too
        return False
    return FAMILIES[meant.family or ""].support(meant.parameters)[0] <= 0
