"""Plots of RESULTS.md: accuracy against time, draws a second, growth. Each as SVG and as a small PNG."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from records import GROWING, INPUTS, Records, chosen, curve, exponent, growth, in_order, short, values
from report import CASES, ERRORS, ORDER, cases_of, exact_seconds, lines_of

COLOURS = {
    "soemrisk": "#c0392b",
    "numpy": "#1f77b4",
    "scipy": "#2ca02c",
    "salib": "#1f77b4",
    "openturns": "#9467bd",
    "chaospy": "#e08e0b",
    "monaco": "#7f7f7f",
    "integral": "#2ca02c",
    "nested": "#9467bd",
    "binned": "#e08e0b",
    "polynomial": "#1f77b4",
    "c": "#222222",  # after chaospy: names begin so
}
MARKERS = {"2-threads": "s", "bootstrap": "^", "jansen": "v"}
TITLES = {
    "mean": "mean, error in standard deviations",
    "sd": "standard deviation, relative error",
    "S1": "S1, rms error",
    "ST": "ST, rms error",
    "rms": "EVPPI, rms error, kr.",
}
STYLE = {
    "svg.hashsalt": "soemrisk",
    "svg.fonttype": "none",
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.3,
    "legend.frameon": False,
}


def look(name: str) -> dict[str, Any]:
    """Colour, mark and width of a contender."""
    marker = next((mark for end, mark in MARKERS.items() if name.endswith(end)), "o")
    colour = next(colour for start, colour in COLOURS.items() if name.startswith(start))
    return {"color": colour, "marker": marker, "markersize": 3.5, "linewidth": 2.0 if "soemrisk" in name else 1.1}


def draw_all(records: Records, folder: Path) -> None:
    """All plots that there are records for."""
    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(STYLE):
        for kind in ERRORS:
            if cases_of(records, kind):
                _save(accuracy(records, kind), folder / f"accuracy_{kind}")
        if cases_of(records, "draws"):
            _save(speed(records), folder / "speed")
        _save(growths(records), folder / "growth")


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path.with_suffix(".svg"), metadata={"Date": None, "Creator": None})
    figure.savefig(path.with_suffix(".png"), dpi=80, metadata={"Software": None})
    plt.close(figure)


def accuracy(records: Records, kind: str) -> Any:
    """Error against seconds, one column for each case, one row for each statistic."""
    cases = [case for case in cases_of(records, kind) if case != "generated-1000"] or cases_of(records, kind)
    errors, lines = ERRORS[kind], lines_of(records, kind)
    shape = (len(errors), len(cases))
    size = (1.6 + 2.9 * len(cases), 0.4 + 2.5 * len(errors))
    figure, axes = plt.subplots(*shape, figsize=size, squeeze=False, sharex="col", layout="constrained")
    for row, error in enumerate(errors):
        for column, case in enumerate(cases):
            axis = axes[row, column]
            axis.set(xscale="log", yscale="log", title=f"{case}" if not row else "")
            for shown, name, precomputed in lines:
                points = curve(chosen(records, kind=kind, case=case, contender=name), error, precomputed=precomputed)
                points = [(seconds, value) for seconds, value in points if value > 0]
                if points:
                    style = look(name) | ({"linestyle": ":", "alpha": 0.7} if precomputed else {})
                    label = INPUTS if precomputed else shown
                    axis.plot(*zip(*points, strict=True), label=label, **style)
            exact = None if kind == "evppi" else exact_seconds(records, case)
            if exact is not None:
                axis.axvline(exact, color=COLOURS["soemrisk"], linewidth=1.2, linestyle=":", label="sr.exact: no error")
            _readable(axis)
            axis.axvline(1.0, color="#444444", linewidth=0.7, linestyle="--")
        axes[row, 0].set_ylabel(TITLES[error])
    for axis in axes[-1]:
        axis.set_xlabel("seconds of processor")
    _legend(figure, axes)
    return figure


def _readable(axis: Any) -> None:
    """Numbers at 1, 2 and 5 where there are few powers of ten, else at these alone."""
    for scale in (axis.xaxis, axis.yaxis):
        low, high = sorted(scale.get_view_interval())
        if high < 100 * low:
            scale.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
            scale.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
        scale.set_minor_formatter(NullFormatter())


def _legend(figure: Any, axes: Any) -> None:
    """One legend beside all, precomputed lines named once."""
    handles: dict[str, Any] = {}
    for axis in axes.flat:
        for handle, label in zip(*axis.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    dotted = handles.pop(INPUTS, None)
    if dotted is not None:
        handles[f"dotted: {INPUTS}"] = dotted
    figure.legend(handles.values(), handles.keys(), loc="outside right upper")


def speed(records: Records) -> Any:
    """Draws a second at the largest size measured, by case."""
    some = chosen(records, kind="draws")
    cases = [case for case in CASES if case in cases_of(records, "draws")] or cases_of(records, "draws")
    names = in_order(some, ORDER["draws"])
    size = (1.8 + 2.0 * len(cases), 0.9 + 0.24 * len(names))
    figure, axes = plt.subplots(1, len(cases), figsize=size, squeeze=False, sharey=True, layout="constrained")
    for axis, case in zip(axes[0], cases, strict=True):
        for at, name in enumerate(names):
            rounds = chosen(some, case=case, contender=name)
            if rounds:
                largest = chosen(rounds, asked=values(rounds, "asked")[-1])
                found = median(one["size"] / one["seconds"] for one in largest)
                axis.barh(at, found, color=look(name)["color"], height=0.7)
                axis.text(found, at, f" {short(found)}", va="center")
        axis.set(xscale="log", title=case, xlabel="draws a second")
        axis.grid(visible=False, axis="y")
        low, high = axis.get_xlim()
        axis.set_xlim(low / 2, high * 6)
        axis.xaxis.set_minor_formatter(NullFormatter())
    axes[0, 0].set_yticks(range(len(names)), names)
    axes[0, 0].invert_yaxis()
    return figure


def growths(records: Records) -> Any:
    """Seconds of processor of soemrisk against what grows."""
    whats = ("size", *GROWING)
    figure, axes = plt.subplots(1, len(whats), figsize=(11, 2.6), layout="constrained")
    for axis, what in zip(axes, whats, strict=True):
        for kind, colour in (("draws", COLOURS["soemrisk"]), ("sobol", COLOURS["numpy"])):
            points = growth(records, kind, what)
            if points:
                found = exponent(points)
                label = {"draws": "run", "sobol": "sobol"}[kind] + ("" if found is None else f" ∝ n^{found[0]:.2f}")
                axis.plot(*zip(*points, strict=True), color=colour, marker="o", markersize=3, label=label)
        axis.set(xscale="log", yscale="log", xlabel={"size": "draws, base points"}.get(what, what))
        if axis.lines:
            axis.legend()
        _readable(axis)
    axes[0].set_ylabel("seconds of processor")
    return figure
