"""A payment without a known invoice is cash that is not applied yet: it counts, and nothing stops."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from csv_tables import ACCOUNTS, ENTITIES, raw
from executive_suite import metrics
from executive_suite.dataset import snapshot

PACIFIC = ZoneInfo("America/Los_Angeles")
MAY = date(2026, 5, 1)

INVOICES = """
    invoice_id,direction,entity_id,counterparty_id,issued_on,due_on,total_cents,tax_cents,status
    I1,ar,acme,ann,2026-01-05,2026-02-05,10000,0,open
    I2,ar,acme,ann,2026-06-05,2026-07-05,10000,0,open
"""
PAYMENTS = """
    payment_id,invoice_id,paid_on,amount_cents,processor_fee_cents,is_refund
    P1,I1,2026-02-01,4000,0,false
    P2,,2026-02-01,500,0,false
    P3,I2,2026-02-01,600,0,false
    P4,I-9,2026-02-01,700,0,false
"""


def build(path: Path, payments: str = PAYMENTS, **tables: str) -> snapshot.Snapshot:
    known = {"entity": ENTITIES, "account": ACCOUNTS, "invoice": INVOICES, "payment": payments}
    return snapshot.build(raw(path, **(known | tables)), MAY, PACIFIC)


def test_payments_without_a_known_invoice_are_unapplied(tmp_path: Path) -> None:
    built = build(tmp_path)
    payments = built.tables["payment"].set_index("payment_id")
    assert payments["invoice_id"].fillna("").to_dict() == {"P1": "I1", "P2": "", "P3": "", "P4": ""}
    assert payments["amount_cents"].sum() == 5_800
    told = {note.text.partition(" count")[0]: (note.rows, note.text) for note in built.notes if note.table == "payment"}
    assert told["payments of invoices that are not known yet"][0] == 1
    rows, text = told["payments of invoices that no file holds"]
    assert rows == 1
    assert text.endswith("payment.csv row 5 (I-9)")


def test_later_the_invoice_is_known(tmp_path: Path) -> None:
    later = snapshot.build(
        raw(tmp_path, entity=ENTITIES, account=ACCOUNTS, invoice=INVOICES, payment=PAYMENTS), date(2026, 7, 1), PACIFIC
    )
    assert later.tables["payment"].set_index("payment_id")["invoice_id"]["P3"] == "I2"


def test_a_blank_invoice_is_no_fault_and_no_note(tmp_path: Path) -> None:
    head, _, blank, *_ = PAYMENTS.strip().splitlines()
    assert not [note for note in build(tmp_path, f"{head}\n{blank}\n").notes if note.table == "payment"]


@pytest.mark.parametrize("payments", [PAYMENTS, PAYMENTS.split("P1", maxsplit=1)[0]])
def test_figures_of_payments_and_invoices_compute(tmp_path: Path, payments: str) -> None:
    facts = metrics.compute_all(build(tmp_path, payments).context)
    aged = [
        fact for fact in facts if fact.metric_id == "ar_ageing" and not fact.dimensions and fact.entity_id == "group"
    ]
    # 100.00 billed less 40.00 paid on that invoice; the other cash is not applied to it
    assert [fact.value for fact in aged] == [6_000 if "P2" in payments else 10_000]


def test_an_unknown_entity_of_a_payment_is_a_fault(tmp_path: Path) -> None:
    with_entity = "payment_id,invoice_id,entity_id,paid_on,amount_cents,processor_fee_cents,is_refund\n"
    with pytest.raises(ValueError, match="known entity_id"):
        build(tmp_path, f"{with_entity}P1,,acne,2026-02-01,4000,0,false\n")
