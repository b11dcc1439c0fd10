"""The JSON Schema of studies: generated, and true to what is said of the form of a study file."""

import json
import tomllib
from importlib import util
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from soemrisk.batch_reading import read_batch
from soemrisk.batch_schema import study_schema
from soemrisk.errors import ScenarioError

ROOT = Path(__file__).parents[2]
STORED = ROOT / "docs" / "study.schema.json"
SCHEMA = json.loads(STORED.read_text(encoding="utf-8"))
VALIDATOR = Draft7Validator(SCHEMA)
SHIPPED = sorted((ROOT / "scenarios" / "studies").glob("*.toml"))
HEAD = 'schema = 1\nid = "s"\nname = "S"\nscenarios = ["act-randers"]\n'
COST = '[axes.cost]\nplace = "costs.indsats.amount"\n'
SAMPLE = 'design = "sample"\n[sample]\npoints = 8\n'
RIGHT = {
    "no axes": HEAD,
    "values": HEAD + COST + 'values = [1, 2.5]\nlabels = ["a", { da = "b", en = "c" }]\n',
    "texts": HEAD + '[axes.a]\nplace = ["settings.timing"]\nvalues = ["mid"]\n',
    "places": HEAD + '[axes.a]\nplace = { act-randers = "settings.timing" }\nvalues = ["mid"]\n',
    "statements": HEAD + COST + "statements = [{ value = 1, se = 2 }]\n",
    "options": HEAD + '[axes.a]\noptions = [{ label = "x", set = { "settings.timing" = "mid" } }]\n',
    "readings": HEAD + 'analyses = ["drivers"]\n[axes.a]\nreadings = ["stated", "correlated"]\n',
    "sample": HEAD + SAMPLE + COST + 'low = 1\nhigh = 2\nscale = "log"\n',
}
WRONG = {
    "no id": HEAD.replace('id = "s"\n', ""),
    "schema": HEAD.replace("schema = 1", "schema = 2"),
    "unknown key": HEAD + "axis = 1\n",
    "unknown key of an axis": HEAD + COST + "values = [1]\nplase = 1\n",
    "draws": HEAD + "draws = 0\n",
    "too many draws": HEAD + "draws = 2000000\n",
    "seed": HEAD + "seed = -1\n",
    "lang": HEAD + 'lang = "sv"\n',
    "analyses": HEAD + 'analyses = ["all"]\n',
    "no scenarios": HEAD.replace('["act-randers"]', "[]"),
    "two kinds": HEAD + COST + "values = [1]\nfactors = [1]\n",
    "no kind": HEAD + COST,
    "no place": HEAD + "[axes.a]\nvalues = [1]\n",
    "place of readings": HEAD + COST + 'readings = ["stated"]\n',
    "empty place": HEAD + '[axes.a]\nplace = ""\nvalues = [1]\n',
    "empty list": HEAD + COST + "values = []\n",
    "value": HEAD + COST + "values = [[1]]\n",
    "reading": HEAD + '[axes.a]\nreadings = ["other"]\n',
    "half a range": HEAD + SAMPLE + COST + "low = 1\n",
    "option without a label": HEAD + '[axes.a]\noptions = [{ set = { "settings.timing" = "mid" } }]\n',
    "reserved": HEAD + COST.replace("axes.cost", "axes.net") + "values = [1]\n",
    "bad id": HEAD + COST.replace("axes.cost", "axes.COST") + "values = [1]\n",
    "sample without its design": HEAD + SAMPLE.split("\n", 1)[1],
    "design without a sample": HEAD + 'design = "sample"\n' + COST + "factors = [1]\n",
    "points": HEAD + SAMPLE.replace("8", "2000000") + COST + "low = 1\nhigh = 2\n",
}


def test_the_schema_is_not_stale_and_is_one():
    spec = util.spec_from_file_location("make_schema", ROOT / "docs" / "make_schema.py")
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert STORED.read_text(encoding="utf-8") == module.study_content(), "run python docs/make_schema.py"
    Draft7Validator.check_schema(SCHEMA)
    assert "null" not in STORED.read_text(encoding="utf-8")


def test_every_key_of_a_study_and_of_an_axis_is_described():
    for name, table in {"Study": SCHEMA, "Axis": SCHEMA["definitions"]["Axis"]}.items():
        assert table["additionalProperties"] is False
        lacking = [key for key, value in table["properties"].items() if not value.get("description")]
        assert not lacking, (name, lacking)
    assert "description" not in study_schema()["properties"]["draws"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_studies_fit_the_schema_and_name_it(path):
    text = path.read_text(encoding="utf-8")
    assert [error.message for error in VALIDATOR.iter_errors(tomllib.loads(text))] == []
    assert (path.parent / text.split("\n")[0].removeprefix("#:schema ")).resolve() == STORED


@pytest.mark.parametrize("name", [*RIGHT, *WRONG])
def test_a_schema_and_the_reader_judge_a_study_alike(name, tmp_path):
    text = RIGHT.get(name) or WRONG[name]
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    found = [error.message for error in VALIDATOR.iter_errors(tomllib.loads(text))]
    assert bool(found) == (name in WRONG), found
    if name in WRONG:
        with pytest.raises(ScenarioError):
            read_batch(tmp_path / "study.toml")
    else:
        assert read_batch(tmp_path / "study.toml").id == "s"
