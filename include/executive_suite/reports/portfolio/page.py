"""The audit of client contracts: billing gaps, revenue by tier, renewals, churn risk, recurring revenue, economics."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from executive_suite.facts import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import ActionList, Cell, Chart, Column, FindingList, Kpi, Page, Table
from executive_suite.rendering.charts import Point
from executive_suite.reports import audit, frame, phrases, wording
from executive_suite.reports.audit import MonthColumn
from executive_suite.reports.portfolio import concerns
from executive_suite.reports.selection import Selection

CONTRACTS = "Add table client_contract: a row a version of a contract."
HORIZONS = ("30", "60", "90", "180")
AGES = ("0-30", "31-60", "61-90", "91+")
MOST_BARS = 20


@dataclass(frozen=True, slots=True)
class PortfolioView:
    """What the template relies on; each field is a block of the section that it is named after."""

    page: Page
    attention: FindingList
    agenda: ActionList
    gaps_reading: str
    unbilled_age: Chart
    unbilled: Table
    uninvoiced: Table
    tiers: Table
    models: Table
    recognised: Chart
    renewals: Chart
    renewal_calendar: Table
    horizons: Table
    churn_reading: str
    signals: Table
    risks: Table
    recurring: Table
    retention: Table
    economics: Table
    margins: Table


def view(s: Selection, base: Page) -> PortfolioView:
    """The audit from the figures of a run."""
    who = audit.whose(s, "mrr")
    found = concerns.concerns(s, who)
    page = replace(
        base,
        message=_message(s, who, found),
        kpis=_kpis(s, who),
        changes=frame.changes(
            s, "mrr", "unbilled_revenue", "contracts_uninvoiced", "renewals_due", "realisation_rate", entity_id=who
        ),
        decisions=audit.decisions(s, found),
    )
    return PortfolioView(
        page=page,
        attention=audit.listed(s, who, found, base.reader, concerns.NEEDS),
        agenda=audit.agenda(s, who, found, base.reader, concerns.NEEDS),
        gaps_reading=_gaps_reading(s, who),
        unbilled_age=_unbilled_age(s, who),
        unbilled=_unbilled(s, who),
        uninvoiced=_uninvoiced(s, who),
        tiers=_by(s, who, "tier", "Tier"),
        models=_by(s, who, "billing_model", "Billing model"),
        recognised=_recognised(s, who),
        renewals=_renewals(s, who),
        renewal_calendar=_renewal_calendar(s, who),
        horizons=_horizons(s, who),
        churn_reading=_churn_reading(s, who),
        signals=_signals(s, who),
        risks=_risks(s, who),
        recurring=_recurring(s, who),
        retention=_retention(s, who),
        economics=_economics(s, who),
        margins=_margins(s, who),
    )


def _message(s: Selection, who: str, found: tuple[audit.Concern, ...]) -> tuple[str, ...]:
    """What is not billed beside recurring revenue; then the worst concern of another kind."""
    recurring, unbilled = s.fact("mrr", who), s.fact("unbilled_revenue", who)
    old = s.fact("unbilled_revenue", who, age_days=AGES[-1])
    others = tuple(concern for concern in found if concern.title != concerns.UNBILLED)
    monthly = f"recurring revenue is {wording.of(recurring)}"
    if recurring.value is not None:
        monthly += " a month"
    if unbilled.value:
        aged = f", {wording.of(old)} of it for more than 90 days" if audit.cents(old) else ""
        first = f"{wording.of(unbilled)} of billable work stands on no invoice{aged}; {monthly}."
    elif unbilled.value is not None or recurring.value is not None:
        first = f"Work that no invoice covers: {wording.of(unbilled)}; {monthly}."
    else:
        first = audit.told(_kpis(s, who), f"recurring revenue: {audit.note(recurring)}")
    return (first, audit.lead(s, who, others, concerns.NEEDS))


def _kpis(s: Selection, who: str) -> tuple[Kpi, ...]:
    named = {
        "logo_churn": "Clients lost in twelve months",
        "renewals_due": f"Contracts that end in {HORIZONS[-1]} days",
    }
    return tuple(
        s.kpi(metric_id, named.get(metric_id, ""), entity_id=who)
        for metric_id in (
            "mrr",
            "unbilled_revenue",
            "contracts_uninvoiced",
            "renewals_due",
            "logo_churn",
            "realisation_rate",
            "billable_utilisation",
            "effective_hourly_rate",
        )
    )


def _gaps_reading(s: Selection, who: str) -> str:
    gap, none = s.fact("unbilled_revenue", who), s.fact("contracts_uninvoiced", who)
    if gap.value is None:
        return f"Unbilled work is {wording.NOT_AVAILABLE}: {audit.note(gap)}."
    early = s.fact("unbilled_revenue", who, state="before_contract_start")
    invoices = f"{wording.of(none)} {none.reason} got no invoice" if none.value is not None else audit.note(none)
    before = f" Work from before a contract began stands apart: {wording.of(early)}." if early.value else ""
    return f"{wording.of(gap)} of billable work stands on no invoice; {invoices}.{before}"


def _unbilled_age(s: Selection, who: str) -> Chart:
    facts = [s.fact("unbilled_revenue", who, age_days=age) for age in AGES]
    points = [
        Point(f"{age} days", audit.cents(f), wording.of(f))
        for age, f in zip(AGES, facts, strict=True)
        if f.value is not None
    ]
    title = f"Unbilled work by age, {wording.currency()}, at the report date"
    words = "; ".join(f"{p.label} {p.text}" for p in points)
    return audit.chart("unbilled", title, (charts.bars(points), points), words, s.fact("unbilled_revenue", who))


def _unbilled(s: Selection, who: str) -> Table:
    total = s.fact("unbilled_revenue", who)
    facts = sorted(
        (f for f in s.facts("unbilled_revenue", "contract", entity_id=who) if audit.cents(f)),
        key=lambda f: (-audit.cents(f), f.dimensions["contract"]),
    )
    there = tuple(facts)
    return s.table(
        f"Unbilled work by contract, {wording.currency()}, at the report date",
        there,
        (("Contract", lambda f: Cell(f.dimensions["contract"])), ("Unbilled", s.cell)),
        total=(Cell("All contracts"), s.cell(total)) if there else (),
        empty=audit.missing(total, "Add table work_log.", "No billable work stands without an invoice."),
    )


def _uninvoiced(s: Selection, who: str) -> Table:
    months = s.months("contracts_uninvoiced", audit.MONTHS, who)
    return s.table(
        "Contracts reconciled with invoices: active contracts without an invoice, by month, count",
        months,
        (
            ("Month", lambda f: Cell(wording.month(f.period))),
            ("Without invoice", lambda f: audit.bare(s, f)),
            ("Active", lambda f: audit.count(f.reason.removeprefix("of ").split(" ", maxsplit=1)[0])),
            ("Which", lambda f: Cell(_which(s, who, f.period) or "none")),
        ),
        empty=audit.missing(s.fact("contracts_uninvoiced", who), "Add tables client_contract and invoice."),
    )


def _which(s: Selection, who: str, period: str) -> str:
    names = [
        f.dimensions["contract"]
        for f in s.figures.facts
        if (f.metric_id, f.entity_id, f.period) == ("contracts_uninvoiced", who, period) and "contract" in f.dimensions
    ]
    return phrases.some(names)


def _by(s: Selection, who: str, dimension: str, head: str) -> Table:
    total = s.fact("revenue_by_tier", who)
    facts = sorted(
        s.facts("revenue_by_tier", dimension, entity_id=who), key=lambda f: (-audit.cents(f), f.dimensions[dimension])
    )
    return s.table(
        f"Revenue recognised on client contracts by {head.lower()}, {wording.currency()}, latest 12 "
        "complete months, actual",
        tuple(facts),
        (
            (head, lambda f: Cell(f.dimensions[dimension].capitalize())),
            (wording.currency(), s.cell),
            ("Share", lambda f: audit.share(f, total)),
        ),
        total=(Cell("All contracts"), s.cell(total), audit.share(total, total)) if facts else (),
        empty=audit.missing(total, "Add table rev_schedule: a row a performance obligation of a contract."),
    )


def _recognised(s: Selection, who: str) -> Chart:
    months = s.months("revenue_by_tier", audit.MONTHS, who)
    title = f"Revenue recognised on client contracts by month, {wording.currency()}, {audit.latest(months)}, actual"
    picture = charts.columns(audit.points(months))
    return audit.chart("recognised", title, (picture, months), audit.in_words(months), s.fact("revenue_by_tier", who))


def _ends(s: Selection, who: str) -> list[Fact]:
    """The contracts by the end of their running term; those without one last."""
    facts = s.facts("contract_renewals", "contract", "client", entity_id=who)
    return sorted(facts, key=lambda f: (f.value is None, str(f.value), f.dimensions["contract"]))


def _renewals(s: Selection, who: str) -> Chart:
    today = s.figures.report_date
    items = [
        (
            f"{f.dimensions['contract']} ({f.dimensions['client']})",
            (date.fromisoformat(str(f.value)) - today).days,
            wording.of(f),
        )
        for f in _ends(s, who)
        if f.value is not None
    ]
    shown = [item for item in items if item[1] <= int(HORIZONS[-1])][:MOST_BARS]
    title = f"Contracts that end within {HORIZONS[-1]} days of the report date"
    words = "; ".join(f"{name} {text}" for name, _, text in shown)
    picture = charts.timeline(shown, days=int(HORIZONS[-1]), today=wording.day(today))
    return audit.chart("renewals", title, (picture, shown), words, s.fact("contract_renewals", who))


def _renewal_calendar(s: Selection, who: str) -> Table:
    def of(metric_id: str, fact: Fact, *, client: bool = True) -> Fact:
        names = {"client": fact.dimensions["client"]} if client else {}
        return s.fact(metric_id, who, contract=fact.dimensions["contract"], **names)

    return s.table(
        "Renewal calendar: end of the running term, last day for notice, recurring revenue a month in "
        f"{wording.currency()}",
        tuple(_ends(s, who)),
        (
            ("Contract", lambda f: Cell(f.dimensions["contract"])),
            ("Client", lambda f: Cell(f.dimensions["client"])),
            ("Ends", lambda f: audit.bare(s, f)),
            ("Notice by", lambda f: audit.bare(s, of("contract_notice_deadline", f))),
            ("MRR", lambda f: audit.bare(s, of("mrr", f, client=False))),
            (
                "Note",
                lambda f: audit.said(audit.note(f).removeprefix("not applicable: "), "ends, does not renew itself"),
            ),
        ),
        empty=audit.missing(s.fact("contract_renewals", who), CONTRACTS),
    )


def _horizons(s: Selection, who: str) -> Table:
    cuts = [(f"within {days} days", {"within_days": days}) for days in HORIZONS]
    cuts += [("out of contract", {"state": "out_of_contract"}), ("evergreen", {"state": "evergreen"})]
    rows = tuple(
        (Cell(name.capitalize()), s.cell(due), audit.bare(s, fee), audit.said(fee.reason))
        for name, dimensions in cuts
        if (due := s.fact("renewals_due", who, **dimensions)).value is not None
        for fee in (s.fact("renewal_mrr", who, **dimensions),)
    )
    return Table(
        f"Contracts up for renewal and their recurring revenue, count and {wording.currency()} a month",
        (Column("Ends"), Column("Contracts", "right"), Column("MRR", "right"), Column("Note")),
        rows,
        empty=audit.missing(s.fact("renewals_due", who), CONTRACTS),
    )


def _churn_reading(s: Selection, who: str) -> str:
    churn, exposed = s.fact("logo_churn", who), s.fact("churn_exposure", who)
    if exposed.value is None:
        return f"Churn is {wording.NOT_AVAILABLE}: {audit.note(exposed)}."
    model = s.fact("client_survival_12_months", who)
    kept = f"{wording.of(model)} of clients stay a year (Kaplan-Meier estimate)"
    if model.value is None:
        kept = f"How long clients stay is not estimated: {model.reason}"
    lost = f"{wording.of(churn)} of the clients of a year ago have left"
    if churn.value is None:
        lost = f"How many clients left in twelve months cannot be told: {churn.reason}"
    return (
        f"{lost}. Contracts that show a sign of leaving bring {wording.of(exposed)} a month"
        f"{f' ({exposed.reason})' if exposed.reason else ''}. {kept}."
    )


def _signals(s: Selection, who: str) -> Table:
    facts = sorted(
        s.facts("churn_risk_score", "signal", entity_id=who), key=lambda f: (-audit.cents(f), f.dimensions["signal"])
    )
    return s.table(
        "Churn signals, contracts of the active ones on which each holds, count",
        tuple(facts),
        (
            ("Signal", lambda f: Cell(f.dimensions["signal"].capitalize())),
            ("Contracts", lambda f: audit.bare(s, f)),
            ("Of", lambda f: audit.count(f.reason.rpartition(" ")[2])),
        ),
        empty=audit.missing(s.fact("churn_risk_score", who), CONTRACTS),
    )


def _risks(s: Selection, who: str) -> Table:
    facts = sorted(
        s.facts("churn_risk_score", "contract", "client", entity_id=who),
        key=lambda f: (-audit.cents(f), f.dimensions["contract"]),
    )
    return s.table(
        "Contracts by churn signals, most first",
        tuple(facts),
        (
            ("Contract", lambda f: Cell(f.dimensions["contract"])),
            ("Client", lambda f: Cell(f.dimensions["client"])),
            ("Signals", lambda f: audit.bare(s, f)),
            ("Which", lambda f: audit.said(f.reason, "none")),
        ),
        empty=audit.missing(s.fact("churn_risk_score", who), CONTRACTS),
    )


def _recurring(s: Selection, who: str) -> Table:
    return audit.by_month(
        s,
        f"Recurring revenue by month: level at its end and what moved it, {wording.currency()}, actual",
        who,
        (
            MonthColumn("MRR", "mrr"),
            MonthColumn("New", "mrr", {"movement": "new"}),
            MonthColumn("Expansion", "mrr", {"movement": "expansion"}),
            MonthColumn("Contraction", "mrr", {"movement": "contraction"}),
            MonthColumn("Churn", "mrr", {"movement": "churn"}),
        ),
        empty=audit.missing(s.fact("mrr", who), CONTRACTS),
    )


def _retention(s: Selection, who: str) -> Table:
    facts = [s.fact(m, who) for m in ("arr", "nrr", "grr", "revenue_churn", "logo_churn")]
    return _named(
        s,
        f"Retention over the twelve months before the report date, % and {wording.currency()}",
        facts,
        audit.missing(facts[0], CONTRACTS),
    )


def _economics(s: Selection, who: str) -> Table:
    ids = ("realisation_rate", "billable_utilisation", "effective_hourly_rate", "client_margin")
    facts = [s.fact(m, who) for m in ids]
    empty = audit.missing(facts[0], "Add table work_log: a row a piece of work, with minutes and rate.")
    return _named(s, "Economics of the work, latest 12 complete months, actual", facts, empty)


def _named(s: Selection, title: str, facts: list[Fact], empty: str) -> Table:
    """A row a figure that the run could look at, with its note."""
    rows = tuple(
        (
            Cell(s.kpi(f.metric_id).label),
            audit.bare(s, f),
            audit.said(audit.note(f) if f.value is None else f.reason),
        )
        for f in facts
        if f.inputs
    )
    return Table(title, (Column("Figure"), Column("Value", "right"), Column("Note")), rows, empty=empty)


def _margins(s: Selection, who: str) -> Table:
    facts = sorted(
        (f for f in s.facts("client_margin", "client", entity_id=who) if f.value is not None),
        key=lambda f: (-audit.cents(f), f.dimensions["client"]),
    )
    total = s.fact("client_margin", who)
    return s.table(
        f"Margin by client: invoiced less direct and cloud cost, {wording.currency()}, latest 12 "
        "complete months, actual",
        tuple(facts),
        (("Client", lambda f: Cell(f.dimensions["client"])), ("Margin", lambda f: audit.bare(s, f))),
        total=(Cell("All clients"), audit.bare(s, total)) if facts else (),
        note=total.reason[:1].upper() + total.reason[1:] + "." if facts and total.reason else "",
        empty=audit.missing(total, "Add tables invoice and ledger, with contract_id."),
    )
