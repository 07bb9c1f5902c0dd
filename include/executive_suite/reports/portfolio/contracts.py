"""The portfolio section on contract renewals: what ends when, with which notice and which fee."""

from __future__ import annotations

from datetime import date, timedelta

from executive_suite import formats
from executive_suite.facts.fact import Fact, Why
from executive_suite.rendering.blocks import Cell, Chart, Section, Table, section
from executive_suite.reports import phrases, pictures
from executive_suite.reports.absence import Proof, left, none, zero
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, table, words
from executive_suite.reports.tables.lean import lean, shown
from executive_suite.wording import noted, say

CONTRACTS = noted("Record client contracts.")
HORIZONS = ("30", "60", "90", "180")
_MOST_BARS = 20
_ENDS = "contract_renewals"
_CUTS: tuple[tuple[str, dict[str, str]], ...] = (
    *((f"Within {days} days", {"within_days": days}) for days in HORIZONS),
    ("Out of contract", {"state": "out_of_contract"}),
    ("Evergreen", {"state": "evergreen"}),
)


def renewals(s: Selection, who: str) -> Section:
    """The section on the renewal calendar: when contracts end, and the revenue at risk."""
    ends = _ends(s, who)
    dated = [fact for fact in ends if fact.value is not None]
    return section(
        "Contract renewal calendar",
        covered=bool(ends),
        point=_due(s, who, ends),
        rows={
            "chart": _chart(s, who, ends),
            "full": _calendar(s, who, ends),
            "horizons": _horizons(s, who),
        },
        **shown(calendar=_next(s, who, dated)),
    )


def _due(s: Selection, who: str, ends: list[Fact]) -> str:
    """What ends within the horizon, with which recurring revenue, and how many of those renew themselves."""
    if s.fact("renewals_due", who).value is None and not ends:
        return phrases.missing(s.fact(_ENDS, who), CONTRACTS, "No client contract is active.")
    found = _found(s, who, len(ends))
    dated = next((fact for fact in ends if fact.value is not None), None)
    last = (s.figures.report_date + timedelta(days=int(HORIZONS[-1]))).isoformat()
    due = [fact for fact in ends if fact.value is not None and str(fact.value) <= last]
    renewing = sum(fact.qualified(Why.RENEWS_ITSELF) for fact in due)
    if not due:
        return (
            found
            if dated is None
            else say("{found} The next ends on {str}.", found=found, str=formats.day(str(dated.value)))
        )
    kept = say(
        "{renewing} of them {renewing_2}",
        renewing=formats.number(renewing),
        renewing_2=phrases.are(renewing, "renews itself", "renew themselves"),
    )
    lasts = Proof(not renewing, tuple(fact.fact_id for fact in due))
    return f"{found} {kept if renewing else none('No contract among them renews itself', lasts)}."


def _next(s: Selection, who: str, dated: list[Fact]) -> Table:
    """The next contracts to end: client, end, last day for notice, monthly fee."""
    return lean(
        table(
            "Next contracts to end",
            dated,
            (
                words("Client", lambda f: named(s, f.dimensions["contract"])),
                words("Ends", lambda f: cells.of(f, notes="never")),
                words("Notice by", lambda f: _notice(s, who, f)),
                figures("A month", lambda f: fee_of(s, who, f)),
            ),
        )
    )


def _ends(s: Selection, who: str) -> list[Fact]:
    """The contracts by the end of their running term; those without one last."""
    facts = s.facts(_ENDS, "contract", "client", entity_id=who)
    return sorted(facts, key=lambda f: (f.value is None, str(f.value), f.dimensions["contract"]))


def named(s: Selection, contract: str) -> str:
    """A contract by its client; with its own number where the client has several, or is not known."""
    client = s.label("client", contract)
    own = [name for name, of in s.figures.labels.get("client", {}).items() if of == client]
    return client if len(own) <= 1 else f"{client} ({contract})"


def _chart(s: Selection, who: str, ends: list[Fact]) -> Chart:
    today, horizon = s.figures.report_date, int(HORIZONS[-1])
    items = [
        (named(s, fact.dimensions["contract"]), date.fromisoformat(str(fact.value)))
        for fact in ends
        if fact.value is not None
    ]
    near = [item for item in items if (item[1] - today).days <= horizon]
    return pictures.timeline(
        "renewals",
        say("Contracts that end within {horizon} days of the report date", horizon=horizon),
        near[:_MOST_BARS],
        today=today,
        days=horizon,
        instead=phrases.missing(s.fact(_ENDS, who), "", "No contract ends in this time.", left(near)),
        finding=_found(s, who, len(ends)),
    )


def _found(s: Selection, who: str, every: int) -> str:
    """How many active contracts end within the horizon, and their recurring revenue."""
    due, fee = (s.fact(m, who, within_days=HORIZONS[-1]) for m in ("renewals_due", "renewal_mrr"))
    total, active = s.fact("mrr", who), formats.counted(every, say("active contract"))
    if due.value is None:
        return phrases.missing(due, CONTRACTS)
    if not due.value:
        return none("None of {active} ends within {horizons} days.", zero(due), active=active, horizons=HORIZONS[-1])
    summary = say(
        "{due} of {active} {are} within {horizons} days",
        due=formats.of(due),
        active=active,
        are=phrases.are(due.value, "ends", "end"),
        horizons=HORIZONS[-1],
    )
    if cents(fee) and cents(total):
        them = phrases.are(due.value, "it", "them")
        part = say("all recurring revenue, ") if fee.value == total.value else ""
        whole = "" if part else say(" of {total}", total=formats.of(total))
        summary += say(
            ", and with {them} {part}{fee}{whole} a month", them=them, part=part, fee=formats.of(fee), whole=whole
        )
    return f"{summary}."


def _calendar(s: Selection, who: str, ends: list[Fact]) -> Table:
    return table(
        "Renewal calendar: end of the running term, last day for notice, monthly recurring revenue (MRR)",
        ends,
        (
            words("Contract", lambda f: f.dimensions["contract"]),
            words("Client", lambda f: f.dimensions["client"]),
            words("Ends", lambda f: cells.of(f, notes="never")),
            words("Notice by", lambda f: _notice(s, who, f)),
            figures("MRR", lambda f: fee_of(s, who, f)),
            words("Then", lambda f: f.reason or say("ends without renewal")),
        ),
        empty=phrases.missing(s.fact(_ENDS, who), CONTRACTS),
    )


def _notice(s: Selection, who: str, contract: Fact) -> Cell:
    """The last day on which notice can be given."""
    deadline = s.fact("contract_notice_deadline", who, **contract.dimensions)
    return Cell("none") if deadline.status == "not_applicable" else cells.of(deadline)


def fee_of(s: Selection, who: str, contract: Fact) -> Cell:
    """The monthly fee of a contract."""
    fact = s.fact("mrr", who, contract=contract.dimensions["contract"])
    return Cell(say("none stated")) if fact.value is None else cells.of(fact)


def _horizons(s: Selection, who: str) -> Table:
    rows = [
        (name, due, s.fact("renewal_mrr", who, **dimensions))
        for name, dimensions in _CUTS
        if (due := s.fact("renewals_due", who, **dimensions)).value is not None
    ]
    return table(
        "Contracts up for renewal and their monthly recurring revenue (MRR)",
        rows,
        (
            words("Ends", lambda row: row[0]),
            figures("Contracts", lambda row: row[1]),
            figures("MRR", lambda row: row[2], notes="never"),
            words("Note", lambda row: row[2].reason),
        ),
        empty=phrases.missing(s.fact("renewals_due", who), CONTRACTS),
    )
