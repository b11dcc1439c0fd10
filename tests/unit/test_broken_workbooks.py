"""Workbooks with mistakes: each is told with sheet and cell, all at once, in the language of the file."""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from string import Formatter

import pytest
from workbooks import FIRST, Grids, grids, put, written

from soemrisk.errors import ScenarioError
from soemrisk.messages import CATALOGUE, text
from soemrisk.reading import parse
from soemrisk.sheet_texts import SHEET_TEXTS
from soemrisk.sheet_wording_texts import SHEET_WORDING_TEXTS
from soemrisk.workbook_files import example_workbook, workbook_of_scenario

GOOD = grids(example_workbook("da"))
ENGLISH = grids(example_workbook("en"))
CHANGES, PRICES, EFFECT, SETTINGS = "Konsekvenser", "Priser", "Effekt", "Indstillinger"


def said(change: Callable[[Grids], object], base: Grids = GOOD, lang: str = "da", **merged: str) -> list[str]:
    sheets = copy.deepcopy(base)
    change(sheets)
    try:
        parse(written(sheets, merged), "b.xlsx")
    except ScenarioError as error:
        return error.describe(lang).split("\n")
    return []


def head(sheet: str, old: object, new: str) -> Callable[[Grids], object]:
    return lambda g: g[sheet][FIRST - 1].__setitem__(g[sheet][FIRST - 1].index(old), new)


def cell(sheet: str, row: int, heading: str, value: object) -> Callable[[Grids], object]:
    return lambda g: put(g[sheet], row, heading, value)


NOTE = "Egne kolonner skal hedde noget, der begynder med »Note«."
BROKEN: dict[str, tuple[Callable[[Grids], object], list[str]]] = {
    "a text that may be two numbers": (
        cell(CHANGES, 1, "Ændring", "1.234"),
        ["b.xlsx:Konsekvenser!C6: »1.234« er tekst og kan både være 1,234 og 1234: skriv det som et tal"],
    ),
    "a text for a number": (
        cell(CHANGES, 1, "Ændring", "ca. 40"),
        ["b.xlsx:Konsekvenser!C6: »ca. 40« er tekst og ikke et tal: skriv tallet alene, uden enhed"],
    ),
    "an error of a formula": (
        cell(PRICES, 1, "Pris", "#REF!"),
        ["b.xlsx:Priser!G6: formlen giver fejlen #REF!: ret den, eller skriv tallet"],
    ),
    "a date for a number": (
        cell("Deltagere", 1, "Gennemfører", dt.date(2026, 10, 3)),
        [
            "b.xlsx:Deltagere!B6: cellen er en dato (2026-10-03), som Excel har lavet af det skrevne: vælg formatet Tal, og skriv tallet igen"
        ],
    ),
    "a truth value for a number": (
        cell("Deltagere", 1, "Gennemfører", True),
        ["b.xlsx:Deltagere!B6: »TRUE« er tekst og ikke et tal: skriv tallet alene, uden enhed"],
    ),
    "a heading that was deleted": (
        head(CHANGES, "Enhed", ""),
        ["b.xlsx:Konsekvenser!S4: kolonnen har indhold, men ingen overskrift; her mangler: Enhed."],
    ),
    "a heading that is misspelt": (
        head("Aktører", "Navn", "Navm"),
        [f"b.xlsx:Aktører!B4: kolonnen »Navm« er ukendt; her kan stå: Id, Navn, Er en del af. {NOTE} Mente du »Navn«?"],
    ),
    "a heading that is there twice": (
        head("Aktører", "Navn (engelsk)", "Navn"),
        ["b.xlsx:Aktører!C4: overskriften »Navn« er der to gange"],
    ),
    "a sheet that was renamed": (
        lambda g: g.__setitem__("Prisser", g.pop(PRICES)),
        [
            "b.xlsx:Prisser: arket »Prisser« er ukendt; her kan stå: Indsats, Omkostninger, Deltagere, Effekt, Konsekvenser, Priser, Indstillinger, Fælles faktorer, Undergrupper, Virkninger, Tilskud, Aktører, Hovedområder, Lovet resultat, Prisindeks, Sammenhænge, Observationer. Egne ark skal hedde noget, der begynder med »Note«. Mente du »Priser«?"
        ],
    ),
    "a sheet that is missing": (lambda g: g.pop("Deltagere"), ["b.xlsx: arket »Deltagere« mangler"]),
    "a sheet that is taken for a note": (
        lambda g: g.__setitem__("Noter om konsekvenser", g.pop(CHANGES)),
        ["b.xlsx: arket »Konsekvenser« mangler; er der ikke noget at skrive på det, så lad det stå tomt"],
    ),
    "a sheet without headings": (
        lambda g: g[PRICES].__setitem__(FIRST - 1, []),
        [
            "b.xlsx:Priser: arket har ingen række med overskrifter; den skal begynde med: Id, Navn, Hovedområde, Enhed, Fra, Over."
        ],
    ),
    "no sheet of the form": (
        lambda g: [g.pop(name) for name in list(g) if name != "Vejledning"],
        ["b.xlsx: projektmappen er ikke en udfyldt formular (dens ark mangler): lav en med soemrisk workbook new"],
    ),
    "the figures of a memo": (
        lambda g: [g.pop(name) for name in list(g) if name not in {"Aktører", "Hovedområder"}],
        ["b.xlsx: projektmappen er ikke en udfyldt formular (dens ark mangler): lav en med soemrisk workbook new"],
    ),
    "shares that do not add up": (
        cell(PRICES, 1, "Andel: stat", 0.3),
        ["b.xlsx:Priser!N6: kontanthjaelp: andelene i rækken giver 1,1 tilsammen; de skal give 1 (100 %)"],
    ),
    "a service that is not there": (
        cell(CHANGES, 0, "Ydelse", "herbeg"),
        [
            "b.xlsx:Konsekvenser!B5: herberg: »herbeg« findes ikke på arket Priser; der findes: herberg, kontanthjaelp, ambulant, skat. Mente du »herberg«?"
        ],
    ),
    "no such choice": (
        cell(CHANGES, 1, "Lav og høj er", "90 pct"),
        [
            "b.xlsx:Konsekvenser!P6: »90 pct« kan ikke vælges her; muligt er: yderste grænser, 80 %-interval, 90 %-interval, 95 %-interval."
        ],
    ),
    "neither yes nor no": (cell(PRICES, 3, "Indtægt", "måske"), ["b.xlsx:Priser!R8: »måske« er hverken ja eller nej"]),
    "a row without an id": (
        cell(CHANGES, 1, "Id", ""),
        ["b.xlsx:Konsekvenser!A6: rækken har indhold, men kolonnen »Id« er tom"],
    ),
    "an id that is there twice": (
        cell(CHANGES, 1, "Id", "herberg"),
        ["b.xlsx:Konsekvenser!A6: »herberg« er der allerede: ret den ene af de to"],
    ),
    "a year that is there twice": (
        cell("Deltagere", 1, "År", 2025),
        ["b.xlsx:Deltagere!A6: »2025« er der allerede: ret den ene af de to"],
    ),
    "a unit that is missing": (
        cell(CHANGES, 1, "Enhed", ""),
        ["b.xlsx:Konsekvenser!S6: kontanthjaelp: her mangler »Enhed«"],
    ),
    "a year between that is missing": (
        cell(CHANGES, 0, "År 2", ""),
        ["b.xlsx:Konsekvenser!F5: her mangler et tal: senere år er udfyldt; skriv 0, hvis intet ændres"],
    ),
    "one number and a list": (
        cell(CHANGES, 0, "Ændring", -4),
        [
            "b.xlsx:Konsekvenser!C5: »Ændring« og årene (»År 0« og frem) er begge udfyldt: tøm én af dem. Ét tal i »Ændring« gælder alle år"
        ],
    ),
    "one number and one year": (
        cell(CHANGES, 1, "År 2", -3),
        [
            "b.xlsx:Konsekvenser!C6: »Ændring« og årene (»År 0« og frem) er begge udfyldt: tøm én af dem. Ét tal i »Ændring« gælder alle år"
        ],
    ),
    "a rate beside what was counted": (
        cell(EFFECT, 0, "Andel", 0.05),
        ["b.xlsx:Effekt!B5: »Andel« og det talte (»Antal succes« og »Ud af«) er begge udfyldt: tøm én af dem"],
    ),
    "a number out of what is possible": (
        cell(EFFECT, 1, "Andel", 20),
        [
            "b.xlsx:Effekt!B6: Succesrate uden indsatsen: 20 er ikke en andel fra 0 til 1: 30 procent skrives 30 % eller 0,3"
        ],
    ),
    "a field that is unknown": (
        cell(SETTINGS, 0, "Felt", "Først år"),
        [
            "b.xlsx:Indstillinger!A5: feltet »Først år« er ukendt; her kan stå: Første år, Sidste år, Basisår for diskontering, Resultaternes prisår, Diskonteringsrente, Kronerne falder i årets, Årgangene følges, Omkostninger diskonteres, Tilfældighed, Umulige sammenhænge, Øvrigt. Mente du »Første år«?"
        ],
    ),
    "a cell that says nothing": (
        cell(SETTINGS, 0, "Lav", 4),
        ["b.xlsx:Indstillinger!C5: »4« bliver ikke læst: feltet »Første år« har ikke noget i denne kolonne"],
    ),
    "a source of a setting that has none": (
        cell(SETTINGS, 2, "Kilde", "vores valg"),
        [
            "b.xlsx:Indstillinger!G7: »vores valg« bliver ikke læst: feltet »Basisår for diskontering« har ikke noget i denne kolonne"
        ],
    ),
    "a source without its setting": (
        cell(SETTINGS, 7, "Værdi", ""),
        ["b.xlsx:Indstillinger!B12: her mangler »Omkostninger diskonteres«"],
    ),
    "a setting without its source": (
        cell(SETTINGS, 7, "Kilde", ""),
        ["b.xlsx:Indstillinger!G12: her mangler »Kilde«"],
    ),
    "a text in the other language alone": (
        lambda g: [put(g["Indsats"], 4, "Tekst", ""), put(g["Indsats"], 4, "Tekst (engelsk)", "A home")],
        ["b.xlsx:Indsats!B9: Succesmål: her mangler »Tekst«"],
    ),
    "half a person": (
        cell(EFFECT, 0, "Antal succes", 14.5),
        ["b.xlsx:Effekt!C5: Succesrate med indsatsen: 14,5 er ikke et helt tal fra 0"],
    ),
    "a key of the settings that needs another": (
        cell(SETTINGS, 9, "Værdi", 'settings.level_scaling = "proportional"'),
        [
            'b.xlsx:Indstillinger!B14: level_scaling = "proportional" og level_scaling_source står sammen: at ændringer følger forbruget, og hvorfor',
            "b.xlsx:Indstillinger!B14: ingen konsekvens har level_studied, forbruget i den gruppe, ændringen er fundet i, så intet skaleres",
        ],
    ),
    "a reference to what has no sheet": (
        cell(CHANGES, 1, "Øvrigt", 'relatives = "boern"'),
        [
            "b.xlsx:Konsekvenser!W6: kontanthjaelp: »boern« findes ikke på arket Indstillinger (»Øvrigt«: [relatives]); der findes: –."
        ],
    ),
    "an id that is none": (
        cell("Hovedområder", 0, "Id", "Social"),
        [
            "b.xlsx:Hovedområder!A5: Social: »Social« kan ikke være et id: små bogstaver a–z, tal, - og _",
            "b.xlsx:Priser!D6: kontanthjaelp: »overfoersler« findes ikke på arket Hovedområder; der findes: sundhed, social, skat, omkostninger.",
        ],
    ),
    "a school year for a year": (
        head("Omkostninger", 2025.0, "2025-26"),
        [
            "b.xlsx:Omkostninger!L4: kolonnen »2025-26« er ikke ét kalenderår: skriv ét årstal, for eksempel 2025, og fordel på de år, det gælder"
        ],
    ),
    "a range that does not say what it means": (
        cell(CHANGES, 1, "Lav og høj er", ""),
        [
            "b.xlsx:Konsekvenser!P6: kontanthjaelp: »Lav«, »Høj« og »Lav og høj er« udfyldes sammen; her mangler: Lav og høj er"
        ],
    ),
    "an entry of another kind": (
        cell(PRICES, 0, "Fra vidensdatabasen", "herberg-110-pris-2022"),
        [
            "b.xlsx:Priser!S5: herberg: posten »herberg-110-pris-2022« er af slagsen »pris«; her skal stå en post af slagsen »ydelse«"
        ],
    ),
    "three success rates": (
        cell(EFFECT, 2, "Andel", 0.3),
        [
            "b.xlsx:Effekt!I7: Succesrate, netto: her mangler »Enhed«",
            "b.xlsx:Effekt!J7: Succesrate, netto: her mangler »Kilde«",
        ],
    ),
    "half a success rate": (
        lambda g: [put(g[EFFECT], 1, head, "") for head in g[EFFECT][FIRST - 1] if head not in {"", "Felt"}],
        ["b.xlsx:Effekt!B6: her mangler »Succesrate uden indsatsen«"],
    ),
    "the other half of a success rate": (
        lambda g: [put(g[EFFECT], 0, head, "") for head in g[EFFECT][FIRST - 1] if head not in {"", "Felt"}],
        ["b.xlsx:Effekt!B5: her mangler »Succesrate med indsatsen«"],
    ),
    "a spread in two ways": (
        cell(CHANGES, 1, "Signifikant på", 0.05),
        [
            "b.xlsx:Konsekvenser!C6: kontanthjaelp: usikkerheden er angivet på flere måder (»Lav« og »Høj«, Signifikant på): lad én af dem stå, og tøm de andre"
        ],
    ),
    "TOML that is none": (
        cell(CHANGES, 1, "Øvrigt", "onset = 1,5"),
        ["b.xlsx:Konsekvenser!W6: decimalkomma i 1,5: i »Øvrigt« skrives 1.5 med punktum"],
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_mistake_is_told_with_its_cell(name: str) -> None:
    change, messages = BROKEN[name]
    assert said(change) == messages


SPEC = Path(__file__).parents[1] / "spec" / "valid"
SUBGROUPS = grids(workbook_of_scenario(SPEC / "two-subgroups.toml", "da"))
OUTCOMES = grids(workbook_of_scenario(SPEC / "act-outcomes.toml", "da"))


def test_shares_of_subgroups_are_a_column() -> None:
    cells = said(cell("Undergrupper", 0, "Andel af deltagerne", 0.9), SUBGROUPS)
    assert len(cells) == 1
    assert cells[0].startswith("b.xlsx:Undergrupper!")
    column = next(n for n, head in enumerate(SUBGROUPS["Undergrupper"][FIRST - 1]) if head == "Andel af deltagerne")
    assert f"!{chr(65 + column)}{FIRST + 1}: " in cells[0]
    assert "andelene i kolonnen giver" in cells[0]
    lines = said(cell("Undergrupper", 1, "Andel af deltagerne", -0.2), SUBGROUPS)
    assert len(lines) == 1
    assert f"!{chr(65 + column)}{FIRST + 2}: " in lines[0]
    assert lines[0].endswith("en andel er negativ (-0,2); andele er fra 0 til 1")


def test_an_outcome_in_two_ways_is_told_with_headings() -> None:
    used = OUTCOMES["Virkninger"][FIRST - 1]
    both = ["Mindre af", "Mere af"]
    consequence = OUTCOMES[CHANGES][FIRST][0]

    def twice(g: Grids) -> None:
        for one in both:
            assert one in used
            put(g["Virkninger"], 0, one, consequence)

    assert said(twice, OUTCOMES)[0].endswith(
        "en virkning angives på én måde: »Mængde«, »Mindre af« eller »Mere af«. Udfyld den ene, og tøm de andre"
    )


def test_merged_cells_are_told() -> None:
    message = "b.xlsx:Konsekvenser!A5: cellerne A5:A6 er flettet: del dem igen, så hver række har sin egen"
    assert said(lambda _: None, Konsekvenser="A5:A6") == [message]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_sheets() -> None:
    def several(g: Grids) -> None:
        put(g[CHANGES], 1, "Ændring", "1.234")
        put(g[PRICES], 1, "Andel: stat", 0.3)
        put(g[EFFECT], 1, "Lav og høj er", "90 pct")
        put(g[CHANGES], 0, "Ydelse", "herbeg")
        put(g[PRICES], 2, "Lav", 9000)

    cells = [line.split(": ")[0].removeprefix("b.xlsx:") for line in said(several)]
    assert cells == ["Effekt!G6", "Konsekvenser!B5", "Konsekvenser!C6", "Priser!N6", "Priser!H7"]


def test_an_english_workbook_has_english_choices_in_its_messages() -> None:
    lines = said(lambda g: put(g["Consequences"], 1, "Low and high are", "90 pct"), ENGLISH, "en")
    choices = "hard limits, 80 % interval, 90 % interval, 95 % interval."
    assert lines == [f'b.xlsx:Consequences!P6: "90 pct" is not a choice here; allowed: {choices}']


def same(change: Callable[[Grids], object]) -> bool:
    sheets = copy.deepcopy(GOOD)
    change(sheets)
    return parse(written(sheets), "b.xlsx") == parse(written(GOOD), "b.xlsx")


def moved(g: Grids) -> None:
    g[PRICES] = g.pop(PRICES)  # the last sheet now
    g[CHANGES].insert(2, [])
    g[CHANGES].insert(FIRST + 2, ["", " "])
    for row in g["Aktører"]:
        row.insert(0, "")


def noted(g: Grids) -> None:
    for n, row in enumerate(g[CHANGES]):
        row.extend([""] * (30 - len(row)) + ["Note" if n == FIRST - 1 else n])


HARMLESS: dict[str, Callable[[Grids], object]] = {
    "nothing": lambda _: None,
    "sheets, rows and columns moved, empty rows between": moved,
    "a percentage as text": cell(EFFECT, 1, "Andel", "20 %"),
    "a decimal comma as text": cell(EFFECT, 1, "Andel", " 0,2 "),
    "a number with thousands marks as text": cell("Omkostninger", 0, "Beløb", "3.600.000"),
    "a number of persons as text": cell(EFFECT, 0, "Ud af", "20"),
    "a choice that Excel made a number": cell(EFFECT, 1, "Lav og høj er", 0.9),
    "a choice in English": cell(EFFECT, 1, "Lav og høj er", "90 % INTERVAL"),
    "a choice as TOML has it": cell(EFFECT, 1, "Lav og høj er", "90%"),
    "a truth value": cell(PRICES, 3, "Indtægt", True),
    "a year as text": cell("Deltagere", 1, "År", "2026"),
    "a heading with spaces and capitals": head(CHANGES, "Fælles faktor", "  FÆLLES  faktor "),
    "a heading in English": head(CHANGES, "Fælles faktor", "Common factor"),
    "a heading of a year as text": head("Omkostninger", 2025.0, "2025"),
    "spaces around an id": cell(CHANGES, 0, "Ydelse", " herberg "),
    "a formula": cell(EFFECT, 0, "Andel", ""),
    "a sheet of one's own": lambda g: g.__setitem__("Noter om priser", [["x"]]),
    "a column of one's own": noted,
    "an empty sheet": lambda g: g.__setitem__("Ark1", []),
    "rounding of Excel": cell(EFFECT, 1, "Andel", 0.1 + 0.1 + 1e-17),
}  # fmt: skip


@pytest.mark.parametrize("name", HARMLESS)
def test_what_can_mean_one_thing_only_is_understood(name: str) -> None:
    assert same(HARMLESS[name])


def test_the_value_of_a_formula_is_taken() -> None:
    sheets = copy.deepcopy(GOOD)
    put(sheets[EFFECT], 0, "Antal succes", "")
    put(sheets[EFFECT], 0, "Ud af", "")
    put(sheets[EFFECT], 0, "Andel", "=0.25*2")
    found = parse(written(sheets), "b.xlsx").success.with_
    assert found is not None
    assert found.value == 0.5


@pytest.mark.parametrize("begins", ["=1+1", "+4", "-x", "@a", "'x", "#x", "http://a.dk"])
def test_a_text_that_looks_like_a_formula_is_a_text(begins: str) -> None:
    sheets = copy.deepcopy(GOOD)
    put(sheets["Aktører"], 0, "Navn", begins if begins != "#x" else " #x")
    assert parse(written(sheets), "b.xlsx").actors["kommune"].name.da == begins


def test_words_for_workbooks_belong_to_rules_and_fill_in_nothing_else() -> None:
    parts = {"in-sheet-range", "in-sheet-counts"}  # ways to state a spread, which fill other texts
    for key, both in SHEET_WORDING_TEXTS.items():
        if key.startswith("in-sheet-") and key not in parts:
            rule = key.removeprefix("in-sheet-")
            known = {name for _, name, _, _ in Formatter().parse(CATALOGUE[rule][0])} | {"sheet"}
            for words in both:
                assert {name for _, name, _, _ in Formatter().parse(words)} <= known | {None}, key


@pytest.mark.parametrize("lang", ["da", "en"])
def test_messages_of_workbooks_quote_headings_and_labels_that_are_there(lang: str) -> None:
    place = ("da", "en").index(lang)
    quoted = re.compile("»(.+?)«" if lang == "da" else '"(.+?)"')
    shown = {
        text(key, lang, key="", head="") for key in SHEET_TEXTS if key.startswith(("column-", "field-", "choice-"))
    }
    choices = {"in all", "per year", "hard limits", "of the mean", "independent rates"}
    for key, both in SHEET_WORDING_TEXTS.items():
        for words in quoted.findall(both[place]):
            assert "{" in words or words in shown | choices, (key, words)


def test_english_messages_have_english_headings() -> None:
    lines = said(lambda g: put(g["Consequences"], 1, "Low and high are", ""), ENGLISH, "en")
    needed = '"Low", "High" and "Low and high are" are filled in together; missing here: Low and high are'
    assert lines == [f"b.xlsx:Consequences!P6: kontanthjaelp: {needed}"]
