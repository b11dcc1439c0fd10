"""What is wrong with the statement of a number: one check for each way of stating a spread.

Nothing here builds a distribution; whether one exists that fits a sound statement, ``distribution`` finds out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from pydantic_core import PydanticCustomError

from soemrisk.effect_sizes import KIND_OF_EFFECT
from soemrisk.families import FAMILIES
from soemrisk.family import require, same_length
from soemrisk.levels import weights_add_up
from soemrisk.messages import Phrase
from soemrisk.quantity import Domain, Quantity, probability
from soemrisk.scales import SCALES, critical_point, off_middle
from soemrisk.spread_ways import default_family, spread_kind, ways
from soemrisk.stated_values import number_or_list, read_number, shown
from soemrisk.study_statements import counts_findings, discount_findings, study_findings

Finding = tuple[str, str, dict[str, object]]  # field, rule, values of the message
Check = Callable[[Quantity, Domain], Iterator[Finding]]

BY_YEAR = ("significant", "cv", "evidence")  # relative to the value, so that they can stand with a list by year
GRADED = ("change", "factor", "probability", "net_rate")
FEWEST_OBSERVATIONS = 4  # Student's t with n − 1 degrees of freedom has a variance from 3 on


def findings(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    """Yield what is wrong in a statement, field by field, without building the distribution.

    Parameters
    ----------
    quantity : Quantity
        The statement.
    domain : Domain
        What kind of number it is.

    Yields
    ------
    (field, rule, values)
        The place inside the quantity, the message id, and what the message fills in.

    Examples
    --------
    >>> from soemrisk.quantity import DOMAINS
    >>> wrong = Quantity(value=1.0, unit="kr.", source="x", low=0.5)
    >>> [rule for _, rule, _ in findings(wrong, DOMAINS["price"])]
    ['range-incomplete']
    """
    stated = ways(quantity)
    if len(stated) > 1:
        yield "", "several-spreads", {"found": ", ".join(sorted(stated))}
        return
    yield from _lonely_keys(quantity, domain)
    yield from _value_findings(quantity, domain)
    way = next(iter(stated), None)
    yield from discount_findings(quantity, domain, way)
    yield from _level_findings(quantity)
    by_year = isinstance(quantity.value, tuple)
    if by_year and way is not None and (way not in BY_YEAR or quantity.se is not None):
        yield "value", "list-with-spread", {"ways": BY_YEAR}
        return
    check = CHECKS.get(way or "")
    if check is not None:
        yield from check(quantity, domain)
    if quantity.family is not None or way == "parameters":
        yield from _family_findings(quantity, domain, way)


PARTNERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "of": ("sd", "cv", "observations"),
        "n": ("sd", "cv"),
        "z": ("significant",),
        "corrected": ("significant",),
        "target": ("studies",),
        "tau": ("studies",),
    }
)


def _lonely_keys(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    """Keys that say more about another key, which is not there."""
    if quantity.scale is not None and quantity.studies is None and domain.name not in KIND_OF_EFFECT.values():
        yield "scale", "key-needs-partner", {"key": "scale", "partners": "studies"}
    for key, partners in PARTNERS.items():
        if getattr(quantity, key) not in {None, False} and all(getattr(quantity, one) is None for one in partners):
            yield key, "key-needs-partner", {"key": key, "partners": partners}


def _level_findings(quantity: Quantity) -> Iterator[Finding]:
    """A level that is said twice could be said differently."""
    places = {"evidence": quantity.evidence, "discount.evidence": quantity.discount and quantity.discount.evidence}
    said = [key for key, level in places.items() if level is not None]
    if quantity.evidence_level is not None and said:
        yield "evidence_level", "level-twice", {"key": said[0]}


def _value_findings(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    if quantity.value is None:
        if quantity.counts is None and quantity.observations is None and quantity.studies is None:
            yield "", "missing-key", {"key": "value"}
        return
    values = quantity.value if isinstance(quantity.value, tuple) else (quantity.value,)
    if isinstance(quantity.value, tuple) and domain.name not in {"change", "use"}:
        yield "value", "list-not-allowed", {}
    for value in values:
        if not domain.low <= value <= domain.high:
            yield "value", f"outside-{domain.name}", {"found": value}
            return


def _range_findings(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    low, high, value = quantity.low, quantity.high, quantity.value
    lacking = [name for name in ("low", "high", "meaning") if getattr(quantity, name) is None]
    if lacking or low is None or high is None:
        yield "", "range-incomplete", {"missing": ", ".join(lacking)}
        return
    if low >= high:
        yield "low", "low-not-below-high", {"low": low, "high": high}
        return
    if isinstance(value, float) and domain.low <= value <= domain.high and not low <= value <= high:
        yield "value", "value-outside-range", {"found": value, "low": low, "high": high}
    family = quantity.family or default_family(quantity, domain)
    if quantity.meaning == "hard":
        if low < domain.low:
            yield "low", f"outside-{domain.name}", {"found": low}
        if high > domain.high:
            yield "high", f"outside-{domain.name}", {"found": high}
    elif family == "lognormal" and low <= 0:
        yield "low", "lognormal-needs-positive", {"found": low}
    elif family == "beta" and not (low > 0 and high < 1):
        yield "low", "beta-needs-inside", {"low": low, "high": high}


def _positive(quantity: Quantity, *names: str) -> Iterator[Finding]:
    """Numbers that must be above 0 where they stand."""
    for name in names:
        found = getattr(quantity, name)
        if found is not None and found <= 0:
            yield name, "not-positive", {"found": found}


def _se_findings(quantity: Quantity, _: Domain) -> Iterator[Finding]:
    yield from _positive(quantity, "se")


def _spread_findings(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    """Of ``sd`` and ``cv``."""
    key = "sd" if quantity.sd is not None else "cv"
    yield from _positive(quantity, key, "n")
    if key == "cv" and not _any_value(quantity):
        yield "value", "share-of-zero", {"key": key}
    if quantity.of is None:
        yield "", "spread-of-what", {"key": key}
    elif quantity.of == "one":
        yield "of", "unknown-choice", {"found": "one", "allowed": ("mean", "individuals")}
    elif quantity.of == "individuals":
        yield from _individuals_findings(domain)
    if quantity.n is not None and quantity.of == "mean":
        yield "n", "key-needs-partner", {"key": "n", "partners": 'of = "individuals"'}


def _individuals_findings(domain: Domain) -> Iterator[Finding]:
    if domain.name != "change":
        yield "of", "individuals-need-change", {}


def _any_value(quantity: Quantity) -> bool:
    """Whether some stated value is not 0."""
    return any(quantity.value if isinstance(quantity.value, tuple) else (quantity.value,))


def _quantiles_findings(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    assert quantity.quantiles is not None
    stated = sorted((probability(key), value) for key, value in quantity.quantiles.items())
    if not 2 <= len(stated) <= 12:
        yield "quantiles", "quantile-count", {"found": len(stated)}
        return
    if any(p == q or x >= y for (p, x), (q, y) in pairwise(stated)):
        yield "quantiles", "quantiles-rise", {}
        return
    low, high = stated[0][1], stated[-1][1]
    for found in (low, high):
        if not domain.low <= found <= domain.high:
            yield "quantiles", f"outside-{domain.name}", {"found": found}
        elif found in {domain.low, domain.high}:
            yield "quantiles", "quantile-at-end", {"found": found}
    if isinstance(quantity.value, float) and not low <= quantity.value <= high:
        yield "value", "value-outside-range", {"found": quantity.value, "low": low, "high": high}


NEEDS = {"log-ratio": "needs-log-ratio", "logit": "needs-logit"}


def _ci_findings(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    interval, value = quantity.ci, quantity.value
    assert interval is not None
    if not isinstance(value, float):
        return
    outside = default_family(quantity, domain) == "normal" and domain.low > -math.inf
    if interval.low >= interval.high:
        yield "ci.low", "low-not-below-high", {"low": interval.low, "high": interval.high}
    elif not interval.low <= value <= interval.high:
        yield "value", "value-outside-range", {"found": value, "low": interval.low, "high": interval.high}
    elif not all(SCALES[interval.scale].possible(one) for one in (interval.low, value, interval.high)):
        yield "ci.scale", NEEDS[interval.scale], {"low": interval.low, "high": interval.high}
    elif not outside and off_middle(interval.scale, interval.low, value, interval.high):
        ends = (interval.low, value, interval.high)
        better = [name for name, scale in SCALES.items() if all(map(scale.possible, ends))]
        fitting = [name for name in better if not off_middle(name, *ends)]
        yield "ci", "ci-off-middle", {"scale": interval.scale, "suggestion": next(iter(fitting), None)}
    if outside:
        yield "ci.scale", "family-outside-domain", {"family": "normal", "low": domain.low, "high": domain.high}


def _evidence_findings(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    if domain.name not in GRADED:
        yield "evidence", "evidence-by-kind", {}
    elif not _any_value(quantity):
        yield "value", "share-of-zero", {"key": "evidence"}


def _observations_findings(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    found = quantity.observations
    assert found is not None
    outside = [one for one in found if not domain.low <= one <= domain.high]
    if outside:
        yield "observations", f"outside-{domain.name}", {"found": outside[0]}
    if quantity.of is None:
        yield "", "observations-of-what", {}
    elif quantity.of == "individuals":
        yield from _individuals_findings(domain)
    if quantity.of in {"mean", "individuals"}:
        if len(found) < FEWEST_OBSERVATIONS:
            yield "observations", "too-few-observations", {"found": len(found), "fewest": FEWEST_OBSERVATIONS}
        elif min(found) == max(found):
            yield "observations", "observations-equal", {}


def _significant_findings(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    level = quantity.significant
    if domain.name != "change":
        yield "significant", "significant-needs-change", {}
        return
    if level is None or not 0 < level < 1:
        yield "significant", "level-outside", {"found": level}
        return
    if not _any_value(quantity):
        yield "value", "significant-zero", {}
        return
    if quantity.se is not None and quantity.z is not None:
        yield "", "several-spreads", {"found": "se, z"}
        return
    yield from _positive(quantity, "se")
    if quantity.corrected and quantity.se is None and quantity.z is None:
        yield "corrected", "corrected-needs-z", {}
    ratios: tuple[float, ...] = ()
    if quantity.z is not None:
        values, weights = quantity.z.values, quantity.z.weights
        alike: dict[str | Phrase, bool] = {same_length("values", "weights"): len(values) == len(weights)}
        failed = require({**alike, **weights_add_up(np.array(weights))})
        if failed is not None:
            yield "z", "family-condition", {"family": "z", "condition": failed}
        ratios = values
    elif quantity.se is not None and quantity.se > 0 and isinstance(quantity.value, float):
        ratios = (abs(quantity.value) / quantity.se,)
    critical = critical_point(level)
    if ratios and min(ratios) < critical * (1 - 1e-9):
        place = "se" if quantity.z is None else "z.values"
        found = float(f"{min(ratios):.4g}")
        yield place, "not-significant", {"found": found, "critical": float(f"{critical:.4g}"), "level": level}


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "range": _range_findings,
        "se": _se_findings,
        "sd": _spread_findings,
        "cv": _spread_findings,
        "counts": counts_findings,
        "quantiles": _quantiles_findings,
        "ci": _ci_findings,
        "evidence": _evidence_findings,
        "observations": _observations_findings,
        "significant": _significant_findings,
        "studies": study_findings,
    }
)


# Families -------------------------------------------------------------------------------------------------------

BY_MOMENTS = ("normal", "lognormal", "beta")
FAMILIES_BY_STATEMENT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "hard": ("pert", "triangular", "uniform"),
        "interval": BY_MOMENTS,
        "se": BY_MOMENTS,
        "sd": BY_MOMENTS,
        "cv": BY_MOMENTS,
        "evidence": BY_MOMENTS,
        "counts": ("beta",),
        "quantiles": ("normal", "lognormal", "gamma", "weibull", "beta", "logit_normal", "truncated_normal", "metalog"),
    }
)


def families_of(quantity: Quantity, domain: Domain) -> tuple[str, ...]:
    """Families that a statement can be read with; where it leaves no choice, the one that it means."""
    kind = spread_kind(quantity)
    if kind == "observations" and quantity.of != "one":
        return ("student_t", *BY_MOMENTS)
    return FAMILIES_BY_STATEMENT.get(kind, (str(default_family(quantity, domain)),))


def _family_findings(quantity: Quantity, domain: Domain, way: str | None) -> Iterator[Finding]:
    name = quantity.family
    if name is None:
        yield "parameters", "parameters-without-family", {}
        return
    if way is None:
        yield "family", "family-without-spread", {"family": name}
        return
    allowed = tuple(FAMILIES) if way == "parameters" else families_of(quantity, domain)
    if name not in allowed:
        yield "family", "unknown-choice", {"found": name, "allowed": allowed}
    elif way == "parameters":
        yield from _parameter_findings(quantity, domain, name)
    elif way != "ci" and not _inside(domain, _possible_support(name, quantity, domain)):  # of ci said already
        yield "family", "family-outside-domain", {"family": name, "low": domain.low, "high": domain.high}


def _possible_support(family: str, quantity: Quantity, domain: Domain) -> tuple[float, float]:
    """Support of a family that is chosen for a statement."""
    if family in {"normal", "student_t"}:
        return -math.inf, math.inf
    if family in {"lognormal", "gamma", "weibull"}:
        return 0.0, math.inf
    if family in {"beta", "logit_normal"}:
        return 0.0, 1.0
    if spread_kind(quantity) == "hard":
        return quantity.low or 0.0, quantity.high or 0.0
    return domain.low, domain.high


def _inside(domain: Domain, support: tuple[float, float]) -> bool:
    return domain.low <= support[0] and support[1] <= domain.high


def _parameter_findings(quantity: Quantity, domain: Domain, name: str) -> Iterator[Finding]:
    row = FAMILIES[name]
    given = quantity.parameters or {}
    if not set(row.parameters) <= set(given) <= {*row.parameters, *row.optional}:
        found = ", ".join(sorted(given)) or "–"
        needed = ", ".join([*row.parameters, *(f"({one})" for one in row.optional)])
        yield "parameters", "family-parameters", {"family": name, "needed": needed, "found": found}
        return
    clean: dict[str, object] = {}
    for key, value in given.items():
        try:
            if key in {*row.lists, *row.nested} and not isinstance(value, list | tuple):
                raise PydanticCustomError("not-a-list", "not a list", {"found": shown(value)})
            if key in row.nested:
                clean[key] = value
            else:
                clean[key] = number_or_list(value) if key in row.lists else read_number(value)
        except PydanticCustomError as error:
            yield f"parameters.{key}", error.type, dict(error.context or {})
    if len(clean) < len(given):
        return
    failed = row.valid(clean)
    if failed is not None:
        yield "parameters", "family-condition", {"family": name, "condition": failed}
        return
    low, high = row.support(clean)
    if not _inside(domain, (low, high)):
        yield "parameters", "family-outside-domain", {"family": name, "low": domain.low, "high": domain.high}
    elif isinstance(quantity.value, float) and not low <= quantity.value <= high:
        yield "value", "value-outside-range", {"found": quantity.value, "low": low, "high": high}
