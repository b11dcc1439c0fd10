"""The benchmark's limit, the same run in hand-written C: every figure is that of soemrisk on the same points.

Nothing is asserted of the time it takes.
"""

import importlib
import shutil
from pathlib import Path

import numpy as np
import pytest

import soemrisk as sr
from soemrisk.answer import promised
from soemrisk.compilation import compile_scenario
from soemrisk.design import plan
from soemrisk.reading import read
from soemrisk.running import run_scenario

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler on the path")

BIN = 0.005  # of a standard deviation, more than the width of a bin: between which draws of it a quantile lies
ALIKE = ("mean", "sd", "prob_positive", "mcse_mean")  # no bins are between draws and these


@pytest.fixture(scope="module")
def limit():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        yield importlib.import_module("limit")


@pytest.fixture(scope="module")
def generated(limit, tmp_path_factory):
    """Scenario and model of a case, and a run of both programs."""
    case_text = importlib.import_module("generated").case_text

    def both(inputs, draws, seed, threads=1):
        path = tmp_path_factory.mktemp("limit") / "scenario.toml"
        path.write_text(case_text(f"generated-{inputs}"), encoding="utf-8")
        scenario = read(path)
        model = compile_scenario(scenario)
        limit.write(model, promised(scenario, model), plan(draws, seed), path.with_name("job"))
        printed = limit.run(path.with_name("job"), threads).printed
        ours, _ = run_scenario(scenario, plan(draws, seed))
        return ours, limit.named(model, printed), printed

    return both


def pairs(ours, theirs):
    """Every result with moments, of both."""
    for part in ("net", "expected", "correlated"):
        yield from zip(getattr(ours, part), getattr(theirs, part), strict=True)
    for part in ("area", "year", "cumulated"):
        for one, other in zip(getattr(ours, part), getattr(theirs, part), strict=True):
            yield from zip(one, other, strict=True)


@pytest.mark.parametrize(("inputs", "draws", "seed"), [(40, 2**15, 0), (184, 2**14, 7), (6, 2**10, 3)])
def test_every_figure_of_hand_written_c_is_that_of_soemrisk(generated, inputs, draws, seed):
    """At 1,024 draws a replicate is smaller than a block of strata, and tables are read point by point."""
    ours, theirs, _ = generated(inputs, draws, seed)
    width = BIN if draws > 2**10 else 0.2  # few draws lie far from each other
    compared = 0
    for one, other in pairs(ours, theirs):
        size = abs(one["mean"]) + one["sd"]
        for name in ALIKE:
            assert other[name] == pytest.approx(one[name], rel=1e-9, abs=1e-9 * size if name != "prob_positive" else 0)
        for name in ("p5", "p10", "p25", "p50", "p75", "p90", "p95"):
            assert abs(other[name] - one[name]) <= width * one["sd"], name
        for name in ("mcse_p5", "mcse_p50", "mcse_p95"):
            assert abs(other[name] - one[name]) <= width * one["sd"], name
        compared += 1
    assert compared == 112  # with 4 break-evens and 4 payments all that a run of these scenarios counts


def test_chances_break_even_payment_and_payback_are_the_same(generated):
    ours, theirs, _ = generated(40, 2**15, 1)
    for a, told in enumerate(theirs.told):
        assert told["below"] == ours.risk[a]["prob_below"]
        assert told["shortfall"] == pytest.approx(ours.risk[a]["expected_shortfall"], rel=1e-9)
        assert theirs.net[a]["cvar10"] == pytest.approx(ours.risk[a]["cvar10"], abs=BIN * ours.net[a]["sd"])
        assert told["loses"] == ours.loses_while_total_gains[a]["prob"]
        assert told["falling"] == ours.falling[a]
        assert told["reachable"] == ours.payment[a]["prob_reachable"]
        for name in ("always", "never", "above_one"):
            assert told[name] == ours.break_even[a][f"prob_{name}"]
        variance = ours.expected[a]["sd"] ** 2
        assert told["chance"] / (told["chance"] + variance) == pytest.approx(ours.chance_share[a], rel=1e-9)
        for name in ("p10", "p50", "p90"):
            assert theirs.break_even[a][name] == pytest.approx(ours.break_even[a][name], abs=1e-3)
        for chance in (50, 70, 90):  # the payments in between have no quantile of their own among the eight
            if f"p{chance}" in theirs.payment[a]:
                wide = theirs.payment[a]["p95"] - theirs.payment[a]["p5"]
                assert abs(theirs.payment[a][f"p{chance}"] - ours.payment[a][f"p{chance}"]) < BIN * wide
        within = 1 - theirs.paid_back[a, -1] / theirs.paid_back[a].sum()
        assert within == pytest.approx(ours.payback[a]["prob_within"], rel=1e-12)
    assert theirs.joint["all_gain"] == ours.joint["all_gain"]["prob"]
    assert theirs.joint["none_gains"] == ours.joint["none_gains"]["prob"]
    assert theirs.joint["negative_rate"] == ours.negative_rate


def test_the_number_of_threads_changes_no_byte_of_hand_written_c(generated):
    printed = [generated(6, 2**15, 2, threads)[2] for threads in (1, 2, 3)]
    assert all({**one, "peak": 0} == {**printed[0], "peak": 0} for one in printed)


def test_scenarios_of_another_kind_are_refused_with_the_reason(limit, tmp_path):
    scenario = read("act-randers")
    model = compile_scenario(scenario)
    with pytest.raises(NotImplementedError, match=r"limit\.c is not for"):
        limit.write(model, promised(scenario, model), plan(1024, 0), tmp_path / "job")


def test_cells_that_are_left_to_the_exact_function_are_filled_with_it(limit):
    parameters = {"low": 0.0, "mode": 0.05, "high": 0.15}
    table = limit._filled("pert", parameters)
    assert np.isnan(limit.quantile_tables.coefficients("pert", parameters)).sum() > np.isnan(table).sum()
    points = 2.0 ** np.linspace(-52.5, -2, 200)
    exact = sr.quantile("pert", parameters, points)
    assert limit.quantile_tables.read_slowly(table, points) == pytest.approx(exact, rel=1e-6)
