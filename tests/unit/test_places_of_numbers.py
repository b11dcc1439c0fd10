"""Where numbers stand in the 2×2: in the field that their element is in, and apart while there is room."""

import math
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import rc_context
from matplotlib.patches import Circle

from soemrisk import kernel, read
from soemrisk.chart_style import STYLE
from soemrisk.design import plan
from soemrisk.driver_figures import driver_charts
from soemrisk.driver_places import RADIUS, SIDE, free_place
from soemrisk.drivers import drivers
from soemrisk.running import run_scenario

VALID = Path(__file__).parents[1] / "spec" / "valid"
inches = st.floats(0.0, SIDE)


def placed(points, corner):
    taken = []
    for point in points:
        taken.append(free_place(point, corner, taken))
    return taken


def sides(point, corner):
    return tuple(value >= edge for value, edge in zip(point, corner, strict=True))


edges = st.floats(0.05, 2.0)


@given(st.lists(st.tuples(inches, inches), min_size=1, max_size=9), st.tuples(edges, edges))
def test_a_number_that_is_moved_stands_in_the_field_of_its_point(points, corner):
    for point, place in zip(points, placed(points, corner), strict=True):
        assert sides(place, corner) == sides(point, corner)
        if place != point:
            for value, edge, at in zip(place, corner, point, strict=True):
                wide = (SIDE - edge if at >= edge else edge) >= 2 * (RADIUS + 0.02)
                assert value == at or not wide or abs(value - edge) >= RADIUS


def test_points_at_one_place_by_both_thresholds_have_numbers_apart_in_their_field():
    corner = (1.0, 0.75)
    for point in ((0.99, 0.74), (0.99, 0.76), (1.0, 0.74), (1.0, 0.75), (0.0, 0.0), (SIDE, SIDE)):
        found = placed([point] * 9, corner)
        assert all(sides(place, corner) == sides(point, corner) for place in found)
        assert all(math.dist(one, other) >= 2 * RADIUS for one, other in combinations(found, 2))


def test_numbers_of_a_field_that_is_full_stay_in_it_as_far_apart_as_they_can():
    corner = (0.25, 0.25)
    found = placed([(0.1, 0.1)] * 3, corner)
    assert all(sides(place, corner) == (False, False) for place in found)
    assert min(math.dist(one, other) for one, other in combinations(found, 2)) > 0


@pytest.mark.parametrize("name", ["boundaries-of-quantities", "effort"])
def test_every_number_of_a_picture_is_in_the_field_that_its_list_names(name):
    scenario = read(VALID / f"{name}.toml")
    found = drivers(scenario, run_scenario(scenario, plan(1024, 1)), evaluate=kernel.evaluate)
    rows = found["priorities"]["actors"]["kommune"].values()
    with rc_context(STYLE):
        axes = driver_charts(scenario, found, "da")["priorities"].axes[0]
    edges = [line.get_xydata()[0] for line in axes.get_lines()[:2]]
    corner = (edges[0][0], edges[1][1])
    circles = [one.center for one in axes.patches if isinstance(one, Circle)]
    by_field = {"most": (2,), "less": (1,), "not": (0,), "open": (0, 1, 2)}
    numbered = [one.get_text() for one in axes.texts if one.get_text().isdigit()]
    assert len(circles) == len(numbered)
    order = sorted(rows, key=lambda one: ["most", "open", "less", "not"].index(one["category"]))
    for row, centre in zip(order, circles, strict=False):
        assert sum(sides(centre, corner)) in by_field[row["category"]]
