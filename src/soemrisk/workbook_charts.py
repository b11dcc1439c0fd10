"""Native charts of the workbook, drawn by Excel from cells: bands by actor, the fan of the years, swings of inputs.

Names of users reach a chart through cells alone, so that none can become a formula in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from soemrisk.workbook_cells import COMMAS, Chart, signed

COLOURS = ("#005A99", "#CC8000", "#1F1F1F", "#7A3B69", "#4C7A34")  # by actor, as in all pictures (chart_style)
MARKERS = ("circle", "square", "triangle", "diamond", "x")
TOTAL = "#404040"
INK, GREY, RULE, PAPER = "#000000", "#404040", "#BFBFBF", "#FFFFFF"
WIDTH, LINE = 940, 20  # pixels; of a row
HEIGHTS = {"bands": 60, "fan": 380, "swings": 90}  # pixels, of which bands and swings add some for each row
FOR_EACH = {"bands": 52, "fan": 0, "swings": 26}

Address = Callable[[str, int | None], str]


def chart_height(chart: Chart) -> int:
    """Height of a chart in pixels."""
    return HEIGHTS[chart.kind] + 60 * (chart.kind != "fan") + FOR_EACH[chart.kind] * chart.rows


def native_chart(book: Any, chart: Chart, title: str, where: Address, heads: Callable[[str], str]) -> Any:
    """Build a chart of XlsxWriter.

    Parameters
    ----------
    book : xlsxwriter.Workbook
    chart : Chart
    title : str
        Reference to the cell with the title.
    where : callable
        Reference to a column of the table: of one row, or of all rows of the chart where the row is None.
    heads : callable
        Reference to the head of a column.

    Returns
    -------
    xlsxwriter.chart.Chart
    """
    drawn = {"bands": _bands, "fan": _fan, "swings": _swings}[chart.kind](book, chart, where, heads)
    drawn.set_title({"name": title, "name_font": {"size": 12, "bold": True}, "overlay": False})
    drawn.set_size({"width": WIDTH, "height": chart_height(chart)})
    drawn.set_chartarea({"border": {"none": True}, "fill": {"color": PAPER}})
    return drawn


def _amounts(chart: Chart, **more: object) -> dict[str, object]:
    """The axis of amounts, in the unit of the chart."""
    decimals = {"millions": "0.0", "thousands": "#,##0", "kroner": "#,##0"}[chart.size]
    return {
        "name": chart.axis,
        "name_font": {"bold": False, "size": 9},
        "num_font": {"size": 9},
        "num_format": signed(decimals + COMMAS[chart.size]),
        "major_gridlines": {"visible": True, "line": {"color": RULE, "width": 0.5}},
        "line": {"none": True},
        "label_position": "low",
        **more,
    }


def _bands(book: Any, chart: Chart, where: Address, heads: Callable[[str], str]) -> Any:
    """A dot for each actor at P50, thin to P10 and P90, thick to P25 and P75; a diamond at the SØM number."""
    name, middle, height, low, high, inner_low, inner_high, base, *ends = chart.columns
    drawn = book.add_chart({"type": "scatter"})
    hidden: list[int] = []
    for row in range(chart.rows):
        colour = TOTAL if row == 0 else COLOURS[(row - 1) % len(COLOURS)]
        marker = MARKERS[(row - 1) % len(MARKERS)] if row else "circle"
        spans = ((inner_low, inner_high, 7.0, "none"), (low, high, 1.75, marker))
        for minus, plus, width, shape in spans:
            hidden.append(len(hidden))
            places = {"name": where(name, row), "categories": where(middle, row), "values": where(height, row)}
            bar = {
                "type": "custom",
                "plus_values": where(plus, row),
                "minus_values": where(minus, row),
                "end_style": 0,
                "line": {"color": colour, "width": width, "transparency": 45 if shape == "none" else 0},
            }
            drawn.add_series({**places, "x_error_bars": bar, **_mark(shape, colour)})
    for end in ends:  # unseen dots: an axis is made for dots and not for their error bars
        hidden.append(len(hidden))
        places = {"categories": where(end, None), "values": where(height, None)}
        drawn.add_series({"name": heads(end), **places, "marker": {"type": "none"}})
    drawn.add_series(
        {
            "name": heads(base),
            "categories": where(base, None),
            "values": where(height, None),
            "marker": {"type": "diamond", "size": 8, "fill": {"color": INK}, "border": {"color": PAPER}},
        }
    )
    drawn.set_legend({"position": "bottom", "delete_series": hidden, "font": {"size": 9}})
    drawn.set_x_axis(_amounts(chart))
    drawn.set_y_axis(
        {
            "min": 0.4,
            "max": chart.rows + 0.8,
            "major_unit": 1,
            "label_position": "none",
            "major_tick_mark": "none",
            "major_gridlines": {"visible": False},
            "line": {"color": INK, "width": 1},
        }
    )
    return drawn


def _mark(shape: str, colour: str) -> dict[str, object]:
    """A mark with the name of its series over it, or neither."""
    if shape == "none":
        return {"marker": {"type": "none"}}
    label = {"series_name": True, "value": False, "position": "above", "font": {"size": 9}}
    dot = {"type": shape, "size": 9, "fill": {"color": colour}, "border": {"color": PAPER, "width": 1}}
    return {"marker": dot, "data_labels": label}


def _fan(book: Any, chart: Chart, where: Address, heads: Callable[[str], str]) -> Any:
    """Areas on top of each other from P10 to P90, the median as a line, the SØM number as a dashed one."""
    year, low, lower, inner, upper, middle, high, base = chart.columns
    colour = TOTAL if chart.colour < 0 else COLOURS[chart.colour % len(COLOURS)]
    drawn = book.add_chart({"type": "area", "subtype": "stacked"})
    years = where(year, None)
    for column, label, clear in ((low, "", 100), (lower, "P10–P90", 75), (inner, "P25–P75", 50), (upper, "", 75)):
        fill = {"none": True} if clear == 100 else {"color": colour, "transparency": clear}
        name = label or heads(column)
        drawn.add_series(
            {
                "name": name,
                "categories": years,
                "values": where(column, None),
                "fill": fill,
                "border": {"none": True},
            }
        )
    lines = book.add_chart({"type": "line"})
    for column, width, dash, shade in (
        (low, 1.0, "solid", colour),
        (high, 1.0, "solid", colour),
        (middle, 2.5, "solid", colour),
        (base, 1.75, "dash", INK),
    ):
        line = {"color": shade, "width": width, "dash_type": dash}
        lines.add_series({"name": heads(column), "categories": years, "values": where(column, None), "line": line})
    drawn.combine(lines)
    drawn.set_legend({"position": "bottom", "delete_series": [0, 3, 4, 5], "font": {"size": 9}})
    drawn.set_x_axis(
        {
            "label_position": "low",
            "position_axis": "on_tick",
            "num_font": {"size": 9},
            "num_format": "0",
            "line": {"color": INK, "width": 1},
            "major_tick_mark": "none",
        }
    )
    drawn.set_y_axis(_amounts(chart))
    return drawn


def _swings(book: Any, chart: Chart, where: Address, heads: Callable[[str], str]) -> Any:
    """Bars from the base case to the result at both ends, the first row on top."""
    label, low, high = chart.columns
    drawn = book.add_chart({"type": "bar"})
    colour = COLOURS[chart.colour % len(COLOURS)]
    for column, fill in ((low, PAPER), (high, colour)):
        drawn.add_series(
            {
                "name": heads(column),
                "categories": where(label, None),
                "values": where(column, None),
                "fill": {"color": fill},
                "border": {"color": colour, "width": 1.25},
                "overlap": 100,
                "gap": 45,
                "invert_if_negative": False,
            }
        )
    drawn.set_legend({"position": "bottom", "font": {"size": 9}})
    drawn.set_y_axis(
        {
            "reverse": True,
            "label_position": "low",
            "num_font": {"size": 9},
            "line": {"color": INK, "width": 1},
            "major_tick_mark": "none",
        }
    )
    drawn.set_x_axis(_amounts(chart, label_position="high"))
    return drawn
