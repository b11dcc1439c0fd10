"""What is said of mistakes in a workbook in place of the words for TOML: (Danish, English) by ``in-sheet-<rule>``.

Apart from ``problem_texts`` because who works in Excel sees headings and drop-downs, and no keys. A rule that is not
here has the same words in both.
"""

from collections.abc import Mapping
from types import MappingProxyType

SHEET_WORDING_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "in-sheet-decimal-comma": (
            "decimalkomma i {found}: i »Øvrigt« skrives {write} med punktum",
            'decimal comma in {found}: in "Other" it is typed {write}, with a point',
        ),
        "in-sheet-thousands-mark": (
            "tusindtalspunktum i {found}: i »Øvrigt« skrives {write}",
            'thousands mark in {found}: in "Other" it is typed {write}',
        ),
        "in-sheet-toml-syntax": (
            "»Øvrigt« kan ikke læses{at}: {reason}. Skriv én nøgle på hver linje, for eksempel onset = 1",
            '"Other" cannot be read{at}: {reason}. Type one key on each line, for example onset = 1',
        ),
        "in-sheet-missing-key": ("her mangler »{key}«", '"{key}" is missing here'),
        "in-sheet-level-without-change": (
            "her er »Niveau uden succes«, men ingen »Ændring«: niveauet er forbruget uden succes, ændringen er den forskel, en succes gør",
            'here is "Level without success" but no "Change": the level is use without success, the change the difference that success makes',
        ),
        "in-sheet-window-impossible": (
            "perioden {first}–{last} er ikke mulig: »Sidste år« er fra »Første år« til højst {most} år senere",
            'the window {first}–{last} is impossible: "Last year" is from "First year" to at most {most} years later',
        ),
        "in-sheet-success-form": (
            "succesraten angives enten i rækken »Succesrate, netto« alene, eller i rækkerne »Succesrate med indsatsen« og »Succesrate uden indsatsen«: tøm de andre",
            'the success rate is stated either in the row "Success rate, net" alone, or in the rows "Success rate with the intervention" and "Success rate without it": empty the others',
        ),
        "in-sheet-success-unused": (
            "alle undergrupper har deres egen succesrate, så den på arket Effekt bruges ikke: tøm rækken, eller tøm succesraten i en undergruppe",
            "all subgroups have their own success rate, so that the one on the sheet Effect is not used: empty its row, or the rate of a subgroup",
        ),
        "in-sheet-outcome-form": (
            "en virkning angives på én måde: »Mængde«, »Mindre af« eller »Mere af«. Udfyld den ene, og tøm de andre",
            'an outcome is stated in one way: "Quantity", "Less of" or "More of". Fill in one, and empty the others',
        ),
        "in-sheet-independent-needs-both-rates": (
            "»uafhængige rater« kræver succesraten både med og uden indsatsen (arket Effekt)",
            '"independent rates" need the success rate both with the intervention and without it (sheet Effect)',
        ),
        "in-sheet-unknown-reference": (
            "»{found}« findes ikke på arket {sheet}; der findes: {allowed}.",
            '"{found}" is not on the sheet {sheet}; there are: {allowed}.',
        ),
        "in-sheet-years-by-kind": (
            "kolonnerne med årstal bruges, når »Beløbet er« i alt (andele, der giver 100 %) eller pr. år (hvor mange gange); ellers står de tomme",
            'the columns of years are for amounts "in all" (shares that add up to 100 %) and "per year" (how many times); else they are empty',
        ),
        "in-sheet-years-not-one": (
            "årenes andele giver {sum} tilsammen; de skal give 1 (100 %), og ingen er negativ",
            "the shares of the years add up to {sum}; they must add up to 1 (100 %), and none is negative",
        ),
        "in-sheet-shares-not-one": (
            "andelene i rækken giver {sum} tilsammen; de skal give 1 (100 %)",
            "the shares of the row add up to {sum}; they must add up to 1 (100 %)",
        ),
        "in-sheet-yearly-needs-one-value": (
            "»Ændring pr. år« kræver ét tal i »Ændring«, og det må ikke være 0",
            '"Change per year" needs one number in "Change", and it must not be 0',
        ),
        "in-sheet-steps-order": (
            "rækker med samme id: den første har intet i »Fra«, de næste stigende tal",
            'rows with the same id: the first has nothing in "From", the next have rising numbers',
        ),
        "in-sheet-change-exceeds-level": (
            "der spares mere, end der bruges: {year} år efter succes er »Niveau uden succes« {level} og »Ændring« {change}",
            'more is saved than is used: {year} years after success "Level without success" is {level} and "Change" is {change}',
        ),
        "in-sheet-no-price-index": (
            "prisåret {year} er ikke beregningens ({price_year}), og prisindekset mangler {missing}: udfyld arket Prisindeks",
            "the price year {year} is not the calculation's ({price_year}), and the price index lacks {missing}: fill in the sheet Price index",
        ),
        "in-sheet-price-index-years": (
            "prisåret {year} er ikke beregningens ({price_year}), og prisindekset mangler {missing}; det har {years}. Skriv de år, der mangler, på arket Prisindeks",
            "the price year {year} is not the calculation's ({price_year}), and the price index lacks {missing}; it has {years}. Type what is missing on the sheet Price index",
        ),
        "in-sheet-concentration-of-one": (
            "kun én andel er over 0, og så er den sikker: tøm »Andelenes sikkerhed«",
            'only one share is above 0, so it is certain: empty "Certainty of the shares"',
        ),
        "in-sheet-concentration-outside": (
            "»Andelenes sikkerhed« {found} ligger uden for {least} til {most}",
            '"Certainty of the shares" {found} is outside {least} to {most}',
        ),
        "in-sheet-library-kind": (
            "posten »{found}« er af slagsen »{kind}«; her skal stå en post af slagsen »{expected}«",
            'the entry "{found}" is of the kind "{kind}"; an entry of the kind "{expected}" belongs here',
        ),
        "in-sheet-library-price-year": (
            "prisen er i {year}-priser, men i »Prisår« står {price_year}",
            'the price is in prices of {year}, but "Price year" says {price_year}',
        ),
        "in-sheet-library-source": (
            "tallet er vidensdatabasens, og det er »{key}« også: tøm den, eller skriv dit eget tal",
            'the number is the library\'s, and so is "{key}": empty it, or type a number of your own',
        ),
        "in-sheet-own-price-year": (
            "tallet er dit eget, så udfyld også »Prisår«: vidensdatabasens prisår gælder dens egen pris",
            'the number is your own, so fill in "Price year" too: the library\'s belongs to its own price',
        ),
        "in-sheet-several-spreads": (
            "usikkerheden er angivet på flere måder ({found}): lad én af dem stå, og tøm de andre",
            "the uncertainty is stated in several ways ({found}): keep one of them, and empty the others",
        ),
        "in-sheet-outside-probability": (
            "{found} er ikke en andel fra 0 til 1: 30 procent skrives 30 % eller 0,3",
            "{found} is not a share from 0 to 1: 30 per cent is typed 30 % or 0.3",
        ),
        "in-sheet-outside-net_rate": (
            "{found} er ikke en nettorate fra -1 til 1: 30 procent skrives 30 % eller 0,3",
            "{found} is not a net rate from -1 to 1: 30 per cent is typed 30 % or 0.3",
        ),
        "in-sheet-outside-discount_rate": (
            "{found} er ikke en diskonteringsrente fra 0 til 1: 3,5 procent skrives 3,5 % eller 0,035",
            "{found} is not a discount rate from 0 to 1: 3.5 per cent is typed 3.5 % or 0.035",
        ),
        "in-sheet-range-incomplete": (
            "»Lav«, »Høj« og »Lav og høj er« udfyldes sammen; her mangler: {missing}",
            '"Low", "High" and "Low and high are" are filled in together; missing here: {missing}',
        ),
        "in-sheet-low-not-below-high": (
            "»Lav« ({low}) skal være mindre end »Høj« ({high})",
            '"Low" ({low}) must be less than "High" ({high})',
        ),
        "in-sheet-value-outside-range": (
            "tallet ({found}) ligger ikke mellem »Lav« ({low}) og »Høj« ({high})",
            'the number ({found}) is not between "Low" ({low}) and "High" ({high})',
        ),
        "in-sheet-lognormal-needs-positive": (
            "et interval kræver her, at »Lav« er over 0 (nu {found}); kan tallet være 0, så vælg »yderste grænser« i »Lav og høj er«",
            'an interval needs "Low" above 0 here (now {found}); if the number can be 0, choose "hard limits" in "Low and high are"',
        ),
        "in-sheet-beta-needs-inside": (
            "et interval for en andel ligger mellem 0 % og 100 % (nu {low} og {high}); kan tallet være 0 % eller 100 %, så vælg »yderste grænser« i »Lav og høj er«",
            'an interval of a share lies between 0 % and 100 % (now {low} and {high}); if the number can be 0 % or 100 %, choose "hard limits" in "Low and high are"',
        ),
        "in-sheet-value-off-counts": (
            "tallet ({found}) passer ikke til det talte: {successes} af {of} giver {low} til {high} (99 %)",
            "the number ({found}) does not fit what was counted: {successes} of {of} gives {low} to {high} (99 %)",
        ),
        "in-sheet-counts-need-probability": (
            "»Antal succes« og »Ud af« bruges kun ved succesrater med og uden indsatsen",
            '"Successes" and "Out of" are only for success rates with the intervention and without it',
        ),
        "in-sheet-significant-needs-change": (
            "»Signifikant på« bruges kun om ændringer (arket Konsekvenser)",
            '"Significant at" is only for changes (sheet Consequences)',
        ),
        "in-sheet-key-needs-partner": (
            "»{key}« siger kun noget, når der også står noget i: {partners}",
            '"{key}" says something only beside: {partners}',
        ),
        "in-sheet-spread-of-what": (
            "vælg i »Spredningen er«, om »{key}« er om middelværdien (hvor usikkert tallet er) eller mellem personer (hvor forskellige de er)",
            'choose in "The spread is" whether "{key}" is of the mean (how uncertain the number is) or between persons (how different they are)',
        ),
        "in-sheet-individuals-need-change": (
            "forskelle mellem personer kan kun angives om ændringer (arket Konsekvenser); vælg her »om middelværdien« i »Spredningen er«",
            'differences between persons can be stated only for changes (sheet Consequences); choose "of the mean" in "The spread is" here',
        ),
        "in-sheet-share-of-zero": (
            "»{key}« er en del af tallet, og tallet er 0: skriv i stedet »Lav« og »Høj« eller en »Standardfejl«",
            '"{key}" is a part of the number, and the number is 0: type "Low" and "High" or a "Standard error" instead',
        ),
        "in-sheet-family-without-spread": (
            "»Fordeling« er udfyldt ({family}), men ingen spredning: skriv »Lav«, »Høj« og »Lav og høj er«, eller en »Standardfejl«",
            '"Distribution" is filled in ({family}), but no spread: type "Low", "High" and "Low and high are", or a "Standard error"',
        ),
        "in-sheet-evidence-by-kind": (
            "»Evidensniveau« bruges kun om konsekvenser, fælles faktorer og succesrater",
            '"Level of evidence" is only for consequences, common factors and success rates',
        ),
        "in-sheet-corrected-needs-z": (
            "»Filter rettet« kræver en »Standardfejl«: estimatets størrelse delt med 1,96 er kun den største mulige, og med den ville alle tal skrumpe med 44 %",
            '"Filter corrected" needs a "Standard error": the estimate\'s size divided by 1.96 is only the largest possible one, and with it all numbers would shrink by 44 %',
        ),
        "in-sheet-list-with-spread": (
            "når ændringen er skrevet år for år, angives usikkerheden som andel af tallene: »Spredning i %« eller »Signifikant på«",
            'where the change is typed year by year, its uncertainty is a part of the numbers: "Spread in %" or "Significant at"',
        ),
        "in-sheet-range": ("»Lav« og »Høj«", '"Low" and "High"'),
        "in-sheet-counts": ("»Antal succes« og »Ud af«", '"Successes" and "Out of"'),
        "heading-years": (
            "kolonnen »{found}« er ikke ét kalenderår: skriv ét årstal, for eksempel {year}, og fordel på de år, det gælder",
            'the column "{found}" is not one calendar year: type one year, for example {year}, and divide between the years',
        ),
    }
)
