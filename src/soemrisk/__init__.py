"""soemrisk: how sure is a SØM calculation, who carries the risk, and what drives it.

The public names are loaded when they are first used, so that importing the package stays fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soemrisk.batch_dataset import read_study
    from soemrisk.comparing import compare
    from soemrisk.dataset import break_even, simulate, summary
    from soemrisk.driver_data import evppi, exact, what_drives
    from soemrisk.errors import Problem, ScenarioError
    from soemrisk.families import quantile
    from soemrisk.input_curves import conditional_means
    from soemrisk.memo_files import memo
    from soemrisk.reading import read
    from soemrisk.scenario import Scenario
    from soemrisk.screening_tables import screen
    from soemrisk.sensitivity import shapley, sobol

__all__ = [
    "Problem",
    "Scenario",
    "ScenarioError",
    "break_even",
    "compare",
    "conditional_means",
    "evppi",
    "exact",
    "memo",
    "quantile",
    "read",
    "read_study",
    "screen",
    "shapley",
    "simulate",
    "sobol",
    "summary",
    "what_drives",
]

_HOME = {
    "Problem": "errors",
    "Scenario": "scenario",
    "ScenarioError": "errors",
    "break_even": "dataset",
    "compare": "comparing",
    "conditional_means": "input_curves",
    "evppi": "driver_data",
    "exact": "driver_data",
    "memo": "memo_files",
    "quantile": "families",
    "read": "reading",
    "read_study": "batch_dataset",
    "screen": "screening_tables",
    "shapley": "sensitivity",
    "simulate": "dataset",
    "sobol": "sensitivity",
    "summary": "dataset",
    "what_drives": "driver_data",
}


def __getattr__(name: str) -> object:
    """Load a public name from its module."""
    if name not in _HOME:
        raise AttributeError(f"module 'soemrisk' has no attribute {name!r}")
    return getattr(import_module(f"soemrisk.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
