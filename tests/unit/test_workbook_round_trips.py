"""A scenario that goes through Excel is the same scenario: TOML → workbook → TOML, whatever it says."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from workbooks import grids

import soemrisk as sr
from soemrisk.cli import commands
from soemrisk.errors import ScenarioError
from soemrisk.reading import parse, shipped_ids
from soemrisk.receipt import content_hash
from soemrisk.scenario_workbook_reading import read_workbook
from soemrisk.scenario_workbook_writing import scenario_workbook
from soemrisk.sheet_rows import filled_sheets
from soemrisk.sheet_values import number_in, read_cell, write_cell
from soemrisk.toml_text import toml_text
from soemrisk.workbook_files import example_workbook, toml_of_workbook, workbook_of_scenario

VALID = sorted((Path(__file__).parents[1] / "spec" / "valid").glob("*.toml"))
CALC = shutil.which("soffice")


def through_excel(document: dict[str, Any], lang: str = "da") -> dict[str, Any]:
    filling = filled_sheets(document, lang)
    assert not filling.left
    return read_workbook(scenario_workbook(filling, {}, lang, title="x"), "x.xlsx").document


@pytest.mark.parametrize("source", [*map(str, VALID), *shipped_ids()], ids=lambda one: Path(one).stem)
def test_every_scenario_keeps_its_content(source: str, tmp_path: Path) -> None:
    original = content_hash(sr.read(source))
    lang = "da" if len(source) % 2 else "en"
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook_of_scenario(source, lang))
    assert content_hash(sr.read(path)) == original
    assert content_hash(parse(toml_of_workbook(path).encode(), "a.toml")) == original
    other = "en" if lang == "da" else "da"  # from one workbook to one in the other language
    assert content_hash(parse(workbook_of_scenario(path, other), "b.xlsx")) == original


def test_rows_keep_their_order() -> None:
    scenario = sr.read("act-randers")
    again = parse(workbook_of_scenario("act-randers", "da"), "a.xlsx")
    for section in ("actors", "areas", "services", "consequences"):
        assert list(getattr(again, section)) == list(getattr(scenario, section))


# what a document may hold -------------------------------------------------------------------------------------------

TEXTS = st.one_of(
    st.text(min_size=1, max_size=40).filter(str.strip),
    st.sampled_from(
        ["=1+1", "+45", "-x", "@a", "'a", "#REF!", "1.234", "ja", "80%", "_x0041_", "a\nb", "a; b", "æøå €", "𝔘"]
    ),
    st.sampled_from(["\x00\x1b", '"""', "\ufeffa", "\u202eb", "a\rb", "\x85a\x85"]),
)
WORDS = TEXTS | st.fixed_dictionaries({"da": TEXTS, "en": TEXTS})
NUMBERS = st.one_of(
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.floats(-1e30, 1e30).map(lambda x: float(f"{x:.15g}")),
    st.sampled_from([-0.0, 0.1, 1e-300, 2.5e-12, 123456789012345, 0.000123456789012345]),
)
IDS = st.text("abcxyz0189-_", min_size=1, max_size=6)
YEARS = st.dictionaries(st.integers(1900, 2200).map(str), NUMBERS, min_size=1, max_size=4)
ANYTHING = st.recursive(
    st.one_of(TEXTS, NUMBERS, st.booleans()),
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(IDS, inner, min_size=1, max_size=3),
    max_leaves=6,
)


def tables(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Tables with some of these keys, right or wrong, and one that nobody has thought of."""
    known = {key.rstrip("_"): value for key, value in keys.items()}
    return st.fixed_dictionaries({}, optional={**known, "new-key": ANYTHING})


QUANTITIES = tables(
    value=NUMBERS | st.lists(NUMBERS, min_size=1, max_size=12),
    low=NUMBERS,
    high=NUMBERS,
    meaning=st.sampled_from(["hard", "80%", "unheard-of"]),
    evidence=st.sampled_from([1, 2, 3, 4, 2.0]),
    counts=st.fixed_dictionaries({"successes": NUMBERS, "of": NUMBERS}),
    corrected=st.booleans(),
    unit=WORDS,
    source=TEXTS,
    family=TEXTS,
    parameters=st.dictionaries(IDS, NUMBERS | st.lists(NUMBERS, min_size=1, max_size=3), min_size=1, max_size=2),
    observations=st.lists(NUMBERS, min_size=1, max_size=5),
    studies=st.lists(ANYTHING, min_size=1, max_size=2),
).filter(bool)
SHARES = st.dictionaries(IDS, NUMBERS, min_size=1, max_size=3)
LATER = st.integers(2001, 2100)


@st.composite
def steps(draw: st.DrawFn, one: st.SearchStrategy[dict[str, Any]]) -> Any:
    """One table, or a list of tables with rising ``from``."""
    years = sorted(draw(st.sets(LATER, max_size=3)))
    first, *later = [draw(one) for _ in range(1 + len(years))]
    return [first, *({"from": year, **table} for year, table in zip(years, later, strict=True))] if years else first


SERVICES = tables(
    name=WORDS, area=TEXTS, unit=WORDS, price=steps(QUANTITIES), price_year=st.integers(1900, 2200) | TEXTS,
    shares=steps(SHARES), shares_source=TEXTS, income=st.booleans() | st.integers(0, 1), library=TEXTS,
).filter(bool)  # fmt: skip
CONSEQUENCES = tables(
    service=TEXTS, change=QUANTITIES, level=QUANTITIES, group=TEXTS, onset=NUMBERS, persistence=QUANTITIES
).filter(bool)  # fmt: skip
COSTS = tables(
    name=WORDS, area=TEXTS, amount=QUANTITIES, per=st.sampled_from(["total", "starter", "x"]), years=YEARS, payer=SHARES
).filter(bool)  # fmt: skip
DOCUMENTS = st.fixed_dictionaries(
    {"schema": st.just(1)},
    optional={
        "id": IDS,
        "lang": st.sampled_from(["da", "en", "de"]),
        "name": WORDS,
        "facts": tables(intervention=WORDS, notes=st.lists(WORDS, min_size=1, max_size=3), source=WORDS).filter(bool),
        "settings": tables(
            first_year=st.integers(1900, 2200),
            discount_rate=QUANTITIES,
            timing=TEXTS,
            costs_discounted=st.booleans(),
            costs_discounted_source=TEXTS,
            price_index=tables(name=WORDS, source=TEXTS, values=YEARS).filter(bool),
        ).filter(bool),
        "actors": st.dictionaries(IDS, tables(name=WORDS, parent=TEXTS).filter(bool), min_size=1, max_size=3),
        "participants": tables(completers=YEARS, starters=YEARS, source=TEXTS, factor=QUANTITIES).filter(bool),
        "success": tables(net=QUANTITIES, with_=QUANTITIES, without=QUANTITIES).filter(bool),
        "costs": st.dictionaries(IDS, COSTS, min_size=1, max_size=2),
        "services": st.dictionaries(IDS, SERVICES, min_size=1, max_size=2),
        "consequences": st.dictionaries(IDS, CONSEQUENCES, min_size=1, max_size=2),
        "promised": st.dictionaries(IDS, NUMBERS, min_size=1, max_size=2),
        "correlations": st.lists(
            tables(between=st.lists(TEXTS, min_size=1, max_size=3), rank=NUMBERS, source=TEXTS).filter(bool),
            min_size=1,
            max_size=2,
        ),
        "subgroups": ANYTHING,
    },
)


def plain(value: Any) -> Any:
    """Numbers by value, with the sign of 0: whether a number has a point is of no account in a column of numbers."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in sorted(value.items())}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return (repr(float(value)),) if isinstance(value, int | float) and not isinstance(value, bool) else value


def stripped(value: Any) -> Any:
    """Texts as the language takes them: without spaces at the ends."""
    if isinstance(value, dict):
        return {key: stripped(one) for key, one in value.items()}
    if isinstance(value, list):
        return [stripped(one) for one in value]
    return value.strip() if isinstance(value, str) else value


@settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(DOCUMENTS, st.sampled_from(["da", "en"]))
def test_any_document_comes_back_as_it_was_or_is_refused(document: dict[str, Any], lang: str) -> None:
    filling = filled_sheets(document, lang)
    if filling.left:  # a text that is longer than a cell
        assert max(map(len, toml_text(filling.left).split("\n"))) > 30_000 or "\ufffe" in toml_text(filling.left)
        return
    assert plain(stripped(through_excel(document, lang))) == plain(stripped(document))


@given(st.integers(-(10**14), 10**14), st.integers(0, 6))
def test_a_number_as_a_dane_writes_it_is_that_number(digits: int, decimals: int) -> None:
    value = digits / 10**decimals
    whole, _, rest = f"{abs(value):.{decimals}f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    said = ("-" if value < 0 else "") + grouped + ("," + rest if rest else "")
    found = number_in(said)
    parts = said.lstrip("-").replace(",", ".").split(".")
    if len(parts) == 2 and len(parts[0]) <= 3 and len(parts[1]) == 3 and parts[0] != "0":
        assert found.rule == "cell-ambiguous"
        return
    assert found == pytest.approx(value, rel=1e-14)


@given(TEXTS | NUMBERS | st.booleans(), st.sampled_from(["text", "number", "whole", "truth", "choice"]))
def test_a_value_goes_into_a_cell_only_where_the_cell_gives_it_back(value: Any, kind: str) -> None:
    choices = {"truth": "truth", "choice": "meaning"}.get(kind, "")
    cell = write_cell(value, kind, choices, "da")
    if cell is not None:
        assert plain(read_cell(cell, kind, choices)) == plain(value)


def test_a_text_that_is_longer_than_a_cell_goes_where_it_fits_or_is_refused(tmp_path: Path) -> None:
    base = toml_text(read_workbook(example_workbook("da"), "x.xlsx").document)
    path = tmp_path / "long.toml"
    path.write_text(base.replace("assumption: invented follow-up of 20 citizens", "x" * 40_000), encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        workbook_of_scenario(path, "da")
    assert "32.767" in error.value.describe("da")


def test_observations_of_a_file_stand_in_the_workbook(tmp_path: Path) -> None:
    content = workbook_of_scenario(next(one for one in VALID if one.stem == "observations"), "da")
    (tmp_path / "alone.xlsx").write_bytes(content)  # no CSV beside it
    assert content_hash(sr.read(tmp_path / "alone.xlsx")) == content_hash(
        sr.read(next(one for one in VALID if one.stem == "observations"))
    )
    heads = grids(content)["Observationer"][3]
    assert "services.herberg.price" in heads


def test_the_form_is_locked_but_for_its_cells_and_offers_choices() -> None:
    with zipfile.ZipFile(io.BytesIO(example_workbook("da"))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
    sheets = {name: body for name, body in parts.items() if name.startswith("xl/worksheets/")}
    hidden = parts["xl/workbook.xml"].count('state="veryHidden"')
    assert hidden == 1
    assert sum("<sheetProtection" in body for body in sheets.values()) == len(sheets) - hidden
    assert not any(
        "password" in body.split("<sheetProtection")[1].split("/>")[0]
        for body in sheets.values()
        if "<sheetProtection" in body
    )
    assert not any("<f>" in body for body in sheets.values())  # no formula, whatever a text begins with
    consequences = parts["xl/worksheets/sheet6.xml"]
    for source in ("Priser", "Fælles faktorer", "Lister"):
        assert f"'{source}'!$" in consequences


# commands -----------------------------------------------------------------------------------------------------------


def call(*arguments: object) -> Any:
    return CliRunner().invoke(commands, [str(one) for one in arguments], catch_exceptions=False)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_new_form_runs_as_it_is_and_gives_the_figures_of_its_toml(lang: str, tmp_path: Path) -> None:
    form, text = tmp_path / "ny.xlsx", tmp_path / "ny.toml"
    assert call("workbook", "new", form, "--lang", lang).exit_code == 0
    assert call("check", form).output == f"{form}: {'ingen fejl' if lang == 'da' else 'no problems'}\n"
    assert call("workbook", "import", form, text).exit_code == 0
    first, second = (call("run", path, "--json", "--draws", 256) for path in (form, text))
    assert first.exit_code == 0
    assert first.stdout == second.stdout
    assert (
        call("drivers", form, "--json", "--draws", 256).stdout == call("drivers", text, "--json", "--draws", 256).stdout
    )


def test_nobodys_file_is_written_over_unasked(tmp_path: Path) -> None:
    form = tmp_path / "ny.xlsx"
    form.write_bytes(b"work of days")
    for arguments in (("new", form), ("export", "act-randers", form)):
        done = call("workbook", *arguments)
        assert done.exit_code == 2
        assert "--force" in done.output
        assert form.read_bytes() == b"work of days"
        assert call("workbook", *arguments, "--force").exit_code == 0
        assert sr.read(form)
        form.write_bytes(b"work of days")


@pytest.mark.parametrize(
    "arguments",
    [
        ("new", "a.toml"),
        ("export", "act-randers", "a.xls"),
        ("import", "a.xlsx", "a.xlsx"),
        ("import", "none.xlsx", "a.toml"),
    ],
)
def test_what_cannot_be_done_ends_with_2_and_writes_nothing(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = call("workbook", *(tmp_path / one if "." in one else one for one in arguments))
    assert done.exit_code == 2
    assert done.output
    assert not list(tmp_path.iterdir())


def test_a_toml_file_is_not_imported_as_a_workbook(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("schema = 1\n", encoding="utf-8")
    done = call("workbook", "import", tmp_path / "a.toml", tmp_path / "b.toml")
    assert done.exit_code == 2
    assert "Excel" in done.output


def test_import_answers_in_the_language_of_the_workbook(tmp_path: Path) -> None:
    for lang, word in (("en", "written: "), ("da", "skrevet: ")):
        (tmp_path / f"{lang}.xlsx").write_bytes(example_workbook(lang))
        assert call("workbook", "import", tmp_path / f"{lang}.xlsx", tmp_path / f"{lang}.toml").output.startswith(word)
    asked = call("workbook", "import", tmp_path / "en.xlsx", tmp_path / "x.toml", "--lang", "da")
    assert asked.output.startswith("skrevet: ")


def test_the_same_scenario_gives_the_same_bytes() -> None:
    assert workbook_of_scenario("act-randers", "da") == workbook_of_scenario("act-randers", "da")


# LibreOffice --------------------------------------------------------------------------------------------------------


def converted(path: Path, kind: str, folder: Path) -> Path:
    assert CALC is not None
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(
        [CALC, profile, "--headless", "--convert-to", kind, "--outdir", folder, path],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / f"{path.stem}.{kind.split(':', maxsplit=1)[0]}"


@pytest.mark.slow
@pytest.mark.skipif(CALC is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize(
    "source",
    [
        "act-randers",
        *(str(one) for one in VALID if one.stem in {"steps-by-year", "statements", "texts-in-two-languages"}),
    ],
)
def test_a_workbook_that_libreoffice_has_saved_is_the_same(source: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook_of_scenario(source, "da"))
    (tmp_path / "xlsx").mkdir()
    saved = converted(path, "xlsx", tmp_path / "xlsx")
    assert content_hash(sr.read(saved)) == content_hash(sr.read(source))
    (tmp_path / "ods").mkdir()
    other = converted(converted(path, "ods", tmp_path / "ods"), "xlsx", tmp_path / "ods")
    assert content_hash(sr.read(other)) == content_hash(sr.read(source))


@pytest.mark.slow
@pytest.mark.skipif(CALC is None, reason="LibreOffice is not installed")
def test_a_cell_that_was_changed_in_libreoffice_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(example_workbook("da"))
    flat = converted(path, "fods", tmp_path)
    body = flat.read_text(encoding="utf-8")
    assert body.count('office:value="2700"') == 1
    flat.write_text(body.replace('office:value="2700"', 'office:value="2750.5"'), encoding="utf-8")
    (tmp_path / "saved").mkdir()
    changed = sr.read(converted(flat, "xlsx", tmp_path / "saved"))
    assert changed.services["kontanthjaelp"].price[0].value == 2750.5
    first = sr.read(path).model_dump()
    first["services"]["kontanthjaelp"]["price"][0]["value"] = 2750.5
    assert changed.model_dump() == first


def test_the_library_is_for_the_screen_and_not_printed() -> None:
    with zipfile.ZipFile(io.BytesIO(example_workbook("da"))) as book:
        defined = book.read("xl/workbook.xml").decode()
    areas = dict(
        re.findall(r"<definedName name=\"_xlnm.Print_Area\"[^>]*>'?([^'!]+)'?!\$A\$1:\$[A-Z]+\$(\d+)<", defined)
    )
    assert int(areas["Vidensdatabase"]) == 4
    assert sum(int(rows) for rows in areas.values()) < 400


@pytest.mark.parametrize(("name", "sheets"), [("outcomes", {"Undergrupper", "Virkninger"}), ("shortest", set())])
def test_subgroups_and_outcomes_have_sheets_where_there_are_some(name: str, sheets: set[str]) -> None:
    source = next(one for one in VALID if one.stem == name)
    found = grids(workbook_of_scenario(source, "da"))
    assert {one for one in ("Undergrupper", "Virkninger") if one in found} == sheets
    said = [str(cell) for row in found["Indstillinger"] for cell in row]
    assert not [cell for cell in said if "[subgroups" in cell or "[outcomes" in cell]


def test_the_guide_links_to_sheets_that_are_there() -> None:
    for source in (example_workbook("da"), workbook_of_scenario(VALID[0], "en")):
        with zipfile.ZipFile(io.BytesIO(source)) as book:
            links = re.findall(r"location=\"'([^']+)'!A1\"", book.read("xl/worksheets/sheet1.xml").decode())
        assert links
        assert set(links) <= set(grids(source))
