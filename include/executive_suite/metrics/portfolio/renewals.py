"""When contracts end, until when notice can be given, and how much recurring revenue hangs on it."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.frames import any_assumed, by_entity
from executive_suite.metrics.portfolio.contracts import COLUMNS, active, standing, versions
from executive_suite.metrics.portfolio.recurring import NO_CONTRACTS
from executive_suite.metrics.registry import metric
from executive_suite.schema.typed import records

HORIZONS = (30, 60, 90, 180)

CONTRACT_RENEWALS = Definition(
    "contract_renewals",
    "Contract renewals",
    "date",
    "End of the running term of each active contract; one that renews itself rolls forward by its own term. No end "
    "date: evergreen, n/a. Past its end, active and not renewing itself: out of contract. The undivided figure is the "
    "next end.",
    "Contract law practice; ASC 606-10-25-3 (contract term)",
)
NOTICE_DEADLINE = Definition(
    "contract_notice_deadline",
    "Notice deadline",
    "date",
    "End of the running term less the notice period in days: the last day to give notice. No notice period: n/a.",
    "Contract law practice",
)
RENEWAL_MRR = Definition(
    "renewal_mrr",
    "Recurring revenue up for renewal",
    "cents",
    "MRR of the active contracts whose running term ends within 30, 60, 90 and 180 days of the report date, each "
    "horizon with all before it; out of contract stands apart. The undivided figure is the longest horizon.",
    "SaaS Metrics Standards Board",
)
RENEWALS_DUE = Definition(
    "renewals_due",
    "Contracts up for renewal",
    "count",
    "Active contracts whose running term ends within 30, 60, 90 and 180 days of the report date; out of contract and "
    "evergreen stand apart. The undivided figure is the longest horizon.",
    "SaaS Metrics Standards Board",
)


@dataclass(frozen=True, slots=True)
class Term:
    """The running term of a contract.

    Attributes:
        end: Its last day; None when it never ends.
        over: Whether it has ended and the contract goes on without one.
    """

    end: date | None
    over: bool = False


def running_term(start: date, end: date | None, on: date, *, renews: bool) -> Term:
    """The term that runs on a day.

    >>> running_term(date(2024, 6, 1), date(2025, 5, 31), date(2026, 5, 1), renews=True).end
    datetime.date(2026, 5, 31)
    >>> running_term(date(2024, 6, 1), date(2025, 5, 31), date(2026, 5, 1), renews=False).over
    True
    """
    if end is None:
        return Term(None)
    if end >= on:
        return Term(end)
    if not renews:
        return Term(end, over=True)
    # Whole months end on the day before the anniversary, or, as some contracts say and as February forces, on it.
    for short in (timedelta(days=1), timedelta(0)):
        day = end + short
        months = (day.year - start.year) * 12 + day.month - start.month
        if months > 0 and day == months_later(start, months):
            times = 1
            while months_later(start, months * times) - short < on:
                times += 1
            return Term(months_later(start, months * times) - short)
    days = max((end - start).days + 1, 1)
    return Term(end + timedelta(days=-(-(on - end).days // days) * days))


def months_later(day: date, months: int) -> date:
    """The same day of the month that many months later, or that month's last.

    >>> months_later(date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@metric(
    CONTRACT_RENEWALS,
    NOTICE_DEADLINE,
    RENEWAL_MRR,
    RENEWALS_DUE,
    needs={"client_contract": (*COLUMNS, "end_on", "auto_renew", "notice_days")},
)
def renewals(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    ids = ("contract_renewals", "contract_notice_deadline", "renewal_mrr", "renewals_due")
    return for_group_too(context, _facts(context), ids, NO_CONTRACTS)


def terms(context: Context, rows: pd.DataFrame) -> list[Term]:
    """The running term of each contract at the report date, in the order of ``rows``."""
    return [
        running_term(
            start.date(),
            None if end is None or pd.isna(end) else end.date(),
            context.report_date,
            renews=bool(renews),
        )
        for start, end, renews in records(rows, "start_on", "end_on", "auto_renew")
    ]


def _facts(context: Context) -> Iterable[Fact]:
    for entity_id, rows in by_entity(active(standing(versions(context), context.report_date))):
        frame = rows.assign(term=pd.Series(terms(context, rows), index=rows.index, dtype="object"))
        columns = ("contract_id", "client_id", "term", "auto_renew", "notice_days", "assumed")
        for contract, client, term, renews, notice, marked in records(frame, *columns):
            for metric_id, measure in (
                ("contract_renewals", _renewal(term, renews=bool(renews))),
                ("contract_notice_deadline", _deadline(term, notice, context.report_date)),
            ):
                yield context.fact(
                    metric_id,
                    measure,
                    entity_id=entity_id,
                    inputs={"client_contract": 1},
                    assumed=marked is not None and not pd.isna(marked) and bool(marked),
                    contract=str(contract),
                    client=str(client),
                )
        yield from _summary(context, entity_id, frame)


def _renewal(term: Term, *, renews: bool) -> Measure:
    if term.end is None:
        return not_applicable("evergreen: no end date")
    if term.over:
        return Measure(term.end.isoformat(), reason="out of contract: past its end and still active")
    return Measure(
        term.end.isoformat(),
        reason="renews itself" if renews else "",
        qualifier=Qualifier(Why.RENEWS_ITSELF) if renews else None,
    )


def _deadline(term: Term, notice_days: object, today: date) -> Measure:
    if term.end is None or term.over:
        return not_applicable("no running term")
    if notice_days is None or pd.isna(notice_days):  # type: ignore[call-overload]
        return not_applicable("no notice period")
    deadline = term.end - timedelta(days=int(str(notice_days)))
    return Measure(deadline.isoformat(), reason="passed" if deadline < today else "")


def _summary(context: Context, entity_id: str, frame: pd.DataFrame) -> Iterable[Fact]:
    inputs, assumed = {"client_contract": len(frame)}, any_assumed(frame)
    ends = sorted(t.end for t in frame["term"] if t.end is not None and not t.over)
    yield context.fact(
        "contract_renewals",
        Measure(ends[0].isoformat()) if ends else not_applicable("no contract has a running term"),
        entity_id=entity_id,
        inputs=inputs,
        assumed=assumed,
    )
    notices = [
        _deadline(term, notice, context.report_date)
        for term, notice in zip(frame["term"], frame["notice_days"], strict=True)
    ]
    ahead = sorted(str(n.value) for n in notices if n.value is not None and n.reason != "passed")
    yield context.fact(
        "contract_notice_deadline",
        Measure(ahead[0]) if ahead else not_applicable("no notice deadline lies ahead"),
        entity_id=entity_id,
        inputs=inputs,
        assumed=assumed,
    )
    groups: list[tuple[dict[str, str], pd.DataFrame]] = []
    for days in HORIZONS:
        limit = context.report_date + timedelta(days=days)
        within = [t.end is not None and not t.over and t.end <= limit for t in frame["term"]]
        groups.append(({"within_days": str(days)}, frame[within]))
    groups.append(({}, groups[-1][1]))
    groups.append(({"state": "out_of_contract"}, frame[[t.over for t in frame["term"]]]))
    groups.append(({"state": "evergreen"}, frame[[t.end is None for t in frame["term"]]]))
    for dimensions, part in groups:
        for metric_id, measure in (("renewals_due", Measure(len(part))), ("renewal_mrr", _recurring(part))):
            yield context.fact(metric_id, measure, entity_id=entity_id, inputs=inputs, assumed=assumed, **dimensions)


def _recurring(rows: pd.DataFrame) -> Measure:
    unsaid = int(rows["recurring_cents"].isna().sum())
    if unsaid and unsaid == len(rows):
        return not_evaluable(f"no monthly fee is stated (contracts: {unsaid})")
    reason = (
        f"{unsaid} of {len(rows)} contracts {'states' if unsaid == 1 else 'state'} no monthly fee" if unsaid else ""
    )
    return Measure(int(rows["recurring_cents"].sum()), reason=reason)
