"""The examples in the docstrings run and print what they say."""

import doctest
import importlib
import pkgutil

import pytest

import soemrisk

NAMES = sorted(module.name for module in pkgutil.iter_modules(soemrisk.__path__))


@pytest.mark.parametrize("name", NAMES)
def test_examples_in_docstrings_run(name):
    module = importlib.import_module(f"soemrisk.{name}")
    found = doctest.testmod(module)
    assert found.failed == 0
