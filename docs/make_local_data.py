"""Write ACT Randers side by side: ``python docs/make_local_data.py``; a test fails when the page is stale.

As listed, with local data, with the filter corrected, with other counterfactuals. ``--write DIR`` writes the scenarios
too. What is changed, and the text above the tables, stands in ``local-data/``.
"""

import copy
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import soemrisk as sr
from soemrisk.answer import base_case
from soemrisk.compilation import compile_scenario
from soemrisk.digits import grouped, plain, step
from soemrisk.full_form import full_document, full_form
from soemrisk.library import library
from soemrisk.observed_numbers import observations_of
from soemrisk.reading import parse, read
from soemrisk.scenario import Scenario
from soemrisk.statistics import interval_factor, statistics
from soemrisk.toml_text import toml_text
from soemrisk.updating import Learnt, learn, rows, updated_document

HERE = Path(__file__).parent
FROM = HERE / "local-data"
PAGE = HERE / "local-data.md"
ACT = HERE.parent / "scenarios" / "act-randers.toml"
DRAWS, SEED, REPLICATES = 65_536, 1, 16
Z = {"values": [2, 3, 4], "weights": [1, 1, 1]}
OF_Z = "assumption: the estimate is 2, 3 or 4 standard errors, each as likely (ours)"
OF_END = "assumption: the estimate is just significant (the far end of what the filter leaves)"

OWN = {"uge": "weeks", "dag": "days"}
KEYS = ("mean", "p10", "p50", "p90")
Variants = dict[str, Scenario]
Results = dict[str, dict[str, dict[str, float]]]


def laid_over(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The document with a file of ``local-data/``: a number is stated anew, other tables gain keys."""
    found = copy.deepcopy(dict(document))

    def lay(over: Mapping[str, Any], under: dict[str, Any]) -> None:
        for key, value in over.items():
            if isinstance(value, dict) and isinstance(under.get(key), dict) and "source" not in value:
                lay(value, under[key])
            else:
                under[key] = value

    lay(tomllib.loads((FROM / name).read_text(encoding="utf-8")), found)
    return found


def corrected(document: Mapping[str, Any], why: str, **more: object) -> dict[str, Any]:
    """The document with every change that was listed because it was significant corrected for the filter."""
    found = copy.deepcopy(dict(document))
    for one in found["consequences"].values():
        if "significant" in one["change"]:
            one["change"].update(corrected=True, source=f"{one['change']['source']}; {why}", **more)
    return found


def just_significant(document: Mapping[str, Any]) -> dict[str, Any]:
    """Corrected with |value|/1.96 as standard error: the far end."""
    found = corrected(document, OF_END)
    for one in found["consequences"].values():
        if "significant" in one["change"]:
            one["change"]["se"] = float(f"{abs(one['change']['value']) / 1.96:.12g}")
    return found


def variants() -> tuple[Variants, list[Learnt]]:
    """Scenarios by name, and what the observations taught."""
    document = tomllib.loads(ACT.read_text(encoding="utf-8"))

    def named(number: int, changed: Mapping[str, Any]) -> Scenario:
        own = {"id": f"act-randers-{number}", "draws_as": "act-randers"}
        return parse(toml_text({**changed, **own}).encode(), f"act-randers-{number}")

    baseline = named(1, laid_over(document, "own-baseline.toml"))
    name = str(FROM / "observed.toml")
    seen = observations_of(tomllib.loads(Path(name).read_text(encoding="utf-8")), name)
    learnt = learn(baseline, seen, name)
    updated = updated_document(full_document(baseline), baseline, learnt, {one.place: one.source for one in seen})
    return {
        "as listed": read(ACT),
        "own baseline": baseline,
        "own baseline and observations": named(2, updated),
        "filter corrected, z of 2, 3, 4": named(3, corrected(document, OF_Z, z=Z)),
        "filter corrected, far end": named(4, just_significant(document)),
        "counterfactual 5 %": named(5, laid_over(document, "counterfactual-5.toml")),
        "counterfactual 10 %": named(6, laid_over(document, "counterfactual-10.toml")),
    }, learnt


def _result(scenario: Scenario) -> dict[str, dict[str, float]]:
    """Base and statistics by actor."""
    drawn = sr.simulate(scenario, draws=DRAWS, seed=SEED, threads=2)
    base = base_case(compile_scenario(scenario))["net"]
    return {
        actor: {"base": base[actor], **statistics(drawn["net"].sel(actor=actor).to_numpy())}
        for actor in map(str, drawn["actor"].to_numpy())
    }


def _money(value: float, error: float) -> str:
    """An amount and the half width of its 95 % interval, both to the digits that this leaves."""
    half = interval_factor(REPLICATES) * error
    unit = max(step(half / 2) / 10, 1.0)
    return f"{grouped(round(value / unit) * unit, 'en')} ± {grouped(round(half / unit) * unit, 'en')}"


def _tables(found: Results, names: Mapping[str, str]) -> Iterator[str]:
    for actor, name in names.items():
        yield f"## {name}\n"
        yield "| variant | base | mean | P10 | P50 | P90 | P(gain), of 100 |"
        yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
        for variant, result in found.items():
            own = result[actor]
            amounts = [_money(own[key], own[f"mcse_{key}"]) for key in KEYS]
            half = 100 * interval_factor(REPLICATES) * own["mcse_prob"]
            gain = f"{grouped(100 * own['prob_positive'], 'en', 2)} ± {grouped(half, 'en', 2)}"
            yield f"| {variant} | {grouped(own['base'], 'en')} | {' | '.join(amounts)} | {gain} |"
        yield ""


def _levels() -> Iterator[str]:
    yield "## SØM's target group and the citizens of ACT\n"
    yield "Use a year, levels and no changes: SØM's group in year 0, ACT's citizens 2017-2019 (the slides).\n"
    yield "| service | unit | SØM | ACT | ratio | scaled here |"
    yield "| --- | --- | ---: | ---: | ---: | --- |"
    scaled = tomllib.loads((FROM / "own-baseline.toml").read_text(encoding="utf-8"))["consequences"]
    for key in ("kontanthjaelp", "foertidspension", "herberg", "alkoholbehandling", "stofbehandling"):
        group, own = library()[f"hjemloese-{key}-niveau"], library()[f"act-randers-{key}-niveau"]
        ratio = plain(own["value"] / group["value"], "en", 3)
        said = "yes" if key in scaled else f"no: made from ACT's own {OWN[own['unit']]}"
        yield f"| {key} | {own['unit']} | {group['value']} | {own['value']} | {ratio} | {said} |"
    yield ""


def _numbers(learnt: list[Learnt]) -> Iterator[str]:
    yield "## What the observations taught\n"
    yield "Invented observations: mean (P10 to P90), weight of the earlier knowledge, prior predictive p-value.\n"
    yield "| number | before | after | method | weight | p-value |\n| --- | --- | --- | --- | ---: | ---: |"
    for (place, *figures), one in zip(rows(learnt), learnt, strict=True):
        shown = [f"{plain(mean, 'en')} ({plain(low, 'en')} to {plain(high, 'en')})" for mean, low, high in figures]
        chance = "–" if one.surprise is None else plain(one.surprise, "en", 2)
        method = one.method.replace("_", " ")
        yield f"| `{place}` | {' | '.join(shown)} | {method} | {plain(one.weight, 'en', 2)} | {chance} |"


def results() -> Results:
    """Base and statistics by variant and actor."""
    return {name: _result(scenario) for name, scenario in variants()[0].items()}


def content(found: Results) -> str:
    """Return what the page holds."""
    scenarios, learnt = variants()
    listed = scenarios["as listed"]
    names = {"total": "All actors", **{key: one.name.en for key, one in listed.actors.items()}}
    about = (FROM / "about.md").read_text(encoding="utf-8")
    return "\n".join([about, *_tables(found, names), *_levels(), *_numbers(learnt)]) + "\n"


def write_scenarios(directory: Path) -> None:
    """Write the variants as files."""
    directory.mkdir(parents=True, exist_ok=True)
    for scenario in variants()[0].values():
        (directory / f"{scenario.id}.toml").write_text(full_form(scenario, "en") + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write_scenarios(Path(sys.argv[2]))
    else:
        PAGE.write_text(content(results()), encoding="utf-8", newline="\n")
