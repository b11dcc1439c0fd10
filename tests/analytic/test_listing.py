"""The two ends that the filter of significance leaves, against the closed form of a result linear in a change."""

import numpy as np
import pytest
from test_closed_forms import certain

from conftest import digested, number, scenario_of
from soemrisk import reference
from soemrisk.listing import corrected_part, ends_of_listing
from soemrisk.quantity import Quantity


@pytest.mark.parametrize(("z", "part"), [(1.96, 0.56), (2.5, 0.68), (3, 0.80), (4, 0.95), (5, 0.99)])
def test_an_estimate_shrinks_by_what_its_size_in_standard_errors_says(z, part):
    stated = Quantity(value=-10.0, unit="day", source="x", significant=0.05, se=float(f"{10 / z:.12g}"))
    assert corrected_part(stated) == pytest.approx(part, abs=0.005)


def test_the_ends_are_the_mean_and_the_mean_with_every_listed_change_corrected(document, simulate_document):
    certain(document)
    document["consequences"]["bolig"]["change"] = number(-30.0, "day", significant=0.05)
    document["consequences"]["skat"]["change"] = number([2.0, 4.0, 4.0], "week", significant=0.05)
    simulation = simulate_document(document)
    model = simulation.model
    found = ends_of_listing(scenario_of(document), digested(scenario_of(document), simulation))
    one = reference.evaluate(model, model.base[None])
    part = corrected_part(Quantity(value=1.0, unit="x", source="x", significant=0.05))
    for a, actor in enumerate(model.actors):
        assert found[actor]["as_listed"] == pytest.approx(simulation.expected[:, :, a].mean(), rel=1e-12)
        gain = one.expected[0, a] - one.at_zero[0, a]
        moved = found[actor]["just_significant"] - found[actor]["as_listed"]
        assert moved == pytest.approx(-(1 - part) * gain, rel=1e-9)


def test_where_nothing_is_listed_there_are_no_ends(document, simulate_document):
    certain(document)
    digest = digested(scenario_of(document), simulate_document(document))
    assert ends_of_listing(scenario_of(document), digest) == {}


def test_a_corrected_change_and_one_with_another_statement_stay(document, simulate_document):
    certain(document)
    document["consequences"]["bolig"]["change"] = number(-30.0, "day", significant=0.05, se=10.0, corrected=True)
    document["consequences"]["skat"]["change"] = number(4.0, "week", se=1.0)
    digest = digested(scenario_of(document), simulate_document(document))
    assert ends_of_listing(scenario_of(document), digest) == {}
    assert np.isfinite(digest.net[0]["mean"])
