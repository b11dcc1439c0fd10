"""The shipped scenarios beside their expected results: nothing that stands changes by itself.

``python tests/golden/test_goldens.py`` writes the expected results anew; a changed one belongs in the changelog.
"""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from soemrisk.answer import answer
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan
from soemrisk.reading import read
from soemrisk.running import run_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NAMES = sorted(path.stem for path in SCENARIOS.glob("*.toml"))


def result(name):
    scenario = read(SCENARIOS / f"{name}.toml")
    digest, _ = run_scenario(scenario, plan(65_536, 1))
    return answer(scenario, digest, "da")


def leaves(tree, path=()):
    if isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from leaves(value, (*path, str(key)))
    else:
        yield "/".join(path), tree


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_gives_its_expected_result(name):
    expected = json.loads((SCENARIOS / f"{name}.expected.json").read_text(encoding="utf-8"))
    found, wanted = dict(leaves(result(name))), dict(leaves(expected))
    assert list(found) == list(wanted)
    for path, value in wanted.items():
        if isinstance(value, float):
            # errors are differences of nearly equal numbers: 1e-9 of the scale of the estimate, not of themselves
            scale = abs(wanted.get(path.rsplit("/", 1)[0] + "/sd", 0.0) or value)
            assert found[path] == pytest.approx(value, rel=1e-9, abs=1e-9 * scale), path
        else:
            assert found[path] == value, path


def test_the_calibration_script_finds_the_numbers_of_the_file():
    spec = importlib.util.spec_from_file_location("calibrate_act", SCENARIOS / "calibrate_act.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    found = script.calibrate()
    scenario = read(SCENARIOS / "act-randers.toml")
    assert len(found) == 7
    for name, consequence in scenario.consequences.items():
        source = consequence.change.source
        if name in found:
            assert consequence.change.value == pytest.approx(found[name], rel=1e-9)
            assert source.startswith("calibrated to ")
            assert f"before: {script.BEFORE[name]:g}" in source
        else:
            assert "calibrated" not in source
            assert consequence.change.value == script.BEFORE[name]


def test_cti_has_the_consequences_of_act_without_the_user_defined_line():
    act, cti = read(SCENARIOS / "act-randers.toml"), read(SCENARIOS / "cti-aarhus.toml")
    assert set(cti.consequences) == set(act.consequences) - {"brugerdefineret"}
    for name, consequence in cti.consequences.items():
        assert consequence.change.value == act.consequences[name].change.value
        assert cti.services[name].model_dump(exclude={"price"}) == act.services[name].model_dump(exclude={"price"})
        assert cti.services[name].price == act.services[name].price


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_is_put_into_the_wheel_and_named_in_the_readme(name):
    assert f'"scenarios/{name}.toml" = "soemrisk/scenarios/{name}.toml"' in (
        SCENARIOS.parent / "pyproject.toml"
    ).read_text(encoding="utf-8")
    assert f"`{name}`" in (SCENARIOS.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_every_number_has_a_source_that_is_a_reference_or_says_assumption(name):
    for one in compile_scenario(read(SCENARIOS / f"{name}.toml")).inputs:
        assert any(sign in one.source.lower() for sign in (
            "http", "slides", "assumption", "calibrated", "finansministeriet", "definition", "derived", "trial 2021",
        )), one.path  # fmt: skip


if __name__ == "__main__":
    for each in NAMES:
        target = SCENARIOS / f"{each}.expected.json"
        target.write_text(json.dumps(result(each), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        sys.stdout.write(f"{target.name}\n")
