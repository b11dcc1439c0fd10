"""What a family asks of its parameters, in words: (Danish, English) by id.

Apart from ``problem_texts`` because these are no sentences: they are filled into messages. A condition that is a formula
(``low < high``) is the same in both languages and is its own text.
"""

from collections.abc import Mapping
from types import MappingProxyType

CONDITION_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "formula": ("{formula}", "{formula}"),
        "condition-fails": ("{condition} er ikke opfyldt for {found}", "{condition} does not hold for {found}"),
        # why no distribution fits a statement
        "too-far-apart": ("tallene ligger for langt fra hinanden", "the numbers are too far apart"),
        "lognormal-mean": ("en lognormal kræver en middelværdi over 0", "a lognormal needs a mean above 0"),
        "beta-moments": (
            "en beta kræver 0 < middel < 1 og se² < middel × (1 − middel)",
            "a beta needs 0 < mean < 1 and se² < mean (1 − mean)",
        ),
        "no-such-beta": ("ingen beta har disse to fraktiler", "no beta has these two quantiles"),
        "no-family-near": (
            "ingen af fordelingerne kan bringes i nærheden af fraktilerne",
            "no family can be brought near the quantiles",
        ),
        # names and types of parameters
        "takes-a-table": ("har en tabel med parametre, her står {found}", "takes a mapping of parameters, got {found}"),
        "takes-parameters": (
            "har parametrene {needed}, her står {found}",
            "takes the parameters {needed}, got {found}",
        ),
        "none-given": ("ingen", "none"),
        "parameter-kind": ("{name} skal være {kind}, her står {found}", "{name} must be {kind}, got {found}"),
        "kind-number": ("et endeligt tal", "a finite number"),
        "kind-list": ("en liste af endelige tal", "a list of finite numbers"),
        "kind-nested": ("en liste af {{family, parameters}}", "a list of {{family, parameters}}"),
        # lists and weights
        "same-length": ("{one} og {other} er lige lange", "{one} and {other} have the same length"),
        "are-lists": ("{one} og {other} er lister", "{one} and {other} are lists"),
        "weights-not-negative": ("ingen vægt er negativ", "weights are not negative"),
        "some-weight-positive": ("mindst én vægt er over 0", "some weight is positive"),
        "weights-in-reach": (
            "vægte over 0 ligger mellem 1e-100 og 1e100",
            "weights above 0 lie between 1e-100 and 1e100",
        ),
        "weights-not-too-small": (
            "vægte over 0 er mindst 1e-15 af summen",
            "weights above 0 are at least 1e-15 of the sum",
        ),
        "n-whole": ("n er et helt tal", "n is a whole number"),
        # histogram
        "one-edge-more": ("der er én kant (edges) mere end vægte (weights)", "there is one edge more than weights"),
        "edges-rise": ("kanterne (edges) stiger", "edges rise"),
        "edges-apart": ("kanterne (edges) ligger mindst 1e-100 fra hinanden", "edges lie at least 1e-100 apart"),
        # metalog
        "metalog-count": ("der er 2 til {most} fraktiler", "there are 2 to {most} quantiles"),
        "probabilities-rise": (
            "sandsynlighederne (probabilities) stiger mellem 0 og 1",
            "probabilities rise between 0 and 1",
        ),
        "probabilities-apart": (
            "sandsynlighederne ligger mindst 1e-9 fra hinanden og fra 0 og 1",
            "probabilities lie at least 1e-9 apart, and from 0 and 1",
        ),
        "values-rise": ("værdierne (values) stiger", "values rise"),
        "values-apart": ("værdierne ligger mindst 1e-100 fra hinanden", "values lie at least 1e-100 apart"),
        "values-in-reach": (
            "værdier og ender er højst 1e100 i størrelse",
            "values and ends are at most 1e100 in size",
        ),
        "quantiles-determine": (
            "fraktilerne bestemmer koefficienterne (7, 11 eller 15, der ligger symmetrisk om ½, gør ikke: udelad én)",
            "the quantiles determine the coefficients (7, 11 or 15 that lie symmetrically about ½ do not: leave one out)",
        ),
        "tail-above-thin": (
            "den øvre hale er tynd nok til, at variansen findes",
            "the tail above is thin enough for a variance",
        ),
        "tail-below-thin": (
            "den nedre hale er tynd nok til, at variansen findes",
            "the tail below is thin enough for a variance",
        ),
        "density-positive": (
            "der findes en fordeling gennem så ujævne fraktiler",
            "the quantile density is positive between 0 and 1",
        ),
        "digits-kept": ("ti cifre kan holdes", "ten digits are kept"),
        # mixture
        "component-keys": (
            "komponent {place} har nøglerne family og parameters",
            "component {place} has the keys family and parameters",
        ),
        "component-family": (
            "komponent {place} har en af fordelingerne {allowed}",
            "component {place} has one of the families {allowed}",
        ),
        "component-parameters": (
            "komponent {place} har sin fordelings parametre ({family}: {wrong})",
            "component {place} has parameters of its family ({family}: {wrong})",
        ),
        "component-condition": (
            "komponent {place} ({family}): {condition}",
            "component {place} ({family}): {condition}",
        ),
        # a fit to stated quantiles
        "fit-off-range": (
            "rammer fraktilerne med en afvigelse på {miss} % af deres spænd, mere end {most} %",
            "misses the quantiles by {miss} % of their range, more than {most} %",
        ),
        "fit-off-probability": (
            "har {found} som p{there}, ikke som p{stated}: mere end {most} procentpoint fra",
            "has {found} as p{there}, not as p{stated}: more than {most} percentage points away",
        ),
    }
)
