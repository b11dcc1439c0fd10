"""Shares that depend on how much is used: closed forms, and what must hold for any bands."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import DOCUMENT, digested, model_of, number, scenario_of
from soemrisk import kernel
from soemrisk.answer import answer, warnings
from soemrisk.bands import Bands, borne, units_by_actor, with_derived
from soemrisk.design import plan
from soemrisk.receipt import content_hash
from soemrisk.scenario import Scenario
from soemrisk.simulation import simulate_model
from soemrisk.statistics import standard_error
from soemrisk.transform import directions, values_at

FIELDS = ("net", "correlated", "expected", "at_zero", "per_rate", "chance_variance", "area", "year")


def simulated(document, draws=1024, seed=0):
    return simulate_model(model_of(document), plan(draws, seed), evaluate=kernel.evaluate)


def of(simulation, actor, field="expected"):
    return getattr(simulation, field)[..., simulation.model.actors.index(actor)]


def only_bolig(shares, level, change, **more):
    """One success in the one year 2020, days at 1 kr., nothing else uncertain but what is given."""
    document = copy.deepcopy(DOCUMENT)
    document["settings"] |= {"last_year": 2020}
    document["participants"]["completers"] = {"2020": 1}
    document["success"] = {"net": number(1.0, "andel")}
    document["costs"], document["groups"] = {}, {}
    service = document["services"]["bolig"]
    service |= {"price": number(1.0, "kr. pr. day"), "shares": shares, "bands": "year"}
    document["consequences"] = {"bolig": {"service": "bolig", "change": change, "level": level, **more}}
    return document


HALF_UNTIL_120 = [{"kommune": 0.5, "stat": 0.5}, {"above": 120, "kommune": 1.0}]


def near(draws, expected):
    means = draws.mean(axis=1)
    assert abs(means.mean() - expected) < 5 * standard_error(means) + 1e-9 * abs(expected)


def test_days_above_the_limit_are_saved_first_and_by_the_kommune_alone():
    """150 days less 60: 30 above the limit at the kommune alone, 30 below it shared."""
    simulation = simulated(only_bolig(HALF_UNTIL_120, number(150.0, "day"), number(-60.0, "day")))
    assert {actor: float(of(simulation, actor).mean()) for actor in simulation.model.actors} == pytest.approx(
        {"total": 60.0, "kommune": 45.0, "stat": 15.0}, rel=1e-14
    )


def test_an_uncertain_level_across_a_limit_has_its_closed_form():
    """L uniform on 100 to 140, 50 days less: the stat gains ½ E[min(L, 120) − (L − 50)] = ½ (115 − 70)."""
    level = number(120.0, "day", low=100.0, high=140.0, meaning="hard", family="uniform")
    simulation = simulated(only_bolig(HALF_UNTIL_120, level, number(-50.0, "day")), 65_536)
    near(of(simulation, "stat"), 22.5)
    near(of(simulation, "kommune"), 27.5)
    np.testing.assert_allclose(of(simulation, "total"), 50.0, rtol=1e-14)
    model = simulation.model
    one = kernel.evaluate(model, np.stack([model.base, model.means]), None).expected
    np.testing.assert_allclose(one[:, model.actors.index("stat")], 25.0, rtol=1e-12)  # f(E X) is not E f(X)


def test_nobody_saves_more_than_is_used_and_the_share_of_such_draws_is_told():
    """L uniform on 0 to 100, 50 days less: E min(50, L) = 37.5, for half the draws the change is cut."""
    level = number(60.0, "day", low=0.0, high=100.0, meaning="hard", family="uniform")
    document = only_bolig(HALF_UNTIL_120, level, number(-50.0, "day"))
    simulation = simulated(document, 65_536)
    near(of(simulation, "total"), 37.5)
    near(of(simulation, "kommune"), 18.75)
    assert simulation.capped.mean() == pytest.approx(0.5, abs=0.001)
    scenario = scenario_of(document)
    assert any("50\u00a0% of the draws" in one for one in warnings(scenario, digested(scenario, simulation), "en"))
    found = answer(scenario, digested(scenario, simulation), "da")
    assert any("consequences.bolig.change" in one for one in found["warnings"])
    document["consequences"]["bolig"]["level"] = number(60.0, "day")
    certain = digested(scenario_of(document), simulated(document))
    assert not any("level" in one for one in warnings(scenario_of(document), certain, "en"))


def test_over_a_spell_the_refusionstrappe_goes_on_from_year_to_year():
    """39 weeks a year, 26 of them with success: shares of weeks 1–39 and 40–78 against those of 1–26 and 27–52."""
    stairs = [
        {"kommune": 0.2, "stat": 0.8},
        {"above": 4, "kommune": 0.6, "stat": 0.4},
        {"above": 26, "kommune": 0.7, "stat": 0.3},
        {"above": 52, "kommune": 0.8, "stat": 0.2},
    ]
    document = only_bolig(stairs, number(39.0, "day"), number(-13.0, "day"))
    document["settings"] |= {"last_year": 2021, "discount_rate": number(0.0, "pr. år")}
    document["services"]["bolig"]["bands"] = "spell"
    year = simulated(document).year[0, 0]
    first = 4 * 0.8 + 22 * 0.4
    np.testing.assert_allclose(year[0], [13, 13 * 0.7, 13 * 0.3], rtol=1e-13)
    stat = (13 * 0.3 + 26 * 0.2) - 26 * 0.3  # weeks 40–78 without, 27–52 with
    np.testing.assert_allclose(year[1], [13, 13 - stat, stat], rtol=1e-13)
    document["consequences"]["bolig"]["level_before"] = number(60.0, "day")
    np.testing.assert_allclose(simulated(document).year[0, 0], [[13, 13 * 0.8, 13 * 0.2]] * 2, rtol=1e-13)
    whole = borne(np.array([26.0]), np.array([0.0, 4, 26, 52]), np.array([[0.8], [0.4], [0.3], [0.2]]))
    assert whole[0, 0] == pytest.approx(first)


shares = st.integers(0, 1000).map(lambda n: n / 1000)
limits = st.lists(st.integers(1, 200), min_size=1, max_size=4, unique=True).map(sorted)


def stepped(parts, above):
    tables = [{"kommune": part, "stat": round(1 - part, 3)} for part in parts]
    return [tables[0], *({"above": limit, **table} for limit, table in zip(above, tables[1:], strict=False))]


def banded(bands, steps, level=70.0, **more):
    document = copy.deepcopy(DOCUMENT)
    document["services"]["bolig"] |= {"shares": steps, "bands": bands}
    document["consequences"]["bolig"] |= {
        "level": number(level, "day", low=level / 2, high=2 * level, meaning="90%"),
        **more,
    }
    return document


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(["year", "spell"]), limits, st.lists(shares, min_size=5, max_size=5), st.floats(31, 300))
def test_actors_add_up_to_a_total_that_no_band_moves(bands, above, parts, level):
    simulation = simulated(banded(bands, stepped(parts, above), round(level, 3)))
    scale = np.abs(simulation.area).sum(axis=(2, 3))[..., None]
    assert np.all(np.abs(simulation.net[..., 0] - simulation.net[..., 1:].sum(axis=-1)) <= 1e-12 * scale[..., 0])
    other = simulated(banded(bands, stepped([1.0, 0.25], [7]), round(level, 3)))
    for field in FIELDS:
        assert of(simulation, "total", field).tobytes() == of(other, "total", field).tobytes()


@settings(max_examples=8, deadline=None)
@given(st.sampled_from(["year", "spell"]), shares, limits)
def test_bands_that_are_all_alike_are_no_bands(bands, part, above):
    alike = simulated(banded(bands, stepped([part] * 5, above), 700.0 / 2))
    plain = banded(bands, {"kommune": part, "stat": round(1 - part, 3)}, 700.0 / 2)
    del plain["services"]["bolig"]["bands"]
    without = simulated(plain)
    assert np.all(alike.capped == 0)
    for draws in (alike, without):
        assert len(draws.model.changes) == 2
    scale = np.abs(without.net).max()
    model = alike.model
    base, other = (kernel.evaluate(one, one.base[None], None).year for one in (model, without.model))
    np.testing.assert_allclose(base, other, rtol=0, atol=1e-12 * np.abs(other).max())
    inputs = [one.path for one in model.inputs if one.path != "consequences.bolig.level"]
    assert inputs == [one.path for one in without.model.inputs]
    cube = np.random.Generator(np.random.Philox(1)).uniform(0.001, 0.999, (64, len(model.columns)))
    values = values_at(model, cube)
    mine = kernel.evaluate(model, values, None)
    kept = [n for n, one in enumerate(model.inputs) if one.path in inputs]  # without the level
    theirs = kernel.evaluate(without.model, values[:, kept], None)
    np.testing.assert_allclose(mine.year, theirs.year, rtol=0, atol=1e-12 * scale)


@pytest.mark.parametrize("bands", ["year", "spell"])
def test_a_limit_that_nobody_reaches_is_none(bands):
    far = simulated(banded(bands, [{"kommune": 0.5, "stat": 0.5}, {"above": 1_000_000, "kommune": 1.0}], 350.0))
    alike = simulated(banded(bands, [{"kommune": 0.5, "stat": 0.5}, {"above": 1, "kommune": 0.5, "stat": 0.5}], 350.0))
    scale = np.abs(alike.net).max()
    for field in ("net", "correlated", "expected", "year"):
        np.testing.assert_allclose(getattr(far, field), getattr(alike, field), rtol=0, atol=1e-12 * scale)


def test_a_lower_limit_moves_savings_from_the_stat_to_the_kommune():
    nets = [simulated(banded("year", [{"stat": 1.0}, {"above": limit, "kommune": 1.0}])) for limit in (30, 60, 90)]
    gains = [float(of(one, "stat", "per_rate").mean()) for one in nets]
    assert gains[0] < gains[1] < gains[2]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(0, 60), min_size=4, max_size=4),
    st.lists(st.floats(-60, 60), min_size=4, max_size=4),
    st.floats(0, 100),
    limits,
)
def test_over_a_spell_the_years_together_bear_the_difference_of_the_whole(levels, changes, before, above):
    """S telescopes: Σ_k of the years is S(before + all with) − S(before + all without), a closed form."""
    bounds = np.array([[0.0, *map(float, above)]])
    part = np.linspace(0.1, 0.9, bounds.shape[1])
    table = np.stack([np.ones_like(part), part, 1 - part], axis=1)[None]
    bands = Bands(
        change=0, level=1, factor=None, persistence=None, before=2, changes=np.array(changes),
        levels=np.array(levels), since=np.zeros(4), spell=True, bounds=bounds, shares=table,
    )  # fmt: skip
    values = np.array([[1.0, 1.0, before], [0.5, 2.0, before]])
    years = units_by_actor(bands, values)
    assert years.shape == (2, 4, 1, 3)
    for n, (moved, used, start) in enumerate(values):
        without = used * np.array(levels)
        with_ = np.maximum(without + moved * np.array(changes), 0)
        ends = [borne(np.array(start + one.sum()), bounds[0], table[0]) for one in (with_, without)]
        np.testing.assert_allclose(years[n].sum(axis=(0, 1))[1:], (ends[0] - ends[1])[1:], rtol=0, atol=1e-10)
    np.testing.assert_allclose(years[..., 0], years[..., 1:].sum(axis=-1), rtol=0, atol=1e-10)


def test_in_its_first_year_a_spell_without_a_past_is_a_year():
    year, spell = (simulated(banded(bands, stepped([0.2, 0.6, 0.9], [20, 60]))).year for bands in ("year", "spell"))
    np.testing.assert_allclose(year[:, :, 0], spell[:, :, 0], rtol=1e-12, atol=1e-9)
    assert not np.allclose(year[:, :, 1, 1], spell[:, :, 1, 1])


def test_reordering_a_file_with_bands_changes_nothing():
    document = banded("spell", stepped([0.2, 0.6, 0.9], [20, 60]), level_before=number(10.0, "day"))
    document["services"]["skat"] |= {"shares": stepped([0.25, 0.75], [3]), "bands": "year"}
    document["consequences"]["skat"]["level"] = number(4.0, "week")
    turned = {
        key: dict(reversed(value.items())) if key in {"services", "consequences", "groups"} else value
        for key, value in reversed(document.items())
    }
    first, second = simulated(document, 256), simulated(turned, 256)
    assert content_hash(scenario_of(document)) == content_hash(scenario_of(turned))
    assert first.net.tobytes() == second.net.tobytes()
    again = Scenario.model_validate_json(scenario_of(document).model_dump_json(by_alias=True, exclude_defaults=True))
    assert again == scenario_of(document)


@pytest.mark.parametrize("income", [True, False])
def test_the_correlated_band_turns_a_banded_consequence_towards_the_same_side(income):
    document = banded("year", stepped([0.2, 0.6], [40]), 350.0)
    document["services"]["bolig"]["income"] = income
    model = model_of(document)
    names = {model.inputs[q].path: gains for q, gains in directions(model).items()}
    assert names == {"consequences.bolig.change": income, "consequences.skat.change": True}
    wide = simulated(document, 16_384)
    assert of(wide, "total", "correlated").std() > 1.02 * of(wide, "total", "net").std()


def test_base_and_means_have_the_derived_values_of_base_and_means():
    model = model_of(banded("year", stepped([0.2, 0.6], [40])))
    q = len(model.inputs)
    assert model.stated.shape == (q,)
    assert model.base.shape == model.means.shape == (q + 5 * 1 * 3,)
    np.testing.assert_array_equal(model.base, with_derived(model.stated[None], model.bands)[0])
    np.testing.assert_array_equal(model.means, with_derived(model.means[None, :q], model.bands)[0])
    assert model.factors.max() == q + 5 * 1 * 3 - 1


def test_bands_are_rolled_up_in_actors_with_a_parent():
    steps = [{"enhed": 0.25, "kommune": 0.25, "stat": 0.5}, {"above": 40, "enhed": 1.0}]
    document = banded("year", steps)
    document["actors"]["enhed"] = {"name": "Enhed", "parent": "kommune"}
    plain = banded("year", [{"kommune": 0.5, "stat": 0.5}, {"above": 40, "kommune": 1.0}])
    for field in FIELDS:
        ours, theirs = of(simulated(document), "kommune", field), of(simulated(plain), "kommune", field)
        assert ours.tobytes() == theirs.tobytes()
