"""The rows behind the gaps of the books: accounts, bank lines and vendors that a figure of accounting counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from executive_suite.conditions.rows import LEDGER, Cells, Rows, of_table
from executive_suite.metrics.accounting import chart, information_returns
from executive_suite.metrics.book.reconciliation import reconcile

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


def undefined_account(context: Context) -> Rows:
    """Accounts with postings that the chart does not define, with their lines and what was posted on them."""
    context.table(LEDGER, "account", "date", "amount_cents")
    found: dict[str, Cells] = {}
    for line in of_table(context, LEDGER).having("account", chart.audit(context).undefined):
        own = found.setdefault(
            line["account"], {"account": line["account"], "lines": 0, "posted_cents": 0, "last_on": line["date"]}
        )
        own["lines"] += 1
        own["posted_cents"] += abs(line["amount_cents"])
        own["last_on"] = max(own["last_on"], line["date"])
    return Rows(("account", "lines", "posted_cents", "last_on"), [found[account] for account in sorted(found)])


def wrong_side_account(context: Context) -> Rows:
    """Accounts of the chart whose balance is not on their side, with that balance (debits positive)."""
    balances = chart.audit(context).wrong_side
    charted = {row.account: row for row in context.rows("account", "account")}
    found = of_table(context, "account", [charted[account] for account in sorted(balances)])
    found = found.including({"balance_cents": lambda row: balances[row["account"]]})
    return found.including({"unsigned_cents": lambda row: abs(row["balance_cents"])})


def unreconciled_bank_line(context: Context) -> Rows:
    """Bank lines that no transaction of the same amount answers, oldest first."""
    rows = sorted(reconcile(context).bank, key=lambda row: (row.date, row.bank_line_id))
    found = of_table(context, "bank_line", rows)
    return found.including({"unsigned_cents": lambda row: abs(row["amount_cents"])})


def vendor_without_w9(context: Context) -> Rows:
    """Vendors paid at or above the reporting threshold in the year of the report, without a W-9 on file."""
    this = next(year for year in information_returns.years(context) if year.year == context.last_day.year)
    vendors = [row for row in context.rows("counterparty") if row.counterparty_id in this.without]
    found = of_table(context, "counterparty", sorted(vendors, key=lambda row: row.counterparty_id))
    return found.including(
        {"paid_cents": lambda row: this.without[row["counterparty_id"]], "year": lambda _: str(this.year)}
    )
