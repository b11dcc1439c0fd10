"""What changed: parts add up, agree with every order by hand, and follow single changes where these do not interact."""

from __future__ import annotations

from importlib import resources
from itertools import permutations

import numpy as np
import pytest

import soemrisk as sr
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan
from soemrisk.reading import parse
from soemrisk.reference import evaluate
from soemrisk.version_changes import NoVersionError, _figures, _orders, explained, over_all_sets, over_orders


def game(seed, count):
    rng = np.random.default_rng(seed)
    worth = {frozenset(i for i in range(count) if bits >> i & 1): rng.normal(size=2) for bits in range(2**count)}
    return lambda made: worth[frozenset(made)]


def by_hand(count, value):
    orders = list(permutations(range(count)))
    parts = np.zeros((count, 2))
    for order in orders:
        for k, n in enumerate(order):
            parts[n] += (value(frozenset(order[: k + 1])) - value(frozenset(order[:k]))) / len(orders)
    return parts


@pytest.mark.parametrize("count", [1, 2, 5])
def test_all_sets_give_what_all_orders_give(count):
    value = game(count, count)
    parts = over_all_sets(count, value)
    assert parts == pytest.approx(by_hand(count, value), abs=1e-12)
    assert parts.sum(axis=0) == pytest.approx(value(frozenset(range(count))) - value(frozenset()), abs=1e-12)


def test_drawn_orders_add_up_and_lie_within_their_errors():
    value = game(7, 6)
    parts, errors = over_orders(list(_orders(6, 3)), value)
    exact = over_all_sets(6, value)
    assert parts.sum(axis=0) == pytest.approx(exact.sum(axis=0), abs=1e-12)
    assert (np.abs(parts - exact) < 4.5 * errors).all()


def test_versions_that_are_alike_have_no_changes_and_words_are_none():
    act = sr.read("act-randers")
    said = act.model_copy(update={"name": act.name.model_copy(update={"da": "Andet navn"})})
    assert explained(act, said, plan(256, 0)).changes == ()
    source = (resources.files("soemrisk") / "scenarios" / "act-randers.toml").read_text(encoding="utf-8")
    for key in ("costs_discounted_source = ", "shares_source = ", "payer_source = ", "source = "):
        source = source.replace(f'\n{key}"', f'\n{key}"Looked up again. ')
    assert source.count("Looked up again") > 10
    assert explained(act, parse(source.encode(), "new.toml"), plan(64, 0)).changes == ()


def test_the_base_case_is_split_to_the_krone():
    act = sr.read("act-randers")
    costs = act.costs["indsats"]
    dearer = costs.model_copy(update={"amount": costs.amount.model_copy(update={"value": 7_700_000.0})})
    fewer = act.participants.model_copy(update={"completers": {2019: 6, 2020: 6, 2021: 7, 2022: 10}})
    new = act.model_copy(update={"costs": {"indsats": dearer}, "participants": fewer})
    found = explained(act, new, plan(1024, 1))
    names = [".".join(place) for change in found.changes for place in change.places]
    assert names == ["costs.indsats.amount", "participants.completers"]
    base = [evaluate(model, model.base[None]).expected[0] for model in map(compile_scenario, (act, new))]
    assert found.parts[:, 0].sum(axis=0) == pytest.approx(base[1] - base[0], abs=1e-6)
    assert found.parts[0, 0, 1] == pytest.approx(7_510_650 - 7_700_000, abs=1.0)  # costs: no interaction
    assert found.parts.sum(axis=0) == pytest.approx(found.after - found.before, abs=1e-6)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("costs_discounted = false\n", 'costs_discounted = false\ntiming = "end"\n', "settings.timing"),
        ("costs_discounted = false\n", 'costs_discounted = false\nchance = "independent"\n', "settings.chance"),
        ("costs_discounted = false\n", 'costs_discounted = false\nwindow = "cohort"\n', "settings.window"),
    ],
)
def test_changes_that_are_words_of_the_language_are_found_and_the_end_is_the_new_version(old, new, place):
    source = (resources.files("soemrisk") / "scenarios" / "act-randers.toml").read_text(encoding="utf-8")
    changed = parse(source.replace(old, new, 1).encode(), "new.toml")
    found = explained(sr.read("act-randers"), changed, plan(256, 1))
    assert [".".join(one) for change in found.changes for one in change.places] == [place]
    model = compile_scenario(changed)
    assert found.after[0] == pytest.approx(evaluate(model, model.base[None]).expected[0])


def test_a_service_that_is_renamed_is_one_change_without_a_difference():
    source = (resources.files("soemrisk") / "scenarios" / "act-randers.toml").read_text(encoding="utf-8")
    renamed = parse(
        source.replace("services.herberg]", "services.natherberg]")
        .replace("services.herberg.", "services.natherberg.")
        .replace('service = "herberg"', 'service = "natherberg"')
        .encode(),
        "new.toml",
    )
    found = explained(sr.read("act-randers"), renamed, plan(256, 1))
    assert found.after[0] == pytest.approx(found.before[0])
    assert len(found.changes) == 1


def test_what_can_only_be_changed_together_is_one_change():
    found = explained(sr.read("act-randers"), sr.read("cti-aarhus"), plan(64, 1))
    groups = {tuple(".".join(place) for place in change.places): change.kind for change in found.changes}
    assert ("success.net", "success.with", "success.without") in groups
    removed = ("areas.brugerdefinerede_ydelser", "consequences.brugerdefineret", "services.brugerdefineret")
    assert groups[removed] == "removed"


def test_a_version_without_draws_of_its_own_is_none():
    act = sr.read("act-randers")
    with pytest.raises(NoVersionError):
        _figures(act, plan(64, 1), ("act-randers/success/with",), ("total", *act.actors))
