"""How far what a contender found is from the exact values, and whether that is more than chance explains.

Exact values are those of the closed form (mean, standard deviation, S1, ST), and for the value of information of single
inputs integrals by SciPy over the quantile functions, which know nothing of soemrisk.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

# In 1/√size of a standard deviation, or of an index; in standard errors. Wide enough for thousands of comparisons.
AGREE = {"draws": 5.0, "sobol": 6.0, "evppi": 6.0}
TABLES = 1e-9  # of max(|x|, IQR/1000), the largest error of a quantile
SAME = 1e-6  # of integrals that must agree
COLUMNS = {"S1": 0, "ST": 3}  # of the tables of indices: the index, the low and the high end of its interval

Truth = dict[str, Any]
Errors = dict[str, float]


def truth(path: Path, kinds: Iterable[str]) -> Truth:
    """Exact values of a scenario, those that the kinds of measurement need."""
    from numpy_model import load

    import soemrisk as sr

    scenario = sr.read(path)
    found: Truth = {}
    if {"draws", "sobol"} & set(kinds):
        exact = sr.exact(scenario)
        actors = exact["actor"].values.tolist()
        sd = np.sqrt(exact["variance"].values / (1.0 - exact["chance_share"].values))
        means = exact["mean"].values.tolist()
        every = zip(actors, means, sd.tolist(), strict=True)
        found["draws"] = {actor: {"mean": mean, "sd": one} for actor, mean, one in every if one > 0}
    if "sobol" in kinds:
        total = exact.sel(actor="total", input=[one.name for one in load(path).inputs])
        found["sobol"] = {index: total[index].values for index in COLUMNS}
    if "evppi" in kinds:
        found["evppi"] = _information(scenario, path, load(path).actors)
    return found


def _information(scenario: Any, path: Path, actors: tuple[str, ...]) -> Truth:
    """EVPPI (actors, inputs) by SciPy's integrals, and soemrisk's EVPI with its standard error (actors, 2)."""
    from expected_net import Clock
    from information_contenders import integral

    import soemrisk as sr

    every = sr.evppi(scenario, draws=2**16, seed=0).sel(actor=list(actors))
    evpi = np.array([every["evpi"].values, every["evpi_se"].values]).T
    value = integral(path)(1024, 1, Clock())[0]
    assert np.isfinite(value).all(), f"the integrals of {path.name} are not finite"
    return {"evppi": value, "evpi": evpi, "actors": actors}


def judged(kind: str, contender: str, found: list[Any], size: int, exact: Truth) -> tuple[Errors, list[str]]:
    """Errors over all repeats, and what cannot be right."""
    if kind == "exact" and contender == "quantile_tables.build":
        largest = max(one["quantile_error"] for one in found)
        wrong = [] if largest <= TABLES else [f"{contender}: an error of {largest:.2g}"]
        return {"quantile_error": largest}, wrong
    if kind not in exact:
        return {}, []
    judge = {"draws": _draws, "sobol": _sobol, "evppi": _evppi}[kind]
    errors, wrong = judge(found, size, exact[kind])
    if kind == "evppi" and contender in {"soemrisk", "integral"}:
        wrong = [*wrong, *_integrals(found, exact[kind])]
    return errors, [f"{contender}: {text}" for text in dict.fromkeys(wrong)]


def _rms(errors: Any) -> float:
    return float(np.sqrt(np.mean(np.square(errors))))


def _draws(found: list[Any], size: int, exact: Truth) -> tuple[Errors, list[str]]:
    """Root mean square of the errors of all actors, in standard deviations of their net result."""
    kept: dict[str, list[float]] = {"mean": [], "sd": []}
    wrong = []
    for one in found:
        for actor, stats in exact.items():
            for key, errors in kept.items():
                value = one["net"][actor][key]
                errors.append((value - stats[key]) / stats["sd"])
                if not abs(errors[-1]) <= AGREE["draws"] / size**0.5:
                    wrong.append(f"{actor}, {key} {value:.0f} at {size} draws, exactly {stats[key]:.0f}")
    return {key: _rms(errors) for key, errors in kept.items()}, wrong


def _sobol(found: list[Any], size: int, exact: Truth) -> tuple[Errors, list[str]]:
    """Of each index the root mean square and the largest error, and the share of intervals that hold the exact one."""
    tables = np.array(found, dtype=float)  # (repeats, inputs, 6)
    errors: Errors = {}
    wrong = []
    for index, at in COLUMNS.items():
        value, low, high = (tables[:, :, at + column] for column in range(3))
        apart = np.abs(value - exact[index])
        errors[index], errors[f"{index}_largest"] = _rms(apart), float(apart.max())
        if np.isfinite(low).all():
            errors[f"{index}_held"] = float(np.mean((low <= exact[index]) & (exact[index] <= high)))
        if not apart.max() <= AGREE["sobol"] / size**0.5:
            wrong.append(f"an error of {apart.max():.3g} in {index} at {size} base points")
    return errors, wrong


def _evppi(found: list[Any], size: int, exact: Truth) -> tuple[Errors, list[str]]:
    """Of EVPPI of all inputs for all actors: root mean square, largest and mean error, kr.; EVPI is compared too."""
    apart = np.array([one[0] for one in found]) - exact["evppi"]
    wrong = []
    for evpi in (np.array(one[1]) for one in found):
        near = np.abs(evpi[:, 0] - exact["evpi"][:, 0]) <= AGREE["evppi"] * np.hypot(evpi[:, 1], exact["evpi"][:, 1])
        wrong += [f"EVPI of {exact['actors'][a]}, {evpi[a, 0]:.0f} from {size} draws" for a in np.flatnonzero(~near)]
    return {"rms": _rms(apart), "largest": float(np.abs(apart).max()), "mean": float(apart.mean())}, wrong


def _integrals(found: list[Any], exact: Truth) -> list[str]:
    """Integrals that are not SciPy's."""
    scale = exact["evppi"] + exact["evpi"][:, :1]
    near = np.abs(np.array([one[0] for one in found]) - exact["evppi"]) <= SAME * scale
    return [f"EVPPI of input {d} for {exact['actors'][a]}" for _, a, d in zip(*np.nonzero(~near), strict=True)]
