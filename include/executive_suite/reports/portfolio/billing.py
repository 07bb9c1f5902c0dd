"""The portfolio section on billing gaps: unbilled work, and months in which a contract got no invoice."""

from __future__ import annotations

from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.period import complete_months
from executive_suite.rendering.blocks import Cell, Chart, Section, Table, section
from executive_suite.rendering.charts import Point
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.absence import Proof, none
from executive_suite.reports.portfolio.contracts import CONTRACTS, named
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, itself, month, table, words
from executive_suite.reports.tables.lean import lean, shown
from executive_suite.wording import noted, say

_UNBILLED, _UNINVOICED = "unbilled_revenue", "contracts_uninvoiced"
_WORK_LOG = noted("Record the work with its minutes and rate.")
_OLD = "91+"
_AGES = {
    "0-30": noted("0 to 30 days"),
    "31-60": noted("31 to 60 days"),
    "61-90": noted("61 to 90 days"),
    _OLD: noted("over 90 days"),
}


def gaps(s: Selection, who: str) -> Section:
    """The section on billing gaps: unbilled work, and active contracts without an invoice."""
    return section(
        "Billing gaps and portfolio reconciliation",
        covered=any(s.fact(name, who).value is not None for name in (_UNBILLED, _UNINVOICED)),
        point=_reading(s, who),
        rows={"ages": _ages(s, who), "contracts": _by_contract(s, who), "uninvoiced": _reconciled(s, who)},
        **shown(clients=_to_bill(s, who)),
    )


def _to_bill(s: Selection, who: str) -> Table:
    """The clients with unbilled work or months without an invoice, most work first."""
    missed = _missed(s, who)
    work = {f.dimensions["contract"]: f for f in s.facts(_UNBILLED, "contract", entity_id=who) if cents(f)}
    order = sorted(
        {*missed, *work}, key=lambda name: (-cents(work[name]) if name in work else 0, -len(missed.get(name, ())), name)
    )
    return lean(
        table(
            say("Work to bill, and months of the latest {year} without an invoice", year=months.YEAR),
            order,
            (
                words("Client", lambda name: named(s, name)),
                figures(
                    "Unbilled work",
                    lambda name: cells.of(work[name], notes="never") if name in work else cells.money(0),
                ),
                figures("Months", lambda name: Cell(len(missed.get(name, ())), "count")),
            ),
        )
    )


def unbilled(s: Selection, who: str) -> str:
    """How much billable work is unbilled, and how much of that is old; without a full stop."""
    gap, old = s.fact(_UNBILLED, who), s.fact(_UNBILLED, who, age_days=_OLD)
    if gap.value is None:
        return say("unbilled work is {gap}", gap=phrases.of(gap))
    if not gap.value:
        return say("all billable work is billed")
    aged = say(", {old} of it for more than 90 days", old=formats.of(old)) if cents(old) else ""
    return say("{gap} of billable work is unbilled{aged}", gap=formats.of(gap), aged=aged)


def _reading(s: Selection, who: str) -> str:
    gap, bare = s.fact(_UNBILLED, who), s.fact(_UNINVOICED, who)
    if gap.value is None:
        return phrases.missing(gap, _WORK_LOG)
    early = s.fact(_UNBILLED, who, state="before_contract_start")
    invoices = none(
        "{none} {reason} got no invoice",
        Proof(bare.value is not None, (bare.fact_id,)),
        none=formats.of(bare),
        reason=bare.reason,
    )
    if bare.value is None:
        invoices = say("contracts without an invoice: {none}", none=phrases.of(bare))
    before = (
        say(" Not included is work done before a contract began: {early}.", early=formats.of(early))
        if early.value
        else ""
    )
    return f"{phrases.capital(unbilled(s, who))}; {invoices}.{_first(s, who)}{before}"


def _first(s: Selection, who: str) -> str:
    """The client with most unbilled work, where others have some as well."""
    work = [f for f in s.facts(_UNBILLED, "contract", entity_id=who) if cents(f)]
    if len(work) <= 1:
        return ""
    most = max(work, key=lambda f: (cents(f), f.dimensions["contract"]))
    return say(" Bill {named} first, {most}.", named=named(s, most.dimensions["contract"]), most=formats.of(most))


def _ages(s: Selection, who: str) -> Chart:
    whole = s.fact(_UNBILLED, who)
    facts = {age: s.fact(_UNBILLED, who, age_days=age) for age in _AGES}
    points = [
        Point(say(_AGES[age]), cents(f), formats.of(f), tone="act" if age == _OLD and cents(f) > 0 else "neutral")
        for age, f in facts.items()
        if f.value is not None
    ]
    return pictures.bars(
        "unbilled",
        say("Unbilled work by age, {currency}, at the report date", currency=formats.currency()),
        points,
        of="Unbilled work",
        instead=say("Unbilled work is {whole}", whole=phrases.of(whole)),
        finding=_found(whole, facts[_OLD]),
    )


def _found(whole: Fact, old: Fact) -> str:
    """How much of the unbilled work is old."""
    if whole.number is None:
        return ""
    if cents(whole) <= 0:
        known = Proof(holds=True, facts=(whole.fact_id,))
        return none("Unbilled work is {whole}: no work waits for an invoice.", known, whole=formats.of(whole))
    if cents(old) <= 0:
        return say("All unbilled work, {whole}, is less than 91 days old.", whole=formats.of(whole))
    part = formats.share(Decimal(cents(old)) / cents(whole))
    return say("{part} of the unbilled work is more than 90 days old, and older work is harder to bill.", part=part)


def _by_contract(s: Selection, who: str) -> Table:
    total = s.fact(_UNBILLED, who)
    facts = [fact for fact in s.facts(_UNBILLED, "contract", entity_id=who) if cents(fact)]
    return table(
        "Unbilled work by contract, at the report date",
        sorted(facts, key=lambda f: (-cents(f), f.dimensions["contract"])),
        (
            words("Contract", lambda f: named(s, f.dimensions["contract"]) if "contract" in f.dimensions else ""),
            itself("Unbilled", notes="always"),
            figures("Share", lambda f: cells.share(f, total)),
        ),
        total=total,
        total_name="All contracts",
        empty=phrases.missing(total, _WORK_LOG, "All billable work is on an invoice."),
    )


def _missed(s: Selection, who: str) -> dict[str, list[Fact]]:
    """The months of the latest twelve in which a contract was active and got no invoice, by contract."""
    periods = {str(period) for period in complete_months(s.figures.report_date, months.YEAR)}
    missed: dict[str, list[Fact]] = {}
    for fact in s.every(_UNINVOICED):
        if fact.entity_id == who and fact.period in periods and "contract" in fact.dimensions and cents(fact):
            missed.setdefault(fact.dimensions["contract"], []).append(fact)
    return missed


def _reconciled(s: Selection, who: str) -> Table:
    """Months in which each contract was active but not invoiced, most first."""
    missed = _missed(s, who)

    def name(contract: str) -> Cell:
        return Cell(named(s, contract), assumed=any(fact.assumed for fact in missed[contract]))

    return table(
        say(
            "Contracts reconciled with invoices: months without one of the latest {year}, and unbilled work",
            year=months.YEAR,
        ),
        sorted(missed, key=lambda contract: (-len(missed[contract]), contract)),
        (
            words("Contract", name),
            figures("Months", lambda contract: Cell(len(missed[contract]), "count")),
            month(lambda contract: min(fact.period for fact in missed[contract]), "First"),
            month(lambda contract: max(fact.period for fact in missed[contract]), "Latest"),
            figures("Unbilled", lambda contract: s.fact(_UNBILLED, who, contract=contract), notes="never"),
        ),
        empty=phrases.missing(
            s.fact(_UNINVOICED, who),
            CONTRACTS,
            "Every active contract was invoiced.",
        ),
    )
