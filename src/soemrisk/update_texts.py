"""What ``soemrisk update`` says: (Danish, English) by id."""

from collections.abc import Mapping
from types import MappingProxyType

UPDATE_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "update-no-such-place": (
            "»{found}« er ikke et tal i beregningen; skriv stedet, fx success.with",
            '"{found}" is no number of the scenario; write its place, for example success.with',
        ),
        "update-refused": ("{place} kan ikke opdateres: {reason}", "{place} cannot be updated: {reason}"),
        "update-net": (
            "optællinger uden kontrolgruppe siger, hvor mange der lykkes med indsatsen, ikke hvor mange der lykkes på grund af den; angiv with og without hver for sig, og opdater with",
            "counts without a control group say how many succeed with the intervention, not how many because of it; state with and without, and update with",
        ),
        "update-form": (
            "en observation er enten counts, estimate med se eller log_se, observations, eller events med person_years; med replace ikke events, og estimate kan stå alene",
            "an observation is counts, or estimate with se or log_se, or observations, or events with person_years; with replace not events, and estimate may stand alone",
        ),
        "update-counts": ("så mange af så mange er ikke muligt", "so many of so many is not possible"),
        "update-numbers": (
            "se, log_se og person_years er over 0, prior_weight er over 0 og højst 1",
            "se, log_se and person_years are above 0, prior_weight is above 0 and at most 1",
        ),
        "update-certain": (
            "tallet regnes som sikkert; angiv først, hvor usikkert det er, eller erstat det med replace = true",
            "the number counts as certain; state first how uncertain it is, or replace it with replace = true",
        ),
        "update-list": (
            "tallet er en liste efter år med én fælles usikkerhed",
            "the number is a list by year with one spread for all",
        ),
        "update-persons": (
            "forskelle mellem personer er en del af angivelsen; angiv observationerne samlet i stedet",
            "differences between persons are part of the statement; state all observations together instead",
        ),
        "update-power": (
            "prior_weight under 1 findes kun, hvor fordelingen bliver i sin familie, og {family} gør det ikke med disse observationer; angiv tallet med større spredning, eller brug replace = true",
            "prior_weight below 1 exists only where the distribution stays in its family, and {family} does not with these observations; state the number with a wider spread, or use replace = true",
        ),
        "update-below-zero": (
            "log_se og events er for tal, der ikke kan være under 0, og det kan dette",
            "log_se and events are for numbers that cannot be below 0, which this one can",
        ),
        "update-logarithm": (
            "et estimat med log_se, og et estimat af et tal med en lognormal fordeling, er over 0",
            "an estimate with log_se, and an estimate of a number with a lognormal distribution, is above 0",
        ),
        "update-few": (
            "et gennemsnit skal have mindst fire observationer, som ikke alle er ens",
            "a mean needs at least four observations that are not all equal",
        ),
        "update-replace-weight": (
            "med replace bruges den tidligere viden ikke, så prior_weight hører ikke til",
            "with replace the earlier knowledge is not used, so prior_weight does not belong there",
        ),
        "update-price-year": (
            "egne kroner har et prisår: skriv price_year (tallet selv er i {year}-priser)",
            "kroner of one's own have a price year: write price_year (the number itself is in prices of {year})",
        ),
        "update-no-price": (
            "price_year hører til priser og beløb, og det er tallet ikke",
            "price_year belongs to prices and amounts, which this number is not",
        ),
        "update-no-index": (
            "beregningens prisindeks har ikke både {own} og {year}; angiv beløbet i {year}-priser, eller indekset",
            "the scenario's price index does not have both {own} and {year}; state the amount in prices of {year}, or the index",
        ),
        "update-impossible": (
            "observationerne er så godt som umulige efter den tidligere viden; enten gælder den ikke her (brug replace = true), eller de er ikke det samme tal",
            "the observations are all but impossible by the earlier knowledge: either it does not hold here (use replace = true), or they are not the same number",
        ),
        "update-mixed": (
            "fordelingen har både enkelte værdier og en sammenhængende del",
            "its distribution has both single values and a continuous part",
        ),
        "update-too-narrow": (
            "det, der er tilbage af usikkerheden, er mindre end tallets cifre",
            "what is left of the uncertainty is less than the digits of the number",
        ),
        "update-not-counted": (
            "counts er for andele af personer, og det er tallet ikke",
            "counts are for shares of persons, which this number is not",
        ),
        "update-not-events": (
            "events er for, hvor meget der bruges pr. person og år, og det er tallet ikke",
            "events are for use per person and year, which this number is not",
        ),
        "update-steps": (
            "tallet har trin efter år, som er usikre sammen",
            "the number has steps by year, which are uncertain together",
        ),
        "update-correlated": (
            "tallet er korreleret med andre, og observationen siger så også noget om dem; fjern korrelationen først",
            "the number is correlated with others, of which the observation then says something too; take the correlation away first",
        ),
        "update-shared": (
            "{entry} i vidensdatabasen står flere steder i beregningen og er ét tal; erstat det her med replace = true, eller angiv tallene hver for sig",
            "{entry} of the library stands in several places of the scenario and is one number; replace it here with replace = true, or state the numbers one by one",
        ),
        "update-group": (
            "ændringen ganges med den fælles faktor »{group}«, som er usikker eller ikke 1, mens det observerede er ændringen selv; tag konsekvensen ud af gruppen, erstat den med replace = true, eller opdater gruppens faktor",
            'the change is multiplied by the common factor "{group}", which is uncertain or not 1, while what was observed is the change itself; take the consequence out of the group, replace it with replace = true, or update the factor of the group',
        ),
        "update-scaled": (
            "ændringen skaleres til forbruget her, mens det observerede er ændringen her; erstat den med replace = true",
            "the change is scaled to the use here, while what was observed is the change here; replace it with replace = true",
        ),
        "update-same-observed": (
            "OUT er filen med observationer; vælg et andet navn",
            "OUT is the file of observations; choose another name",
        ),
        "update-exists": (
            "{name} findes allerede; vælg et andet navn, eller skriv --force",
            "{name} exists already; choose another name, or write --force",
        ),
        "update-ending": (
            "OUT er en .toml-fil: {name}; »soemrisk workbook export« gør den til en projektmappe",
            'OUT is a .toml file: {name}; "soemrisk workbook export" makes it a workbook',
        ),
        "update-twice": (
            "stedet er observeret to gange; læg observationerne sammen",
            "the place is observed twice; add them up",
        ),
        "update-head": (
            "Før og efter: gennemsnit og P10–P90",
            "Before and after: mean and P10–P90",
        ),
        "update-row": (
            "{place}: {before} ({low} til {high}) → {after} ({new_low} til {new_high}); den tidligere viden vejer {weight}",
            "{place}: {before} ({low} to {high}) → {after} ({new_low} to {new_high}); earlier knowledge weighs {weight}",
        ),
        "update-replaced": (
            "{place}: {before} ({low} til {high}) → {after} ({new_low} til {new_high}); erstattet af egne tal, den tidligere viden bruges ikke",
            "{place}: {before} ({low} to {high}) → {after} ({new_low} to {new_high}); replaced by own numbers, earlier knowledge is not used",
        ),
        "update-numerical": (
            "{place}: regnet ud numerisk og skrevet som trin; gennemsnittet er {mean} fra det rigtige, fordelingsfunktionen højst {distance}",
            "{place}: calculated numerically and written as steps; the mean is {mean} from the right one, the distribution function at most {distance}",
        ),
        "update-price": (
            "{place}: egne kroner er ganget med {factor} efter prisindekset",
            "{place}: kroner of one's own are multiplied by {factor}, by the price index",
        ),
        "update-conflict": (
            "{place}: observationerne passer dårligt til den tidligere viden (p = {p}): enten gælder den ikke her, eller de er ikke det samme tal. Overvej prior_weight under 1 eller replace = true",
            "{place}: the observations fit the earlier knowledge badly (p = {p}): either it does not hold here, or they are not the same number. Consider a prior_weight below 1 or replace = true",
        ),
        "update-replaced-conflict": (
            "{place}: de egne tal passer dårligt til den viden, de erstatter (p = {p}): enten gælder den ikke her, eller de er ikke det samme tal",
            "{place}: the own numbers fit the knowledge that they replace badly (p = {p}): either it does not hold here, or they are not the same number",
        ),
        "update-base": (
            "SØM-tallet for {actor}: {before} → {after}",
            "SØM number for {actor}: {before} → {after}",
        ),
        "update-written": ("Skrevet til {name}", "Written to {name}"),
        "update-same-file": ("OUT er den samme fil som beregningen", "OUT is the scenario's own file"),
    }
)
