"""Distributions from stated quantiles: met where they can be, told where not."""

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize

from soemrisk.families import FAMILIES, quantile
from soemrisk.quantile_fit import SHAPES, WORST_MISS, WORST_SHIFT, candidates, fitted, misfit
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


FAR_END = [
    ("price", (0.1, 0.2, 0.5, 0.9), (850.0, 851.0, 900.0, 100_000.0)),
    ("price", (0.1, 0.5, 0.9), (100.0, 110.0, 1000.0)),
    ("probability", (0.1, 0.5, 0.9), (0.01, 0.02, 0.9)),
    ("change", (0.1, 0.5, 0.6, 0.9), (-1e6, -12.0, -11.0, -10.0)),
]


@pytest.mark.parametrize(("domain", "levels", "values"), FAR_END)
def test_a_far_end_does_not_hide_that_the_others_are_missed(domain, levels, values):
    found = fitted(tuple(zip(levels, values, strict=True)), DOMAINS[domain])
    assert misfit(found) is not None
    inner = np.abs(np.array(found.reached) - found.probabilities)
    assert inner.max() > WORST_SHIFT
    if domain == "price":
        mu, sigma = found.parameters["mu"], found.parameters["sigma"]
        assert found.miss < WORST_MISS
        np.testing.assert_allclose(found.reached, stats.lognorm(sigma, scale=np.exp(mu)).cdf(values), rtol=1e-9)


def test_the_limit_of_probability_moves_no_fit_to_three_even_quantiles():
    """At 10 % of the range the middle one of three quantiles of a normal is 14 points off: the range speaks first."""
    x = np.array([-1.0, 0.0, 1.0]) * stats.norm.ppf(0.9)
    for off in np.linspace(0.0, 0.8, 9):
        stated = tuple(zip((0.1, 0.5, 0.9), (float(x[0]), off, float(x[2])), strict=True))
        found = fitted(stated, DOMAINS["change"])
        reason = misfit(found)
        assert (reason is None) == (found.miss <= WORST_MISS)
        assert reason is None or reason.key == "fit-off-range"


@pytest.mark.parametrize(("domain", "family", "parameters"), TRUE)
def test_rounded_quantiles_of_a_family_are_no_misfit_however_near_they_lie(domain, family, parameters):
    levels = (0.02, 0.03, 0.5, 0.51, 0.97, 0.98)
    values = [float(f"{value:.4g}") for value in quantile(family, parameters, levels)]
    assert misfit(fitted(tuple(zip(levels, values, strict=True)), DOMAINS[domain])) is None


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
