"""The teaching scenario: the arithmetic in its comments is right, follows from the file, and is what soemrisk gives.

Three independent ways: each printed calculation is worked out as it stands there; each result is derived anew from the
numbers of the file in fractions, with the formulas of docs/methods.md; and the engine gives the same.
"""

from __future__ import annotations

import ast
import math
import operator
import re
import tomllib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from soemrisk import reference
from soemrisk.answer import answer
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan
from soemrisk.families import FAMILIES
from soemrisk.reading import read
from soemrisk.running import run_scenario
from soemrisk.simulation import Simulation

PATH = Path(__file__).parents[2] / "scenarios" / "laere-eksempel.toml"
TEXT = PATH.read_text(encoding="utf-8")
COMMENTS = [line.removeprefix("#").strip() for line in TEXT.split("\n") if line.startswith("#")]
MARKED = re.compile(r"\[(\w+)\]\s+(?:.*: )?(.+)")
NUMBER = re.compile(r"\d+(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")
ORE = 0.005
OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: lambda base, power: base ** int(power),
}


def danish(number: str) -> Fraction:
    return Fraction(number.replace(".", "").replace(",", "."))


def value(written: str) -> Fraction:
    """A calculation as it is printed: × − / ² √( ) and Danish numbers; a root to 30 digits."""
    root = re.fullmatch(r"√\((.+)\)", written.strip())
    if root:
        inside = value(root[1])
        return Fraction(math.isqrt(int(inside * 10**60)), 10**30)
    plain = NUMBER.sub(lambda found: f"Fraction('{danish(found[0])}')", written.removesuffix("%").strip())
    plain = plain.replace("²", "**2").replace("×", "*").replace("−", "-")
    return worked_out(ast.parse(plain.strip(), mode="eval").body) / (100 if written.endswith("%") else 1)


def worked_out(node: ast.expr) -> Fraction:
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](worked_out(node.left), worked_out(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -worked_out(node.operand)
    if isinstance(node, ast.Call):
        return Fraction(ast.literal_eval(node.args[0]))
    assert isinstance(node, ast.Constant), ast.dump(node)
    return Fraction(node.value)


def half_a_digit(written: str) -> Fraction:
    """What the rounding of a printed result can hide."""
    decimals = len(written.removesuffix("%").strip().partition(",")[2])
    return Fraction(1, 2 * 10 ** (decimals + (2 if written.endswith("%") else 0)))


CALCULATIONS = dict(found.groups() for line in COMMENTS if (found := MARKED.match(line)))


def printed(mark: str) -> tuple[Fraction, Fraction]:
    """The result at the end of a marked line, and how far rounding may have moved it."""
    calculation, exactly, result = re.split(r" ([=≈]) ", CALCULATIONS[mark])
    assert calculation
    return value(result), Fraction(0) if exactly == "=" else half_a_digit(result)


@pytest.mark.parametrize("mark", CALCULATIONS)
def test_a_printed_calculation_gives_its_printed_result(mark):
    calculation, _, _ = re.split(r" ([=≈]) ", CALCULATIONS[mark])
    result, rounding = printed(mark)
    assert abs(value(calculation) - result) <= rounding


def test_every_mark_is_there_once():
    assert len(CALCULATIONS) == sum(line.startswith("[") for line in COMMENTS) > 60


FILE = tomllib.loads(TEXT, parse_float=Fraction)
ACTORS = tuple(FILE["actors"])
SETTINGS = FILE["settings"]
YEARS = range(SETTINGS["first_year"], SETTINGS["last_year"] + 1)
PEOPLE = {int(year): number for year, number in FILE["participants"]["completers"].items()}
COST = FILE["costs"]["indsats"]


def d(year: int) -> Fraction:
    return (1 + Fraction(SETTINGS["discount_rate"]["value"])) ** (SETTINGS["first_year"] - year)


def worth(actor: str, k: int, area: str | None = None) -> Fraction:
    """Undiscounted kr. of one success, k years after it."""
    result = Fraction(0)
    for consequence in FILE["consequences"].values():
        service = FILE["services"][consequence["service"]]
        change = consequence["change"]["value"]
        units = (change[k] if k < len(change) else 0) if isinstance(change, list) else change
        sign = 1 if service.get("income") else -1
        if area in {None, service["area"]}:
            result += sign * units * service["price"]["value"] * service["shares"].get(actor, 0)
    return result


def success_value(actor: str, cohort: int, area: str | None = None) -> Fraction:
    """Discounted kr. of one success of a cohort, to the common end year."""
    return sum((worth(actor, y - cohort, area) * d(y) for y in YEARS if y >= cohort), Fraction(0))


def paid(actor: str, year: int, amount: Fraction) -> Fraction:
    return amount * COST["years"].get(str(year), 0) * COST["payer"].get(actor, 0)


def derived() -> dict[str, Fraction]:
    """Every figure of the comments from the numbers of the file; Python's own fractions, nothing of soemrisk."""
    with_, without = FILE["success"]["with"], FILE["success"]["without"]
    factor, amount = FILE["groups"]["register"]["factor"], COST["amount"]
    net = with_["value"] - without["value"]
    found = {"netto": net, "succeser": next(iter(PEOPLE.values())) * net}
    assert len(set(PEOPLE.values())) == 1
    found |= {f"d{year}": d(year) for year in YEARS}
    found |= {f"{actor}_k{k}": worth(actor, k) for actor in ACTORS for k in range(3)}
    for actor in ACTORS:
        for year in YEARS:
            gain = sum(
                number * net * worth(actor, year - cohort) for cohort, number in PEOPLE.items() if cohort <= year
            )
            found[f"{actor}_{year}"] = (gain - paid(actor, year, amount["value"])) * d(year)
        found[actor] = sum(found[f"{actor}_{year}"] for year in YEARS)
    found["total"] = sum(found[actor] for actor in ACTORS)
    found["efter_2026"] = found["kommune_2025"] + found["kommune_2026"]
    for mark, area in (("herberg", "sociale_serviceydelser"), ("skat", "skat")):
        found[mark] = sum(number * net * success_value("kommune", cohort, area) for cohort, number in PEOPLE.items())
    found["omkostning"] = -sum(paid("kommune", year, amount["value"]) * d(year) for year in YEARS)
    found["omraader"] = found["herberg"] + found["skat"] + found["omkostning"]
    found |= {f"v{c}_{actor}": success_value(actor, c) for c in PEOPLE for actor in ACTORS}
    found |= {f"v{c}_total": sum(success_value(actor, c) for actor in ACTORS) for c in PEOPLE}
    everyone = (*ACTORS, "total")
    found |= {f"alle_{a}": sum(n * found[f"v{c}_{a}"] for c, n in PEOPLE.items()) for a in everyone}
    found |= {f"nul_{a}": -found["omkostning"] / found[f"alle_{a}"] for a in ("kommune", "total")}
    found["proeve"] = net * found["alle_kommune"] + found["omkostning"]
    assert with_["family"] == factor["family"] == "uniform"
    found["var_s"] = Fraction(with_["high"] - with_["low"]) ** 2 / 12
    found["var_F"] = Fraction(factor["high"] - factor["low"]) ** 2 / 12
    mean_c = Fraction(amount["low"] + 4 * amount["value"] + amount["high"], 6)
    found["middel_C"], found["var_C"] = mean_c, (mean_c - amount["low"]) * (amount["high"] - mean_c) / 7
    found["d_C"] = sum(COST["years"].get(str(year), 0) * d(year) for year in YEARS)
    assert COST["payer"] == {"kommune": 1}
    pays = {"kommune": 1, "stat": 0, "total": 1}
    for a in everyone:
        found[f"middel_{a}"] = net * factor["value"] * found[f"alle_{a}"] - pays[a] * found["d_C"] * mean_c
    found["skift_kommune"] = found["middel_kommune"] - found["kommune"]
    mean_s, mean_f = (Fraction(one["low"] + one["high"]) / 2 for one in (with_, factor))
    assert mean_s - without["value"] == net
    found["E_s2"], found["E_F2"] = found["var_s"] + net**2, found["var_F"] + mean_f**2
    found["var_sF"] = found["E_s2"] * found["E_F2"] - (net * mean_f) ** 2
    found["E_s1s"] = net - found["E_s2"]
    found["tilfaeldig"] = net * (1 - net) * sum(n * found[f"v{c}_kommune"] ** 2 for c, n in PEOPLE.items())
    found["sd_tilfaeldig"] = root(found["tilfaeldig"])
    for a in everyone:
        found[f"var_{a}"] = found["var_sF"] * found[f"alle_{a}"] ** 2 + pays[a] * found["d_C"] ** 2 * found["var_C"]
        found[f"sd_{a}"] = root(found[f"var_{a}"])
        found[f"Nv2_{a}"] = sum(n * found[f"v{c}_{a}"] ** 2 for c, n in PEOPLE.items())
        found[f"chance_{a}"] = found["E_s1s"] * found["E_F2"] * found[f"Nv2_{a}"]
        found[f"andel_{a}"] = found[f"chance_{a}"] / (found[f"chance_{a}"] + found[f"var_{a}"])
        found[f"sd_med_{a}"] = root(found[f"chance_{a}"] + found[f"var_{a}"])
    return found


def root(square: Fraction) -> Fraction:
    return Fraction(math.isqrt(int(square * 10**20)), 10**10)


DERIVED = derived()


def test_the_comments_print_the_figures_that_follow_from_the_file():
    assert set(CALCULATIONS) == set(DERIVED)
    for mark, exact in DERIVED.items():
        result, rounding = printed(mark)
        assert abs(result - exact) <= rounding, mark


def numbers_of(tree: object) -> set[Fraction]:
    if isinstance(tree, dict):
        return {one for key, branch in tree.items() for one in numbers_of(branch) | numbers_of(key)}
    if isinstance(tree, list):
        return {one for branch in tree for one in numbers_of(branch)}
    if isinstance(tree, str):
        return {Fraction(tree)} if tree.isdigit() else set()
    return {abs(Fraction(tree))} if isinstance(tree, int | Fraction) else set()


def test_the_sentences_between_name_no_number_that_is_nowhere_in_the_file():
    of_the_file = numbers_of({key: one for key, one in FILE.items() if key != "facts"})
    known = {one * scale for one in of_the_file for scale in (1, 100)} | {abs(one) for one in DERIVED.values()}
    explained = {
        "0": "what break-even is about",
        "1,25": "an example of a number",
        "3,5": "the rate of a real calculation",
        "20": "both cohorts together",
        "12": "of the variance of a uniform distribution",
        "6": "of PERT's mean",
        "7": "of PERT's variance",
    }
    prose = [line for line in COMMENTS if not line.startswith("[") and not re.match(r"\d+\. [A-ZÆØÅ]", line)]
    named = {found for line in prose for found in NUMBER.findall(line)}
    assert {one for one in named if danish(one) not in known} <= set(explained)
    assert len(PEOPLE) * PEOPLE[2025] == 20


@pytest.fixture(scope="module")
def run() -> tuple[dict[str, Any], Simulation]:
    digest, simulation = run_scenario(read(PATH), plan(65_536, 7))
    assert simulation is not None
    return answer(read(PATH), digest, "da"), simulation


@pytest.fixture(scope="module")
def found(run) -> dict[str, Any]:
    return run[0]


@pytest.fixture(scope="module")
def simulation(run) -> Simulation:
    return run[1]


def test_the_base_case_is_the_one_by_hand_to_the_ore():
    model = compile_scenario(read(PATH))
    one = reference.evaluate(model, model.base[None])
    for a, actor in enumerate(model.actors):
        assert one.expected[0, a] == pytest.approx(float(DERIVED[actor]), abs=ORE)
        assert one.per_rate[0, a] == pytest.approx(float(DERIVED[f"alle_{actor}"]), abs=ORE)
    for a, actor in enumerate(model.actors[1:], 1):
        for y, year in enumerate(model.years):
            assert one.year[0, y, a] == pytest.approx(float(DERIVED[f"{actor}_{year}"]), abs=ORE)
    by_area = [float(DERIVED[mark]) for mark in ("herberg", "skat", "omkostning")]
    assert one.area[0, :, model.actors.index("kommune")] == pytest.approx(by_area, abs=ORE)
    v = reference.value_of_success(model, model.base[None]).sum(axis=(1, 4))[0]  # (c, a)
    for c, cohort in enumerate(PEOPLE):
        expected = [float(DERIVED[f"v{cohort}_{actor}"]) for actor in model.actors]
        assert v[c] == pytest.approx(expected, abs=ORE)
    chance = one.chance_variance[0, model.actors.index("kommune")]
    assert chance == pytest.approx(float(DERIVED["tilfaeldig"]), rel=1e-12)


def test_break_even_and_payback_of_the_base_case_are_those_by_hand(found):
    for actor in ("kommune", "total"):
        zero = found["break_even"]["success_rate"][actor]["base"]
        assert zero == pytest.approx(float(DERIVED[f"nul_{actor}"]), rel=1e-12)
    assert found["break_even"]["success_rate"]["stat"]["base"] == 0
    assert found["payback"]["kommune"]["base"] == 2027


def test_the_inputs_have_the_means_and_variances_by_hand():
    inputs = {one.path: one.distribution for one in compile_scenario(read(PATH)).inputs}
    uncertain = {path for path, one in inputs.items() if one.family is not None}
    paths = {"success.with": "s", "groups.register.factor": "F", "costs.indsats.amount": "C"}
    assert uncertain == set(paths)
    for path, letter in paths.items():
        one = inputs[path]
        assert FAMILIES[one.family].sd(one.parameters) ** 2 == pytest.approx(float(DERIVED[f"var_{letter}"]), rel=1e-12)
    assert inputs["costs.indsats.amount"].mean == pytest.approx(float(DERIVED["middel_C"]), rel=1e-12)


def test_mean_minus_base_is_all_in_the_first_part_and_exact(found, simulation):
    parts = found["mean_minus_base"]["kommune"]
    assert parts["inputs"] == pytest.approx(float(DERIVED["skift_kommune"]), abs=ORE)
    assert abs(parts["shape"]) < 4 * deviation(simulation.expected[:, :, 1].mean(axis=1))


def deviation(by_replicate: np.ndarray) -> float:
    """Standard error of an average over the replicates."""
    return float(by_replicate.std(ddof=1) / math.sqrt(len(by_replicate)))


@pytest.mark.parametrize("actor", [*ACTORS, "total"])
@pytest.mark.parametrize("with_chance", [False, True])
def test_the_simulation_finds_the_mean_and_the_variance_by_hand(simulation, actor, with_chance):
    a = simulation.model.actors.index(actor)
    draws = (simulation.net if with_chance else simulation.expected)[:, :, a]
    mean, variance = float(DERIVED[f"middel_{actor}"]), DERIVED[f"var_{actor}"]
    if with_chance:
        variance += DERIVED[f"chance_{actor}"]
    means, squares = draws.mean(axis=1), ((draws - mean) ** 2).mean(axis=1)
    assert abs(means.mean() - mean) < 4 * deviation(means)
    assert abs(squares.mean() - float(variance)) < 4 * deviation(squares)


@pytest.mark.parametrize("actor", [*ACTORS, "total"])
def test_the_simulation_finds_the_chance_part_by_hand(found, simulation, actor):
    a = simulation.model.actors.index(actor)
    parts = simulation.chance_variance[:, :, a].mean(axis=1)
    assert abs(parts.mean() - float(DERIVED[f"chance_{actor}"])) < 4 * deviation(parts)
    share = found["chance_share"][actor]
    assert share == pytest.approx(float(DERIVED[f"andel_{actor}"]), abs=0.002)
