"""From the file of a batch study to the study: every mistake with its line, scenarios read, options tried.

Nothing runs before this is through. Options are tried on each scenario by themselves, and so many cells in full.
"""

from __future__ import annotations

import glob
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from soemrisk.batch_language import Axis, Option, Sample, Study
from soemrisk.batch_options import MisplacedError, in_digits, wheres
from soemrisk.batch_plan import Batch, BatchAxis
from soemrisk.batch_rules import broken_study_rules, size_rules
from soemrisk.batch_trials import Finding, tried
from soemrisk.complaints import explain, suggestion_for
from soemrisk.design import Plan, points
from soemrisk.documents import document_of
from soemrisk.errors import Problem, ScenarioError
from soemrisk.reading import load, read
from soemrisk.receipt import content
from soemrisk.references import keys_of
from soemrisk.scenario import LANGUAGES, Scenario
from soemrisk.toml_lines import lines_of, nearest

DIGITS = 6  # of a sampled value
TOO_LARGE = ("study-too-many-cells", "study-too-many-points")


def read_batch(source: str | Path) -> Batch:
    """Read a study from a file.

    Parameters
    ----------
    source : str or Path
        Path of a ``.toml`` file (docs/studies.md).

    Returns
    -------
    Batch

    Raises
    ------
    ScenarioError
        With every problem of the file, and of the scenarios that it names.
    """
    name, stated = load(source)
    document, text = document_of(stated, name)
    lines = lines_of(text)
    try:
        study = Study.model_validate(document)
    except ValidationError as error:
        found = [_explained(one, document) for one in error.errors(include_url=False)]
        raise ScenarioError(_located(found, lines, name), lang=_language(document)) from None
    found = list(broken_study_rules(study))
    if any(rule in TOO_LARGE for _, rule, _ in found):
        raise ScenarioError(_located(found, lines, name), lang=study.lang)  # at once, whatever else is wrong
    scenarios, problems = _scenarios(study, Path(name).parent, lines, name)
    found += [one for one in size_rules(study, len(scenarios)) if one not in found]
    if found or problems:
        raise ScenarioError([*_located(found, lines, name), *problems], lang=study.lang)
    batch, found = _batch(study, scenarios)
    if not found:
        batch, found = tried(batch)
    if found:
        raise ScenarioError(_located(found, lines, name), lang=study.lang)
    return batch


def _language(document: Mapping[str, Any]) -> str | None:
    return document["lang"] if document.get("lang") in LANGUAGES else None


def _located(found: list[Finding], lines: Mapping[tuple[str, ...], int], name: str) -> list[Problem]:
    problems: list[Problem] = []
    for path, rule, values in found:
        one = Problem(rule=rule, path=path, values=values, file=name, line=nearest(lines, tuple(path.split("."))))
        problems += [one] if one not in problems else []
    return problems


SHAPES: Mapping[str, type[BaseModel]] = {"axes": Axis, "options": Option, "sample": Sample}


def _explained(error: Any, document: Mapping[str, Any]) -> Finding:
    """A mistake of form, with the keys that a study has where ``explain`` would name those of a scenario."""
    where, rule, values = explain(error, document)
    if rule == "unknown-key":
        inside = [SHAPES[str(part)] for part in error["loc"][:-1] if str(part) in SHAPES]
        allowed = keys_of(inside[-1] if inside else Study)
        key = str(error["loc"][-1])
        values = {"key": key, "allowed": allowed, "suggestion": suggestion_for(key, allowed)}
    return ".".join(where), rule, values


def _scenarios(
    study: Study, folder: Path, lines: Mapping[tuple[str, ...], int], name: str
) -> tuple[dict[str, Scenario], list[Problem]]:
    """Scenarios by id; those of a pattern in the order of their names."""
    found: dict[str, Scenario] = {}
    problems: list[Problem] = []
    for n, stated in enumerate(study.scenarios):
        beside = folder / stated
        several = _matching(folder, stated) if "*" in stated else [beside] if beside.exists() else [stated]
        at = nearest(lines, ("scenarios", str(n)))
        place: dict[str, Any] = {"path": f"scenarios.{n}", "file": name, "line": at}
        if not several:
            problems.append(Problem(rule="study-no-scenarios", values={"found": stated}, **place))
        for one in several:
            try:
                scenario = read(one)
            except ScenarioError as error:
                problems += error.problems
                continue
            if scenario.id in found:
                problems.append(Problem(rule="same-id", values={"found": scenario.id}, **place))
            found[scenario.id] = scenario
    return found, problems


def _matching(folder: Path, pattern: str) -> list[Path | str]:
    """Files that a pattern beside the study, or an absolute one, stands for, in the order of their names."""
    try:
        found = glob.glob(str(Path(glob.escape(str(folder))) / pattern), recursive=True)  # noqa: PTH207 -- pathlib has no absolute patterns
    except ValueError:  # no file can have such a name
        found = []
    return [*sorted(map(Path, found))]


def _batch(study: Study, scenarios: Mapping[str, Scenario]) -> tuple[Batch, list[Finding]]:
    """The study with its places found in each scenario; sampled points as options."""
    documents = {key: json.loads(content(one)) for key, one in scenarios.items()}
    sampled = _sampled(study)
    found: list[Finding] = []
    axes = []
    for key, axis in study.axes.items():
        kind = "values" if axis.kinds[0] == "low" else axis.kinds[0]
        options, labels = sampled[key] if sampled else (getattr(axis, kind), axis.labels)
        if kind == "options":
            labels = labels or tuple(one.label for one in options)
            path = f"axes.{key}.options"
            inside: dict[int, Any] = {}
            for n, one in enumerate(options):
                if id(one) not in inside:  # points of a sample have the same ones
                    inside[id(one)] = _inside(one.set, documents, f"{path}.{n}.set", found)
            options = [inside[id(one)] for one in options]
        axes.append(
            BatchAxis(
                id=key,
                name=dict(axis.name) if axis.name is not None else {"da": key, "en": key},
                unit=None if axis.unit is None else dict(axis.unit),
                kind=kind,
                options=tuple(options),
                labels=None if labels is None else tuple(dict(one) for one in labels),
                places={} if axis.place is None else _placed(axis, documents, f"axes.{key}.place", found),
            )
        )
    batch = Batch(
        id=study.id,
        lang=study.lang,
        name=dict(study.name),
        design="grid" if not axes else study.design,
        draws=study.draws,
        seed=study.seed,
        sampler=study.sampler,
        analyses=study.analyses,
        scenarios=documents,
        axes=tuple(axes),
    )
    return batch, [*found, *_same_places(batch)]


def _sampled(study: Study) -> dict[str, tuple[Any, Any]]:
    """Options of each axis of a sampled design, one for each point, and their labels."""
    sample = study.sample
    if sample is None:
        return {}
    keys = [f"{study.id}/{key}" for key in study.axes]
    size = max(2, sample.points)
    design = Plan(sampler=sample.sampler, seed=sample.seed, size=size, replicates=1)
    cube = points(design, keys, 0)[: sample.points].T
    listed = zip(study.axes.items(), cube, strict=True)
    return {key: _at_points(axis, column.tolist()) for (key, axis), column in listed}


def _at_points(axis: Axis, column: list[float]) -> tuple[Any, Any]:
    """Options and labels of an axis at points between 0 and 1."""
    low, high = axis.low, axis.high
    if low is None or high is None:
        listed = getattr(axis, axis.kinds[0])
        chosen = [int(u * len(listed)) for u in column]
        return [listed[n] for n in chosen], None if axis.labels is None else tuple(axis.labels[n] for n in chosen)
    if axis.scale == "log":
        return [in_digits(low * (high / low) ** u, DIGITS) for u in column], None
    return [in_digits(low + (high - low) * u, DIGITS) for u in column], None


def _placed(
    axis: Axis, documents: Mapping[str, Any], path: str, found: list[Finding]
) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Places of an axis in each scenario; in each at least one."""
    assert axis.place is not None
    by_scenario = axis.place if isinstance(axis.place, Mapping) else dict.fromkeys(documents, axis.place)
    ids = tuple(documents)
    for key in (key for key in by_scenario if key not in ids):
        values = {"found": key, "allowed": ids, "suggestion": suggestion_for(key, ids)}
        found.append((path, "study-place-unknown", values))
    found += [(path, "study-place-missing", {"found": key}) for key in ids if key not in by_scenario]
    result = {}
    for key, document in documents.items():
        places: list[tuple[str, ...]] = []
        for stated in by_scenario.get(key, ()):
            try:
                places += [one for one in wheres(document, stated) if one not in places]
            except MisplacedError as wrong:
                found.append((path, wrong.rule, {**wrong.values, "scenario": key}))
        result[key] = tuple(places)
    return result


def _inside(
    stated: Mapping[str, Any], documents: Mapping[str, Any], path: str, found: list[Finding]
) -> dict[str, list[tuple[Any, Any]]]:
    """Of an option with several places the places in each scenario, and what stands there."""
    result: dict[str, list[tuple[Any, Any]]] = {}
    for key, document in documents.items():
        result[key] = []
        for place, value in stated.items():
            try:
                result[key].append((wheres(document, place), value))
            except MisplacedError as wrong:
                found.append((path, wrong.rule, {**wrong.values, "scenario": key}))
    return result


def _same_places(batch: Batch) -> Iterator[Finding]:
    """Two axes at one place, or one inside the other, would each undo the other."""
    for scenario in batch.scenarios:
        seen: list[tuple[str, tuple[str, ...]]] = []
        for axis in batch.axes:
            own = {tuple(one) for one in axis.places.get(scenario, ())}
            if axis.kind == "options":
                own |= {tuple(one) for option in axis.options for inside, _ in option[scenario] for one in inside}
            for place in sorted(own):
                for other, there in seen:
                    short = min(len(place), len(there))
                    if other != axis.id and place[:short] == there[:short]:
                        yield f"axes.{axis.id}", "study-same-place", {"found": ".".join(place), "other": other}
            seen += [(axis.id, place) for place in own]
