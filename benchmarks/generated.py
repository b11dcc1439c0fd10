"""Scenarios of any number of uncertain inputs, for measuring: the shape of a SØM calculation, made-up numbers.

Two success rates, one cost, one common factor, and as many services, each with an uncertain price and an uncertain
change, as the number asked for leaves room for. Families take turns. Years, cohorts and actors can be set, to see what
grows with each. Nothing is random, so a shape has one scenario.
"""

from __future__ import annotations

FIRST_YEAR = 2019
YEARS, COHORTS = 10, 4
FIXED = 4  # rate with, rate without, cost, common factor
ACTORS = {"kommune": "Municipality", "region": "Region", "stat": "State"}
AREAS = ("indkomst", "sundhed", "politi", "sociale")
SOURCE = 'source = "assumption: made up for measuring"'
SHARES = (
    "{ kommune = 0.8, stat = 0.2 }",
    "{ kommune = 0.2, region = 0.8 }",
    "{ stat = 1.0 }",
    "{ kommune = 0.5, stat = 0.5 }",
    "{ kommune = 1.0 }",
)


def scenario_text(
    inputs: int, *, years: int = YEARS, cohorts: int = COHORTS, actors: int = len(ACTORS), pairs: int = 0
) -> str:
    """A scenario as TOML.

    Parameters
    ----------
    inputs : int
        Number of uncertain inputs; even, at least 6.
    years : int
        Years of the calculation, the horizon.
    cohorts : int
        Cohorts, one in each of the first years; at most as many as years.
    actors : int
        Actors; three have the names and shares of SØM, any other number share each service by two.
    pairs : int
        Pairs of changes with a rank correlation.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        The number of inputs is odd or too small, there is no year for each cohort, no actor, or no change for a pair.
    """
    if inputs < FIXED + 2 or inputs % 2:
        raise ValueError(f"the number of inputs must be even and at least {FIXED + 2}, not {inputs}")
    if not 1 <= cohorts <= years or actors < 1:
        raise ValueError(f"there must be a year for each cohort, and an actor: {years}, {cohorts}, {actors}")
    services = (inputs - FIXED) // 2
    if not 0 <= pairs <= services // 2:
        raise ValueError(f"there are changes for {services // 2} pairs, not for {pairs}")
    shape = [name for name, now, usual in _shapes(years, cohorts, actors, pairs) if now != usual]
    names = _names(actors)
    cohort_years = range(FIRST_YEAR, FIRST_YEAR + cohorts)
    filled = {
        "NAME": "-".join([str(inputs), *shape]),
        "INPUTS": str(inputs),
        "LAST_YEAR": str(FIRST_YEAR + years - 1),
        "ACTORS": "\n".join(f'{key}.name = "{name}"' for key, name in names.items()),
        "COMPLETERS": ", ".join(f"{year} = 25" for year in cohort_years),
        "PAYMENTS": ", ".join(f"{year} = {1 / cohorts!r}" for year in cohort_years),
        "PAYER": next(iter(names)),
    }
    head = HEAD
    for word, text in filled.items():
        head = head.replace(f"<{word}>", text)
    shares = SHARES if actors == len(ACTORS) else _shared_by_two(tuple(names))
    return "\n".join([head, *(_service(number, shares) for number in range(services)), *map(_pair, range(pairs))])


def _shapes(years: int, cohorts: int, actors: int, pairs: int) -> tuple[tuple[str, int, int], ...]:
    return (
        (f"years-{years}", years, YEARS),
        (f"cohorts-{cohorts}", cohorts, COHORTS),
        (f"actors-{actors}", actors, len(ACTORS)),
        (f"pairs-{pairs}", pairs, 0),
    )


def case_text(case: str) -> str:
    """The scenario of a name such as ``generated-40`` or ``generated-40-years-20-cohorts-8-actors-6``."""
    inputs, *rest = case.removeprefix("generated-").split("-")
    shape = {key: int(number) for key, number in zip(rest[::2], rest[1::2], strict=True)}
    return scenario_text(int(inputs), **shape)


def _names(actors: int) -> dict[str, str]:
    if actors == len(ACTORS):
        return ACTORS
    return {f"a{number}": f"Actor {number}" for number in range(actors)}


def _shared_by_two(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(names) == 1:
        return (f"{{ {names[0]} = 1.0 }}",)
    return tuple(f"{{ {one} = 0.8, {names[at - 1]} = 0.2 }}" for at, one in enumerate(names))


def _service(number: int, shares: tuple[str, ...]) -> str:
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
shares = {shares[number % len(shares)]}
shares_source = "assumption"
price = {{ value = {price:.6g}, {spread}, unit = "kr. pr. dag", {SOURCE} }}

[consequences.s{number}]
service = "s{number}"
group = "register"
change = {{ value = {change:.6g}, {stated}, unit = "dag", {SOURCE} }}"""


def _pair(number: int) -> str:
    return f"""
[[correlations]]
between = ["consequences.s{2 * number}.change", "consequences.s{2 * number + 1}.change"]
rank = 0.5
{SOURCE}"""


HEAD = f"""schema = 1
id = "generated-<NAME>"
lang = "en"
name = "Generated: <INPUTS> uncertain inputs"

[facts]
intervention = "none"
target_group = "none"
success_measure = "none"
source = "benchmarks/generated.py"

[settings]
first_year = {FIRST_YEAR}
last_year = <LAST_YEAR>
costs_discounted = true
costs_discounted_source = "assumption"
price_year = 2022
discount_rate = {{ value = 0.035, unit = "per year", {SOURCE} }}
price_index = {{ name = "index", source = "assumption", values = {{ 2020 = 100.0, 2022 = 110.0 }} }}

[actors]
<ACTORS>

[areas]
indkomst.name = "Income"
sundhed.name = "Health"
politi.name = "Police"
sociale.name = "Social services"
omkostninger.name = "Costs"

[participants]
completers = {{ <COMPLETERS> }}
source = "assumption"

[success]
with = {{ counts = {{ successes = 16, of = 23 }}, unit = "share", {SOURCE} }}
without = {{ value = 0.05, low = 0.0, high = 0.15, meaning = "hard", unit = "share", {SOURCE} }}

[costs.team]
name = "The team"
area = "omkostninger"
years = {{ <PAYMENTS> }}
payer = {{ <PAYER> = 1.0 }}
payer_source = "assumption"
amount = {{ value = 1000000, low = 900000, high = 1200000, meaning = "90%", unit = "kr.", {SOURCE} }}

[groups.register]
name = "Common factor"
factor = {{ value = 1.0, low = 0.4, high = 1.6, meaning = "hard", unit = "factor", {SOURCE} }}"""
