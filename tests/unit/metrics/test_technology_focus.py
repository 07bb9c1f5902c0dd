"""A cloud bill as providers export it, read from files: every figure against the same sum in DuckDB's SQL, exactly.

Columns are those of FOCUS 1.0, 1.1 and 1.2 (FinOps Open Cost and Usage Specification, focus.finops.org), instants as
BigQuery, AWS and Azure write them.
"""

from __future__ import annotations

import csv
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from csv_tables import ENTITIES, folder
from executive_suite import metrics
from executive_suite.dataset import snapshot
from executive_suite.facts.fact import Fact
from executive_suite.run import pipeline
from executive_suite.sources import files

IN_10 = """
    AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart
    ChargeCategory ChargeClass ChargeDescription ChargeFrequency ChargePeriodEnd ChargePeriodStart
    CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName CommitmentDiscountStatus
    CommitmentDiscountType ConsumedQuantity ConsumedUnit ContractedCost ContractedUnitPrice EffectiveCost
    InvoiceIssuerName ListCost ListUnitPrice PricingCategory PricingQuantity PricingUnit ProviderName PublisherName
    RegionId RegionName ResourceId ResourceName ResourceType ServiceCategory ServiceName SkuId SkuPriceId SubAccountId
    SubAccountName Tags
"""
SINCE_11 = """
    CapacityReservationId CapacityReservationStatus CommitmentDiscountQuantity CommitmentDiscountUnit
    ServiceSubcategory SkuMeter SkuPriceDetails
"""
SINCE_12 = "BillingAccountType InvoiceId PricingCurrency PricingCurrencyEffectiveCost SubAccountType"
VERSIONS = {
    "1.0": (IN_10.split(), "%Y-%m-%d %H:%M:%S UTC"),
    "1.1": ((IN_10 + SINCE_11).split(), "%Y-%m-%dT%H:%M:%SZ"),
    "1.2": ((IN_10 + SINCE_11 + SINCE_12).split(), "%Y-%m-%dT%H:%MZ"),
}
KINDS = {"Usage": 80, "Purchase": 4, "Tax": 6, "Credit": 6, "Adjustment": 4}
MONTHS = [(2025, 10), (2025, 11), (2025, 12), (2026, 1), (2026, 2), (2026, 3), (2026, 4)]
EUR_RATE = "1.0825"
PARAM = f"""
    param,scope,valid_from,value,unit,source
    fx_EUR,group,2020-01-01,{EUR_RATE},rate,chosen
"""


def charge(dice: random.Random, clock: str, columns: list[str]) -> dict[str, str]:
    """One charge: sub-cent costs of up to fifteen decimals, refunds, credits, taxes, commitments, two currencies."""
    year, month = dice.choice(MONTHS)
    start = datetime(year, month, 1, tzinfo=UTC)
    end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    hour = start + timedelta(hours=dice.randrange(-5, 24 * 28))  # some are charged late: across the month end
    cost = Decimal(dice.randrange(1, 10 ** dice.randrange(2, 12))).scaleb(-dice.choice((2, 4, 8, 10, 15)))
    (kind,) = dice.choices(list(KINDS), list(KINDS.values()))
    refund = kind == "Credit" or dice.random() < 0.03
    covered = kind == "Usage" and dice.random() < 0.1  # by a commitment: nothing is billed, its cost is amortised
    cells = {
        "BilledCost": "0" if covered else format(-cost if refund else cost, "f"),
        "EffectiveCost": format(cost, "f"),
        "ListCost": format(cost * 2, "f"),
        "ContractedCost": format(cost, "f"),
        "BillingAccountId": "123456789012",
        "BillingCurrency": dice.choices(["USD", "EUR"], [95, 5])[0],
        "BillingPeriodStart": start.strftime(clock),
        "BillingPeriodEnd": end.strftime(clock),
        "ChargePeriodStart": hour.strftime(clock),
        "ChargePeriodEnd": (hour + timedelta(hours=1)).strftime(clock),
        "ChargeCategory": kind,
        "ChargeClass": "Correction" if refund and kind != "Credit" else "",
        "CommitmentDiscountId": "plan-1" if covered else "",
        "ProviderName": dice.choice(["AWS", "Microsoft", "Google Cloud"]),
        "PublisherName": "publisher",
        "InvoiceIssuerName": "issuer",
        "ServiceName": dice.choice(["Compute", "Storage, cold", 'Functions "v2"']),
        "ResourceId": dice.choice(["", "i-1", "vol-2"]),
        "Tags": dice.choice(['{"entity":"acme"}', '{"env":"prod"}', "", "{}"]),
    }
    return {column: cells.get(column, "") for column in columns}


@pytest.fixture(scope="module", params=VERSIONS)
def bill(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Fact, ...]]:
    columns, clock = VERSIONS[request.param]
    dice = random.Random(f"bill {request.param}")
    place = folder(tmp_path_factory.mktemp("bill"), entity=ENTITIES, param=PARAM)
    with (place / "focus_cost.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(charge(dice, clock, columns) for _ in range(1_500))
    run = pipeline.dataset(snapshot.read(files.read_folder(place)), date(2026, 5, 1))
    return place / "focus_cost.csv", metrics.compute(run.context, "technology")


def sums(bill: Path, by: str = "''") -> dict[tuple[str, str], Fraction]:
    """Billed cost by month of the billing period and one more column, as DuckDB adds it up in decimals."""
    query = f"""
        SELECT BillingPeriodStart[:7], {by},
               sum(BilledCost::DECIMAL(38, 15)) FILTER (WHERE BillingCurrency = 'USD'),
               sum(BilledCost::DECIMAL(38, 15)) FILTER (WHERE BillingCurrency = 'EUR')
        FROM read_csv(?, all_varchar = true, header = true) GROUP BY ALL
    """
    rows = duckdb.execute(query, [str(bill)]).fetchall()
    rate = Fraction(EUR_RATE)
    return {(month, of): Fraction(usd or 0) + Fraction(eur or 0) * rate for month, of, usd, eur in rows}


def billed(facts: tuple[Fact, ...], *names: str, entity: str = "group") -> dict[tuple[str, str], Fraction]:
    return {
        (fact.period, "".join(fact.dimensions.values())): Fraction(str(fact.value))
        for fact in facts
        if fact.metric_id == "cloud_billed_cost" and fact.entity_id == entity and set(fact.dimensions) == set(names)
    }


def test_billed_cost_is_what_sql_adds_up_to_the_last_decimal(bill: tuple[Path, tuple[Fact, ...]]) -> None:
    path, facts = bill
    assert billed(facts) == sums(path)
    assert billed(facts, "service") == sums(path, "ServiceName")
    assert billed(facts, "category") == sums(path, "ChargeCategory")
    assert billed(facts, "provider") == sums(path, "ProviderName")
    acme = {key: cost for key, cost in sums(path, "coalesce(Tags, '')").items() if "acme" in key[1]}
    assert billed(facts, entity="acme") == {(month, ""): cost for (month, _), cost in acme.items()}


def test_the_baseline_is_of_the_latest_six_periods(bill: tuple[Path, tuple[Fact, ...]]) -> None:
    path, facts = bill
    latest = sorted(cost for (month, _), cost in sums(path).items() if month > "2025-10")
    found = {f.metric_id: Fraction(str(f.value)) for f in facts if f.metric_id.startswith("cloud_baseline")}
    median = (latest[2] + latest[3]) / 2
    wanted = {"low": latest[0], "high": latest[-1], "median": median}
    assert found == {f"cloud_baseline_{name}": cost for name, cost in wanted.items()}
