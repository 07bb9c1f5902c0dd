"""The accounting officer's report: state of the books, revenue, income, balances, and the way to profitability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.findings import Action
from executive_suite.rendering.blocks import Kpi, Page, Section, View, section
from executive_suite.reports import cash_picture, frame, lists, months, phrases, story
from executive_suite.reports.absence import none, zero
from executive_suite.reports.accounting import (
    chart,
    close,
    expenses,
    owed,
    recognition,
    roadmap,
    statements,
    taxes,
)
from executive_suite.reports.accounting.income import MONTHS
from executive_suite.reports.kpis import against_budget, kpi, monthly
from executive_suite.reports.selection import Selection, cents
from executive_suite.wording import say

_CHANGES = (
    "revenue_recognised",
    "expense_by_function",
    "operating_income",
    "ar_ageing",
    "dso_days",
    "deferred_revenue_closing",
    "lodging_tax_liability",
    "bank_unreconciled_count",
)
_NO_SYSTEM = "no_accounting_system"
_GAPS = "accounting_gap"


def view(s: Selection, base: Page) -> View:
    """The accounting officer's report from the figures of a run."""
    page = replace(
        base,
        message=_message(s),
        picture=cash_picture.picture(s, base.report),
        kpis=_kpis(s),
        changes=frame.changes(s, *_CHANGES),
        decisions=story.decisions(s, base.report),
    )
    gaps = lists.findings(
        s, "Gaps in the books, by the rules of the group", _GAPS, empty="No gap in the books is open."
    )
    return View(
        page,
        {
            "statements": statements.statements(s),
            "taxes": taxes.taxes(s),
            "system": _system(s),
            "revenue": recognition.revenue(s),
            "expenses": expenses.expenses(s),
            "accounts": chart.accounts(s),
            "owed": owed.owed(s),
            "close": section(
                "The close",
                point=close.summary(s),
                covered=s.fact("trial_balance_difference").value is not None,
                rows={"checks": close.checks(s), "gaps": gaps, "fixed_assets": close.fixed_assets(s)},
            ),
            "roadmap": roadmap.roadmap(s),
        },
    )


def _system(s: Selection) -> Section:
    """The accounting system, and actions on the books."""
    ids = {_NO_SYSTEM, recognition.UNTRACKED}
    found = [finding for finding in s.figures.findings if finding.finding_id in ids or finding.kind == _GAPS]
    todo = lists.answers(s, found)
    return section(
        "The accounting system",
        point=_deployed(s, todo),
        covered=s.fact("accounting_system_deployed").value is not None,
        rows={
            "findings": lists.findings(
                s, "Accounting system, with the evidence", ids={_NO_SYSTEM}, empty="An accounting system is deployed."
            ),
            "actions": lists.answering(
                s,
                "What to do about the books, by severity and money at stake over effort",
                found,
                lists.unjudged(s, _GAPS) or "The thirty-day agenda has no action for the books.",
            ),
        },
    )


def _deployed(s: Selection, todo: Sequence[Action]) -> str:
    """Whether a system keeps the books; if none does, who deploys one and by when."""
    system = s.fact("accounting_system_deployed")
    if system.value is None:
        return say("Whether an accounting system is deployed is not recorded: {reason}.", reason=system.reason)
    if system.value:
        return say("An accounting system is deployed.")
    own = next((action for action in todo if action.action_id == _NO_SYSTEM), None)
    if own is None:
        return none("No accounting system is deployed: the books are kept by hand.", zero(system))
    who = f"{own.owner}, " if own.owner else ""
    by = say(" ({who}by {due_on})", who=who, due_on=formats.day(own.due_on)) if own.due_on else ""
    return none(
        "No accounting system is deployed: the books are kept by hand. {title}{by}.",
        zero(system),
        title=phrases.capital(own.title),
        by=by,
    )


def _message(s: Selection) -> tuple[str, ...]:
    """Income of the latest months; then the accounting system and whether the books balance."""
    revenue = s.months("revenue", MONTHS)
    if revenue and all(fact.number is not None for fact in revenue):
        earned, spent, kept = (sum(map(cents, s.months(m, MONTHS))) for m in ("revenue", "expenses", "net_income"))
        both = recognition.year_before(s)
        before = say(" (a year before: {both})", both=formats.money(both[1])) if both is not None else ""
        outcome = say(
            "a {value} of {kept}", value=say("profit") if kept >= 0 else say("loss"), kept=formats.money(abs(kept))
        )
        first = say(
            "Revenue of {earned}{before} less expenses of {spent} left {outcome} in the {revenue}.",
            earned=formats.money(earned),
            before=before,
            spent=formats.money(spent),
            outcome=outcome,
            revenue=months.latest(len(revenue)),
        )
    else:
        first = say(
            "Income is {fact}. {figures}.",
            fact=phrases.of(next((fact for fact in revenue if fact.number is None), s.fact("revenue"))),
            figures=phrases.capital(frame.calculated(s.figures)),
        )
    system, difference = s.fact("accounting_system_deployed"), s.fact("trial_balance_difference")
    known = (
        say("An accounting system is deployed")
        if system.value
        else none("No accounting system is deployed", zero(system))
    )
    if system.value is None:
        known = say("Whether an accounting system is deployed is not recorded")
    if difference.value is None:
        return (
            first,
            say(
                "{known}; whether the books balance is unknown, {figures}.",
                known=known,
                figures=frame.calculated(s.figures),
            ),
        )
    balance = say("debits and credits differ by {difference}", difference=formats.of(difference))
    if not difference.value:
        balance = say("the books balance (difference {difference})", difference=formats.of(difference))
    return (first, f"{known}; {balance}, {_open_lines(s)}.")


def _open_lines(s: Selection) -> str:
    """Unreconciled bank lines against the target of 0."""
    lines = s.fact("bank_unreconciled_count")
    if lines.value is None:
        return say("but the bank cannot be reconciled: {reason}", reason=lines.reason)
    if not lines.value:
        return say("and 0 bank lines are unreconciled")
    count = formats.counted(lines.value, say("bank line"))
    return say("but {count} {are} unreconciled (target: 0)", count=count, are=phrases.are(lines.value))


def _kpis(s: Selection) -> tuple[Kpi, ...]:
    late, receivables = s.fact("ar_ageing", bucket="90+"), kpi(s, "ar_ageing", "Open receivables")
    if late.value is not None:
        receivables = replace(receivables, note=say("over 90 days past due: {late}", late=formats.of(late)))
    return (
        against_budget(s, "net_income", "Net income"),
        monthly(s, "revenue", "Revenue"),
        monthly(s, "expenses", "Expenses"),
        receivables,
        kpi(s, "dso_days"),
        kpi(s, "bank_unreconciled_count"),
        kpi(s, "deferred_revenue_closing", "Deferred revenue"),
        kpi(s, "trial_balance_difference"),
    )
