"""What ``soemrisk study`` says: (Danish, English) by id."""

from collections.abc import Mapping
from types import MappingProxyType

BATCH_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "study-value": (
            "{found} kan ikke stå her; skriv et tal, en tekst, true eller false",
            "{found} cannot stand here; write a number, a text, true or false",
        ),
        "study-axis-kind": (
            "en akse har netop én af values, factors, statements, readings, options, eller low med high; her står: {found}",
            "an axis has exactly one of values, factors, statements, readings, options, or low with high; here: {found}",
        ),
        "study-no-place-here": ("en akse med {kind} har ikke noget place", "an axis with {kind} has no place"),
        "study-labels": (
            "der er {found} tekster i labels, men aksen har {expected} muligheder",
            "labels has {found} texts, but the axis has {expected} options",
        ),
        "study-range": (
            'low og high er begge tal, low er mindst, og med scale = "log" er low over 0',
            'low and high are both numbers, low is the smaller one, and with scale = "log" low is above 0',
        ),
        "study-range-not-sampled": (
            'low og high er til design = "sample"; et gitter har values',
            'low and high are for design = "sample"; a grid has values',
        ),
        "study-list-lengths": (
            'med design = "list" har alle akser lige mange muligheder; her er der: {found}',
            'with design = "list" all axes have as many options; here: {found}',
        ),
        "study-sample": (
            '[sample] hører til design = "sample", og det ene kan ikke stå uden det andet',
            '[sample] belongs to design = "sample", and neither stands without the other',
        ),
        "study-power-of-two": (
            "sobol kræver et antal punkter, som er en potens af 2, ikke {found}; lhs tager ethvert antal",
            "sobol needs a number of points that is a power of 2, not {found}; lhs takes any number",
        ),
        "study-too-many-cells": (
            "studiet har {found} celler ({each} for hver af {scenarios} beregninger); højst {most} kan køres",
            "the study has {found} cells ({each} for each of {scenarios} scenarios); at most {most} can be run",
        ),
        "study-too-many-points": (
            "studiet har {found} punkter; højst {most} kan køres",
            "the study has {found} points; at most {most} can be run",
        ),
        "study-not-positive": ("{found} er ikke et helt tal fra 1", "{found} is not a whole number from 1"),
        "study-seed": (
            "frøet {found} er for stort; det største er 9223372036854775807",
            "the seed {found} is too large; the largest is 9223372036854775807",
        ),
        "study-reserved-axis": (
            "en akse kan ikke hedde »{found}«, for resultatet har selv en størrelse eller kolonne med det navn; vælg et andet id",
            'an axis cannot be called "{found}", since the result has a variable or column of that name; choose another id',
        ),
        "study-same-option": (
            "mulighed {found} er den samme som mulighed {other}",
            "option {found} is the same as option {other}",
        ),
        "study-same-label": ("to muligheder hedder begge »{found}«", 'two options are both called "{found}"'),
        "study-same-reading": (
            "aksen »{other}« har også læsningen »{found}«; læsninger på flere akser gælder samtidig, så hver kan kun stå på én",
            'the axis "{other}" has the reading "{found}" too; readings of several axes hold together, so each is on one only',
        ),
        "study-too-many-draws": (
            "{found} træk er for mange til et studie; højst {most} i hver celle",
            "{found} draws are too many for a study; at most {most} in each cell",
        ),
        "study-no-scenarios": ("ingen fil svarer til »{found}«", 'no file is like "{found}"'),
        "study-no-place": (
            "»{found}« er ikke et sted i {scenario}.",
            '"{found}" is no place in {scenario}.',
        ),
        "study-steps": (
            "»{found}« har flere trin ({allowed}); skriv @år for ét af dem eller @* for alle",
            '"{found}" has several steps ({allowed}); write @year for one of them or @* for all',
        ),
        "study-place-missing": (
            "mangler stedet for beregningen »{found}«; en tabel over steder har ét for hver beregning i studiet",
            'the place for the scenario "{found}" is missing; a table of places has one for each scenario of the study',
        ),
        "study-place-unknown": (
            "»{found}« er ikke en beregning i studiet; der er: {allowed}.",
            '"{found}" is no scenario of the study; there are: {allowed}.',
        ),
        "study-same-place": (
            "»{found}« ændres også af aksen »{other}«",
            '"{found}" is changed by the axis "{other}" too',
        ),
        "study-rate-of-subgroups": (
            "beregningen har succesrater for delgrupper; angiv stedet for hver af dem",
            "the scenario has success rates of subgroups; state the place of each of them",
        ),
        "study-rate-not-scaled": (
            "en faktor på success_rate kræver, at beregningen angiver success.net; her står {found}. Brug values eller statements, eller sæt faktoren på et af dem",
            "a factor on success_rate needs a scenario that states success.net; here it states {found}. Use values or statements, or put the factor on one of them",
        ),
        "study-not-scaled": (
            "»{found}« kan ikke ganges med en faktor, fordi det er angivet med »{key}«; brug statements",
            '"{found}" cannot be multiplied by a factor, since it is stated with "{key}"; use statements',
        ),
        "study-option": (
            "kan ikke bruges i {where}: {reason}",
            "cannot be used in {where}: {reason}",
        ),
        "study-dimensions": (
            'studiet har {found} usikre størrelser i alt, og sobol har højst {most}; skriv sampler = "random"',
            'the study has {found} uncertain numbers in all, and sobol has at most {most}; write sampler = "random"',
        ),
        "study-not-a-store": (
            "{name} er ikke en mappe fra »soemrisk study run«",
            '{name} is no folder of "soemrisk study run"',
        ),
        "study-store-taken": (
            "{name} har allerede et studie; fortsæt det med --resume, eller vælg en anden mappe",
            "{name} has a study already; go on with it with --resume, or choose another folder",
        ),
        "study-other-study": (
            "{name} er et andet studie ({found}) eller har andre beregninger i sig, end filen nu har; vælg en anden mappe",
            "{name} is another study ({found}), or has other scenarios in it than the file has now; choose another folder",
        ),
        "study-other-versions": (
            "{name} er lavet med andre versioner, så tallene kan blive anderledes: {changed}. Vælg en anden mappe, eller brug de samme versioner",
            "{name} was made with other versions, so figures may differ: {changed}. Choose another folder, or use the same versions",
        ),
        "study-at-work": (
            "en anden er i gang med {name} (maskine {host}, proces {process}). Er den ikke det, så slet filen »{lock}« i mappen",
            'somebody else is at work on {name} (host {host}, process {process}). If not, delete the file "{lock}" in the folder',
        ),
        "study-taken-over": (
            "Proces {process}, som var i gang med {name}, findes ikke mere; der fortsættes, hvor den slap.",
            "Process {process}, which was at work on {name}, is no more; going on from where it was.",
        ),
        "study-worker-versions": (
            "en arbejder har andre versioner af soemrisk, numpy, scipy, numba eller Python end den, der spørger",
            "a worker has other versions of soemrisk, numpy, scipy, numba or Python than the one that asks",
        ),
        "study-block-error": ("beregningen fejlede: {reason}", "the calculation failed: {reason}"),
        "study-block-died": (
            "processen, der regnede på den, døde hver gang",
            "the process that calculated it died each time",
        ),
        "study-block-late": ("den tog længere end --timeout", "it took longer than --timeout"),
        "study-no-dask": (
            'Dask er ikke installeret; det følger med pip install "soemrisk[cluster]"',
            'Dask is not installed; it comes with pip install "soemrisk[cluster]"',
        ),
        "study-no-scheduler": (
            "der er ingen scheduler på {address} ({reason})",
            "there is no scheduler at {address} ({reason})",
        ),
        "study-scheduler-lost": (
            "forbindelsen til scheduleren på {address} er væk ({reason})",
            "the connection to the scheduler at {address} is lost ({reason})",
        ),
        "study-no-workers": (
            "scheduleren har ikke haft nogen arbejder i {seconds} sekunder",
            "the scheduler has had no worker for {seconds} seconds",
        ),
        "study-other-worker": (
            "arbejderen {worker} har andre versioner, så tallene kan blive anderledes: {apart}",
            "the worker {worker} has other versions, so figures may differ: {apart}",
        ),
        "study-no-process": (
            "der kan ikke startes en proces til ({reason}); brug færre --workers",
            "no further process can be started ({reason}); use fewer --workers",
        ),
        "study-not-what-was-written": (
            "{name} er ikke, hvad »soemrisk study run« skrev",
            '{name} is not what "soemrisk study run" wrote',
        ),
        "study-cannot-read": (
            "Kan ikke læse {name}: {reason}",
            "Cannot read {name}: {reason}",
        ),
        "study-cannot-show": ("kan ikke vise studiet: {reason}", "cannot show the study: {reason}"),
        "study-no-pem": (
            "{option} {found}: {reason}",
            "{option} {found}: {reason}",
        ),
        "study-axis-twice": (
            "--axis {found} står to gange; et varmekort har tre forskellige",
            "--axis {found} is there twice; a heat map has three different ones",
        ),
        "study-no-start": (
            "processer kan ikke starte på denne maskine",
            "processes cannot be started on this machine",
        ),
        "study-lost": (
            "Kørslen stoppede: {reason}. Det, der er færdigt, er gemt; fortsæt med --resume.",
            "The run stopped: {reason}. What is finished is kept; go on with --resume.",
        ),
        "study-cannot-write": (
            "Kan ikke skrive i {name}: {reason}. Det, der er færdigt, er gemt; fortsæt med --resume.",
            "Cannot write in {name}: {reason}. What is finished is kept; go on with --resume.",
        ),
        "study-folder-for-block": (
            "{name} er en mappe, hvor der skal stå en blok af studiet, og den er ikke tom; slet den, og fortsæt med --resume",
            "{name} is a folder where a block of the study should be, and it is not empty; delete it, and go on with --resume",
        ),
        "study-plan-size": (
            "Hukommelse: {worker} MB for hver proces, der regner, {driver} MB for den, der samler; »study show« har hele tabellen, {table} MB, i hukommelsen. Disk: {disk} MB",
            "Memory: {worker} MB for each process that calculates, {driver} MB for the one that gathers; study show has the whole table, {table} MB, in memory. Disk: {disk} MB",
        ),
        "study-both-pools": (
            "skriv enten --workers eller --scheduler",
            "write either --workers or --scheduler",
        ),
        "study-part": (
            "--part {found} er ikke I/N med I fra 1 til N",
            "--part {found} is not I/N with I from 1 to N",
        ),
        "study-no-out": (
            "--out mangler: en mappe til studiet (eller --dry-run)",
            "--out is missing: a folder for the study (or --dry-run)",
        ),
        "study-unfinished": (
            "Studiet er ikke færdigt: {missing} af {cells} mangler. Fortsæt med »study run --resume«",
            'The study is not finished: {missing} of {cells} missing. Go on with "study run --resume"',
        ),
        "study-cells": ("{count} celler", "{count} cells"),
        "study-one-of-cells": ("1 celle", "1 cell"),
        "study-blocks": ("{count} blokke", "{count} blocks"),
        "study-one-of-blocks": ("1 blok", "1 block"),
        "study-corrupted": (
            "Ikke, hvad der blev skrevet, og derfor regnet om: {count} ({blocks})",
            "Not what had been written, and therefore calculated anew: {count} ({blocks})",
        ),
        "study-failed-head": (
            "{cells} i {blocks} kunne ikke beregnes:",
            "{cells} in {blocks} could not be calculated:",
        ),
        "study-failed-row": (
            "  blok {block}, celle {first}–{last}: {reason}",
            "  block {block}, cells {first}–{last}: {reason}",
        ),
        "study-failed-row-one": (
            "  blok {block}, celle {first}: {reason}",
            "  block {block}, cell {first}: {reason}",
        ),
        "study-done": (
            "{cells} i {blocks}: {kept} var der, {made} er regnet. Skrevet til {name}",
            "{cells} in {blocks}: {kept} were there, {made} calculated. Written to {name}",
        ),
        "study-part-done": (
            "Del {part}: {kept} var der, {made} er regnet. Når alle dele er færdige, samles studiet med --resume",
            "Part {part}: {kept} there before, {made} calculated. When all parts are done, --resume puts the study together",
        ),
        "study-plan-cells": (
            "{name}: {cells} ({shape}) i {blocks}, {draws} træk i hver",
            "{name}: {cells} ({shape}) in {blocks}, {draws} draws in each",
        ),
        "study-plan-time": (
            "Tid på én kerne: {time} ± {error} (målt på {measured}: {of_cell} ms pr. celle; {start} s, før en proces er i gang)",
            "Time on one core: {time} ± {error} (measured on {measured}: {of_cell} ms a cell; {start} s until a process is at work)",
        ),
        "study-head": ("{name}: {cells} ({shape})", "{name}: {cells} ({shape})"),
        "study-head-one": ("{name}: {cells}", "{name}: {cells}"),
        "study-actor": (
            "{actor}, nettoresultat i kr., {draws} træk i hver celle, de samme træk i alle",
            "{actor}, net result in DKK, {draws} draws in each cell, the same draws in all",
        ),
        "study-dim-scenario": ("beregning", "scenario"),
        "study-dim-point": ("punkt", "point"),
        "study-reading-stated": ("som angivet", "as stated"),
        "study-reading-corrected": ("korrigeret for signifikansfilter", "corrected for the significance filter"),
        "study-reading-correlated": ("alle konsekvenser fejler samme vej", "all consequences err the same way"),
        "study-measure-mean": ("gennemsnit", "mean"),
        "study-measure-prob_positive": ("chance for gevinst", "chance of a gain"),
        "study-measure-base": ("SØM-tal", "SØM number"),
        "study-measure-p5": ("P5", "P5"),
        "study-measure-p10": ("P10", "P10"),
        "study-measure-p50": ("P50", "P50"),
        "study-measure-p90": ("P90", "P90"),
        "study-measure-p95": ("P95", "P95"),
        "study-best": ("Bedst ({measure}):", "Best ({measure}):"),
        "study-worst": ("Dårligst ({measure}):", "Worst ({measure}):"),
        "study-cell": (
            "  {mean} kr., gevinst i {chance} af 100: {what}",
            "  DKK {mean}, a gain in {chance} of 100: {what}",
        ),
        "study-cell-by": (
            "  {measure} {value} kr. (gennemsnit {mean} kr., gevinst i {chance} af 100): {what}",
            "  {measure} DKK {value} (mean DKK {mean}, a gain in {chance} of 100): {what}",
        ),
        "study-alike": ("[{cells} mere med samme resultat]", "[{cells} more with the same result]"),
        "study-alike-by": ("[{cells} mere med samme {measure}]", "[{cells} more with the same {measure}]"),
        "study-as-stated": ("Som beregningen er angivet:", "The scenario as stated:"),
        "study-as-stated-certain": (
            "Som beregningen er angivet, men hvor det, der varieres, regnes for sikkert:",
            "The scenario as stated, but what is varied counts as certain:",
        ),
        "study-not-as-stated": (
            "Ingen celle er beregningen, som den er angivet: en akse mangler dens egen værdi blandt mulighederne.",
            "No cell is the scenario as stated: an axis lacks its own value among the options.",
        ),
        "study-more-stated": ("  … og {more} beregninger mere", "  … and {more} more scenarios"),
        "study-lead": (
            "  Det er {difference} kr. bedre end det næstbedste.",
            "  It is DKK {difference} ahead of the second best.",
        ),
        "study-no-lead": (
            "  Lige gode: forskellen på de to første er mindre end to Monte Carlo-fejl på den.",
            "  Equally good: the first two differ by less than two Monte Carlo errors of the difference.",
        ),
        "study-signs": (
            "Fortegn: gevinst i {positive}, tab i {negative}, uafklaret i {undecided} (inden for to Monte Carlo-fejl).",
            "Sign: a gain in {positive}, a loss in {negative}, undecided in {undecided} (within two Monte Carlo errors).",
        ),
        "study-signs-half": (
            "Gevinst er mere sandsynlig end tab i {positive}, mindre i {negative}, uafklaret i {undecided} (inden for to Monte Carlo-fejl).",
            "A gain is likelier than a loss in {positive}, less likely in {negative}, undecided in {undecided} (within two Monte Carlo errors).",
        ),
        "study-signs-quantile": (
            "{measure} er over 0 i {positive}, under 0 i {negative}, uafklaret i {undecided} (inden for to Monte Carlo-fejl).",
            "{measure} is above 0 in {positive}, below 0 in {negative}, undecided in {undecided} (within two Monte Carlo errors).",
        ),
        "study-signs-base": (
            "SØM-tallet er over 0 i {positive} og under 0 i {negative}.",
            "The SØM number is above 0 in {positive} and below 0 in {negative}.",
        ),
        "study-matter-free": (
            "  {name}: kan ikke siges; {options} forskellige muligheder er for mange til så få punkter",
            "  {name}: cannot be told; {options} different options are too many for so few points",
        ),
        "study-turns-never": ("  {name}: vender aldrig fortegnet alene", "  {name}: never turns the sign by itself"),
        "study-turns": (
            "  {name}: vender fortegnet i {turning} af {lines} tilfælde ({places})",
            "  {name}: turns the sign in {turning} of {lines} cases ({places})",
        ),
        "study-turns-options": (
            "  {name}: vender fortegnet i {turning} af {lines} tilfælde",
            "  {name}: turns the sign in {turning} of {lines} cases",
        ),
        "study-turn": ("mellem {low} og {high}: {count}", "between {low} and {high}: {count}"),
        "study-turn-range": (
            "mellem {low} og {high}, halvdelen op til {middle}",
            "between {low} and {high}, half of them up to {middle}",
        ),
        "study-matters-unfinished": (
            "Hvad betyder noget: kan først siges, når alle celler i mindst én beregning er regnet.",
            "What matters: can be told when all cells of at least one scenario are calculated.",
        ),
        "study-matters": (
            "Hvad betyder noget: andel af variationen mellem cellerne, alene og med samspil",
            "What matters: share of the variation between cells, alone and with interactions",
        ),
        "study-matters-points": (
            "Hvad betyder noget: andel af variationen mellem punkterne, som en kurve af anden grad i hver størrelse forklarer",
            "What matters: share of the variation between points that a curve of the second degree in each setting explains",
        ),
        "study-matter": (
            "  {name}: {first} alene, {total} med samspil",
            "  {name}: {first} alone, {total} with interactions",
        ),
        "study-matter-none": ("  {name}: ikke til at skelne fra 0", "  {name}: not distinguishable from 0"),
        "study-matter-point": ("  {name}: {first}", "  {name}: {first}"),
        "study-picture": ("{name}: {measure} for {actor}", "{name}: {measure} for {actor}"),
        "study-heat-what": (
            "Nedad: {rows}. Hen ad: {columns}. I {unit}, fra {low} til {high}.",
            "Down: {rows}. Across: {columns}. In {unit}, from {low} to {high}.",
        ),
        "study-heat-sign": (
            "Blå er gevinst, orange er tab, mørkere er mere; den sorte streg går, hvor fortegnet vender.",
            "Blue is a gain, orange a loss, darker is more; the black line goes where the sign turns.",
        ),
        "study-heat-half": (
            "Blå er over 50 %, orange er under, mørkere er længere fra; den sorte streg går ved 50 %.",
            "Blue is above 50 %, orange below, darker is farther away; the black line goes at 50 %.",
        ),
        "study-heat-rest": ("Gennemsnit over: {rest}.", "Mean over: {rest}."),
        "study-points-what": (
            "En prik for hver celle, i {unit}: blå er gevinst, orange trekant er tab.",
            "A dot for each cell, in {unit}: blue is a gain, an orange triangle a loss.",
        ),
        "study-no-axis": (
            "»{found}« er ikke en akse med flere muligheder; der er: {allowed}.",
            '"{found}" is no axis with several options; there are: {allowed}.',
        ),
        "study-no-actor": (
            "»{found}« er ikke en aktør i studiet; der er: {allowed}.",
            'the study has no actor "{found}"; there are: {allowed}.',
        ),
        "study-nothing-finished": ("Intet er regnet færdigt i {name} endnu", "Nothing is finished in {name} yet"),
    }
)
