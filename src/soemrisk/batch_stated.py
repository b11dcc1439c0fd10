"""Which cell of a grid is a scenario as it is stated: what all others are read against, where the grid has it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from soemrisk.batch_options import KEPT, SUCCESS, Document, Where, at_place, model_at
from soemrisk.batch_plan import Batch, BatchAxis
from soemrisk.quantity import Quantity, base_value
from soemrisk.references import keys_of
from soemrisk.scenario import Success

CLOSE = 1e-9  # relative; numbers of a scenario have at most 15 digits


def stated_cells(batch: Batch) -> dict[int, bool]:
    """Cells of a grid that are a scenario as it is stated.

    Parameters
    ----------
    batch : Batch

    Returns
    -------
    dict of int to bool
        Numbers of cells, one for each scenario of which each axis has what is stated among its options; and whether the
        spread is the stated one too (a number among ``values`` counts as certain).
    """
    found: dict[int, bool] = {}
    for s, (key, document) in enumerate(batch.scenarios.items()):
        if batch.design != "grid":
            break
        chosen = [_stated_option(axis, key, document) for axis in batch.axes]
        positions = [one[0] for one in chosen if one is not None]
        if len(positions) == len(chosen):
            cell = 0
            for size, n in zip(batch.shape, [s, *positions], strict=True):
                cell = cell * size + n
            found[cell] = all(one is not None and one[1] for one in chosen)
    return found


def _stated_option(axis: BatchAxis, scenario: str, document: Document) -> tuple[int, bool] | None:
    """Position of the option that leaves a scenario as it is, and whether it leaves its spread too."""
    places = [tuple(one) for one in axis.places.get(scenario, ())]
    near = None
    for n, option in enumerate(axis.options):
        if axis.kind in ("readings", "factors"):
            alike = "spread" if option in ("stated", 1) else ""
        elif axis.kind == "options":
            alike = _least(_alike(document, tuple(at), stated) for inside, stated in option[scenario] for at in inside)
        else:
            alike = _least(_alike(document, place, option) for place in places)
        if alike == "spread":
            return n, True
        near = n if alike == "value" and near is None else near
    return None if near is None else (near, False)


def _least(found: Iterable[str]) -> str:
    """In what all places are alike: in their spread, in their value, or in nothing."""
    each = set(found)
    return next((one for one in ("", "value", "spread") if one in each), "")


def _alike(document: Document, place: Where, option: Any) -> str:
    """In what an option is alike what stands at a place."""
    there = at_place(document, place)
    model = model_at(place)
    if place == SUCCESS and not isinstance(option, Mapping):
        value = _net_rate(there)
    elif place == SUCCESS and not set(option) & set(keys_of(Success)):
        return _alike_net(there, option)
    elif model is None or not issubclass(model, Quantity):
        return "spread" if (_default(place) if there is None else there) == option else ""
    elif isinstance(option, Mapping):
        return "spread" if _statement(there) == _statement(option) else ""
    else:
        value = _base(model, there)
    same = value is not None and isinstance(option, int | float) and math.isclose(value, option, rel_tol=CLOSE)
    certain = isinstance(there, Mapping) and set(_statement(there)) == {"value"}
    return ("spread" if certain else "value") if same else ""


def _alike_net(stated: Any, option: Mapping[str, Any]) -> str:
    """In what a statement of the net rate is alike the rates of a scenario."""
    rates = stated if isinstance(stated, Mapping) else {}
    if set(rates) == {"net"} and _statement(rates["net"]) == _statement(option):
        return "spread"
    value, base = _base(Quantity, {"unit": "–", "source": "–", **option}), _net_rate(stated)
    same = value is not None and base is not None and math.isclose(value, base, rel_tol=CLOSE)
    certain = all(isinstance(one, Mapping) and set(_statement(one)) == {"value"} for one in (*rates.values(), option))
    return ("spread" if certain else "value") if same else ""


def _default(place: Where) -> Any:
    """What a scenario has that leaves a key out."""
    table = model_at(place[:-1])
    fields = {} if table is None else {field.alias or name: field for name, field in table.model_fields.items()}
    return fields[place[-1]].default if place[-1] in fields else None


def _statement(stated: Any) -> Any:
    return {key: one for key, one in stated.items() if key not in KEPT} if isinstance(stated, Mapping) else stated


def _base(model: type[Quantity], stated: Any) -> float | None:
    """Value of the base case of a quantity."""
    try:
        return base_value(model.model_validate(stated))
    except ValidationError:
        return None


def _net_rate(stated: Any) -> float | None:
    """Net rate of a scenario that states it, or the rates with and without."""
    rates = {key: _base(Quantity, one) for key, one in stated.items()} if isinstance(stated, Mapping) else {}
    if set(rates) == {"net"}:
        return rates["net"]
    with_, without = rates.get("with"), rates.get("without")
    if set(rates) != {"with", "without"} or with_ is None or without is None:
        return None
    return with_ - without
