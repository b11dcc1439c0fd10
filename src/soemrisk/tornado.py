"""One input at a time: what the net result is when it is low and when it is high, everything else as stated.

Two questions that are often confused (traps of one-way tables): what is uncertain enough to matter, from P10 to P90;
and what the result is sensitive to, ±10 % of the stated value. The second says nothing about what is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soemrisk.families import FAMILIES
from soemrisk.model import Model
from soemrisk.reference import Evaluate
from soemrisk.shared_draws import by_place, moved_together, place_of, places_of
from soemrisk.simplex import with_share
from soemrisk.transform import directions

Floats = NDArray[np.float64]

LEVELS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
TEN_PERCENT = (0.9, 1.1)
FLAT = 1e-9  # of the largest swing: below, a result does not move


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One input of a tornado.

    Attributes
    ----------
    path : str
        Place of the input, or name of the group; of inputs that one draw moves, and of steps, the first.
    places : tuple of str
        Places of all inputs that are moved.
    low, high : float
        Values that were set, in the unit of the input.
    at_low, at_high : (a,)
        Net result by actor, kr.
    monotone : (a,) bool
        Whether the result only rises or only falls between.
    """

    path: str
    places: tuple[str, ...]
    low: float
    high: float
    at_low: Floats
    at_high: Floats
    monotone: NDArray[np.bool_]

    @property
    def swing(self) -> Floats:
        """Distance between the two results, (a,), kr."""
        return np.abs(self.at_high - self.at_low)


def by_uncertainty(model: Model, evaluate: Evaluate) -> tuple[Bar, ...]:
    """Each uncertain input from its P10 to its P90.

    Parameters
    ----------
    model : Model
    evaluate : callable
        ``kernel.evaluate``, or its slow twin.

    Returns
    -------
    tuple of Bar
        In the canonical order of the inputs; inputs that one draw moves are one bar.
    """
    uncertain = {*model.uncertain.tolist(), *(int(q) for simplex in model.simplexes for q in simplex.inputs)}
    groups = {path: group for path, group in moved_together(model).items() if {*group} & uncertain}
    rows = {path: [_at_level(model, group, level) for level in LEVELS] for path, group in groups.items()}
    return tuple(_bars(rows, groups, model, evaluate))


def together_by_uncertainty(model: Model, groups: Mapping[str, Sequence[str]], evaluate: Evaluate) -> tuple[Bar, ...]:
    """Several inputs from low to high at the same time: what estimates that err in the same direction do.

    Parameters
    ----------
    model : Model
    groups : mapping of str to sequence of str
        Places of the inputs that are moved together, by the name of the group.
    evaluate : callable

    Returns
    -------
    tuple of Bar
        Of each group; low is the P10 of what each input gives in total, so that a change of which more gives less
        stands at its P90 (as ``transform.correlated_values`` has it). ``low`` and ``high`` are of its first input.
    """
    members, signs = _members(model, groups), directions(model)
    rows = {}
    for name, group in members.items():
        up = tuple(q for q in group if signs.get(q, True))
        down = tuple(q for q in group if not signs.get(q, True))
        rows[name] = [
            np.where(np.isin(np.arange(len(model.stated)), down), _at_level(model, down, 1 - level), moved)
            for level, moved in ((level, _at_level(model, up, level)) for level in LEVELS)
        ]
    return tuple(_bars(rows, members, model, evaluate))


def together_by_ten_percent(model: Model, groups: Mapping[str, Sequence[str]], evaluate: Evaluate) -> tuple[Bar, ...]:
    """Several inputs at 0.9 and 1.1 times their stated values at the same time; as ``together_by_uncertainty``."""
    members = _members(model, groups)
    rows = {name: [_scaled(model, group, factor) for factor in TEN_PERCENT] for name, group in members.items()}
    return tuple(_bars(rows, members, model, evaluate))


def _members(model: Model, groups: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, ...]]:
    """Positions of all inputs that move with the places of each group, each once."""
    members = by_place(model)
    return {name: tuple(dict.fromkeys(q for path in paths for q in members[path])) for name, paths in groups.items()}


def by_ten_percent(model: Model, evaluate: Evaluate) -> tuple[Bar, ...]:
    """Each input, certain ones too, at 0.9 and 1.1 times its stated value.

    Parameters
    ----------
    model : Model
    evaluate : callable

    Returns
    -------
    tuple of Bar
        Inputs that are stated as 0 are left out: ten per cent of nothing is nothing. Rates and shares stop at 1.
    """
    stated = model.stated
    groups = {path: group for path, group in moved_together(model).items() if stated[list(group)].any()}
    rows = {path: [_scaled(model, group, factor) for factor in TEN_PERCENT] for path, group in groups.items()}
    return tuple(_bars(rows, groups, model, evaluate))


def table_of_pair(
    model: Model, pair: tuple[str, str], evaluate: Evaluate, levels: Sequence[float] = LEVELS
) -> tuple[Floats, Floats, Floats]:
    """Net result over two inputs, each at its P10, P20 … P90, or at other levels.

    Parameters
    ----------
    model : Model
    pair : (path, path)
        Places of two uncertain inputs that are not moved by one draw.
    evaluate : callable
    levels : sequence of float

    Returns
    -------
    (values of the first, values of the second, net) : (n,), (n,), (n, n, a) float64
        One value a level; of steps those of the first that is uncertain.

    Raises
    ------
    ValueError
        A place is no uncertain input, or one draw moves both.
    """
    groups = by_place(model)
    unknown = [path for path in pair if path not in groups or not _uncertain_in(model, groups[path])]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no uncertain input of the scenario")
    first, second = (groups[path] for path in pair)
    if first == second:
        raise ValueError(f"{pair[0]!r} and {pair[1]!r} are one number and cannot be moved apart")
    rows = []
    for level in levels:
        moved = _at_level(model, first, level)
        for its_level in levels:
            both = _at_level(model, second, its_level)
            rows.append(np.where(both != model.stated, both, moved))
    stated = np.array(rows)
    net = evaluate(model, model.derive(np.asfortranarray(stated)), None).expected
    size = len(levels)
    moving = {path: _uncertain_in(model, groups[path]) for path in pair}
    own, other = (next(q for q in moving[path] if place_of(model.inputs[q].path) == path) for path in pair)
    return stated[::size, own], stated[:size, other], net.reshape(size, size, -1)


def _uncertain_in(model: Model, group: tuple[int, ...]) -> list[int]:
    return [q for q in group if model.inputs[q].distribution.family is not None]


def _at_level(model: Model, group: tuple[int, ...], level: float) -> Floats:
    """Stated values with some inputs at a quantile, (q,)."""
    moved = model.stated
    for q in group:
        distribution = model.inputs[q].distribution
        if distribution.family is not None:
            value = FAMILIES[distribution.family].quantile(np.array([level]), distribution.parameters)[0]
            _move(model, moved, q, float(value))
    return moved


def _scaled(model: Model, group: tuple[int, ...], factor: float) -> Floats:
    """Stated values with some inputs times a factor, (q,)."""
    moved = model.stated
    for q in group:
        at_most = 1.0 if _is_part(model, q) else np.inf
        _move(model, moved, q, min(moved[q] * factor, at_most))
    return moved


def _is_part(model: Model, q: int) -> bool:
    """Whether an input is a share of a whole: a rate, what persists, or a share of a price."""
    parts = {*model.rates.ravel().tolist(), *model.persistence.tolist()}
    return q in parts or model.simplex_of(q) is not None


def _move(model: Model, moved: Floats, q: int, value: float) -> None:
    """Set one input; of shares that add up to 1 the others keep their proportions."""
    simplex = model.simplex_of(q)
    if simplex is None:
        moved[q] = value
    else:
        i = simplex.inputs.tolist().index(q)
        moved[simplex.inputs] = with_share(moved[None, simplex.inputs], i, value, simplex.alphas)[0]


def _bars(
    rows: Mapping[str, list[Floats]], moving: Mapping[str, tuple[int, ...]], model: Model, evaluate: Evaluate
) -> Iterator[Bar]:
    """Evaluate all rows at once and cut the results into bars; values of the first moving input stand at the ends."""
    if not rows:
        return
    stated = np.concatenate([np.array(levels) for levels in rows.values()])
    net = evaluate(model, model.derive(np.asfortranarray(stated)), None).expected
    size = len(next(iter(rows.values())))
    results = net.reshape(len(rows), size, -1)
    tolerance = FLAT * np.abs(results - results[:, :1]).max(initial=0.0)
    for path, values, result in zip(rows, stated.reshape(len(rows), size, -1), results, strict=True):
        steps = np.diff(result, axis=0)
        rises, falls = (steps > tolerance).any(axis=0), (steps < -tolerance).any(axis=0)
        yield Bar(
            path=path,
            places=places_of(model, moving[path]),
            low=float(values[0, moving[path][0]]),
            high=float(values[-1, moving[path][0]]),
            at_low=result[0],
            at_high=result[-1],
            monotone=~(rises & falls),
        )
