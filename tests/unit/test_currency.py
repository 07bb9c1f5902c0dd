"""One reporting currency: converted at the day's rate to the cent, or refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csv_tables import ACCOUNTS, ENTITIES, raw
from executive_suite.dataset import currency, snapshot
from executive_suite.dataset.rates import Rates
from executive_suite.schema.quality import QualityError

PACIFIC = ZoneInfo("America/Los_Angeles")
MAY = date(2026, 5, 1)

RATES = """
    param,scope,valid_from,valid_to,value,unit,source
    fx_EUR,group,2026-01-01,2026-03-31,1.10,USD,chosen for the test
    fx_EUR,group,2026-04-01,,1.25,USD,chosen for the test
    fx_GBP,group,2026-01-01,,1.5,USD,chosen for the test
"""
LEDGER = """
    txn_id,line,date,entity_id,account,amount_cents,currency
    T1,1,2026-03-31,acme,1010,10000,EUR
    T1,2,2026-03-31,acme,4010,-10000,EUR
    T2,1,2026-04-01,acme,1010,10000,EUR
    T2,2,2026-04-01,acme,4010,-10000,EUR
    T3,1,2026-04-01,acme,1010,700,USD
    T3,2,2026-04-01,acme,4010,-700,USD
"""


def build(path: Path, **tables: str) -> snapshot.Snapshot:
    return snapshot.build(raw(path, entity=ENTITIES, account=ACCOUNTS, **tables), MAY, PACIFIC)


def test_a_line_is_converted_at_the_rate_of_its_day(tmp_path: Path) -> None:
    # 100.00 EUR x 1.10 = 110.00 USD on 31 March, x 1.25 = 125.00 USD from 1 April
    table = build(tmp_path, ledger=LEDGER, param=RATES).tables["ledger"]
    assert list(table["amount_cents"]) == [11000, -11000, 12500, -12500, 700, -700]
    assert set(table["currency"]) == {"USD"}


@pytest.mark.parametrize("rates", ["", RATES.replace("fx_EUR", "fx_CHF"), RATES.replace("2026-01-01", "2026-03-31", 1)])
def test_a_currency_without_a_rate_is_a_fault(tmp_path: Path, rates: str) -> None:
    tables = {"ledger": LEDGER.replace("2026-03-31", "2026-02-28"), **({"param": rates} if rates else {})}
    with pytest.raises(QualityError) as caught:
        build(tmp_path, **tables)
    found = caught.value.faults[0]
    assert (found.row, found.column, found.value) == (2, "currency", "EUR")
    assert "fx_EUR" in found.advice


def test_rounding_leaves_no_cent_behind(tmp_path: Path) -> None:
    # 0.05, 0.05 and -0.10 EUR x 1.10 are 5.5, 5.5 and -11 cents; half to even gives 6 + 6 - 11 = 1, which the
    # largest line takes up
    ledger = """
        txn_id,line,date,entity_id,account,amount_cents,currency
        T1,1,2026-03-01,acme,4010,5,EUR
        T1,2,2026-03-01,acme,4010,5,EUR
        T1,3,2026-03-01,acme,1010,-10,EUR
    """
    assert list(build(tmp_path, ledger=ledger, param=RATES).tables["ledger"]["amount_cents"]) == [6, 6, -12]


@given(
    st.lists(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=5), min_size=1, max_size=8),
    st.decimals("0.0001", "1000", places=6),
)
def test_any_converted_ledger_balances_and_no_line_is_far_from_its_rate(
    amounts: list[list[int]], rate: Decimal
) -> None:
    lines = [(f"T{t}", amount) for t, txn in enumerate(amounts) for amount in [*txn, -sum(txn)]]
    frame = pd.DataFrame(
        {
            "txn_id": pd.Series([txn for txn, _ in lines], dtype="str"),
            "amount_cents": np.array([amount for _, amount in lines], dtype=np.int64),
            "currency": pd.Series(["EUR"] * len(lines), dtype="str"),
            "date": pd.Series([pd.Timestamp("2026-04-01")] * len(lines), dtype="datetime64[us]"),
            "source_file": "x",
            "source_row": 2,
        }
    )
    faults: list[object] = []
    rates = Rates("USD", (("EUR", date.min, date.max, rate),))
    converted = currency.ledger_in_base(frame, rates, faults)  # type: ignore[arg-type] # stays empty
    assert not faults
    assert (converted.groupby("txn_id")["amount_cents"].sum() == 0).all()
    for (_, amount), found in zip(lines, converted["amount_cents"], strict=True):
        assert abs(found - amount * rate) <= Decimal("0.5") * 6  # half a cent of its own, and of up to five others


def test_bills_are_converted_with_every_decimal(tmp_path: Path) -> None:
    bill = """
        BilledCost,ListCost,BillingCurrency,ServiceName,ChargePeriodStart
        0.0000001,,EUR,S3,2026-03-05T00:00:00Z
        2.00,3.00,GBP,S3,2026-04-05T00:00:00Z
        7.70,,USD,S3,2026-04-05T00:00:00Z
    """
    table = build(tmp_path, focus_cost=bill, param=RATES).tables["focus_cost"].sort_values("ChargePeriodStart")
    assert {Decimal(cost) for cost in table["BilledCost"]} == {Decimal("0.00000011"), Decimal("3.000"), Decimal("7.70")}
    assert set(table["BillingCurrency"]) == {"USD"}
    assert "7.70" in list(table["BilledCost"])


def test_cross_rates_go_through_the_reporting_currency() -> None:
    # 1 EUR = 1.25 CHF and 1 USD = 0.8 CHF: 1 EUR = 1.5625 USD
    rows = (("EUR", date.min, date.max, Decimal("1.25")), ("USD", date.min, date.max, Decimal("0.8")))
    rates = Rates("CHF", rows)
    assert rates.rate("EUR", "USD", MAY) == Decimal("1.5625")
    assert rates.rate("CHF", "USD", MAY) == Decimal("1.25")
    assert rates.rate("USD", "USD", MAY) == 1
    assert rates.rate("GBP", "USD", MAY) is None


def test_entities_without_a_group_must_agree_on_a_currency(tmp_path: Path) -> None:
    entities = """
        entity_id,kind,name,base_currency,timezone
        acme,business,Acme,USD,America/Los_Angeles
        beta,business,Beta,EUR,Europe/Berlin
    """
    with pytest.raises(QualityError, match="base_currency"):
        snapshot.build(raw(tmp_path, entity=entities, account=ACCOUNTS, ledger=LEDGER), MAY, PACIFIC)
