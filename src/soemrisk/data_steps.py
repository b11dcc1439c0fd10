"""Which observations teach more of which number: data steps in closed form, and an effort that is stated elsewhere.

Apart from the value of such a step, which is calculated from a model, because ``check`` asks this of the file alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from soemrisk.distribution import NoDistributionError, Uncertain, resolve
from soemrisk.messages import Phrase, phrase
from soemrisk.quantity import DOMAINS, Effort, Quantity
from soemrisk.statements import findings

Finding = tuple[str, str, dict[str, object]]  # field, rule, values of the message

RATES: Mapping[str, str] = MappingProxyType({"success.with": "participants", "success.without": "comparison"})


def data_step(path: str, meant: Uncertain) -> str | None:
    """What is observed to learn more of a number, where that updates its distribution in closed form.

    Parameters
    ----------
    path : str
        Place of the number in the scenario.
    meant : Uncertain
        What its statement means.

    Returns
    -------
    {"participants", "comparison", "records"} or None
        Participants, or persons without the intervention, of whom it is counted who succeed (beta); records of
        persons who differ by a known standard deviation (normal). None where no such step is known.

    Notes
    -----
    Counts of those who take part say nothing of a net rate. Kroner, days and weeks are not counted one by one: what a
    Poisson number of them would teach depends on the unit, so that a gamma distribution has no step here
    (``information.of_poisson_counts`` is for numbers of events).

    Examples
    --------
    >>> from soemrisk.quantity import Quantity
    >>> rate = Quantity(counts={"successes": 16, "of": 23}, unit="share", source="x")
    >>> data_step("success.with", resolve(rate, DOMAINS["probability"]))
    'participants'
    """
    if meant.family == "beta" and (step := _rate_step(path)) is not None:
        return step
    return "records" if _is_change(path) and meant.family == "normal" and meant.individual_sd > 0 else None


def _rate_step(path: str) -> str | None:
    """Who is counted to learn more of a rate, of all or of a subgroup."""
    return RATES.get(".".join(path.split(".")[2:]) if path.startswith("subgroups.") else path)


def _is_change(path: str) -> bool:
    return path.startswith("consequences.") and path.endswith(".change")


def effort_findings(path: str, quantity: Quantity, domain: str, *, alone: bool) -> Iterator[Finding]:
    """Yield what is wrong with a stated effort.

    Parameters
    ----------
    path : str
        Place of the quantity in the scenario.
    quantity : Quantity
    domain : str
        Name of its kind of number.
    alone : bool
        Whether it is independent of all other quantities.

    Yields
    ------
    (field, rule, values)
        The place inside the quantity, the message id, and what the message fills in.

    Examples
    --------
    >>> effort = {"hours": 1.5, "source": "x"}
    >>> wrong = Quantity(value=0.4, se=0.1, unit="share", source="x", effort=effort)
    >>> [rule for _, rule, _ in effort_findings("success.net", wrong, "net_rate", alone=True)]
    ['effort-of-net-rate']
    """
    if quantity.effort is None:
        return
    yield from _number_findings(quantity.effort)
    if domain == "net_rate":
        yield "effort", "effort-of-net-rate", {}
        return
    if any(findings(quantity, DOMAINS[domain])):
        return
    try:
        meant = resolve(quantity, DOMAINS[domain])
    except NoDistributionError:
        return  # said of the quantity itself
    if data_step(path, meant) is None or not alone:
        yield "effort", "effort-without-step", {"reason": _reason(path, meant)}


def _number_findings(effort: Effort) -> Iterator[Finding]:
    for name in ("hours", "hourly"):
        found = getattr(effort, name)
        if found is not None and found <= 0:
            yield f"effort.{name}", "not-positive", {"found": found}
    if effort.start < 0:
        yield "effort.start", "effort-start-negative", {"found": effort.start}


def _reason(path: str, meant: Uncertain) -> Phrase:
    if _rate_step(path) is None and not _is_change(path):
        return phrase("step-place")
    if meant.family is None:
        return phrase("step-certain")
    if meant.family == "normal" and _is_change(path) and meant.individual_sd == 0:
        return phrase("step-normal")
    return phrase("step-family", family=meant.family) if data_step(path, meant) is None else phrase("step-together")
