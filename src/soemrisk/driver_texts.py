"""What is said about drivers, by commands and in pictures: (Danish, English) by id."""

from collections.abc import Mapping
from types import MappingProxyType

DRIVER_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # names of inputs
        "name-success-with": ("Succesrate med indsats", "Success rate with the intervention"),
        "name-success-without": ("Succesrate uden indsats", "Success rate without it"),
        "name-success-net": ("Nettosuccesrate", "Net success rate"),
        "name-success-rate": ("Succesraten (med minus uden)", "The success rate (with minus without)"),
        "name-participants": ("Antal, der gennemfører", "Number who complete"),
        "name-discount": ("Diskonteringsrente", "Discount rate"),
        "name-amount": ("{name}: beløb", "{name}: amount"),
        "name-price": ("{name}: pris", "{name}: price"),
        "name-share": ("{name}: andel, {actor}", "{name}: share of {actor}"),
        "name-change": ("{name}: ændring pr. succes", "{name}: change per success"),
        "name-level": ("{name}: forbrug uden succes", "{name}: use without success"),
        "name-level-before": ("{name}: forbrug før", "{name}: use before"),
        "name-persistence": ("{name}: varighed af ændringen", "{name}: persistence of the change"),
        "name-again": ("{name} ({key})", "{name} ({key})"),
        "name-calibrated": ("Kalibrerede linjer, {area}", "Calibrated lines, {area}"),
        "name-together": ("{name} m.fl. (taget samlet)", "{name} and others (taken together)"),
    }
)
