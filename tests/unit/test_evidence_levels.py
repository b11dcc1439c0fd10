"""The level of evidence that a number rests on: where it may be stated, and where it is shown."""

from __future__ import annotations

import pytest

from soemrisk.driver_data import what_drives
from soemrisk.evidence_levels import level_of
from soemrisk.quantity import Quantity
from soemrisk.reading import read


@pytest.mark.parametrize(
    ("stated", "level"),
    [
        ({}, None),
        ({"evidence_level": 3}, 3),
        ({"evidence": 2}, 2),
        ({"se": 4.0, "discount": {"evidence": 1}}, 1),
        ({"library": "ips-arbejde-18"}, 1),
        ({"library": "ips-arbejde-18", "evidence_level": 2}, 2),
    ],
)
def test_the_level_comes_from_where_it_is_stated(stated: dict[str, object], level: int | None) -> None:
    assert level_of(Quantity(value=-60, unit="day", source="x", **stated)) == level


def test_a_level_moves_nothing_and_is_told_with_the_input() -> None:
    scenario = read("act-randers")
    assert scenario.success is not None
    assert scenario.success.with_ is not None
    rate = scenario.success.with_.model_copy(update={"evidence_level": None})
    unlabelled = scenario.model_copy(update={"success": scenario.success.model_copy(update={"with_": rate})})
    labelled, plain = what_drives(scenario), what_drives(unlabelled)
    assert labelled["inputs"]["success.with"].pop("evidence") == 3
    assert plain["inputs"]["success.with"].pop("evidence") is None
    assert labelled == plain
