"""The rental sections on documented rent and on upkeep by category."""

from __future__ import annotations

from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Section, Table, section
from executive_suite.rendering.charts import Point
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.absence import none, zero
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import Col, figures, itself, month, table, words
from executive_suite.reports.tables.lean import lean, shown
from executive_suite.wording import noted, say

_COST = "maintenance_cost"
_NAMES = {
    "cleaning": noted("Cleaning"),
    "electrical": noted("Electrical"),
    "hvac": noted("HVAC"),
    "landscaping": noted("Landscaping"),
    "other": noted("Other"),
    "plumbing": noted("Plumbing"),
    "str_licence": noted("Short-term rental license"),
    "tot_registration": noted("Occupancy tax registration"),
    "long_term": noted("Leases"),
    "short_term": noted("Stays by the night"),
}
_ADD_ORDERS = noted("Record each work order with its category and cost.")
_ADD_RENT = noted("Record leases, invoices and payments.")


def rent(s: Selection, who: str) -> Section:
    """The section on rental revenue: how much is invoiced, and how much was collected."""
    kinds = _kinds(s, who)
    return section(
        "Rental revenue visibility",
        covered=s.fact("rent_billed", who).value is not None,
        point=_reading(s, who),
        rows={"kinds": kinds, "months": _months(s, who)},
        **shown(collected=lean(kinds)),
    )


def _gross(s: Selection, who: str, period: str = "") -> Fact:
    return s.fact("net_operating_income", who, period, part="effective_gross_income")


def _reading(s: Selection, who: str) -> str:
    gross, billed, economic = _gross(s, who), s.fact("rent_billed", who), s.fact("economic_occupancy", who)
    if not cents(gross) or billed.value is None:
        return (
            phrases.missing(billed, _ADD_RENT)
            if billed.value is None
            else phrases.missing(gross, _ADD_RENT)
            if gross.value is None
            else none("Rent billed is {billed}; no income is in the books.", zero(gross), billed=formats.of(billed))
        )
    if cents(billed) >= cents(gross):
        said = [
            say(
                "Invoices of {billed} cover all of the 12-month income of {gross}.",
                billed=formats.of(billed),
                gross=formats.of(gross),
            )
        ]
    else:
        part = formats.share(Decimal(cents(billed)) / cents(gross))
        said = [
            say(
                "Invoices cover {billed} ({part}) of the 12-month income of {gross}.",
                billed=formats.of(billed),
                part=part,
                gross=formats.of(gross),
            )
        ]
    late, rate = s.fact("rent_billed", who, part="arrears"), s.fact("rent_collection_rate", who)
    if cents(late):
        said.append(say("{late} is overdue.", late=formats.of(late)))
    elif rate.number == 1:
        said.append(say("All of it was collected."))
    elif rate.value is not None:
        said.append(say("{rate} of it was collected.", rate=formats.of(rate)))
    if economic.value is not None:
        said.append(say("That is {share} of what a full house would have brought.", share=formats.of(economic)))
    return " ".join(said)


def _kinds(s: Selection, who: str) -> Table:
    def column(head: str, metric_id: str, **more: str) -> Col[str]:
        def fact(kind: str) -> Fact:
            return s.fact(metric_id, who, **more, **({"kind": kind} if kind else {}))

        return figures(head, fact, notes="never")

    kinds = sorted(s.facts("rent_billed", "kind", entity_id=who), key=lambda f: (-cents(f), f.dimensions["kind"]))
    return table(
        "Rent billed and collected by kind, latest 12 complete months, actual",
        [fact.dimensions["kind"] for fact in kinds],
        (
            words("Kind", name_of),
            column("Billed", "rent_billed"),
            column("Collected", "rent_collected"),
            column("Overdue", "rent_billed", part="arrears"),
            column("Rate", "rent_collection_rate"),
        ),
        total="",
        total_name="All rent",
        empty=phrases.missing(s.fact("rent_billed", who), _ADD_RENT),
    )


def _months(s: Selection, who: str) -> Table:
    rows = s.months("net_operating_income", months.YEAR, who, part="effective_gross_income")
    last = rows[-1] if rows else None

    def column(head: str, metric_id: str) -> Col[Fact]:
        return figures(head, lambda f: s.fact(metric_id, who, f.period))

    return table(
        "Rent by month: booked, billed and collected, and share of potential rent, actual",
        rows,
        (
            month(lambda f: f.period),
            itself("Income"),
            column("Billed", "rent_billed"),
            column("Collected", "rent_collected"),
            column("Of potential", "economic_occupancy"),
        ),
        note=f"{formats.month(last.period)}: {last.reason}." if last is not None and last.reason else "",
        empty=phrases.missing(s.fact("rent_billed", who), _ADD_RENT),
    )


def upkeep(s: Selection, who: str) -> Section:
    """The section on repairs by category, with the year before."""
    facts = sorted(s.facts(_COST, "category", entity_id=who), key=lambda f: (-cents(f), f.dimensions["category"]))
    whole = s.fact(_COST, who)
    chart = pictures.bars(
        "upkeep",
        say("Upkeep by category, {currency}, latest 12 complete months, actual", currency=formats.currency()),
        [Point(name_of(f.dimensions["category"]), cents(f), formats.of(f)) for f in facts],
        of="Upkeep",
        instead=say("The cost of upkeep is {whole}", whole=phrases.of(whole)),
        finding=_found(s, who, whole, facts),
    )
    return section(
        "Expenses by maintenance category",
        covered=bool(facts),
        point=f"{_found(s, who, whole, facts)} {_improved(s, who)}".strip() or phrases.missing(whole, _ADD_ORDERS),
        rows={"chart": chart, "categories": _by_category(s, who, whole, full=True)},
        **shown(by_category=lean(_by_category(s, who, whole))),
    )


def _by_category(s: Selection, who: str, whole: Fact, *, full: bool = False) -> Table:
    """The categories with the year before; the full table has shares, and what is apart from upkeep."""
    return months.by_part(
        s,
        whole,
        "category",
        title="Upkeep by category, latest 12 complete months and the 12 before, actual",
        head="Category",
        name=name_of,
        total_name="All upkeep",
        note=_apart(s, who),
        empty=phrases.missing(whole, _ADD_ORDERS),
        shares=full,
    )


def _found(s: Selection, who: str, whole: Fact, facts: list[Fact]) -> str:
    if not facts:
        return ""
    spent = say(
        "Upkeep cost {whole} in {months}",
        whole=formats.of(whole),
        months=months.span(len(s.months(_COST, months.YEAR, who))),
    )
    if cents(whole) <= 0:
        return f"{spent}."
    name = name_of(facts[0].dimensions["category"])
    part = formats.share(Decimal(cents(facts[0])) / cents(whole))
    compared = months.compared(cents(whole), months.total(s, _COST, who, back=months.YEAR))
    return say(
        "{spent}{compared}; the largest part, {part}, went to {category}.",
        spent=spent,
        compared=compared,
        part=part,
        category=name if name.isupper() else name.lower(),
    )


def _improved(s: Selection, who: str) -> str:
    """Improvements and orders that are not in the books, if there are any."""
    capex, unbooked = s.fact(_COST, who, kind="capex"), s.fact(_COST, who, state="not_in_ledger")
    said = [say("Improvements, not included: {capex}.", capex=formats.of(capex))] if cents(capex) else []
    if cents(unbooked):
        said.append(say("Not in the ledger: {unbooked}.", unbooked=formats.of(unbooked)))
    return " ".join(said)


def _apart(s: Selection, who: str) -> str:
    """Improvements, orders not in the books, and cost per order and per square foot."""
    capex, unbooked = s.fact(_COST, who, kind="capex"), s.fact(_COST, who, state="not_in_ledger")
    summary = say(
        "Improvements (capex), not included: {capex}. Not in the ledger: {unbooked}.",
        capex=formats.of(capex),
        unbooked=formats.of(unbooked),
    )
    each = [
        say(each, amount=formats.of(fact))
        for per, each in (
            ("work_order", noted("{amount} a work order")),
            ("square_foot", noted("{amount} a square foot")),
        )
        if (fact := s.fact(_COST, who, per=per)).value is not None
    ]
    average = say("On average {each}.", each=formats.series(each)) if each else ""
    return f"{summary} {average}".strip()


def name_of(key: str) -> str:
    """A key of the records as a reader sees it."""
    return say(_NAMES.get(key, phrases.capital(phrases.words_of(key))))
