"""The chance of a gain over the success rate: against a sum over successes, and by what its points promise."""

import copy
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import binom, norm

from conftest import DOCUMENT, model_of, number
from soemrisk import kernel
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan
from soemrisk.driver_rows import rate_at
from soemrisk.gain_curve import MOST, STEEP, TOLD, chance_of_gain, curve_of_gain
from soemrisk.reading import read
from soemrisk.threshold_tables import RATES, chance_tables

SMALL = plan(2**13, 1)
PERSONS, SPREAD = 20_000, 0.3


def steep_document():
    """Many participants and one normal change: the chance of a gain rises from 5 to 95 % within 1.5 % of the rate."""
    document = copy.deepcopy(DOCUMENT)
    document["participants"]["completers"] = {"2020": PERSONS}
    document["settings"]["discount_rate"] = number(0.0, "pr. år")
    document["success"] = {"net": number(0.3, "andel", low=0.2, high=0.4, meaning="hard")}
    document["groups"]["register"]["factor"] = number(1.0, "faktor")
    document["services"]["bolig"]["price"] = number(1000.0, "kr. pr. day")
    document["services"]["bolig"]["shares"] = {"kommune": 1.0}
    document["services"]["skat"]["shares"] = {"stat": 1.0}
    document["consequences"]["skat"]["change"] = number([2.0, 4.0, 4.0], "week")
    normal = {"mean": -30.0, "sd": SPREAD}
    document["consequences"]["bolig"]["change"] = number(-30.0, "day", family="normal", parameters=normal)
    document["costs"]["drift"]["amount"] = number(0.31 * PERSONS * 30_000.0 * 5)
    return document


def by_hand(rate):
    """P(successes × days × price × years > costs): a sum over the number of successes of a normal probability."""
    successes = np.arange(PERSONS + 1)
    needed = 0.31 * PERSONS * 30.0 / np.maximum(successes, 0.5)  # days per success and year
    return float(binom.pmf(successes, PERSONS, rate) @ norm.sf((needed - 30.0) / SPREAD))


def test_a_steep_curve_is_the_sum_over_successes():
    model = model_of(steep_document())
    a = model.actors.index("kommune")
    rates, prob, error = curve_of_gain(model, SMALL, RATES, kernel.evaluate)
    wanted = np.array([by_hand(rate) for rate in rates])
    assert np.count_nonzero((wanted > 0.05) & (wanted < 0.95)) >= 15  # the grid alone has none or one there
    assert np.count_nonzero((wanted[np.isin(rates, RATES)] > 0.05) & (wanted[np.isin(rates, RATES)] < 0.95)) <= 1
    assert np.all(np.abs(prob[:, a] - wanted) <= 5 * error[:, a] + 1e-3)
    found = {"chance_of_gain": chance_tables(model, SMALL, kernel.evaluate)}
    assert found["chance_of_gain"]["rate"] == rates.tolist()
    for chance in TOLD:
        rate, its_error = rate_at(found, "kommune", chance)
        root = brentq(lambda x, level=chance: by_hand(x) - level, 0.25, 0.4, xtol=1e-9)
        slope = (by_hand(root + 1e-4) - by_hand(root - 1e-4)) / 2e-4
        k = int(np.searchsorted(rates, rate))
        assert its_error == pytest.approx(error[k, a] / slope, rel=0.5)
        assert abs(rate - root) <= 5 * its_error
        assert its_error < 1e-4


@pytest.mark.parametrize("source", ["act-randers", "cti-aarhus"])
def test_points_lie_where_the_curve_turns(source):
    model = compile_scenario(read(source))
    rates, prob, error = curve_of_gain(model, SMALL, RATES, kernel.evaluate)
    grid = np.isin(rates, RATES)
    assert rates[grid].tolist() == RATES.tolist()
    again, its_error = chance_of_gain(model, SMALL, RATES, kernel.evaluate)
    assert prob[grid].tolist() == again.tolist()
    assert error[grid].tolist() == its_error.tolist()
    assert np.abs(np.diff(again, axis=0)).max() > 0.4  # region and stat of ACT: from 2.5 to 5 %
    assert np.all(np.diff(rates) > 0)
    assert len(RATES) < len(rates) <= MOST
    assert np.abs(np.diff(prob, axis=0)).max() <= STEEP
    for chance in TOLD:
        low, high = np.minimum(prob[1:], prob[:-1]), np.maximum(prob[1:], prob[:-1])
        crossed = (low < chance) & (chance <= high)
        assert crossed.any()
        assert np.all((high - low)[crossed] <= 0.5 * np.maximum(error[1:], error[:-1])[crossed])


def made_up(gains):
    """A model's result that is a gain where a function of the rate says so, in all draws."""

    def evaluate(model, values, _):
        rate = values[:, int(model.rates[0, 0])]
        return SimpleNamespace(net=np.where(gains(rate), 1.0, -1.0)[:, None].repeat(len(model.actors), axis=1))

    return evaluate


def net_rate_model():
    document = copy.deepcopy(DOCUMENT)
    document["success"] = {"net": number(0.5, "andel", low=0.2, high=0.8, meaning="hard")}
    return model_of(document)


def test_a_jump_is_found_to_the_last_halving():
    rates, prob, _ = curve_of_gain(net_rate_model(), plan(64, 1), RATES, made_up(lambda rate: rate > 1 / 3))
    k = int(np.argmax(prob[:, 0] > 0))
    assert rates[k - 1] <= 1 / 3 < rates[k]
    assert rates[k] - rates[k - 1] == pytest.approx(0.025 / 2**14, rel=1e-6)
    assert len(rates) == len(RATES) + 14


def test_points_are_bounded_whatever_the_curve():
    jagged = made_up(lambda rate: np.floor(rate * 997) % 2 > 0)
    rates, _, _ = curve_of_gain(net_rate_model(), plan(64, 1), RATES, jagged)
    assert len(rates) == MOST
    assert set(RATES.tolist()) <= set(rates.tolist())
