"""Scenarios of any number of uncertain inputs, for measuring: the shape of a SØM calculation, made-up numbers.

Two success rates, one cost, one common factor, and as many services, each with an uncertain price and an uncertain
change, as the number asked for leaves room for. Families take turns. Nothing is random, so a size has one scenario.
"""

from __future__ import annotations

FIXED = 4  # rate with, rate without, cost, common factor
ACTORS = ("kommune", "region", "stat")
AREAS = ("indkomst", "sundhed", "politi", "sociale")
SOURCE = 'source = "assumption: made up for measuring"'
SHARES = (
    "{ kommune = 0.8, stat = 0.2 }",
    "{ kommune = 0.2, region = 0.8 }",
    "{ stat = 1.0 }",
    "{ kommune = 0.5, stat = 0.5 }",
    "{ kommune = 1.0 }",
)


def scenario_text(inputs: int) -> str:
    """A scenario as TOML.

    Parameters
    ----------
    inputs : int
        Number of uncertain inputs; even, at least 6.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        The number is odd or too small.
    """
    if inputs < FIXED + 2 or inputs % 2:
        raise ValueError(f"the number of inputs must be even and at least {FIXED + 2}, not {inputs}")
    services = [_service(number) for number in range((inputs - FIXED) // 2)]
    return "\n".join([HEAD.replace("INPUTS", str(inputs)), *services])


def _service(number: int) -> str:
    price = 100.0 + 37.0 * (number % 23)
    change = (-1.0 if number % 4 else 1.0) * (1.0 + number % 7)
    spread = f"low = {price * 0.8:.6g}, high = {price * 1.5:.6g}, "
    spread += 'meaning = "hard"' if number % 2 else 'meaning = "90%"'
    stated = "significant = 0.05" if number % 3 else f"se = {abs(change) / 4:.6g}"
    return f"""
[services.s{number}]
name = "Service {number}"
area = "{AREAS[number % len(AREAS)]}"
unit = "dag"
price_year = {2022 if number % 5 else 2020}
shares = {SHARES[number % len(SHARES)]}
shares_source = "assumption"
price = {{ value = {price:.6g}, {spread}, unit = "kr. pr. dag", {SOURCE} }}

[consequences.s{number}]
service = "s{number}"
group = "register"
change = {{ value = {change:.6g}, {stated}, unit = "dag", {SOURCE} }}"""


HEAD = f"""schema = 1
id = "generated-INPUTS"
lang = "en"
name = "Generated: INPUTS uncertain inputs"

[facts]
intervention = "none"
target_group = "none"
success_measure = "none"
source = "benchmarks/generated.py"

[settings]
first_year = 2019
last_year = 2028
costs_discounted = true
costs_discounted_source = "assumption"
price_year = 2022
discount_rate = {{ value = 0.035, unit = "per year", {SOURCE} }}
price_index = {{ name = "index", source = "assumption", values = {{ 2020 = 100.0, 2022 = 110.0 }} }}

[actors]
kommune.name = "Municipality"
region.name = "Region"
stat.name = "State"

[areas]
indkomst.name = "Income"
sundhed.name = "Health"
politi.name = "Police"
sociale.name = "Social services"
omkostninger.name = "Costs"

[participants]
completers = {{ 2019 = 25, 2020 = 25, 2021 = 25, 2022 = 25 }}
source = "assumption"

[success]
with = {{ counts = {{ successes = 16, of = 23 }}, unit = "share", {SOURCE} }}
without = {{ value = 0.05, low = 0.0, high = 0.15, meaning = "hard", unit = "share", {SOURCE} }}

[costs.team]
name = "The team"
area = "omkostninger"
years = {{ 2019 = 0.25, 2020 = 0.25, 2021 = 0.25, 2022 = 0.25 }}
payer = {{ kommune = 1.0 }}
payer_source = "assumption"
amount = {{ value = 1000000, low = 900000, high = 1200000, meaning = "90%", unit = "kr.", {SOURCE} }}

[groups.register]
name = "Common factor"
factor = {{ value = 1.0, low = 0.4, high = 1.6, meaning = "hard", unit = "factor", {SOURCE} }}"""
