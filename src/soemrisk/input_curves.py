"""The labelled shell of curves over one input: what is expected of the net result once its value is known.

Given one input that is drawn on its own, all others of a sum of products are at their means, so the conditional mean is
the functions of that input times what the rest is worth: nothing is fitted and nothing put in bins.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from soemrisk.blas import one_thread
from soemrisk.closed_form import conditional_coefficients
from soemrisk.compilation import compile_scenario
from soemrisk.design import Plan, plan
from soemrisk.information import of_net
from soemrisk.moments import all_moments, block_values, products_of
from soemrisk.product_values import function_values
from soemrisk.products import Products
from soemrisk.receipt import receipt
from soemrisk.scenario import Scenario
from soemrisk.variance_tables import errors_of

Floats = NDArray[np.float64]

LEVELS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99)


def conditional_means(
    scenario: Scenario, *, levels: Sequence[float] | Floats = LEVELS, draws: int = 8192, seed: int = 1
) -> xr.Dataset:
    """E[net | x] of each actor over the values of each input that is drawn on its own and that a result depends on.

    Parameters
    ----------
    scenario : Scenario
    levels : sequence of float, length l
        Probabilities strictly between 0 and 1, rising: an input is set to its quantiles at these.
    draws, seed : int
        Draws of inputs that depend on each other, whose moments are sampled; not used where there are none.

    Returns
    -------
    xarray.Dataset over (input, level, actor)
        ``mean``, kr., and its standard error ``mean_se``, 0 where nothing is sampled. Coordinates ``value`` over
        (input, level), in ``unit`` over input; of a list by year a factor on it. What one point draws (steps of one
        quantity, a library entry in several places) is one input, with name and value of the first. Attributes:
        ``exact``, 1 where nothing is sampled; ``left_out``, places of the inputs that depend on others and have no
        curve, ", " between them, and ``left_out_because``, "dependent": to know one of them moves what is expected of
        others.

    Raises
    ------
    ValueError
        Levels are no probabilities in rising order.

    Notes
    -----
    With independent blocks E[Σ_p w_p Π_b g_{b,p} | x_i] = Σ_p w_p g_{i,p}(x_i) Π_{b≠i} E g_{b,p}: a line in an input
    that enters linearly, a polynomial in persistence (Sobol' 1993, Math. Model. Comput. Exp. 1:407; docs/methods.md,
    section 11). Its mean is E net, its variance S1 times that of E[net | θ], in which chance has no part.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> curves = conditional_means(read("act-randers"), levels=[0.1, 0.5, 0.9])
    >>> rate = curves.sel(input="success.with", actor="kommune")
    >>> rate["value"].values.round(3).tolist(), bool((np.diff(rate["mean"]) > 0).all())
    ([0.564, 0.693, 0.804], True)
    """
    at = _checked(levels)
    model, planned = compile_scenario(scenario), plan(draws, seed)
    net = of_net(products_of(model))
    values, by_replicate = _curves(net, planned, at)
    tables = {"mean": by_replicate.mean(axis=0), "mean_se": errors_of(by_replicate)}
    first = [model.inputs[int(block.inputs[0])] for block in net.blocks if not block.vector]
    return xr.Dataset(
        {name: (("input", "level", "actor"), table) for name, table in tables.items()},
        coords={
            "input": [one.path.split("@")[0] for one in first],
            "level": at,
            "actor": list(model.actors),
            "value": (("input", "level"), values),
            "unit": ("input", [one.unit for one in first]),
        },
        attrs={**receipt(scenario, planned), "exact": int(len(by_replicate) == 1), **_left_out(net)},
    )


def _left_out(net: Products) -> dict[str, str]:
    """Inputs that depend on others, and why they have no curve."""
    several = (int(q) for block in net.blocks if block.vector for q in block.inputs)
    paths = dict.fromkeys(net.model.inputs[q].path.split("@")[0] for q in several)
    return {"left_out": ", ".join(paths), "left_out_because": "dependent" if paths else ""}


def _checked(levels: Sequence[float] | Floats) -> Floats:
    at = np.array(levels, dtype=np.float64)
    if at.ndim != 1 or not len(at) or not (np.all(at > 0) and np.all(at < 1) and np.all(np.diff(at) > 0)):
        raise ValueError("levels are probabilities strictly between 0 and 1, in rising order")
    return at


def _curves(net: Products, planned: Plan, levels: Floats) -> tuple[Floats, Floats]:
    """Values of the first input of each block that one point draws, (b, l), and E[net | block], (r, b, l, a), kr."""
    tables = [conditional_coefficients(net, known) for known in all_moments(net, planned)]
    own = [(b, block) for b, block in enumerate(net.blocks) if not block.vector]
    values = np.empty((len(own), len(levels)))
    found = np.empty((len(tables), *values.shape, len(net.model.actors)))
    with one_thread():
        for n, (b, block) in enumerate(own):
            known = block_values(net.model, block, levels)
            values[n] = known[int(block.inputs[0])]
            functions = function_values(net, block, known)
            for r, table in enumerate(tables):
                found[r, n] = functions @ table[b]
    return values, found
