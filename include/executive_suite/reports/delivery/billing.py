"""The delivery section on billing gaps: what is to be invoiced and to be collected, less deposits paid already."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import NOTHING, Cell, Section, Table, section
from executive_suite.reports import phrases
from executive_suite.reports.delivery.concerns import REGISTER, route_of
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import Col, figures, month, table, words
from executive_suite.reports.tables.lean import lean, shown
from executive_suite.wording import say

_GAP = "delivery_billing_gap"
_UNPAID, _DEPOSIT = "invoiced_not_collected", "deposit_not_invoiced"
_GAPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Quoted, not invoiced", {}),
    ("including completed and not invoiced at all", {"gap": "completed_not_invoiced"}),
    ("Invoiced, not collected", {"gap": _UNPAID}),
    ("Deposits paid beyond what is invoiced", {"gap": _DEPOSIT}),
    ("In dispute", {"gap": "disputed"}),
    ("Invoiced above the quote", {"gap": "invoiced_above_quote"}),
)
_MOST_JOBS = 15


def billing(s: Selection, who: str) -> Section:
    """The section on billing gaps: quoted but not invoiced, invoiced but not collected, by job."""
    facts = [(name, s.fact(_GAP, who, **dimensions)) for name, dimensions in _GAPS]
    gaps = table(
        "Billing gaps, completed jobs to date",
        [row for row in facts if row[1].value is not None],
        (
            words("Gap", lambda row: row[0]),
            figures("Amount", lambda row: row[1], notes="never"),
            words("Of", lambda row: row[1].reason),
        ),
        empty=phrases.missing(s.fact(_GAP, who), REGISTER),
    )
    return section(
        "Billing gaps",
        covered=s.fact(_GAP, who).value is not None,
        point=_open(s, who),
        rows={"gaps": gaps, "every": _open_jobs(s, who)},
        **shown(jobs=_to_bill(s, who)),
    )


def _open(s: Selection, who: str) -> str:
    """What is to be invoiced and to be collected, and how much of it deposits have paid already."""
    gap, unpaid, held = (s.fact(_GAP, who, **part) for part in ({}, {"gap": _UNPAID}, {"gap": _DEPOSIT}))
    if gap.value is None:
        return phrases.missing(gap, REGISTER)
    parts = [say("{gap} quoted is not invoiced", gap=formats.of(gap))] if cents(gap) else []
    if cents(unpaid):
        parts.append(say("{unpaid} invoiced is not collected", unpaid=formats.of(unpaid)))
    if not parts:
        return say(
            "Every completed job ({gap} in all) is invoiced as quoted and collected.", gap=formats.number(_over(gap))
        )
    said = say("Of completed work, {parts}.", parts=formats.series(parts))
    left = cents(gap) + cents(unpaid) - cents(held)
    if cents(held) and left > 0:
        said += say(
            " Deposits have paid {held} of that already, so {left} is still to come in.",
            held=formats.of(held),
            left=formats.money(left),
        )
    return f"{said} {_waiting(s, who)}".strip()


def _over(gap: Fact) -> int:
    """How many jobs a gap is taken over."""
    return (gap.qualifier.count if gap.qualifier is not None else None) or 0


def _waiting(s: Selection, who: str) -> str:
    """The time from completion to invoice, and how long jobs without an invoice have waited."""
    invoiced, open_age = s.fact("days_to_invoice", who), s.fact("days_to_invoice", who, state="not_invoiced")
    summary = (
        [say("Invoices follow {invoiced} after completion on average.", invoiced=formats.of(invoiced))]
        if invoiced.value is not None
        else []
    )
    if open_age.value is not None:
        summary.append(
            say("Completed jobs without one have waited {open_age} on average.", open_age=formats.of(open_age))
        )
    return " ".join(summary)


def _gaps_of(s: Selection, who: str, *gap: str) -> dict[str, Fact]:
    """A gap by job: without a kind, what is quoted and not invoiced."""
    named = {"gap": gap[0]} if gap else {}
    by = ("delivery", *named)
    return {fact.dimensions["delivery"]: fact for fact in s.facts(_GAP, *by, entity_id=who, **named)}


def _to_bill(s: Selection, who: str) -> Table:
    """The jobs with a gap by route, and when they ended."""
    quoted, unpaid, held = _gaps_of(s, who), _gaps_of(s, who, _UNPAID), _gaps_of(s, who, _DEPOSIT)
    size = {job: cents(quoted[job] if job in quoted else unpaid[job]) for job in {**quoted, **unpaid}}
    ended = {
        f.dimensions["delivery"]: str(f.value) for f in s.facts("delivery_completed_on", "delivery", entity_id=who)
    }

    def column(head: str, facts: dict[str, Fact]) -> Col[str]:
        return figures(head, lambda job: cells.of(facts[job], notes="never") if job in facts else Cell(NOTHING))

    return lean(
        table(
            "Completed jobs to bill or to collect, largest first",
            sorted(size, key=lambda job: (-size[job], job)),
            (
                words("Job", lambda job: s.label("delivery", job)),
                month(lambda job: ended.get(job, "")[:7], "Ended"),
                column("To invoice", quoted),
                column("Deposit", held),
                column("To collect", unpaid),
            ),
        )
    )


def _open_jobs(s: Selection, who: str) -> Table:
    quoted, unpaid = _gaps_of(s, who), _gaps_of(s, who, _UNPAID)
    size = {job: cents(quoted[job] if job in quoted else unpaid[job]) for job in {**quoted, **unpaid}}
    jobs = sorted(size, key=lambda job: (-size[job], job))[:_MOST_JOBS]

    def column(head: str, facts: dict[str, Fact]) -> Col[str]:
        together = sum(cents(facts[job]) for job in jobs if job in facts)

        def cell(job: str) -> Cell:
            if job in facts:
                return cells.of(facts[job], notes="never")
            return cells.money(0 if job else together)

        return figures(head, cell)

    own: Col[str] = words("Job", lambda job: job)
    route: Col[str] = words("Route", lambda job: route_of(s, job))
    return table(
        "Jobs with a gap, largest first",
        jobs,
        (own, route, column("Not invoiced", quoted), column("Not collected", unpaid)),
        total="",
        total_name="These jobs",
        empty=phrases.missing(s.fact(_GAP, who), REGISTER, "Every completed job is invoiced and collected."),
    )
