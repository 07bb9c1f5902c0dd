from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from executive_suite import config, metrics, reports
from executive_suite.document import Document
from executive_suite.facts import Fact, Input, ordered
from executive_suite.figures import Figures
from executive_suite.rendering import lint
from executive_suite.reports.audit import Concern, agenda, decisions
from executive_suite.reports.build import view_of
from executive_suite.reports.delivery import concerns as delivery_concerns
from executive_suite.reports.portfolio import concerns as portfolio_concerns
from executive_suite.reports.rental import concerns as rental_concerns
from executive_suite.reports.selection import Selection
from typed_tables import Rows, context, typed

ROOT = Path(__file__).parents[2]
DAY = "2026-05-01"
AUDITS = ("rental", "delivery", "portfolio")

# The sections that the product promises the reader of each audit.
PROMISED = {
    "rental": (
        "Valuation",
        "Rental revenue visibility",
        "Expenses by maintenance category",
        "Seasonal demand",
        "Occupancy against target",
    ),
    "delivery": (
        "Service delivery model",
        "Capacity constraints",
        "Cost per delivery",
        "Billing gaps",
        "Integration with the charter workflow",
    ),
    "portfolio": (
        "Billing gaps and portfolio reconciliation",
        "Revenue recognised by client tier",
        "Contract renewal calendar",
        "Churn risk",
    ),
}


def figures(facts: Sequence[Fact], *, previous: Sequence[Fact] = ()) -> Figures:
    metrics.definitions()
    return Figures(
        report_date=date.fromisoformat(DAY),
        cut_off="2026-05-01T07:00:00+00:00",
        zone="America/Los_Angeles",
        dataset_hash="0" * 64,
        facts=ordered(facts),
        previous=ordered(previous),
        previous_date="2026-04-01" if previous else "",
    )


def build(found: Figures, audit: str) -> Document:
    report = config.load(ROOT / "include" / "config").report(audit)
    return reports.build(found, report.model_copy(update={"formats": ("txt", "html")}))


def fact(metric_id: str, value: object, *, reason: str = "", status: str = "ok", **dimensions: str) -> Fact:
    unit = metrics.definitions()[metric_id].unit
    return Fact(metric_id, "one", DAY, value, unit, dimensions, status, reason, (Input("t", 1),))  # type: ignore[arg-type]


def titles(concerns: tuple[Concern, ...]) -> list[tuple[str, str]]:
    return [(concern.severity, concern.title) for concern in concerns]


@pytest.fixture(scope="module")
def nothing() -> Figures:
    return figures(metrics.compute_all(context(DAY)))


@pytest.mark.parametrize("audit", AUDITS)
def test_an_audit_of_nothing_reads_well_and_says_what_to_add(nothing: Figures, audit: str) -> None:
    document = build(nothing, audit)
    assert lint.check(document) == ()
    for section in PROMISED[audit]:
        assert section.upper() in document.text
    assert "[NOT EVALUABLE] Cannot be told" in document.text
    assert "is absent. Add " in " ".join(document.text.split())
    assert "the run has no such figure" not in document.text


def test_a_licence_is_a_concern_before_and_after_it_expires() -> None:
    def found(days: int | None) -> list[tuple[str, str]]:
        status = "not_applicable" if days is None else "ok"
        licence = fact("licence_days_left", days, kind="str_licence", reason="expires 1 Jan 2026", status=status)
        return titles(rental_concerns.concerns(Selection(figures([licence])), "one"))

    assert found(91) == []
    assert found(90) == [("high", "The short-term rental licence expires in 90 days")]
    assert found(-1) == [("critical", "The short-term rental licence has expired")]
    assert found(None) == [("high", "No short-term rental licence on file")]


# 600.00 of 1,000.00 gross was billed.
def test_income_without_an_invoice() -> None:
    facts = [fact("net_operating_income", 100_000, part="effective_gross_income"), fact("rent_billed", 60_000)]
    (found,) = rental_concerns.concerns(Selection(figures(facts)), "one")
    assert (found.severity, found.at_stake) == ("medium", 40_000)
    assert "400 USD of 1,000 USD (40 %)" in found.reason


# Income of 1,000.00 against 1,500.00 below the line, 300.00 of it depreciation: 200.00 short. Wear is not paid for.
def test_financing_that_income_does_not_cover() -> None:
    def found(cover: str) -> list[tuple[str, int | None]]:
        facts = [
            fact("net_operating_income", 100_000),
            fact("net_operating_income", 150_000, part="below_the_line"),
            fact("net_operating_income", 30_000, part="below_the_line_non_cash"),
            fact("property_debt_service_cover", Decimal(cover)),
        ]
        return [(c.severity, c.at_stake) for c in rental_concerns.concerns(Selection(figures(facts)), "one")]

    assert found("0.83") == [("critical", 20_000)]
    assert found("1.00") == [("high", None)]
    assert found("1.20") == []


def test_billing_gaps_of_deliveries_are_concerns_only_above_zero() -> None:
    def found(never: int, short: int, unpaid: int) -> list[str]:
        facts = [
            fact("delivery_billing_gap", never + short, reason="3 jobs"),
            fact("delivery_billing_gap", never, gap="completed_not_invoiced", reason="1 job"),
            fact("delivery_billing_gap", unpaid, gap="invoiced_not_collected", reason="3 jobs"),
        ]
        return [c.title for c in delivery_concerns.concerns(Selection(figures(facts)), "one")]

    assert found(0, 0, 0) == []
    assert found(5, 0, 0) == ["Completed jobs that were never invoiced"]
    assert found(0, 5, 0) == ["Invoices below the quote"]
    assert found(0, 0, 5) == ["Invoices not collected"]


def test_old_unbilled_work_is_critical() -> None:
    def severity(old: int) -> str:
        facts = [fact("unbilled_revenue", 1_000), fact("unbilled_revenue", old, age_days="91+")]
        (concern,) = portfolio_concerns.concerns(Selection(figures(facts)), "one")
        return concern.severity

    assert severity(500) == "high"
    assert severity(501) == "critical"


def test_contracts_that_end_within_the_quarter() -> None:
    def found(end: str, reason: str = "") -> int:
        facts = [
            fact("contract_renewals", end, contract="C", client="c", reason=reason),
            fact("renewal_mrr", 100, within_days="90"),
        ]
        return len(portfolio_concerns.concerns(Selection(figures(facts)), "one"))

    assert found("2026-07-30") == 1  # 90 days after 1 May
    assert found("2026-07-31") == 0
    assert found("2026-06-01", "renews itself") == 0


def test_one_client_with_more_than_half() -> None:
    def found(first: int, second: int) -> list[str]:
        facts = [fact("mrr", first + second), fact("mrr", first, client="a"), fact("mrr", second, client="b")]
        return [c.title for c in portfolio_concerns.concerns(Selection(figures(facts)), "one")]

    assert found(50, 50) == []
    assert found(51, 49) == ["Recurring revenue hangs on one client"]


# A licence is due on the day it expires, whatever has no day of its own thirty days after 1 May.
def test_what_to_do_has_an_owner_and_a_day() -> None:
    facts = [
        fact("licence_days_left", 10, kind="str_licence", reason="expires 11 May 2026"),
        fact("rent_billed", 50_000, part="arrears"),
    ]
    s = Selection(figures(facts))
    listed = agenda(s, "one", rental_concerns.concerns(s, "one"), "business owner", ())
    assert [(item.rank, item.owner, item.due) for item in listed.items] == [
        (1, "business owner", "31 May 2026"),
        (2, "business owner", "11 May 2026"),
    ]
    assert listed.items[0].score == "severity (high), 500 USD at stake"


def test_one_job_and_many_jobs_without_an_invoice() -> None:
    def reason(jobs: str) -> str:
        facts = [
            fact("delivery_billing_gap", 90_000, reason="3 jobs"),
            fact("delivery_billing_gap", 90_000, gap="completed_not_invoiced", reason=jobs),
            fact("days_to_invoice", 1, state="not_invoiced"),
        ]
        return delivery_concerns.concerns(Selection(figures(facts)), "one")[0].reason

    assert reason("1 job") == "1 completed job has no invoice, 1 day after completion: 900 USD quoted."
    assert reason("2 jobs") == "2 completed jobs have no invoice, on average 1 day after completion: 900 USD quoted."


def test_a_loss_that_comes_from_work_not_invoiced_says_so() -> None:
    def reason(never: int) -> str:
        facts = [
            fact("delivery_margin", Decimal("-0.1"), window="trailing_12_months"),
            fact("delivery_margin", Decimal("0.2")),
            fact("delivery_billing_gap", never, gap="completed_not_invoiced", reason="1 job"),
        ]
        found = delivery_concerns.concerns(Selection(figures(facts)), "one")
        return next(c.reason for c in found if c.title == "Jobs cost more than was invoiced")

    assert reason(0).endswith("against 20 % over all jobs.")
    assert reason(130_000).endswith("Completed work of 1,300 USD without an invoice counts as cost only.")


def test_the_two_lines_of_the_portfolio_do_not_say_the_same() -> None:
    facts = [
        fact("mrr", 60_000),
        fact("unbilled_revenue", 1_824_000),
        fact("unbilled_revenue", 1_493_900, age_days="91+"),
        fact("contracts_uninvoiced", 2, reason="of 3 active contracts in April 2026"),
    ]
    page = view_of(figures(facts), config.load(ROOT / "include" / "config").report("portfolio")).page
    assert page.message == (
        (
            "18,240 USD of billable work stands on no invoice, 14,939 USD of it for more than 90 days; "
            "recurring revenue is 600 USD a month."
        ),
        "2 of 3 active contracts in April 2026 got no invoice.",
    )


def lines(audit: str, facts: Sequence[Fact]) -> tuple[str, ...]:
    message = view_of(figures(facts), config.load(ROOT / "include" / "config").report(audit)).page.message
    assert isinstance(message, tuple)
    return message


def test_the_two_lines_of_an_audit_do_not_say_the_same() -> None:
    loss = [
        fact("delivery_jobs", 3, window="trailing_12_months"),
        fact("delivery_margin", Decimal("-0.1"), window="trailing_12_months"),
        fact("delivery_margin", Decimal("0.2")),
    ]
    first, second = lines("delivery", loss)
    assert "margin of \u221210 %" in first
    assert "margin" not in second
    empty = [fact("occupancy", Decimal("0.5")), fact("occupancy_target", Decimal("0.75")), fact("adr", 9_000)]
    first, second = lines("rental", empty)
    assert "50 %" in first
    assert "50 %" not in second


def test_invoices_above_income_cover_all_of_it() -> None:
    def reading(billed: int) -> str:
        facts = [
            fact("net_operating_income", 100_000),
            fact("net_operating_income", 100_000, part="effective_gross_income"),
            fact("rent_billed", billed),
        ]
        return view_of(figures(facts), config.load(ROOT / "include" / "config").report("rental")).rent.reading  # type: ignore[no-any-return]

    assert reading(110_000) == "Invoices of 1,100 USD cover all of the 1,000 USD of income of twelve months."
    assert reading(60_000) == "Invoices cover 600 USD (60 %) of the 1,000 USD of income of twelve months."


def contracts(names: Sequence[str]) -> Rows:
    return [
        {
            "contract_id": f"C{number}",
            "valid_from": "2025-01-01",
            "valid_to": None,
            "client_id": name,
            "tier": name,
            "billing_model": None,
            "mrr_cents": -5 if number % 2 else 10**11,
            "start_on": "2025-01-01",
            "end_on": "2026-06-01",
            "auto_renew": False,
            "notice_days": 30,
            "status": "active",
        }
        for number, name in enumerate(names)
    ]


HOSTILE = (
    "Ltd. " * 24,
    "\U0001f6a2 harbour <b>&amp;</b> {{ 7*7 }} {% raw %}",
    "\u05d7\u05d1\u05e8\u05d4 \u0628\u062d\u0631",
    "=cmd|' /C calc'!A0",
    "a_b*c[d]#e$f\\g",
)


def test_hostile_names_are_only_names() -> None:
    data = context(DAY, client_contract=typed("client_contract", contracts(HOSTILE)))
    document = build(figures(metrics.compute(data, "portfolio")), "portfolio")
    remarks = [r for r in lint.check(document) if r.rule not in {"template syntax", "an HTML entity in plain text"}]
    # The text part may show braces and entities, because a client is called so; markup must not come alive.
    assert [r for r in remarks if r.rule != "markup in plain text"] == []
    assert "<b>&amp;</b>" not in document.files["html"].decode()
    assert "{{ 7*7 }}" in " ".join(document.text.split())


@pytest.mark.parametrize("number", [1, 41, 400])
def test_any_number_of_contracts_is_readable(number: int) -> None:
    data = context(DAY, client_contract=typed("client_contract", contracts([f"client {n}" for n in range(number)])))
    document = build(figures(metrics.compute(data, "portfolio")), "portfolio")
    assert len(document.mail_html.encode()) < 100_000
    assert lint.check(document) == ()


# A month that sold as many nights as a year earlier for a tenth less a night, or more, is asked about.
def test_as_many_nights_for_less() -> None:
    def month(metric_id: str, period: str, value: object) -> Fact:
        unit = metrics.definitions()[metric_id].unit
        return Fact(metric_id, "one", period, value, unit)  # type: ignore[arg-type]

    def found(sold: str, earned: int) -> list[str]:
        facts = [
            month("occupancy", "2025-04", Decimal("0.5")),
            month("revpar", "2025-04", 10_000),
            month("occupancy", "2026-04", Decimal(sold)),
            month("revpar", "2026-04", earned),
        ]
        return [c.title for c in rental_concerns.concerns(Selection(figures(facts)), "one")]

    assert found("0.6", 8_999) == ["As many nights at a lower price"]
    assert found("0.6", 9_000) == []
    assert found("0.4", 8_999) == []


# A cover of 1.20 on 1,200.00 paid takes 1,440.00 of income: 190.00 more than 1,250.00, of which 50.00 is left now.
def test_what_a_sound_cover_takes_is_told() -> None:
    facts = [
        fact("net_operating_income", 125_000),
        fact("net_operating_income", 120_000, part="below_the_line"),
        fact("property_debt_service_cover", Decimal("1.04")),
    ]
    (concern,) = rental_concerns.concerns(Selection(figures(facts)), "one")
    assert concern.decision == (
        "Raise income or lower the financing by 190 USD a year, to reach a cover of 1.20\u00d7: 50 USD is left now."
    )


def test_page_one_asks_about_what_is_grave_and_the_agenda_about_all() -> None:
    facts = [
        fact("licence_days_left", 10, kind="str_licence", reason="expires 11 May 2026"),
        fact("maintenance_cost", 5_000, state="not_in_ledger"),
    ]
    s = Selection(figures(facts))
    found = rental_concerns.concerns(s, "one")
    assert [(d.what[:5], d.due) for d in decisions(s, found)] == [("Renew", "11 May 2026")]
    assert len(agenda(s, "one", found, "owner", ()).items) == 2
    mild = tuple(c for c in found if c.severity == "medium")
    assert [d.what for d in decisions(s, mild)] == ["Book 50 USD of work orders."]


def trailing(metric_id: str, value: object, **more: str) -> Fact:
    return fact(metric_id, value, window="trailing_12_months", **more)


# Two jobs of 400.00 each against 500.00 invoiced lose 60 %; with 500.00 more invoiced, 200.00 of 1,000.00 are left.
def test_the_margin_that_invoicing_everything_would_bring() -> None:
    facts = [
        trailing("delivery_jobs", 2),
        trailing("cost_per_delivery", 40_000),
        trailing("delivery_margin", Decimal("-0.6")),
        trailing("days_to_invoice", 20, state="not_invoiced"),
        fact("delivery_billing_gap", 50_000, gap="completed_not_invoiced", reason="1 job"),
    ]
    waited = fact("days_to_invoice", 20, state="not_invoiced")
    assert delivery_concerns.margin_if_invoiced(Selection(figures([*facts, waited])), "one") == Decimal("0.2")
    older = fact("days_to_invoice", 400, state="not_invoiced")  # a job from before the window costs nothing in it
    assert delivery_concerns.margin_if_invoiced(Selection(figures([*facts, older])), "one") is None
    assert delivery_concerns.margin_if_invoiced(Selection(figures(facts[:4])), "one") is None


def test_months_without_a_job_are_a_concern_from_the_third_on() -> None:
    def found(last: str, planned: int) -> list[tuple[str, str]]:
        months = [f"2025-{month:02d}" for month in range(9, 13)] + [f"2026-{month:02d}" for month in range(1, 5)]
        facts = [Fact("delivery_jobs", "one", month, int(month <= last), "count") for month in months]
        facts.append(fact("delivery_jobs", planned, state="planned"))
        return titles(delivery_concerns.concerns(Selection(figures(facts)), "one"))

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
    assert first == "1 job in twelve months; the margin cannot be told: table delivery_crew is absent."
    assert second == "No job has set out since Sep 2025, in 7 complete months; 2 jobs are planned."
