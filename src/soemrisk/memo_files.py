"""The memo in every format, and the public ``memo``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec

from soemrisk.design import plan
from soemrisk.memo_building import build_memo
from soemrisk.memo_case import Case
from soemrisk.memo_docx import memo_docx
from soemrisk.memo_html import memo_html
from soemrisk.memo_parts import Memo
from soemrisk.memo_pdf import memo_pdf
from soemrisk.memo_workbook import memo_workbook
from soemrisk.running import run_scenario
from soemrisk.scenario import Scenario

NEEDS: Mapping[str, tuple[str, str]] = {"pdf": ("typst", "pdf"), "docx": ("docx", "office")}
WRITERS: Mapping[str, tuple[str, Callable[[Case, Memo], bytes]]] = {
    "html": ("memo.html", lambda _, memo: memo_html(memo)),
    "pdf": ("memo.pdf", lambda _, memo: memo_pdf(memo)),
    "docx": ("memo.docx", lambda _, memo: memo_docx(memo)),
    "xlsx": ("workbook.xlsx", memo_workbook),
}


def missing_extras(formats: Iterable[str]) -> dict[str, str]:
    """Formats whose library is not installed, each with the extra that installs it.

    Examples
    --------
    >>> missing_extras(["html"])
    {}
    """
    return {one: NEEDS[one][1] for one in formats if one in NEEDS and find_spec(NEEDS[one][0]) is None}


def picture_kinds(formats: Iterable[str]) -> tuple[str, ...]:
    """What the pictures of a memo are needed as in some formats.

    Examples
    --------
    >>> picture_kinds(["html", "docx"])
    ('svg', 'png')
    """
    wanted = set(formats)
    return tuple(kind for kind, of in (("svg", {"html", "pdf"}), ("png", {"docx"})) if wanted & of)


def memo_files(case: Case, document: Memo, formats: Iterable[str]) -> dict[str, bytes]:
    """Write a memo in some formats.

    Parameters
    ----------
    case : Case
    document : Memo
    formats : iterable of {"html", "pdf", "docx", "xlsx"}

    Returns
    -------
    dict of str to bytes
        By file name.
    """
    return {WRITERS[one][0]: WRITERS[one][1](case, document) for one in formats}


def memo(
    scenario: Scenario,
    *,
    draws: int = 65_536,
    seed: int = 1,
    sampler: str = "sobol",
    lang: str | None = None,
    actor: str | None = None,
    formats: Iterable[str] = tuple(WRITERS),
    threads: int = 1,
) -> dict[str, bytes]:
    """Write the decision memo of a scenario.

    Parameters
    ----------
    scenario : Scenario
    draws, seed, sampler
        Of the simulation, as ``simulate``.
    lang : {"da", "en"}, optional
        The scenario's where none is said.
    actor : str, optional
        Whose decision it is; the first actor of the file where none is said.
    formats : iterable of {"html", "pdf", "docx", "xlsx"}
        ``pdf`` needs the extra ``pdf``, ``docx`` the extra ``office``.
    threads : int
        Changes the time and nothing else.

    Returns
    -------
    dict of str to bytes
        ``memo.html``, ``memo.pdf``, ``memo.docx``, ``workbook.xlsx``: the same bytes for the same scenario, seed and
        versions.

    Raises
    ------
    ValueError
        An argument is outside what is allowed.
    ModuleNotFoundError
        The library of a format is not installed.

    Examples
    --------
    >>> from soemrisk.reading import read
    >>> files = memo(read("laere-eksempel"), draws=1024, lang="en", formats=["html"])
    >>> files["memo.html"].startswith(b"<!DOCTYPE html>")
    True
    """
    formats = tuple(formats)
    unknown = [one for one in formats if one not in WRITERS]
    if unknown or lang not in {None, "da", "en"}:
        raise ValueError(f"formats are {', '.join(WRITERS)} and languages da, en; found {unknown or lang}")
    simulated = run_scenario(scenario, plan(draws, seed, sampler), threads=threads)
    if actor is not None and actor not in simulated[0].model.actors:
        raise ValueError(f"actors are {', '.join(simulated[0].model.actors)}; found {actor}")
    built = build_memo(
        scenario, simulated, lang or scenario.lang, deciding=actor, threads=threads, kinds=picture_kinds(formats)
    )
    return memo_files(*built, formats)
