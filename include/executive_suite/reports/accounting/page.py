"""The accounting officer's report: are the books right, what is recognised, what is owed, and the way to profit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import ActionList, Decision, FindingList, Kpi, Page, Table
from executive_suite.reports import frame, monthly, phrases
from executive_suite.reports.accounting import chart, close, expenses, income, owed, recognition, roadmap
from executive_suite.reports.accounting.statement import MONTHS
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
FIRST = (*recognition.SYSTEM, *recognition.TRACKING)


@dataclass(frozen=True, slots=True)
class AccountingView:
    """What the accounting template relies on."""

    page: Page
    system: FindingList
    actions: ActionList
    revenue: recognition.Revenue
    income: income.Income
    expenses: expenses.Expenses
    accounts: chart.Accounts
    owed: owed.Owed
    close: Table
    gaps: FindingList
    fixed_assets: Table
    taxes: Table
    roadmap: roadmap.Roadmap


def view(s: Selection, base: Page) -> AccountingView:
    """The accounting officer's report from the figures of a run."""
    page = replace(
        base,
        message=_message(s),
        kpis=_kpis(s),
        changes=frame.changes(s, *CHANGES),
        decisions=_decisions(s),
    )
    return AccountingView(
        page=page,
        system=recognition.only(
            s,
            "What is deployed, with the evidence",
            *recognition.SYSTEM,
            empty="An accounting system is deployed.",
        ),
        actions=phrases.answering(
            s,
            "What to do about the books, by severity and money at stake over effort",
            [f for f in s.figures.findings if f.finding_id in FIRST or f.kind == GAPS],
            phrases.untold(s, GAPS) or "The thirty-day agenda asks nothing of the books.",
        ),
        revenue=recognition.revenue(s),
        income=income.income(s),
        expenses=expenses.expenses(s),
        accounts=chart.accounts(s),
        owed=owed.owed(s),
        close=close.close(s),
        gaps=s.findings("Gaps in the books, by the rules of the group", GAPS, empty="No rule about the books fires."),
        fixed_assets=close.fixed_assets(s),
        taxes=owed.taxes(s),
        roadmap=roadmap.roadmap(s),
    )


def _message(s: Selection) -> tuple[str, ...]:
    """First the income of the latest months, then in what system the books are and whether they hold."""
    months = {metric: s.months(metric, MONTHS) for metric in ("revenue", "expenses", "net_income")}
    earned, spent, kept = (sum(f.value for f in facts if isinstance(f.value, int)) for facts in months.values())
    if months["revenue"]:
        both = recognition.year_before(s)
        before = f" (a year before {formats.money(both[1])})" if both is not None else ""
        outcome = f"a {'profit' if kept >= 0 else 'loss'} of {formats.money(abs(kept))}"
        span = f"in the {phrases.latest(len(months['revenue']))}"
        first = (
            f"Revenue of {formats.money(earned)}{before} against expenses of {formats.money(spent)}: {outcome} {span}."
        )
    else:
        first = f"Income cannot be told: {s.fact('revenue').reason}. {phrases.coverage(s)}."
    system, difference = s.fact("accounting_system_deployed"), s.fact("trial_balance_difference")
    if system.value is None:
        known = "Whether an accounting system is deployed cannot be told"
    else:
        known = "An accounting system is deployed" if system.value else "No accounting system is deployed"
    if difference.value is None:
        return (first, f"{known}; whether the books balance cannot be told, {phrases.coverage(s)}.")
    balance = f"debits and credits differ by {formats.of(difference)}"
    if not difference.value:
        balance = f"the books balance (difference {formats.of(difference)})"
    return (first, f"{known}; {balance}, {_open_lines(s)}.")


def _open_lines(s: Selection) -> str:
    """How far the bank is reconciled, against the only acceptable count."""
    lines = s.fact("bank_unreconciled_count")
    if lines.value is None:
        return f"but the bank cannot be reconciled: {lines.reason}"
    if not lines.value:
        return "and 0 bank lines are unreconciled"
    are = "is" if lines.value == 1 else "are"
    return f"but {formats.counted(lines.value, 'bank line')} {are} unreconciled, against a target of 0"


def _kpis(s: Selection) -> tuple[Kpi, ...]:
    late = s.fact("ar_ageing", bucket="90+")
    return (
        monthly.against_budget(s, "net_income", "Net income"),
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
    return shown if late.value is None else replace(shown, note=f"over 90 days past due: {formats.of(late)}")


def _decisions(s: Selection) -> tuple[Decision, ...]:
    """What the accounting officer is asked to decide, each with its figure; owner and day as the agenda has them."""
    found = []
    if s.fact("accounting_system_deployed").value is False:
        what = "Choose an accounting system and deploy it."
        found.append(_agreed(s, recognition.SYSTEM[0], Decision(what, _first_milestone(s))))
    gap = s.fact("revenue_recognition_difference")
    if gap.value:
        what = "Reconcile the revenue of the ledger with the schedule of obligations."
        found.append(Decision(what, f"Ledger less schedule: {formats.of(gap)} over {phrases.window(s)}."))
    for finding in s.figures.findings:
        if finding.finding_id in recognition.TRACKING and finding.outcome == "fires":
            what = f"Post or waive the revenue of {formats.counted(len(finding.evidence), 'completed booking')}."
            why = phrases.sentence(finding.evidence[0].text) if len(finding.evidence) == 1 else finding.reason
            worth = formats.stake(finding.at_stake_cents, finding.at_stake_every)
            stake = f"{worth} at stake" if worth else ""
            found.append(_agreed(s, finding.finding_id, Decision(what, why, stake=stake)))
    return (*found, *_settled(s))


def _agreed(s: Selection, finding_id: str, decision: Decision) -> Decision:
    """A decision with owner and day of the thirty-day agenda."""
    action = phrases.agreed(s).get(finding_id)
    return replace(decision, owner=action.owner, due=formats.day(action.due_on)) if action is not None else decision


def _settled(s: Selection) -> Iterator[Decision]:
    """Balances that somebody has to settle: what is owed for long, taxes, vendors, the bank."""
    late = s.fact("ar_ageing", bucket="90+")
    if late.value:
        stake = f"{formats.of(late)} over 90 days past due"
        yield Decision("Collect, provide for or write off what is owed for long.", owed.old(s), stake=stake)
    tax = s.fact("lodging_tax_liability")
    if isinstance(tax.value, int) and tax.value > 0:
        accrued, remitted = s.text("lodging_tax_accrued"), s.text("lodging_tax_remitted")
        why = f"{accrued} accrued on nights sold, {remitted} remitted."
        yield Decision("Remit the lodging tax.", why, stake=f"{formats.of(tax)} owed")
    vendors = s.fact("nec_1099_vendors")
    if vendors.value:
        what = f"Get the W-9 of {formats.counted(vendors.value, 'vendor')} above the reporting threshold."
        yield Decision(what, stake=f"{s.text('nec_1099_exposure')} paid this year")
    items = s.fact("bank_unreconciled_count")
    if items.value:
        what = f"Clear {formats.counted(items.value, 'unreconciled bank line')}."
        yield Decision(what, f"The oldest is {s.text('bank_unreconciled_oldest_days')} old.")


def _first_milestone(s: Selection) -> str:
    """The next milestone of the roadmap, in words."""
    names = ("milestone", "report", "title", "due_on", "target")
    facts = [
        f
        for f in s.facts("milestone_status", *names)
        if f.dimensions["report"] == roadmap.ROADMAP and not str(f.value).startswith("achieved")
    ]
    if not facts:
        return "No system is deployed."
    due = min(date.fromisoformat(f.dimensions["due_on"]) for f in facts)
    days = (due - s.figures.report_date).days
    ahead = f"in {formats.counted(days, 'day')}" if days >= 0 else f"{formats.counted(-days, 'day')} ago"
    return f"No system is deployed; the first milestone is due {formats.day(due)}, {ahead}."
