"""What is said about results, by commands and in pictures: (Danish, English) by id.

Apart from ``problem_texts`` because these are read by those who decide; forbidden claims are a test on this module.
"""

from collections.abc import Mapping
from types import MappingProxyType

REPORT_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # what a run prints
        "total": ("I alt", "Total"),
        "capped-change": (
            "{name}: i {share} af udfaldene ville en succes spare mere, end der bruges (level); der regnes da med, at intet bruges",
            "{name}: in {share} of the draws a success would save more than is used (level); it then counts as no use at all",
        ),
        "uncapped-change": (
            "{name}: i {share} af udfaldene sparer en succes mere, end der bruges (level); hele ændringen er regnet med",
            "{name}: in {share} of the draws a success saves more than is used (level); all of the change is counted",
        ),
        "changes-scaled": (
            "ændringer er ganget med forbruget her i forhold til forbruget i den undersøgte gruppe, en forudsætning ({why}): {names}",
            "changes are multiplied by the use here in proportion to that of the group studied, an assumption ({why}): {names}",
        ),
        "effect-of-one-study": (
            "{name}: effekten er fundet i én undersøgelse ({study}) og regnes, som om den gælder her; hvor forskellige steder er, er ikke med i spredningen. Læg flere undersøgelser til, eller angiv effekten selv med discount",
            "{name}: the effect was found in one study ({study}) and is taken as if it holds here; how different places are is not in the spread. Add studies, or state the effect yourself with a discount",
        ),
        "effect-beyond": (
            "{name}: i {share} af udfaldene fører effekten til en succesrate over 100 % eller under 0; der regnes da med 100 % eller 0. Et odds ratio har ikke den grænse",
            "{name}: in {share} of the draws the effect leads to a success rate above 100 % or below 0; it then counts as 100 % or 0. An odds ratio has no such limit",
        ),
        "of-which": ("heraf {name}", "of which {name}"),
        "som-number": ("SØM-tallet", "SØM number"),
        "unit-millions": ("mio. kr.", "million DKK"),
        "unit-kroner": ("kr.", "DKK"),
        "untouched": ("berøres ikke", "not touched"),
        "median": ("median", "median"),
        "resolved-studied": ("undersøgt: {population}", "studied: {population}"),
        "resolved-level": ("; evidensniveau {level}", "; level of evidence {level}"),
        "index-extended": (
            "{index} er forlænget til {years} med {rise} % om året ({why})",
            "{index} is extended to {years} by {rise} % a year ({why})",
        ),
        "fixed-prices": ("faste priser", "fixed prices"),
        "price-line": (
            "{first}–{last} · kr. i {price_year}-priser ({index}), nutidsværdi pr. {base_year}",
            "{first}–{last} · DKK in {price_year} prices ({index}), present value as of {base_year}",
        ),
        "column-mean": ("middel", "mean"),
        "column-gain": ("gevinst i", "gain in"),
        "of-100": ("{count} af 100", "{count} of 100"),
        "error-line": (
            "{draws} udfald ({sampler}, frø {seed}). 95 %-fejl fra simuleringen: middel {means}; gevinst højst ±{points} af 100",
            "{draws} draws ({sampler}, seed {seed}). 95 % error of the simulation: mean {means}; gain at most ±{points} of 100",
        ),
        "sign-line": (
            "Plus er gevinst (færre udgifter, flere indtægter). Kommunens budgettabeller har modsat fortegn.",
            "Plus is a gain (less spending, more income). Municipal budget tables have the opposite sign.",
        ),
        "sentence-chance": (
            "{actor}: af 100 lige sandsynlige udfald af netop denne indsats giver {count} gevinst og {other} ikke; for alle aktører samlet er der gevinst i {total}.",
            "{actor}: of 100 equally likely outcomes of this very intervention, there is a gain in {count} and none in {other}; for all actors together there is a gain in {total}.",
        ),
        "sentence-joint": (
            "Alle aktører har gevinst på samme tid i {all} af 100; i {loses} af 100 taber {actor}, selv om der er gevinst for alle samlet.",
            "All actors gain at the same time in {all} of 100; in {loses} of 100 {actor} loses although there is a gain for all together.",
        ),
        "area-title": ("Middel pr. hovedområde", "Mean by main area"),
        "per-participant": ("i alt pr. deltager", "total per participant"),
        "sentence-size": (
            "{actor}: SØM-tallet, hvor alt går som angivet, er {base} kr., men i 80 af 100 udfald ligger resultatet mellem {low} og {high} {unit}; {zero}.",
            "{actor}: the SØM number, where all goes as stated, is DKK {base}, but in 80 of 100 outcomes the result lies between {low} and {high} {unit}; {zero}.",
        ),
        "zero-at": (
            "nul nås ved {zero} succes, og der er regnet med {rate}",
            "zero is reached at {zero} success, and {rate} is assumed",
        ),
        "zero-above": ("selv med succes for alle er der tab", "there is a loss even with success for all"),
        "zero-never": ("der er tab ved enhver succesrate", "there is a loss at any success rate"),
        "zero-always": ("der er gevinst også uden en eneste succes", "there is a gain even without a single success"),
        "zero-only-below": (
            "hver succes koster mere, end den giver: gevinst kun under {zero} succes",
            "each success costs more than it gives: a gain only below {zero} success",
        ),
        "correlated-line": (
            "Er skønnene over alle konsekvenser forkerte i samme retning ({actor}): mellem {low} og {high} {unit} i 80 af 100 udfald, gevinst i {count}.",
            "If all consequences err in the same direction ({actor}): between {low} and {high} {unit} in 80 of 100 outcomes, gain in {count}.",
        ),
        "listed-line": (
            "SØM's database har kun signifikante skøn, og de er i gennemsnit for store ({actor}): som listet er middel {as_listed} kr., og {just_significant} kr., hvis hvert skøn kun lige er signifikant.",
            "SØM's database has only significant estimates, and they are too large on average ({actor}): as listed the mean is DKK {as_listed}, and DKK {just_significant} if each is only just significant.",
        ),
        "chance-line": (
            "Så stor en del af variansen er tilfældigheder med få deltagere: {shares}. Resten er manglende viden.",
            "Share of the variance that is chance with few participants: {shares}. The rest is what we do not know.",
        ),
        "mean-line": (
            "{actor}: middel minus SØM-tallet er {inputs} kr., fordi forudsætningernes middelværdi er en anden, og {shape} kr., fordi sammenhængen ikke er lineær.",
            "{actor}: mean minus SØM number is DKK {inputs} because inputs have another mean than stated, and {shape} because the relation is not linear.",
        ),
        "mean-line-together": (
            "{actor}: middel minus SØM-tallet er {inputs} kr., fordi forudsætningernes middelværdi er en anden, og {shape} kr., fordi forudsætninger, der følges ad, ganges med hinanden, eller sammenhængen på anden måde ikke er lineær.",
            "{actor}: mean minus SØM number is DKK {inputs} because inputs have another mean than stated, and {shape} because inputs that err together are multiplied by each other, or the relation is otherwise not linear.",
        ),
        "grant-line": (
            "{name} ({amount} kr.) er ikke flyttet til giveren. Bogføres det hos {payer}, er SØM-tallet {payer_net} kr. for {payer} og {receiver_net} kr. for {receiver}.",
            "{name} (DKK {amount}) is not moved to its payer. Booked at {payer}, the SØM number is {payer_net} for {payer} and {receiver_net} for {receiver}.",
        ),
        "sources-line": (
            "{inputs} forudsætninger: {calibrated} er kalibreret, {assumed} hviler helt eller delvis på et skøn, {rest} alene på en kilde.",
            "{inputs} assumptions: {calibrated} are calibrated, {assumed} rest wholly or partly on a judgement, {rest} on a source alone.",
        ),
        "certain-line": (
            "{count} er regnet som kendte; er de ikke det, er båndet for smalt: {names}",
            "{count} count as certain; if they are not, the band is too narrow: {names}",
        ),
        "group-certain-line": ("{name} er regnet som kendt: {reason}", "{name} counts as certain: {reason}"),
        "warning": ("Bemærk: {message}", "Note: {message}"),
        "negative-rate": (
            'i {share} af udfaldene er succesraten negativ, og indsatsen gør skade; tilfældighederne passer dertil med chance = "independent"',
            'in {share} of the draws the success rate is negative, and the intervention does harm; chance fits that with chance = "independent"',
        ),
        "negative-net-rate": (
            'i {share} af udfaldene er succesraten negativ, og indsatsen gør skade; tilfældighederne passer dertil, hvor with og without er angivet, med chance = "independent"',
            'in {share} of the draws the success rate is negative, and the intervention does harm; chance fits that where with and without are stated, with chance = "independent"',
        ),
        "stable-after": (
            "tallene står fast efter {draws} udfald",
            "the figures have settled after {draws} draws",
        ),
        "not-stable": (
            "tallene står ikke fast efter {draws} udfald, og der regnes højst {most}",
            "the figures have not settled after {draws} draws, and no more than {most} are made",
        ),
        "lhs-not-stable": (
            "--until-stable kan ikke bruges med --sampler lhs: punkterne bliver ikke, når der kommer flere",
            "--until-stable cannot be used with --sampler lhs: its points do not stay when there are more",
        ),
        "correlation-changed": (
            "korrelationerne kan ikke gælde samtidig; {one} og {other} regnes med {used} i stedet for {stated}",
            "the correlations cannot hold at the same time; {one} and {other} are taken with {used} instead of {stated}",
        ),
        "nothing-uncertain": ("ingen forudsætning har en usikkerhed", "no assumption has a spread"),
        "rounded-draws-sobol": (
            "{asked} udfald er rundet op til {draws} (16 gange en potens af 2)",
            "{asked} draws are rounded up to {draws} (16 times a power of 2)",
        ),
        "rounded-draws-random": (
            "{asked} udfald er rundet op til {draws} (et helt antal i hver af 16 gentagelser)",
            "{asked} draws are rounded up to {draws} (a whole number in each of 16 replicates)",
        ),
        "same-id": ("to beregninger har samme id »{found}«", 'two scenarios have the same id "{found}"'),
        "not-touched": ("{actor} berøres ikke.", "{actor} is not touched."),
        "notes-line": (
            "{count} forbehold om beregningen står i filen under facts.notes.",
            "{count} reservations about the calculation are in the file under facts.notes.",
        ),
        "falling-line": (
            "{actor}: i {count} af 100 udfald koster hver succes mere, end den giver, så at der kun er gevinst ved succesrater under den, hvor resultatet er nul.",
            "{actor}: in {count} of 100 outcomes each success costs more than it gives, so that there is a gain only below the break-even.",
        ),
        "falling-line-free": (
            "{actor}: i {count} af 100 udfald koster hver succes mere, end den giver; aktøren betaler ikke for indsatsen, så at der da er tab ved enhver succesrate over nul.",
            "{actor}: in {count} of 100 outcomes each success costs more than it gives; the actor does not pay for the intervention, so that there then is a loss at any success rate above zero.",
        ),
        "compiling": ("Oversætter regnekernen (kun første gang) …", "Compiling the kernel (first time only) …"),
        "not-a-result": (
            "{name} er ikke et resultat fra soemrisk: {reason}",
            "{name} is no result of soemrisk: {reason}",
        ),
        "verify-same": ("{name}: genskabt, samme bytes", "{name}: reproduced, the same bytes"),
        "verify-close": (
            "{name}: genskabt til 1e-9 (største forskel {size}); andre versioner: {changed}",
            "{name}: reproduced to 1e-9 (largest difference {size}); other versions: {changed}",
        ),
        "verify-not": (
            "{name}: ikke genskabt; {apart} afviger med {size}; andre versioner: {changed}",
            "{name}: not reproduced; {apart} differ by {size}; other versions: {changed}",
        ),
        "check-good": ("{name}: ingen fejl", "{name}: no problems"),
        "resolved-certain": ("regnes som sikkert", "counts as certain"),
        "resolved-spread": (
            "{family} ({parameters}): middelværdi {mean}, standardafvigelse {sd}, P10–P90 {p10} til {p90}",
            "{family} ({parameters}): mean {mean}, standard deviation {sd}, P10–P90 {p10} to {p90}",
        ),
        "resolved-factor": (
            "én faktor på alle år, {family} ({parameters}): middelværdi {mean}, standardafvigelse {sd}, P10–P90 {p10} til {p90}",
            "one factor on all years, {family} ({parameters}): mean {mean}, standard deviation {sd}, P10–P90 {p10} to {p90}",
        ),
        "resolved-studies": (
            "{count} undersøgelser ({scale}): spredning mellem steder tau {tau} {how}, Q {q}, I² {share}; gennemsnit {mean}, {target}",
            "{count} studies ({scale}): spread between places tau {tau} {how}, Q {q}, I² {share}; mean {mean}, {target}",
        ),
        "resolved-discount": (
            "omregnet til dette sted: {keep} af effekten, {spread} gange så usikker (evidens {level}, match {match}; soemrisks konvention, hvor intet andet er angivet)",
            "carried to this place: {keep} of the effect, {spread} times as uncertain (evidence {level}, match {match}; a convention of soemrisk where nothing else is stated)",
        ),
        "resolved-study": (
            "én undersøgelse ({scale}): {mean}, {target}",
            "one study ({scale}): {mean}, {target}",
        ),
        "tau-estimated": ("(REML)", "(REML)"),
        "tau-stated": ("(angivet)", "(stated)"),
        "target-place": ("fordelingen er for et nyt sted", "the distribution is for a new place"),
        "target-mean": ("fordelingen er for gennemsnittet", "the distribution is for the mean"),
        "resolved-implied": ("ikke angivet: {key}; her gælder {value}", "not stated: {key}; here it is {value}"),
        "resolved-to-the-end": ("til periodens slutning", "to the end of the window"),
        "more-problems": (
            "og {more} fejl mere, som vises, når disse er rettet",
            "and {more} more problems, which are shown when these are mended",
        ),
        "fit-line": (
            "{place}: {family} ({parameters}), angivet → fundet: {pairs}. Afvigelse {miss} % af spændet",
            "{place}: {family} ({parameters}), stated → fitted: {pairs}. Miss {miss} % of the range",
        ),
        "problems": ("{count} fejl", "{count} problems"),
        "written": ("Skrevet til {directory}", "Written to {directory}"),
        "cannot-write": ("kan ikke skrive til {directory}: {reason}", "cannot write to {directory}: {reason}"),
        "cannot-simulate": ("kan ikke regne: {reason}", "cannot simulate: {reason}"),
        # pictures
        "gain-in": ("gevinst i {count} af 100", "gain in {count} of 100"),
        "axis-millions": ("mio. kr.", "DKK million"),
        "figure-net": (
            "Gevinst samlet i {total} af 100 udfald; {actor}: i {count}",
            "A gain in total in {total} of 100 outcomes; {actor}: in {count}",
        ),
        "figure-net-what": (
            "Nettoresultat: linje P10–P90, boks P25–P75, streg median, rude SØM-tallet. {price_year}-priser ({index}), nutidsværdi pr. {base_year}",
            "Net result: line P10–P90, box P25–P75, bar median, diamond SØM number. {price_year} prices ({index}), present value as of {base_year}",
        ),
        "figure-cumulated": (
            "{actor}: i det midterste udfald er pengene tjent hjem i {year}",
            "{actor}: in the middle outcome the money is earned back in {year}",
        ),
        "figure-cumulated-gain": (
            "{actor}: gevinst i {count} af 100 udfald ved udgangen af {last}",
            "{actor}: a gain in {count} of 100 outcomes by the end of {last}",
        ),
        "figure-cumulated-not": (
            "{actor}: i {missing} af 100 udfald er pengene ikke tjent hjem ved udgangen af {last}",
            "{actor}: in {missing} of 100 outcomes the money is not earned back by the end of {last}",
        ),
        "figure-cumulated-what": (
            "Kumuleret nettoresultat, hver aktør i sin egen skala: median, P25–P75 og P10–P90 for hvert år for sig (2 af 10 udfald ligger uden for det yderste bånd), stiplet SØM-tallet. {price_year}-priser ({index}), nutidsværdi pr. {base_year}",
            "Cumulated net result, each actor on a scale of its own: median, P25–P75 and P10–P90 year by year (2 of 10 outcomes lie outside the outer band), dashed the SØM number. {price_year} prices ({index}), present value as of {base_year}",
        ),
    }
)
