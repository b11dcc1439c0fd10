"""What a statement means: each way of stating a number becomes one row of the family table.

The stated ``value`` is the base case; a distribution need not have it as mean, and no distribution is ever moved to
have it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from soemrisk.effect_sizes import meaning_of_studies
from soemrisk.evidence_discounts import discounted, factors_of
from soemrisk.families import FAMILIES, Parameters
from soemrisk.messages import Phrase, phrase
from soemrisk.quantile_fit import Fit, fitted
from soemrisk.quantity import MEANINGS, Discount, Domain, Quantity, base_value, pooled_studies, probability
from soemrisk.scales import critical_point, normal_point, on_scale
from soemrisk.spread_ways import default_family, spread_kind

EVIDENCE: Mapping[int, float] = MappingProxyType({1: 0.25, 2: 0.5, 3: 1.0})
"""Spread by SØM's level of evidence, as a share of the value (of the odds for a rate). Our convention.

2 (quasi-experiment, before and after with a control group): an estimate that is just significant at 5 % has a standard
error of 51 % of its size. 1 (meta-analysis, randomised trial): half of that, an estimate of four standard errors.
3 (before and after without a control group): twice that, since what would have happened anyway is inside the number;
one in six that the effect has the other sign.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """A resolved quantity.

    Attributes
    ----------
    base : float
        The value of the base case; 1 where ``profile`` carries the values by year.
    family : str or None
        Row of the family table; None when the quantity counts as certain.
    parameters : mapping
        The family's parameters.
    profile : tuple of float, or None
        Values by year since success, all moved by the one factor.
    individual_sd : float
        Standard deviation between persons, in the unit of ``base``; 0 where none is stated. It is chance, and not
        part of the distribution, which is about what we do not know.
    fit : Fit or None
        How well the distribution meets the stated quantiles, where it was sought.
    """

    base: float
    family: str | None
    parameters: Parameters
    profile: tuple[float, ...] | None = None
    individual_sd: float = 0.0
    fit: Fit | None = None

    @property
    def mean(self) -> float:
        """Mean of the distribution; the base value of a certain one."""
        return self.base if self.family is None else FAMILIES[self.family].mean(self.parameters)


class NoDistributionError(ValueError):
    """No distribution fits a statement; the reason is a phrase, so that it can be said in both languages."""

    def __init__(self, reason: Phrase) -> None:
        self.reason = reason
        super().__init__(reason.in_("en"))


def resolve(quantity: Quantity, domain: Domain) -> Uncertain:
    """Turn a statement without findings into a base value and a distribution.

    Parameters
    ----------
    quantity : Quantity
        A statement for which ``findings`` is empty.
    domain : Domain
        What kind of number it is; it decides the default family.

    Returns
    -------
    Uncertain

    Raises
    ------
    NoDistributionError
        No distribution of the family fits the statement.

    Notes
    -----
    Counts are read as Beta(s + ½, n − s + ½), Jeffreys' prior (Brown, Cai and DasGupta 2001, Stat. Sci. 16:101).
    *Significant* is read as listed: mean at the estimate and the largest se with which it is significant,
    |b| / z(1 − α/2); the true se is smaller or equal. docs/methods.md, section 5, has every statement.

    Examples
    --------
    >>> from soemrisk.quantity import DOMAINS
    >>> estimate = Quantity(value=-10, unit="day", source="x", significant=0.05)
    >>> round(resolve(estimate, DOMAINS["change"]).parameters["sd"], 3)
    5.102
    """
    profile = quantity.value if isinstance(quantity.value, tuple) else None
    base = base_value(quantity)
    assert base is not None
    kind = spread_kind(quantity)
    between = _individual_sd(quantity, base)
    if kind == "certain" or (quantity.of == "individuals" and quantity.observations is None and quantity.n is None):
        certain: Parameters = MappingProxyType({})
        return Uncertain(base=base, family=None, parameters=certain, profile=profile, individual_sd=between)
    fit = None
    try:
        if kind == "quantiles":
            fit = _fit(quantity, domain)
            family, parameters = fit.family, fit.parameters
        elif kind == "studies":
            family, parameters = _of_studies(quantity, domain)
        else:
            family = quantity.family or default_family(quantity, domain) or ""
            parameters = MEANS[kind](quantity, family, base, domain)
    except ArithmeticError:
        raise NoDistributionError(phrase("too-far-apart")) from None
    checked = _checked(family, parameters)
    if quantity.discount is not None:
        family, moved = discounted(family, checked, domain.name, discount_factors(quantity.discount))
        checked = _checked(family, moved)
    return Uncertain(base=base, family=family, parameters=checked, profile=profile, individual_sd=between, fit=fit)


def discount_factors(discount: Discount) -> tuple[float, float]:
    """Part of an effect that is kept and factor on its standard deviation; stated ones before those of the table."""
    keep, spread = factors_of(discount.evidence, discount.match)
    return (
        keep if discount.keep is None else discount.keep,
        spread if discount.spread is None else discount.spread,
    )


def stated_source(quantity: Quantity) -> str:
    """The source, with what soemrisk assumes beside it; a spread by level of evidence is an assumption of ours.

    Examples
    --------
    >>> stated_source(Quantity(value=-10, unit="day", source="Randomised trial", evidence=1))
    'Randomised trial (assumption: spread by level of evidence 1, 25 %)'
    """
    said = quantity.source
    level = quantity.evidence
    if level is not None:
        said += f" (assumption: spread by level of evidence {level}, {100 * EVIDENCE[level]:.0f} %)"
    if quantity.discount is not None:
        keep, spread = discount_factors(quantity.discount)
        said += f" (assumption: {100 * keep:.3g} % of the effect is kept, {spread:.3g} times as uncertain)"
    return said


def _fit(quantity: Quantity, domain: Domain) -> Fit:
    assert quantity.quantiles is not None
    stated = tuple(sorted((probability(key), value) for key, value in quantity.quantiles.items()))
    found = fitted(stated, domain, quantity.family)
    if found is None:
        raise NoDistributionError(phrase("no-family-near"))
    return found


def _of_studies(quantity: Quantity, domain: Domain) -> tuple[str, dict[str, object]]:
    assert quantity.scale is not None
    known = (quantity.tau is not None, (domain.low, domain.high))
    return meaning_of_studies(quantity.scale, pooled_studies(quantity), quantity.target or "place", known)


def _mean(observations: tuple[float, ...]) -> float:
    return math.fsum(observations) / len(observations)


def _deviation(observations: tuple[float, ...]) -> float:
    """Standard deviation with the divisor n − 1."""
    mean = _mean(observations)
    return math.sqrt(math.fsum((one - mean) ** 2 for one in observations) / (len(observations) - 1))


def _individual_sd(quantity: Quantity, base: float) -> float:
    """Standard deviation between persons, where that is what a spread is stated of."""
    if quantity.of != "individuals":
        return 0.0
    return _deviation(quantity.observations) if quantity.observations is not None else _stated_sd(quantity, base)


def _stated_sd(quantity: Quantity, base: float) -> float:
    if quantity.sd is not None:
        return quantity.sd
    assert quantity.cv is not None
    return quantity.cv * abs(base)


def _checked(family: str, parameters: dict[str, object]) -> Parameters:
    """The parameters, read-only, if the family accepts them."""
    failed = FAMILIES[family].valid(parameters)
    if failed is not None:
        raise NoDistributionError(phrase("family-condition", family=family, condition=failed))
    return MappingProxyType(parameters)


# What each way means: (quantity, family, base value, kind of number) → parameters -------------------------------------


def _of_parameters(quantity: Quantity, *_: object) -> dict[str, object]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in (quantity.parameters or {}).items()}


def _of_counts(quantity: Quantity, *_: object) -> dict[str, object]:
    assert quantity.counts is not None
    s, n = quantity.counts.successes, quantity.counts.of
    return {"a": s + 0.5, "b": n - s + 0.5}


def _of_hard(quantity: Quantity, family: str, base: float, _: Domain) -> dict[str, object]:
    ends: dict[str, object] = {"low": quantity.low, "high": quantity.high}
    return ends if family == "uniform" else {**ends, "mode": base}


def _of_interval(quantity: Quantity, family: str, *_: object) -> dict[str, object]:
    coverage = MEANINGS[quantity.meaning or "hard"]
    assert coverage is not None
    assert quantity.low is not None
    assert quantity.high is not None
    return _from_interval(family, (quantity.low, quantity.high), coverage)


def _of_se(quantity: Quantity, family: str, base: float, _: Domain) -> dict[str, object]:
    assert quantity.se is not None
    return _from_moments(family, base, quantity.se)


def _of_spread(quantity: Quantity, family: str, base: float, _: Domain) -> dict[str, object]:
    """Of ``sd`` and ``cv``: how uncertain the mean is, or how different n persons are."""
    return _from_moments(family, base, _stated_sd(quantity, base) / math.sqrt(quantity.n or 1))


def _of_evidence(quantity: Quantity, family: str, base: float, domain: Domain) -> dict[str, object]:
    assert quantity.evidence is not None
    size = base * (1 - base) if domain.name in {"probability", "net_rate"} else abs(base)
    return _from_moments(family, base, EVIDENCE[quantity.evidence] * size)


def _of_ci(quantity: Quantity, family: str, base: float, domain: Domain) -> dict[str, object]:
    interval = quantity.ci
    assert interval is not None
    centre, se = on_scale(interval.scale, base, (interval.low, interval.high), interval.coverage)
    if family == "truncated_normal":
        return {"mean": centre, "sd": se, "low": domain.low, "high": domain.high}
    return {"mean": centre, "sd": se} if family == "normal" else {"mu": centre, "sigma": se}


def _of_observations(quantity: Quantity, family: str, *_: object) -> dict[str, object]:
    """One of them, or Student's t of their mean; other families have the mean and the variance of that t."""
    found = quantity.observations
    assert found is not None
    if family == "empirical":
        return {"observations": found}
    n = len(found)
    se = _deviation(found) / math.sqrt(n)
    if family == "student_t":
        return {"df": float(n - 1), "location": _mean(found), "scale": se}
    return _from_moments(family, _mean(found), se * math.sqrt((n - 1) / (n - 3)))


def _of_significant(quantity: Quantity, _: str, base: float, __: Domain) -> dict[str, object]:
    """As listed: normal; corrected: what is known of the effect given that its estimate was listed."""
    assert quantity.significant is not None
    critical = critical_point(quantity.significant)

    def one(se: float) -> dict[str, object]:
        if quantity.corrected:
            return {"estimate": base, "se": se, "critical": min(critical, abs(base) / se)}
        return {"mean": base, "sd": se}

    if quantity.z is None:
        return one(abs(base) / critical if quantity.se is None else quantity.se)
    name = "filtered" if quantity.corrected else "normal"
    parts = tuple({"family": name, "parameters": one(abs(base) / z)} for z in quantity.z.values)
    return {"components": parts, "weights": quantity.z.weights}


Meaning = Callable[[Quantity, str, float, Domain], dict[str, object]]
MEANS: Mapping[str, Meaning] = MappingProxyType(
    {
        "parameters": _of_parameters,
        "counts": _of_counts,
        "hard": _of_hard,
        "interval": _of_interval,
        "se": _of_se,
        "sd": _of_spread,
        "cv": _of_spread,
        "evidence": _of_evidence,
        "ci": _of_ci,
        "observations": _of_observations,
        "significant": _of_significant,
    }
)


def _from_moments(family: str, mean: float, se: float) -> dict[str, object]:
    if family == "normal":
        return {"mean": mean, "sd": se}
    if family == "lognormal":
        if mean <= 0:
            raise NoDistributionError(phrase("lognormal-mean"))
        variance = math.log1p((se / mean) ** 2)
        return {"mu": math.log(mean) - variance / 2, "sigma": math.sqrt(variance)}
    if not 0 < mean < 1 or se**2 >= mean * (1 - mean):
        raise NoDistributionError(phrase("beta-moments"))
    weight = mean * (1 - mean) / se**2 - 1
    return {"a": mean * weight, "b": (1 - mean) * weight}


def _from_interval(family: str, ends: tuple[float, float], coverage: float) -> dict[str, object]:
    """Parameters with which the two ends are the quantiles (1 − coverage)/2 and (1 + coverage)/2."""
    low, high = ends
    z = normal_point((1 + coverage) / 2)
    if family == "normal":
        return {"mean": (low + high) / 2, "sd": (high - low) / (2 * z)}
    if family == "lognormal":
        return {"mu": (math.log(low) + math.log(high)) / 2, "sigma": (math.log(high) - math.log(low)) / (2 * z)}
    from scipy.optimize import root
    from scipy.special import betainc

    tail = (1 - coverage) / 2
    middle, spread = (low + high) / 2, (high - low) / (2 * z)
    weight = max(middle * (1 - middle) / spread**2 - 1, 0.5)

    def misses(logs: Any) -> list[float]:
        a, b = math.exp(min(logs[0], 50.0)), math.exp(min(logs[1], 50.0))
        return [float(betainc(a, b, low)) - tail, float(betainc(b, a, 1 - high)) - tail]

    fit = root(misses, [math.log(middle * weight), math.log((1 - middle) * weight)], tol=1e-14)
    if max(abs(miss) for miss in misses(fit.x)) > 1e-9:
        raise NoDistributionError(phrase("no-such-beta"))
    return {"a": math.exp(fit.x[0]), "b": math.exp(fit.x[1])}
