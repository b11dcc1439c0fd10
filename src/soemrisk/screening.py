"""Screening by SALib, known here only: Morris' elementary effects, and delta, PAWN and RBD-FAST from given draws.

Inputs are given to SALib as points of the unit cube and not as values. The measures from given draws depend on ranks
alone, so that is the same for continuous inputs; for discrete ones it breaks ties at random, where values would leave
classes empty. Generators are made here: SALib takes seed 0 for no seed, and in places sets the global state of NumPy.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.blas import one_thread
from soemrisk.design import Plan, points
from soemrisk.pick_freeze import is_rounding

Floats = NDArray[np.float64]

GIVEN_DATA = ("delta", "pawn", "rbd_fast")
METHODS = ("morris", *GIVEN_DATA)
DUMMIES = 19  # inputs in no formula: another such input exceeds all of them in 1 of 20 cases
FEWEST = 256  # draws
RESAMPLES = 10  # of delta, for the correction of its bias and for the error; five times as many of RBD-FAST
FEW_RESAMPLES = 2  # of inputs in no formula, whose errors are not told
LEVELS = 4  # of Morris' grid
INNER = (0.05, 0.95)  # probabilities between which Morris moves an input

Outcomes = Callable[[Floats], Floats]  # points of the unit cube, (n, d), to outcomes, (k, n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """Measures of each input on each outcome, (k, i).

    Attributes
    ----------
    measures : dict of str to (k, i)
        By name; a measure and its standard error, ``…_se``, where the method has one.
    floor : (k,) or None
        Highest first measure of inputs that are in no formula.
    constant : (k,)
        Outcomes without any spread; all measures are 0.
    evaluations : int
    """

    measures: dict[str, Floats]
    floor: Floats | None
    constant: NDArray[np.bool_]
    evaluations: int


def morris(outcomes: Outcomes, groups: Sequence[Sequence[int]], draws: int, seed: int) -> Screened:
    """Elementary effects: what the outcome gains when one input moves over its range, at many places.

    Parameters
    ----------
    outcomes : callable
    groups : sequence of sequence of int
        Columns of the points that each input is drawn from; those of one input move together.
    draws : int
        Evaluations at most; a trajectory takes one more than there are inputs.
    seed : int

    Returns
    -------
    Screened
        ``mu_star``, the mean of the absolute effects, ``mu`` and ``sigma``, their mean and standard deviation (NaN for
        an input of more than one column, which has no direction), in units of the outcome.

    Notes
    -----
    Morris 1991, Technometrics 33:161; mu*: Campolongo, Cariboni and Saltelli 2007, Environ. Model. Softw. 22:1509. Four
    levels of probability between 0.05 and 0.95; an effect is for the whole way between them.
    """
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sampling

    if not groups:
        raise ValueError("no input is uncertain: there is nothing to screen")
    count, trajectories = len(groups), draws // (len(groups) + 1)
    if trajectories < 4:
        raise ValueError(f"morris needs at least {4 * (count + 1)} draws for {count} inputs")
    columns = sum(len(group) for group in groups)
    of_column = {column: f"i{i:05}" for i, group in enumerate(groups) for column in group}
    problem = {
        "num_vars": columns,
        "names": [f"c{column}" for column in range(columns)],
        "bounds": [[0.0, 1.0]] * columns,
        "groups": [of_column[column] for column in range(columns)],
    }
    with _quiet():
        grid = sampling.sample(dict(problem), trajectories, num_levels=LEVELS, seed=_generator(seed, "morris"))
        low, high = INNER
        found = outcomes(np.asfortranarray(low + (high - low) * grid))
        constant = is_rounding(found.var(axis=1), found.mean(axis=1))
        kept = []
        for row, still in zip(found, constant, strict=True):
            one = analysis.analyze(
                dict(problem), grid, np.zeros(len(row)) if still else row, num_levels=LEVELS, num_resamples=2,
                seed=_generator(seed, "morris-errors"),
            )  # fmt: skip
            kept.append([np.ma.filled(np.ma.asarray(one[name], dtype=np.float64), np.nan) for name in _EFFECTS])
    measures = dict(zip(_EFFECTS, np.array(kept).transpose(1, 0, 2), strict=True))
    several = np.array([len(group) > 1 for group in groups])
    measures["mu"] = np.where(several, np.nan, measures["mu"])
    return Screened(measures=measures, floor=None, constant=constant, evaluations=len(grid))


_EFFECTS = ("mu_star", "mu", "sigma")


def given_data(method: str, ranks: Floats, found: Floats, design: Plan) -> Screened:
    """Measures from draws that are there: delta, PAWN or RBD-FAST.

    Parameters
    ----------
    method : {"delta", "pawn", "rbd_fast"}
    ranks : (n, i) float64
        Draws of each input as points of the unit interval, or as values that have no ties.
    found : (k, n) float64
        Outcomes.
    design : Plan
        How the points were drawn; plain Monte Carlo.

    Returns
    -------
    Screened

    Raises
    ------
    ValueError
        The draws are no plain Monte Carlo draws, or too few.

    Notes
    -----
    delta: Borgonovo 2007, Reliab. Eng. Syst. Saf. 92:771, estimated as Plischke, Borgonovo and Smith 2013, Eur. J.
    Oper. Res. 226:536. PAWN, median over ten classes: Pianosi and Wagener 2018, Environ. Model. Softw. 108:197.
    RBD-FAST: Tarantola, Gatelli and Mara 2006, Reliab. Eng. Syst. Saf. 91:717, corrected as Tissot and Prieur 2012,
    same journal 107:205.
    """
    if design.sampler != "random":
        raise ValueError(
            f"{method} needs plain Monte Carlo draws (sampler 'random'), not {design.sampler!r}: measures by ranks are "
            "biased where points are spread evenly"
        )
    if found.shape[1] < FEWEST:
        raise ValueError(f"{method} needs at least {FEWEST} draws")
    keys = [f"dummy/{k}" for k in range(DUMMIES)]
    dummies = points(Plan(sampler="random", seed=design.seed, size=len(ranks)), keys, 0)
    constant = is_rounding(found.var(axis=1), found.mean(axis=1))
    names = _MEASURES[method]
    kept = np.zeros((len(names), len(found), ranks.shape[1]))
    floor = np.zeros(len(found))
    for k in np.flatnonzero(~constant):
        kept[:, k] = _analysed(method, ranks, found[k], design.seed, RESAMPLES)
        floor[k] = _analysed(method, dummies, found[k], design.seed, FEW_RESAMPLES)[0].max()
    measures = dict(zip(names, kept, strict=True))
    return Screened(measures=measures, floor=floor, constant=constant, evaluations=found.shape[1])


def _analysed(method: str, columns: Floats, found: Floats, seed: int, resamples: int) -> Floats:
    """Measures of each column on one outcome, (measures, i); the arguments stay as they are."""
    count = columns.shape[1]
    if count == 0:
        return np.empty((len(_MEASURES[method]), 0))
    problem = {"num_vars": count, "names": [f"i{i}" for i in range(count)], "bounds": [[0.0, 1.0]] * count}
    standard = (found - found.mean()) / found.std()
    with _quiet(), _global_state(seed, method):
        one = _ANALYSES[method](problem, columns.copy(), standard, seed, resamples)
    return np.array([np.asarray(one[name], dtype=np.float64) for name in _MEASURES[method]])


Analysis = Callable[[dict[str, Any], Floats, Floats, int, int], dict[str, Any]]


def _delta(problem: dict[str, Any], columns: Floats, found: Floats, seed: int, resamples: int) -> dict[str, Any]:
    from SALib.analyze import delta

    del seed  # drawn from the global state, which is set around the call
    with one_thread():  # thousands of small triangular systems: threads would only wait for each other
        one = delta.analyze(problem, columns, found, num_resamples=resamples, method="delta")
    return {"delta": one["delta_raw"], "delta_se": one["delta_raw_conf"] / NORMAL_95}


def _pawn(problem: dict[str, Any], columns: Floats, found: Floats, seed: int, resamples: int) -> dict[str, Any]:
    from SALib.analyze import pawn

    del seed, resamples  # nothing is drawn
    one = pawn.analyze(problem, columns, found, S=10)
    return {"pawn": one["median"], "pawn_highest": one["maximum"]}


def _rbd_fast(problem: dict[str, Any], columns: Floats, found: Floats, seed: int, resamples: int) -> dict[str, Any]:
    from SALib.analyze import rbd_fast

    one = rbd_fast.analyze(problem, columns, found, num_resamples=5 * resamples, seed=_generator(seed, "rbd_fast"))
    # SALib takes half as many rows as there are
    return {"S1": one["S1"], "S1_se": np.asarray(one["S1_conf"], dtype=np.float64) / NORMAL_95 / np.sqrt(2)}


NORMAL_95 = 1.959963984540054  # half a 95 % interval in standard errors: SALib gives half-widths
_ANALYSES: dict[str, Analysis] = {"delta": _delta, "pawn": _pawn, "rbd_fast": _rbd_fast}
_MEASURES = {"delta": ("delta", "delta_se"), "pawn": ("pawn", "pawn_highest"), "rbd_fast": ("S1", "S1_se")}


def _generator(seed: int, name: str) -> np.random.Generator:
    """Generator of its own for each seed, 0 included, and use."""
    return np.random.Generator(np.random.PCG64([seed, *name.encode()]))


@contextmanager
def _global_state(seed: int, name: str) -> Iterator[None]:
    """Set the global state that SALib's delta draws from, and put it back."""
    before = np.random.get_state()  # noqa: NPY002 - SALib draws from it; see above
    try:
        words = np.random.SeedSequence([seed, *name.encode()]).generate_state(624).astype(np.uint32)
        np.random.set_state(("MT19937", words, 624, 0, 0.0))  # noqa: NPY002
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what SALib warns of, and its change of how warnings look, from the caller."""
    form = warnings.formatwarning
    try:
        with warnings.catch_warnings(record=True):  # a filter would not do: SALib puts its own in front
            yield
    finally:
        warnings.formatwarning = form
