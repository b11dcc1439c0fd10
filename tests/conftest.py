"""A small scenario that tests change one thing at a time in; made-up numbers."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

from soemrisk.answer import promised
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan
from soemrisk.digest import Digest, digest_draws
from soemrisk.kernel import evaluate
from soemrisk.model import Model
from soemrisk.rules import broken_rules
from soemrisk.scenario import Scenario
from soemrisk.simulation import Simulation, simulate_model

settings.register_profile("fixed", derandomize=True, database=None, deadline=None)  # the same examples everywhere
settings.load_profile("fixed")

SOURCE = "assumption: made up for a test"


def number(value: object, unit: str = "kr.", **spread: object) -> dict[str, object]:
    """A quantity as a file would state it."""
    stated = {} if value is None else {"value": value}
    return {**stated, "unit": unit, "source": SOURCE, **spread}


DOCUMENT: dict[str, Any] = {
    "schema": 1,
    "id": "tiny",
    "name": "Tiny",
    "facts": {"intervention": "x", "target_group": "x", "success_measure": "x", "source": "x"},
    "settings": {
        "first_year": 2020,
        "last_year": 2024,
        "discount_rate": number(0.04, "pr. år"),
        "costs_discounted": True,
        "costs_discounted_source": SOURCE,
        "price_year": 2020,
    },
    "actors": {"kommune": {"name": "Kommune"}, "stat": {"name": "Stat"}},
    "areas": {"social": {"name": "Social"}, "skat": {"name": "Skat"}, "omkostninger": {"name": "Omkostninger"}},
    "participants": {"completers": {"2020": 10, "2021": 20}, "source": SOURCE},
    "success": {
        "with": number(0.6, "andel", family="beta", parameters={"a": 6.0, "b": 4.0}),
        "without": number(0.1, "andel", low=0.0, high=0.2, meaning="hard"),
    },
    "costs": {
        "drift": {
            "name": "Drift",
            "area": "omkostninger",
            "amount": number(1_000_000.0, low=900_000.0, high=1_100_000.0, meaning="hard"),
            "years": {"2020": 0.5, "2021": 0.5},
            "payer": {"kommune": 1.0},
            "payer_source": SOURCE,
        }
    },
    "groups": {"register": {"name": "Register", "factor": number(1.0, "faktor", low=0.5, high=1.5, meaning="hard")}},
    "services": {
        "bolig": {
            "name": "Bolig",
            "area": "social",
            "unit": "day",
            "price": number(1000.0, "kr. pr. day", low=800.0, high=1200.0, meaning="hard"),
            "price_year": 2020,
            "shares": {"kommune": 0.5, "stat": 0.5},
            "shares_source": SOURCE,
        },
        "skat": {
            "name": "Skat",
            "area": "skat",
            "unit": "week",
            "price": number(500.0, "kr. pr. week"),
            "price_year": 2020,
            "shares": {"kommune": 0.25, "stat": 0.75},
            "shares_source": SOURCE,
            "income": True,
        },
    },
    "consequences": {
        "bolig": {"service": "bolig", "group": "register", "change": number(-30.0, "day", significant=0.05)},
        "skat": {"service": "skat", "change": number([2.0, 4.0, 4.0], "week", significant=0.05)},
    },
}


@pytest.fixture
def document() -> dict[str, Any]:
    """A copy of the small scenario, free to change."""
    return copy.deepcopy(DOCUMENT)


def scenario_of(document: dict[str, Any]) -> Scenario:
    """The document as a scenario; the test's own mistakes show at once."""
    scenario = Scenario.model_validate(document)
    known = {
        name: tuple(document.get(name, {}))
        for name in ("actors", "areas", "services", "groups", "subgroups", "relatives", "consequences")
    }
    wrong = list(broken_rules(scenario, known))
    assert not wrong, wrong
    return scenario


def model_of(document: dict[str, Any]) -> Model:
    """The document compiled."""
    return compile_scenario(scenario_of(document))


def digested(scenario: Scenario, simulation: Simulation) -> Digest:
    """What ``run`` makes of a simulation whose draws are kept."""
    return digest_draws(simulation, promised(scenario, simulation.model))


Simulate = Callable[..., Simulation]


@pytest.fixture
def simulate_document() -> Simulate:
    """Simulate a document with a few draws."""

    def simulated(document: dict[str, Any], draws: int = 4096, seed: int = 0, sampler: str = "sobol") -> Simulation:
        return simulate_model(model_of(document), plan(draws, seed, sampler), evaluate=evaluate)

    return simulated
