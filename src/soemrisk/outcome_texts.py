"""What is said about outcomes that are no money, by commands and in the memo: (Danish, English) by id.

Apart from ``report_texts`` because none of it is about the net result.
"""

from collections.abc import Mapping
from types import MappingProxyType

OUTCOME_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "outcome-title": ("Virkninger, der ikke er kroner", "Outcomes that are not money"),
        "outcome-named": ("{name} ({unit})", "{name} ({unit})"),
        "outcome-per": ("pr. deltager", "per participant"),
        "outcome-worth-title": ("Værdi af 1 {unit}, der giver 0, kr.", "Worth of 1 {unit} that gives 0, DKK"),
        "outcome-lost": (
            "{name}: som angivet går der enheder tabt. Værdien af 1 {unit}, der giver 0, er af gevinster og siger her intet om, hvad tabet højst må koste: angiv udfaldet med modsat fortegn, hvis det er spørgsmålet.",
            "{name}: as stated units are lost. The worth of 1 {unit} that gives 0 is of gains and does not say here what the loss may cost at most: state the outcome with the other sign if that is the question.",
        ),
        "outcome-free": ("behøves ikke i", "not needed in"),
        "outcome-mean-cost": ("middeltab", "mean loss"),
        "outcome-never": ("intet er nok", "never enough"),
        "outcome-nothing": ("intet", "nothing"),
        "outcome-unclear": ("uafklaret", "not settled"),
        "outcome-plane": (
            "{name}, {actor}: i {dominates} af 100 udfald er der gevinst og flere enheder; i {costs} koster hver enhed{middle}; i {dominated} er der tab og ikke flere enheder; i {saves_less} gevinst, men ikke flere enheder.",
            "{name}, {actor}: in {dominates} of 100 draws there is a gain and more units; in {costs} each unit costs{middle}; in {dominated} there is a loss and not more units; in {saves_less} a gain but not more units.",
        ),
        "outcome-middle": (" (P10 {p10}, P50 {p50}, P90 {p90} kr.)", " (P10 {p10}, P50 {p50}, P90 {p90} DKK)"),
        "outcome-middle-none": (" noget", " something"),
        "outcome-note": (
            "Virkninger tæller ikke med i nettoresultatet. Værdien er den, 1 enhed skal have, for at nettoresultatet er 0; minus: så stor gevinst er der til hver enhed. Den er regnet uden tilfældighed, og som om andre virkninger intet er værd. Middeltab: middel af tabet delt med middel af enhederne. {discount}",
            "Outcomes are no part of the net result. The worth is what 1 unit must have for a net result of 0; minus: so large is the gain for each unit. It is without chance, and as if other outcomes were worth nothing. Mean loss: mean of the loss over the mean of the units. {discount}",
        ),
        "outcome-one": ("Virkning", "Outcome"),
        "outcome-sources": ("Virkningernes forudsætninger", "Assumptions of the outcomes"),
        "outcome-counted-from": ("Tælles op fra konsekvenser: {names}", "Counted from consequences: {names}"),
        "outcome-per-success": ("{value} {unit} pr. succes", "{value} {unit} per success"),
        "outcome-per-participant": ("{value} {unit} pr. deltager", "{value} {unit} per participant"),
        "outcome-undiscounted": ("Virkninger er ikke diskonteret.", "Outcomes are not discounted."),
        "outcome-discounted": ("Virkninger er diskonteret som kroner.", "Outcomes are discounted as money."),
        "outcome-some-discounted": ("Diskonteret som kroner: {names}.", "Discounted as money: {names}."),
    }
)
