"""The portfolio audit on economics: recurring revenue and what moved it, retention, and what an hour brings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.period import complete_months
from executive_suite.rendering.blocks import Cell, Column, Table
from executive_suite.reports import audit
from executive_suite.reports.portfolio.contracts import CONTRACTS
from executive_suite.reports.portfolio.names import named
from executive_suite.reports.selection import Selection

MOVEMENTS = (
    ("New", "new", 1),
    ("Came back", "reactivation", 1),
    ("Expansion", "expansion", 1),
    ("Contraction", "contraction", -1),
    ("Paused", "paused", -1),
    ("Churn", "churn", -1),
)
RETENTION = ("arr", "nrr", "grr", "revenue_churn", "logo_churn")
WORK = ("realisation_rate", "billable_utilisation", "effective_hourly_rate", "client_margin")


@dataclass(frozen=True, slots=True)
class Recurring:
    """The section on recurring revenue and retention."""

    bridge: Table
    retention: Table


@dataclass(frozen=True, slots=True)
class Economics:
    """The section on the economics of the work."""

    reading: str
    work: Table
    rates: Table
    margins: Table


def recurring(s: Selection, who: str) -> Recurring:
    """From the recurring revenue of a year ago to that of now."""
    facts = [s.fact(metric_id, who) for metric_id in RETENTION]
    title = f"Retention over the twelve months before the report date, % and {formats.currency()}"
    return Recurring(_bridge(s, who), _named(s, title, facts, audit.missing(facts[0], CONTRACTS)))


def _bridge(s: Selection, who: str) -> Table:
    """Where recurring revenue stood a year ago, what moved it since, and in which months."""
    months = [str(month) for month in complete_months(s.figures.report_date, audit.MONTHS + 1)]
    start, end = (s.fact("mrr", who, months[place]) for place in (0, -1))
    rows = [(Cell(f"End of {formats.month(months[0])}"), _level(s, start), Cell(""))]
    for name, movement, sign in MOVEMENTS:
        facts = [s.fact("mrr", who, month, movement=movement) for month in months[1:]]
        moved = [fact for fact in facts if audit.cents(fact)]
        cents = sign * sum(map(audit.cents, moved))
        when = ", ".join(formats.month(fact.period) for fact in moved)
        words = f"{'+' if cents > 0 else ''}{formats.money(cents)}"
        rows.append((Cell(name), Cell(words, cents, "money", assumed=any(f.assumed for f in moved)), Cell(when)))
    total = s.fact("mrr", who)
    return Table(
        f"Recurring revenue a month (MRR) a year ago and now, and what moved it, {formats.currency()}, actual",
        (Column("Recurring revenue"), Column(formats.currency(), "right"), Column("When")),
        tuple(rows) if end.value is not None else (),
        total=(Cell(f"End of {formats.month(months[-1])}"), _level(s, end), Cell("")),
        note=f"{total.reason[:1].upper()}{total.reason[1:]}." if total.reason else "",
        empty=audit.missing(total, CONTRACTS),
    )


def _level(s: Selection, fact: Fact) -> Cell:
    return Cell("\u2013", kind="money") if fact.value is None else audit.bare(s, fact)


def economics(s: Selection, who: str) -> Economics:
    """How much of the work is billed, and what an hour of it brings."""
    facts = [s.fact(metric_id, who) for metric_id in WORK]
    empty = audit.missing(facts[0], "Add table work_log: a row a piece of work, with minutes and rate.")
    work = _named(s, "Economics of the work, latest 12 complete months, actual", facts, empty)
    return Economics(_reading(s, who), work, _rates(s, who), _margins(s, who))


def _reading(s: Selection, who: str) -> str:
    billed, used, rate = (s.fact(metric_id, who) for metric_id in WORK[:3])
    if billed.value is None or rate.value is None:
        return f"What an hour brings is {formats.NOT_AVAILABLE}: {audit.note(rate if rate.value is None else billed)}."
    hours = f", and {formats.of(used)} of the available hours were billable" if used.value is not None else ""
    return (
        f"{formats.of(billed)} of the value of billable work went onto invoices{hours}. Over all hours worked an hour "
        f"brought {formats.of(rate).removesuffix('/h')}."
    )


def _named(s: Selection, title: str, facts: list[Fact], empty: str) -> Table:
    """A row a figure that the run could look at, beside the previous report, with its note."""
    rows = tuple(
        (
            Cell(s.kpi(f.metric_id).label),
            audit.bare(s, f),
            Cell("\u2013") if (before := s.prior(f)) is None else audit.bare(s, before),
            audit.said(audit.note(f) if f.value is None else f.reason),
        )
        for f in facts
        if f.inputs
    )
    heads = (Column("Figure"), Column("Now", "right"), Column("Previous report", "right"), Column("Note"))
    return Table(title, heads, rows, empty=empty)


def _rates(s: Selection, who: str) -> Table:
    """What an hour brought on each contract that was worked on, least first: where time is given away."""
    facts = sorted(
        (f for f in s.facts("effective_hourly_rate", "contract", entity_id=who) if f.value is not None),
        key=lambda f: (audit.cents(f), f.dimensions["contract"]),
    )
    total = s.fact("effective_hourly_rate", who)
    return s.table(
        f"What an hour brought by contract, {formats.currency()}/h, lowest first, latest 12 complete months, actual",
        tuple(facts),
        (
            ("Contract", lambda f: Cell(named(s, who, f.dimensions["contract"]))),
            ("An hour", _an_hour),
            ("Unbilled work", lambda f: s.cell(s.fact("unbilled_revenue", who, contract=f.dimensions["contract"]))),
        ),
        total=(Cell("All contracts"), _an_hour(total), s.cell(s.fact("unbilled_revenue", who))) if facts else (),
        empty=audit.missing(total, "Add table work_log: a row a piece of work, with minutes and rate."),
    )


def _an_hour(fact: Fact) -> Cell:
    """A rate as money: "an hour" stands at the head."""
    if not isinstance(fact.value, int | Decimal):
        return Cell(formats.NOT_AVAILABLE)
    return Cell(formats.money(fact.value), fact.value, "money", metric_id=fact.metric_id, assumed=fact.assumed)


def _margins(s: Selection, who: str) -> Table:
    facts = sorted(
        (f for f in s.facts("client_margin", "client", entity_id=who) if f.value is not None),
        key=lambda f: (-audit.cents(f), f.dimensions["client"]),
    )
    total = s.fact("client_margin", who)
    return s.table(
        f"Margin by client: invoiced less direct and cloud cost, {formats.currency()}, latest 12 "
        "complete months, actual",
        tuple(facts),
        (
            ("Client", lambda f: Cell(f.dimensions["client"])),
            ("Margin", lambda f: audit.bare(s, f)),
            ("Share", lambda f: audit.share(f, total)),
        ),
        total=(Cell("All clients"), audit.bare(s, total), audit.share(total, total)) if facts else (),
        note=total.reason[:1].upper() + total.reason[1:] + "." if facts and total.reason else "",
        empty=audit.missing(total, "Add tables invoice and ledger, with contract_id."),
    )
