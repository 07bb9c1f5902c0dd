"""Processors and platforms: gross sales, what was kept, what is owed to others, what was paid out.

The columns of the files in ``tests/exports`` are those of the programs' own downloads: Stripe's "All activity" and
itemized report (docs.stripe.com/reports), PayPal's activity, Square's transactions, Airbnb's earnings and Vrbo's
payouts, as programs that import them write them down. The content is invented; expected values are worked out by
hand.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executive_suite.adopt import recognize, upload
from executive_suite.adopt.reading import NotReadableError, Reading

EXPORTS = Path(__file__).parents[2] / "exports"
STRIPE = (EXPORTS / "stripe-all-activity.csv").read_text(encoding="utf-8")
STRIPE_REPORT = (EXPORTS / "stripe-itemized.csv").read_text(encoding="utf-8")
PAYPAL = (EXPORTS / "paypal-activity.csv").read_text(encoding="utf-8")
PAYPAL_GERMAN = (EXPORTS / "paypal-activity-german.csv").read_text(encoding="utf-8")
SQUARE = (EXPORTS / "square-transactions.csv").read_text(encoding="utf-8")
AIRBNB = (EXPORTS / "airbnb-earnings.csv").read_text(encoding="utf-8")
VRBO = (EXPORTS / "vrbo-payouts.csv").read_text(encoding="utf-8")


def read(tmp_path: Path, text: str, name: str = "export.csv", zone: str = "America/Los_Angeles") -> Reading:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return recognize.read(replace(upload.opened(path), zone=zone))


def sums(found: Reading) -> dict[str, str]:
    """Debits less credits by account, the program's name left out."""
    total: dict[str, Decimal] = defaultdict(Decimal)
    for entry in found.entries:
        assert sum(line.amount for line in entry.lines) == 0
        for line in entry.lines:
            total[line.account.removeprefix(f"{found.program} ")] += line.amount
    return {name: str(amount) for name, amount in total.items() if amount}


def test_stripe_tells_sales_gross_and_takes_payouts_for_transfers(tmp_path: Path) -> None:
    # By hand: 96.80 - 20 - 70 - 25 - 2 = -20.20; fees 3.20 + 15 + 2.
    found = read(tmp_path, STRIPE)
    expected = {"balance": "-20.20", "fees": "20.20", "sales": "-100.00", "refunds": "20.00"}
    assert sums(found) == expected | {"payouts": "70.00", "disputes": "10.00"}
    assert {one.name: one.type for one in found.accounts}["Stripe refunds"] == "revenue"
    cash = {one.name: one.is_cash for one in found.accounts}
    assert (cash["Stripe balance"], cash["Stripe payouts"]) == (True, False)
    assert found.remarks[0].startswith("Cash includes what Stripe held")


@pytest.mark.parametrize("text", [STRIPE, STRIPE_REPORT])
def test_an_instant_has_its_day_where_the_business_is(tmp_path: Path, text: str) -> None:
    # 03:30 UTC on March 1 is 19:30 on February 28 in Los Angeles.
    first = read(tmp_path, text).entries[0]
    assert (first.number, first.day.isoformat()) == ("txn_1", "2025-02-28")


def test_without_a_zone_the_day_is_that_of_utc_and_it_says_so(tmp_path: Path) -> None:
    found = read(tmp_path, STRIPE, zone="")
    assert found.entries[0].day.isoformat() == "2025-03-01"
    assert found.remarks[-1] == "Days are those of UTC, because no time zone was stated."


def test_what_a_type_does_not_tell_is_not_guessed_into_profit(tmp_path: Path) -> None:
    row = "txn_6,financing_payout,fp_1,500.00,0.00,,,500.00,usd,2025-03-07 09:00,2025-03-07 00:00,Capital,,,,,\n"
    found = read(tmp_path, STRIPE + row)
    assert sums(found)[""] == "-500.00"
    assert "Row 7: what 'financing_payout' was for is not known; it is unclassified." in found.remarks


def test_a_net_that_is_not_gross_less_fee_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match=r"row 2: net 96\.80 is not gross 101\.00 less the fee 3\.20"):
        read(tmp_path, STRIPE.replace("ch_1,100.00", "ch_1,101.00"))


def test_paypal_books_a_converted_payment_at_its_rate_and_its_balance_proves_it(tmp_path: Path) -> None:
    # By hand: 50 EUR of which 48 became 52 USD are 54.17 USD; sales 108 - 8 + 54.17; fees 3.43 - 0.10 + 2.17.
    found = read(tmp_path, PAYPAL)
    assert sums(found) == {
        "balance": "52.67",
        "fees": "5.50",
        "sales": "-154.17",
        "sales tax": "-8.00",
        "refunds": "4.00",
        "payouts": "100.00",
    }
    (closing,) = found.totals
    (held,) = [one for one in found.accounts if one.is_cash]
    assert (held.opening, closing.amount) == (Decimal(0), Decimal("52.67"))
    assert [(one.what, one.count) for one in found.left_out] == [("pending, failed and reversed payments", 1)]


def test_paypal_in_german_and_a_purchase_that_nobody_classified(tmp_path: Path) -> None:
    found = read(tmp_path, PAYPAL_GERMAN)
    assert found.currency == "EUR"
    expected = {"balance": "42.26", "fees": "27.74", "sales": "-1100.00", "payouts": "1000.00", "": "30.00"}
    assert sums(found) == expected
    assert found.totals[0].amount == Decimal("42.26")


def test_a_payment_that_is_missing_is_seen_in_the_balance(tmp_path: Path) -> None:
    text = "".join(line for line in PAYPAL.splitlines(keepends=True) if '"A3"' not in line)
    assert "The balance of USD in row 4 does not follow; rows may be missing." in read(tmp_path, text).remarks


def test_square_owes_tax_and_tips_and_keeps_cash_in_the_drawer(tmp_path: Path) -> None:
    # By hand: cards 99.44 - 53.00, all deposited; cash 21.60; fees 2.76 less 1.00 returned.
    assert sums(read(tmp_path, SQUARE)) == {
        "cash drawer": "21.60",
        "fees": "1.76",
        "sales": "-120.00",
        "discounts": "10.00",
        "refunds": "50.00",
        "sales tax": "-4.80",
        "tips held for staff": "-5.00",
        "payouts": "46.44",
    }


# By hand: one stay of 1,000 and 500, and fees of 30 and 15; a selection of columns without what was paid out.
def test_an_export_of_airbnb_without_payouts_is_one_as_well(tmp_path: Path) -> None:
    head = "Date,Type,Confirmation code,Start date,End date,Nights,Currency,Amount,Service fee,Gross earnings\n"
    stay = "01/01/2025,02/15/2025,45,USD"
    rows = f'01/02/2025,Reservation,HM1,{stay},970.00,30.00,"1,000.00"\n'
    rows += f"02/01/2025,Reservation,HM1,{stay},485.00,15.00,500.00\n"
    (booking,) = read(tmp_path, head + rows).records
    assert (booking.values["gross_cents"], booking.values["platform_fee_cents"]) == ("150000", "4500")


def test_airbnbs_rows_of_one_stay_add_up(tmp_path: Path) -> None:
    found = read(tmp_path, AIRBNB)
    # By hand: 485 + 50 + 47 + 97 - 582 are left.
    assert sums(found) == {
        "balance": "97.00",
        "fees": "18.00",
        "earnings": "-600.00",
        "lodging tax": "-50.00",
        "other income": "-47.00",
        "payouts": "582.00",
    }
    (stay,) = found.records
    told = {
        name: stay.values[name] for name in ("booking_id", "gross_cents", "platform_fee_cents", "tax_cents", "status")
    }
    assert told == {
        "booking_id": "HMA1",
        "gross_cents": "60000",
        "platform_fee_cents": "1800",
        "tax_cents": "5000",
        "status": "completed",
    }
    assert (stay.values["service_start"][:10], stay.values["service_end"][:10]) == ("2025-03-14", "2025-03-18")
    assert not any("Ann" in str(line) for entry in found.entries for line in entry.lines)


def test_vrbo_pays_a_stay_in_parts(tmp_path: Path) -> None:
    found = read(tmp_path, VRBO)
    assert sums(found) == {"fees": "120.00", "earnings": "-1500.00", "payouts": "1380.00"}
    assert [one.values["gross_cents"] for one in found.records] == ["150000"]


def test_a_list_of_payouts_verifies_and_is_no_entry(tmp_path: Path) -> None:
    text = (
        "id,Amount,Currency,Arrival Date (UTC),Status,Destination\n"
        "po_1,70.00,usd,2025-03-06 00:00,paid,ba_1\npo_2,10.00,usd,2025-03-09 00:00,in_transit,ba_1\n"
    )
    found = read(tmp_path, text)
    assert (found.kind, found.entries) == ("totals", ())
    assert [(one.account, str(one.amount)) for one in found.totals] == [("Stripe payouts", "70.00")]


@settings(max_examples=25)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["charge", "refund", "payout", "stripe_fee", "other"]),
            st.integers(1, 10**6),
            st.integers(0, 10**4),
        ),
        min_size=1,
        max_size=10,
    )
)
def test_what_was_there_and_gross_less_fees_and_payouts_is_what_is_left(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int, int]]
) -> None:
    # Invariant: the balance moves by the sum of all nets, whatever the rows are for.
    text, net = [STRIPE.splitlines()[0]], 0
    for number, (kind, cents, fee) in enumerate(rows):
        gross = cents if kind == "charge" else -cents
        net += gross - fee
        money = ",".join(f"{amount / 100:.2f}" for amount in (gross, fee))
        text.append(f"txn_{number},{kind},x,{money},,,{(gross - fee) / 100:.2f},usd,2025-03-15 12:00,,x,,,,,")
    found = read(tmp_path_factory.mktemp("stripe"), "\n".join(text) + "\n")
    assert Decimal(sums(found).get("balance", "0")) == Decimal(net) / 100
