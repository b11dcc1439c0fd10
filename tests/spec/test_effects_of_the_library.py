"""Effects of the library in a scenario: as one study of several, and as a number of its own."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from soemrisk.distribution import resolve
from soemrisk.errors import ScenarioError
from soemrisk.full_form import full_form
from soemrisk.quantity import DOMAINS, pooled_studies
from soemrisk.reading import parse
from soemrisk.receipt import content_hash
from soemrisk.scenario import Scenario
from soemrisk.toml_text import toml_text

SHORTEST = tomllib.loads((Path(__file__).parent / "valid" / "shortest.toml").read_text(encoding="utf-8"))
WITHOUT = {"value": 0.1, "unit": "andel", "source": "x"}
ENTRIES: dict[str, Any] = {
    "trial": {
        "kind": "effect", "scale": "odds_ratio", "estimate": 2.2, "low": 1.4, "high": 3.5, "level": 0.95, "n": 300,
        "unit": "odds ratio", "source": "a trial", "name": {"da": "Forsøg", "en": "Trial"}, "followup_months": 12,
    },
    "other": {"kind": "effect", "scale": "odds_ratio", "estimate": 1.5, "se": 0.25, "source": "another trial"},
    "size": {"kind": "effect", "scale": "cohen_d", "estimate": 0.3, "se": 0.1, "unit": "d", "source": "a review"},
    "price": {"kind": "price", "price_year": 2022, "value": 1, "unit": "kr. pr. døgn", "source": "x"},
}  # fmt: skip


def scenario(**success: Any) -> Scenario:
    document = copy.deepcopy(SHORTEST)
    document["success"] = {"without": WITHOUT, **success}
    return parse(toml_text(document, {}, ()).encode(), "test", ENTRIES)


def test_an_effect_of_the_library_is_what_its_study_found() -> None:
    found = scenario(effect={"library": "trial"})
    assert found.success.effect is not None
    assert (found.success.effect.scale, found.success.effect.source) == ("odds_ratio", "a trial")
    by_hand = {
        "value": 2.2, "ci": {"low": 1.4, "high": 3.5, "level": "95%", "scale": "log-ratio"}, "scale": "odds_ratio",
        "unit": "odds ratio", "source": "a trial",
    }  # fmt: skip
    stated = scenario(effect=by_hand).success.effect
    assert stated is not None
    first, second = (resolve(one, DOMAINS["ratio"]) for one in (found.success.effect, stated))
    assert first.family == second.family == "lognormal"
    assert dict(first.parameters) == pytest.approx(dict(second.parameters))
    assert first.base == pytest.approx(2.2)


def test_effects_of_the_library_are_pooled_as_studies() -> None:
    studies = [{"library": "trial"}, {"library": "other"}, {"estimate": 3, "se": 0.4, "label": "ours"}]
    effect = {"studies": studies, "scale": "odds_ratio", "unit": "odds ratio", "source": "x"}
    found = scenario(effect=effect).success.effect
    assert found is not None
    assert found.studies is not None
    assert [one.library for one in found.studies] == ["trial", "other", None]
    assert [one.source for one in found.studies] == ["a trial", "another trial", None]
    assert pooled_studies(found).count == 3


def test_the_full_form_is_the_same_scenario() -> None:
    for success in (
        {"effect": {"library": "trial"}},
        {"effect": {"library": "size"}, "conversion": "logistic"},
        {"effect": {"studies": [{"library": "trial"}, {"library": "other"}], "tau": 0.2, "scale": "odds_ratio",
                    "unit": "odds ratio", "source": "x"}},
    ):  # fmt: skip
        first = scenario(**success)
        again = parse(full_form(first, "da").encode(), "test", ENTRIES)
        assert again == first
        assert content_hash(again) == content_hash(first)


def told(**success: Any) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as caught:
        scenario(**success)
    return [(one.rule, one.path) for one in caught.value.problems]


def test_what_is_no_effect_or_on_another_scale_is_refused() -> None:
    assert told(effect={"library": "price"}) == [("library-kind", "success.effect.library")]
    assert told(effect={"library": "nowhere"}) == [("unknown-library", "success.effect.library")]
    assert told(effect={"library": "size"}) == [("effect-conversion", "success.conversion")]
    mixed = {"studies": [{"library": "trial"}, {"library": "size"}], "tau": 0.2, "scale": "odds_ratio"}
    found = told(effect={**mixed, "unit": "x", "source": "x"})
    assert found == [("study-scale-differs", "success.effect.studies.1.scale")]
