"""A scenario after observations of its numbers: which number learns what, and why some cannot.

Pure: documents in, document out; the commands open the files. What the file of observations holds is read here too,
since it is a document of its own and no part of a scenario.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from soemrisk.complaints import explain
from soemrisk.conjugate import Update, of_counts, of_estimate, of_events
from soemrisk.correlations import rate_of_all
from soemrisk.distribution import Uncertain, resolve, stated_source
from soemrisk.errors import Problem, ScenarioError
from soemrisk.messages import Phrase, phrase
from soemrisk.quantity import DOMAINS, FROZEN, Counts, NonEmpty, Number, Quantity, Whole
from soemrisk.rules import quantities
from soemrisk.scenario import Scenario

OF_DIFFERENCES = ("net_rate", "rate_difference", "ratio", "effect_size")  # kinds that counts of one group do not inform
CONFLICT = 0.05  # prior predictive p-value below which observations and earlier knowledge disagree


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


class Observation(BaseModel):
    """What was observed of one number: counts of persons, an estimate with its error, or events of persons."""

    model_config = FROZEN
    place: NonEmpty
    source: NonEmpty
    counts: Counts | None = None
    estimate: Number | None = None
    se: Number | None = None
    events: Whole | None = None
    person_years: Number | None = None
    prior_weight: Number = 1.0


class Observed(BaseModel):
    """A file of observations."""

    model_config = FROZEN
    observed: Annotated[tuple[Observation, ...], BeforeValidator(_as_tuple), Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """One number before and after."""

    place: str
    before: Uncertain
    after: Uncertain
    update: Update


def observations_of(document: Mapping[str, Any], name: str) -> tuple[Observation, ...]:
    """Observations of a file, or every mistake of form in it.

    Parameters
    ----------
    document : mapping
        As TOML gives it.
    name : str
        What messages call the file.

    Returns
    -------
    tuple of Observation

    Raises
    ------
    ScenarioError

    Examples
    --------
    >>> one = {"place": "success.with", "counts": {"successes": 3, "of": 4}, "source": "x"}
    >>> observations_of({"observed": [one]}, "x.toml")[0].counts.of
    4
    """
    try:
        return Observed.model_validate(document).observed
    except ValidationError as error:
        problems = []
        for one in error.errors(include_url=False):
            place = ".".join(str(part) for part in one["loc"])
            _, rule, values = explain(one, document)
            if rule == "unknown-key":
                values = {"key": str(one["loc"][-1]), "allowed": tuple(Observation.model_fields)}
            problems.append(Problem(rule=rule, path=place, values=values, file=name))
        raise ScenarioError(problems) from None


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
        reason = reason or _entangled(scenario, one.place)
        seen.add(one.place)
        if reason is not None:
            values = {"place": one.place, "reason": reason}
            problems.append(Problem(rule="update-refused", path=where, values=values, file=name))
            continue
        update = _updated(one, meant)
        base = float(f"{_mean(meant.family or '', update.parameters):.12g}")
        rounded: dict[str, object] = {key: float(f"{value:.12g}") for key, value in update.parameters.items()}
        after = Uncertain(base=base, family=meant.family, parameters=rounded)
        learnt.append(Learnt(place=one.place, before=meant, after=after, update=update))
    if problems:
        raise ScenarioError(problems, lang=scenario.lang)
    return learnt


def _refusal(one: Observation, quantity: Quantity, meant: Uncertain, domain: str) -> Phrase | None:
    """Why a number cannot learn from an observation in closed form."""
    counted = one.counts is not None
    estimated, events = (one.estimate, one.se), (one.events, one.person_years)
    forms = [counted, any(x is not None for x in estimated), any(x is not None for x in events)]
    halves = any(len({x is None for x in pair}) > 1 for pair in (estimated, events))
    positive = (one.se, one.person_years, one.prior_weight)
    wanted = ("beta", "normal", "gamma")[forms.index(True)] if any(forms) else ""
    reasons = (
        (counted and domain in OF_DIFFERENCES, phrase("update-net")),
        (sum(forms) != 1 or halves, phrase("update-form")),
        (one.counts is not None and not 0 <= one.counts.successes <= one.counts.of != 0, phrase("update-counts")),
        (any(x is not None and x <= 0 for x in positive) or one.prior_weight > 1, phrase("update-numbers")),
        (meant.family is None, phrase("update-certain")),
        (isinstance(quantity.value, tuple), phrase("update-list")),
        (meant.individual_sd > 0, phrase("update-persons")),
        (counted and domain != "probability", phrase("update-not-counted")),
        (any(x is not None for x in events) and domain not in {"change", "use"}, phrase("update-not-events")),
        (meant.family != wanted, phrase("update-family", family=meant.family or "", wanted=wanted)),
    )
    return next((reason for holds, reason in reasons if holds), None)


def _entangled(scenario: Scenario, place: str) -> Phrase | None:
    """Why what is learnt would not stay with the number: steps, a correlation, an uncertain common factor."""
    if "@" in place or any(path.startswith(f"{place}@") for path, _, _ in quantities(scenario)):
        return phrase("update-steps")
    if any(place in one.between for one in scenario.correlations):
        return phrase("update-correlated")
    consequence = scenario.consequences.get(place.split(".")[1]) if place.startswith("consequences.") else None
    group = None if consequence is None or consequence.group is None else scenario.groups[consequence.group]
    if group is not None and place.endswith(".change") and resolve(group.factor, DOMAINS["factor"]).family is not None:
        return phrase("update-group", group=str(consequence.group if consequence else ""))
    return None


def _updated(one: Observation, meant: Uncertain) -> Update:
    if one.counts is not None:
        return of_counts(meant.parameters, one.counts.successes, one.counts.of, one.prior_weight)
    if one.estimate is not None:
        assert one.se is not None
        return of_estimate(meant.parameters, one.estimate, one.se, one.prior_weight)
    assert one.events is not None
    assert one.person_years is not None
    return of_events(meant.parameters, one.events, one.person_years, one.prior_weight)


def _mean(family: str, parameters: Mapping[str, object]) -> float:
    from soemrisk.families import FAMILIES

    return FAMILIES[family].mean(parameters)


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
        quantity = known[one.place]
        kept = {"effort": table[last]["effort"]} if "effort" in table[last] else {}
        table[last] = {
            "value": one.after.base,
            "unit": table[last]["unit"],
            "source": f"{stated_source(quantity)}; updated with {sources[one.place]}",
            "family": one.after.family,
            "parameters": dict(one.after.parameters),
            **kept,
        }
    return changed


def rows(learnt: list[Learnt]) -> Iterator[tuple[str, list[float], list[float]]]:
    """Yield place, and mean, P10 and P90 before and after."""
    import numpy as np

    from soemrisk.families import FAMILIES

    for one in learnt:
        figures = []
        for meant in (one.before, one.after):
            assert meant.family is not None
            low, high = FAMILIES[meant.family].quantile(np.array([0.1, 0.9]), meant.parameters)
            figures.append([meant.mean, float(low), float(high)])
        yield one.place, figures[0], figures[1]
