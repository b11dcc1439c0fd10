"""What is said about the statement of a number: (Danish, English) by rule id, in the order of docs/scenario.md.

Apart from ``problem_texts`` because there are as many ways to state a number wrongly as there are to state one.
"""

from collections.abc import Mapping
from types import MappingProxyType

STATEMENT_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "several-spreads": (
            "usikkerheden er angivet på flere måder ({found}); angiv én",
            "the spread is stated in several ways ({found}); state one",
        ),
        "list-not-allowed": (
            "kun change og level under en konsekvens kan være en liste efter år",
            "only change and level of a consequence can be a list by year",
        ),
        "list-with-spread": (
            "usikkerheden på en liste efter år kan kun angives som andel af værdierne: {ways}",
            "the spread of a list by year can only be stated as a share of the values: {ways}",
        ),
        "outside-probability": (
            "{found} er ikke en andel mellem 0 og 1 (30 % skrives 0.3)",
            "{found} is not a share between 0 and 1 (30 % is written 0.3)",
        ),
        "outside-net_rate": (
            "{found} er ikke en nettorate mellem -1 og 1 (30 % skrives 0.3)",
            "{found} is not a net rate between -1 and 1 (30 % is written 0.3)",
        ),
        "outside-amount": ("beløbet {found} er negativt", "the amount {found} is negative"),
        "outside-price": ("prisen {found} er negativ", "the price {found} is negative"),
        "outside-factor": ("faktoren {found} er negativ", "the factor {found} is negative"),
        "outside-use": ("forbruget {found} er negativt", "the use {found} is negative"),
        "outside-discount_rate": (
            "{found} er ikke en diskonteringsrente mellem 0 og 1 (3,5 % skrives 0.035)",
            "{found} is not a discount rate between 0 and 1 (3.5 % is written 0.035)",
        ),
        "range-incomplete": (
            'et spænd har low, high og meaning ("hard", »80%«, »90%« eller »95%«); der mangler: {missing}',
            'a range has low, high and meaning ("hard", "80%", "90%" or "95%"); missing: {missing}',
        ),
        "low-not-below-high": (
            "low ({low}) skal være mindre end high ({high})",
            "low ({low}) must be below high ({high})",
        ),
        "value-outside-range": (
            "value ({found}) ligger ikke mellem low ({low}) og high ({high})",
            "value ({found}) is not between low ({low}) and high ({high})",
        ),
        "lognormal-needs-positive": (
            "et 80/90/95 %-interval her er lognormalt og kræver low over 0 (nu {found}); angiv hårde ender eller en anden family",
            "an 80/90/95 % interval here is lognormal and needs low above 0 (now {found}); state hard ends or another family",
        ),
        "beta-needs-inside": (
            'et 80/90/95 %-interval for en andel er en betafordeling og kræver 0 < low og high < 1 (nu {low} og {high}); ellers meaning = "hard"',
            'an 80/90/95 % interval for a share is a beta and needs 0 < low and high < 1 (now {low} and {high}); else meaning = "hard"',
        ),
        "counts-need-probability": (
            "counts kan kun bruges om success.with og success.without",
            "counts can only be used for success.with and success.without",
        ),
        "counts-impossible": ("{successes} af {of} er ikke muligt", "{successes} of {of} is not possible"),
        "value-off-counts": (
            "value ({found}) passer ikke til det talte: {successes} af {of} giver {low} til {high} (99 %). Ret det ene, eller slet value",
            "value ({found}) does not fit what was counted: {successes} of {of} gives {low} to {high} (99 %). Correct one, or delete value",
        ),
        "significant-needs-change": (
            "significant kan kun bruges om en konsekvens (change)",
            "significant can only be used for a consequence (change)",
        ),
        "significant-zero": ("et estimat på 0 kan ikke være signifikant", "an estimate of 0 cannot be significant"),
        "level-outside": (
            "signifikansniveauet {found} skal ligge mellem 0 og 1",
            "the significance level {found} must lie between 0 and 1",
        ),
        "reserved-id": (
            "»{found}« er forbeholdt summen af alle aktører",
            '"{found}" is reserved for the sum of all actors',
        ),
        "nothing-there": ("der skal være mindst én", "there must be at least one"),
        "not-valid": ("{found} kan ikke bruges her", "{found} cannot be used here"),
        "parameters-without-family": ("parameters kræver family", "parameters need a family"),
        "family-without-spread": (
            "family »{family}« er angivet uden spredning; angiv low/high/meaning, se eller parameters",
            'family "{family}" is stated without a spread; state low/high/meaning, se or parameters',
        ),
        "key-needs-partner": (
            "»{key}« siger kun noget sammen med: {partners}",
            '"{key}" says something only beside: {partners}',
        ),
        "spread-of-what": (
            'nøglen »of« mangler: siger {key}, hvor usikkert gennemsnittet er (of = "mean"), eller hvor forskellige personerne er (of = "individuals")?',
            'the key "of" is missing: does {key} say how uncertain the mean is (of = "mean"), or how different the individuals are (of = "individuals")?',
        ),
        "observations-of-what": (
            'nøglen »of« mangler: er tallet gennemsnittet bag observationerne (of = "mean"), er de personer, der er forskellige (of = "individuals"), eller er tallet et af dem (of = "one")?',
            'the key "of" is missing: is the number the mean behind the observations (of = "mean"), are they individuals that differ (of = "individuals"), or is the number one of them (of = "one")?',
        ),
        "individuals-need-change": (
            'forskelle mellem personer kan kun angives om en konsekvens (change); om andre tal er usikkerheden of = "mean"',
            'differences between individuals can only be stated of a consequence (change); of other numbers the spread is of = "mean"',
        ),
        "share-of-zero": (
            "{key} er en andel af value, og value er 0: angiv low/high/meaning, se eller sd",
            "{key} is a share of value, and value is 0: state low/high/meaning, se or sd",
        ),
        "quantile-key": (
            '»{found}« er ingen fraktil: skriv p1 til p99, og med decimaler i anførselstegn, "p2.5"',
            '"{found}" is no quantile: write p1 to p99, and with decimals in quotes, "p2.5"',
        ),
        "quantile-count": (
            "antallet af fraktiler er {found}; angiv fra 2 til 12",
            "the number of quantiles is {found}; state from 2 to 12",
        ),
        "quantiles-rise": (
            "fraktilerne skal stige: en større sandsynlighed har en større værdi",
            "the quantiles must rise: a larger probability has a larger value",
        ),
        "quantile-at-end": (
            'fraktilen {found} ligger på kanten af det mulige; angiv en, der ligger indenfor, eller low/high med meaning = "hard"',
            'the quantile {found} lies at the end of what is possible; state one inside, or low/high with meaning = "hard"',
        ),
        "quantiles-misfit": (
            'den bedste fordeling ({family}) {how}; family = "metalog" går igennem dem alle',
            'the best distribution ({family}) {how}; family = "metalog" goes through all of them',
        ),
        "needs-log-ratio": (
            "på skalaen log-ratio er alle tal over 0 (nu {low} til {high})",
            "on the scale log-ratio all numbers are above 0 (now {low} to {high})",
        ),
        "needs-logit": (
            "på skalaen logit ligger alle tal mellem 0 og 1 (nu {low} til {high})",
            "on the scale logit all numbers lie between 0 and 1 (now {low} to {high})",
        ),
        "ci-off-middle": (
            "value ligger ikke midt i intervallet på skalaen {scale}: enten er skalaen en anden, eller et tal er skrevet forkert.",
            "value is not in the middle of the interval on the scale {scale}: either the scale is another, or a number is mistyped.",
        ),
        "evidence-by-kind": (
            "evidence kan kun bruges om konsekvenser, faktorer og succesrater",
            "evidence can only be used for changes, factors and success rates",
        ),
        "observations-form": (
            "observationer er en liste af tal, eller en tabel med nøglerne file og column og intet andet",
            "observations are a list of numbers, or a table with the keys file and column and nothing else",
        ),
        "observations-path": (
            "»{found}« er ikke en fil ved siden af beregningen: skriv et navn uden drev, uden .. og uden / forrest",
            '"{found}" is no file beside the scenario: write a name without a drive, without .. and without / in front',
        ),
        "unknown-column": (
            "»{found}« er ingen kolonne i {file}; der findes: {allowed}.",
            '"{found}" is no column of {file}; there are: {allowed}.',
        ),
        "column-twice": (
            "kolonnen »{found}« findes to gange i {file}",
            'the column "{found}" is there twice in {file}',
        ),
        "csv-number": (
            "»{found}« er ikke et tal, som denne fil skriver dem: decimaltegn {mark} og intet tusindtalstegn",
            '"{found}" is not a number as this file writes them: decimal mark {mark} and no thousands mark',
        ),
        "csv-more": (
            "her og i {more} linje(r) i alt er der flere, som ikke er tal",
            "here and in {more} line(s) in all there are more that are not numbers",
        ),
        "too-few-observations": (
            "{found} observationer er for få: gennemsnittet følger en t-fordeling, som først har en varians fra {fewest}",
            "{found} observations are too few: their mean follows Student's t, which has a variance from {fewest} on",
        ),
        "observations-equal": (
            "alle observationer er ens, så der er ingen spredning at måle; angiv value alene",
            "all observations are equal, so there is no spread to measure; state value alone",
        ),
        "corrected-needs-z": (
            "corrected kræver se eller z: estimatets størrelse delt med 1,96 er kun den største mulige se, og med den ville alle tal skrumpe med 44 %",
            "corrected needs se or z: the size of the estimate divided by 1.96 is only the largest possible se, and with it every number would shrink by 44 %",
        ),
        "not-significant": (
            "et estimat på {found} standardfejl er ikke signifikant på niveauet {level}, som kræver {critical}",
            "an estimate of {found} standard errors is not significant at the level {level}, which needs {critical}",
        ),
        "effort-start-negative": (
            "start ({found}) er negativ; timer, der bruges én gang, er 0 eller flere",
            "start ({found}) is negative; hours that are spent once are 0 or more",
        ),
        "effort-of-net-rate": (
            "effort kan ikke stå ved en nettorate: optællinger uden kontrolgruppe siger intet om den; angiv with og without hver for sig",
            "effort cannot stand with a net rate: counts without a control group say nothing of it; state with and without",
        ),
        "effort-without-step": (
            'effort kan kun stå ved success.with og success.without med en betafordeling, og ved change med en gammafordeling eller en normalfordeling med forskelle mellem personer (of = "individuals"); {reason}',
            'effort can only stand with success.with and success.without where they are beta, and with change where it is gamma, or normal with differences between individuals (of = "individuals"); {reason}',
        ),
        "family-parameters": (
            "{family} har parametrene {needed}; her står: {found}",
            "{family} has the parameters {needed}; found: {found}",
        ),
        "family-condition": ("{family}: »{condition}« er ikke opfyldt", "{family}: {condition} does not hold"),
        "family-outside-domain": (
            "{family} kan give værdier uden for {low} til {high}, som tallet skal ligge i",
            "{family} can give values outside {low} to {high}, where this number must lie",
        ),
        "family-does-not-fit": (
            "ingen fordeling passer til angivelsen: {reason}",
            "no distribution fits the statement: {reason}",
        ),
    }
)
