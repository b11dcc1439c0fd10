"""What a result says of effects on success: one study's of another place, and those that lead beyond a rate."""

import copy
from pathlib import Path

import numpy as np
import pytest

from conftest import DOCUMENT, number, scenario_of
from soemrisk import kernel
from soemrisk.answer import warnings
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan, points
from soemrisk.errors import ScenarioError
from soemrisk.observed_numbers import observations_of
from soemrisk.reading import parse, read
from soemrisk.running import run_scenario
from soemrisk.transform import values_at
from soemrisk.updating import learn

VALID = Path(__file__).parents[1] / "spec" / "valid"
PLAN = plan(16 * 1024, 3)


def with_effect(**effect):
    document = copy.deepcopy(DOCUMENT)
    without = number(0.5, "andel", family="uniform", parameters={"low": 0.2, "high": 0.8})
    document["success"] = {"without": without, "effect": number(1.5, "ratio", **effect)}
    return scenario_of(document)


def said(scenario, planned=PLAN, **kept):
    return warnings(scenario, run_scenario(scenario, planned, **kept)[0], "en")


def test_a_risk_ratio_beyond_one_is_told_with_its_share_of_the_draws():
    scenario = with_effect(scale="risk_ratio")
    digest = run_scenario(scenario, PLAN)[0]
    known = (0.8 - 1 / 1.5) / 0.6  # of a uniform rate
    assert digest.beyond.tolist() == pytest.approx([known], abs=1e-3)
    assert any("in 22\u00a0% of the draws the effect leads" in one for one in said(scenario))


def test_kept_and_counted_draws_tell_the_same_share():
    scenario = read(VALID / "effect-risk-ratio.toml")
    kept, counted = (run_scenario(scenario, PLAN, kept=most)[0].beyond for most in (PLAN.draws, 0))
    np.testing.assert_allclose(kept, counted, rtol=1e-12)
    model = compile_scenario(scenario)
    rate = model.derived_rates[0]
    values = [values_at(model, points(PLAN, model.columns, r)) for r in range(16)]
    by_hand = np.mean([one[:, rate.without] * one[:, rate.effect] > 1 for one in values])
    assert kept[0] == pytest.approx(by_hand, rel=1e-12)
    assert kernel.evaluate(model, values[0], None).rate.max() <= 1


def test_an_odds_ratio_never_leads_beyond():
    scenario = read(VALID / "effect-odds-ratio.toml")
    assert run_scenario(scenario, PLAN)[0].beyond.tolist() == [0.0]
    assert not [one for one in said(scenario) if "leads to a success rate" in one]


def with_entry(name):
    text = (VALID / "effect-odds-ratio.toml").read_text(encoding="utf-8")
    taken = f'effect = {{ library = "{name}" }}'
    lines = [taken if one.startswith("effect =") else one for one in text.split("\n")]
    return parse("\n".join(lines).encode(), "x.toml")


def test_one_entry_of_the_library_is_said_to_be_another_place_s():
    told = "was found in one study (ips-ma-arbejde-24)"
    assert sum(told in line for line in said(with_entry("ips-ma-arbejde-24"))) == 1
    one = {"studies": [{"estimate": 1.5, "se": 0.2}], "target": "mean", "scale": "odds_ratio"}
    assert [line for line in said(with_effect(**one)) if "found in one study (assumption" in line]
    discounted = said(with_effect(**one, discount={"match": "near"}))
    assert not [line for line in discounted if "one study" in line]
    several = read(VALID / "effect-risk-ratio.toml")
    assert not [one for one in said(several) if "one study" in one]


def test_the_rate_of_a_subgroup_that_has_none_of_its_own_is_traced_to_that_of_all():
    scenario = read(VALID / "subgroups.toml")
    counted = {"place": "subgroups.senior.success.with", "counts": {"successes": 3, "of": 4}, "source": "x"}
    with pytest.raises(ScenarioError, match=r'Did you mean "success\.with"'):
        learn(scenario, observations_of({"observed": [counted]}, "o.toml"), "o.toml")
    text = (VALID / "subgroups.toml").read_text(encoding="utf-8")
    pair = '["subgroups.senior.success.with", "consequences.skat.change"]'
    with pytest.raises(ScenarioError, match=r'Did you mean "success\.with"'):
        parse(f'{text}\n[[correlations]]\nbetween = {pair}\nrank = 0.5\nsource = "x"\n'.encode(), "x.toml")
