"""What is said in pictures of drivers, and to those who cannot see them: (Danish, English) by id."""

from collections.abc import Mapping
from types import MappingProxyType

PICTURE_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "axis-thousands": ("1.000 kr.", "DKK thousand"),
        "picture-prices": (
            "{price_year}-priser ({index}), nutidsværdi pr. {base_year}",
            "{price_year} prices ({index}), present value as of {base_year}",
        ),
        "picture-nothing": (
            "{actor}: ingen forudsætning er usikker",
            "{actor}: no input is uncertain",
        ),
        "rest-shown": ("Øvrige ({count})", "Others ({count})"),
        "together-note": (
            "»M.fl.«: forudsætninger, der hænger sammen, er taget samlet.",
            "“And others”: inputs that depend on each other are taken together.",
        ),
        "lines-together": ("{count} linjer samlet", "{count} lines together"),
        "one-line": ("1 linje", "1 line"),
        # tornado
        "tornado-both": (
            "{actor}: »{first}« flytter resultatet mest fra P10 til P90 og er også det, som det er mest følsomt for",
            "{actor}: “{first}” moves the result most from P10 to P90 and is also what it is most sensitive to",
        ),
        "tornado-differ": (
            "{actor}: fra P10 til P90 flytter »{first}« resultatet mest, men det er mest følsomt for »{second}«",
            "{actor}: from P10 to P90 “{first}” moves the result most, but it is most sensitive to “{second}”",
        ),
        "tornado-alike": (
            "{actor}: fra P10 til P90 flytter »{first}« og »{second}« resultatet omtrent lige meget; mest følsomt er det for »{third}«",
            "{actor}: from P10 to P90 “{first}” and “{second}” move the result about as much; it is most sensitive to “{third}”",
        ),
        "tornado-together": (
            "{actor}: flyttet alene flytter »{first}« resultatet mest, men den hænger sammen med andre",
            "{actor}: moved alone, “{first}” moves the result most, but it depends on others",
        ),
        "tornado-nothing": (
            "{actor}: ingen usikker forudsætning flytter resultatet",
            "{actor}: no uncertain input moves the result",
        ),
        "tornado-what": (
            "Nettoresultat for {actor} ({unit}), når én forudsætning flyttes og resten er som angivet, uden tilfældighed. Tallene ved søjlerne er forudsætningens værdi; mørk ende er den lave. Felterne har hver sin skala; fuld streg: SØM-tallet, stiplet: nul. {prices}",
            "Net result of {actor} ({unit}) when one input is moved and the rest is as stated, without chance. Figures at the bars are values of the input; the dark end is the low one. Each panel has its own scale; solid line: SØM number, dashed: zero. {prices}",
        ),
        "tornado-groups": (
            "Kalibrerede linjer flyttes samlet pr. hovedområde, alle i ugunstig og alle i gunstig retning på én gang; ved ±10 % ganges alle med 0,9 og 1,1.",
            "Calibrated lines are moved together by main area, all to their bad and all to their good end at once; at ±10 % all are multiplied by 0.9 and 1.1.",
        ),
        "tornado-no-zero": ("Nul ligger uden for felterne.", "Zero lies outside the panels."),
        "tornado-rest": (
            "Øvrige: hver for sig holder de resultatet inden for søjlen (ikke lagt sammen).",
            "Others: each alone keeps the result within the bar (not added up).",
        ),
        "tornado-turning": (
            "† resultatet både stiger og falder undervejs, så enderne viser ikke det hele.",
            "† the result both rises and falls on the way, so that the ends do not tell all.",
        ),
        "panel-p10_p90": (
            "Hvad er usikkert nok til at betyde noget? P10 til P90",
            "What is uncertain enough to matter? P10 to P90",
        ),
        "panel-ten_percent": (
            "Hvad er resultatet følsomt for? −10\u00a0% til +10\u00a0%",
            "What is the result sensitive to? −10\u00a0% to +10\u00a0%",
        ),
        "all-low": ("ugunstig", "bad"),
        "all-high": ("gunstig", "good"),
        "all-times-low": ("× 0,9", "× 0.9"),
        "all-times-high": ("× 1,1", "× 1.1"),
        "unit-all-years": ("× værdierne for alle år", "× the values of all years"),
        "taken-as-known": ("regnet som kendt", "counts as known"),
        "stated-as-0": ("angivet som 0", "stated as 0"),
        # variance
        "variance-most": (
            "{actor}: mest usikkerhed kommer fra »{first}«, som har del i {share} af den varians, der kan undersøges",
            "{actor}: most uncertainty comes from “{first}”, which has a part in {share} of the variance that can be studied",
        ),
        "variance-alone": (
            "{actor}: al usikkerhed, der kan undersøges, kommer fra »{first}«",
            "{actor}: all uncertainty that can be studied comes from “{first}”",
        ),
        "variance-not-ranked": (
            "{actor}: mest usikkerhed kommer fra »{first}« og »{second}«, som ikke kan rangordnes",
            "{actor}: most uncertainty comes from “{first}” and “{second}”, which cannot be ranked",
        ),
        "variance-what": (
            "Del af variansen af det forventede resultat for {actor} givet det, vi kan få at vide: alene (S1, mørk) og i alt, med samspil (ST, lys med kant). Dele i alt overlapper og kan ikke lægges sammen. Øverst: tilfældigheder med få deltagere, som ikke kan undersøges.",
            "Share of the variance of the expected result of {actor} given what we can find out: alone (S1, dark) and in all, with interactions (ST, light with an edge). Shares in all overlap and do not add up. On top: chance with few participants, which cannot be studied.",
        ),
        "variance-errors": (
            "Vandrette streger: 95 %-interval fra simuleringen.",
            "Whiskers: 95 % interval of the simulation.",
        ),
        "variance-rest": (
            "Øvrige: i alt højst summen, alene mindst summen.",
            "Others: in all at most the sum, alone at least the sum.",
        ),
        "column-alone": ("alene", "alone"),
        "column-in-all": ("i alt", "in all"),
        "whole-variance": ("Hele variansen af resultatet", "The whole variance of the result"),
        "knowledge-part": ("manglende viden {share}", "what we do not know {share}"),
        "chance-part": ("tilfældigheder {share}", "chance {share}"),
        # the curve over the success rate
        "curve-from": (
            "{actor}: gevinst i mindst 50 af 100 udfald fra {rate} succes (regnet med {base})",
            "{actor}: a gain in at least 50 of 100 outcomes from {rate} success (assumed: {base})",
        ),
        "curve-never": (
            "{actor}: selv med succes for alle er der gevinst i {count} af 100 udfald",
            "{actor}: even with success for all there is a gain in {count} of 100 outcomes",
        ),
        "curve-always": (
            "{actor}: gevinst i {count} af 100 udfald allerede uden en eneste succes",
            "{actor}: a gain in {count} of 100 outcomes even without a single success",
        ),
        "curve-at": (
            "{actor}: ved {base} succes, som der er regnet med, er der gevinst i {count} af 100 udfald",
            "{actor}: at {base} success, which is assumed, there is a gain in {count} of 100 outcomes",
        ),
        "curve-what": (
            "Sandsynlighed for gevinst over succesraten (med minus uden indsats); alt andet er usikkert, og tilfældigheder er regnet med. Simuleringens 95 %-fejl er højst ±{points} procentpoint.",
            "Chance of a gain over the success rate (with minus without the intervention); all else is uncertain, and chance is included. The 95 % error of the simulation is at most ±{points} percentage points.",
        ),
        "curve-some": (
            "Vist er {count} af {all} aktører.",
            "Shown are {count} of {all} actors.",
        ),
        "curve-rate": ("Succesrate (med minus uden indsats)", "Success rate (with minus without the intervention)"),
        "curve-chance": ("Gevinst i … af 100 udfald", "A gain in … of 100 outcomes"),
        "curve-base": ("regnet med {base}", "assumed {base}"),
        "curve-zero": ("{count} af 100 ved {rate}", "{count} of 100 at {rate}"),
        "curve-rings": (
            "Ringe: {actor} har gevinst i {parts} succes.",
            "Rings: {actor} has a gain in {parts} success.",
        ),
        "curve-below": (
            "{actor} når ikke op på gevinst i 50 af 100 udfald ved nogen rate.",
            "{actor} reaches a gain in 50 of 100 outcomes at no rate.",
        ),
        "curve-above": (
            "{actor} har gevinst i mindst 50 af 100 udfald ved alle rater.",
            "{actor} has a gain in at least 50 of 100 outcomes at every rate.",
        ),
        "curve-falling": (
            "{actor} har gevinst i mindst 50 af 100 udfald ved nogle rater, men ikke ved de højeste.",
            "{actor} has a gain in at least 50 of 100 outcomes at some rates, but not at the highest.",
        ),
        "curve-certain": (
            "Raten er regnet som kendt: {base}",
            "The rate counts as known: {base}",
        ),
        "curve-known": (
            "Det, vi ved om raten: median {p50}, boks P25–P75 {p25} til {p75}, streg P10–P90 {p10} til {p90}",
            "What we know of the rate: median {p50}, box P25–P75 {p25} to {p75}, line P10–P90 {p10} to {p90}",
        ),
        # the 2×2
        "places-most": (
            "De vigtigste elementer for {actor}: {names}",
            "The most important elements for {actor}: {names}",
        ),
        "places-more": (
            "De vigtigste elementer for {actor}: {names} og {count} til",
            "The most important elements for {actor}: {names} and {count} more",
        ),
        "places-open": (
            "{actor}: intet element er afklaret som vigtigst; {count} er uafklarede",
            "{actor}: no element is settled as most important; {count} are unsettled",
        ),
        "places-open-one": (
            "{actor}: intet element er afklaret som vigtigst; et er uafklaret",
            "{actor}: no element is settled as most important; one is unsettled",
        ),
        "places-none": (
            "{actor}: intet element er både usikkert og betydende",
            "{actor}: no element is both uncertain and important",
        ),
        "places-settled": (
            "{actor}: ingen viden ventes at ændre beslutningen, så intet element er blandt de vigtigste",
            "{actor}: no knowledge is expected to change the decision, so that no element is among the most important",
        ),
        "places-little": (
            "{actor}: fuld viden om alt er højst {all} kr. værd, under {part} af det forventede resultat, så intet element er blandt de vigtigste",
            "{actor}: full knowledge of everything is worth at most DKK {all}, under {part} of the expected result, so that no element is among the most important",
        ),
        "places-what": (
            "Usikkerhed: bredden P10–P90 af det, elementet giver, i forhold til dets størrelse. Betydning: {kind}. Grænserne ({width} og {importance}) er vores valg; begge akser er trukket sammen (kvadratrod).",
            "Uncertainty: the width P10–P90 of what the element gives, relative to its size. Importance: {kind}. The thresholds ({width} and {importance}) are our convention; both axes are compressed (square root).",
        ),
        "places-errors": (
            "Uafklarede (åbne cirkler): 95 %-intervallet fra simuleringen (streger) krydser en grænse, eller elementet er en enkelt kalibreret linje.",
            "Unsettled (open circles): the 95 % interval of the simulation (whiskers) crosses a threshold, or the element is a single calibrated line.",
        ),
        "places-rest": (
            "Øvrige {count}: små punkter uden nummer.",
            "Other {count}: small points without number.",
        ),
        "places-evidence": (
            "Evidens: SØMs niveau, hvor det er angivet; 1 er det stærkeste.",
            "Evidence: SØM's level, where it is stated; 1 is the strongest.",
        ),
        "evidence-of": ("evidens {levels}", "evidence {levels}"),
        "axis-uncertainty": ("Usikkerhed →", "Uncertainty →"),
        "axis-importance": ("Betydning for beslutningen →", "Importance for the decision →"),
        "axis-importance-total": ("Betydning for variansen →", "Importance for the variance →"),
        "axis-importance-elasticity": ("Betydning for resultatet →", "Importance for the result →"),
        "kind-of-evppi": (
            "værdien af fuld viden om elementet, som del af værdien af fuld viden om alt",
            "the value of full knowledge of the element, as a part of the value of full knowledge of everything",
        ),
        "kind-of-total": (
            "del af variansen, med samspil",
            "share of the variance, with interactions",
        ),
        "kind-of-elasticity": (
            "hvor langt ±10 % flytter resultatet, som del af dets P10–P90",
            "how far ±10 % moves the result, as a part of its P10–P90",
        ),
        "place-title-most": ("Vigtigste", "Most important"),
        "place-title-less": ("Mindre vigtige", "Less important"),
        "place-title-not": ("Ikke vigtige", "Not important"),
        "place-title-open": ("Uafklaret", "Unsettled"),
        # heat maps
        "heat-same": (
            "»{name}« er den største kilde til usikkerhed hos alle aktører",
            "“{name}” is the largest source of uncertainty for all actors",
        ),
        "heat-one": (
            "{actor}: mest usikkerhed kommer fra »{name}«",
            "{actor}: most uncertainty comes from “{name}”",
        ),
        "heat-differ": (
            "{actor}: mest usikkerhed kommer fra »{name}«; {other}: fra »{second}«",
            "{actor}: most uncertainty comes from “{name}”; {other}: from “{second}”",
        ),
        "heat-what": (
            "Rækker: de største hos en eller flere aktører, ordnet efter {actor}. Først: del i variansen, med samspil (ST), uden tilfældighed; dele overlapper. Dernæst: det højeste, fuld viden er værd for aktørens egen beslutning ({unit}). {prices}",
            "Rows: the largest of any actor, in the order of {actor}. First: share of the variance, with interactions (ST), without chance; shares overlap. Then: the most that full knowledge is worth for the actor's own decision ({unit}). {prices}",
        ),
        "years-same": (
            "{actor}: »{name}« er den største kilde til usikkerhed i hvert år {first}–{last}",
            "{actor}: “{name}” is the largest source of uncertainty in each year {first}–{last}",
        ),
        "years-end": (
            "{actor}: »{name}« er den største kilde til usikkerhed i {last}, men ikke i alle år før",
            "{actor}: “{name}” is the largest source of uncertainty in {last}, but not in all years before",
        ),
        "years-differ": (
            "{actor}: i {first} kommer mest usikkerhed fra »{name}«, i {last} fra »{second}«",
            "{actor}: in {first} most uncertainty comes from “{name}”, in {last} from “{second}”",
        ),
        "years-what": (
            "{actor}. Øverst: del i variansen af hvert års resultat, med samspil (ST), uden tilfældighed; dele overlapper. Nederst: det højeste, fuld viden er værd, hvis resultatet blev gjort op ved årets udgang ({unit}). {prices}",
            "{actor}. Top: share of the variance of each year's result, with interactions (ST), without chance; shares overlap. Bottom: the most that full knowledge is worth if the result were settled at the end of the year ({unit}). {prices}",
        ),
        "years-some": ("Vist er hvert {step}. år og det sidste.", "Shown is every {step}th year and the last."),
        "heat-share": ("Del i variansen, %", "Share of the variance, %"),
        "heat-worth": ("Fuld viden er højst værd, {unit}", "Full knowledge is worth at most, {unit}"),
        "years-no-worth": (
            "Fuld viden om ét element ændrer ikke beslutningen, uanset hvilket år resultatet gøres op.",
            "Full knowledge of one element does not change the decision, whichever year the result is settled.",
        ),
        "heat-no-worth": (
            "Fuld viden om ét element ændrer ingen aktørs beslutning.",
            "Full knowledge of one element changes no actor's decision.",
        ),
        "heat-share-what": (
            "Rækker: de største hos en eller flere aktører, ordnet efter {actor}. Del i variansen, med samspil (ST), uden tilfældighed; dele overlapper.",
            "Rows: the largest of any actor, in the order of {actor}. Share of the variance, with interactions (ST), without chance; shares overlap.",
        ),
        "years-share": (
            "Del i variansen af hvert års resultat for {actor}, med samspil (ST), uden tilfældighed; dele overlapper.",
            "Share of the variance of each year's result of {actor}, with interactions (ST), without chance; shares overlap.",
        ),
        "heat-rest": ("Øvrige {count} elementer er udeladt.", "Another {count} elements are left out."),
        # what more observations are worth
        "observed-participants": ("{n} deltagere mere", "{n} more participants"),
        "observed-participants-one": ("en deltager mere", "one more participant"),
        "observed-participants-axis": ("Antal deltagere, der følges", "Number of participants followed"),
        "observed-comparison": ("{n} personer uden indsatsen", "{n} persons without the intervention"),
        "observed-comparison-one": ("en person uden indsatsen", "one person without the intervention"),
        "observed-comparison-axis": (
            "Antal personer uden indsatsen, der følges",
            "Number of persons without the intervention followed",
        ),
        "observed-records": ("{n} sager mere", "{n} more case files"),
        "observed-records-one": ("en sag mere", "one more case file"),
        "observed-records-axis": ("Antal sager, der slås op", "Number of case files looked up"),
        "evsi-settled": (
            "{actor}: ingen viden ventes at ændre beslutningen, så flere iagttagelser er næsten intet værd",
            "{actor}: no knowledge is expected to change the decision, so that more observations are worth next to nothing",
        ),
        "evsi-little": (
            "{actor}: fuld viden om alt er højst {all} kr. værd, under {part} af det forventede resultat; flere iagttagelser er ikke mere værd end det",
            "{actor}: full knowledge of everything is worth at most DKK {all}, under {part} of the expected result; more observations are worth no more than that",
        ),
        "evsi-pays": (
            "{actor}: {count} (»{name}«) er bedst og {net} kr. værd, når udgiften er trukket fra",
            "{actor}: {count} (“{name}”) are best, and worth DKK {net} when the cost is deducted",
        ),
        "evsi-no-pay": (
            "{actor}: det koster mere at undersøge »{name}«, end det er værd",
            "{actor}: studying “{name}” costs more than it is worth",
        ),
        "evsi-per-hour": (
            "{actor}: {count} (»{name}«) giver mest pr. time, {rate} kr.",
            "{actor}: {count} (“{name}”) give most per hour, DKK {rate}",
        ),
        "evsi-worth": (
            "{actor}: {count} er {value} kr. værd for beslutningen, {share} af fuld viden om »{name}«",
            "{actor}: {count} are worth DKK {value} for the decision, {share} of full knowledge of “{name}”",
        ),
        "evsi-what": (
            "Hvad det ventes at forbedre beslutningen for {actor} at undersøge så mange (EVSI), før udgiften på det. Stiplet vandret: fuld viden, som intet antal overstiger.",
            "What it is expected to improve the decision of {actor} to study so many (EVSI), before what it costs. Dashed, level: full knowledge, which no number exceeds.",
        ),
        "evsi-cost": (
            "Stiplet skrå: udgiften, hvor den er angivet.",
            "Dashed, sloping: the cost, where it is stated.",
        ),
        "evsi-ring": ("Ring: det antal, der betaler sig bedst.", "Ring: the number that pays best."),
        "evsi-cost-above": ("udgiften ligger over billedet", "the cost is above the picture"),
        "evsi-rest": ("Yderligere {count} er udeladt.", "Another {count} are left out."),
        "evsi-full": ("fuld viden {value} kr.", "full knowledge DKK {value}"),
        "evsi-none": ("intet antal betaler sig", "no number pays"),
        "evsi-best": ("bedst: {count}", "best: {count}"),
        "evsi-best-hour": ("mest pr. time: {count}", "most per hour: {count}"),
        # a pair of inputs
        "pair-both": (
            "{actor}: »{first}« og »{second}« afgør tilsammen, om der er gevinst",
            "{actor}: “{first}” and “{second}” together decide whether there is a gain",
        ),
        "pair-one": (
            "{actor}: kun »{name}« afgør, om der er gevinst; »{other}« betyder så godt som intet for det fra P10 til P90",
            "{actor}: only “{name}” decides whether there is a gain; “{other}” makes next to no difference from P10 to P90",
        ),
        "pair-gain": (
            "{actor}: gevinst ved alle værdier af »{first}« og »{second}« fra P10 til P90",
            "{actor}: a gain at all values of “{first}” and “{second}” from P10 to P90",
        ),
        "pair-loss": (
            "{actor}: ingen gevinst ved nogen værdi af »{first}« og »{second}« fra P10 til P90",
            "{actor}: no gain at any value of “{first}” and “{second}” from P10 to P90",
        ),
        "pair-what": (
            "Linjer: hvor nettoresultatet er 0 for hver aktør, alt andet som angivet, uden tilfældighed. Firkant: P10 til P90 af begge; + gevinst og − ingen gevinst for {actor}. {prices}",
            "Lines: where the net result of each actor is 0, all else as stated, without chance. Box: P10 to P90 of both; + gain and − no gain of {actor}. {prices}",
        ),
        "pair-base": ("som angivet", "as stated"),
        "pair-all-gain": ("{name} (gevinst overalt)", "{name} (a gain everywhere)"),
        "pair-all-loss": ("{name} (ingen gevinst)", "{name} (no gain)"),
        # alternative texts
        "type-evsi": ("Kurver over antallet, der undersøges.", "Curves over the number studied."),
        "type-pair": ("Linjer over to forudsætninger.", "Lines over two inputs."),
        "alt-evsi": (
            "»{name}«: 25 er {some} kr. værd, 250 er {many} kr. værd, fuld viden højst {full} kr.",
            "“{name}”: 25 are worth DKK {some}, 250 are worth DKK {many}, full knowledge at most DKK {full}.",
        ),
        "alt-pair": (
            "»{first}« er angivet som {base} og »{second}« som {other}; fra P10 til P90 af begge går resultatet for {actor} fra {low} til {high} kr.",
            "“{first}” is stated as {base} and “{second}” as {other}; from P10 to P90 of both the result of {actor} goes from DKK {low} to {high}.",
        ),
        "type-tornado": ("To felter med vandrette søjler.", "Two panels of horizontal bars."),
        "type-variance": ("Vandrette søjler.", "Horizontal bars."),
        "type-break_even": ("Kurver med én linje pr. aktør.", "Curves, one for each actor."),
        "type-priorities": ("Punkter i fire felter.", "Points in four fields."),
        "type-heat_actor": ("To tabeller med farvede felter.", "Two tables of coloured cells."),
        "type-heat_year": ("To tabeller med farvede felter.", "Two tables of coloured cells."),
        "alt-tornado": (
            "Den største søjle går fra {low} til {high} {unit}; SØM-tallet er {base} kr.",
            "The largest bar goes from {low} to {high} {unit}; the SØM number is DKK {base}.",
        ),
        "alt-variance": (
            "Den største har del i {total} af variansen, heraf {alone} alene; tilfældigheder er {chance} af hele variansen.",
            "The largest has a part in {total} of the variance, {alone} of it alone; chance is {chance} of the whole variance.",
        ),
        "alt-break_even": (
            "Ved {base} succes er der gevinst i {count} af 100 udfald, med succes for alle i {most}.",
            "At {base} success there is a gain in {count} of 100 outcomes, with success for all in {most}.",
        ),
        "alt-priorities": (
            "{most} er vigtigste, {less} mindre vigtige, {not} ikke vigtige, {open} uafklarede.",
            "{most} are most important, {less} less important, {not} not important, {open} unsettled.",
        ),
        "alt-heat_actor": (
            "{actor}: den største del i variansen er {share}; fuld viden om ét element er højst {best} kr. værd, om alt højst {evpi} kr.",
            "{actor}: the largest share of the variance is {share}; full knowledge of one element is worth at most DKK {best}, of everything at most {evpi}.",
        ),
        "alt-heat_year": (
            "Den største del i variansen er {start} i {first} og {end} i {last}; fuld viden om det element er til {last} højst {worth} kr. værd.",
            "The largest share of the variance is {start} in {first} and {end} in {last}; full knowledge of that element is worth at most DKK {worth} up to {last}.",
        ),
    }
)
