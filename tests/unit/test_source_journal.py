"""Plain-text journals: what beancount and hledger keep becomes the ledger, to the cent."""

from __future__ import annotations

import json
import textwrap
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from beancount import loader
from beancount.core import data, inventory

from csv_tables import folder
from executive_suite.config import ConfigError
from executive_suite.dataset import snapshot
from executive_suite.schema.quality import QualityError
from executive_suite.sources import hledger_journal, reading
from executive_suite.sources.config import Sources

MAY = date(2026, 5, 1)
ZONE = ZoneInfo("America/Los_Angeles")

BEANCOUNT = """
option "operating_currency" "USD"
1990-01-01 open Assets:Acme:Checking USD
1990-01-01 open Assets:Acme:Shares
1990-01-01 open Liabilities:Acme:Card
1990-01-01 open Equity:Acme:Capital
1990-01-01 open Income:Acme:Charters
1990-01-01 open Expenses:Acme:Fuel
  function: "cogs"
  cost_behaviour: "variable"

2026-01-02 * "Owner" "capital"
  Assets:Acme:Checking   10,000.00 USD
  Equity:Acme:Capital

2026-01-05 * "half day"
  contract_id: "B1"
  Assets:Acme:Checking    2,000.00 USD
  Income:Acme:Charters   -2,000.00 USD

2026-01-05 * "fuel"
  Expenses:Acme:Fuel        120.55 USD
    project_id: "P1"
  Liabilities:Acme:Card

2026-02-01 * "shares, at cost"
  Assets:Acme:Shares        10 XYZ {12.34 USD}
  Assets:Acme:Checking
"""


def sources(*extra: dict[str, object], **fields: object) -> Sources:
    journal = {
        "name": "acme",
        "kind": "journal",
        "program": "beancount",
        "location": "acme.beancount",
        "entity_id": "acme",
        "cash": ["Assets:Acme:Checking"],
        "activity": {"Equity:Acme:Capital": "financing", "Assets:Acme:Shares": "investing"},
        **fields,
    }
    return Sources.model_validate({"sources": [journal, *extra]})


def read(path: Path, text: str = BEANCOUNT, *extra: dict[str, object], **fields: object) -> snapshot.Typed:
    (path / "acme.beancount").write_text(text)
    given = sources(*extra, **fields)
    return snapshot.read(reading.read(given.model_copy(update={"folder": path})))


def test_a_beancount_journal_becomes_the_ledger(tmp_path: Path) -> None:
    given = read(tmp_path)
    assert not given.faults
    rows = given.frames["ledger"][
        ["txn_id", "date", "account", "amount_cents", "activity", "contract_id", "project_id"]
    ]
    assert [
        (row[0], str(row[1].date()), *row[2:5], *("" if cell is None or cell != cell else cell for cell in row[5:]))  # noqa: PLR0124 - NaN
        for row in rows.itertuples(index=False)
    ] == [
        ("acme-2026-01-02-0001", "2026-01-02", "Assets:Acme:Checking", 1_000_000, "financing", "", ""),
        ("acme-2026-01-02-0001", "2026-01-02", "Equity:Acme:Capital", -1_000_000, "financing", "", ""),
        ("acme-2026-01-05-0001", "2026-01-05", "Assets:Acme:Checking", 200_000, "operating", "B1", ""),
        ("acme-2026-01-05-0001", "2026-01-05", "Income:Acme:Charters", -200_000, "operating", "B1", ""),
        ("acme-2026-01-05-0002", "2026-01-05", "Expenses:Acme:Fuel", 12_055, "operating", "", "P1"),
        ("acme-2026-01-05-0002", "2026-01-05", "Liabilities:Acme:Card", -12_055, "operating", "", ""),
        ("acme-2026-02-01-0001", "2026-02-01", "Assets:Acme:Shares", 12_340, "investing", "", ""),
        ("acme-2026-02-01-0001", "2026-02-01", "Assets:Acme:Checking", -12_340, "investing", "", ""),
    ]
    accounts = given.frames["account"].set_index("account")
    assert dict(accounts["type"]) == {
        "Assets:Acme:Checking": "asset",
        "Assets:Acme:Shares": "asset",
        "Equity:Acme:Capital": "equity",
        "Expenses:Acme:Fuel": "expense",
        "Income:Acme:Charters": "revenue",
        "Liabilities:Acme:Card": "liability",
    }
    assert list(accounts.index[accounts["is_cash"]]) == ["Assets:Acme:Checking"]
    assert tuple(accounts.loc["Expenses:Acme:Fuel", ["function", "cost_behaviour"]]) == ("cogs", "variable")
    assert snapshot.build(given, MAY, ZONE).coverage == {"account": 6, "ledger": 8}


def test_balances_are_those_that_beancount_computes(tmp_path: Path) -> None:
    """The other program's own realisation of the same journal, account by account."""
    entries, errors, _ = loader.load_string(textwrap.dedent(BEANCOUNT))
    assert not errors
    expected: dict[str, inventory.Inventory] = {}
    for entry in entries:
        for posting in entry.postings if isinstance(entry, data.Transaction) else ():
            expected.setdefault(posting.account, inventory.Inventory()).add_position(posting)
    ledger = read(tmp_path).frames["ledger"]
    found = ledger.groupby("account")["amount_cents"].sum()
    for account, positions in expected.items():
        cost = sum(
            (position.units.number * (position.cost.number if position.cost else 1) for position in positions),
            Decimal(0),
        )
        assert found[account] == cost * 100


def test_what_beancount_refuses_is_told_with_its_line(tmp_path: Path) -> None:
    given = read(tmp_path, BEANCOUNT.replace("-2,000.00 USD", "-1,999.99 USD"))
    assert [(fault.file, fault.row) for fault in given.faults] == [("acme.beancount", 16)]
    assert "does not balance" in given.faults[0].rule


def test_fractions_of_a_cent_are_told(tmp_path: Path) -> None:
    given = read(tmp_path, BEANCOUNT.replace("12.34 USD}", "12.345 USD}").replace("10 XYZ", "1 XYZ"))
    assert {fault.rule for fault in given.faults} == {"must be an amount with at most two decimals"}


def test_entities_may_stand_in_account_names(tmp_path: Path) -> None:
    given = read(tmp_path, entity_id="", entity_component=1)
    assert set(given.frames["ledger"]["entity_id"]) == {"acme"}


def test_several_journals_make_one_ledger(tmp_path: Path) -> None:
    (tmp_path / "beta.beancount").write_text(BEANCOUNT)
    folder(tmp_path / "files", system="system_id\nS1\n")
    other = {
        "name": "beta",
        "kind": "journal",
        "program": "beancount",
        "location": "beta.beancount",
        "entity_id": "beta",
    }
    files = {"name": "files", "kind": "folder", "location": "files"}
    given = read(tmp_path, BEANCOUNT, other, files)
    assert not given.faults
    assert given.frames["ledger"].groupby("entity_id").size().to_dict() == {"acme": 8, "beta": 8}
    assert (len(given.frames["account"]), len(given.frames["system"])) == (6, 1)


def test_a_foreign_commodity_needs_a_rate(tmp_path: Path) -> None:
    text = BEANCOUNT.replace("120.55 USD", "120.55 EUR")
    with pytest.raises(QualityError, match="base_currency"):
        snapshot.build(read(tmp_path, text), MAY, ZONE)


# `hledger print --explicit --cost --output-format=json` of hledger 1.25 for
#
#   2026-01-05 * (41) Charter | half day  ; contract_id: B1
#       assets:acme:checking   $2,000.00
#       income:acme:charters
#
# without the fields that are not read
PRINTED = json.loads("""
[{"tdate": "2026-01-05", "tdescription": "Charter | half day", "ttags": [["contract_id", "B1"]],
  "tsourcepos": [{"sourceLine": 3, "sourceName": "a.journal"}, {"sourceLine": 6, "sourceName": "a.journal"}],
  "tpostings": [
    {"paccount": "assets:acme:checking", "ptags": [["type", "C"]],
     "pamount": [{"acommodity": "$", "aquantity": {"decimalMantissa": 200000, "decimalPlaces": 2}}]},
    {"paccount": "income:acme:charters", "ptags": [],
     "pamount": [{"acommodity": "$", "aquantity": {"decimalMantissa": -200000, "decimalPlaces": 2}}]}
  ]}]
""")


def test_the_export_of_hledger_is_read_exactly() -> None:
    transaction = hledger_journal.transaction(PRINTED[0], "a.journal")
    assert (transaction.day, transaction.memo, transaction.tags) == (
        date(2026, 1, 5),
        "Charter | half day",
        {"contract_id": "B1"},
    )
    assert [(p.account, p.amount, p.currency, p.row) for p in transaction.postings] == [
        ("assets:acme:checking", Decimal("2000.00"), "USD", 4),
        ("income:acme:charters", Decimal("-2000.00"), "USD", 5),
    ]


@pytest.mark.parametrize(
    ("line", "account"),
    # `hledger accounts --types`: C is cash, X expense, R revenue (hledger manual, "Account types")
    [
        ("assets:acme:checking    ; type: C", ("assets:acme:checking", ("asset", True))),
        ("expenses:acme:fuel      ; type: X", ("expenses:acme:fuel", ("expense", False))),
        ("income:acme:charters    ; type: R", ("income:acme:charters", ("revenue", False))),
        ("mystery", ("mystery", None)),
    ],
)
def test_account_types_of_hledger(line: str, account: tuple[str, tuple[str, bool] | None]) -> None:
    assert hledger_journal.account(line) == account


def test_a_program_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="hledger is not installed"):
        read(tmp_path, program="hledger")


def test_a_journal_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.beancount"):
        read(tmp_path, location="nowhere.beancount")
