"""Calibrate the consequences of ACT Randers to the published totals by the smallest change.

The slides print the net result of three actors and the lines of five main areas: seven linear equations, because
areas and actors add up to the same total. Prices, shares, participants and costs stay as sourced. Of all ways to
let seven consequences meet the equations, with no change of sign, the one with the smallest sum of squared relative
changes against the values "before" is taken. ``python scenarios/calibrate_act.py`` prints it; ``--write`` puts it
into the file.
"""

from __future__ import annotations

import itertools
import re
import sys
from pathlib import Path

import numpy as np

from soemrisk.compilation import compile_scenario
from soemrisk.reading import parse
from soemrisk.reference import evaluate

FILE = Path(__file__).with_name("act-randers.toml")
PARTICIPANTS = 25
COST = 25 * 300_426  # best reading of the printed line, see the notes of the scenario
TOTAL = 3_705_454  # kr., the slides
ACTORS = {"kommune": 225_612, "region": 777_915, "stat": 2_701_926}  # kr., the slides; rounded, they add to 1 kr. less
AREAS = {  # kr. per participant, the slides
    "indkomstoverfoersler": -8_948,
    "sundhedsydelser": 39_976,
    "politi_retsvaesen_kriminalforsorg": 42_146,
    "sociale_serviceydelser": 279_914,
    "brugerdefinerede_ydelser": 112_036,
}
BEFORE = {  # change per success and year before calibration, each explained in its source in the file
    "kontanthjaelp": -1.0,
    "foertidspension": 1.0,
    "somatisk_indlaeggelse": -0.192,
    "psykiatrisk_ambulant": 0.3,
    "sigtelse": -0.24,
    "domstol": -0.2,
    "faengselsdag": -2.7,
    "herberg": -30.8,
    "alkoholbehandling": -5.2,
    "stofbehandling": -6.4,
    "botilbud": -6.0,
    "brugerdefineret": -17236.3,
}
MOST_CALIBRATED = 7
DIGITS = 10


def targets() -> np.ndarray:
    """Gains in kr. that the equations ask for: five areas, then region and stat (the kommune follows)."""
    gains = TOTAL + COST
    rounding = (TOTAL - sum(ACTORS.values())) / len(ACTORS)  # a third of a krone each
    scale = gains / (PARTICIPANTS * sum(AREAS.values()))  # 0.9646: discounting and the common end year
    areas = [PARTICIPANTS * line * scale for line in AREAS.values()]
    return np.array([*areas, ACTORS["region"] + rounding, ACTORS["stat"] + rounding])


def effects() -> np.ndarray:
    """Kr. that one unit of each consequence gives in each equation, (7, 12), from the compiled scenario."""
    model = compile_scenario(parse(FILE.read_bytes(), FILE.name))
    position = {one.path: n for n, one in enumerate(model.inputs)}
    columns = []
    silent = model.base.copy()
    for name in BEFORE:
        silent[position[f"consequences.{name}.change"]] = 0.0
    nothing = evaluate(model, silent[None]).area[0]
    for name in BEFORE:
        one = silent.copy()
        one[position[f"consequences.{name}.change"]] = 1.0
        area = evaluate(model, one[None]).area[0] - nothing
        by_area = [area[model.areas.index(key), 0] for key in AREAS]
        by_actor = [area[:, model.actors.index(key)].sum() for key in ("region", "stat")]
        columns.append([*by_area, *by_actor])
    return np.array(columns).T


def calibrate() -> dict[str, float]:
    """Return the calibrated values by consequence."""
    matrix, wanted, before = effects(), targets(), np.array(list(BEFORE.values()))
    names = list(BEFORE)
    best: tuple[float, dict[str, float]] = (np.inf, {})
    for chosen in itertools.combinations(range(len(names)), MOST_CALIBRATED):
        free = list(chosen)
        part = matrix[:, free] * before[free]
        if np.linalg.matrix_rank(part) < MOST_CALIBRATED:
            continue
        gap = wanted - matrix @ before
        ratio = 1 + np.linalg.solve(part, gap)
        size = float(((ratio - 1) ** 2).sum())
        if (ratio > 0).all() and size < best[0]:
            best = (size, {names[n]: float(f"{before[n] * r:.{DIGITS}g}") for n, r in zip(free, ratio, strict=True)})
    assert best[1], "no seven consequences meet the published totals"
    return best[1]


def main() -> None:
    """Print the calibrated values, or write them into the file."""
    found = calibrate()
    text = FILE.read_text(encoding="utf-8")
    for name, value in found.items():
        print(f"{name:24} before {BEFORE[name]:12g}   calibrated {value:.{DIGITS}g}   ratio {value / BEFORE[name]:.4f}")
        pattern = rf"(\[consequences\.{name}\](?:(?!\n\[).)*?change = \{{ value = )[-0-9.e]+"
        text, count = re.subn(pattern, rf"\g<1>{value:.{DIGITS}g}", text, count=1, flags=re.DOTALL)
        assert count == 1, name
    if "--write" in sys.argv:
        FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
