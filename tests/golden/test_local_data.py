"""ACT Randers side by side: the page is what the script writes, and what it says is true."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

import soemrisk as sr
from soemrisk.answer import base_case
from soemrisk.compilation import compile_scenario
from soemrisk.reading import read

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "local-data.md"
NAMES = {"total": "All actors", "kommune": "Municipality", "region": "Region", "stat": "State"}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_local_data", ROOT / "docs" / "make_local_data.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_local_data"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def results(script: ModuleType) -> dict[str, dict[str, dict[str, float]]]:
    return dict(script.results())


@pytest.fixture(scope="module")
def page(script: ModuleType, results: dict[str, dict[str, dict[str, float]]]) -> str:
    return str(script.content(results))


def cells(text: str, actor: str) -> dict[str, list[str]]:
    """Rows of an actor's table by variant."""
    part = text.split(f"## {NAMES[actor]}\n")[1].split("\n## ", maxsplit=1)[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")][2:]
    return {name: numbers for name, *numbers in rows}


def amount(cell: str) -> tuple[float, float]:
    """A number and what stands behind its ±."""
    value, _, half = cell.replace(",", "").replace("−", "-").partition(" ± ")
    return float(value), float(half or 0)


def test_the_page_is_what_the_script_writes(page: str) -> None:
    assert page == PAGE.read_text(encoding="utf-8"), "run python docs/make_local_data.py"


def test_as_listed_is_the_expected_result_of_the_shipped_scenario(page: str) -> None:
    expected = json.loads((ROOT / "scenarios" / "act-randers.expected.json").read_text(encoding="utf-8"))
    for actor in NAMES:
        base, mean, *_, gain = cells(page, actor)["as listed"]
        assert amount(base)[0] == round(expected["base"]["net"][actor])
        stated, half = amount(mean)
        assert abs(stated - expected["net"][actor]["mean"]) <= half
        assert amount(gain)[0] == pytest.approx(100 * expected["net"][actor]["prob_positive"], abs=0.01)


def test_every_mean_is_that_of_the_closed_form_and_every_base_that_of_the_rates(
    script: ModuleType, results: dict[str, dict[str, dict[str, float]]], page: str
) -> None:
    """The closed form knows no draws: four standard errors, before anything is rounded off."""
    scenarios, _ = script.variants()
    for name, scenario in scenarios.items():
        exact = sr.exact(scenario, chance=False)
        for actor in NAMES:
            found = results[name][actor]
            known = float(exact["mean"].sel(actor=actor))
            assert abs(found["mean"] - known) <= 4 * found["mcse_mean"], (name, actor)
    benefit = {actor: amount(cells(page, actor)["as listed"][0])[0] for actor in NAMES}
    cost = {"total": 7_510_650, "kommune": 7_510_650, "region": 0, "stat": 0}
    for percent in (5, 10):
        rate = 16 / 23 - percent / 100
        for actor in NAMES:
            wanted = (benefit[actor] + cost[actor]) * rate / 0.65 - cost[actor]
            assert amount(cells(page, actor)[f"counterfactual {percent} %"][0])[0] == pytest.approx(wanted, abs=2)


def test_the_own_baseline_scales_shelter_days_alone_so_that_no_week_of_the_year_vanishes(
    script: ModuleType, page: str
) -> None:
    """5/82 of what shelter days save is lost, half of it by the state; base case of the scenario without them."""
    scenarios, _ = script.variants()
    listed, own = scenarios["as listed"], scenarios["own baseline"]
    assert [key for key, one in own.consequences.items() if one != listed.consequences[key]] == ["herberg"]
    others = {key: one for key, one in listed.consequences.items() if key != "herberg"}
    without = base_case(compile_scenario(listed.model_copy(update={"consequences": others})))["net"]
    for actor in NAMES:
        before, after = (amount(cells(page, actor)[name][0])[0] for name in ("as listed", "own baseline"))
        assert before - after == pytest.approx((before - without[actor]) * 5 / 82, abs=1)
    assert page.count("| no: made from ACT's own weeks |") == 2


def test_invented_observations_say_so(script: ModuleType) -> None:
    scenarios, learnt = script.variants()
    updated = scenarios["own baseline and observations"]
    assert len(learnt) == 5
    assert updated.success is not None
    assert updated.success.with_ is not None
    said = [updated.success.with_.source, updated.costs["indsats"].amount.source]
    said += [updated.services[key].price[0].source for key in ("herberg", "botilbud")]
    assert all("invented for this example" in one for one in said)


def test_the_variants_can_be_written_as_files(script: ModuleType, tmp_path: Path) -> None:
    script.write_scenarios(tmp_path)
    scenarios, _ = script.variants()
    for scenario in scenarios.values():
        assert read(tmp_path / f"{scenario.id}.toml") == scenario
