"""The benchmarks from end to end at small sizes, judged by what is found and never by the time it took.

What RESULTS.md says is calculated from raw records; here from some whose answers are known.
"""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUN, REPORT = ROOT / "benchmarks" / "run.py", ROOT / "benchmarks" / "report.py"
AROUND = {"engine": "e", "versions": {"Python": "3"}, "machine": {"cores": 2, "memory": 8}, "load": 1.0}


@pytest.fixture
def benchmarks(monkeypatch):
    """The modules beside ``run.py``, imported as it imports them."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return {name: importlib.import_module(name) for name in ("plan", "records", "report", "run")}


def record(contender, seconds, *, case="generated-40", size=1024, turn=1, kind="draws", **more):
    """A record of a measurement, without inputs apart."""
    times = {"seconds": seconds, "processor": seconds, "inputs_seconds": 0.0, "inputs_processor": 0.0}
    rest = {"repeats": 1, "first": 1.0, "peak": 1e6, "errors": {}, "wrong": [], "state": "measured", "asked": size}
    return (
        {"kind": kind, "contender": contender, "case": case, "size": size, "turn": turn} | times | rest | AROUND | more
    )


def command(script, *arguments):
    return subprocess.run(
        [sys.executable, str(script), *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_ratios_are_taken_within_a_round_and_for_each_draw(benchmarks):
    ours = [record("soemrisk", 2.0, turn=1), record("soemrisk", 4.0, turn=2)]
    theirs = [record("numpy", 6.0, turn=2, size=512), record("numpy", 8.0, turn=1), record("numpy", 1.0, turn=3)]
    assert benchmarks["records"].ratios(theirs, ours, "seconds") == pytest.approx([3.0, 4.0])
    assert benchmarks["records"].ratios(theirs, ours, "seconds", per_size=False) == pytest.approx([1.5, 4.0])


def test_a_measurement_that_was_repeated_counts_once_with_its_last_figures(benchmarks):
    records = [record("numpy", 9.0), record("numpy", 1.0), record("numpy", 5.0, state="failed")]
    assert [one["seconds"] for one in benchmarks["records"].latest(records)] == [1.0]


def test_errors_in_a_second_lie_between_the_sizes_measured_and_are_not_extrapolated(benchmarks):
    curve, reached = benchmarks["records"].curve, benchmarks["records"].reached
    records = [
        record("numpy", 0.1, size=100, errors={"mean": 0.03}, turn=1),
        record("numpy", 0.1, size=100, errors={"mean": 0.05}, turn=2),
        record("numpy", 10.0, size=10_000, errors={"mean": 0.004}, inputs_processor=9.0),
    ]
    points = curve(records, "mean")
    assert points == [pytest.approx((0.1, 0.0017**0.5)), pytest.approx((10.0, 0.004))]
    assert reached([(0.1, 0.04), (10.0, 0.0004)], 1.0) == "0.004"
    assert reached(points, 100.0) == "≤ 0.004"
    assert reached(points, 0.01) == "takes 0.1 s or more"
    assert curve(records, "mean", precomputed=True)[1][0] == pytest.approx(1.0)


def test_exponents_of_growth_are_those_of_a_power_with_their_error(benchmarks):
    exponent = benchmarks["records"].exponent
    assert exponent([(n, 3.0 * n**1.5) for n in (1.0, 2.0, 7.0)]) == pytest.approx((1.5, 0.0), abs=1e-12)
    assert exponent([(1.0, 1.0), (2.0, 2.0)]) is None
    slope, error = exponent([(1.0, 1.0), (10.0, 20.0), (100.0, 100.0)])
    residual = 2**0.5  # around the line of log10: −1, 2, −1 times log10(2) / 3
    assert slope == pytest.approx(1.0)
    assert error == pytest.approx(0.30103 * 6**0.5 / 3 / residual, rel=1e-5)


def test_growth_takes_what_differs_in_one_thing_alone(benchmarks):
    size = 2**16
    cases = {"generated-40": 1.0, "generated-40-years-20": 2.0, "generated-40-years-40": 4.0, "generated-80": 3.0}
    cases |= {"generated-40-years-40-cohorts-8": 7.0, "act-randers": 9.0}
    records = [record("soemrisk", seconds, case=case, size=size) for case, seconds in cases.items()]
    growth = benchmarks["records"].growth
    assert growth(records, "draws", "years") == [(10.0, 1.0), (20.0, 2.0), (40.0, 4.0)]
    assert growth(records, "draws", "inputs") == [(40.0, 1.0), (80.0, 3.0)]
    assert growth(records, "draws", "cohorts") == [(4.0, 4.0), (8.0, 7.0)]
    assert growth(records, "draws", "size") == [(65536.0, 1.0)]


def test_whether_a_bar_is_reached_is_calculated(benchmarks):
    of, over = ({"contender": name} for name in ("numpy", "soemrisk"))
    bar = {"text": "t", "what": "seconds", "of": of, "over": over, "least": 3.0, "why": "because"}
    bar_row = benchmarks["report"].bar_row
    ours = [record("soemrisk", 1.0, digest="a"), record("soemrisk-2-threads", 1.0, digest="b")]
    assert bar_row([*ours, record("numpy", 4.0)], bar)[1:] == ["≥ 3", "4", "reached", ""]
    assert bar_row([*ours, record("numpy", 2.0)], bar)[1:] == ["≥ 3", "2", "**missed**", "because"]
    assert bar_row([*ours, record("numpy", 2.0)], bar | {"why": ""})[4] == "not yet explained"
    assert bar_row(ours, bar)[2:4] == ["–", "not measured"]
    same = {"what": "same_digest", "of": over, "over": {"contender": "soemrisk-2-threads"}, "least": 1.0}
    assert bar_row(ours, bar | same)[3] == "**missed**"
    assert bar_row([ours[0], ours[1] | {"digest": "a"}], bar | same)[3] == "reached"


def test_every_bar_speaks_of_what_the_plan_measures(benchmarks):
    plan = benchmarks["plan"]
    planned = list(plan.measurements(plan.PLAN))
    for bar in benchmarks["report"].stated_bars():
        assert bar["text"], bar
        for which in ("of", "over"):
            wanted = {("size" if key == "asked" else key): value for key, value in bar.get(which, {}).items()}
            assert any(all(getattr(one, key) == value for key, value in wanted.items()) for one in planned), bar


def test_the_plan_takes_turns_and_measures_nothing_twice(benchmarks):
    plan = benchmarks["plan"]
    block = plan.Block(kind="draws", contenders=("a", "b", "c"), cases=("x",), sizes=(1,), rounds=2)
    order = [(one.turn, one.contender) for one in plan.measurements((block, block))]
    assert order == [(1, "b"), (1, "c"), (1, "a"), (2, "c"), (2, "a"), (2, "b")]
    every = list(plan.measurements(plan.PLAN))
    assert len(every) == len(set(every))


def test_soemrisk_is_measured_anew_when_its_code_has_changed_and_rivals_are_not(benchmarks):
    key = benchmarks["run"].key
    for contender, same in (("soemrisk", False), ("numpy", True)):
        old, new = ({**record(contender, 1.0), "engine": engine} for engine in ("e", "f"))
        assert (key(old, "f") == key(new, "f")) == same
        assert key({name: new[name] for name in ("kind", "contender", "case", "size", "turn")}, "f") == key(new, "f")


def test_a_compiler_that_is_missing_is_said_and_names_are_whole_words(benchmarks, monkeypatch):
    run, report = benchmarks["run"], benchmarks["report"]
    assert [run.begins(name, ["c"]) for name in ("c", "c-2-threads", "chaospy-few-outputs")] == [True, True, False]
    assert run.begins("soemrisk script", ["soemrisk"])
    monkeypatch.setattr(run.shutil, "which", {}.get)
    assert run.missing("c-2-threads") == "a C compiler (cc)"
    assert run.missing("numpy") is None
    told = report.notes([record("c", 0.0, state="missing", note=run.missing("c"))])
    assert told[2] == "- c: a C compiler (cc) was not installed, so it is not here."


def test_a_script_that_does_not_fit_the_memory_is_not_started_and_said_to_be_too_large(benchmarks, tmp_path):
    run, report, plan = (benchmarks[name] for name in ("run", "report", "plan"))
    huge = plan.Measurement(kind="process", contender="salib script", case="generated-184", size=2**24, turn=1)
    (found,) = run.measure(huge, tmp_path, 1.0, {})
    assert found["state"] == "too large"
    assert report.notes([found])[2].startswith(
        "- salib script, process, generated-184, 16,777,216: too large (needs 11,"
    )
    small = plan.Measurement(kind="process", contender="salib script", case="generated-6", size=64, turn=1)
    assert run.too_large(small, run.scenario_file("generated-6", tmp_path)) is None


def test_what_is_measured_is_kept_and_not_repeated_and_the_report_needs_nothing_else(tmp_path):
    raw = tmp_path / "raw.jsonl"
    arguments = ["--short", "--only", "soemrisk", "numpy", "--kinds", "draws", "--raw", raw]
    done = command(RUN, *arguments)
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in raw.read_text(encoding="utf-8").splitlines()]
    assert {one["contender"] for one in records} == {"soemrisk", "soemrisk-2-threads", "numpy", "numpy-few-outputs"}
    assert all(one["state"] == "measured" and one["errors"]["sd"] < 0.2 and one["peak"] > 1e6 for one in records)
    ours = {one["contender"]: one["digest"] for one in records}
    assert ours["soemrisk"] == ours["soemrisk-2-threads"]
    assert str(ROOT) not in raw.read_text(encoding="utf-8")
    assert command(RUN, *arguments).returncode == 0
    assert len(raw.read_text(encoding="utf-8").splitlines()) == len(records)
    told = command(REPORT, "--raw", raw, "--out", tmp_path)
    assert told.returncode == 0, told.stderr
    text = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert text in done.stdout + "\n"
    assert "| numpy-few-outputs | 1,024 |" in text
    for name in ("accuracy_draws", "speed", "growth"):
        assert (tmp_path / "plots" / f"{name}.png").stat().st_size > 5000
        assert (tmp_path / "plots" / f"{name}.svg").exists()


def test_a_rival_that_is_not_installed_is_passed_over_with_a_line(benchmarks, monkeypatch, tmp_path, capsys):
    run, raw = benchmarks["run"], tmp_path / "raw.jsonl"
    monkeypatch.setitem(run.PACKAGES, "monaco", "no_such_package")
    monkeypatch.setattr(sys, "argv", ["run.py", "--short", "--only", "monaco", "--raw", str(raw)])
    options = run.arguments()
    assert run.run(run.wanted(options), options, raw, tmp_path)
    records = benchmarks["records"].read_raw(raw)
    assert [one["state"] for one in records] == ["missing"]
    assert "monaco-one-by-one: no_such_package is not installed, passed over" in capsys.readouterr().err
    text = benchmarks["report"].markdown([record("soemrisk", 1.0), *records])
    assert "- monaco-one-by-one: no_such_package was not installed" in text


def test_wrong_results_end_with_an_exit_code_and_are_in_the_report(benchmarks, monkeypatch, tmp_path):
    run, raw = benchmarks["run"], tmp_path / "raw.jsonl"
    monkeypatch.setattr(run, "truth", lambda *_: {"draws": {"total": {"mean": 0.0, "sd": 1.0}}})
    monkeypatch.setattr(sys, "argv", ["run.py", "--short", "--only", "numpy-few", "--raw", str(raw)])
    options = run.arguments()
    assert not run.run(run.wanted(options), options, raw, tmp_path)
    text = benchmarks["report"].markdown(benchmarks["records"].read_raw(raw))
    assert "**wrong**: numpy-few-outputs: total, mean" in text


@pytest.mark.slow
def test_the_short_measurement_runs_from_end_to_end():
    done = command(RUN, "--short")
    assert done.returncode == 0, done.stderr
    for contender in ("scipy-quantiles", "openturns-few-outputs", "scipy-bootstrap", "polynomial", "closed_form.parts"):
        assert f"| {contender} |" in done.stdout
    assert "salib script" in done.stdout
    assert str(ROOT) not in done.stdout
