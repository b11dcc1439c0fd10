"""A scenario in full: every default filled in, references resolved, and over each number what it means.

What is written is a scenario again, with the same value and the same results. Apart from ``toml_text`` because this
knows what a scenario is and that does not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from soemrisk.complaints import KEYED_SECTIONS, STEPPED, Where, steps_by_position
from soemrisk.digits import grouped, percent, plain
from soemrisk.distribution import Uncertain, discount_factors, resolve
from soemrisk.effect_sizes import number_at
from soemrisk.families import FAMILIES
from soemrisk.library import entry_behind
from soemrisk.messages import text
from soemrisk.quantity import DOMAINS, Discount, Quantity, pooled_studies
from soemrisk.rules import quantities
from soemrisk.scenario import Scenario
from soemrisk.toml_text import toml_text

LONGEST_PARAMETERS = 80


def full_form(scenario: Scenario, lang: str) -> str:
    """Write a scenario in full as TOML.

    Parameters
    ----------
    scenario : Scenario
    lang : {"da", "en"}
        Language of the comments.

    Returns
    -------
    str
        TOML that is read as the same scenario.

    Examples
    --------
    >>> from soemrisk.reading import parse, read
    >>> scenario = read("act-randers")
    >>> parse(full_form(scenario, "da").encode(), "act-randers") == scenario
    True
    """
    document = full_document(scenario)
    comments = {_place(path, document): sentence for path, sentence in _sentences(scenario, lang)}
    for place, key, value in _implied(scenario, lang):
        said = text("resolved-implied", lang, key=key, value=value)
        comments[place] = f"{comments[place]}\n{said}" if place in comments else said
    return toml_text(document, comments, KEYED_SECTIONS)


def full_document(scenario: Scenario) -> dict[str, Any]:
    """Return the scenario as a document with every key that has a value, steps written as in the language.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> full_document(read("act-randers"))["settings"]["timing"]
    'start'
    """
    return {
        name: _plain(value, name)
        for name, value in scenario.model_dump(mode="json", by_alias=True, exclude_none=True).items()
    }


def _plain(value: Any, key: str) -> Any:
    """The value as a person writes it: whole numbers without a point, one step as one table, shares beside ``from``."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 and repr(value) != "-0.0":
        return int(value)
    if isinstance(value, list):
        steps = [_plain(one, "") for one in value]
        if key == "shares":
            steps = [{**{k: v for k, v in one.items() if k != "shares"}, **one["shares"]} for one in steps]
        return steps[0] if key in STEPPED and len(steps) == 1 else steps
    if isinstance(value, dict):
        return {name: one if name == "parameters" else _plain(one, name) for name, one in value.items()}
    return value


def _place(path: str, document: Mapping[str, Any]) -> Where:
    """Place of a quantity in the document, the first of several steps included."""
    place = steps_by_position(tuple(path.split(".")), document)
    value: Any = document
    for part in place:
        value = value[int(part)] if isinstance(value, list) else value[part]
    return (*place, "0") if isinstance(value, list) else place


def fit_lines(scenario: Scenario, lang: str) -> Iterator[str]:
    """One line for each quantity whose distribution was sought: what was found, and how near it is."""
    for path, quantity, domain in quantities(scenario):
        fit = resolve(quantity, DOMAINS[domain]).fit if quantity.quantiles is not None else None
        if fit is not None:
            numbers = {name: one for name, one in fit.parameters.items() if isinstance(one, float)}
            pairs = zip(fit.probabilities, fit.stated, fit.fitted, strict=True)
            yield text(
                "fit-line",
                lang,
                place=path,
                family=fit.family,
                parameters=", ".join(f"{name} {plain(one, lang)}" for name, one in numbers.items()) or "–",
                pairs="; ".join(f"p{100 * p:.10g} {plain(x, lang)} → {plain(y, lang)}" for p, x, y in pairs),
                miss=grouped(100 * fit.miss, lang, 1),
            )


def _sentences(scenario: Scenario, lang: str) -> Iterator[tuple[str, str]]:
    """Yield each quantity's path and what it means in words."""
    for path, quantity, domain in quantities(scenario):
        pooled = "" if quantity.studies is None else "\n" + _of_studies(quantity, lang)
        carried = "" if quantity.discount is None else "\n" + _of_discount(quantity.discount, lang)
        yield path, meaning(resolve(quantity, DOMAINS[domain]), lang) + _studied(quantity, lang) + pooled + carried


def _of_discount(discount: Discount, lang: str) -> str:
    keep, spread = discount_factors(discount)
    words = {"level": discount.evidence or "–", "match": discount.match or "–"}
    return text("resolved-discount", lang, keep=percent(keep, lang), spread=plain(spread, lang), **words)


def _of_studies(quantity: Quantity, lang: str) -> str:
    """What pooling found, in words."""
    found = pooled_studies(quantity)
    assert quantity.scale is not None
    several = found.count > 1
    return text(
        "resolved-studies" if several else "resolved-study",
        lang,
        count=found.count,
        scale=quantity.scale,
        tau=plain(found.tau, lang),
        how=text("tau-estimated" if quantity.tau is None else "tau-stated", lang),
        q=plain(found.heterogeneity, lang),
        share=percent(found.inconsistency, lang),
        mean=plain(number_at(quantity.scale, found.mean), lang),
        target=text(f"target-{quantity.target or 'place'}", lang),
    )


def _studied(quantity: Quantity, lang: str) -> str:
    """What the library says of the study that a number is from; nothing for one's own numbers."""
    entry = entry_behind(quantity.library)
    if "population" not in entry:
        return ""
    level = text("resolved-level", lang, level=entry["evidence_level"]) if "evidence_level" in entry else ""
    return "\n" + text("resolved-studied", lang, population=entry["population"][lang]) + level


def meaning(uncertain: Uncertain, lang: str) -> str:
    """What a number means as a distribution: family, mean, standard deviation, P10 and P90.

    Parameters
    ----------
    uncertain : Uncertain
    lang : {"da", "en"}

    Returns
    -------
    str

    Examples
    --------
    >>> quantity = Quantity(value=0.134, se=0.0451, unit="share", source="x")
    >>> print(meaning(resolve(quantity, DOMAINS["change"]), "en"))
    normal (mean = 0.134, sd = 0.0451): mean 0.1340, standard deviation 0.04510, P10–P90 0.07620 to 0.1918
    """
    if uncertain.family is None:
        return text("resolved-certain", lang)
    row = FAMILIES[uncertain.family]
    low, high = row.quantile(np.array([0.1, 0.9]), uncertain.parameters)
    names = [name for name in (*row.parameters, *row.optional) if name in uncertain.parameters]
    parameters = ", ".join(f"{name} = {_short(uncertain.parameters[name])}" for name in names)
    return text(
        "resolved-spread" if uncertain.profile is None else "resolved-factor",
        lang,
        family=uncertain.family,
        parameters=parameters if len(parameters) <= LONGEST_PARAMETERS else parameters[: LONGEST_PARAMETERS - 1] + "…",
        mean=_rounded(uncertain.mean, lang),
        sd=_rounded(row.sd(uncertain.parameters), lang),
        p10=_rounded(float(low), lang),
        p90=_rounded(float(high), lang),
    )


def _short(value: object) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_short, value)) + "]"
    if isinstance(value, Mapping):
        return " ".join(map(_short, value.values()))
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _rounded(value: float, lang: str) -> str:
    """Four significant digits, or the whole kroner of a large number."""
    if value == 0 or not 1e-6 <= abs(value) < 1e15:
        return f"{value:.4g}"
    return grouped(value, lang, max(0, 3 - math.floor(math.log10(abs(value)))))


def _implied(scenario: Scenario, lang: str) -> Iterator[tuple[Where, str, object]]:
    """Yield (place, key, what holds) for keys that are left out and take their value from elsewhere."""
    settings = scenario.settings
    if settings.base_year is None:
        yield ("settings",), "base_year", settings.first_year
    for name in ("starters", "factor"):
        if getattr(scenario.participants, name) is None:
            yield ("participants",), name, "completers" if name == "starters" else 1
    for key, cost in scenario.costs.items():
        if cost.price_year is None:
            yield ("costs", key), "price_year", settings.price_year
    for key, consequence in scenario.consequences.items():
        if consequence.persistence is None:
            yield ("consequences", key), "persistence", 1
        if consequence.duration is None:
            yield ("consequences", key), "duration", text("resolved-to-the-end", lang)
