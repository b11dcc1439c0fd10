"""Names of sheets, heads of columns and explanations of the workbook, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

WORKBOOK_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # sheets; Excel takes 31 letters
        "sheet-result": ("Resultat", "Result"),
        "sheet-actors": ("Aktører", "Actors"),
        "sheet-areas": ("Hovedområder", "Main areas"),
        "sheet-years": ("År", "Years"),
        "sheet-sensitivity": ("Følsomhed", "Sensitivity"),
        "sheet-assumptions": ("Forudsætninger", "Assumptions"),
        "sheet-method": ("Metode", "Method"),
        "title-result": ("Nettoresultat efter aktør", "Net result by actor"),
        "title-actors": (
            "Hvem betaler, hvem vinder, og hvad skal der til?",
            "Who pays, who gains, and what must hold?",
        ),
        "title-areas": ("Nettoresultat efter hovedområde", "Net result by main area"),
        "title-years": ("Nettoresultat år for år", "Net result year by year"),
        "title-sensitivity": ("Hvad driver resultatet?", "What drives the result?"),
        "title-assumptions": ("Alle forudsætninger med kilde", "Every assumption with its source"),
        "title-method": ("Metode, forbehold og kvittering", "Method, reservations and receipt"),
        # lines at the head of each sheet
        "workbook-draws": (
            "{draws} simulerede udfald ({sampler}, frø {seed}). ± er simuleringens standardfejl på tallet til venstre; cellerne rummer alle cifre, men viser kun dem, som fejlen tillader.",
            "{draws} simulated outcomes ({sampler}, seed {seed}). ± is the standard error of the simulation of the figure to its left; cells hold all digits but show only those that the error leaves.",
        ),
        "workbook-page": ("Side {page} af {pages}", "Page {page} of {pages}"),
        "workbook-cut": (
            " … [afkortet; hele teksten står i beregningens fil]",
            " … [cut; the whole text is in the scenario file]",
        ),
        "fact-participants": ("Deltagere, som gennemfører", "Participants who complete"),
        "fact-base": ("SØM-tal, kr.: {actor}", "SØM number, DKK: {actor}"),
        "fact-evpi": ("Fuld viden om alt (EVPI)", "Full knowledge of everything (EVPI)"),
        # heads
        "in-kroner": ("{name}, kr.", "{name}, DKK"),
        "in-thousands": ("{name}, 1.000 kr.", "{name}, DKK thousand"),
        "in-millions": ("{name}, mio. kr.", "{name}, DKK million"),
        "head-error": ("±", "±"),
        "head-base": ("SØM-tal", "SØM number"),
        "head-budget": ("Budgetvirkning, kr. (− = mindreudgift)", "Budget effect, DKK (− = less spending)"),
        "head-budget-of": (
            "Budgetvirkning, kr. (− = mindreudgift): {actor}",
            "Budget effect, DKK (− = less spending): {actor}",
        ),
        "head-each": ("Pr. deltager, kr.", "Per participant, DKK"),
        "head-mean": ("Middel", "Mean"),
        "head-gain": ("Gevinst i … udfald", "A gain in … outcomes"),
        "head-points": ("± point", "± points"),
        "head-cumulated-of": ("Kumuleret, kr.: {actor}", "Cumulated, DKK: {actor}"),
        "head-chance-share": ("Tilfældighedens del af variansen", "Chance as a share of the variance"),
        "head-payback": ("Hjemtjent i år (P50)", "Earned back in (P50)"),
        "head-within": ("Hjemtjent inden for årene i … udfald", "Earned back within the years in … outcomes"),
        "head-unit": ("Enhed", "Unit"),
        "head-low": ("P10", "P10"),
        "head-high": ("P90", "P90"),
        "head-at-low": ("Resultat ved P10, kr.", "Result at P10, DKK"),
        "head-at-high": ("Resultat ved P90, kr.", "Result at P90, DKK"),
        "head-less": ("Resultat ved −10 %, kr.", "Result at −10 %, DKK"),
        "head-more": ("Resultat ved +10 %, kr.", "Result at +10 %, DKK"),
        "change-at-low": ("Ændring ved P10, kr.", "Change at P10, DKK"),
        "change-at-high": ("Ændring ved P90, kr.", "Change at P90, DKK"),
        "change-less": ("Ændring ved −10 %, kr.", "Change at −10 %, DKK"),
        "change-more": ("Ændring ved +10 %, kr.", "Change at +10 %, DKK"),
        "head-shapley": ("Del af variansen", "Part of the variance"),
        "head-total-share": ("Del, samspil medregnet", "Part with interactions"),
        "head-known": ("Regnes som", "Counts as"),
        "known-uncertain": ("usikker", "uncertain"),
        "known-certain": ("kendt", "known"),
        "head-mark": ("Mærke", "Mark"),
        "head-place-in-file": ("Sted i filen", "Place in the file"),
        "head-topic": ("Emne", "Topic"),
        "head-text": ("Tekst", "Text"),
        "shares-of": ("{name}: hvem der bærer", "{name}: who bears it"),
        "factor-of": ("gange alle år ({unit})", "times all years ({unit})"),
        # titles of tables
        "workbook-result": (
            "Resultat efter aktør og læsning af konsekvenserne",
            "Result by actor and reading of the consequences",
        ),
        "workbook-who": ("Hvem bærer, og hvem får (SØM-tal, kr.)", "Who bears and who gets (SØM number, DKK)"),
        "workbook-zero": ("Succesrate, hvor resultatet er nul", "Success rate at which the result is zero"),
        "workbook-areas": (
            "Hovedområder: SØM-tal efter aktør, og bånd for den samlede virkning",
            "Main areas: SØM number by actor, and the band of the total",
        ),
        "workbook-years": ("SØM-tal efter år og aktør, kr.", "SØM number by year and actor, DKK"),
        "workbook-fan": ("Kumuleret resultat med bånd: {actor}", "Cumulated result with its band: {actor}"),
        "workbook-tornado": ("Én forudsætning ad gangen: {actor}", "One assumption at a time: {actor}"),
        "workbook-drivers": (
            "Del af variansen og værdi af viden: {actor}",
            "Part of the variance and worth of knowing: {actor}",
        ),
        "workbook-assumptions": ("Forudsætninger", "Assumptions"),
        "workbook-method": ("Metode", "Method"),
        "workbook-chart-data": ("Tal til diagrammet", "Figures of the chart"),
        "workbook-reading-guide": ("Om projektmappen", "About the workbook"),
        # rows and columns of figures for charts
        "data-name": ("Navn", "Name"),
        "data-height": ("Plads", "Position"),
        "data-to-low": ("P50 minus P10", "P50 minus P10"),
        "data-to-high": ("P90 minus P50", "P90 minus P50"),
        "data-to-p25": ("P50 minus P25", "P50 minus P25"),
        "data-to-p75": ("P75 minus P50", "P75 minus P50"),
        "data-lower": ("P25 minus P10", "P25 minus P10"),
        "data-inner": ("P75 minus P25", "P75 minus P25"),
        "data-upper": ("P90 minus P75", "P90 minus P75"),
        "sum-of-years": ("Sum af årene", "Sum of the years"),
        # charts
        "chart-bands": (
            "Nettoresultat efter aktør: P10–P90 (tynd), P25–P75 (tyk), P50 (mærke)",
            "Net result by actor: P10–P90 (thin), P25–P75 (thick), P50 (mark)",
        ),
        "chart-fan": ("Kumuleret nettoresultat: {actor}", "Cumulated net result: {actor}"),
        "chart-uncertainty": (
            "Ændring, når forudsætningen går fra P10 til P90: {actor}",
            "Change as the assumption moves from P10 to P90: {actor}",
        ),
        "chart-ten-percent": (
            "Ændring, når forudsætningen ændres 10 %: {actor}",
            "Change as the assumption moves by 10 %: {actor}",
        ),
        "chart-axis-net": ("Nettoresultat, {unit}", "Net result, {unit}"),
        "chart-axis-change": ("Ændring fra SØM-tallet, {unit}", "Change from the SØM number, {unit}"),
        "alt-bands": (
            "Vandrette bånd for hver aktør. {actor}: P10 {p10}, P50 {p50}, P90 {p90}. Tallene står i tabellen »Tal til diagrammet«.",
            "Horizontal bands by actor. {actor}: P10 {p10}, P50 {p50}, P90 {p90}. The figures are in the table “Figures of the chart”.",
        ),
        "alt-fan": (
            "Vifte over årene. {actor} ved udgangen af {last}: P10 {p10}, P50 {p50}, P90 {p90}. 2 af 10 udfald ligger uden for båndet.",
            "Fan over the years. {actor} at the end of {last}: P10 {p10}, P50 {p50}, P90 {p90}. 2 of 10 outcomes lie outside the band.",
        ),
        "alt-swings": (
            "Vandrette søjler fra SØM-tallet, den største øverst. {name}: fra {low} til {high}; SØM-tallet er {base}.",
            "Horizontal bars from the SØM number, the largest on top. {name}: from {low} to {high}; the SØM number is {base}.",
        ),
        # notes
        "note-budget": (
            "Budgetvirkningen har budgettabellernes fortegn, men er nutidsværdi i faste priser og undgåede udgifter til gennemsnitspriser: den skal omregnes, før den står i et budget.",
            "The budget effect has the sign of municipal budget tables, but it is present value in fixed prices and avoided spending at average prices: it must be converted before it stands in a budget.",
        ),
        "note-sums": (
            "I alt er en formel: summen af aktørerne uden dem, der er en del af en anden. P10, P50 og P90 kan ikke lægges sammen.",
            "The total is a formula: the sum of the actors without those that are a part of another. P10, P50 and P90 do not add up.",
        ),
        "note-errors-elsewhere": (
            "Fejlene står på arket {sheet}.",
            "The errors are on the sheet {sheet}.",
        ),
        "note-inner": (
            "P25 og P75 er vist med de cifre, som den største af fejlene i rækken tillader.",
            "P25 and P75 are shown with the digits that the largest error of the row leaves.",
        ),
        "note-rates": (
            "Netto: succesrate med indsats minus uden. P10–P90 er over det, der ikke vides, uden tilfældigheder; hjemtjent er med tilfældigheder.",
            "Net: success rate with the intervention minus without. P10–P90 are over what is not known, without chance; earned back includes chance.",
        ),
        "note-fan": (
            "2 af 10 udfald ligger uden for P10–P90, år for år; båndets kant er ikke en grænse.",
            "2 of 10 outcomes lie outside P10–P90, year by year; the edge of the band is no limit.",
        ),
        "note-tornado": (
            "P10–P90 svarer på, hvad uvisheden om forudsætningen betyder; 10 % op og ned på, hvor følsom beregningen er. Alt andet er som angivet; nettoresultatet er nul, hvor ændringen er minus SØM-tallet.",
            "P10–P90 answers what not knowing the assumption means; 10 % up and down how sensitive the calculation is. Everything else is as stated; the net result is zero where the change is minus the SØM number.",
        ),
        "note-ranked": (
            "Del af variansen (Shapley) lægger sammen til 100 %; med samspil gør den ikke. Værdi af viden: højst så meget bedre bliver beslutningen i gennemsnit, når netop det kendes først. ± er 0, hvor tallet er beregnet og ikke simuleret.",
            "Parts of the variance (Shapley) add up to 100 %; with interactions they do not. Worth of knowing: at most so much better does the decision become on average if just this is known first. ± is 0 where the figure is calculated and not simulated.",
        ),
        "note-formulas": (
            "Summer, kumulerede tal, tal pr. deltager, gevinst minus omkostning og budgetvirkning er formler, som kan efterprøves. De simulerede tal er værdier: ændres en celle, regnes simuleringen ikke om.",
            "Sums, cumulated figures, figures per participant, gain minus cost and the budget effect are formulas that can be checked. Simulated figures are values: changing a cell does not repeat the simulation.",
        ),
        "note-fifteen": (
            "Excel regner med 15 betydende cifre; de fulde tal står i summary.json (soemrisk run --out).",
            "Excel keeps 15 significant digits; the full figures are in summary.json (soemrisk run --out).",
        ),
    }
)
