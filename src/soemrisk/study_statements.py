"""What is wrong with evidence: studies in their form, scale and number, counts, and a discount of nothing.

Apart from ``statements`` because a study is a statement of its own, and a discount says how far one carries.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from soemrisk.effect_sizes import AXES, BY_KIND, FURTHEST_RATIO, OF_COUNTS, least_studies, number_at
from soemrisk.evidence_discounts import ABOUT_NOTHING
from soemrisk.inverses import beta_inverse
from soemrisk.messages import phrase
from soemrisk.quantity import Domain, Quantity, Study, pooled_studies
from soemrisk.scales import SCALES, off_middle

Finding = tuple[str, str, dict[str, object]]  # field, rule, values of the message


CERTAIN = 0.99  # a value outside so much of what its counts say is another number


def counts_findings(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    """Yield what is wrong with the counts of a quantity, and with a value beside them that they do not support.

    Parameters
    ----------
    quantity : Quantity
        With ``counts``.
    domain : Domain
        What kind of number it is.

    Yields
    ------
    (field, rule, values)
        The place inside the quantity, the message id, and what the message fills in.

    Notes
    -----
    The value lies in the central 99 % of Beta(s + ½, n − s + ½), the distribution of s of n, or between it and s/n.

    Examples
    --------
    >>> from soemrisk.quantity import DOMAINS
    >>> wrong = Quantity(value=0.05, counts={"successes": 14, "of": 20}, unit="share", source="x")
    >>> [rule for _, rule, _ in counts_findings(wrong, DOMAINS["probability"])]
    ['value-off-counts']
    """
    counts, value = quantity.counts, quantity.value
    assert counts is not None
    if domain.name != "probability":
        yield "counts", "counts-need-probability", {}
    elif counts.of == 0 or counts.successes > counts.of:
        yield "counts", "counts-impossible", {"successes": counts.successes, "of": counts.of}
    elif isinstance(value, float) and domain.low <= value <= domain.high:
        successes, of = counts.successes, counts.of
        tails = np.array([(1 - CERTAIN) / 2, (1 + CERTAIN) / 2])
        low, high = beta_inverse(successes + 0.5, of - successes + 0.5, tails)[0].tolist()
        if not min(low, successes / of) <= value <= max(high, successes / of):
            ends = {"low": float(f"{low:.3g}"), "high": float(f"{high:.3g}")}
            yield "value", "value-off-counts", {"found": value, "successes": successes, "of": of, **ends}


def study_findings(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    """Yield what is wrong with the studies of a quantity.

    Parameters
    ----------
    quantity : Quantity
        With ``studies``.
    domain : Domain
        What kind of number it is.

    Yields
    ------
    (field, rule, values)
        The place inside the quantity, the message id, and what the message fills in.

    Examples
    --------
    >>> from soemrisk.quantity import DOMAINS
    >>> wrong = Quantity(studies=[{"estimate": 0.2}], scale="rate_difference", unit="share", source="x")
    >>> [rule for _, rule, _ in study_findings(wrong, DOMAINS["net_rate"])]
    ['study-form']
    """
    assert quantity.studies is not None
    possible = scales_of(domain)
    if quantity.scale not in possible:
        found = phrase("none-stated") if quantity.scale is None else quantity.scale
        yield "scale", "studies-scale", {"found": found, "allowed": possible or phrase("no-scale")}
        return
    wrong = False
    for n, study in enumerate(quantity.studies):
        for field, rule, values in _of_study(study, quantity.scale):
            wrong = True
            yield ".".join(one for one in ("studies", str(n), field) if one), rule, values
    if quantity.tau is not None and quantity.tau <= 0:
        yield "tau", "not-positive", {"found": quantity.tau}
    elif quantity.tau is None and not wrong:
        few = list(_number_findings(quantity, domain))
        yield from few or _far_ratio(quantity)


def _far_ratio(quantity: Quantity) -> Iterator[Finding]:
    """A pooled ratio beyond those that a t distribution of its logarithm is cut at."""
    assert quantity.studies is not None
    assert quantity.scale is not None
    if AXES[quantity.scale] == "log-ratio" and len(quantity.studies) > 1:
        found = number_at(quantity.scale, pooled_studies(quantity).mean)
        if not 1 / FURTHEST_RATIO <= found <= FURTHEST_RATIO:
            yield "studies", "ratio-far", {"found": float(f"{found:.4g}"), "most": FURTHEST_RATIO}


def discount_findings(quantity: Quantity, domain: Domain, way: str | None) -> Iterator[Finding]:
    """Yield what is wrong with a discount.

    Parameters
    ----------
    quantity : Quantity
    domain : Domain
    way : str or None
        How its spread is stated.

    Yields
    ------
    (field, rule, values)

    Examples
    --------
    >>> from soemrisk.quantity import DOMAINS
    >>> wrong = Quantity(value=-60, unit="day", source="x", discount={"match": "near"})
    >>> [rule for _, rule, _ in discount_findings(wrong, DOMAINS["change"], None)]
    ['discount-of-what']
    """
    discount = quantity.discount
    if discount is None:
        return
    if domain.name not in ABOUT_NOTHING:
        yield "discount", "discount-of-what", {"reason": phrase("discount-kind")}
    elif way is None or (quantity.of == "individuals" and quantity.n is None and quantity.observations is None):
        yield "discount", "discount-of-what", {"reason": phrase("discount-certain")}
    elif way == "evidence" and discount.evidence is not None:
        yield "discount.evidence", "discount-of-what", {"reason": phrase("discount-twice")}
    elif all(one is None for one in (discount.evidence, discount.match, discount.keep, discount.spread)):
        yield "discount", "missing-key", {"key": "match"}
    if discount.keep is not None and not 0 <= discount.keep <= 1:
        yield "discount.keep", "discount-outside", {"found": discount.keep, "low": 0, "high": 1}
    if discount.spread is not None and not 0.1 <= discount.spread <= 10:
        yield "discount.spread", "discount-outside", {"found": discount.spread, "low": 0.1, "high": 10}


def scales_of(domain: Domain) -> tuple[str, ...]:
    """Scales on which studies of a kind of number report."""
    return BY_KIND.get(domain.name, ())


def _number_findings(quantity: Quantity, domain: Domain) -> Iterator[Finding]:
    """Whether the spread between places can be estimated; one study says what it found, but nothing of other places."""
    assert quantity.studies is not None
    assert quantity.scale is not None
    target = quantity.target or "place"
    count = len(quantity.studies)
    if count == 1 and target == "mean":
        return
    least = least_studies(target, ends=math.isfinite(domain.high) or domain.name == "ratio")  # which moves a share
    if count < least:
        yield "studies", "too-few-studies", {"found": count, "least": least, "target": target}


def _of_study(study: Study, scale: str) -> Iterator[Finding]:
    if study.scale not in {None, scale}:
        yield "scale", "study-scale-differs", {"found": study.scale, "expected": scale}
        return
    interval = study.low is not None or study.high is not None
    counted = study.with_ is not None or study.without is not None
    if counted:
        yield from _of_counts(study, scale)
    elif study.estimate is None or interval == (study.se is not None) or (study.low is None) != (study.high is None):
        yield "", "study-form", {"forms": phrase("study-forms")}
    elif not SCALES[AXES[scale]].possible(study.estimate):
        yield "estimate", "study-off-scale", {"found": study.estimate, "scale": scale}
    elif study.se is not None:
        if study.se <= 0:
            yield "se", "not-positive", {"found": study.se}
    else:
        yield from _of_interval(study, scale)


def _of_counts(study: Study, scale: str) -> Iterator[Finding]:
    stated = any(one is not None for one in (study.estimate, study.se, study.low, study.high))
    arms = (study.with_ is not None, study.without is not None)
    if stated or scale not in OF_COUNTS or arms != (True, scale != "rate"):
        yield "", "study-form", {"forms": phrase("study-forms")}
        return
    for name, one in (("with", study.with_), ("without", study.without)):
        if one is not None and (one.of == 0 or one.successes > one.of):
            yield name, "counts-impossible", {"successes": one.successes, "of": one.of}


def _of_interval(study: Study, scale: str) -> Iterator[Finding]:
    low, estimate, high = study.low, study.estimate, study.high
    assert low is not None
    assert estimate is not None
    assert high is not None
    axis = AXES[scale]
    if low >= high:
        yield "low", "low-not-below-high", {"low": low, "high": high}
    elif not low <= estimate <= high:
        yield "estimate", "value-outside-range", {"found": estimate, "low": low, "high": high}
    elif not all(SCALES[axis].possible(one) for one in (low, high)):
        yield "low", "study-off-scale", {"found": low if not SCALES[axis].possible(low) else high, "scale": scale}
    elif off_middle(axis, low, estimate, high):
        fitting = [name for name, one in SCALES.items() if all(map(one.possible, (low, estimate, high)))]
        better = [name for name in fitting if not off_middle(name, low, estimate, high)]
        yield "", "ci-off-middle", {"scale": axis, "suggestion": next(iter(better), None)}
