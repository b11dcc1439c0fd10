"""Why a file or a command line cannot be read, where a parser or the operating system says it in English: (da, en) by id.

Apart from ``problem_texts`` because these are filled into messages, and ``text`` finds them by what others call a mistake.
"""

from collections.abc import Mapping
from types import MappingProxyType

REASON_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # TOML, by what the parser expects
        "toml-at": (" ved tegn {column}", " at character {column}"),
        "toml-value": (
            "værdien kan ikke læses; en tekst står i anførselstegn, et tal uden enhed",
            "the value cannot be read; a text is in quotes, a number without its unit",
        ),
        "toml-line-end": (
            "efter værdien står der mere på linjen; hver nøgle har sin egen linje",
            "there is more on the line after the value; every key has a line of its own",
        ),
        "toml-equals": (
            "efter nøglen mangler et =; en nøgle har kun a–z, tal, - og _, ellers anførselstegn",
            "an = is missing after the key; a key has only a–z, digits, - and _, else quotes",
        ),
        "toml-key": (
            "her skal stå en nøgle: a–z, tal, - og _, ellers i anførselstegn",
            "a key belongs here: a–z, digits, - and _, else in quotes",
        ),
        "toml-statement": (
            "linjen begynder hverken med en nøgle, en overskrift i [ ] eller #",
            "the line begins neither with a key, nor a heading in [ ], nor #",
        ),
        "toml-heading": ("overskriften mangler {mark} til sidst", "the heading lacks {mark} at its end"),
        "toml-open-list": ("en liste mangler komma eller ] til sidst", "a list lacks a comma or a ] at its end"),
        "toml-open-table": (
            "en tabel i {{ }} mangler komma eller }} til sidst; den står på én linje",
            "a table in {{ }} lacks a comma or a }} at its end; it stands on one line",
        ),
        "toml-open-text": (
            "en tekst mangler sit sidste anførselstegn",
            "a text lacks its closing quotation mark",
        ),
        "toml-character": ("tegnet {found} må ikke stå her", "the character {found} may not stand here"),
        "toml-backslash": (
            "en omvendt skråstreg i \"…\" skrives dobbelt (\\\\), eller teksten står i '…'",
            "a backslash in \"…\" is written twice (\\\\), or the text stands in '…'",
        ),
        "toml-date": ("datoen findes ikke", "there is no such date"),
        "toml-closed-table": (
            "tabellen er afsluttet et andet sted i filen og kan ikke få flere nøgler her",
            "the table is closed elsewhere in the file and cannot get more keys here",
        ),
        "toml-other": ("skrivemåden kan ikke læses", "it cannot be read as it is written"),
        # the operating system
        "system-denied": ("der er ikke adgang til den", "access is denied"),
        "system-directory": ("det er en mappe", "it is a directory"),
        "system-no-directory": ("en del af stien er ikke en mappe", "a part of the path is no directory"),
        "system-missing": ("den findes ikke", "it does not exist"),
        "system-exists": ("der er allerede noget med det navn", "something with that name is there already"),
        "system-name": ("ingen fil kan have det navn", "no file can have this name"),
        "system-links": ("henvisningerne går i ring", "its links go round in a ring"),
        "system-full": ("der er ikke mere plads", "there is no room left"),
        "system-read-only": ("der kan kun læses, ikke skrives", "it can only be read, not written"),
        "system-open-files": ("der må ikke åbnes flere filer", "no more files may be opened"),
        "system-memory": ("der er ikke mere hukommelse", "there is no memory left"),
        "system-processes": ("systemet tillader ikke flere processer", "the system allows no more processes"),
        "system-other": ("fejl {code} fra styresystemet", "error {code} of the operating system"),
        "csv-unreadable": ("den er ikke en CSV-fil", "it is no CSV file"),
        "no-netcdf": ("filen kan ikke læses som netCDF", "the file cannot be read as netCDF"),
        "incomplete-result": ("dens indhold kan ikke regnes igen", "what it holds cannot be calculated anew"),
        # studies
        "study-forms": (
            "estimate og enten se eller low og high (og level), eller med optællinger: with og without, for en ren andel kun with",
            "estimate and either se or low and high (and level), or with counts: with and without, for a plain share with alone",
        ),
        "none-stated": ("ingen", "none"),
        "discount-kind": (
            "dette tal er ingen effekt (det kan stå ved change, success.net og success.effect)",
            "this number is no effect (it can stand with change, success.net and success.effect)",
        ),
        "discount-certain": ("dette tal er uden spredning", "this number has no spread"),
        "discount-twice": (
            "spredningen følger allerede af evidensniveauet; angiv kun match",
            "the spread already follows from the level of evidence; state match alone",
        ),
        "no-scale": (
            "ingen: dette tal kan ikke angives med undersøgelser",
            "none: this number cannot be stated by studies",
        ),
        # the command line
        "usage-line": ("Brug: {command} {pieces}", "Usage: {command} {pieces}"),
        "usage-help": ("Hjælp: {command} --help", "Help: {command} --help"),
        "usage-missing": ("{name} mangler", "{name} is missing"),
        "usage-no-option": ("der er ingen valgmulighed »{found}«.", 'there is no option "{found}".'),
        "usage-no-command": ("der er ingen kommando »{found}«.", 'there is no command "{found}".'),
        "usage-no-value": ("{name} mangler en værdi", "{name} needs a value"),
        "usage-not-a-value": ("{name} har ingen værdi", "{name} takes no value"),
        "usage-too-much": ("der står for meget på linjen: {found}", "there is too much on the line: {found}"),
        "usage-choice": (
            "{name}: »{found}« kan ikke vælges; muligt er: {allowed}",
            '{name}: "{found}" is not a choice; allowed: {allowed}',
        ),
        "usage-from": (
            "{name}: »{found}« er ikke et helt tal fra {least}",
            '{name}: "{found}" is not a whole number from {least}',
        ),
        "usage-number-from": (
            "{name}: »{found}« er ikke et tal fra {least}",
            '{name}: "{found}" is not a number from {least}',
        ),
        "usage-range": (
            "{name}: »{found}« er ikke et helt tal fra {least} til {most}",
            '{name}: "{found}" is not a whole number from {least} to {most}',
        ),
        # why more observations of a number have no value in closed form
        "step-place": ("dette tal er ingen af dem", "this number is none of them"),
        "step-certain": ("dette tal er uden spredning", "this number has no spread"),
        "step-normal": (
            "dette tal er normalfordelt uden forskelle mellem personer",
            "this number is normal without differences between individuals",
        ),
        "step-family": ("dette tal er af familien {family}", "this number is of the family {family}"),
        "step-together": (
            "dette tal hænger sammen med andre (correlations, bands eller samme post i biblioteket flere steder)",
            "this number depends on others (correlations, bands, or one entry of the library in several places)",
        ),
        "usage-other": ("kommandoen kan ikke læses ({reason})", "the command cannot be read ({reason})"),
    }
)
