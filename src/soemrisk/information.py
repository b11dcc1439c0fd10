"""What it is worth to know more before the decision: EVPI, EVPPI and EVSI of E[net | θ], in kroner.

An actor says yes where its expected net result is a gain, and no otherwise. Knowing a block first changes the
decision where the conditional mean has the other sign than the mean, and what that avoids is the value. Chance is no
part of it: it cannot be found out before the decision.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from soemrisk.blas import one_thread
from soemrisk.block_worth import avoided, of_replicates
from soemrisk.closed_form import conditional_coefficients
from soemrisk.data_steps import data_step
from soemrisk.design import Plan, point_column, points
from soemrisk.moments import Moments, all_moments, moments, vector_values
from soemrisk.product_values import evaluate_products, function_values
from soemrisk.products import Block, Products
from soemrisk.statistics import standard_error
from soemrisk.transform import values_at

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Value of information by outcome, with the standard error of the simulation; 0 where it is no simulation.

    Attributes
    ----------
    value, error : (k,)
        Kr.
    """

    value: Floats
    error: Floats


def of_blocks(products: Products, plan: Plan) -> tuple[Worth, ...]:
    """EVPPI of each block for each actor's decision.

    Parameters
    ----------
    products : Products
    plan : Plan
        Draws of the vectors.

    Returns
    -------
    tuple of Worth, one a block, outcomes: actors
        Exact to rounding for blocks that are drawn from one point; others sampled.
    """
    net = of_net(products)
    known = all_moments(net, plan)
    tables = [conditional_coefficients(net, one) for one in known]
    found = _of_vectors(net, known, tables, plan)
    for b, block in enumerate(net.blocks):
        if not block.vector:
            found[b] = _worth(of_replicates(net, block, [table[b] for table in tables]))
    return tuple(found[b] for b in range(len(net.blocks)))


def _of_vectors(
    net: Products, known: Sequence[Moments], tables: Sequence[tuple[Floats, ...]], plan: Plan
) -> dict[int, Worth]:
    """As ``of_groups`` of each vector alone, at the same points, from the coefficients of its functions."""
    vectors = {b: block for b, block in enumerate(net.blocks) if block.vector}
    columns = sorted({int(column) for block in vectors.values() for column in block.columns})
    estimates: dict[int, list[Floats]] = {b: [] for b in vectors}
    for r in range(plan.replicates if vectors else 0):
        own = {column: point_column(plan, net.model.columns[column], column, r) for column in columns}
        drawn = vector_values(net.model, tuple(vectors.values()), own)
        with one_thread():
            for b, block in vectors.items():
                conditional = function_values(net, block, drawn) @ tables[r][b]
                estimates[b].append(avoided(conditional, known[r].means[b] @ tables[r][b]).mean(axis=0))
    return {b: _worth(np.array(each)) for b, each in estimates.items()}


def of_everything(sampled: Worth, parts: Sequence[Worth]) -> Worth:
    """EVPI from draws, no less than what a part of it is worth: few draws may miss rare changes of the decision."""
    return replace(sampled, value=np.max([sampled.value, *(one.value for one in parts)], axis=0))


def _worth(estimates: Floats) -> Worth:
    """Mean and error of independent estimates, (r, k)."""
    return Worth(value=estimates.mean(axis=0), error=np.array([standard_error(one) for one in estimates.T]))


def of_net(products: Products) -> Products:
    """The same products with the net result as the only outcome of each actor."""
    return replace(products, weights=products.weights[:, :, :1])


def of_groups(products: Products, groups: Sequence[Collection[int]], plan: Plan) -> tuple[Worth, ...]:
    """EVPPI of groups of blocks for each actor's decision; of all blocks it is the EVPI.

    Parameters
    ----------
    products : Products
    groups : sequence of collection of int
        Numbers of blocks.
    plan : Plan
        Replicates and points of the sample, the same for all groups.

    Returns
    -------
    tuple of Worth, one a group, outcomes: actors
        From the exact conditional mean at sampled points, so that no regression is needed.
    """
    return of_groups_by_outcome(of_net(products), groups, plan)


def of_groups_by_outcome(products: Products, groups: Sequence[Collection[int]], plan: Plan) -> tuple[Worth, ...]:
    """As ``of_groups``, where each outcome of each actor is what is decided on, actor by actor."""
    model = products.model
    estimates = np.empty((len(groups), plan.replicates, products.weights.shape[1] * products.weights.shape[2]))
    for r in range(plan.replicates):
        known = moments(products, plan, r)
        values = values_at(model, points(plan, model.columns, r))
        mean = _mean(products, known)
        for g, group in enumerate(groups):
            held = {b: known.means[b] for b in range(len(products.blocks)) if b not in group}
            conditional = evaluate_products(products, values, held)
            estimates[g, r] = avoided(conditional.reshape(len(conditional), -1), mean).mean(axis=0)
    return tuple(_worth(one) for one in estimates)


def _mean(products: Products, known: Moments) -> Floats:
    held = dict(enumerate(known.means))
    found: Floats = evaluate_products(products, products.model.stated[None], held)[0].reshape(-1)
    return found


def of_counts(prior: tuple[float, float], line: tuple[Floats, Floats], observed: int) -> Floats:
    """EVSI of following more participants: counts update a beta distribution.

    Parameters
    ----------
    prior : (a, b)
        Parameters of the beta distribution of the rate.
    line : (constant, slope), each (k,) float64
        Expected net result as a line in the rate, kr.
    observed : int
        Number of participants that are followed.

    Returns
    -------
    (k,) float64, kr.
        Exact: a sum over the beta-binomial number of successes.

    Examples
    --------
    >>> line = (np.array([-0.5]), np.array([1.0]))
    >>> of_counts((1.0, 1.0), line, 1).round(6).tolist()  # the mean moves to 1/3 or 2/3, each with chance 1/2
    [0.083333]
    """
    from scipy.special import betaln, gammaln

    a, b = prior
    seen = np.arange(observed + 1.0)
    ways = gammaln(observed + 1.0) - gammaln(seen + 1.0) - gammaln(observed - seen + 1.0)
    chances = np.exp(ways + betaln(a + seen, b + observed - seen) - betaln(a, b))
    return _preposterior(line, a / (a + b), (a + seen) / (a + b + observed), chances)


def of_normal_records(
    prior: tuple[float, float], individual_sd: float, line: tuple[Floats, Floats], n: int | Floats
) -> Floats:
    """EVSI of looking up records: a mean of n amounts that differ from person to person updates a normal distribution.

    Parameters
    ----------
    prior : (mean, sd)
        Of the mean that is not known.
    individual_sd : float
        Standard deviation between persons, above 0.
    line : (constant, slope), each (k,) float64
        Expected net result as a line in the mean, kr.
    n : int or (k,) float64
        Number of records.

    Returns
    -------
    (k,) float64, kr.

    Notes
    -----
    The posterior mean is normal around the prior mean with variance τ⁴/(τ² + σ²/n); the value is the unit normal loss
    of it (Raiffa and Schlaifer 1961, ch. 5).

    Examples
    --------
    >>> of_normal_records((0.0, 1.0), 1.0, (np.array([0.0]), np.array([1.0])), 1).round(6).tolist()
    [0.282095]
    """
    from scipy.special import ndtr

    mean, sd = prior
    constant, slope = line
    spread = np.abs(slope) * sd**2 / np.sqrt(sd**2 + individual_sd**2 / n)
    now = np.abs(constant + slope * mean)
    ratio = np.divide(now, spread, out=np.full_like(now, np.inf), where=spread > 0)
    density = np.exp(-(np.minimum(ratio, 40.0) ** 2) / 2) / np.sqrt(2 * np.pi)
    found: Floats = np.where(ratio < 40.0, spread * density - now * ndtr(-ratio), 0.0)
    return np.maximum(found, 0.0)


def of_poisson_counts(prior: tuple[float, float], line: tuple[Floats, Floats], n: int) -> Floats:
    """EVSI of counting events of n persons in a year: counts update a gamma distribution of the yearly number.

    Parameters
    ----------
    prior : (shape, scale)
        Of the gamma distribution of the number a person and year.
    line : (constant, slope), each (k,) float64
        Expected net result as a line in that number, kr.
    n : int
        Number of persons.

    Returns
    -------
    (k,) float64, kr.
        A sum over the negative binomial number of events, to where 1e-12 of it is left.

    Examples
    --------
    >>> line = (np.array([-1.0]), np.array([1.0]))
    >>> bool(0 < of_poisson_counts((2.0, 0.5), line, 1)[0] < of_poisson_counts((2.0, 0.5), line, 50)[0])
    True
    """
    from scipy.special import gammaln

    shape, scale = prior
    mean = n * shape * scale
    spread = np.sqrt(mean * (1 + n * scale))
    seen = np.arange(int(mean + 12 * spread + 60 * (1 + n * scale)) + 1.0)
    logs = gammaln(shape + seen) - gammaln(shape) - gammaln(seen + 1.0)
    logs += seen * np.log(n * scale / (1 + n * scale)) - shape * np.log1p(n * scale)
    return _preposterior(line, shape * scale, (shape + seen) / (1 / scale + n), np.exp(logs))


def _preposterior(line: tuple[Floats, Floats], now: float, later: Floats, chances: Floats) -> Floats:
    """Value of deciding at posterior means with these chances."""
    constant, slope = line
    conditional = constant + slope * later[:, None]
    value: Floats = chances @ avoided(conditional, constant + slope * now)
    return value


def sample_information(block: Block, products: Products, coefficients: Floats, n: int) -> Floats | None:
    """EVSI of n observations of one input, where they update its distribution in closed form.

    Parameters
    ----------
    block : Block
    products : Products
    coefficients : (m, k) float64
        As for ``of_one_block``.
    n : int
        Participants followed, or records looked up.

    Returns
    -------
    (k,) float64 in kr., or None
        None where no such step is known (``step_of``).
    """
    kind = step_of(block, products)
    if kind is None:
        return None
    distribution = products.model.inputs[int(block.inputs[0])].distribution
    parameters = distribution.parameters
    line = (coefficients[0], coefficients[1])
    if kind == "records":
        prior = (_of(parameters, "mean"), _of(parameters, "sd"))
        return of_normal_records(prior, distribution.individual_sd, line, n)
    return of_counts((_of(parameters, "a"), _of(parameters, "b")), line, n)


def step_of(block: Block, products: Products) -> str | None:
    """What is observed to learn more of a block, from ``data_steps``; None where it is not one number alone."""
    if not block.plain:
        return None
    return data_step(block.path, products.model.inputs[int(block.inputs[0])].distribution)


def _of(parameters: object, name: str) -> float:
    return float(parameters[name])  # type: ignore[index]
