"""Which look each actor has in a picture: no two that are shown together alike, the known ones always the same."""

import copy
from itertools import permutations

import pytest
from matplotlib import rc_context

from conftest import DOCUMENT, scenario_of
from soemrisk import kernel
from soemrisk.chart_style import ACTORS, COLOURS, KNOWN, STYLE, colour_of, look_of, ranks_of
from soemrisk.design import plan
from soemrisk.driver_figures import driver_charts
from soemrisk.driver_rows import shown_actors
from soemrisk.drivers import drivers
from soemrisk.running import run_scenario

SEVEN = ("borger", "by", "forening", "fond", "kommune", "region", "stat")
EIGHT = ("kommune", "region", "stat", "a", "b", "c", "d", "e")


def found_of(actors, deciding=None):
    """A scenario with these actors, who bear everything together, and what drives its result."""
    document = copy.deepcopy(DOCUMENT)
    document["actors"] = {actor: {"name": f"Aktør {actor}"} for actor in actors}
    even = dict.fromkeys(actors[1:], 0.125)
    shares = {actors[0]: 1 - 0.125 * len(even), **even}
    for one in document["services"].values():
        one["shares"] = shares
    document["costs"]["drift"]["payer"] = shares
    scenario = scenario_of(document)
    pair = ("success.with", "costs.drift.amount")
    found = drivers(scenario, run_scenario(scenario, plan(256, 1)), evaluate=kernel.evaluate, pair=pair)
    return scenario, found | ({} if deciding is None else {"deciding": deciding})


def shown_of(actors, deciding):
    return shown_actors(
        {"variance": {one: {"mean": 1.0, "sd": 1.0} for one in ("total", *actors)}, "deciding": deciding}, ACTORS + 1
    )


@pytest.mark.parametrize("actors", [SEVEN, EIGHT, EIGHT[::-1], SEVEN[::-1], (*EIGHT[3:], *EIGHT[:3])])
def test_actors_in_one_picture_have_looks_that_differ(actors):
    for deciding in ("total", *actors):
        shown = shown_of(actors, deciding)
        ranks = ranks_of(("total", *actors), shown)
        assert list(ranks) == shown
        assert len({colour_of(ranks[actor]) for actor in shown if actor != "total"}) == ACTORS
        looks = [look_of(ranks[actor]) for actor in shown]
        for name in ("color", "linestyle", "marker"):
            own = {str(one[name]) for rank, one in zip(ranks.values(), looks, strict=True) if rank > 0}
            assert len(own) == ACTORS, (name, shown)


def test_those_that_everybody_knows_have_their_look_in_every_scenario():
    for some in permutations(("a", "kommune", "stat", "b", "region"), 4):
        ranks = ranks_of(("total", *some), ("total", *some))
        assert all(ranks[actor] == KNOWN[actor] for actor in KNOWN if actor in some)
        assert ranks["total"] == 0


def test_an_actor_has_one_look_in_all_pictures_of_a_scenario_unless_another_has_it():
    every = ("total", *SEVEN)
    few, many = ranks_of(every, shown_of(SEVEN, "kommune")), ranks_of(every, every)
    assert all(few[actor] == many[actor] for actor in ("borger", "by", "kommune"))
    assert ranks_of(every, ("stat", "by")) == {"stat": 3, "by": many["by"]}


def test_more_actors_than_looks_all_have_one():
    ranks = ranks_of(("total", *EIGHT), ("total", *EIGHT))
    assert {colour_of(rank) for actor, rank in ranks.items() if actor != "total"} == set(COLOURS)


@pytest.mark.parametrize(("actors", "deciding"), [(SEVEN, "kommune"), (EIGHT, "e")])
def test_no_two_curves_and_no_two_lines_of_a_picture_look_alike(actors, deciding):
    scenario, found = found_of(actors, deciding)
    with rc_context(STYLE):
        figures = driver_charts(scenario, found, "da")
    curves = [one for one in figures["break_even"].axes[0].get_lines() if len(one.get_xdata()) > 20]
    assert len(curves) == ACTORS + 1
    assert len({one.get_color() for one in curves}) == ACTORS + 1
    key = [axes.get_lines()[0] for axes in figures["pair"].axes[1:]]
    assert len(key) == ACTORS + 1
    assert len({(one.get_color(), one.get_marker()) for one in key}) == ACTORS + 1
