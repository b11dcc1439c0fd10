"""An effect on an uncertain rate: published conversions, one draw of the rate for both, and integrals by SciPy."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, stats

from soemrisk import exact, what_drives
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan, points
from soemrisk.effect_sizes import rate_with
from soemrisk.gain_curve import chance_of_gain
from soemrisk.kernel import evaluate
from soemrisk.model import Model
from soemrisk.reading import parse, read
from soemrisk.reference import draw_chance, net_rate
from soemrisk.reference import evaluate as evaluate_slowly
from soemrisk.simulation import simulate_model
from soemrisk.transform import values_at

VALID = Path(__file__).parents[1] / "spec" / "valid"
EFFECTS = ("odds-ratio", "risk-ratio", "difference", "cohen", "certain", "of-a-subgroup")


def model_of(name: str, *edits: tuple[str, str]) -> Model:
    text = (VALID / f"effect-{name}.toml").read_text(encoding="utf-8")
    for found, put in edits:
        assert text.count(found) == 1
        text = text.replace(found, put)
    return compile_scenario(parse(text.encode(), name))


def drawn(model: Model, size: int = 4096) -> np.ndarray:
    return values_at(model, points(plan(16 * size, 1, "sobol"), model.columns, 0))


def test_an_odds_ratio_gives_the_published_number_of_persons() -> None:
    """Cochrane Handbook 5.1, section 12.5.4.3: odds ratio 0.73 at a control risk of 0.3 is 62 fewer per 1,000."""
    moved = rate_with(np.array([0.3]), np.array([0.73]), "odds_ratio", None)
    assert round(1000 * (0.3 - float(moved[0]))) == 62


@pytest.mark.parametrize(("d", "nnt"), [(0.2, 16.5), (0.5, 6.0), (0.8, 3.5)])
def test_cohens_d_gives_the_published_number_needed_to_treat(d: float, nnt: float) -> None:
    """Furukawa and Leucht 2011, PLoS ONE 6:e19070, table 1, at an event rate of 20 % in the control group."""
    moved = rate_with(np.array([0.2]), np.array([d]), "cohen_d", "probit")
    assert round(1 / (float(moved[0]) - 0.2), 1) == nnt


def test_cohens_d_is_a_log_odds_ratio_times_pi_over_root_3() -> None:
    p, d = np.array([0.05, 0.3, 0.9]), np.array([0.4, -0.7, 1.1])
    logistic = stats.logistic(scale=math.sqrt(3) / math.pi)  # with standard deviation 1
    assert rate_with(p, d, "cohen_d", "logistic") == pytest.approx(logistic.sf(logistic.isf(p) - d))


def test_ratios_and_differences_end_where_a_share_ends() -> None:
    p = np.array([0.5])
    assert rate_with(p, np.array([3.0]), "risk_ratio", None).tolist() == [1.0]
    assert rate_with(p, np.array([-0.7]), "rate_difference", None).tolist() == [0.0]
    ends = np.array([0.0, 1.0])
    for scale, conversion in (("odds_ratio", None), ("hazard_ratio", None), ("cohen_d", "probit")):
        assert rate_with(ends, np.array([1.7, 1.7]), scale, conversion).tolist() == [0.0, 1.0]


def test_a_hazard_ratio_is_a_power_of_those_who_have_not_succeeded_yet() -> None:
    moved = rate_with(np.array([0.2]), np.array([1.5]), "hazard_ratio", None)
    assert float(moved[0]) == pytest.approx(1 - 0.8**1.5, rel=1e-14)


def test_both_rates_are_of_one_draw_of_the_rate_without() -> None:
    model = model_of("odds-ratio")
    values = drawn(model)
    gross, without = model.rates[0]
    effect = next(n for n, one in enumerate(model.inputs) if one.path == "success.effect")
    odds = values[:, gross] / (1 - values[:, gross]) / (values[:, without] / (1 - values[:, without]))
    assert odds == pytest.approx(values[:, effect], rel=1e-12)
    assert np.ptp(values[:, without]) > 0.1


def test_an_effect_that_does_nothing_gives_nobody_in_any_draw() -> None:
    model = model_of("certain", ("value = 0.8", "value = 1"))
    assert np.abs(net_rate(model, drawn(model))).max() < 1e-15


def test_a_known_effect_on_a_known_rate_is_the_stated_pair_of_rates() -> None:
    edits = (', low = 0.05, high = 0.2, meaning = "90%"', ""), ("value = 0.8", "value = 1.5")
    derived = model_of("certain", *edits)
    stated = 'with = { value = 0.146185031755, unit = "andel", source = "x" }'
    text = (VALID / "effect-certain.toml").read_text(encoding="utf-8").replace(*edits[0])
    lines = [stated if line.startswith("effect =") else line for line in text.split("\n")]
    pair = compile_scenario(parse("\n".join(lines).encode(), "pair"))
    assert pytest.approx(0.146185031755, abs=1e-12) == 1 - 0.9**1.5
    first, second = (evaluate(model, np.asfortranarray(model.base[None]), None) for model in (derived, pair))
    assert first.expected == pytest.approx(second.expected, rel=1e-10)


def test_the_curve_of_gain_over_the_rate_does_not_ask_how_the_rate_was_stated() -> None:
    """At a given net rate only the rate without matters, and with nobody harmed not even that."""
    rates = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    curves = []
    for name in ("odds-ratio", "of-a-subgroup"):
        prob, error = chance_of_gain(model_of(name), plan(4096, 1, "sobol"), rates, evaluate)
        curves.append((prob, error))
        assert prob[0, 0] == 0
        assert (np.diff(prob[:, 0]) >= 0).all()
    net = 'net = { value = 0.1, unit = "andel", source = "x" }'
    text = (VALID / "effect-odds-ratio.toml").read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if not line.startswith("effect =")]
    plainly = "\n".join(net if line.startswith("without =") else line for line in lines)
    plain, apart = chance_of_gain(
        compile_scenario(parse(plainly.encode(), "net")), plan(4096, 1, "sobol"), rates, evaluate
    )
    assert np.abs(plain - curves[0][0]).max() <= 5 * np.hypot(apart, curves[0][1]).max() + 1e-3


@pytest.mark.parametrize("name", EFFECTS)
def test_what_drives_a_result_is_told_with_effects(name: str) -> None:
    found = what_drives(read(VALID / f"effect-{name}.toml"), draws=2048)
    assert any(place.endswith("success.effect") for place in found["inputs"]) or name == "certain"
    assert max(found["chance_of_gain"]["total"]["prob"]) <= 1


def test_the_mean_rate_is_the_double_integral() -> None:
    """SciPy's quadrature over both quantile functions against Sobol' draws, within five errors of the replicates."""
    scenario = read(VALID / "effect-odds-ratio.toml")
    model = compile_scenario(scenario)
    found = simulate_model(model, plan(65_536, 1, "sobol"), evaluate=evaluate).rate.mean(axis=1)
    by_path = {one.path: one.distribution.parameters for one in model.inputs}
    beta = stats.beta(by_path["success.without"]["a"], by_path["success.without"]["b"])
    ratio = stats.lognorm(by_path["success.effect"]["sigma"], scale=math.exp(float(by_path["success.effect"]["mu"])))

    def net(log_ratio: float, p: float) -> float:
        r = math.exp(log_ratio)
        return (p * r / (1 - p + p * r) - p) * beta.pdf(p) * ratio.pdf(r) * r

    true = integrate.dblquad(net, 0, 1, -1.5, 3.0, epsabs=1e-10)[0]
    assert found.mean() == pytest.approx(true, abs=5 * found.std(ddof=1) / 4 + 1e-9)


def test_with_a_known_effect_the_closed_form_is_an_integral_over_the_rate() -> None:
    scenario = read(VALID / "effect-certain.toml")
    model = compile_scenario(scenario)
    parameters = next(one.distribution.parameters for one in model.inputs if one.path == "success.without")
    beta = stats.beta(parameters["a"], parameters["b"])
    mean = integrate.quad(lambda p: (1 - (1 - p) ** 0.8 - p) * beta.pdf(p), 0, 1, epsabs=1e-14)[0]
    outcome = evaluate_slowly(model, np.asfortranarray(model.means[None]), None)
    found = exact(scenario)
    change = float(outcome.per_rate[0, 0])
    at_zero = float(outcome.at_zero[0, 0])
    assert float(found["mean"].sel(actor="total")) == pytest.approx(at_zero + mean * change, rel=1e-9)


@pytest.mark.parametrize("name", EFFECTS)
def test_the_kernel_and_its_slow_twin_agree(name: str) -> None:
    model = model_of(name)
    values = drawn(model, 64)
    chance = np.random.default_rng(3).uniform(size=(64, 3 * len(model.completers)))
    fast = evaluate(model, values, chance)
    slow = evaluate_slowly(model, values, draw_chance(model, values, chance))
    for key in ("expected", "year", "chance_variance"):
        assert getattr(fast, key) == pytest.approx(getattr(slow, key), rel=1e-11, abs=1e-6)


@pytest.mark.parametrize("name", EFFECTS)
def test_the_closed_form_and_the_draws_agree_on_mean_and_spread(name: str) -> None:
    scenario = read(VALID / f"effect-{name}.toml")
    found = exact(scenario)
    sampled = simulate_model(compile_scenario(scenario), plan(65_536, 2, "sobol"), evaluate=evaluate)
    drawn_net = sampled.expected[:, :, 0]
    for key, figures in (("mean", drawn_net.mean(axis=1)), ("sd", drawn_net.std(axis=1))):
        error = math.hypot(float(found[f"{key}_se"].sel(actor="total")), figures.std(ddof=1) / 4)
        known = float(found[key].sel(actor="total"))
        assert known == pytest.approx(figures.mean(), abs=6 * error + 1e-5 * abs(known)), key


@pytest.mark.parametrize("scale", ["odds_ratio", "hazard_ratio", "risk_ratio"])
def test_an_effect_of_zero_leaves_nobody_also_of_those_who_all_succeed(scale: str) -> None:
    found = rate_with(np.array([0.0, 0.4, 1.0]), np.zeros(3), scale, None)
    np.testing.assert_array_equal(found, np.zeros(3))
