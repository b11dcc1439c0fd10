"""Numbers that are stated by studies: each meaning against its closed form, and scales against published figures."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from soemrisk.distribution import resolve
from soemrisk.effect_sizes import of_counts, of_error, of_interval
from soemrisk.families import FAMILIES
from soemrisk.pooling import pooled
from soemrisk.quantity import DOMAINS, Quantity, base_value, pooled_studies
from soemrisk.statements import findings

LEVELS = np.array([0.025, 0.1, 0.5, 0.9, 0.975])


def stated(kind: str, scale: str, studies: list[dict[str, object]], **more: object) -> Quantity:
    quantity = Quantity(studies=studies, scale=scale, unit="x", source="x", **more)
    assert [*findings(quantity, DOMAINS[kind])] == []
    return quantity


def digits(x: float) -> float:
    """As a file may state it."""
    return float(f"{x:.14g}")


def quantiles(quantity: Quantity, kind: str) -> np.ndarray:
    meant = resolve(quantity, DOMAINS[kind])
    assert meant.family is not None
    return FAMILIES[meant.family].quantile(LEVELS, meant.parameters)


def test_counts_give_the_published_estimates_and_variances() -> None:
    """Trials 1 and 8 of BCG, as metafor prints them: yi and vi of log odds and log risk ratios (Viechtbauer 2010)."""
    for scale, first, second in (
        ("odds_ratio", (-0.9387, 0.3571), (0.0120, 0.0040)),
        ("risk_ratio", (-0.8893, 0.3256), (0.0120, 0.0040)),
    ):
        for counts, printed in ((((4, 123), (11, 139)), first), (((505, 88391), (499, 88391)), second)):
            estimate, error = of_counts(scale, *counts)
            assert (round(estimate, 4), round(error**2, 4)) == printed


def test_a_difference_of_rates_has_the_variance_of_two_binomials() -> None:
    estimate, error = of_counts("rate_difference", (30, 50), (10, 40))
    assert estimate == pytest.approx(0.35)
    assert error**2 == pytest.approx(0.6 * 0.4 / 50 + 0.25 * 0.75 / 40)


def test_a_cell_of_0_gets_half_a_person_everywhere() -> None:
    estimate, error = of_counts("odds_ratio", (0, 10), (5, 10))
    assert estimate == pytest.approx(math.log(0.5 / 10.5))
    assert error**2 == pytest.approx(1 / 0.5 + 1 / 10.5 + 2 / 5.5)
    assert of_counts("rate", (10, 10), None)[0] == pytest.approx(math.log(10.5 / 0.5))


def test_an_interval_and_its_error_say_the_same() -> None:
    z = stats.norm.ppf(0.975)
    ends = (2 * math.exp(-0.3 * z), 2 * math.exp(0.3 * z))
    assert of_interval("odds_ratio", 2.0, ends, 0.95) == pytest.approx(of_error("odds_ratio", 2.0, 0.3))


SEVEN = [(0.10, 0.06), (0.22, 0.08), (0.05, 0.05), (0.31, 0.10), (0.15, 0.07), (0.18, 0.09), (0.02, 0.08)]


@pytest.mark.parametrize(("target", "df"), [("place", 5), ("mean", 6)])
def test_several_studies_are_t_about_their_mean(target: str, df: int) -> None:
    """Higgins, Thompson and Spiegelhalter 2009 with the error of Hartung and Knapp: SciPy's t."""
    change = stated("change", "mean", [{"estimate": y, "se": e} for y, e in SEVEN], target=target)
    found = pooled([y for y, _ in SEVEN], [e for _, e in SEVEN])
    spread = found.se_of_mean if target == "mean" else math.sqrt(found.tau**2 + found.se_of_mean**2)
    assert quantiles(change, "change") == pytest.approx(found.mean + stats.t(df).ppf(LEVELS) * spread, rel=1e-9)
    assert base_value(change) == pytest.approx(found.mean)


def test_a_new_place_is_the_default_and_less_certain_than_the_mean() -> None:
    studies: list[dict[str, object]] = [{"estimate": y, "se": e} for y, e in SEVEN]
    place, mean = (stated("change", "mean", studies, **more) for more in ({}, {"target": "mean"}))
    assert np.ptp(quantiles(place, "change")) > np.ptp(quantiles(mean, "change"))


def test_on_their_scales_ratios_shares_and_differences_are_t_too() -> None:
    studies: list[dict[str, object]] = [{"estimate": digits(math.exp(y)), "se": e} for y, e in SEVEN]
    found = pooled([y for y, _ in SEVEN], [e for _, e in SEVEN])
    t = found.mean + stats.t(5).ppf(LEVELS) * found.se_of_place
    ratio = stated("ratio", "odds_ratio", studies)
    assert quantiles(ratio, "ratio") == pytest.approx(np.exp(t), rel=1e-3)  # cut at 100
    shares: list[dict[str, object]] = []
    for y, e in SEVEN:
        share = 1 / (1 + math.exp(-y))
        shares.append({"estimate": digits(share), "se": digits(e * share * (1 - share))})
    rate = stated("probability", "rate", shares)
    assert quantiles(rate, "probability") == pytest.approx(1 / (1 + np.exp(-t)), rel=1e-9)
    net = stated("net_rate", "rate_difference", [{"estimate": y, "se": e} for y, e in SEVEN])
    assert quantiles(net, "net_rate") == pytest.approx(t, rel=2e-3)  # cut at −1 and 1


def test_a_stated_spread_between_places_is_normal_and_one_study_is_what_it_found() -> None:
    one = [{"estimate": 0.2, "low": 0.1, "high": 0.3}]
    error = 0.1 / stats.norm.ppf(0.975)
    normal = stats.norm(0.2, math.sqrt(error**2 + 2 * 0.15**2))  # its place and the new one differ from the mean
    assert quantiles(stated("change", "mean", one, tau=0.15), "change") == pytest.approx(normal.ppf(LEVELS))
    alone = stated("change", "mean", one, target="mean")
    assert quantiles(alone, "change") == pytest.approx(stats.norm(0.2, error).ppf(LEVELS))
    assert resolve(stated("net_rate", "rate_difference", one, target="mean"), DOMAINS["net_rate"]).family == (
        "truncated_normal"
    )


@pytest.mark.parametrize(
    ("kind", "scale", "target", "least"),
    [
        ("change", "mean", "place", 5), ("change", "mean", "mean", 4), ("net_rate", "rate_difference", "place", 3),
        ("net_rate", "rate_difference", "mean", 2), ("factor", "risk_ratio", "place", 5),
        ("ratio", "odds_ratio", "place", 3),
    ],
)  # fmt: skip
def test_fewer_studies_than_t_needs_are_refused(kind: str, scale: str, target: str, least: int) -> None:
    studies: list[dict[str, object]] = [{"estimate": digits(0.2 + 0.1 * n), "se": 0.1} for n in range(least)]
    enough = stated(kind, scale, studies, target=target)
    row = resolve(enough, DOMAINS[kind])
    assert row.family is not None
    assert math.isfinite(FAMILIES[row.family].sd(row.parameters))
    fewer = Quantity(studies=studies[1:], scale=scale, target=target, unit="x", source="x")
    if least > 2 or target == "place":
        assert [rule for _, rule, _ in findings(fewer, DOMAINS[kind])] == ["too-few-studies"]


def test_pooled_studies_are_those_of_the_numbers_on_the_axis() -> None:
    both = [
        {"with": {"successes": 4, "of": 123}, "without": {"successes": 11, "of": 139}},
        {"estimate": 0.5, "se": 0.2},
    ]
    found = pooled_studies(Quantity(studies=both, scale="risk_ratio", tau=0.1, unit="x", source="x"))
    first = of_counts("risk_ratio", (4, 123), (11, 139))
    assert found == pooled([first[0], math.log(0.5)], [first[1], 0.2], 0.1)
