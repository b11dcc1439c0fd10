"""How a run starts: as many threads as pay, and a word only where code has to be compiled."""

import os
from types import SimpleNamespace

import pytest

from soemrisk import cli, kernel
from soemrisk.command_frame import threads_for
from soemrisk.compilation import compile_scenario
from soemrisk.compiling import is_kept
from soemrisk.design import plan
from soemrisk.reading import read
from soemrisk.running import KEPT, is_compiled


def test_more_threads_come_with_more_draws_than_are_kept(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 5)
    assert [threads_for(draws) for draws in (16, KEPT, KEPT + 1, 2**24)] == [1, 1, 5, 5]


@pytest.mark.parametrize(("asked", "expected"), [(None, [1, 1, 5, 5]), (3, [3, 3, 3, 3])])
def test_threads_follow_the_draws_until_results_are_stable(monkeypatch, asked, expected):
    found = []

    def run_scenario(_scenario, drawn, *, threads, tick):  # noqa: ARG001
        found.append(threads)
        return SimpleNamespace(plan=drawn), None

    def until_stable(first, run):
        for k in range(4):
            last = run(plan(first.draws << k, 1))
        return last

    monkeypatch.setattr(os, "cpu_count", lambda: 5)
    monkeypatch.setattr("soemrisk.running.run_scenario", run_scenario)
    monkeypatch.setattr("soemrisk.stopping.until_stable", until_stable)
    monkeypatch.setattr("soemrisk.stopping.stable", lambda *_: True)
    cli._until_stable(None, plan(KEPT // 2, 1), asked, "da")
    assert found == expected


def test_code_that_lies_on_disk_is_known_as_such():
    model = compile_scenario(read("act-randers"))
    kernel.evaluate(model, model.base[None], None)
    assert kernel.is_ready()
    assert not is_kept(len)


def test_many_draws_need_more_compiled_code_than_few(monkeypatch):
    monkeypatch.setattr("soemrisk.kernel.is_ready", lambda: True)
    monkeypatch.setattr("soemrisk.tally_kernel.is_ready", lambda: False)
    assert is_compiled(KEPT)
    assert not is_compiled(KEPT + 1)
    monkeypatch.setattr("soemrisk.kernel.is_ready", lambda: False)
    assert not is_compiled(1)
