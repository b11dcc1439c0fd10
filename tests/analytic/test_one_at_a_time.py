"""One input at a time: break-even of any input, both tornados, and the split of the total's risk, by hand."""

import copy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import DOCUMENT, model_of, number, scenario_of
from soemrisk import kernel, reference
from soemrisk.break_evens import zero_of_line
from soemrisk.compilation import compile_scenario
from soemrisk.contributions import euler_split
from soemrisk.design import plan
from soemrisk.drivers import check_request, drivers
from soemrisk.gain_curve import chance_of_gain
from soemrisk.moments import products_of
from soemrisk.product_values import line_in_block, terms_at
from soemrisk.reading import parse, read
from soemrisk.running import run_scenario
from soemrisk.simplex import with_share
from soemrisk.simulation import simulate_model
from soemrisk.statistics import risk
from soemrisk.threshold_tables import break_even_tables
from soemrisk.thresholds import (
    base_line,
    break_even_of,
    drawn_values,
    is_line,
    lines,
    roots,
    zero_over_pair,
)
from soemrisk.tornado import LEVELS, by_ten_percent, by_uncertainty, table_of_pair

VALID = sorted((Path(__file__).parents[1] / "spec" / "valid").glob("*.toml"))
SHIPPED = ["act-randers", "cti-aarhus", "laere-eksempel"]
SMALL = plan(256, 3)
Evaluate = kernel.evaluate


def position(model, path):
    return next(q for q, one in enumerate(model.inputs) if one.path == path)


def net_with(model, q, x):
    stated = model.stated.copy()
    stated[q] = x
    return reference.evaluate(model, model.derive(stated[None])).expected[0]


@pytest.mark.parametrize("source", [*SHIPPED, *VALID], ids=lambda source: Path(source).stem)
def test_what_is_called_a_line_is_one(source):
    model = compile_scenario(read(source))
    for q in range(len(model.inputs)):
        if not is_line(model, q):
            continue
        step = abs(model.stated[q]) or 1.0
        first, second, third = (net_with(model, q, model.stated[q] + k * step) for k in (0.0, 0.5, 1.0))
        size = np.abs([first, second, third]).max() + 1.0
        assert np.all(np.abs(first - 2 * second + third) <= 1e-9 * size), model.inputs[q].path


@pytest.mark.parametrize("source", SHIPPED)
def test_the_result_is_zero_at_the_break_even_of_every_input(source):
    model = compile_scenario(read(source))
    for q in range(len(model.inputs)):
        if is_line(model, q):
            alpha, beta = base_line(model, q, Evaluate)
            for a, zero in enumerate(zero_of_line(alpha, beta)):
                if np.isfinite(zero):
                    slack = 1e-9 * (np.abs(alpha[a]) + np.abs(beta[a] * zero))
                    assert abs(net_with(model, q, zero)[a]) <= slack + 1e-3


def test_lines_of_draws_are_the_draws():
    model = compile_scenario(read("act-randers"))
    drawn = drawn_values(model, SMALL)
    for path in ("success.with", "consequences.herberg.change", "costs.indsats.amount"):
        found = lines(model, drawn, position(model, path), Evaluate)
        net = np.stack([Evaluate(model, values, None).expected for values in drawn])
        line = found.at_zero + found.per_unit * found.values[..., None]
        assert np.abs(line - net).max() <= 1e-9 * np.abs(net).max()


def test_break_even_of_the_success_rate_is_that_of_the_run():
    """With no rate without, success.net and success.with are the same question."""
    document = copy.deepcopy(DOCUMENT)
    document["success"] = {"net": number(0.5, "andel", family="beta", parameters={"a": 6.0, "b": 6.0})}
    model = model_of(document)
    drawn = drawn_values(model, SMALL)
    known = lines(model, drawn, position(model, "success.net"), Evaluate)
    found = break_even_of(model, known, position(model, "success.net"), Evaluate)
    simulation = simulate_model(model, SMALL, evaluate=Evaluate)
    for a, row in enumerate(found):
        by_run = -simulation.at_zero[..., a] / simulation.per_rate[..., a]
        for name, level in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
            assert row[name] == pytest.approx(np.quantile(by_run, level, method="hazen"), rel=1e-9)
        assert row["prob_reached"] == (simulation.expected[..., a] >= 0).mean()
        ends = simulation.at_zero[..., a], simulation.at_zero[..., a] + simulation.per_rate[..., a]
        assert row["prob_always"] == ((ends[0] >= 0) & (ends[1] >= 0)).mean()
        assert row["prob_never"] == ((ends[0] < 0) & (ends[1] < 0)).mean()


def test_all_roots_of_what_is_no_line():
    """Costs first and gains later: a discount rate at which it is 0, and none for an actor who only gains."""
    document = copy.deepcopy(DOCUMENT)
    document["settings"]["discount_rate"] = number(0.04, "pr. år", low=0.0, high=0.9, meaning="hard")
    document["costs"]["drift"]["amount"] = number(1_000_000.0)
    model = model_of(document)
    q = position(model, "settings.discount_rate")
    assert not is_line(model, q)
    found = roots(model, q, Evaluate)
    grid = np.linspace(1e-6, 0.9 - 1e-6, 4001)
    for a, every in enumerate(found):
        signs = np.array([net_with(model, q, x)[a] > 0 for x in grid[::40]])
        assert len(every) == np.count_nonzero(signs[1:] != signs[:-1])
        for root in every:
            assert abs(net_with(model, q, root)[a]) <= 1e-6
    assert any(found)


def test_roots_of_a_certain_change_and_of_nothing_at_the_end():
    """Days in bands with a certain change and level: both signs lie within four times what is stated."""
    text = (VALID[0].parent / "refusion-by-days-of-a-year.toml").read_text(encoding="utf-8")
    certain = '{ value = VALUE, unit = "døgn", source = "assumption: teaching example" }'
    stated = {"change": certain.replace("VALUE", "-60"), "level": certain.replace("VALUE", "150")}
    written = [
        f"{key} = {stated[key]}" if (key := line.split(" ")[0]) in stated else line for line in text.splitlines()
    ]
    cheaper = "\n".join(written).replace("amount = { value = 2000000", "amount = { value = 1200000")
    model = compile_scenario(parse(cheaper.encode(), "days"))
    change = position(model, "consequences.herberg.change")
    for a, every in enumerate(roots(model, change, Evaluate)[:2]):
        assert len(every) == 1
        assert net_with(model, change, -30.0)[a] < 0 < net_with(model, change, -60.0)[a]
        assert -60 < every[0] < -30
        assert abs(net_with(model, change, every[0])[a]) <= 1e-6
    level = position(model, "consequences.herberg.level")
    at_nothing = net_with(model, level, 0.0)
    for a, every in enumerate(roots(model, level, Evaluate)):
        assert all(root > 1.0 for root in every) or at_nothing[a] * net_with(model, level, 1e-3)[a] < 0


@pytest.mark.parametrize(
    ("source", "pair"),
    [
        ("act-randers", ("success.with", "costs.indsats.amount")),
        ("act-randers", ("consequences.herberg.change", "success.with")),
        (VALID[0].parent / "correlations.toml", ("services.herberg.shares.kommune", "success.net")),
    ],
)
def test_two_inputs_meet_zero_on_a_line(source, pair):
    """Where the second is what the table says, the result is 0."""
    model = compile_scenario(read(source))
    xs, ys, net = table_of_pair(model, pair, Evaluate)
    zeros = zero_over_pair(model, pair[1], ys, net)
    q = position(model, pair[1])
    for n, level in enumerate(LEVELS):
        for a, zero in enumerate(zeros[n]):
            if np.isfinite(zero):
                other = np.interp([0.0, 1.0], [0.0, 1.0], [net[n, 0, a], net[n, -1, a]])
                at_zero = other[0] + (other[1] - other[0]) * (zero - ys[0]) / (ys[-1] - ys[0])
                assert abs(at_zero) <= 1e-6 * np.abs(net[..., a]).max()
                if pair[0].startswith(("success", "consequences")):
                    stated = model.stated.copy()
                    stated[[position(model, pair[0]), q]] = xs[n], zero
                    found = reference.evaluate(model, model.derive(stated[None])).expected[0, a]
                    assert abs(found) <= 1e-3, level


def test_lines_of_products_are_those_of_the_kernel():
    for source in ("act-randers", "cti-aarhus"):
        model = compile_scenario(read(source))
        products = products_of(model)
        drawn = drawn_values(model, SMALL)
        for b, block in enumerate(products.blocks):
            known = lines(model, drawn, int(block.inputs[0]), Evaluate)
            for values, at_zero, per_unit in zip(drawn, known.at_zero, known.per_unit, strict=True):
                terms = terms_at(products, values, np.ones(len(products.functions)), {})
                found = line_in_block(products, values, terms, b)
                scale = 1e-9 * (np.abs(at_zero) + np.abs(per_unit * values[:, [int(block.inputs[0])]])).max()
                assert np.abs(found[0] - at_zero).max() <= scale
                assert np.abs((found[1] - per_unit) * values[:, [int(block.inputs[0])]]).max() <= scale


@pytest.mark.parametrize("chance", ["nobody-harmed", "independent"])
def test_chance_of_a_gain_over_the_rate(chance):
    """At one rate it is the chance of a run in which the rate is certain."""
    document = copy.deepcopy(DOCUMENT)
    document["settings"]["chance"] = chance
    model = model_of(document)
    design = plan(2**14, 5)
    prob, error = chance_of_gain(model, design, np.array([0.0, 0.3, 0.45]), Evaluate)
    for k, rate in enumerate((0.0, 0.3, 0.45)):
        fixed = copy.deepcopy(document)
        fixed["success"]["with"] = number(rate + 0.1, "andel")
        fixed["success"]["without"] = number(0.1, "andel")
        simulation = simulate_model(model_of(fixed), design, evaluate=Evaluate)
        by_replicate = (simulation.net > 0).mean(axis=1)
        allowed = 4 * (error[k] + by_replicate.std(axis=0, ddof=1) / 4) + 2e-3
        if chance == "nobody-harmed" or rate == 0.0:
            assert np.all(np.abs(prob[k] - by_replicate.mean(axis=0)) <= allowed)
        else:  # the rate without is drawn around 0.1 there and certain here
            assert np.all(np.abs(prob[k] - by_replicate.mean(axis=0)) <= allowed + 0.02)


def test_a_high_rate_is_reached_where_rate_and_rate_without_are_above_one():
    """0.95 with up to 0.2 without: the rate without gives way, so that the net rate is what was asked for."""
    design = plan(2**14, 5)
    document = copy.deepcopy(DOCUMENT)
    document["success"]["without"] = number(0.15, "andel", low=0.1, high=0.2, meaning="hard")
    prob, error = chance_of_gain(model_of(document), design, np.array([0.95]), Evaluate)
    fixed = {**document, "success": {"net": number(0.95, "andel")}}
    simulation = simulate_model(model_of(fixed), design, evaluate=Evaluate)
    by_replicate = (simulation.net > 0).mean(axis=1)
    slack = 4 * (error[0] + by_replicate.std(axis=0, ddof=1) / 4) + 1e-3
    assert np.all(np.abs(prob[0] - by_replicate.mean(axis=0)) <= slack)
    document["costs"]["drift"]["amount"] = number(1_300_000.0, low=1_200_000.0, high=1_400_000.0, meaning="hard")
    prob, _ = chance_of_gain(model_of(document), design, np.array([0.9, 0.95, 1.0]), Evaluate)
    assert np.all(np.diff(prob[:, 0]) > 0)


def test_a_line_where_the_input_is_zero_in_some_draws():
    document = copy.deepcopy(DOCUMENT)
    unit = document["consequences"]["bolig"]["change"]["unit"]
    values = {"values": [-30.0, 0.0], "weights": [0.5, 0.5]}
    document["consequences"]["bolig"]["change"] = number(-30.0, unit, family="discrete", parameters=values)
    model = model_of(document)
    products = products_of(model)
    q = position(model, "consequences.bolig.change")
    b = products.paths.index("consequences.bolig.change")
    drawn = drawn_values(model, SMALL)
    assert (drawn[:, :, q] == 0).any()
    known = lines(model, drawn, q, Evaluate)
    for values, per_unit in zip(drawn, known.per_unit, strict=True):
        terms = terms_at(products, values, np.ones(len(products.functions)), {})
        assert line_in_block(products, values, terms, b)[1] == pytest.approx(per_unit, rel=1e-9)


def test_tornado_of_quantiles_and_of_ten_percent():
    document = copy.deepcopy(DOCUMENT)
    document["success"] = {"net": number(0.95, "andel", low=0.8, high=1.0, meaning="hard", family="uniform")}
    model = model_of(document)
    bars = {bar.path: bar for bar in by_uncertainty(model, Evaluate)}
    rate = bars["success.net"]
    assert (rate.low, rate.high) == pytest.approx((0.82, 0.98))
    q = position(model, "success.net")
    assert rate.at_low == pytest.approx(net_with(model, q, 0.82))
    assert rate.at_high == pytest.approx(net_with(model, q, 0.98))
    assert rate.swing == pytest.approx(np.abs(rate.at_high - rate.at_low))
    assert rate.monotone.all()
    assert set(bars) == {model.inputs[q].path for q in model.uncertain}
    ten = {bar.path: bar for bar in by_ten_percent(model, Evaluate)}
    assert (ten["success.net"].low, ten["success.net"].high) == pytest.approx((0.855, 1.0))  # a rate stops at 1
    assert "services.skat.price" in ten  # certain inputs too
    price = ten["services.skat.price"]
    assert (price.low, price.high) == pytest.approx((450.0, 550.0))
    assert price.at_low == pytest.approx(net_with(model, position(model, "services.skat.price"), 450.0))


def test_what_rises_and_falls_is_marked():
    """A discount rate: costs far in the future and gains early, then the other way round."""
    document = copy.deepcopy(DOCUMENT)
    document["settings"]["discount_rate"] = number(0.1, "pr. år", low=0.0, high=1.0, meaning="hard", family="uniform")
    document["consequences"]["bolig"]["change"] = number([0.0, 100.0, 0.0, -120.0], "day", significant=0.05)
    document["consequences"]["skat"]["change"] = number(0.0, "week")
    document["costs"]["drift"]["amount"] = number(1000.0)
    model = model_of(document)
    q = position(model, "settings.discount_rate")
    at = [net_with(model, q, x) for x in LEVELS]
    steps = np.diff(at, axis=0)
    both = (steps > 0).any(axis=0) & (steps < 0).any(axis=0)
    bar = next(bar for bar in by_uncertainty(model, Evaluate) if bar.path == "settings.discount_rate")
    assert bar.monotone.tolist() == (~both).tolist()
    assert both.any()


def test_shares_that_move_still_add_up_to_one():
    model = compile_scenario(read(VALID[0].parent / "correlations.toml"))
    simplex = model.simplexes[0]
    names = {model.inputs[int(q)].path.split("@")[0] for q in simplex.inputs}
    base = reference.evaluate(model, model.base[None]).expected[0]
    for bar in by_uncertainty(model, Evaluate):
        if bar.path in names:
            roots_only = model.roots
            assert bar.at_low[0] == pytest.approx(base[0])
            assert bar.at_low[roots_only].sum() == pytest.approx(bar.at_low[0])
            assert bar.at_high[roots_only].sum() == pytest.approx(bar.at_high[0])


def shared(concentration=20.0, **shares):
    """The small scenario with three payers of the housing, whose shares are uncertain; tax goes to stat alone."""
    document = copy.deepcopy(DOCUMENT)
    document["actors"]["region"] = {"name": "Region"}
    document["services"]["bolig"]["shares"] = shares
    document["services"]["bolig"]["shares_concentration"] = concentration
    document["services"]["skat"]["shares"] = {"stat": 1.0}
    return document


def test_break_even_of_a_share_by_hand():
    """Kommune bears x of what is saved and all costs; what is left goes to region and stat as 3 to 2."""
    model = model_of(shared(kommune=0.5, region=0.3, stat=0.2))
    drawn = drawn_values(model, SMALL)
    costless = shared(kommune=0.5, region=0.3, stat=0.2)
    costless["costs"]["drift"]["amount"] = number(0.0)
    whole = reference.evaluate(model, model.base[None]).expected[0]
    free = reference.evaluate(model_of(costless), model_of(costless).base[None]).expected[0]
    cost, housing = free[0] - whole[0], free[1] / 0.5
    tax = whole[model.actors.index("stat")] - 0.2 * housing
    q = position(model, "services.bolig.shares.kommune")
    found = break_even_of(model, lines(model, drawn, q, Evaluate), q, Evaluate)
    total, kommune, stat, region = (found[model.actors.index(a)] for a in ("total", "kommune", "stat", "region"))
    assert kommune["base"] == pytest.approx(cost / housing, rel=1e-9)
    assert kommune["slope"] == pytest.approx(housing, rel=1e-9)
    assert stat["slope"] == pytest.approx(-0.4 * housing, rel=1e-9)
    assert stat["base"] == pytest.approx(1 + tax / (0.4 * housing), rel=1e-9)
    assert region["slope"] == pytest.approx(-0.6 * housing, rel=1e-9)
    assert region["base"] == pytest.approx(1.0, rel=1e-9)
    assert total["slope"] == 0.0
    assert not np.isfinite(total["base"])


def test_a_share_that_leaves_nothing_for_the_others_leaves_them_no_loss():
    """At a share of 1 the others get nothing, not what rounding leaves of it, and that is no loss."""
    model = model_of(shared(kommune=0.4, region=0.25, stat=0.35, concentration=6.0))
    drawn = drawn_values(model, SMALL)
    q = position(model, "services.bolig.shares.kommune")
    found = break_even_of(model, lines(model, drawn, q, Evaluate), q, Evaluate)
    flat = drawn.reshape(-1, drawn.shape[-1])
    nothing = np.array([net_with_shares(model, values, 0.0) for values in flat[:512]])
    region = model.actors.index("region")
    always = (nothing[:, region] >= 0).mean()
    some = break_even_of(model, lines(model, flat[None, :512], q, Evaluate), q, Evaluate)[region]
    assert some["prob_always"] == pytest.approx(always, abs=1e-12)
    assert some["prob_never"] == 0.0
    assert found[region]["prob_never"] == 0.0


def net_with_shares(model, values, x):
    moved = values[None, : len(model.inputs)].copy()
    q = position(model, "services.bolig.shares.kommune")
    simplex = model.simplexes[0]
    i = simplex.inputs.tolist().index(q)
    moved[:, simplex.inputs] = with_share(moved[:, simplex.inputs], i, x, simplex.alphas)
    return kernel.evaluate(model, moved, None).expected[0]


def test_quantiles_of_the_break_even_of_a_share_are_those_of_its_parts():
    """Everything else certain but the costs: x* is costs over savings, in every draw."""
    document = shared(kommune=0.5, region=0.3, stat=0.2)
    document["success"] = {"net": number(0.5, "andel")}
    for place in (document["groups"]["register"]["factor"], document["services"]["bolig"]["price"]):
        for key in ("low", "high", "meaning"):
            place.pop(key)
    for key in ("bolig", "skat"):
        document["consequences"][key]["change"].pop("significant")
    document["costs"]["drift"]["amount"] = number(1e6, family="uniform", parameters={"low": 8e5, "high": 1.2e6})
    model = model_of(document)
    design = plan(2**13, 3)
    q = position(model, "services.bolig.shares.kommune")
    found = break_even_of(model, lines(model, drawn_values(model, design), q, Evaluate), q, Evaluate)[1]
    for name, part in (("p10", 0.84), ("p50", 1.0), ("p90", 1.16)):
        assert found[name] == pytest.approx(part * found["base"], rel=1e-4)


SHARES = st.tuples(st.integers(50, 450), st.integers(50, 450)).map(lambda two: (*two, 1000 - sum(two)))


@settings(max_examples=30)
@given(SHARES, st.sampled_from([2.0, 20.0, 200.0]), st.integers(0, 2))
def test_net_is_zero_at_the_break_even_of_a_share(sizes, concentration, moved):
    """Evaluated by the slow twin at shares made by hand; what one gains by a share the others lose."""
    actors = ("kommune", "region", "stat")
    shares = {actor: size / 1000 for actor, size in zip(actors, sizes, strict=True)}
    model = model_of(shared(concentration, **shares))
    places = {actor: position(model, f"services.bolig.shares.{actor}") for actor in actors}
    q = places[actors[moved]]
    drawn = drawn_values(model, plan(64, 3))
    known = lines(model, drawn, q, Evaluate)
    roots_only = model.roots
    size = np.abs(known.at_zero) + np.abs(known.per_unit)
    assert np.all(np.abs(known.per_unit[..., roots_only].sum(axis=2)) <= 1e-9 * size.sum(axis=2))
    zeros = zero_of_line(known.at_zero, known.per_unit)
    for r in (0, 7):
        for a in range(len(model.actors)):
            x = np.where(np.isfinite(zeros[r, :, a]), zeros[r, :, a], 0.0)
            values = drawn[r].copy()
            left = sum(values[:, at] for at in places.values()) - values[:, q]
            for at in places.values():
                values[:, at] = x if at == q else values[:, at] / left * (1 - x)
            net = reference.evaluate(model, values).expected[:, a]
            slack = 1e-9 * (np.abs(known.at_zero[r, :, a]) + np.abs(known.per_unit[r, :, a] * x)) + 1e-3
            assert np.all((np.abs(net) <= slack) | ~np.isfinite(zeros[r, :, a]))


def one_price_twice():
    """The small scenario with a second housing service whose price is the same library entry; by hand two prices."""
    document = copy.deepcopy(DOCUMENT)
    document["services"]["bolig"]["price"] |= {"library": "a-price", "family": "uniform"}
    document["services"]["hus"] = {**copy.deepcopy(document["services"]["bolig"]), "name": "Hus"}
    document["consequences"]["hus"] = {"service": "hus", "change": number(-15.0, "day", significant=0.05)}
    return document


def with_prices(model, x):
    """Net result of the base case with both prices at x."""
    stated = model.stated.copy()
    stated[[position(model, "services.bolig.price"), position(model, "services.hus.price")]] = x
    return reference.evaluate(model, model.derive(stated[None])).expected[0]


def test_one_entry_in_two_places_has_one_break_even():
    model = model_of(one_price_twice())
    assert sum("price" in key for key in model.columns) == 1
    drawn = drawn_values(model, SMALL)
    for path in ("services.bolig.price", "services.hus.price"):
        q = position(model, path)
        for a, zero in enumerate(zero_of_line(*base_line(model, q, Evaluate))):
            assert abs(with_prices(model, zero)[a]) <= 1e-3
        known = lines(model, drawn, q, Evaluate)
        net = np.stack([Evaluate(model, values, None).expected for values in drawn])
        line = known.at_zero + known.per_unit * known.values[..., None]
        assert np.abs(line - net).max() <= 1e-9 * np.abs(net).max()
        values = drawn[0].copy()
        values[:, [position(model, "services.bolig.price"), position(model, "services.hus.price")]] = 70.0
        wanted = reference.evaluate(model, values).expected
        assert known.at_zero[0] + known.per_unit[0] * 70.0 == pytest.approx(wanted, rel=1e-9)
        rows = break_even_tables(products_of(model), SMALL, Evaluate)[path]
        other = {"services.bolig.price", "services.hus.price"} - {path}
        assert all(row["together_with"] == list(other) for row in rows.values())


def test_steps_keep_their_proportion_where_they_turn():
    """10 % more in the first years and 10 % more later: the result lies on the line of the first."""
    document = copy.deepcopy(DOCUMENT)
    later = number(1500.0, "kr. pr. day", low=1200.0, high=1800.0, meaning="hard")
    document["services"]["bolig"]["price"] = [document["services"]["bolig"]["price"], {"from": 2022, **later}]
    model = model_of(document)
    first, second = position(model, "services.bolig.price"), position(model, "services.bolig.price@2022")
    alpha, beta = base_line(model, first, Evaluate)
    stated = model.stated.copy()
    stated[[first, second]] = 1100.0, 1650.0
    net = reference.evaluate(model, model.derive(stated[None])).expected[0]
    assert alpha + beta * 1100.0 == pytest.approx(net, rel=1e-9)
    its_alpha, its_beta = base_line(model, second, Evaluate)
    assert its_alpha + its_beta * 1650.0 == pytest.approx(net, rel=1e-9)


def test_one_entry_in_two_places_is_one_bar():
    model = model_of(one_price_twice())
    for bars, ends in ((by_uncertainty, (840.0, 1160.0)), (by_ten_percent, (900.0, 1100.0))):
        (bar,) = [bar for bar in bars(model, Evaluate) if "bolig.price" in bar.path or "hus.price" in bar.path]
        assert bar.places == ("services.bolig.price", "services.hus.price")
        assert bar.at_low == pytest.approx(with_prices(model, ends[0]), rel=1e-9)
        assert bar.at_high == pytest.approx(with_prices(model, ends[1]), rel=1e-9)


def test_one_entry_in_two_places_in_a_pair():
    model = model_of(one_price_twice())
    xs, ys, net = table_of_pair(model, ("costs.drift.amount", "services.hus.price"), Evaluate)
    costs = position(model, "costs.drift.amount")
    zeros = zero_over_pair(model, "services.hus.price", ys, net)
    for n in (0, 8):
        stated = model.stated.copy()
        stated[costs] = xs[n]
        for x, wanted in ((ys[3], net[n, 3]), (zeros[n, 0], None)):
            stated[[position(model, "services.bolig.price"), position(model, "services.hus.price")]] = x
            found = reference.evaluate(model, model.derive(stated[None])).expected[0]
            if wanted is None:
                assert abs(found[0]) <= 1e-3
            else:
                assert found == pytest.approx(wanted, rel=1e-9)
    both = ("services.bolig.price", "services.hus.price")
    with pytest.raises(ValueError, match="one number"):
        table_of_pair(model, both, Evaluate)
    asked = check_request(scenario_of(one_price_twice()), None, both)
    assert [name for name, _ in asked] == ["one-number-pair"]


def test_one_number_that_multiplies_itself_is_no_line():
    """The change and the price of one service as one library entry: a parabola, whose root is found."""
    document = copy.deepcopy(DOCUMENT)
    shared_by_both = {"family": "uniform", "parameters": {"low": 1.0, "high": 400.0}, "library": "a-number"}
    document["consequences"]["bolig"]["change"] = number(-100.0, "day", family="uniform", library="a-number",
                                                         parameters={"low": -400.0, "high": -1.0})  # fmt: skip
    document["services"]["bolig"]["price"] = number(100.0, "kr. pr. day", **shared_by_both)
    model = model_of(document)
    q = position(model, "services.bolig.price")
    assert not is_line(model, q)
    (root,) = roots(model, q, Evaluate)[0]
    stated = model.stated.copy()
    stated[[q, position(model, "consequences.bolig.change")]] = root, -root
    assert abs(reference.evaluate(model, model.derive(stated[None])).expected[0, 0]) <= 1e-2


def test_ten_percent_of_shares_that_add_up_to_one_is_counted_once():
    """Two payers of everything: one up is the other down, and the swing of the pair is that of one of them."""
    document = copy.deepcopy(DOCUMENT)
    document["services"]["bolig"]["shares"] = {"kommune": 0.5, "stat": 0.5}
    document["services"]["bolig"]["shares_concentration"] = 20.0
    scenario = scenario_of(document)
    found = drivers(scenario, run_scenario(scenario, plan(1024, 1)), evaluate=Evaluate, importance="elasticity")
    bars = {bar["input"]: bar for bar in found["tornado"]["ten_percent"]}
    for actor in ("kommune", "stat"):
        shares = [bars[f"services.bolig.shares.{one}"] for one in ("kommune", "stat")]
        swings = [abs(bar["at_high"][actor] - bar["at_low"][actor]) for bar in shares]
        (row,) = [one for key, one in found["priorities"]["actors"][actor].items() if ".shares." in key]
        assert len(row["inputs"]) == 2
        assert row["ten_percent"] == pytest.approx(max(swings), rel=1e-12)
        assert row["ten_percent"] > 0


def test_table_of_a_pair():
    model = compile_scenario(read("act-randers"))
    xs, ys, net = table_of_pair(model, ("success.with", "costs.indsats.amount"), Evaluate)
    assert net.shape == (9, 9, 4)
    stated = model.stated.copy()
    stated[position(model, "success.with")], stated[position(model, "costs.indsats.amount")] = xs[2], ys[7]
    assert net[2, 7] == pytest.approx(reference.evaluate(model, model.derive(stated[None])).expected[0])
    with pytest.raises(ValueError, match="no uncertain input"):
        table_of_pair(model, ("success.with", "settings.discount_rate"), Evaluate)


def test_parts_of_the_risk_add_up_to_it():
    model = compile_scenario(read("act-randers"))
    simulation = simulate_model(model, plan(2**14, 1), evaluate=Evaluate)
    total = simulation.net[:, :, 0]
    for parts in (simulation.net[:, :, model.roots], simulation.area[..., 0], simulation.year[..., 0]):
        found = euler_split(parts)
        assert found.sd.sum() == pytest.approx(total.std(), rel=1e-9)
        assert found.tail.sum() == pytest.approx(risk(total, 0.0)["cvar10"], rel=1e-9)
        assert np.all(found.sd_error >= 0)


def test_split_of_two_normals_is_their_covariance():
    rng = np.random.Generator(np.random.Philox(4))
    score = rng.standard_normal((16, 20_000, 2))
    parts = np.stack([3 * score[..., 0], score[..., 0] + 2 * score[..., 1]], axis=2)
    covariance = np.array([[9.0, 3.0], [3.0, 5.0]])
    sd = np.sqrt(covariance.sum())
    found = euler_split(parts)
    wanted = covariance.sum(axis=1) / sd
    assert np.all(np.abs(found.sd - wanted) <= 4 * found.sd_error)
    density = 1.7549833193  # φ(Φ⁻¹(0.1)) / 0.1: the mean of the worst tenth of a standard normal
    assert np.all(np.abs(found.tail + wanted * density) <= 4 * found.tail_error)


def test_a_constant_has_no_risk():
    found = euler_split(np.full((4, 8, 3), 2.5))
    assert found.sd.tolist() == [0.0, 0.0, 0.0]
    assert found.tail.tolist() == [2.5, 2.5, 2.5]
