"""What is said of workbooks: mistakes in them by rule id, what the guide sheet says, and what the commands say."""

from collections.abc import Mapping
from types import MappingProxyType

SHEET_PROBLEM_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # the file
        "workbook-not-one": (
            "er ikke en Excel-projektmappe (.xlsx), uanset hvad filen hedder",
            "this is no Excel workbook (.xlsx), whatever its name says",
        ),
        "workbook-damaged": (
            "projektmappen er beskadiget eller ufuldstændig: hent eller gem den igen",
            "the workbook is damaged or incomplete: fetch or save it again",
        ),
        "workbook-old": (
            "er i det gamle Excel-format (.xls) eller låst med adgangskode: gem den som .xlsx uden adgangskode",
            "is in the old Excel format (.xls) or locked with a password: save it as .xlsx without a password",
        ),
        "workbook-kind": (
            "er en {kind}-fil og ikke en .xlsx: gem den som Excel-projektmappe (.xlsx)",
            "is a {kind} file and not an .xlsx: save it as an Excel workbook (.xlsx)",
        ),
        "workbook-parts": (
            "projektmappen har mere end {most} dele: kopiér arkene over i en ny",
            "the workbook has more than {most} parts: copy the sheets into a new one",
        ),
        "workbook-names": (
            "projektmappen har dele, der peger ud af den eller hedder det samme, og bliver ikke læst",
            "the workbook has parts that lead out of it or have the same name, and is not read",
        ),
        "workbook-unpacked": (
            "projektmappen fylder mere end {most} udpakket, eller er pakket urimeligt tæt, og bliver ikke læst",
            "the workbook takes more than {most} unpacked, or is packed too densely, and is not read",
        ),
        "workbook-xml": (
            "projektmappen har erklæringer i {part}, som Excel ikke skriver, og bliver ikke læst",
            "the workbook has declarations in {part} that Excel does not write, and is not read",
        ),
        "workbook-cells": (
            "et ark har celler længere ude end række {rows} eller kolonne {columns}, eller for mange: slet det overflødige",
            "a sheet has cells further out than row {rows} or column {columns}, or too many: delete what is not needed",
        ),
        "workbook-no-form": (
            "projektmappen er ikke en udfyldt formular (dens ark mangler): lav en med soemrisk workbook new",
            "the workbook is no filled form (its sheets are missing): make one with soemrisk workbook new",
        ),
        "workbook-filled": (
            "mere end {most} udfyldte celler, eller mere end {observed} observationer, bliver ikke læst",
            "more than {most} filled cells, or more than {observed} observations, are not read",
        ),
        # its sheets
        "sheet-unknown": (
            "arket »{found}« er ukendt; her kan stå: {allowed}. Egne ark skal hedde noget, der begynder med »Note«.",
            'the sheet "{found}" is unknown; allowed: {allowed}. Sheets of your own have a name that begins with "Note".',
        ),
        "sheet-missing": ("arket »{found}« mangler", 'the sheet "{found}" is missing'),
        "sheet-missing-empty": (
            "arket »{found}« mangler; er der ikke noget at skrive på det, så lad det stå tomt",
            'the sheet "{found}" is missing; if there is nothing to type on it, leave it empty',
        ),
        "sheet-twice": ("arket »{found}« er der to gange", 'the sheet "{found}" is there twice'),
        "sheet-no-headings": (
            "arket har ingen række med overskrifter; den skal begynde med: {allowed}.",
            "the sheet has no row of headings; it begins with: {allowed}.",
        ),
        "heading-unknown": (
            "kolonnen »{found}« er ukendt; her kan stå: {allowed}. Egne kolonner skal hedde noget, der begynder med »Note«.",
            'the column "{found}" is unknown; allowed: {allowed}. Columns of your own have a name that begins with "Note".',
        ),
        "heading-gone": (
            "kolonnen har indhold, men ingen overskrift; her mangler: {allowed}.",
            "the column has content but no heading; missing here: {allowed}.",
        ),
        "heading-twice": ("overskriften »{found}« er der to gange", 'the heading "{found}" is there twice'),
        "row-without-id": (
            "rækken har indhold, men kolonnen »{head}« er tom",
            'the row has content, but the column "{head}" is empty',
        ),
        "row-unknown": (
            "feltet »{found}« er ukendt; her kan stå: {allowed}.",
            'the field "{found}" is unknown; allowed: {allowed}.',
        ),
        "row-twice": (
            "»{found}« er der allerede: ret den ene af de to",
            '"{found}" is there already: correct one of the two',
        ),
        "cell-merged": (
            "cellerne {found} er flettet: del dem igen, så hver række har sin egen",
            "the cells {found} are merged: split them, so that each row has its own",
        ),
        "cell-error": (
            "formlen giver fejlen {found}: ret den, eller skriv tallet",
            "the formula gives the error {found}: correct it, or type the number",
        ),
        "cell-not-a-number": (
            "»{found}« er tekst og ikke et tal: skriv tallet alene, uden enhed",
            '"{found}" is text and not a number: type the number alone, without a unit',
        ),
        "cell-ambiguous": (
            "»{found}« er tekst og kan både være {small} og {large}: skriv det som et tal",
            '"{found}" is text and may be {small} or {large}: type it as a number',
        ),
        "cell-date": (
            "cellen er en dato ({found}), som Excel har lavet af det skrevne: vælg formatet Tal, og skriv tallet igen",
            "the cell is a date ({found}) that Excel made of what was typed: choose the format Number, and type it again",
        ),
        "cell-truth": ("»{found}« er hverken ja eller nej", '"{found}" is neither yes nor no'),
        "cell-choice": (
            "»{found}« kan ikke vælges her; muligt er: {allowed}.",
            '"{found}" is not a choice here; allowed: {allowed}.',
        ),
        "cell-unused": (
            "»{found}« bliver ikke læst: feltet »{field}« har ikke noget i denne kolonne",
            '"{found}" is not read: the field "{field}" has nothing in this column',
        ),
        "cell-stated-twice": (
            "det samme ({key}) er angivet to steder med forskelligt indhold: slet det ene",
            "the same ({key}) is stated in two places with different content: delete one",
        ),
        "column-not-one": (
            "andelene i kolonnen giver {sum} tilsammen; de skal give 1 (100 %)",
            "the shares of the column add up to {sum}; they must add up to 1 (100 %)",
        ),
        "sheet-of-other": ("Indstillinger (»Øvrigt«: [{section}])", 'Settings ("Other": [{section}])'),
        "cell-gap": (
            "her mangler et tal: senere år er udfyldt; skriv 0, hvis intet ændres",
            "a number is missing: later years are filled in; type 0 if nothing changes",
        ),
        "cell-beside-years": (
            "»Ændring« og årene (»År 0« og frem) er begge udfyldt: tøm én af dem. Ét tal i »Ændring« gælder alle år",
            '"Change" and the years ("Year 0" and on) are both filled in: empty one of them. One number in "Change" holds for all years',
        ),
        "cell-beside-counts": (
            "»Andel« og det talte (»Antal succes« og »Ud af«) er begge udfyldt: tøm én af dem",
            '"Rate" and what was counted ("Successes" and "Out of") are both filled in: empty one of them',
        ),
        "observed-place": (
            "overskriften »{found}« er ikke pladsen for et tal i beregningen",
            'the heading "{found}" is not the place of a number of the scenario',
        ),
        # commands
        "workbook-ending": (
            "»{found}« skal ende på {ending}",
            '"{found}" must end in {ending}',
        ),
        "workbook-written": ("skrevet: {name}", "written: {name}"),
        "workbook-exists": (
            "{name} findes allerede: vælg et andet navn, eller sig --force for at skrive den over",
            "{name} exists already: choose another name, or say --force to write over it",
        ),
        "workbook-too-long": (
            "noget i beregningen kan ikke stå i en celle (mere end 32.767 tegn eller tegn, som Excel ikke har): {place}",
            "something in the scenario cannot stand in a cell (more than 32,767 characters, or characters that Excel does not have): {place}",
        ),
        # the guide sheet
        "guide-title": ("En SØM-beregning med usikkerhed", "A SØM calculation with its uncertainty"),
        "guide-title-of": ("{name}", "{name}"),
        "guide-steps": ("Udfyld arkene i denne rækkefølge", "Fill in the sheets in this order"),
        "guide-more": ("Arkene bagved", "The sheets behind"),
        "guide-how": ("Sådan udfyldes de", "How to fill them in"),
        "guide-example": (
            "Eksemplet er opdigtet og kan køres, som det står. Skriv jeres egne tal i de farvede celler, og slet de rækker, I ikke bruger.",
            "The example is invented and runs as it stands. Type your own numbers in the coloured cells, and delete rows that you do not use.",
        ),
        "guide-cells": (
            "Skriv kun i de farvede celler. Resten er låst uden adgangskode (Gennemse, Fjern arkbeskyttelse), så intet kommer til at gå i stykker.",
            "Type in coloured cells only. The rest is locked without a password (Review, Unprotect Sheet), so that nothing breaks by accident.",
        ),
        "guide-numbers": (
            "Skriv tal, som I plejer i Excel, med decimalkomma. Andele er procent: 65 % eller 0,65.",
            "Type numbers as you do in Excel. Shares are per cent: 65 % or 0.65.",
        ),
        "guide-spread": (
            "Lav og høj siger, hvor sikkert tallet er, og »Lav og høj er« siger, hvad de betyder. Uden dem regnes tallet som kendt.",
            'Low and high say how sure the number is, and "Low and high are" what they mean. Without them the number is taken as known.',
        ),
        "guide-sources": (
            "Hvert tal har en enhed og en kilde. Skriv »assumption: …« i kilden, hvor tallet er jeres skøn.",
            'Every number has a unit and a source. Write "assumption: …" in the source where the number is your own judgement.',
        ),
        "guide-library": (
            "Vælg et id i »Fra vidensdatabasen«, og lad resten af rækken stå tom: så kommer navn, enhed, pris og kilde derfra.",
            'Choose an id in "From the library", and leave the rest of the row empty: name, unit, price and source come from there.',
        ),
        "guide-own": (
            "Egne ark og kolonner må gerne stå her, når navnet begynder med »Note«. De bliver ikke læst.",
            'Sheets and columns of your own may stand here if their name begins with "Note". They are not read.',
        ),
        "guide-run": ("Når det er udfyldt", "When it is filled in"),
        "guide-check": (
            "soemrisk check FIL.xlsx – siger alt, hvad der mangler, med ark og celle",
            "soemrisk check FILE.xlsx – says all that is missing, with sheet and cell",
        ),
        "guide-do": ("soemrisk run FIL.xlsx – regner", "soemrisk run FILE.xlsx – calculates"),
        "guide-memo": (
            "soemrisk memo FIL.xlsx --out MAPPE – skriver beslutningsgrundlaget",
            "soemrisk memo FILE.xlsx --out DIR – writes the memo",
        ),
        "guide-import": (
            "soemrisk workbook import FIL.xlsx UD.toml – skriver det samme som TOML",
            "soemrisk workbook import FILE.xlsx OUT.toml – writes the same as TOML",
        ),
        # the sheet of the library
        "entries-id": ("Id", "Id"),
        "entries-name": ("Navn", "Name"),
        "entries-kind": ("Slags", "Kind"),
        "entries-value": ("Værdi", "Value"),
        "entries-unit": ("Enhed", "Unit"),
        "entries-year": ("Prisår", "Price year"),
        "entries-source": ("Kilde", "Source"),
        "input-wrong": ("Det kan ikke stå her", "This cannot stand here"),
        "input-choice": ("Vælg fra listen.", "Choose from the list."),
        "input-number": ("Skriv et tal.", "Type a number."),
        "input-truth": ("Vælg ja eller nej.", "Choose yes or no."),
    }
)
