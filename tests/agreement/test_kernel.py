"""The compiled kernel against its slow twin, on the same values: 1e-12 of the sum of absolute terms."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from conftest import model_of, number
from soemrisk import kernel, reference
from soemrisk.chance_kernel import heads, successes
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan, points
from soemrisk.reading import read
from soemrisk.sparse_model import sparse
from soemrisk.transform import columns, values_at

FIELDS = ("area", "year", "expected", "at_zero", "per_rate", "chance_variance", "rate", "successes")


def both(model, size=256):
    cube = points(plan(16 * size, 3), columns(model), 0)
    d = len(model.columns)
    values, chance = values_at(model, cube[:, :d]), cube[:, d:-1]
    slow = reference.evaluate(model, values, reference.draw_chance(model, values, chance))
    return slow, kernel.evaluate(model, values, chance), reference.evaluate(model, values), values


@pytest.mark.parametrize("name", ["act-randers", "cti-aarhus"])
def test_kernel_and_reference_agree_on_the_shipped_scenarios(name):
    model = compile_scenario(read(name))
    slow, fast, plain, values = both(model)
    terms = np.abs(reference.value_of_success(model, values)) * model.completers[None, None, :, None, None]
    scale = terms.sum() / len(values) + np.abs(reference.costs(model, values)).sum() / len(values)
    for field in FIELDS:
        unit = {"chance_variance": scale**2, "rate": 1.0, "successes": 1e3}.get(field, scale)
        np.testing.assert_allclose(getattr(fast, field), getattr(slow, field), rtol=0, atol=1e-12 * unit, err_msg=field)
    without = kernel.evaluate(model, values, None)
    np.testing.assert_allclose(without.year, plain.year, rtol=0, atol=1e-12 * scale)


@pytest.mark.parametrize("chance", ["nobody-harmed", "independent"])
def test_kernel_and_reference_agree_with_every_key_in_use(document, chance):
    document["settings"] |= {"chance": chance, "costs_discounted": True, "base_year": 2019}
    document["settings"]["discount_rate"] |= {"low": 0.02, "high": 0.05, "meaning": "hard"}
    document["participants"]["completers"] = {"2020": 10.5, "2022": 7.25}
    document["services"]["bolig"]["shares"] = [
        {"kommune": 0.5, "stat": 0.5},
        {"from": 2022, "kommune": 1.0},
    ]
    price = document["services"]["bolig"]["price"]
    document["services"]["bolig"]["price"] = [price, {**price, "value": 1100.0, "from": 2023}]
    document["settings"] |= {"timing": "mid", "window": "cohort"}
    rate = document["settings"]["discount_rate"]
    document["settings"]["discount_rate"] = [rate, {**rate, "from": 2, "value": 0.025}]
    document["participants"]["factor"] = number(1.0, "andel", low=0.6, high=1.1, meaning="hard")
    document["participants"]["starters"] = {"2020": 12, "2021": 3, "2022": 9}
    cost = document["costs"]["drift"]
    each = {k: v for k, v in cost.items() if k != "years"}
    document["costs"]["pr_start"] = {**each, "per": "starter", "saved": True}
    document["costs"]["pr_slut"] = {**each, "per": "completer"}
    document["consequences"]["bolig"] |= {
        "onset": 1,
        "duration": 3,
        "yearly": 2.0,
        "persistence": number(0.8, "andel", low=0.5, high=1.0, meaning="hard"),
    }
    slow, fast, _, _ = both(model_of(document))
    for field in FIELDS:
        wanted = getattr(slow, field)
        np.testing.assert_allclose(
            getattr(fast, field), wanted, rtol=1e-11, atol=1e-9 * np.abs(wanted).max(), err_msg=field
        )


@pytest.mark.parametrize("number", [0, 1, 6, 25, 1000, 4095, 4096, 4097, 200_000])
@pytest.mark.parametrize("rate", [0.0, 1e-9, 0.03, 0.5, 0.65, 0.999, 1.0])
def test_binomial_quantiles_are_those_of_scipy(number, rate):
    p = np.array([1e-12, 0.001, 0.2, 0.5, 0.8, 0.999, 1 - 1e-12])
    points, rates = np.tile(p[:, None], 3), np.tile([rate, 0.0], (len(p), 1))
    ours = successes(points, np.full(len(p), float(number)), rates, independent=False)[0]
    theirs = np.maximum(stats.binom(number, rate).ppf(p), 0)
    # a point at a step may fall on either side by rounding of the sum of masses
    below, above = stats.binom(number, rate).cdf(ours - 1), stats.binom(number, rate).cdf(ours)
    at_step = (below <= p * (1 + 1e-9) + 1e-13) & (above >= p * (1 - 1e-9) - 1e-13)
    assert np.all((ours == theirs) | at_step)
    assert np.abs(ours - theirs)[1:-1].max() <= 1
    assert np.abs(ours - theirs).max() <= 1 + 2 * (number * rate * (1 - rate)) ** 0.5


def test_nobody_succeeds_who_does_not_take_part():
    rates = np.linspace(0.0, 1.0, 20_001)
    beside = np.column_stack([rates, np.zeros(len(rates))])
    for persons in (1, 2, 3, 7, 40):
        most, least = (
            successes(np.full((len(rates), 3), point), np.full(len(rates), float(persons)), beside, independent=False)[
                0
            ]
            for point in (1 - 2.0**-53, 2.0**-53)
        )
        assert most.max() == persons
        assert least.min() == 0
        assert (most >= least).all()


def test_binomial_quantiles_do_not_depend_on_what_is_drawn_with_them():
    rng = np.random.default_rng(5)
    numbers, rates = rng.choice([0, 1, 30, 30, 30, 4097], 500), rng.uniform(-0.5, 1.0, (500, 2))
    points = rng.uniform(size=(500, 3))
    for independent in (False, True):
        together = successes(points, numbers + 0.5, np.abs(rates), independent=independent)
        alone = [
            successes(points[i : i + 1], numbers[i : i + 1] + 0.5, np.abs(rates[i : i + 1]), independent=independent)
            for i in range(500)
        ]
        np.testing.assert_array_equal(together, np.concatenate(alone, axis=1))


@pytest.mark.parametrize("name", ["act-randers", "cti-aarhus"])
def test_moved_changes_agree_with_the_reference_in_blocks_of_any_size(name, monkeypatch):
    model = compile_scenario(read(name))
    cube = points(plan(16 * 256, 3), columns(model), 0)
    values, chance = values_at(model, cube[:, : len(model.columns)]), cube[:, len(model.columns) : -1]
    moved = values[:, : len(model.inputs)].copy()
    moved[:, model.changes] *= 1.0 + cube[:, -1:]
    moved = model.derive(np.asfortranarray(moved))
    slow = reference.evaluate_points(model, values, chance, moved)
    fast = kernel.evaluate(model, values, chance, moved)
    scale = np.abs(slow.year).max() * len(model.years)
    np.testing.assert_allclose(fast.correlated, slow.correlated, rtol=0, atol=1e-11 * scale)
    assert np.abs(fast.correlated - fast.net).max() > 1e-3 * scale
    monkeypatch.setattr(kernel, "BLOCK", 37)
    other = kernel.evaluate(model, values, chance, moved)
    for field in (*FIELDS, "net", "correlated"):
        np.testing.assert_array_equal(getattr(other, field), getattr(fast, field), err_msg=field)


@pytest.mark.parametrize("n", [600, 257, 256, 1, 0])
def test_rates_that_differ_between_draws_are_those_of_each_draw_in_blocks_of_any_size(document, monkeypatch, n):
    document["settings"]["discount_rate"] |= {"low": 0.02, "high": 0.06, "meaning": "hard"}
    document["consequences"]["bolig"]["persistence"] = number(0.8, "andel", low=0.6, high=1.0, meaning="hard")
    model = model_of(document)
    cube = points(plan(16 * 1024, 3), columns(model), 0)[:n]
    values, chance = values_at(model, cube[:, : len(model.columns)]), cube[:, len(model.columns) : -1]
    slow, fast = reference.evaluate_points(model, values, chance), kernel.evaluate(model, values, chance)
    assert fast.net.shape == (n, len(model.actors))
    for field in FIELDS:
        wanted = getattr(slow, field)
        largest = np.abs(wanted).max(initial=0.0)
        np.testing.assert_allclose(getattr(fast, field), wanted, rtol=1e-11, atol=1e-9 * largest, err_msg=field)
    for block in (37, 1):
        monkeypatch.setattr(kernel, "BLOCK", block)
        other = kernel.evaluate(model, values, chance)
        for field in FIELDS:
            np.testing.assert_array_equal(getattr(other, field), getattr(fast, field), err_msg=field)


def test_products_of_changes_that_move_are_not_kept(document):
    document["services"]["bolig"]["price"] |= {"low": 800.0, "high": 1300.0, "meaning": "90%"}
    model = model_of(document)
    found = sparse(model)
    assert not found.moves.any()
    price = int(found.factors[0])
    assert sparse(replace(model, factors=np.where(model.factors == price, model.changes[0], model.factors))).moves[0]


@pytest.mark.parametrize("chance", ["nobody-harmed", "independent"])
@pytest.mark.parametrize("completers", [(9, 7.25, 9), (10.5, 9, 10.5)])
@pytest.mark.parametrize("turnout", [False, True])
def test_cohorts_counted_together_have_what_each_has_alone(document, chance, completers, turnout):
    document["settings"] |= {"chance": chance}
    document["participants"]["completers"] = dict(zip(("2020", "2021", "2022"), completers, strict=True))
    if turnout:
        document["participants"]["factor"] = number(1.0, "faktor", low=0.8, high=1.2, meaning="hard")
    model = model_of(document)
    rng = np.random.default_rng(8)
    table = np.repeat(model.base[:, None], 300, axis=1)
    table[model.rates[0]] = rng.choice([0.0, 0.04, 0.5, 0.65, 1.0, 0.65], (2, 300))
    if turnout:
        table[model.turnout] = rng.uniform(0.8, 1.2, 300)
    drawn = np.clip(rng.choice([0.0, 0.5, 1.0, 2.0**-9, 0.3, 0.7], (9, 300)), 1e-16, 1 - 1e-16)
    found = heads(model, table, drawn)
    assert model.completers.tolist() == list(completers)
    for c in range(3):
        alone = successes(
            drawn[3 * c : 3 * c + 3].T,
            found.completers[c],
            table[model.rates[c]].T,
            independent=model.independent_chance,
        )
        np.testing.assert_array_equal(np.stack([found.drawn[c], found.changed[c]]), alone)
    slow = reference.draw_chance(model, table.T, drawn.T)
    assert (slow.successes == found.drawn.T).mean() > 0.8  # points lie on steps, where rounding decides
