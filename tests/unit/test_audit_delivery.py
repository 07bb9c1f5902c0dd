"""The audit of yacht deliveries: its concerns and messages."""

from __future__ import annotations

from decimal import Decimal

from audit_facts import concerns, fact, figures, lines, titles
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.reports.delivery import concerns as delivery_concerns
from executive_suite.reports.selection import Selection


def jobs(count: int) -> Qualifier:
    return Qualifier(Why.COUNTED, count)


def test_billing_gaps_of_deliveries_are_concerns_only_above_zero() -> None:
    def found(never: int, short: int, unpaid: int) -> list[str]:
        facts = [
            fact("delivery_billing_gap", never + short, qualifier=jobs(3)),
            fact("delivery_billing_gap", never, gap="completed_not_invoiced", qualifier=jobs(1)),
            fact("delivery_billing_gap", unpaid, gap="invoiced_not_collected", qualifier=jobs(3)),
        ]
        return [title for _, title in titles("delivery", facts)]

    assert found(0, 0, 0) == []
    assert found(5, 0, 0) == ["Completed jobs that were never invoiced"]
    assert found(0, 5, 0) == ["Invoices below the quote"]
    assert found(0, 0, 5) == ["Invoices not collected"]


def test_one_job_and_many_jobs_without_an_invoice() -> None:
    def reason(count: int) -> str:
        facts = [
            fact("delivery_billing_gap", 90_000, qualifier=jobs(3)),
            fact("delivery_billing_gap", 90_000, gap="completed_not_invoiced", qualifier=jobs(count)),
            fact("days_to_invoice", 1, state="not_invoiced"),
        ]
        return concerns("delivery", facts)[0].reason

    assert reason(1) == "1 completed job has no invoice, 1 day after completion: $900 quoted."
    assert reason(2) == "2 completed jobs have no invoice, on average 1 day after completion: $900 quoted."


def test_a_loss_that_comes_from_work_not_invoiced_says_so() -> None:
    def reason(never: int) -> str:
        facts = [
            fact("delivery_margin", Decimal("-0.1"), window="trailing_12_months"),
            fact("delivery_margin", Decimal("0.2")),
            fact("delivery_billing_gap", never, gap="completed_not_invoiced", qualifier=jobs(1)),
        ]
        return next(c.reason for c in concerns("delivery", facts) if c.title == "Jobs cost more than was invoiced")

    assert reason(0).endswith("against 20% over all jobs.")
    assert reason(130_000).endswith("Completed work of $1,300 without an invoice counts as cost only.")


def trailing(metric_id: str, value: object, **more: str) -> Fact:
    return fact(metric_id, value, window="trailing_12_months", **more)


# Two jobs of 400.00 each against 500.00 invoiced lose 60 %; with 500.00 more invoiced, 200.00 of 1,000.00 are left.
def test_the_margin_that_invoicing_everything_would_bring() -> None:
    facts = [
        trailing("delivery_jobs", 2),
        trailing("cost_per_delivery", 40_000),
        trailing("delivery_margin", Decimal("-0.6")),
        trailing("days_to_invoice", 20, state="not_invoiced"),
        fact("delivery_billing_gap", 50_000, gap="completed_not_invoiced", qualifier=jobs(1)),
    ]
    waited = fact("days_to_invoice", 20, state="not_invoiced")
    assert delivery_concerns.margin_if_invoiced(Selection(figures([*facts, waited]))) == Decimal("0.2")
    older = fact("days_to_invoice", 400, state="not_invoiced")  # a job from before the window costs nothing in it
    assert delivery_concerns.margin_if_invoiced(Selection(figures([*facts, older]))) is None
    assert delivery_concerns.margin_if_invoiced(Selection(figures(facts[:4]))) is None


def test_months_without_a_job_are_a_concern_from_the_third_on() -> None:
    def found(last: str, planned: int) -> list[tuple[str, str]]:
        months = [f"2025-{month:02d}" for month in range(9, 13)] + [f"2026-{month:02d}" for month in range(1, 5)]
        facts = [Fact("delivery_jobs", "one", month, int(month <= last), "count") for month in months]
        facts.append(fact("delivery_jobs", planned, state="planned"))
        return titles("delivery", facts)

    assert found("2026-02", 1) == []
    assert found("2026-01", 1) == [("high", "No job has set out for months")]
    assert found("2026-01", 0) == [("critical", "No job has set out for months")]
    assert found("2025-01", 0) == []  # a business that has not begun yet


# Without crew on record nothing is said of what it could have carried; without a cost nothing of a margin.
def test_what_is_not_recorded_is_not_told_as_nothing() -> None:
    months = [f"2025-{month:02d}" for month in range(9, 13)] + [f"2026-{month:02d}" for month in range(1, 5)]
    facts = [Fact("delivery_jobs", "one", month, int(month == "2025-09"), "count") for month in months]
    facts += [trailing("delivery_jobs", 1), fact("delivery_jobs", 2, state="planned")]
    facts.append(trailing("delivery_margin", None, status="not_evaluable", reason="table delivery_crew is absent"))
    first, second = lines("delivery", facts)
    assert first == "1 job in 12 months; the margin is n/a (table delivery_crew is absent)."
    assert second == "No job has set out since Sep 2025, in 7 complete months; 2 jobs planned."
