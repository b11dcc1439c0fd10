"""What is stated is what the distribution has: mean, spread, quantiles and intervals, for any numbers."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from soemrisk.distribution import NoDistributionError, resolve
from soemrisk.families import FAMILIES, quantile
from soemrisk.quantity import DOMAINS, Quantity
from soemrisk.scales import normal_point
from soemrisk.statements import findings


def digits(low, high):
    """Numbers of at most 12 digits, as a file can have them."""
    return st.floats(low, high).map(lambda x: float(f"{x:.12g}"))


SIZES = digits(-3, 9).map(lambda power: float(f"{10**power:.12g}"))
RATES = digits(0.01, 0.99)
VALUES = {
    "change": SIZES.flatmap(lambda x: st.sampled_from([x, -x])),
    "probability": RATES,
    "net_rate": RATES,
    "rate_difference": RATES,
}
PLACES = [(name, VALUES.get(name, RATES if name == "discount_rate" else SIZES)) for name in DOMAINS]
KINDS = st.sampled_from(PLACES).flatmap(lambda one: st.tuples(st.just(one[0]), one[1]))


def stated(domain, value=None, **spread):
    one = Quantity(value=value, unit="x", source="x", **spread)
    assert not list(findings(one, DOMAINS[domain])), one
    return resolve(one, DOMAINS[domain])


def quantiles(found, levels):
    return quantile(found.family, found.parameters, levels)


@given(KINDS, digits(0.001, 2.0), st.sampled_from(["sd", "cv"]))
def test_mean_and_standard_deviation_are_those_stated(kind, cv, key):
    domain, value = kind
    sd = cv * abs(value)
    assume(domain in {"change", "amount", "price", "factor"} or sd**2 < 0.99 * value * (1 - value))
    found = stated(domain, value, of="mean", **({"cv": cv} if key == "cv" else {"sd": float(f"{sd:.12g}")}))
    assert found.mean == pytest.approx(value, rel=1e-9)
    assert FAMILIES[found.family].sd(found.parameters) == pytest.approx(sd, rel=1e-9)
    assert found.base == value
    assert found.individual_sd == 0


@given(VALUES["change"], digits(0.01, 10.0), st.integers(1, 10_000))
def test_of_individuals_the_spread_is_chance_and_the_mean_gets_sharper_with_their_number(value, cv, n):
    found = stated("change", value, cv=cv, of="individuals", n=n)
    assert found.individual_sd == pytest.approx(cv * abs(value))
    assert FAMILIES[found.family].sd(found.parameters) * math.sqrt(n) == pytest.approx(found.individual_sd)


@given(KINDS, digits(0.01, 1.0), st.sampled_from(["80%", "90%", "95%", "99%"]), digits(-0.2, 0.2))
def test_an_interval_on_its_scale_keeps_estimate_and_width(kind, width, level, off):
    """The estimate is the median; on its scale the quantiles are as far apart as the ends."""
    domain, value = kind
    tail = (1 - float(level[:-1]) / 100) / 2
    if domain == "change":
        scale, to, back = "difference", float, float
        width *= abs(value)
    elif DOMAINS[domain].high == 1:
        scale = "logit"
        to, back = (lambda x: math.log(x / (1 - x))), (lambda x: 1 / (1 + math.exp(-x)))
    else:
        scale, to, back = "log-ratio", math.log, math.exp
    ends = [float(f"{back(to(value) + (off + side) * width):.12g}") for side in (-1, 1)]
    found = stated(domain, value, ci={"low": ends[0], "high": ends[1], "level": level, "scale": scale})
    low, middle, high = (to(x) for x in quantiles(found, [tail, 0.5, 1 - tail]))
    assert middle == pytest.approx(to(value), abs=1e-9 * (1 + abs(to(value))))
    assert high - low == pytest.approx(to(ends[1]) - to(ends[0]), rel=1e-6)


@given(KINDS, digits(0.02, 0.5), digits(0.02, 0.45), digits(0.55, 0.98))
def test_two_quantiles_are_always_met(kind, width, first, second):
    domain, value = kind
    low, high = value * (1 - width / 2), value * (1 + width / 2)
    low, high = (float(f"{one:.12g}") for one in sorted((low, high)))
    assume(low < value < high < DOMAINS[domain].high * 0.999)
    table = {f"p{100 * first:.9g}": low, f"p{100 * second:.9g}": high}
    found = stated(domain, value, quantiles=table)
    levels = [float(key[1:]) / 100 for key in table]
    np.testing.assert_allclose(quantiles(found, levels), [low, high], atol=1e-6 * (high - low), rtol=0)
    assert found.fit.miss < 1e-6


@given(st.lists(st.integers(-(10**9), 10**9).map(lambda k: k / 1000), min_size=4, max_size=60, unique=True))
def test_the_mean_of_observations_is_their_mean_and_its_interval_students(values):
    found = stated("change", observations=values, of="mean")
    n, s = len(values), float(np.std(values, ddof=1))
    scale = max(abs(one) for one in values)
    assert found.mean == pytest.approx(np.mean(values), abs=1e-9 * scale)
    assert found.base == found.mean
    expected = s / math.sqrt(n) * math.sqrt((n - 1) / (n - 3))
    assert FAMILIES[found.family].sd(found.parameters) == pytest.approx(expected, rel=1e-9)
    turned = stated("change", observations=values[::-1], of="mean")
    assert turned == found


@given(st.lists(digits(0, 1e6), min_size=1, max_size=40))
def test_one_of_the_observations_is_one_of_the_observations(values):
    found = stated("price", observations=values, of="one")
    drawn = quantiles(found, (np.arange(7 * len(values)) + 0.5) / (7 * len(values)))
    assert sorted(drawn.tolist()) == sorted(7 * values)


@given(SIZES, digits(1.0, 6.0), digits(0.0001, 0.9), st.sampled_from([-1, 1]))
def test_a_corrected_estimate_lies_between_0_and_itself(size, times, level, sign):
    critical = normal_point(1 - level / 2)
    se = float(f"{size / (critical * times):.12g}")
    assume(size / se >= critical)
    found = stated("change", sign * size, significant=level, se=se, corrected=True)
    assert 0 < sign * found.mean < size * (1 + 1e-9)
    assert found.base == sign * size
    mirrored = stated("change", -sign * size, significant=level, se=se, corrected=True)
    at = np.array([0.001, 0.3, 0.5, 0.9])
    np.testing.assert_allclose(quantiles(found, at), -quantiles(mirrored, 1 - at), rtol=1e-9, atol=1e-9 * se)


ANY = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0, 1e30, -1e30, 1e-30, 5e-324, 0.5, 0.05]),
    digits(-5, 5),
    st.integers(-30, 30).map(lambda power: float(f"1e{power}")),
)
WAYS = {
    "range": st.fixed_dictionaries({"low": ANY, "high": ANY, "meaning": st.sampled_from(["hard", "80%", "95%"])}),
    "se": st.fixed_dictionaries({"se": ANY}),
    "spread": st.fixed_dictionaries(
        {"of": st.sampled_from(["mean", "individuals"])}, optional={"sd": ANY, "cv": ANY, "n": st.integers(0, 9)}
    ),
    "quantiles": st.fixed_dictionaries(
        {"quantiles": st.dictionaries(st.sampled_from(["p1", "p10", "p50", "p90", "p99.9"]), ANY, min_size=1)},
        optional={"family": st.sampled_from(["metalog", "weibull", "beta", "truncated_normal", "normal"])},
    ),
    "ci": st.fixed_dictionaries(
        {
            "ci": st.fixed_dictionaries(
                {
                    "low": ANY,
                    "high": ANY,
                    "level": st.just("90%"),
                    "scale": st.sampled_from(["difference", "log-ratio", "logit"]),
                }
            )
        }
    ),
    "evidence": st.fixed_dictionaries({"evidence": st.sampled_from([1, 2, 3])}),
    "observations": st.fixed_dictionaries(
        {"observations": st.lists(ANY, min_size=1, max_size=6), "of": st.sampled_from(["mean", "individuals", "one"])}
    ),
    "significant": st.fixed_dictionaries(
        {"significant": ANY, "corrected": st.booleans()},
        optional={
            "se": ANY,
            "z": st.fixed_dictionaries(
                {"values": st.lists(ANY, min_size=1, max_size=3), "weights": st.lists(ANY, min_size=1, max_size=3)}
            ),
        },
    ),
}


@settings(max_examples=1000)
@given(st.sampled_from(list(DOMAINS)), st.one_of(ANY, st.lists(ANY, min_size=1, max_size=3)), st.one_of(*WAYS.values()))
def test_whatever_is_stated_has_a_finding_or_a_distribution_or_a_reason(domain, value, spread):
    """No statement ends in anything but a message or a distribution with finite mean and quantiles."""
    one = Quantity(value=value, unit="x", source="x", **spread)
    if list(findings(one, DOMAINS[domain])):
        return
    try:
        found = resolve(one, DOMAINS[domain])
    except NoDistributionError as error:
        reason = error.reason
    else:
        reason = None
    if reason is not None:
        assert reason.in_("da") != reason.in_("en")
        return
    assert math.isfinite(found.mean)
    assert math.isfinite(found.individual_sd)
    if found.family is not None:
        low, high = FAMILIES[found.family].support(found.parameters)
        assert DOMAINS[domain].low <= low <= high <= DOMAINS[domain].high
        assert np.all(np.isfinite(quantiles(found, [1e-300, 0.5, 1 - 2.0**-53])))


@given(digits(0.0001, 0.5), digits(1.0, 2.5), digits(1.01, 2.0))
def test_the_better_an_estimate_is_known_the_less_it_shrinks(level, times, better):
    critical = normal_point(1 - level / 2)
    kept = []
    for z in (critical * times, critical * times * better):
        parameters = {"estimate": 1.0, "se": 1 / z, "critical": min(critical, z)}
        kept.append(FAMILIES["filtered"].mean(parameters))
    assert kept[0] <= kept[1] * (1 + 1e-12)
