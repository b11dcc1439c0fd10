"""Draws that are counted as they come against the same draws kept: means to rounding, quantiles to a part of a bin."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from conftest import model_of, number, scenario_of
from soemrisk import block_results, kernel, reference, sketch, tally_kernel
from soemrisk.bins import bin_of, bins_of
from soemrisk.compilation import compile_scenario
from soemrisk.design import blocks, plan, points
from soemrisk.digest import digest_draws
from soemrisk.reading import read
from soemrisk.reference import Outcome
from soemrisk.running import run_scenario
from soemrisk.simulation import Evaluated, simulate_model
from soemrisk.statistics import statistics
from soemrisk.tally import digest_in_blocks

TABLES = ("net", "expected", "correlated", "area", "year", "cumulated")


QUANTILES = {"p10", "p50", "p90", "mcse_p10", "mcse_p50", "mcse_p90"}


def rows(table):
    return [one for row in table for one in (row if isinstance(row, tuple) else (row,))]


def both(model, planned):
    promised = np.linspace(-1e5, 1e5, len(model.actors))
    simulation = simulate_model(model, planned, evaluate=kernel.evaluate)
    counted = digest_in_blocks(model, planned, promised, evaluate=kernel.evaluate, add=tally_kernel.add)
    return digest_draws(simulation, promised), counted


def assert_same(kept, counted):
    for name in TABLES:
        for one, other in zip(rows(getattr(kept, name)), rows(getattr(counted, name)), strict=True):
            assert list(one) == list(other)
            sd = one["sd"]
            assert other["sd"] == pytest.approx(sd, rel=1e-9, abs=1e-9 * abs(one["mean"]))
            for key in one:
                near = 1e-9 * max(sd, abs(one["mean"])) if key in {"mean", "mcse_mean"} else 5e-3 * sd + 1e-9
                near = 2 * near if key.startswith("mcse_p") and key != "mcse_prob" else near
                exact = 1e-12 if key in {"prob_positive", "mcse_prob"} else near
                assert abs(one[key] - other[key]) <= exact, (name, key)
    for one, other, net in zip(kept.risk, counted.risk, kept.net, strict=True):
        for key, value in one.items():
            if key in {"p10", "mcse_p10"}:
                assert abs(value - other[key]) <= 5e-3 * net["sd"]
            else:
                near = 1e-3 * net["sd"] if key in {"cvar10", "mcse_cvar10"} else 1e-9 * (1 + abs(value))
                assert abs(value - other[key]) <= near, key
    for name in ("payback", "break_even"):
        for one, other in zip(getattr(kept, name), getattr(counted, name), strict=True):
            for key, value in one.items():
                near = 2e-3 if name == "break_even" and key in QUANTILES else 1e-12
                if name == "break_even" and key in QUANTILES and key.startswith("mcse_"):
                    near = 0.1  # where few draws lie, a replicate has some eight in a bin, and they do not lie evenly
                assert other[key] == pytest.approx(value, rel=near, abs=min(near, 2e-3)), (name, key)
    for one, other in zip(kept.payment, counted.payment, strict=True):
        assert list(one) == list(other)
        assert other["prob_reachable"] == pytest.approx(one["prob_reachable"], abs=1e-12)
        for key in ("p50", "p70", "p90"):
            error = one[f"mcse_{key}"]
            near = 5e-3 * error if np.isfinite(error) else 0.0
            assert other[key] == pytest.approx(one[key], rel=5e-3, abs=near + 1e-9), key
    np.testing.assert_allclose(kept.chance_share, counted.chance_share, rtol=1e-9)
    np.testing.assert_allclose(kept.falling, counted.falling)
    assert kept.negative_rate == pytest.approx(counted.negative_rate)
    np.testing.assert_allclose(kept.capped, counted.capped)
    chances = (*kept.joint.values(), *kept.loses_while_total_gains)
    for one, other in zip(chances, (*counted.joint.values(), *counted.loses_while_total_gains), strict=True):
        assert one == pytest.approx(other)


@pytest.mark.parametrize(
    ("name", "sampler"), [("act-randers", "sobol"), ("cti-aarhus", "random"), ("cti-aarhus", "lhs")]
)
def test_counted_draws_give_the_figures_of_kept_ones(name, sampler):
    assert_same(*both(compile_scenario(read(name)), plan(16 * 16_384, 2, sampler)))


def test_what_a_unit_costs_is_counted_out_to_its_far_levels():
    path = Path(__file__).parents[1] / "spec" / "valid" / "act-outcomes.toml"
    kept, counted = both(compile_scenario(read(path)), plan(16 * 16_384, 0))
    asked = 0
    for one, other in zip(kept.own, counted.own, strict=True):
        for key, value in one.amount.items():
            assert other.amount[key] == pytest.approx(value, rel=1e-3, abs=5e-3 * one.amount["sd"]), key
        for costs, ours in zip((*one.cost, *one.worth), (*other.cost, *other.worth), strict=True):
            for level in ("p10", "p50", "p90"):
                if np.isfinite(costs.get(level, np.inf)):
                    asked += 1
                    assert abs(ours[level] - costs[level]) <= 0.5 * costs[f"mcse_{level}"] + 1e-9, level
    assert asked > 10


VALID = sorted((Path(__file__).parents[1] / "spec" / "valid").glob("*.toml"))


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_what_is_told_besides_the_results_stands_in_its_place_in_every_valid_file(path):
    kept, counted = both(compile_scenario(read(path)), plan(16 * 64, 3))
    assert counted.negative_rate == pytest.approx(kept.negative_rate, abs=1e-12)
    for name in ("falling", "capped", "beyond"):
        assert getattr(counted, name) == pytest.approx(getattr(kept, name), abs=1e-12), name
    for one, other in zip(kept.own, counted.own, strict=True):
        np.testing.assert_allclose(other.year, one.year, rtol=1e-9, atol=1e-9)


def test_counted_draws_with_bands_and_actors_inside_actors_give_the_figures_of_kept_ones(document):
    document["actors"]["enhed"] = {"name": "Enhed", "parent": "kommune"}
    document["services"]["bolig"] |= {
        "bands": "year",
        "shares": [{"enhed": 0.5, "stat": 0.5}, {"above": 40, "stat": 1.0}],
    }
    document["services"]["skat"] |= {
        "bands": "spell",
        "shares": [{"enhed": 0.5, "stat": 0.5}, {"above": 5, "stat": 1.0}],
    }
    document["consequences"]["bolig"]["level"] = number(50.0, "day", low=30.0, high=80.0, meaning="80%")
    document["consequences"]["skat"]["level"] = number(3.0, "week")
    kept, counted = both(model_of(document), plan(16 * 16_384, 2))
    assert_same(kept, counted)
    assert np.all(kept.capped > 0)


@pytest.mark.parametrize("years", [1, 2, 3])
def test_counted_draws_over_few_years_give_the_figures_of_kept_ones(document, years):
    """The first cumulated year is the first year and the last one the net result, which are not counted twice."""
    document["settings"]["last_year"] = 2019 + years
    document["participants"]["completers"] = {"2020": 10}
    document["costs"]["drift"]["years"] = {"2020": 1.0}
    document["consequences"]["skat"]["change"] = number([2.0, 4.0, 4.0][:years], "week", significant=0.05)
    kept, counted = both(model_of(document), plan(16 * 16_384, 2))
    assert len(counted.cumulated) == years
    assert_same(kept, counted)


def test_counted_draws_of_a_few_values_are_exact(document):
    for place in (document["success"]["with"], document["success"]["without"]):
        for key in ("family", "parameters", "low", "high", "meaning"):
            place.pop(key, None)
    for key in ("bolig", "skat"):
        document["consequences"][key]["change"].pop("significant")
    document["services"]["bolig"]["price"] = number(1000.0, "kr. pr. day")
    document["costs"]["drift"]["amount"] = number(1_000_000.0)
    document["groups"]["register"]["factor"] = number(1.0, "faktor")
    kept, counted = both(model_of(document), plan(16 * 8192, 0))  # chance alone: thirty persons succeed or not
    assert_same(kept, counted)
    for one, other in zip(kept.net, counted.net, strict=True):
        for level in ("p5", "p10", "p25", "p50", "p75", "p90", "p95"):
            assert one[level] == other[level]


def test_break_evens_that_do_not_exist_are_counted_at_their_ends(document):
    document["costs"]["drift"]["amount"] = number(0.0)
    document["consequences"]["bolig"]["change"] = number(10.0, "day", significant=0.05)
    document["services"]["skat"]["shares"] = {"kommune": 0.0, "stat": 1.0}
    kept, counted = both(model_of(document), plan(16 * 8192, 0))
    assert_same(kept, counted)
    assert kept.break_even[1]["p10"] == counted.break_even[1]["p10"]


def made_up(model, n, seed):
    """A block of results of every kind: normal, skewed, one value, some values again and again, of any size."""
    rng = np.random.default_rng(seed)
    a, h, y = len(model.actors), len(model.areas), len(model.years)

    def of(*shape):
        found = rng.normal(size=(n, *shape)) * 10.0 ** rng.integers(-3, 9, shape) + 5.0
        found[..., 0] = np.round(found[..., 0], 1)
        found[..., 1] = np.where(
            rng.uniform(size=found[..., 1].shape) < 0.4, -3.0, rng.lognormal(0, 4, found[..., 1].shape)
        )
        found[..., 2] = 0.0 if seed % 2 else 7.0
        return found

    zero, slope = of(a), of(a)
    zero[: n // 4], slope[n // 8 : n // 3] = 0.0, 0.0
    whole = rng.integers(-2, 9, n).astype(float)
    nothing = np.zeros((n, 0))
    outcome = Outcome(
        area=of(h, a), year=of(y, a), net=of(a), correlated=of(a), expected=of(a), at_zero=zero, per_rate=slope,
        chance_variance=np.abs(of(a)), rate=whole, lowest_rate=whole, successes=whole, by_cohort=nothing,
        changed=nothing,
    )  # fmt: skip
    flags = rng.uniform(size=(n, len(model.bands) + len(model.uncapped))) < 0.2
    beyond = rng.uniform(size=(n, len(model.derived_rates))) < 0.2
    own = np.zeros((n, 0, y))
    return Evaluated(outcome=outcome, capped=flags, beyond=beyond, own=own, own_expected=np.zeros((n, 0)))


def frame_of(model, pilot, promised):
    typical = block_results.typical_sizes(pilot)
    bins = bins_of(block_results.results(pilot, typical))
    return block_results.Frame(model=model, promised=promised, typical=typical, bins=bins)


@pytest.mark.parametrize("pilot", [300, 8192])
@pytest.mark.parametrize("seed", [3, 4])
def test_a_block_is_added_as_by_the_slow_twin(document, pilot, seed):
    model = model_of(document)
    frame = frame_of(model, made_up(model, pilot, seed), np.array([1e3, -1e3, 0.0]))
    told = len(block_results.told(model, made_up(model, 4, seed), frame.promised))
    fast, slow = (sketch.empty_tally(frame.bins, 1 << 20, 3, told, (3, len(model.years) + 1)) for _ in range(2))
    for n, more in ((1000, 10), (256, 12), (1, 14), (2777, 16)):
        tally_kernel.add(made_up(model, n, seed + more), frame, fast)
        block_results.add_slowly(made_up(model, n, seed + more), frame, slow)
    np.testing.assert_array_equal(fast.paid_back, slow.paid_back)
    np.testing.assert_allclose(fast.told, slow.told, rtol=1e-12)
    for field in dataclasses.fields(fast.counted):
        one, other = getattr(fast.counted, field.name), getattr(slow.counted, field.name)
        if field.name in {"counts", "positive", "low", "high"}:
            np.testing.assert_array_equal(one, other, err_msg=field.name)
        else:
            size = np.abs(other).max(axis=-1, keepdims=other.ndim > 1) if other.ndim > 1 else np.abs(other)
            assert np.all(np.abs(one - other) <= 1e-9 * np.maximum(size, 1e-3)), field.name


def test_bins_that_are_calculated_are_the_bins_that_their_edges_say(document):
    model = model_of(document)
    pilot, more = made_up(model, 8192, 3), made_up(model, 4096, 4)
    frame = frame_of(model, pilot, np.zeros(3))
    kinds = set()
    for block in (pilot, more):
        for s, draws in enumerate(block_results.results(block, frame.typical)):
            at = bin_of(draws, frame.bins, s)
            edges = np.concatenate([[-np.inf], frame.bins.edges[s], [np.inf]])
            near = 1e-12 * np.abs(draws)  # an edge is the rounded end of what a product says
            assert np.all((edges[at] <= draws + near) & (draws - near <= edges[at + 1])), s
            kinds.add((bool(frame.bins.even[s]), len(np.unique(draws)) == 1))
    assert kinds == {(True, True), (True, False), (False, False)}


@pytest.mark.parametrize("value", [0.0, -5e-324, 7.0, -1e300, 1.0])
def test_a_result_of_one_value_has_a_bin_of_it_alone(value):
    bins = bins_of(np.full((1, 100), value))
    draws = np.array([np.nextafter(value, -np.inf), value, np.nextafter(value, np.inf), -1e308, 1e308])
    at = bin_of(draws, bins, 0)
    if abs(value) > 1e-300:
        assert at.tolist() == [0, 1, 2, 0, 2]
    assert at[1] == 1
    assert at[3:].tolist() == [0, 2]


def test_a_sketch_of_draws_has_their_statistics():
    rng = np.random.default_rng(5)
    draws = np.stack([rng.standard_t(3, (16, 20_000)), rng.lognormal(0, 2, (16, 20_000))], axis=2)
    everything = np.concatenate([draws, np.zeros((16, 20_000, 1))], axis=2)
    found = tallied(everything)
    for s in range(2):
        exact, counted = statistics(draws[:, :, s]), sketch.sketch_statistics(found, range(s, s + 1))[0]
        for key, value in exact.items():
            error = exact.get(f"mcse_{key}", exact["mcse_p50"])
            near = 1e-9 * abs(value) if key in {"mean", "sd", "mcse_mean", "prob_positive", "mcse_prob"} else error / 4
            assert abs(counted[key] - value) <= near, key
        ordered = np.sort(draws[:, :, s], axis=None)
        assert sketch.mean_of_lowest(found, s, 0.1) == pytest.approx(ordered[: ordered.size // 10].mean(), rel=1e-4)


@pytest.mark.parametrize("sampler", ["sobol", "random", "lhs"])
def test_points_are_the_same_whatever_part_is_asked_for(sampler):
    planned = plan(16 * 1024, 7, sampler)
    keys = ["a", "b", "c"]
    whole = points(planned, keys, 3)
    assert np.concatenate(list(blocks(planned, keys, 3, 256))).tobytes() == np.ascontiguousarray(whole).tobytes()
    np.testing.assert_array_equal(points(planned, keys, 3, (512, 640)), whole[512:640])


def test_a_last_block_that_is_not_full_holds_what_is_left():
    planned = plan(16 * 1000, 7, "random")
    parts = list(blocks(planned, ["a"], 0, 256))
    assert [len(part) for part in parts] == [256, 256, 256, 232]
    np.testing.assert_array_equal(np.concatenate(parts), points(planned, ["a"], 0))


def test_threads_change_no_byte_of_counted_draws():
    scenario = read("act-randers")
    one, two = (run_scenario(scenario, plan(16 * 16_384, 1), kept=0, threads=threads)[0] for threads in (1, 3))
    for name in (*TABLES, "risk", "payback", "break_even", "joint", "loses_while_total_gains"):
        assert repr(getattr(one, name)) == repr(getattr(two, name))
    assert one.chance_share.tobytes() == two.chance_share.tobytes()


def test_the_slow_twins_give_the_figures_of_the_compiled_ones(document):
    model = model_of(document)

    promised = np.zeros(3)
    planned = plan(16 * 64, 1)
    slow = digest_in_blocks(model, planned, promised, evaluate=reference.evaluate_points, add=block_results.add_slowly)
    fast = digest_in_blocks(model, planned, promised, evaluate=kernel.evaluate, add=tally_kernel.add)
    for name in TABLES:
        for one, other in zip(rows(getattr(slow, name)), rows(getattr(fast, name)), strict=True):
            assert one == pytest.approx(other, rel=1e-9, abs=1e-6)


def test_actors_lose_while_the_total_gains_as_often_as_counted_by_hand(document, simulate_document):
    simulation = simulate_document(document)
    found = digest_draws(simulation, np.zeros(3))
    net = simulation.net
    assert found.joint["all_gain"]["prob"] == ((net[..., 1] > 0) & (net[..., 2] > 0)).mean()
    assert found.joint["none_gains"]["prob"] == ((net[..., 1] <= 0) & (net[..., 2] <= 0)).mean()
    for a in (1, 2):
        loses = (net[..., a] < 0) & (net[..., 0] > 0)
        assert found.loses_while_total_gains[a]["prob"] == loses.mean()
        by_replicate = loses.mean(axis=1)
        assert found.loses_while_total_gains[a]["mcse"] == pytest.approx(
            by_replicate.std(ddof=1) / 4 if by_replicate.any() else 1 / simulation.plan.draws
        )
    assert scenario_of(document).id == simulation.model.scenario_id


def tallied(draws):
    """Sketch of draws (r, n, s) of which the first 4096 are the pilot."""
    bins = bins_of(np.ascontiguousarray(draws[0, :4096].T))
    tallies = []
    for one in draws:
        tally = sketch.empty_tally(bins, len(one), draws.shape[2], 1, (1, 1))
        sketch.count_slowly(np.ascontiguousarray(one.T), bins, tally.counted)
        tallies.append(tally)
    return sketch.sketch(tallies, bins)


@pytest.mark.parametrize("share", [0.9, 0.995, 0.9999])
@pytest.mark.parametrize("atom", [0.0, -3.0])
def test_a_result_that_is_mostly_one_value_keeps_its_quantiles(share, atom):
    rng = np.random.default_rng(2)
    amounts = rng.normal(50.0, 10.0, (16, 16_384)) * rng.choice([-1, 1], (16, 16_384))
    draws = np.where(rng.uniform(size=(16, 16_384)) < share, atom, amounts)
    found, exact = sketch.sketch_statistics(tallied(draws[:, :, None]), range(1))[0], statistics(draws)
    for level in ("p5", "p10", "p25", "p50", "p75", "p90", "p95"):
        assert found[level] == pytest.approx(exact[level], abs=0.2), level
        if exact[level] == atom:
            assert found[level] == atom
    assert found["mcse_p50"] == exact["mcse_p50"] == 0.0


@pytest.mark.parametrize("sigma", [0.5, 2.5, 5.0])
def test_skewed_results_keep_their_lower_quantiles(sigma):
    draws = np.random.default_rng(6).lognormal(0.0, sigma, (16, 16_384))
    found, exact = tallied(draws[:, :, None]), statistics(draws)
    counted = sketch.sketch_statistics(found, range(1))[0]
    for level in ("p5", "p10", "p50", "p90", "p95"):
        assert abs(counted[level] - exact[level]) < 0.2 * exact[f"mcse_{level}"], level
        assert counted[f"mcse_{level}"] == pytest.approx(exact[f"mcse_{level}"], rel=0.1)
    lowest = np.sort(draws, axis=None)[: draws.size // 10].mean()
    assert sketch.mean_of_lowest(found, 0, 0.1) == pytest.approx(lowest, rel=1e-3)


def test_figures_of_a_result_do_not_depend_on_the_bins_of_another():
    rng = np.random.default_rng(6)
    alone = rng.normal(1e6, 3e5, (16, 16_384, 1))
    atoms = rng.integers(0, 1500, alone.shape).astype(float)
    beside = tallied(np.concatenate([alone, atoms], axis=2))
    assert beside.edges.shape[1] > tallied(alone).edges.shape[1]
    assert sketch.sketch_statistics(beside, range(1)) == sketch.sketch_statistics(tallied(alone), range(1))


def test_what_lies_farthest_out_stays_between_the_ends_of_its_bin():
    draws = np.random.default_rng(8).normal(0.0, 1.0, (16, 16_384))
    found = tallied(draws[:, :, None])
    assert draws.min() <= sketch.pooled_quantile(found, 0, 1e-9) < found.edges[0, 0]
    assert found.edges[0, -1] < sketch.pooled_quantile(found, 0, 1 - 1e-9) <= draws.max()


@pytest.mark.parametrize("heavy", [True, False])
def test_the_worst_tenth_of_each_replicate_is_its_own(heavy):
    rng = np.random.default_rng(7)
    draws = rng.standard_cauchy((16, 16_384)) if heavy else rng.normal(1e6, 3e5, (16, 16_384))
    ours = sketch.means_of_lowest(tallied(draws[:, :, None]), 0, 0.1)
    ordered, tail = np.sort(draws, axis=1), 0.1 * 16_384
    worst = (ordered[:, : int(tail)].sum(axis=1) + (tail - int(tail)) * ordered[:, int(tail)]) / tail
    np.testing.assert_allclose(ours, worst, rtol=2e-4, atol=2e-4 * np.std(draws) if not heavy else 0.0)


def test_a_run_that_is_broken_off_ends_with_the_blocks_that_have_begun(document):
    model, added = model_of(document), []

    def add_until_broken_off(found, frame, tally):
        added.append(1)
        tally_kernel.add(found, frame, tally)
        if len(added) >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        digest_in_blocks(
            model, plan(2**22, 1), np.zeros(3), evaluate=kernel.evaluate, add=add_until_broken_off, threads=3
        )
    assert len(added) < 200  # of 2,048 blocks
