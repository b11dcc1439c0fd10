"""Distributions from stated quantiles: met where they can be, told where not."""

import numpy as np
import pytest
from scipy.optimize import minimize

from soemrisk.families import FAMILIES, quantile
from soemrisk.quantile_fit import SHAPES, WORST_MISS, candidates, fitted
from soemrisk.quantity import DOMAINS

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
TRUE = [
    ("change", "normal", {"mean": -60.0, "sd": 15.0}),
    ("amount", "lognormal", {"mu": 14.0, "sigma": 0.3}),
    ("price", "gamma", {"shape": 1.5, "scale": 800.0}),
    ("factor", "weibull", {"shape": 4.0, "scale": 1.1}),
    ("probability", "beta", {"a": 16.5, "b": 7.5}),
    ("discount_rate", "logit_normal", {"mu": -3.3, "sigma": 0.5}),
    ("net_rate", "truncated_normal", {"mean": 0.2, "sd": 0.5, "low": -1.0, "high": 1.0}),
]


@pytest.mark.parametrize(("domain", "family", "parameters"), TRUE)
def test_quantiles_of_a_family_find_that_family_again(domain, family, parameters):
    values = quantile(family, parameters, LEVELS)
    found = fitted(tuple(zip(LEVELS, values.tolist(), strict=True)), DOMAINS[domain])
    assert found.family == family
    assert found.miss < 1e-7
    for name, value in parameters.items():
        assert found.parameters[name] == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize("domain", DOMAINS)
def test_two_quantiles_are_met_by_the_default_of_the_kind(domain):
    found = fitted(((0.1, 0.2), (0.9, 0.4)), DOMAINS[domain])
    assert found.family == DOMAINS[domain].interval_family
    np.testing.assert_allclose(found.fitted, [0.2, 0.4], rtol=1e-9)


def test_no_other_parameters_are_nearer():
    """Nelder and Mead from the end of the search find nothing better."""
    stated = ((0.1, 5.0), (0.5, 9.0), (0.9, 20.0))
    p, x = np.array(stated).T
    for family in ("lognormal", "gamma", "weibull", "normal"):
        found = fitted(stated, DOMAINS["amount"], family)

        def squares(free, shape=SHAPES[family], family=family):
            parameters = shape.parameters(*free, DOMAINS["amount"])
            return float(np.sum((FAMILIES[family].quantile(p, parameters) - x) ** 2))

        least = min(
            minimize(squares, [start, other], method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-12}).fun
            for start in (0.0, 2.0, 10.0)
            for other in (0.0, 2.0)
        )
        assert 15**2 * 3 * found.miss**2 <= least * (1 + 1e-6)


def test_the_miss_is_the_root_mean_square_over_the_range():
    found = fitted(((0.1, -80.0), (0.5, -60.0), (0.9, -20.0)), DOMAINS["change"])
    differences = np.array(found.fitted) - np.array(found.stated)
    assert found.miss == pytest.approx(np.sqrt(np.mean(differences**2)) / 60)
    assert 0 < found.miss < WORST_MISS


def test_a_metalog_goes_through_all_of_them_between_the_ends_of_the_kind():
    stated = ((0.1, 900.0), (0.5, 1200.0), (0.9, 2500.0))
    found = fitted(stated, DOMAINS["price"], "metalog")
    np.testing.assert_allclose(quantile("metalog", found.parameters, [0.1, 0.5, 0.9]), [900, 1200, 2500], rtol=1e-12)
    assert FAMILIES["metalog"].support(found.parameters) == (0.0, np.inf)
    rate = fitted(((0.1, 0.2), (0.9, 0.4)), DOMAINS["net_rate"], "metalog")
    assert FAMILIES["metalog"].support(rate.parameters) == (-1.0, 1.0)


def test_no_candidate_has_values_that_are_impossible():
    for name, domain in DOMAINS.items():
        stated = ((0.1, 0.2), (0.5, 0.3), (0.9, 0.4))
        for family in candidates(stated, domain):
            found = fitted(stated, domain, family)
            low, high = FAMILIES[family].support(found.parameters)
            assert domain.low <= low, name
            assert high <= domain.high, name


def test_hopeless_quantiles_are_told_as_such():
    assert fitted(((0.1, 1e-300), (0.9, 1e300)), DOMAINS["amount"], "beta") is None
