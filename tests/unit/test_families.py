"""The family table against SciPy and OpenTURNS, and against itself; digits are counted in test_family_digits."""

import math

import numpy as np
import openturns as ot
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from soemrisk import metalog
from soemrisk.families import FAMILIES, quantile

POINTS = np.array([1e-9, 0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1 - 1e-9])
FAR = np.array([5e-324, 1e-320, 1e-310, 1e-300, 1e-291, 1e-290, 1e-200, 1e-100, 1e-50, 1e-30, 2.0**-64])

CASES = {
    "normal": ({"mean": -10.0, "sd": 5.1}, stats.norm(-10.0, 5.1)),
    "truncated_normal": ({"mean": 2.0, "sd": 3.0, "low": 0.0, "high": 9.0}, stats.truncnorm(-2 / 3, 7 / 3, 2.0, 3.0)),
    "lognormal": ({"mu": 1.0, "sigma": 0.4}, stats.lognorm(0.4, scale=np.exp(1.0))),
    "beta": ({"a": 16.5, "b": 7.5}, stats.beta(16.5, 7.5)),
    "pert": ({"low": 1.0, "mode": 2.0, "high": 5.0}, stats.beta(2.0, 4.0, 1.0, 4.0)),
    "triangular": ({"low": 1.0, "mode": 2.0, "high": 5.0}, stats.triang(0.25, 1.0, 4.0)),
    "uniform": ({"low": 1.0, "high": 5.0}, stats.uniform(1.0, 4.0)),
    "log_uniform": ({"low": 0.5, "high": 20.0}, stats.loguniform(0.5, 20.0)),
    "gamma": ({"shape": 2.5, "scale": 400.0}, stats.gamma(2.5, scale=400.0)),
    "weibull": ({"shape": 1.7, "scale": 12.0}, stats.weibull_min(1.7, scale=12.0)),
    "student_t": ({"df": 4.5, "location": -2.0, "scale": 3.0}, stats.t(4.5, -2.0, 3.0)),
    "bernoulli": ({"p": 0.3}, stats.bernoulli(0.3)),
    "binomial": ({"n": 23, "p": 0.65}, stats.binom(23, 0.65)),
}
LISTED = {
    "discrete": {"values": [3.0, 1.0, 2.0], "weights": [1.0, 1.0, 2.0]},
    "empirical": {"observations": [4.0, -1.0, 2.5, 2.5, 7.0]},
    "histogram": {"edges": [0.0, 1.0, 2.0, 6.0], "weights": [1.0, 0.0, 3.0]},
    "metalog": {"probabilities": [0.1, 0.5, 0.9], "values": [10.0, 20.0, 40.0], "lower": 0.0},
    "mixture": {
        "components": [
            {"family": "normal", "parameters": {"mean": 0.0, "sd": 1.0}},
            {"family": "gamma", "parameters": {"shape": 3.0, "scale": 2.0}},
        ],
        "weights": [1.0, 2.0],
    },
    "logit_normal": {"mu": -1.0, "sigma": 0.8},
    "filtered": {"estimate": -10.0, "se": 4.0, "critical": 1.96},
    "truncated_student_t": {"df": 2.0, "location": 0.1, "scale": 0.2, "low": -1.0, "high": 1.0},
    "log_student_t": {"df": 3.0, "location": 0.3, "scale": 0.25, "low": 0.01, "high": 100.0},
    "logit_student_t": {"df": 1.0, "location": -2.0, "scale": 0.4},
}
EVERY = {**{family: parameters for family, (parameters, _) in CASES.items()}, **LISTED}
STEPWISE = {"bernoulli", "binomial", "discrete", "empirical"}


def test_every_family_of_the_table_is_tested():
    assert set(EVERY) == set(FAMILIES)


@pytest.mark.parametrize("family", CASES)
def test_quantiles_are_those_of_scipy(family):
    parameters, oracle = CASES[family]
    np.testing.assert_allclose(quantile(family, parameters, POINTS), oracle.ppf(POINTS), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("family", CASES)
def test_mean_sd_and_both_tails_are_those_of_scipy(family):
    parameters, oracle = CASES[family]
    row = FAMILIES[family]
    assert row.mean(parameters) == pytest.approx(oracle.mean(), rel=1e-12)
    assert row.sd(parameters) == pytest.approx(oracle.std(), rel=1e-12)
    x = np.concatenate([oracle.ppf(np.array([0.01, 0.3, 0.5, 0.9, 0.99])), [-100.0, 1e5]])
    np.testing.assert_allclose(row.cdf(x, parameters), oracle.cdf(x), rtol=1e-12)
    np.testing.assert_allclose(row.sf(x, parameters), oracle.sf(x), rtol=1e-12, atol=1e-300)


PEERS = {
    "truncated_normal": ot.TruncatedNormal(2.0, 3.0, 0.0, 9.0),
    "beta": ot.Beta(16.5, 7.5, 0.0, 1.0),
    "triangular": ot.Triangular(1.0, 2.0, 5.0),
    "log_uniform": ot.LogUniform(math.log(0.5), math.log(20.0)),
    "gamma": ot.Gamma(2.5, 1 / 400.0),
    "weibull": ot.WeibullMin(12.0, 1.7),
    "student_t": ot.Student(4.5, -2.0, 3.0),
    "histogram": ot.Histogram(0.0, [1.0, 1.0, 4.0], [0.25, 0.0, 0.1875]),
    "discrete": ot.UserDefined([[1.0], [2.0], [3.0]], [0.25, 0.5, 0.25]),
    "mixture": ot.Mixture([ot.Normal(0.0, 1.0), ot.Gamma(3.0, 0.5)], [1 / 3, 2 / 3]),
}


@pytest.mark.parametrize("family", PEERS)
def test_quantiles_mean_and_sd_are_those_of_openturns(family):
    peer, parameters = PEERS[family], EVERY[family]
    points = [0.001, 0.1, 0.3, 0.6, 0.9, 0.999]
    expected = [peer.computeQuantile(p)[0] for p in points]
    np.testing.assert_allclose(quantile(family, parameters, points), expected, rtol=1e-8)
    assert FAMILIES[family].mean(parameters) == pytest.approx(peer.getMean()[0], rel=1e-9)
    assert FAMILIES[family].sd(parameters) == pytest.approx(peer.getStandardDeviation()[0], rel=1e-9)


@pytest.mark.parametrize("family", EVERY)
def test_mean_and_sd_are_integrals_of_the_quantile_function(family):
    """With p = 1/(1 + exp(−t)) the trapezoidal rule is exact to far more digits than asked for, steps excepted."""
    step = 1e-4 if family in STEPWISE | {"histogram"} else 0.01
    t = np.arange(-40.0, 36.0, step)
    weight = step / (4 * np.cosh(t / 2) ** 2)
    x = quantile(family, EVERY[family], 1 / (1 + np.exp(-t)))
    mean = weight @ x
    exact = 1e-4 if family in STEPWISE | {"histogram"} else 1e-6
    assert FAMILIES[family].mean(EVERY[family]) == pytest.approx(mean, rel=exact, abs=exact)
    assert FAMILIES[family].sd(EVERY[family]) == pytest.approx(math.sqrt(weight @ (x - mean) ** 2), rel=exact * 10)


# Single families ------------------------------------------------------------------------------------------------


def test_a_discrete_family_takes_its_values_with_their_probabilities():
    q = {"values": (3.0, 1.0, 2.0), "weights": (1.0, 1.0, 2.0)}
    assert quantile("discrete", q, [0.1, 0.25, 0.26, 0.74, 0.76]).tolist() == [1.0, 1.0, 2.0, 2.0, 3.0]
    assert FAMILIES["discrete"].mean(q) == 2.0
    assert FAMILIES["discrete"].sd(q) == pytest.approx(np.sqrt(0.5))
    assert FAMILIES["discrete"].cdf(np.array([0.5, 1.0, 2.5]), q).tolist() == [0.0, 0.25, 0.75]
    assert FAMILIES["discrete"].sf(np.array([0.5, 1.0, 2.5]), q).tolist() == [1.0, 0.75, 0.25]


def test_a_value_with_weight_0_never_occurs():
    q = {"values": [0.0, 1.0, 9.0], "weights": [0.0, 0.1, 0.0]}
    assert quantile("discrete", q, [5e-324, 0.5, 1 - 2.0**-53]).tolist() == [1.0, 1.0, 1.0]
    assert FAMILIES["discrete"].support(q) == (1.0, 1.0)


def test_ten_equal_weights_are_ten_equal_parts():
    q = {"values": list(range(10)), "weights": [0.1] * 10}
    tenths = np.arange(1, 10) / 10
    assert quantile("discrete", q, tenths).tolist() == list(range(9))
    assert quantile("empirical", {"observations": list(range(10))}, tenths).tolist() == list(range(9))


def test_an_empirical_quantile_is_an_observation_each_with_the_same_weight():
    q = {"observations": [4.0, -1.0, 2.5, 7.0]}
    assert quantile("empirical", q, [1e-300, 0.25, 0.2501, 0.5, 0.75, 0.76, 1 - 2.0**-53]).tolist() == [
        -1.0, -1.0, 2.5, 2.5, 4.0, 7.0, 7.0,
    ]  # fmt: skip
    n = 999
    drawn = quantile("empirical", {"observations": np.arange(n)}, (np.arange(5 * n) + 0.5) / (5 * n))
    assert (np.bincount(drawn.astype(int)) == 5).all()


def test_the_quantile_of_a_binomial_is_the_first_count_whose_level_reaches_p():
    assert quantile("binomial", {"n": 2, "p": 0.5}, [0.25, 0.26, 0.75, 0.76]).tolist() == [0.0, 1.0, 1.0, 2.0]
    assert quantile("binomial", {"n": 5, "p": 0.0}, [0.1, 0.9]).tolist() == [0.0, 0.0]
    assert quantile("binomial", {"n": 5, "p": 1.0}, [5e-324, 0.9]).tolist() == [5.0, 5.0]
    for n, p in [(1, 0.3), (40, 1e-9), (1000, 0.9), (10**7, 0.5), (10**7, 1e-6), (10**7, 1 - 1e-7)]:
        q = {"n": n, "p": p}
        points = np.array([1e-300, 2.0**-64, 1e-6, 0.01, 0.3, 0.5, 0.7, 0.99, 1 - 1e-6, 1 - 2.0**-53])
        k = quantile("binomial", q, points)
        row = FAMILIES["binomial"]
        low = points <= 0.5
        assert (row.cdf(k, q)[low] >= points[low] * (1 - 1e-12)).all()
        assert (row.cdf(k - 1, q)[low] < points[low] * (1 + 1e-12)).all()
        assert (row.sf(k, q)[~low] <= (1 - points[~low]) * (1 + 1e-12)).all()
        assert (row.sf(k - 1, q)[~low] > (1 - points[~low]) * (1 - 1e-12)).all()


def test_a_bernoulli_is_1_with_its_probability_to_the_last_digit():
    assert quantile("bernoulli", {"p": 0.25}, [0.75, np.nextafter(0.75, 1)]).tolist() == [0.0, 1.0]
    assert quantile("bernoulli", {"p": 1e-20}, 1 - 2.0**-53) == 0.0
    assert quantile("bernoulli", {"p": 1.0}, 5e-324) == 1.0


def test_bins_of_a_histogram_are_flat_and_empty_ones_are_jumped():
    q = {"edges": [0.0, 1.0, 2.0, 6.0], "weights": [1.0, 0.0, 3.0]}
    assert quantile("histogram", q, [0.125, 0.25, 0.5, 0.625]).tolist() == [0.5, 1.0, 2 + 4 / 3, 4.0]
    np.testing.assert_array_equal(
        FAMILIES["histogram"].cdf(np.array([-1, 0.5, 1.5, 4.0, 9.0]), q), [0, 0.125, 0.25, 0.625, 1]
    )
    np.testing.assert_array_equal(
        FAMILIES["histogram"].sf(np.array([-1, 0.5, 1.5, 4.0, 9.0]), q), [1, 0.875, 0.75, 0.375, 0]
    )


METALOGS = [
    {},
    {"lower": 0.0},
    {"upper": 50.0},
    {"lower": 0.0, "upper": 100.0},
]


@pytest.mark.parametrize("bounds", METALOGS)
def test_a_metalog_has_the_quantiles_that_were_stated(bounds):
    stated = {"probabilities": [0.1, 0.5, 0.9], "values": [10.0, 20.0, 40.0], **bounds}
    np.testing.assert_allclose(quantile("metalog", stated, stated["probabilities"]), stated["values"], rtol=1e-14)
    low, high = FAMILIES["metalog"].support(stated)
    assert (low, high) == (bounds.get("lower", -math.inf), bounds.get("upper", math.inf))
    back = FAMILIES["metalog"].cdf(np.array([low, high]), stated)
    np.testing.assert_allclose(back, [0, 1], atol=1e-300)


def test_a_metalog_of_two_quantiles_is_the_logistic_distribution():
    # Keelin 2016, section 3: M(y) = a1 + a2 ln(y/(1 − y)); sd a2 π/√3
    q = {"probabilities": [0.25, 0.75], "values": [-math.log(3), math.log(3)]}
    np.testing.assert_allclose(quantile("metalog", q, POINTS), stats.logistic.ppf(POINTS), rtol=1e-12, atol=1e-15)
    assert FAMILIES["metalog"].sd(q) == pytest.approx(math.pi / math.sqrt(3), rel=1e-12)


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ({"probabilities": [0.1, 0.5, 0.9], "values": [10, 11, 40]}, "quantile density"),
        ({"probabilities": [0.1, 0.5, 0.9], "values": [10, 20, 400], "lower": 0}, "thin enough"),
        ({"probabilities": [0.1, 0.5, 0.9], "values": [-400, -20, -10], "upper": 0}, "thin enough"),
        ({"probabilities": np.arange(1, 8) / 8, "values": stats.norm.ppf(np.arange(1, 8) / 8)}, "determine"),
        ({"probabilities": [0.1, 0.5, 0.9], "values": [10, 20, 40], "lower": 10}, "lower < values < upper"),
        ({"probabilities": [0.1, 0.1, 0.9], "values": [10, 20, 40]}, "probabilities rise"),
        ({"probabilities": [0.1, 0.9], "values": [20, 10]}, "values rise"),
        ({"probabilities": [0.5], "values": [20]}, "2 to 16"),
    ],
)
def test_quantiles_that_no_metalog_has_are_refused(parameters, why):
    with pytest.raises(ValueError, match=why):
        quantile("metalog", parameters, 0.5)


def test_a_feasible_metalog_rises_everywhere_and_an_infeasible_one_does_not():
    """The proof of a positive density against a fine grid, near the border of what three quantiles allow."""
    logit = np.linspace(-40, 30, 20_001)
    for middle in np.arange(12.0, 25.0, 0.25):
        q = {"probabilities": [0.1, 0.5, 0.9], "values": [10.0, middle, 40.0]}
        x = metalog._height(metalog.fit(q), logit)
        assert (FAMILIES["metalog"].valid(q) is None) == bool((np.diff(x) > 0).all()), middle


def part(family, **parameters):
    return {"family": family, "parameters": parameters}


def test_a_spike_in_a_mixture_has_its_probability_to_the_last_digit():
    q = {
        "components": [part("discrete", values=[0.0], weights=[1.0]), part("lognormal", mu=0.0, sigma=1.0)],
        "weights": [0.25, 0.75],
    }
    assert quantile("mixture", q, [5e-324, 0.25]).tolist() == [0.0, 0.0]
    assert 0 < quantile("mixture", q, np.nextafter(0.25, 1)) < 1e-3
    np.testing.assert_allclose(quantile("mixture", q, 0.25 + 0.75 * POINTS), stats.lognorm(1).ppf(POINTS), rtol=1e-6)
    assert FAMILIES["mixture"].jumps(q).tolist() == [0.0]


def test_a_mixture_of_parts_far_apart_has_the_point_of_balance_as_median():
    q = {"components": [part("normal", mean=0.0, sd=1.0), part("normal", mean=30.0, sd=1.0)], "weights": [1.0, 1.0]}
    assert quantile("mixture", q, 0.5) == pytest.approx(15.0, rel=1e-12)
    flat = {"components": [part("uniform", low=0.0, high=1.0), part("uniform", low=2.0, high=3.0)], "weights": [1, 1]}
    assert quantile("mixture", flat, [0.5, np.nextafter(0.5, 1)]).tolist() == [1.0, pytest.approx(2.0, abs=1e-15)]


def test_a_mixture_of_one_part_is_that_part():
    for family, parameters in EVERY.items():
        if family != "mixture":
            q = {"components": [{"family": family, "parameters": parameters}], "weights": [3.0]}
            np.testing.assert_allclose(
                quantile("mixture", q, POINTS), quantile(family, parameters, POINTS), rtol=1e-12, atol=1e-15
            )
            assert FAMILIES["mixture"].sd(q) == pytest.approx(FAMILIES[family].sd(parameters), rel=1e-12)


def test_a_discrete_mixture_is_a_discrete_distribution():
    q = {"components": [part("bernoulli", p=0.5), part("binomial", n=2, p=0.5)], "weights": [1.0, 1.0]}
    same = {"values": [0, 1, 2], "weights": [3, 4, 1]}
    points = np.array([0.1, 0.375, 0.376, 0.875, 0.876, 0.99])
    assert quantile("mixture", q, points).tolist() == quantile("discrete", same, points).tolist()


# Properties -----------------------------------------------------------------------------------------------------

place = st.floats(-1e6, 1e6)
scale = st.floats(-3, 3).map(lambda power: 10.0**power)
shape = st.floats(-3, 6).map(lambda power: 10.0**power)


@st.composite
def between(draw, mode):
    low, width, part_ = draw(place), draw(scale), draw(st.sampled_from([0.0, 1.0]) | st.floats(0, 1))
    ends = {"low": low, "high": low + width}
    return {**ends, "mode": min(low + width * part_, ends["high"])} if mode else ends


@st.composite
def windows(draw):
    mean, sd, nearer, width = draw(place), draw(scale), draw(st.floats(-50, 50)), draw(st.floats(-4, 3))
    low = mean + nearer * sd
    return {"mean": mean, "sd": sd, "low": low, "high": low + 10.0**width * sd}


@st.composite
def bins(draw):
    gaps = draw(st.lists(scale, min_size=1, max_size=6))
    weights = draw(st.lists(st.just(0.0) | scale, min_size=len(gaps), max_size=len(gaps)))
    return {"edges": (draw(place) + np.cumsum([0.0, *gaps])).tolist(), "weights": [*weights[:-1], 1.0]}


@st.composite
def fitted(draw):
    n = draw(st.integers(2, 4))
    values = draw(place) / 1e3 + np.cumsum(draw(st.lists(st.floats(1, 5), min_size=n, max_size=n)))
    ends = {name: draw(st.booleans()) for name in ("lower", "upper")}
    stated = {"probabilities": [0.05, 0.25, 0.6, 0.9][:n], "values": values.tolist()}
    stated |= {"lower": float(values[0]) - 8} if ends["lower"] else {}
    return stated | ({"upper": float(values[-1]) + 9} if ends["upper"] else {})


lists_of_numbers = st.lists(place, min_size=1, max_size=30)
PARAMETERS = {
    "normal": st.fixed_dictionaries({"mean": place, "sd": scale}),
    "truncated_normal": windows(),
    "lognormal": st.fixed_dictionaries({"mu": st.floats(-100, 100), "sigma": st.floats(1e-6, 5)}),
    "beta": st.fixed_dictionaries({"a": shape, "b": shape}),
    "pert": between(mode=True),
    "triangular": between(mode=True),
    "uniform": between(mode=False),
    "log_uniform": st.builds(lambda low, more: {"low": low, "high": low * (1 + more)}, scale, shape),
    "gamma": st.fixed_dictionaries({"shape": shape, "scale": scale}),
    "weibull": st.fixed_dictionaries({"shape": st.floats(0.05, 100), "scale": scale}),
    "student_t": st.fixed_dictionaries({"df": st.floats(2.001, 1e3), "location": st.floats(-99, 99), "scale": scale}),
    "bernoulli": st.fixed_dictionaries({"p": st.floats(0, 1)}),
    "binomial": st.fixed_dictionaries({"n": st.integers(1, 10_000), "p": st.floats(0, 1)}),
    "discrete": lists_of_numbers.map(
        lambda values: {"values": values, "weights": [1.0 + k for k in range(len(values))]}
    ),
    "empirical": lists_of_numbers.map(lambda values: {"observations": values}),
    "histogram": bins(),
    "metalog": fitted(),
}
parts = st.sampled_from(["normal", "beta", "gamma", "uniform", "bernoulli"]).flatmap(
    lambda family: PARAMETERS[family].map(lambda parameters: {"family": family, "parameters": parameters})
)
degrees = st.floats(1, 1e3)
PARAMETERS["truncated_student_t"] = st.builds(
    lambda df, at, size, low, high: {"df": df, "location": at, "scale": size, "low": at - low, "high": at + high},
    *(degrees, st.floats(-99, 99), st.floats(0.01, 100), st.just(0.0) | scale, scale),
)
PARAMETERS["log_student_t"] = st.builds(
    lambda df, at, size: {"df": df, "location": at, "scale": size, "low": 0.01, "high": 100.0},
    *(degrees, st.floats(-4, 4), st.floats(1e-3, 5)),
)
PARAMETERS["logit_student_t"] = st.builds(
    lambda df, at, size: {"df": df, "location": at, "scale": size}, degrees, st.floats(-30, 30), st.floats(1e-3, 5)
)
PARAMETERS["mixture"] = st.lists(st.tuples(parts, scale), min_size=1, max_size=3).map(
    lambda found: {"components": [one for one, _ in found], "weights": [weight for _, weight in found]}
)
probabilities = st.floats(0, 1, exclude_min=True, exclude_max=True) | st.floats(-300, -0.01).map(
    lambda power: 10.0**power
)
quietly = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("family", PARAMETERS)
def test_every_quantile_function_rises_and_stays_in_the_support(family):
    @quietly
    @given(PARAMETERS[family], probabilities, probabilities)
    def check(parameters, p, q):
        assume(FAMILIES[family].valid(parameters) is None)
        x, y = quantile(family, parameters, [min(p, q), max(p, q)])
        low, high = FAMILIES[family].support(parameters)
        assert low <= x <= high
        assert low <= y <= high
        assert math.isfinite(x)
        assert math.isfinite(y)
        assert x <= y + 1e-13 * max(abs(x), abs(y))  # neighbours may change places in the last digits

    check()


@pytest.mark.parametrize("family", PARAMETERS)
def test_the_tails_at_a_quantile_are_its_probabilities(family):
    """Ten digits in x: a little to the right the level is reached, a little to the left it is not passed."""

    @quietly
    @given(PARAMETERS[family], probabilities)
    def check(parameters, p):
        row = FAMILIES[family]
        assume(p >= 2.0**-64 and row.valid(parameters) is None)
        x, first, third = quantile(family, parameters, [p, 0.25, 0.75])
        around = 1e-10 * max(abs(x), (third - first) / 1000) + 1e-300
        left, right = np.array([x - around]), np.array([x + around])
        if p <= 0.5:
            assert row.cdf(left, parameters) <= p * (1 + 1e-9)
            assert row.cdf(right, parameters) >= p * (1 - 1e-9)
        else:
            assert row.sf(left, parameters) >= (1 - p) * (1 - 1e-9)
            assert row.sf(right, parameters) <= (1 - p) * (1 + 1e-9)
        assert row.cdf(left, parameters) + row.sf(left, parameters) == pytest.approx(1)

    check()


def test_students_t_between_ends_has_the_moments_of_the_truncated_density():
    """SciPy's density and adaptive quadrature; the closed form for the symmetric Cauchy: sd² = w/atan(w) − 1."""
    q = {"df": 1.0, "location": 0.0, "scale": 1.0, "low": -3.0, "high": 3.0}
    row = FAMILIES["truncated_student_t"]
    assert row.mean(q) == pytest.approx(0, abs=1e-15)
    assert row.sd(q) == pytest.approx(math.sqrt(3 / math.atan(3) - 1), rel=1e-13)
    q = {"df": 3.0, "location": 0.4, "scale": 0.7, "low": 0.05, "high": 20.0}
    t = stats.t(3.0, 0.4, 0.7)
    low, high = np.log([0.05, 20.0])
    mass = t.cdf(high) - t.cdf(low)
    first, second = (
        integrate.quad(lambda y, k=k: math.exp(k * y) * t.pdf(y), low, high, epsabs=0, epsrel=1e-13)[0] / mass
        for k in (1, 2)
    )
    assert FAMILIES["log_student_t"].mean(q) == pytest.approx(first, rel=1e-12)
    assert FAMILIES["log_student_t"].sd(q) == pytest.approx(math.sqrt(second - first**2), rel=1e-10)


@pytest.mark.parametrize("mode", [1.0, 5.0])
def test_a_mode_at_an_end_is_allowed(mode):
    for family in ("pert", "triangular"):
        values = quantile(family, {"low": 1.0, "mode": mode, "high": 5.0}, POINTS)
        assert np.isfinite(values).all()
        assert (np.diff(values) >= 0).all()
        middle = np.array([2.0, 3.0])
        assert np.isfinite(FAMILIES[family].cdf(middle, {"low": 1.0, "mode": mode, "high": 5.0})).all()


EXTREMES = [
    *EVERY.items(),
    *(("beta", {"a": a, "b": b}) for a in (1e-3, 1.0, 30.0, 1e3, 1e9) for b in (1e-3, 2.0, 5.0, 1e3, 1e9)),
    *(("gamma", {"shape": k, "scale": 1e-100}) for k in (1e-3, 1.0, 30.0, 1e5, 2e5, 1e9)),
    *(("student_t", {"df": df, "location": 0.0, "scale": 1e100}) for df in (2.0000001, 3.0, 1e3, 1e9)),
    *(("weibull", {"shape": k, "scale": 1e100}) for k in (0.05, 1e6)),
    *(("lognormal", {"mu": mu, "sigma": 5.0}) for mu in (-100.0, 100.0)),
    *(("normal", {"mean": 0.0, "sd": sd}) for sd in (1e-100, 1e100)),
    *(("pert", {"low": 0.0, "mode": mode, "high": 1.0}) for mode in (0.0, 0.25, 1.0)),
    ("truncated_normal", {"mean": 0.0, "sd": 1.0, "low": 0.0, "high": 40.0}),
    ("truncated_normal", {"mean": 0.0, "sd": 1.0, "low": -1e6, "high": 1e100}),
    ("truncated_normal", {"mean": 0.0, "sd": 1e-50, "low": -1e100, "high": -1e-45}),
    ("metalog", {"probabilities": [0.1, 0.9], "values": [-1.0, 1.0], "lower": -1e100, "upper": 1.1}),
]


@pytest.mark.parametrize(("family", "parameters"), EXTREMES)
def test_quantiles_far_out_are_finite_and_rise_at_the_ends_of_what_is_accepted(family, parameters):
    points = np.concatenate([FAR, [1e-15, 1e-5, 0.01, 0.3, 0.5, 0.7, 0.99, 1 - 1e-9, 1 - 2.0**-53]])
    x = quantile(family, parameters, points)
    low, high = FAMILIES[family].support(parameters)
    assert np.isfinite(x).all()
    assert (np.diff(x) >= 0).all()
    assert (x >= low).all()
    assert (x <= high).all()
    assert math.isfinite(FAMILIES[family].mean(parameters))
    assert math.isfinite(FAMILIES[family].sd(parameters))


# The door -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", EVERY)
def test_points_have_any_shape_and_parameters_stay_as_they_are(family):
    before = repr(EVERY[family])
    scalar = quantile(family, EVERY[family], 0.3)
    assert scalar.shape == ()
    grid = quantile(family, EVERY[family], np.full((2, 3), 0.3))
    assert grid.shape == (2, 3)
    assert (grid == scalar).all()
    assert quantile(family, EVERY[family], []).shape == (0,)
    assert repr(EVERY[family]) == before


def test_lists_may_be_tuples_and_arrays():
    for change in (tuple, np.array):
        given_ = {"values": change([3.0, 1.0, 2.0]), "weights": change([1.0, 1.0, 2.0])}
        assert quantile("discrete", given_, 0.3) == 2.0


@pytest.mark.parametrize(
    ("family", "parameters", "p", "message"),
    [
        ("gauss", {}, 0.5, "unknown family 'gauss'; there are normal, "),
        (["normal"], {}, 0.5, "unknown family"),
        ("normal", {"mean": 0.0}, 0.5, "normal: takes the parameters mean, sd, got mean"),
        ("normal", {}, 0.5, "got none"),
        ("normal", "mean", 0.5, "takes a mapping"),
        ("normal", {"mean": 0.0, "sd": 0.0}, 0.5, "sd > 0 does not hold"),
        ("normal", {"mean": 0.0, "sd": 1e101}, 0.5, "1e-100 ≤ sd ≤ 1e100"),
        ("normal", {"mean": 0.0, "sd": "1"}, 0.5, "sd must be a finite number, got '1'"),
        ("normal", {"mean": 0.0, "sd": math.nan}, 0.5, "finite"),
        ("normal", {"mean": math.inf, "sd": 1}, 0.5, "finite"),
        ("normal", {"mean": 10**400, "sd": 1}, 0.5, "finite"),
        ("normal", {"mean": True, "sd": 1}, 0.5, "finite number, got True"),
        ("normal", {"mean": None, "sd": 1}, 0.5, "finite number, got None"),
        ("uniform", {"low": 2.0, "high": 1.0}, 0.5, "low < high"),
        ("beta", {"a": 1.0, "b": 0.0}, 0.5, "b > 0"),
        ("beta", {"a": 1.0, "b": 1e10}, 0.5, "0.001 ≤ b ≤ 1e9"),
        ("pert", {"low": 0.0, "mode": 2.0, "high": 1.0}, 0.5, "low ≤ mode ≤ high"),
        ("truncated_normal", {"mean": 0.0, "sd": 1.0, "low": 1.0, "high": 1.0}, 0.5, "low < high"),
        ("truncated_normal", {"mean": 0.0, "sd": 1.0, "low": 2e6, "high": 3e6}, 0.5, "mean \\+ 1e6 sd"),
        ("truncated_normal", {"mean": 0.0, "sd": 1.0, "low": -math.inf, "high": 1.0}, 0.5, "finite"),
        ("log_uniform", {"low": 0.0, "high": 1.0}, 0.5, "low > 0"),
        ("gamma", {"shape": 1e-4, "scale": 1.0}, 0.5, "0.001 ≤ shape"),
        ("weibull", {"shape": 0.01, "scale": 1.0}, 0.5, "0.05 ≤ shape"),
        ("student_t", {"df": 2.0, "location": 0.0, "scale": 1.0}, 0.5, "df > 2"),
        ("bernoulli", {"p": 1.1}, 0.5, "0 ≤ p ≤ 1"),
        ("binomial", {"n": 2.5, "p": 0.5}, 0.5, "whole"),
        ("binomial", {"n": 0, "p": 0.5}, 0.5, "1 ≤ n"),
        ("discrete", {"values": [1.0], "weights": [0.0]}, 0.5, "some weight"),
        ("discrete", {"values": [1.0, 2.0], "weights": [1.0]}, 0.5, "same length"),
        ("discrete", {"values": 1.0, "weights": [1.0]}, 0.5, "values must be a list of finite numbers, got 1.0"),
        ("empirical", {"observations": []}, 0.5, "list of finite numbers"),
        ("empirical", {"observations": "12"}, 0.5, "list of finite numbers"),
        ("empirical", {"observations": [[1.0, 2.0]]}, 0.5, "list of finite numbers"),
        ("empirical", {"observations": np.ones((2, 2))}, 0.5, "list of finite numbers"),
        ("histogram", {"edges": [0.0, 1.0], "weights": [1.0, 1.0]}, 0.5, "one edge more"),
        ("histogram", {"edges": [0.0, 0.0, 1.0], "weights": [1.0, 1.0]}, 0.5, "edges rise"),
        ("mixture", {"components": 3, "weights": [1.0]}, 0.5, "list of {family, parameters}"),
        ("mixture", {"components": [{}], "weights": [1.0]}, 0.5, "component 1 has the keys"),
        ("mixture", {"components": [part("mixture")], "weights": [1.0]}, 0.5, "component 1 has one of the families"),
        ("mixture", {"components": [part([])], "weights": [1.0]}, 0.5, "component 1 has one of the families"),
        (
            "mixture",
            {"components": [part("normal", mean=0.0)], "weights": [1.0]},
            0.5,
            "component 1 has parameters of its family .normal: takes",
        ),
        (
            "mixture",
            {"components": [part("bernoulli", p=2.0)], "weights": [1.0]},
            0.5,
            "component 1 .bernoulli.: 0 ≤ p ≤ 1 does",
        ),
        ("normal", {"mean": 0.0, "sd": 1.0}, 0.0, "strictly between"),
        ("normal", {"mean": 0.0, "sd": 1.0}, 1.0, "strictly between"),
        ("normal", {"mean": 0.0, "sd": 1.0}, float("nan"), "strictly between"),
        ("normal", {"mean": 0.0, "sd": 1.0}, "half", "p must be a number"),
        ("normal", {"mean": 0.0, "sd": 1.0}, [[0.5], [0.5, 0.5]], "p must be a number"),
    ],
)
def test_what_makes_no_sense_is_refused(family, parameters, p, message):
    with pytest.raises(ValueError, match=message):
        quantile(family, parameters, p)
