"""A scenario compiled and taken apart into products, kept for when the same is asked again.

Who asks again mostly asks of the same scenario: with another seed, other groups, more draws. What is kept belongs to
what the scenario says, to the letter and in its order, and never to the object that says it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from soemrisk.compilation import compile_scenario
from soemrisk.moments import products_of
from soemrisk.products import Products
from soemrisk.receipt import said
from soemrisk.scenario import Scenario

KEPT = 2  # the last scenarios: what was there before, and what is now


def kept_products(scenario: Scenario) -> Products:
    """Products of a scenario, and in them its model.

    Parameters
    ----------
    scenario : Scenario
        Valid.

    Returns
    -------
    Products
        The same object for a scenario that says the same, as long as it is one of the last ones.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> kept_products(read("act-randers")) is kept_products(read("act-randers"))
    True
    """
    return _products(_Stated(said=said(scenario), scenario=scenario))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stated:
    """A scenario that is equal to all that say the same."""

    said: str
    scenario: Scenario = field(compare=False)


@lru_cache(maxsize=KEPT)
def _products(stated: _Stated) -> Products:
    return products_of(compile_scenario(stated.scenario))
