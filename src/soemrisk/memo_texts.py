"""Headings, columns and explanations of the memo, in Danish and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

MEMO_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "memo-kind": ("Bilag: beregning med usikkerhed", "Annex: calculation with uncertainty"),
        "memo-as-of": ("På vidensgrundlaget pr. {date}.", "On the evidence as of {date}."),
        "memo-needs-extra": (
            'memo.{format} kræver et ekstra bibliotek; i projektets mappe: pip install ".[{extra}]"',
            'memo.{format} needs another library; in the project\'s folder: pip install ".[{extra}]"',
        ),
        "memo-contents": ("Indhold", "Contents"),
        "memo-page": ("Side", "Page"),
        # headings
        "head-summary": ("Resumé", "Summary"),
        "head-result": ("Resultat efter aktør", "Result by actor"),
        "head-areas": ("Hvor kommer det fra, og hvornår?", "Where does it come from, and when?"),
        "head-zero": ("Hvad skal der til?", "What must hold?"),
        "head-promise": ("For højt eller for lavt?", "Too high or too low?"),
        "head-uncertain": ("Hvor er den største usikkerhed?", "Where is the largest uncertainty?"),
        "head-find-out": ("Hvad bør undersøges?", "What should be found out?"),
        "head-who": ("Hvem betaler, og hvem vinder?", "Who pays, and who gains?"),
        "head-unpriced": ("Hvad er ikke i kroner?", "What is not in kroner?"),
        "head-caveats": ("Forbehold", "Reservations"),
        "head-assumptions": ("Forudsætninger", "Assumptions"),
        "head-method": ("Metode", "Method"),
        "head-receipt": ("Kvittering", "Receipt"),
        # fact box
        "facts-title": ("Fakta om beregningen", "Facts on the calculation"),
        "facts-intervention": ("Indsats", "Intervention"),
        "facts-target": ("Målgruppe", "Target group"),
        "facts-measure": ("Succesmål", "Success measure"),
        "facts-rate": ("Succesrate (netto)", "Success rate (net)"),
        "facts-rates-of-subgroups": ("{net} i gennemsnit ({groups})", "{net} on average ({groups})"),
        "facts-rates": (
            "{net}: {with_} med indsats, {without} uden",
            "{net}: {with_} with the intervention, {without} without",
        ),
        "facts-period": ("Projektperiode", "Project period"),
        "facts-duration": ("Varighed", "Duration"),
        "facts-participants": ("Deltagere", "Participants"),
        "facts-completers": ("{persons}, som gennemfører {years}", "{persons} who complete {years}"),
        "facts-costs": ("Omkostninger", "Costs"),
        "facts-results": ("SØM-tal", "SØM number"),
        "facts-source": ("Kilde", "Source"),
        # columns
        "col-actor": ("Aktør", "Actor"),
        "col-reading": ("Læsning", "Reading"),
        "col-base": ("SØM-tal", "SØM number"),
        "col-mean": ("Middel", "Mean"),
        "col-gain": ("Gevinst af 100", "Gain of 100"),
        "col-area": ("Hovedområde", "Main area"),
        "col-each": ("Pr. deltager", "Per participant"),
        "col-year": ("År", "Year"),
        "col-cumulated": ("Kumuleret", "Cumulated"),
        "col-zero": ("Nulpunkt", "Break-even"),
        "col-margin": ("Margin", "Margin"),
        "col-not-enough": ("Selv 100 % er ikke nok", "Even 100 % is not enough"),
        "col-cash": ("Udiskonteret", "Undiscounted"),
        "col-promised": ("Lovet", "Promised"),
        "col-reached": ("Nås af 100", "Reached of 100"),
        "col-shortfall": ("Mangler i snit", "Missing on average"),
        "col-wrong-sign": ("Nul eller andet fortegn, af 100", "Zero or other sign, of 100"),
        "col-worst": ("De 10 dårligste", "The 10 least favourable"),
        "col-input": ("Forudsætning", "Assumption"),
        "col-share": ("Del af variansen", "Part of the variance"),
        "col-width": ("P10–P90", "P10–P90"),
        "col-worth": ("Værdi af viden", "Worth of knowing"),
        "col-place": ("Plads", "Place"),
        "col-value": ("Værdi", "Value"),
        "col-source": ("Kilde", "Source"),
        "col-evidence": ("Evidens", "Evidence"),
        "col-cost-part": ("Omkostninger", "Costs"),
        "col-gain-part": ("Gevinster", "Gains"),
        # tables
        "table-short": ("Resultat efter aktør, kr.", "Result by actor, DKK"),
        "table-readings": (
            "Nettoresultat i flere læsninger af konsekvenserne, kr.",
            "Net result in several readings of the consequences, DKK",
        ),
        "reading-stated": ("som angivet", "as stated"),
        "reading-correlated": ("alle konsekvenser fejler sammen", "all consequences err together"),
        "reading-corrected": (
            "rettet, som om hver kun lige var signifikant",
            "corrected as if each were just significant",
        ),
        "table-areas": ("Nettoresultat efter hovedområde, kr.", "Net result by main area, DKK"),
        "table-years": ("Nettoresultat år for år ({actor}), kr.", "Net result year by year ({actor}), DKK"),
        "table-zero": ("Succesrate, hvor resultatet er nul", "Success rate at which the result is zero"),
        "table-base-risk": ("SØM-tallet og risikoen, kr.", "The SØM number and the risk, DKK"),
        "table-promise": ("Det lovede tal og risikoen, kr.", "The promised figure and the risk, DKK"),
        "table-drivers": ("Hvad driver resultatet ({actor})", "What drives the result ({actor})"),
        "table-who": ("Hvem bærer, og hvem får, kr.", "Who bears and who gets, DKK"),
        "table-payments": (
            "Betaling, hvormed en aktør har gevinst i så mange af 100 udfald, kr.",
            "Payment with which an actor has a gain in so many of 100 outcomes, DKK",
        ),
        "col-payment": ("Betaling", "Payment"),
        "col-level": ("{count} af 100", "{count} of 100"),
        "payment-lump_sum": ("tilskud i alt", "grant in all"),
        "payment-per_success": ("pr. succes", "per success"),
        "table-uncertain-inputs": ("Usikre forudsætninger", "Uncertain assumptions"),
        "table-certain-inputs": ("Regnet som kendte", "Counted as known"),
        "others": ("øvrige ({count})", "others ({count})"),
        "not-reached": ("nås ikke", "not reached"),
        "any-rate": ("alle rater", "any rate"),
        "rate-always": ("alle rater", "any rate"),
        "rate-never": ("ingen", "none"),
        "rate-free": ("betaler intet", "pays nothing"),
        "rate-burden": ("ingen", "none"),
        "rate-nothing": ("–", "–"),
        "no-rate": ("ingen", "none"),
        "points": ("{value} procentpoint", "{value} percentage points"),
        # marks of assumptions
        "mark-calibrated": ("tilpasset", "calibrated"),
        "mark-calibrated-to": ("tilpasset til", "calibrated to"),
        "mark-assumed": ("skøn", "judgement"),
        "price-index": ("Prisindeks", "Price index"),
        "level-scaling": ("Ændringer, når forbruget er et andet", "Changes where another use is found"),
        "changes-follow-use": (
            "i forhold til forbruget her og i den undersøgte gruppe",
            "in proportion to the use here and in the group studied",
        ),
        "price-index-beyond": (
            "Prisindeks uden for sine år, stigning om året",
            "Price index outside its years, rise a year",
        ),
        "grant-booked": ("bogført hos giveren", "booked at its payer"),
        "grant-not-booked": ("ikke trukket fra", "not deducted"),
        "as-changes": ("{first} … {last} efter år", "{first} … {last} by year"),
        # notes
        "note-sign": (
            "Plus er gevinst (færre udgifter, flere indtægter). Kommunens budgettabeller har modsat fortegn.",
            "Plus is a gain (less spending, more income). Municipal budget tables have the opposite sign.",
        ),
        "note-mean": (
            "Middel er regnet uden tilfældigheder, som ikke flytter det.",
            "The mean is calculated without chance, which does not move it.",
        ),
        "note-mean-correlated": (
            "Middel er regnet uden tilfældigheder, som ikke flytter det; kun hvor alle konsekvenser fejler sammen, er de med.",
            "The mean is calculated without chance, which does not move it; only where all consequences err together is it included.",
        ),
        "note-quantiles": (
            "P10, P50 og P90 kan ikke lægges sammen på tværs.",
            "P10, P50 and P90 do not add up across rows.",
        ),
        "note-zero": (
            "Netto: succesrate med indsats minus uden. P10–P90 er over det, der ikke vides, uden tilfældigheder. Margin i procentpoint. Sidste kolonne: i så mange af 100 udfald.",
            "Net: success rate with the intervention minus without. P10–P90 are over what is not known, without chance. Margin in percentage points. Last column: in so many of 100 outcomes.",
        ),
        "note-years": (
            "Udiskonteret: som beløbet falder i året, i {price_year}-priser; de andre kolonner er nutidsværdi og ikke budgettal. Kumuleret: SØM-tal til og med året, derefter P10–P90 af det.",
            "Undiscounted: as the amount falls in the year, in {price_year} prices; the other columns are present values, not budget figures. Cumulated: SØM number to the end of the year, then its P10–P90.",
        ),
        "note-promise": (
            "»Mangler i snit« er gennemsnittet af det, der mangler, når det lovede ikke nås; »De 10 dårligste« gennemsnittet af de 10 dårligste af 100 udfald.",
            "“Missing on average” is the mean of what is missing where the promise is not reached; “The 10 least favourable” the mean of those 10 of 100 outcomes.",
        ),
        "note-base-risk": (
            "»Mangler i snit« er gennemsnittet af det, der mangler, når SØM-tallet ikke nås; »De 10 dårligste« gennemsnittet af de 10 dårligste af 100 udfald.",
            "“Missing on average” is the mean of what is missing where the SØM number is not reached; “The 10 least favourable” the mean of those 10 of 100 outcomes.",
        ),
        "from-to": ("{low} til {high} {unit}", "{low} to {high} {unit}"),
        "note-marks": (
            "»Tilpasset«: fundet, så beregningen rammer et offentliggjort tal. »Skøn«: hviler helt eller delvis på en antagelse. *: den angivne værdi ligger uden for P10–P90. Ved en ydelse står, hvem der bærer den. Kilder står på det sprog, som de er angivet på.",
            "“Calibrated”: found so that the calculation meets a published figure. “Judgement”: rests wholly or partly on an assumption. *: the stated value lies outside P10–P90. Beside a service stands who bears it. Sources are quoted in the language in which they were stated.",
        ),
        "note-evidence": (
            "Evidens: 1 metaanalyse eller lodtrækningsforsøg, 2 med sammenligningsgruppe, 3 uden.",
            "Evidence: 1 meta-analysis or randomised trial, 2 with a comparison group, 3 without.",
        ),
        "note-no-evidence": (
            "Ingen forudsætning har en angivet evidensgrad.",
            "No assumption states a level of evidence.",
        ),
        "note-places": (
            "Plads efter usikkerhed (P10–P90 mindst {width} af det, linjen giver) og betydning (mindst {importance} af værdien af fuld viden). Grænserne er vores valg.",
            "Place by uncertainty (P10–P90 at least {width} of what the line gives) and importance (at least {importance} of the worth of full knowledge). The limits are our choice.",
        ),
        "note-payments": (
            "Plus: så meget skal aktøren have, rundet op. Minus: så meget kan den undvære. Nutidsværdi for et tilskud i alt; en betaling pr. succes gives i succesens år og diskonteres derfra. Tilfældigheder er regnet med.",
            "Plus: so much must the actor get, rounded up. Minus: so much can it do without. Present value of a grant in all; a payment per success is given in the year of the success and discounted from there. Chance is included.",
        ),
        "note-grouped": (
            "{count} linjer er tilpasset offentliggjorte totaler og derfor taget samlet pr. hovedområde; deres rækkefølge siger noget om tilpasningen, ikke om virkeligheden.",
            "{count} lines are fitted to published totals and therefore taken together by main area; their ranking says something about the fitting, not about reality.",
        ),
        # first page
        "summary-readings": (
            "Læses konsekvenserne anderledes, ændrer tallet sig ({actor}): {counts}.",
            "If the consequences are read differently, the count changes ({actor}): {counts}.",
        ),
        "summary-reading": ("{count} af 100 ({reading})", "{count} of 100 ({reading})"),
        "summary-opposite-p50": (
            "Som angivet er resultatet i det midterste udfald samlet {total}, men {own} for den, der beslutter ({actor}).",
            "As stated, the result in the middle outcome is {total} in total, but {own} for the one who decides ({actor}).",
        ),
        "summary-opposite-base": (
            "SØM-tallet er samlet {total}, men {own} for den, der beslutter ({actor}).",
            "The SØM number is {total} in total, but {own} for the one who decides ({actor}).",
        ),
        "unpriced-none": (
            "Beregningen nævner ingen gevinster uden pris.",
            "The calculation names no gains without a price.",
        ),
        # method
        "method-net": (
            "Nettoresultatet er indsatsens omkostninger og de tilbagediskonterede konsekvenser: antal succeser × ændring i forbrug pr. succes × pris × aktørens andel, år for år. SØM-tallet er beregningen med hver forudsætnings angivne værdi.",
            "The net result is the costs of the intervention and its discounted consequences: number of successes × change in use per success × price × share of the actor, year by year. The SØM number is the calculation at the stated value of every input.",
        ),
        "method-draws": (
            "Hver usikker forudsætning har en fordeling, som følger af det, kilden siger. Beregningen er gentaget {draws} gange med værdier derfra ({sampler}, 16 uafhængige sæt) og med tilfældigheden i, hvem af deltagerne der lykkes. »Af 100 udfald« er andelen af de {draws} udfald. Fejlen (95 %) på chancen for gevinst er højst ±{points} af 100 og på middel højst ±{amount}, i alle læsninger; andre tal har deres egen fejl, som cifrene er afpasset efter.",
            "Each uncertain input has a distribution that follows from what its source says. The calculation is repeated {draws} times with values from them ({sampler}, 16 independent sets) and with the chance in who of the participants succeeds. “Of 100 outcomes” is the share of the {draws} outcomes. The error (95 %) of the chance of a gain is at most ±{points} of 100 and of the mean at most ±{amount}, in every reading; other figures have errors of their own, which set their digits.",
        ),
        "method-drivers": (
            "Del af variansen (Shapley) og værdien af viden om en enkelt forudsætning er beregnet, ikke simuleret. Værdien af viden er, hvor meget bedre beslutningen for eller imod indsatsen i gennemsnit bliver, når man kender forudsætningen først.",
            "Parts of the variance (Shapley) and the worth of knowing a single input are calculated, not simulated. The worth of knowing is by how much the decision for or against the intervention improves on average if the input is known first.",
        ),
        "method-words": (
            "Ord for sandsynlighed: næsten sikkert fra 99 %, meget sandsynligt fra 85, sandsynligt fra 60, omtrent lige så sandsynligt som ikke fra 40. Et ord står her kun, hvor det gælder i hver læsning af konsekvenserne.",
            "Words for probability: almost certain from 99 %, very likely from 85, likely from 60, about as likely as not from 40. A word is used only where it holds in every reading of the consequences.",
        ),
        "method-discount": (
            "Diskonteringsrente {rate}; omkostninger er {costs}. {prices}",
            "Discount rate {rate}; costs are {costs}. {prices}",
        ),
        "method-index": (
            "Priser er omregnet til {price_year} med {index}.",
            "Prices are converted to {price_year} with the {index}.",
        ),
        "method-fixed": ("Alle priser er {price_year}-priser.", "All prices are {price_year} prices."),
        "costs-discounted": ("diskonteret", "discounted"),
        "costs-not-discounted": ("ikke diskonteret", "not discounted"),
        # receipt
        "receipt-scenario": ("Beregning", "Scenario"),
        "receipt-scenario_sha256": ("Indhold (SHA-256)", "Content (SHA-256)"),
        "receipt-run": ("Kørsel", "Run"),
        "receipt-seed": ("Frø", "Seed"),
        "receipt-draws": ("Udfald", "Draws"),
        "receipt-replicates": ("Gentagelser", "Replicates"),
        "receipt-sampler": ("Punkter", "Sampler"),
        "receipt-versions": ("Versioner", "Versions"),
        "receipt-again": (
            "Samme beregning, frø og versioner giver samme tal.",
            "The same scenario, seed and versions give the same figures.",
        ),
        "more-steps": (" (og {count} trin)", " (and {count} steps)"),
        # pictures
        "figure-prices": (
            "{price_year}-priser ({index}), nutidsværdi pr. {base_year}.",
            "{price_year} prices ({index}), present value as of {base_year}.",
        ),
        "dots-message": (
            "{actor}: gevinst i {count} af 100 lige sandsynlige udfald",
            "{actor}: a gain in {count} of 100 equally likely outcomes",
        ),
        "dots-what": (
            "Hver prik er et af 100 lige sandsynlige udfald af netop denne indsats; fyldt er gevinst, åben er ikke. Hver aktør i sin egen skala, tilfældigheder iberegnet. {line}",
            "Each dot is one of 100 equally likely outcomes of this very intervention; filled is a gain, open is not. Each actor on a scale of its own, chance included. {line}",
        ),
        "dots-panel": ("{actor}\n{count} af 100", "{actor}\n{count} of 100"),
        "dots-alt": (
            "Prikdiagram. {message}; samlet i {total}. Resultatet ligger mellem {p10} og {p90} i 80 af 100.",
            "Dot plot. {message}; in total in {total}. The result lies between {p10} and {p90} in 80 of 100.",
        ),
        "alt-net-by-actor": (
            "Bånd for hver aktør. {message}. {actor}: P10 {p10}, P50 {p50}, P90 {p90}.",
            "Bands by actor. {message}. {actor}: P10 {p10}, P50 {p50}, P90 {p90}.",
        ),
        "alt-cumulated": (
            "Vifte over årene for hver aktør. {message}. {actor} ved udgangen af {last}: P10 {p10}, P50 {p50}, P90 {p90}.",
            "Fan over the years by actor. {message}. {actor} at the end of {last}: P10 {p10}, P50 {p50}, P90 {p90}.",
        ),
    }
)
