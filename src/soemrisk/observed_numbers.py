"""A file of observations: what was observed of which number, and in which form it can teach or replace it.

Apart from ``updating`` because it is a document of its own and knows no scenario.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from soemrisk.complaints import explain
from soemrisk.errors import Problem, ScenarioError
from soemrisk.observation_files import Opener, with_observations
from soemrisk.posteriors import Seen
from soemrisk.quantity import Counts, Observations
from soemrisk.scenario import Year
from soemrisk.stated_values import FROZEN, NonEmpty, Number, Whole

FEWEST = 4  # observations behind a mean: with three its t distribution has no variance
FORMS = ("counts", "estimate", "observations", "events")


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


class Observation(BaseModel):
    """What was observed of one number: persons counted, an estimate with its error, numbers one by one, or events."""

    model_config = FROZEN
    place: NonEmpty
    source: NonEmpty
    counts: Counts | None = None
    estimate: Number | None = None
    se: Number | None = None
    log_se: Number | None = None
    observations: Observations | None = None
    events: Whole | None = None
    person_years: Number | None = None
    price_year: Year | None = None
    prior_weight: Number = 1.0
    replace: bool = False

    @property
    def form(self) -> str | None:
        """Which form it has; None where it has none, or several, or half of one."""
        found = [name for name in FORMS if getattr(self, name) is not None]
        errors = [one for one in (self.se, self.log_se) if one is not None]
        needed = 0 if self.replace else 1
        whole = {
            "counts": not errors and self.person_years is None,
            "estimate": needed <= len(errors) <= 1 and self.person_years is None,
            "observations": not errors and self.person_years is None,
            "events": not errors and self.person_years is not None,
        }
        return found[0] if len(found) == 1 and whole[found[0]] else None


class Observed(BaseModel):
    """A file of observations."""

    model_config = FROZEN
    observed: Annotated[tuple[Observation, ...], BeforeValidator(_as_tuple), Field(min_length=1)]


def _nothing_beside(_: str) -> tuple[str, bytes]:
    raise ScenarioError([Problem(rule="file-missing")])


def observations_of(
    document: Mapping[str, Any], name: str, opened: Opener = _nothing_beside
) -> tuple[Observation, ...]:
    """Observations of a file, or every mistake of form in it.

    Parameters
    ----------
    document : mapping
        As TOML gives it.
    name : str
        What messages call the file.
    opened : callable, optional
        Gives name and content of a CSV beside the file; without it there are none.

    Returns
    -------
    tuple of Observation

    Raises
    ------
    ScenarioError

    Examples
    --------
    >>> one = {"place": "success.with", "counts": {"successes": 3, "of": 4}, "source": "x"}
    >>> observations_of({"observed": [one]}, "x.toml")[0].counts.of
    4
    """
    filled, unread = with_observations(dict(document), opened)
    problems = [
        one if one.file else Problem(rule=one.rule, path=".".join((*where, one.path)), values=one.values, file=name)
        for where, one in unread
    ]
    try:
        found = Observed.model_validate(filled).observed
    except ValidationError as error:
        for one in error.errors(include_url=False):
            place = ".".join(str(part) for part in one["loc"])
            _, rule, values = explain(one, document)
            if rule == "unknown-key":
                values = {"key": str(one["loc"][-1]), "allowed": tuple(Observation.model_fields)}
            problems.append(Problem(rule=rule, path=place, values=values, file=name))
        raise ScenarioError(problems) from None
    if problems:
        raise ScenarioError(problems)
    return found


def seen_in(one: Observation, factor: float = 1.0) -> Seen:
    """What an observation of one form says of its number.

    Parameters
    ----------
    one : Observation
        With a form, and not there to replace the number.
    factor : float
        From kroner of the observation to kroner of the number; 1 where it is not kroner.

    Returns
    -------
    Seen
        Numbers one by one say what their mean is, with the standard deviation that the t distribution of it has.

    Examples
    --------
    >>> one = Observation(place="a", source="x", observations=[8.0, 10.0, 12.0, 14.0])
    >>> round(seen_in(one).found, 2), round(seen_in(one).size, 3)
    (11.0, 2.236)
    """
    if one.counts is not None:
        return Seen(kind="counts", found=one.counts.successes, size=one.counts.of)
    if one.events is not None:
        assert one.person_years is not None
        return Seen(kind="events", found=one.events, size=one.person_years)
    if one.observations is not None:
        n = len(one.observations)
        mean = math.fsum(one.observations) / n
        squares = math.fsum((x - mean) ** 2 for x in one.observations)
        error = math.sqrt(squares / (n - 1) / n * (n - 1) / (n - 3))
        return Seen(kind="estimate", found=mean * factor, size=error * factor)
    assert one.estimate is not None
    if one.log_se is not None:
        return Seen(kind="logarithm", found=one.estimate * factor, size=one.log_se)
    assert one.se is not None
    return Seen(kind="estimate", found=one.estimate * factor, size=one.se * factor)


def statement(one: Observation, factor: float = 1.0) -> dict[str, Any]:
    """The number as the observation alone states it, without unit and source.

    Parameters
    ----------
    one : Observation
        With a form other than events.
    factor : float
        As in ``seen_in``.

    Returns
    -------
    dict
        Keys of a quantity.

    Examples
    --------
    >>> statement(Observation(place="a", source="x", estimate=100.0, se=10.0, replace=True), 1.1)
    {'value': 110.0, 'se': 11.0}
    """

    def kroner(value: float) -> float:
        return float(f"{value * factor:.12g}")

    if one.counts is not None:
        return {"counts": {"successes": one.counts.successes, "of": one.counts.of}}
    if one.observations is not None:
        return {"observations": [kroner(x) for x in one.observations], "of": "mean"}
    assert one.estimate is not None
    value = kroner(one.estimate)
    if one.log_se is not None:
        spread = {"mu": float(f"{math.log(value):.15g}"), "sigma": one.log_se}
        return {"value": value, "family": "lognormal", "parameters": spread}
    return {"value": value} if one.se is None else {"value": value, "se": kroner(one.se)}


Reason = Callable[[Observation], bool]
WRONG_NUMBERS: tuple[tuple[str, Reason], ...] = (
    ("update-form", lambda one: one.form is None or (one.replace and one.events is not None)),
    (
        "update-counts",
        lambda one: one.counts is not None and not 0 <= one.counts.successes <= one.counts.of != 0,
    ),
    (
        "update-numbers",
        lambda one: (
            one.prior_weight > 1
            or any(x is not None and x <= 0 for x in (one.se, one.log_se, one.person_years, one.prior_weight))
        ),
    ),
    ("update-logarithm", lambda one: one.log_se is not None and (one.estimate or 0.0) <= 0),
    (
        "update-few",
        lambda one: (
            one.observations is not None and (len(one.observations) < FEWEST or len(set(one.observations)) == 1)
        ),
    ),
    ("update-replace-weight", lambda one: one.replace and one.prior_weight != 1),
)


def wrong_numbers(one: Observation) -> str | None:
    """Id of the first reason why an observation cannot be used whatever its number; None where it can.

    Examples
    --------
    >>> wrong_numbers(Observation(place="a", source="x", estimate=3.0))
    'update-form'
    """
    return next((rule for rule, holds in WRONG_NUMBERS if holds(one)), None)
