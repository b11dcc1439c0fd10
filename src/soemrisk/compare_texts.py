"""What ``compare`` says: (Danish, English) by id."""

from collections.abc import Mapping
from types import MappingProxyType

COMPARE_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # what is wrong with what is asked for
        "compare-one": (
            "en sammenligning kræver mindst to beregninger",
            "a comparison needs at least two calculations",
        ),
        "compare-price-years": (
            "beregningerne er i forskellige prisår ({years}) og kan ikke sammenlignes: sæt samme settings.price_year i dem alle",
            "the calculations are in kroner of different years ({years}) and cannot be compared: set the same settings.price_year in all",
        ),
        "compare-base-years": (
            "nutidsværdierne er pr. forskellige år ({years}) og kan ikke sammenlignes: sæt samme settings.base_year i dem alle",
            "the present values are as of different years ({years}) and cannot be compared: set the same settings.base_year in all",
        ),
        "compare-actor": (
            "--{option}: {found} er ikke en aktør i beregningerne; mulige: {allowed}",
            "--{option}: {found} is no actor of the calculations; allowed: {allowed}",
        ),
        "compare-changes-two": (
            "--changes er for to udgaver af én beregning; her er {count}",
            "--changes is for two versions of one calculation; here are {count}",
        ),
        "compare-number": (
            "--{option} skal være et tal fra 0 i kr., ikke {found}",
            "--{option} must be a number of DKK from 0, not {found}",
        ),
        # tables
        "compare-title": ("Sammenligning på fælles træk", "Comparison on common draws"),
        "compare-net": ("Nettoresultat, {actor}, kr.", "Net result, {actor}, DKK"),
        "compare-net-each": ("Nettoresultat pr. deltager, {actor}, kr.", "Net result per participant, {actor}, DKK"),
        "compare-best": ("bedst i", "best in"),
        "compare-loss": ("tab ved valg", "loss if chosen"),
        "compare-difference": ("{first} minus {second}, kr.", "{first} minus {second}, DKK"),
        "compare-first": ("første bedst i", "first better in"),
        "compare-ranking": ("Rangorden, {actor}, kr.", "Ranking, {actor}, DKK"),
        "compare-promised": ("middel", "mean"),
        "compare-error": ("usikkerhed (sd)", "uncertainty (sd)"),
        "compare-delivered": ("at vente", "to expect"),
        "compare-set": (
            "Bedste sæt ved højst {budget} kr. om året fra {payer}",
            "Best set with at most DKK {budget} a year from {payer}",
        ),
        "compare-dearest": ("dyreste år", "dearest year"),
        "compare-chosen": ("valgt", "chosen"),
        "compare-in-set": ("i bedste sæt i", "in best set in"),
        "compare-yes": ("ja", "yes"),
        "compare-no": ("nej", "no"),
        "compare-changes": ("Hvad har ændret sig, {actor}, kr.", "What changed, {actor}, DKK"),
        "compare-before": ("før: {name}", "before: {name}"),
        "compare-after": ("efter: {name}", "after: {name}"),
        "compare-changed": ("ændret: {places}", "changed: {places}"),
        "compare-added": ("nyt: {places}", "added: {places}"),
        "compare-removed": ("fjernet: {places}", "removed: {places}"),
        "compare-points": ("gevinst i, af 100", "gain in, of 100"),
        # what is said below
        "compare-shared": (
            "{count} usikre tal er de samme i flere af beregningerne og trækkes ens: {places}. Resten trækkes hver for sig.",
            "{count} uncertain numbers are the same in several of the calculations and drawn alike: {places}. The others are drawn apart.",
        ),
        "compare-none-shared": (
            "Ingen usikre tal er de samme i flere af beregningerne.",
            "No uncertain number is the same in several of the calculations.",
        ),
        "compare-choice": (
            "Bedst: det højeste ventede resultat, når det usikre er kendt. Tab ved valg: hvad man i gennemsnit går glip af ved at vælge den i stedet for den bedste; det er også, hvad fuld viden højst er værd for valget.",
            "Best: the highest expected result once what is uncertain is known. Loss if chosen: what is forgone on average by choosing it instead of the best; it is also the most that full knowledge is worth for the choice.",
        ),
        "compare-difference-note": (
            "Forskellen er af samme træk: det fælles går ud. Tilfældigheder med få deltagere er med.",
            "The difference is of the same draw: what is shared cancels. Chance with few participants is included.",
        ),
        "compare-disappointed": (
            "{name} er valgt som den højeste af {count}; det højeste skøn er oftere for højt end for lavt. Trukket mod det fælles gennemsnit er {delivered} at vente i stedet for {promised}. Forskelle mellem indsatser: {spread} kr. ({how}).",
            "{name} was picked as the highest of {count}; the highest estimate is more often too high than too low. Pulled towards the common mean, {delivered} is to be expected instead of {promised}. Differences between interventions: DKK {spread} ({how}).",
        ),
        "spread-stated": ("angivet", "stated"),
        "spread-estimated": ("skønnet af indsatserne selv", "estimated from the interventions themselves"),
        "spread-convention": (
            "vores konvention: mindst så store som usikkerheden, for færre end fem siger lidt om dem",
            "our convention: at least as large as the uncertainty, since fewer than five say little of them",
        ),
        "compare-set-note": (
            "Sæt af hele indsatser med den højeste sum af ventede resultater ({actor}); udgifter som angivet, i {price_year}-priser uden diskontering, i hvert år for sig. »I bedste sæt« er af 100 udfald af det usikre ({solved} prøvet; 95 %-fejl højst ±{points}).",
            "Set of whole interventions with the highest sum of expected results ({actor}); costs as stated, in {price_year} prices without discounting, in each year. “In best set” is of 100 draws of what is uncertain ({solved} tried; 95 % error at most ±{points}).",
        ),
        "compare-set-none": (
            "Ingen indsats er valgt: ingen med et positivt ventet resultat holder sig inden for beløbet.",
            "No intervention is chosen: none with a positive expected result stays within the amount.",
        ),
        "compare-changes-note": (
            "Hver ændrings del er gennemsnittet over de rækkefølger, ændringerne kan laves i (Shapley); delene lægger sammen til forskellen. Ventet er uden tilfældigheder. {how}",
            "The part of each change is the average over the orders in which they can be made (Shapley); the parts add up to the difference. Expected is without chance. {how}",
        ),
        "compare-all-orders": (
            "Alle rækkefølger er regnet; 95 %-fejl fra simuleringen: kroner højst ±{error}, antal højst ±{points} af 100.",
            "All orders were calculated; 95 % error of the simulation: kroner at most ±{error}, counts at most ±{points} of 100.",
        ),
        "compare-some-orders": (
            "{orders} rækkefølger er prøvet; 95 %-fejl: kroner højst ±{error}, antal højst ±{points} af 100.",
            "{orders} orders were tried; 95 % error: kroner at most ±{error}, counts at most ±{points} of 100.",
        ),
        "compare-no-change": ("De to udgaver giver de samme tal.", "The two versions give the same figures."),
        "compare-windows": (
            "vinduerne er forskellige ({years}): en længere periode tæller flere år med",
            "the windows differ ({years}): a longer one counts more years",
        ),
        "compare-costs": (
            "omkostningerne er diskonteret i nogle og ikke i andre ({years})",
            "costs are discounted in some and not in others ({years})",
        ),
        "compare-timings": (
            "kroner falder på forskellige tider af året ({years})",
            "kroner fall at different times of the year ({years})",
        ),
        "compare-not-explained": (
            "hvad der har ændret sig, kan ikke deles op: mellem de to udgaver findes ingen gyldig beregning",
            "what changed cannot be split: there is no valid calculation between the two versions",
        ),
        "compare-more-pairs": (
            "{count} forskelle til står i JSON og i tables/differences.csv.",
            "{count} more differences are in the JSON and in tables/differences.csv.",
        ),
        "compare-expected": ("ventet", "expected"),
        "compare-figure-versions": (
            "{first} og {second} side om side ({actor})",
            "{first} and {second} side by side ({actor})",
        ),
        "compare-rates": (
            "diskonteringsrenterne er forskellige ({years})",
            "the discount rates differ ({years})",
        ),
        "compare-errors": (
            "{draws} udfald af hver ({sampler}, frø {seed}). 95 %-fejl fra simuleringen: middel højst ±{mean} kr., antal højst ±{points} af 100.",
            "{draws} draws of each ({sampler}, seed {seed}). 95 % error of the simulation: mean at most ±DKK {mean}, counts at most ±{points} of 100.",
        ),
        # pictures
        "compare-figure-net": (
            "{name} har det højeste ventede resultat i {count} af 100 udfald af det usikre ({actor})",
            "{name} has the highest expected result in {count} of 100 draws of what is uncertain ({actor})",
        ),
        "compare-figure-alike": (
            "Ingen af indsatserne er klart den bedste ({actor})",
            "None of the interventions is clearly the best ({actor})",
        ),
        "compare-figure-what": (
            "Nettoresultat for {actor}. {line} Streg P10–P90, boks P25–P75, streg i boksen median, rude SØM-tallet. Nederst forskellen mellem de to bedste på samme træk.",
            "Net result of {actor}. {line} Line P10–P90, box P25–P75, bar median, diamond the SØM number. At the bottom the difference of the two best on the same draws.",
        ),
        "compare-figure-alt": (
            "Vandrette bånd, ét for hver indsats. {message}. {words}",
            "Horizontal bands, one for each intervention. {message}. {words}",
        ),
        "compare-figure-row": ("{name}: {p10} til {p90}", "{name}: {p10} to {p90}"),
        "compare-figure-difference": ("{first} minus {second}", "{first} minus {second}"),
    }
)
