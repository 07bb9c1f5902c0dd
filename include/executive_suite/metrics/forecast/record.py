"""The track record: earlier forecasts, as known then, against what came; and the range that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP, Fact, Qualifier, Why
from executive_suite.facts.foreseen import Foreseen
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.arithmetic import RATIO, quotient, whole_cents
from executive_suite.metrics.book.book import NEEDS_ACTIVITY, book, lines
from executive_suite.metrics.book.chosen import balances
from executive_suite.metrics.book.lines import transactions
from executive_suite.metrics.cut import months_between
from executive_suite.metrics.finance.burn import burn
from executive_suite.metrics.finance.window import window
from executive_suite.metrics.forecast.base import base
from executive_suite.metrics.forecast.flows import answering, classes
from executive_suite.metrics.forecast.foresee import moved_by
from executive_suite.metrics.forecast.path import month_ends, spans
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

LEAST = 3
"""Forecasts whose outcome is known from which a range is drawn."""
OUTSIDE = 10
"""One forecast in so many may miss the range on either side."""
REACH = 2
"""How many times its longest horizon a track record reaches."""
NEEDS = {**NEEDS_ACTIVITY, "ledger": (*NEEDS_ACTIVITY["ledger"], "txn_id")}
NO_RECORD = not_evaluable("no track record: no earlier forecast of this horizon has an outcome yet")


@dataclass(frozen=True, slots=True)
class Outcome:
    """An earlier forecast and what came, cents."""

    foreseen: Foreseen
    actual: int

    @property
    def error(self) -> int:
        """What came less what was foreseen."""
        return self.actual - self.foreseen.cents

    @property
    def relative(self) -> Fraction:
        """The error as a part of the cash that was foreseen to move: a busy season errs by more than a quiet one."""
        return Fraction(self.error, max(1, self.foreseen.moved_cents))


Band = tuple[Fraction, Fraction]


def band(errors: Sequence[Fraction]) -> Band | None:
    """How far outcomes fell below and rose above forecasts, but for one in ten on either side; zero is inside.

    Few forecasts give their extremes. None if there are fewer than three.

    >>> found = band([Fraction(-3, 10), Fraction(1, 10), Fraction(-1, 20)])
    >>> [str(end) for end in found or ()], band([Fraction(1, 10)])
    (['-3/10', '1/10'], None)
    """
    if len(errors) < LEAST:
        return None
    ranked, last = sorted(errors), len(errors) - 1
    return min(Fraction(0), ranked[last // OUTSIDE]), max(Fraction(0), ranked[last - last // OUTSIDE])


def coverage(errors: Sequence[Fraction]) -> Fraction | None:
    """The share of outcomes within the range that the other forecasts give; None if they are too few.

    >>> coverage([Fraction(1), Fraction(-1)] * 2), coverage([Fraction(1)] * 3)
    (Fraction(1, 1), None)
    """
    inside = []
    for place, error in enumerate(errors):
        others = band([*errors[:place], *errors[place + 1 :]])
        if others is None:
            return None
        inside.append(others[0] <= error <= others[1])
    return Fraction(sum(inside), len(inside)) if inside else None


@per_context
def outcomes(context: Context) -> tuple[Outcome, ...]:
    """The earlier forecasts whose days are over, with what came as known now, in order."""
    over = [one for one in context.earlier.foreseen if one.ends < context.report_date]
    if not over:
        return ()
    revenue = -book(context).monthly(book(context).of_type("revenue"))
    net = burn(context)["net_burn"]
    cash = _cash_without_owners(context, over)
    found = []
    for one in over:
        months = months_between(one.starts, Month.of(one.ends))
        if one.of == "cash":
            actual = cash.get(one)
        else:
            actual = (revenue if one.of == "revenue" else net).over(GROUP, months).cents
        if actual is not None:
            found.append(Outcome(one, actual))
    return tuple(sorted(found, key=lambda one: (one.foreseen.of, one.foreseen.horizon, one.foreseen.made_on)))


def _cash_without_owners(context: Context, forecasts: Iterable[Foreseen]) -> Mapping[Foreseen, int]:
    """Cash at the end of each forecast, without what owners and lenders put in or took out since it was made.

    The path foresees neither; repayments of loans it does.
    """
    wanted = [one for one in forecasts if one.of == "cash"]
    days = sorted({one.ends for one in wanted})
    held = balances(context, book(context).cash_accounts, days) if days else {}
    dates, cents = _owners(context)
    return {
        one: held[one.ends].cents
        - int(cents[(dates >= np.datetime64(one.made_on)) & (dates <= np.datetime64(one.ends))].sum())
        for one in wanted
        if one.ends in held
    }


def _owners(context: Context) -> tuple[Any, Any]:
    """Day and cents of the cash that owners, lenders and other entities brought (positive) or took."""
    known = lines(context)
    txn = transactions(context)
    repaid = np.zeros(int(txn.max()) + 1 if len(txn) else 0, dtype=bool)
    debt = classes(context).debt
    if debt:
        repaid[txn[answering(context, "financing") & known.on(debt) & (known.cents > 0)]] = True
    chosen = known.on(book(context).cash_accounts, "financing") & ~repaid[txn]
    here = np.flatnonzero(chosen)
    return context.table("ledger")["date"].to_numpy()[here], known.cents[here]


def _grouped(context: Context) -> dict[tuple[str, str], list[Outcome]]:
    found: dict[tuple[str, str], list[Outcome]] = {}
    for one in outcomes(context):
        found.setdefault((one.foreseen.of, one.foreseen.horizon), []).append(one)
    return found


@metric("forecast_error", "forecast_bias", "forecast_error_mean_absolute", "forecast_coverage", needs=NEEDS)
def _record(context: Context) -> Iterator[Fact]:
    found = _grouped(context)
    if not found:
        names = ("forecast_error", "forecast_bias", "forecast_error_mean_absolute", "forecast_coverage")
        yield from context.facts(dict.fromkeys(names, NO_RECORD), inputs={})
    for (of, horizon), made in found.items():
        errors = [one.error for one in made]
        about: dict[str, Any] = {"inputs": {"ledger": context.table("ledger")}, "of": of, "horizon": horizon}
        for one in made:
            day = one.foreseen.made_on.isoformat()
            yield context.fact("forecast_error", Measure(one.error), made_on=day, **about)
        counted = Qualifier(Why.COUNTED, len(errors))
        says = f"{len(errors)} forecast{'s'[: len(errors) != 1]}"
        share = coverage([one.relative for one in made])
        yield from context.facts(
            {
                "forecast_bias": Measure(_mean(errors), reason=says, qualifier=counted),
                "forecast_error_mean_absolute": Measure(_mean(map(abs, errors)), reason=says, qualifier=counted),
                "forecast_coverage": not_evaluable(f"{says}, {LEAST + 1} needed")
                if share is None
                else Measure(quotient(share.numerator, share.denominator, RATIO), reason=says, qualifier=counted),
            },
            **about,
        )


def _mean(errors: Iterable[int]) -> int:
    known = list(errors)
    return whole_cents(Fraction(sum(known), len(known)))


@metric("cash_path_low", "cash_path_high", needs={**NEEDS, "param": ("param", "value")})
def _range(context: Context) -> Iterator[Fact]:
    known = {
        (made[0].foreseen.ends - made[0].foreseen.made_on).days + 1: found
        for (of, _), made in _grouped(context).items()
        if of == "cash" and (found := band([one.relative for one in made])) is not None
    }
    recent = window(context)
    names = ("cash_path_low", "cash_path_high")
    missing = recent.missing or (None if known else NO_RECORD)
    if missing:
        yield from context.facts(dict.fromkeys(names, missing), inputs={})
        return
    made, about = base(context), {"inputs": {"ledger": context.table("ledger")}, "assumed": recent.assumed}
    days: list[tuple[date, dict[str, str]]] = [
        (span.ends, {span.by: span.label, "ends": span.ends.isoformat()}) for span in spans(made.first)
    ]
    days += [(day, {"month_end": str(month)}) for month, day in month_ends(made.first).items()]
    for day, at in (*days, (made.last, {})):
        measures = dict.fromkeys(names, not_evaluable("no track record that far ahead"))
        if in_reach(known, (day - made.first).days + 1):
            closing, (low, high) = made.closing(day), around(context, known, day)
            measures = {"cash_path_low": Measure(closing + low), "cash_path_high": Measure(closing + high)}
        elif at:
            continue
        yield from context.facts(measures, **at, **about)


def in_reach(known: Mapping[int, Band], days: int) -> bool:
    """Whether the track record says something so many days ahead: up to twice its longest horizon."""
    return days <= REACH * max(known)


def around(context: Context, known: Mapping[int, Band], day: date) -> tuple[int, int]:
    """How far cash may fall below and rise above the path by the end of a day, cents."""
    moved = moved_by(context, day)
    low, high = between(known, (day - context.report_date).days + 1)
    return whole_cents(low * moved), whole_cents(high * moved)


def between(known: Mapping[int, Band], days: int) -> Band:
    """The range so many days ahead: in a straight line between the horizons that have one, level before and after.

    >>> half, tenth = Fraction(1, 2), Fraction(1, 10)
    >>> [str(between({20: (-tenth, tenth), 40: (-half, tenth)}, days)[0]) for days in (10, 30, 80)]
    ['-1/10', '-3/10', '-1/2']
    """
    before = max((one for one in known if one <= days), default=min(known))
    after = min((one for one in known if one > days), default=before)
    part = Fraction(max(0, days - before), after - before) if after > before else Fraction(0)
    (low, high), (lower, higher) = known[before], known[after]
    return low + part * (lower - low), high + part * (higher - high)
