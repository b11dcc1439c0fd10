"""The architecture as a test: imports, public members, sizes, start-up, and who opens files."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import soemrisk

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "soemrisk").glob("*.py"))
TREES = {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
MAY_OPEN = {
    "reading",
    "library",
    "store",
    "design",
    "memo_templates",
    "portfolio",  # the null device, while a solver writes lines of its own
}  # all but reading and store: what ships with them


def test_imports_keep_the_contract():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_is_named_in_the_contract():
    contract = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name in TREES:
        assert name == "__init__" or f"soemrisk.{name}" in contract, name


def test_exported_members_are_these():
    assert sorted(soemrisk.__all__) == [
        "Problem", "Scenario", "ScenarioError", "break_even", "compare", "conditional_means", "evppi", "exact", "memo",
        "quantile", "read", "read_study", "screen", "shapley", "simulate", "sobol", "summary", "what_drives",
    ]  # fmt: skip
    for name in soemrisk.__all__:
        assert getattr(soemrisk, name).__doc__
    with pytest.raises(AttributeError):
        _ = soemrisk.nothing


def test_no_module_has_the_name_of_a_public_function():
    # importing the module would put it in the place of the function
    assert not set(TREES) & set(soemrisk.__all__)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_files_and_functions_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    for node in ast.walk(TREES[path.stem]):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 60, f"{path.name}: {node.name}"


@pytest.mark.parametrize("name", TREES)
def test_every_module_and_public_function_says_what_it_is(name):
    tree = TREES[name]
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{name}.{node.name}"


def called(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            yield function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


@pytest.mark.parametrize("name", TREES)
def test_files_are_opened_in_few_places_and_nothing_is_evaluated(name):
    calls = set(called(TREES[name]))
    if name not in MAY_OPEN:
        assert not calls & {"open", "fdopen", "read_text", "read_bytes", "write_text", "write_bytes", "mkstemp"}
    assert not calls & {"eval", "exec", "__import__"}
    if name not in {"cli", "command_frame"} and not name.endswith("_commands"):
        assert "print" not in calls
        assert "echo" not in calls


@pytest.mark.parametrize("name", TREES)
def test_there_is_no_global_random_state_and_no_pickle(name):
    text = ast.unparse(TREES[name])
    for banned in ("np.random.seed", "default_rng(", "import random", "import pickle", "fastmath=True", "if seed:"):
        assert banned not in text


def modules_after(code):
    script = f"import sys\n{code}\nprint(*sorted({{*sys.modules, *(m.split('.')[0] for m in sys.modules)}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.splitlines()[-1].split())


def modules_after_command(*arguments):
    call = f"from soemrisk.cli import main\nsys.argv = ['soemrisk', *{arguments}]"
    return modules_after(f"{call}\ntry:\n    main()\nexcept SystemExit:\n    pass")


HEAVY = {"scipy", "pandas", "xarray", "numba", "matplotlib"}


def test_importing_the_package_loads_nothing_heavy():
    assert not modules_after("import soemrisk") & (HEAVY | {"numpy", "pydantic"})


@pytest.mark.parametrize("arguments", [["library", "list"], ["library", "search", "herberg"]])
def test_the_library_is_listed_and_searched_without_numbers(arguments):
    assert not modules_after_command(*arguments) & (HEAVY | {"numpy", "pydantic"})


@pytest.mark.parametrize("arguments", [["--help"], ["check", "act-randers"], ["run", "--help"]])
def test_help_and_check_load_nothing_heavy(arguments):
    assert not modules_after_command(*arguments) & HEAVY


OF_WORKBOOKS = {f"soemrisk.{name}" for name in ("sheet_reading", "sheet_wording", "scenario_sheets", "zip_limits")}


def test_a_text_file_is_read_without_what_reads_workbooks():
    assert "soemrisk.documents" in modules_after_command("check", "act-randers")
    assert not modules_after_command("check", "act-randers") & OF_WORKBOOKS


def test_a_run_without_files_loads_no_labels_pictures_or_bars():
    loaded = modules_after_command("run", "act-randers", "--draws", "1024", "--json")
    assert "numba" in loaded
    spared = {"pandas", "xarray", "matplotlib", "h5py", "jinja2", "tqdm", "scipy.stats", "scipy.sparse"}
    assert not loaded & (OF_WORKBOOKS | spared)


def test_garbage_is_not_looked_for_when_a_command_is_done():
    code = """
import atexit, gc, sys
atexit.register(lambda: print("kept as it is:", gc.get_freeze_count() > 10_000))
from soemrisk.cli import main
sys.argv = ["soemrisk", "check", "act-randers"]
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "kept as it is: True"


def test_run_as_json_loads_no_matplotlib_pandas_or_xarray():
    code = "from soemrisk.cli import main\nsys.argv = 'soemrisk run act-randers --json --draws 64'.split()\nmain()"
    assert not modules_after(code) & {"matplotlib", "pandas", "xarray"}


def is_compiled(node):
    return isinstance(node, ast.FunctionDef) and any(
        ast.unparse(one) in {"compiled", "inner"} for one in node.decorator_list
    )


@pytest.mark.parametrize("name", TREES)
def test_compiled_functions_know_nothing_outside_their_own_file(name):
    # what numba keeps on disk is found by the file of the function: a change elsewhere would not be seen
    functions = [node for node in TREES[name].body if is_compiled(node)]
    known = {one.name for one in functions} | {"np", "math", "range", "len", "min", "max", "abs", "int", "float"}
    for function in functions:
        inside = list(ast.walk(function))
        own = {node.arg for node in inside if isinstance(node, ast.arg)}
        own |= {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        for node in ast.walk(ast.Module(body=function.body, type_ignores=[])):
            if isinstance(node, ast.Name) and node.id not in own | known:
                annotations = {"Any", "Floats", "bool"}
                assert node.id in annotations, f"{name}.{function.name}: {node.id}"
