"""What each statement of a quantity means, by its closed form."""

import math
from statistics import NormalDist

import pytest
from scipy import stats

from soemrisk.distribution import resolve
from soemrisk.quantity import DOMAINS, Quantity

SOURCE = "assumption: a test"


def stated(domain, value=None, **spread):
    return resolve(Quantity(value=value, unit="x", source=SOURCE, **spread), DOMAINS[domain])


def test_a_number_without_spread_is_certain():
    found = stated("price", 1100.0)
    assert (found.base, found.family, found.mean) == (1100.0, None, 1100.0)


def test_counts_are_a_beta_with_jeffreys_prior_and_their_share_is_the_base():
    found = stated("probability", counts={"successes": 16, "of": 23})
    assert found.base == 16 / 23
    assert dict(found.parameters) == {"a": 16.5, "b": 7.5}


def test_hard_ends_are_a_pert_with_the_value_as_mode():
    found = stated("price", 2.0, low=1.0, high=5.0, meaning="hard")
    assert found.family == "pert"
    assert found.mean == pytest.approx((1 + 4 * 2 + 5) / 6)


@pytest.mark.parametrize(("meaning", "tail"), [("80%", 0.1), ("90%", 0.05), ("95%", 0.025)])
@pytest.mark.parametrize(
    ("domain", "ends"), [("price", (2.0, 9.0)), ("probability", (0.1, 0.3)), ("change", (-9.0, 1.0))]
)
def test_the_ends_of_an_interval_are_the_quantiles_that_it_names(meaning, tail, domain, ends):
    found = stated(domain, sum(ends) / 2, low=ends[0], high=ends[1], meaning=meaning)
    p = found.parameters
    oracle = {
        "lognormal": lambda: stats.lognorm(p["sigma"], scale=math.exp(p["mu"])),
        "beta": lambda: stats.beta(p["a"], p["b"]),
        "normal": lambda: stats.norm(p["mean"], p["sd"]),
    }[found.family]()
    assert oracle.cdf(ends[0]) == pytest.approx(tail, abs=1e-9)
    assert oracle.cdf(ends[1]) == pytest.approx(1 - tail, abs=1e-9)


@pytest.mark.parametrize(("domain", "family"), [("price", "lognormal"), ("probability", "beta"), ("change", "normal")])
def test_a_standard_error_keeps_mean_and_spread(domain, family):
    found = stated(domain, 0.4, se=0.05)
    assert found.family == family
    assert found.mean == pytest.approx(0.4, rel=1e-12)
    from soemrisk.families import FAMILIES

    assert FAMILIES[family].sd(found.parameters) == pytest.approx(0.05, rel=1e-12)


def test_significant_at_5_percent_is_read_as_listed_with_the_largest_se():
    found = stated("change", -10.0, significant=0.05)
    assert found.family == "normal"
    assert found.mean == -10.0
    assert found.parameters["sd"] == pytest.approx(10 / NormalDist().inv_cdf(0.975))


def test_a_list_by_year_is_moved_by_one_factor_with_base_1():
    found = stated("change", [-3.0, -2.0], significant=0.05)
    assert found.base == 1.0
    assert found.profile == (-3.0, -2.0)
    assert found.parameters["mean"] == 1.0


def test_uniform_and_triangular_are_chosen_by_name():
    assert stated("price", 2.0, low=1.0, high=5.0, meaning="hard", family="uniform").mean == 3.0
    assert stated("price", 2.0, low=1.0, high=5.0, meaning="hard", family="triangular").mean == pytest.approx(8 / 3)


def test_moments_that_no_beta_has_are_refused():
    with pytest.raises(ValueError, match="beta"):
        stated("probability", 0.5, se=0.6)
