"""What is said about drivers, by commands and in pictures: (Danish, English) by id."""

from collections.abc import Mapping
from types import MappingProxyType

DRIVER_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # names of inputs
        "name-success-with": ("Succesrate med indsats", "Success rate with the intervention"),
        "name-success-without": ("Succesrate uden indsats", "Success rate without it"),
        "name-success-net": ("Nettosuccesrate", "Net success rate"),
        "name-of-group": ("{name}", "{name}"),
        "name-of-relatives": ("{name}: antal pr. succes", "{name}: number per success"),
        "name-of-subgroup": ("{name}: {rate}", "{name}: {rate}"),
        "name-success-effect": ("Effekt af indsatsen", "Effect of the intervention"),
        "name-success-rate": ("Succesraten (med minus uden)", "The success rate (with minus without)"),
        "name-participants": ("Antal, der gennemfører", "Number who complete"),
        "name-discount": ("Diskonteringsrente", "Discount rate"),
        "name-amount": ("{name}: beløb", "{name}: amount"),
        "name-price": ("{name}: pris", "{name}: price"),
        "name-subgroup-share": ("Andel af deltagerne", "Share of the participants"),
        "name-share": ("{name}: andel, {actor}", "{name}: share of {actor}"),
        "name-change": ("{name}: ændring pr. succes", "{name}: change per success"),
        "name-level": ("{name}: forbrug uden succes", "{name}: use without success"),
        "name-level-studied": ("{name}: forbrug i den undersøgte gruppe", "{name}: use in the group studied"),
        "name-level-before": ("{name}: forbrug før", "{name}: use before"),
        "name-persistence": ("{name}: varighed af ændringen", "{name}: persistence of the change"),
        "name-again": ("{name} ({key})", "{name} ({key})"),
        "name-calibrated": ("Kalibreret: {area}", "Calibrated: {area}"),
        "name-together": ("{name} m.fl.", "{name} and others"),
        # the page
        "drivers-head": ("Hvad driver resultatet? {actor}", "What drives the result? {actor}"),
        "drivers-questions": (
            "P10–P90: hvor usikkert er tallet? Varians: hvor stor del af den usikkerhed, der kan undersøges, kommer fra det? ±10 %: hvor følsomt er resultatet? Værdi af viden: hvor meget bedre bliver beslutningen, hvis man kendte det?",
            "P10–P90: how uncertain is the number? Variance: what part of the uncertainty that can be studied comes from it? ±10 %: how sensitive is the result? Worth knowing: how much better would the decision be if one knew it?",
        ),
        "column-element": ("Forudsætning", "Input"),
        "column-range": ("P10–P90", "P10–P90"),
        "column-total": ("varians", "variance"),
        "column-ten": ("±10 % flytter", "±10 % moves"),
        "column-worth": ("viden værd", "worth knowing"),
        "column-zero": ("nul ved", "zero at"),
        "column-place": ("plads", "place"),
        "range-of": ("{low}–{high} {unit}", "{low}–{high} {unit}"),
        "range-to": ("{low} til {high} {unit}", "{low} to {high} {unit}"),
        "range-lines": ("{count} linjer", "{count} lines"),
        "rest-row": ("øvrige ({count})", "others ({count})"),
        "place-most": ("vigtigste", "most important"),
        "place-less": ("mindre vigtig", "less important"),
        "place-not": ("ikke vigtig", "not important"),
        "place-open": ("uafklaret", "unsettled"),
        "zero-several": ("flere", "several"),
        "driver-most": (
            "{actor}: mest usikkerhed kommer fra »{first}«, {share} af variansen af det, der kan undersøges; dernæst fra »{second}«, {next}.",
            '{actor}: most uncertainty comes from "{first}", {share} of the variance of what can be studied; then from "{second}", {next}.',
        ),
        "driver-most-alone": (
            "{actor}: al usikkerhed, som kan undersøges, kommer fra »{first}«.",
            '{actor}: all uncertainty that can be studied comes from "{first}".',
        ),
        "driver-not-ranked": (
            "{actor}: mest usikkerhed kommer fra »{first}« og »{second}«; de to kan ikke rangordnes.",
            '{actor}: most uncertainty comes from "{first}" and "{second}"; the two cannot be ranked.',
        ),
        "driver-nothing": (
            "{actor}: ingen forudsætning er usikker.",
            "{actor}: no input is uncertain.",
        ),
        "driver-worth": (
            "Fuld viden om »{name}« er højst {value} kr. værd for beslutningen, fuld viden om alt højst {all} kr.",
            'Full knowledge of "{name}" is worth at most DKK {value} for the decision, full knowledge of everything at most {all}.',
        ),
        "driver-only-together": (
            "{actor}: ingen enkelt forudsætning ventes at ændre beslutningen alene, kun flere tilsammen: fuld viden om alt er højst {all} kr. værd.",
            "{actor}: no single input is expected to change the decision alone, only several together: full knowledge of everything is worth at most DKK {all}.",
        ),
        "driver-no-worth": (
            "{actor}: ingen enkelt oplysning ventes at ændre beslutningen.",
            "{actor}: no single piece of information is expected to change the decision.",
        ),
        "driver-little": (
            "{actor}: fuld viden om alt er højst {all} kr. værd for beslutningen, under {part} af det forventede resultat.",
            "{actor}: full knowledge of everything is worth at most DKK {all} for the decision, under {part} of the expected result.",
        ),
        "driver-zero": (
            "Beslutningen vender, hvor »{name}« er {zero} (der er regnet med {base}), alt andet som angivet.",
            'The decision turns where "{name}" is {zero} ({base} is assumed), everything else as stated.',
        ),
        "driver-follow": (
            "Følges {n} deltagere mere (»{name}«), ventes det at forbedre beslutningen med {value} kr., før udgiften på det.",
            'If {n} more participants are followed ("{name}"), that is expected to improve the decision by DKK {value}, before what it costs.',
        ),
        "pair-table": (
            "Nettoresultat for {actor}, kr., ved P10, P30, P50, P70 og P90 af »{first}« ({unit}nedad) og »{second}« ({other_unit}henad), alt andet som angivet:",
            "Net result of {actor}, DKK, at P10, P30, P50, P70 and P90 of “{first}” ({unit}down) and “{second}” ({other_unit}across), everything else as stated:",
        ),
        # what more observations are worth, by what is observed
        "step-participants": (
            "At følge {n} deltagere mere (»{name}«)",
            'Following {n} more participants ("{name}")',
        ),
        "step-participants-one": (
            "At følge en deltager mere (»{name}«)",
            'Following one more participant ("{name}")',
        ),
        "step-participants-any": (
            "at følge flere deltagere (»{name}«)",
            'to follow more participants ("{name}")',
        ),
        "step-comparison": (
            "At følge {n} personer uden indsatsen (»{name}«)",
            'Following {n} persons without the intervention ("{name}")',
        ),
        "step-comparison-one": (
            "At følge en person uden indsatsen (»{name}«)",
            'Following one person without the intervention ("{name}")',
        ),
        "step-comparison-any": (
            "at følge personer uden indsatsen (»{name}«)",
            'to follow persons without the intervention ("{name}")',
        ),
        "step-records": (
            "At slå {n} sager mere op (»{name}«)",
            'Looking up {n} more case files ("{name}")',
        ),
        "step-records-one": (
            "At slå en sag mere op (»{name}«)",
            'Looking up one more case file ("{name}")',
        ),
        "step-records-any": (
            "at slå flere sager op (»{name}«)",
            'to look up more case files ("{name}")',
        ),
        "driver-step-pays": (
            "{step} ventes at forbedre beslutningen med {value} kr., før udgiften på {cost} kr. ({hours} timer). Intet andet antal giver mere, når udgiften er trukket fra.",
            "{step} is expected to improve the decision by DKK {value}, before the cost of DKK {cost} ({hours} hours). No other number gives more when the cost is deducted.",
        ),
        "driver-step-per-hour": (
            "{step} ventes at forbedre beslutningen med {value} kr. for {hours} timers arbejde, {rate} kr. pr. time, før udgiften. Intet andet antal giver mere pr. time.",
            "{step} is expected to improve the decision by DKK {value} for {hours} hours of work, DKK {rate} per hour, before the cost. No other number gives more per hour.",
        ),
        "driver-step-no-pay": (
            "Det kan ikke betale sig {step}: uanset antallet ventes det ikke at forbedre beslutningen med mere, end det koster.",
            "It does not pay {step}: whatever the number, it is not expected to improve the decision by more than it costs.",
        ),
        "driver-step-no-worth": (
            "Det ventes ikke at forbedre beslutningen {step}.",
            "It is not expected to improve the decision {step}.",
        ),
        "driver-calibrated": (
            "{count} linjer er tilpasset offentliggjorte totaler og derfor taget samlet pr. hovedområde: deres indbyrdes rækkefølge siger noget om tilpasningen, ikke om virkeligheden. En enkelt sådan linje får ingen plads.",
            "{count} lines were calibrated to published totals and are therefore taken together by main area: their ranking would say something about the calibration, not about reality. A single such line gets no place.",
        ),
        "driver-together": (
            "»{name}« hænger sammen med {others} og er taget samlet; en del for hver alene findes ikke.",
            '"{name}" depends on {others} and is taken together with them; there is no part for each alone.',
        ),
        "driver-chance": (
            "Tilfældigheder med få deltagere er {share} af variansen af resultatet og står uden for tabellen: de kan ikke undersøges før beslutningen.",
            "Chance with few participants is {share} of the variance of the result and is outside the table: it cannot be found out before the decision.",
        ),
        "driver-split": (
            "Spredningen i det samlede resultat kommer fra: {parts} (Eulers opdeling, tilfældigheder iberegnet).",
            "The standard deviation of the total comes from: {parts} (Euler's split, chance included).",
        ),
        "driver-split-part": ("{name} {share}", "{name} {share}"),
        "driver-evidence": (
            "Evidens efter SØMs niveauer, 1 er det stærkeste: {parts}.",
            "Evidence by SØM's levels, 1 is the strongest: {parts}.",
        ),
        "driver-evidence-spread": (
            "Spredning efter evidensniveau er soemrisks egen tommelfingerregel.",
            "Spread by level of evidence is soemrisk's own rule of thumb.",
        ),
        "level-of": ("niveau {level} {names}", "level {level} {names}"),
        "quoted": ("»{name}«", '"{name}"'),
        "and-more": (" og {count} mere", " and {count} more"),
        "driver-places": (
            "Plads: usikkerhed er høj, når P10–P90 er mindst {width} af det, linjen giver; betydning er høj ved mindst {importance} af {kind}. Grænserne er vores valg.",
            "Place: uncertainty is high where P10–P90 is at least {width} of what the line gives; importance is high from {importance} of {kind}. The thresholds are our convention.",
        ),
        "kind-evppi": ("værdien af fuld viden", "the value of full knowledge"),
        "kind-total": ("variansen", "the variance"),
        "kind-elasticity": ("resultatets P10–P90 (ved ±10 %)", "the result's P10–P90 (at ±10 %)"),
        "driver-errors": (
            "{draws} udfald ({sampler}, frø {seed}). Varians og værdi af en enkelt forudsætning er beregnet, ikke simuleret{sampled}; 95\u00a0%-fejl på værdien af samlede linjer og af fuld viden højst ±{worth} kr.",
            "{draws} draws ({sampler}, seed {seed}). Variance and worth of a single input are calculated, not simulated{sampled}; 95\u00a0% error of the worth of lines taken together and of full knowledge at most ±DKK {worth}.",
        ),
        "driver-sampled": (
            " (undtagen hvor flere hænger sammen: {draws} udfald)",
            " (except where several depend on each other: {draws} draws)",
        ),
        "run-drivers": (
            "{actor}: mest usikkerhed kommer fra {parts} (del af variansen af det, der kan undersøges; mere med »soemrisk drivers«).",
            '{actor}: most uncertainty comes from {parts} (share of the variance of what can be studied; more with "soemrisk drivers").',
        ),
        # Sobol' indices whose intervals cannot be relied on
        "one-outcome": ("Resultatet", "The outcome"),
        "sobol-rare-values": (
            "{actor}: {share} af variansen kommer fra så sjældne værdier, at de ventes højst én gang i hver ende blandt {draws} udfald, mest fra »{name}«. Intervallerne for varians og indeks er derfor for smalle; brug i stedet sr.exact, som beregner dem.",
            '{actor}: {share} of the variance comes from values so rare that they are expected at most once at each end among {draws} draws, most of it from "{name}". The intervals of variance and indices are therefore too narrow; use sr.exact instead, which calculates them.',
        ),
        "sobol-one-outcome": (
            "{actor}: et enkelt udfald ud af {evaluations} udgør {share} af variansen. Med så tunge haler er intervallerne for varians og indeks for smalle, og flere udfald hjælper kun langsomt.",
            "{actor}: a single outcome out of {evaluations} makes up {share} of the variance. With such heavy tails the intervals of variance and indices are too narrow, and more draws help only slowly.",
        ),
        "unknown-actor-asked": (
            "{found} er ingen aktør i beregningen; der er {known}. {near}",
            "{found} is no actor of the scenario; there are {known}. {near}",
        ),
        "unknown-pair": (
            "{found} er ingen forudsætning i beregningen; usikre forudsætninger: {known}. {near}",
            "{found} is no input of the scenario; uncertain inputs: {known}. {near}",
        ),
        "certain-pair": (
            "{found} er regnet som kendt, så der er intet at vise; usikre forudsætninger: {known}",
            "{found} counts as certain, so there is nothing to show; uncertain inputs: {known}",
        ),
        "flat-pair": (
            "{found} har samme værdi ved P10 og P90, så der er intet at vise; usikre forudsætninger, der flytter sig: {known}",
            "{found} has the same value at P10 and P90, so there is nothing to show; uncertain inputs that move: {known}",
        ),
        "same-pair": (
            "--pair har brug for to forskellige forudsætninger, ikke {found} to gange",
            "--pair needs two different inputs, not {found} twice",
        ),
        "one-number-pair": (
            "{found} og {other} er det samme tal brugt flere steder, så de flytter sig sammen",
            "{found} and {other} are one number used in several places, so that they move together",
        ),
        "shares-pair": (
            "{found} og {other} er andele af det samme og giver tilsammen 1, så den ene følger af den anden",
            "{found} and {other} are shares of the same and add up to 1, so that one follows from the other",
        ),
    }
)
