"""The accounting officer's report: are the books right, what is recognised, what is owed, and the way to profit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from executive_suite.facts import Fact
from executive_suite.period import last_complete_month
from executive_suite.rendering.blocks import ActionList, Decision, FindingList, Kpi, Page, Table, Tone
from executive_suite.reports import frame, phrases, wording
from executive_suite.reports.accounting import books
from executive_suite.reports.accounting import revenue as accounting_revenue
from executive_suite.reports.selection import Selection

CHANGES = (
    "revenue_recognised",
    "expense_by_function",
    "operating_income",
    "ar_ageing",
    "dso_days",
    "deferred_revenue_closing",
    "lodging_tax_liability",
    "bank_unreconciled_count",
)


GAPS = "accounting_gap"
FIRST = (*accounting_revenue.SYSTEM, *accounting_revenue.TRACKING)


@dataclass(frozen=True, slots=True)
class AccountingView:
    """What the accounting template relies on."""

    page: Page
    system: FindingList
    actions: ActionList
    revenue: accounting_revenue.Revenue
    income: books.Income
    expenses: books.Expenses
    accounts: books.Accounts
    owed: accounting_revenue.Owed
    close: Table
    gaps: FindingList
    fixed_assets: Table
    taxes: Table
    roadmap: accounting_revenue.Roadmap


def view(s: Selection, base: Page) -> AccountingView:
    """The accounting officer's report from the figures of a run."""
    page = replace(
        base,
        message=_message(s),
        kpis=_kpis(s),
        changes=frame.changes(s, *CHANGES),
        decisions=tuple(map(Decision, _decisions(s))),
    )
    return AccountingView(
        page=page,
        system=accounting_revenue.only(
            s,
            "What is deployed, with the evidence",
            *accounting_revenue.SYSTEM,
            empty="An accounting system is deployed.",
        ),
        actions=phrases.answering(
            s,
            "What to do about the books, by severity and money at stake over effort",
            [f for f in s.figures.findings if f.finding_id in FIRST or f.kind == GAPS],
            phrases.untold(s, GAPS) or "The thirty-day agenda asks nothing of the books.",
        ),
        revenue=accounting_revenue.revenue(s),
        income=books.income(s),
        expenses=books.expenses(s),
        accounts=books.accounts(s),
        owed=accounting_revenue.owed(s),
        close=books.close(s),
        gaps=s.findings("Gaps in the books, by the rules of the group", GAPS, empty="No rule about the books fires."),
        fixed_assets=books.fixed_assets(s),
        taxes=accounting_revenue.taxes(s),
        roadmap=accounting_revenue.roadmap(s),
    )


def _message(s: Selection) -> tuple[str, ...]:
    """First the income of the latest months, then in what system the books are and whether they hold."""
    months = {metric: s.months(metric, books.MONTHS) for metric in ("revenue", "expenses", "net_income")}
    earned, spent, kept = (sum(f.value for f in facts if isinstance(f.value, int)) for facts in months.values())
    if months["revenue"]:
        outcome = f"a {'profit' if kept >= 0 else 'loss'} of {wording.money(abs(kept))}"
        span = f"in the {phrases.latest(len(months['revenue']))}"
        first = f"Revenue of {wording.money(earned)} against expenses of {wording.money(spent)}: {outcome} {span}."
    else:
        first = f"Income cannot be told: {s.fact('revenue').reason}. {phrases.coverage(s)}."
    system, difference = s.fact("accounting_system_deployed"), s.fact("trial_balance_difference")
    if system.value is None:
        known = "Whether an accounting system is deployed cannot be told"
    else:
        known = "An accounting system is deployed" if system.value else "No accounting system is deployed"
    if difference.value is None:
        return (first, f"{known}; whether the books balance cannot be told, {phrases.coverage(s)}.")
    balance = f"debits and credits differ by {wording.of(difference)}"
    return (first, f"{known}; {balance}, {_open_lines(s)}.")


def _open_lines(s: Selection) -> str:
    """How far the bank is reconciled, against the only acceptable count."""
    lines = s.fact("bank_unreconciled_count")
    if lines.value is None:
        return f"but the bank cannot be reconciled: {lines.reason}"
    if not lines.value:
        return "and 0 bank lines are unreconciled"
    are = "is" if lines.value == 1 else "are"
    return f"but {wording.counted(lines.value, 'bank line')} {are} unreconciled, against a target of 0"


def _kpis(s: Selection) -> tuple[Kpi, ...]:
    late = s.fact("ar_ageing", bucket="90+")
    return (
        _income(s),
        s.kpi("revenue_recognised", f"Revenue recognised, {phrases.window(s)}"),
        s.kpi("expense_by_function", f"Expenses, {phrases.window(s)}"),
        s.kpi("trial_balance_difference"),
        s.kpi("bank_unreconciled_count"),
        _receivables(s, late),
        s.kpi("dso_days"),
        s.kpi("deferred_revenue_closing", "Deferred revenue"),
    )


def _receivables(s: Selection, late: Fact) -> Kpi:
    """What is owed to the group, and how much of it is old."""
    shown = s.kpi("ar_ageing", "Open receivables")
    return shown if late.value is None else replace(shown, note=f"over 90 days past due: {wording.of(late)}")


def _income(s: Selection) -> Kpi:
    """Net income of the latest complete month beside its budget, else beside the month before."""
    month = last_complete_month(s.figures.report_date)
    fact = s.fact("net_income", period=str(month))
    variance = s.fact("budget_variance", period=str(month))
    label = f"Net income, {wording.month(str(month))}"
    name, other = "budget", s.fact("budget_amount", period=str(month))
    if other.value is None:
        name, other = "month before", s.fact("net_income", period=str(month + -1))
    if not isinstance(fact.value, int) or not isinstance(other.value, int):
        return Kpi(label, wording.of(fact), "no target or prior: none set", metric_id=fact.metric_id, note=fact.reason)
    difference = fact.value - other.value
    tone: Tone = "neutral" if not difference else "good" if difference > 0 else "bad"
    moved = f"{'+' if difference > 0 else ''}{wording.money(difference)}" if difference else "unchanged"
    compared = f"{name} {wording.of(other)}, {moved}"
    return Kpi(
        label, wording.of(fact), compared, tone, fact.metric_id, note=variance.reason if name == "budget" else ""
    )


def _decisions(s: Selection) -> tuple[str, ...]:
    """What the accounting officer is asked to decide; each with its figure."""
    found = []
    if s.fact("accounting_system_deployed").value is False:
        first = _first_milestone(s)
        found.append(f"Choose an accounting system and deploy it{first}.")
    gap = s.fact("revenue_recognition_difference")
    if gap.value:
        found.append(f"Settle {wording.of(gap)} between ledger revenue and the schedule of obligations.")
    tracked = [f for f in s.figures.findings if f.finding_id in accounting_revenue.TRACKING and f.outcome == "fires"]
    found += [
        f"Post or waive the revenue of {wording.counted(len(f.evidence), 'completed booking')}"
        f"{_stake(f.at_stake_cents)}."
        for f in tracked
    ]
    late = s.fact("ar_ageing", bucket="90+")
    if late.value:
        found.append(f"Collect, provide for or write off {wording.of(late)} of receivables over 90 days past due.")
    tax = s.fact("lodging_tax_liability")
    if isinstance(tax.value, int) and tax.value > 0:
        found.append(f"Remit {wording.of(tax)} of lodging tax.")
    vendors = s.fact("nec_1099_vendors")
    if vendors.value:
        who = wording.counted(vendors.value, "vendor")
        found.append(f"Get the W-9 of {who} paid {s.text('nec_1099_exposure')} this year.")
    items = s.fact("bank_unreconciled_count")
    if items.value:
        oldest = s.text("bank_unreconciled_oldest_days")
        found.append(f"Clear {wording.counted(items.value, 'unreconciled bank line')}, the oldest {oldest} old.")
    return tuple(found)


def _stake(cents: int | None) -> str:
    return "" if cents is None else f", {wording.money(cents)} at stake"


def _first_milestone(s: Selection) -> str:
    """The next milestone of the roadmap, in words."""
    names = ("milestone", "report", "title", "due_on", "target")
    facts = [
        f
        for f in s.facts("milestone_status", *names)
        if f.dimensions["report"] == accounting_revenue.ROADMAP and not str(f.value).startswith("achieved")
    ]
    if not facts:
        return ""
    due = min(date.fromisoformat(f.dimensions["due_on"]) for f in facts)
    days = (due - s.figures.report_date).days
    ahead = f"in {wording.counted(days, 'day')}" if days >= 0 else f"{wording.counted(-days, 'day')} ago"
    return f"; the first milestone is due {wording.day(due)}, {ahead}"
