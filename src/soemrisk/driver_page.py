"""What ``drivers`` prints: one table for the actor who decides, and the few sentences that it supports.

Each sentence stands under its condition: ranks only where they are settled, worth only where it exceeds its error.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from soemrisk.actor_tree import in_order
from soemrisk.answer import price_line
from soemrisk.digits import NO_BREAK, at_most, grouped, kroner, percent, plain
from soemrisk.driver_rows import is_worth, largest, little_worth, reach, setting_of, settled, unit_of_input
from soemrisk.driver_tales import pair_message, pair_names, tale_of
from soemrisk.messages import text
from soemrisk.names import element_names, fitting, input_names, short_names, shortened, told_apart
from soemrisk.rules import moving_quantities
from soemrisk.scenario import Scenario
from soemrisk.terminal import WIDTH, aligned

LISTED = 5  # names in a sentence
LITTLE = 0.01  # of the worth of everything: an input of less worth alone is not worth knowing alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the lines for one actor are made from."""

    scenario: Scenario
    found: Mapping[str, Any]
    lang: str
    actor: str
    name: str
    names: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """One text of the catalogue in the language of the page."""
        return text(key, self.lang, actor=self.name, **values)

    @property
    def settled(self) -> bool:
        """Whether no knowledge is worth so much that the decision might be another."""
        return settled(self.found, self.actor)

    @property
    def rows(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Elements of the actor, the largest part of the variance first."""
        listed = self.found["priorities"]["actors"][self.actor].items()
        return sorted(listed, key=lambda row: (-row[1]["shapley"], -row[1]["evppi"], row[0]))


def driver_page(scenario: Scenario, found: Mapping[str, Any], lang: str, actor: str | None = None) -> str:
    """The text of what drives a result.

    Parameters
    ----------
    scenario : Scenario
    found : mapping
        From ``drivers``.
    lang : {"da", "en"}
    actor : str, optional
        Whose decision it is; the first actor where none is said.

    Returns
    -------
    str
        Without a final newline.
    """
    actor = in_order(scenario.actors)[0] if actor is None else actor
    name = text("total", lang) if actor == "total" else scenario.actors[actor].name.in_(lang)
    names = element_names(scenario, found["inputs"], lang)
    sheet = Sheet(scenario=scenario, found=found, lang=lang, actor=actor, name=name, names=names)
    head = [sheet.say("drivers-head"), scenario.name.in_(lang), price_line(scenario, "price-line", lang)]
    above = [_wrapped(sheet.say("drivers-questions")), "", *_table(sheet), *map(_wrapped, _errors(sheet))]
    below = [*map(_wrapped, _sentences(sheet)), *_pair(sheet), "", *map(_wrapped, _notes(sheet))]
    return "\n".join([*head, *above, "", *below])


def _wrapped(line: str) -> str:
    return "\n".join(textwrap.wrap(line, WIDTH, break_long_words=False)) if line else ""


TITLES = ("range", "total", "ten", "worth", "zero", "place")
NAMES = 18  # letters that names have at least in the table
UNIT = 12  # letters of a unit in the table


def _table(sheet: Sheet) -> Iterator[str]:
    """The table as lines no wider than the page: what figures leave is for names, which may take two lines."""
    shown, others = largest(sheet.rows)
    figures = [_figures(sheet, one) for _, one in shown]
    heads = [_in_lines(sheet.say(f"column-{title}"), 9) for title in TITLES]
    above, below = ([lines[n] if n < len(lines) else "" for lines in heads] for n in (0, 1))
    blank = [""] * len(TITLES)
    taken = sum(2 + max(map(len, column)) for column in zip(above, below, *figures, strict=True))
    names = _names([sheet.names[key] for key, _ in shown], max(WIDTH - taken, NAMES))
    rows = [[sheet.say("column-element"), *above], ["", *below]]
    for (first, *more), row in zip(names, figures, strict=True):
        rows += [[first, *row], *([f"  {line}", *blank] for line in more)]
    rows += [[sheet.say("rest-row", count=len(others)), *blank]] if others else []
    yield from aligned(rows)


def _in_lines(words: str, letters: int) -> list[str]:
    return textwrap.wrap(words, letters, break_long_words=False)


def _names(names: Sequence[str], letters: int) -> list[list[str]]:
    """Names in at most two lines each, no two alike."""

    def lines(name: str) -> list[str]:
        return [name] if len(name) <= letters else textwrap.wrap(name, letters - 2)

    def short(name: str, end: int) -> str:
        return "\n".join(lines(fitting(name, end, lambda words: len(lines(words)) <= 2)))

    return [name.split("\n") for name in told_apart(names, short)]


def _figures(sheet: Sheet, one: Mapping[str, Any]) -> list[str]:
    return [
        _range(sheet, one["inputs"]),
        _part(sheet, one["shapley"]),
        kroner(one["ten_percent"], sheet.lang),
        kroner(one["evppi"], sheet.lang, one["evppi_error"]),
        _zero(sheet, one["inputs"]),
        sheet.say(f"place-{one['category']}"),
    ]


def _part(sheet: Sheet, share: float) -> str:
    """A part of the variance; one that is there is not shown as nothing."""
    small = 0 < share < 0.005
    return f"<{percent(0.01, sheet.lang)}" if small else percent(share, sheet.lang)


def _range(sheet: Sheet, inputs: list[str]) -> str:
    one = sheet.found["inputs"][inputs[0]]
    if len(inputs) > 1:
        return sheet.say("range-lines", count=len(inputs))
    low, high = (setting_of(inputs[0], one[name], sheet.lang) for name in ("p10", "p90"))
    kind = "range-to" if one["p90"] < 0 or one["p10"] < 0 else "range-of"
    unit = shortened(_unit(sheet, inputs[0]), UNIT)
    return sheet.say(kind, low=low.removesuffix(f"{NO_BREAK}%"), high=high, unit=unit).rstrip()


def _unit(sheet: Sheet, path: str) -> str:
    return unit_of_input((sheet.scenario, sheet.found), path, sheet.lang)


def _zero(sheet: Sheet, inputs: list[str]) -> str:
    """Break-even of a single input in the base case; empty where there is none to tell."""
    zeros = _zeros(sheet, inputs[0]) if len(inputs) == 1 else []
    if len(zeros) > 1:
        return sheet.say("zero-several")
    return setting_of(inputs[0], zeros[0], sheet.lang) if zeros else ""


def _zeros(sheet: Sheet, path: str) -> Sequence[float]:
    """Values at which the base case is 0; none of a quantity with steps, of which only one would be moved."""
    table = sheet.found["break_even"]
    if any(other.startswith(f"{path}@") for other in table):
        return []
    row = table.get(path, {}).get(sheet.actor, {})
    zero = row.get("base")
    roots: Sequence[float] = row.get("roots", [] if zero is None else [zero])
    return roots


def _sentences(sheet: Sheet) -> Iterator[str]:
    """Which inputs matter, how much they are worth to know, and what would change the decision."""
    moving = [(key, one) for key, one in sheet.rows if one["shapley"] > 0]
    if not moving:
        yield sheet.say("driver-nothing")
        return
    yield _most(sheet, moving)
    yield _worth(sheet, moving)
    yield from _turning(sheet, moving)
    yield from _following(sheet)


def _worth(sheet: Sheet, moving: list[tuple[str, Mapping[str, Any]]]) -> str:
    """What it is worth to know the input that is worth most, or everything where no input alone is worth much."""
    evpi = sheet.found["information"][sheet.actor]["evpi"]
    everything = at_most(evpi["value"], sheet.lang, evpi["mcse"])
    little = little_worth(sheet.found, sheet.actor, sheet.lang)
    if little is not None:
        return sheet.say("driver-little", **little)
    best = max(moving, key=lambda row: row[1]["evppi"])
    worth = best[1]
    alone = worth["evppi"] >= LITTLE * evpi["value"]
    if not sheet.settled and not alone and is_worth(evpi["value"], evpi["mcse"]):
        return sheet.say("driver-only-together", all=everything)
    if not sheet.settled and worth["evppi"] > 2 * worth["evppi_error"]:
        value = kroner(worth["evppi"], sheet.lang, worth["evppi_error"])
        return sheet.say("driver-worth", name=sheet.names[best[0]], value=value, all=everything)
    return sheet.say("driver-no-worth")


def _most(sheet: Sheet, moving: list[tuple[str, Mapping[str, Any]]]) -> str:
    first, one = moving[0]
    if len(moving) == 1:
        return sheet.say("driver-most-alone", first=sheet.names[first])
    second, other = moving[1]
    names = {"first": sheet.names[first], "second": sheet.names[second]}
    errors = one["shapley_error"] + other["shapley_error"]  # at least the error of the difference
    if one["shapley"] - other["shapley"] <= reach(errors):
        return sheet.say("driver-not-ranked", **names)
    shares = {"share": percent(one["shapley"], sheet.lang), "next": percent(other["shapley"], sheet.lang)}
    return sheet.say("driver-most", **names, **shares)


def _turning(sheet: Sheet, moving: list[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    """The input with the most worth whose break-even lies where it may well be: between its P10 and P90."""
    for _, one in sorted(moving, key=lambda row: -row[1]["evppi"]):
        if len(one["inputs"]) == 1:
            path = one["inputs"][0]
            known = sheet.found["inputs"][path]
            zeros = _zeros(sheet, path)
            if len(zeros) == 1 and known["p10"] <= zeros[0] <= known["p90"]:
                zero, base = (setting_of(path, value, sheet.lang) for value in (zeros[0], known["base"]))
                name = input_names(sheet.scenario, sheet.lang)[path]
                yield sheet.say("driver-zero", name=name, zero=f"{zero} {_unit(sheet, path)}".rstrip(), base=base)
                return


FOLLOWED = "25"


def _following(sheet: Sheet) -> Iterator[str]:
    """What more observations are worth: where their effort is stated, of the number that pays best."""
    information = sheet.found["information"][sheet.actor]
    names = input_names(sheet.scenario, sheet.lang)
    efforts = {path: one for path, one in information["steps"].items() if one["best"] is not None}
    rate = information["evsi"].get("success.with")
    if rate is not None and rate[FOLLOWED] >= 1 and "success.with" not in efforts and not sheet.settled:
        value = kroner(rate[FOLLOWED], sheet.lang)
        yield sheet.say("driver-follow", n=FOLLOWED, name=names["success.with"], value=value)
    for path, one in efforts.items():
        yield _paying(sheet, names[path], one["kind"], one["best"])


def _paying(sheet: Sheet, name: str, kind: str, best: Mapping[str, Any]) -> str:
    """Whether it pays to observe more: only where the gain is a krone or more, and above twice its error."""
    n, priced = best["n"], "net" in best
    if not is_worth(best["net"] if priced else best["value"], best["mcse"]):
        how = sheet.say(f"step-{kind}-any", name=name)
        return sheet.say("driver-step-no-pay" if priced else "driver-step-no-worth", step=how)
    how = sheet.say(f"step-{kind}-one" if n == 1 else f"step-{kind}", n=grouped(n, sheet.lang), name=name)
    value = kroner(best["value"], sheet.lang, best["mcse"])
    hours = grouped(best["hours"], sheet.lang) if best["hours"] >= 100 else plain(best["hours"], sheet.lang, 3)
    if priced:
        return sheet.say("driver-step-pays", step=how, value=value, cost=kroner(best["cost"], sheet.lang), hours=hours)
    rate = kroner(best["value_per_hour"], sheet.lang)
    return sheet.say("driver-step-per-hour", step=how, value=value, hours=hours, rate=rate)


def _pair(sheet: Sheet) -> Iterator[str]:
    """The table of two inputs that were asked for, at every other level, and which of them decides."""
    table = sheet.found["pair"]
    if not table:
        return
    tale = tale_of(sheet.scenario, {**sheet.found, "deciding": sheet.actor}, sheet.lang)
    first, second = pair_names(tale)
    units = [f"{unit}, " if (unit := _unit(sheet, path)) else "" for path in table["inputs"]]
    yield ""
    yield _wrapped(sheet.say("pair-table", first=first, second=second, unit=units[0], other_unit=units[1]))
    shown = range(0, len(table["levels"]), 2)
    down, across = table["inputs"]
    rows = [["", *(setting_of(across, table["second"][m], sheet.lang) for m in shown)]]
    for n in shown:
        net = table["net"][sheet.actor][n]
        value = setting_of(down, table["first"][n], sheet.lang)
        rows.append([value, *(kroner(net[m], sheet.lang) for m in shown)])
    yield from aligned(rows)
    yield _wrapped(f"{pair_message(tale)}.")


def _notes(sheet: Sheet) -> Iterator[str]:
    found, lang = sheet.found, sheet.lang
    calibrated = [path for path, one in found["inputs"].items() if one["element"].startswith("calibrated/")]
    if calibrated:
        yield sheet.say("driver-calibrated", count=len(calibrated))
    named = short_names(input_names(sheet.scenario, lang))
    for path, one in found["inputs"].items():
        if one["together_with"] and one["element"] == path:
            yield sheet.say("driver-together", name=named[path], others=_listed(sheet, one["together_with"]))
    yield from _evidence(sheet)
    share = found["variance"][sheet.actor]["chance_share"]
    if share > 0:
        yield sheet.say("driver-chance", share=percent(share, lang))
    split = found["split"]["actor"]
    whole = sum(one["sd"] for one in split.values())
    if whole > 0:
        actors = {actor: sheet.scenario.actors[actor].name.in_(lang) for actor in split}
        parts = [
            sheet.say("driver-split-part", name=actors[actor], share=percent(one["sd"] / whole, lang))
            for actor, one in split.items()
        ]
        yield sheet.say("driver-split", parts=", ".join(parts))
    settings = found["priorities"]
    limits = {"width": settings["thresholds"]["width"], "importance": settings["thresholds"]["importance"]}
    shown = {name: percent(value, lang) for name, value in limits.items()}
    yield sheet.say("driver-places", **shown, kind=sheet.say(f"kind-{settings['importance']}"))


def _evidence(sheet: Sheet) -> Iterator[str]:
    """Levels of evidence where they are stated, the strongest first, with what has them."""
    by_level = dict[int, list[str]]()
    for path, one in sheet.found["inputs"].items():
        if one["evidence"] is not None:
            by_level.setdefault(one["evidence"], []).append(path)
    parts = [
        sheet.say("level-of", level=level, names=_listed(sheet, paths)) for level, paths in sorted(by_level.items())
    ]
    if parts:
        yield sheet.say("driver-evidence", parts="; ".join(parts))
    if any(quantity.evidence is not None for _, quantity, _ in moving_quantities(sheet.scenario)):
        yield sheet.say("driver-evidence-spread")


def _listed(sheet: Sheet, paths: Sequence[str]) -> str:
    """Names of some inputs in a sentence, and how many more there are."""
    names, more = short_names(input_names(sheet.scenario, sheet.lang)), len(paths) - LISTED
    listed = ", ".join(sheet.say("quoted", name=names[path]) for path in paths[:LISTED])
    return listed + (sheet.say("and-more", count=more) if more > 0 else "")


def _errors(sheet: Sheet) -> Iterator[str]:
    found = sheet.found
    worst = max((one["evppi_error"] for _, one in sheet.rows), default=0.0)
    worst = max(worst, found["information"][sheet.actor]["evpi"]["mcse"])
    draws = grouped(found["draws"], sheet.lang)
    sampled = sheet.say("driver-sampled", draws=grouped(found["chance_of_gain"]["draws"], sheet.lang))
    yield sheet.say(
        "driver-errors",
        draws=draws,
        sampler=found["sampler"],
        seed=found["seed"],
        sampled=sampled if found["sampled"] else "",
        worth=grouped(reach(worst) + 0.5, sheet.lang),
    )
    yield sheet.say("sign-line")
