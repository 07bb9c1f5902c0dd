"""The portfolio audit on contracts: when each ends, and what speaks for its leaving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.reports import audit
from executive_suite.reports.selection import Selection

CONTRACTS = "Add table client_contract: a row a version of a contract."
HORIZONS = ("30", "60", "90", "180")
MOST_BARS = 20


@dataclass(frozen=True, slots=True)
class Renewals:
    """The section on the contract renewal calendar."""

    chart: Chart
    calendar: Table
    horizons: Table


@dataclass(frozen=True, slots=True)
class Churn:
    """The section on churn risk."""

    reading: str
    signals: Table
    risks: Table


def renewals(s: Selection, who: str) -> Renewals:
    """Which contracts end when, and what hangs on them."""
    return Renewals(_chart(s, who), _calendar(s, who), _horizons(s, who))


def _ends(s: Selection, who: str) -> list[Fact]:
    """The contracts by the end of their running term; those without one last."""
    facts = s.facts("contract_renewals", "contract", "client", entity_id=who)
    return sorted(facts, key=lambda f: (f.value is None, str(f.value), f.dimensions["contract"]))


def _chart(s: Selection, who: str) -> Chart:
    today, horizon = s.figures.report_date, HORIZONS[-1]
    items = [
        (
            f"{f.dimensions['contract']} ({f.dimensions['client']})",
            (date.fromisoformat(str(f.value)) - today).days,
            formats.of(f),
        )
        for f in _ends(s, who)
        if f.value is not None
    ]
    shown = [item for item in items if item[1] <= int(horizon)][:MOST_BARS]
    title = f"Contracts that end within {horizon} days of the report date"
    words = "; ".join(f"{name} {text}" for name, _, text in shown)
    picture = charts.timeline(shown, days=int(horizon), today=formats.day(today))
    whole = s.fact("contract_renewals", who)
    return audit.chart("renewals", title, (picture, shown), words, whole, _found(s, who))


def _found(s: Selection, who: str) -> str:
    """How many of the active contracts end within the horizon, and how much of recurring revenue goes with them."""
    horizon = HORIZONS[-1]
    due, fee = (s.fact(metric_id, who, within_days=horizon) for metric_id in ("renewals_due", "renewal_mrr"))
    every, total = len(_ends(s, who)), s.fact("mrr", who)
    if audit.cents(due) <= 0:
        return f"{formats.counted(every, 'active contract')}: the next to end is the first shown."
    ends = "ends" if audit.cents(due) == 1 else "end"
    said = f"{formats.of(due)} of {formats.counted(every, 'active contract')} {ends} within {horizon} days"
    if audit.cents(fee) and audit.cents(total):
        said += (
            f", and with {'it' if audit.cents(due) == 1 else 'them'} {formats.of(fee)} of {formats.of(total)} a month"
        )
    return f"{said}."


def _calendar(s: Selection, who: str) -> Table:
    def of(metric_id: str, fact: Fact, *, client: bool = True) -> Fact:
        names = {"client": fact.dimensions["client"]} if client else {}
        return s.fact(metric_id, who, contract=fact.dimensions["contract"], **names)

    def notice(fact: Fact) -> Cell:
        deadline = of("contract_notice_deadline", fact)
        return Cell("none") if deadline.status == "not_applicable" else audit.bare(s, deadline)

    return s.table(
        "Renewal calendar: end of the running term, last day for notice, recurring revenue a month in "
        f"{formats.currency()}",
        tuple(_ends(s, who)),
        (
            ("Contract", lambda f: Cell(f.dimensions["contract"])),
            ("Client", lambda f: Cell(f.dimensions["client"])),
            ("Ends", lambda f: audit.bare(s, f)),
            ("Notice by", notice),
            ("MRR", lambda f: _fee(s, of("mrr", f, client=False))),
            (
                "Then",
                lambda f: audit.said(audit.note(f).removeprefix("not applicable: "), "ends, does not renew itself"),
            ),
        ),
        empty=audit.missing(s.fact("contract_renewals", who), CONTRACTS),
    )


def _fee(s: Selection, fact: Fact) -> Cell:
    """What a contract brings a month; one that states nothing says so."""
    return Cell("none stated", kind="money") if fact.value is None else audit.bare(s, fact)


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
        f"Contracts up for renewal and their recurring revenue, count and {formats.currency()} a month",
        (Column("Ends"), Column("Contracts", "right"), Column("MRR", "right"), Column("Note")),
        rows,
        empty=audit.missing(s.fact("renewals_due", who), CONTRACTS),
    )


def churn(s: Selection, who: str) -> Churn:
    """Who left, and what speaks for more to leave."""
    return Churn(_reading(s, who), _signals(s, who), _risks(s, who))


def _reading(s: Selection, who: str) -> str:
    lost_share, exposed = s.fact("logo_churn", who), s.fact("churn_exposure", who)
    if exposed.value is None:
        return f"Churn is {formats.NOT_AVAILABLE}: {audit.note(exposed)}."
    model = s.fact("client_survival_12_months", who)
    kept = f"{formats.of(model)} of clients stay a year (Kaplan-Meier estimate)"
    if model.value is None:
        kept = f"How long clients stay is not estimated: {model.reason}"
    lost = f"{formats.of(lost_share)} of the clients of a year ago have left"
    if lost_share.value is None:
        lost = f"How many clients left in twelve months cannot be told: {lost_share.reason}"
    return (
        f"{lost}. Contracts that show a sign of leaving bring {formats.of(exposed)} a month"
        f"{f' ({exposed.reason})' if exposed.reason else ''}. {kept}."
    )


def _signals(s: Selection, who: str) -> Table:
    facts = sorted(
        s.facts("churn_risk_score", "signal", entity_id=who), key=lambda f: (-audit.cents(f), f.dimensions["signal"])
    )
    holding = [f for f in facts if audit.cents(f)]
    clear = [f.dimensions["signal"] for f in facts if f.value is not None and not audit.cents(f)]
    return s.table(
        "Churn signals, contracts of the active ones on which each holds, count",
        tuple(holding),
        (
            ("Signal", lambda f: Cell(f.dimensions["signal"].capitalize())),
            ("Contracts", lambda f: audit.bare(s, f)),
            ("Of", lambda f: audit.count(f.reason.rpartition(" ")[2])),
        ),
        note=f"On no contract: {'; '.join(clear)}." if clear else "",
        empty=audit.missing(s.fact("churn_risk_score", who), CONTRACTS) if not facts else "No signal holds.",
    )


def _risks(s: Selection, who: str) -> Table:
    facts = sorted(
        s.facts("churn_risk_score", "contract", "client", entity_id=who),
        key=lambda f: (-audit.cents(f), f.dimensions["contract"]),
    )
    return s.table(
        f"Contracts by churn signals, most first, and what they bring a month, {formats.currency()}",
        tuple(facts),
        (
            ("Contract", lambda f: Cell(f"{f.dimensions['contract']} ({f.dimensions['client']})")),
            ("Signals", lambda f: audit.bare(s, f)),
            ("MRR", lambda f: _fee(s, s.fact("mrr", who, contract=f.dimensions["contract"]))),
            ("Which", lambda f: audit.said(f.reason, "none")),
        ),
        empty=audit.missing(s.fact("churn_risk_score", who), CONTRACTS),
    )
