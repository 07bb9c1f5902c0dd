"""The cloud bill, findings that were closed long ago, and releases by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from data.sample_group.days import EVENING, at, months
from data.sample_group.tables import Cell
from data.sample_group.world import World
from executive_suite.period import Month

CENT = Decimal("0.01")
SERVICES = {  # US dollars a month when the books opened, growth a month, spread, entity that the cost is tagged with
    "Amazon Simple Storage Service": (6.20, 0.18, 0.03, "dc"),
    "AWS Lambda": (1.40, 0.05, 0.10, None),
    "Amazon CloudFront": (2.60, 0.07, 0.08, "qos"),
    "Amazon Elastic Compute Cloud": (24.00, 0.35, 0.22, "dc"),
}
RESTATED = Month(2025, 3)
RESTATED_ON = date(2025, 5, 6)
CREDIT = Decimal("-6.40")


def cloud_bill(world: World) -> Mapping[Month, int]:
    """Add the bill of every month of the history and return its cents; one month was billed again with a credit."""
    dice = world.dice("cloud")
    totals = {}
    for month in months(world.assumptions.first_day, world.last_day):
        age = round(world.years_since(month) * 12)
        costs = {
            name: Decimal(str(round((start + growth * age) * dice.between(1 - spread, 1 + spread), 2))).quantize(CENT)
            for name, (start, growth, spread, _) in SERVICES.items()
        }
        for name, cost in costs.items():
            _charge(world, month, (name, cost), at((month + 1).first, time(0)))
        if month == RESTATED:
            for name, cost in costs.items():
                _charge(world, month, (name, cost), at(RESTATED_ON))
            _charge(world, month, ("Amazon Elastic Compute Cloud", CREDIT), at(RESTATED_ON), "Credit")
        totals[month] = int(sum(costs.values()) * 100)
    return totals


def _charge(world: World, month: Month, charge: tuple[str, Decimal], known: datetime, category: str = "Usage") -> None:
    (service, cost), tag = charge, SERVICES[charge[0]][3]
    start, end = f"{month.first.isoformat()}T00:00:00Z", f"{(month + 1).first.isoformat()}T00:00:00Z"
    world.tables.add(
        "focus_cost",
        known,
        BilledCost=cost,
        EffectiveCost=cost,
        ListCost=cost if category == "Usage" else None,
        ContractedCost=cost if category == "Usage" else None,
        BillingAccountId="unrecorded",
        BillingCurrency="USD",
        BillingPeriodStart=start,
        BillingPeriodEnd=end,
        ChargePeriodStart=start,
        ChargePeriodEnd=end,
        ChargeCategory=category,
        ChargeDescription="credit for an outage" if category == "Credit" else None,
        ProviderName="AWS",
        PublisherName="AWS",
        InvoiceIssuerName="AWS",
        ServiceName=service,
        Tags=json.dumps({"entity": tag}, separators=(",", ":")) if tag and category == "Usage" else None,
    )


CLOSED_FINDINGS = (
    ("F01", "QOS", "security", "expired TLS certificate", "CWE-298", date(2023, 11, 6), date(2023, 11, 8), None),
    (
        "F02",
        "DC",
        "security",
        "public storage bucket listing",
        "CWE-548",
        date(2024, 3, 12),
        date(2024, 4, 2),
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N",
    ),
    (
        "F03",
        "QDN",
        "security",
        "outdated form plug-in",
        "CWE-1104",
        date(2025, 2, 10),
        date(2025, 3, 28),
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N",
    ),
    (
        "F04",
        "JADA",
        "security",
        "shared administrator password of the site",
        "CWE-287",
        date(2025, 6, 2),
        date(2025, 7, 21),
        "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:N",
    ),
    ("U01", "QDN", "ux", "telephone number not clickable on mobiles", None, date(2024, 5, 14), date(2024, 6, 3), None),
)

RELEASES = (  # stack, commit, release, failed, recovered after days, unplanned
    ("JADA", date(2023, 6, 12), date(2023, 6, 20), False, None, False),
    ("QOS", date(2023, 9, 4), date(2023, 9, 15), False, None, False),
    ("DC", date(2023, 11, 20), date(2023, 11, 28), False, None, False),
    ("QDN", date(2024, 2, 5), date(2024, 2, 22), False, None, False),
    ("JADA", date(2024, 4, 29), date(2024, 5, 8), True, 1, False),
    ("JADA", date(2024, 5, 9), date(2024, 5, 9), False, None, True),
    ("QOS", date(2024, 8, 19), date(2024, 9, 2), False, None, False),
    ("DC", date(2024, 12, 2), date(2024, 12, 16), False, None, False),
    ("QDN", date(2025, 3, 20), date(2025, 3, 28), False, None, False),
    ("JADA", date(2025, 5, 12), date(2025, 5, 27), False, None, False),
    ("QOS", date(2025, 8, 11), date(2025, 9, 3), False, None, False),
    ("QDN", date(2025, 10, 20), date(2025, 11, 1), True, None, False),  # the relaunch that broke the quote form
    ("DC", date(2026, 2, 16), date(2026, 3, 4), False, None, False),
)


def add_registers(world: World) -> None:
    """Add closed findings, as known when opened and when closed, and the releases."""
    for finding, stack, kind, title, cwe, opened, closed, vector in CLOSED_FINDINGS:
        row: dict[str, Cell] = {
            "finding_id": finding,
            "stack": stack,
            "kind": kind,
            "title": title,
            "cwe": cwe,
            "cvss_version": "3.1" if vector else None,
            "cvss_vector": vector,
            "opened_on": opened,
        }
        world.tables.add("finding", at(opened, EVENING), **row)
        world.tables.add("finding", at(closed, EVENING), **row, closed_on=closed)
    for number, (stack, commit, release, failed, days_down, unplanned) in enumerate(RELEASES, 1):
        recovered = at(release + timedelta(days=days_down)) if days_down else None
        world.tables.add(
            "deployment",
            at(release + timedelta(days=days_down or 0), EVENING),
            deploy_id=f"R{number:03d}",
            stack=stack,
            commit_at=at(commit),
            deployed_at=at(release, time(15)),
            failed=failed,
            recovered_at=recovered,
            is_unplanned_rework=unplanned,
        )
