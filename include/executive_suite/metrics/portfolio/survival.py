"""How long clients stay: the Kaplan-Meier estimate, exact, once there are enough clients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from operator import attrgetter

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import RATIO, rounded
from executive_suite.metrics.cut import cut, grouped
from executive_suite.metrics.portfolio.contracts import COLUMNS, NO_CONTRACTS, Contract, standing, versions
from executive_suite.metrics.registry import metric

# Below this many clients a model would fit noise.
MODEL_NEEDS = 20
YEAR_DAYS = 365


def kaplan_meier(times: Sequence[int], lost: Sequence[bool]) -> tuple[tuple[int, Fraction], ...]:
    """The share that survives beyond each time at which somebody was lost.

    Args:
        times: How long each was seen, any unit.
        lost: Whether it was lost then (True) or was still there (False: censored; counted at risk at that time).

    Returns:
        Time and survival, in order of time; empty when none was lost.

    Raises:
        ValueError: the two differ in length.

    Source: Kaplan and Meier, JASA 53 (1958) 457-481.

    >>> kaplan_meier([1, 2, 3, 4], [True, False, True, True])
    ((1, Fraction(3, 4)), (3, Fraction(3, 8)), (4, Fraction(0, 1)))
    """
    if len(times) != len(lost):
        msg = f"expected as many times as outcomes, got {len(times)} and {len(lost)}"
        raise ValueError(msg)
    survival = Fraction(1)
    steps = []
    for time in sorted({t for t, gone in zip(times, lost, strict=True) if gone}):
        at_risk = sum(1 for t in times if t >= time)
        losses = sum(1 for t, gone in zip(times, lost, strict=True) if gone and t == time)
        survival *= Fraction(at_risk - losses, at_risk)
        steps.append((time, survival))
    return tuple(steps)


def surviving(steps: Sequence[tuple[int, Fraction]], time: int) -> Fraction:
    """The estimated share that survives beyond ``time``.

    >>> surviving(kaplan_meier([1, 2, 3, 4], [True, False, True, True]), 3)
    Fraction(3, 8)
    """
    reached = [survival for at, survival in steps if at <= time]
    return reached[-1] if reached else Fraction(1)


@metric("client_survival_12_months", needs={"client_contract": COLUMNS}, otherwise=NO_CONTRACTS)
def _survival(context: Context) -> Iterator[Fact]:
    today = context.report_date
    contracts = tuple(one for one in versions(context) if one.start_on <= today)
    there = {one.client_id for one in standing(contracts, today) if one.status in ("active", "paused")}
    for unit in cut(context, "client_contract", contracts).by_entity():
        times, lost = [], []
        for client, own in grouped(unit.rows, attrgetter("client_id")).items():
            sold = all(one.left for one in own)  # a client who left with its entity was not lost: censored
            until = max(one.left for one in own) if sold else today if client in there else _left(own, today)
            times.append(max((until - min(one.begins for one in own)).days, 0))
            lost.append(client not in there and not sold)
        if len(times) < MODEL_NEEDS:
            measure = not_applicable(f"clients: {len(times)}, fewer than {MODEL_NEEDS}")
        elif not any(lost):
            measure = not_applicable("no client was ever lost")
        else:
            measure = Measure(rounded(surviving(kaplan_meier(times, lost), YEAR_DAYS), RATIO))
        yield unit.fact("client_survival_12_months", measure)


def _left(contracts: Iterable[Contract], today: date) -> date:
    """The day from which a client was gone: when its last contract was marked churned, or the day after its last."""
    marked = [one.valid_from for one in contracts if one.status == "churned"]
    ended = [one.valid_to for one in contracts if one.get("valid_to") is not None]
    return max(marked) if marked else max(ended) + timedelta(days=1) if ended else today
