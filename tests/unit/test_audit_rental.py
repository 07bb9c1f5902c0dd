"""The audit of rented property: its concerns and messages."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from audit_facts import ROOT, concerns, fact, figures, titles
from executive_suite import config, metrics
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.reports import story
from executive_suite.reports.audit import agenda
from executive_suite.reports.build import view_of
from executive_suite.reports.rental import season
from executive_suite.reports.selection import Selection


def test_a_licence_is_a_concern_before_and_after_it_expires() -> None:
    def found(days: int | None) -> list[tuple[str, str]]:
        none = {"status": "not_applicable", "qualifier": Qualifier(Why.NOT_ON_FILE)} if days is None else {}
        licence = fact("licence_days_left", days, kind="str_licence", **none)
        return titles("rental", [licence])

    assert found(91) == []
    assert found(90) == [("high", "The short-term rental license expires in 90 days")]
    assert found(-1) == [("critical", "The short-term rental license has expired")]
    assert found(None) == [("high", "No short-term rental license on file")]


# 600.00 of 1,000.00 gross was billed.
def test_income_without_an_invoice() -> None:
    facts = [fact("net_operating_income", 100_000, part="effective_gross_income"), fact("rent_billed", 60_000)]
    (found,) = concerns("rental", facts)
    assert (found.severity, found.at_stake_cents) == ("medium", 40_000)
    assert "$400 of the $1,000 (40%)" in found.reason


# Income of 1,000.00 against 1,500.00 below the line, 300.00 of it depreciation: 200.00 short. Wear is not paid for.
def test_financing_that_income_does_not_cover() -> None:
    def found(cover: str) -> list[tuple[str, int | None]]:
        facts = [
            fact("net_operating_income", 100_000),
            fact("net_operating_income", 150_000, part="below_the_line"),
            fact("net_operating_income", 30_000, part="below_the_line_non_cash"),
            fact("property_debt_service_cover", Decimal(cover)),
        ]
        return [(c.severity, c.at_stake_cents) for c in concerns("rental", facts)]

    assert found("0.83") == [("critical", 20_000)]
    assert found("1.00") == [("high", None)]
    assert found("1.20") == []


# One action has one owner and one day: those of the list that all reports share.
def test_what_to_do_has_the_owner_and_the_day_of_the_one_list() -> None:
    facts = [
        fact("licence_days_left", 10, kind="str_licence", reason="expires 11 May 2026"),
        fact("rent_billed", 50_000, part="arrears"),
    ]
    s = Selection(figures(facts))
    listed = agenda(s, "rental_concern", "business owner")
    assert [item.rank for item in listed.items] == [1, 2]
    asked = [(decision.what.rstrip("."), decision.owner, decision.due) for decision in story.decisions(s, "rental")]
    assert [(item.title, item.owner, item.due) for item in listed.items] == asked
    assert asked[0][2] == "May 11, 2026"  # the day on which the license expires
    assert "severity (high), $500 at stake" in {item.score for item in listed.items}


# Without the shared list, the reader answers for it, thirty days after 1 May where the records name no day.
def test_what_is_on_no_list_is_for_the_reader() -> None:
    bare = replace(figures([fact("rent_billed", 50_000, part="arrears")]), actions=())
    (item,) = agenda(Selection(bare), "rental_concern", "business owner").items
    assert (item.owner, item.due) == ("business owner", "May 31, 2026")


def test_invoices_above_income_cover_all_of_it() -> None:
    def reading(billed: int) -> str:
        facts = [
            fact("net_operating_income", 100_000),
            fact("net_operating_income", 100_000, part="effective_gross_income"),
            fact("rent_billed", billed),
        ]
        return view_of(figures(facts), config.load(ROOT / "include" / "config").report("rental"))["rent"].point

    assert reading(110_000) == "Invoices of $1,100 cover all of the 12-month income of $1,000."
    assert reading(60_000) == "Invoices cover $600 (60%) of the 12-month income of $1,000."


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
        return [title for _, title in titles("rental", facts)]

    assert found("0.6", 8_999) == ["More nights sold, at much lower rates"]
    assert found("0.6", 9_000) == []
    assert found("0.4", 8_999) == []


# A cover of 1.20 on 1,200.00 paid takes 1,440.00 of income: 190.00 more than 1,250.00, of which 50.00 is left now.
def test_what_a_sound_cover_takes_is_told() -> None:
    facts = [
        fact("net_operating_income", 125_000),
        fact("net_operating_income", 120_000, part="below_the_line"),
        fact("property_debt_service_cover", Decimal("1.04")),
    ]
    (concern,) = concerns("rental", facts)
    assert concern.action == (
        "Raise income or cut financing costs by $190 a year to reach cover of 1.20\u00d7; $50 is left now."
    )


# A day that is near outranks an amount of 50 USD: 3 x (1 + 20/30) / 2 days of work, and 1 x 1.05 / 2.
def test_page_one_and_the_agenda_ask_about_the_same_in_one_order() -> None:
    facts = [
        fact("licence_days_left", 10, kind="str_licence", reason="expires 11 May 2026"),
        fact("maintenance_cost", 5_000, state="not_in_ledger"),
    ]
    s = Selection(figures(facts))
    asked = story.decisions(s, "rental")
    assert [d.what[:5] for d in asked] == ["Renew", "Book "]
    assert asked[0].due == "May 11, 2026"
    assert [item.title for item in agenda(s, "rental_concern", "owner").items] == [d.what[:-1] for d in asked]
    mild = Selection(figures(facts[1:]))
    assert [d.what for d in story.decisions(mild, "rental")] == ["Book $50 of work orders."]


# Two months of the same highest demand are both named: naming one of equals would tell something that is not so.
def test_months_of_equal_demand_are_named_together() -> None:
    index = {"01": "1.27", "03": "1.27", "06": "0.70", "11": "0.67"}
    facts = [
        replace(fact("seasonal_index", Decimal(value), month=month), unit="index") for month, value in index.items()
    ]
    chart = season.season(Selection(figures(facts)), "one")["chart"]
    assert chart.finding == "Seasonal demand (index) is highest in Jan and Mar (1.27), lowest in Nov (0.67)."


# A reason may stand alone on page one, away from its title: each names what it speaks of, in no machine's words.
def test_reasons_stand_without_their_titles() -> None:
    absent = fact(
        "licence_days_left",
        None,
        kind="str_licence",
        status="not_applicable",
        qualifier=Qualifier(Why.NOT_ON_FILE),
    )
    facts = [fact("economic_occupancy", Decimal("0.777")), absent]
    reasons = [concern.reason for concern in concerns("rental", facts)]
    assert reasons == [
        "No short-term rental license is on file; without it, no night may be sold.",
        "Only 77.7% of the possible rent came in over 12 months (economic occupancy).",
    ]
