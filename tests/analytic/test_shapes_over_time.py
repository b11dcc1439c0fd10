"""Discounting, windows, costs and shapes of consequences, each by its arithmetic written out."""

import numpy as np
import pytest

from conftest import SOURCE, model_of, number
from soemrisk.reference import discount_factors, evaluate


def base(document):
    model = model_of(document)
    return model, evaluate(model, model.base[None])


def discounts(document):
    model = model_of(document)
    return discount_factors(model, model.base[None])[0]


def test_a_rate_in_steps_discounts_each_year_at_the_rate_of_its_step(document):
    rate = number(0.04, "pr. år")
    document["settings"]["discount_rate"] = [rate, {**rate, "from": 3, "value": 0.02}]
    wanted = [1, 1 / 1.04, 1 / 1.04**2, 1 / (1.04**2 * 1.02), 1 / (1.04**2 * 1.02**2)]
    np.testing.assert_allclose(discounts(document), wanted, rtol=1e-14)


@pytest.mark.parametrize(("timing", "part"), [("start", 0.0), ("mid", 0.5), ("end", 1.0)])
def test_timing_adds_a_part_of_a_year(document, timing, part):
    document["settings"]["timing"] = timing
    np.testing.assert_allclose(discounts(document), [1.04 ** -(k + part) for k in range(5)], rtol=1e-14)


def test_a_base_year_inside_the_window_compounds_the_years_before_it(document):
    document["settings"]["base_year"] = 2022
    np.testing.assert_allclose(discounts(document), [1.04**-k for k in range(-2, 3)], rtol=1e-14)


def test_the_common_window_cuts_later_cohorts_and_the_cohort_window_does_not(document):
    common, _ = base(document)
    document["settings"]["window"] = "cohort"
    model, one = base(document)
    assert common.years == (2020, 2021, 2022, 2023, 2024)
    assert model.years == (2020, 2021, 2022, 2023, 2024, 2025)
    bolig = one.year[0, :, 0] / discounts(document) + np.array([500_000, 500_000, 0, 0, 0, 0])
    skat = 500 * np.array([5 * 2, 5 * 4 + 10 * 2, 5 * 4 + 10 * 4, 10 * 4, 0, 0])
    # first cohort 5 successes for 2020–2024, second 10 successes for 2021–2025, 30 days of 1000 kr. each
    np.testing.assert_allclose(bolig - skat, 30_000 * np.array([5, 15, 15, 15, 15, 10]), rtol=1e-9)


def only_bolig(document, **keys):
    document["consequences"] = {"bolig": {**document["consequences"]["bolig"], **keys}}
    document["costs"] = {}
    document["participants"]["completers"] = {"2020": 10}
    _, one = base(document)
    return one.year[0, :, 0] / discounts(document) / (5 * 1000)  # days a success


def test_onset_and_duration_place_a_change_in_time(document):
    np.testing.assert_allclose(only_bolig(document, onset=1, duration=2), [0, 30, 30, 0, 0], atol=1e-12)


def test_a_yearly_step_adds_units_to_the_change_of_the_first_year(document):
    np.testing.assert_allclose(only_bolig(document, yearly=5.0), [30, 25, 20, 15, 10], rtol=1e-12)


def test_persistence_keeps_a_share_from_year_to_year_and_1_changes_nothing(document):
    kept = number(0.5, "andel")
    np.testing.assert_allclose(only_bolig(document, persistence=kept, onset=1), [0, 30, 15, 7.5, 3.75], atol=1e-12)
    kept = number(1.0, "andel")
    np.testing.assert_array_equal(only_bolig(document, persistence=kept), only_bolig(document))


def test_costs_fall_by_total_year_completer_and_starter_and_can_be_saved(document):
    document["consequences"] = {}
    document["settings"]["costs_discounted"] = False
    document["participants"] = {"completers": {"2020": 10, "2021": 20}, "starters": {"2020": 40}, "source": SOURCE}
    shared = {"name": "x", "area": "omkostninger", "payer": {"kommune": 1.0}, "payer_source": SOURCE}
    document["costs"] = {
        "total": {**shared, "amount": number(1000.0), "years": {"2020": 0.75, "2021": 0.25}},
        "yearly": {**shared, "amount": number(100.0), "per": "year", "years": {"2020": 1, "2022": 2}},
        "done": {**shared, "amount": number(10.0), "per": "completer"},
        "begun": {**shared, "amount": number(1.0), "per": "starter"},
        "saved": {**shared, "amount": number(7.0), "saved": True, "years": {"2021": 1}},
    }
    _, one = base(document)
    np.testing.assert_allclose(one.year[0, :, 1], [-750 - 100 - 100 - 40, -250 - 200 + 7, -200, 0, 0], rtol=1e-14)


def test_without_starters_those_who_complete_are_those_who_start(document):
    document["consequences"] = {}
    cost = document["costs"]["drift"]
    del cost["years"]
    cost |= {"per": "starter", "amount": number(3.0)}
    document["settings"]["costs_discounted"] = False
    _, one = base(document)
    np.testing.assert_allclose(one.year[0, :, 1], [-30, -60, 0, 0, 0])


@pytest.mark.parametrize("level", [number(82.0, "day", low=60.0, high=100.0, meaning="90%"), number([82.0] * 5, "day")])
def test_a_level_moves_no_figure_and_is_no_input(document, simulate_document, level):
    without = simulate_document(document)
    document["consequences"]["bolig"]["level"] = level
    beside = simulate_document(document)
    assert [one.key for one in beside.model.inputs] == [one.key for one in without.model.inputs]
    for field in ("net", "correlated", "expected", "area", "year", "chance_variance"):
        assert getattr(beside, field).tobytes() == getattr(without, field).tobytes()
