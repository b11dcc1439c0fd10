"""Posteriors of any distribution: against SciPy's quadrature, against closed forms, and a property."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from soemrisk.conjugate import of_counts, of_estimate, of_events
from soemrisk.families import FAMILIES
from soemrisk.posteriors import Seen, posterior

PERT = {"low": 1100.0, "mode": 1200.0, "high": 1449.0}
OF_PERT = stats.beta(1 + 4 * 100 / 349, 1 + 4 * 249 / 349, 1100, 349)
NARROW = {"low": 0.0, "mode": 0.0457, "high": 0.15}
OF_NARROW = stats.beta(1 + 4 * 0.0457 / 0.15, 1 + 4 * (0.15 - 0.0457) / 0.15, 0, 0.15)

CASES = {
    "a price near what was thought": ("pert", PERT, OF_PERT, Seen(kind="estimate", found=1250, size=40)),
    "a price known to half a krone": ("pert", PERT, OF_PERT, Seen(kind="estimate", found=1250, size=0.5)),
    "a price outside the hard ends": ("pert", PERT, OF_PERT, Seen(kind="estimate", found=1000, size=25)),
    "counts": ("pert", NARROW, OF_NARROW, Seen(kind="counts", found=3, size=40)),
    "none of some": ("pert", NARROW, OF_NARROW, Seen(kind="counts", found=0, size=37)),
    "the logarithm of a PERT": ("pert", PERT, OF_PERT, Seen(kind="logarithm", found=1300, size=0.05)),
    "a lognormal and an estimate": (
        "lognormal",
        {"mu": 7.0, "sigma": 0.3},
        stats.lognorm(0.3, scale=np.exp(7.0)),
        Seen(kind="estimate", found=1400, size=90),
    ),
    "heavy tails": (
        "student_t",
        {"df": 4.0, "location": -60.0, "scale": 10.0},
        stats.t(4, -60, 10),
        Seen(kind="estimate", found=-20, size=8),
    ),
    "events": ("uniform", {"low": 0.0, "high": 5.0}, stats.uniform(0, 5), Seen(kind="events", found=12, size=8)),
    "a triangle": (
        "triangular",
        {"low": 0.0, "mode": 3.0, "high": 10.0},
        stats.triang(0.3, 0, 10),
        Seen(kind="estimate", found=5, size=1),
    ),
}


def likelihood(seen: Seen):
    return {
        "estimate": lambda x: stats.norm(seen.found, seen.size).pdf(x),
        "logarithm": lambda x: stats.norm(np.log(seen.found), seen.size).pdf(np.log(x)),
        "counts": lambda x: stats.binom(seen.size, x).pmf(seen.found),
        "events": lambda x: stats.poisson(seen.size * x).pmf(seen.found),
    }[seen.kind]


@pytest.mark.parametrize("case", CASES)
def test_the_posterior_is_bayes_theorem_by_quadrature(case: str) -> None:
    """Mean, standard deviation and distribution function; the steps are as near as they say."""
    family, parameters, prior, seen = CASES[case]
    found = posterior(family, parameters, seen)
    row, steps = FAMILIES[found.family], found.parameters
    low, high = row.support(steps)
    middle = row.mean(steps)

    def integral(power: int, upto: float) -> float:
        inside = sorted({float(q) for q in row.quantile(np.array([0.01, 0.5, 0.99]), steps) if q < upto})
        return integrate.quad(
            lambda x: (x - middle) ** power * prior.pdf(x) * likelihood(seen)(x),
            low,
            upto,
            epsabs=0,
            epsrel=1e-8,
            limit=500,
            points=inside,
        )[0]

    mass = integral(0, high)
    shift = integral(1, high) / mass
    sd = np.sqrt(integral(2, high) / mass - shift**2)
    assert -shift == pytest.approx(found.mean_error, abs=1e-5 * sd)
    assert row.sd(steps) - sd == pytest.approx(found.sd_error, abs=1e-4 * sd)
    assert abs(found.mean_error) < 2e-3 * sd
    assert abs(found.sd_error) < 5e-3 * sd
    for x in row.quantile(np.array([0.03, 0.2, 0.55, 0.9]), steps):
        share = integral(0, float(x)) / mass
        assert float(row.cdf(np.array([x]), steps)[0]) == pytest.approx(share, abs=found.distance + 1e-7)
    assert found.distance < 5e-4


def test_conjugate_cases_are_met_with_their_weight() -> None:
    """Beta, normal and gamma priors, whose posteriors, weights and (normal) p-values are known."""
    beta = {"a": 16.5, "b": 7.5}
    for family, prior, seen, known in (
        ("beta", beta, Seen(kind="counts", found=12, size=20), of_counts(beta, 12, 20)),
        (
            "normal",
            {"mean": -60.0, "sd": 20.0},
            Seen(kind="estimate", found=-35, size=12),
            of_estimate({"mean": -60.0, "sd": 20.0}, -35, 12),
        ),
        (
            "gamma",
            {"shape": 4.0, "scale": 0.5},
            Seen(kind="events", found=7, size=3),
            of_events({"shape": 4.0, "scale": 0.5}, 7, 3),
        ),
    ):
        found = posterior(family, prior, seen)
        row = FAMILIES[family]
        sd = row.sd(known.parameters)
        exact = FAMILIES["histogram"].mean(found.parameters) - found.mean_error
        assert exact == pytest.approx(row.mean(known.parameters), abs=1e-9 * sd)
        exact = FAMILIES["histogram"].sd(found.parameters) - found.sd_error
        assert exact == pytest.approx(sd, rel=1e-8)
        assert found.weight == pytest.approx(known.weight, rel=1e-9)
        if family == "normal":
            assert found.surprise == pytest.approx(known.surprise, rel=1e-9)


def test_the_p_value_is_twice_the_smaller_tail() -> None:
    """SciPy's beta-binomial, scaled to the hard ends, by drawing: 400,000 draws, four standard errors."""
    rng = np.random.default_rng(11)
    drawn = rng.binomial(40, OF_NARROW.rvs(400_000, random_state=rng))
    share = min((drawn <= 5).mean(), (drawn >= 5).mean())
    found = posterior("pert", NARROW, Seen(kind="counts", found=5, size=40)).surprise
    assert found == pytest.approx(2 * share, abs=8 * np.sqrt(share / 400_000))


def test_two_observations_teach_what_both_together_do() -> None:
    """The steps of the first posterior are the prior of the second."""
    first = posterior("pert", NARROW, Seen(kind="counts", found=1, size=15))
    both = posterior(first.family, first.parameters, Seen(kind="counts", found=2, size=25))
    once = posterior("pert", NARROW, Seen(kind="counts", found=3, size=40))
    levels = np.linspace(0.02, 0.98, 25)
    row = FAMILIES["histogram"]
    sd = row.sd(once.parameters)
    assert row.quantile(levels, both.parameters) == pytest.approx(row.quantile(levels, once.parameters), abs=5e-3 * sd)


def test_discrete_numbers_keep_their_values_with_other_weights() -> None:
    found = posterior("empirical", {"observations": (1.0, 2.0, 2.0, 4.0)}, Seen(kind="estimate", found=2.0, size=1.0))
    weights = np.array([1.0, 2.0, 1.0]) * stats.norm(2, 1).pdf([1, 2, 4])
    assert found.parameters["values"] == (1.0, 2.0, 4.0)
    assert found.parameters["weights"] == pytest.approx(weights / weights.sum(), rel=1e-11)


def test_what_cannot_be_updated_says_so() -> None:
    with pytest.raises(ValueError, match="update-impossible"):
        posterior("normal", {"mean": 0.0, "sd": 1.0}, Seen(kind="estimate", found=100.0, size=1.0))
    with pytest.raises(ValueError, match="update-too-narrow"):
        posterior("normal", {"mean": 0.0, "sd": 1.0}, Seen(kind="estimate", found=6.3, size=1e-5))
    gap = {"edges": (0.0, 1.0, 5.0, 6.0), "weights": (1.0, 0.0, 1.0)}
    with pytest.raises(ValueError, match="update-impossible"):
        posterior("histogram", gap, Seen(kind="estimate", found=3.0, size=0.1))
    spike = {
        "components": (
            {"family": "discrete", "parameters": {"values": (0.0,), "weights": (1.0,)}},
            {"family": "uniform", "parameters": {"low": 0.0, "high": 1.0}},
        ),
        "weights": (0.5, 0.5),
    }
    with pytest.raises(ValueError, match="update-mixed"):
        posterior("mixture", spike, Seen(kind="estimate", found=0.5, size=0.1))
