"""The library as a whole: entries without a place in a scenario, price indices, discount rates, rules of refusion."""

from __future__ import annotations

import math
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import digested
from soemrisk.answer import warnings
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan
from soemrisk.errors import ScenarioError
from soemrisk.full_form import full_form
from soemrisk.kernel import evaluate
from soemrisk.library import SECTIONS, library, topics
from soemrisk.memo_assumptions import assumptions
from soemrisk.messages import text
from soemrisk.reading import parse, read
from soemrisk.simulation import simulate_model
from soemrisk.terms import price_factor, price_years
from soemrisk.toml_text import toml_text

SHORTEST = tomllib.loads((Path(__file__).parents[1] / "spec/valid/shortest.toml").read_text(encoding="utf-8"))
ALWAYS = {"kind", "name", "source"}
KEYS = {
    "effect": ({"scale", "estimate", "outcome", "comparator", "population", "evidence_level"},
               {"low", "high", "level", "se", "unit", "n", "followup_months"}),
    "calibration": ({"value", "unit"}, {"low", "high", "meaning", "n"}),
    "result": ({"value", "unit"}, {"price_year", "low", "high", "level", "se", "parts", "chance_positive"}),
    "statistic": ({"value", "unit", "year"}, set()),
    "shares": ({"shares"}, {"unit", "valid_from", "valid_to"}),
}  # fmt: skip
SCALES = {"rate_difference", "odds_ratio", "risk_ratio", "hazard_ratio", "rate_ratio", "cohen_d", "mean_difference"}
WITHOUT_A_PLACE = [key for key, entry in library().items() if entry["kind"] in KEYS]


@pytest.mark.parametrize("key", WITHOUT_A_PLACE)
def test_an_entry_without_a_place_holds(key: str) -> None:
    entry = library()[key]
    needed, possible = KEYS[entry["kind"]]
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert ALWAYS | needed <= set(entry) <= ALWAYS | needed | possible | {"note", "certain"}
    for name in {"name", "note", "certain", "outcome", "comparator", "population"} & set(entry):
        assert set(entry[name]) == {"da", "en"}
        assert all(one.strip() == one != "" for one in entry[name].values())
    assert "http" in entry["source"] or "Ankestyrelsen" in entry["source"]
    if entry["kind"] != "shares":
        assert bool({"low", "se"} & set(entry)) != ("certain" in entry), "a spread, or why there is none"
    middle = entry.get("estimate", entry.get("value"))
    if "low" in entry:
        assert entry["low"] <= middle <= entry["high"]
        assert entry["low"] < entry["high"]
        assert entry.get("meaning", entry.get("level")) in {"hard", "95%", 0.95, 0.975}


@pytest.mark.parametrize("key", [key for key in WITHOUT_A_PLACE if library()[key]["kind"] == "effect"])
def test_an_effect_is_possible_on_its_scale(key: str) -> None:
    entry = library()[key]
    numbers = [entry[name] for name in ("estimate", "low", "high") if name in entry]
    assert entry["scale"] in SCALES
    assert entry["evidence_level"] in {1, 2, 3}
    assert ("unit" in entry) == (entry["scale"] == "mean_difference")
    assert ("level" in entry) == ("low" in entry)
    if entry["scale"] == "rate_difference":
        assert all(-1 <= one <= 1 for one in numbers)
    if entry["scale"].endswith("_ratio"):
        assert all(one > 0 for one in numbers)


def test_intervals_of_ratios_are_symmetric_on_their_scale_to_the_rounding_of_the_source() -> None:
    """The estimate is in the middle on the scale where it was made: logarithms of ratios, the value else.

    Published figures are rounded to two digits, so that the middle may be off by a quarter of half the width, or by
    what half a unit of the last digit is worth. Known exceptions are skewed as published.
    """
    skewed = {"act-team-sengedage-18"}
    for key in WITHOUT_A_PLACE:
        entry = library()[key]
        if entry["kind"] != "effect" or "low" not in entry or key in skewed:
            continue
        made = math.log if entry["scale"].endswith("_ratio") else float
        low, middle, high = (made(entry[name]) for name in ("low", "estimate", "high"))
        assert abs(middle - (low + high) / 2) <= max(0.25 * (high - low) / 2, 0.02), key


@pytest.mark.parametrize("key", [key for key in WITHOUT_A_PLACE if library()[key]["kind"] == "shares"])
def test_shares_by_rule_add_up_and_rise(key: str) -> None:
    entry = library()[key]
    steps = entry["shares"] if isinstance(entry["shares"], list) else [entry["shares"]]
    assert [step.get("above", 0) for step in steps] == sorted({step.get("above", 0) for step in steps})
    assert ("unit" in entry) == (len(steps) > 1)
    for step in steps:
        shares = {actor: share for actor, share in step.items() if actor != "above"}
        assert set(shares) <= {"kommune", "region", "stat"}
        assert math.fsum(shares.values()) == pytest.approx(1, abs=1e-12)
        assert all(0 < share <= 1 for share in shares.values())


def test_every_section_has_entries_and_names_are_found_in_both_languages() -> None:
    assert {section for section, _ in topics()} == set(SECTIONS)
    for key, entry in library().items():
        if "name" not in entry:  # a consequence or service that takes another's, whose name it has
            assert entry["kind"] in {"consequence", "service"}, key
            continue
        assert entry["name"]["da"] != ""
        assert entry["name"]["en"] != ""


def test_names_of_one_kind_and_year_are_all_different() -> None:
    named = [
        (entry["kind"], entry.get("price_year"), entry["scale" if entry["kind"] == "effect" else "kind"], lang, name)
        for entry in library().values()
        for lang, name in entry.get("name", {}).items()
    ]
    twice = {one for one in named if named.count(one) > 1}
    assert not twice


def test_no_text_of_the_library_speaks_of_files_that_users_do_not_have() -> None:
    text = str(dict(library())).lower()
    assert not re.search(r"\.csv|/work|seed 0|quality [abc]", text)


# price indices and discount rates


def with_index(index: dict[str, Any], service_year: int = 2022, price_year: int = 2022) -> Any:
    document = {**SHORTEST, "settings": {**SHORTEST["settings"], "price_index": index, "price_year": price_year}}
    document["services"] = {"herberg": {**SHORTEST["services"]["herberg"], "price_year": service_year}}
    document["costs"] = {"team": {**SHORTEST["costs"]["team"], "price_year": price_year}}
    return parse(toml_text(document).encode(), "x.toml")


BEYOND = {"library": "nettoprisindeks", "beyond": 0.02, "beyond_source": "assumption: the goal for inflation"}


def test_the_net_price_index_is_that_of_the_shipped_scenarios() -> None:
    series = {int(year): value for year, value in library()["nettoprisindeks"]["values"].items()}
    assert sorted(series) == list(range(2015, 2024))
    for name in ("act-randers", "cti-aarhus"):
        index = read(name).settings.price_index
        assert index is not None
        assert dict(index.values) == series
    assert series[2022] / series[2021] - 1 == pytest.approx(0.077, abs=5e-4)  # as Danmarks Statistik tells of 2022


def test_the_extended_series_is_the_net_price_index_where_there_is_one() -> None:
    official, extended = (library()[key]["values"] for key in ("nettoprisindeks", "nettoprisindeks-forlaenget"))
    consumer = library()["forbrugerprisindeks"]["values"]
    assert {year: extended[year] for year in official} == official
    assert {year: extended[year] for year in consumer if int(year) < 2015} == {
        year: value for year, value in consumer.items() if int(year) < 2015
    }
    assert extended["2024"] / extended["2023"] == pytest.approx(consumer["2024"] / consumer["2023"], rel=1e-4)


@pytest.mark.parametrize(
    ("own", "target", "expected"),
    [
        (2015, 2023, 118.04 / 100),
        (2023, 2026, 1.02**3),
        (2026, 2023, 1.02**-3),
        (2013, 2015, 1.02**2),
        (2013, 2026, 1.02**2 * 118.04 / 100 * 1.02**3),
        (2022, 2022, 1.0),
    ],
)
def test_a_price_is_converted_with_the_series_and_beyond_it_with_the_stated_rise(
    own: int, target: int, expected: float
) -> None:
    scenario = with_index(BEYOND, own, target)
    assert price_factor(scenario, own) == pytest.approx(expected, rel=1e-14)
    assert price_years(scenario) == ({own, target} if own != target else set())


def warnings_of(scenario: Any, lang: str) -> list[str]:
    drawn = simulate_model(compile_scenario(scenario), plan(256, 1, "random"), evaluate=evaluate)
    return warnings(scenario, digested(scenario, drawn), lang)


def test_a_result_with_a_year_beyond_the_series_says_so_and_one_without_does_not() -> None:
    outside = with_index(BEYOND, 2025, 2022)
    said = [one for one in warnings_of(outside, "da") if "forlænget" in one]
    assert said == ["nettoprisindeks er forlænget til 2025 med 2 % om året (assumption: the goal for inflation)"]
    assert any("extended to 2025 by 2 % a year" in one for one in warnings_of(outside, "en"))
    assert not [one for one in warnings_of(with_index(BEYOND, 2018, 2022), "da") if "forlænget" in one]


def test_discount_rates_of_both_notes_make_tables_of_steps() -> None:
    for year, rates in ((2013, (0.04, 0.03, 0.02)), (2021, (0.035, 0.025, 0.015))):
        keys = [f"diskonteringsrente-{year}{part}" for part in ("", "-efter-35", "-efter-70")]
        assert tuple(library()[key]["value"] for key in keys) == rates
        steps = [{"library": keys[0]}, {"from": 36, "library": keys[1]}, {"from": 71, "library": keys[2]}]
        document = {**SHORTEST, "settings": {**SHORTEST["settings"], "discount_rate": steps}}
        scenario = parse(toml_text(document).encode(), "x.toml")
        assert [(step.from_, step.value) for step in scenario.settings.discount_rate] == list(
            zip((None, 36, 71), rates, strict=True)
        )
        by_table = {**SHORTEST["settings"], "discount_rate": {"library": f"diskonteringsrenter-{year}"}}
        assert parse(toml_text({**SHORTEST, "settings": by_table}).encode(), "x.toml") == scenario


def test_a_table_of_rates_is_taken_whole_and_only_where_there_are_steps_of_its_kind() -> None:
    table = {"library": "diskonteringsrenter-2021"}
    own = {**SHORTEST, "settings": {**SHORTEST["settings"], "discount_rate": {**table, "value": 0.03, "source": "x"}}}
    elsewhere = {**SHORTEST, "success": {"net": table}}
    priced = {**SHORTEST["services"]["herberg"], "price": table}
    for document in (own, elsewhere, {**SHORTEST, "services": {"herberg": priced}}):
        with pytest.raises(ScenarioError) as caught:
            parse(toml_text(document).encode(), "x.toml")
        assert {problem.rule for problem in caught.value.problems} == {"library-kind"}


def test_the_full_form_says_who_was_studied() -> None:
    document = {**SHORTEST, "success": {"net": {"library": "ips-arbejde-18"}}}
    written = full_form(parse(toml_text(document).encode(), "x.toml"), "da")
    assert "# undersøgt: svær psykisk sygdom (Danmark); evidensniveau 1" in written
    assert parse(written.encode(), "x.toml") == parse(toml_text(document).encode(), "x.toml")
    own = {**document, "success": {"net": {"library": "ips-arbejde-18", "value": 0.1, "se": 0.05, "source": "mine"}}}
    assert "undersøgt" not in full_form(parse(toml_text(own).encode(), "x.toml"), "da")


def memo_case(scenario: Any, lang: str) -> Any:
    """What the table of assumptions needs of a case: no draws."""
    names = {key: key for key in scenario.actors}
    return SimpleNamespace(scenario=scenario, lang=lang, names=names, say=lambda key, **found: text(key, lang, **found))


def test_the_memo_has_the_level_of_evidence_of_an_entry_and_the_rise_of_an_extended_index() -> None:
    settings = {**SHORTEST["settings"], "price_index": BEYOND}
    service = {**SHORTEST["services"]["herberg"], "price_year": 2025}
    document = {**SHORTEST, "settings": settings, "services": {"herberg": service}}
    document["success"] = {"net": {"library": "ips-arbejde-18"}}
    uncertain, certain = assumptions(memo_case(parse(toml_text(document).encode(), "x.toml"), "da"))
    assert [row[3] for row in uncertain.rows if "IPS" in row[4] or "Christensen" in row[4]] == ["1"]
    rise = next(row for row in certain.rows if row[0].startswith("Prisindeks uden for sine år"))
    assert rise[1:] == ("2 %", f"[{text('mark-assumed', 'da')}] the goal for inflation")
    assert any(row[:2] == ("Prisindeks", "nettoprisindeks") for row in certain.rows)
    inside = {**document, "services": {"herberg": {**service, "price_year": 2020}}}
    _, certain = assumptions(memo_case(parse(toml_text(inside).encode(), "x.toml"), "da"))
    assert not any(row[0].startswith("Prisindeks uden") for row in certain.rows)
