"""The notebook for researchers runs from the first cell to the last, and what its text claims is asserted in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).parents[2] / "docs" / "quickstart.ipynb"
CONTENT = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
CODE = [(n, "".join(cell["source"])) for n, cell in enumerate(CONTENT["cells"]) if cell["cell_type"] == "code"]


def test_the_notebook_is_kept_without_outputs():
    assert (CONTENT["nbformat"], CONTENT["nbformat_minor"]) == (4, 5)
    for cell in CONTENT["cells"]:
        assert cell["cell_type"] in {"markdown", "code"}
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
    ids = [cell["id"] for cell in CONTENT["cells"]]
    assert len(set(ids)) == len(ids)


def test_the_notebook_runs_in_an_empty_folder(tmp_path, monkeypatch):
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("agg")
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "__main__"}
    for n, source in CODE:
        exec(compile(source, f"quickstart.ipynb, cell {n}", "exec"), namespace)  # noqa: S102 - our own cells
    assert plt.get_fignums() == []
    assert list(tmp_path.iterdir()) == []


def test_nearly_every_cell_checks_what_the_text_says():
    without = [n for n, source in CODE if "assert" not in source]
    assert len(without) <= 2, without  # the imports, and one figure
