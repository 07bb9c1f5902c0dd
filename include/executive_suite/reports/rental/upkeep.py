"""The audit of rented property on rent that can be seen, upkeep by category, tenancy, licences and lodging tax."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.rendering.charts import Point
from executive_suite.reports import audit, years
from executive_suite.reports.audit import MonthColumn
from executive_suite.reports.selection import Selection

NAMES = {
    "hvac": "HVAC",
    "str_licence": "Short-term rental licence",
    "tot_registration": "Occupancy tax registration",
    "long_term": "Leases",
    "short_term": "Stays by the night",
}


@dataclass(frozen=True, slots=True)
class Rent:
    """The section on the visibility of rental revenue."""

    reading: str
    kinds: Table
    months: Table


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The section on expenses by maintenance category."""

    chart: Chart
    categories: Table


@dataclass(frozen=True, slots=True)
class Tenancy:
    """The section on tenancy, licences and lodging tax."""

    terms: Table
    tax: Table


def rent(s: Selection, who: str) -> Rent:
    """How much of the income has a document behind it, and how much came in."""
    return Rent(_reading(s, who), _kinds(s, who), _months(s, who))


def _reading(s: Selection, who: str) -> str:
    gross, billed = s.fact("net_operating_income", who, part="effective_gross_income"), s.fact("rent_billed", who)
    if not audit.cents(gross) or billed.value is None:
        return f"Rent billed is {formats.NOT_AVAILABLE}: {audit.note(billed)}."
    economic = s.fact("economic_occupancy", who)
    if audit.cents(billed) >= audit.cents(gross):
        behind = f"Invoices of {formats.of(billed)} cover all of the {formats.of(gross)} of income of twelve months."
    else:
        part = formats.share(Decimal(audit.cents(billed)) / audit.cents(gross))
        behind = f"Invoices cover {formats.of(billed)} ({part}) of the {formats.of(gross)} of income of twelve months."
    if economic.value is None:
        return behind
    return f"{behind} Of the rent that could have come in, {formats.of(economic)} did (economic occupancy)."


def _kinds(s: Selection, who: str) -> Table:
    kinds = sorted(s.facts("rent_billed", "kind", entity_id=who), key=lambda f: (-audit.cents(f), f.dimensions["kind"]))

    def row(name: str, **kind: str) -> tuple[Cell, ...]:
        shown = (
            s.fact("rent_billed", who, **kind),
            s.fact("rent_collected", who, **kind),
            s.fact("rent_billed", who, part="arrears", **kind),
            s.fact("rent_collection_rate", who, **kind),
        )
        return (Cell(name), *(audit.bare(s, fact) for fact in shown))

    heads = ("Kind", "Billed", "Collected", "Overdue", "Rate")
    return Table(
        f"Rent billed and collected by kind, {formats.currency()}, latest 12 complete months, actual",
        tuple(Column(head, "right" if number else "left") for number, head in enumerate(heads)),
        tuple(row(name_of(f.dimensions["kind"]), kind=f.dimensions["kind"]) for f in kinds),
        total=row("All rent") if kinds else (),
        empty=audit.missing(s.fact("rent_billed", who), "Add tables lease, invoice and payment."),
    )


def _months(s: Selection, who: str) -> Table:
    return audit.by_month(
        s,
        f"Rent by month: in the books, billed and collected, {formats.currency()}, and as a share of what could have "
        "come in, actual",
        who,
        (
            MonthColumn("Income", "net_operating_income", {"part": "effective_gross_income"}),
            MonthColumn("Billed", "rent_billed"),
            MonthColumn("Collected", "rent_collected"),
            MonthColumn("Of possible", "economic_occupancy"),
        ),
        empty=audit.missing(s.fact("rent_billed", who), "Add tables lease, invoice and payment."),
    )


def _sorted(s: Selection, who: str) -> tuple[Fact, ...]:
    facts = s.facts("maintenance_cost", "category", entity_id=who)
    return tuple(sorted(facts, key=lambda f: (-audit.cents(f), f.dimensions["category"])))


def upkeep(s: Selection, who: str) -> Upkeep:
    """What repairs cost by category, beside the year before."""
    facts = _sorted(s, who)
    points = [Point(name_of(f.dimensions["category"]), audit.cents(f), formats.of(f)) for f in facts]
    words = "; ".join(f"{p.label} {p.text}" for p in points)
    title = f"Repairs by category, {formats.currency()}, latest 12 complete months, actual"
    whole = s.fact("maintenance_cost", who)
    chart = audit.chart("upkeep", title, (charts.bars(points), points), words, whole, _found(s, who, whole, facts))
    categories = years.by_part(
        s,
        whole,
        "category",
        title=f"Repairs by category, {formats.currency()}, latest 12 complete months beside the 12 before, actual",
        head="Category",
        name=name_of,
        total_name="All repairs",
        note=_apart(s, who) if facts else "",
        empty=audit.missing(whole, "Add table maintenance: a row a work order, with category and cost."),
    )
    return Upkeep(chart, categories)


def _found(s: Selection, who: str, whole: Fact, facts: tuple[Fact, ...]) -> str:
    if not facts:
        return ""
    if audit.cents(whole) <= 0:
        return (
            f"Repairs cost {formats.of(whole)} in {years.span(len(s.months('maintenance_cost', audit.MONTHS, who)))}."
        )
    top = facts[0]
    name = name_of(top.dimensions["category"])
    part = formats.share(Decimal(audit.cents(top)) / audit.cents(whole))
    before = years.total(s, "maintenance_cost", who, back=years.MONTHS)
    return (
        f"Repairs cost {formats.of(whole)} in {years.span(len(s.months('maintenance_cost', audit.MONTHS, who)))}"
        f"{years.beside(audit.cents(whole), before)}; the largest part, {part}, went to "
        f"{name if name.isupper() else name.lower()}."
    )


def _apart(s: Selection, who: str) -> str:
    """Improvements, orders outside the books, and the cost of one order and of one square foot."""
    cost = "maintenance_cost"
    capex, unbooked = s.fact(cost, who, kind="capex"), s.fact(cost, who, state="not_in_ledger")
    said = f"Improvements (capex), apart from these: {formats.of(capex)}. Not in the ledger: {formats.of(unbooked)}."
    each = [
        f"{formats.of(fact)} a {name}"
        for per, name in (("work_order", "work order"), ("square_foot", "square foot"))
        if (fact := s.fact(cost, who, per=per)).value is not None
    ]
    return f"{said} On average {' and '.join(each)}." if each else said


def tenancy(s: Selection, who: str) -> Tenancy:
    """Days between tenants, licences, and the tax that guests paid and the owner owes."""
    return Tenancy(_terms(s, who), _tax(s, who))


def _terms(s: Selection, who: str) -> Table:
    licences = s.facts("licence_days_left", "kind", entity_id=who)
    facts = [s.fact("turnover_days", who), *licences]
    rows = tuple(
        (
            Cell(name_of(f.dimensions["kind"]) if f.dimensions else "Between two leases"),
            audit.bare(s, f),
            audit.said(audit.note(f), "mean, let by the night in between or not"),
        )
        for f in facts
        if f.value is not None or f.dimensions
    )
    return Table(
        "Days between tenants, and days until the licences expire, at the report date",
        (Column("What"), Column("Days", "right"), Column("Note")),
        rows,
        empty=audit.missing(facts[0], "Add tables lease and compliance_doc."),
    )


def _tax(s: Selection, who: str) -> Table:
    names = {
        "lodging_tax_accrued": "Accrued on nights sold",
        "lodging_tax_remitted": "Remitted",
        "lodging_tax_liability": "Still owed",
    }
    facts = [(name, s.fact(metric_id, who)) for metric_id, name in names.items()]
    return Table(
        f"Lodging tax on stays by the night, {formats.currency()}, to date",
        (Column("Tax"), Column(formats.currency(), "right")),
        tuple((Cell(name), audit.bare(s, fact)) for name, fact in facts if fact.value is not None),
        empty=audit.missing(facts[0][1], "Add table ledger with the account of the tax."),
    )


def name_of(key: str) -> str:
    """A key of the records as a reader sees it."""
    return NAMES.get(key, key.replace("_", " ").capitalize())
