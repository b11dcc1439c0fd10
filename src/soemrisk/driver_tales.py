"""What sentences on a result are made from, and those on what only some have: data steps, a pair of inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soemrisk.digits import grouped, kroner
from soemrisk.driver_rows import SHOWN, deciding, is_worth, little_worth, part, setting_of, settled
from soemrisk.messages import text
from soemrisk.names import LONGEST, element_names, input_names, short_names, shortened
from soemrisk.scenario import Scenario

FOLLOWED = ("25", "250")  # numbers of observations that are told where none is the best


@dataclass(frozen=True, slots=True, kw_only=True)
class Tale:
    """What the sentences and pictures on one scenario are made from; ``most`` is how many rows a picture names."""

    scenario: Scenario
    found: Mapping[str, Any]
    lang: str
    actor: str
    name: str
    most: int = SHOWN

    def say(self, key: str, **values: object) -> str:
        """One text of the catalogue in the language of the picture."""
        return text(key, self.lang, **{"actor": self.name, **values})

    def together_note(self) -> list[str]:
        """What names with »m.fl.« stand for, where there are such names."""
        joined = any(one["together_with"] for one in self.found["inputs"].values())
        return [self.say("together-note")] if joined else []

    def settled(self, picture: str) -> str:
        """That a decision stands whatever one gets to know, and what knowing everything is worth if it is a krone."""
        little = little_worth(self.found, self.actor, self.lang)
        return self.say(f"{picture}-settled") if little is None else self.say(f"{picture}-little", **little)

    def elements(self, letters: int = LONGEST) -> dict[str, str]:
        """Names of the elements as sentences have them, by key."""
        return short_names(element_names(self.scenario, self.found["inputs"], self.lang), letters)


def tale_of(scenario: Scenario, found: Mapping[str, Any], lang: str) -> Tale:
    """What the sentences on what drives a result are made from, for the deciding actor."""
    actor = deciding(found)
    name = text("total", lang) if actor == "total" else shortened(scenario.actors[actor].name.in_(lang))
    return Tale(scenario=scenario, found=found, lang=lang, actor=actor, name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A data step that may be worth a krone or more: what is observed, and what that is worth, kr.

    Attributes
    ----------
    key, name : str
        Of the input.
    kind : str
        What is observed.
    full : float
        EVPPI: what no number of observations exceeds.
    by_number : sequence of (n, figures)
        From the smallest number.
    best : mapping or None
        The number that pays best; None without an effort.
    curve : sequence of (n, value)
        Through which the worth is drawn, from 0.
    """

    key: str
    name: str
    kind: str
    full: float
    by_number: Sequence[tuple[int, Mapping[str, Any]]]
    best: Mapping[str, Any] | None
    curve: Sequence[tuple[int, float]]

    @property
    def priced(self) -> bool:
        """Whether the cost of observing is known."""
        return self.best is not None and "net" in self.best

    @property
    def pays(self) -> bool:
        """Whether its best number is worth a krone or more, and more than twice its error."""
        if self.best is None:
            return False
        return is_worth(self.best["net" if self.priced else "value"], self.best["mcse"])


def paying_steps(tale: Tale) -> list[Step]:
    """Data steps of the deciding actor of which full knowledge is worth a krone or more, the largest worth first."""
    table = tale.found["information"][tale.actor]
    names = short_names(input_names(tale.scenario, tale.lang))
    found = [
        Step(
            key=path,
            name=names[path],
            kind=one["kind"],
            full=table["evppi"][path]["value"],
            by_number=sorted((int(n), figures) for n, figures in one["by_number"].items()),
            best=one["best"],
            curve=list(zip(one["curve"]["n"], one["curve"]["value"], strict=True)),
        )
        for path, one in table["steps"].items()
    ]
    return sorted((step for step in found if step.full >= 1), key=lambda step: (-step.full, step.key))


def observed(tale: Tale, kind: str, n: int) -> str:
    """So many observations of a kind, in words."""
    key = f"observed-{kind}-one" if n == 1 else f"observed-{kind}"
    return tale.say(key, n=grouped(n, tale.lang))


def evsi_message(tale: Tale) -> str:
    """Whether and how many observations pay; without an effort what some of them are worth."""
    steps = paying_steps(tale)
    if settled(tale.found, tale.actor):
        return tale.settled("evsi")
    paying = [step for step in steps if step.pays and step.priced]
    if paying:
        step = max(paying, key=lambda one: one.best["net"] if one.best else 0.0)
        assert step.best is not None
        net = kroner(step.best["net"], tale.lang, step.best["mcse"])
        return tale.say("evsi-pays", count=observed(tale, step.kind, step.best["n"]), name=step.name, net=net)
    step = steps[0]
    if step.priced:
        return tale.say("evsi-no-pay", name=step.name)
    if step.best is not None and step.pays:
        rate = kroner(step.best["value_per_hour"], tale.lang)
        return tale.say("evsi-per-hour", count=observed(tale, step.kind, step.best["n"]), name=step.name, rate=rate)
    n, value = int(FOLLOWED[0]), dict(step.by_number)[int(FOLLOWED[0])]["value"]
    share = part(value / step.full, tale.lang)
    told = {"count": observed(tale, step.kind, n), "value": kroner(value, tale.lang), "share": share}
    return tale.say("evsi-worth", name=step.name, **told)


def evsi_numbers(tale: Tale) -> dict[str, str]:
    """What some numbers of observations, and full knowledge, of the step with the largest worth give."""
    step = paying_steps(tale)[0]
    values = dict(step.by_number)
    some, many = (kroner(values[int(n)]["value"], tale.lang) for n in FOLLOWED)
    return {"name": step.name, "some": some, "many": many, "full": kroner(step.full, tale.lang)}


def pair_names(tale: Tale) -> tuple[str, str]:
    """Short names of both inputs of the pair."""
    names = short_names(input_names(tale.scenario, tale.lang), 45)
    first, second = tale.found["pair"]["inputs"]
    return names[first], names[second]


def pair_gains(tale: Tale, actor: str) -> NDArray[np.bool_]:
    """Where an actor has a gain over both inputs of the pair, (values of the first, values of the second)."""
    gains: NDArray[np.bool_] = np.array(tale.found["pair"]["finer"]["net"][actor]) > 0
    return gains


def pair_message(tale: Tale) -> str:
    """Whether the actor has a gain all over or nowhere from P10 to P90, else which of both inputs decides that.

    One decides alone where no step of the finer table that the other takes turns the sign.
    """
    first, second = pair_names(tale)
    gains = pair_gains(tale, tale.actor)
    if gains.all() or not gains.any():
        return tale.say("pair-gain" if gains.all() else "pair-loss", first=first, second=second)
    if (gains == gains[:, :1]).all():
        return tale.say("pair-one", name=first, other=second)
    if (gains == gains[:1]).all():
        return tale.say("pair-one", name=second, other=first)
    return tale.say("pair-both", first=first, second=second)


def pair_numbers(tale: Tale) -> dict[str, str]:
    """The stated values, and the lowest and highest result of the table."""
    paths = tale.found["pair"]["inputs"]
    bases = [setting_of(path, tale.found["inputs"][path]["base"], tale.lang) for path in paths]
    values = [value for row in tale.found["pair"]["net"][tale.actor] for value in row]
    first, second = pair_names(tale)
    ends = {"low": kroner(min(values), tale.lang), "high": kroner(max(values), tale.lang)}
    return {"first": first, "second": second, "base": bases[0], "other": bases[1], **ends}
