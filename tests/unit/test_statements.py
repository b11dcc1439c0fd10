"""What each way of stating a spread means: persons and means, evidence, intervals, observations, the filter."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from scipy import integrate, stats

from conftest import model_of, number
from soemrisk.design import plan, points
from soemrisk.distribution import EVIDENCE, NoDistributionError, resolve, stated_source
from soemrisk.families import FAMILIES, quantile
from soemrisk.quantity import DOMAINS, Quantity
from soemrisk.scales import critical_point
from soemrisk.simulation import columns
from soemrisk.statements import findings

CRITICAL = critical_point(0.05)


def written(x):
    """A number as a file can have it: 15 digits."""
    return float(f"{x:.15g}")


def quantity(value=None, **spread):
    return Quantity(value=value, unit="x", source="assumption: a test", **spread)


def stated(domain, value=None, **spread):
    one = quantity(value, **spread)
    assert not list(findings(one, DOMAINS[domain]))
    return resolve(one, DOMAINS[domain])


def moments(found):
    row = FAMILIES[found.family]
    return row.mean(found.parameters), row.sd(found.parameters)


# A spread of the mean, or of individuals (T12) --------------------------------------------------------------------


def test_a_spread_of_individuals_is_no_ignorance_without_the_number_of_persons():
    found = stated("change", -60.0, sd=90.0, of="individuals")
    assert (found.family, found.base, found.individual_sd) == (None, -60.0, 90.0)


def test_the_mean_of_n_persons_has_the_standard_error_sd_over_root_n():
    found = stated("change", -60.0, sd=90.0, of="individuals", n=36)
    assert found.individual_sd == 90.0
    assert moments(found) == (-60.0, 15.0)
    assert moments(found)[1] == moments(stated("change", -60.0, se=15.0))[1]


def test_a_spread_of_the_mean_has_nothing_to_do_with_persons():
    found = stated("change", -60.0, cv=0.25, of="mean")
    assert found.individual_sd == 0.0
    assert moments(found) == (-60.0, 15.0)


def test_persons_differ_by_a_share_of_each_value_of_a_list():
    found = stated("change", [-60.0, -40.0], cv=1.5, of="individuals", n=100)
    assert (found.base, found.profile, found.individual_sd) == (1.0, (-60.0, -40.0), 1.5)
    assert moments(found) == (1.0, pytest.approx(0.15))


def test_spread_of_individuals_goes_to_chance_and_not_to_what_is_not_known(document):
    document["consequences"]["bolig"]["change"] = number(-30.0, "day", sd=90.0, of="individuals")
    model = model_of(document)
    place = [one.path for one in model.inputs].index("consequences.bolig.change")
    assert place not in model.uncertain
    assert 90.0 in model.individual_sd


# Evidence ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_level_of_evidence_gives_a_share_of_the_value(level):
    assert moments(stated("change", -60.0, evidence=level)) == (-60.0, 60.0 * EVIDENCE[level])
    assert moments(stated("change", [-60.0, 3.0], evidence=level)) == (1.0, EVIDENCE[level])
    assert moments(stated("factor", 0.8, evidence=level)) == pytest.approx((0.8, 0.8 * EVIDENCE[level]))


@pytest.mark.parametrize("rate", [0.02, 0.5, 0.65, 0.99])
@pytest.mark.parametrize("level", [1, 2, 3])
def test_of_a_rate_the_share_is_one_of_the_odds_and_success_and_failure_are_alike(rate, level):
    mean, sd = moments(stated("probability", rate, evidence=level))
    assert (mean, sd) == pytest.approx((rate, EVIDENCE[level] * rate * (1 - rate)))
    assert moments(stated("probability", written(1 - rate), evidence=level))[1] == pytest.approx(sd)


def test_better_evidence_is_a_smaller_spread_and_counts_as_an_assumption(document):
    assert EVIDENCE[1] < EVIDENCE[2] < EVIDENCE[3]
    assert "assumption" in stated_source(Quantity(value=1, unit="x", source="A trial", evidence=1))
    assert stated_source(Quantity(value=1, unit="x", source="A trial", se=1)) == "A trial"
    document["consequences"]["bolig"]["change"] = {"value": -30.0, "unit": "day", "source": "A trial", "evidence": 2}
    sources = {one.path: one.source for one in model_of(document).inputs}
    assert sources["consequences.bolig.change"] == "A trial (assumption: spread by level of evidence 2, 50 %)"


# Published intervals ----------------------------------------------------------------------------------------------


def test_an_interval_of_a_ratio_has_its_estimate_as_median_and_its_ends_as_quantiles():
    ci = {"low": 1.0, "high": 4.0, "level": "95%", "scale": "log-ratio"}
    found = stated("factor", 2.0, ci=ci)
    np.testing.assert_allclose(quantile(found.family, found.parameters, [0.025, 0.5, 0.975]), [1, 2, 4], rtol=1e-12)


def test_an_interval_of_a_logit_is_symmetric_in_logits():
    ends = [1 / (1 + math.exp(-x)) for x in (0.2, 1.4)]
    value = 1 / (1 + math.exp(-0.8))
    ci = {"low": ends[0], "high": ends[1], "level": "90%", "scale": "logit"}
    found = resolve(quantity(0.5).model_copy(update={"value": value, "ci": _interval(ci)}), DOMAINS["probability"])
    assert found.family == "logit_normal"
    at = quantile(found.family, found.parameters, [0.05, 0.5, 0.95])
    np.testing.assert_allclose(at, [ends[0], value, ends[1]], rtol=1e-12)


def _interval(table):
    return type(quantity(0.5, ci={"low": 0.4, "high": 0.6, "level": "80%", "scale": "logit"}).ci).model_construct(
        **table
    )


def test_an_interval_is_located_at_its_estimate_with_the_width_that_it_has():
    found = stated("change", -58.0, ci={"low": -80, "high": -40, "level": "80%", "scale": "difference"})
    at = quantile(found.family, found.parameters, [0.1, 0.5, 0.9])
    np.testing.assert_allclose(at, [-78, -58, -38], rtol=1e-12)


def test_a_difference_of_rates_is_cut_where_no_rate_can_be():
    found = stated("net_rate", 0.1, ci={"low": -0.02, "high": 0.22, "level": "95%", "scale": "difference"})
    assert found.family == "truncated_normal"
    assert FAMILIES[found.family].support(found.parameters) == (-1.0, 1.0)
    assert moments(found) == pytest.approx((0.1, 0.24 / (2 * stats.norm.ppf(0.975))), rel=1e-9)


# Observations -----------------------------------------------------------------------------------------------------

FIVE = [-80.0, -60.0, -40.0, -50.0, -61.5]


def test_the_mean_behind_observations_is_the_t_interval_of_every_textbook():
    found = stated("change", observations=FIVE, of="mean")
    assert found.base == pytest.approx(np.mean(FIVE))
    low, high = stats.t.interval(0.9, len(FIVE) - 1, np.mean(FIVE), stats.sem(FIVE))
    np.testing.assert_allclose(quantile(found.family, found.parameters, [0.05, 0.95]), [low, high], rtol=1e-10)


def test_where_a_t_would_leave_what_is_possible_a_family_of_the_kind_has_its_mean_and_variance():
    prices = [-one * 20 for one in FIVE]
    t = stats.t(len(prices) - 1, np.mean(prices), stats.sem(prices))
    found = stated("price", observations=prices, of="mean")
    assert found.family == "lognormal"
    assert moments(found) == pytest.approx((t.mean(), t.std()))
    chosen = stated("change", observations=FIVE, of="mean", family="normal")
    assert moments(chosen) == pytest.approx((np.mean(FIVE), t.std() / 20))


def test_observations_of_individuals_have_their_spread_as_chance_and_their_mean_as_ignorance():
    found = stated("change", observations=FIVE, of="individuals")
    assert found.individual_sd == pytest.approx(np.std(FIVE, ddof=1))
    assert found.family == "student_t"


def test_one_of_the_observations_is_drawn_each_with_the_same_weight():
    found = stated("price", observations=[1000.0, 1500.0, 1200.0], of="one")
    drawn = quantile(found.family, found.parameters, (np.arange(300) + 0.5) / 300)
    assert [np.count_nonzero(drawn == price) for price in (1000, 1200, 1500)] == [100, 100, 100]
    assert stated("price", 1100.0, observations=[1000.0, 1500.0], of="one").base == 1100.0


def test_sorted_lists_of_two_quantities_are_not_drawn_row_by_row(document):
    """T29: pasted columns that are both sorted do not go together."""
    for name in ("bolig", "skat"):
        unit = document["services"][name]["price"]["unit"]
        document["services"][name]["price"] = number(None, unit, observations=[1.0, 2.0, 3.0, 4.0], of="one")
    model = model_of(document)
    keys = columns(model)
    cube = points(plan(4096, 1, "random"), keys, 0)
    places = [keys.index(f"tiny/services/{name}/price") for name in ("bolig", "skat")]
    assert abs(np.corrcoef(cube[:, places].T)[0, 1]) < 4 / math.sqrt(len(cube))


# The filter (T32, T45) --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("z", "shrunk"), [(1.96, 0.56), (2.5, 0.68), (3, 0.80), (4, 0.95), (5, 0.99)])
def test_an_estimate_that_was_selected_shrinks_as_published(z, shrunk):
    found = stated("change", -10.0, significant=0.05, se=written(10 / z), corrected=True)
    assert found.base == -10.0
    assert found.mean / -10 == pytest.approx(shrunk, abs=0.005)


@pytest.mark.parametrize("z", [1.97, 2.6, 6.0])
def test_the_corrected_distribution_is_the_posterior_under_a_flat_prior(z):
    found = stated("change", written(z * 3.0), significant=0.05, se=3.0, corrected=True)

    def density(m):
        listed = stats.norm.sf(CRITICAL - m) + stats.norm.cdf(-CRITICAL - m)
        return stats.norm.pdf(z - m) / listed

    def integral(function, end):
        return integrate.quad(function, z - 12, end, epsabs=0, epsrel=1e-12, limit=400, points=[0, min(end, z)])[0]

    whole = integral(density, z + 12)
    mean = integral(lambda m: m * density(m), z + 12) / whole
    sd = math.sqrt(integral(lambda m: (m - mean) ** 2 * density(m), z + 12) / whole)
    assert moments(found) == pytest.approx((3 * mean, 3 * sd), rel=1e-9)
    for end in (-1.0, 0.5, z, z + 1):
        below = float(FAMILIES["filtered"].cdf(np.array([3 * end]), found.parameters)[0])
        assert below == pytest.approx(integral(density, end) / whole, rel=1e-9)


def test_as_listed_stays_the_default_whatever_is_known_of_the_error():
    assert dict(stated("change", -10.0, significant=0.05, corrected=False).parameters) == dict(
        stated("change", -10.0, significant=0.05).parameters
    )
    assert moments(stated("change", -10.0, significant=0.05, se=4.0)) == (-10.0, 4.0)
    mixed = stated("change", -10.0, significant=0.05, z={"values": [2, 4], "weights": [1, 1]})
    assert moments(mixed) == pytest.approx((-10.0, math.sqrt((25 + 6.25) / 2)))


def test_a_distribution_of_z_mixes_the_corrected_ones():
    z = {"values": [2.0, 3.0, 4.0], "weights": [1.0, 2.0, 1.0]}
    found = stated("change", -60.0, significant=0.05, z=z, corrected=True)
    single = [stated("change", -60.0, significant=0.05, se=60 / one, corrected=True).mean for one in z["values"]]
    assert found.mean == pytest.approx(np.average(single, weights=z["weights"]))
    by_year = stated("change", [-60.0, -40.0], significant=0.05, z=z, corrected=True)
    assert by_year.mean == pytest.approx(found.mean / -60)


def test_a_level_that_selects_nothing_corrects_nothing():
    found = stated("change", -10.0, significant=1 - 1e-9, se=4.0, corrected=True)
    assert moments(found) == pytest.approx((-10.0, 4.0), rel=1e-6)


def test_the_largest_standard_error_of_a_listed_estimate_is_the_same_to_the_last_digit():
    """Base of the published scenarios: their results hang on it."""
    assert stated("change", -10.0, significant=0.05).parameters["sd"] == 10 / NormalDist().inv_cdf(0.975)
    assert stated("change", -10.0, significant=5e-324).parameters["sd"] == pytest.approx(10 / 38.4, rel=0.01)
    assert critical_point(1e-20) == pytest.approx(stats.norm.isf(0.5e-20), rel=1e-9)


def test_an_estimate_at_the_very_limit_is_accepted():
    stated("change", -1.96, significant=0.05, se=1.0, corrected=True)
    stated("change", -10.0, significant=0.05, z={"values": [1.96], "weights": [1]}, corrected=True)


# Reasons ----------------------------------------------------------------------------------------------------------


def test_why_no_distribution_fits_is_said_in_both_languages():
    with pytest.raises(NoDistributionError) as caught:
        resolve(quantity(0.5, sd=0.6, of="mean"), DOMAINS["probability"])
    assert caught.value.reason.in_("da") == "en beta kræver 0 < middel < 1 og se² < middel × (1 − middel)"
    assert str(caught.value) == "a beta needs 0 < mean < 1 and se² < mean (1 − mean)"
