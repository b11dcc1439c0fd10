"""Actors with a parent: results for both levels, roots that add up, grants that net out, one order of print."""

import copy
import io
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import DOCUMENT, SOURCE, digested, model_of, number, scenario_of
from soemrisk import kernel
from soemrisk.answer import answer
from soemrisk.design import plan
from soemrisk.simulation import simulate_model
from soemrisk.tables import tables
from soemrisk.terminal import report


def simulated(document, draws=1024):
    return simulate_model(model_of(document), plan(draws, 0), evaluate=kernel.evaluate)


def of(simulation, actor, field="net"):
    return getattr(simulation, field)[..., simulation.model.actors.index(actor)]


def grant(payer, receiver):
    return {
        "name": "Pulje", "area": "omkostninger", "amount": number(100_000.0), "years": {"2020": 1.0},
        "payer": payer, "receiver": receiver, "booked": True, "booked_source": SOURCE,
    }  # fmt: skip


@pytest.fixture
def family(document):
    """The small scenario with a kommune of two forvaltninger, one of them with a unit of its own."""
    document["actors"] = {
        "enhed": {"name": "Enhed", "parent": "social"},
        "stat": {"name": "Stat"},
        "kommune": {"name": "Kommune"},
        "job": {"name": "Job", "parent": "kommune"},
        "social": {"name": "Social", "parent": "kommune"},
    }
    document["services"]["bolig"]["shares"] = {"kommune": 0.125, "social": 0.25, "enhed": 0.125, "stat": 0.5}
    document["services"]["skat"]["shares"] = {"job": 0.25, "stat": 0.75}
    document["costs"]["drift"]["payer"] = {"social": 0.5, "enhed": 0.25, "job": 0.25}
    return document


def test_a_kommune_with_forvaltninger_has_the_result_of_the_kommune_without(family):
    plain = copy.deepcopy(DOCUMENT)
    for field in ("net", "expected", "correlated", "area", "year", "chance_variance", "per_rate", "at_zero"):
        for actor in ("total", "kommune", "stat"):
            ours, theirs = of(simulated(family), actor, field), of(simulated(plain), actor, field)
            assert ours.tobytes() == theirs.tobytes(), (actor, field)


def test_a_parent_is_its_own_part_and_its_childrens(family):
    alone = copy.deepcopy(family)
    alone["actors"] = {name: {"name": actor["name"]} for name, actor in family["actors"].items()}
    own, rolled = simulated(alone), simulated(family)
    scale = np.abs(own.net).max()
    inside = {"enhed": ["enhed"], "job": ["job"], "social": ["social", "enhed"], "stat": ["stat"]}
    for actor, members in {**inside, "kommune": ["kommune", "social", "enhed", "job"]}.items():
        expected = sum(of(own, member) for member in members)
        np.testing.assert_allclose(of(rolled, actor), expected, rtol=0, atol=1e-12 * scale)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=6, max_size=6), st.permutations(range(6)))
def test_in_any_tree_the_roots_add_up_to_the_total_whatever_the_order(parents, order):
    names = [f"a{n}" for n in range(6)]
    actors = {}
    for n, parent in enumerate(parents):  # a parent comes earlier, so that there is no ring
        actors[names[n]] = {"name": names[n], **({"parent": names[parent % n]} if n > 0 and parent < 5 else {})}
    document = copy.deepcopy(DOCUMENT)
    document["actors"] = actors
    shares = dict(zip(names, (0.5, 0.125, 0.125, 0.0625, 0.0625, 0.125), strict=True))
    for service in document["services"].values():
        service["shares"] = shares
    document["costs"]["drift"]["payer"] = shares
    document["grants"] = {"pulje": grant("a1", "a5")}
    model = model_of(document)
    one = kernel.evaluate(model, model.base[None], None)
    roots = [model.actors.index(name) for name in names if "parent" not in actors[name]]
    np.testing.assert_allclose(one.year[0][:, roots].sum(axis=1), one.year[0][:, 0], rtol=1e-12, atol=1e-6)
    for name, child in itertools.pairwise(model.actors[1:]):
        assert "parent" not in actors[child] or depth_of(actors, child) <= depth_of(actors, name) + 1
    turned = {**document, "actors": {names[n]: actors[names[n]] for n in order}}
    again = model_of(turned)
    other = kernel.evaluate(again, again.base[None], None)
    place = [again.actors.index(name) for name in model.actors]
    assert one.year.tobytes() == other.year[..., place].tobytes()


def depth_of(actors, name):
    parent = actors[name].get("parent")
    return 0 if parent is None else 1 + depth_of(actors, parent)


@pytest.mark.parametrize(
    ("payer", "receiver", "moved"),
    [
        ("kommune", "enhed", {"enhed": 1, "social": 1}),
        ("enhed", "kommune", {"enhed": -1, "social": -1}),
        ("job", "enhed", {"enhed": 1, "social": 1, "job": -1}),
        ("stat", "enhed", {"enhed": 1, "social": 1, "kommune": 1, "stat": -1}),
    ],
)
def test_a_grant_moves_nothing_for_those_that_both_ends_are_inside_of(family, payer, receiver, moved):
    before = simulated(family)
    family["grants"] = {"pulje": grant(payer, receiver)}
    after = simulated(family)
    for actor in after.model.actors:
        difference = (of(after, actor) - of(before, actor)).mean()
        assert difference == pytest.approx(100_000 * moved.get(actor, 0), abs=1e-3)


def test_children_follow_their_parent_in_every_output(family):
    family["promised"] = {"enhed": 5.0}
    scenario, simulation = scenario_of(family), simulated(family)
    order = ["total", "stat", "kommune", "job", "social", "enhed"]
    digest = digested(scenario, simulation)
    found = answer(scenario, digest, "da")
    assert list(found["net"]) == list(found["base"]["net"]) == list(found["payback"]) == order
    assert found["risk"]["enhed"]["promised"] == 5.0
    rows = io.StringIO(tables(simulation.model, found, "en")["chance_share.csv"].decode("utf-8-sig")).readlines()
    assert [row.split(",")[0] for row in rows[1:]] == order
    lines = report(scenario, digest, found, "da").split("\n")
    first = next(n for n, line in enumerate(lines) if line.startswith("I alt"))
    heads = [line[:10].rstrip() for line in lines[first + 1 : first + 6]]
    assert heads == ["Stat", "Kommune", "  Job", "  Social", "    Enhed"]
    columns = next(line for line in lines if line.startswith("Middel pr. hovedområde"))
    assert "Kommune  heraf Job" in columns


def test_pictures_say_that_a_child_is_a_part_of_its_parent(family):
    from soemrisk.figures import pictures

    found = answer(scenario_of(family), digested(scenario_of(family), simulated(family)), "da")
    for name in ("net_by_actor.svg", "cumulated.svg"):
        drawn = pictures(scenario_of(family), found, "da")[name].decode()
        assert "heraf Social" in drawn
        assert "heraf Kommune" not in drawn


def test_a_variant_that_draws_as_another_scenario_has_its_bytes(document):
    original = simulated(document)
    document["id"] = "variant"
    assert simulated(document).net.tobytes() != original.net.tobytes()
    document["draws_as"] = "tiny"
    variant = simulated(document)
    for field in ("net", "correlated", "expected", "at_zero", "per_rate", "chance_variance", "area", "year", "rate"):
        assert getattr(variant, field).tobytes() == getattr(original, field).tobytes()
    assert [one.key for one in variant.model.inputs] == [one.key for one in original.model.inputs]
    found = answer(scenario_of(document), digested(scenario_of(document), variant), "da")
    first = answer(scenario_of(DOCUMENT), digested(scenario_of(DOCUMENT), original), "da")
    assert found["scenario"] == "variant"
    assert {**found, "scenario": "tiny"} == first


def test_uncertain_shares_of_forvaltninger_add_up_in_their_kommune(family):
    family["services"]["bolig"]["shares_concentration"] = 20
    simulation = simulated(family)
    scale = np.abs(simulation.net).max()
    roots = of(simulation, "kommune") + of(simulation, "stat")
    np.testing.assert_allclose(roots, of(simulation, "total"), rtol=0, atol=1e-12 * scale)
    assert np.abs(of(simulation, "kommune") - of(simulated(DOCUMENT), "kommune")).max() > 0.01 * scale
    alone = copy.deepcopy(family)
    alone["actors"] = {name: {"name": actor["name"]} for name, actor in family["actors"].items()}
    own = simulated(alone)
    expected = sum(of(own, member) for member in ("kommune", "social", "enhed", "job"))
    np.testing.assert_allclose(of(simulation, "kommune"), expected, rtol=0, atol=1e-12 * scale)


def test_that_all_actors_gain_is_about_those_inside_no_other(family):
    """A forvaltning that pays all and gains nothing does not keep the kommune that it is a part of from gaining."""
    scenario, simulation = scenario_of(family), simulated(family)
    gains = simulation.net > 0
    kommune, stat, enhed = (simulation.model.actors.index(name) for name in ("kommune", "stat", "enhed"))
    joint = digested(scenario, simulation).joint
    assert joint["all_gain"]["prob"] == pytest.approx((gains[..., kommune] & gains[..., stat]).mean())
    assert joint["none_gains"]["prob"] == pytest.approx((~gains[..., kommune] & ~gains[..., stat]).mean())
    assert joint["all_gain"]["prob"] > (gains[..., kommune] & gains[..., stat] & gains[..., enhed]).mean()
