"""What the sentences and tables of a memo are made from: figures with their errors, in every reading of the evidence.

A reading is the same calculation with another view of what is not known: as stated, with all consequences wrong in the
same direction, and with the significance filter of SØM's database corrected. A word or a sign is said only where all
readings agree on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from soemrisk.actor_tree import in_order
from soemrisk.compilation import compile_scenario
from soemrisk.design import Plan
from soemrisk.digest import Digest, base_line, base_outcome
from soemrisk.digits import grouped, money, of_hundred, percent
from soemrisk.listing import listed_quantities
from soemrisk.messages import text
from soemrisk.reference import evaluate, net_rate
from soemrisk.scenario import RateStep, Scenario

Figures = Mapping[str, float]
ByActor = Mapping[str, Figures]
Simulated = Callable[[Scenario, Plan], Digest]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One calculation as a memo sees it.

    Attributes
    ----------
    scenario : Scenario
    lang : {"da", "en"}
    found, driven : mapping
        The answer, and what drives it.
    readings : mapping of str to mapping
        Statistics of the net result by actor: ``stated``; ``correlated`` where two consequences or more are uncertain;
        ``corrected`` where changes are listed because they were significant.
    names : mapping of str to str
        Of the total and the actors.
    persons : float
        Who complete, as stated.
    rate : float
        Net success rate of the base case.
    lines : mapping of actor to (float, float)
        Net result of the base case at a rate of 0, and what it gains from a rate of 0 to 1, kr.
    bare : mapping of str to mapping
        Base case by actor without the consequences of a kind, kr.: ``user_defined``, ``calibrated``; each only where
        there are some.
    calibrated_areas : tuple of str
        Ids of the areas with consequences that are calibrated.
    calibrated : int
        Number of them.
    areas, cumulated : mapping of str to mapping
        Statistics by actor of each area, and of the years to each year, with the errors of their quantiles.
    cash : mapping of str to mapping
        Base case of each year by actor before discounting, kr.
    deciding : str
        Actor whose decision it is.
    """

    scenario: Scenario
    lang: str
    found: Mapping[str, Any]
    driven: Mapping[str, Any]
    readings: Mapping[str, ByActor]
    names: Mapping[str, str]
    persons: float
    rate: float
    lines: Mapping[str, tuple[float, float]]
    bare: Mapping[str, Mapping[str, float]]
    calibrated_areas: tuple[str, ...]
    calibrated: int
    areas: Mapping[str, ByActor]
    cumulated: Mapping[str, ByActor]
    cash: Mapping[str, Mapping[str, float]]
    deciding: str

    def say(self, key: str, **values: object) -> str:
        """One text of the catalogue in the language of the memo."""
        return text(key, self.lang, **values)

    @property
    def actors(self) -> tuple[str, ...]:
        """Ids of the actors without the total."""
        return tuple(name for name in self.names if name != "total")

    @property
    def first(self) -> str:
        """Actor who decides."""
        return self.deciding

    def stats(self, actor: str, reading: str = "stated") -> Figures:
        """Statistics of the net result of one actor."""
        return self.readings[reading][actor]

    def base(self, actor: str) -> float:
        """The SØM number of one actor, kr."""
        return float(self.found["base"]["net"][actor])

    def chances(self, actor: str) -> list[tuple[float, float]]:
        """Probability of a gain and its error in each reading."""
        return [(one[actor]["prob_positive"], one[actor]["mcse_prob"]) for one in self.readings.values()]

    def in_all(self, actor: str, name: str, sign: int) -> bool:
        """Whether a figure of the actor has a sign at two errors, in every reading."""
        return all(sign * one[actor][name] > 2 * one[actor].get(f"mcse_{name}", 0.0) for one in self.readings.values())

    def count(self, actor: str, reading: str = "stated", *, loss: bool = False) -> str:
        """Outcomes with a gain, or without one, of 100."""
        stats = self.stats(actor, reading)
        chance = 1 - stats["prob_positive"] if loss else stats["prob_positive"]
        return of_hundred(chance, self.lang, stats["mcse_prob"])

    def money(self, value: float, error: float = 0.0, beside: float = 0.0) -> str:
        """An amount with its unit and the digits that its error leaves."""
        return money(value, self.lang, error, beside)

    def kroner(self, value: float) -> str:
        """A figure without an error, to the krone."""
        unit = f"DKK\u00a0{grouped(value, self.lang)}"
        return f"{grouped(value, self.lang)}\u00a0kr." if self.lang == "da" else unit

    def percent(self, share: float, decimals: int = 0) -> str:
        """A share as per cent."""
        return percent(share, self.lang, decimals)

    def listed(self, names: Sequence[str]) -> str:
        """Names as a sentence has them, with "and" before the last."""
        return self.say("memo-and", first=", ".join(names[:-1]), last=names[-1]) if len(names) > 1 else names[0]

    def touched(self, actor: str) -> bool:
        """Whether any term of the calculation concerns the actor."""
        stats = self.stats(actor)
        return stats["sd"] > 0 or stats["mean"] != 0 or self.base(actor) != 0


def corrected_scenario(scenario: Scenario) -> Scenario | None:
    """The scenario with every listed change corrected for the filter; None where nothing is listed.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    Scenario or None
        A change without a standard error is read as just significant: the far end of what the filter leaves
        (docs/methods.md, listed because significant).

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> corrected = corrected_scenario(read("act-randers"))
    >>> corrected.consequences["herberg"].change.corrected
    True
    """
    listed = {path.split(".")[1] for path, _ in listed_quantities(scenario)}
    if not listed:
        return None
    consequences = {
        key: one.model_copy(update={"change": one.change.model_copy(update={"corrected": True, "family": None})})
        if key in listed
        else one
        for key, one in scenario.consequences.items()
    }
    return scenario.model_copy(update={"consequences": consequences})


def case_of(
    scenario: Scenario,
    digest: Digest,
    answers: tuple[Mapping[str, Any], Mapping[str, Any]],
    lang: str,
    simulated: Simulated,
) -> Case:
    """Gather what a memo is made from.

    Parameters
    ----------
    scenario : Scenario
    digest : Digest
        Of a run of the scenario.
    answers : (mapping, mapping)
        The answer of the run, and what drives it.
    lang : {"da", "en"}
    simulated : callable
        Runs another reading of the scenario with the same plan.

    Returns
    -------
    Case
    """
    model = digest.model

    def named(rows: Sequence[Figures]) -> dict[str, Figures]:
        return dict(zip(model.actors, rows, strict=True))

    readings = {"stated": named(_with_mean(digest))}
    if len(model.changes) > 1:
        readings["correlated"] = named(digest.correlated)
    corrected = corrected_scenario(scenario)
    if corrected is not None:
        readings["corrected"] = named(_with_mean(simulated(corrected, digest.plan)))
    calibrated = [key for key, one in scenario.consequences.items() if "calibrated to" in one.change.source]
    own = [key for key, one in scenario.consequences.items() if scenario.services[one.service].user_defined]
    areas = {scenario.services[scenario.consequences[key].service].area for key in calibrated}
    return Case(
        scenario=scenario,
        lang=lang,
        found=answers[0],
        driven=answers[1],
        readings=readings,
        names={"total": text("total", lang)}
        | {actor: scenario.actors[actor].name.in_(lang) for actor in in_order(scenario.actors)},
        persons=float(model.completers.sum()),
        rate=float(net_rate(model, model.base[None])[0]),
        lines={actor: base_line(model, a) for a, actor in enumerate(model.actors)},
        bare={
            kind: _without(scenario, keys) for kind, keys in (("user_defined", own), ("calibrated", calibrated)) if keys
        },
        calibrated_areas=tuple(key for key in scenario.areas if key in areas),
        calibrated=len(calibrated),
        areas={area: named(rows) for area, rows in zip(model.areas, digest.area, strict=True)},
        cumulated={str(year): named(rows) for year, rows in zip(model.years, digest.cumulated, strict=True)},
        cash=_undiscounted(scenario),
        deciding=answers[1].get("deciding") or model.actors[1],
    )


def _with_mean(digest: Digest) -> list[Figures]:
    """Statistics of the net result by actor with the mean of E[net | θ], which chance does not move."""
    means = [{name: one[name] for name in ("mean", "mcse_mean")} for one in digest.expected]
    return [{**net, **mean} for net, mean in zip(digest.net, means, strict=True)]


def _without(scenario: Scenario, keys: list[str]) -> dict[str, float]:
    """Base case by actor without some consequences, kr."""
    left = {key: one for key, one in scenario.consequences.items() if key not in keys}
    model = compile_scenario(scenario.model_copy(update={"consequences": left, "correlations": (), "outcomes": {}}))
    net = evaluate(model, model.base[None]).expected[0]
    return {actor: float(value) for actor, value in zip(model.actors, net, strict=True)}


def _undiscounted(scenario: Scenario) -> dict[str, dict[str, float]]:
    """Base case of each year by actor as it falls in the year, kr. of the price year."""
    step = scenario.settings.discount_rate[0]
    rate = RateStep(value=0.0, unit=step.unit, source=step.source)
    settings = scenario.settings.model_copy(update={"discount_rate": (rate,)})
    model = compile_scenario(scenario.model_copy(update={"settings": settings, "correlations": ()}))
    year = base_outcome(model).year[0]
    return {
        str(y): {actor: float(value) for actor, value in zip(model.actors, row, strict=True)}
        for y, row in zip(model.years, year, strict=True)
    }
