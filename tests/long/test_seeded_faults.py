"""Faults put into a copy of the engine, each caught by a named test: tests that cannot fail are no tests.

``python -m pytest -m slow tests/long/test_seeded_faults.py -s`` copies src and tests to a temporary folder, changes one
place at a time, runs the tests named for the fault, and says which of them failed.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BASE_CASE = "tests/agreement/test_base_case.py"
CLOSED = "tests/analytic/test_closed_forms.py"
ENGINE = "tests/properties/test_engine.py"
BANDS = "tests/agreement/test_bands.py"
TALLY = "tests/agreement/test_tally.py"
FAMILY = "tests/analytic/test_actors_inside_actors.py"

FAULTS = [  # name, file, line as it is, line with the fault, tests that must fail
    ("sign of a consequence", "terms.py", "(1.0 if service.income else -1.0)", "1.0", [BASE_CASE]),
    (
        "year off by one",
        "terms.py",
        "inside = (since >= 0) & (since < len(by_year))",
        "inside = (since > 0) & (since < len(by_year))",
        [BASE_CASE],
    ),
    ("year 0 discounted", "compilation.py", '"start": 0.0', '"start": 1.0', [BASE_CASE]),
    (
        "s/√n on Sobol' points",
        "statistics.py",
        "np.asarray(np.std(estimates - estimates[0], axis=0, ddof=1) / np.sqrt(len(estimates)))",
        "np.asarray(np.std(estimates - estimates[0], axis=0, ddof=1))",
        ["tests/unit/test_statistics.py", "tests/long/test_coverage.py"],
    ),
    (
        "naive error of the mean from all draws",
        "statistics.py",
        '"mcse_mean"] = standard_error(replicate_means)',
        '"mcse_mean"] = sd / float(np.sqrt(count))',
        ["tests/unit/test_statistics.py", "tests/long/test_coverage.py"],
    ),
    (
        "seed 0 as no seed",
        "design.py",
        'before, behind, digest = f"{seed}\\0"',
        'before, behind, digest = f"{seed or id(keys)}\\0"',
        ["tests/unit/test_design.py", "tests/golden/test_command_line.py"],
    ),
    (
        "chance counted twice",
        "chance_kernel.py",
        "one = -found[n, i] if less else found[n, i]",
        "one = 2.0 * (-found[n, i] if less else found[n, i]) - (high[i] - low[i]) * number[i]",
        ["tests/agreement/test_kernel.py", CLOSED],
    ),
    (
        "region and stat swapped",
        "terms.py",
        "np.array(rolled_up(scenario.actors, step.shares))[:, None]",
        "np.array(rolled_up(scenario.actors, step.shares))[::-1, None]",
        [BASE_CASE],
    ),
    (
        "discounting of costs switched",
        "terms.py",
        "np.full(len(quantity), scenario.settings.costs_discounted)",
        "np.full(len(quantity), not scenario.settings.costs_discounted)",
        [BASE_CASE],
    ),
    (
        "rate drawn for each cohort",
        "chance_kernel.py",
        "high_rates = values[rate_at[who[0], 0]]",
        "high_rates = values[rate_at[who[0], 0]] * (1.0 + 0.01 * g)",
        ["tests/agreement/test_kernel.py", CLOSED],
    ),
    (
        "shares not normalised to 1",
        "rules.py",
        "elif abs(math.fsum(shares.values()) - 1) > SUM_TOLERANCE:",
        "elif math.fsum(shares.values()) > 2:",
        ["tests/spec/test_spec.py"],
    ),
    (
        "more saved than is used",
        "bands.py",
        "return np.maximum(_wanted(bands, values), -without), without",
        "return _wanted(bands, values), without",
        ["tests/analytic/test_bands_of_use.py"],
    ),
    ("a draw counted one bin too high", "tally_kernel.py", "of_bin[at[i]] += 1", "of_bin[at[i] + 1] += 1", [TALLY]),
    ("cells of a result one too far down", "bins.py", "cells), -1.0) + 1.0", "cells), -1.0) + 2.0", [TALLY]),
    ("weeks of a spell counted anew each year", "bands.py", "if bands.spell:", "if False:", [BANDS]),
    ("a forvaltning left out of its kommune", "actor_tree.py", "lineage(actors, name):\n", "(name,):\n", [FAMILY]),
]


def caught(name, file, before, after, tests):
    """Names of the tests that fail with the fault in place."""
    with tempfile.TemporaryDirectory() as folder:
        for part in ("src", "tests", "scenarios"):
            shutil.copytree(ROOT / part, Path(folder) / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "scenarios", Path(folder) / "src" / "soemrisk" / "scenarios")
        shutil.copy(ROOT / "pyproject.toml", folder)
        target = Path(folder) / "src" / "soemrisk" / file
        text = target.read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{name}: the line to change is not there once"
        target.write_text(text.replace(before, after), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(Path(folder) / "src")},
            capture_output=True,
            text=True,
            check=False,
        )
    return re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, flags=re.MULTILINE)


def test_the_line_of_every_fault_is_there_once():
    for name, file, before, after, _ in FAULTS:
        text = (ROOT / "src" / "soemrisk" / file).read_text(encoding="utf-8")
        assert text.count(before) == 1, name
        assert before != after, name


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault[0])
def test_a_seeded_fault_is_caught(fault):
    failed = caught(*fault)
    sys.stdout.write(f"{fault[0]}: caught by {failed[:1]} and {max(len(failed) - 1, 0)} more\n")
    assert failed
