"""What a family is: the row of the family table, and how its parameters are read and judged.

Apart from the table, so that every module of families can make rows and the mixture can ask other rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soemrisk.messages import CATALOGUE, Phrase, phrase

Parameters = Mapping[str, object]
Array = NDArray[np.float64]
Truths = NDArray[np.bool_]
Places = NDArray[np.intp]

LARGEST = 1e100  # squares, products and sums of accepted numbers stay far inside the range of doubles …
SMALLEST = 1e-100  # … and so do quotients, which keeps every quantile finite
FAR = 1e-200  # below, SciPy loses tail probabilities (some are 0 from 1e-270): quantiles go on in a straight line


def no_jumps(_: Parameters) -> Array:
    """Of a continuous family: no value has a probability of its own."""
    return np.empty(0)


def own_standard(parameters: Parameters) -> tuple[float, float, Parameters]:
    """Of a family whose members are no stretched forms of each other: each is its own standard."""
    return 0.0, 1.0, parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One row of the table.

    Attributes
    ----------
    parameters : tuple of str
        Names of the required parameters, in the order in which a scenario states them.
    optional : tuple of str
        Names that may be left out.
    lists : tuple of str
        Parameters that are lists of numbers; all others are numbers.
    nested : tuple of str
        Parameters that are lists of ``{family, parameters}``.
    valid : callable
        ``valid(parameters)`` returns the first condition that fails, as a phrase, or None. It may take for granted
        that names and types are right, and loads no SciPy.
    quantile, cdf, sf : callable
        ``f(points, parameters)``, element by element. ``sf`` is 1 − cdf with the digits of small values kept.
    mean, sd : callable
        ``f(parameters)``.
    support : callable
        ``support(parameters)`` returns (lowest, highest) possible value.
    jumps : callable
        ``jumps(parameters)`` returns the values with a probability of their own, rising.
    standard : callable
        ``standard(parameters)`` returns location, scale, and the parameters of the member whose quantiles, times the
        scale and with the location added, are these: members with the same standard share a table.
    tabled : bool
        Whether draws are read from a table of the quantile function: False where the function itself costs no more
        than a look-up or is made of steps or straight lines.
    """

    parameters: tuple[str, ...]
    valid: Callable[[Parameters], Phrase | None]
    quantile: Callable[[Array, Parameters], Array]
    cdf: Callable[[Array, Parameters], Array]
    sf: Callable[[Array, Parameters], Array]
    mean: Callable[[Parameters], float]
    sd: Callable[[Parameters], float]
    support: Callable[[Parameters], tuple[float, float]]
    jumps: Callable[[Parameters], Array] = no_jumps
    standard: Callable[[Parameters], tuple[float, float, Parameters]] = own_standard
    tabled: bool = True
    optional: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()


def same_length(one: str, other: str) -> Phrase:
    """Condition that two lists have the same length."""
    return phrase("same-length", one=one, other=other)


def number(parameters: Parameters, name: str) -> float:
    """A parameter that is a number."""
    return float(parameters[name])  # type: ignore[arg-type]


def numbers(parameters: Parameters, name: str) -> Array:
    """A parameter that is a list of numbers."""
    return np.asarray(parameters[name], dtype=np.float64)


def require(conditions: Mapping[str | Phrase, bool]) -> Phrase | None:
    """First condition that does not hold, as a phrase: conditions are ids of the catalogue, phrases or formulas."""
    assert all(isinstance(one, Phrase) or one in CATALOGUE or set("<>≤≥") & set(one) for one in conditions)
    failed = next((one for one, holds in conditions.items() if not holds), None)
    if failed is None or isinstance(failed, Phrase):
        return failed
    return phrase(failed) if failed in CATALOGUE else phrase("formula", formula=failed)


def places(parameters: Parameters, *names: str) -> dict[str | Phrase, bool]:
    """Conditions on parameters that say where something lies."""
    return {f"|{name}| ≤ 1e100": abs(number(parameters, name)) <= LARGEST for name in names}


def scales(parameters: Parameters, *names: str) -> dict[str | Phrase, bool]:
    """Conditions on parameters that say how wide something is."""
    found: dict[str | Phrase, bool] = {}
    for name in names:
        value = number(parameters, name)
        found[f"{name} > 0"] = value > 0
        found[f"1e-100 ≤ {name} ≤ 1e100"] = SMALLEST <= value <= LARGEST
    return found


def ends(parameters: Parameters) -> tuple[float, float]:
    """Low and high."""
    return number(parameters, "low"), number(parameters, "high")


def ends_apart(parameters: Parameters) -> dict[str | Phrase, bool]:
    """Conditions on low and high: in order, and neither too far from each other nor too near."""
    low, high = ends(parameters)
    return {
        "low < high": low < high,
        **places(parameters, "low", "high"),
        "high − low ≥ 1e-100": high - low >= SMALLEST,
    }


def misfit(row: Family, parameters: object) -> str | None:
    """What keeps parameters of any origin from being those of a family.

    Parameters
    ----------
    row : Family
    parameters : object
        What a caller gave: a mapping from names to numbers, lists, or lists of ``{family, parameters}``.

    Returns
    -------
    str or None
        One sentence without a full stop; None if the parameters are accepted.
    """
    wrong = ill_formed(row, parameters)
    if wrong is not None:
        return wrong.in_("en")
    assert isinstance(parameters, Mapping)
    failed = row.valid(parameters)
    if failed is None:
        return None
    return phrase("condition-fails", condition=failed, found=_shortened(dict(parameters))).in_("en")


def ill_formed(row: Family, parameters: object) -> Phrase | None:
    """Wrong names or types of parameters; what ``Family.valid`` takes for granted."""
    if not isinstance(parameters, Mapping):
        return phrase("takes-a-table", found=repr(parameters))
    names = set(parameters)
    if not set(row.parameters) <= names <= {*row.parameters, *row.optional}:
        wanted = ", ".join(row.parameters) + "".join(f" [{name}]" for name in row.optional)
        found = tuple(map(str, parameters)) or phrase("none-given")
        return phrase("takes-parameters", needed=wanted, found=found)
    for name, value in parameters.items():
        if name in row.nested:
            fits, kind = _is_list(value), "kind-nested"
        elif name in row.lists:
            fits, kind = _is_list(value) and all(map(_is_number, value)), "kind-list"
        else:
            fits, kind = _is_number(value), "kind-number"
        if not fits:
            return phrase("parameter-kind", name=name, kind=phrase(kind), found=_shortened(value))
    return None


def _is_list(value: object) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim == 1 and len(value) > 0
    return isinstance(value, Sequence) and not isinstance(value, str | bytes) and len(value) > 0


def _is_number(value: object) -> bool:
    if isinstance(value, bool | np.bool) or not isinstance(value, int | float | np.integer | np.floating):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond all doubles
        return False


def _shortened(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 200 else text[:199] + "…"
