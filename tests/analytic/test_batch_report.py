"""Shares of the variance over a grid, and turns of its sign, against closed forms."""

import numpy as np
import pytest

from soemrisk.batch_plan import Batch, BatchAxis
from soemrisk.batch_report import explained, matters, turns


def axis(name, options, kind="values"):
    names = {"da": name, "en": name}
    return BatchAxis(id=name, name=names, unit=None, kind=kind, options=options, labels=None, places={})


def grid(*axes, design="grid"):
    return Batch(
        id="s", lang="en", name={"da": "s", "en": "s"}, design=design, draws=16, seed=1, sampler="sobol", analyses=(),
        scenarios={"one": {}}, axes=axes, actors=("total", "a"),
    )  # fmt: skip


def test_an_additive_grid_is_split_without_rest():
    x, y = np.array([0.0, 1.0, 3.0]), np.array([0.0, 4.0])
    batch = grid(axis("x", tuple(x)), axis("y", tuple(y)))
    found = matters(batch, (x[:, None] + y).ravel(), None)
    whole = x.var() + y.var()
    for name, values in (("x", x), ("y", y)):
        assert found[name]["first"] == pytest.approx(values.var() / whole, rel=1e-12)
        assert found[name]["total"] == pytest.approx(values.var() / whole, rel=1e-12)
    assert list(found) == ["y", "x"]
    assert found["y"]["range"] == 4.0


def test_a_product_has_an_interaction_as_in_the_closed_form():
    # Var(XY) = E²X Var Y + E²Y Var X + Var X Var Y for independent X, Y (docs/methods.md)
    x, y = np.array([1.0, 2.0, 6.0]), np.array([-1.0, 5.0, 5.0, 7.0])
    found = matters(grid(axis("x", tuple(x)), axis("y", tuple(y))), np.outer(x, y).ravel(), None)
    of_x, of_y, both = y.mean() ** 2 * x.var(), x.mean() ** 2 * y.var(), x.var() * y.var()
    whole = of_x + of_y + both
    assert found["x"]["first"] == pytest.approx(of_x / whole, rel=1e-12)
    assert found["x"]["total"] == pytest.approx((of_x + both) / whole, rel=1e-12)
    assert found["y"]["total"] == pytest.approx((of_y + both) / whole, rel=1e-12)


def test_errors_of_shares_come_from_replicates_and_vanish_where_they_agree():
    x = np.array([0.0, 1.0, 2.0])
    batch = grid(axis("x", tuple(x)), axis("y", (0.0, 1.0)))
    values = (x[:, None] + 2 * np.array([0.0, 1.0])).ravel()
    same = matters(batch, values, np.repeat(values[:, None], 16, axis=1))
    assert same["x"]["first_mcse"] == pytest.approx(0.0, abs=1e-15)
    noise = np.random.Generator(np.random.Philox(5)).normal(size=(6, 16))
    assert matters(batch, values, values[:, None] + noise)["x"]["first_mcse"] > 0.01


def test_turns_are_counted_along_each_axis():
    values = np.array([[-1.0, -1.0, 2.0], [-3.0, -2.0, -1.0]])
    batch = grid(axis("x", (0.0, 1.0)), axis("y", (1.0, 2.0, 3.0)))
    found = turns(batch, values.ravel(), np.array([0, 0, 0.1, 0, 0, 0.6]))
    assert found["y"] == {"lines": 2, "turning": 1, "between": [{"from": 1, "to": 2, "count": 1, "certain": 1}]}
    assert found["x"] == {"lines": 3, "turning": 1, "between": [{"from": 0, "to": 1, "count": 1, "certain": 0}]}


def test_options_without_an_order_have_no_neighbours():
    batch = grid(axis("x", ("stated", "corrected"), "readings"))
    assert turns(batch, np.array([1.0, -1.0]), np.zeros(2))["x"] == {"lines": 1, "turning": 1, "between": []}


def test_a_sample_is_explained_by_curves_of_the_second_degree():
    middles = (np.arange(20) + 0.5) / 20
    x, y = np.repeat(middles, 20), np.tile(middles, 20)
    batch = grid(axis("x", tuple(x)), axis("y", tuple(y)), design="sample")
    found = matters(batch, (x - 0.5) ** 2 * 6 + y, None)
    # Var 6(x − ½)² = 36/180 = 0.2, Var y = 1/12
    assert found["x"]["first"] == pytest.approx(0.2 / (0.2 + 1 / 12), abs=0.01)
    assert found["x"]["first"] + found["y"]["first"] == pytest.approx(1.0, abs=0.01)
    assert explained(np.stack([x, x**2], axis=1), y) == pytest.approx(-2 / 397, rel=1e-9)  # 1 − (n − 1)/(n − 3)
