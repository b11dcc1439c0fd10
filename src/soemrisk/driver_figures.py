"""All pictures of what drives a result: drawn from its one object and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from soemrisk.chart_style import KINDS, STYLE, picture_bytes
from soemrisk.driver_bars import tornado, variance
from soemrisk.driver_curves import break_even
from soemrisk.driver_maps import heat_actor, heat_year
from soemrisk.driver_pairs import pair
from soemrisk.driver_places import priorities
from soemrisk.driver_rows import SHOWN
from soemrisk.driver_steps import evsi
from soemrisk.driver_stories import alt_texts, messages
from soemrisk.driver_tales import tale_of
from soemrisk.scenario import Scenario

CHARTS = {
    "tornado": tornado,
    "variance": variance,
    "break_even": break_even,
    "priorities": priorities,
    "heat_actor": heat_actor,
    "heat_year": heat_year,
    "evsi": evsi,
    "pair": pair,
}


def driver_pictures(
    scenario: Scenario,
    found: Mapping[str, Any],
    lang: str,
    most: int = SHOWN,
    *,
    names: Collection[str] = tuple(CHARTS),
    kinds: Sequence[str] = KINDS,
) -> dict[str, bytes]:
    """Draw every picture as SVG and PNG.

    Parameters
    ----------
    scenario : Scenario
    found : mapping
        From ``drivers``; with ``deciding``, the actor whose decision it is, where it is not the first one.
    lang : {"da", "en"}
    most : int
        Rows that the tornado and the 2×2 name; the others are shown together.
    names : collection of str
        Pictures that are wanted.
    kinds : sequence of {"svg", "png"}

    Returns
    -------
    dict of str to bytes
        ``tornado``, ``variance``, ``break_even``, ``priorities``, ``heat_actor`` and ``heat_year``, each ``.svg`` and
        ``.png``, with ``evsi`` where a data step may be worth a krone and ``pair`` where two inputs were asked for; the
        same bytes for the same object. Of the actor who decides, the first after the total, except where
        a picture shows all. An SVG has the message as its title and its alternative text as its description.
    """
    told, described = messages(scenario, found, lang), alt_texts(scenario, found, lang)
    drawn: dict[str, bytes] = {}
    with rc_context(STYLE):
        for name, figure in driver_charts(scenario, found, lang, most, names=names).items():
            drawn |= picture_bytes(figure, name, (told[name], described[name]), kinds)
    return drawn


def driver_charts(
    scenario: Scenario,
    found: Mapping[str, Any],
    lang: str,
    most: int = SHOWN,
    *,
    names: Collection[str] = tuple(CHARTS),
) -> dict[str, Figure]:
    """The pictures before they are bytes, by name; to be drawn with the rc parameters of ``chart_style.STYLE``."""
    tale = replace(tale_of(scenario, found, lang), most=most)
    told = messages(scenario, found, lang)
    with rc_context(STYLE):
        return {name: draw(tale, told[name]) for name, draw in CHARTS.items() if name in told and name in names}
