"""E[net | x] over one input: by hand, against the model at the means, against draws in bins, and what must add up."""

import copy
from pathlib import Path

import numpy as np
import pytest

import soemrisk as sr
from conftest import DOCUMENT, number, scenario_of
from soemrisk import kernel, reference
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan, points
from soemrisk.moments import nodes_of, products_of
from soemrisk.transform import values_at

VALID = Path(__file__).parents[1] / "spec" / "valid"
LEVELS = [0.05, 0.1, 0.5, 0.9]


def test_the_tiny_scenario_by_hand():
    """Kroner of one cost, of one price and of a factor, with the rate at its mean 0.6 − 0.1 and all else at 1."""
    document = copy.deepcopy(DOCUMENT)
    for stated, low, high in (
        (document["costs"]["drift"]["amount"], 900_000.0, 1_100_000.0),
        (document["services"]["bolig"]["price"], 800.0, 1200.0),
    ):
        for name in ("low", "high", "meaning"):
            del stated[name]
        stated |= {"family": "uniform", "parameters": {"low": low, "high": high}}
    curves = sr.conditional_means(scenario_of(document), levels=LEVELS)
    assert curves["mean"].dims == ("input", "level", "actor")
    d = 1.04 ** -np.arange(5.0)
    of_cost, of_price = curves.sel(input="costs.drift.amount"), curves.sel(input="services.bolig.price")
    assert of_cost["value"].values == pytest.approx([910_000, 920_000, 1_000_000, 1_080_000])
    assert of_price["value"].values == pytest.approx([820, 840, 1000, 1160])
    assert of_cost["unit"].item() == "kr."
    # cohorts of 10 in 2020 and 20 in 2021; −30 days in every year, 2, 4 and 4 weeks in the first ones
    days = 0.5 * 30 * (10 * d.sum() + 20 * d[1:].sum())
    taxed = 0.5 * 500 * ((10 * 2 * d[0] + 10 * 4 * (d[1] + d[2])) + (20 * 2 * d[1] + 20 * 4 * (d[2] + d[3])))
    parts = {"kommune": (0.5, 0.25, 1.0), "stat": (0.5, 0.75, 0.0), "total": (1.0, 1.0, 1.0)}
    for actor, (of_days, of_tax, payer) in parts.items():
        spent = payer * (0.5 * d[0] + 0.5 * d[1])
        wanted = of_tax * taxed + of_days * days * 1000 - spent * of_cost["value"].values
        assert of_cost["mean"].sel(actor=actor).values == pytest.approx(wanted, rel=1e-12)
        wanted = of_tax * taxed + of_days * days * of_price["value"].values - spent * 1_000_000
        assert of_price["mean"].sel(actor=actor).values == pytest.approx(wanted, rel=1e-12)
    assert curves.attrs["exact"] == 1
    assert curves.attrs["left_out"] == ""
    assert not curves["mean_se"].any()


def polynomial():
    document = copy.deepcopy(DOCUMENT)
    document["settings"]["discount_rate"] = number(0.04, "pr. år", low=0.01, high=0.07, meaning="hard")
    return scenario_of(document)


@pytest.mark.parametrize("source", ["act-randers", "cti-aarhus", "an uncertain discount rate"])
def test_the_model_itself_with_all_other_inputs_at_their_means(source):
    """Other inputs enter linearly, so that the model at their means is the conditional mean."""
    scenario = polynomial() if source.startswith("an ") else sr.read(source)
    model = compile_scenario(scenario)
    curves = sr.conditional_means(scenario, levels=LEVELS)
    checked = 0
    for block in products_of(model).blocks:
        if block.vector or (source.startswith("an ") and block.inputs[0] not in model.discount):
            continue  # the discount rate itself enters no line, so that its mean is not enough for the others
        values = np.tile(model.means, (len(LEVELS), 1))
        if len(block.inputs) == 1:
            values[:, block.inputs[0]] = curves["value"].sel(input=block.path)
            wanted = reference.evaluate(model, values).expected
            assert curves["mean"].sel(input=block.path).values == pytest.approx(wanted, rel=1e-11, abs=1e-5)
            checked += 1
    assert checked == (1 if source.startswith("an ") else len(curves["input"]))


@pytest.mark.parametrize("source", ["act-randers", "correlations.toml", "discounts.toml", "an uncertain discount rate"])
def test_draws_in_bins(source):
    """Means of draws of the whole model whose x lies in an eighth of its distribution, against the curve there."""
    path = VALID / source
    scenario = polynomial() if source.startswith("an ") else sr.read(path if path.exists() else source)
    model = compile_scenario(scenario)
    bins, within = 8, 32
    curves = sr.conditional_means(scenario, levels=(np.arange(bins * within) + 0.5) / (bins * within))
    cube = points(plan(2**20, 11, "random"), model.columns, 0)
    drawn = kernel.evaluate(model, values_at(model, cube), None).expected
    columns = {block.path: int(block.columns[0]) for block in products_of(model).blocks if not block.vector}
    assert list(columns) == curves["input"].values.tolist()
    for path, column in columns.items():
        expected = curves["mean"].sel(input=path).values.reshape(bins, within, -1).mean(axis=1)
        error = curves["mean_se"].sel(input=path).values.reshape(bins, within, -1).mean(axis=1)
        for n in range(bins):
            own = drawn[(cube[:, column] * bins).astype(int) == n]
            apart = np.hypot(own.std(axis=0) / np.sqrt(len(own)), error[n])
            assert np.all(np.abs(own.mean(axis=0) - expected[n]) <= 4.5 * apart + 1e-6), (path, n)


@pytest.mark.parametrize("source", ["act-randers", "laere-eksempel", "an uncertain discount rate"])
def test_the_mean_over_the_levels_is_that_of_net_and_the_variance_its_first_order_part(source):
    scenario = polynomial() if source.startswith("an ") else sr.read(source)
    products, whole = products_of(compile_scenario(scenario)), sr.exact(scenario, chance=False)
    for block in products.blocks:
        nodes = nodes_of(products, block)
        once, back = np.unique(nodes.levels, return_inverse=True)
        curve = sr.conditional_means(scenario, levels=once)["mean"].sel(input=block.path).values[back]
        mean = nodes.weights @ curve
        variance = nodes.weights @ (curve - mean) ** 2
        assert mean == pytest.approx(whole["mean"].values, rel=1e-8)
        share = (whole["S1"].sel(input=block.path) * whole["variance"]).values
        assert variance == pytest.approx(share, rel=1e-6, abs=1e-8 * float(whole["variance"].max()))


def test_inputs_that_depend_on_each_other_are_named_and_left_out():
    scenario = sr.read(VALID / "correlations.toml")
    curves = sr.conditional_means(scenario)
    left_out = curves.attrs["left_out"].split(", ")
    assert "success.net" in left_out
    assert "costs.team.amount" in left_out
    assert not set(left_out) & set(curves["input"].values)
    assert curves.attrs["left_out_because"] == "dependent"
    assert curves.attrs["exact"] == 0
    assert float(curves["mean_se"].max()) > 0
    worth = sr.evppi(scenario, draws=1024)["input"].values
    assert set(curves["input"].values) < set(worth) <= {*curves["input"].values, *left_out}


def test_a_change_by_year_has_a_factor_as_its_value():
    curves = sr.conditional_means(scenario_of(copy.deepcopy(DOCUMENT)), levels=[0.5])
    assert curves["value"].sel(input="consequences.skat.change").item() == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("levels", [[], [0.0, 0.5], [0.5, 1.0], [0.5, 0.4], [0.5, 0.5], [np.nan], [[0.1, 0.2]]])
def test_levels_are_probabilities_that_rise(levels):
    with pytest.raises(ValueError, match="levels are probabilities"):
        sr.conditional_means(sr.read("laere-eksempel"), levels=levels)


def test_a_list_by_year_is_one_input_with_name_and_value_of_the_first():
    document = copy.deepcopy(DOCUMENT)
    spread = {"family": "uniform", "parameters": {"low": 800.0, "high": 1200.0}}
    later = {"family": "uniform", "parameters": {"low": 1800.0, "high": 2600.0}}
    unit = document["services"]["bolig"]["price"]["unit"]
    first, second = number(1000.0, unit, **spread), number(2200.0, unit, **later)
    document["services"]["bolig"]["price"] = [first, {**second, "from": 2022}]
    scenario = scenario_of(document)
    curves = sr.conditional_means(scenario, levels=LEVELS)
    paths = [one.path for one in compile_scenario(scenario).inputs if one.path.startswith("services.bolig.price")]
    found = [path for path in curves["input"].values.tolist() if path.startswith("services.bolig.price")]
    assert len(paths) == 2
    assert found == paths[:1]
    assert curves["value"].sel(input=found[0]).values == pytest.approx([820, 840, 1000, 1160])
