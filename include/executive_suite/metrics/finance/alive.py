"""Default alive or default dead: whether growth reaches costs before the cash is gone."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import RATIO, rounded
from executive_suite.metrics.book.book import NEEDS_ACTIVITY, NOTHING, book
from executive_suite.metrics.finance.burn import run_rate
from executive_suite.metrics.finance.window import SIZE, too_few
from executive_suite.metrics.registry import metric
from executive_suite.period import last_complete_month

MIN_MONTHS = 3
FARTHEST_MONTHS = 1200
"""Later months are not named: no plan reaches a century ahead."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What comes first.

    Attributes:
        alive: Whether receipts reach payments before the cash is gone.
        months: In how many months the first of the two happens; 0 if receipts cover payments already.
    """

    alive: bool
    months: int


def growth(receipts: Sequence[int]) -> Measure:
    """Compound monthly growth from the mean of the first half of the months to that of the last half.

    A middle month belongs to neither half. A single month would show its season rather than growth.

    >>> growth([100, 50, 121]).value
    Decimal('0.1000000000')
    """
    if len(receipts) < MIN_MONTHS:
        return too_few(len(receipts), MIN_MONTHS)
    half = len(receipts) // 2
    before, after = sum(receipts[:half]), sum(receipts[-half:])
    if before <= 0 or after <= 0:
        return not_applicable("no receipts in the first or the last half of the window")
    with localcontext() as exact:
        exact.prec = 40
        factor = (Decimal(after) / before) ** (Decimal(1) / (len(receipts) - half))
        return Measure(rounded(factor - 1, RATIO))


def level(receipts: Sequence[int], rate: Decimal) -> Decimal:
    """Receipts of the last month, had all months grown at ``rate`` to their total: their mean without growth.

    Growing receipts are above their mean by half the window, so starting from the mean would count that growth twice;
    the last month alone would show its season.

    >>> level([100, 110, 121], Decimal("0.1"))
    Decimal('121')
    >>> level([80, 120, 100], Decimal(0)) == 100
    True
    """
    with localcontext() as exact:
        exact.prec = 40
        weights = sum(((1 + rate) ** -back for back in range(len(receipts))), Decimal(0))
        return rounded(sum(receipts) / weights, RATIO).normalize()


def default_alive(cash: int, receipts: Decimal, payments: Decimal, rate: Decimal) -> Outlook:
    """Whether receipts, growing at ``rate`` a month, reach constant payments while cash stays at zero or above.

    Args:
        cash: Cash now, cents.
        receipts: Monthly receipts now, cents.
        payments: Monthly payments, cents.
        rate: Monthly growth of receipts, as a fraction.

    Returns:
        What comes first, and in how many months.

    Source: P. Graham, Default Alive or Default Dead? (2015)

    >>> default_alive(100, Decimal(80), Decimal(100), Decimal("0.1"))
    Outlook(alive=True, months=3)
    >>> default_alive(10, Decimal(80), Decimal(100), Decimal("0.1"))
    Outlook(alive=False, months=1)
    """
    if receipts >= payments:
        return Outlook(alive=True, months=0)
    if rate <= 0 or receipts <= 0:
        return Outlook(alive=False, months=max(int(cash // (payments - receipts)) + 1, 1))
    with localcontext() as exact:
        exact.prec = 60
        turn = _months_to_grow(payments / receipts, 1 + rate)

        def left(month: int) -> Decimal:
            """Cash after so many months: geometric sum of receipts less payments; below ``turn`` it only falls."""
            received = receipts * (1 + rate) * ((1 + rate) ** month - 1) / rate
            return rounded(cash + received - month * payments, RATIO)

        if turn == 1 or left(turn - 1) >= 0:
            return Outlook(alive=True, months=turn)
        fallen = range(1, turn)
        return Outlook(alive=False, months=fallen[bisect.bisect_left(fallen, 1, key=lambda month: left(month) < 0)])


def _months_to_grow(multiple: Decimal, factor: Decimal) -> int:
    """The first month in which a monthly growth by ``factor`` has reached ``multiple``."""
    months = int(multiple.ln() / factor.ln())
    while factor**months < multiple:
        months += 1
    return months


@metric(
    "default_alive", "default_alive_month", "receipts_growth", needs={**NEEDS_ACTIVITY, "param": ("param", "value")}
)
def _outlook(context: Context) -> Iterator[Fact]:
    size, sums = param(context, SIZE), book(context)
    net_burn, gross_burn = run_rate(context)["net_burn"], run_rate(context)["gross_burn"]
    months = sums.complete(GROUP, context)[-size.whole :]
    net, paid = (series.over(GROUP, months) for series in (net_burn, gross_burn))
    received = [gross_burn[GROUP, month].cents - net_burn[GROUP, month].cents for month in months]
    rate = growth(received)
    yield context.fact("receipts_growth", rate, inputs={"ledger": net}, assumed=size.assumed)
    cash = NOTHING
    alive = turn = rate
    if len(months) >= MIN_MONTHS:
        cash = sums.at_hand()
        growing = rate.value if isinstance(rate.value, Decimal) else Decimal(0)
        now = level(received, max(growing, Decimal(0)))
        alive, turn = _measures(default_alive(cash.cents, now, Decimal(paid.cents) / len(months), growing), context)
    yield from context.facts(
        {"default_alive": alive, "default_alive_month": turn},
        inputs={"ledger": (net, cash)},
        assumed=size.assumed,
    )


def _measures(outlook: Outlook, context: Context) -> tuple[Measure, Measure]:
    """Whether it ends well, and when."""
    if not outlook.months:
        because = when = "receipts cover payments already"
    else:
        because = "receipts reach payments" if outlook.alive else "cash is gone"
        when = f"{because} in {outlook.months} months"
    alive = Measure(outlook.alive, reason=when)
    if outlook.months > FARTHEST_MONTHS:
        return alive, not_applicable(f"{because} in more than {FARTHEST_MONTHS // 12} years")
    month = last_complete_month(context.report_date) + outlook.months
    return alive, Measure(month.first.isoformat(), reason=because)
