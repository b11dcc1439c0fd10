"""What is said about mistakes in a file: (Danish, English) by rule id, in the order of docs/scenario.md.

Apart from ``report_texts`` because these are read by the person who writes a file, not by the reader of a result.
"""

from collections.abc import Mapping
from types import MappingProxyType

PROBLEM_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # the file as a whole
        "file-missing": ("filen findes ikke", "the file does not exist"),
        "file-unreadable": ("filen kan ikke læses: {reason}", "the file cannot be read: {reason}"),
        "not-a-file": (
            "er ikke en almindelig fil, men en kanal eller en enhed",
            "is no ordinary file, but a pipe or a device",
        ),
        "file-too-large": ("filen er for stor; højst {most}", "the file is too large; at most {most}"),
        "unknown-scenario": (
            "hverken en fil eller en medfølgende beregning; medfølgende er: {allowed}.",
            "neither a file nor a shipped scenario; shipped are: {allowed}.",
        ),
        "not-utf8": ("filen er ikke UTF-8: gem den som UTF-8", "the file is not UTF-8: save it as UTF-8"),
        "toml-syntax": ("ikke gyldig TOML{at}: {reason}", "not valid TOML{at}: {reason}"),
        "duplicate-key": (
            "samme nøgle eller tabel står to gange: {found}",
            "the same key or table is there twice: {found}",
        ),
        "too-deep": ("filen har for mange niveauer inden i hinanden", "the file is nested too deeply"),
        "decimal-comma": (
            "decimalkomma i {found}: i TOML skrives {write} med punktum",
            "decimal comma in {found}: TOML writes {write} with a point",
        ),
        "thousands-mark": (
            "tusindtalspunktum i {found}: i TOML skrives {write}",
            "thousands mark in {found}: TOML writes {write}",
        ),
        "not-a-quantity": (
            "{found} er ikke et tal med enhed og kilde: skriv en tabel med nøglerne value, unit og source",
            "{found} is not a number with unit and source: write a table with the keys value, unit and source",
        ),
        "did-you-mean": ("Mente du »{suggestion}«?", 'Did you mean "{suggestion}"?'),
        # the form of one value
        "unknown-key": (
            "ukendt nøgle »{key}«; her kan stå: {allowed}.",
            'unknown key "{key}"; allowed here: {allowed}.',
        ),
        "level-without-change": (
            "her er level, men ingen change: level er forbruget uden succes, change er den forskel, en succes gør",
            "a level but no change: level is the use without success, change is the difference that a success makes",
        ),
        "missing-key": ("nøglen »{key}« mangler", 'the key "{key}" is missing'),
        "unknown-choice": (
            "»{found}« kan ikke vælges; muligt er: {allowed}.",
            '"{found}" is not a choice; allowed: {allowed}.',
        ),
        "not-a-number": ("{found} er ikke et tal", "{found} is not a number"),
        "not-finite": (
            "{found} er ikke et endeligt tal på højst 1e30",
            "{found} is not a finite number of at most 1e30 in size",
        ),
        "too-many-digits": (
            "{found} har mere end 15 betydende cifre, som er hvad Excel kan holde",
            "{found} has more than 15 significant digits, which is what Excel keeps",
        ),
        "not-a-count": ("{found} er ikke et helt tal fra 0", "{found} is not a whole number from 0"),
        "not-a-text": ("{found} er ikke en tekst", "{found} is not a text"),
        "empty-text": ("teksten er tom", "the text is empty"),
        "empty-list": ("listen er tom", "the list is empty"),
        "not-a-list": ("{found} er ikke en liste", "{found} is not a list"),
        "not-a-table": ("{found} er ikke en tabel med nøgler", "{found} is not a table of keys"),
        "not-true-or-false": ("{found} er hverken true eller false", "{found} is neither true nor false"),
        "not-a-year": ("{found} er ikke et årstal mellem 1900 og 2200", "{found} is not a year between 1900 and 2200"),
        "bad-id": (
            "»{found}« kan ikke være et id: små bogstaver a–z, tal, - og _",
            '"{found}" cannot be an id: lower case letters a–z, digits, - and _',
        ),
        "not-positive": ("{found} er ikke over 0", "{found} is not above 0"),
        # rules across sections
        "window-impossible": (
            "perioden {first}–{last} er ikke mulig: last_year er fra first_year til højst {most} år",
            "the window {first}–{last} is not possible: last_year is from first_year on, at most {most} years",
        ),
        "year-outside-window": (
            "{year} ligger uden for perioden {first}–{last}",
            "{year} lies outside the window {first}–{last}",
        ),
        "negative-participants": (
            "antallet af deltagere er negativt ({found})",
            "the number of participants is negative ({found})",
        ),
        "no-participants": ("der er ingen deltagere", "there are no participants"),
        "success-form": (
            "succesraten angives som net, som with og without, eller som without og effect",
            "state the success rate as net, as with and without, or as without and effect",
        ),
        "success-missing": (
            "en undergruppe uden egen succesrate har den fra [success], som mangler. Det gælder: {subgroups}",
            "a subgroup without a success rate of its own has that of [success], which is missing. It concerns: {subgroups}",
        ),
        "success-unused": (
            "alle undergrupper har deres egen succesrate, så [success] bruges ikke: slet den, eller slet den i en undergruppe",
            "all subgroups have their own success rate, so that [success] is not used: delete it, or that of a subgroup",
        ),
        "independent-needs-both-rates": (
            'chance = "independent" kræver with og without',
            'chance = "independent" needs with and without',
        ),
        "unknown-reference": (
            "»{found}« findes ikke under [{section}]; der findes: {allowed}.",
            '"{found}" is not under [{section}]; there are: {allowed}.',
        ),
        "share-negative": (
            "en andel er negativ ({found}); andele er fra 0 til 1",
            "a share is negative ({found}); shares are from 0 to 1",
        ),
        "shares-not-one": (
            "andelene giver {sum} tilsammen, de skal give 1",
            "the shares add up to {sum}, they must add up to 1",
        ),
        "fewer-starters": (
            "færre begynder ({starters}) end gennemfører ({completers})",
            "fewer start ({starters}) than complete ({completers})",
        ),
        "years-by-kind": (
            'years hører til per = "total" (andele, der giver 1) og "year" (gange pr. år); her er per "{per}"',
            'years belongs to per = "total" (shares that add up to 1) and "year" (times a year); here per is "{per}"',
        ),
        "yearly-needs-one-value": (
            "yearly kræver, at change har én værdi, som ikke er 0 (den første års)",
            "yearly needs a change with one value that is not 0 (that of the first year)",
        ),
        "years-not-one": (
            "årenes andele giver {sum} tilsammen; de skal give 1, og ingen er negativ",
            "the shares of the years add up to {sum}; they must add up to 1, and none is negative",
        ),
        "steps-order": (
            "trin: det første uden from, derefter from i stigende orden",
            "steps: the first without from, then from in rising order",
        ),
        "unit-differs": (
            "enheden »{found}« skal her være »{expected}«",
            'the unit "{found}" must be "{expected}" here',
        ),
        "list-too-long": (
            "listen har {found} år, beregningen har {most}",
            "the list has {found} years, the calculation has {most}",
        ),
        "more-than-a-year": (
            "{found} {unit} er mere end de {most}, et år højst har; tallet er for én person i ét år",
            "{found} {unit} is more than the {most} that a year has at most; the number is for one person in one year",
        ),
        "change-exceeds-level": (
            "der spares mere, end der bruges: {year} år efter succes er level {level} og change {change}",
            "more is saved than is used: {year} years after success the level is {level} and the change {change}",
        ),
        "no-price-index": (
            "prisåret {year} er ikke beregningens ({price_year}), og prisindekset mangler {missing}",
            "the price year {year} is not the calculation's ({price_year}), and the price index lacks {missing}",
        ),
        "price-index-years": (
            "prisåret {year} er ikke beregningens ({price_year}), og prisindekset mangler {missing}; det har {years}. Angiv årene i values, en årlig stigning i beyond, eller vælg et andet indeks",
            "the price year {year} is not the calculation's ({price_year}), and the price index lacks {missing}; it has {years}. State the years in values, a yearly rise in beyond, or choose another index",
        ),
        "beyond-and-source": (
            "beyond og beyond_source står sammen: hvor meget prisindekset stiger om året uden for sine år, og hvorfor",
            "beyond and beyond_source stand together: by how much the price index rises a year outside its years, and why",
        ),
        "beyond-outside": (
            "beyond = {found} er ingen årlig stigning; 0.02 er 2 % (over -1 og højst 1)",
            "beyond = {found} is no yearly rise; 0.02 is 2 % (above -1 and at most 1)",
        ),
        "bands-and-above": (
            'andele efter forbrug har både above (i et trin af shares) og bands: "year" tæller forfra hvert kalenderår, "spell" fra forløbets start; der mangler: {missing}',
            'shares by use have both above (in a step of shares) and bands: "year" counts anew each calendar year, "spell" from the start of the spell; missing: {missing}',
        ),
        "bands-order": (
            "trin efter forbrug: for hvert from først et trin uden above, derefter above over 0 i stigende orden",
            "steps by use: for each from first a step without above, then above from over 0 in rising order",
        ),
        "bands-need-level": (
            "ydelsen »{service}« har andele efter forbrug, så her skal stå level: forbruget pr. person pr. år uden succes",
            'the service "{service}" has shares by use, so a level is needed here: use per person and year without success',
        ),
        "bands-not-with": (
            "{found} kan ikke bruges, hvor andelene afhænger af forbruget (above og bands)",
            "{found} cannot be used where shares depend on use (above and bands)",
        ),
        "scaling-and-source": (
            'level_scaling = "proportional" og level_scaling_source står sammen: at ændringer følger forbruget, og hvorfor',
            'level_scaling = "proportional" and level_scaling_source stand together: that changes follow use, and why',
        ),
        "scaling-of-nothing": (
            "ingen konsekvens har level_studied, forbruget i den gruppe, ændringen er fundet i, så intet skaleres",
            "no consequence has level_studied, the use in the group in which its change was found, so nothing is scaled",
        ),
        "studied-without-level": (
            "level_studied er forbruget i den gruppe, ændringen er fundet i; her mangler level, forbruget her",
            "level_studied is the use in the group in which the change was found; level, the use here, is missing",
        ),
        "studied-near-zero": (
            "ændringen deles med dette forbrug, så det er over 0 og fordelingen når ikke 0; angiv lognormal eller en nedre ende over 0",
            "the change is divided by this use, so it is above 0 and its distribution does not reach 0; state a lognormal or a lower end above 0",
        ),
        "before-without-spell": (
            'level_before har kun betydning, hvor ydelsen tæller fra forløbets start (bands = "spell"); det gør »{service}« ikke',
            'level_before matters only where the service counts from the start of the spell (bands = "spell"); "{service}" does not',
        ),
        "parent-cycle": (
            "{found}: en aktør kan ikke høre under sig selv",
            "{found}: an actor cannot be inside itself",
        ),
        "correlation-unknown": (
            "»{found}« er ikke en forudsætning i beregningen; skriv stedet, fx services.herberg.price.",
            '"{found}" is no quantity of the scenario; write its place, for example services.herberg.price.',
        ),
        "correlation-certain": (
            "»{found}« regnes som sikker og kan ikke følges med noget: angiv en usikkerhed",
            '"{found}" counts as certain and cannot be correlated: state a spread',
        ),
        "correlation-of-one": (
            "en korrelation er mellem mindst to forskellige forudsætninger",
            "a correlation is between at least two different quantities",
        ),
        "correlation-twice": (
            "korrelationen mellem {found} står to gange",
            "the correlation between {found} is there twice",
        ),
        "correlation-outside": (
            "rangkorrelationen {found} ligger uden for −1 til 1",
            "the rank correlation {found} lies outside −1 to 1",
        ),
        "correlations-impossible": (
            'korrelationerne kan ikke gælde samtidig; de nærmeste mulige er {nearest}. Ret dem, eller skriv impossible_correlations = "nearest" under [settings]',
            'the correlations cannot hold at the same time; the nearest possible are {nearest}. Change them, or write impossible_correlations = "nearest" under [settings]',
        ),
        "concentration-outside": (
            "shares_concentration {found} ligger uden for {least} til {most}",
            "shares_concentration {found} lies outside {least} to {most}",
        ),
        "concentration-of-one": (
            "kun én andel er over 0, og så er den sikker: fjern shares_concentration",
            "only one share is above 0, so it is certain: remove shares_concentration",
        ),
        # references into the library
        "unknown-library": (
            "»{found}« findes ikke i vidensdatabasen.",
            '"{found}" is not in the library.',
        ),
        "library-kind": (
            'posten »{found}« har kind = "{kind}"; her skal stå en post med kind = "{expected}"',
            'the entry "{found}" has kind = "{kind}"; an entry with kind = "{expected}" belongs here',
        ),
        "library-level-as-change": (
            "»{found}« er et niveau (hvor meget en borger bruger), ikke en ændring (den forskel, som succes gør)",
            '"{found}" is a level (how much a citizen uses), not a change (the difference that success makes)',
        ),
        "library-cycle": (
            "»{found}« henviser i ring: {chain}",
            '"{found}" refers to itself: {chain}',
        ),
        "library-price-year": (
            "prisen er i {year}-priser, men price_year er {price_year}",
            "the price is in prices of {year}, but price_year is {price_year}",
        ),
        "library-source": (
            "tallet er vidensdatabasens, og det er {key} også: fjern {key}, eller angiv dit eget tal",
            "the number is the library's, and so is its {key}: remove {key}, or state a number of your own",
        ),
        "own-price-year": (
            "tallet er dit eget, så angiv også dets prisår (price_year): vidensdatabasens prisår gælder dens egen pris",
            "the number is your own, so state its price year too (price_year): the library's belongs to its own price",
        ),
        # outcomes in units of their own
        "outcome-form": (
            "en virkning angives på én måde: gain (en mængde pr. succes eller deltager), less_of eller more_of (forbrug, som konsekvenserne ændrer)",
            "an outcome is stated in one way: gain (an amount per success or participant), less_of or more_of (use that consequences change)",
        ),
        "outcome-individuals": (
            'forskelle mellem borgere (of = "individuals") kan kun angives for ændringer i konsekvenser: angiv her, hvor usikkert gennemsnittet er (se, eller of = "mean")',
            'differences between individuals (of = "individuals") can be stated only for changes of consequences: state here how uncertain the mean is (se, or of = "mean")',
        ),
        "outcome-counted": (
            "virkningen tælles op fra konsekvenser, og {key} følger af dem: fjern {key}",
            "the outcome is counted from consequences, and {key} follows from them: remove {key}",
        ),
        "outcome-twice": ("konsekvensen »{found}« tælles to gange", 'the consequence "{found}" is counted twice'),
        "outcome-units": (
            "konsekvenserne har forskellige enheder ({found}) og kan ikke lægges sammen",
            "the consequences have different units ({found}) and cannot be added",
        ),
        "grant-to-itself": ("giver og modtager er den samme ({found})", "payer and receiver are the same ({found})"),
    }
)
