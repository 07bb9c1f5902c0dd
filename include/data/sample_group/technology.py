"""The cloud bill, findings that were closed long ago, and releases by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from executive_suite.period import Month
from sample_group.days import EVENING, ZONE, at, months
from sample_group.tables import Cell
from sample_group.world import World

CENT = Decimal("0.01")
SERVICES = {  # US dollars a month when the books opened, growth a month, spread, entity that the cost is tagged with
    "Amazon Simple Storage Service": (6.20, 0.18, 0.03, "dc"),
    "AWS Lambda": (1.40, 0.05, 0.10, None),
    "Amazon CloudFront": (2.60, 0.07, 0.08, "qos"),
    "Amazon Elastic Compute Cloud": (24.00, 0.35, 0.22, "dc"),
}
VOLUMES, VOLUMES_COST, VOLUMES_DELETED = "vol-unattached", Decimal("6.80"), date(2024, 11, 4)
RESOURCES = {  # of the services that bill by resource
    "Amazon Simple Storage Service": "bucket-client-sites",
    "Amazon Elastic Compute Cloud": "i-web",
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
        charges = [(name, RESOURCES.get(name), cost) for name, cost in costs.items()]
        if month < Month.of(VOLUMES_DELETED):
            charges.append(("Amazon Elastic Compute Cloud", VOLUMES, VOLUMES_COST))
        for charge in charges:
            _charge(world, month, charge, at((month + 1).first, time(0)))
        if month == RESTATED:
            for charge in charges:
                _charge(world, month, charge, at(RESTATED_ON))
            credit = ("Amazon Elastic Compute Cloud", RESOURCES["Amazon Elastic Compute Cloud"], CREDIT)
            _charge(world, month, credit, at(RESTATED_ON), "Credit")
        totals[month] = int(sum(cost for _, _, cost in charges) * 100)
    return totals


def _charge(
    world: World, month: Month, charge: tuple[str, str | None, Decimal], known: datetime, category: str = "Usage"
) -> None:
    (service, resource, cost), tag = charge, SERVICES[charge[0]][3]
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
        ResourceId=resource,
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

RELEASES = (  # stack, commit, release, failed, recovered after hours, unplanned
    ("JADA", date(2023, 6, 12), date(2023, 6, 20), False, None, False),
    ("QOS", date(2023, 9, 4), date(2023, 9, 15), False, None, False),
    ("DC", date(2023, 11, 20), date(2023, 11, 28), False, None, False),
    ("QDN", date(2024, 2, 5), date(2024, 2, 22), False, None, False),
    ("JADA", date(2024, 4, 29), date(2024, 5, 8), True, 21, False),
    ("JADA", date(2024, 5, 9), date(2024, 5, 9), False, None, True),
    ("QOS", date(2024, 8, 19), date(2024, 9, 2), False, None, False),
    ("DC", date(2024, 12, 2), date(2024, 12, 16), False, None, False),
    ("QDN", date(2025, 3, 20), date(2025, 3, 28), False, None, False),
    ("JADA", date(2025, 5, 12), date(2025, 5, 27), False, None, False),
    ("QOS", date(2025, 8, 11), date(2025, 9, 3), False, None, False),
    ("QDN", date(2025, 10, 20), date(2025, 11, 1), True, None, False),  # the relaunch that broke the quote form
    ("DC", date(2026, 2, 16), date(2026, 3, 4), False, None, False),
    ("JADA", date(2026, 4, 9), date(2026, 4, 14), True, 2, False),
    ("JADA", date(2026, 4, 14), date(2026, 4, 15), False, None, True),
)

HOSTING, PAYMENTS = "S7", "S6"
INCIDENTS = (  # system, day, from, minutes, kind, release that caused it, cause
    (HOSTING, date(2023, 8, 14), time(2, 10), 95, "outage", None, "disk full"),
    (PAYMENTS, date(2024, 1, 22), time(11, 5), 40, "degraded", None, "payment provider slow"),
    (HOSTING, date(2024, 5, 8), time(15, 0), 1_260, "degraded", "R005", "booking form broken by a release"),
    (HOSTING, date(2024, 12, 3), time(22, 40), 180, "outage", None, "certificate of the proxy expired"),
    (HOSTING, date(2025, 6, 17), time(9, 15), 130, "outage", None, "region of the cloud provider"),
    (PAYMENTS, date(2025, 9, 6), time(13, 30), 55, "outage", None, "payment provider down"),
    (HOSTING, date(2026, 1, 19), time(3, 0), 210, "outage", None, "disk full"),
    (HOSTING, date(2026, 4, 14), time(15, 0), 120, "outage", "R014", "release without a way back"),
)


def add_registers(world: World) -> None:
    """Add closed findings, as known when opened and when closed, the releases and the incidents."""
    for number, incident in enumerate(INCIDENTS, 1):
        _incident(world, f"I{number:03d}", *incident)
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
    for number, (stack, commit, release, failed, hours_down, unplanned) in enumerate(RELEASES, 1):
        deployed = at(release, time(15))
        recovered = deployed + timedelta(hours=hours_down) if hours_down else None
        world.tables.add(
            "deployment",
            at(recovered.astimezone(ZONE).date() if recovered else release, EVENING),
            deploy_id=f"R{number:03d}",
            stack=stack,
            commit_at=at(commit),
            deployed_at=deployed,
            failed=failed,
            recovered_at=recovered,
            is_unplanned_rework=unplanned,
        )


def _incident(  # noqa: PLR0913 - the columns of INCIDENTS
    world: World,
    incident: str,
    system: str,
    day: date,
    clock: time,
    minutes: int,
    kind: str,
    release: str | None,
    cause: str,
) -> None:
    """Add an incident, written down the day after."""
    began = at(day, clock)
    world.tables.add(
        "incident",
        at(day + timedelta(days=1), EVENING),
        incident_id=incident,
        system_id=system,
        kind=kind,
        began_at=began,
        restored_at=began + timedelta(minutes=minutes),
        deploy_id=release,
        cause=cause,
    )
