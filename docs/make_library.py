"""Write the page of the library: ``python docs/make_library.py``; a test fails when it is stale.

The last table, on what was left out, is written by hand: ``library-left-out.md``.
"""

from collections.abc import Iterator
from pathlib import Path

from soemrisk.library import library, topics
from soemrisk.library_lines import addresses, counts, line_of, name_of, shares_text, source_of, whole
from soemrisk.messages import text

HERE = Path(__file__).parent
LONGEST = 90  # of the words of a source in a table

HEAD = """# The library

Everything in `distributions/`, written by `python docs/make_library.py`. [scenario.md](scenario.md), section 7, says
what an entry holds and how a scenario takes it. `soemrisk library show ID` tells all of one entry: its texts, its
number as a distribution, and the line with which it is taken. `soemrisk library search WORD…` finds entries by words
in any spelling, `list` lists them, and `check` says whether all is in order and which prices are old.

Values are as their sources print them, or as the entry's source says they were worked out. *No spread* stands where
none is published: the entry says why, and a scenario that takes it counts the number as certain until it states a
spread of its own. Levels of evidence are SØM's: 1 meta-analysis or randomised trial, 2 quasi-experiment, or before and
after with a comparison group, 3 before and after without one. Effects are on the scale of their study, and levels are
no changes.
"""


def content() -> str:
    """Return what the file holds."""
    left_out = (HERE / "library-left-out.md").read_text(encoding="utf-8")
    return "\n".join([HEAD, *_counts(), *_tables(), left_out])


def _counts() -> Iterator[str]:
    yield "| section | entries |\n| --- | ---: |"
    for section, count in counts().items():
        yield f"| [{text(f'lib-section-{section}', 'en')}](#{section}) | {count} |"
    yield f"| all | {len(library())} |\n"


def _tables() -> Iterator[str]:
    """A heading for each section, a table for each topic."""
    before = ""
    for (section, topic), entries in topics().items():
        if section != before:
            yield f'<a id="{section}"></a>\n\n## {text(f"lib-section-{section}", "en")}\n'
        before = section
        yield f"### {text(f'lib-topic-{topic}', 'da')} ({text(f'lib-topic-{topic}', 'en')}): {len(entries)}\n"
        yield "| id | navn | name | kind | value | spread | year | source |"
        yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
        yield from map(_row, entries)
        yield ""


def _row(key: str) -> str:
    entry, line = whole(library()[key]), line_of(key, "en")
    borne = [shares_text(entry["shares"], entry["unit"], "en")] if entry["kind"] == "service" else []
    level = [f"evidence {entry['evidence_level']}"] if "evidence_level" in entry else []
    cells = (
        f"`{key}`", name_of(key, "da"), line.name, text(f"lib-kind-{entry['kind']}", "en"),
        "; ".join([line.value, *borne]), "; ".join(one for one in [line.spread, *level] if one), line.price_year,
        _link(source_of(entry)),
    )  # fmt: skip
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _link(source: str) -> str:
    """The words of a source as a link to its first address."""
    found = addresses(source)
    words = source.replace(f"({found[0]})", "") if found else source
    words = " ".join(words.split()).replace(" ,", ",").replace(" ;", ";").replace(" :", ":")
    words = words if len(words) <= LONGEST else words[: LONGEST - 1].rpartition(" ")[0] + " …"
    words = words.replace("[", "(").replace("]", ")")
    return f"[{words}]({found[0]})" if found else words


if __name__ == "__main__":
    (HERE / "library.md").write_text(content(), encoding="utf-8", newline="\n")
