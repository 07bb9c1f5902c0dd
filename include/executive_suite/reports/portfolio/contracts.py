"""The portfolio sections on contract renewals and churn risk."""

from __future__ import annotations

from datetime import date

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Cell, Chart, Section, Table, section
from executive_suite.reports import phrases, pictures
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, itself, table, words

CONTRACTS = "Record client contracts."
HORIZONS = ("30", "60", "90", "180")
_MOST_BARS = 20
_ENDS, _RISK = "contract_renewals", "churn_risk_score"
_CUTS: tuple[tuple[str, dict[str, str]], ...] = (
    *((f"Within {days} days", {"within_days": days}) for days in HORIZONS),
    ("Out of contract", {"state": "out_of_contract"}),
    ("Evergreen", {"state": "evergreen"}),
)


def renewals(s: Selection, who: str) -> Section:
    """The section on the renewal calendar: when contracts end, and the revenue at risk."""
    ends = _ends(s, who)
    return section(
        "Contract renewal calendar",
        chart=_chart(s, who, ends),
        calendar=_calendar(s, who, ends),
        horizons=_horizons(s, who),
    )


def _ends(s: Selection, who: str) -> list[Fact]:
    """The contracts by the end of their running term; those without one last."""
    facts = s.facts(_ENDS, "contract", "client", entity_id=who)
    return sorted(facts, key=lambda f: (f.value is None, str(f.value), f.dimensions["contract"]))


def named(s: Selection, who: str, contract: str) -> str:
    """A contract and, while it is active, its client: "C1 (client-a)"."""
    for fact in s.facts("contract_renewals", "contract", "client", entity_id=who):
        if fact.dimensions["contract"] == contract:
            return f"{contract} ({fact.dimensions['client']})"
    return contract


def _named(fact: Fact) -> str:
    return f"{fact.dimensions['contract']} ({fact.dimensions['client']})"


def _chart(s: Selection, who: str, ends: list[Fact]) -> Chart:
    today, horizon = s.figures.report_date, int(HORIZONS[-1])
    items = [(_named(fact), date.fromisoformat(str(fact.value))) for fact in ends if fact.value is not None]
    return pictures.timeline(
        "renewals",
        f"Contracts that end within {horizon} days of the report date",
        [item for item in items if (item[1] - today).days <= horizon][:_MOST_BARS],
        today=today,
        days=horizon,
        instead=phrases.missing(s.fact(_ENDS, who), "", "No contract ends in this time."),
        finding=_found(s, who, len(ends)),
    )


def _found(s: Selection, who: str, every: int) -> str:
    """How many active contracts end within the horizon, and their recurring revenue."""
    due, fee = (s.fact(m, who, within_days=HORIZONS[-1]) for m in ("renewals_due", "renewal_mrr"))
    total, active = s.fact("mrr", who), formats.counted(every, "active contract")
    if cents(due) <= 0:
        return f"{active}: the next to end is shown first."
    summary = f"{formats.of(due)} of {active} {phrases.are(due.value, 'ends', 'end')} within {HORIZONS[-1]} days"
    if cents(fee) and cents(total):
        them = phrases.are(due.value, "it", "them")
        summary += f", and with {them} {formats.of(fee)} of {formats.of(total)} a month"
    return f"{summary}."


def _calendar(s: Selection, who: str, ends: list[Fact]) -> Table:
    def notice(fact: Fact) -> Cell:
        deadline = s.fact("contract_notice_deadline", who, **fact.dimensions)
        return Cell("none") if deadline.status == "not_applicable" else cells.of(deadline)

    return table(
        "Renewal calendar: end of the running term, last day for notice, monthly recurring revenue (MRR)",
        ends,
        (
            words("Contract", lambda f: f.dimensions["contract"]),
            words("Client", lambda f: f.dimensions["client"]),
            words("Ends", lambda f: cells.of(f, notes="never")),
            words("Notice by", notice),
            figures("MRR", lambda f: _fee(s, who, f)),
            words("Then", lambda f: f.reason or "ends without renewal"),
        ),
        empty=phrases.missing(s.fact(_ENDS, who), CONTRACTS),
    )


def _fee(s: Selection, who: str, contract: Fact) -> Cell:
    """The monthly fee of a contract."""
    fact = s.fact("mrr", who, contract=contract.dimensions["contract"])
    return Cell("none stated") if fact.value is None else cells.of(fact)


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


def churn(s: Selection, who: str) -> Section:
    """The section on churn: clients lost, and signs of further churn."""
    return section("Churn risk", reading=_reading(s, who), signals=_signals(s, who), risks=_risks(s, who))


def _reading(s: Selection, who: str) -> str:
    lost, exposed, model = (s.fact(m, who) for m in ("logo_churn", "churn_exposure", "client_survival_12_months"))
    if exposed.value is None:
        return f"Churn is {phrases.of(exposed)}."
    left = f"{formats.of(lost)} of the clients of a year ago have left"
    if lost.value is None:
        left = f"The share of clients lost in 12 months is {phrases.of(lost)}"
    kept = f"{formats.of(model)} of clients stay a year (Kaplan-Meier estimate)"
    if model.value is None:
        kept = f"Client retention is not estimated: {model.reason}"
    why = f" ({exposed.reason})" if exposed.reason else ""
    return f"{left}. Contracts with churn signals bring {formats.of(exposed)} a month{why}. {kept}."


def _signals(s: Selection, who: str) -> Table:
    facts = s.facts(_RISK, "signal", entity_id=who)
    clear = [fact.dimensions["signal"] for fact in facts if fact.value is not None and not cents(fact)]

    def whole(fact: Fact) -> Cell:
        of = fact.qualifier.of if fact.qualifier is not None else None
        return Cell(of, "count") if of is not None else Cell()

    return table(
        "Active contracts by churn signal, count",
        sorted((f for f in facts if cents(f)), key=lambda f: (-cents(f), f.dimensions["signal"])),
        (
            words("Signal", lambda f: f.dimensions["signal"].capitalize()),
            itself("Contracts", notes="never"),
            figures("Of", whole),
        ),
        note=f"On no contract: {'; '.join(clear)}." if clear else "",
        empty="No contract shows a churn signal." if facts else phrases.missing(s.fact(_RISK, who), CONTRACTS),
    )


def _risks(s: Selection, who: str) -> Table:
    facts = s.facts(_RISK, "contract", "client", entity_id=who)
    return table(
        "Contracts by churn signals, most first, and their monthly recurring revenue (MRR)",
        sorted(facts, key=lambda f: (-cents(f), f.dimensions["contract"])),
        (
            words("Contract", _named),
            itself("Signals", notes="never"),
            figures("MRR", lambda f: _fee(s, who, f)),
            words("Which", lambda f: f.reason or "none"),
        ),
        empty=phrases.missing(s.fact(_RISK, who), CONTRACTS),
    )
