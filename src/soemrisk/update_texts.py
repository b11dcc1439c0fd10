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
            "en observation er enten counts, estimate med se, eller events med person_years",
            "an observation is counts, or estimate with se, or events with person_years",
        ),
        "update-counts": ("så mange af så mange er ikke muligt", "so many of so many is not possible"),
        "update-numbers": (
            "se og person_years er over 0, prior_weight er over 0 og højst 1",
            "se and person_years are above 0, prior_weight is above 0 and at most 1",
        ),
        "update-certain": (
            "tallet regnes som sikkert; angiv først, hvor usikkert det er",
            "the number counts as certain; state first how uncertain it is",
        ),
        "update-list": (
            "tallet er en liste efter år med én fælles usikkerhed",
            "the number is a list by year with one spread for all",
        ),
        "update-persons": (
            "forskelle mellem personer er en del af angivelsen; angiv observationerne samlet i stedet",
            "differences between persons are part of the statement; state all observations together instead",
        ),
        "update-family": (
            "dets fordeling er {family}, og disse observationer opdaterer kun en {wanted} i lukket form",
            "its distribution is {family}, and these observations update a {wanted} alone in closed form",
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
        "update-group": (
            "ændringen ganges med den fælles faktor »{group}«, som også er usikker, mens det observerede er ændringen selv; tag konsekvensen ud af gruppen først",
            'the change is multiplied by the common factor "{group}", which is uncertain too, while what was observed is the change itself; take the consequence out of the group first',
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
        "update-conflict": (
            "{place}: observationerne passer dårligt til den tidligere viden (p = {p}): enten gælder den ikke her, eller de er ikke det samme tal. Overvej prior_weight under 1",
            "{place}: the observations fit the earlier knowledge badly (p = {p}): either it does not hold here, or they are not the same number. Consider a prior_weight below 1",
        ),
        "update-base": (
            "SØM-tallet for {actor}: {before} → {after}",
            "SØM number for {actor}: {before} → {after}",
        ),
        "update-written": ("Skrevet til {name}", "Written to {name}"),
        "update-same-file": ("OUT er den samme fil som beregningen", "OUT is the scenario's own file"),
    }
)
