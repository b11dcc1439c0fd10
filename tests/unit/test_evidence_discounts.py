"""How far evidence carries: the table as documented, its closed forms, and that nothing moves without it."""

from __future__ import annotations

import math
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from soemrisk.distribution import resolve, stated_source
from soemrisk.evidence_discounts import EVIDENCE, MATCH, discounted, factors_of
from soemrisk.families import FAMILIES
from soemrisk.library import library
from soemrisk.quantity import DOMAINS, Quantity
from soemrisk.reading import parse
from soemrisk.statements import findings

ROOT = Path(__file__).parents[2]
WRITTEN = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8").split("### How far evidence carries")[1]
CHAPTER = WRITTEN.split("\n### ")[0]
VALID = ROOT / "tests" / "spec" / "valid"


def test_the_table_is_the_one_of_the_written_spec() -> None:
    rows = re.findall(r'^\| (evidence|match) `?"?(\w+)"?`? \| ([0-9.]+) \| ([0-9.]+) \|', CHAPTER, re.MULTILINE)
    written = {(name, key): (float(keep), float(spread)) for name, key, keep, spread in rows}
    table = {("evidence", key): (row.keep, row.spread) for key, row in EVIDENCE.items()}
    table |= {("match", key): (row.keep, row.spread) for key, row in MATCH.items()}
    assert written == table


def test_what_the_reasons_refer_to_is_in_the_library() -> None:
    named = set(re.findall(r"kalibrering-[a-z0-9-]+", CHAPTER))
    assert len(named) >= 5
    assert named <= set(library())


def test_less_evidence_and_less_match_never_keep_more_and_are_never_narrower() -> None:
    for table in (EVIDENCE, MATCH):
        rows = [*table.values()]
        assert (rows[0].keep, rows[0].spread) == (1.0, 1.0)
        assert all(a.keep >= b.keep and a.spread <= b.spread for a, b in pairwise(rows))
    assert factors_of(None, None) == (1.0, 1.0)
    assert factors_of(3, "far") == (0.3, 2.25)


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("change", {"value": -60, "se": 20}),
        ("change", {"value": -60, "significant": 0.05, "se": 20, "corrected": True}),
        ("net_rate", {"value": 0.2, "ci": {"low": 0.15, "high": 0.25, "level": "95%", "scale": "difference"}}),
        ("effect_size", {"value": 0.3, "se": 0.1}),
    ],
)
def test_mean_and_spread_are_those_of_the_statement_times_the_factors(kind: str, statement: dict[str, object]) -> None:
    plain = Quantity(unit="x", source="x", **statement)
    there = resolve(plain, DOMAINS[kind])
    here = resolve(plain.model_copy(update={"discount": None}), DOMAINS[kind])
    assert here == there
    carried = Quantity(unit="x", source="x", discount={"evidence": 2, "match": "near"}, **statement)
    assert [*findings(carried, DOMAINS[kind])] == []
    found = resolve(carried, DOMAINS[kind])
    assert found.base == there.base
    assert there.family is not None
    assert found.family is not None
    before, after = FAMILIES[there.family], FAMILIES[found.family]
    assert after.mean(found.parameters) == pytest.approx(0.64 * before.mean(there.parameters), rel=1e-6)
    assert after.sd(found.parameters) == pytest.approx(1.5625 * before.sd(there.parameters), rel=1e-4)


def test_a_ratio_moves_towards_1_on_its_logarithm() -> None:
    family, parameters = discounted("lognormal", {"mu": math.log(2.0), "sigma": 0.2}, "ratio", (0.5, 1.5))
    assert family == "lognormal"
    assert parameters["mu"] == pytest.approx(math.log(2.0) / 2)
    assert parameters["sigma"] == pytest.approx(0.3)


def test_t_stays_t() -> None:
    q = {"df": 4.0, "location": -50.0, "scale": 10.0}
    assert discounted("student_t", q, "change", (0.8, 2.0)) == (
        "student_t", {"df": 4.0, "location": -40.0, "scale": 20.0}
    )  # fmt: skip


def test_a_discount_counts_as_an_assumption() -> None:
    carried = Quantity(value=-60, se=20, unit="x", source="A trial", discount={"keep": 0.7, "spread": 1.5})
    assert stated_source(carried) == "A trial (assumption: 70 % of the effect is kept, 1.5 times as uncertain)"


def test_a_scenario_can_replace_rows_for_all_its_numbers() -> None:
    scenario = parse((VALID / "discounts.toml").read_bytes(), "test")
    net, change = scenario.success.net if scenario.success else None, scenario.consequences["herberg"].change
    assert net is not None
    assert net.discount is not None
    assert change.discount is not None
    assert (net.discount.keep, net.discount.spread) == (0.63, 1.54)  # 0.7 × 0.9 and 1.4 × 1.1, both own rows
    assert (change.discount.keep, change.discount.spread) == (0.6, 1.5)  # the table's: no own row for far
    document = tomllib.loads((VALID / "discounts.toml").read_text(encoding="utf-8"))
    assert "keep" not in document["success"]["net"]["discount"]


def test_wrong_rows_are_told_where_they_stand() -> None:
    text = (VALID / "discounts.toml").read_text(encoding="utf-8")
    with pytest.raises(Exception, match=r"settings\.discounts\.match\.near\.keep"):
        parse(text.replace("near = { keep = 0.9", 'near = { keep = "0.9"').encode(), "test")


@pytest.mark.parametrize(
    ("family", "parameters", "kind"),
    [
        ("beta", {"a": 2.0, "b": 30.0}, "net_rate"),
        ("lognormal", {"mu": 0.7, "sigma": 0.5}, "ratio"),
        ("log_student_t", {"df": 1.0, "location": 0.6, "scale": 0.2, "low": 0.01, "high": 100.0}, "ratio"),
        ("truncated_student_t", {"df": 1.0, "location": 0.2, "scale": 0.05, "low": -1.0, "high": 1.0}, "net_rate"),
    ],
)
def test_as_found_is_as_found_and_heavy_tails_stay_heavy(family, parameters, kind) -> None:
    assert discounted(family, parameters, kind, (1.0, 1.0)) == (family, parameters)
    name, moved = discounted(family, parameters, kind, (0.8, 1.25))
    ends = {}
    for label, row, own in (("before", FAMILIES[family], parameters), ("after", FAMILIES[name], moved)):
        low, high = row.quantile(np.array([0.1, 0.9]), own)
        ends[label] = math.log(high / low) if kind == "ratio" else high - low
    assert ends["after"] > ends["before"]
    if "student" in family:
        assert (name, moved["df"]) == (family, parameters["df"])
