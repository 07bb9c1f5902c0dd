"""Exports of tools as rows of the tables that reports read.

Layouts: HubSpot's export of deals, Mailchimp's audience and campaign reports, Search Console's performance tables,
FOCUS 1.2 (focus.finops.org), and Dependabot alerts as GitHub's REST API answers
(docs.github.com/rest/dependabot/alerts). Invented content.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from executive_suite.adopt import recognize, upload
from executive_suite.adopt.reading import NotReadableError, Reading
from executive_suite.schema.tables import schema

EXPORTS = Path(__file__).parents[2] / "exports"
DEALS = (EXPORTS / "hubspot-deals.csv").read_text(encoding="utf-8")
AUDIENCE = (EXPORTS / "mailchimp-audience.csv").read_text(encoding="utf-8")
CAMPAIGNS = (EXPORTS / "mailchimp-campaigns.csv").read_text(encoding="utf-8")
QUERIES = """Top queries,Clicks,Impressions,CTR,Position
junk removal,12,"1,340",3.5%,8.2
"dump, now",0,40,0%,15
"""
ALERT = {
    "number": 7,
    "state": "fixed",
    "dependency": {"package": {"ecosystem": "pip", "name": "jinja2"}},
    "security_advisory": {
        "ghsa_id": "GHSA-xxxx",
        "cve_id": "CVE-2025-1",
        "summary": "Sandbox breakout",
        "cvss": {"vector_string": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "score": 7.5},
        "cwes": [{"cwe_id": "CWE-693"}],
    },
    "html_url": "https://github.com/example/shop/security/dependabot/7",
    "created_at": "2025-03-01T10:00:00Z",
    "fixed_at": "2025-03-09T10:00:00Z",
    "dismissed_at": None,
}
ALERT_TABLE = """Number,State,Package,Severity,Summary,CVE ID,Repository,Created at,Fixed at
7,open,jinja2,high,Sandbox breakout,CVE-2025-1,example/shop,2025-03-01T10:00:00Z,
"""


def read(tmp_path: Path, text: str, name: str = "export.csv") -> Reading:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found = recognize.read(replace(upload.opened(path), zone="America/New_York"))
    for record in found.records:
        known = schema()[record.table]
        assert set(record.values) <= set(known.columns)
        lacking = {one.name for one in known.columns.values() if one.required} - {"entity_id"}
        assert all(record.values.get(column) for column in lacking), record
    return found


def test_deals_are_the_pipeline_as_it_is_now(tmp_path: Path) -> None:
    found = read(tmp_path, DEALS)
    told = [
        (one.values["opp_id"], one.values["stage"], one.values["amount_cents"], one.values["probability_bp"])
        for one in found.records
    ]
    # The chance of a stage that the export does not state is HubSpot's own: a contract sent has 90%.
    assert told == [
        ("101", "qualified", "500000", "4000"),
        ("102", "won", "120050", "10000"),
        ("103", "lead", "0", "0"),
        ("104", "negotiation", "30000", "9000"),
    ]
    # 14:05 in New York is 19:05 UTC; a deal is won on the day it closed, not on that of its creation.
    assert [one.values["valid_from"] for one in found.records[:2]] == ["2026-01-10T19:05:00Z", "2026-02-01T17:00:00Z"]
    assert found.remarks == ("Row 4: the stage 'Special' is none of HubSpot's usual ones; it counts as a lead.",)


def test_contacts_are_kept_without_their_addresses(tmp_path: Path) -> None:
    (contact,) = read(tmp_path, AUDIENCE, "subscribed_email_audience_export_abc.csv").records
    assert (contact.values["consent_status"], contact.values["consent_at"]) == ("subscribed", "2020-02-03T04:06:00Z")
    assert "example.com" not in str(contact.values)
    (cleaned,) = read(tmp_path, AUDIENCE, "cleaned_email_audience_export_abc.csv").records
    assert cleaned.values["consent_status"] == "hard_bounce"
    assert cleaned.values["contact_hash"] == contact.values["contact_hash"]


def test_a_contact_of_unknown_consent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match="nothing says whether a contact is subscribed"):
        read(tmp_path, AUDIENCE, "members.csv")


def test_campaigns_run_on_a_channel_of_their_own(tmp_path: Path) -> None:
    channel, campaign = read(tmp_path, CAMPAIGNS).records
    assert (channel.table, campaign.table) == ("channel", "campaign")
    assert campaign.values == {
        "campaign_id": "abc123",
        "channel_id": channel.values["channel_id"],
        "started_at": "2025-05-05T14:00:00Z",
        "objective": "May",
    }


def test_positions_are_those_of_the_exports_day(tmp_path: Path) -> None:
    folder = tmp_path / "example.com-Performance-on-Search-2025-03-31"
    folder.mkdir()
    found = read(folder, QUERIES, "Queries.csv")
    told = [tuple(one.values[name] for name in ("keyword", "date", "position", "impressions")) for one in found.records]
    assert told == [("junk removal", "2025-03-31", "8.2", "1340"), ("dump, now", "2025-03-31", "15", "40")]
    with pytest.raises(NotReadableError, match="nothing says of which day"):
        read(tmp_path, QUERIES, "Queries.csv")


def test_pages_and_days_have_no_keyword(tmp_path: Path) -> None:
    found = read(tmp_path, "Date,Clicks,Impressions,CTR,Position\n2025-03-01,5,100,5%,8.1\n", "Dates.csv")
    assert (found.records, found.left_out[0].count) == ((), 1)


def test_a_cloud_bill_keeps_focus_decimals_and_names_what_it_lacks(tmp_path: Path) -> None:
    header = (
        "BilledCost,EffectiveCost,BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,"
        "ChargePeriodEnd,ChargeCategory,ProviderName,PublisherName,InvoiceIssuerName,ServiceName,ChargeFrequency\n"
    )
    row = (
        "0.0123456789,0.01,123,USD,2025-03-01 00:00:00,2025-04-01T00:00:00Z,2025-03-01T00:00:00Z,2025-03-02T00:00:00Z,"
        "Usage,AWS,AWS,AWS,Amazon S3,Usage-Based\n"
    )
    (line,) = read(tmp_path, header + row).records
    assert line.values["BilledCost"] == "0.0123456789"
    assert line.values["BillingPeriodStart"] == "2025-03-01T00:00:00Z"
    assert "ChargeFrequency" not in line.values
    with pytest.raises(NotReadableError, match="the bill lacks InvoiceIssuerName"):
        read(tmp_path, header.replace("InvoiceIssuerName", "Issuer") + row)


@pytest.mark.parametrize("body", [json.dumps([ALERT]), json.dumps([[ALERT]])], ids=["page", "pages"])
def test_alerts_are_findings(tmp_path: Path, body: str) -> None:
    (alert,) = read(tmp_path, body, "alerts.json").records
    assert {name: value for name, value in alert.values.items() if value} == {
        "finding_id": "dependabot-shop-7",
        "stack": "shop",
        "kind": "security",
        "title": "jinja2: Sandbox breakout",
        "cve": "CVE-2025-1",
        "cwe": "CWE-693",
        "cvss_version": "3.1",
        "cvss_vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N",
        "opened_on": "2025-03-01",
        "closed_on": "2025-03-09",
    }


def test_alerts_as_a_table_are_the_same_findings(tmp_path: Path) -> None:
    (alert,) = read(tmp_path, ALERT_TABLE).records
    assert (alert.values["finding_id"], alert.values["cve"], alert.values["closed_on"]) == (
        "dependabot-shop-7",
        "CVE-2025-1",
        "",
    )
