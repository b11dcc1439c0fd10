"""What chance adds to the variance, without draws: against enumeration, against draws, and two closed forms."""

import copy
from pathlib import Path

import numpy as np
import pytest
from test_closed_form import SHIPPED, VALID, certain, discrete, enumerated, small_case

import soemrisk as sr
from conftest import DOCUMENT, model_of, number
from soemrisk import kernel, reference
from soemrisk.chance_moments import expected_chance
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan, points
from soemrisk.moments import products_of
from soemrisk.reading import parse, read
from soemrisk.transform import values_at

PLAN = plan(8192, 1)
DRAWN_TOGETHER = {"correlations"}  # a rate is correlated with something else: sampled, as one that follows from others


def found_for(model, planned=PLAN):
    return expected_chance(products_of(model), planned)


def cases():
    """Few discrete inputs; rates whose difference may be negative, apart or not; fractions of a completer; persons."""
    base = copy.deepcopy(DOCUMENT)
    base["settings"]["discount_rate"] = discrete([0.0, 0.06], [0.4, 0.6])
    base["costs"]["drift"]["amount"] = certain(base["costs"]["drift"]["amount"])
    base["groups"]["register"]["factor"] = discrete([0.0, 1.0, 3.0], [0.5, 0.25, 0.25])
    base["services"]["bolig"]["price"] = certain(base["services"]["bolig"]["price"])
    base["consequences"]["bolig"]["change"] = discrete([-50.0, 10.0], [0.6, 0.4], "day")
    base["consequences"]["skat"]["change"] = number(2.0, "week")
    base["success"] = {
        "with": discrete([0.1, 0.7], [0.3, 0.7]),
        "without": discrete([0.0, 0.4], [0.5, 0.5]),
    }
    base["participants"]["factor"] = discrete([0.73, 1.0, 1.31], [0.25, 0.5, 0.25])
    yield "net", base
    apart = copy.deepcopy(base)
    apart["settings"]["chance"] = "independent"
    yield "independent", apart
    for name, document in (("persons", base), ("persons, independent", apart)):
        differing = copy.deepcopy(document)
        differing["consequences"]["bolig"]["change"] = number(-30.0, "day", sd=45.0, of="individuals")
        yield name, differing


@pytest.mark.parametrize(("name", "document"), list(cases()), ids=lambda one: one if isinstance(one, str) else "")
def test_small_discrete_cases_are_enumeration(name, document):
    model = model_of(document)
    assert bool(model.varying) == name.startswith("persons")
    cube, weights = enumerated(model)
    known = weights @ reference.evaluate(model, values_at(model, cube)).chance_variance
    (found,) = found_for(model)
    np.testing.assert_allclose(found, known, rtol=1e-12)
    assert (known > 0).all()


def test_the_small_case_of_the_other_closed_forms_is_enumeration():
    model = small_case()
    cube, weights = enumerated(model)
    known = weights @ reference.evaluate(model, values_at(model, cube)).chance_variance
    np.testing.assert_allclose(found_for(model)[0], known, rtol=1e-12)


@pytest.mark.parametrize("source", [*SHIPPED, *VALID], ids=lambda source: Path(source).stem)
def test_it_is_the_mean_over_draws(source):
    model, planned = compile_scenario(read(source)), plan(2**14, 5)
    found = found_for(model)
    if Path(source).stem in DRAWN_TOGETHER or model.derived_rates or (model.share >= 0).any():
        assert found is None
        return
    assert found is not None
    cubes = (points(planned, model.columns, r) for r in range(planned.replicates))
    outcomes = [kernel.evaluate(model, values_at(model, cube), None) for cube in cubes]
    draws = np.array([one.chance_variance.mean(axis=0) for one in outcomes])
    errors = np.hypot(*(one.std(axis=0, ddof=min(1, len(one) - 1)) / len(one) ** 0.5 for one in (draws, found)))
    slack = 5 * errors + 1e-9 * draws.mean(axis=0)
    assert np.all(np.abs(found.mean(axis=0) - draws.mean(axis=0)) <= slack)


def uniform_case(**settings):
    """One consequence worth 1 kr. for each success; both rates are uniform on (0, 1)."""
    document = copy.deepcopy(DOCUMENT)
    document["settings"].update(settings, discount_rate=number(0.0, "pr. år"), first_year=2020, last_year=2020)
    document["participants"]["completers"] = {"2020": 10}
    document["costs"]["drift"]["years"] = {"2020": 1.0}
    document["groups"] = {}
    document["services"] = {"bolig": document["services"]["bolig"]}
    document["services"]["bolig"]["price"] = number(1.0, "kr. pr. day")
    document["consequences"] = {"bolig": {"service": "bolig", "change": number(-1.0, "day")}}
    uniform = {"low": 0.0, "high": 1.0, "meaning": "hard", "family": "uniform"}
    document["success"] = {name: number(0.5, "andel", **uniform) for name in ("with", "without")}
    return document


@pytest.mark.parametrize(("chance", "spread", "square"), [("net", 1 / 3 - 1 / 6, 1 / 6), ("independent", 1 / 3, 1 / 6)])
def test_uniform_rates(chance, spread, square):
    """Of s = x − y: E |s| = 1/3 and E s² = 1/6; E x(1 − x) = 1/6 for each rate."""
    document = uniform_case(**({"chance": chance} if chance == "independent" else {}))
    assert found_for(model_of(document))[0, 0] == pytest.approx(10 * spread, rel=1e-12)
    # from 7 to 13 persons: the fraction f is uniform, E f(1 − f) = 1/6
    document["participants"]["factor"] = number(1.0, "faktor", low=0.7, high=1.3, meaning="hard", family="uniform")
    wanted = 10 * spread + square / 6
    assert found_for(model_of(document))[0, 0] == pytest.approx(wanted, rel=1e-12)


def test_the_share_is_the_same_for_any_draws_where_nothing_is_sampled():
    scenario = read("act-randers")
    one, other = (sr.exact(scenario, draws=draws, seed=seed) for draws, seed in ((256, 1), (512, 0)))
    assert np.array_equal(one["chance_share"], other["chance_share"])
    assert float(one["chance_share_se"].max()) == 0.0
    drawn = sr.exact(read(VALID[0].parent / "correlations.toml"))
    assert float(drawn["chance_share_se"].max()) > 0.0


def test_scaling_kroner_scales_the_variance_of_chance():
    document = copy.deepcopy(DOCUMENT)
    known = found_for(model_of(document))
    for service in document["services"].values():
        price = service["price"]
        price.update({key: 3 * price[key] for key in ("value", "low", "high") if key in price})
    np.testing.assert_allclose(found_for(model_of(document)), 9 * known, rtol=1e-12)


@pytest.mark.parametrize("independent", [False, True])
def test_one_draw_that_moves_both_rates(independent):
    """Rates with and without from one entry are one number: no net effect, and chance where successes are apart."""
    text = (VALID[0].parent / "library.toml").read_text(encoding="utf-8")
    same = '{ library = "boligfastholdelse-housing-first" }'
    lines = [
        f"{line.split(' ')[0]} = {same}" if line.startswith(("with = ", "without = ")) else line
        for line in text.splitlines()
    ]
    content = "\n".join(lines)
    if independent:
        content = content.replace("price_year = 2022\n", 'price_year = 2022\nchance = "independent"\n', 1)
    model = compile_scenario(parse(content.encode(), "same"))
    planned = plan(2**14, 5)
    found = found_for(model)
    cubes = (points(planned, model.columns, r) for r in range(planned.replicates))
    draws = np.array(
        [kernel.evaluate(model, values_at(model, cube), None).chance_variance.mean(axis=0) for cube in cubes]
    )
    slack = 5 * draws.std(axis=0, ddof=1) / 4 + 1e-9
    assert np.all(np.abs(found[0] - draws.mean(axis=0)) <= slack)
    assert (draws.mean() > 0) == independent
