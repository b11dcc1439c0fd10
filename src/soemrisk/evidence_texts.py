"""What is said about studies, effects and how evidence fits a place: (Danish, English) by rule id.

Apart from ``statement_texts`` because a study is a statement of its own.
"""

from collections.abc import Mapping
from types import MappingProxyType

EVIDENCE_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "studies-scale": (
            "undersøgelsernes skala (scale) er her {allowed}; angivet er: {found}",
            "the scale of studies is {allowed} here; stated: {found}",
        ),
        "study-form": (
            "en undersøgelse angives med {forms}",
            "a study is stated with {forms}",
        ),
        "study-off-scale": (
            "{found} har ingen plads på skalaen {scale}",
            "{found} has no place on the scale {scale}",
        ),
        "study-scale-differs": (
            "undersøgelsen er på skalaen {found}, de andre på {expected}; omregn den, eller lad den ude",
            "the study is on the scale {found}, the others on {expected}; convert it, or leave it out",
        ),
        "too-few-studies": (
            'antallet af undersøgelser er {found}; når target er "{target}", kan spredningen mellem steder først skønnes ud fra {least}: angiv den (tau)',
            'the number of studies is {found}; with target "{target}" the spread between places can be estimated from {least} on: state it (tau)',
        ),
        "ratio-far": (
            "undersøgelserne giver tilsammen forholdstallet {found}; spredningen mellem steder kan kun skønnes for forholdstal fra 1/{most} til {most}. Er et tal skrevet i procent eller vendt om? Ellers angiv spredningen selv (tau)",
            "the studies give a pooled ratio of {found}; the spread between places can be estimated only for ratios from 1/{most} to {most}. Is a number in per cent, or turned around? Else state the spread (tau)",
        ),
        "outside-ratio": ("forholdstallet {found} er negativt", "the ratio {found} is negative"),
        "outside-rate_difference": (
            "{found} er ikke en forskel mellem to andele, -1 til 1 (10 procentpoint skrives 0.1)",
            "{found} is not a difference of two shares, -1 to 1 (10 percentage points are written 0.1)",
        ),
        "discount-of-what": (
            "discount flytter en usikker effekt mod ingen effekt: {reason}",
            "discount moves an uncertain effect towards no effect: {reason}",
        ),
        "level-twice": (
            "evidensniveauet står allerede i {key}; udelad evidence_level",
            "the level of evidence is already stated by {key}; leave out evidence_level",
        ),
        "discount-outside": (
            "{found} ligger uden for {low} til {high}",
            "{found} lies outside {low} to {high}",
        ),
        "effect-scale": (
            "en effekt har en skala (scale): {allowed}; angivet er: {found}",
            "an effect has a scale: {allowed}; stated: {found}",
        ),
        "effect-conversion": (
            'conversion siger, hvordan cohen_d bliver til en succesrate ("logistic" eller "probit"): den står ved cohen_d og kun der',
            'conversion says how cohen_d becomes a success rate ("logistic" or "probit"): it stands with cohen_d and only there',
        ),
    }
)
