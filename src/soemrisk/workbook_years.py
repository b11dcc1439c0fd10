"""The sheet of the years: base case by actor, cumulated, and the fan of the cumulated result."""

from __future__ import annotations

from soemrisk.digits import money
from soemrisk.memo_case import Case
from soemrisk.names import shortened
from soemrisk.workbook_cells import YEAR, Cell, Chart, Column, Page, Table, estimate, kroner, size_of, words
from soemrisk.workbook_sheets import (
    LEVELS,
    NARROW,
    WIDE,
    actor_columns,
    actor_sums,
    in_unit,
    of,
    page,
    total_cells,
    total_columns,
    unit,
)

BAND = ("p10", "p25", "p50", "p75", "p90")
PARTS = {"lower": ("p25", "p10"), "inner": ("p75", "p25"), "upper": ("p90", "p75")}


def years(case: Case) -> Page:
    """Base case of each year, and for the deciding actor and the total the cumulated result with its band."""
    fans = [(case.first, 0), ("total", -1)]
    parts: list[Table | Chart] = [_by_actor(case)]
    for number, (actor, colour) in enumerate(fans, start=1):
        table = _fan(case, actor)
        parts.extend([_fan_chart(case, actor, number, colour), table])
    return page(case, "years", parts, landscape=False)


def _by_actor(case: Case) -> Table:
    """One row a year, and their sums."""
    by_year = case.found["base"]["year"]
    rows, running = [], dict.fromkeys((case.first, "total"), 0.0)
    for place, (year, base) in enumerate(by_year.items()):
        cumulated = []
        for actor, column in ((case.first, of(case, case.first)), ("total", "total")):
            running[actor] += base[actor]
            before = f"{{cumulated-{column}@{place - 1}}}+" if place else ""
            cumulated.append(kroner(running[actor], f"={before}{{{column}}}"))
        own = [kroner(base[actor]) for actor in case.actors]
        rows.append((Cell(value=int(year), form=YEAR), *own, *total_cells(case, base), *cumulated))
    last = len(by_year) - 1
    sums = actor_sums(case, last)
    whole = {actor: case.base(actor) for actor in case.names}
    rows.append((words(case.say("sum-of-years")), *sums, *total_cells(case, whole), Cell(), Cell()))
    cumulated_columns = (
        Column(
            key=f"cumulated-{column}", head=case.say("head-cumulated-of", actor=shortened(case.names[actor])), width=14
        )
        for actor, column in ((case.first, of(case, case.first)), ("total", "total"))
    )
    return Table(
        title=case.say("workbook-years"),
        columns=(
            Column(key="year", head=case.say("col-year"), width=WIDE / 2),
            *actor_columns(case),
            *total_columns(case),
            *cumulated_columns,
        ),
        rows=tuple(rows),
        strong=(last + 1,),
        notes=(case.say("note-sums"), case.say("note-budget")),
    )


def _fan(case: Case, actor: str) -> Table:
    """Quantiles of the cumulated result year by year, and the heights of the parts of the fan as formulas."""
    found = case.cumulated
    size = size_of(by_actor[actor][name] for by_actor in found.values() for name in ("p10", "p90"))
    column = of(case, actor) if actor != "total" else actor
    rows = []
    for place, (year, by_actor) in enumerate(found.items()):
        stats = by_actor[actor]
        largest = max(stats[f"mcse_{name}"] for name in LEVELS)
        cells = []
        for name in BAND:
            cell, error = estimate(stats[name], stats[f"mcse_{name}"] if name in LEVELS else largest, size)
            cells.extend([cell, error] if name in LEVELS else [cell])
        for above, below in PARTS.values():
            part = estimate(stats[above] - stats[below], largest, size)[0]
            cells.append(Cell(value=part.value, form=part.form, formula=f"={{{above}}}-{{{below}}}"))
        running = sum(one[actor] for _, one in zip(range(place + 1), case.found["base"]["year"].values(), strict=False))
        base = kroner(running, f"={{0.cumulated-{column}@{place}}}")
        rows.append((Cell(value=int(year), form=YEAR), base, *cells))
    columns = [Column(key="year", head=case.say("col-year"), width=WIDE / 2)]
    columns.append(Column(key="base", head=case.say("in-kroner", name=case.say("head-base"))))
    for name in BAND:
        columns.append(Column(key=name, head=in_unit(case, name.upper(), size), width=10.5))
        if name in LEVELS:
            columns.append(Column(key=f"{name}-error", head=case.say("head-error"), width=NARROW))
    columns.extend(Column(key=name, head=in_unit(case, case.say(f"data-{name}"), size), width=11) for name in PARTS)
    return Table(
        title=case.say("workbook-fan", actor=case.names[actor]),
        columns=tuple(columns),
        rows=tuple(rows),
        notes=tuple(case.say(key) for key in ("note-fan", "note-inner")),
    )


def _fan_chart(case: Case, actor: str, table: int, colour: int) -> Chart:
    """The fan of one actor over all years."""
    found = case.cumulated
    last = list(found)[-1]
    stats = found[last][actor]
    shown = {name: money(stats[name], case.lang, stats[f"mcse_{name}"]) for name in LEVELS}
    name = shortened(case.names[actor])
    size = size_of(by_actor[actor][name] for by_actor in found.values() for name in ("p10", "p90"))
    return Chart(
        kind="fan",
        table=table,
        columns=("year", "p10", "lower", "inner", "upper", "p50", "p90", "base"),
        rows=len(found),
        title=case.say("chart-fan", actor=name),
        axis=case.say("chart-axis-net", unit=unit(case, size)),
        size=size,
        alt=case.say("alt-fan", actor=name, last=last, **shown),
        colour=colour,
    )
