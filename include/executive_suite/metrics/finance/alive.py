"""Default alive or default dead: whether growth reaches costs before the cash is gone."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from executive_suite.dataset.parameters import param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import RATIO, rounded
from executive_suite.metrics.book.book import NEEDS_ACTIVITY, Sum, book
from executive_suite.metrics.finance.burn import burn, too_few, window
from executive_suite.metrics.finance.cash import balance
from executive_suite.metrics.registry import metric
from executive_suite.period import last_complete_month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

MIN_MONTHS = 3
FARTHEST_MONTHS = 1200
"""No month later than this is named: nobody plans a century ahead."""

ALIVE = Definition(
    "default_alive",
    "Default alive",
    "bool",
    "Whether, with operating payments constant at their recent mean and operating receipts growing from where they "
    "are now at the trailing monthly rate, receipts reach payments before the cash is gone. Where they are now: the "
    "last month of steady growth at that rate that adds up to the receipts of the latest complete months. Receipts "
    "below payments without growth: dead. Needs three months of data.",
    "P. Graham, Default Alive or Default Dead? (2015)",
    "higher",
)
TURN = Definition(
    "default_alive_month",
    "Month of the turn",
    "date",
    "First day of the month in which receipts reach payments (default alive) or the cash is gone (default dead).",
    "P. Graham, Default Alive or Default Dead? (2015)",
)
GROWTH = Definition(
    "receipts_growth",
    "Monthly growth of receipts",
    "ratio",
    "Compound monthly growth of operating receipts from the first to the last half of the latest complete months; n/a "
    "when either is zero.",
    "Compound growth rate",
    "higher",
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How it ends.

    Attributes:
        alive: Whether receipts reach payments before the cash is gone.
        months: In how many months that is, 0 for now already.
    """

    alive: bool
    months: int


def growth(receipts: Sequence[int]) -> Measure:
    """Compound monthly growth from the mean of the first half of the months to that of the last half.

    A middle month stands between the halves. Halves, because a single month says more about its season than about
    growth.

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

    Growing receipts have left their mean behind by half the window, so to start there would take the growth of those
    months twice; the last month alone says more about its season.

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
        receipts: Receipts of a month now, cents.
        payments: Payments of every month, cents.
        rate: Growth of receipts a month, as a fraction.

    Returns:
        The outcome and in how many months.

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


@metric(ALIVE, TURN, GROWTH, needs={**NEEDS_ACTIVITY, "param": ("param", "value")})
def alive_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    sums = book(context)
    size = param(context, "burn_window_months")
    complete = sums.complete(GROUP, context)
    months = window(complete, size.whole) or complete
    found = burn(context)
    paid = [found.gross.get((GROUP, month), Sum()) for month in months]
    net = [found.net.get((GROUP, month), Sum()) for month in months]
    received = [p.cents - n.cents for p, n in zip(paid, net, strict=True)]
    inputs = {"ledger": sum(cell.lines for cell in net)}
    rate = growth(received)
    yield context.fact("receipts_growth", rate, inputs=inputs, assumed=size.assumed)
    if len(months) < MIN_MONTHS:
        for metric_id in ("default_alive", "default_alive_month"):
            yield context.fact(metric_id, rate, inputs=inputs, assumed=size.assumed)
        return
    cash = balance(sums, GROUP)
    growing = rate.value if isinstance(rate.value, Decimal) else Decimal(0)
    payments = Decimal(sum(cell.cents for cell in paid)) / len(paid)
    outlook = default_alive(cash.cents, level(received, max(growing, Decimal(0))), payments, growing)
    because = "receipts reach payments" if outlook.alive else "cash is gone"
    if not outlook.months:
        because = "receipts cover payments already"
    inputs["ledger"] += cash.lines
    yield context.fact(
        "default_alive",
        Measure(outlook.alive, reason=f"{because} in {outlook.months} months" if outlook.months else because),
        inputs=inputs,
        assumed=size.assumed,
    )
    turn = not_applicable(f"{because} in more than {FARTHEST_MONTHS // 12} years")
    if outlook.months <= FARTHEST_MONTHS:
        month = last_complete_month(context.report_date) + outlook.months
        turn = Measure(month.first.isoformat(), reason=because)
    yield context.fact("default_alive_month", turn, inputs=inputs, assumed=size.assumed)
