"""The portfolio sections on recurring revenue, retention, and the economics of the work."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.period import complete_months
from executive_suite.rendering.blocks import Cell, Section, Table, section
from executive_suite.reports import months, phrases
from executive_suite.reports.portfolio.contracts import CONTRACTS, named
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, itself, table, words
from executive_suite.reports.tables.previous import with_previous
from executive_suite.wording import noted, say

_MOVEMENTS = (
    ("New", "new", 1),
    ("Came back", "reactivation", 1),
    ("Expansion", "expansion", 1),
    ("Contraction", "contraction", -1),
    ("Paused", "paused", -1),
    ("Churn", "churn", -1),
)
_RETENTION = ("arr", "nrr", "grr", "revenue_churn", "logo_churn")
_WORK = ("realisation_rate", "billable_utilisation", "effective_hourly_rate", "client_margin")
_RATE = "effective_hourly_rate"
_WORK_LOG = noted("Record the work with its minutes and rate.")


def recurring(s: Selection, who: str) -> Section:
    """The section on recurring revenue: movements over a year, and retention."""
    facts = [fact for metric_id in _RETENTION if (fact := s.fact(metric_id, who)).inputs]
    title = say("Retention over the 12 months before the report date")
    retention = with_previous(s, title, facts, phrases.missing(s.fact("arr", who), CONTRACTS))
    return section(
        "Recurring revenue and retention",
        covered=s.fact("mrr", who).value is not None,
        point=_moved(s, who),
        rows={"bridge": _bridge(s, who), "retention": retention},
    )


def _moved(s: Selection, who: str) -> str:
    """Recurring revenue now and a year ago, and what moved it; what is not in it."""
    total = s.fact("mrr", who)
    periods = [str(month) for month in complete_months(s.figures.report_date, months.YEAR + 1)]
    start = s.fact("mrr", who, periods[0])
    if total.value is None:
        return phrases.missing(total, CONTRACTS)
    said = say("Recurring revenue is {total} a month", total=formats.of(total))
    if start.value is not None and start.value != total.value:
        said += say(", after {start} a year ago", start=formats.of(start))
    moved = {
        name: sum(cents(s.fact("mrr", who, period, movement=movement)) for period in periods[1:])
        for name, movement, _ in _MOVEMENTS
    }
    parts = [f"{name.lower()} {formats.money(amount)}" for name, amount in moved.items() if amount]
    by = f" ({formats.series(parts)})" if parts else ""
    return f"{said}{by}. {phrases.sentence(total.reason)}".strip()


def _bridge(s: Selection, who: str) -> Table:
    """Recurring revenue a year ago and now, with the movements between them and their months."""
    periods = [str(month) for month in complete_months(s.figures.report_date, months.YEAR + 1)]
    start, end, total = s.fact("mrr", who, periods[0]), s.fact("mrr", who, periods[-1]), s.fact("mrr", who)
    rows = [(say("End of {periods}", periods=formats.month(periods[0])), cells.known(start), "")]
    for name, movement, sign in _MOVEMENTS:
        facts = [s.fact("mrr", who, period, movement=movement) for period in periods[1:]]
        moved = [fact for fact in facts if cents(fact)]
        amount = sign * sum(map(cents, moved))
        cell = Cell(amount, "cents", assumed=any(fact.assumed for fact in moved), signed=True)
        rows.append((name, cell, ", ".join(formats.month(fact.period) for fact in moved)))
    return table(
        "Monthly recurring revenue (MRR) a year ago and now, and its movements, actual",
        rows if end.value is not None else (),
        (
            words("Recurring revenue", lambda row: row[0]),
            figures("Amount", lambda row: row[1]),
            words("When", lambda row: row[2]),
        ),
        total=(say("End of {periods}", periods=formats.month(periods[-1])), cells.known(end), ""),
        note=phrases.sentence(total.reason),
        empty=phrases.missing(total, CONTRACTS),
    )


def economics(s: Selection, who: str) -> Section:
    """The section on the work: how much is billed, and revenue per hour."""
    facts = [s.fact(metric_id, who) for metric_id in _WORK]
    work = with_previous(
        s,
        "Economics of the work, latest 12 complete months, actual",
        [fact for fact in facts if fact.inputs],
        phrases.missing(facts[0], _WORK_LOG),
    )
    return section(
        "Economics of the work",
        covered=facts[2].value is not None,
        point=_reading(*facts[:3]),
        rows={"work": work, "rates": _rates(s, who), "margins": _margins(s, who)},
    )


def _reading(billed: Fact, used: Fact, rate: Fact) -> str:
    if billed.value is None or rate.value is None:
        return phrases.missing(rate if rate.value is None else billed, _WORK_LOG)
    hours = (
        say(", and {used} of the available hours were billable", used=formats.of(used))
        if used.value is not None
        else ""
    )
    return say(
        "{billed} of the value of billable work was invoiced{hours}. All hours worked brought {rate}.",
        billed=formats.of(billed),
        hours=hours,
        rate=formats.of(rate),
    )


def _rates(s: Selection, who: str) -> Table:
    """Revenue per hour on each contract that was worked on, lowest first."""
    total = s.fact(_RATE, who)
    facts = [fact for fact in s.facts(_RATE, "contract", entity_id=who) if fact.value is not None]

    def unbilled(fact: Fact) -> Fact:
        return s.fact("unbilled_revenue", who, **fact.dimensions)

    return table(
        "Revenue per hour worked by contract, lowest first, latest 12 complete months, actual",
        sorted(facts, key=lambda f: (f.number or 0, f.dimensions["contract"])),
        (
            words("Contract", lambda f: named(s, f.dimensions["contract"]) if "contract" in f.dimensions else ""),
            figures("Per hour", cells.rate),
            figures("Unbilled work", unbilled),
        ),
        total=total,
        total_name="All contracts",
        empty=phrases.missing(total, _WORK_LOG),
    )


def _margins(s: Selection, who: str) -> Table:
    total = s.fact("client_margin", who)
    facts = [fact for fact in s.facts("client_margin", "client", entity_id=who) if fact.value is not None]
    return table(
        "Margin by client: invoiced less direct and cloud cost, latest 12 complete months, actual",
        sorted(facts, key=lambda f: (-cents(f), f.dimensions["client"])),
        (
            words("Client", lambda f: f.dimensions.get("client", "")),
            itself("Margin", notes="never"),
            figures("Share", lambda f: cells.share(f, total)),
        ),
        total=total,
        total_name="All clients",
        note=phrases.sentence(total.reason) if total.value is not None else "",
        empty=phrases.missing(total, "Record invoices and postings with the contract that they belong to."),
    )
