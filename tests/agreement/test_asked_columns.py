"""Columns of points that no outcome depends on are not drawn, and nothing changes by it."""

import copy
import dataclasses
from pathlib import Path

import pytest

from conftest import DOCUMENT, model_of, number
from soemrisk import kernel
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan, points
from soemrisk.reading import read
from soemrisk.simulation import evaluate_at
from soemrisk.transform import asked_columns, columns, directions

FILES = [*sorted((Path(__file__).parents[1] / "spec" / "valid").glob("*.toml")), "act-randers", "cti-aarhus"]


def arrays(model, keys):
    found = evaluate_at(model, points(plan(16 * 64, 8), keys, 4), directions(model), kernel.evaluate)
    parts = {field.name: getattr(found, field.name) for field in dataclasses.fields(found) if field.name != "outcome"}
    outcome = found.outcome
    return parts | {field.name: getattr(outcome, field.name) for field in dataclasses.fields(outcome)}


@pytest.mark.parametrize("source", FILES, ids=lambda source: Path(source).stem)
def test_outcomes_are_the_same_bytes_with_all_columns_drawn(source):
    model = compile_scenario(read(source))
    some, every = arrays(model, asked_columns(model)), arrays(model, columns(model))
    for name, array in every.items():
        assert some[name].tobytes() == array.tobytes(), name


def unasked(document):
    model = model_of(document)
    whole = zip(columns(model), asked_columns(model), strict=True)
    return {key.removeprefix(f"{model.draw_name}/") for key, asked in whole if asked is None}


OF_NET_RATE = {"chance/2020/completers", "chance/2020/without", "chance/2021/completers", "chance/2021/without"}


def test_what_is_certain_and_whole_needs_no_point():
    assert {key for key in unasked(DOCUMENT) if key.startswith("chance")} == OF_NET_RATE


def test_parts_of_persons_a_turnout_and_chance_without_need_one():
    parts, turnout, both = (copy.deepcopy(DOCUMENT) for _ in range(3))
    parts["participants"]["completers"]["2020"] = 10.5
    turnout["participants"]["factor"] = number(1.0, "faktor", low=0.8, high=1.2, meaning="hard")
    both["settings"]["chance"] = "independent"
    for document, drawn in (
        (parts, {"chance/2020/completers"}),
        (turnout, {"chance/2020/completers", "chance/2021/completers"}),
        (both, {"chance/2020/without", "chance/2021/without"}),
    ):
        assert unasked(DOCUMENT) - unasked(document) == drawn
