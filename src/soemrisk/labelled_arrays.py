"""The arrays of a run with names, units and axes, as plain values: what a file of results and a Dataset are made of.

No library of labelled arrays is needed to write a result, and importing one takes as long as the whole run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from soemrisk.answer import answer
from soemrisk.digest import ByActor, Digest
from soemrisk.receipt import content, receipt
from soemrisk.scenario import Scenario
from soemrisk.simulation import Simulation
from soemrisk.statistics import PUBLIC, public

BY_ACTOR = ("replicate", "point", "actor")
NOTES = {
    "net": "net result, chance included, present value",
    "net_expected": "net result given what is not known, without chance, present value",
    "net_correlated": "net result if all consequences were fully rank-correlated, chance included",
    "net_by_area": "net result by main area, chance included",
    "net_by_year": "net result by calendar year, chance included",
    "at_zero": "net_expected at a success rate of 0",
    "chance_variance": "variance of net given what is not known, in DKK squared",
    "per_rate": "what net_expected gains when the success rate goes from 0 to 1",
}
Labels = Mapping[str, Sequence[str] | Sequence[int]]  # of axes, by their names
Variable = tuple[tuple[str, ...], Any, Mapping[str, str]]  # names of axes, values, attributes


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Variables by name, labels of the axes that have some, and attributes of the whole."""

    variables: Mapping[str, Variable]
    coordinates: Labels
    attributes: Mapping[str, Any]

    def only(self, names: Sequence[str]) -> Labelled:
        """Some of the variables, and the labels of their axes."""
        kept = {name: self.variables[name] for name in names}
        used = {axis for axes, _, _ in kept.values() for axis in axes}
        labels = {axis: values for axis, values in self.coordinates.items() if axis in used}
        return Labelled(variables=kept, coordinates=labels, attributes=self.attributes)


def labelled_arrays(scenario: Scenario, digest: Digest, simulation: Simulation | None) -> Labelled:
    """Put names, units and the receipt on the arrays of a run.

    Parameters
    ----------
    scenario : Scenario
    digest : Digest
    simulation : Simulation or None
        Where draws are not kept the figures take their place.

    Returns
    -------
    Labelled
    """
    model = digest.model
    attributes = {
        **receipt(scenario, digest.plan),
        "content": content(scenario),
        "price_year": scenario.settings.price_year,
        "base_year": scenario.settings.discounted_to,
        "answer": json.dumps(answer(scenario, digest, "en"), ensure_ascii=False, allow_nan=False),
    }
    labels: Labels = {"actor": list(model.actors), "area": list(model.areas), "year": list(model.years)}
    if simulation is None:
        figures = _tables(digest)
        return Labelled(variables=figures, coordinates={**labels, "statistic": list(PUBLIC)}, attributes=attributes)
    arrays: dict[str, tuple[tuple[str, ...], Any]] = {
        "net": (BY_ACTOR, simulation.net),
        "net_expected": (BY_ACTOR, simulation.expected),
        "net_correlated": (BY_ACTOR, simulation.correlated),
        "net_by_area": (("replicate", "point", "area", "actor"), simulation.area),
        "net_by_year": (("replicate", "point", "year", "actor"), simulation.year),
        "at_zero": (BY_ACTOR, simulation.at_zero),
        "per_rate": (BY_ACTOR, simulation.per_rate),
        "chance_variance": (BY_ACTOR, simulation.chance_variance),
    }
    data = {name: (axes, values, {"units": "DKK", "long_name": NOTES[name]}) for name, (axes, values) in arrays.items()}
    return Labelled(variables=data, coordinates=labels, attributes=attributes)


def _tables(digest: Digest) -> dict[str, Variable]:
    """The tables of ``summary`` from a digest."""

    def rows(by_actor: ByActor) -> list[list[float]]:
        return [list(public(stats).values()) for stats in by_actor]

    last = ("actor", "statistic")
    return {
        "net": (last, rows(digest.net), {}),
        "net_expected": (last, rows(digest.expected), {}),
        "net_correlated": (last, rows(digest.correlated), {}),
        "by_area": (("area", *last), [rows(one) for one in digest.area], {}),
        "by_year": (("year", *last), [rows(one) for one in digest.year], {}),
        "cumulated": (("year", *last), [rows(one) for one in digest.cumulated], {}),
        "chance_share": (("actor",), digest.chance_share, {}),
    }
