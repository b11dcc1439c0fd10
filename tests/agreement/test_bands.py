"""Bands of refusion against a walk through the units one by one in decimals, straight from the file."""

import copy
import itertools
import tomllib
from decimal import ROUND_FLOOR, Decimal, getcontext
from pathlib import Path

import numpy as np
import pytest

from conftest import DOCUMENT, SOURCE, number, scenario_of
from soemrisk import kernel, reference
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan, points
from soemrisk.transform import columns, values_at

VALID = Path(__file__).parents[1] / "spec" / "valid"
ORE = 0.005  # kr.: half an øre


def steps_of(value):
    return value if isinstance(value, list) else [value]


def borne(start, end, steps):
    """Part of the units from start to end that each actor bears: each unit by the step that it falls in."""
    found = {}
    unit = start.to_integral_value(ROUND_FLOOR)
    while unit < end:
        part = min(end, unit + 1) - max(start, unit)
        for actor, share in steps[max(n for n, step in enumerate(steps) if step.get("above", 0) <= unit)].items():
            if actor not in {"from", "above"}:
                found[actor] = found.get(actor, Decimal(0)) + part * Decimal(share)
        unit += 1
    return found


def by_year(stated, key, value):
    """Values of one key of a consequence in each year: a list times its factor, or one number."""
    if isinstance(stated["value"], list):
        listed = [Decimal(one) for one in stated["value"]]
        return lambda k: listed[k] * value(key) if 0 <= k < len(listed) else Decimal(0)
    return lambda _: value(key)


def shape(consequence, since):
    """A yearly step moves with the change: one draw for all years."""
    yearly = Decimal(consequence.get("yearly", 0))
    return 1 + since * yearly / Decimal(consequence["change"]["value"]) if yearly else Decimal(1)


def benefits(file, value, *, completers, rate, discount):
    """Net result by (actor, year) of all consequences; ``value`` gives the number at a place of the file."""
    settings = file["settings"]
    horizon = settings["last_year"] - settings["first_year"] + 1
    net = {}
    for key, consequence in file["consequences"].items():
        service = file["services"][consequence["service"]]
        change = by_year(consequence["change"], f"consequences.{key}.change", value)
        level = by_year(consequence["level"], f"consequences.{key}.level", value)
        factor = value(f"groups.{consequence['group']}.factor") if "group" in consequence else Decimal(1)
        kept = value(f"consequences.{key}.persistence") if "persistence" in consequence else Decimal(1)
        sign = 1 if service.get("income") else -1
        for cohort in completers:
            before = value(f"consequences.{key}.level_before") if "level_before" in consequence else Decimal(0)
            used = {"with": before, "without": before}
            for k in range(horizon):
                year, since = cohort + k, k - consequence.get("onset", 0)
                lasts = 0 <= since < consequence.get("duration", horizon)
                moved = factor * change(since) * shape(consequence, since) if lasts else Decimal(0)
                amounts = {"without": level(k), "with": max(level(k) + moved * kept ** max(since, 0), Decimal(0))}
                if year > settings["last_year"] and settings.get("window") != "cohort":
                    break
                years = [step.get("from", 0) for step in steps_of(service["shares"]) if step.get("from", 0) <= year]
                steps = [step for step in steps_of(service["shares"]) if step.get("from", 0) == max(years)]
                price = [step for step in steps_of(service["price"]) if step.get("from", 0) <= year][-1]
                place = f"services.{consequence['service']}.price" + (f"@{price['from']}" if "from" in price else "")
                for which, direction in (("with", 1), ("without", -1)):
                    start = used[which] if service["bands"] == "spell" else Decimal(0)
                    for actor, units in borne(start, start + amounts[which], steps).items():
                        kroner = sign * direction * units * value(place) * completers[cohort] * rate * discount(year)
                        net[actor, year] = net.get((actor, year), Decimal(0)) + kroner
                    used[which] += amounts[which]
    return net


def compared(file, model, values, evaluate):
    """Compare every actor and year with the walk at given values of the inputs."""
    getcontext().prec = 40
    stated = {one.path: Decimal(float(x)) for one, x in zip(model.inputs, values[0], strict=False)}
    rate = stated["success.net"] if "net" in file["success"] else stated["success.with"] - stated["success.without"]
    interest = stated["settings.discount_rate"]
    net = benefits(
        file,
        lambda place: stated[place],
        completers={int(year): Decimal(count) for year, count in file["participants"]["completers"].items()},
        rate=rate,
        discount=lambda year: 1 / (1 + interest) ** (year - file["settings"]["first_year"]),
    )
    one = evaluate(model, values)
    scale = max(abs(float(kroner)) for kroner in net.values())
    for (a, actor), (y, year) in itertools.product(enumerate(model.actors), enumerate(model.years)):
        mine = float(sum(kroner for (who, when), kroner in net.items() if when == year and actor in {"total", who}))
        assert one.year[0, y, a] == pytest.approx(mine, abs=min(ORE, 1e-9 * scale)), (actor, year)
    return one


EVALUATE = {
    "reference": reference.evaluate,
    "kernel": lambda model, values: kernel.evaluate(model, values, None),
}


def of_file(name):
    file = tomllib.loads((VALID / f"{name}.toml").read_text(encoding="utf-8"), parse_float=Decimal)
    plain = tomllib.loads((VALID / f"{name}.toml").read_text(encoding="utf-8"))
    del plain["costs"]
    return file, plain


def with_everything(bands, window):
    """The small scenario with every key that bands meet, and an income."""
    document = copy.deepcopy(DOCUMENT)
    document["costs"] = {}
    document["settings"] |= {"window": window}
    document["participants"]["completers"] = {"2020": 10, "2022": 7.5}
    document["services"]["bolig"] |= {
        "bands": bands,
        "shares": [
            {"kommune": 0.5, "stat": 0.5},
            {"above": 20, "kommune": 0.25, "stat": 0.75},
            {"above": 45, "kommune": 1.0},
            {"from": 2022, "stat": 1.0},
            {"from": 2022, "above": 70, "kommune": 0.875, "stat": 0.125},
        ],
    }
    price = document["services"]["bolig"]["price"]
    document["services"]["bolig"]["price"] = [price, {**price, "value": 1100.0, "from": 2023}]
    document["services"]["skat"] |= {
        "bands": bands,
        "shares": [{"kommune": 0.25, "stat": 0.75}, {"above": 10, "stat": 1.0}],
    }
    document["consequences"]["bolig"] |= {
        "onset": 1, "duration": 3, "yearly": 2.0,
        "persistence": number(0.8, "andel", low=0.5, high=1.0, meaning="hard"),
        "level": number(60.0, "day", low=30.0, high=80.0, meaning="hard"),
        **({"level_before": number(15.0, "day", low=0.0, high=60.0, meaning="hard")} if bands == "spell" else {}),
    }  # fmt: skip
    document["consequences"]["skat"]["level"] = number([7.5, 8.0, 9.0, 9.0, 12.0], "week")
    return document


CASES = {
    "days of a year": of_file("refusion-by-days-of-a-year"),
    "weeks of a spell": of_file("refusion-by-weeks-of-a-spell"),
    **{
        f"everything by {bands}, {window}": (with_everything(bands, window),) * 2
        for bands in ("year", "spell")
        for window in ("common", "cohort")
    },
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("evaluate", EVALUATE)
def test_the_base_case_with_bands_is_that_of_a_walk_through_the_units(case, evaluate):
    file, document = CASES[case]
    model = compile_scenario(scenario_of(document))
    one = compared(file, model, model.base[None], EVALUATE[evaluate])
    assert abs(one.year[0, :, 1:]).max() > 0


@pytest.mark.parametrize("case", CASES)
def test_drawn_values_with_bands_give_what_a_walk_through_the_units_gives(case):
    file, document = CASES[case]
    model = compile_scenario(scenario_of(document))
    cube = points(plan(16 * 16, 5), columns(model), 0)
    values = values_at(model, cube[:, : len(model.columns)])
    for n in range(len(values)):
        compared(file, model, values[n : n + 1], EVALUATE["kernel"])


@pytest.mark.parametrize("case", CASES)
def test_kernel_and_reference_agree_with_bands(case):
    model = compile_scenario(scenario_of(CASES[case][1]))
    cube = points(plan(16 * 128, 3), columns(model), 0)
    values, chance = values_at(model, cube[:, : len(model.columns)]), cube[:, len(model.columns) : -1]
    slow = reference.evaluate(model, values, reference.draw_chance(model, values, chance))
    fast = kernel.evaluate(model, values, chance)
    for field in ("area", "year", "expected", "at_zero", "per_rate", "chance_variance", "rate"):
        wanted = getattr(slow, field)
        np.testing.assert_allclose(getattr(fast, field), wanted, rtol=1e-11, atol=1e-9 * np.abs(wanted).max())


def test_the_sources_of_the_danish_rules_are_named():
    for name in ("refusion-by-days-of-a-year", "refusion-by-weeks-of-a-spell"):
        file, _ = of_file(name)
        for service in file["services"].values():
            assert "https://" in service["shares_source"]
    assert SOURCE not in str(file["services"])
