"""What a batch study says, as a page of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from soemrisk.batch_plan import Batch, BatchAxis, options_of
from soemrisk.batch_report import CERTAIN, ERRORS
from soemrisk.digits import grouped, kroner, of_hundred, percent, plain
from soemrisk.messages import text
from soemrisk.stated_values import MOST_DIGITS

MOST_STATED = 5  # scenarios as they are stated that are listed
FEW_PLACES = 3  # where the sign turns that are listed one by one
SIGNS = {"mean": "study-signs", "prob_positive": "study-signs-half", "base": "study-signs-base"}
DIGITS = 6  # of an option that is a number, if that keeps it apart from the others
LEAST = 0.005  # share that is printed as more than 0


def dimension_name(batch: Batch, name: str, lang: str) -> str:
    """What a dimension is called where people read of it.

    Parameters
    ----------
    batch : Batch
    name : str
    lang : {"da", "en"}

    Returns
    -------
    str
    """
    found = [axis.name[lang] for axis in batch.axes if axis.id == name]
    return found[0] if found else text(f"study-dim-{name}", lang)


def option_name(batch: Batch, name: str, n: int, lang: str) -> str:
    """What an option of a dimension is called: its text, its number with a unit, or what it is.

    Parameters
    ----------
    batch : Batch
    name : str
        Of the dimension.
    n : int
        Position of the option.
    lang : {"da", "en"}

    Returns
    -------
    str
    """
    if name == "scenario":
        key = list(batch.scenarios)[n]
        return str(batch.scenarios[key]["name"][lang])
    if name == "point":
        return str(n + 1)
    axis = next(one for one in batch.axes if one.id == name)
    return _option(axis, n, lang)


def _option(axis: BatchAxis, n: int, lang: str) -> str:
    if axis.labels is not None:
        return axis.labels[n][lang]
    option = axis.options[n]
    if axis.kind == "readings":
        return text(f"study-reading-{option}", lang)
    if isinstance(option, bool) or not isinstance(option, int | float):
        return str(option).lower() if isinstance(option, bool | str) else str(n + 1)
    whole = abs(option) >= 1000 and option == int(option)
    number = grouped(option, lang) if whole else plain(option, lang, _digits(axis, option))
    return number if axis.unit is None else f"{number}\u00a0{axis.unit[lang]}"


def _digits(axis: BatchAxis, option: float) -> int:
    """As many digits as keep a number apart from its neighbours among the options; at least six."""
    others = [one for one in axis.options if isinstance(one, int | float) and one != option]
    near = [max((one for one in others if one < option), default=None)]
    near += [min((one for one in others if one > option), default=None)]
    for digits in range(DIGITS, MOST_DIGITS):
        if f"{option:.{digits}g}" not in [f"{one:.{digits}g}" for one in near if one is not None]:
            return digits
    return MOST_DIGITS


def actor_name(batch: Batch, actor: str, lang: str) -> str:
    """What an actor is called in the first scenario that has it; the total by the catalogue."""
    for document in batch.scenarios.values():
        if actor in document["actors"]:
            return str(document["actors"][actor]["name"][lang])
    return text("total", lang)


def page_of(batch: Batch, found: Mapping[str, Any], lang: str) -> str:
    """The report of one actor as text.

    Parameters
    ----------
    batch : Batch
    found : mapping
        From ``batch_report.report_of``.
    lang : {"da", "en"}

    Returns
    -------
    str
    """
    return "\n".join(_lines(batch, found, lang))


def _lines(batch: Batch, found: Mapping[str, Any], lang: str) -> Iterator[str]:
    shape = " × ".join(f"{grouped(size, lang)} {dimension_name(batch, name, lang)}" for name, size in _sizes(batch))
    cells = counted("cells", found["cells"], lang)
    yield text("study-head" if shape else "study-head-one", lang, name=batch.name[lang], cells=cells, shape=shape)
    whose = actor_name(batch, found["actor"], lang)
    yield text("study-actor", lang, actor=whose, draws=grouped(batch.plan.draws, lang))
    measure = text(f"study-measure-{found['measure']}", lang)
    several = len(found["best"])
    tied = found["lead"] is not None and not _leads(found["lead"])
    listed = {"best": 2 if tied else 1, "worst": 1} if _is_grid(batch) else {"best": several, "worst": several}
    for key in ("best", "worst"):
        yield ""
        yield text(f"study-{key}", lang, measure=measure)
        yield from (_cell_line(batch, found, one, lang) for one in found[key][: listed[key]])
        if key == "best" and found["lead"] is not None:
            yield _lead_line(found["lead"], lang)
    yield from _stated_lines(batch, found, lang)
    yield ""
    yield from _sign_lines(batch, found, lang)
    yield ""
    yield from _matter_lines(batch, found, lang)


def _is_grid(batch: Batch) -> bool:
    """Whether cells are a grid over axes, whose best five would stand in one corner."""
    return batch.design == "grid" and bool(batch.axes)


def _leads(lead: Mapping[str, float]) -> bool:
    """Whether the best cell is certainly before the second."""
    return lead["difference"] > CERTAIN * lead["mcse"]


def _lead_line(lead: Mapping[str, float], lang: str) -> str:
    difference = kroner(lead["difference"], lang, lead["mcse"])
    return text("study-lead" if _leads(lead) else "study-no-lead", lang, difference=difference)


def _stated_lines(batch: Batch, found: Mapping[str, Any], lang: str) -> Iterator[str]:
    """The scenarios as they are stated, where the grid has them; else how it would."""
    if not _is_grid(batch):
        return
    yield ""
    listed = found["as_stated"][:MOST_STATED]
    if not listed:
        yield text("study-not-as-stated", lang)
        return
    yield text("study-as-stated" if all(one["spread"] for one in listed) else "study-as-stated-certain", lang)
    yield from (_cell_line(batch, found, one, lang) for one in listed)
    if len(found["as_stated"]) > MOST_STATED:
        yield text("study-more-stated", lang, more=len(found["as_stated"]) - MOST_STATED)


def counted(key: str, count: int, lang: str) -> str:
    """A number of cells or blocks in words.

    Examples
    --------
    >>> counted("cells", 1, "en"), counted("cells", 1200, "da"), counted("blocks", 2, "da")
    ('1 cell', '1.200 celler', '2 blokke')
    """
    return text(f"study-one-of-{key}" if count == 1 else f"study-{key}", lang, count=grouped(count, lang))


def _sizes(batch: Batch) -> Iterator[tuple[str, int]]:
    for name, size in zip(batch.dims, batch.shape, strict=True):
        if size > 1:
            yield name, size


def _cell_line(batch: Batch, found: Mapping[str, Any], one: Mapping[str, Any], lang: str) -> str:
    """One cell: what ranks it, its result, how likely a gain is, and what it is; and how many have the same result."""
    s, *options = options_of(batch, one["cell"])
    name = option_name(batch, "scenario", s, lang)
    several = [name] if len(batch.scenarios) > 1 else []
    several += [f"{axis.name[lang]}: {_option(axis, n, lang)}" for axis, n in zip(batch.axes, options, strict=True)]
    measure = found["measure"]
    ranked = measure not in ("mean", "prob_positive")  # by something that is not told anyway
    alike = one.get("alike", 1) - 1
    line = text(
        "study-cell-by" if ranked else "study-cell",
        lang,
        measure=text(f"study-measure-{measure}", lang),
        value=kroner(one[measure], lang, one.get(ERRORS.get(measure, ""), 0.0)) if ranked else "",
        mean=kroner(one["mean"], lang, one["mcse_mean"]),
        chance=of_hundred(one["prob_positive"], lang, one["mcse_prob"]),
        what="; ".join(several) or name,
    )
    if alike < 1:
        return line
    called = {"cells": counted("cells", alike, lang), "measure": text(f"study-measure-{measure}", lang)}
    return f"{line} {text('study-alike' if measure == 'mean' else 'study-alike-by', lang, **called)}"


def _sign_lines(batch: Batch, found: Mapping[str, Any], lang: str) -> Iterator[str]:
    measure, signs = found["measure"], found["signs"]
    yield text(
        SIGNS.get(measure, "study-signs-quantile"),
        lang,
        measure=text(f"study-measure-{measure}", lang),
        positive=counted("cells", signs["positive"], lang),
        negative=grouped(signs["negative"], lang),
        undecided="" if signs["undecided"] is None else grouped(signs["undecided"], lang),
    )
    for name, one in found["turns"].items():
        if not one["turning"]:
            yield text("study-turns-never", lang, name=dimension_name(batch, name, lang))
            continue
        places = _places(batch, name, one["between"], lang)
        counts = {"turning": grouped(one["turning"], lang), "lines": grouped(one["lines"], lang)}
        key = "study-turns" if places else "study-turns-options"
        yield text(key, lang, name=dimension_name(batch, name, lang), places=places, **counts)


def _places(batch: Batch, name: str, between: Sequence[Mapping[str, int]], lang: str) -> str:
    """Where along an axis the sign turns: each place, or of many their range and middle; nothing for no numbers."""

    def called(n: int) -> str:
        return option_name(batch, name, n, lang)

    if len(between) <= FEW_PLACES:
        places = [(called(one["from"]), called(one["to"]), grouped(one["count"], lang)) for one in between]
        return "; ".join(text("study-turn", lang, low=low, high=high, count=count) for low, high, count in places)
    turned = [one["to"] for one in between for _ in range(one["count"])]  # by size, as report_of lists them
    ends = {"low": called(between[0]["from"]), "high": called(between[-1]["to"])}
    return text("study-turn-range", lang, **ends, middle=called(turned[len(turned) // 2]))


def _matter_lines(batch: Batch, found: Mapping[str, Any], lang: str) -> Iterator[str]:
    if not found["matters"]:
        if found["finished"] < found["cells"]:
            yield text("study-matters-unfinished", lang)
        return
    yield text("study-matters" if batch.design == "grid" else "study-matters-points", lang)
    for name, one in found["matters"].items():
        called = dimension_name(batch, name, lang)
        if one["first"] is None:
            yield text("study-matter-free", lang, name=called, options=one["options"])
            continue
        if "total" not in one:
            key = "study-matter-point" if one["first"] >= LEAST else "study-matter-none"
            yield text(key, lang, name=called, first=percent(one["first"], lang))
            continue
        shown = {key: _share(one[key], one[f"{key}_mcse"], lang) for key in ("first", "total")}
        yield text("study-matter", lang, name=called, **shown)


def _share(share: float, error: float | None, lang: str) -> str:
    decimals = 1 if error is not None and error < 0.0005 and share < 0.1 else 0
    shown = percent(share, lang, decimals)
    return shown if error is None or error < 0.005 else f"{shown} ± {percent(2 * error, lang, decimals)}"
