"""The workbook of the memo: live formulas with their values, charts of the right cells, texts that stay text."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from python_calamine import CalamineWorkbook

from soemrisk import chart_style, kernel, workbook_charts
from soemrisk.answer import answer
from soemrisk.design import plan
from soemrisk.drivers import drivers
from soemrisk.memo_case import case_of
from soemrisk.memo_sections import memo_of
from soemrisk.memo_workbook import memo_workbook
from soemrisk.reading import read
from soemrisk.receipt import receipt
from soemrisk.running import run_scenario
from soemrisk.workbook_cells import LONGEST, cleaned, count, estimate, kroner, measured, shown_length
from soemrisk.workbook_texts import WORKBOOK_TEXTS

VALID = Path(__file__).parents[1] / "spec/valid"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DANISH = ["Resultat", "Aktører", "Hovedområder", "År", "Følsomhed", "Forudsætninger", "Metode"]
ENGLISH = ["Result", "Actors", "Main areas", "Years", "Sensitivity", "Assumptions", "Method"]
HOSTILE = {
    "Kommune": '=HYPERLINK("http://example.invalid","x")',
    "Stat": "+1+cmd|' /C calc'!A0",
    "Socialforvaltningen": "@SUM(1)\u202eمرحبا 👩‍👧",
    "Hjemløseenheden": "-1 & <b>fed</b> &P ]]> _x0041_",
    "Jobcentret": "langt " * 1700,
}


def built(scenario, lang):
    simulated = run_scenario(scenario, plan(1024, 1))
    digest = simulated[0]
    answers = answer(scenario, digest, lang), drivers(scenario, simulated, evaluate=kernel.evaluate)
    case = case_of(scenario, digest, answers, lang, lambda other, same: run_scenario(other, same)[0])
    return case, memo_of(case, {}, {}, receipt(scenario, digest.plan))


def hostile_scenario():
    scenario = read(VALID / "actors-inside-actors.toml")
    actors = {}
    for key, one in scenario.actors.items():
        name = HOSTILE[one.name.da]
        actors[key] = one.model_copy(update={"name": one.name.model_copy(update={"da": name, "en": name})})
    words = scenario.name.model_copy(update={"da": "=2+2 & Co.\x07", "en": "=2+2 & Co.\x07"})
    return scenario.model_copy(update={"actors": actors, "name": words})


@pytest.fixture(scope="module", params=["act", "nested", "hostile"])
def made(request):
    scenario, lang = {
        "act": lambda: (read("act-randers"), "da"),
        "nested": lambda: (read(VALID / "actors-inside-actors.toml"), "en"),
        "hostile": lambda: (hostile_scenario(), "da"),
    }[request.param]()
    case, memo = built(scenario, lang)
    return case, memo, memo_workbook(case, memo)


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def parsed(data):
    return ET.fromstring(data)  # noqa: S314 -- a part of a file that we have just written


def cells(data, number):
    """Formula and number of each cell of a sheet by its address."""
    tree = parsed(parts(data)[f"xl/worksheets/sheet{number}.xml"])
    found = {}
    for cell in tree.iter(f"{MAIN}c"):
        formula, value = cell.find(f"{MAIN}f"), cell.find(f"{MAIN}v")
        number = float(value.text) if value is not None and cell.get("t") != "s" else None
        found[cell.get("r")] = (formula.text if formula is not None else "", number)
    return found


def expanded(reference):
    first, _, last = reference.replace("$", "").partition(":")
    column, low = re.fullmatch(r"([A-Z]+)(\d+)", first).groups()
    high = re.fullmatch(rf"{column}(\d+)", last).group(1) if last else low
    return [f"{column}{n}" for n in range(int(low), int(high) + 1)]


def evaluated(formula, numbers):
    """What a formula gives: a sum, a quotient, or terms with signs."""
    if formula.startswith("SUM("):
        return sum(numbers[one] for part in formula[4:-1].split(",") for one in expanded(part))
    if "/" in formula:
        above, below = (numbers[expanded(part)[0]] for part in formula.split("/"))
        return above / below
    terms = re.findall(r"([+-]?)(\$?[A-Z]+\$?\d+)", formula)
    assert "".join(sign + one for sign, one in terms) == formula
    return sum((-1 if sign == "-" else 1) * numbers[expanded(one)[0]] for sign, one in terms)


def test_every_formula_gives_the_value_that_stands_in_its_cell(made):
    _, _, data = made
    counted = 0
    for number in range(1, 8):
        found = cells(data, number)
        numbers = {place: value for place, (_, value) in found.items()}
        scale = max(abs(value) for value in [*numbers.values(), 1.0] if value is not None)
        for place, (formula, value) in found.items():
            if formula:
                counted += 1
                assert evaluated(formula, numbers) == pytest.approx(value, abs=1e-13 * scale), (number, place)
    assert counted > 60


def test_sheets_have_the_names_that_readers_of_som_know(made):
    case, _, data = made
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == (DANISH if case.lang == "da" else ENGLISH)


def test_sums_are_formulas_and_are_the_results_of_the_calculation(made):
    case, _, data = made
    for number, least in ((1, 1), (3, len(case.actors) + 1), (4, len(case.actors) + 1)):
        sums = [value for formula, value in cells(data, number).values() if formula.startswith("SUM(")]
        assert len(sums) >= least
        assert any(value == pytest.approx(case.base("total"), rel=1e-12) for value in sums)
    running = [one for one in cells(data, 4).values() if "+" in one[0]]
    assert running[-1][1] == pytest.approx(case.base("total"), rel=1e-9)


def test_an_actor_inside_another_is_not_added_twice():
    case, memo = built(read(VALID / "actors-inside-actors.toml"), "da")
    total = next(formula for formula, _ in cells(memo_workbook(case, memo), 1).values() if formula.startswith("SUM("))
    assert total.count(",") + 1 == 2 < len(case.actors)


def test_every_sheet_says_sign_prices_and_draws_and_is_set_up_for_paper(made):
    case, _, data = made
    book, files = CalamineWorkbook.from_filelike(io.BytesIO(data)), parts(data)
    for number, name in enumerate(book.sheet_names, start=1):
        top = " ".join(str(row[0]) for row in book.get_sheet_by_name(name).to_python()[:6])
        assert case.say("note-sign") in top
        assert str(case.scenario.settings.price_year) in top
        assert re.search(r"1[.,]024", top)
        sheet = files[f"xl/worksheets/sheet{number}.xml"].decode()
        assert 'paperSize="9"' in sheet
        assert 'fitToWidth="1"' in sheet or "<pageSetUpPr fitToPage" in sheet
        assert 'state="frozen"' in sheet
        assert "&amp;P" in sheet
        assert "&amp;N" in sheet
    assert files["xl/workbook.xml"].decode().count("Print_Titles") == 7


def test_the_budget_effect_is_minus_the_som_number(made):
    case, _, data = made
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    head = next(row for row in rows if case.say("head-budget") in row)
    place = head.index(case.say("head-budget"))
    body = rows[rows.index(head) + 1 :][: len(case.names) * len(case.readings) : len(case.readings)]
    assert [row[place] for row in body] == pytest.approx([-case.base(actor) for actor in case.names], rel=1e-12)


def test_a_double_changes_in_its_last_place_at_most_and_fifteen_digits_never(made):
    """T44: XlsxWriter writes 16 digits."""
    case, _, data = made
    found = [value for _, value in cells(data, 1).values() if value is not None]
    for actor in case.names:
        for name in ("mean", "p10", "p50", "p90"):
            wanted = case.stats(actor)[name]
            nearest = min(found, key=lambda value, wanted=wanted: abs(value - wanted))
            assert abs(nearest - wanted) <= 1e-15 * abs(wanted)
    amounts = [one.amount.value for one in case.scenario.costs.values()]
    kept = [value for _, value in cells(data, 6).values()]
    assert amounts
    assert all(amount in kept for amount in amounts)


def test_charts_show_the_cells_of_their_tables_and_have_a_text_for_who_cannot_see_them(made):
    case, _, data = made
    files = parts(data)
    charts = [parsed(files[name]) for name in sorted(files) if "/charts/chart" in name]
    assert len(charts) == 5
    names = DANISH if case.lang == "da" else ENGLISH
    numbers = {name: cells(data, n) for n, name in enumerate(names, start=1)}
    for chart in charts:
        without_cache = [one for bars in chart.iter(f"{CHART}errBars") for one in bars.iter(f"{CHART}numRef")]
        for reference in chart.iter(f"{CHART}numRef"):
            sheet, _, places = reference.find(f"{CHART}f").text.replace("'", "").rpartition("!")
            cached = [float(one.text) for one in reference.iter(f"{CHART}v") if one.text]
            wanted = [numbers[sheet][place][1] for place in expanded(places)]
            if reference in without_cache:  # Excel reads the lengths of error bars when it opens the file
                assert None not in wanted
            else:
                assert cached == pytest.approx([one or 0.0 for one in wanted])  # what is empty draws no bar
    drawings = "".join(files[name].decode() for name in files if "/drawings/drawing" in name)
    assert len(re.findall(r'descr="[^"]{60,}"', drawings)) == 5


def test_the_fan_is_a_stack_that_ends_at_p90(made):
    _, _, data = made
    found = {place: value for place, (formula, value) in cells(data, 4).items() if formula or value is not None}
    text = next(formula for formula, _ in cells(data, 4).values() if re.fullmatch(r"[A-Z]+\d+-[A-Z]+\d+", formula))
    row = int(re.search(r"\d+", text).group())
    p10, p90, lower, inner, upper = (found[f"{column}{row}"] for column in "CIKLM")
    assert p10 + lower + inner + upper == pytest.approx(p90, rel=1e-12)


def test_no_text_of_a_user_becomes_a_formula_a_link_or_a_macro():
    case, memo = built(hostile_scenario(), "da")
    files = parts(memo_workbook(case, memo))
    everything = CalamineWorkbook.from_filelike(io.BytesIO(memo_workbook(case, memo))).get_sheet_by_index(0).to_python()
    shown = [row[0] for row in everything]
    for name in ("Kommune", "Stat"):
        assert HOSTILE[name] in shown
    assert any("@SUM(1)مرحبا 👩‍👧" in one for one in shown)  # without the letter that turns others around
    assert any("-1 & <b>fed</b> &P ]]> _x0041_" in one for one in shown)
    assert any(HOSTILE["Jobcentret"].strip() in str(one) for one in shown)
    assert "=2+2 & Co. " in shown
    for name, data in files.items():
        assert "externalLink" not in name
        assert "vba" not in name.lower()
        assert b"<hyperlink" not in data
        if name.endswith((".xml", ".rels")):
            parsed(data)
        for formula in re.findall(rb"<(?:c:)?f>([^<]*)</", data):
            assert b"HYPERLINK" not in formula
            assert b"cmd" not in formula
    headers = re.findall(r"<oddHeader>(.*?)</oddHeader>", files["xl/worksheets/sheet1.xml"].decode())
    assert "=2+2 &amp;&amp; Co." in headers[0]


def test_an_actor_whom_no_term_concerns_has_no_chance_of_a_gain():
    scenario = read(VALID / "shortest.toml")
    first = next(iter(scenario.actors.values()))
    beside = first.model_copy(update={"name": first.name.model_copy(update={"da": "Udenfor", "en": "Outside"})})
    case, memo = built(scenario.model_copy(update={"actors": {**scenario.actors, "udenfor": beside}}), "da")
    book = CalamineWorkbook.from_filelike(io.BytesIO(memo_workbook(case, memo)))
    row = next(row for row in book.get_sheet_by_name("Resultat").to_python() if row[0] == "Udenfor")
    assert case.say("untouched") in row
    named = [row[0] for row in book.get_sheet_by_name("Aktører").to_python()]
    assert named.count("Udenfor") == 2  # who bears, and the figures of the chart; no break-even, no promise


def test_the_same_memo_gives_the_same_bytes(made):
    case, memo, data = made
    assert memo_workbook(case, memo) == data
    assert b"1980-01-01" in parts(data)["docProps/core.xml"]


def test_a_text_that_is_longer_than_a_cell_says_that_it_was_cut():
    cut = cleaned("x" * 40_000, " … [cut]")
    assert len(cut) == LONGEST
    assert cut.endswith(" … [cut]")
    emoji = cleaned("😀" * 20_000, "…")
    assert len(emoji.encode("utf-16-le")) <= 2 * LONGEST
    assert cleaned("a\x00b\x1fc\ufffed\n", "…") == "a b c d\n"


@pytest.mark.parametrize(
    ("error", "form"),
    [(1.0, "#,##0.000,,"), (711.0, "#,##0.00,,_0"), (40_000.0, "#,##0.0,,_0_0"), (9e5, "#,##0,,_._0_0_0")],
)
def test_an_estimate_shows_only_the_digits_that_its_error_leaves(error, form):
    assert estimate(-3_705_454.3, error, "millions")[0].form.split(";")[0] == form
    assert estimate(-3_705_454.3, error, "millions")[0].value == -3_705_454.3


def test_what_rounds_to_zero_has_no_sign():
    for cell in (kroner(-0.3), estimate(-400.0, 2000.0, "millions")[0], measured(-0.0)):
        assert "−" not in cell.form
    assert "−" in kroner(-0.6).form


def test_a_chance_is_never_shown_as_0_or_100():
    assert count(1.0, 1e-5, "da")[0].form == '"flere end 99 af 100"'
    assert count(0.0, 1e-5, "en")[0].form == '"fewer than 1 of 100"'
    assert count(0.468, 0.02, "da")[0].form == '"45 af 100"'
    assert count(0.468, 0.02, "da")[0].value == pytest.approx(46.8)


def test_widths_follow_what_is_shown():
    assert shown_length(kroner(-3_705_454.0)) == len("−3.705.454")
    assert shown_length(count(0.47, 0.001, "da")[0]) == len("47 af 100")


def test_actors_have_the_colours_that_they_have_in_the_pictures():
    assert workbook_charts.COLOURS == chart_style.COLOURS


def test_names_of_sheets_fit_and_begin_with_a_letter():
    for key, both in WORKBOOK_TEXTS.items():
        if key.startswith(("sheet-", "chart-", "workbook-")):
            assert all(one[0] not in "=+-@" for one in both), key
        if key.startswith("sheet-"):
            assert all(len(one) <= 31 for one in both)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_calculates_the_same_values(made, tmp_path):
    _, _, data = made
    (tmp_path / "workbook.xlsx").write_bytes(data)
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    out = tmp_path / "out"
    command = [
        "soffice",
        "--headless",
        home,
        "--convert-to",
        "ods",
        "--outdir",
        str(out),
        str(tmp_path / "workbook.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    ours = CalamineWorkbook.from_filelike(io.BytesIO(data))
    theirs = CalamineWorkbook.from_path(out / "workbook.ods")
    for name in ours.sheet_names:
        pairs = zip(*(book.get_sheet_by_name(name).to_python() for book in (ours, theirs)), strict=False)
        numbers = [(one, two) for row, other in pairs for one, two in zip(row, other, strict=False)]
        numbers = [(one, two) for one, two in numbers if isinstance(one, float)]
        assert numbers or name in {"Metode", "Method"}
        for one, two in numbers:
            assert two == pytest.approx(one, rel=1e-12, abs=1e-6)
