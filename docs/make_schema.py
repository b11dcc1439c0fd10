"""Write the JSON Schemas of scenarios and studies: ``python docs/make_schema.py``; a test fails when one is stale."""

import json
from pathlib import Path

from soemrisk.batch_schema import study_schema
from soemrisk.json_schema import scenario_schema

HERE = Path(__file__).parent


def content() -> str:
    """Return what the file holds."""
    schema = scenario_schema((HERE / "scenario.md").read_text(encoding="utf-8"))
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def study_content() -> str:
    """Return what the file of studies holds."""
    schema = study_schema((HERE / "studies.md").read_text(encoding="utf-8"))
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    (HERE / "scenario.schema.json").write_text(content(), encoding="utf-8", newline="\n")
    (HERE / "study.schema.json").write_text(study_content(), encoding="utf-8", newline="\n")
