"""The portfolio audit on billing: work that was never billed, contracts without invoices, revenue recognised."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.period import complete_months
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.rendering.charts import Point
from executive_suite.reports import audit, years
from executive_suite.reports.portfolio.names import named
from executive_suite.reports.selection import Selection

AGES = ("0-30", "31-60", "61-90", "91+")


@dataclass(frozen=True, slots=True)
class Gaps:
    """The section on billing gaps and portfolio reconciliation."""

    reading: str
    ages: Chart
    contracts: Table
    uninvoiced: Table


@dataclass(frozen=True, slots=True)
class Revenue:
    """The section on revenue recognised by client tier."""

    chart: Chart
    tiers: Table
    models: Table


def gaps(s: Selection, who: str) -> Gaps:
    """What was worked and not billed, and which active contracts got no invoice."""
    return Gaps(_reading(s, who), _ages(s, who), _unbilled(s, who), _uninvoiced(s, who))


def _reading(s: Selection, who: str) -> str:
    gap, none = s.fact("unbilled_revenue", who), s.fact("contracts_uninvoiced", who)
    if gap.value is None:
        return f"Unbilled work is {formats.NOT_AVAILABLE}: {audit.note(gap)}."
    early = s.fact("unbilled_revenue", who, state="before_contract_start")
    invoices = f"{formats.of(none)} {none.reason} got no invoice" if none.value is not None else audit.note(none)
    before = f" Work from before a contract began stands apart: {formats.of(early)}." if early.value else ""
    unbilled = f"{formats.of(gap)} of billable work stands on no invoice"
    if not gap.value:
        unbilled = "All billable work stands on an invoice"
    return f"{unbilled}; {invoices}.{before}"


def _ages(s: Selection, who: str) -> Chart:
    facts = [s.fact("unbilled_revenue", who, age_days=age) for age in AGES]
    points = [
        Point(
            f"{age.replace('91+', 'over 90')} days",
            audit.cents(f),
            formats.of(f),
            tone="bad" if age == AGES[-1] and audit.cents(f) > 0 else "neutral",
        )
        for age, f in zip(AGES, facts, strict=True)
        if f.value is not None
    ]
    title = f"Unbilled work by age, {formats.currency()}, at the report date"
    words = "; ".join(f"{p.label} {p.text}" for p in points)
    whole, old = s.fact("unbilled_revenue", who), facts[-1]
    return audit.chart("unbilled", title, (charts.bars(points), points), words, whole, _old(whole, old))


def _old(whole: Fact, old: Fact) -> str:
    """How much of the unbilled work is old."""
    if audit.cents(whole) <= 0:
        return f"Unbilled work of {formats.of(whole)}: nothing waits for an invoice."
    if audit.cents(old) <= 0:
        return f"All unbilled work, {formats.of(whole)}, is younger than 91 days."
    part = formats.share(Decimal(audit.cents(old)) / audit.cents(whole))
    return f"{part} of the unbilled work is older than 90 days: the older it is, the harder it is to bill."


def _unbilled(s: Selection, who: str) -> Table:
    total = s.fact("unbilled_revenue", who)
    facts = sorted(
        (f for f in s.facts("unbilled_revenue", "contract", entity_id=who) if audit.cents(f)),
        key=lambda f: (-audit.cents(f), f.dimensions["contract"]),
    )
    there = tuple(facts)
    return s.table(
        f"Unbilled work by contract, {formats.currency()}, at the report date",
        there,
        (
            ("Contract", lambda f: Cell(named(s, who, f.dimensions["contract"]))),
            ("Unbilled", s.cell),
            ("Share", lambda f: audit.share(f, total)),
        ),
        total=(Cell("All contracts"), s.cell(total), audit.share(total, total)) if there else (),
        empty=audit.missing(total, "Add table work_log.", "No billable work stands without an invoice."),
    )


def _uninvoiced(s: Selection, who: str) -> Table:
    """Contract by contract, in how many of the latest months it was active and got no invoice; worst first."""
    months = [str(month) for month in complete_months(s.figures.report_date, audit.MONTHS)]
    missed: dict[str, list[Fact]] = {}
    for fact in s.figures.facts:
        ours = (fact.metric_id, fact.entity_id) == ("contracts_uninvoiced", who) and fact.period in months
        if ours and "contract" in fact.dimensions and audit.cents(fact):
            missed.setdefault(fact.dimensions["contract"], []).append(fact)
    count = Counter({contract: len(facts) for contract, facts in missed.items()})
    rows = tuple(
        (
            Cell(named(s, who, contract), assumed=any(fact.assumed for fact in missed[contract])),
            Cell(str(count[contract]), count[contract], "number"),
            *(Cell(formats.month(pick(fact.period for fact in missed[contract]))) for pick in (min, max)),
            audit.bare(s, s.fact("unbilled_revenue", who, contract=contract)),
        )
        for contract in sorted(count, key=lambda name: (-count[name], name))
    )
    whole = s.fact("contracts_uninvoiced", who)
    return Table(
        f"Contracts reconciled with invoices: months without one of the latest {audit.MONTHS}, and unbilled work, "
        f"{formats.currency()}",
        (
            Column("Contract"),
            Column("Months", "right"),
            Column("First"),
            Column("Latest"),
            Column("Unbilled", "right"),
        ),
        rows,
        empty=audit.missing(
            whole, "Add tables client_contract and invoice.", "Every active contract got its invoices."
        ),
    )


def revenue(s: Selection, who: str) -> Revenue:
    """What was earned on contracts, by month, by tier and by billing model, beside the year before."""
    return Revenue(_recognised(s, who), _by(s, who, "tier", "Tier"), _by(s, who, "billing_model", "Billing model"))


def _recognised(s: Selection, who: str) -> Chart:
    months = [fact for fact in s.months("revenue_by_tier", audit.MONTHS, who) if fact.value is not None]
    earlier = [years.year_before(s, fact) for fact in months]
    lighter = " (lighter: a year earlier)" if any(fact.value is not None for fact in earlier) else ""
    title = f"Revenue recognised on contracts by month, {formats.currency()}, {audit.latest(months)}, actual{lighter}"
    drawn = charts.columns(years.paired(zip(audit.points(months), earlier, strict=True)))
    whole = s.fact("revenue_by_tier", who)
    found = ""
    if whole.value is not None and months:
        before = years.total(s, "revenue_by_tier", who, back=years.MONTHS)
        found = (
            f"{formats.of(whole)} was recognised in twelve months{years.beside(audit.cents(whole), before)}; "
            f"{formats.month(months[-1].period)} brought {formats.of(months[-1])}."
        )
    return audit.chart("recognised", title, (drawn, months), audit.in_words(months), whole, found)


def _by(s: Selection, who: str, dimension: str, head: str) -> Table:
    whole = s.fact("revenue_by_tier", who)
    return years.by_part(
        s,
        whole,
        dimension,
        title=f"Revenue recognised on client contracts by {head.lower()}, {formats.currency()}, latest 12 complete "
        "months beside the 12 before, actual",
        head=head,
        name=str.capitalize,
        total_name="All contracts",
        empty=audit.missing(whole, "Add table rev_schedule: a row a performance obligation of a contract."),
    )
