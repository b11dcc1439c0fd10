"""References into the library, and the library itself."""

from __future__ import annotations

import copy
import json
import math
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from soemrisk.answer import base_case
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan
from soemrisk.errors import ScenarioError
from soemrisk.kernel import evaluate
from soemrisk.library import SECTIONS, library, topics
from soemrisk.quantity import DOMAINS, Quantity
from soemrisk.reading import parse
from soemrisk.receipt import content
from soemrisk.references import ENTRIES, keys_of, kind_of, with_references
from soemrisk.rules import quantities
from soemrisk.scenario import Scenario
from soemrisk.simulation import simulate_model
from soemrisk.toml_text import toml_text

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "distributions").rglob("*.toml"))
SHORTEST = tomllib.loads((Path(__file__).parent / "valid" / "shortest.toml").read_text(encoding="utf-8"))
PRICE = {"kind": "price", "price_year": 2022, "unit": "kr. pr. døgn", "source": "a tariff"}
ENTRIES_OF_A_TEST: dict[str, Any] = {
    "price": {**PRICE, "value": 1200, "low": 1000, "high": 1500, "meaning": "hard", "name": "not a key of a quantity"},
    "alias": {"kind": "price", "library": "price", "price_year": 2022},
    "dearer": {"kind": "price", "library": "price", "price_year": 2022, "value": 1300, "source": "another tariff"},
    "egg": {"kind": "price", "library": "hen"},
    "hen": {"kind": "price", "library": "egg"},
    "self": {"kind": "service", "price": {"library": "self/price"}},
    "dangling": {"kind": "price", "library": "nowhere"},
    "level": {"kind": "level", "value": 82, "unit": "døgn", "source": "x"},
    "shelter": {
        "kind": "service", "name": "Herberg", "area": "social", "unit": "døgn", "price_year": 2022,
        "price": [{"library": "price"}, {"from": 2022, "value": 1400, "unit": "kr. pr. døgn", "source": "x"}],
        "shares": {"kommune": 1.0}, "shares_source": "x",
    },
    "night": {"kind": "service", "library": "shelter", "unit": "døgn", "name": "Nat"},
    "fewer": {"kind": "change", "value": [-60, -30], "significant": 0.05, "unit": "døgn", "source": "x"},
    "nights": {"kind": "consequence", "service": "herberg", "change": {"library": "fewer"}},
    "common": {"kind": "group", "name": "x", "factor": {"value": 1, "low": 0.5, "high": 1.5, "meaning": "hard",
                                                         "unit": "faktor", "source": "x"}},
}  # fmt: skip


def with_price(**price: Any) -> dict[str, Any]:
    document = copy.deepcopy(SHORTEST)
    document["services"]["herberg"]["price"] = price
    return document


def scenario_of(document: dict[str, Any]) -> Scenario:
    return parse(toml_text(document).encode(), "x.toml", ENTRIES_OF_A_TEST)


def problem_of(document: dict[str, Any]) -> tuple[str, str, int | None]:
    with pytest.raises(ScenarioError) as caught:
        scenario_of(document)
    (problem,) = caught.value.problems
    return problem.rule, problem.path, problem.line


def price_of(document: dict[str, Any]) -> Quantity:
    return scenario_of(document).services["herberg"].price[0]


def keys_by_path(document: dict[str, Any]) -> dict[str, str]:
    return {one.path: one.key for one in compile_scenario(scenario_of(document)).inputs}


def test_a_reference_takes_every_key_of_the_place_and_no_other() -> None:
    price = price_of(with_price(library="price"))
    assert (price.value, price.low, price.high, price.meaning) == (1200, 1000, 1500, "hard")
    assert (price.unit.da, price.source, price.library) == ("kr. pr. døgn", "a tariff", "price")


@pytest.mark.parametrize("label", [{"source": "mine"}, {"unit": "kr. pr. nat"}])
@pytest.mark.parametrize("same", [{}, {"value": 1200, "low": 1000, "high": 1500, "meaning": "hard"}])
def test_a_number_of_the_library_has_no_other_source_or_unit(label: dict[str, Any], same: dict[str, Any]) -> None:
    (key,) = label
    problem = problem_of(with_price(library="price", **label, **same))
    assert problem[:2] == ("library-source", f"services.herberg.price.{key}")
    repeated = with_price(library="price", source="a tariff", unit="kr. pr. døgn", **same)
    assert scenario_of(repeated) == scenario_of(with_price(library="price"))


def test_shares_of_the_library_have_its_source_and_other_shares_their_own() -> None:
    document = copy.deepcopy(SHORTEST)
    document["services"]["herberg"] = {"library": "shelter", "shares_source": "mine"}
    assert problem_of(document)[:2] == ("library-source", "services.herberg.shares_source")
    document["services"]["herberg"] = {"library": "shelter", "shares": {"stat": 1.0}}
    assert problem_of(document)[:2] == ("missing-key", "services.herberg")
    document["services"]["herberg"] |= {"shares_source": "mine"}
    assert scenario_of(document).services["herberg"].shares_source == "mine"


def test_a_default_that_is_written_out_is_no_number_unless_the_entry_has_another() -> None:
    document = copy.deepcopy(SHORTEST)
    document["consequences"]["herberg"]["change"] = {"library": "fewer", "corrected": False}
    assert scenario_of(document).consequences["herberg"].change.library == "fewer"
    other = {**ENTRIES_OF_A_TEST["fewer"], "z": {"values": [3], "weights": [1]}, "corrected": True}
    with pytest.raises(ScenarioError, match='the key "source" is missing'):
        parse(toml_text(document).encode(), "x.toml", {**ENTRIES_OF_A_TEST, "fewer": other})


def test_a_value_of_ones_own_leaves_nothing_of_the_statement() -> None:
    price = price_of(with_price(library="price", value=1300, source="mine"))
    assert (price.value, price.low, price.high, price.meaning, price.library) == (1300, None, None, None, None)
    assert (price.unit.da, price.source) == ("kr. pr. døgn", "mine")


@pytest.mark.parametrize("stated", [{"value": 1300}, {"value": 1300, "se": 20}, {"low": 900}])
def test_the_source_of_the_library_never_stands_beside_a_number_of_ones_own(stated: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError, match='the key "source" is missing'):
        scenario_of(with_price(library="price", **stated))


def test_to_state_what_the_library_states_changes_nothing() -> None:
    same = with_price(library="price", value=1200.0, low=1000, high=1500, meaning="hard")
    assert scenario_of(same) == scenario_of(with_price(library="price"))
    other = with_price(library="price", value=1200, low=1000, high=1501, meaning="hard", source="mine")
    assert price_of(other).library is None


def test_entries_refer_to_entries_and_the_statement_keeps_its_home() -> None:
    assert price_of(with_price(library="alias")).library == "price"
    dearer = price_of(with_price(library="dearer"))
    assert (dearer.value, dearer.low, dearer.library, dearer.source) == (1300, None, "dearer", "another tariff")


def test_a_service_a_consequence_and_a_group_are_taken_whole() -> None:
    document = copy.deepcopy(SHORTEST)
    document["services"]["herberg"] = {"library": "night", "shares": {"stat": 1.0}, "shares_source": "mine"}
    document["groups"] = {"g": {"library": "common"}}
    document["consequences"] = {"herberg": {"library": "nights", "group": "g"}}
    scenario = scenario_of(document)
    service = scenario.services["herberg"]
    assert (service.name.da, service.area, dict(service.shares[0].shares)) == ("Nat", "social", {"stat": 1.0})
    assert [(step.from_, step.value, step.library) for step in service.price] == [
        (None, 1200, "price"),
        (2022, 1400, "shelter/price@2022"),
    ]
    assert scenario.consequences["herberg"].change.value == (-60, -30)
    keys = keys_by_path(document)
    assert keys["groups.g.factor"] == "common/factor"
    assert keys["consequences.herberg.change"] == "fewer"
    assert keys["services.herberg.price"] == "price"
    assert keys["success.net"] == "shortest/success/net"


def test_an_entry_that_takes_another_keeps_its_own_labels_when_it_is_read_again() -> None:
    entries = {**ENTRIES_OF_A_TEST, "lodge": {"kind": "service", "library": "shelter", "shares_source": "its own law"}}
    document = copy.deepcopy(SHORTEST)
    document["services"]["herberg"] = {"library": "lodge"}
    filled, findings = with_references(document, entries)
    assert findings == []
    assert filled["services"]["herberg"]["library"] == "lodge"
    assert filled["services"]["herberg"]["shares_source"] == "its own law"
    assert with_references(filled, entries) == (filled, [])


def test_what_is_filled_in_is_read_as_the_same_scenario() -> None:
    document = copy.deepcopy(SHORTEST)
    document["services"]["herberg"] = {"library": "shelter"}
    document["consequences"]["herberg"] = {"library": "nights"}
    filled, findings = with_references(document, ENTRIES_OF_A_TEST)
    assert findings == []
    assert with_references(filled, ENTRIES_OF_A_TEST) == (filled, [])
    assert scenario_of(filled) == scenario_of(document)
    scenario = scenario_of(document)
    assert Scenario.model_validate_json(content(scenario)) == scenario
    assert json.loads(content(scenario))["services"]["herberg"]["price"][0]["library"] == "price"


def test_a_reference_leaves_the_document_as_it_was() -> None:
    document = with_price(library="price")
    before = copy.deepcopy(document)
    with_references(document, ENTRIES_OF_A_TEST)
    assert document == before


@pytest.mark.parametrize(
    ("reference", "rule"),
    [
        ("prise", "unknown-library"),
        ("price/value", "unknown-library"),
        ("shelter/prices", "unknown-library"),
        ("shelter/price@2023", "unknown-library"),
        ("dangling", "unknown-library"),
        ("level", "library-kind"),
        ("shelter", "library-kind"),
        ("nights/change", "library-kind"),
        ("egg", "library-cycle"),
        ("self/price", "library-cycle"),
    ],
)
def test_a_wrong_reference_is_one_problem_in_its_place(reference: str, rule: str) -> None:
    text = toml_text(with_price(library=reference)).split("\n")
    line = next(n for n, one in enumerate(text, 1) if "library" in one)
    assert problem_of(with_price(library=reference)) == (rule, "services.herberg.price.library", line)


def test_a_level_is_not_taken_for_a_change() -> None:
    document = copy.deepcopy(SHORTEST)
    document["consequences"]["herberg"]["change"] = {"library": "level"}
    assert problem_of(document)[:2] == ("library-level-as-change", "consequences.herberg.change.library")


def test_a_price_brings_its_price_year_and_no_other() -> None:
    document = with_price(library="price")
    del document["services"]["herberg"]["price_year"]
    assert scenario_of(document).services["herberg"].price_year == 2022
    document["services"]["herberg"]["price_year"] = document["settings"]["price_year"] = 2021
    assert problem_of(document)[:2] == ("library-price-year", "services.herberg.price")


OWN = {"value": 1300, "unit": "kr. pr. døgn", "source": "mine"}


@pytest.mark.parametrize(
    "service",
    [
        {"price": {"library": "price", "value": 1300, "source": "mine"}},
        {"price": [{"library": "price"}, {"from": 2022, **OWN}]},
        {"price": [OWN, {"from": 2022, "library": "price"}]},
        {"library": "shelter", "price": OWN},
    ],
)
def test_a_price_of_ones_own_has_a_price_year_of_its_own(service: dict[str, Any]) -> None:
    document = copy.deepcopy(SHORTEST)
    document["services"]["herberg"] |= service
    del document["services"]["herberg"]["price_year"]
    assert problem_of(document)[:2] == ("own-price-year", "services.herberg.price_year")
    document["services"]["herberg"]["price_year"] = 2022
    assert scenario_of(document).services["herberg"].price_year == 2022


def test_an_amount_of_ones_own_in_place_of_the_librarys_has_a_price_year_too() -> None:
    entries = {**ENTRIES_OF_A_TEST, "team": {**PRICE, "kind": "amount", "price_year": 2021, "unit": "kr.", "value": 5}}
    document = copy.deepcopy(SHORTEST)
    document["costs"]["team"]["amount"] = {"library": "team", "value": 6, "source": "mine"}
    with pytest.raises(ScenarioError, match="state its price year"):
        parse(toml_text(document).encode(), "x.toml", entries)
    document["costs"]["team"]["price_year"] = 2022
    assert parse(toml_text(document).encode(), "x.toml", entries).costs["team"].amount.value == 6


def test_other_mistakes_of_a_service_are_told_beside_those_of_its_price_year() -> None:
    document = with_price(library="price", value=1300, source="mine")
    del document["services"]["herberg"]["price_year"]
    document["services"]["herberg"]["income"] = 1
    with pytest.raises(ScenarioError) as caught:
        scenario_of(document)
    assert {problem.rule for problem in caught.value.problems} == {"own-price-year", "not-true-or-false"}


def test_a_mistake_in_what_is_taken_is_told_where_it_is_taken() -> None:
    wrong = {**ENTRIES_OF_A_TEST, "price": {**PRICE, "value": 1200, "low": 1300, "high": 1500, "meaning": "hard"}}
    text = toml_text(with_price(library="price"))
    with pytest.raises(ScenarioError) as caught:
        parse(text.encode(), "x.toml", wrong)
    line = next(n for n, one in enumerate(text.split("\n"), 1) if "library" in one)
    assert {problem.line for problem in caught.value.problems} == {line}


def test_two_scenarios_share_the_draws_of_an_entry_and_two_places_are_one_number() -> None:
    document = with_price(library="price")
    document["services"]["nat"] = copy.deepcopy(document["services"]["herberg"])
    document["consequences"]["nat"] = {**document["consequences"]["herberg"], "service": "nat"}
    other = {**copy.deepcopy(document), "id": "another"}
    results = []
    for one in (document, other):
        model = compile_scenario(scenario_of(one))
        assert [model.inputs[n].key for n in model.uncertain].count("price") == 2
        assert len({model.column[k] for k, n in enumerate(model.uncertain) if model.inputs[n].key == "price"}) == 1
        results.append(model)
    assert "price" in results[0].columns
    assert "price" in results[1].columns
    own = with_price(library="price", value=1200, low=1000, high=1500, meaning="hard")
    again = [
        simulate_model(compile_scenario(scenario_of(one)), plan(256, 3, "random"), evaluate=evaluate).net
        for one in (with_price(library="price"), own, with_price(library="dearer"))
    ]
    assert np.array_equal(again[0], again[1])
    assert not np.array_equal(again[0], again[2])


def test_kinds_are_read_off_the_data_model() -> None:
    assert set(ENTRIES) == {"service", "consequence", "group"}
    assert {kind_of(key, Quantity) for key in ("price", "change", "level", "factor", "amount")} == {
        "price", "change", "level", "factor", "amount",
    }  # fmt: skip
    assert kind_of("with", Quantity) == kind_of("persistence", Quantity) == "rate"


def test_places_that_share_a_draw_have_no_correlation() -> None:
    document = with_price(library="price")
    document["services"]["nat"] = copy.deepcopy(document["services"]["herberg"])
    places = ["services.herberg.price", "services.nat.price", "costs.team.amount"]
    document["costs"]["team"]["amount"]["se"] = 1000
    one = {"rank": 0.5, "source": "x"}
    assert problem_of({**document, "correlations": [{"between": places[:2], **one}]})[0] == "correlation-of-one"
    both = [{"between": [places[0], places[2]], **one}, {"between": [places[1], places[2]], **one}]
    assert problem_of({**document, "correlations": both})[0] == "correlation-twice"


# the shipped library

ABOUT_AN_ENTRY = {"kind", "name", "note", "certain", "price_year", "evidence_level", "population"}
WITHOUT_A_PLACE = {"effect", "calibration", "result", "statistic", "shares"}  # tests/unit/test_library.py
QUANTITIES_AND_SECTIONS = [
    key for key, entry in library().items() if entry["kind"] not in {*WITHOUT_A_PLACE, "price_index", "steps"}
]


def free(unit: str) -> dict[str, Any]:
    return {"value": 0, "unit": f"kr. pr. {unit}", "source": "x"}


def used(unit: str, change: float, level: float = 10) -> dict[str, Any]:
    """A change with the level beside it that shares by use need."""
    return {key: {"value": value, "unit": unit, "source": "x"} for key, value in (("change", change), ("level", level))}


def whole(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Entry with what it takes from the entries that it refers to."""
    return {**(whole(library()[entry["library"]]) if "library" in entry else {}), **entry}


def shares_of(entry: Mapping[str, Any]) -> list[dict[str, float]]:
    """Shares of each step of a service, by actor."""
    steps = entry["shares"] if isinstance(entry["shares"], list) else [entry["shares"]]
    return [{key: value for key, value in step.items() if key not in {"from", "above"}} for step in steps]


def stated(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry says of a number, and not of the number's name: two entries that say the same are one."""
    return {key: value for key, value in entry.items() if key not in {"name", "note", "certain", "kind"}}


PLACES = {
    "price": lambda one, ref: {"services": {"herberg": {"unit": one["unit"].removeprefix("kr. pr. "), "price": ref}}},
    "amount": lambda _, ref: {"costs": {"team": {"amount": ref}}},
    "change": lambda one, ref: {
        "services": {"herberg": {"unit": one["unit"], "price": free(one["unit"])}},
        "consequences": {"herberg": {"change": ref}},
    },
    "factor": lambda _, ref: {"groups": {"g": {"name": "x", "factor": ref}}},
    "rate": lambda _, ref: {"success": {"with": ref, "without": ref, "net": None}},
    "net_rate": lambda _, ref: {"success": {"net": ref}},
    "discount_rate": lambda _, ref: {"settings": {"discount_rate": ref}},
    "level": lambda one, ref: {
        "services": {"herberg": {"unit": one["unit"], "price": free(one["unit"])}},
        "consequences": {"herberg": {"change": {"value": -1, "unit": one["unit"], "source": "x"}, "level": ref}},
    },
    "service": lambda one, ref: {
        "services": {"herberg": {**dict.fromkeys(SHORTEST["services"]["herberg"]), **ref, "area": "social"}},
        "consequences": {"herberg": used(whole(one)["unit"], -1)},
    },
    "consequence": lambda _, ref: {
        "services": {"herberg": {"unit": "døgn"}},
        "consequences": {"herberg": {"change": None, **ref, "service": "herberg"}},
    },
    "group": lambda _, ref: {"groups": {"g": ref}},
    "price_index": lambda _, ref: {"settings": {"price_index": ref}},
}  # fmt: skip


def combined(document: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Document with changes, table by table; None takes a key away. References replace what is there."""
    result = dict(document)
    for key, value in changes.items():
        deeper = isinstance(value, dict) and isinstance(result.get(key), dict) and not {"library", "value"} & set(value)
        result[key] = combined(result[key], value) if deeper or key == "herberg" else value
        if value is None:
            result.pop(key)
    return result


def entries_by_file() -> dict[str, dict[str, Any]]:
    files = {path: tomllib.loads(path.read_text(encoding="utf-8")) for path in FILES}
    return {path.relative_to(ROOT / "distributions").as_posix(): entries for path, entries in files.items()}


def test_the_library_ships_whole_and_ids_are_unique() -> None:
    stated = [key for entries in entries_by_file().values() for key in entries]
    assert len(stated) == len(set(stated)) >= 60
    assert sorted(library()) == sorted(stated)
    assert {path.parent.name for path in FILES} == set(SECTIONS) == {
        "priser", "maalgrupper", "effekt", "konsekvenser", "parametre",
    }  # fmt: skip
    assert {f"{section}/{topic}.toml" for section, topic in topics()} == set(entries_by_file())


def test_quantities_of_the_library_refer_to_each_other_without_labels_of_their_own() -> None:
    def references(table: Any) -> Any:
        for one in table.values() if isinstance(table, dict) else table if isinstance(table, list) else ():
            yield from references(one)
        if isinstance(table, dict) and "library" in table:
            yield table

    found = [one for one in references(dict(library())) if one.get("kind") not in ENTRIES]
    assert found
    assert all(set(one) <= {"library", "from"} for one in found)


@pytest.mark.parametrize("key", QUANTITIES_AND_SECTIONS)
def test_an_entry_of_the_library_holds(key: str) -> None:
    entry = library()[key]
    model = ENTRIES.get(entry["kind"], Quantity)
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert set(entry) <= ABOUT_AN_ENTRY | set(keys_of(model))
    for name in ("name", "note", "certain", "population"):
        assert set(entry.get(name, {"da": 0, "en": 0})) == {"da", "en"}
    assert "library" not in entry.get("source", "")
    if entry["kind"] == "service":
        service = whole(entry)
        assert service["unit"]
        assert "http" in service["shares_source"]
        assert all(abs(math.fsum(step.values()) - 1) < 1e-14 for step in shares_of(service))
        price = library()[service["price"]["library"]]
        assert (price["unit"], price["price_year"]) == (f"kr. pr. {service['unit']}", service["price_year"])
    if entry["kind"] == "consequence":
        assert library()[entry["change"]["library"]]["kind"] == "change"
        assert entry["service"] in library()
    if entry["kind"] == "group":
        assert entry["factor"]["unit"]
        assert entry["factor"]["source"]
    if model is not Quantity:
        return
    quantity = Quantity.model_validate({k: v for k, v in entry.items() if k in keys_of(Quantity)}, strict=False)
    spread = set(quantity.model_fields_set) - {"value", "unit", "source", "library", "evidence_level"}
    assert bool(spread) != ("certain" in entry), "a spread, or why there is none"
    assert entry["unit"]
    assert entry["source"]
    if "significant" in entry and not {"se", "z"} & set(entry):
        assert "signifikante på 5 %" in entry["note"]["da"], "listed, so that its standard error is not known"
        assert "significant at 5 %" in entry["note"]["en"]
    assert "http" in entry["source"] or "Finansministeriet" in entry["source"] or entry["kind"] == "level"
    assert ("price_year" in entry) == (entry["kind"] in {"price", "amount"})
    assert entry["kind"] in {*DOMAINS, "rate", "level"}
    assert entry["kind"] != "price" or entry["unit"].startswith("kr. pr. ")
    assert entry["kind"] != "price" or key.endswith(f"-{entry['price_year']}")


@pytest.mark.parametrize("key", [key for key, entry in library().items() if entry["kind"] in PLACES])
def test_an_entry_of_the_library_resolves_in_a_small_scenario(key: str) -> None:
    entry = library()[key]
    if entry["kind"] == "price_index":
        document = combined(copy.deepcopy(SHORTEST), PLACES["price_index"](entry, {"library": key}))
        index = parse(toml_text(document).encode(), "x.toml").settings.price_index
        assert index is not None
        assert (index.library, index.source) == (key, entry["source"])
        assert dict(index.values) == {int(year): value for year, value in entry["values"].items()}
        return
    base = copy.deepcopy(SHORTEST)
    base["actors"]["region"] = {"name": "Region"}
    base["settings"]["price_index"] = {"name": "x", "source": "x", "values": {str(y): 100.0 for y in range(2000, 2030)}}
    document = combined(base, PLACES[entry["kind"]](entry, {"library": key}))
    if entry["kind"] == "price":
        del document["services"]["herberg"]["price_year"]
        document["consequences"]["herberg"]["change"] |= {"value": -1, "unit": document["services"]["herberg"]["unit"]}
    if entry["kind"] == "service":
        document["services"]["herberg"].pop("price_year", None)
    scenario = parse(toml_text(document).encode(), "x.toml")
    used = {quantity.library for _, quantity, _ in quantities(scenario)} - {None}
    assert used
    assert any(one == key or one.startswith(f"{key}/") or entry["kind"] in ENTRIES for one in used)
    compile_scenario(scenario)


def test_no_number_of_the_library_has_two_ids() -> None:
    numbers = [(entry["value"], entry["unit"], entry["source"]) for entry in library().values() if "value" in entry]
    assert len(numbers) == len(set(numbers))
    others = [json.dumps(stated(entry), sort_keys=True) for entry in library().values() if "value" not in entry]
    assert len(others) == len(set(others))


def base_units(service: str, consequence: dict[str, Any], years: tuple[int, int]) -> list[dict[str, float]]:
    """Units of a service of the library that one success saves each actor, by calendar year, nothing discounted."""
    entry = whole(library()[service])
    price = library()[entry["price"]["library"]]["value"]
    document = copy.deepcopy(SHORTEST)
    document["settings"] |= dict(zip(("first_year", "last_year"), years, strict=True), price_year=entry["price_year"])
    document["settings"]["discount_rate"] = {"value": 0, "unit": "pr. år", "source": "x"}
    document["participants"]["completers"] = {str(years[0]): 1}
    document["success"] = {"net": {"value": 1, "unit": "andel", "source": "x"}}
    del document["costs"]
    document["services"] = {service: {"library": service, "area": "social"}}
    document["consequences"] = {"c": consequence}
    by_year = base_case(compile_scenario(parse(toml_text(document).encode(), "x.toml")))["year"]
    return [{actor: net / price for actor, net in by_year[str(y)].items()} for y in range(years[0], years[1] + 1)]


def test_a_shelter_is_refunded_by_the_days_and_the_years_of_the_rules() -> None:
    """200 days less 120: half each, then half of 120 − 80 days for the state, then half of 90 − 80."""
    saved = base_units("herberg-110", {"service": "herberg-110", **used("døgn", -120, 200)}, (2023, 2026))
    expected = [(60, 60), (100, 20), (100, 20), (115, 5)]
    assert saved == [pytest.approx({"total": 120, "kommune": k, "stat": s}, abs=1e-9) for k, s in expected]


@pytest.mark.parametrize("service", [key for key, entry in library().items() if whole(entry).get("bands") == "spell"])
def test_a_transfer_is_refunded_by_the_weeks_of_the_refusionstrappe(service: str) -> None:
    """52 weeks less 26: weeks 27–52 at 30 %, then 53–104 at 20 % less 27–52 at 30 %."""
    saved = base_units(service, {"service": service, **used("uge", -26, 52)}, (2020, 2021))
    expected = [(26 * 0.7, 26 * 0.3), (52 * 0.8 - 26 * 0.7, 52 * 0.2 - 26 * 0.3)]
    assert saved == [pytest.approx({"total": 26, "kommune": k, "stat": s}, abs=1e-9) for k, s in expected]


def test_the_first_weeks_are_the_states() -> None:
    service = "sygedagpenge-refusionstrappen"
    saved = base_units(service, {"service": service, **used("uge", -12, 12)}, (2020, 2020))
    assert saved == [pytest.approx({"total": 12, "kommune": 4 * 0.2 + 8 * 0.6, "stat": 4 * 0.8 + 8 * 0.4})]


def test_weekly_rates_are_the_monthly_ones() -> None:
    for key in ("kontanthjaelp-30-andre", "uddannelseshjaelp-udeboende", "dagpenge-hoejeste"):
        week, month = (library()[f"{key}{part}"]["value"] for part in ("-uge-pris-2023", "-pris-2023"))
        assert week == pytest.approx(month * 12 / 52, abs=0.005)


def test_the_prison_days_of_recidivism_are_the_published_ones() -> None:
    """245 days in the ten years after release, 70 % of the 505,300 kr. of a success: 1,444 kr. a day against 1,469."""
    saved = base_units("faengsel-gennemsnit", {"library": "recidiv-faengsel"}, (2020, 2030))
    assert [year["total"] for year in saved] == pytest.approx([0] + [24.5] * 10)
    assert sum(year["stat"] for year in saved) == pytest.approx(245)
    assert 245 * library()["faengsel-gennemsnit-pris-2015"]["value"] == pytest.approx(0.70 * 505_300, rel=0.02)


def test_the_written_spec_names_entries_that_exist_and_every_service_with_bands() -> None:
    text = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8").split("\n## 7. ")[1].split("\n## ")[0]
    named = set(re.findall(r'library = "([a-z0-9-]+)"', text))
    assert named
    assert named <= set(library())
    banded = {key for key, entry in library().items() if "bands" in whole(entry)}
    assert banded == {word for word in re.findall(r"`([a-z0-9-]+)`", text) if word in library()}
