"""Contacts, campaigns, channels, the listing sequence, the funnel, mail and search."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.metrics.marketing import campaigns, channels, economics, funnel
from group_data import add, at, changed, fact, facts_of, put, sample, without
from typed_tables import context, typed

INSTANT = pd.Timestamp("2026-04-01T20:00:00Z")


def test_the_email_blast_of_the_product_statement() -> None:
    # "3,676 sendable of 4,000 contacts; 10,000-50,000 USD gross bookings; 324 suppressed", send cost about 0.37 USD.
    assert fact(sample(), "marketing", "campaign_contacts_sendable").value == 3676
    assert fact(sample(), "marketing", "campaign_contacts_sendable", state="suppressed").value == 324
    values = [fact(sample(), "marketing", "campaign_gross_value", scenario=s).value for s in ("low", "high")]
    assert values == [1_000_000, 5_000_000]
    assert [fact(sample(), "marketing", "campaign_bookings", scenario=s).value for s in ("low", "high")] == [4, 20]
    assert fact(sample(), "marketing", "campaign_send_cost").value == 37


# The catalogue's (gross x margin - cost) / cost, by hand: 10,000 of bookings at 75 % leave 7,500; 500 of labour, 100 of
# ads and 0.37 for the mails are 600.37; 6,899.63 / 600.37.
def test_the_return_of_a_campaign_counts_its_labour() -> None:
    campaign = sample().tables["campaign_scenario"]["campaign_id"].iloc[0]
    worked = typed("campaign_spend", [{"campaign_id": campaign, "date": "2026-04-01", "spend_cents": 100_00,
                                       "labour_cents": 500_00}])  # fmt: skip
    scenario = {"campaign": campaign, "scenario": "low"}
    run = changed(sample(), campaign_spend=lambda _: worked)
    assert fact(run, "marketing", "campaign_gross_margin", **scenario).value == 7_500_00
    found = fact(run, "marketing", "campaign_return_on_investment", **scenario)
    assert found.value == Decimal("11.4922964172")
    silent = fact(sample(), "marketing", "campaign_return_on_investment", **scenario)
    assert (silent.value, silent.status) == (None, "not_applicable")


def test_a_contact_who_unsubscribes_is_not_mailed() -> None:
    someone = sample().tables["contact"].query("consent_status == 'subscribed'")["contact_hash"].iloc[0]
    run = changed(sample(), contact=put("consent_status", "unsubscribed", contact_hash=someone))
    assert fact(run, "marketing", "campaign_contacts_sendable").value == 3675


def test_the_latest_consent_given_to_any_entity_counts_and_a_refusal_wins_a_tie() -> None:
    def row(contact: str, entity: str, status: str, when: str | None) -> dict[str, object]:
        return {"contact_hash": contact, "entity_id": entity, "consent_status": status, "consent_at": when}

    run = context(
        "2026-05-01",
        contact=typed(
            "contact",
            [
                row("a", "x", "subscribed", "2025-01-01T00:00Z"),
                row("a", "y", "unsubscribed", "2025-06-01T00:00Z"),
                row("b", "x", "unsubscribed", "2025-01-01T00:00Z"),
                row("b", "y", "subscribed", "2025-06-01T00:00Z"),
                row("c", "x", "subscribed", "2025-06-01T00:00Z"),
                row("c", "y", "complaint", "2025-06-01T00:00Z"),
                row("d", "x", "never", None),
            ],
        ),
    )
    assert fact(run, "marketing", "campaign_contacts_sendable").value == 1
    assert fact(run, "marketing", "campaign_contacts_sendable", "x").value == 2


@given(st.integers(0, 100_000), st.integers(0, 10_000), st.integers(0, 20_000))
def test_bookings_are_the_exact_product_rounded_down(contacts: int, delivered_bp: int, rate_ppm: int) -> None:
    exact = Decimal(contacts) * delivered_bp / 10_000 * rate_ppm / 1_000_000
    assert campaigns.expected_bookings(contacts, delivered_bp, rate_ppm) == int(exact)


def _sequence(run: Context) -> list[str]:
    return [listing.channel.channel_id for listing in channels.sequence(run)]


def _certificate(**dates: object) -> Context:
    days = {name: pd.Timestamp(str(day)) for name, day in dates.items()}
    return changed(sample(), compliance_doc=add(doc_id="N", entity_id="jada", kind="coi", **days))


def test_the_listing_sequence_of_the_product_statement() -> None:
    # "Sailo, GetMyBoat, then Viator and GYG once the certificate of insurance is on file".
    assert _sequence(sample()) == ["sailo", "getmyboat", "viator", "gyg"]
    assert [listing.eligible for listing in channels.sequence(sample())] == [True, True, False, False]


def test_a_certificate_in_force_opens_the_agencies_that_pay_more() -> None:
    # Net per set-up day: Viator 1,000, GYG 800, Sailo 600, GetMyBoat 400 USD.
    run = _certificate(effective="2026-04-01", expires="2026-05-01", verified_on="2026-04-01")
    assert _sequence(run) == ["viator", "gyg", "sailo", "getmyboat"]
    expired = _certificate(effective="2026-04-01", expires="2026-04-30", verified_on="2026-04-01")
    assert _sequence(expired) == _sequence(sample())
    future = _certificate(effective="2026-05-02", expires="2027-05-02", verified_on="2026-04-01")
    assert _sequence(future) == _sequence(sample())


def test_an_agency_that_is_live_leaves_the_sequence() -> None:
    run = changed(sample(), channel=put("status", "live", channel_id="sailo"))
    assert _sequence(run) == ["getmyboat", "viator", "gyg"]
    before = fact(sample(), "marketing", "channels_live").value
    assert fact(run, "marketing", "channels_live").value == before + 1


def test_a_channel_counts_as_its_valid_row_says() -> None:
    later = add(
        channel_id="sailo",
        valid_from=pd.Timestamp("2026-05-02"),
        entity_id="jada",
        type="ota",
        status="live",
        requires_coi=False,
    )
    run = changed(sample(), channel=later)
    assert fact(run, "marketing", "channels_live", channel="sailo").value == 0
    assert fact(at(run, "2026-05-02"), "marketing", "channels_live", channel="sailo").value == 1


# Many exports leave out days without visitors: 3 asked for a quote in March and no row says so in April.
def test_a_step_without_a_row_counts_nobody_while_others_have_rows() -> None:
    def day(month: str, number: int, count: int) -> dict[str, object]:
        return {"entity_id": "x", "step_no": number, "step": f"s{number}", "date": f"{month}-10", "count": count}

    rows = [
        day("2026-03", 1, 9),
        day("2026-03", 2, 3),
        day("2026-03", 3, 3),
        day("2026-04", 1, 8),
        day("2026-04", 3, 2),
    ]
    run = context("2026-05-01", funnel_event=typed("funnel_event", rows))
    april = [(step.step, step.count, step.previous, len(step.rows)) for step in funnel.last_month(run)]
    assert april == [("s1", 8, None, 1), ("s2", 0, 8, 0), ("s3", 2, 0, 1)]
    silent = context("2026-05-01", funnel_event=typed("funnel_event", rows[:3]))
    assert funnel.last_month(silent) == ()


def test_the_funnel_of_the_last_complete_month() -> None:
    # In the data: 412 visits, 96 forms opened, 0 submitted, 0 booked.
    found = {
        f.dimensions["step"]: f
        for f in facts_of(sample(), "marketing", "funnel_step_conversion")
        if f.period == "2026-04" and f.dimensions
    }
    assert found["quote_form_open"].value == Decimal("0.2330097087")  # 96 / 412
    assert found["quote_submitted"].value == 0
    assert found["job_booked"].status == "not_applicable"


EVENTS = [
    *({"message_id": f"m{i}", "event": "send", "at": INSTANT, "recipient_hash": "h"} for i in range(10)),
    *({"message_id": f"m{i}", "event": "delivery", "at": INSTANT, "recipient_hash": "h"} for i in range(8)),
    {"message_id": "m8", "event": "bounce", "at": INSTANT, "recipient_hash": "h", "bounce_type": "Permanent"},
    {"message_id": "m9", "event": "bounce", "at": INSTANT, "recipient_hash": "h", "bounce_type": "Transient"},
    {"message_id": "m0", "event": "complaint", "at": INSTANT, "recipient_hash": "h"},
    {"message_id": "m0", "event": "click", "at": INSTANT, "recipient_hash": "h"},
    {"message_id": "m0", "event": "click", "at": INSTANT + pd.Timedelta(hours=1), "recipient_hash": "h"},
]


def test_mail_rates_count_messages_once() -> None:
    # Amazon SES: bounce rate counts hard bounces over mails sent; complaints over mails delivered.
    run = context("2026-05-01", email_event=typed("email_event", EVENTS))
    rates = [fact(run, "marketing", f"email_{n}_rate").value for n in ("delivery", "bounce", "complaint", "click")]
    assert rates == [Decimal("0.8"), Decimal("0.1"), Decimal("0.125"), Decimal("0.125")]
    untracked = [event for event in EVENTS if event["event"] not in ("open", "click")]
    blind = fact(context("2026-05-01", email_event=typed("email_event", untracked)), "marketing", "email_click_rate")
    assert (blind.value, blind.status) == (None, "not_evaluable")
    none = context("2026-05-01", email_event=typed("email_event", [], tuple(EVENTS[10])))
    assert fact(none, "marketing", "email_bounce_rate").status == "not_applicable"


def test_search_position_is_weighted_by_impressions() -> None:
    # Google Search Console: average position over impressions: (1 * 300 + 5 * 100) / 400 = 2.
    rows = [
        {"entity_id": "x", "keyword": "a", "date": "2026-04-10", "position": 1, "impressions": 300, "clicks": 30},
        {"entity_id": "x", "keyword": "b", "date": "2026-04-11", "position": 5, "impressions": 100, "clicks": 2},
        {"entity_id": "x", "keyword": "a", "date": "2026-05-01", "position": 9, "impressions": 9, "clicks": 9},
    ]
    run = context("2026-05-01", seo_rank=typed("seo_rank", rows))
    assert fact(run, "marketing", "search_position").value == 2
    assert fact(run, "marketing", "search_ctr").value == Decimal("0.08")
    assert fact(run, "marketing", "search_impressions", "x", keyword="b").value == 100
    # At the 10 % of keyword a, the 100 impressions of b give 10 clicks instead of 2.
    assert fact(run, "marketing", "search_clicks_in_reach", "x", keyword="b").value == 8
    assert fact(run, "marketing", "search_clicks_in_reach", "x", keyword="a").value == 0


def test_three_milestones_fall_into_their_buckets() -> None:
    # Due 2026-05-31, 06-30 and 07-30: 30, 60 and 90 days after the report date.
    for bucket in ("30", "60", "90"):
        assert fact(sample(), "marketing", "marketing_milestones_due", bucket=bucket).value == 1
    done = changed(sample(), milestone=put("achieved_on", pd.Timestamp("2026-04-30"), milestone_id="K30"))
    assert fact(done, "marketing", "marketing_milestones_due").value == 2
    assert fact(done, "marketing", "marketing_milestones_due", state="done").value == 1
    late = at(sample(), "2026-06-15")
    assert fact(late, "marketing", "marketing_milestones_due", state="late").value == 1


@pytest.mark.parametrize("metric_id", ["cac", "cac_payback_months", "ltv_to_cac", "roas", "marketing_efficiency_ratio"])
def test_without_spend_nothing_is_made_up(metric_id: str) -> None:
    found = fact(sample(), "marketing", metric_id)
    assert (found.value, found.status) == (None, "not_applicable")
    assert fact(without(sample(), "campaign_spend"), "marketing", metric_id).status == "not_evaluable"


def test_unit_economics_on_a_worked_year() -> None:
    # Spend 900 + labour 300 = 1,200 USD. New in the window: c2, c3, c4 (c1 booked before): CAC 400 USD.
    # Net value 4 * 1,000, variable cost 4 * 400: margin 2,400 over 4 customers and 12 months: 50 a month; payback 8.
    # Of last year's 2 customers (c0, c1) one stayed: churn 1/2 a year, 24 months: LTV 1,200, three times CAC.
    def booking(booking_id: str, customer: str | None, day: str) -> dict[str, object]:
        return {
            "booking_id": booking_id,
            "entity_id": "x",
            "customer_id": customer,
            "channel_id": "paid",
            "booked_at": f"{day}T20:00Z",
            "status": "completed",
            "gross_cents": 110_000,
            "discount_cents": 10_000,
            "platform_fee_cents": 0,
            "variable_cost_cents": 40_000,
        }

    rows = [
        booking("b0", "c0", "2025-01-10"),
        booking("b1", "c1", "2025-01-10"),
        *(booking(f"b{i}", f"c{i - 1}", "2025-09-10") for i in (2, 3, 4, 5)),
    ]
    spend = {"campaign_id": "ads", "date": "2025-09-01", "spend_cents": 90_000, "labour_cents": 30_000}
    touch = {"visitor_id": "v", "at": "2025-09-10T20:00Z", "channel_id": "paid", "is_conversion": True}
    run = context(
        "2026-05-01",
        booking=typed("booking", rows),
        campaign_spend=typed("campaign_spend", [spend]),
        touchpoint=typed("touchpoint", [{**touch, "value_cents": 300_000}]),
    )
    assert fact(run, "marketing", "cac").value == 40_000
    assert fact(run, "marketing", "cac_payback_months").value == 8
    assert fact(run, "marketing", "ltv_to_cac").value == 3
    assert fact(run, "marketing", "roas").value == Decimal("2.5")
    assert fact(run, "marketing", "roas").reason == "model: last"
    assert fact(run, "marketing", "marketing_efficiency_ratio").value == Decimal("3.33")
    # A booking without a customer makes no customer worth more; it is revenue all the same: 5,000 / 1,200.
    run = changed(run, booking=lambda _: typed("booking", [*rows, booking("b9", None, "2025-09-10")]))
    assert fact(run, "marketing", "cac_payback_months").value == 8
    assert fact(run, "marketing", "ltv_to_cac").value == 3
    assert fact(run, "marketing", "marketing_efficiency_ratio").value == Decimal("4.17")


def test_what_no_record_tells_of_customers_is_not_made_up() -> None:
    """Without a customer of the year before, churn is unknown; without a customer on any booking, so is who is new."""
    spend = {"campaign_id": "ads", "date": "2025-09-01", "spend_cents": 90_000, "labour_cents": 30_000}

    def run(*customers: str | None) -> Context:
        sold = [
            {"booking_id": f"b{n}", "entity_id": "x", "customer_id": who, "booked_at": "2025-09-10T20:00Z",
             "status": "completed", "gross_cents": 100_000, "discount_cents": 0}
            for n, who in enumerate(customers)
        ]  # fmt: skip
        return context("2026-05-01", booking=typed("booking", sold), campaign_spend=typed("campaign_spend", [spend]))

    first_year = run("c1", "c2", None)
    assert fact(first_year, "marketing", "cac").value == 60_000
    assert fact(first_year, "marketing", "cac").reason == "1 of 3 bookings name no customer"
    assert fact(first_year, "marketing", "cac_payback_months").value is not None
    ltv = fact(first_year, "marketing", "ltv_to_cac")
    assert (ltv.value, ltv.status) == (None, "not_evaluable")
    for metric_id in ("cac", "cac_payback_months", "ltv_to_cac"):
        found = fact(run(None, None), "marketing", metric_id)
        assert (found.value, found.status) == (None, "not_evaluable")
        assert "customer_id" in found.reason


# By hand: a charter of 2,000 costs 500. GetMyBoat's help page: 8.5 % commission leaves 1,830 - 500 = 1,330; 20 % leaves
# 1,600 - 500 = 1,100, and a commission above the margin a loss: 2,000 - 1,600 - 500 = -100.
@pytest.mark.parametrize(("commission", "cents"), [(850, 133_000), (2_000, 110_000), (0, 150_000), (8_000, -10_000)])
def test_what_a_booking_leaves_after_commission(commission: int, cents: int) -> None:
    run = changed(sample(), channel=put("commission_bp", commission, channel_id="sailo"))
    assert fact(run, "marketing", "ota_net_per_unit", channel="sailo", unit="charter").value == cents


def test_without_a_commission_or_a_price_no_net_is_made_up() -> None:
    assert fact(sample(), "marketing", "ota_net_per_unit", channel="sailo").reason == "no commission is recorded"
    stated = put("commission_bp", 850, channel_id="sailo")
    free = changed(sample(), channel=stated, param=lambda frame: frame[frame["param"] != "unit_price_cents"])
    assert "unit_price_cents" in fact(free, "marketing", "ota_net_per_unit", channel="sailo").reason


# Five deals won in 30 days each: the customers of May 2025 to April 2026 are set against the spend of 1 April 2025 to
# 31 March 2026 (2025-05-01 and 2026-05-01 less 30 days): 600 over two customers is 300; spend of April 2026 is later.
def test_acquisition_cost_lags_its_spend_by_the_sales_cycle() -> None:
    deals = [
        {"opp_id": f"o{n}", "valid_from": "2026-03-31T20:00Z", "created_at": "2026-03-01T20:00Z", "stage": "won",
         "entity_id": "x"}
        for n in range(5)
    ]  # fmt: skip
    booked = [
        {"booking_id": f"b{n}", "entity_id": "x", "customer_id": f"c{n}", "booked_at": "2026-04-10T20:00Z",
         "status": "completed", "gross_cents": 100_000, "discount_cents": 0}
        for n in range(2)
    ]  # fmt: skip
    spend = [
        {"campaign_id": "ads", "date": day, "spend_cents": cents, "labour_cents": 0}
        for day, cents in (("2025-03-31", 1), ("2025-04-01", 20_000), ("2026-03-31", 40_000), ("2026-04-01", 500_000))
    ]
    tables = {"booking": typed("booking", booked), "campaign_spend": typed("campaign_spend", spend)}
    run = context("2026-05-01", **tables, opportunity=typed("opportunity", deals))
    assert fact(run, "marketing", "cac", basis="lagged").value == 30_000
    assert fact(run, "marketing", "cac").value == 270_000  # 400 and 5,000 of the same twelve months
    few = context("2026-05-01", **tables, opportunity=typed("opportunity", deals[:4]))
    assert not [f for f in facts_of(few, "marketing", "cac") if f.dimensions]


def test_unsubscribing_is_a_share_of_what_was_delivered() -> None:
    # Two of 400 delivered: 0.5 %. Who left more than a year ago, or came back since, did not leave in these months.
    mails = [{"message_id": str(n), "event": "delivery", "at": "2026-03-01T20:00Z"} for n in range(400)]
    left, stays = "unsubscribed", "subscribed"
    consents = [("a", left, "2026-03-02"), ("b", left, "2026-03-03"), ("c", stays, "2026-01-01")]
    consents += [("d", left, "2025-04-30"), ("e", left, "2026-03-02"), ("e", stays, "2026-03-09")]
    contacts = [
        {"contact_hash": who, "entity_id": "x", "consent_status": status, "consent_at": f"{day}T20:00Z"}
        for who, status, day in consents
    ]
    run = context("2026-05-01", email_event=typed("email_event", mails), contact=typed("contact", contacts))
    assert fact(run, "marketing", "email_unsubscribe_rate").value == Decimal("0.005")
    none = context("2026-05-01", email_event=typed("email_event", [], list(mails[0])), contact=run.tables["contact"])
    assert fact(none, "marketing", "email_unsubscribe_rate").status == "not_applicable"


def test_no_spend_gives_no_return() -> None:
    # Worked answer roas_zero_spend: spend 0, revenue 1,000: n/a.
    assert economics.return_on_spend(1_000, 0).value is None


@pytest.mark.parametrize("visits", [(), ("2024-09-10",)])
def test_spend_without_a_visit_on_record_has_no_return(visits: tuple[str, ...]) -> None:
    """Spend of 500.00 and no touchpoint in the twelve months: the return is unknown (empty inputs are missing)."""
    spend = {"campaign_id": "ads", "date": "2025-09-01", "spend_cents": 50_000, "labour_cents": 0}
    touches = [
        {"visitor_id": "v", "at": f"{day}T20:00Z", "channel_id": "paid", "is_conversion": True, "value_cents": 90_000}
        for day in visits
    ]
    sold = {"booking_id": "b", "customer_id": "c", "booked_at": "2025-09-10T20:00Z", "status": "completed",
            "gross_cents": 100_000, "discount_cents": 0}  # fmt: skip
    columns = ("visitor_id", "at", "channel_id", "is_conversion", "value_cents")
    run = context(
        "2026-05-01",
        campaign_spend=typed("campaign_spend", [spend]),
        touchpoint=typed("touchpoint", touches, columns),
        booking=typed("booking", [sold]),
    )
    for fact_of_roas in facts_of(run, "marketing", "roas"):
        assert (fact_of_roas.value, fact_of_roas.status) == (None, "not_evaluable")
        assert fact_of_roas.reason
    assert fact(run, "marketing", "marketing_efficiency_ratio").value == 2


def test_channels_and_contacts_leave_with_their_entity() -> None:
    entities = [
        {"entity_id": "kept", "kind": "business", "ended_on": None},
        {"entity_id": "sold", "kind": "business", "ended_on": "2026-03-31"},
    ]
    listed = [
        {"channel_id": f"{entity}-web", "valid_from": "2024-01-01", "entity_id": entity, "type": "direct",
         "status": "live"}
        for entity in ("kept", "sold")
    ]  # fmt: skip
    people = [
        {"contact_hash": f"{entity}-{n}", "entity_id": entity, "consent_status": "subscribed", "consent_at": INSTANT}
        for entity, count in (("kept", 2), ("sold", 3))
        for n in range(count)
    ]
    tables = {"entity": typed("entity", entities), "channel": typed("channel", listed)}
    run = context("2026-05-01", **tables, contact=typed("contact", people))
    assert fact(run, "marketing", "channels_live").value == 1
    assert fact(run, "marketing", "channels_live", state="planned").value == 1
    assert fact(run, "marketing", "campaign_contacts_sendable").value == 2
    before = context("2026-03-31", **tables, contact=typed("contact", people))
    assert fact(before, "marketing", "channels_live").value == 2
    assert fact(before, "marketing", "campaign_contacts_sendable").value == 5


def test_visitors_count_once_a_channel() -> None:
    touch = {"visitor_id": "v", "channel_id": "direct", "is_conversion": False}
    rows = [{**touch, "at": INSTANT}, {**touch, "at": INSTANT}, {**touch, "at": INSTANT, "visitor_id": "w"}]
    run = changed(sample(), touchpoint=lambda _: typed("touchpoint", rows))
    assert fact(run, "marketing", "channel_visits").value == 2
    assert fact(run, "marketing", "channel_visits", channel="direct").value == 2
    assert fact(sample(), "marketing", "channel_visits").reason == "no touchpoint is recorded"
