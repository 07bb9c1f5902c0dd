"""What is too small to act on: money below a stated part of the group's own size.

Source: ISA 320, paragraph A8, which names one percent of total revenue or total expenses as an example.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP
from executive_suite.facts.signals import Signal
from executive_suite.metrics.book.book import if_kept
from executive_suite.period import complete_months
from executive_suite.rules.agendas.thirty_day import HORIZON_MONTHS
from executive_suite.signals.declared import Declarations

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

YEAR = 12


def weighed(context: Context, found: Iterable[Signal], declared: Declarations) -> tuple[Signal, ...]:
    """The signals; those that are about money alone, and little of it, are to watch.

    Args:
        context: The run.
        found: Its signals.
        declared: Which of them are about money, and the part of the group's year below which it is little.
    """
    of_money = {one.series for one in declared.series} | {one.signal for one in declared.registers if one.money}
    floor = Decimal(str(declared.materiality)) * size(context)

    def small(one: Signal) -> bool:
        cents = within_horizon(one)
        return one.name in of_money and cents is not None and cents < floor

    return tuple(replace(one, severity="watch") if small(one) else one for one in found)


def within_horizon(signal: Signal) -> int | None:
    """The money it moves within the horizon of the one list, cents; None when unknown."""
    if signal.amount_cents is None:
        return None
    return signal.amount_cents * (HORIZON_MONTHS if signal.per == "month" else 1)


@per_context
def size(context: Context) -> int:
    """The larger of the group's revenue and expenses in the latest twelve complete months, cents; 0 without books."""
    sums, months = if_kept(context), complete_months(context.report_date, YEAR)
    if sums is None:
        return 0
    of = {kind: sums.monthly(sums.of_type(kind)).over(GROUP, months).cents for kind in ("revenue", "expense")}
    return max(-of["revenue"], of["expense"], 0)
