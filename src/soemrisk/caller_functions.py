"""A caller's own function, and the families of its inputs: what is accepted, and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from soemrisk.families import Parameters, quantile
from soemrisk.quantile_tables import values as quantiles

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]
Inputs = Mapping[str, tuple[str, Parameters]]


def checked_inputs(families: Inputs | None) -> Inputs:
    """Inputs of a function as a caller states them, or a ValueError that says what is wrong."""
    if not isinstance(families, Mapping) or not families:
        raise ValueError("families must be a table of inputs: a name, and a family with its parameters")
    for name, stated in families.items():
        if not isinstance(name, str) or not isinstance(stated, tuple | list) or len(stated) != 2:
            raise ValueError(f"input {name!r} must be a family and its parameters, for example ('uniform', {{…}})")
        if name.endswith("/again"):
            raise ValueError(f"input {name!r}: a name may not end in /again, which keys the second draw of an input")
        try:
            quantile(stated[0], stated[1], 0.5)
        except ValueError as error:
            raise ValueError(f"input {name!r}: {error}") from None
    return dict(families)


def input_values(known: Inputs, points: Floats) -> Floats:
    """Values of the inputs at points of the unit cube, (n, d)."""
    columns = [quantiles(family, given, points[:, d]) for d, (family, given) in enumerate(known.values())]
    return np.stack(columns, axis=1)


def outcomes_of_function(function: Function, values: Floats) -> Floats:
    """What a function returns for n rows, (1, n): finite numbers, or a ValueError."""
    count = len(values)
    returned = np.asarray(function(values))
    if returned.dtype.kind not in "fiub":
        raise ValueError(f"the function must return real numbers, not {returned.dtype}")
    found = returned.astype(np.float64)
    if found.shape != (count,):
        raise ValueError(f"the function must return one number for each of {count} rows, not the shape {found.shape}")
    if not np.isfinite(found).all():
        raise ValueError("the function returned values that are not finite")
    return found[None]
